#!/usr/bin/env python3
"""Each set of values in values/ gives manifests that helm lint, kubeconform and the apiserver have nothing against."""

import pathlib
import unittest

import yaml

import schemas
from chart import (CHART, NAMESPACE, PATIENCE, ROOT, crd_names, get, helm, install_crds, kubectl, make_namespace, of_kind, only,
                   remove_crds, render, template)

SETS = sorted((pathlib.Path(__file__).parent / "values").glob("*.yaml"))
NAMESPACES = (NAMESPACE, "team-a", "team-b", "monitoring")


class Values(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install_crds()
        monitors = ROOT / "tests" / "chart" / "servicemonitor.yaml"
        kubectl("apply", "-f", str(monitors))
        kubectl("wait", "--for=condition=Established", PATIENCE, "-f", str(monitors))
        for name in NAMESPACES:
            make_namespace(name)
        # Pods need an account that is there, even in a dry run.
        for name in ("platformer-operator", "someone-else", "operator-of-team-a", "console-operator"):
            kubectl("-n", NAMESPACE, "create", "serviceaccount", name)
        cls.schemas = schemas.write()

    @classmethod
    def tearDownClass(cls):
        kubectl("delete", "namespace", "--wait=false", *NAMESPACES)
        kubectl("delete", "crd", "servicemonitors.monitoring.coreos.com", "prometheusrules.monitoring.coreos.com",
                "certificates.cert-manager.io")
        remove_crds()

    def test_there_are_at_least_twelve(self):
        self.assertGreaterEqual(len(SETS), 12)
        print(f"{len(SETS)} value sets")

    def test_each_is_linted_without_a_warning(self):
        for path in SETS:
            with self.subTest(path.stem):
                said = helm("lint", CHART, "--strict", "--namespace", NAMESPACE, "-f", path)
                self.assertIn("0 chart(s) failed", said)
                self.assertNotIn("[WARNING]", said)

    def test_each_has_only_fields_that_kubernetes_knows(self):
        for path in SETS:
            with self.subTest(path.stem):
                summary = schemas.kubeconform(template(path.read_text()), self.schemas)
                self.assertRegex(summary, r"Invalid: 0, Errors: 0, Skipped: 0")

    def test_each_passes_a_dry_run_on_the_apiserver_without_a_warning(self):
        for path in SETS:
            # A warning is a failure (chart.kubectl): Pod Security `restricted` warns of everything it objects to.
            # The CRDs, which are by far the most, only where the set is about them.
            crds = [] if path.stem in ("defaults", "crds-not-kept") else ["--set", "crds.enabled=false"]
            with self.subTest(path.stem):
                kubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-",
                        text=template(path.read_text(), "--api-versions", "console.platformer.com/v1alpha1", *crds))

    def test_pods_are_accepted_by_pod_security_restricted(self):
        # Workloads are only warned of; a pod made from the template is refused.
        for path in SETS:
            with self.subTest(path.stem):
                made = only(render(path.read_text()), "Deployment")["spec"]["template"]
                made["spec"].pop("priorityClassName", None)
                pod = {"apiVersion": "v1", "kind": "Pod", "spec": made["spec"],
                       "metadata": {**made["metadata"], "name": "of-the-deployment", "namespace": NAMESPACE}}
                kubectl("create", "--dry-run=server", "-f", "-", text=yaml.safe_dump(pod))

    def test_nothing_is_in_a_namespace_that_the_values_do_not_name(self):
        for path in SETS:
            text = path.read_text()
            for each in render(text):
                namespace = each["metadata"].get("namespace", NAMESPACE)
                self.assertTrue(namespace == NAMESPACE or namespace in text, f"{path.stem}: {each['kind']} in {namespace}")

    def test_every_object_says_which_release_it_belongs_to(self):
        for path in SETS:
            for each in render(path.read_text()):
                labels = each["metadata"]["labels"]
                self.assertEqual(labels["app.kubernetes.io/instance"], "platformer-operator", each["kind"])
                self.assertEqual(labels["app.kubernetes.io/managed-by"], "Helm", each["kind"])

    def test_the_crds_are_those_of_the_repository(self):
        rendered = of_kind(render(), "CustomResourceDefinition")
        self.assertEqual(sorted(each["metadata"]["name"] for each in rendered), crd_names())
        for path in (ROOT / "crds").glob("*.yaml"):
            source = yaml.safe_load(path.read_text())
            self.assertEqual(only(rendered, "CustomResourceDefinition", source["metadata"]["name"])["spec"], source["spec"])

    def test_a_second_release_of_the_same_name_in_another_namespace_meets_none_of_the_first_ones_objects(self):
        def names(namespace):
            return {(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"])
                    for each in render("crds: {enabled: false}\nwatchNamespaces: [team-a]\nadmissionPolicy: {enabled: true}",
                                       namespace=namespace)}
        self.assertEqual(names("one") & names("two"), set())

    def connections(self, documents):
        found = of_kind(documents, "ConsoleConnection") + of_kind(documents, "ClusterConsoleConnection")
        self.assertEqual(len(found), 3)
        return found

    def test_connections_come_in_a_hook_until_their_kind_is_known(self):
        text = (pathlib.Path(__file__).parent / "values" / "connections.yaml").read_text()
        for each in self.connections(render(text)):
            annotations = each["metadata"]["annotations"]
            self.assertEqual(annotations["helm.sh/hook"], "post-install,post-upgrade")
            self.assertNotIn("before-hook-creation", annotations["helm.sh/hook-delete-policy"])
        for each in self.connections(render(text, "--api-versions", "console.platformer.com/v1alpha1")):
            self.assertNotIn("helm.sh/hook", each["metadata"]["annotations"])
            self.assertEqual(each["metadata"]["annotations"]["helm.sh/resource-policy"], "keep")

    def test_the_dry_runs_left_nothing(self):
        self.assertIsNone(get("-n", NAMESPACE, "deployment/platformer-operator"))


if __name__ == "__main__":
    unittest.main()
