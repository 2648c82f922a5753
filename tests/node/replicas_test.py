#!/usr/bin/env python3
"""Two replicas on the node: the leader goes in every way there is, under load, and no token is lost or made twice."""

import os
import signal
import subprocess
import time
import unittest

import cluster
from chart import NAMESPACE, RELEASE, eventually, get, helm, kubectl

TERM_SECONDS_MAX, KILL_SECONDS_MAX = 3, 20
BURST, ROLLED = 60, 500
TEAM = "replicas"


class Replicas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cluster.connect(TEAM)
        cls.addClassCleanup(kubectl, "delete", "namespace", TEAM, "--timeout=100s")
        cluster.apply_sample(TEAM)

    def setUp(self):
        cluster.wait_two_ready()

    def failed(self, prefix):
        return [each["metadata"]["name"] for each in objects(prefix) if not is_ready(each)]

    def assert_each_was_minted_once(self, prefix, count, what):
        made, failed = cluster.accounts(prefix), self.failed(prefix)
        minted = sum(each["tokens_issued"] for each in made)
        cluster.figure(f"{what}: accounts / second mints / failed objects",
                       f"{len(made)} / {minted - len(made)} / {len(failed)}", "", f"{count} / 0 / 0")
        self.assertEqual((len(made), minted, failed), (count, count, []))

    def test_a_standby_takes_over_when_the_leader_is_told_to_end(self):
        holder, pod, since = cluster.lease()["holderIdentity"], cluster.leader(), time.monotonic()
        kubectl("-n", NAMESPACE, "delete", "pod", pod, "--wait=false")
        took = cluster.wait_other_leader(holder, since, 60)
        cluster.figure("failover after SIGTERM of the leader's pod", f"{took:.1f}", "s", TERM_SECONDS_MAX)
        self.assertLess(took, TERM_SECONDS_MAX)

    def test_a_standby_takes_over_when_the_leader_is_killed(self):
        holder, process = cluster.lease()["holderIdentity"], cluster.process_of(cluster.leader())
        since = time.monotonic()
        os.kill(process, signal.SIGKILL)
        took = cluster.wait_other_leader(holder, since, 60)
        cluster.figure("failover after SIGKILL of the leader", f"{took:.1f}", "s", KILL_SECONDS_MAX)
        self.assertLess(took, KILL_SECONDS_MAX)

    def test_a_leader_deleted_by_force_in_a_burst_leaves_nothing_undone(self):
        # Slow enough that calls are under way when it goes.
        cluster.ask("POST", "/faults", {"operation": "createServiceAccount", "count": BURST, "latency_ms": 2000})
        self.addCleanup(cluster.ask, "DELETE", "/faults")
        leader = cluster.leader()
        kubectl("create", "-f", "-", text=cluster.many(TEAM, "burst", BURST))
        eventually(lambda: len(cluster.accounts("burst")) > BURST // 10, "the burst has begun")
        cluster.delete_by_force(leader)
        self.assertLess(len(cluster.accounts("burst")), BURST, "it went in the middle")
        cluster.wait_all_ready(TEAM, 100)
        made, failed = cluster.accounts("burst"), self.failed("burst")
        again = {each["name"] for each in made if each["tokens_issued"] > 1}
        cluster.figure(f"leader deleted by force in a burst of {BURST}: accounts / tokens recovered / failed objects",
                       f"{len(made)} / {len(again)} / {len(failed)}", "", f"{BURST} / calls under way / 0")
        self.assertEqual((len(made), failed), (BURST, []))
        # The kubelet kills after two seconds: a token that was on its way then is lost, and one more is made for it.
        recovered = {each["metadata"]["name"] for each in objects("burst") if each["status"]["token"]["cause"] == "Recovery"}
        self.assertLessEqual(again, recovered)

    def test_a_rolling_update_under_load_disturbs_nobody(self):
        pods = {each["metadata"]["name"] for each in cluster.pods()}
        creating = subprocess.Popen([cluster.kubectl_program(), "--kubeconfig", cluster.CLUSTER / "admin.kubeconfig", "-n", TEAM,
                                     "create", "-f", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.addCleanup(creating.wait)
        creating.stdin.write(cluster.many(TEAM, "rolled", ROLLED).encode())
        creating.stdin.close()
        eventually(lambda: len(cluster.accounts("rolled")) > ROLLED // 10, "a tenth is done")
        kubectl("-n", NAMESPACE, "rollout", "restart", f"deployment/{RELEASE}")
        took, _ = cluster.seconds_of(lambda: kubectl("-n", NAMESPACE, "rollout", "status", f"deployment/{RELEASE}",
                                                     "--timeout=100s"))
        left = ROLLED - len(cluster.accounts("rolled"))
        cluster.figure(f"rolled out in the middle of {ROLLED} creations", f"{took:.1f}", "s")
        self.assertGreater(left, 0, "it was over while there was work left")
        self.assertEqual(creating.wait(), 0)
        cluster.wait_all_ready(TEAM, 110)
        self.assert_each_was_minted_once("rolled", ROLLED, f"rolling update during {ROLLED} creations")
        eventually(lambda: pods.isdisjoint(each["metadata"]["name"] for each in cluster.pods()), "all pods are new")

    def test_an_upgrade_loses_and_mints_nothing(self):
        before, calls = cluster.token(TEAM), ask_counts()
        took, said = cluster.seconds_of(lambda: cluster.install("upgrade", "--reset-then-reuse-values", "--set", "workers=16"))
        cluster.figure("helm upgrade --wait", f"{took:.1f}", "s")
        self.assertIn("deployed", said)
        self.assertTrue(any("--workers=16" in each["spec"]["containers"][0]["args"] for each in cluster.pods()))
        self.assertTrue(cluster.token(TEAM) == before, "the token is the one of before")
        self.assertEqual(ask_counts(), calls)
        self.assertIn("ok      ready", helm("test", RELEASE, "--namespace", NAMESPACE, "--logs", "--timeout=100s"))


def objects(prefix):
    return [each for each in get("-n", TEAM, "psa")["items"] if each["metadata"]["name"].startswith(prefix)]


def is_ready(account):
    return any(each["type"] == "Ready" and each["status"] == "True" for each in account.get("status", {}).get("conditions", []))


def ask_counts():
    """{operation: how often} of the calls that change something."""
    return {operation: count for operation, count in cluster.ask("GET", "/calls")["counts"].items()
            if operation.startswith(("create", "renew", "update", "delete"))}


if __name__ == "__main__":
    unittest.main()
