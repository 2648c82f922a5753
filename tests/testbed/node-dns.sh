#!/usr/bin/env bash
# node-dns.sh DIR ADDRESS: the cluster's DNS, which answers for Services. dnsmasq reads their names from a folder that it
# watches; a watch of ours adds each new one. Services that went keep their name.
set -euo pipefail
dir=$1 address=$2

follow_services() {
  local known=$dir/dns/services
  : >"$known"
  while :; do
    # The server ends a watch now and then.
    "$dir/bin/kubectl" --kubeconfig "$dir/admin.kubeconfig" get services --all-namespaces --watch -o go-template='{{.spec.clusterIP}} {{.metadata.name}}.{{.metadata.namespace}}.svc.cluster.local{{"\n"}}' |
      while read -r line; do
        [[ $line == None* ]] || grep -qxF "$line" "$known" || echo "$line" >>"$known"
      done || true
    sleep 1
  done
}

mkdir -p "$dir/dns"
follow_services &
exec dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --hostsdir="$dir/dns" \
  --local=/cluster.local/ --listen-address="$address" --bind-interfaces --user=root --pid-file= --log-facility=-
