#!/usr/bin/env python3
"""A real Prometheus scrapes the real operator, which has issued, renewed and failed to issue: promtool finds nothing to
complain about, each query of the dashboard has an answer, each alert can be evaluated, and docs/observability.md lists what
there is."""

import json
import math
import os
import pathlib
import re
import shutil
import signal
import sys
import unittest

import yaml

from prometheus import ROOT, Server, promtool

sys.path.insert(0, str(ROOT / "tests" / "chart"))
from chart import (CLUSTER, WORK, eventually, get, install_crds, kubectl, make_namespace, only,  # noqa: E402
                   remove_crds, render)
from programs import Console, Operator  # noqa: E402 (prometheus.py knows where)

PROGRAMS = os.environ["PLATFORMER_PROGRAMS"]
TEAM = "observed"
DASHBOARD = ROOT / "charts" / "platformer-operator" / "files" / "dashboard.json"
# Series of a connection that replaces its own credential, after weeks; this one doesn't.
QUIET = ("platformer_operator_connection_credential_expiry_timestamp_seconds", "platformer_operator_connection_rotation_failed")


def account(name, **spec):
    return {"apiVersion": "console.platformer.com/v1alpha1", "kind": "ServiceAccount", "metadata": {"name": name},
            "spec": {"project": "storefront", "permissions": ["rudder.app.editor"], "token": {"lifetime": "24h"}, **spec}}


def connection(console):
    return {"apiVersion": "console.platformer.com/v1alpha1", "kind": "ConsoleConnection", "metadata": {"name": "default"},
            "spec": {"gateway": console.gateway, "allowInsecureHTTP": True, "organization": console.organization,
                     "credentialsSecretRef": {"name": "console-credentials"}}}


def families(text):
    """{name: (type, names of labels)} of a scrape."""
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    labels = {name: set() for name in kinds}
    for series, inside in re.findall(r"^(\w+)(?:\{(.*)\})? ", text, re.MULTILINE):
        name = series if series in kinds else re.sub(r"_(bucket|sum|count)$", "", series)
        labels[name] |= set(re.findall(r'(\w+)="', inside)) - {"le"}
    return {name: (kind, tuple(sorted(labels[name]))) for name, kind in kinds.items()}


def documented():
    page = (ROOT / "docs" / "observability.md").read_text()
    rows = re.findall(r"^\| `([a-z]\w+)` \| (\w+) \| ([^|]*) \|", page, re.MULTILINE)
    return {name: (kind, tuple(sorted(re.findall(r"`(\w+)`", labels)))) for name, kind, labels in rows}


