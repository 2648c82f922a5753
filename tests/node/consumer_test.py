#!/usr/bin/env python3
"""The way of a token: from the sample into a Secret, from there into a pod that calls the Console with it, and renewed."""

import time
import unittest

import cluster
from chart import eventually, get, kubectl


class Consumer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cluster.connect(cluster.TEAM)
        cls.addClassCleanup(kubectl, "delete", "namespace", cluster.TEAM, "--timeout=60s")
        cls.ready, _ = cluster.seconds_of(lambda: cluster.apply_sample(cluster.TEAM))
        kubectl("-n", cluster.TEAM, "apply", "-f", str(cluster.HERE / "consumer.yaml"))
        kubectl("-n", cluster.TEAM, "rollout", "status", "deployment/consumer", "--timeout=60s")

    def heard(self):
        """The statuses of the Console's answers, oldest first."""
        return kubectl("-n", cluster.TEAM, "logs", "deployment/consumer").split()

    def test_a_pod_authenticates_with_its_token_before_and_after_a_renewal(self):
        cluster.figure("quickstart applied to Ready", f"{self.ready:.1f}", "s")
        # The Service of a minute-old Console may refuse the very first call.
        eventually(lambda: self.heard()[-3:] == ["200"] * 3, "three calls in a row are accepted")
        before = cluster.token(cluster.TEAM)
        self.assertEqual(cluster.call_console(before), 200)

        started = time.monotonic()
        kubectl("-n", cluster.TEAM, "annotate", "psa/ci-bot", "console.platformer.com/renew=now")
        kubectl("-n", cluster.TEAM, "wait", "--for=jsonpath={.status.lastHandledRenew}=now", "psa/ci-bot", "--timeout=30s")
        cluster.figure("renewal, annotation to done", f"{time.monotonic() - started:.1f}", "s")
        self.assertTrue(cluster.token(cluster.TEAM) != before, "the Secret has another token")
        self.assertEqual(cluster.call_console(before), 401, "the old token is dead at once")

        # The call that was under way may still have been accepted. From the next one on, the pod is refused until the
        # kubelet brings the new token (at once, if it looks just now), and never again.
        calls = len(self.heard()) + 1
        eventually(lambda: self.heard()[calls:][-3:] == ["200"] * 3, "the pod has the new token")
        cluster.figure("renewal to the consumer's first accepted call, by the mounted file",
                       f"{time.monotonic() - started - 3:.0f}", "s")
        after = self.heard()[calls:]
        self.assertEqual(after, ["401"] * after.count("401") + ["200"] * after.count("200"), "refused, then accepted")
        self.assertEqual([each["tokens_issued"] for each in cluster.accounts("ci-bot")], [2])
        self.assertEqual(get("-n", cluster.TEAM, "psa/ci-bot")["status"]["token"]["revision"], 2)


if __name__ == "__main__":
    unittest.main()
