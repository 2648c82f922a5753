"""An installed release with the real operator and a Console: what its pods would do, a process does, with the identity and
the arguments that the release gives them."""

import base64
import hashlib
import json
import os
import shutil
import sys

import yaml

from chart import CHART, CLUSTER, NAMESPACE, PATIENCE, RELEASE, ROOT, WORK, get, helm, kubectl, run

sys.path.insert(0, str(ROOT / "tests" / "support"))
from programs import Operator, with_token  # noqa: E402

PROGRAMS = os.environ["PLATFORMER_PROGRAMS"]
TEAM = "chart-team"
ACCOUNT = "ci-bot"


def fresh_folder(name):
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def previous_chart(folder):
    """The chart as a predecessor may have been: another version, a field less, an object less."""
    chart = folder / "previous"
    shutil.copytree(CHART, chart)
    about = chart / "Chart.yaml"
    about.write_text(about.read_text().replace("version: 0.1.0", "version: 0.0.9", 1))
    path = chart / "templates" / "crds" / "console.platformer.com_serviceaccounts.yaml"
    text = path.read_text()
    at = text.index("              lastHandledReconcileAt:\n")
    until = text.index("              failures:\n")
    path.write_text(text[:at] + text[until:])
    (chart / "templates" / "service.yaml").unlink()
    return chart


def values_for(console):
    """Values with a connection to that Console."""
    return yaml.safe_dump({"connections": [{"name": "default", "namespace": TEAM, "spec": {
        "gateway": console.gateway, "allowInsecureHTTP": True, "organization": console.organization,
        "credentialsSecretRef": {"name": "console-credentials"}}}]})


def install(action, chart, values, *arguments):
    """helm install, upgrade …"""
    return helm(action, RELEASE, chart, "--namespace", NAMESPACE, "-f", "-", *arguments, text=values)


def server():
    return kubectl("config", "view", "--raw", "-o", "jsonpath={.clusters[0].cluster.server}")


class Identity:
    """What the kubelet would put into the pod: a token of the release's service account and the cluster's CA."""

    def __init__(self, folder):
        token = kubectl("-n", NAMESPACE, "create", "token", RELEASE, "--duration=1h")
        self.folder = folder / "serviceaccount"
        self.folder.mkdir(exist_ok=True, mode=0o700)
        (self.folder / "token").write_text(token.strip())
        shutil.copy(CLUSTER / "pki" / "ca.crt", self.folder / "ca.crt")
        self.kubeconfig = folder / "operator.kubeconfig"
        self.kubeconfig.write_text(with_token(kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json"), token))


def make_certificate(folder):
    """For metrics over TLS on loopback, where start_operator looks for it."""
    tls = folder / "tls"
    tls.mkdir()
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
        "-subj", "/CN=metrics", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tls / "tls.key", "-out", tls / "tls.crt")
    return tls / "tls.crt"


def start_operator(folder):
    """As the Deployment in the cluster says, but for addresses and the folder of the metrics' certificate."""
    pod = get("-n", NAMESPACE, f"deployment/{RELEASE}")["spec"]["template"]["spec"]
    here = {"--metrics-bind-address": "127.0.0.1:0", "--metrics-cert-path": folder / "tls"}
    arguments = []
    for each in pod["containers"][0]["args"]:
        option = each.split("=")[0]
        if option != "--bind-address":
            arguments.append(f"{option}={here[option]}" if option in here else each)
    operator = Operator(PROGRAMS, Identity(folder).kubeconfig, folder / "operator.log", arguments)
    operator.wait_ready()
    return operator


def secure_metrics(operator):
    """URL of metrics over TLS."""
    return "https://" + operator.line(r"metrics over TLS.*\b(127\.0\.0\.1:\d+)")[1][1] + "/metrics"


def run_helm_test(folder, operator):
    """What the pod of `helm test` says; raises chart.Failed when it would end with another status than 0."""
    manifest = helm("get", "hooks", RELEASE, "--namespace", NAMESPACE)
    pod = next(each for each in yaml.safe_load_all(manifest) if each and each["kind"] == "Pod")
    check = pod["spec"]["containers"][0]
    environment = {each["name"]: each["value"] for each in check["env"]}
    address = operator.line(r"probes .*\b(127\.0\.0\.1:\d+)")[1][1]
    environment |= {"API": server(), "ACCOUNT": str(Identity(folder).folder), "PROBES": f"http://{address}", "PATIENCE": "1"}
    if environment["METRICS"]:
        environment["METRICS"] = secure_metrics(operator)
    return run("sh", "-c", *check["args"], environment=environment)[0]


def make_account(console):
    kubectl("-n", TEAM, "create", "secret", "generic", "console-credentials", f"--from-file=token={console.credential_file}")
    kubectl("apply", "-f", "-", text=json.dumps({
        "apiVersion": "console.platformer.com/v1alpha1", "kind": "ServiceAccount",
        "metadata": {"name": ACCOUNT, "namespace": TEAM},
        "spec": {"project": "storefront", "permissions": ["rudder.app.editor"]}}))
    kubectl("-n", TEAM, "wait", "--for=condition=Ready", f"psa/{ACCOUNT}", PATIENCE)


def belongings(console):
    """What no installation may change: the objects' identity, the token (a digest of it), the account at the Console."""
    account, secret = get("-n", TEAM, f"psa/{ACCOUNT}"), get("-n", TEAM, f"secret/{ACCOUNT}-token")
    token = base64.b64decode(secret["data"]["token"])
    return {"serviceaccount": account["metadata"]["uid"], "connection": get("-n", TEAM, "pcc/default")["metadata"]["uid"],
            "secret": secret["metadata"]["uid"], "token": hashlib.sha256(token).hexdigest(),
            "accounts": sorted(each["id"] for each in console.ask("GET", "/accounts")["accounts"]),
            "minted": sum(count for operation, count in console.calls().items()
                          if operation.startswith(("create", "renew")))}
