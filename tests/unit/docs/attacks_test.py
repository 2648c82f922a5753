#!/usr/bin/env python3
"""The table of attacks in docs/testing.md is true: each test that it names exists, and none of theirs is left out."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]


def rows():
    """(attack, [names of tests]) of each row."""
    section = (ROOT / "docs" / "testing.md").read_text().split("\n## Attacks\n")[1].split("\n## ")[0]
    for line in section.splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[0] not in ("attack", "---"):
            yield cells[0], re.findall(r"`([^`]+)`", cells[2])


def tests_of(files):
    """Names as CTest has them: Suite.Case."""
    for path in files:
        for suite, case in re.findall(r"^TEST(?:_F)?\((\w+),\s*(\w+)\)", path.read_text(), re.MULTILINE):
            yield f"{suite}.{case}"


def scripts():
    """Tests that are no GoogleTest programs."""
    for path in (ROOT / "tests").rglob("CMakeLists.txt"):
        yield from re.findall(r"(?:add_test\(NAME|platformer_integration_script\()\s*([\w.]+)", path.read_text())


class Attacks(unittest.TestCase):
    def test_each_is_met_by_tests_that_exist(self):
        known = {*tests_of((ROOT / "tests").rglob("*_test.cpp")), *scripts()}
        table = list(rows())
        self.assertGreater(len(table), 20)
        for attack, names in table:
            self.assertTrue(names, f"no test is named: {attack}")
            for name in names:
                self.assertIn(name, known, attack)

    def test_no_test_of_an_attack_is_left_out(self):
        named = {name for _, names in rows() for name in names}
        written = set(tests_of((ROOT / "tests" / "integration").glob("attack_*_test.cpp")))
        self.assertTrue(written)
        self.assertEqual(written - named, set())


if __name__ == "__main__":
    unittest.main()
