#!/usr/bin/env python3
"""Writes docs/reference.md from what the program itself is made of, so that the page can't say anything else.

Sources: crds/ (fields), operator/model/names.hpp (names), operator/model/condition.hpp (reasons),
operator/model/operation.hpp (causes), operator/console/openapi.yaml (Console operations).

  generate_reference.py          writes the page
  generate_reference.py --check  exits 1 when the page on disk differs, or when two sources contradict each other
Needs PyYAML (Debian: python3-yaml).
"""

import argparse
import difflib
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference.md"
MODEL = ROOT / "operator" / "model"
STRING = r'(?:"(?:[^"\\]|\\.)*"\s*)+'

# What each name in names.hpp is for; a name without an entry here fails the check.
NAME_MEANINGS = {
    "renew_annotation": "renews the token once for each new, non-empty value",
    "reconcile_annotation": "any new value makes the operator look at everything again; never mints a token",
    "orphan_annotation": "`true` lets a deleted object go without its account being deleted; for a Console that is gone for good",
    "operation_annotation": "the intent of the issuance that is under way or was done last",
    "secret_operation_id": "ID of the issuance that brought the token; what is written here has happened",
    "secret_revision": "number of the token",
    "secret_account_id": "ID of the account that the token belongs to",
    "secret_renew": "value of the renew annotation that this token honours",
    "secret_renew_history": "short hashes of the renew values honoured so far, at most 16",
    "secret_issued_at": "when the token was issued",
    "secret_expires_at": "when the token ends, as the Console granted it",
    "secret_fingerprint": "`sha256:` and the first 12 hex digits of the token's SHA-256",
    "secret_cause": "why the token was issued",
    "secret_applied": "keys of the labels and annotations that the spec asked for at the last write, to know which to remove later",
    "secret_previous_account_id": "with strategy Replace, during the overlap: ID of the account before",
    "secret_previous_until": "with strategy Replace: until when the account before lives",
    "managed_credential_label": "with the value `true`: the operator may replace the credential in that Secret (`spec.rotateCredentials`)",
    "secret_abandoned": "the replacement that was given up last; its account is deleted",
    "take_over_annotation": "hands a Secret that is not the operator's to the ServiceAccount named in the value",
    "pod_secret_revision": "a hash over the revisions of all Secrets whose ServiceAccounts name this workload",
    "managed_by_label": "on each Secret that the operator made, with the value `platformer-operator`",
    "finalizer": "keeps an object until its account (of a connection: its ServiceAccounts) is dealt with",
    "lease": "name of the Lease by which replicas elect the one that acts; an operator of some namespaces or objects only adds `-` and 8 hex digits for them",
    "marker_prefix": "begins the last line of an account's description at the Console, followed by `<cluster-id>/<namespace>/<name>/<uid>`",
}
NAME_TABLES = [
    ("Annotations on a ServiceAccount, set by you", ["renew_annotation", "reconcile_annotation", "orphan_annotation"]),
    ("Annotation on a ServiceAccount, set by the operator", ["operation_annotation"]),
    ("Annotations and label on the Secret, set by the operator",
     ["secret_operation_id", "secret_revision", "secret_account_id", "secret_renew", "secret_renew_history",
      "secret_issued_at", "secret_expires_at", "secret_fingerprint", "secret_cause", "secret_applied",
      "secret_previous_account_id", "secret_previous_until", "managed_by_label"]),
    ("Label on the Secret of a connection's credential, set by its owner", ["managed_credential_label"]),
    ("Annotation on that Secret, set by the operator beside those above", ["secret_abandoned"]),
    ("Annotation on a foreign Secret, set by its owner", ["take_over_annotation"]),
    ("Annotation on pod templates of `spec.rolloutRestartTargets`, set by the operator", ["pod_secret_revision"]),
    ("Elsewhere", ["finalizer", "lease", "marker_prefix"]),
]
# Names of the API itself, which the headings show.
NAMES_SHOWN_ELSEWHERE = {"group", "version", "api_version", "service_account_kind", "service_account_plural",
                         "console_connection_kind", "console_connection_plural", "cluster_console_connection_kind",
                         "cluster_console_connection_plural", "managed_by_value", "reserved_prefix"}
