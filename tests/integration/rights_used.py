#!/usr/bin/env python3
"""After all integration tests: the audit log shows each right of samples/rbac.yaml used by an operator, and no request of
one refused for want of a right. Where only some tests ran, only the refusals are judged. The chart's roles grant what the
sample does (tests/chart/rights_test.py).

rights_used.py CONTROL_PLANE BUILD_FOLDER"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPERATORS = "testbed:operators"  # every scenario's operator; no other program


def granted():
    """{(group, resource, verb)} of the sample's roles."""
    sample = yaml.safe_load_all((ROOT / "samples" / "rbac.yaml").read_text())
    return {(group, resource, verb) for each in sample if each and each["kind"] in ("ClusterRole", "Role")
            for rule in each["rules"] for group in rule.get("apiGroups", []) for resource in rule["resources"]
            for verb in rule["verbs"]}


def requests(control_plane):
    """(user, right, whether it was granted) of each request of an operator."""
    with open(control_plane / "audit.log", encoding="utf-8") as log:
        for line in log:
            event = json.loads(line)
            if OPERATORS not in event["user"].get("groups", []) or event["stage"] == "Panic":
                continue
            what = event.get("objectRef", {})
            resource = "/".join(filter(None, (what.get("resource"), what.get("subresource"))))
            decision = event.get("annotations", {}).get("authorization.k8s.io/decision")
            yield event["user"]["username"], (what.get("apiGroup", ""), resource, event["verb"]), decision == "allow"


def properties(test):
    return {each["name"]: each["value"] for each in test["properties"]}


def tests_not_run(build):
    """Names of integration tests in this control plane that this run of CTest has left out. By now it has run all others."""
    with tempfile.TemporaryDirectory() as folder:  # in its own, ctest would start the log of the run anew that we belong to
        pathlib.Path(folder, "CTestTestfile.cmake").write_text(f'subdirs("{build}")\n')
        listed = json.loads(subprocess.run(["ctest", "--test-dir", folder, "--show-only=json-v1", "-L", "^integration$"],
                                           check=True, capture_output=True, text=True).stdout)["tests"]
    log = build / "Testing" / "Temporary" / "LastTest.log.tmp"
    ran = set(re.findall(r"(?m)^\d+/\d+ Testing: (.*)$", log.read_text(errors="replace"))) if log.exists() else set()
    here = {each["name"] for each in listed if "control_plane" in properties(each).get("FIXTURES_REQUIRED", [])}
    return sorted(here - ran)


def text(right):
    group, resource, verb = right
    return f"{verb} {resource}{'.' + group if group else ''}"


def main(control_plane, build):
    expected = control_plane / "tests" / "refusals-expected"
    expected = set(expected.read_text().split()) if expected.exists() else set()
    used, refused, operators = set(), collections.Counter(), set()
    for user, right, allowed in requests(control_plane):
        operators.add(user)
        if allowed:
            used.add(right)
        elif user not in expected:
            refused[user, right] += 1
    for (user, right), count in sorted(refused.items()):
        print(f"refused {count} times: {user} may not {text(right)}")
    missing = tests_not_run(build)
    if missing:
        print(f"whether each right is used is not judged, as {len(missing)} integration tests did not run, {missing[0]} among them")
        return 1 if refused else 77
    unused = granted() - used
    for right in sorted(unused):
        print(f"granted and never used: {text(right)}")
    print(f"rights granted: {len(granted())}, never used: {len(unused)} (bound 0); operators: {len(operators)}, "
          f"requests refused: {sum(refused.values())} (bound 0)")
    return 1 if unused or refused else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
