"""A control plane of a benchmark's own, and what its servers counted."""

import json
import os
import pathlib
import re
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTROL_PLANE = ROOT / "tests" / "testbed" / "control-plane.sh"
USER = "bench-operator"
NAMESPACE = "bench"


class Cluster:
    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        subprocess.run([CONTROL_PLANE, "up", self.folder, "--watch", str(os.getpid())], check=True,
                       stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        subprocess.run([CONTROL_PLANE, "down", self.folder], check=False)

    def kubectl(self, *arguments, text=None):
        return subprocess.run([self.folder / "bin" / "kubectl", "--kubeconfig", self.folder / "admin.kubeconfig",
                               *arguments], input=text, check=True, text=True, timeout=300,
                              stdout=subprocess.PIPE).stdout

    def install(self):
        self.kubectl("apply", "--server-side", "-f", str(ROOT / "crds"))
        self.kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", str(ROOT / "crds"))
        self.kubectl("apply", "-f", str(ROOT / "samples" / "rbac.yaml"))
        self.kubectl("create", "clusterrolebinding", "bench", "--clusterrole=platformer-operator", f"--user={USER}")
        self.kubectl("create", "namespace", NAMESPACE)
        self.kubectl("config", "set-context", "--current", f"--namespace={NAMESPACE}")
        kubeconfig = self.folder / "operator.kubeconfig"
        kubeconfig.write_text(subprocess.run([CONTROL_PLANE, "kubeconfig", self.folder, USER], check=True, text=True,
                                             stdout=subprocess.PIPE).stdout)
        return kubeconfig

    def requests(self):
        """{(verb, resource): how many} since the apiserver's start, everybody's; dry runs are a verb of their own."""
        counts = {}
        for line in self.kubectl("get", "--raw", "/metrics").splitlines():
            if not line.startswith("apiserver_request_total{"):
                continue
            labels = dict(re.findall(r'(\w+)="([^"]*)"', line))
            verb = "dry-run" if labels["dry_run"] else labels["verb"].lower()
            resource = "/".join(filter(None, (labels["resource"], labels["subresource"])))
            counts[verb, resource] = counts.get((verb, resource), 0) + int(float(line.rsplit(" ", 1)[1]))
        return counts

    def version(self):
        return json.loads(self.kubectl("version", "-o", "json"))["serverVersion"]["gitVersion"]


class Audit:
    """The operator's requests since the last mark, in the apiserver's audit log."""

    def __init__(self, cluster):
        self.cluster, self.file, self.start = cluster, cluster.folder / "audit.log", 0
        self.mark()

    def mark(self):
        self.settle()
        self.start = self.file.stat().st_size

    def settle(self):
        """A request is logged after its reply: waits for one of ours, before which all others are."""
        name = f"mark-{time.monotonic_ns()}"
        self.cluster.kubectl("get", "configmap", name, "--ignore-not-found")
        until = time.monotonic() + 20
        while name.encode() not in self._tail():
            if time.monotonic() > until:
                raise RuntimeError("the audit log does not grow")
            time.sleep(0.05)

    def _tail(self):
        with self.file.open("rb") as log:
            log.seek(self.start)
            return log.read()

    def count(self):
        """Writes are those on accounts and their Secrets; a connection's own are counted apart."""
        self.settle()
        kinds = ["writes", "dry runs", "event writes", "connection writes", "reads", "watches"]
        counts = dict.fromkeys(kinds, 0)
        for line in self._tail().splitlines():
            event = json.loads(line)
            if event["user"]["username"] != USER:
                continue
            # A watch has a line at its start and one at its end; all else ends once.
            if event["stage"] != ("ResponseStarted" if event["verb"] == "watch" else "ResponseComplete"):
                continue
            counts[self._kind(event)] += 1
        return counts

    @staticmethod
    def _kind(event):
        if event["verb"] == "watch":
            return "watches"
        if event["verb"] in ("get", "list"):
            return "reads"
        if event["objectRef"]["resource"] == "events":
            return "event writes"
        if event["objectRef"]["resource"] == "consoleconnections":
            return "connection writes"
        return "dry runs" if "dryRun=All" in event["requestURI"] else "writes"


def connect(cluster, console):
    cluster.kubectl("create", "secret", "generic", "console-credentials", f"--from-file=token={console.credential_file}")
    connection = {"apiVersion": "console.platformer.com/v1alpha1", "kind": "ConsoleConnection",
                  "metadata": {"name": "default"},
                  "spec": {"gateway": console.gateway, "allowInsecureHTTP": True, "organization": console.organization,
                           "credentialsSecretRef": {"name": "console-credentials"}}}
    cluster.kubectl("apply", "-f", "-", text=json.dumps(connection))
