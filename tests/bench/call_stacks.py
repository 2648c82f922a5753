"""Call stacks out of `perf script`, counted: who ran, and on whose behalf."""

import collections
import re
import subprocess

# "      7f00 symbol+0x12 (/usr/lib/libssl.so.3)": an address, a symbol or [unknown], the file it lies in.
FRAME = re.compile(r"^\s+[0-9a-f]+ (?P<symbol>.*) \((?P<file>[^()]*)\)$")
OFFSET = re.compile(r"\+0x[0-9a-f]+$")


def read_stacks(lines):
    """{(outermost, …, innermost): samples} of the output of `perf script -F comm,ip,sym,dso`."""
    stacks, frames = collections.Counter(), []
    for line in [*lines, ""]:
        if found := FRAME.match(line):
            frames.append(_name(found["symbol"], found["file"]))
        elif not line.strip() and frames:
            stacks[tuple(reversed(frames))] += 1
            frames = []
    return stacks


def _name(symbol, file):
    symbol = OFFSET.sub("", symbol)
    if symbol == "[unknown]":
        return f"[{file.rsplit('/', 1)[-1].strip('[]')}]"
    return f"{symbol} (kernel)" if file.startswith("[kernel") or file.endswith(".ko") else symbol


def demangle(stacks):
    """The same with C++ names as people write them, without arguments."""
    names = sorted({name for stack in stacks for name in stack})
    shown = subprocess.run(["c++filt"], input="\n".join(names), check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    short = {name: shorten(text) for name, text in zip(names, shown)}
    merged = collections.Counter()
    for stack, samples in stacks.items():
        merged[tuple(short[name] for name in stack)] += samples
    return merged


def shorten(name):
    """Without arguments of functions and templates: "a::b<c>::d(e) const" is "a::b<>::d"."""
    kernel = " (kernel)" if name.endswith(" (kernel)") else ""
    name = name.removesuffix(" (kernel)").replace("(anonymous namespace)", "anonymous")
    # Operators whose names hold brackets.
    name = re.sub(r"operator(\(\)|<=>|<<=?|>>=?|->\*?|[<>]=?)", lambda found: "operator" + found[1].translate(HIDDEN), name)
    text, depth = [], 0
    for at, character in enumerate(name):
        if character in "<(":
            if depth == 0 and character == "(" and at > 0:
                break  # the arguments; a lambda or coroutine within counts as the function around it
            text.append("<" if depth == 0 and character == "<" else "")
            depth += 1
        elif character in ">)":
            depth -= 1
            text.append(">" if depth == 0 and character == ">" else "")
        elif depth == 0:
            text.append(character)
    short = "".join(text).translate(SHOWN).replace("std::__cxx11::", "std::").replace("[abi:cxx11]", "").strip()
    # A template's result type stands before its name.
    return (short.split(" ")[-1] if "operator" not in short else short) + kernel


HIDDEN = str.maketrans("<>()", "\1\2\3\4")
SHOWN = str.maketrans("\1\2\3\4", "<>()")


def shares(stacks):
    """[(function, self, inclusive)] in shares of all samples. A function that calls itself counts once."""
    own, within, total = collections.Counter(), collections.Counter(), sum(stacks.values())
    for stack, samples in stacks.items():
        own[stack[-1]] += samples
        for name in set(stack):
            within[name] += samples
    return [(name, own[name] / total, count / total) for name, count in within.items()]


def split(stacks, parts, rest):
    """{part: share}, all of them one together. A sample is of the part that finds the function nearest to its top; `parts`
    are (name, pattern); what none of them finds is of `rest`."""
    compiled = [(name, re.compile(pattern)) for name, pattern in parts]
    found = collections.Counter({name: 0 for name, _ in parts})

    def part_of(stack):
        return next((name for function in reversed(stack) for name, pattern in compiled if pattern.search(function)), rest)

    for stack, samples in stacks.items():
        found[part_of(stack)] += samples
    return {name: samples / sum(stacks.values()) for name, samples in found.items()}


def share_of(stacks, pattern):
    """The share of samples with a function on their stack that the pattern finds."""
    wanted = re.compile(pattern)
    return sum(samples for stack, samples in stacks.items() if any(map(wanted.search, stack))) / sum(stacks.values())