KINDS = ("service_account", "console_connection", "cluster_console_connection")

CONDITIONS = """| condition | says |
|---|---|
| `Ready` | sums the next three up; where one is False it has that one's reason |
| `AccountSynced` | the account exists and has the access, description and end that the spec asks for |
| `SecretSynced` | the Secret exists, is this object's, and has the keys, labels and annotations that it should |
| `TokenValid` | the token in the Secret is the one issued last and has not ended |
| `Reconciling` | work is under way; absent otherwise |
| `Stalled` | nothing more happens until somebody changes something, which the message names; absent otherwise |

A ConsoleConnection and a ClusterConsoleConnection have `Ready` and, while they hold, `Reconciling` and `Stalled`;
`CredentialValid` tells the health of their credential, `CredentialRotated` with `spec.rotateCredentials` whether it is replaced in time, and `TokensAccepted`
is False while too many tokens are rejected. `observedGeneration` is set on each
condition, and `lastTransitionTime` moves only when `status` does.
"""


class Contradiction(Exception):
    """Two sources say different things."""


def unquote(literals):
    """The text of one or more adjacent C++ string literals."""
    return "".join(re.sub(r"\\(.)", r"\1", each) for each in re.findall(r'"((?:[^"\\]|\\.)*)"', literals))


def read_reasons():
    text = (MODEL / "condition.hpp").read_text()
    found = re.findall(rf"reason_info\s+(\w+)\s*\{{\s*({STRING}),\s*({STRING}),\s*({STRING})\}}", text)
    listed = re.search(r"std::array all\s*=\s*\{(.*?)\}", text, re.DOTALL)
    in_list = re.findall(r"&(\w+)", listed[1]) if listed else []
    declared = [name for name, *_ in found]
    if not found or declared != in_list:
        raise Contradiction("condition.hpp: reason::all does not hold each declared reason once and in order: "
                            f"{sorted(set(declared) ^ set(in_list)) or 'order'}")
    return [tuple(unquote(part) for part in parts) for _, *parts in found]


def read_names():
    text = (MODEL / "names.hpp").read_text()
    names = {name: unquote(value) for name, value in re.findall(rf"string_view\s+(\w+)\s*=\s*({STRING});", text)}
    described = set(NAME_MEANINGS) | NAMES_SHOWN_ELSEWHERE
    if set(names) != described:
        raise Contradiction("names.hpp and NAME_MEANINGS in generate_reference.py differ in: "
                            + ", ".join(sorted(set(names) ^ described)))
    return names


def read_causes():
    text = (MODEL / "operation.hpp").read_text()
    body = re.search(r"enum class mint_cause[^{]*\{(.*?)\};", text, re.DOTALL)[1]
    return [("".join(word.capitalize() for word in name.split("_")), meaning.strip())
            for name, meaning in re.findall(r"(\w+),\s*//\s*(.*)", body)]


def read_operations():
    contract = yaml.safe_load((ROOT / "operator" / "console" / "openapi.yaml").read_text())
    base = contract["servers"][0]["url"].replace("{gateway}", "")
    operations = []
    for path, item in contract["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                found = item[method]
                operations.append((found["operationId"], method.upper(), base + path, found["x-provenance"],
                                   found["summary"]))
    return operations


def read_crds():
    documents = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "crds").glob("*.yaml"))]
    return {each["spec"]["names"]["kind"]: each for each in documents}


