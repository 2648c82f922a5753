"""A control plane of a benchmark's own, and what it was asked for."""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))  # programs.py, for all that import this
CONTROL_PLANE = ROOT / "tests" / "testbed" / "control-plane.sh"
USER = "bench-operator"
NAMESPACE = "bench"
LEASES = "platformer-system"  # the namespace that samples/rbac.yaml gives leases in


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

    def refusal_of(self, *arguments):
        """What kubectl says on standard error; "" when it succeeds."""
        done = subprocess.run([self.folder / "bin" / "kubectl", "--kubeconfig", self.folder / "admin.kubeconfig",
                               *arguments], text=True, timeout=300, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return done.stderr if done.returncode else ""

    def install(self):
        self.kubectl("apply", "--server-side", "-f", str(ROOT / "crds"))
        self.kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", str(ROOT / "crds"))
        self.kubectl("apply", "-f", str(ROOT / "samples" / "rbac.yaml"))
        self.kubectl("create", "clusterrolebinding", "bench", "--clusterrole=platformer-operator", f"--user={USER}")
        self.kubectl("create", "rolebinding", "bench", "-n", LEASES, "--role=platformer-operator", f"--user={USER}")
        self.kubectl("create", "namespace", NAMESPACE)
        self.kubectl("config", "set-context", "--current", f"--namespace={NAMESPACE}")
        kubeconfig = self.folder / "operator.kubeconfig"
        kubeconfig.write_text(subprocess.run([CONTROL_PLANE, "kubeconfig", self.folder, USER], check=True, text=True,
                                             stdout=subprocess.PIPE).stdout)
        return kubeconfig

    def cpu_seconds(self):
        """Of etcd and the apiserver."""
        used, ticks = 0, os.sysconf("SC_CLK_TCK")
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                program = (process / "cmdline").read_text().split("\0")[0]
                if program in (str(self.folder / "bin" / "etcd"), str(self.folder / "bin" / "kube-apiserver")):
                    fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
                    used += int(fields[11]) + int(fields[12])
            except OSError:  # it has ended
                pass
        return used / ticks

    def stored_bytes(self):
        """What etcd's database takes, earlier versions of objects and free pages included."""
        metrics = self.kubectl("get", "--raw", "/metrics")
        found = next(line for line in metrics.splitlines() if line.startswith("apiserver_storage_size_bytes"))
        return float(found.split()[-1])

    def version(self):
        return json.loads(self.kubectl("version", "-o", "json"))["serverVersion"]["gitVersion"]


class Audit:
    """A user's requests since the last mark, in the apiserver's audit log."""

    def __init__(self, cluster, user=USER):
        self.cluster, self.file, self.user = cluster, cluster.folder / "audit.log", user
        self.mark()

    def mark(self):
        self.settle()
        self.place = self._end()

    def _end(self):
        about = self.file.stat()
        return about.st_ino, about.st_size

    def settle(self):
        """A request is logged after its reply: waits for one of ours, before which all others are."""
        name, place = f"mark-{time.monotonic_ns()}", self._end()
        self.cluster.kubectl("get", "configmap", name, "--ignore-not-found")
        until = time.monotonic() + 20
        while not any(name.encode() in line for line in self._lines(place)):
            if time.monotonic() > until:
                raise RuntimeError("the audit log does not grow")
            time.sleep(0.05)

    def _lines(self, place):
        """Those since then; the apiserver moves a log that has become large aside, and begins another."""
        inode, start = place
        logs = sorted(self.file.parent.glob("audit-*.log"), key=lambda each: each.stat().st_mtime) + [self.file]
        first = next(at for at, each in enumerate(logs) if each.stat().st_ino == inode)
        for at, each in enumerate(logs[first:]):
            with each.open("rb") as log:
                log.seek(start if at == 0 else 0)
                yield from log

    def events(self):
        """Of the user: a watch has one at its start and one at its end, of which the first counts; all else ends once."""
        self.settle()
        mine = f'"username":"{self.user}"'.encode()
        for line in self._lines(self.place):
            if mine in line:
                event = json.loads(line)
                if event["stage"] == ("ResponseStarted" if event["verb"] == "watch" else "ResponseComplete"):
                    yield event

    def by_kind(self):
        """{(verb, resource): how many}; dry runs are a verb of their own, watches with a first list are watches."""
        counts = collections.Counter()
        for event in self.events():
            about = event.get("objectRef", {})
            verb = "dry-run" if "dryRun=All" in event["requestURI"] else event["verb"]
            counts[verb, "/".join(filter(None, (about.get("resource"), about.get("subresource"))))] += 1
        return counts

    def count(self):
        """Writes are those on accounts and their Secrets; a connection's own are counted apart."""
        kinds = ["writes", "dry runs", "event writes", "connection writes", "reads", "watches"]
        counts = dict.fromkeys(kinds, 0)
        for event in self.events():
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


def connect(cluster, console, name="default", namespace=NAMESPACE, **spec):
    """A connection and the Secret with its credential."""
    cluster.kubectl("create", "secret", "generic", f"{name}-credentials", "-n", namespace,
                    f"--from-file=token={console.credential_file}")
    connection = {"apiVersion": "console.platformer.com/v1alpha1", "kind": "ConsoleConnection",
                  "metadata": {"name": name},
                  "spec": {"gateway": console.gateway, "allowInsecureHTTP": True, "organization": console.organization,
                           "credentialsSecretRef": {"name": f"{name}-credentials"}, **spec}}
    cluster.kubectl("apply", "-n", namespace, "-f", "-", text=json.dumps(connection))
