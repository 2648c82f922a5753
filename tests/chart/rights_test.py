#!/usr/bin/env python3
"""The chart's roles grant exactly what samples/rbac.yaml does, wherever that has to be granted, and nobody gets more."""

import json
import re
import unittest

import yaml

from chart import (GROUP, NAMESPACE, RELEASE, ROOT, Failed, install_crds, kubectl, make_namespace, of_kind, only,
                   remove_crds, render)

SAMPLE = [each for each in yaml.safe_load_all((ROOT / "samples" / "rbac.yaml").read_text()) if each]
SECURE = "metrics: {secure: {enabled: true, secretName: metrics-tls}}"
IDENTITY = f"system:serviceaccount:{NAMESPACE}:{RELEASE}"


def granted(rules):
    """{(group, resource, name or "", verb)}"""
    return {(group, resource, name, verb) for rule in rules for group in rule["apiGroups"]
            for resource in rule["resources"] for verb in rule["verbs"] for name in rule.get("resourceNames", [""])}


def of_sample(kind, without=("metrics", "metrics-reader")):
    """What the operator needs, with optional parts unless they are left out."""
    return set().union(*(granted(each["rules"]) for each in of_kind(SAMPLE, kind)
                         if each["metadata"]["name"] not in [f"{RELEASE}-{part}" for part in without]))


def is_of_the_cluster(right):
    """What an operator of single namespaces does not look at."""
    return right[1].startswith("cluster") or right[1] == "namespaces" and not right[2]


def roles_of_operator(documents):
    """[(namespace or "", rights)] of the roles that bindings give to the operator's identity."""
    found = []
    for kind in ("ClusterRole", "Role"):
        for binding in of_kind(documents, kind + "Binding"):
            assert binding["subjects"] == [{"kind": "ServiceAccount", "name": RELEASE, "namespace": NAMESPACE}], binding
            namespace = binding["metadata"].get("namespace", "")
            role = [each for each in of_kind(documents, kind, binding["roleRef"]["name"])
                    if each["metadata"].get("namespace", "") == namespace]
            assert len(role) == 1, binding
            found.append((namespace, granted(role[0]["rules"])))
    return found


class Rendered(unittest.TestCase):
    def test_cluster_wide_it_is_the_sample(self):
        rights = dict(roles_of_operator(render()))
        self.assertEqual(rights[""], of_sample("ClusterRole"))
        lease = re.search(r'lease = "([^"]+)"', (ROOT / "operator" / "model" / "names.hpp").read_text())[1]
        self.assertEqual(rights[NAMESPACE], {("coordination.k8s.io", "leases", "" if verb == "create" else lease, verb)
                                             for _, _, _, verb in of_sample("Role")})

    def test_with_namespaces_each_has_the_rights_and_the_cluster_only_what_no_namespace_can_grant(self):
        rights = roles_of_operator(render("watchNamespaces: [team-a, team-b]"))
        wide = dict(rights)[""]
        for namespace in ("team-a", "team-b"):
            self.assertEqual(dict(rights)[namespace] | wide, {
                right for right in of_sample("ClusterRole") if not is_of_the_cluster(right)})
            self.assertFalse(dict(rights)[namespace] & wide)
        self.assertFalse({right for right in wide if right[1] == "secrets"})
        self.assertEqual(wide, {("", "namespaces", "kube-system", "get")})

    def test_with_an_identity_of_its_own_nobody_reads_kube_system(self):
        for values in ("clusterID: x", "clusterID: x\nwatchNamespaces: [team-a]"):
            for _, rights in roles_of_operator(render(values)):
                self.assertNotIn(("", "namespaces", "kube-system", "get"), rights)

    def test_with_secure_metrics_it_may_ask_who_scrapes_and_nobody_else_may_more(self):
        asks = of_sample("ClusterRole", without=["metrics-reader"]) - of_sample("ClusterRole")
        self.assertEqual({verb for _, _, _, verb in asks}, {"create"})
        for scope in ("", "\nwatchNamespaces: [team-a]", "\nclusterID: x\nwatchNamespaces: [team-a]"):
            before = dict(roles_of_operator(render(scope or "{}"))).get("", set())
            self.assertEqual(dict(roles_of_operator(render(SECURE + scope)))[""] - before, asks)

    def test_only_named_readers_may_scrape(self):
        name = f"{NAMESPACE}:{RELEASE}:metrics-reader"
        self.assertFalse(of_kind(render(), "ClusterRole", name))
        documents = render(SECURE)
        self.assertEqual(only(documents, "ClusterRole", name)["rules"], [{"nonResourceURLs": ["/metrics"], "verbs": ["get"]}])
        self.assertFalse(of_kind(documents, "ClusterRoleBinding", name))
        reader = {"namespace": "monitoring", "name": "prometheus"}
        binding = only(render(SECURE.replace("}}", f", readers: [{json.dumps(reader)}]}}}}")), "ClusterRoleBinding", name)
        self.assertEqual(binding["subjects"], [{"kind": "ServiceAccount", **reader}])
        self.assertEqual(binding["roleRef"]["name"], name)

    def test_there_are_no_wildcards(self):
        for values in ("", "watchNamespaces: [team-a]", "selector: a=b", SECURE):
            for role in of_kind(render(values), "ClusterRole") + of_kind(render(values), "Role"):
                self.assertNotIn("*", str(role["rules"]))

    def test_a_scope_makes_the_lease_unknown_and_its_rights_without_a_name(self):
        for values in ("watchNamespaces: [team-a]", "selector: a=b"):
            lease = dict(roles_of_operator(render(values + "\nleaderElection: {namespace: leases}")))["leases"]
            self.assertEqual(lease, {("coordination.k8s.io", "leases", "", verb) for verb in ("get", "create", "update")})

    def test_without_roles_or_election_there_are_none(self):
        self.assertEqual(roles_of_operator(render("rbac: {create: false}")), [])
        self.assertEqual([namespace for namespace, _ in roles_of_operator(render("leaderElection: {enabled: false}"))], [""])

    def test_only_pods_that_need_a_token_of_the_apiserver_get_one(self):
        documents = render()
        self.assertIs(only(documents, "ServiceAccount")["automountServiceAccountToken"], False)
        for pod in (only(documents, "Deployment")["spec"]["template"], only(documents, "Pod")):
            self.assertIs(pod["spec"]["automountServiceAccountToken"], True)


