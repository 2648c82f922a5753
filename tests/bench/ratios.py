"""The measures that count, each against what it must reach and what is aimed at. One run's figures by subject; figures that
are not there leave their rows out."""

import dataclasses
import typing


@dataclasses.dataclass
class Row:
    measure: str
    value: float
    unit: str  # "x" of a ratio
    must: typing.Optional[float]
    aim: typing.Optional[float]
    at_least: bool = False  # both are smallest good values, not largest

    def reaches(self, bound):
        return bound is None or (self.value >= bound if self.at_least else self.value <= bound)

    @property
    def verdict(self):
        if self.must is None and self.aim is None:
            return ""
        if not self.reaches(self.must):
            return "MISSED"
        return "aim" if self.aim is not None and self.reaches(self.aim) else "must"


def rows_of(figures, accounts):
    """Of one size of fleet; `figures` by subject: ours, peer, bare."""
    ours, peer, bare = (figures.get(name, {}) for name in ("ours", "peer", "bare"))
    rows = []

    def add(measure, value, unit, must, aim, **more):
        rows.append(Row(measure, value, unit, must, aim, **more))

    def ratio(measure, name, must, aim, against=None, over=None):
        below = (peer if against is None else against).get(over or name)
        if name in ours and below:
            add(measure, ours[name] / below, "x", must, aim)

    def own(measure, name, unit, must=None, aim=None):
        if name in ours:
            add(measure, ours[name], unit, must, aim)

    ratio("create: CPU per account, of the peer's", "create_cpu_ms_per_account", 0.4, 0.2)
    if "create_seconds" in ours and "write_seconds" in bare:
        add("create: throughput, of the bare writer's", bare["write_seconds"] / ours["create_seconds"], "x", 0.85, 0.95,
            at_least=True)
    own("RSS without accounts", "rss_empty_mb", "MB", 15, 8)
    ratio("RSS with the fleet, of the peer's", "rss_fleet_mb", 0.3, 0.15)
    ratio("cold start: peak RSS, of the peer's", "cold_start_peak_rss_mb", 0.3, 0.15)
    if accounts >= 100_000 and "cold_start_peak_rss_mb" in ours:
        add("RSS with the fleet, peak of its cold start included", max(ours["rss_fleet_mb"], ours["cold_start_peak_rss_mb"]),
            "MB", 250, 120)
    ratio("cold start: CPU, of the peer's", "cold_start_cpu_s", 0.3, 0.1)
    own("cold start: requests that write", "cold_start_writes", "", 0, 0)
    own("cold start: the first fresh object has its Secret after", "fresh_at_start_first_ms", "ms", 500, 100)
    for when, words in (("at_start", "a cold start"), ("during_drift", "looks for drift")):
        ratio(f"fresh change during {words}: p99, of that alone", f"fresh_{when}_p99_ms", 2, 1.2, ours, "fresh_alone_p99_ms")
    if "failing_objects" in ours:
        ratio(f"fresh change while {ours['failing_objects']:.0f} objects fail and are tried again: p99, of that alone",
              "fresh_during_failures_p99_ms", None, None, ours, "fresh_alone_p99_ms")
    own("rest: CPU in a minute", "rest_cpu_ms_per_minute", "ms", 5, 1)
    own("rest: wake-ups in a minute", "rest_wakeups_per_minute", "")
    own("rest: requests beside lease and watches", "rest_requests", "", 0, 0)
    own("look for drift: requests to Kubernetes", "drift_requests", "", 0, 0)
    own("look for drift: memory kept", "drift_memory_kept_mb", "MB", 0.5, 0)
    return rows


def per_account(ours, accounts):
    """{what: cost of one account}, of what has to stay the same in larger fleets."""
    costs = {"CPU to create": ours.get("create_cpu_ms_per_account")}
    if "cold_start_cpu_s" in ours:
        costs["CPU of a cold start"] = 1000 * ours["cold_start_cpu_s"] / accounts
    if "rss_fleet_mb" in ours:
        costs["memory"] = (ours["rss_fleet_mb"] - ours["rss_empty_mb"]) / accounts
    return {what: cost for what, cost in costs.items() if cost and cost > 0}


def growth_rows(sizes):
    """`sizes`: {accounts: figures by subject}; from each to the next larger."""
    ordered = sorted((accounts, per_account(figures.get("ours", {}), accounts)) for accounts, figures in sizes.items())
    return [Row(f"from {small:,} to {large:,} accounts: {what} an account", after[what] / before[what], "x", 1.15, 1.05)
            for (small, before), (large, after) in zip(ordered, ordered[1:]) for what in after if what in before]


def number(value, unit):
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    text = f"{value:.{digits}f}"
    return f"{text} {unit}".strip().replace(" x", " ×")


def markdown(rows):
    lines = ["| measure | value | must | aim | reached |", "|---|---:|---:|---:|---|"]
    for row in rows:
        sign = "≥ " if row.at_least else "≤ "
        bounds = [sign + number(bound, row.unit) if bound else number(bound, row.unit) for bound in (row.must, row.aim)]
        lines.append(f"| {row.measure} | {number(row.value, row.unit)} | {bounds[0]} | {bounds[1]} | {row.verdict} |")
    return "\n".join(lines) + "\n"
