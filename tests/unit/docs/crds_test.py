#!/usr/bin/env python3
"""Habits that every CRD in crds/ keeps, so that no field comes in without them."""

import copy
import pathlib
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
CRDS = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "crds").glob("*.yaml"))]


def schemas(schema, path=""):
    """Each schema with its path, the root first."""
    yield path, schema
    for name, below in schema.get("properties", {}).items():
        yield from schemas(below, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from schemas(schema[key], f"{path}[]")


def all_schemas():
    for crd in CRDS:
        for version in crd["spec"]["versions"]:
            for path, schema in schemas(version["schema"]["openAPIV3Schema"]):
                yield crd["spec"]["names"]["kind"] + path, schema


class Crds(unittest.TestCase):
    def test_there_are_three(self):
        self.assertEqual([crd["spec"]["names"]["kind"] for crd in CRDS],
                         ["ClusterConsoleConnection", "ConsoleConnection", "ServiceAccount"])

    def test_both_connections_have_one_schema_but_for_namespaces(self):
        """What is allowed to differ is taken away here, by name; all else is compared."""
        cluster, own, _ = (copy.deepcopy(crd["spec"]) for crd in CRDS)
        shared = cluster["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
        local = own["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
        shared.pop("allowedNamespaces")
        for name in ("credentialsSecretRef", "caBundleSecretRef"):
            shared[name]["properties"].pop("namespace")
            self.assertEqual(shared[name].pop("required"), ["namespace", *local[name].pop("required")])
            for each in (shared, local):
                each[name].pop("description")
        for each in (cluster, own):
            root = each["versions"][0]["schema"]["openAPIV3Schema"]
            root.pop("description")
            root["properties"]["kind"].pop("description")
        self.assertEqual(cluster["versions"], own["versions"])

    def test_file_names_are_object_names(self):
        for path in (ROOT / "crds").iterdir():
            group_and_plural = yaml.safe_load(path.read_text())["spec"]
            self.assertEqual(path.name, f"{group_and_plural['group']}_{group_and_plural['names']['plural']}.yaml")

    def test_short_names_do_not_shadow_kubernetes_own(self):
        names = {crd["spec"]["names"]["kind"]: crd["spec"]["names"] for crd in CRDS}
        self.assertEqual(names["ServiceAccount"]["shortNames"], ["psa"])
        self.assertEqual(names["ConsoleConnection"]["shortNames"], ["pcc"])
        self.assertEqual(names["ClusterConsoleConnection"]["shortNames"], ["pccc"])
        for each in names.values():
            self.assertEqual(each["categories"], ["platformer"])

    def test_every_version_has_a_status_subresource(self):
        for crd in CRDS:
            for version in crd["spec"]["versions"]:
                self.assertIn("status", version["subresources"])

    def test_every_field_has_a_description(self):
        for path, schema in all_schemas():
            if not path.endswith(".metadata"):
                self.assertTrue(schema.get("description", "").strip(), path)

    def test_every_list_has_a_list_type(self):
        for path, schema in all_schemas():
            if schema["type"] == "array":
                self.assertIn(schema.get("x-kubernetes-list-type"), ("set", "map", "atomic"), path)

    def test_everything_in_a_spec_is_bounded(self):
        for path, schema in all_schemas():
            if ".spec" not in path:
                continue
            if schema["type"] == "string":
                self.assertTrue("maxLength" in schema or "enum" in schema, path)
            if schema["type"] == "array":
                self.assertIn("maxItems", schema, path)
            if "additionalProperties" in schema:
                self.assertIn("maxProperties", schema, path)

    def test_nothing_is_left_unstructured(self):
        for path, schema in all_schemas():
            self.assertNotIn("x-kubernetes-preserve-unknown-fields", schema, path)
            self.assertNotIn("x-kubernetes-int-or-string", schema, path)

    def test_every_rule_has_a_message_for_people(self):
        for path, schema in all_schemas():
            for rule in schema.get("x-kubernetes-validations", []):
                self.assertGreater(len(rule.get("message", "")), 10, f"{path}: {rule['rule']}")
                self.assertNotIn("\n", rule["message"])

    def test_future_dates_are_printed_as_strings(self):
        for crd in CRDS:
            for version in crd["spec"]["versions"]:
                for column in version["additionalPrinterColumns"]:
                    if column["name"] != "Age":
                        self.assertNotEqual(column["type"], "date", column["name"])


if __name__ == "__main__":
    unittest.main()
