#!/usr/bin/env bash
# A real etcd, kube-apiserver and kube-controller-manager on loopback, ready in a few seconds.
#
#   control-plane.sh up DIR [--watch PID]         start, wait until ready, leave it running; ends by itself when the
#                                                 process PID does (default: whoever called)
#   control-plane.sh down DIR                     end it; its logs stay
#   control-plane.sh kubeconfig DIR USER [GROUP]… a kubeconfig for that RBAC user, on stdout (client certificate)
#
# DIR holds admin.kubeconfig, bin (link to the binaries), audit.log (metadata of each request), etcd.url, *.log, pki/.
# The servers are children of one supervisor: when it goes, whatever the reason, the kernel ends them.
set -euo pipefail

testbed=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$testbed/control-plane.sh
# shellcheck source=tests/testbed/supervisor.sh
source "$testbed/supervisor.sh"
# Only what the tests rely on; the rest would idle at best.
controllers=garbage-collector-controller,namespace-controller,serviceaccount-controller
controllers+=,root-ca-certificate-publisher-controller
ready_seconds=60

usage() { sed -n '4,8s/^# *//p' "${BASH_SOURCE[0]}" >&2; }
die() { echo "control plane: $*" >&2 && exit 1; }

# Below the ephemeral ports, so that no outgoing connection takes it meanwhile; a lost race is retried by `up`.
free_port() {
  local port
  for port in $(shuf -i 20000-31999 -n 50); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
  die "no free port between 20000 and 31999"
}

server() { # NAME ARGUMENTS…: a child that the kernel kills with us
  local name=$1
  shift
  setpriv --pdeathsig KILL "$dir/bin/$name" "$@" </dev/null >>"$dir/$name.log" 2>&1 &
  pids+=($!)
}

start_servers() {
  local etcd_port peer_port port
  etcd_port=$(free_port) peer_port=$(free_port) port=$(free_port)
  echo "http://127.0.0.1:$etcd_port" >"$dir/etcd.url"
  write_kubeconfig admin "$port" >"$dir/admin.kubeconfig"
  write_kubeconfig controller-manager "$port" >"$dir/pki/controller-manager.kubeconfig"
  server etcd --data-dir "$dir/etcd" --listen-client-urls "http://127.0.0.1:$etcd_port" \
    --advertise-client-urls "http://127.0.0.1:$etcd_port" --listen-peer-urls "http://127.0.0.1:$peer_port" \
    --unsafe-no-fsync --log-level warn
  server kube-apiserver --etcd-servers "http://127.0.0.1:$etcd_port" --bind-address 127.0.0.1 --secure-port "$port" \
    --advertise-address 127.0.0.1 --endpoint-reconciler-type none \
    --cert-dir "$dir/pki" --tls-cert-file "$dir/pki/apiserver.crt" --tls-private-key-file "$dir/pki/apiserver.key" \
    --client-ca-file "$dir/pki/ca.crt" --service-cluster-ip-range 10.0.0.0/24 --authorization-mode RBAC \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$dir/pki/sa.pub" \
    --service-account-signing-key-file "$dir/pki/sa.key" --allow-privileged=true --profiling=false \
    --audit-policy-file "$testbed/audit-policy.yaml" --audit-log-path "$dir/audit.log" --audit-log-maxsize 1000
  # It waits for the apiserver by itself.
  server kube-controller-manager --kubeconfig "$dir/pki/controller-manager.kubeconfig" --bind-address 127.0.0.1 \
    --secure-port 0 --service-account-private-key-file "$dir/pki/sa.key" --root-ca-file "$dir/pki/ca.crt" \
    --use-service-account-credentials=true --leader-elect=false --controllers "$controllers" --profiling=false
}

# Runs in the background, detached from whoever called `up`.
supervise() { # WATCHED-PID
  local watched=$1 pids=()
  trap 'stop_servers; exit 0' TERM INT
  start_servers
  setpriv --pdeathsig KILL tail --pid="$watched" -f /dev/null &
  pids+=($!)
  wait -n "${pids[@]}" || true
  stop_servers
}

stop_servers() {
  trap '' TERM INT
  # No data is to be kept: nothing to wait for but the processes themselves.
  kill -KILL "${pids[@]}" 2>/dev/null || true
  wait "${pids[@]}" 2>/dev/null || true
  rm -rf "$dir/etcd"
  forget_supervisor
}

kubectl() { "$dir/bin/kubectl" --kubeconfig "$dir/admin.kubeconfig" "$@"; }

ready() {
  kubectl get --raw /readyz >/dev/null 2>&1 &&
    kubectl -n default get serviceaccount default >/dev/null 2>&1
}

start_once() { # WATCHED-PID
  local deadline=$((SECONDS + ready_seconds))
  launch_supervisor "$1" "$dir/supervisor.log"
  until ready; do
    running || return 1
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

up() { # WATCHED-PID
  local attempt started=$EPOCHREALTIME bin
  ! running || die "$dir is in use: end that one first ($0 down $dir)"
  bin=${PLATFORMER_TESTBED_BIN:-$("$testbed/build.sh")}
  rm -rf "$dir"
  mkdir -p "$dir"
  ln -s "$bin" "$dir/bin"
  new_ca
  sign admin /O=system:masters/CN=admin
  sign controller-manager /CN=system:kube-controller-manager
  sign apiserver /CN=kube-apiserver "IP:127.0.0.1,DNS:localhost,IP:10.0.0.1,DNS:kubernetes.default.svc"
  for attempt in 1 2 3; do
    if start_once "$1"; then
      awk -v a="$started" -v b="$EPOCHREALTIME" -v f="$dir/admin.kubeconfig" \
        'BEGIN { printf "control plane: ready after %.1f s, KUBECONFIG=%s\n", b - a, f }'
      return
    fi
    down
    grep -qs 'address already in use' "$dir"/*.log || break
    echo "control plane: a port was taken meanwhile, attempt $attempt of 3" >&2
    : >"$dir/etcd.log"
    : >"$dir/kube-apiserver.log"
  done
  tail -n 5 "$dir"/*.log >&2
  die "not ready; the logs are in $dir"
}

down() { end_supervisor 10; }

user_kubeconfig() { # USER [GROUP]…
  local user=$1 port subject="" group
  shift
  [[ $user =~ ^[a-z0-9.:-]+$ ]] || die "a user's name has only a-z, 0-9, '.', ':' and '-'; got $user"
  for group in "$@"; do subject+=/O=$group; done
  port=$(sed -n 's|.*server: https://127.0.0.1:||p' "$dir/admin.kubeconfig")
  [[ -r $dir/pki/$user.crt ]] || sign "$user" "$subject/CN=$user"
  write_kubeconfig "$user" "$port"
}

(($# >= 2)) || { usage && exit 2; }
command=$1
[[ $command == up ]] && mkdir -p "$2"
dir=$(cd "$2" 2>/dev/null && pwd) || {
  [[ $command == down ]] && exit 0
  die "$2: no such folder"
}
shift 2
umask 077
# shellcheck source=tests/testbed/pki.sh
source "$testbed/pki.sh"
case $command in
up)
  [[ ${1:-} == --watch ]] && watched=$2
  up "${watched:-$PPID}"
  ;;
down) down ;;
supervise) supervise "$1" ;;
kubeconfig)
  (($# >= 1)) || { usage && exit 2; }
  user_kubeconfig "$@"
  ;;
*) usage && exit 2 ;;
esac
