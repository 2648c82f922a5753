#!/usr/bin/env bash
# images.sh FOLDER PAUSE: what a node needs beside our own images, as archives in FOLDER: pause.tar, which holds pods
# (PAUSE is its program), and tools.tar, Debian with curl, for pods that check something.
set -euo pipefail
# shellcheck source=tests/image/storage.sh
source "$(dirname "${BASH_SOURCE[0]}")/../image/storage.sh"

folder=$1 pause=$2

pack_pause() {
  local container
  container=$(in_storage from scratch)
  in_storage copy -q "$container" "$pause" /pause >/dev/null
  in_storage config --entrypoint '["/pause"]' "$container"
  in_storage commit -q --rm "$container" localhost/pause:latest >/dev/null
  archive localhost/pause:latest "$folder/pause.tar"
}

pack_tools() { # once: it changes with nothing of ours
  local kept=$cache/tools.tar container
  if [[ ! -e $kept ]]; then
    say "making an image with curl"
    ensure_base
    container=$(in_storage from --pull-never "$base")
    in_storage run --isolation chroot "$container" -- sh -c \
      'apt-get update -qq && apt-get install -y -qq --no-install-recommends curl ca-certificates && rm -rf /var/lib/apt/lists/* /var/cache/apt/*' \
      >"$folder/tools.log" 2>&1 || { tail -n 20 "$folder/tools.log" >&2 && exit 1; }
    in_storage commit -q --rm "$container" localhost/tools:latest >/dev/null
    archive localhost/tools:latest "$kept.partial"
    mv "$kept.partial" "$kept"
  fi
  ln -sf "$kept" "$folder/tools.tar"
}

open_storage
mkdir -p "$folder"
pack_pause
pack_tools
