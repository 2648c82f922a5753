#!/usr/bin/env python3
"""The programs have every protection that elf_hardening.py knows, and it notices when one of them is missing: a small
program is built with all of them, and with all but one, in turn.

    PROGRAMS="build/dev/bin/platformer-operator …" COMPILED=1 python3 elf_hardening_test.py
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from elf_hardening import COMPILED, LINKED, compiled, linked, missing

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPTIONS = (ROOT / "operator" / "cmake" / "BuildOptions.cmake").read_text()

# A frame of several pages, a copy into a buffer, and functions that are called by address.
SMALL = r"""
#include <string.h>
#include <stdlib.h>
typedef int (*step)(char *);
__attribute__((noinline)) static int first(char *text) { return text[0]; }
__attribute__((noinline)) static int last(char *text) { return text[strlen(text) - 1]; }
__attribute__((noinline)) static int middle(char *text) { return text[strlen(text) / 2]; }
__attribute__((noinline)) static int second(char *text) { return text[1]; }
step steps[] = {first, second, middle, last};
__attribute__((noinline)) int copy(const char *from, int which) {
  char room[40000];
  memcpy(room, from, strlen(from) + 1);
  return steps[which & 3](room);
}
int main(int count, char **words) { return copy(words[count - 1], atoi(words[0])); }
"""
LINKER = ["-pie", "-Wl,-z,relro,-z,now,-z,noexecstack"]
COMPILER = ["-O2", "-fPIE", "-fstack-protector-strong", "-fstack-clash-protection", "-fcf-protection=full",
            "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3"]
# What is lacking, and the options that take it away; they come last.
WITHOUT = {
    "position independent": ["-fno-pie", "-no-pie"],
    "relocations read-only": ["-Wl,-z,norelro"],
    "bound at start": ["-Wl,-z,lazy"],
    "stack not executable": ["-Wl,-z,execstack"],
    "no memory both writable and executable": ["-Wa,--defsym,both=1"],
    "no relocations in code": ["-Wl,-z,notext", "-Wa,--defsym,moved=1"],
    "no search path of its own": ["-Wl,-rpath,/opt/lib"],
    "stack protector": ["-fno-stack-protector"],
    "fortified calls": ["-U_FORTIFY_SOURCE"],
    "stack clash protection": ["-fno-stack-clash-protection"],
    "branch targets marked": ["-fcf-protection=none"],
}
# By assembler symbols: an address in code that has to be moved, and a section that is both.
IN_ASSEMBLER = r"""
asm(".ifdef moved\n .text\n .quad steps\n .endif\n"
    ".ifdef both\n .section .both,\"awx\"\n .quad 0\n .text\n .endif\n");
"""


class Check(unittest.TestCase):
    """Of the check itself."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "small.c").write_text(SMALL + IN_ASSEMBLER)

    def build(self, *last):
        program = self.folder / "small"
        said = subprocess.run([os.environ.get("CC", "gcc"), *COMPILER, *LINKER, *last, "small.c", "-o", program],
                              cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(said.returncode, 0, said.stderr)
        return program

    def test_a_program_with_all_of_them_lacks_nothing(self):
        self.assertEqual(missing(self.build()), [])

    def test_each_one_that_is_left_out_is_named(self):
        self.assertEqual(set(WITHOUT), set(LINKED + COMPILED))
        for name, options in WITHOUT.items():
            with self.subTest(name):
                self.assertIn(name, missing(self.build(*options)))

    def test_a_program_without_any_lacks_them_all_but_those_that_have_to_be_asked_for(self):
        plain = ["-fno-pie", "-no-pie", "-Wl,-z,norelro,-z,lazy,-z,execstack", *WITHOUT["stack protector"],
                 *WITHOUT["fortified calls"], *WITHOUT["stack clash protection"], *WITHOUT["branch targets marked"]]
        asked_for = {"no memory both writable and executable", "no relocations in code", "no search path of its own"}
        self.assertEqual(set(missing(self.build(*plain))), set(LINKED + COMPILED) - asked_for)

    def test_these_are_the_options_that_the_programs_are_built_with(self):
        for option in (*COMPILER[2:], "-fPIE", "-pie", *LINKER[1].removeprefix("-Wl,").split(",")):
            self.assertRegex(OPTIONS, rf"[ ,:]{re.escape(option)}\b")


class Programs(unittest.TestCase):
    """Those of this build."""

    def test_the_linker_did_its_part(self):
        for program in os.environ["PROGRAMS"].split():
            self.assertEqual([name for name, there in linked(program).items() if not there], [], program)

    @unittest.skipUnless(os.environ.get("COMPILED") == "1", "built without PLATFORMER_HARDENING")
    def test_the_compiler_did_its_part(self):
        for program in os.environ["PROGRAMS"].split():
            self.assertEqual([name for name, there in compiled(program).items() if not there], [], program)


if __name__ == "__main__":
    unittest.main()
