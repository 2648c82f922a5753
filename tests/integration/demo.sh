#!/usr/bin/env bash
# demo.sh demo|up [--context NAME]: called by ./dev, which has built everything before.
#
# demo  walks one ServiceAccount from `kubectl apply` to a working token, a renewal and its deletion, against a real
#       kube-apiserver and the Console emulator, with the real operator under its least RBAC. No token is printed.
# up    does the same up to the first token, then stays until Ctrl-C.
# With --context it uses that cluster of your kubeconfig; the emulator and the operator run on this machine all the
# same, and the operator watches the demo's namespace only.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${PLATFORMER_BIN:-$root/build/dev/bin}
testbed=$root/tests/testbed
namespace=team-a
patience=20s
steps_of_demo=10

usage() { echo "usage: ./dev demo|up [--context NAME]" >&2 && exit 2; }
mode=${1:-} context=''
[[ $mode == demo || $mode == up ]] || usage
shift
while (($#)); do
  case $1 in
  --context) context=${2:?"--context needs the name of a context of your kubeconfig"} && shift ;;
  --context=*) context=${1#*=} ;;
  *) usage ;;
  esac
  shift
done
work=$root/build/$mode
umask 077

# ---- telling ------------------------------------------------------------------------------------------------------
bold='' faint='' plain=''
[[ -t 1 ]] && bold=$'\e[1m' faint=$'\e[2m' plain=$'\e[0m'
started=$EPOCHREALTIME last=$EPOCHREALTIME step=0
seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }
told() { # TEXT: what has just been done, and how long it took
  step=$((step + 1))
  printf '%s[%2d/%d]%s %5s s  %s\n' "$bold" "$step" "$steps_of_demo" "$plain" "$(seconds_since "$last")" "$1"
  last=$EPOCHREALTIME
}
show() { sed "s/^/          $faint/; s/\$/$plain/"; }
fail() {
  echo "$mode: $*" >&2
  echo "$mode: the logs are in $work" >&2
  exit 1
}