def check_agreement(names, operations, crds):
    connection = crds[names["console_connection_kind"]]
    routes = schema_of(connection)["properties"]["spec"]["properties"]["routes"]
    allowed = set(re.findall(r"'(\w+)'", routes["x-kubernetes-validations"][0]["rule"]))
    known = {operation for operation, *_ in operations}
    if allowed != known:
        raise Contradiction(f"spec.routes of the CRD and openapi.yaml differ in: {sorted(allowed ^ known)}")
    for kind in KINDS:
        spec = crds[names[f"{kind}_kind"]]["spec"]
        if (spec["group"], spec["names"]["plural"], spec["versions"][0]["name"]) != (
                names["group"], names[f"{kind}_plural"], names["version"]):
            raise Contradiction(f"names.hpp and the CRD of {names[f'{kind}_kind']} disagree on group, plural or version")
    reserved = str(schema_of(crds[names["service_account_kind"]]))
    for name in ("reserved_prefix", "managed_by_label", "marker_prefix"):
        if f"'{names[name]}'" not in reserved:
            raise Contradiction(f"the CRD does not refuse {names[name]}")


def schema_of(crd):
    return crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]


def cell(text):
    """Text that can't break out of a table's cell, nor be taken for HTML."""
    text = re.sub(r"\s+", " ", str(text)).replace("|", "\\|").strip()
    # Inside `code` nothing is HTML, and an entity would show as such.
    parts = text.split("`")
    return "`".join(part if index % 2 else part.replace("<", "&lt;") for index, part in enumerate(parts))


def type_of(schema):
    kind = schema["type"]
    if kind == "array":
        form = {"set": "set of", "map": "list of"}.get(schema.get("x-kubernetes-list-type"), "list of")
        return f"{form} {type_of(schema['items'])}s"
    if "additionalProperties" in schema:
        return f"map of {type_of(schema['additionalProperties'])}s"
    if schema.get("format") == "date-time":
        return "date and time"
    return kind


def limits_of(schema, required):
    limits = ["Required."] if required else []
    if "enum" in schema:
        limits.append("One of " + ", ".join(f"`{value}`" for value in schema["enum"]) + ".")
    if "maxLength" in schema and schema.get("format") is None:
        limits.append(f"At most {schema['maxLength']} characters.")
    if "maxItems" in schema:
        limits.append(f"At most {schema['maxItems']} entries.")
    if "maxProperties" in schema:
        limits.append(f"At most {schema['maxProperties']} entries.")
    if schema.get("x-kubernetes-list-type") == "map":
        limits.append("One entry for each " + " and ".join(f"`{key}`" for key in schema["x-kubernetes-list-map-keys"]) + ".")
    return limits


def walk(schema, path):
    """Each field below an object: its path, its schema and whether it is required."""
    required = schema.get("required", [])
    for name, below in schema.get("properties", {}).items():
        yield f"{path}.{name}", below, name in required
        if below["type"] == "array" and below["items"]["type"] == "object":
            yield from walk(below["items"], f"{path}.{name}[]")
        elif isinstance(below.get("additionalProperties"), dict):
            yield from walk(below["additionalProperties"], f"{path}.{name}.*")
        else:
            yield from walk(below, f"{path}.{name}")


def rules_of(schema, path):
    for rule in schema.get("x-kubernetes-validations", []):
        yield path, rule["message"]
    for name, below in schema.get("properties", {}).items():
        yield from rules_of(below, f"{path}.{name}" if path else name)
    if "items" in schema:
        yield from rules_of(schema["items"], f"{path}[]")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from rules_of(schema["additionalProperties"], f"{path}.*")


def default_of(schema):
    default = schema.get("default", "")
    if default == "" or isinstance(default, dict):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def field_table(schema, path):
    lines = ["| field | type | default | meaning |", "|---|---|---|---|"]
    for name, below, required in walk(schema, path):
        meaning = " ".join([below["description"], *limits_of(below, required)])
        lines.append(f"| `{name}` | {cell(type_of(below))} | {default_of(below)} | {cell(meaning)} |")
    return lines


