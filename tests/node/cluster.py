"""The cluster of one node (tests/testbed/node.sh) as a person would set it up: images loaded, a Console in it, the operator
from its chart, the sample. For the tests and for `./dev up --node`. helm and kubectl come from tests/chart/chart.py; the
folder of the node is in PLATFORMER_CONTROL_PLANE.
"""

import base64
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
if not (pathlib.Path(os.environ["PLATFORMER_CONTROL_PLANE"]) / "address").exists():
    print("node: not run, as there is none; node.up says why", file=sys.stderr)
    sys.exit(77)
sys.path.insert(0, str(ROOT / "tests" / "chart"))
from chart import CHART, CLUSTER, NAMESPACE, RELEASE, eventually, get, helm, kubectl, run  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
NODE = ROOT / "tests" / "testbed" / "node.sh"
TEAM = "team-a"
GATEWAY = "http://console.console.svc:8080"
VERSION = re.search(r'appVersion: "(.*)"', (CHART / "Chart.yaml").read_text())[1]


def figure(what, value, unit, bound=None):
    """A measured value, for whoever reads the tests' output."""
    print(f"{what}: {value} {unit}".rstrip() + (f" (bound {bound})" if bound is not None else ""), flush=True)


def seconds_of(function):
    """How long a call took, and what it returned."""
    started = time.monotonic()
    returned = function()
    return time.monotonic() - started, returned


def node(*arguments):
    return run(NODE, arguments[0], CLUSTER, *arguments[1:])[0]


def load_images(folder):
    """Those of tests/image/build.sh and tests/node/images.sh."""
    node("load", *[pathlib.Path(folder).resolve() / f"{name}.tar" for name in ("pause", "tools", "operator", "emulator")])


def node_address():
    return (CLUSTER / "address").read_text().strip()


def ask(method, path, body=None):
    """The Console emulator's admin API, from outside the cluster."""
    request = urllib.request.Request(f"http://{node_address()}:30081{path}", method=method,
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)


def answers():
    try:
        return ask("GET", "/healthz")["ok"]
    except OSError:
        return False


def start_console():
    text = (HERE / "console.yaml").read_text()
    kubectl("apply", "-f", "-", text=text.replace("IMAGE", f"localhost/platformer-console-emulator:{VERSION}"))
    kubectl("-n", "console", "rollout", "status", "deployment/console", "--timeout=60s")
    eventually(answers, "the Console's Service answers")


def install(action, *arguments):
    """helm install or upgrade of the chart with two replicas, until it is ready."""
    return helm(action, RELEASE, CHART, "--namespace", NAMESPACE, "--create-namespace", "--set", "replicaCount=2",
                "--set", "test.image=localhost/tools:latest", "--set", "test.pullPolicy=Never", *arguments, "--wait",
                "--timeout=100s")


def connect(namespace):
    """A namespace with the credential for the Console in it."""
    kubectl("create", "namespace", namespace)
    token = ask("POST", "/credentials", {"name": namespace, "organization_id": "org-acme", "roles": ["organization.admin"]})
    kubectl("-n", namespace, "apply", "-f", "-", text=json.dumps({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "console-credentials"},
        "stringData": {"token": token["token"]}}))


def apply_sample(namespace):
    """samples/quickstart.yaml, for the Console in the cluster."""
    text = (ROOT / "samples" / "quickstart.yaml").read_text()
    for old, new in (("https://api.platformer.com", GATEWAY), ("allowInsecureHTTP: false", "allowInsecureHTTP: true")):
        text = text.replace(old, new)
    kubectl("-n", namespace, "apply", "-f", "-", text=text)
    kubectl("-n", namespace, "wait", "--for=condition=Ready", "psa/ci-bot", "--timeout=60s")


def many(namespace, prefix, count):
    """A list of so many ServiceAccounts, for kubectl."""
    items = [{"apiVersion": "console.platformer.com/v1alpha1", "kind": "ServiceAccount",
              "metadata": {"name": f"{prefix}-{number}", "namespace": namespace},
              "spec": {"project": "storefront", "permissions": ["rudder.app.editor"]}} for number in range(count)]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def wait_all_ready(namespace, seconds):
    kubectl("-n", namespace, "wait", "--for=condition=Ready", "psa", "--all", f"--timeout={seconds}s")


def accounts(prefix):
    """The Console's accounts whose name begins so."""
    return [each for each in ask("GET", "/accounts")["accounts"] if each["name"].startswith(prefix)]


def token(namespace):
    """The sample's token. Tests must not print it: compare with assertTrue."""
    return base64.b64decode(get("-n", namespace, "secret/ci-bot-token")["data"]["token"]).decode()


def call_console(token):
    """The status of the Console's answer to somebody with that token."""
    request = urllib.request.Request(f"http://{node_address()}:30080/auth/api/v1/user/logintime", method="PUT",
                                     headers={"Authorization": token})
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.status
    except urllib.error.HTTPError as refused:
        return refused.code


# ---- replicas -----------------------------------------------------------------------------------------------------
def pods():
    return get("-n", NAMESPACE, "pods", "-l", f"app.kubernetes.io/name={RELEASE}")["items"]


def lease():
    found = get("-n", NAMESPACE, "leases")["items"]
    assert len(found) == 1, [each["metadata"]["name"] for each in found]
    return found[0]["spec"]


def leader():
    """The name of the pod that holds the Lease."""
    holder = lease().get("holderIdentity", "")
    return next((each["metadata"]["name"] for each in pods() if holder.startswith(each["metadata"]["name"])), None)


def wait_two_ready():
    kubectl("-n", NAMESPACE, "rollout", "status", f"deployment/{RELEASE}", "--timeout=90s")
    eventually(lambda: len(pods()) == 2, "two replicas and no more")


def process_of(pod):
    """The machine's number of the operator's process in a pod."""
    uid = get("-n", NAMESPACE, f"pod/{pod}")["metadata"]["uid"]
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if uid in (path / "cgroup").read_text() and "platformer-operator" in (path / "cmdline").read_text():
                return int(path.name)
        except OSError:  # it went
            continue
    raise AssertionError(f"no process in pod {pod}")


def wait_other_leader(before, since, seconds):
    """How long after `since` somebody else than the holder of before had the Lease."""
    while time.monotonic() - since < seconds:
        if lease().get("holderIdentity") not in (before, "", None):
            return time.monotonic() - since
        time.sleep(0.05)
    raise AssertionError(f"still {before} or nobody after {seconds} s")


@functools.lru_cache
def kubectl_program():
    return str(CLUSTER / "bin" / "kubectl")


def delete_by_force(pod):
    """kubectl warns of it, which chart.kubectl takes for a failure."""
    subprocess.run([kubectl_program(), "--kubeconfig", CLUSTER / "admin.kubeconfig", "-n", NAMESPACE, "delete", "pod", pod,
                    "--force", "--grace-period=0"], check=True, capture_output=True, timeout=60)
