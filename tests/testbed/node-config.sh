# Sourced by node.sh: what containerd, its network, the kubelet and kube-proxy are told, written below "$dir".
# shellcheck shell=bash
: "${dir:?}" "${address:?}" "${cgroup:?}" "${pod_network:?}" "${node_name:?}" "${socket:?}"

write_containerd_config() { # SNAPSHOTTER
  cat <<TOML
version = 2
root = "$dir/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]

[grpc]
address = "$socket"

[plugins."io.containerd.internal.v1.opt"]
path = "$dir/opt"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:latest"
disable_apparmor = true
# Within another container the score can't be lowered.
restrict_oom_score_adj = true
cni = { bin_dir = "/usr/lib/cni", conf_dir = "$dir/cni" }

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "$1"
default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
options = { SystemdCgroup = false }
TOML
}

write_network_config() {
  cat <<JSON
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isDefaultGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "/run/cni/addresses", "ranges": [[{"subnet": "$pod_network"}]]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
}

write_kubelet_config() {
  cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $address
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $dir/pki/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: $dir/pki/kubelet-server.crt
tlsPrivateKeyFile: $dir/pki/kubelet-server.key
containerRuntimeEndpoint: unix://$socket
cgroupDriver: cgroupfs
cgroupRoot: /$cgroup
failCgroupV1: false
failSwapOn: false
oomScoreAdj: 0
clusterDomain: cluster.local
clusterDNS: [$address]
resolvConf: $dir/resolv.conf
volumePluginDir: $dir/volume-plugins
podLogsDir: $dir/log/pods
# Nothing could pull an image again, and the machine's disk is not ours to judge.
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
# Mounted Secrets follow sooner than after the usual minute.
syncFrequency: 10s
YAML
}

write_proxy_config() {
  cat <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clientConnection: {kubeconfig: $dir/pki/proxy.kubeconfig}
hostnameOverride: $node_name
clusterCIDR: $pod_network
# The machine's table of connections stays as it is.
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
YAML
}
