#!/usr/bin/env python3
"""samples/rbac.yaml grants what the operator needs and not one verb more. A request that is added to the operator has to
be added here, with a reason that a reviewer accepts."""

import pathlib
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOCUMENTS = [each for each in yaml.safe_load_all((ROOT / "samples" / "rbac.yaml").read_text()) if each]

OURS = "console.platformer.com"
EXPECTED = {
    (OURS, "serviceaccounts"): {"list", "watch", "patch"},
    (OURS, "consoleconnections"): {"list", "watch", "patch"},
    (OURS, "clusterconsoleconnections"): {"list", "watch", "patch"},
    (OURS, "serviceaccounts/status"): {"patch"},
    (OURS, "consoleconnections/status"): {"patch"},
    (OURS, "clusterconsoleconnections/status"): {"patch"},
    ("", "secrets"): {"get", "list", "watch", "create", "patch", "delete"},
    ("", "namespaces"): {"get", "list", "watch"},
    ("events.k8s.io", "events"): {"create", "patch"},
}
# Optional, in a role of its own.
EXPECTED_FOR_RESTARTS = {
    ("apps", "deployments"): {"patch"},
    ("apps", "statefulsets"): {"patch"},
    ("apps", "daemonsets"): {"patch"},
    ("argoproj.io", "rollouts"): {"patch"},
}
# Optional likewise, for metrics over TLS.
EXPECTED_FOR_METRICS = {
    ("authentication.k8s.io", "tokenreviews"): {"create"},
    ("authorization.k8s.io", "subjectaccessreviews"): {"create"},
}
# In the operator's own namespace only.
EXPECTED_AT_HOME = {("coordination.k8s.io", "leases"): {"get", "create", "update"}}


NAME = "platformer-operator"
RESTARTS = NAME + "-restarts"
METRICS = NAME + "-metrics"


def only(kind, name=NAME):
    found = [each for each in DOCUMENTS if each["kind"] == kind and each["metadata"]["name"] == name]
    assert len(found) == 1, f"{len(found)} of {kind} {name}"
    return found[0]


def granted_by(role):
    granted = {}
    for rule in role["rules"]:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                granted.setdefault((group, resource), set()).update(rule["verbs"])
    return granted


class Rbac(unittest.TestCase):
    def test_the_roles_grant_exactly_what_is_expected(self):
        self.assertEqual(granted_by(only("ClusterRole")), EXPECTED)
        self.assertEqual(granted_by(only("ClusterRole", RESTARTS)), EXPECTED_FOR_RESTARTS)
        self.assertEqual(granted_by(only("ClusterRole", METRICS)), EXPECTED_FOR_METRICS)
        self.assertEqual(granted_by(only("Role")), EXPECTED_AT_HOME)

    def test_scrapers_have_a_role_that_the_operator_does_not_have(self):
        reader = only("ClusterRole", METRICS + "-reader")
        self.assertEqual(reader["rules"], [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}])
        self.assertNotIn(reader["metadata"]["name"], [each["roleRef"]["name"] for each in DOCUMENTS if "roleRef" in each])

    def test_there_are_no_wildcards(self):
        self.assertNotIn("*", str([each for each in DOCUMENTS if "rules" in each]))

    def test_of_namespaces_only_kube_system_can_be_read_by_name(self):
        for rule in only("ClusterRole")["rules"]:
            if "namespaces" in rule["resources"] and "get" in rule["verbs"]:
                self.assertEqual(rule["resourceNames"], ["kube-system"])

    def test_the_bindings_are_for_the_operators_identity_alone(self):
        account = only("ServiceAccount")
        for kind, name in (("Role", NAME), ("ClusterRole", NAME), ("ClusterRole", RESTARTS), ("ClusterRole", METRICS)):
            role, binding = only(kind, name), only(kind + "Binding", name)
            self.assertEqual(binding["subjects"], [{"kind": "ServiceAccount", "name": account["metadata"]["name"],
                                                    "namespace": account["metadata"]["namespace"]}])
            self.assertEqual(binding["roleRef"]["name"], role["metadata"]["name"])
            self.assertEqual(binding["roleRef"]["kind"], kind)
            self.assertEqual(binding["metadata"].get("namespace"), role["metadata"].get("namespace"))
        self.assertEqual(only("Role")["metadata"]["namespace"], account["metadata"]["namespace"])

    def test_there_is_nothing_else_in_the_file(self):
        self.assertEqual([each["kind"] for each in DOCUMENTS],
                         ["Namespace", "ServiceAccount", "ClusterRole", "ClusterRole", "ClusterRole", "ClusterRole", "Role",
                          "ClusterRoleBinding", "RoleBinding", "ClusterRoleBinding", "ClusterRoleBinding"])


if __name__ == "__main__":
    unittest.main()
