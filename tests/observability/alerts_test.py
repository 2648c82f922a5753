#!/usr/bin/env python3
"""The chart's alerts: Prometheus understands them, each fires when it should and only then, and each has its runbook page."""

import pathlib
import re
import tempfile
import unittest

import yaml

from prometheus import ROOT, promtool

import sys
sys.path.insert(0, str(ROOT / "tests" / "chart"))
from chart import only, render  # noqa: E402

HERE = pathlib.Path(__file__).parent
ENABLED = "metrics: {prometheusRule: {enabled: true}}"
RUNBOOKS = ROOT / "docs" / "runbooks"
SECTIONS = ["## Meaning", "## Impact", "## Diagnosis", "## Remedy"]


def rules_of(values=ENABLED):
    return only(render(values), "PrometheusRule")["spec"]


def each_rule(spec):
    return {rule["alert"]: rule for group in spec["groups"] for rule in group["rules"]}


def expected(rule, case):
    """The alert with all that the rule adds by itself."""
    fill = lambda text: re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda found: case["labels"][found[1]], text)  # noqa: E731
    return {"exp_labels": {**rule["labels"], **case["labels"]},
            "exp_annotations": {"summary": case["summary"], "description": fill(rule["annotations"]["description"]),
                                "runbook_url": rule["annotations"]["runbook_url"]}}


class Alerts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spec = rules_of()
        cls.rules = each_rule(cls.spec)
        cls.cases = {each["alert"]: each for each in yaml.safe_load((HERE / "alert_cases.yaml").read_text())}
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (cls.folder / "rules.yaml").write_text(yaml.safe_dump(cls.spec))

    def test_prometheus_understands_the_rules(self):
        status, said = promtool("check", "rules", "--lint-fatal", self.folder / "rules.yaml")
        self.assertEqual(status, 0, said)
        self.assertIn(f"{len(self.rules)} rules found", said)
        print(f"{len(self.rules)} alerts")

    def test_there_are_cases_for_each_alert_and_for_no_other(self):
        self.assertGreaterEqual(len(self.rules), 8)
        self.assertEqual(set(self.cases), set(self.rules))
        for name, case in self.cases.items():
            self.assertTrue(case["fires"] and case["silent"], name)

    def outcome(self, name, case, alerts):
        test = {"interval": "1m", "input_series": [{"series": key, "values": str(values)} for key, values in case["series"].items()],
                "alert_rule_test": [{"eval_time": case["at"], "alertname": name, "exp_alerts": alerts}]}
        path = self.folder / "test.yaml"
        path.write_text(yaml.safe_dump({"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}))
        return promtool("test", "rules", path)

    def test_each_fires_when_it_should_and_only_then(self):
        for name, cases in self.cases.items():
            for index, case in enumerate(cases["fires"]):
                with self.subTest(name, fires=index):
                    status, said = self.outcome(name, case, [expected(self.rules[name], case)])
                    self.assertEqual(status, 0, said)
            for index, case in enumerate(cases["silent"]):
                with self.subTest(name, silent=index):
                    status, said = self.outcome(name, case, [])
                    self.assertEqual(status, 0, said)

    def test_each_says_what_it_is_and_what_to_do(self):
        for name, rule in self.rules.items():
            self.assertEqual(set(rule["annotations"]), {"summary", "description", "runbook_url"}, name)
            self.assertIn(rule["labels"]["severity"], ("critical", "warning"), name)

    def test_each_has_a_page_and_each_page_an_alert(self):
        pages = {name: RUNBOOKS / rule["annotations"]["runbook_url"].rsplit("/", 1)[1] for name, rule in self.rules.items()}
        for name, page in pages.items():
            text = page.read_text()
            self.assertIn(f"`{name}`", text, page.name)
            for section in SECTIONS:
                self.assertIn(f"\n{section}\n", text, page.name)
            self.assertIn("```sh\n", text, f"{page.name} has no commands")
        self.assertEqual(sorted(RUNBOOKS.glob("alert-*.md")), sorted(pages.values()))

    def test_the_documentation_lists_them_with_their_severity(self):
        page = (ROOT / "docs" / "observability.md").read_text()
        told = {name: (severity, link) for name, severity, link in
                re.findall(r"^\| `(Platformer\w+)` \| (\w+) \| .*\]\((runbooks/[^)]+)\)", page, re.MULTILINE)}
        self.assertEqual(told, {name: (rule["labels"]["severity"],
                                       "runbooks/" + rule["annotations"]["runbook_url"].rsplit("/", 1)[1])
                                for name, rule in self.rules.items()})

    def test_every_threshold_is_a_value_and_every_value_a_threshold(self):
        template = (ROOT / "charts" / "platformer-operator" / "files" / "alerts.yaml").read_text()
        values = yaml.safe_load((ROOT / "charts" / "platformer-operator" / "values.yaml").read_text())
        known = values["metrics"]["prometheusRule"]["thresholds"]
        self.assertEqual(set(re.findall(r"@(\w+)@", template)) - {"runbookURL"}, set(known))
        self.assertNotIn("@", yaml.safe_dump(self.spec))
        for name in known:
            changed = rules_of(f"metrics: {{prometheusRule: {{enabled: true, thresholds: {{{name}: 4242}}}}}}")
            self.assertIn("4242", yaml.safe_dump(changed), name)

    def test_the_runbooks_are_where_the_value_says(self):
        spec = rules_of("metrics: {prometheusRule: {enabled: true, runbookURL: 'https://wiki.example.com/ops/'}}")
        for rule in each_rule(spec).values():
            self.assertTrue(rule["annotations"]["runbook_url"].startswith("https://wiki.example.com/ops/alert-"))

    def test_there_is_none_by_default(self):
        self.assertEqual([each for each in render() if each["kind"] == "PrometheusRule"], [])


if __name__ == "__main__":
    unittest.main()
