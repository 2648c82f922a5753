#!/usr/bin/env python3
"""Sends the objects of admission_cases.yaml and samples/ to a real kube-apiserver as dry runs.

Needs a cluster with the CRDs of crds/ (--install applies them). kubectl comes from KUBECTL, the cluster from KUBECONFIG
as usual. Works in a namespace of its own, which it removes. Exit status: 0 when every case ended as it should.
"""

import argparse
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import urllib.error
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
KUBECTL = os.environ.get("KUBECTL", "kubectl")
PLURALS = {"ServiceAccount": "serviceaccounts", "ConsoleConnection": "consoleconnections",
           "ClusterConsoleConnection": "clusterconsoleconnections"}
CLUSTER_KINDS = {"ClusterConsoleConnection"}
API = "console.platformer.com/v1alpha1"
UPDATE_NAME = "update-case"


class CaseLoader(yaml.SafeLoader):
    """YAML with tags for what would be too long to write out."""


def _numbered(item, number):
    if isinstance(item, dict):
        return {key: f"{value}{number}" for key, value in item.items()}
    return f"{item}{number}"


def _arguments(loader, node):
    text, count = loader.construct_sequence(node, deep=True)
    return text, count


def _repeat(loader, node):
    text, count = _arguments(loader, node)
    return text * count


def _many(loader, node):
    text, count = _arguments(loader, node)
    return [_numbered(text, number) for number in range(count)]


def _keys(loader, node):
    text, count = _arguments(loader, node)
    return {_numbered(text, number): "x" for number in range(count)}


CaseLoader.add_constructor("!repeat", _repeat)
CaseLoader.add_constructor("!many", _many)
CaseLoader.add_constructor("!keys", _keys)


