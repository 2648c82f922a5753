#!/usr/bin/env python3
"""What the documents tell people to type exists: commands of ./dev, presets, programs, files, objects of the samples.

This reads; tests/integration/docs_commands.py really runs the README's kubectl commands.
"""

import json
import pathlib
import re
import shlex
import subprocess
import sys
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "integration"))
from docs_commands import commands_of  # noqa: E402 (it lives beside what runs them)

CHART = ROOT / "charts" / "platformer-operator"
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")), *sorted((ROOT / "docs").rglob("*.md")),
         CHART / "README.md"]
PROGRAMS = {"platformer-operator", "platformer-console-emulator"}
KUBECTL_VERBS = {"annotate", "apply", "config", "create", "debug", "delete", "describe", "get", "label", "logs", "patch",
                 "rollout", "wait"}
HELM_VERBS = {"install", "test", "upgrade", "uninstall"}
FOLDERS = "charts|controllers|crds|docs|operator|samples|tests"


def all_commands():
    for page in PAGES:
        for command in commands_of(page):
            yield page.name, command


def sample_objects():
    """The names of the objects in samples/, with the short names of ours."""
    short = {"ServiceAccount": "psa", "ConsoleConnection": "pcc", "ClusterConsoleConnection": "pccc"}
    for path in (ROOT / "samples").glob("*.yaml"):
        for each in yaml.safe_load_all(path.read_text()):
            if each and each["apiVersion"].startswith("console.platformer.com/"):
                yield f"{short[each['kind']]}/{each['metadata']['name']}"


class Commands(unittest.TestCase):
    def test_each_is_of_a_kind_that_is_checked_here(self):
        for page, command in all_commands():
            self.assertRegex(command, r"^(\./dev|helm|kubectl|python3|build/[a-z]+/bin/[a-z-]+)( |$)", page)

    def test_dev_knows_its_commands(self):
        usage = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout
        known = set(re.findall(r"^  ([a-z]+)\b", usage, re.MULTILINE))
        presets = {each["name"] for each in json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]}
        for page, command in all_commands():
            words = shlex.split(command)
            if words[0] != "./dev":
                continue
            self.assertIn(words[1], known, f"{page}: {command}")
            if words[1] == "build" and len(words) > 2:
                self.assertIn(words[2], presets, f"{page}: {command}")

    def test_dev_commands_in_running_text_exist(self):
        usage = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout
        for page in PAGES:
            for found in re.findall(r"\./dev ([a-z]+)", page.read_text()):
                self.assertRegex(usage, rf"(?m)^  {found}\b", f"{page.name}: ./dev {found}")

    def test_programs_have_the_options(self):
        options = set(re.findall(r'setting\{"([a-z-]+)"', (ROOT / "operator" / "app" / "option_table.cpp").read_text()))
        self.assertIn("kubeconfig", options, "option_table.cpp names its options in another way now")
        for page, command in all_commands():
            words = shlex.split(command)
            if not words[0].startswith("build/"):
                continue
            self.assertIn(pathlib.Path(words[0]).name, PROGRAMS, f"{page}: {command}")
            for option in (word for word in words if word.startswith("--")):
                self.assertIn(option[2:].split("=")[0], options, f"{page}: {command}")

    def test_kubectl_commands_are_well_formed(self):
        objects = set(sample_objects())
        for page, command in all_commands():
            words = shlex.split(command)
            if words[0] != "kubectl":
                continue
            text = f"{page}: {command}"
            verb = next(word for word in words[1:] if word in KUBECTL_VERBS)
            self.assertIn(verb, KUBECTL_VERBS, text)
            self.assertNotIn("sa", words, text)  # kubectl takes it for core/v1
            for index, word in enumerate(words):
                if word == "-f":
                    self.assertTrue((ROOT / words[index + 1]).exists(), text)
                if re.match(r"(psa|pcc)/", word):
                    self.assertIn(word, objects, text)

    def test_helm_commands_name_the_chart_and_its_values(self):
        values = yaml.safe_load((CHART / "values.yaml").read_text())
        for page, command in all_commands():
            words = shlex.split(command)
            if words[0] != "helm":
                continue
            text = f"{page}: {command}"
            self.assertIn(words[1], HELM_VERBS, text)
            if words[1] in ("install", "upgrade"):
                self.assertEqual(ROOT / words[3], CHART, text)
            for index, word in enumerate(words):
                if word == "--set":
                    found = values
                    for key in words[index + 1].split("=")[0].split("."):
                        self.assertIn(key, found, text)
                        found = found[key]

    def test_scripts_exist(self):
        for page, command in all_commands():
            words = shlex.split(command)
            if words[0] == "python3":
                self.assertTrue((ROOT / words[1]).exists(), f"{page}: {command}")


class Mentions(unittest.TestCase):
    def test_files_that_are_mentioned_exist(self):
        for page in PAGES:
            for found in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", page.read_text()):
                self.assertTrue((ROOT / found).exists(), f"{page.name} mentions {found}")

    def test_links_lead_somewhere(self):
        for page in PAGES:
            for found in re.findall(r"\]\(([^)]+)\)", page.read_text()):
                if "://" not in found:
                    self.assertTrue((page.parent / found.split("#")[0]).exists(), f"{page.name} links to {found}")

    def test_annotations_that_are_mentioned_exist(self):
        known = set(re.findall(r'"(console\.platformer\.com/[\w-]+)"',
                               (ROOT / "operator" / "model" / "names.hpp").read_text()))
        pages = PAGES + sorted((ROOT / "samples").glob("*.yaml"))
        for page in pages:
            for found in re.findall(r"(console\.platformer\.com/[a-z-]+)(?![\w/])", page.read_text()):
                if found != "console.platformer.com/v":  # of v1alpha1
                    self.assertIn(found, known, page.name)

    def test_reasons_and_causes_of_the_protocol_page_are_in_the_reference(self):
        reference = (ROOT / "docs" / "reference.md").read_text()
        for found in re.findall(r"`([A-Z][a-z]+[A-Z]\w+)`", (ROOT / "docs" / "issuance-protocol.md").read_text()):
            self.assertIn(f"`{found}`", reference, found)


if __name__ == "__main__":
    unittest.main()
