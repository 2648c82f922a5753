#!/usr/bin/env python3
"""What a fleet costs: our operator, a plain controller-runtime operator (peer/) and a writer of the same requests without
any operator, one after the other in the same way, each with a control plane of its own.

  fleet.py PROGRAMS FOLDER [--accounts 1000] [--fresh 200] [--rest 60] [--subjects ours,peer,bare] [--rounds 1] [--json FILE]

Prints figures as they come and at the end the ratios that docs/performance.md is about; exit status 1 when one is beyond
its bound and --strict was given. Figures of a machine under other load are worth nothing but as ratios, and little as that.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from programs import Console  # noqa: E402

from cluster import Cluster  # noqa: E402
from ratios import show_ratios  # noqa: E402
from subjects import SUBJECTS, load  # noqa: E402
from waiting import quiet_process, wait_until  # noqa: E402

MEBI = 1024


class Run:
    """One subject, one control plane, one fleet: figures by name."""

    def __init__(self, subject, options, folder):
        self.options, self.folder, self.subject_class = options, folder, SUBJECTS[subject]
        self.figures, self.name = {}, subject
        folder.mkdir(parents=True)

    def note(self, name, value, unit):
        self.figures[name] = value
        print(f"  {self.name:<5} {name:<44} {value:>10.2f} {unit}", flush=True)

    def measure(self):
        with Cluster(self.folder / "control-plane") as self.cluster, \
                Console(self.options.programs, self.folder) as self.console:
            self.subject = self.subject_class(self.options.programs, self.cluster, self.console, self.folder)
            with self.subject.start() as program:
                self.subject.prepare(program)
                quiet_process(program)
                self.note("rss_empty_mb", program.memory_kib("VmRSS") / MEBI, "MB")
                self.create(program)
                self.rest(program)
                self.fresh(program)
            self.cold_start()
            self.cold_start_with_fresh_changes()
            with self.subject.start() as program:
                quiet_process(program)
                self.renew(program)
                self.delete(program)
        return self.figures

    def load(self, action, **options):
        return load(self.options.programs, self.cluster, action, **options)

    def requests_since(self, before):
        now = self.cluster.requests()
        return {kind: count - before.get(kind, 0) for kind, count in now.items() if count != before.get(kind, 0)}

    def create(self, program):
        n, before, cpu, started = self.options.accounts, self.cluster.requests(), program.cpu_seconds(), time.monotonic()
        self.load("create", count=n)
        self.subject.wait_ready(program, n, 3600)
        self.note("create_seconds", time.monotonic() - started, "s")
        quiet_process(program)
        self.note("create_cpu_ms_per_account", 1000 * (program.cpu_seconds() - cpu) / n, "ms")
        self.note("create_peak_rss_mb", program.memory_kib("VmHWM") / MEBI, "MB")
        made = self.requests_since(before)
        for kind in (("patch", "serviceaccounts"), ("put", "serviceaccounts"), ("patch", "serviceaccounts/status"),
                     ("put", "serviceaccounts/status"), ("post", "secrets"), ("dry-run", "secrets"), ("get", "secrets"),
                     ("post", "events"), ("patch", "events")):
            if kind in made:
                self.note(f"create_{'_'.join(kind)}_per_account", made[kind] / n, "")

    def rest(self, program):
        self.note("rss_fleet_mb", program.memory_kib("VmRSS") / MEBI, "MB")
        before, cpu = self.cluster.requests(), program.cpu_seconds()
        time.sleep(self.options.rest)
        self.note("rest_cpu_ms", 1000 * (program.cpu_seconds() - cpu), f"ms in {self.options.rest} s")
        ours = {kind: count for kind, count in self.requests_since(before).items()
                if re.match(r"serviceaccounts|consoleconnections|secrets", kind[1]) and kind[0] != "watch"}
        self.note("rest_requests", sum(ours.values()), "")

    def fresh(self, program):
        del program
        took = self.load("fresh", count=self.options.fresh, prefix="fresh")
        for name in ("p50_ms", "p99_ms"):
            self.note(f"fresh_alone_{name}", took[name], "ms")

    def cold_start(self):
        before = self.cluster.requests()
        with self.subject.start() as program:
            took = quiet_process(program)
            self.note("cold_start_seconds_to_idle", took, "s")
            self.note("cold_start_cpu_s", program.cpu_seconds(), "s")
            self.note("cold_start_peak_rss_mb", program.memory_kib("VmHWM") / MEBI, "MB")
        made = self.requests_since(before)
        writes = sum(count for (verb, resource), count in made.items()
                     if verb in ("post", "put", "patch", "delete", "dry-run") and
                     re.match(r"serviceaccounts|consoleconnections|secrets|events", resource))
        self.note("cold_start_writes", writes, "")
        self.note("cold_start_reads_of_secrets", made.get(("get", "secrets"), 0), "")

    def cold_start_with_fresh_changes(self):
        """The first ones are created together with the process."""
        report = {}
        writer = threading.Thread(target=lambda: report.update(
            self.load("fresh", count=self.options.fresh, prefix="fresh-start")))
        with self.subject.start() as program:
            writer.start()
            writer.join()
            quiet_process(program)
        self.note("fresh_at_start_first_ms", report["first_ms"], "ms")
        for name in ("p50_ms", "p99_ms"):
            self.note(f"fresh_at_start_{name}", report[name], "ms")

    def calls(self, prefix):
        return sum(count for operation, count in self.console.calls().items() if operation.startswith(prefix))

    def until_called(self, prefix, count):
        wait_until(lambda: self.calls(prefix) >= count, 3600, f"{count} calls {prefix}…")

    def renew(self, program):
        n = self.options.accounts
        self.console.forget_calls()
        cpu, started = program.cpu_seconds(), time.monotonic()
        self.load("renew", count=n, stamp="once")
        self.until_called("renew", n)
        quiet_process(program)
        self.note("renew_seconds", time.monotonic() - started, "s")
        self.note("renew_cpu_ms_per_account", 1000 * (program.cpu_seconds() - cpu) / n, "ms")

    def delete(self, program):
        n = self.options.accounts
        cpu, started = program.cpu_seconds(), time.monotonic()
        self.load("delete", count=n)
        self.until_called("delete", n)
        quiet_process(program)
        self.note("delete_seconds", time.monotonic() - started, "s")
        self.note("delete_cpu_ms_per_account", 1000 * (program.cpu_seconds() - cpu) / n, "ms")


def measure_bare(options, folder):
    """The ceiling: the requests of a creation, by a program that does nothing else."""
    folder.mkdir(parents=True)
    figures = {}
    for action in ("write", "write-without-dry-run"):
        with Cluster(folder / f"control-plane-{action}") as cluster:
            cluster.install()
            report = load(options.programs, cluster, action, count=options.accounts)
        figures[f"{action}_seconds"] = report["seconds"]
        print(f"  bare  {action + '_seconds':<44} {report['seconds']:>10.2f} s", flush=True)
    return figures


def describe(programs, accounts):
    version = subprocess.run([programs / "platformer-operator", "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.strip()
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"version": version, "accounts": accounts, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
            "processor": processor[1] if processor else platform.machine(), "kernel": platform.release()}


def median_of(rounds):
    return {name: statistics.median(each[name] for each in rounds if name in each) for name in rounds[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--fresh", type=int, default=200)
    parser.add_argument("--rest", type=int, default=60, help="seconds")
    parser.add_argument("--rounds", type=int, default=1, help="the subjects take turns so often; medians count")
    parser.add_argument("--subjects", default="ours,peer,bare")
    parser.add_argument("--json", type=pathlib.Path, help="where figures and machine are written to")
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args()
    options.folder, options.programs = options.folder.resolve(), options.programs.resolve()
    shutil.rmtree(options.folder, ignore_errors=True)
    os.umask(0o077)
    machine = describe(options.programs, options.accounts)
    print(", ".join(f"{name} {value}" for name, value in machine.items()), flush=True)
    rounds = {subject: [] for subject in options.subjects.split(",")}
    for number in range(options.rounds):
        for subject, figures in rounds.items():
            folder = options.folder / f"{subject}-{number}"
            figures.append(measure_bare(options, folder) if subject == "bare" else Run(subject, options, folder).measure())
    figures = {subject: median_of(each) for subject, each in rounds.items()}
    if options.json:
        options.json.write_text(json.dumps({"machine": machine, "figures": figures}, indent=2) + "\n")
    broken = show_ratios(figures, options.accounts)
    return 1 if broken and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())
