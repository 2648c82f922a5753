#!/usr/bin/env bash
# packages.sh: as root on Debian, installs what the image's and the node's tests need beyond what everything else does;
# elsewhere nothing happens, and those tests say what they lack. Never takes anything away: who has another vendor's
# containerd keeps it.
set -euo pipefail

((EUID == 0)) && command -v apt-get >/dev/null || exit 0
missing=()
for each in buildah:buildah debootstrap:debootstrap containerd:containerd runc:runc ip:iproute2 nft:nftables \
  dnsmasq:dnsmasq-base readelf:binutils /usr/lib/cni/bridge:containernetworking-plugins; do
  command -v "${each%:*}" >/dev/null || missing+=("${each#*:}")
done
((${#missing[@]})) || exit 0
echo "dev: installing for the tests of image and node: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update >&2
apt-get install -y -qq --no-install-recommends --no-remove -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null >/dev/null
