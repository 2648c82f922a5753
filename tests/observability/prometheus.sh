#!/usr/bin/env bash
# prometheus.sh: prints the folder with Debian's prometheus and promtool. The package is unpacked into the cache and never
# installed: a server that starts with the machine is not what a test wants. Exit 77 and the reason where it can't be had.
set -euo pipefail

lacking() { echo "prometheus.sh: not run: $*" >&2 && exit 77; }

if [[ -n $(command -v promtool) && -n $(command -v prometheus) ]]; then
  dirname "$(command -v promtool)"
  exit
fi
{ command -v apt-get && command -v dpkg-deb; } >/dev/null || lacking "this is no Debian, and there is no promtool"
version=$({ apt-cache show --no-all-versions prometheus 2>/dev/null || true; } | awk '/^Version:/ && !seen++ { print $2 }')
[[ -n $version ]] || lacking "apt knows no package prometheus (apt-get update?)"
home=${XDG_CACHE_HOME:-$HOME/.cache}/platformer-operator/prometheus-${version//[^A-Za-z0-9.+-]/_}
if [[ ! -x $home/usr/bin/promtool ]]; then
  mkdir -p "${home%/*}"
  exec 9>"${home%/*}/prometheus.lock"
  flock 9
  if [[ ! -x $home/usr/bin/promtool ]]; then
    work=$(mktemp -d "$home.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download prometheus >&2) || lacking "the package prometheus could not be downloaded"
    dpkg-deb -x "$work"/prometheus_*.deb "$work/unpacked"
    rm -rf "$home"
    mv "$work/unpacked" "$home"
  fi
fi
echo "$home/usr/bin"
