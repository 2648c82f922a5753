# Sourced: buildah with a storage of our own in the cache, behind a lock, and in it the base image as the Dockerfile names
# it, made by debootstrap since there may be no registry. Sets root, cache, storage (buildah's options) and base.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/platformer-operator/image
mirror=http://deb.debian.org/debian
base=$(sed -n 's/^FROM \(.*\) AS toolchain$/\1/p' "$root/Dockerfile")
readonly skipped=77 storage_megabytes=6000

say() { echo "image: $*" >&2; }

needs() { # what this machine lacks, a line each
  local tool
  ((EUID == 0)) || echo "root"
  for tool in buildah debootstrap; do
    command -v "$tool" >/dev/null || echo "$tool (Debian: $tool)"
  done
}

open_storage() { # ends us with status 77 where nothing can be built
  local lacking driver=vfs
  lacking=$(needs)
  if [[ -n $lacking ]]; then
    say "not run, for want of: ${lacking//$'\n'/, }"
    exit "$skipped"
  fi
  # Where buildah has the Dockerfile's cache mounts.
  export TMPDIR=$cache/tmp
  mkdir -p "$TMPDIR"
  # vfs copies the whole file system for each step, but works everywhere.
  [[ $(stat -f -c %T "$cache") == overlayfs ]] || ! grep -qw overlay /proc/filesystems || driver=overlay
  storage=(--root "$cache/$driver" --runroot "$cache/run" --storage-driver "$driver")
  exec 9>"$cache/lock"
  flock 9
  # Each build leaves its steps for the next one. Now and then all of them go.
  if [[ -d $cache/$driver ]] && (($(du -smx "$cache/$driver" | cut -f 1) > storage_megabytes)); then
    say "removing the steps of earlier builds"
    in_storage rmi --prune >/dev/null
  fi
}

in_storage() { # COMMAND ARGUMENTS…: of buildah
  buildah "${storage[@]}" "$@"
}

ensure_base() {
  local made=$cache/base suite=${base##*:} container
  suite=${suite%-slim}
  in_storage inspect --type image "$base" >/dev/null 2>&1 && return
  say "making $base by debootstrap"
  rm -rf "$made"
  debootstrap --variant=minbase "$suite" "$made" "$mirror" >&2
  rm -rf "$made"/var/cache/apt/archives/*.deb "$made"/var/lib/apt/lists/*
  # In the layout of the published image.
  rm "$made/etc/apt/sources.list"
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "$mirror" "$suite $suite-updates" >"$made/etc/apt/sources.list.d/debian.sources"
  container=$(in_storage from scratch)
  in_storage add "$container" "$made" / >/dev/null
  in_storage commit -q --rm "$container" "$base" >/dev/null
  rm -rf "$made"
}

build_image() { # TARGET TAG LOG [OPTION…]
  local target=$1 tag=$2 log=$3 started=$SECONDS
  shift 3
  IMAGE_BUILDER=buildah IMAGE_BUILDER_OPTIONS="${storage[*]}" IMAGE_BUILD_OPTIONS="--isolation chroot --pull-never $*" \
    "$root/dev" image --target "$target" --tag "$tag" >"$log" 2>&1 || { tail -n 40 "$log" >&2 && exit 1; }
  say "$target built in $((SECONDS - started)) s"
}

layers() { # TAG: the digests of its layers, in a line
  in_storage inspect --type image --format '{{.OCIv1.RootFS.DiffIDs}}{{"\n"}}' "$1"
}

archive() { # TAG FILE: as docker save makes one
  rm -f "$2"
  in_storage push -q "$1" "docker-archive:$2:$1"
}
