#!/usr/bin/env python3
"""docs/performance.md and its picture say what docs/performance/fleet.json holds, and both are well-formed."""

import copy
import pathlib
import sys
import unittest
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "bench"))
import plan  # noqa: E402
import plot  # noqa: E402
import ratios  # noqa: E402
import record  # noqa: E402


class Performance(unittest.TestCase):
    def setUp(self):
        self.kept = record.read()

    def test_tables_follow_from_the_figures(self):
        page = record.PAGE.read_text()
        places = sorted(found[1] for found in record.PLACE.findall(page))
        self.assertEqual(places, ["fleets", "input", "plan", "shards", "soak"])
        again = record.page_with(page, self.kept)
        self.assertEqual(page, again, "run: python3 tests/bench/record.py")

    def test_the_picture_follows_from_the_figures(self):
        self.assertEqual(record.PICTURE.read_text(), record.picture_of(self.kept), "run: python3 tests/bench/record.py")

    def test_the_picture_is_well_formed_and_within_its_frame(self):
        root = xml.fromstring(record.PICTURE.read_text())
        self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
        _, _, width, height = (float(each) for each in root.get("viewBox").split())
        shapes = list(root)
        self.assertGreater(len(shapes), 20)
        for each in shapes[1:]:
            for name, most in (("x", width), ("y", height), ("cx", width), ("cy", height)):
                self.assertTrue(0 <= float(each.get(name, 0)) <= most, xml.tostring(each))

    def test_other_figures_give_other_tables_and_another_picture(self):
        other = copy.deepcopy(self.kept)
        for part in other["fleet"].values():
            part["figures"]["ours"]["create_cpu_ms_per_account"] *= 3
        page = record.PAGE.read_text()
        self.assertNotEqual(page, record.page_with(page, other))
        self.assertNotEqual(record.picture_of(self.kept), record.picture_of(other))

    def test_a_new_size_leaves_the_others_alone_unless_the_program_was_built_otherwise(self):
        preset = next(iter(self.kept["fleet"].values()))["machine"]["preset"]
        found = {"machine": {"preset": preset}, "rounds": 1, "fleet": {"7": {"ours": {}}}, "shards": {}}
        merged = record.merged(copy.deepcopy(self.kept), found)
        self.assertEqual(merged["fleet"].pop("7")["figures"], {"ours": {}})
        self.assertEqual(merged["fleet"], self.kept["fleet"])
        self.assertEqual(merged["shards"]["figures"], {})
        found["machine"]["preset"] = "another"
        self.assertEqual(list(record.merged(copy.deepcopy(self.kept), found)["fleet"]), ["7"])


class Plan(unittest.TestCase):
    def test_memory_grows_from_the_smallest_fleet_to_the_largest(self):
        self.assertEqual(plan.line([(100, 30), (1100, 50), (600, 77)]), (28, 0.02))

    def test_an_operator_of_a_hundred_thousand_needs_what_the_line_says(self):
        of = {"memory of an operator at rest": 10, "… and of each account": 1,
              "memory of an operator at the highest": 12, "… and of each account, at the highest": 2}
        self.assertEqual(plan.memory_mb(of, 100_000), (110, 1.5 * 212))


class Verdicts(unittest.TestCase):
    def verdict(self, value, **more):
        return ratios.Row("", value, "", more.pop("must", 4), more.pop("aim", 2), **more).verdict

    def test_largest_good_values(self):
        self.assertEqual([self.verdict(value) for value in (2, 4, 4.1)], ["aim", "must", "MISSED"])

    def test_least_good_values(self):
        self.assertEqual([self.verdict(value, must=0.85, aim=0.95, at_least=True) for value in (0.96, 0.9, 0.8)],
                         ["aim", "must", "MISSED"])

    def test_zero_is_a_bound(self):
        self.assertEqual([self.verdict(value, must=0, aim=0) for value in (0, 1)], ["aim", "MISSED"])

    def test_what_was_not_measured_has_no_row(self):
        self.assertEqual(ratios.rows_of({"peer": {"rss_fleet_mb": 3}}, 10), [])
        self.assertEqual(ratios.growth_rows({10: {"ours": {}}, 20: {"ours": {"create_cpu_ms_per_account": 1}}}), [])

    def test_growth_is_per_account(self):
        sizes = {n: {"ours": {"cold_start_cpu_s": n / 1000, "rss_fleet_mb": 10 + n * factor, "rss_empty_mb": 10}}
                 for n, factor in ((10, 1), (100, 2))}
        self.assertEqual([row.value for row in ratios.growth_rows(sizes)], [1, 2])

    def test_a_picture_of_one_size_without_a_peer(self):
        xml.fromstring(plot.draw({10: {"ours": {"create_seconds": 1, "rss_fleet_mb": 1}}}))


if __name__ == "__main__":
    unittest.main()
