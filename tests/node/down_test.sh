#!/usr/bin/env bash
# down_test.sh DIR: the node ends, and nothing of it is left: no process, mount, interface, cgroup, nor a folder.
set -euo pipefail
testbed=$(cd "$(dirname "${BASH_SOURCE[0]}")/../testbed" && pwd)
dir=$1
[[ -r $dir/cgroup ]] || exit 77 # none was started
cgroup=$(<"$dir/cgroup")
started=$EPOCHREALTIME
"$testbed/node.sh" down "$dir"
awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "node taken down in %.1f s\n", b - a }'

left=()
note() { [[ -z $2 ]] || left+=("$1: $2"); }
note processes "$(pgrep -af -- "$dir/(bin|node-bin)/|$dir/containerd.toml|node-init.sh $dir" || true)"
note mounts "$(awk -v dir="$dir/" 'index($2, dir) == 1 { print $2 }' /proc/mounts)"
note interfaces "$(ip -br link | grep "pfnode${cgroup#platformer-node}@" || true)"
note cgroups "$(find /sys/fs/cgroup -maxdepth 2 -type d -name "$cgroup")"
while read -r folder; do [[ ! -e $folder ]] || left+=("folder $folder"); done < <(cat "$dir/made" 2>/dev/null)
((${#left[@]} == 0)) || { printf 'LEFT %s\n' "${left[@]}" >&2 && exit 1; }
