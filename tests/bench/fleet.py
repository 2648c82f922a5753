#!/usr/bin/env python3
"""What a fleet costs: our operator, a plain controller-runtime operator (peer/) and a writer of the same requests without
any operator, one after the other in the same way, each with a control plane of its own.

  fleet.py PROGRAMS FOLDER [--accounts 1000,10000] [--sections fleet,input,shards] [--record] …

Prints figures as they come and at the end the measures that docs/performance.md is about, each with what it must reach;
with --strict, exit status 1 when one does not. Figures of a machine under other load are worth nothing but as ratios, and
little as that. --record puts them into docs/performance/fleet.json, where sizes that were not measured keep theirs, and
draws picture and tables of docs/performance.md anew.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import sys

import hostile
import machine
import ratios
import record
import shards
from course import Course, measure_bare


def median_of(rounds):
    names = {name: None for each in rounds for name in each}
    return {name: statistics.median(each[name] for each in rounds if name in each) for name in names}


def measure_fleet(options, accounts):
    """The subjects take turns, the bare writer before and after the others of each round; medians."""
    rounds = {subject: [] for subject in options.subjects.split(",")}
    for number in range(options.rounds):
        print(f"{accounts} accounts, round {number + 1} of {options.rounds}", flush=True)
        folder = options.folder / f"{accounts}-{number}"
        if "bare" in rounds:
            rounds["bare"].append(measure_bare(options, accounts, folder / "bare-before", ["write", "write-without-dry-run"]))
        for subject in (each for each in rounds if each != "bare"):
            rounds[subject].append(Course(subject, options, accounts, folder / subject).measure())
        if "bare" in rounds:
            rounds["bare"].append(measure_bare(options, accounts, folder / "bare-after", ["write"]))
    return {subject: median_of(each) for subject, each in rounds.items()}


def show(title, rows):
    print(f"\n{title}\n{ratios.markdown(rows)}", flush=True)
    return any(row.verdict == "MISSED" for row in rows)


def measure(options):
    """What record.py keeps: by section, and of fleets by size."""
    found = {"machine": machine.describe(options.programs), "rounds": options.rounds}
    print(machine.in_words(found["machine"]), flush=True)
    sections = options.sections.split(",")
    if "fleet" in sections:
        sizes = [int(each) for each in options.accounts.split(",")]
        found["fleet"] = {str(each): measure_fleet(options, each) for each in sizes}
    for name, section in (("input", hostile), ("shards", shards)):
        if name in sections:
            found[name] = section.measure(options, options.folder / name)
    return found


def judge(found):
    missed = False
    sizes = {int(accounts): figures for accounts, figures in found.get("fleet", {}).items()}
    for accounts, figures in sizes.items():
        missed |= show(f"{accounts:,} accounts", ratios.rows_of(figures, accounts))
    if len(sizes) > 1:
        missed |= show("Growth", ratios.growth_rows(sizes))
    for name, section in (("input", hostile), ("shards", shards)):
        if name in found:
            missed |= show(section.TITLE, section.rows_of(found[name]))
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--sections", default="fleet", help="of fleet, input (bad input and load) and shards")
    parser.add_argument("--accounts", default="1000", help="sizes of fleets, with commas")
    parser.add_argument("--fresh", type=int, default=200, help="single objects at each occasion")
    parser.add_argument("--failing", type=int, default=1000, help="objects that fail, at the side of others")
    parser.add_argument("--big", type=int, default=100, help="objects of 1 MiB")
    parser.add_argument("--slow", type=int, default=200, help="objects for a Console that takes 10 s for each answer")
    parser.add_argument("--shared", type=int, default=2000, help="accounts that shards share")
    parser.add_argument("--rest", type=int, default=60, help="seconds")
    parser.add_argument("--rounds", type=int, default=1, help="the subjects take turns so often; medians count")
    parser.add_argument("--subjects", default="ours,peer,bare")
    parser.add_argument("--json", type=pathlib.Path, help="where figures and machine are written to")
    parser.add_argument("--record", action="store_true", help="keep them in docs/performance")
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    options.folder, options.programs = options.folder.resolve(), options.programs.resolve()
    shutil.rmtree(options.folder, ignore_errors=True)
    os.umask(0o077)
    found = measure(options)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    missed = judge(found)
    if options.record:
        record.keep(found)
    return 1 if missed and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())
