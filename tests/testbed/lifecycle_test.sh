#!/usr/bin/env bash
# lifecycle_test.sh DIR: the control plane ends with the process it watches, with its supervisor, and by `down`; `up`
# returns to a caller that reads its pipe to the end.
set -euo pipefail

control_plane=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/control-plane.sh
dir=$1
trap '"$control_plane" down "$dir"' EXIT

fail() { echo "FAILED: $*" >&2 && exit 1; }
servers() { pgrep -f -- "$dir/bin/(etcd|kube-)|control-plane.sh supervise $dir " || true; }
gone() { # within 10 s
  local deadline=$((SECONDS + 10))
  until [[ -z $(servers) ]]; do
    ((SECONDS < deadline)) || fail "still there after $1: $(servers)"
    sleep 0.1
  done
  echo "gone after $1"
}

sleep 600 &
watched=$!
output=$("$control_plane" up "$dir" --watch "$watched")
[[ $output == *"KUBECONFIG=$dir/admin.kubeconfig"* ]] || fail "up said: $output"
(($(servers | wc -l) == 4)) || fail "not three servers and their supervisor: $(servers)"
"$control_plane" up "$dir" --watch "$watched" 2>/dev/null && fail "a second one in the same folder"
kill "$watched"
gone "the end of the watched process"

"$control_plane" up "$dir" --watch $$ >/dev/null
kill -KILL "$(<"$dir/supervisor.pid")"
gone "the loss of its supervisor"

"$control_plane" up "$dir" --watch $$ >/dev/null
"$control_plane" down "$dir"
gone "down"
"$control_plane" down "$dir" # once more does no harm
