"""Two operators that share a fleet, each with a lease of its own, against one that does all: once divided by label, with one
connection for both, once by namespace."""

import concurrent.futures
import contextlib
import time

from cluster import LEASES, NAMESPACE, Cluster, connect
from programs import Console, Operator
from ratios import Row
from subjects import Ours, load
from waiting import quiet_process, wait_until

TITLE = "Shards"
MEBI = 1024
SECOND_NAMESPACE = "bench-b"
ELECTION = ["--leader-elect", "--leader-election-namespace", LEASES]
RELEASES = {"one": [[]], "labels": [["--selector", "shard=a"], ["--selector", "shard=b"]],
            "namespaces": [["--watch-namespace", NAMESPACE], ["--watch-namespace", SECOND_NAMESPACE]]}


class Trial:
    """The operators of one way to divide the fleet; figures are of all of them together."""

    def __init__(self, options, name, folder):
        self.options, self.name, self.folder = options, name, folder
        self.by_namespace = name == "namespaces"
        folder.mkdir(parents=True)

    def start(self, stack, number, arguments):
        program = stack.enter_context(Operator(self.options.programs, self.ours.kubeconfig,
                                               self.folder / f"operator-{number}.log", [*arguments, *ELECTION]))
        wait_until(lambda: program.metric("leader_election_master_status") > 0, 60, "a lease")
        return program

    def create(self):
        """Half of the objects for each shard, by as many writers in all."""
        if not self.by_namespace:
            load(self.options.programs, self.cluster, "create", count=self.options.shared, shards=2)
            return
        with concurrent.futures.ThreadPoolExecutor() as pool:
            for done in [pool.submit(load, self.options.programs, self.cluster, "create", namespace, connections=16,
                                     count=self.options.shared // 2) for namespace in (NAMESPACE, SECOND_NAMESPACE)]:
                done.result()

    def measure(self):
        with contextlib.ExitStack() as stack:
            self.cluster = stack.enter_context(Cluster(self.folder / "control-plane"))
            console = stack.enter_context(Console(self.options.programs, self.folder))
            self.ours = Ours(self.options.programs, self.cluster, console, self.folder)
            self.cluster.kubectl("create", "namespace", SECOND_NAMESPACE)
            programs = [self.start(stack, *each) for each in enumerate(RELEASES[self.name])]
            self.ours.prepare(programs[0])
            if self.by_namespace:
                connect(self.cluster, console, namespace=SECOND_NAMESPACE, interval="24h")
            for program in programs:
                quiet_process(program)
            return self.fleet(programs, console)

    def fleet(self, programs, console):
        cpu, started = [program.cpu_seconds() for program in programs], time.monotonic()
        self.create()
        wait_until(lambda: sum(each.metric("platformer_operator_service_accounts", 'ready="true"') for each in programs)
                   >= self.options.shared, 3600, "all accounts Ready")
        seconds = time.monotonic() - started
        for program in programs:
            quiet_process(program)
        used = [program.cpu_seconds() - before for program, before in zip(programs, cpu)]
        leases = self.cluster.kubectl("get", "leases", "-n", LEASES, "-o", "name").split()
        return {"seconds": seconds, "cpu_ms_per_account": 1000 * sum(used) / self.options.shared,
                "largest_share": max(used) / (sum(used) or 1), "leases": len(leases),
                "rss_mb": max(program.memory_kib("VmRSS") for program in programs) / MEBI,
                "accounts_at_console": len(console.ask("GET", "/accounts")["accounts"])}


def measure(options, folder):
    figures = {"accounts": options.shared - options.shared % 2}
    for name in RELEASES:
        figures[name] = Trial(options, name, folder / name).measure()
        print(f"  {name}: " + ", ".join(f"{what} {value:.2f}" for what, value in figures[name].items()), flush=True)
    return figures


def rows_of(figures):
    one, accounts, rows = figures["one"], figures["accounts"], []
    for name, words in (("labels", "by label"), ("namespaces", "by namespace")):
        two = figures[name]
        rows += [Row(f"{accounts:,} accounts, two shards {words}: throughput, of one operator's",
                     one["seconds"] / two["seconds"], "x", None, None),
                 Row("… CPU of both, of one operator's", two["cpu_ms_per_account"] / one["cpu_ms_per_account"], "x",
                     None, None),
                 Row("… the busier one's part of that", two["largest_share"], "", None, None),
                 Row("… RSS of the larger one, of one operator's", two["rss_mb"] / one["rss_mb"], "x", None, None),
                 Row("… leases short of two", 2 - two["leases"], "", 0, 0),
                 Row("… accounts at the Console beyond those wanted", two["accounts_at_console"] - accounts, "", 0, 0)]
    return rows
