"""Figures of one run against each other, and the bounds that docs/performance.md names."""

from report import Table


def show_ratios(figures, accounts):
    """Whether one is beyond its bound. Leaves out what was not measured."""
    ours, peer, bare = (figures.get(name, {}) for name in ("ours", "peer", "bare"))
    table = Table()
    print(f"\n{accounts} accounts:")
    table.head()

    def ratio(what, name, bound, against=peer):
        if name in ours and against.get(name):
            table.add(what, ours[name] / against[name], bound, "x")

    def value(what, name, bound, unit):
        if name in ours:
            table.add(what, ours[name], bound, unit)

    ratio("create: CPU per account, of the peer's", "create_cpu_ms_per_account", 0.4)
    if "create_seconds" in ours and "write_seconds" in bare:
        table.add("create: time, of the bare writer's of the same requests", ours["create_seconds"] / bare["write_seconds"],
                  1.17, "x")  # 85 % of its throughput
    value("RSS, no accounts", "rss_empty_mb", 15.0, "MB")
    ratio("RSS with the fleet, of the peer's", "rss_fleet_mb", 0.3)
    ratio("cold start: peak RSS, of the peer's", "cold_start_peak_rss_mb", 0.3)
    ratio("cold start: CPU, of the peer's", "cold_start_cpu_s", 0.3)
    value("cold start: requests that write", "cold_start_writes", 0, "")
    value("cold start: the first fresh object has its Secret after", "fresh_at_start_first_ms", 500.0, "ms")
    if "fresh_alone_p99_ms" in ours and "fresh_at_start_p99_ms" in ours:
        table.add("fresh change during a cold start: p99, of the p99 alone",
                  ours["fresh_at_start_p99_ms"] / ours["fresh_alone_p99_ms"], 2.0, "x")
    value("at rest: CPU", "rest_cpu_ms", 5.0, "ms")
    value("at rest: requests beside lease and watches", "rest_requests", 0, "")
    return table.broken
