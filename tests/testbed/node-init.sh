#!/usr/bin/env bash
# node-init.sh DIR: process 1 of a node's own process, mount and network namespaces (node.sh). It arranges what containerd
# and the kubelet find there, makes DIR/arranged, and reaps orphans. With its end the kernel ends all that runs in them.
set -euo pipefail
dir=$1

mount --make-rshared /
mount -t proc proc /proc
# What is kept here otherwise would outlive the node: sockets, pins of network namespaces, logs of containers.
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock "$dir/log/var"
mount --bind "$dir/log/var" /var/log
for folder in /var/lib/kubelet /var/lib/cni; do mount --bind "$dir/state$folder" "$folder"; done
# /sys of this network namespace, with the cgroups where they were.
mkdir /run/cgroup
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/cgroup /sys/fs/cgroup
mount --make-rprivate /run/cgroup
umount -R /run/cgroup

# The kubelet sets these for the whole machine. It finds files here that already say what it wants.
shadow() { # NAME VALUE
  local file=$dir/sysctl/${1//\//.}
  echo "$2" >"$file"
  mount --bind "$file" "/proc/sys/$1"
}
mkdir -p "$dir/sysctl"
shadow vm/overcommit_memory 1
shadow kernel/panic 10
shadow kernel/panic_on_oops 1
shadow kernel/keys/root_maxkeys 1000000
shadow kernel/keys/root_maxbytes 25000000

# These belong to the namespace.
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
[[ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ]] || echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables

trap 'exit 0' TERM
touch "$dir/arranged"
# A shell that waits reaps whatever it gets.
while :; do
  sleep 3600 &
  wait $! || true
done