# ---- the surroundings ---------------------------------------------------------------------------------------------
pids=()
# In a cluster that isn't ours, what was there before is neither changed nor removed: each turns true just before we
# make the thing, and the clean-up takes away nothing else.
namespace_is_ours=false crds_are_ours=false role_is_ours=false
cleanup() {
  local rc=$?
  trap '' INT TERM
  if [[ -n $context ]]; then
    # The namespace first, while the operator is still there to let go of the accounts.
    ! $namespace_is_ours || kubectl delete namespace "$namespace" --ignore-not-found >/dev/null 2>&1 || true
    ! $crds_are_ours || kubectl delete -f "$root/crds" --ignore-not-found >/dev/null 2>&1 || true
    ! $role_is_ours || kubectl delete -f "$root/samples/rbac.yaml" --ignore-not-found >/dev/null 2>&1 || true
  fi
  ((${#pids[@]} == 0)) || kill "${pids[@]}" 2>/dev/null || true
  wait "${pids[@]}" 2>/dev/null || true
  [[ -n $context ]] || "$testbed/control-plane.sh" down "$work/control-plane" || true
  exit "$rc"
}

kubectl() { "$kubectl" --kubeconfig "$work/kubeconfig" "$@"; }
in_namespace() { kubectl -n "$namespace" "$@"; }

exists() { # KIND NAME: an answer that we don't get is no answer
  local found
  found=$(kubectl get "$@" --ignore-not-found -o name) || fail "could not look for $*"
  [[ -n $found ]]
}

start_cluster() {
  if [[ -z $context ]]; then
    "$testbed/control-plane.sh" up "$work/control-plane" --watch $$ >/dev/null || fail "the control plane did not start"
    kubectl=$work/control-plane/bin/kubectl
    cp "$work/control-plane/admin.kubeconfig" "$work/kubeconfig"
    told "a real etcd, kube-apiserver $(kubectl version -o json | field gitVersion | tail -n 1) and kube-controller-manager run"
  else
    kubectl=$("$testbed/build.sh")/kubectl
    "$kubectl" --context "$context" config view --raw --minify --flatten >"$work/kubeconfig" ||
      fail "there is no context '$context' in your kubeconfig"
    kubectl get --raw /readyz >/dev/null || fail "the cluster of context '$context' does not answer"
    ! exists namespace "$namespace" ||
      fail "namespace $namespace exists in that cluster already, and the $mode needs it for itself; nothing was changed"
    told "the cluster of context '$context' answers"
  fi
}

field() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; } # of JSON that has one field a line

background() { # LOG COMMAND…: a child that ends with us
  local log=$1
  shift
  setpriv --pdeathsig TERM "$@" >"$log" 2>&1 </dev/null &
  pids+=($!)
}

line_of() { # LOG SED-EXPRESSION: what it prints, as soon as it prints something
  local found deadline=$((SECONDS + 10))
  until found=$(sed -n "$2" "$1" 2>/dev/null) && [[ -n $found ]]; do
    kill -0 "${pids[-1]}" 2>/dev/null || fail "it ended: $(tail -n 3 "$1")"
    ((SECONDS < deadline)) || fail "nothing to be seen in $1"
    sleep 0.05
  done
  echo "${found%%$'\n'*}"
}

start_console() {
  background "$work/console.log" "$bin/platformer-console-emulator" --listen 127.0.0.1:0 --admin 127.0.0.1:0 \
    --credential-file "$work/console-credential"
  # Its last line; the others are there, too.
  line_of "$work/console.log" 's/^credential_file=//p' >/dev/null
  gateway=$(line_of "$work/console.log" 's/^gateway=//p')
  admin=$(line_of "$work/console.log" 's/^admin=//p')
  organization=$(line_of "$work/console.log" 's/^organization=//p')
  told "the Console emulator serves organization '$organization' at $gateway"
}

http() { # ADDRESS METHOD PATH, body on standard input: the reply. No program's arguments ever hold a token.
  local address=${1#*://} body fd
  body=$(cat)
  exec {fd}<>"/dev/tcp/${address%:*}/${address##*:}"
  printf '%s %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$2" "$3" "$address" "${#body}" "$body" >&"$fd"
  cat <&"$fd"
  exec {fd}>&-
}

install() {
  if ! exists crd serviceaccounts.console.platformer.com && ! exists crd consoleconnections.console.platformer.com; then
    crds_are_ours=true
    kubectl apply --server-side -f "$root/crds" >/dev/null
  fi
  if ! exists namespace platformer-system && ! exists clusterrole platformer-operator &&
    ! exists clusterrolebinding platformer-operator; then
    role_is_ours=true
    kubectl apply -f "$root/samples/rbac.yaml" >/dev/null
  fi
  kubectl wait --for=condition=Established --timeout="$patience" -f "$root/crds" >/dev/null
  # The operator's own identity: nothing but a token of the sample's ServiceAccount.
  kubectl -n platformer-system create token platformer-operator --duration=24h |
    /usr/bin/python3 -c '
import json, subprocess, sys
config = json.loads(subprocess.run(sys.argv[1:], check=True, capture_output=True).stdout)
config["users"] = [{"name": "operator", "user": {"token": sys.stdin.read().strip()}}]
for context in config["contexts"]:
    context["context"]["user"] = "operator"
json.dump(config, sys.stdout)' "$kubectl" --kubeconfig "$work/kubeconfig" config view --raw --minify --flatten -o json \
      >"$work/operator.kubeconfig"
  told "the CRDs and the operator's role are installed: $(grep -c '^- apiGroups:' "$root/samples/rbac.yaml") rules, no wildcard"
}

start_operator() {
  local scope=()
  [[ -z $context ]] || scope=(--watch-namespace "$namespace")
  background "$work/operator.log" "$bin/platformer-operator" --kubeconfig "$work/operator.kubeconfig" \
    --bind-address 127.0.0.1:0 "${scope[@]}"
  local address deadline=$((SECONDS + 10))
  address=$(line_of "$work/operator.log" '/metrics/s/.*\(127\.0\.0\.1:[0-9]*\).*/\1/p')
  until http "$address" GET /readyz </dev/null | grep -q '^HTTP/1.. 200'; do
    ((SECONDS < deadline)) || fail "the operator is not ready: $(http "$address" GET /readyz </dev/null | tail -n 3)"
    sleep 0.05
  done
  told "the operator $("$bin/platformer-operator" --version | awk '{ print $NF; exit }') is ready ($address: /readyz, /metrics)"
}

apply_sample() {
  kubectl create namespace "$namespace" >/dev/null
  namespace_is_ours=true
  in_namespace create secret generic console-credentials --from-file=token="$work/console-credential" >/dev/null
  sed -e "s|https://api.platformer.com|$gateway|" -e 's/allowInsecureHTTP: false/allowInsecureHTTP: true/' \
    -e "s/organization: acme/organization: $organization/" "$root/samples/quickstart.yaml" >"$work/quickstart.yaml"
  in_namespace apply -f "$work/quickstart.yaml" >/dev/null
  told "kubectl apply -f samples/quickstart.yaml"
  in_namespace wait --for=condition=Ready --timeout="$patience" psa/ci-bot >/dev/null ||
    fail "psa/ci-bot is not Ready: $(in_namespace get psa ci-bot -o jsonpath='{.status.conditions}')"
  told "kubectl wait --for=condition=Ready psa/ci-bot: the account exists, its token is in Secret ci-bot-token"
  in_namespace get psa ci-bot | show
}

# ---- what the demo proves -----------------------------------------------------------------------------------------
token() { in_namespace get secret ci-bot-token -o go-template='{{.data.token | base64decode}}'; }
fingerprint() { printf %s "$1" | sha256sum | cut -c1-12; }
expect() { # TOKEN true|false: does the Console take it?
  local reply
  reply=$(printf '{"token":"%s"}' "$1" | http "$admin" POST /verify)
  [[ $reply == *"\"live\":$2"* ]] || fail "the Console was to say live: $2 of token sha256:$(fingerprint "$1")"
}

demonstrate() {
  local old new value
  old=$(token)
  expect "$old" true
  told "the token in the Secret authenticates at the Console (sha256:$(fingerprint "$old"))"
  value=$(date -u +%FT%TZ)
  in_namespace annotate psa/ci-bot "console.platformer.com/renew=$value" >/dev/null
  in_namespace wait --for="jsonpath={.status.lastHandledRenew}=$value" --timeout="$patience" psa/ci-bot >/dev/null ||
    fail "the renewal did not happen"
  told "kubectl annotate psa/ci-bot console.platformer.com/renew=$value: renewed"
  new=$(token)
  [[ $new != "$old" ]] || fail "the Secret still holds the old token"
  expect "$old" false
  expect "$new" true
  told "the old token is dead, the new one authenticates (sha256:$(fingerprint "$new"))"
  in_namespace delete psa/ci-bot --timeout="$patience" >/dev/null || fail "the ServiceAccount does not go"
  [[ $(http "$admin" GET /accounts </dev/null) != *'"name":"ci-bot"'* ]] || fail "the account is still at the Console"
  told "kubectl delete psa/ci-bot: the Console has no such account any more"
}

stay() {
  cat <<TEXT

Everything runs. In another terminal:
  export KUBECONFIG=$work/kubeconfig PATH=$(dirname "$(readlink -f "$kubectl")"):\$PATH
  kubectl -n $namespace get psa
  kubectl -n $namespace annotate psa/ci-bot --overwrite console.platformer.com/renew="\$(date)"
The Console emulator: $gateway, its admin API: $admin/accounts. Logs: $work/*.log
Ctrl-C ends it all.
TEXT
  trap 'exit 0' INT TERM
  # Ends, too, when one of the programs does.
  wait -n "${pids[@]}" || true
  fail "a program ended: $(tail -qn 2 "$work/operator.log" "$work/console.log")"
}

rm -rf "$work/operator.log" "$work/console.log" "$work/console-credential"
mkdir -p "$work"
export KUBECACHEDIR=$work/kubectl-cache
trap cleanup EXIT
[[ $mode == demo ]] || steps_of_demo=6

start_cluster
start_console
install
start_operator
apply_sample
[[ $mode == demo ]] || stay
demonstrate
echo
echo "${bold}Done in $(seconds_since "$started") s.${plain} One account made, one token renewed, both gone; no token was printed."
