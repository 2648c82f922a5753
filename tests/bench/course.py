"""What each subject does with a fleet, step by step, and what is measured of it."""

import threading
import time

import pressure
import process
from cluster import Audit, Cluster
from programs import Console
from subjects import SUBJECTS, load
from waiting import quiet_process, wait_until

MEBI = 1024
WRITES = ("create", "update", "patch", "delete", "dry-run")


class Course:
    """One subject, one control plane, one Console, one fleet: figures by name."""

    def __init__(self, subject, options, accounts, folder):
        self.options, self.accounts, self.folder, self.name = options, accounts, folder, subject
        self.programs, self.figures = options.programs, {}
        folder.mkdir(parents=True)

    def note(self, name, value, unit=""):
        self.figures[name] = round(value, 4)
        print(f"  {self.name:<6} {name:<52} {value:>10.2f} {unit}", flush=True)

    def measure(self):
        with Cluster(self.folder / "control-plane") as self.cluster, Console(self.programs, self.folder) as self.console:
            self.subject = SUBJECTS[self.name](self.programs, self.cluster, self.console, self.folder)
            self.audit = Audit(self.cluster, self.subject.user)
            with self.subject.start() as program:
                self.subject.prepare(program)
                quiet_process(program)
                self.note("rss_empty_mb", program.memory_kib("VmRSS") / MEBI, "MB")
                self.create(program)
                self.rest(program)
                self.fresh("alone")
                if self.name == "ours":  # the peer neither looks for drift nor survives what makes objects fail
                    pressure.drift(self, program)
                    pressure.failing(self, program)
            self.cold_start()
            self.cold_start_with_fresh_changes()
            with self.subject.start() as program:
                quiet_process(program)
                self.renew(program)
                self.delete(program)
        return self.figures

    def load(self, action, **options):
        return load(self.programs, self.cluster, action, **options)

    def requests(self):
        """Since the audit's mark: {(verb, resource): how many} of the subject's requests but leases and watches."""
        return {kind: count for kind, count in self.audit.by_kind().items()
                if kind[0] != "watch" and not kind[1].startswith("leases")}

    def note_requests(self, what, made, share):
        for (verb, resource), count in sorted(made.items()):
            self.note(f"{what}_{verb}_{resource}_per_account", count / share)

    def create(self, program):
        self.console.forget_calls()
        self.audit.mark()
        servers, stored = self.cluster.cpu_seconds(), self.cluster.stored_bytes()
        n, cpu, started = self.accounts, program.cpu_seconds(), time.monotonic()
        self.load("create", count=n)
        self.until_called("create", n)  # reading metrics all that time would be a tenth of what is measured
        self.subject.wait_ready(program, n, 3600)
        self.note("create_seconds", time.monotonic() - started, "s")
        quiet_process(program)
        self.note("create_cpu_ms_per_account", 1000 * (program.cpu_seconds() - cpu) / n, "ms")
        self.note("create_peak_rss_mb", program.memory_kib("VmHWM") / MEBI, "MB")
        self.note("create_control_plane_cpu_ms_per_account", 1000 * (self.cluster.cpu_seconds() - servers) / n, "ms")
        self.note("create_stored_kb_per_account", (self.cluster.stored_bytes() - stored) / n / 1000, "kB")
        self.note_requests("create", self.requests(), n)
        self.note("create_console_calls_per_account", sum(self.console.calls().values()) / n)

    def rest(self, program):
        self.note("rss_fleet_mb", program.memory_kib("VmRSS") / MEBI, "MB")
        self.audit.mark()
        cpu, woken = process.cpu_milliseconds(program), process.wakeups(program)
        time.sleep(self.options.rest)
        self.note("rest_cpu_ms_per_minute", (process.cpu_milliseconds(program) - cpu) * 60 / self.options.rest, "ms")
        self.note("rest_wakeups_per_minute", (process.wakeups(program) - woken) * 60 / self.options.rest)
        self.note("rest_requests", sum(self.requests().values()))

    def fresh(self, when, **options):
        """Single objects one by one, each until its Secret is there; beside whatever else goes on."""
        prefix = f"fresh-{when.replace('_', '-')}"
        self.note_fresh(when, self.load("fresh", count=self.options.fresh, prefix=prefix, **options))

    def note_fresh(self, when, took):
        for name in ("p50_ms", "p99_ms"):
            self.note(f"fresh_{when}_{name}", took[name], "ms")

    def cold_start(self):
        self.audit.mark()
        with self.subject.start() as program:
            self.note("cold_start_seconds_to_idle", quiet_process(program), "s")
            self.note("cold_start_cpu_s", program.cpu_seconds(), "s")
            self.note("cold_start_peak_rss_mb", program.memory_kib("VmHWM") / MEBI, "MB")
            self.note("cold_start_rss_mb", program.memory_kib("VmRSS") / MEBI, "MB")
        made = self.requests()
        self.note("cold_start_writes", sum(count for (verb, _), count in made.items() if verb in WRITES))
        self.note("cold_start_reads_of_secrets", made.get(("get", "secrets"), 0))

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
        self.note_fresh("at_start", report)

    def calls(self, prefix):
        return sum(count for operation, count in self.console.calls().items() if operation.startswith(prefix))

    def until_called(self, prefix, count):
        wait_until(lambda: self.calls(prefix) >= count, 3600, f"{count} calls {prefix}…")

    def renew(self, program):
        self._whole_fleet(program, "renew", stamp="once")

    def delete(self, program):
        self._whole_fleet(program, "delete")

    def _whole_fleet(self, program, action, **options):
        n = self.accounts
        self.console.forget_calls()
        cpu, started = program.cpu_seconds(), time.monotonic()
        self.load(action, count=n, **options)
        self.until_called(action, n)
        took = time.monotonic() - started
        quiet_process(program)
        self.note(f"{action}_seconds", took, "s")
        self.note(f"{action}_cpu_ms_per_account", 1000 * (program.cpu_seconds() - cpu) / n, "ms")


def measure_bare(options, accounts, folder, actions):
    """The ceiling: the requests of a creation, by a program that does nothing else."""
    folder.mkdir(parents=True)
    figures = {}
    for action in actions:
        with Cluster(folder / f"control-plane-{action}") as cluster:
            cluster.install()
            report = load(options.programs, cluster, action, count=accounts)
        figures[f"{action.replace('-', '_')}_seconds"] = report["seconds"]
        print(f"  {'bare':<6} {action + ' seconds':<52} {report['seconds']:>10.2f} s", flush=True)
    return figures
