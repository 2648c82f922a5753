#!/usr/bin/env python3
"""Runs fuzz targets, two at a time (docs/testing.md, "Fuzzing").

  fuzz.py --brief BUILD TARGET         over the checked-in corpus for some seconds; exit 77: it was not built
  fuzz.py --minutes N BUILD [TARGET…]  longer, with progress; finds go to the cache, crashes to BUILD/crashes;
                                       with --record the figures are added to those in docs (record.py)
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import record

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BRIEF_SECONDS = 10
# Of these only the checked-in inputs, which always end alike: they have not been run for long enough (docs/testing.md).
REPLAYED = {"step"}
AT_ONCE = 2
PROGRESS_SECONDS = 60
TELLING = re.compile(r"ORACLE|ERROR|SUMMARY|runtime error|#[0-9]+ 0x.* in platformer")
OPTIONS = ["-timeout=10", "-rss_limit_mb=1500", "-print_final_stats=1"]
# "#4096 pulse cov: 310 ft: 845 corp: 52/3kb … exec/s: 2048 …"
STATE = re.compile(r"^#(\d+)\s.* cov: (\d+) .*?corp: (\d+)/")


class Run:
    """One target at work; its output is read as it comes."""

    def __init__(self, build, target, seconds, finds, log):
        self.target, self.build, self.finds = target, build, finds
        self.crashes = build / "crashes"
        self.crashes.mkdir(exist_ok=True)
        finds.mkdir(parents=True, exist_ok=True)
        dictionary = HERE / "dictionaries" / f"{target}.dict"
        command = [build / "bin" / f"fuzz_{target}", *([f"-max_total_time={seconds}"] if seconds else ["-runs=0"]), *OPTIONS,
                   f"-artifact_prefix={self.crashes}/{target}-"]
        if dictionary.exists():
            command.append(f"-dict={dictionary}")
        self.log_path = log
        self.log = open(log, "w+", encoding="utf-8", errors="replace")
        self.before = set(self.crashes.glob(f"{target}-*"))
        self.process = subprocess.Popen([*map(str, command), str(finds), str(HERE / "corpus" / target)],
                                        stdout=self.log, stderr=subprocess.STDOUT)
        self.started = time.monotonic()
        self.seconds = 0.0  # of processor time, once it has ended

    def ended(self):
        process, status, usage = os.wait4(self.process.pid, os.WNOHANG)
        if process:
            self.process.returncode = os.waitstatus_to_exitcode(status)
            self.seconds = usage.ru_utime + usage.ru_stime
        return bool(process)

    def output(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def state(self):
        """(executions, coverage, inputs in the corpus) as last reported."""
        last = (0, 0, 0)
        for line in self.output().splitlines():
            if match := STATE.match(line):
                last = tuple(map(int, match.groups()))
        return last

    def new_crashes(self):
        return sorted(set(self.crashes.glob(f"{self.target}-*")) - self.before)

    def line(self):
        executions, coverage, corpus = self.state()
        spent = max(time.monotonic() - self.started, 0.001)
        return (f"fuzz {self.target}: {spent:.0f} s, {executions:,} executions ({executions / spent:,.0f}/s), "
                f"coverage {coverage:,} edges, corpus {corpus:,}, crashes {len(self.new_crashes())}")

    def report(self):
        """Says how it ended; true when nothing was found."""
        print(self.line(), flush=True)
        if self.process.returncode == 0:
            return True
        text = self.output()
        telling = [each for each in text.splitlines() if TELLING.search(each)]
        print("\n".join(telling[:20] or text.splitlines()[-20:]))
        program = os.path.relpath(self.build / "bin" / f"fuzz_{self.target}", ROOT)
        for crash in self.new_crashes():
            print(f"fuzz {self.target}: CRASH, the input is {crash}\n  replay: {program} {os.path.relpath(crash, ROOT)}")
        return False


def brief(build, target):
    program = build / "bin" / f"fuzz_{target}"
    if not program.exists():
        print(f"fuzz: not run, for want of {os.path.relpath(program, ROOT)} (./dev build fuzz; it needs clang-19)")
        return 77
    with tempfile.TemporaryDirectory() as scratch:
        finds = pathlib.Path(scratch)
        run = Run(build, target, 0 if target in REPLAYED else BRIEF_SECONDS, finds / "finds", finds / "log")
        run.process.wait()
        return 0 if run.report() else 1


def at_length(build, targets, seconds, cache, keep):
    logs = build / "logs"
    logs.mkdir(exist_ok=True)
    waiting, running, failed, done = list(targets), [], [], []
    told = time.monotonic()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            target = waiting.pop(0)
            running.append(Run(build, target, seconds, cache / target, logs / f"{target}.log"))
        time.sleep(0.5)
        for run in [each for each in running if each.ended()]:
            running.remove(run)
            done.append((run.target, run.output(), run.seconds))
            if not run.report():
                failed.append(run.target)
        if time.monotonic() - told >= PROGRESS_SECONDS:
            told = time.monotonic()
            for run in running:
                print(run.line(), flush=True)
    if keep:
        record.record(done)
    print(f"fuzz: {len(targets)} targets, crashes in {', '.join(failed) or 'none'}; new inputs are in {cache}")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brief", action="store_true")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    options = parser.parse_intermixed_args()
    build = options.build.resolve()
    if options.brief:
        sys.exit(brief(build, options.targets[0]))
    known = sorted(each.name.removesuffix("_fuzz.cpp") for each in HERE.glob("*_fuzz.cpp"))
    if unknown := [each for each in options.targets if each not in known]:
        parser.error(f"unknown: {', '.join(unknown)}; there are: {', '.join(known)}")
    caches = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    sys.exit(at_length(build, options.targets or known, int(options.minutes * 60),
                       caches / "platformer-operator" / "fuzz", options.record))


if __name__ == "__main__":
    main()
