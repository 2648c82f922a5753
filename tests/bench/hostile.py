"""Bad input and load: what the operator's memory, its queue and a person's fresh change do meanwhile. One control plane; one
thing after the other. The bound for memory is what the chart gives the container."""

import json
import re
import threading

import process
from cluster import ROOT, Cluster, connect
from pressure import let_pass, refuse_some
from programs import Console
from ratios import Row
from subjects import Ours, load
from waiting import quiet_process, wait_until

TITLE = "Bad input and load"
MEBI = 1024
BIG_BYTES = 1_000_000  # etcd takes no more than 1.5 MiB, field management included
SLOW_MILLISECONDS = 10_000
BURST_ROUNDS = 10


class Watched:
    """Looks at queue and memory while its block runs."""

    def __init__(self, program):
        self.program, self.depth, self.known, self.over = program, 0, 0, threading.Event()
        self.thread = threading.Thread(target=self._look)

    def _look(self):
        while not self.over.wait(0.2):
            self.depth = max(self.depth, self.program.metric("workqueue_depth"))
            self.known = max(self.known, self.program.metric("platformer_operator_cached_objects", '"serviceaccounts"'))

    def __enter__(self):
        process.forget_peak(self.program)
        self.cpu = process.cpu_milliseconds(self.program)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.cpu = process.cpu_milliseconds(self.program) - self.cpu
        self.peak = self.program.memory_kib("VmHWM") / MEBI


class Trial:
    def __init__(self, options, folder):
        self.options, self.folder, self.figures = options, folder, {}

    def note(self, name, value):
        self.figures[name] = round(value, 3)
        print(f"  {name:<52} {value:>10.2f}", flush=True)

    def load(self, action, **options):
        return load(self.options.programs, self.cluster, action, **options)

    def fresh(self, prefix, **options):
        return self.load("fresh", count=self.options.fresh, prefix=prefix, **options)

    def ready(self, value):
        return self.program.metric("platformer_operator_service_accounts", f'ready="{value}"')

    def section(self, name, count, work):
        """Runs `work` with an eye on queue and memory; what it returns are latencies of fresh objects."""
        with Watched(self.program) as watched:
            took = work(count)
            quiet_process(self.program)
        self.note(f"{name}_objects", count)
        self.note(f"{name}_objects_known", watched.known)
        self.note(f"{name}_queue_depth_max", watched.depth)
        self.note(f"{name}_peak_rss_mb", watched.peak)
        self.note(f"{name}_rss_after_mb", self.program.memory_kib("VmRSS") / MEBI)
        self.note(f"{name}_cpu_ms_per_object", watched.cpu / count)
        for percentile in ("p50_ms", "p99_ms"):
            self.note(f"{name}_fresh_{percentile}", took[percentile])

    def beside(self, prefix, *works):
        """Fresh objects while the works, one after the other, run in another thread."""
        failures = []

        def run():
            try:
                for work in works:
                    work()
            except Exception as failed:  # pylint: disable=broad-except; told to the caller below
                failures.append(failed)
        thread = threading.Thread(target=run)
        thread.start()
        took = self.fresh(prefix)
        thread.join()
        if failures:
            raise failures[0]
        return took

    def burst(self, count):
        """Every object is changed in what does not concern us, over and over, by 32 writers at once."""
        return self.beside("fresh-burst", *(lambda stamp=stamp: self.load("touch", count=count, stamp=stamp)
                                            for stamp in range(BURST_ROUNDS)))

    def big(self, count):
        before = self.ready("true")
        took = self.beside("fresh-big", lambda: self.load("create", count=count, prefix="big", padding=BIG_BYTES,
                                                       connections=4))
        wait_until(lambda: self.ready("true") >= before + count + self.options.fresh, 600, "big objects Ready")
        return took

    def fail(self, count):
        refuse_some(self.cluster)
        took = self.beside("fresh-failing", lambda: self.load("create", count=count, prefix="failing"))
        wait_until(lambda: self.ready("false") >= count, 600, "objects that fail")
        self.load("delete", count=count, prefix="failing")
        wait_until(lambda: self.ready("false") == 0, 600, "their end")
        let_pass(self.cluster)
        return took

    def slow(self, count):
        """One Console takes 10 s for each answer; the fresh objects are of another one, which doesn't."""
        self.slow_console.ask("POST", "/faults", {"operation": "*", "count": 1_000_000, "latency_ms": SLOW_MILLISECONDS})
        spec = {"connectionRef": {"name": "slow"}, "project": "storefront", "permissions": ["rudder.app.editor"]}
        before = self.ready("true")
        self.load("create", count=count, prefix="slow", spec=json.dumps(spec))
        took = self.fresh("fresh-slow")
        self.note("slow_ready_when_the_fresh_ones_were", self.ready("true") - before - self.options.fresh)
        self.slow_console.ask("DELETE", "/faults")
        wait_until(lambda: self.ready("true") >= before + count + self.options.fresh, 600, "objects of a slow Console")
        return took

    def measure(self):
        self.folder.mkdir(parents=True)
        (self.folder / "slow").mkdir()
        with Cluster(self.folder / "control-plane") as self.cluster, \
                Console(self.options.programs, self.folder) as console, \
                Console(self.options.programs, self.folder / "slow") as self.slow_console:
            ours = Ours(self.options.programs, self.cluster, console, self.folder)
            with ours.start() as self.program:
                ours.prepare(self.program)
                connect(self.cluster, self.slow_console, "slow", interval="24h")
                self.cluster.kubectl("wait", "pcc/slow", "--for=condition=Ready", "--timeout=30s")
                took = self.fresh("fresh-alone")
                for percentile in ("p50_ms", "p99_ms"):
                    self.note(f"fresh_alone_{percentile}", took[percentile])
                self.load("create", count=self.options.failing)
                wait_until(lambda: self.ready("true") >= self.options.failing + self.options.fresh, 600, "accounts")
                quiet_process(self.program)
                self.note("rss_before_mb", self.program.memory_kib("VmRSS") / MEBI)
                self.section("burst", self.options.failing, self.burst)
                self.section("failing", self.options.failing, self.fail)
                self.section("slow", self.options.slow, self.slow)
                self.section("big", self.options.big, self.big)
        return self.figures


