"""helm, kubectl and kubeconform for the chart's tests, against the control plane in PLATFORMER_CONTROL_PLANE.

    documents = render(values="watchNamespaces: [team-a]")      # helm template
    helm("install", RELEASE, CHART, "-f", file)                 # raises Failed, with what helm said, when it fails
    kubectl("-n", NAMESPACE, "get", "pods")
"""

import contextlib
import functools
import itertools
import json
import os
import pathlib
import subprocess
import time

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "charts" / "platformer-operator"
CLUSTER = pathlib.Path(os.environ["PLATFORMER_CONTROL_PLANE"])
WORK = CLUSTER / "tests"
RELEASE, NAMESPACE = "platformer-operator", "platformer-system"
GROUP = "console.platformer.com"
# How long to wait for what happens in the end, on a machine that has other things to do.
WAIT_SECONDS = 120
PATIENCE = f"--timeout={WAIT_SECONDS}s"


class Failed(Exception):
    """A command ended with another status than 0; the text is what it said on standard error."""


def run(*command, text=None, environment=None):
    """Standard output and standard error of a command that succeeds."""
    done = subprocess.run([str(each) for each in command], input=text, capture_output=True, text=True, timeout=2 * WAIT_SECONDS,
                          env={**os.environ, **(environment or {})}, check=False)
    if done.returncode != 0:
        raise Failed(done.stderr.strip() or done.stdout.strip())
    return done.stdout, done.stderr


def _tools():
    # No time limit: the first one on a machine compiles them.
    return pathlib.Path(subprocess.run([ROOT / "tests" / "testbed" / "build.sh", "tools"], check=True,
                                       capture_output=True, text=True).stdout.strip())


TOOLS = _tools()


def helm(*arguments, text=None):
    """What helm prints."""
    homes = {f"HELM_{name}_HOME": str(WORK / "helm" / name.lower()) for name in ("CACHE", "CONFIG", "DATA")}
    return run(TOOLS / "helm", *arguments, text=text,
               environment={**homes, "KUBECONFIG": str(CLUSTER / "admin.kubeconfig")})[0]


def kubectl(*arguments, text=None):
    """What kubectl prints; warnings on standard error are a failure."""
    out, warnings = run(CLUSTER / "bin" / "kubectl", "--kubeconfig", CLUSTER / "admin.kubeconfig", *arguments, text=text)
    if "Warning:" in warnings:
        raise Failed(warnings.strip())
    return out


def get(*arguments):
    """An object, or None when it isn't there."""
    found = kubectl("get", "-o", "json", "--ignore-not-found", *arguments)
    return json.loads(found) if found.strip() else None


@functools.lru_cache(maxsize=None)
def template(values="", *arguments, chart=CHART, namespace=NAMESPACE, release=RELEASE):
    """The text of `helm template` with values given as YAML."""
    return helm("template", release, chart, "--namespace", namespace, "-f", "-", *arguments, text=values or "{}")


def render(values="", *arguments, **where):
    return [each for each in yaml.safe_load_all(template(values, *arguments, **where)) if each]


def of_kind(documents, kind, name=None):
    return [each for each in documents if each["kind"] == kind and (name is None or each["metadata"]["name"] == name)]


def only(documents, kind, name=None):
    found = of_kind(documents, kind, name)
    assert len(found) == 1, f"{len(found)} of {kind} {name or ''}"
    return found[0]


def eventually(true, what):
    """Waits until a function returns something true, and returns that."""
    until = time.monotonic() + WAIT_SECONDS
    while not (answer := true()):
        if time.monotonic() > until:
            raise AssertionError(f"not within {WAIT_SECONDS} s: {what}")
        time.sleep(0.1)
    return answer


def make_namespace(name, labels=None):
    """Only the pods of Pod Security `restricted` may be in it; others are refused and warned of."""
    eventually(lambda: "deletionTimestamp" not in (get(f"namespace/{name}") or {"metadata": {}})["metadata"],
               f"namespace {name} of an earlier test is gone")
    level = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    kubectl("apply", "-f", "-", text=json.dumps({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {**level, **(labels or {})}}}))


def install_crds():
    """The CRDs alone, as long as no release has them."""
    kubectl("apply", "--server-side", "--force-conflicts", "-f", str(ROOT / "crds"))
    kubectl("wait", "--for=condition=Established", PATIENCE, "-f", str(ROOT / "crds"))


def remove_crds():
    kubectl("delete", "--ignore-not-found", "--wait=false", "-f", str(ROOT / "crds"))
    wait_crds_gone(crd_names())


def wait_crds_gone(names):
    """Where a CRD is deleted soon after it was made, the API server may find its storage not ready, and then tries again ever
    more rarely, up to minutes later. Any change of the CRD makes it try at once."""
    turns = itertools.count()

    def are_gone():
        left = [name for name in names if get(f"crd/{name}")]
        if left and next(turns) % 20 == 19:
            for name in left:
                with contextlib.suppress(Failed):  # gone meanwhile
                    kubectl("annotate", "--overwrite", f"crd/{name}", f"test/tried-again={time.monotonic_ns()}")
        return not left
    eventually(are_gone, f"{', '.join(names)}: gone")


def crd_names():
    return [yaml.safe_load(path.read_text())["metadata"]["name"] for path in sorted((ROOT / "crds").glob("*.yaml"))]
