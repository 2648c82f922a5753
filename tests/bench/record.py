"""What the repository keeps of a run: docs/performance/fleet.json, the picture beside it, and the tables that
docs/performance.md has of it. Run by itself it writes the latter two from the former anew."""

import json
import pathlib
import re

import hostile
import machine
import plan
import plot
import ratios
import shards
import soak_checks

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIGURES = ROOT / "docs" / "performance" / "fleet.json"
PICTURE = ROOT / "docs" / "performance" / "fleet.svg"
PAGE = ROOT / "docs" / "performance.md"
PLACE = re.compile(r"(<!-- figures of ([a-z]+), written by tests/bench/record.py -->\n).*?(<!-- end of figures -->\n)",
                   re.DOTALL)


def merged(kept, found):
    """Sizes and sections that were measured replace what there was of them; each keeps the machine it was measured on. Sizes
    of a program that was built otherwise go: they don't compare."""
    about = {"machine": found["machine"], "rounds": found["rounds"]}
    kept["fleet"] = {accounts: part for accounts, part in kept.get("fleet", {}).items()
                     if part["machine"]["preset"] == found["machine"]["preset"] or "fleet" not in found}
    for accounts, figures in found.get("fleet", {}).items():
        kept["fleet"][accounts] = {**about, "figures": figures}
    for section in ("input", "shards", "soak"):
        if section in found:
            kept[section] = {**about, "figures": found[section]}
    return kept


def measured_on(part):
    rounds = f"medians of {part['rounds']} rounds" if part["rounds"] > 1 else "one round"
    return f"{machine.in_words(part['machine'])}; {rounds}.\n"


def fleet_tables(kept):
    parts = kept.get("fleet", {})
    sizes = {int(accounts): part["figures"] for accounts, part in parts.items()}
    for accounts in sorted(sizes):
        yield f"**{accounts:,} accounts.** {measured_on(parts[str(accounts)])}"
        yield ratios.markdown(ratios.rows_of(sizes[accounts], accounts))
    if len(sizes) > 1:
        yield "**Growth.**\n"
        yield ratios.markdown(ratios.growth_rows(sizes))


def section_tables(part, section):
    if part:
        yield measured_on(part)
        yield ratios.markdown(section.rows_of(part["figures"]))


def soak_lines(part):
    if part:
        yield measured_on(part)
        yield "".join(f"- {line}\n" for line in soak_checks.summary(part["figures"]))


def plan_tables(kept):
    sizes = {int(accounts): part["figures"]["ours"] for accounts, part in kept["fleet"].items() if "ours" in part["figures"]}
    given = plan.inputs(sizes)
    words = " and ".join(f"{size:,}" for size in sorted({min(sizes), max(sizes)}))
    yield f"Measured with {words} accounts; {measured_on(kept['fleet'][str(max(sizes))])}"
    yield plan.table("measured", given)
    yield "Worked out for one operator:\n"
    yield plan.sizes_table(given)
    yield f"Worked out for {plan.ACCOUNTS:,} accounts:\n"
    yield plan.table("computed", plan.outcome(given))


def page_with(page, kept):
    """The page with its tables as they follow from the figures."""
    tables = {"fleets": fleet_tables(kept), "input": section_tables(kept.get("input"), hostile),
              "shards": section_tables(kept.get("shards"), shards), "plan": plan_tables(kept),
              "soak": soak_lines(kept.get("soak"))}
    return PLACE.sub(lambda found: found[1] + "\n" + "\n".join(tables[found[2]]) + "\n" + found[3], page)


def picture_of(kept):
    return plot.draw({int(accounts): part["figures"] for accounts, part in kept["fleet"].items()})


def write(kept):
    FIGURES.parent.mkdir(exist_ok=True)
    figures = json.dumps(kept, indent=1, sort_keys=True) + "\n"
    kept = json.loads(figures)  # in the order in which the file has them
    for path, text in ((FIGURES, figures), (PICTURE, picture_of(kept)),
                       (PAGE, page_with(PAGE.read_text(), kept))):
        path.write_text(text)
        path.chmod(0o644)
        print(f"wrote {path.relative_to(ROOT)}", flush=True)


def read():
    return json.loads(FIGURES.read_text()) if FIGURES.exists() else {}


def keep(found):
    write(merged(read(), found))


if __name__ == "__main__":
    write(read())
