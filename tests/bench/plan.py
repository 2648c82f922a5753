"""What memory an operator needs, and how many clusters and operators a million accounts take: worked out from what was
measured of the largest fleet on record, by these formulas and nothing else."""

import math

from ratios import number

SIZES = (1_000, 10_000, 50_000, 100_000)
ACCOUNTS = 1_000_000
ACCOUNTS_PER_OPERATOR = 50_000
STORE_BYTES = 8e9  # the most that etcd's documentation advises for its database
STORE_SHARE = 0.5  # of it that accounts may take; the rest is everybody else's, and earlier versions'
MEMORY_HEADROOM = 1.5  # of the limit over the highest that was seen
PAGE = 100  # accounts on a page of the Console's listing
LOOK_MINUTES = 60
LIFETIME_DAYS, RENEWED_AT = 90, 2 / 3


def line(points):
    """(value at 0, slope) of the line through the first and the last of (x, y)."""
    (low, first), (high, last) = min(points), max(points)
    slope = max(0, (last - first) / (high - low))
    return first - slope * low, slope


def inputs(sizes):
    """{name: (value, unit)} as measured of our fleets, {accounts: figures}; the largest counts, but memory grows from the
    smallest on, or from nothing."""
    largest = max(sizes)
    ours, start = sizes[largest], {0: {"rss_empty_mb": sizes[largest]["rss_empty_mb"]}} if len(sizes) == 1 else {}

    def highest(names):
        return [(n, max(each[name] for name in names if name in each)) for n, each in {**start, **sizes}.items()]
    base, resting = line(highest(("rss_fleet_mb", "cold_start_rss_mb", "rss_empty_mb")))
    top, peak = line(highest(("create_peak_rss_mb", "cold_start_peak_rss_mb", "rss_empty_mb")))
    return {"memory of an operator at rest": (base, "MB"), "… and of each account": (1000 * resting, "kB"),
            "memory of an operator at the highest": (top, "MB"), "… and of each account, at the highest": (1000 * peak, "kB"),
            "CPU to create an account": (ours["create_cpu_ms_per_account"], "ms"),
            "CPU to renew an account": (ours["renew_cpu_ms_per_account"], "ms"),
            "CPU of a cold start, an account": (1000 * ours["cold_start_cpu_s"] / largest, "ms"),
            "CPU of a look for drift, an account": (ours["drift_cpu_ms"] / largest, "ms"),
            "CPU of apiserver and etcd to create an account": (ours["create_control_plane_cpu_ms_per_account"], "ms"),
            "etcd's database grows by, for an account": (ours["create_stored_kb_per_account"], "kB")}


def memory_mb(of, accounts):
    """(request, limit) of an operator of so many."""
    request = of["memory of an operator at rest"] + accounts * of["… and of each account"] / 1000
    most = of["memory of an operator at the highest"] + accounts * of["… and of each account, at the highest"] / 1000
    return math.ceil(request), math.ceil(MEMORY_HEADROOM * max(request, most))


def sizes_table(given):
    """What one operator needs, by the number of its accounts."""
    of = {name: value for name, (value, _) in given.items()}
    lines = ["| accounts | memory request | memory limit | CPU to start with all of them | CPU to create all of them |",
             "|---:|---:|---:|---:|---:|"]
    for accounts in SIZES:
        request, limit = memory_mb(of, accounts)
        lines.append(f"| {accounts:,} | {request} MB | {limit} MB "
                     f"| {number(accounts * of['CPU of a cold start, an account'] / 1000, 's')} "
                     f"| {number(accounts * of['CPU to create an account'] / 1000, 's')} |")
    return "\n".join(lines) + "\n"


def outcome(given):
    """{name: (value, unit)}"""
    of = {name: value for name, (value, _) in given.items()}
    clusters = math.ceil(ACCOUNTS * 1000 * of["etcd's database grows by, for an account"] / (STORE_BYTES * STORE_SHARE))
    in_cluster = math.ceil(ACCOUNTS / clusters)
    shards = math.ceil(in_cluster / ACCOUNTS_PER_OPERATOR)
    each = math.ceil(in_cluster / shards)
    request, limit = memory_mb(of, each)
    renewals = ACCOUNTS / (LIFETIME_DAYS * RENEWED_AT * 86400)
    looks = 1 / (LOOK_MINUTES * 60)  # a second
    return {"clusters": (clusters, ""), "accounts in each": (in_cluster, ""), "operators (shards) in each": (shards, ""),
            "accounts of each operator": (each, ""), "memory request of each operator": (request, "MB"),
            "memory limit of each operator": (limit, "MB"),
            "memory requests of all operators": (request * shards * clusters / 1000, "GB"),
            "CPU to start an operator with its accounts": (each * of["CPU of a cold start, an account"] / 1000, "s"),
            "CPU of a control plane to create its accounts":
                (in_cluster * of["CPU of apiserver and etcd to create an account"] / 3_600_000, "hours"),
            f"renewals of all tokens, each living {LIFETIME_DAYS} days, at two thirds of that": (renewals, "a second"),
            "… CPU of all operators for them": (renewals * of["CPU to renew an account"], "ms a second"),
            f"looks for drift every {LOOK_MINUTES} minutes: CPU of all operators":
                (ACCOUNTS * looks * of["CPU of a look for drift, an account"], "ms a second"),
            "… calls to all Consoles, one organization an operator": (ACCOUNTS / PAGE * looks, "a second")}


def table(head, values):
    lines = [f"| {head} | |", "|---|---:|"]
    for name, (value, unit) in values.items():
        shown = f"{value:,}" if isinstance(value, int) else number(value, "")
        lines.append(f"| {name} | {f'{shown} {unit}'.strip()} |")
    return "\n".join(lines) + "\n"