class People(unittest.TestCase):
    """What those may who have Kubernetes' own view, edit or admin in a namespace, as far as it comes from the chart."""

    @classmethod
    def setUpClass(cls):
        install_crds()
        make_namespace("people")
        make_namespace(NAMESPACE)
        # Only roles and bindings: the rest would want to be a whole release.
        documents = render("crds: {enabled: false}")
        roles = [each for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
                 for each in of_kind(documents, kind)]
        kubectl("apply", "-f", "-", text=yaml.safe_dump_all(roles))
        for role in ("view", "edit", "admin"):
            for part in ("view", "edit", "admin"):
                labels = only(roles, "ClusterRole", f"{NAMESPACE}:{RELEASE}:{part}")["metadata"]["labels"]
                if labels.get(f"rbac.authorization.k8s.io/aggregate-to-{role}") == "true":
                    kubectl("-n", "people", "create", "rolebinding", f"{role}-{part}", f"--user={role}",
                            f"--clusterrole={NAMESPACE}:{RELEASE}:{part}")
        cls.roles = roles

    @classmethod
    def tearDownClass(cls):
        kubectl("delete", "-f", "-", text=yaml.safe_dump_all(cls.roles))
        kubectl("delete", "namespace", "--wait=false", "people", NAMESPACE)
        remove_crds()

    def may(self, user, verb, resource, namespace="people", subresource=""):
        try:
            return kubectl("auth", "can-i", verb, resource, "-n", namespace, f"--as={user}",
                           f"--subresource={subresource}").strip() == "yes"
        except Failed:  # "no" is an exit status, too
            return False

    def test_view_reads_and_no_more(self):
        for plural in ("serviceaccounts", "consoleconnections"):
            self.assertTrue(self.may("view", "list", f"{plural}.{GROUP}"))
            for verb in ("create", "update", "patch", "delete"):
                self.assertFalse(self.may("view", verb, f"{plural}.{GROUP}"))

    def test_edit_writes_service_accounts_but_not_connections(self):
        for verb in ("create", "update", "patch", "delete"):
            self.assertTrue(self.may("edit", verb, f"serviceaccounts.{GROUP}"))
            self.assertFalse(self.may("edit", verb, f"consoleconnections.{GROUP}"))
        self.assertTrue(self.may("edit", "get", f"consoleconnections.{GROUP}"))

    def test_edit_reads_no_credential(self):
        for user in ("view", "edit", "admin"):
            self.assertFalse(self.may(user, "get", "secrets"), "from the chart, that is")

    def test_admin_writes_connections(self):
        for verb in ("create", "update", "patch", "delete"):
            self.assertTrue(self.may("admin", verb, f"consoleconnections.{GROUP}"))

    def test_nobody_writes_a_status(self):
        for user in ("view", "edit", "admin"):
            self.assertFalse(self.may(user, "patch", f"serviceaccounts.{GROUP}", subresource="status"))
        self.assertTrue(self.may(IDENTITY, "patch", f"serviceaccounts.{GROUP}", subresource="status"))

    def test_the_operator_may_what_it_needs_and_nothing_beside(self):
        for verb, resource in (("watch", "secrets"), ("patch", f"serviceaccounts.{GROUP}"), ("create", "events.events.k8s.io")):
            self.assertTrue(self.may(IDENTITY, verb, resource))
        for verb, resource in (("update", "secrets"), ("deletecollection", "secrets"), ("create", f"serviceaccounts.{GROUP}"),
                               ("delete", f"serviceaccounts.{GROUP}"), ("update", f"consoleconnections.{GROUP}"),
                               ("list", "pods"), ("list", "nodes"), ("get", "configmaps"), ("escalate", "clusterroles"),
                               ("get", "customresourcedefinitions"), ("impersonate", "users")):
            self.assertFalse(self.may(IDENTITY, verb, resource), f"{verb} {resource}")
        self.assertTrue(self.may(IDENTITY, "update", f"leases/{RELEASE}", NAMESPACE))
        self.assertFalse(self.may(IDENTITY, "update", "leases/another", NAMESPACE))
        self.assertFalse(self.may(IDENTITY, "get", f"leases/{RELEASE}"))


if __name__ == "__main__":
    unittest.main()
