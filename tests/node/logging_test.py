#!/usr/bin/env python3
"""The log's level is switched in a running pod as docs/observability.md says it, and back."""

import re
import shlex
import subprocess
import unittest

import cluster
from chart import CLUSTER, NAMESPACE, ROOT, eventually, kubectl

SWITCHED = "the log's level was switched by SIGHUP"


def documented():
    """The command of the documentation, in words."""
    page = (ROOT / "docs" / "observability.md").read_text()
    return shlex.split(re.search(r"(?m)^kubectl debug .*$", page)[0])


def send_hangup(pod):
    """Documented for an image from a registry; the node has one of its own, whose kill is its shell's."""
    words = documented()
    named, separator = words.index("debug") + 1, words.index("--")
    flags = [each for each in words[named + 1:separator] if not each.startswith("--image=")]
    assert flags == ["--namespace", NAMESPACE, "--target=operator", "--profile=restricted"], flags
    subprocess.run([cluster.kubectl_program(), "--kubeconfig", CLUSTER / "admin.kubeconfig", "debug", pod, *flags,
                    "--image=localhost/tools:latest", "--image-pull-policy=Never", "--", "sh", "-c",
                    shlex.join(words[separator + 1:])], check=True, capture_output=True, timeout=60)


class Logging(unittest.TestCase):
    def test_an_ephemeral_container_switches_to_debug_and_back(self):
        pod = cluster.leader()

        def switches():
            logs = kubectl("-n", NAMESPACE, "logs", pod, "-c", "operator").splitlines()
            return [line for line in logs if SWITCHED in line]

        before = len(switches())
        send_hangup(pod)
        eventually(lambda: len(switches()) == before + 1, "the first SIGHUP is heard")
        self.assertRegex(switches()[-1], r"to\W+debug")
        send_hangup(pod)
        eventually(lambda: len(switches()) == before + 2, "the second SIGHUP is heard")
        self.assertRegex(switches()[-1], r"to\W+info")


if __name__ == "__main__":
    unittest.main()