def measure(options, folder):
    return Trial(options, folder).measure()


def memory_limit_mb():
    """Of the chart's values, in MB of 1024 kB as all others here."""
    values = (ROOT / "charts" / "platformer-operator" / "values.yaml").read_text()
    return int(re.search(r"limits:\n\s+memory: (\d+)Mi", values)[1])


WORDS = {"burst": f"{{}} accounts changed {BURST_ROUNDS} times each by 32 writers",
         "failing": "{} objects whose Secret is refused",
         "slow": "{} objects of a Console that takes 10 s for each answer",
         "big": "{} objects of 1 MB"}


def rows_of(figures):
    rows, limit = [], memory_limit_mb()
    for name, words in WORDS.items():
        count = figures[f"{name}_objects"]
        rows.append(Row(f"{words.format(f'{count:,.0f}')}: most objects in the queue",
                        figures[f"{name}_queue_depth_max"], "", figures[f"{name}_objects_known"], None))
        rows.append(Row("… peak RSS", figures[f"{name}_peak_rss_mb"], "MB", limit, None))
        rows.append(Row("… CPU an object", figures[f"{name}_cpu_ms_per_object"], "ms", None, None))
        slower = figures[f"{name}_fresh_p50_ms"] / figures["fresh_alone_p50_ms"]
        rows.append(Row("… fresh change p50, of that alone", slower, "x", None, None))
        rows.append(Row("… fresh change p99", figures[f"{name}_fresh_p99_ms"], "ms", None, None))
    return rows
