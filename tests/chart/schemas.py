"""JSON schemas for kubeconform, from what the apiserver says of itself: its own kinds and those of CRDs in it.

Closed: a field that a kind doesn't have is refused, as by `kubectl --validate=strict`.
"""

import json

from chart import CLUSTER, TOOLS, kubectl, run

_FOLDER = CLUSTER / "tests" / "schemas"


def _closed(schema):
    """A definition of OpenAPI 2 as JSON Schema."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": "definitions.json" + schema["$ref"]}
    made = {key: _closed(value) for key, value in schema.items()
            if not key.startswith("x-") and key not in ("format", "properties")}
    if "properties" in schema:
        made["properties"] = {key: _closed(value) for key, value in schema["properties"].items()}
        made.setdefault("additionalProperties", False)
    if schema.get("format") == "int-or-string" or schema.get("x-kubernetes-int-or-string"):
        made["type"] = ["string", "integer"]
    return made


def write():
    """Writes the schemas of all kinds and returns where kubeconform finds them."""
    # What a Quantity is, OpenAPI 2 can't say: text or a number.
    definitions = json.loads(kubectl("get", "--raw", "/openapi/v2"))["definitions"]
    closed = {name: _closed(schema) for name, schema in definitions.items()}
    closed["io.k8s.apimachinery.pkg.api.resource.Quantity"]["type"] = ["string", "number"]
    _FOLDER.mkdir(parents=True, exist_ok=True)
    (_FOLDER / "definitions.json").write_text(json.dumps({"definitions": closed}))
    for name, schema in definitions.items():
        for kind in schema.get("x-kubernetes-group-version-kind", []):
            # kubeconform takes the version for the group where there is none.
            path = _FOLDER / (kind["group"] or kind["version"]) / kind["version"]
            path.mkdir(parents=True, exist_ok=True)
            (path / f"{kind['kind'].lower()}.json").write_text(
                json.dumps({"$ref": f"file://{_FOLDER}/definitions.json#/definitions/{name}"}))
    return str(_FOLDER) + "/{{.Group}}/{{.ResourceAPIVersion}}/{{.ResourceKind}}.json"


def kubeconform(manifests, location):
    """Its summary; raises chart.Failed with what is wrong."""
    return run(TOOLS / "kubeconform", "-summary", "-schema-location", location, "-", text=manifests)[0]
