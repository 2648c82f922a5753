#!/usr/bin/env python3
"""What a profile shows is what perf saw."""

import pathlib
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from call_stacks import read_stacks, share_of, shares, shorten, split  # noqa: E402
from flame_graph import WIDTH, flame_graph  # noqa: E402

RECORDED = """operator
            7f01 malloc+0x12 (/usr/lib/x86_64-linux-gnu/libc.so.6)
            5501 platformer::net::write (/bin/platformer-operator)
            5500 main (/bin/platformer-operator)

operator
    ffffffff8100 do_syscall_64 ([kernel.kallsyms])
            7f55 [unknown] (/usr/lib/x86_64-linux-gnu/libssl.so.3)
            5500 main (/bin/platformer-operator)

operator
            5501 platformer::net::write (/bin/platformer-operator)
            5501 platformer::net::write (/bin/platformer-operator)
            5500 main (/bin/platformer-operator)
"""
SVG = "{http://www.w3.org/2000/svg}"


class Stacks(unittest.TestCase):
    def setUp(self):
        self.stacks = read_stacks(RECORDED.splitlines())

    def test_are_read_from_the_outermost_to_the_innermost_function(self):
        self.assertEqual(self.stacks[("main", "platformer::net::write", "malloc")], 1)

    def test_tell_kernel_functions_and_files_without_symbols(self):
        self.assertIn(("main", "[libssl.so.3]", "do_syscall_64 (kernel)"), self.stacks)

    def test_a_function_that_calls_itself_counts_once(self):
        found = {name: (own, within) for name, own, within in shares(self.stacks)}
        self.assertEqual(found["platformer::net::write"], (1 / 3, 2 / 3))
        self.assertEqual(found["main"], (0, 1))

    def test_are_of_the_part_that_is_nearest_to_the_top(self):
        parts = split(self.stacks, [("ours", "^platformer"), ("kernel", r"\(kernel\)$"), ("none", "^nothing")], "rest")
        self.assertEqual(parts, {"ours": 2 / 3, "kernel": 1 / 3, "none": 0})
        self.assertEqual(split(self.stacks, [("memory", "^malloc$")], "rest"), {"memory": 1 / 3, "rest": 2 / 3})
        self.assertEqual(share_of(self.stacks, "^malloc$"), 1 / 3)


class Names(unittest.TestCase):
    def test_have_no_arguments(self):
        for name, short in (
                ("a::b<c<d>, e>::f(g<h> const&) const", "a::b<>::f"),
                ("void a::b<c>(d)", "a::b<>"),
                ("a::(anonymous namespace)::b(int)", "a::anonymous::b"),
                ("a::operator()<b>(c)", "a::operator()<>"),
                ("a<b>::operator<(c const&)", "a<>::operator<"),
                ("operator new(unsigned long)", "operator new"),
                ("a::send(a::send(b)::_Z1fv.Frame*) [clone .actor]", "a::send"),
                ("do_syscall_64 (kernel)", "do_syscall_64 (kernel)")):
            self.assertEqual(shorten(name), short)


class FlameGraph(unittest.TestCase):
    def setUp(self):
        self.root = ElementTree.fromstring(flame_graph(read_stacks(RECORDED.splitlines()), "a <title> & more"))
        self.bars = {bar.find(f"{SVG}title").text: bar.find(f"{SVG}rect") for bar in self.root.iter(f"{SVG}g")}

    def test_says_of_each_function_how_much_it_took(self):
        self.assertIn("malloc: 1 of 3 samples, 33.3 %", self.bars)
        self.assertIn("platformer::net::write: 2 of 3 samples, 66.7 %", self.bars)

    def test_shows_it_as_the_width_of_a_bar(self):
        width = float(self.bars["platformer::net::write: 2 of 3 samples, 66.7 %"].get("width"))
        self.assertAlmostEqual(width, WIDTH * 2 / 3, delta=0.1)

    def test_has_callers_below_what_they_call(self):
        caller, callee = (float(self.bars[name].get("y")) for name in
                          ("main: 3 of 3 samples, 100.0 %", "malloc: 1 of 3 samples, 33.3 %"))
        self.assertGreater(caller, callee)

    def test_needs_no_other_file(self):
        text = ElementTree.tostring(self.root, encoding="unicode")
        self.assertNotIn("href", text)
        self.assertNotIn("src=", text)


if __name__ == "__main__":
    unittest.main()
