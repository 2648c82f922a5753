#!/usr/bin/env python3
"""Writes what the chart has in common with the rest of the repository, so that it can't say anything else.

  crds/                       ->  templates/crds/, and the shape of `connections` in values.schema.json
  samples/rbac.yaml           ->  templates/_rules.tpl: the operator's rights, by where they have to be granted
  values.yaml (its comments)  ->  the table in README.md, the descriptions in values.schema.json
  values.schema.base.json     ->  the rest of values.schema.json

  generate.py          writes the files
  generate.py --check  exits 1 when a file on disk differs
Needs PyYAML (Debian: python3-yaml).
"""

import argparse
import difflib
import json
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[1]
CHART = ROOT / "charts" / "platformer-operator"
CONNECTION_KINDS = ["ConsoleConnection", "ClusterConsoleConnection"]
TABLE = re.compile(r"(?<=<!-- values -->\n).*?(?=<!-- end of values -->)", re.DOTALL)
# What JSON Schema and the schemas of CRDs have in common. Rules in CEL are left to the apiserver.
COMMON_KEYWORDS = ["type", "description", "enum", "required", "minLength", "maxLength", "minimum", "maximum", "minItems",
                   "maxItems", "minProperties", "maxProperties"]


class Contradiction(Exception):
    """Two sources say different things."""


def read_crds():
    """(path, text, object) of each file in crds/."""
    paths = sorted((ROOT / "crds").glob("*.yaml"))
    return [(path, path.read_text(), yaml.safe_load(path.read_text())) for path in paths]


# ---- CRD templates ---------------------------------------------------------------------------------------------------
def literally(text):
    """Text in which a template finds nothing to do."""
    return re.sub(r"\{\{|\}\}", lambda found: '{{ "%s" }}' % found[0], text)


def crd_template(path, text):
    body = re.sub(r"\A(#.*\n)+", "", text)
    marks = ("  labels:\n"
             '    {{- include "platformer-operator.labels" . | nindent 4 }}\n'
             "  {{- if .Values.crds.keep }}\n"
             "  annotations:\n"
             "    helm.sh/resource-policy: keep\n"
             "  {{- end }}\n")
    body, count = re.subn(r"(?m)^(metadata:\n  name: \S+\n)(?=spec:)", lambda found: found[1] + "@marks@", literally(body))
    if count != 1:
        raise Contradiction(f"{path.name}: metadata has more than a name; generate.py has to learn of that")
    return (f"{{{{- /* Written by charts/generate.py from crds/{path.name}. */}}}}\n"
            "{{- if .Values.crds.enabled }}\n" + body.replace("@marks@", marks).rstrip() + "\n{{- end }}\n")


# ---- rights ----------------------------------------------------------------------------------------------------------
def cluster_scoped(crds):
    plurals = [each["spec"]["names"]["plural"] for _, _, each in crds if each["spec"]["scope"] == "Cluster"]
    return {"namespaces", *plurals, *(plural + "/status" for plural in plurals)}


def rule_blocks(name):
    """The text of each rule of that ClusterRole, with the comment above it."""
    documents = (ROOT / "samples" / "rbac.yaml").read_text().split("\n---\n")
    role = next(each for each in documents if f"\nkind: ClusterRole\nmetadata:\n  name: {name}\n" in each)
    rules = role.split("\nrules:\n")[1].rstrip() + "\n"
    return re.findall(r"(?:#.*\n)*- apiGroups.*\n(?:  .*\n)*", rules)


def rules_template(crds):
    of_cluster = cluster_scoped(crds)
    parts = {"namespaced": "", "cluster": "", "clusterID": ""}
    for block in rule_blocks("platformer-operator"):
        rule = yaml.safe_load(block)[0]
        wide = [resource in of_cluster for resource in rule["resources"]]
        if any(wide) and not all(wide):
            raise Contradiction(f"samples/rbac.yaml: one rule for {rule['resources']}, which are partly of the cluster, "
                                "partly of a namespace; the chart grants them in different places, so split it")
        if rule.get("resourceNames") == ["kube-system"]:
            parts["clusterID"] += block
        else:
            parts["cluster" if all(wide) else "namespaced"] += block
    parts["restarts"] = "".join(rule_blocks("platformer-operator-restarts"))
    parts["metrics"] = "".join(rule_blocks("platformer-operator-metrics"))
    plurals = ", ".join(each["spec"]["names"]["plural"] for _, _, each in crds)
    meanings = {"namespaced": "Granted in each watched namespace, or cluster-wide.",
                "cluster": "On what is in no namespace.",
                "restarts": "As rules.namespaced, with rbac.restartWorkloads.",
                "metrics": "On what is in no namespace, with metrics.secure.",
                "clusterID": "Not needed with a clusterID of one's own."}
    text = "{{- /* Written by charts/generate.py from samples/rbac.yaml and crds/. */}}\n"
    for name, rules in parts.items():
        text += f"\n{{{{/* {meanings[name]} */}}}}\n{{{{- define \"platformer-operator.rules.{name}\" -}}}}\n"
        text += f"{rules.rstrip()}\n{{{{- end }}}}\n".lstrip("\n")
    return text + ('\n{{/* Plurals of the custom resources. */}}\n{{- define "platformer-operator.resources" -}}\n'
                   f"{plurals}\n{{{{- end }}}}\n")


