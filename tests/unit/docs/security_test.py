#!/usr/bin/env python3
"""The tests that docs/security.md names as evidence exist."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "security.md"
CASE = re.compile(r"^(?:TEST|TEST_F|TEST_P)\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)
CTEST = re.compile(r"(?:add_test\(\s*NAME|platformer_integration_script\()\s*([\w.]+)")


def sources(*endings):
    for path in (ROOT / "tests").rglob("*"):
        if path.suffix in endings or path.name in endings:
            yield path, path.read_text(errors="replace")


def existing():
    """suite.case of GoogleTest, file.function of Python's unittest, and names of whole CTest tests."""
    names = set()
    for _, text in sources(".cpp"):
        names |= {f"{suite}.{case}" for suite, case in CASE.findall(text)}
    for path, text in sources(".py"):
        names |= {f"{path.stem}.{name}" for name in re.findall(r"def (test_\w+)", text)}
    for _, text in sources("CMakeLists.txt"):
        names |= set(CTEST.findall(text))
    return names


def rows():
    """[(section, cells)] of the page's tables, without their heads."""
    section = None
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            section = line[3:]
        if line.startswith("|") and not line.startswith("|---"):
            yield section, [cell.strip() for cell in line.strip("|").split("|")]


def named_in(cell):
    return re.findall(r"`([A-Za-z]\w*\.\w[\w.]*)`", cell)


class Evidence(unittest.TestCase):
    def test_each_test_that_is_named_exists(self):
        known = existing()
        missing = [(section, name) for section, cells in rows() for name in named_in(cells[-1]) if name not in known]
        self.assertEqual(missing, [])

    def test_each_row_names_one(self):
        for section, cells in rows():
            if cells[-1] != "shown by":
                self.assertTrue(named_in(cells[-1]), f"{section}: {cells[0]}")
                self.assertEqual(re.sub(r"`[^`]+`|[, ]", "", cells[-1]), "", f"{section}: {cells[0]}")

    def test_there_is_a_table_for_each_actor(self):
        sections = {section for section, _ in rows()}
        for actor in ("A tenant", "The Console", "The apiserver", "The network", "The node and what runs beside",
                      "Other operators"):
            self.assertIn(actor, sections)

    def test_the_search_for_tests_finds_each_kind_and_nothing_else(self):
        known = existing()
        for name in ("tls.an_expired_certificate_is_refused", "security_test.test_each_row_names_one", "docs.reference",
                     "crds.admission"):
            self.assertTrue(name in known, name)
        self.assertFalse("tls.no_such_test" in known)


if __name__ == "__main__":
    unittest.main()