class Observed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.umask(0o077)
        cls.folder = WORK / "observability"
        shutil.rmtree(cls.folder, ignore_errors=True)
        (cls.folder / "prometheus").mkdir(parents=True)
        install_crds()
        cls.addClassCleanup(remove_crds)
        make_namespace(TEAM)
        cls.addClassCleanup(kubectl, "delete", "namespace", "--timeout=60s", TEAM)
        cls.console = cls.enterClassContext(Console(PROGRAMS, cls.folder))
        cls.operator = cls.enterClassContext(Operator(
            PROGRAMS, CLUSTER / "admin.kubeconfig", cls.folder / "operator.log",
            ["--leader-elect", f"--leader-election-namespace={TEAM}", "--metrics-per-account", "--log-format=json"]))
        cls.operator.wait_ready()
        rules = cls.folder / "rules.yaml"
        rules.write_text(yaml.safe_dump(only(render("metrics: {prometheusRule: {enabled: true}}"), "PrometheusRule")["spec"]))
        address = cls.operator.line(r"metrics.*\b(127\.0\.0\.1:\d+)")[1][1]
        cls.prometheus = cls.enterClassContext(Server(cls.folder / "prometheus", {"operator": address}, [rules]))
        cls.addClassCleanup(cls.let_go)  # while the operator still runs
        cls.live()

    @classmethod
    def live(cls):
        """Accounts of every kind, and twice of what is measured, so that rates have something to say."""
        kubectl("-n", TEAM, "create", "secret", "generic", "console-credentials",
                f"--from-file=token={cls.console.credential_file}")
        objects = [connection(cls.console), account("issued"), account("renewed"),
                   account("failing", customRoles=["there-is-none"])]
        kubectl("-n", TEAM, "apply", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        kubectl("-n", TEAM, "wait", "--for=condition=Ready", "--timeout=30s", "psa/issued", "psa/renewed")
        eventually(lambda: get("-n", TEAM, "psa/failing")["status"]["conditions"], "the failing one says so")
        cls.prometheus.eventually('platformer_operator_service_accounts{reason="RoleNotFound"}')
        kubectl("-n", TEAM, "annotate", "psa/renewed", "console.platformer.com/renew=now")
        kubectl("-n", TEAM, "wait", "--for=jsonpath={.status.token.revision}=2", "--timeout=30s", "psa/renewed")
        kubectl("-n", TEAM, "apply", "-f", "-", text=json.dumps(account("later")))
        kubectl("-n", TEAM, "wait", "--for=condition=Ready", "--timeout=30s", "psa/later")
        kubectl("-n", TEAM, "delete", "psa/later", "--timeout=30s")
        cls.prometheus.eventually('increase(platformer_operator_tokens_minted_total{cause="RenewRequest"}[1m]) > 0')
        cls.prometheus.eventually('increase(platformer_operator_console_request_duration_seconds_count[1m]) > 0')

    @classmethod
    def let_go(cls):
        kubectl("-n", TEAM, "delete", "psa,pcc", "--all", "--timeout=30s")

    def test_promtool_finds_nothing_to_complain_about(self):
        text = self.operator.get("/metrics")[1]
        (self.folder / "metrics.txt").write_text(text)  # for whoever looks into a failure
        status, said = promtool("check", "metrics", text=text)
        self.assertEqual((status, said.strip()), (0, ""))

    def test_each_query_of_the_dashboard_has_an_answer(self):
        board = json.loads(DASHBOARD.read_text())
        asked = 0
        for panel in board["panels"]:
            for target in panel.get("targets", []):
                text = target["expr"].replace("$job", ".+").replace("$__rate_interval", "2m")
                self.assertNotIn("$", text, panel["title"])
                with self.subTest(panel["title"], query=text):
                    asked += 1
                    answer = self.prometheus.query(text)
                    if any(name in text for name in QUIET):
                        self.assertEqual(answer, [], "take it off the list of what is quiet")
                        continue
                    numbers = [float(each["value"][1]) for each in answer]
                    self.assertTrue(any(not math.isnan(each) for each in numbers), answer)
                    for name in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                        self.assertTrue(all(name in each["metric"] for each in answer), f"no label {name}: {answer[:1]}")
        self.assertGreater(asked, 30)
        print(f"{asked} queries of the dashboard")

    def test_each_alert_can_be_evaluated_and_only_the_failing_account_is_noticed(self):
        until = self.prometheus.eventually('ALERTS{alertname="PlatformerAccountsNotReady"}')
        self.assertEqual(until[0]["metric"]["reason"], "RoleNotFound")
        rules = [rule for group in self.prometheus.ask("rules")["groups"] for rule in group["rules"]]
        for rule in rules:
            self.assertEqual((rule["health"], rule.get("lastError", "")), ("ok", ""), rule["name"])
        self.assertEqual({rule["name"] for rule in rules if rule["state"] != "inactive"}, {"PlatformerAccountsNotReady"})

    def test_accounts_that_are_gone_are_no_series(self):
        text = self.operator.get("/metrics")[1]
        self.assertIn('platformer_operator_token_expiry_timestamp_seconds{account="observed/issued"}', text)
        self.assertNotIn("observed/later", text)

    def test_the_consoles_log_and_ours_join_by_the_operation(self):
        minted = [json.loads(line) for line in (self.folder / "operator.log").read_text().splitlines()
                  if line.startswith("{") and '"cause"' in line]
        renewed = next(each for each in minted if each["cause"] == "RenewRequest")
        self.assertEqual(renewed["object"], "observed/renewed")
        self.assertGreater(renewed["seconds"], 0)
        calls = [each for each in self.console.ask("GET", "/calls")["calls"] if renewed["operation"] in each["traceparent"]]
        self.assertIn("renewServiceAccountToken", [each["operation"] for each in calls])
        for each in calls:
            self.assertRegex(each["traceparent"], r"^00-[0-9a-f]{32}-[0-9a-f]{16}-01$")

    def test_a_signal_makes_the_log_talk_and_another_one_makes_it_stop(self):
        for said in ('"from":"info","to":"debug"', '"from":"debug","to":"info"'):
            os.kill(self.operator.pid, signal.SIGHUP)
            self.operator.line(f"SIGHUP.*{said}")
        self.assertEqual(self.operator.get("/readyz")[0], 200)

    def test_the_page_lists_each_metric_with_its_type_and_labels(self):
        seen, told = families(self.operator.get("/metrics")[1]), documented()
        self.assertEqual({name: told.get(name) for name in seen}, seen)
        self.assertEqual(set(told) - set(seen), set(QUIET))


if __name__ == "__main__":
    unittest.main()
