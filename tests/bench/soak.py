#!/usr/bin/env python3
"""Weeks of trouble in minutes: ServiceAccounts change at random, networks and servers fail at random, the operator is killed
and told to end; then all of it stops, and everything has to be right.

  soak.py PROGRAMS FOLDER [--minutes 30] [--population 60] [--seed N] [--json FILE]

In the first half the operator is restarted; in the second one process lives through it all, and its memory, open files and
sockets must be as many in its last quarter as in its first. Exit status 1 when something is not right.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import sys
import time

import machine
import record
import soak_checks
from cluster import Cluster, connect
from programs import Console, Operator
from soak_faults import Faults, Gate, end
from soak_people import Api, People

ANSWER_SECONDS = 2  # that the connection waits for the Console; what is in doubt is waited for so long


class Soak:
    def __init__(self, options):
        self.options, self.random = options, random.Random(options.seed)
        self.seconds, self.starts, self.ends = 60 * options.minutes, 0, {"kill": 0, "term": 0}
        self.samples = soak_checks.Samples()

    def start(self):
        self.starts += 1
        return Operator(self.options.programs, self.gate.kubeconfig, self.options.folder / "operator.log")

    def restart(self):
        how = self.random.choice(["kill", "term"])
        end(self.program, how)
        self.ends[how] += 1
        self.program.__exit__()
        self.program = self.start()

    def live(self):
        """Changes, faults and, in the first half, restarts; each at its own distance."""
        began = time.monotonic()
        due = {"change": 0.0, "fault": 1.0, "restart": 3.0, "sample": 0.0, "word": 10.0}
        apart = {"change": self.options.change, "fault": self.options.fault, "restart": max(4.0, self.seconds / 60),
                 "sample": min(1.0, self.seconds / 100), "word": 10.0}
        while (now := time.monotonic() - began) < self.seconds:
            for what in [each for each, at in due.items() if at <= now]:
                self.happen(what, now)
                spread = 1 if what in ("sample", "word") else self.random.uniform(0.5, 1.5)
                due[what] = now + apart[what] * spread
            time.sleep(max(0.0, min(min(due.values()) - (time.monotonic() - began), 0.5)))

    def happen(self, what, now):
        second_half = now > self.seconds / 2
        if what == "change":
            self.people.act()
        elif what == "fault":
            self.faults.strike()
        elif what == "restart" and not second_half:
            self.restart()
        elif what == "sample" and second_half:
            self.samples.take(self.program)
        elif what == "word":
            print(f"  {now:6.0f} s: {len(self.people.alive)} objects, {sum(self.people.deeds.values())} changes, "
                  f"{sum(self.faults.counts.values())} faults, {self.starts} starts, "
                  f"RSS {self.program.memory_kib('VmRSS') / soak_checks.MEBI:.1f} MB", flush=True)

    def judge(self):
        """All stops; what is wrong then, and after everything was deleted."""
        met = self.faults.met()
        self.faults.lift()
        started = time.monotonic()
        wrong = soak_checks.settle(self.api, self.people.alive, self.options.patience)
        took = time.monotonic() - started
        wrong = wrong or soak_checks.lasting_violations(self.api, self.console)
        settled = len(self.people.alive)
        if self.program.process.poll() is not None:
            wrong.append("the operator has ended by itself")
        self.people.delete_all()
        wrong += soak_checks.settle(self.api, {}, self.options.patience)
        wrong += soak_checks.lasting_violations(self.api, self.console) if not wrong else []
        wrong += soak_checks.leftovers(self.program) if not wrong else []
        wrong += self.samples.growth()
        return {"changes": self.people.deeds, "faults": self.faults.counts, "requests_met": met, "ends": self.ends,
                "objects_checked": settled, "seconds_to_settle": round(took, 1), "samples": len(self.samples.taken),
                "quarters": self.samples.quarters() if self.samples.taken else {}, "wrong": wrong}

    def run(self):
        folder, programs = self.options.folder, self.options.programs
        with Cluster(folder / "control-plane") as cluster, Console(programs, folder) as self.console:
            kubeconfig = cluster.install()
            self.api = Api(cluster.folder / "admin.kubeconfig")
            with Gate(programs, kubeconfig, self.console, folder) as self.gate:
                self.program = self.start()
                try:
                    connect(cluster, self.console, gateway=self.gate.gateway, timeout=f"{ANSWER_SECONDS}s", interval="30s")
                    cluster.kubectl("wait", "pcc/default", "--for=condition=Ready", "--timeout=30s")
                    self.people = People(self.api, self.random, self.options.population)
                    self.faults = Faults(self.gate, self.random)
                    self.live()
                    return self.judge()
                finally:
                    self.program.__exit__()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--population", type=int, default=60, help="about so many objects at a time")
    parser.add_argument("--change", type=float, default=0.2, help="seconds between two changes, about")
    parser.add_argument("--fault", type=float, default=3, help="seconds between two faults, about")
    parser.add_argument("--patience", type=int, default=900, help="seconds until all has to be right")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--record", action="store_true", help="keep the result in docs/performance")
    options = parser.parse_args()
    options.folder, options.programs = options.folder.resolve(), options.programs.resolve()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    os.umask(0o077)
    about = machine.describe(options.programs)
    print(f"{machine.in_words(about)}; {options.minutes:g} minutes, seed {options.seed}", flush=True)
    found = {"minutes": options.minutes, "seed": options.seed, **Soak(options).run()}
    if options.json:
        options.json.write_text(json.dumps({"machine": about, **found}, indent=1) + "\n")
    print("\n".join(soak_checks.summary(found)), flush=True)
    for each in found["wrong"]:
        print(f"WRONG: {each}", flush=True)
    if options.record:
        record.keep({"machine": about, "rounds": 1, "soak": found})
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
