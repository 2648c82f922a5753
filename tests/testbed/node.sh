#!/usr/bin/env bash
# A real Kubernetes of one node: the control plane with its scheduler, kubelet, kube-proxy, containerd, and DNS for
# Services, in process, mount and network namespaces of their own. Nothing of it is left when it ends.
#
#   node.sh needs                     what this machine lacks for it, a line each; then with status 77
#   node.sh up DIR [--watch PID]      start, wait until ready, leave it running; ends by itself when the process PID
#                                     does (default: whoever called); status 77 where something is lacking
#   node.sh down DIR                  end it; its logs stay
#   node.sh load DIR ARCHIVE…         images for it; there is no registry
#   node.sh enter DIR COMMAND…        a command within the namespaces
#
# DIR holds admin.kubeconfig (of the cluster, reached over a link of its own), bin, address, log/, pki/.
set -euo pipefail

testbed=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$testbed/node.sh
# shellcheck source=tests/testbed/supervisor.sh
source "$testbed/supervisor.sh"
# shellcheck disable=SC2034 # read by what is sourced
node_name=node pod_network=10.244.0.0/24 service_network=10.0.0.0/24
socket=/run/containerd/containerd.sock
ready_seconds=120
readonly skipped=77

usage() { sed -n '5,11s/^# *//p' "${BASH_SOURCE[0]}" >&2; }
die() { echo "node: $*" >&2 && exit 1; }

# shellcheck source=tests/testbed/node-machine.sh
source "$testbed/node-machine.sh"

inside() { nsenter -t "$(<"$dir/init.pid")" -m -n -p -- "$@"; }

server() { # NAME COMMAND…: within the namespaces, ends with us
  local name=$1
  shift
  # With the usual mask, as containers' root folders are made by it.
  (umask 022 && exec setpriv --pdeathsig KILL nsenter -t "$(<"$dir/init.pid")" -m -n -p -- "$@") \
    </dev/null >>"$dir/log/$name.log" 2>&1 &
  pids+=($!)
}

sign_all() {
  new_ca
  sign admin /O=system:masters/CN=admin
  sign kubelet-client /O=system:masters/CN=apiserver-kubelet-client
  sign controller-manager /CN=system:kube-controller-manager
  sign scheduler /CN=system:kube-scheduler
  sign proxy /CN=system:kube-proxy
  sign kubelet "/O=system:nodes/CN=system:node:$node_name"
  sign kubelet-server "/CN=$node_name" "IP:$address,DNS:$node_name"
  sign apiserver /CN=kube-apiserver "IP:$address,IP:10.0.0.1,DNS:kubernetes.default.svc"
}

# shellcheck source=tests/testbed/node-servers.sh
source "$testbed/node-servers.sh"

# Runs in the background, detached from whoever called `up`.
supervise() { # WATCHED-PID
  local watched=$1 pids=() number link address cgroup namespaces
  trap 'tear_down; exit 0' TERM INT
  make_link
  cgroup=platformer-node$number
  echo "$cgroup" >"$dir/cgroup"
  remove_cgroups # of one that was killed
  make_cgroups
  make_state_folders
  setpriv --pdeathsig KILL unshare --mount --net --pid --fork --kill-child --propagation private \
    "$testbed/node-init.sh" "$dir" </dev/null >"$dir/log/init.log" 2>&1 &
  namespaces=$!
  pids+=("$namespaces")
  until [[ -e $dir/arranged ]]; do
    kill -0 "$namespaces" 2>/dev/null || { tear_down && exit 1; }
    sleep 0.02
  done
  tr -d ' ' <"/proc/$namespaces/task/$namespaces/children" >"$dir/init.pid"
  connect_link "$(<"$dir/init.pid")"
  start_servers
  setpriv --pdeathsig KILL tail --pid="$watched" -f /dev/null &
  pids+=($!)
  wait -n "${pids[@]}" || true
  tear_down
}

tear_down() {
  trap '' TERM INT
  # Process 1 takes along the others, the mounts and the network.
  kill -KILL "$(cat "$dir/init.pid" 2>/dev/null)" "${pids[@]}" 2>/dev/null || true
  wait "${pids[@]}" 2>/dev/null || true
  ip link delete "$link" 2>/dev/null || true
  remove_cgroups
  remove_state_folders
  rm -rf "$dir"/{etcd,containerd,state,opt,cni,dns,arranged,init.pid}
  forget_supervisor
}

kubectl() { "$dir/bin/kubectl" --kubeconfig "$dir/admin.kubeconfig" "$@" 2>/dev/null; }

up() { # WATCHED-PID
  local started=$EPOCHREALTIME deadline bin node_bin lacking
  ! running || die "$dir is in use: end that one first ($0 down $dir)"
  down
  rm -rf "$dir"
  lacking=$(needs) || {
    echo "node: not run, for want of: ${lacking//$'\n'/, }" >&2
    exit "$skipped"
  }
  bin=$("$testbed/build.sh") node_bin=$("$testbed/build.sh" node)
  mkdir -p "$dir/log"
  ln -s "$bin" "$dir/bin"
  ln -s "$node_bin" "$dir/node-bin"
  launch_supervisor "$1" "$dir/log/supervisor.log"
  deadline=$((SECONDS + ready_seconds))
  until kubectl wait --for=condition=Ready "node/$node_name" --timeout=1s >/dev/null &&
    kubectl -n default get serviceaccount default >/dev/null; do
    if ! running || ((SECONDS > deadline)); then
      tail -qn 5 "$dir"/log/*.log >&2
      down
      die "not ready; the logs are in $dir/log"
    fi
    sleep 0.1
  done
  awk -v a="$started" -v b="$EPOCHREALTIME" -v f="$dir/admin.kubeconfig" \
    'BEGIN { printf "node: ready after %.1f s, KUBECONFIG=%s\n", b - a, f }'
}

down() {
  end_supervisor 60
  # Of one that was killed, the kernel has ended all but this.
  [[ -r $dir/cgroup ]] || return 0
  cgroup=$(<"$dir/cgroup")
  remove_cgroups
  remove_state_folders
}

load() { # ARCHIVE…
  local archive
  for archive in "$@"; do
    inside ctr -a "$socket" -n k8s.io images import --snapshotter "$(<"$dir/snapshotter")" "$archive" >/dev/null
  done
}

(($# >= 1)) || { usage && exit 2; }
command=$1
shift
[[ $command != needs ]] || { needs && exit 0 || exit $?; }
(($# >= 1)) || { usage && exit 2; }
[[ $command == up ]] && mkdir -p "$1"
dir=$(cd "$1" 2>/dev/null && pwd) || {
  [[ $command == down ]] && exit 0
  die "$1: no such folder"
}
shift
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
load) load "$@" ;;
enter) inside "$@" ;;
*) usage && exit 2 ;;
esac
