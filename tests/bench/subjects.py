"""Who does the work that a benchmark measures: our operator, or the peer (peer/, a plain controller-runtime operator). Both
run as programs of their own against the same control plane and Console emulator."""

import json
import pathlib
import re
import socket
import subprocess
import urllib.request

from cluster import CONTROL_PLANE, NAMESPACE, ROOT, USER, connect
from programs import Operator, Program
from waiting import wait_until


class Ours:
    name, user = "ours", USER

    def __init__(self, programs, cluster, console, folder):
        self.programs, self.cluster, self.folder = programs, cluster, folder
        self.kubeconfig = cluster.install()
        self.console = console

    def start(self):
        return Operator(self.programs, self.kubeconfig, self.folder / "ours.log")

    def prepare(self, program):
        """Once, before the first object."""
        connect(self.cluster, self.console, interval="24h")  # a look for drift is measured apart from rest
        self.cluster.kubectl("wait", "pcc/default", "--for=condition=Ready", "--timeout=30s")

    @staticmethod
    def wait_ready(program, count, seconds):
        """That many objects are Ready with what was last asked for."""
        wait_until(lambda: program.metric("platformer_operator_service_accounts", 'ready="true"') >= count, seconds,
                   f"{count} Ready objects")


class PeerProgram(Program):
    def __init__(self, command, log, address):
        super().__init__(command, log)
        self.address = address

    def metric(self, name, labels=""):
        try:
            with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=10) as reply:
                text = reply.read().decode()
        except OSError:  # it does not listen yet
            return 0
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                   if re.match(rf"{name}[ {{]", line) and labels in line)

    memory_kib = Operator.memory_kib
    cpu_seconds = Operator.cpu_seconds


class Peer:
    name, user = "peer", "bench-peer"

    def __init__(self, programs, cluster, console, folder):
        del programs
        self.cluster, self.console, self.folder = cluster, console, folder
        cluster.install()
        cluster.kubectl("create", "clusterrolebinding", "peer", "--clusterrole=cluster-admin", f"--user={self.user}")
        self.kubeconfig = cluster.folder / "peer.kubeconfig"
        self.kubeconfig.write_text(subprocess.run([CONTROL_PLANE, "kubeconfig", cluster.folder, self.user], check=True,
                                                  text=True, stdout=subprocess.PIPE).stdout)
        built = subprocess.run([ROOT / "tests" / "testbed" / "build.sh", "peer"], check=True, text=True,
                               stdout=subprocess.PIPE)
        self.program = pathlib.Path(built.stdout.strip()) / "peer"
        self.organization = self.organization_id()
        self.base = 0

    def organization_id(self):
        request = urllib.request.Request(
            f"{self.console.gateway}/auth/api/v1/organization/list",
            headers={"Authorization": self.console.credential_file.read_text().strip()})
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)["data"][0]["organization_id"]

    def start(self):
        with socket.socket() as probe:  # controller-runtime does not say which port it took
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.base = 0
        return PeerProgram([self.program, f"--kubeconfig={self.kubeconfig}", f"--gateway={self.console.gateway}",
                            f"--organization={self.organization}", f"--credential-file={self.console.credential_file}",
                            f"--metrics-address={address}"], self.folder / "peer.log", address)

    def prepare(self, program):
        wait_until(lambda: program.metric("controller_runtime_max_concurrent_reconciles") > 0, 30, "a running peer")

    def wait_ready(self, program, count, seconds):
        """As often an object became Ready since the last time this was asked."""
        wait_until(lambda: program.metric("peer_ready_total") >= self.base + count, seconds, f"{count} Ready objects")
        self.base = program.metric("peer_ready_total")


SUBJECTS = {subject.name: subject for subject in (Ours, Peer)}


def load(programs, cluster, action, namespace=NAMESPACE, **options):
    """Runs the load generator to its end; what it reports."""
    command = [programs / "platformer-bench-load", action, "--kubeconfig", cluster.folder / "admin.kubeconfig",
               "--namespace", namespace]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)
