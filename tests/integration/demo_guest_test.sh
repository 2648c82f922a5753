#!/usr/bin/env bash
# demo_guest_test.sh BIN DIR: in a cluster that isn't its own (--context) the demo removes what it made and nothing else.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
control_plane=$here/../testbed/control-plane.sh
export PLATFORMER_BIN=$1
dir=$2
trap '"$control_plane" down "$dir"' EXIT

fail() { echo "FAILED: $*" >&2 && exit 1; }
"$control_plane" up "$dir" --watch $$
export KUBECONFIG=$dir/admin.kubeconfig
kubectl() { "$dir/bin/kubectl" "$@"; }
# "namespace/team-a 3f2a…": the same object, not one of the same name.
objects() {
  kubectl get namespaces,crds,clusterroles,clusterrolebindings -o json |
    /usr/bin/python3 -c 'import json, sys
for each in json.load(sys.stdin)["items"]:
    meta = each["metadata"]
    if "deletionTimestamp" not in meta: print(each["kind"], meta["name"], meta["uid"], each.get("spec", {}).get("names", ""))'
}
unchanged() { # WHAT
  local now
  now=$(objects)
  [[ $now == "$before" ]] || fail "$1: $(diff <(echo "$before") <(echo "$now"))"
  echo "unchanged: $1"
}

kubectl create namespace team-a
kubectl -n team-a create configmap precious
before=$(objects)
"$here/demo.sh" demo --context testbed && fail "it took a namespace that was there"
unchanged "a refused demo"
kubectl -n team-a get configmap precious
kubectl delete namespace team-a

before=$(objects)
"$here/demo.sh" demo --context testbed
unchanged "a whole demo in an empty cluster"

kubectl apply --server-side -f "$here/../../crds" -f "$here/../../samples/rbac.yaml" >/dev/null
before=$(objects)
"$here/demo.sh" demo --context testbed
unchanged "a whole demo in a cluster with the CRDs and the role"
