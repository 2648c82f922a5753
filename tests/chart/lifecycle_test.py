#!/usr/bin/env python3
"""Install, upgrade, rollback, uninstall and the ways out, with a Ready account in the cluster: nothing of it is lost."""

import json
import os
import pathlib
import sys
import unittest

import release
from chart import (CHART, NAMESPACE, PATIENCE, RELEASE, ROOT, Failed, crd_names, eventually, get, helm, kubectl, make_namespace,
                   remove_crds, run, wait_crds_gone)
from release import ACCOUNT, PROGRAMS, TEAM, belongings, install, run_helm_test, start_operator

sys.path.insert(0, str(ROOT / "tests" / "support"))
from programs import Console  # noqa: E402


class Lifecycle(unittest.TestCase):
    def setUp(self):
        os.umask(0o077)
        self.folder = release.fresh_folder(self.id().rsplit(".", 1)[1])
        self.console = self.enterContext(Console(PROGRAMS, self.folder))
        self.values = release.values_for(self.console)
        for name in (NAMESPACE, TEAM):
            make_namespace(name)
        self.addCleanup(self.clean_up)

    def clean_up(self):
        if helm("list", "--namespace", NAMESPACE, "--short").strip():
            helm("uninstall", RELEASE, "--namespace", NAMESPACE)
        for plural in ("serviceaccounts", "consoleconnections"):
            self.take_finalizers(plural)
        kubectl("delete", "namespace", PATIENCE, NAMESPACE, TEAM)
        remove_crds()

    def take_finalizers(self, plural):
        try:
            names = kubectl("-n", TEAM, "get", f"{plural}.console.platformer.com", "-o", "name").split()
        except Failed:  # no such kind any more
            return
        for name in names:
            kubectl("-n", TEAM, "patch", name, "--type=merge", "-p", '{"metadata":{"finalizers":null}}')

    def start(self, chart=CHART):
        """Installs, runs the operator, makes an account."""
        install("install", chart, self.values)
        self.operator = self.enterContext(start_operator(self.folder))
        release.make_account(self.console)
        self.before = belongings(self.console)
        self.assertEqual(self.before["minted"], 1)

    def restart_operator(self):
        """What a rollout does."""
        self.assertEqual(self.operator.stop(), 0)
        self.operator = self.enterContext(start_operator(self.folder))

    def assert_nothing_is_lost(self):
        self.assertEqual(belongings(self.console), self.before)

    def served_fields(self):
        crd = get("crd/serviceaccounts.console.platformer.com")
        return set(crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["status"]["properties"])

    def test_upgrade_and_rollback_keep_everything(self):
        self.start(release.previous_chart(self.folder))
        self.assertNotIn("lastHandledReconcileAt", self.served_fields())

        install("upgrade", CHART, self.values)
        self.restart_operator()
        self.assertIn("lastHandledReconcileAt", self.served_fields(), "an upgrade brings new fields")
        self.assertIsNotNone(get("-n", NAMESPACE, f"service/{RELEASE}-metrics"))
        self.assert_nothing_is_lost()

        helm("rollback", RELEASE, "1", "--namespace", NAMESPACE)
        self.restart_operator()
        self.assertNotIn("lastHandledReconcileAt", self.served_fields())
        self.assertIsNone(get("-n", NAMESPACE, f"service/{RELEASE}-metrics"))
        self.assert_nothing_is_lost()

        install("upgrade", CHART, self.values)
        self.restart_operator()
        self.assert_nothing_is_lost()

    def test_a_connection_from_values_is_changed_by_an_upgrade_and_stays_without_its_entry(self):
        self.start()
        install("upgrade", CHART, self.values.replace("gateway", "interval: 5m\n    gateway")
                if "interval" in json.dumps(self.connection_schema()) else self.values.replace("spec:", "labels: {a: b}\n  spec:"))
        self.assert_nothing_is_lost()
        install("upgrade", CHART, "{}")
        self.assert_nothing_is_lost()

    def connection_schema(self):
        return get("crd/consoleconnections.console.platformer.com")["spec"]["versions"][0]["schema"]

    def test_helm_test_finds_what_is_missing(self):
        self.start()
        said = run_helm_test(self.folder, self.operator)
        self.assertIn("ready", said)
        self.assertIn("metrics", said)
        self.assertRegex(said, r"ok +\d\d rights granted")
        self.assert_nothing_is_lost()

        kubectl("-n", NAMESPACE, "delete", "rolebinding", f"{NAMESPACE}:{RELEASE}:lease")
        with self.assertRaises(Failed) as refused:
            run_helm_test(self.folder, self.operator)
        self.assertIn("checks failed", self.last_words(refused))
        self.assertIn("may not update leases", self.last_words(refused))

    def test_metrics_over_tls_are_for_the_readers_that_the_values_name(self):
        authority = release.make_certificate(self.folder)
        for name in ("scraper", "stranger"):
            kubectl("-n", TEAM, "create", "serviceaccount", name)
        install("install", CHART, self.values, "--set", "metrics.secure.enabled=true,metrics.secure.secretName=metrics-tls,"
                f"metrics.secure.readers[0].namespace={TEAM},metrics.secure.readers[0].name=scraper")
        self.operator = self.enterContext(start_operator(self.folder))

        def status(name):
            token = kubectl("-n", TEAM, "create", "token", name).strip()
            return run("curl", "-sS", "--cacert", authority, "-o", self.folder / f"{name}.txt", "-w", "%{http_code}",
                       "--header", "@-", release.secure_metrics(self.operator), text=f"Authorization: Bearer {token}")[0]

        self.assertEqual(status("scraper"), "200")
        self.assertIn("platformer_operator_build_info", (self.folder / "scraper.txt").read_text())
        self.assertEqual(status("stranger"), "403")
        said = run_helm_test(self.folder, self.operator)
        self.assertIn("ok      metrics over TLS, for those only who may have them", said)

    @staticmethod
    def last_words(refused):
        return str(refused.exception)

    def test_uninstalling_keeps_crds_accounts_and_tokens_and_the_next_release_takes_over(self):
        self.start()
        self.operator.stop()
        helm("uninstall", RELEASE, "--namespace", NAMESPACE)
        self.assertIsNone(get("-n", NAMESPACE, f"deployment/{RELEASE}"))
        self.assertIsNone(get(f"clusterrole/{NAMESPACE}:{RELEASE}"))
        for name in crd_names():
            self.assertNotIn("deletionTimestamp", get(f"crd/{name}")["metadata"])
        self.assert_nothing_is_lost()

        install("install", CHART, self.values)
        self.operator = self.enterContext(start_operator(self.folder))
        kubectl("-n", TEAM, "annotate", f"psa/{ACCOUNT}", "console.platformer.com/reconcile=after-the-reinstall")
        eventually(lambda: get("-n", TEAM, f"psa/{ACCOUNT}")["status"].get("lastHandledReconcileAt") == "after-the-reinstall",
                   "the new operator looks after the old objects")
        self.assert_nothing_is_lost()

    def uninstall_with_the_crds(self):
        self.start()
        install("upgrade", CHART, self.values, "--set", "crds.keep=false")
        self.operator.stop()
        helm("uninstall", RELEASE, "--namespace", NAMESPACE)
        # The API server deletes the objects of a CRD some time after the CRD was.
        eventually(lambda: "deletionTimestamp" in get("-n", TEAM, f"psa/{ACCOUNT}")["metadata"], "the object is deleted")
        self.assert_nothing_is_lost()

    def test_uninstalling_with_the_crds_leaves_objects_waiting_and_a_next_operator_ends_them_in_order(self):
        self.uninstall_with_the_crds()
        # Nothing is left of this kind, so that its CRD goes at once; the operator wants to see all three.
        gone = ROOT / "crds" / "console.platformer.com_clusterconsoleconnections.yaml"
        wait_crds_gone(["clusterconsoleconnections.console.platformer.com"])
        kubectl("apply", "--server-side", "-f", str(gone))
        install("install", CHART, "crds: {enabled: false}")
        self.operator = self.enterContext(start_operator(self.folder))
        eventually(lambda: not self.console.ask("GET", "/accounts")["accounts"], "the accounts are deleted")
        kubectl("delete", "-f", str(gone), "--wait=false")
        wait_crds_gone(crd_names())
        self.assertEqual(self.console.ask("GET", "/accounts")["accounts"], [])

    def test_without_an_operator_objects_are_let_go_by_hand_and_accounts_stay(self):
        self.uninstall_with_the_crds()
        for plural in ("serviceaccounts", "consoleconnections"):
            self.take_finalizers(plural)
        wait_crds_gone(crd_names())
        accounts = self.console.ask("GET", "/accounts")["accounts"]
        self.assertEqual(sorted(each["id"] for each in accounts), self.before["accounts"])

    def test_leaving_for_good_is_done_object_by_object(self):
        self.start()
        kubectl("delete", "serviceaccounts.console.platformer.com", "--all", "--all-namespaces", PATIENCE)
        kubectl("delete", "consoleconnections.console.platformer.com", "--all", "--all-namespaces", PATIENCE)
        kubectl("delete", "clusterconsoleconnections.console.platformer.com", "--all", PATIENCE)
        kubectl("wait", "--for=delete", "secrets", "--all-namespaces", "--selector",
                "app.kubernetes.io/managed-by=platformer-operator", PATIENCE)
        self.assertEqual(kubectl("-n", TEAM, "get", "--ignore-not-found", "-o", "name", f"secret/{ACCOUNT}-token"), "")
        self.operator.stop()
        helm("uninstall", RELEASE, "--namespace", NAMESPACE)
        kubectl("delete", "crd", "-l", "app.kubernetes.io/name=platformer-operator", "--wait=false")
        wait_crds_gone(crd_names())
        self.assertEqual(self.console.ask("GET", "/accounts")["accounts"], [])

    def test_a_second_release_does_not_take_the_crds_of_the_first(self):
        install("install", CHART, self.values, "--set", "selector=shard=a")
        with self.assertRaises(Failed) as refused:
            self.install_another(selector="shard=b", crds={"enabled": True})
        self.assertIn("CustomResourceDefinition", str(refused.exception))

    def install_another(self, **values):
        return helm("install", "another", CHART, "--namespace", TEAM, "-f", "-", text=json.dumps(
            {"crds": {"enabled": False}, **values}))

    def test_a_second_release_over_the_same_objects_is_refused(self):
        install("install", CHART, self.values)
        for values in ({}, {"watchNamespaces": [TEAM]}, {"selector": "shard=b"}):
            with self.assertRaises(Failed, msg=values) as refused:
                self.install_another(**values)
            self.assertIn(f"release {RELEASE} in namespace {NAMESPACE} looks after the same objects already (namespaces: all; "
                          "selector: none)", str(refused.exception))

        install("upgrade", CHART, self.values, "--set", f"watchNamespaces={{{TEAM}}}")
        for values in ({}, {"watchNamespaces": [NAMESPACE, TEAM]}, {"selector": "shard=b"}):
            with self.assertRaises(Failed, msg=values) as refused:
                self.install_another(**values)
            self.assertIn(f"(namespaces: {TEAM}; selector: none)", str(refused.exception))
        self.install_another(watchNamespaces=[NAMESPACE])
        helm("uninstall", "another", "--namespace", TEAM)

        install("upgrade", CHART, self.values, "--set", "selector=shard=a")
        self.install_another(selector="shard=b")
        install("upgrade", CHART, self.values, "--set", "selector=shard=a")
        helm("uninstall", "another", "--namespace", TEAM)


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # of logs that their readers close late
