# Sourced by control-plane.sh: the control plane's own CA and the certificates it signs, in "$dir/pki".
# shellcheck shell=bash
: "${dir:?}"

new_ca() {
  local pki=$dir/pki
  mkdir -p "$pki"
  chmod 700 "$pki"
  quiet openssl ecparam -name prime256v1 -genkey -noout -out "$pki/sa.key"
  quiet openssl ec -in "$pki/sa.key" -pubout -out "$pki/sa.pub"
  quiet openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=testbed-ca \
    -keyout "$pki/ca.key" -out "$pki/ca.crt"
}

sign() { # FILE SUBJECT [SAN]: writes pki/FILE.key and pki/FILE.crt
  local pki=$dir/pki name=$1 subject=$2 san=${3:-}
  quiet openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$subject" \
    -keyout "$pki/$name.key" -out "$pki/$name.csr"
  # A random serial, not a counter file: several users may be minted at the same time.
  quiet openssl x509 -req -in "$pki/$name.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -days 30 \
    -set_serial "0x$(openssl rand -hex 12)" -out "$pki/$name.crt" ${san:+-extfile <(echo "subjectAltName=$san")}
  rm -f "$pki/$name.csr"
}

write_kubeconfig() { # FILE-IN-PKI [HOST:]PORT: a kubeconfig that holds all it needs, on stdout
  local pki=$dir/pki name=$1 server=$2
  [[ $server == *:* ]] || server=127.0.0.1:$server
  cat <<YAML
apiVersion: v1
kind: Config
clusters:
- name: testbed
  cluster:
    server: https://$server
    certificate-authority-data: $(base64 -w0 "$pki/ca.crt")
users:
- name: $name
  user:
    client-certificate-data: $(base64 -w0 "$pki/$name.crt")
    client-key-data: $(base64 -w0 "$pki/$name.key")
contexts:
- name: testbed
  context: {cluster: testbed, user: $name}
current-context: testbed
YAML
}

quiet() { # COMMAND…: its output only when it fails
  local output
  output=$("$@" 2>&1) || { echo "$output" >&2 && return 1; }
}
