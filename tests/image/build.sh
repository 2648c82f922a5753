#!/usr/bin/env bash
# build.sh FOLDER: builds the images by `./dev image` and the unchanged Dockerfile, where no registry can be reached, and
# leaves in FOLDER: operator/ and emulator/ (root file systems), operator.json (configuration), layers (digests, a line a
# build: there are two of the operator's).
#
# The base image is made here: Debian by debootstrap, tagged as the Dockerfile names it. Storage and base are kept in the
# cache, so that a second run compiles only what has changed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/platformer-operator/image
folder=$1
mirror=http://deb.debian.org/debian
skipped=77

say() { echo "image: $*" >&2; }
((EUID == 0)) || { say "not run: building without a daemon needs root" && exit "$skipped"; }
for tool in buildah debootstrap; do
  command -v "$tool" >/dev/null || { say "not run: $tool is missing; on Debian: apt-get install buildah debootstrap" && exit "$skipped"; }
done

storage=(--root "$cache/storage" --runroot "$cache/run" --storage-driver vfs)
base=$(sed -n 's/^FROM \(.*\) AS toolchain$/\1/p' "$root/Dockerfile")
suite=${base##*:} suite=${suite%-slim}

make_base() {
  local made=$cache/base container
  buildah "${storage[@]}" inspect --type image "$base" >/dev/null 2>&1 && return
  say "making $base by debootstrap"
  rm -rf "$made"
  debootstrap --variant=minbase "$suite" "$made" "$mirror" >&2
  rm -rf "$made"/var/cache/apt/archives/*.deb "$made"/var/lib/apt/lists/*
  # In the layout of the published image.
  rm "$made/etc/apt/sources.list"
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "$mirror" "$suite $suite-updates" >"$made/etc/apt/sources.list.d/debian.sources"
  container=$(buildah "${storage[@]}" from scratch)
  buildah "${storage[@]}" add "$container" "$made" / >/dev/null
  buildah "${storage[@]}" commit --rm "$container" "$base" >/dev/null
  rm -rf "$made"
}

build() { # TARGET TAG [OPTION…]
  local target=$1 tag=$2
  shift 2
  IMAGE_BUILDER=buildah IMAGE_BUILDER_OPTIONS="${storage[*]}" \
    IMAGE_BUILD_OPTIONS="--isolation chroot --pull-never --build-arg JOBS=${JOBS:-} $*" \
    "$root/dev" image --target "$target" --tag "$tag" >"$folder/$tag.log" 2>&1 ||
    { tail -n 40 "$folder/$tag.log" >&2 && exit 1; }
}

unpack() { # TAG: its root file system
  local container mounted
  container=$(buildah "${storage[@]}" from --pull-never "localhost/$1")
  mounted=$(buildah "${storage[@]}" mount "$container")
  cp -a "$mounted" "$folder/$1"
  buildah "${storage[@]}" rm "$container" >/dev/null
}

layers() { buildah "${storage[@]}" inspect --type image --format '{{.OCIv1.RootFS.DiffIDs}}' "localhost/$1"; }

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
rm -rf "$folder"
mkdir -p "$folder"
make_base
started=$SECONDS
build operator operator
say "operator's image built in $((SECONDS - started)) s"
layers operator >"$folder/layers"
buildah "${storage[@]}" inspect --type image "localhost/operator" >"$folder/operator.json"
unpack operator
started=$SECONDS
build emulator emulator
unpack emulator
say "emulator's image built in $((SECONDS - started)) s"
# Once more from the beginning; only downloads and the compiler's cache are kept.
started=$SECONDS
build operator again --no-cache
say "built again in $((SECONDS - started)) s"
layers again >>"$folder/layers"
buildah "${storage[@]}" rmi localhost/again >/dev/null