# ---- values ----------------------------------------------------------------------------------------------------------
def described_values():
    """[(path, description)] of values.yaml, in its order."""
    found, path, comment = [], [], None
    for line in (CHART / "values.yaml").read_text().splitlines():
        text = line.strip()
        key = re.match(r"( *)([A-Za-z]\w*):", line)
        if text.startswith("# -- "):
            comment = text[5:]
        elif text.startswith("#") and comment is not None:
            comment += " " + text[1:].strip()
        elif key:
            path = path[:len(key[1]) // 2] + [key[2]]
            if comment is not None:
                found.append((".".join(path), comment))
            comment = None
        else:
            comment = None
    return found


def lookup(values, path):
    for key in path.split("."):
        values = values[key]
    return values


def leaves(values, path=""):
    for key, value in values.items():
        below = f"{path}.{key}".lstrip(".")
        if isinstance(value, dict) and value:
            yield from leaves(value, below)
        else:
            yield below


def check_described(values, described):
    names = [path for path, _ in described]
    for leaf in leaves(values):
        if not any(leaf == name or leaf.startswith(name + ".") for name in names):
            raise Contradiction(f"values.yaml: {leaf} has no description (a comment that begins with '# --')")


def values_table(values, described):
    lines = ["| value | default | meaning |", "|---|---|---|"]
    for path, meaning in described:
        default = json.dumps(lookup(values, path), ensure_ascii=False)
        lines.append(f"| `{path}` | `{default}` | {meaning} |".replace("\\|", "|"))
    return "\n".join(lines) + "\n"


# ---- schema ----------------------------------------------------------------------------------------------------------
def json_schema(crd_schema):
    made = {key: crd_schema[key] for key in COMMON_KEYWORDS if key in crd_schema}
    if "properties" in crd_schema:
        made["additionalProperties"] = False
        made["properties"] = {name: json_schema(below) for name, below in crd_schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(crd_schema.get(key), dict):
            made[key] = json_schema(crd_schema[key])
    return made


def connection_schemas(crds):
    """Definitions: `connection`, and the spec of each kind of connection."""
    specs = {}
    for _, _, crd in crds:
        kind = crd["spec"]["names"]["kind"]
        if kind in CONNECTION_KINDS:
            schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
            specs[kind] = json_schema(schema["properties"]["spec"])
    connection = {
        "type": "object", "additionalProperties": False, "required": ["name", "spec"],
        "properties": {
            "name": {"$ref": "#/definitions/objectName"}, "namespace": {"$ref": "#/definitions/optionalNamespace"},
            "kind": {"enum": [kind for kind in CONNECTION_KINDS if kind in specs]},
            "labels": {"$ref": "#/definitions/strings"}, "annotations": {"$ref": "#/definitions/strings"},
            "spec": {"type": "object"}}}
    spec_of = {kind: {"properties": {"spec": {"$ref": f"#/definitions/{kind}Spec"}}} for kind in specs}
    if len(specs) == 1:
        connection["allOf"] = list(spec_of.values())
    else:
        connection["if"] = {"required": ["kind"], "properties": {"kind": {"const": CONNECTION_KINDS[1]}}}
        connection["then"], connection["else"] = spec_of[CONNECTION_KINDS[1]], spec_of[CONNECTION_KINDS[0]]
    return {"connection": connection, **{f"{kind}Spec": spec for kind, spec in specs.items()}}


def property_of(schema, path):
    for key in path.split("."):
        if key not in schema.get("properties", {}):
            raise Contradiction(f"values.schema.base.json does not know the value {path}")
        schema = schema["properties"][key]
    return schema


def check_schema_covers(schema, values, path=""):
    """Every value has a property, and every property that names its parts a value."""
    for key, below in schema.get("properties", {}).items():
        name = f"{path}.{key}".lstrip(".")
        if name == "global":
            continue
        if not isinstance(values, dict) or key not in values:
            raise Contradiction(f"values.schema.base.json: {name} is not in values.yaml")
        if isinstance(values[key], dict) and "properties" in below and name not in ("resources", "affinity"):
            check_schema_covers(below, values[key], name)
    for key in values:
        property_of(schema, key)


def values_schema(crds, values, described):
    schema = json.loads((ROOT / "charts" / "values.schema.base.json").read_text())
    check_schema_covers(schema, values)
    for path, meaning in described:
        property_of(schema, path)["description"] = meaning
    schema["definitions"].update(connection_schemas(crds))
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def generated():
    """What each generated file has to hold, by path."""
    crds = read_crds()
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    described = described_values()
    check_described(values, described)
    readme = CHART / "README.md"
    files = {CHART / "templates" / "crds" / path.name: crd_template(path, text) for path, text, _ in crds}
    files[CHART / "templates" / "_rules.tpl"] = rules_template(crds)
    files[CHART / "values.schema.json"] = values_schema(crds, values, described)
    files[readme] = TABLE.sub(lambda _: values_table(values, described), readme.read_text())
    return files


def check(files):
    differ = False
    for path, wanted in files.items():
        present = path.read_text() if path.exists() else ""
        if present != wanted:
            differ = True
            name = str(path.relative_to(ROOT))
            sys.stdout.writelines(difflib.unified_diff(present.splitlines(True), wanted.splitlines(True), name,
                                                       f"{name} as generated"))
    for path in (CHART / "templates" / "crds").iterdir():
        if path not in files:
            differ = True
            print(f"{path.relative_to(ROOT)}: has no source in crds/ any more")
    if differ:
        print("\nMend it with: python3 charts/generate.py", file=sys.stderr)
    return 1 if differ else 0


def write(files):
    for path in (CHART / "templates" / "crds").glob("*.yaml"):
        if path not in files:
            path.unlink()
    for path, wanted in files.items():
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text() != wanted:
            path.write_text(wanted)
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    given = parser.parse_args()
    try:
        files = generated()
    except Contradiction as found:
        print(f"generate.py: {found}", file=sys.stderr)
        return 1
    return check(files) if given.check else write(files)


if __name__ == "__main__":
    sys.exit(main())
