#!/usr/bin/env bash
# build.sh: prints the folder that holds etcd, kube-apiserver, kube-controller-manager and kubectl, building what is
# missing (some minutes, once; progress on stderr). Kubernetes and etcd come as Go modules, pinned by go.mod and go.sum.
# build.sh tools: the same for helm and kubeconform, which only the chart's tests need.
# build.sh peer: the same for the operator that benchmarks compare ours with (tests/bench/peer).
# build.sh node: the same for kubelet, kube-scheduler and kube-proxy, which only a cluster with a node needs.
#
# The folder is cached outside the checkout, named after all that goes into it, built behind a lock and renamed into
# place when whole. KUBEBUILDER_ASSETS (as envtest lays it out) wins over building; only what it lacks is built:
# envtest has no kube-controller-manager, which garbage collection and namespace deletion need.
set -euo pipefail

testbed=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/platformer-operator/testbed
kubernetes_version=$(sed -n 's|^[[:space:]]*k8s.io/kubernetes \(v[0-9.]*\).*|\1|p' "$testbed/kubernetes/go.mod")
IFS=. read -r major minor _ <<<"${kubernetes_version#v}"
# Without the version the server calls itself v0.0.0, and tools refuse it.
stamp=k8s.io/component-base/version
ldflags="-s -w -X $stamp.gitVersion=$kubernetes_version -X $stamp.gitMajor=$major -X $stamp.gitMinor=$minor"
binaries=(etcd kube-apiserver kube-controller-manager kubectl)
tools=(helm kubeconform)
node=(kubelet kube-scheduler kube-proxy)
helm_version=$(sed -n 's|^[[:space:]]*helm.sh/helm/v4 \(v[0-9.]*\).*|\1|p' "$testbed/helm/go.mod")
helm_ldflags="-s -w -X helm.sh/helm/v4/internal/version.version=$helm_version"

say() { echo "testbed: $*" >&2; }
# shellcheck source=tests/testbed/go-toolchain.sh
source "$testbed/go-toolchain.sh"

build_key() {
  { cat "$testbed"/{kubernetes,etcd}/go.{mod,sum} "$testbed/etcd/main.go" && echo "$ldflags" && uname -m; } |
    sha256sum | cut -c1-16
}

tools_key() { { cat "$testbed"/{helm,kubeconform}/go.{mod,sum} && echo "$helm_ldflags" && uname -m; } | sha256sum | cut -c1-16; }

peer_key() { { cat "$testbed"/../bench/peer/{go.mod,go.sum,*.go} && uname -m; } | sha256sum | cut -c1-16; }

# One line when a build starts, one every 20 s while it runs, one at its end.
with_progress() { # NAME COMMAND…
  local name=$1 started=$SECONDS last='' pid rc=0
  shift
  [[ -r $cache/seconds.$name ]] && last=", last time $(<"$cache/seconds.$name") s"
  say "building $name$last"
  "$@" &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    # Wakes up at once when the build ends.
    timeout 20 tail --pid="$pid" -s 0.2 -f /dev/null || say "  … $name: $((SECONDS - started)) s"
  done
  wait "$pid" || rc=$?
  if ((rc == 0)); then
    say "built $name in $((SECONDS - started)) s"
    echo $((SECONDS - started)) >"$cache/seconds.$name"
  fi
  return "$rc"
}

build_one() { # NAME FOLDER: under a temporary name first, so that an interrupted build leaves nothing half done
  local name=$1 into=$2 module=$testbed/$1 package flags="-s -w"
  case $name in
  etcd) package=. ;;
  peer) module=$testbed/../bench/peer package=. ;;
  helm) package=helm.sh/helm/v4/cmd/helm flags=$helm_ldflags ;;
  kubeconform) package=github.com/yannh/kubeconform/cmd/kubeconform ;;
  *) module=$testbed/kubernetes package=k8s.io/kubernetes/cmd/$name flags=$ldflags ;;
  esac
  (cd "$module" && CGO_ENABLED=0 GOTOOLCHAIN=auto GOFLAGS='' GOWORK=off "$go" build -buildvcs=false -trimpath \
    -ldflags "$flags" -o "$into/.$name.partial" "$package") 2> >(grep -v '^go: downloading ' >&2) &&
    mv "$into/.$name.partial" "$into/$name"
}

build_into() { # FOLDER DONE NAME…: builds what FOLDER lacks, one process at a time, unless the file DONE is there
  local folder=$1 whole=$2 name
  shift 2
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock -n 9 || { say "another build holds the lock: waiting" && flock 9; }
  if [[ -e $whole ]]; then # another process was first
    exec 9>&-
    return
  fi
  mkdir -p "$folder"
  for name in "$@"; do
    [[ -x $folder/$name ]] && continue
    [[ -n ${go:-} ]] || find_go
    with_progress "$name" build_one "$name" "$folder"
  done
  [[ $folder != */partial ]] || mv -T "$folder" "$whole"
  exec 9>&-
}

own() { # HOME WHAT BINARIES…
  local home=$1 what=$2
  shift 2
  if [[ ! -d $home/bin ]]; then
    say "building $what once, into $home"
    build_into "$home/partial" "$home/bin" "$@"
  fi
  echo "$home/bin"
}
own_binaries() {
  own "$cache/$(build_key)" "Kubernetes $kubernetes_version (about 6 min on 2 cores with cold caches)" "${binaries[@]}"
}

assets_binaries() { # A folder of links to KUBEBUILDER_ASSETS, with what is missing there built beside them.
  local assets=$1 home name
  for name in etcd kube-apiserver kubectl; do
    [[ -x $assets/$name ]] || { say "KUBEBUILDER_ASSETS=$assets has no $name" && return 1; }
  done
  if [[ -x $assets/kube-controller-manager ]]; then
    echo "$assets"
    return
  fi
  home=$cache/assets-$({ echo "$assets" && build_key; } | sha256sum | cut -c1-16)
  if [[ ! -x $home/kube-controller-manager ]]; then
    say "KUBEBUILDER_ASSETS has no kube-controller-manager (envtest ships none): building that one"
    build_into "$home" "$home/kube-controller-manager" kube-controller-manager
  fi
  for name in etcd kube-apiserver kubectl; do
    ln -sfn "$assets/$name" "$home/$name"
  done
  echo "$home"
}

own_tools() {
  own "$cache/tools-$(tools_key)" "helm $helm_version and kubeconform (about 2 min on 2 cores with cold caches)" "${tools[@]}"
}
own_peer() {
  own "$cache/peer-$(peer_key)" "the benchmark's peer (about 2 min on 2 cores with cold caches)" peer
}
own_node() {
  own "$cache/node-$(build_key)" "kubelet $kubernetes_version, its scheduler and its proxy (about 3 min on 2 cores)" "${node[@]}"
}

if [[ ${1:-} == tools ]]; then
  own_tools
elif [[ ${1:-} == peer ]]; then
  own_peer
elif [[ ${1:-} == node ]]; then
  own_node
elif [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
  assets_binaries "$KUBEBUILDER_ASSETS"
else
  own_binaries
fi
