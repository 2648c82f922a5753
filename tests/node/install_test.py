#!/usr/bin/env python3
"""The real image, installed by the real chart on the node: `helm install --wait`, and what the pods then are."""

import os
import re
import unittest

import cluster
from chart import NAMESPACE, RELEASE, get, helm, kubectl, make_namespace

INSTALL_SECONDS_MAX = 30


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        took, _ = cluster.seconds_of(lambda: cluster.load_images(os.environ["PLATFORMER_IMAGE"]))
        cluster.figure("images loaded", f"{took:.1f}", "s")
        cluster.start_console()
        # Pods that don't keep to Pod Security `restricted` are refused.
        make_namespace(NAMESPACE)
        cls.seconds, cls.said = cluster.seconds_of(lambda: cluster.install("install"))

    def test_helm_waits_for_two_ready_replicas(self):
        cluster.figure("helm install --wait, two replicas", f"{self.seconds:.1f}", "s", INSTALL_SECONDS_MAX)
        self.assertLess(self.seconds, INSTALL_SECONDS_MAX)
        self.assertEqual(get("-n", NAMESPACE, f"deployment/{RELEASE}")["status"]["readyReplicas"], 2)
        self.assertRegex(self.said, "STATUS: deployed")

    def test_one_of_them_leads(self):
        self.assertIn(cluster.leader(), [each["metadata"]["name"] for each in cluster.pods()])

    def test_they_run_as_the_chart_says(self):
        for pod in cluster.pods():
            process = cluster.process_of(pod["metadata"]["name"])
            with open(f"/proc/{process}/status", encoding="utf-8") as file:
                status = dict(re.findall(r"(?m)^(\w+):\s+(.*)$", file.read()))
            self.assertEqual(status["Uid"].split(), ["65532"] * 4)
            self.assertEqual(int(status["CapEff"], 16), 0)
            self.assertEqual(int(status["CapBnd"], 16), 0)
            self.assertEqual(status["NoNewPrivs"], "1")
            self.assertEqual(status["Seccomp"], "2")
            cluster.figure("RSS of a replica in its pod", f"{int(status['VmRSS'].split()[0]) / 1024:.1f}", "MB", 20)
            self.assertLess(int(status["VmRSS"].split()[0]) / 1024, 20)

    def test_their_root_file_system_can_not_be_written(self):
        for pod in cluster.pods():
            with open(f"/proc/{cluster.process_of(pod['metadata']['name'])}/mounts", encoding="utf-8") as file:
                root = next(line.split() for line in file if line.split()[1] == "/")
            self.assertIn("ro", root[3].split(","))

    def test_kubectl_logs_shows_what_they_do(self):
        logs = {pod["metadata"]["name"]: kubectl("-n", NAMESPACE, "logs", pod["metadata"]["name"]) for pod in cluster.pods()}
        leader = cluster.leader()
        self.assertIn("leading", logs.pop(leader))
        self.assertIn("standby: lease", next(iter(logs.values())))

    def test_helm_test_passes(self):
        said = helm("test", RELEASE, "--namespace", NAMESPACE, "--logs", "--timeout=100s")
        self.assertRegex(said, r"(?m)^ok      metrics$")
        self.assertRegex(said, r"(?m)^ok      [1-9]\d* rights granted$")
        self.assertNotIn("FAILED", said)


if __name__ == "__main__":
    unittest.main()
