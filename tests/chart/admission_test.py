#!/usr/bin/env python3
"""The optional ValidatingAdmissionPolicy: the operator's notes on a Secret and on a ServiceAccount are its alone."""

import json
import unittest

from chart import (CHART, NAMESPACE, PATIENCE, RELEASE, Failed, eventually, helm, kubectl, make_namespace, remove_crds)

TEAM, ELSEWHERE = "chart-admission", "chart-elsewhere"
OPERATOR = f"system:serviceaccount:{NAMESPACE}:{RELEASE}"
EXEMPT = "system:serviceaccount:other:operator"
NOTE, RENEW, OPERATION = (f"console.platformer.com/{name}" for name in ("revision", "renew", "operation"))
VALUES = f"watchNamespaces: [{TEAM}]\nadmissionPolicy: {{enabled: true, exemptUsers: ['{EXEMPT}']}}"


def make_objects(namespace):
    for name, labels in (("ours", {"app.kubernetes.io/managed-by": "platformer-operator"}), ("theirs", {})):
        kubectl("apply", "-f", "-", text=json.dumps({
            "apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": name, "namespace": namespace, "labels": labels, "annotations": {NOTE: "1", "team": "a"}}}))
    kubectl("apply", "-f", "-", text=json.dumps({
        "apiVersion": "console.platformer.com/v1alpha1", "kind": "ServiceAccount",
        "metadata": {"name": "ci-bot", "namespace": namespace, "annotations": {OPERATION: "{}"}}, "spec": {}}))


def annotate(what, *annotations, user="somebody", namespace=TEAM):
    kubectl("-n", namespace, "annotate", "--overwrite", what, *annotations, f"--as={user}", "--as-group=system:masters")


class Policy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for name in (NAMESPACE, TEAM, ELSEWHERE):
            make_namespace(name)
        helm("install", RELEASE, CHART, "--namespace", NAMESPACE, "-f", "-", text=VALUES)
        for name in (TEAM, ELSEWHERE):
            make_objects(name)
        eventually(cls.in_force, "the policy is in force")

    @classmethod
    def tearDownClass(cls):
        helm("uninstall", RELEASE, "--namespace", NAMESPACE)
        kubectl("delete", "namespace", PATIENCE, NAMESPACE, TEAM, ELSEWHERE)
        remove_crds()

    @staticmethod
    def in_force():
        try:
            annotate("secret/ours", f"{NOTE}=probe")
        except Failed:
            return True
        annotate("secret/ours", f"{NOTE}=1", user=OPERATOR)
        return False

    def assert_refused(self, *arguments, **options):
        with self.assertRaises(Failed) as refused:
            annotate(*arguments, **options)
        self.assertIn("are its alone", str(refused.exception))
        self.assertIn("set console.platformer.com/renew on the ServiceAccount", str(refused.exception))

    def test_notes_on_our_secret_are_neither_changed_nor_removed_nor_added(self):
        self.assert_refused("secret/ours", f"{NOTE}=2")
        self.assert_refused("secret/ours", f"{NOTE}-")
        self.assert_refused("secret/ours", f"{RENEW}=now")

    def test_taking_the_label_off_along_with_the_note_does_not_help(self):
        with self.assertRaises(Failed):
            kubectl("-n", TEAM, "patch", "secret/ours", "--type=merge", "--as=somebody", "--as-group=system:masters", "-p",
                    json.dumps({"metadata": {"labels": {"app.kubernetes.io/managed-by": None}, "annotations": {NOTE: "2"}}}))

    def test_everything_else_on_our_secret_may_be_changed(self):
        annotate("secret/ours", "team=b", "example.com/console.platformer.com=x")

    def test_other_secrets_are_nobodys_business(self):
        annotate("secret/theirs", f"{NOTE}=2")

    def test_the_operation_on_a_service_account_is_the_operators(self):
        self.assert_refused("psa/ci-bot", f"{OPERATION}=x")
        self.assert_refused("psa/ci-bot", f"{OPERATION}-")

    def test_requests_to_renew_are_everybodys(self):
        annotate("psa/ci-bot", f"{RENEW}=2026-11-26", "console.platformer.com/reconcile=now")

    def test_the_operator_and_those_exempted_may(self):
        for user in (OPERATOR, EXEMPT):
            annotate("secret/ours", f"{NOTE}=3", user=user)
            annotate("psa/ci-bot", f"{OPERATION}=y", user=user)

    def test_namespaces_that_are_not_watched_are_left_alone(self):
        annotate("secret/ours", f"{NOTE}=2", namespace=ELSEWHERE)
        annotate("psa/ci-bot", f"{OPERATION}=x", namespace=ELSEWHERE)


if __name__ == "__main__":
    unittest.main()
