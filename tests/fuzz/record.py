"""What fuzz targets have been run for, all runs together: docs/testing/fuzzing.json, and the table in docs/testing.md that
is written from it. A run counts with the processor time it had, whatever else the machine did.
"""

import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
JSON = ROOT / "docs" / "testing" / "fuzzing.json"
PAGE = ROOT / "docs" / "testing.md"
HEAD = "| target | processor minutes | executions | edges | found |\n|---|---|---|---|---|\n"
EXECUTIONS = re.compile(r"^stat::number_of_executed_units:\s+(\d+)$", re.M)
# "#4096 pulse cov: 310 ft: 845 corp: 52/3kb …"
EDGES = re.compile(r"^#\d+\s.*? cov: (\d+) ", re.M)


def figures(log):
    """(executions, edges) that libFuzzer's output tells at its end; None where the run did not come to one."""
    executions, edges = EXECUTIONS.findall(log), EDGES.findall(log)
    return (int(executions[-1]), int(edges[-1])) if executions and edges else None


def add(known, target, executions, seconds, edges):
    """Counts a run. Edges are those of the last one: a new build has others."""
    entry = known.setdefault(target, {"executions": 0, "seconds": 0, "edges": 0, "found": ""})
    entry["executions"] += executions
    entry["seconds"] = round(entry["seconds"] + seconds)
    entry["edges"] = edges


def table(known):
    return HEAD + "".join(f"| `{target}` | {each['seconds'] / 60:.1f} | {each['executions']:,} | {each['edges']:,} | "
                          f"{each['found']} |\n".replace("|  |", "| |") for target, each in sorted(known.items()))


def with_table(page, known):
    before, rest = page.split(HEAD)
    return before + table(known) + re.sub(r"\A(\|.*\n)*", "", rest)


def record(runs):
    """[(target, libFuzzer's output, processor seconds)] of one session."""
    known = json.loads(JSON.read_text(encoding="utf-8")) if JSON.exists() else {}
    for target, log, seconds in runs:
        if found := figures(log):
            add(known, target, found[0], seconds, found[1])
    JSON.parent.mkdir(exist_ok=True)
    JSON.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), known), encoding="utf-8")