def kind_section(crd):
    spec = crd["spec"]
    version = spec["versions"][0]
    schema = schema_of(crd)
    names = spec["names"]
    lines = [f"## {names['kind']}", "", schema["description"], "",
             f"`apiVersion: {spec['group']}/{version['name']}`, `kind: {names['kind']}`; for kubectl "
             f"`{names['plural']}.{spec['group']}` or `{names['shortNames'][0]}`; scope: {spec['scope'].lower()}.", "",
             "### Spec", "", *field_table(schema["properties"]["spec"], "spec"), "",
             "The apiserver refuses an object that breaks one of these rules:", ""]
    by_message = {}
    for path, message in rules_of(schema, ""):
        by_message.setdefault(message, []).append(path)
    for message, paths in by_message.items():
        lines.append("- " + ", ".join(f"`{path}`" if path else "the object" for path in paths) + f": {cell(message)}.")
    lines += ["", "### Status", "", *field_table(schema["properties"]["status"], "status"), "",
              "### What `kubectl get` shows", "", "| column | meaning |", "|---|---|"]
    for column in version["additionalPrinterColumns"]:
        wide = " With `-o wide`." if column.get("priority") else ""
        lines.append(f"| {column['name']} | {cell(column['description'])}{wide} |")
    if "selectableFields" in version:
        fields = ", ".join(f"`{each['jsonPath'].lstrip('.')}`" for each in version["selectableFields"])
        lines += ["", f"`--field-selector` takes {fields}. A field that was left to its default by name "
                      "(`spec.secret.name`) counts as empty."]
    return lines + [""]


def render():
    names, reasons, operations, crds = read_names(), read_reasons(), read_operations(), read_crds()
    check_agreement(names, operations, crds)
    lines = ["# Reference", "",
             "<!-- Written by docs/generate_reference.py from the sources it names; edit those, then run it. -->", ""]
    for kind in KINDS:
        lines += kind_section(crds[names[f"{kind}_kind"]])
    lines += ["## Names", ""]
    for title, members in NAME_TABLES:
        lines += [f"### {title}", "", "| name | meaning |", "|---|---|"]
        lines += [f"| `{names[each]}` | {cell(NAME_MEANINGS[each])} |" for each in members] + [""]
    lines += ["## Conditions", "", CONDITIONS, "## Reasons", "",
              "Conditions and events use these and no others.", "",
              "| reason | meaning | what to do |", "|---|---|---|"]
    lines += [f"| `{name}` | {cell(meaning)} | {cell(remedy) or '–'} |" for name, meaning, remedy in reasons]
    lines += ["", "## Causes", "", "A token is minted for one of these causes only. The cause stands in "
              "`status.token.cause`, on the Secret and in the event.", "", "| cause | meaning |", "|---|---|"]
    lines += [f"| `{name}` | {cell(meaning)} |" for name, meaning in read_causes()]
    lines += ["", "## Console operations", "",
              "The keys of a connection's `spec.routes`, with the route that is used where none is set. Paths are "
              "relative to the gateway. *Seen* means that a public client or the documentation shows the route, "
              "*inferred* that it follows the conventions of the others and may differ at your Console.", "",
              "| operation | method | path | provenance | purpose |", "|---|---|---|---|---|"]
    lines += [f"| `{operation}` | {method} | `{path}` | {provenance} | {cell(purpose)} |"
              for operation, method, path, provenance, purpose in operations]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    try:
        page = render()
    except Contradiction as contradiction:
        print(f"generate_reference.py: {contradiction}", file=sys.stderr)
        return 1
    if not options.check:
        PAGE.write_text(page)
        return 0
    old = PAGE.read_text() if PAGE.exists() else ""
    if old == page:
        return 0
    sys.stderr.writelines(difflib.unified_diff(old.splitlines(True), page.splitlines(True), "docs/reference.md", "generated"))
    print("docs/reference.md is out of date: run python3 docs/generate_reference.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
