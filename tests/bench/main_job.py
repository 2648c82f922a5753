#!/usr/bin/env python3
"""What the main job costs, measured on a real control plane with the real programs; `./dev bench` runs it.

  main_job.py PROGRAMS FOLDER [--accounts 100] [--rest 60] [--starts 15]

PROGRAMS holds platformer-operator and platformer-console-emulator; FOLDER is emptied and takes logs. Starts a control
plane of its own. Prints a table. Exit status 1 when a count is beyond its bound; times and memory depend on the machine
and are only marked.
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
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from programs import Console, Operator  # noqa: E402

from cluster import Audit, Cluster, connect  # noqa: E402
from report import Table  # noqa: E402
from waiting import idle, wait_until  # noqa: E402


def account(number):
    return {"apiVersion": "console.platformer.com/v1alpha1", "kind": "ServiceAccount",
            "metadata": {"name": f"bot-{number:03}"},
            "spec": {"project": "storefront", "permissions": ["rudder.app.editor"]}}


def measure_starts(table, start, options, accounts):
    """From exec to the log line that every watch is open and its first list complete."""
    times, ends = [], []
    for _ in range(options.starts):
        with start() as operator:
            times.append(1000 * operator.line(r" watching ")[0])
            stopping = time.monotonic()
            operator.stop()
            ends.append(1000 * (time.monotonic() - stopping))
    table.add(f"process start to watches open, {accounts} accounts, median of {len(times)}", statistics.median(times),
              100, "ms", strict=False)
    table.add("  the slowest of them", max(times), unit="ms")
    table.add("  SIGTERM to exit, median", statistics.median(ends), unit="ms")


def measure_memory(table, operator, accounts):
    table.add(f"RSS at rest, {accounts} accounts", operator.memory_kib("VmRSS") / 1000 * 1.024, 20, "MB", strict=False)
    table.add("  of it anonymous (heap and stack)", operator.memory_kib("RssAnon") / 1000 * 1.024, unit="MB")
    table.add("  of it files (program and libraries, shared)", operator.memory_kib("RssFile") / 1000 * 1.024, unit="MB")


def named(calls):
    return ", ".join(f"{number} {name}" for name, number in sorted(calls.items())) or "none"


def measure_creation(table, cluster, operator, console, audit, options):
    audit.mark()
    console.forget_calls()
    started = time.monotonic()
    cluster.kubectl("create", "-f", "-", text="\n---\n".join(json.dumps(account(n)) for n in range(options.accounts)))
    # Not by `kubectl wait`, which takes longer than the operator.
    wait_until(lambda: operator.metric("platformer_operator_service_accounts", 'ready="true"') >= options.accounts, 180,
               "all accounts Ready")
    seconds = time.monotonic() - started
    cluster.kubectl("wait", "psa", "--all", "--for=condition=Ready", "--timeout=180s")
    counts, calls = audit.count(), console.calls()
    share = options.accounts
    table.add("Kubernetes writes per created account", counts["writes"] / share, 3)
    table.add("dry runs per created account", counts["dry runs"] / share, 1)
    table.add("Kubernetes reads per created account", counts["reads"] / share)
    table.add("event writes per created account", counts["event writes"] / share)
    table.add("writes for their connection (its finalizer), in all", counts["connection writes"])
    table.add("Console calls that create, per created account", calls.get("createServiceAccount", 0) / share, 1)
    calls.pop("createServiceAccount", None)
    table.add(f"other Console calls for all {share}: {named(calls)}", sum(calls.values()))
    table.add(f"kubectl create of {share} accounts to all Ready", seconds, unit="s")


def measure_rest(table, operator, console, audit, options):
    audit.mark()
    console.forget_calls()
    cpu = operator.cpu_seconds()
    time.sleep(options.rest)
    cpu = operator.cpu_seconds() - cpu
    counts = audit.count()
    table.add(f"{options.accounts} Ready accounts at rest for {options.rest} s: requests other than watches",
              sum(counts.values()) - counts["watches"], 0)
    table.add("  Console calls", sum(console.calls().values()), 0)
    table.add("  processor time", 1000 * cpu, unit="ms")


def measure_restart(table, start, console, audit, options):
    audit.mark()
    console.forget_calls()
    with start() as operator:
        wait_until(lambda: operator.metric("controller_runtime_reconcile_total") >= options.accounts, 60, "a look at all")
        idle(operator)
        counts, calls = audit.count(), console.calls()
        minted = operator.metric("platformer_operator_tokens_minted_total")
    table.add(f"restart with {options.accounts} Ready accounts: Kubernetes writes",
              sum(number for kind, number in counts.items() if kind not in ("reads", "watches")), 0)
    table.add("  tokens minted", int(minted), 0)
    table.add("  Kubernetes reads (lists included)", counts["reads"])
    table.add(f"  Console calls: {named(calls)}", sum(calls.values()))


def describe(cluster, programs, options):
    version = subprocess.run([programs / "platformer-operator", "--version"], check=True, text=True,
                             stdout=subprocess.PIPE).stdout.strip()
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    print(f"{version} from {programs}; Kubernetes {cluster.version()}, etcd, emulator and operator on one machine: "
          f"{os.cpu_count()} cores ({processor[1] if processor else platform.machine()}), "
          f"load {os.getloadavg()[0]:.1f} at the start; {options.accounts} accounts\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--accounts", type=int, default=100)
    parser.add_argument("--rest", type=int, default=60, help="seconds")
    parser.add_argument("--starts", type=int, default=15)
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    os.umask(0o077)
    table = Table()
    with Cluster(options.folder / "control-plane") as cluster, Console(options.programs, options.folder) as console:
        kubeconfig = cluster.install()
        describe(cluster, options.programs, options)
        audit = Audit(cluster)

        def start():
            return Operator(options.programs, kubeconfig, options.folder / "operator.log")

        with start() as operator:  # the apiserver fills its own caches of the new kinds once; not ours to count
            operator.wait_ready()
        table.head()
        measure_starts(table, start, options, 0)
        with start() as operator:
            idle(operator)
            measure_memory(table, operator, 0)
            connect(cluster, console)
            cluster.kubectl("wait", "pcc/default", "--for=condition=Ready", "--timeout=30s")
            idle(operator)
            measure_creation(table, cluster, operator, console, audit, options)
            idle(operator)
            measure_rest(table, operator, console, audit, options)
            measure_memory(table, operator, options.accounts)
        measure_restart(table, start, console, audit, options)
        measure_starts(table, start, options, options.accounts)
    return 1 if table.broken else 0


if __name__ == "__main__":
    sys.exit(main())
