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
        before, calls = cluster.token_digest(cluster.TEAM), len(self.heard())

        started = time.monotonic()
        kubectl("-n", cluster.TEAM, "annotate", "psa/ci-bot", "console.platformer.com/renew=now")
        kubectl("-n", cluster.TEAM, "wait", "--for=jsonpath={.status.lastHandledRenew}=now", "psa/ci-bot", "--timeout=30s")
        cluster.figure("renewal, annotation to done", f"{time.monotonic() - started:.1f}", "s")
        self.assertNotEqual(cluster.token_digest(cluster.TEAM), before)

        # The old token is dead at once; the pod is refused until the kubelet brings the new one, and never again.
        eventually(lambda: "401" in self.heard()[calls:], "the old token is refused")
        eventually(lambda: self.heard()[-3:] == ["200"] * 3, "the pod has the new token")
        cluster.figure("renewal to the consumer's first accepted call, by the mounted file",
                       f"{time.monotonic() - started - 3:.0f}", "s")
        after = self.heard()[calls:]
        self.assertEqual(sorted(after, key=lambda each: each == "200"), after, "refused, then accepted")
        self.assertEqual([each["tokens_issued"] for each in cluster.accounts("ci-bot")], [2])
        self.assertEqual(get("-n", cluster.TEAM, "psa/ci-bot")["status"]["token"]["revision"], 2)


if __name__ == "__main__":
    unittest.main()