def merged(below, above):
    """Maps are merged, null removes, all else replaces."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    result = dict(below)
    for key, value in above.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


class Apiserver:
    """The cluster through `kubectl proxy`: one process for all requests, and kubectl's own credentials."""

    def __enter__(self):
        self.proxy = subprocess.Popen([KUBECTL, "proxy", "--port=0"], stdout=subprocess.PIPE, text=True)
        line = self.proxy.stdout.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", line)
        if not found:
            self.__exit__()
            sys.exit(f"kubectl proxy did not start: {line}")
        self.url = f"http://{found[0]}"
        return self

    def __exit__(self, *_):
        self.proxy.terminate()
        self.proxy.wait()

    def request(self, method, path, body=None):
        """The reply's HTTP status and its JSON."""
        request = urllib.request.Request(self.url + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


class Report:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def add(self, group, case, status, reply):
        """Compares one reply with what the case expects of it."""
        name = f"{group}: {case['name']}"
        message = reply.get("message", "")
        if "refused" in case:
            good = status in (400, 422) and str(case["refused"]) in message
            expected = f"refused with: {case['refused']}"
        else:
            good = status < 300
            expected = "accepted"
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED  {name}\n  expected {expected}\n  got      {status} {message}")


def collection_of(kind, namespace):
    where = "" if kind in CLUSTER_KINDS else f"namespaces/{namespace}/"
    return f"/apis/{API}/{where}{PLURALS[kind]}"


def check_creations(server, namespace, cases, report):
    for kind in PLURALS:
        path = collection_of(kind, namespace) + "?dryRun=All&fieldValidation=Strict"
        for number, case in enumerate(cases[kind]):
            spec = case.get("spec", {})
            body = {"apiVersion": API, "kind": kind,
                    "metadata": merged({"name": f"case-{number}"}, case.get("metadata", {}))}
            if spec is not None:
                body["spec"] = merged(cases["base"][kind], spec)
            report.add(kind, case, *server.request("POST", path, body))


def check_updates(server, namespace, cases, report):
    collection = collection_of("ServiceAccount", namespace)
    single = f"{collection}/{UPDATE_NAME}"
    for case in cases["updates"]:
        body = {"apiVersion": API, "kind": "ServiceAccount", "metadata": {"name": UPDATE_NAME},
                # An operator that happens to run in this cluster has nothing to do with these.
                "spec": merged({"suspend": True}, case["from"])}
        status, created = server.request("POST", collection, body)
        if status != 201:
            report.add("update, from", case, status, created)
            continue
        body["metadata"]["resourceVersion"] = created["metadata"]["resourceVersion"]
        body["spec"] = merged({"suspend": True}, case["to"])
        report.add("update", case, *server.request("PUT", f"{single}?dryRun=All&fieldValidation=Strict", body))
        server.request("DELETE", single)


def check_defaults(server, namespace, report):
    """What a reader of the object sees where the author said nothing."""
    connection = {"gateway": "https://api.platformer.com", "organization": "acme", "allowInsecureHTTP": False,
                  "timeout": "30s", "interval": "10m", "orphanPolicy": "Report", "suspend": False}
    for kind, spec, expected in [
        ("ServiceAccount", {},
         {"connectionRef": {"kind": "ConsoleConnection", "name": "default"}, "adoptionPolicy": "IfMarked",
          "deletionPolicy": "Delete", "secret": {"type": "Opaque", "onLoss": "Renew"}, "suspend": False}),
        ("ConsoleConnection",
         {"organization": "acme", "credentialsSecretRef": {"name": "c"}, "caBundleSecretRef": {"name": "d"},
          "rateLimit": {}},
         {**connection, "credentialsSecretRef": {"name": "c", "key": "token"},
          "caBundleSecretRef": {"name": "d", "key": "ca.crt"},
          "rateLimit": {"requestsPerSecond": 5, "burst": 10, "concurrent": 8}}),
        ("ClusterConsoleConnection",
         {"organization": "acme", "credentialsSecretRef": {"namespace": "n", "name": "c"}},
         {**connection, "credentialsSecretRef": {"namespace": "n", "name": "c", "key": "token"}}),
    ]:
        body = {"apiVersion": API, "kind": kind, "metadata": {"name": "defaults"}, "spec": spec}
        status, reply = server.request("POST", collection_of(kind, namespace) + "?dryRun=All", body)
        same = reply.get("spec") == expected
        report.add(kind, {"name": "defaults"}, status if same else 500, {"message": json.dumps(reply)})


def check_samples(namespace, report):
    """Every sample by kubectl itself. A namespace that a sample makes does not exist in a dry run, so that objects in
    it are sent to this run's namespace instead."""
    for path in sorted((ROOT / "samples").glob("*.yaml")):
        documents = [each for each in yaml.safe_load_all(path.read_text()) if each]
        made = {each["metadata"]["name"] for each in documents if each["kind"] == "Namespace"}
        for each in documents:
            if each["metadata"].get("namespace") in made:
                each["metadata"]["namespace"] = namespace
        done = subprocess.run([KUBECTL, "-n", namespace, "apply", "--dry-run=server", "--validate=strict", "-f", "-"],
                              input=yaml.safe_dump_all(documents), text=True, capture_output=True, check=False)
        report.add("samples", {"name": path.name}, 200 if done.returncode == 0 else 422, {"message": done.stderr})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--install", action="store_true", help="apply crds/ first")
    parser.add_argument("--cases", type=pathlib.Path, default=pathlib.Path(__file__).with_name("admission_cases.yaml"))
    options = parser.parse_args()
    cases = yaml.load(options.cases.read_text(), CaseLoader)
    namespace = f"admission-{secrets.token_hex(4)}"
    report = Report()
    if options.install:
        subprocess.run([KUBECTL, "apply", "-f", str(ROOT / "crds")], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([KUBECTL, "wait", "--for=condition=Established", "--timeout=30s", "-f", str(ROOT / "crds")],
                       check=True, stdout=subprocess.DEVNULL)
    subprocess.run([KUBECTL, "create", "namespace", namespace], check=True, stdout=subprocess.DEVNULL)
    try:
        with Apiserver() as server:
            check_creations(server, namespace, cases, report)
            check_updates(server, namespace, cases, report)
            check_defaults(server, namespace, report)
        check_samples(namespace, report)
    finally:
        subprocess.run([KUBECTL, "delete", "namespace", namespace, "--wait=false"], check=True,
                       stdout=subprocess.DEVNULL)
    print(f"admission: {report.passed} as expected, {report.failed} not")
    return 1 if report.failed or not report.passed else 0


if __name__ == "__main__":
    sys.exit(main())
