# Sourced by node.sh: what the node takes of the machine and gives back: cgroups, a network link, two folders.
# shellcheck shell=bash disable=SC2154 # dir and cgroup are node.sh's
: "${skipped:?}"

needs() {
  local lacking=() tool
  ((EUID == 0)) || lacking+=("root")
  for tool in containerd ctr runc:runc ip:iproute2 nft:nftables dnsmasq:dnsmasq-base unshare:util-linux openssl; do
    command -v "${tool%:*}" >/dev/null || lacking+=("${tool%:*} (Debian: ${tool#*:})")
  done
  [[ -x /usr/lib/cni/bridge ]] || lacking+=("/usr/lib/cni/bridge (Debian: containernetworking-plugins)")
  if ((EUID == 0)); then
    unshare --mount --net --pid --fork true 2>/dev/null || lacking+=("the right to make namespaces (CAP_SYS_ADMIN)")
    { mkdir "$(cgroup_mounts | head -n 1)/platformer-probe" && rmdir "$(cgroup_mounts | head -n 1)/platformer-probe"; } 2>/dev/null ||
      lacking+=("cgroups that can be written (/sys/fs/cgroup)")
  fi
  ((${#lacking[@]})) || return 0
  printf '%s\n' "${lacking[@]}"
  return "$skipped"
}

# Where version 1 has its hierarchies, or version 2 its only one. `all`: beside those of version 1 there may be one of
# version 2, in which runc leaves something.
cgroup_mounts() { # [all]
  local types="^cgroup$"
  [[ ${1:-} != all && $(stat -f -c %T /sys/fs/cgroup) != cgroup2fs ]] || types="^cgroup2?$"
  awk -v types="$types" '$3 ~ types { print $2 }' /proc/mounts
}

make_cgroups() {
  local mount file each
  while read -r mount; do
    if [[ -e $mount/cgroup.subtree_control ]]; then
      for each in $(<"$mount/cgroup.controllers"); do echo "+$each" >"$mount/cgroup.subtree_control" || true; done
    fi
    mkdir "$mount/$cgroup"
    for file in cpuset.cpus cpuset.mems; do
      # Of version 1: a new one has no processors until it is told.
      [[ ! -e $mount/$file || -e $mount/cgroup.subtree_control ]] || cat "$mount/$file" >"$mount/$cgroup/$file"
    done
  done < <(cgroup_mounts)
}

remove_cgroups() {
  local mount deadline=$((SECONDS + 10))
  while read -r mount; do
    while [[ -d $mount/$cgroup ]] && ((SECONDS < deadline)); do
      find "$mount/$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.05
    done
  done < <(cgroup_mounts all)
}

# A pair of interfaces between machine and node; whoever makes that of a number has the number's network.
make_link() { # sets: number, link, address
  for number in $(shuf -i 1-250 -n 250); do
    link=pfnode$number address=10.233.$number.2
    [[ -z $(ip -4 route show "10.233.$number.0/30") ]] || continue
    ip link add "$link" type veth peer name "pfpeer$number" 2>/dev/null && return
  done
  die "no free network in 10.233.0.0/16"
}

connect_link() { # INIT-PID
  ip addr add "10.233.$number.1/30" dev "$link"
  ip link set "$link" up
  ip link set "pfpeer$number" netns "$1" name eth0
  inside ip addr add "$address/30" dev eth0
  inside ip link set eth0 up
  inside ip route add default via "10.233.$number.1"
}

# Where kubelet and CNI plugins keep their state whatever they are told; node-init.sh covers them with folders of DIR.
state_folders=(/var/lib/kubelet /var/lib/cni)
make_state_folders() {
  local folder
  for folder in "${state_folders[@]}"; do
    [[ -d $folder ]] || { mkdir "$folder" && echo "$folder" >>"$dir/made"; }
    mkdir -p "$dir/state$folder"
  done
}
remove_state_folders() { # Not while another node has something on them.
  local folder
  [[ -r $dir/made ]] && ! ip -br link | grep -q '^pfnode' || return 0
  while read -r folder; do [[ ! -d $folder ]] || rmdir "$folder" || true; done <"$dir/made"
}
