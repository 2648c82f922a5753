#!/usr/bin/env python3
"""Which protections a program (ELF, x86-64) lacks. Reads it with readelf and objdump of binutils.

    python3 elf_hardening.py PROGRAM…     names what is missing; exit status 1 when anything is
"""

import re
import subprocess
import sys

LINKED = ("position independent", "relocations read-only", "bound at start", "stack not executable",
          "no memory both writable and executable", "no relocations in code", "no search path of its own")
COMPILED = ("stack protector", "fortified calls", "stack clash protection", "branch targets marked")


def _said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout


def _segments(program):
    """[(type, flags)] of the program headers."""
    return re.findall(r"^ +([A-Z_]+) +0x.*? 0x\S+ ([R ][W ][E ]) 0x", _said("readelf", "-lW", program), re.MULTILINE)


def linked(program):
    """{name: is it there} of what the linker does."""
    dynamic = _said("readelf", "-dW", program)
    segments = _segments(program)
    flags = dict(segments)
    now = re.search(r"\(BIND_NOW\)|\(FLAGS\).*\bBIND_NOW\b|\(FLAGS_1\).*\bNOW\b", dynamic)
    return dict(zip(LINKED, (
        bool(re.search(r"Type: +DYN", _said("readelf", "-hW", program)) and re.search(r"\(FLAGS_1\).*\bPIE\b", dynamic)),
        "GNU_RELRO" in flags,
        bool(now),
        "E" not in flags.get("GNU_STACK", "E"),
        bool(segments) and not any("W" in each and "E" in each for kind, each in segments if kind == "LOAD"),
        "TEXTREL" not in dynamic,
        not re.search(r"\((RPATH|RUNPATH)\)", dynamic))))


def compiled(program):
    """{name: is it there} of what the compiler does, for a program that takes its C library as a shared one: then
    its own functions alone are seen."""
    imported = _said("readelf", "--dyn-syms", "-W", program)
    code = _said("objdump", "-d", "--no-show-raw-insn", "-j", ".text", program)
    # GCC touches each page of a large frame: orq $0x0,(%rsp), also at an offset.
    probed = re.search(r"\bor[ql]? +\$0x0,[^ ]*\(%rsp", code)
    # Entry points of our own begin with endbr64. The C run-time's start files have it too, in a handful.
    marked = len(re.findall(r"\bendbr64\b", code))
    return dict(zip(COMPILED, (
        bool(re.search(r"UND +__stack_chk_fail\b", imported)),
        bool(re.search(r"UND +__\w+_chk\b", imported)),
        bool(probed),
        marked > len(re.findall(r"^[0-9a-f]+ <_start>:|<frame_dummy>:|<__do_global", code, re.MULTILINE)) + 2)))


def missing(program, *, static=False):
    """The names of what is missing. Of a static program only the linker's part can be seen: its libraries' functions
    can't be told from its own."""
    found = linked(program) if static else {**linked(program), **compiled(program)}
    return [name for name, there in found.items() if not there]


def main():
    bad = {program: names for program in sys.argv[1:] if (names := missing(program))}
    for program, names in bad.items():
        print(f"{program} lacks: {', '.join(names)}")
    return 1 if bad or len(sys.argv) == 1 else 0


if __name__ == "__main__":
    sys.exit(main())
