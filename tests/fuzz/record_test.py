#!/usr/bin/env python3
"""How figures of fuzzing are read and added up."""

import json
import unittest

import record

LOG = """#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 30Mb
#4096\tpulse  cov: 310 ft: 845 corp: 52/3kb exec/s: 2048 rss: 80Mb
#5000\tDONE   cov: 311 ft: 850 corp: 53/3kb exec/s: 1000 rss: 80Mb
stat::number_of_executed_units: 5000
stat::average_exec_per_sec:     1000
"""


class Record(unittest.TestCase):
    def test_the_last_figures_of_a_run_count(self):
        self.assertEqual(record.figures(LOG), (5000, 311))

    def test_a_run_that_was_cut_off_has_none(self):
        self.assertIsNone(record.figures(LOG.split("stat::")[0]))

    def test_runs_add_up(self):
        known = {}
        record.add(known, "times", 5000, 30.4, 311)
        record.add(known, "times", 1000, 30, 300)
        self.assertEqual(known["times"], {"executions": 6000, "seconds": 60, "edges": 300, "found": ""})

    def test_the_table_takes_the_place_of_the_one_before(self):
        known = {"times": {"executions": 6000, "seconds": 90, "edges": 300, "found": "a bug"}}
        page = f"before\n\n{record.HEAD}| `old` | 1 | 2 | 3 | |\n\nafter\n"
        self.assertEqual(record.with_table(page, known),
                         f"before\n\n{record.HEAD}| `times` | 1.5 | 6,000 | 300 | a bug |\n\nafter\n")

    def test_the_page_has_the_table_of_the_figures_that_are_kept(self):
        page = record.PAGE.read_text(encoding="utf-8")
        self.assertEqual(record.with_table(page, json.loads(record.JSON.read_text(encoding="utf-8"))), page)


if __name__ == "__main__":
    unittest.main()
