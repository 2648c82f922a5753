# Sourced by node.sh: starts what runs in the node's namespaces.
# shellcheck shell=bash disable=SC2154 # dir and address are node.sh's
: "${testbed:?}" "${node_name:?}" "${pod_network:?}" "${service_network:?}" "${socket:?}"

start_servers() {
  local user
  # shellcheck source=tests/testbed/node-config.sh
  source "$testbed/node-config.sh"
  start_runtime
  sign_all
  for user in controller-manager scheduler proxy kubelet; do
    write_kubeconfig "$user" "$address:6443" >"$dir/pki/$user.kubeconfig"
  done
  write_kubeconfig admin "$address:6443" >"$dir/admin.kubeconfig"
  echo "$address" >"$dir/address"
  start_control_plane
  start_node
}

start_runtime() {
  # An overlay can't lie on another one.
  local snapshotter=overlayfs
  [[ $(stat -f -c %T "$dir") != overlayfs ]] || snapshotter=native
  echo "$snapshotter" >"$dir/snapshotter"
  mkdir -p "$dir/cni"
  write_containerd_config "$snapshotter" >"$dir/containerd.toml"
  write_network_config >"$dir/cni/10-bridge.conflist"
  server containerd containerd --config "$dir/containerd.toml"
}

start_control_plane() {
  server etcd "$dir/bin/etcd" --data-dir "$dir/etcd" --listen-client-urls http://127.0.0.1:2379 \
    --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync --log-level warn
  server kube-apiserver "$dir/bin/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --bind-address 0.0.0.0 \
    --secure-port 6443 --advertise-address "$address" --cert-dir "$dir/pki" \
    --tls-cert-file "$dir/pki/apiserver.crt" --tls-private-key-file "$dir/pki/apiserver.key" \
    --client-ca-file "$dir/pki/ca.crt" --service-cluster-ip-range "$service_network" \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged=true --profiling=false \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$dir/pki/sa.pub" \
    --service-account-signing-key-file "$dir/pki/sa.key" --kubelet-preferred-address-types InternalIP \
    --kubelet-client-certificate "$dir/pki/kubelet-client.crt" --kubelet-client-key "$dir/pki/kubelet-client.key" \
    --kubelet-certificate-authority "$dir/pki/ca.crt" \
    --audit-policy-file "$testbed/audit-policy.yaml" --audit-log-path "$dir/audit.log" --audit-log-maxsize 1000
  # These wait for the apiserver by themselves.
  server kube-controller-manager "$dir/bin/kube-controller-manager" --kubeconfig "$dir/pki/controller-manager.kubeconfig" \
    --bind-address 127.0.0.1 --service-account-private-key-file "$dir/pki/sa.key" --root-ca-file "$dir/pki/ca.crt" \
    --use-service-account-credentials=true --leader-elect=false --profiling=false
  server kube-scheduler "$dir/node-bin/kube-scheduler" --kubeconfig "$dir/pki/scheduler.kubeconfig" \
    --bind-address 127.0.0.1 --leader-elect=false
}

start_node() {
  : >"$dir/resolv.conf"
  write_kubelet_config >"$dir/kubelet.yaml"
  write_proxy_config >"$dir/proxy.yaml"
  # Registers once, and takes its time for another attempt when the server is not there yet.
  until kubectl get --raw /readyz >/dev/null; do sleep 0.1; done
  server kubelet "$dir/node-bin/kubelet" --config "$dir/kubelet.yaml" --kubeconfig "$dir/pki/kubelet.kubeconfig" \
    --hostname-override "$node_name" --node-ip "$address"
  server kube-proxy "$dir/node-bin/kube-proxy" --config "$dir/proxy.yaml"
  server dns "$testbed/node-dns.sh" "$dir" "$address"
}
