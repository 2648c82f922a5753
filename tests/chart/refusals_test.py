#!/usr/bin/env python3
"""Values that can't be right fail at `helm template`, with a sentence that says which and why (refusals.yaml)."""

import pathlib
import re
import unittest

import yaml

from chart import ROOT, Failed, render, template

CASES = yaml.safe_load((pathlib.Path(__file__).parent / "refusals.yaml").read_text())
VALIDATE = ROOT / "charts" / "platformer-operator" / "templates" / "_validate.tpl"


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.said = [cls.refusal(case["values"]) for case in CASES]
        print(f"{len(CASES)} refusals")

    @staticmethod
    def refusal(values):
        """What helm says of values, in one line; "" when it has nothing against them."""
        try:
            template(yaml.safe_dump(values))
        except Failed as refused:
            return " ".join(str(refused).split())
        return ""

    def test_each_is_refused_with_its_sentence(self):
        for case, said in zip(CASES, self.said):
            with self.subTest(case["values"]):
                self.assertIn(case["says"], said)

    def test_every_sentence_of_the_template_has_a_case(self):
        text = VALIDATE.read_text()
        sentences = [literal for literal in re.findall(r'"((?:[^"\\]|\\.)*)"', text) if literal.endswith(".")]
        self.assertEqual(len(sentences), len(re.findall(r"\bfail\b", text)))
        for sentence in sentences:
            pattern = re.sub(r"%[vsdq]", ".+", re.escape(sentence.replace('\\"', '"')))
            self.assertTrue(any(re.search(pattern, said) for said in self.said), f"no case in refusals.yaml for: {sentence}")

    def test_every_option_of_the_program_that_a_value_sets_is_refused_among_the_extra_arguments(self):
        options = set(re.findall(r'setting\{\s*"([a-z-]+)"', (ROOT / "operator" / "app" / "option_table.cpp").read_text()))
        self.assertIn("leader-elect", options)
        args = render("watchNamespaces: [a]\nselector: a=b\nclusterID: c\n"
                      "metrics: {perAccount: true, secure: {enabled: true, secretName: a}}")
        used = {arg[2:].split("=")[0] for each in args if each["kind"] == "Deployment"
                for arg in each["spec"]["template"]["spec"]["containers"][0]["args"]}
        self.assertLessEqual(used, options, "the chart uses options that the program doesn't have")
        for option in used:
            with self.assertRaises(Failed, msg=option):
                template(f'extraArgs: ["--{option}=x"]')
        of_the_secret = {"metrics-cert-name", "metrics-cert-key"}
        for option in of_the_secret:
            with self.assertRaises(Failed, msg=option):
                template(f'extraArgs: ["--{option}=x"]')
        self.assertEqual(options - used - of_the_secret, {"kubeconfig", "context"}, "options that have no value in the chart")


if __name__ == "__main__":
    unittest.main()
