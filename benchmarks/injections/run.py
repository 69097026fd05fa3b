"""Run the watch over the injected sets and print how well it was kept.

`python -m benchmarks.injections.run --seeds 0-3` for tuning; `--report` uses the seeds kept for reporting (1000 and
up) and prints no single misses: a look at them is a look at the exam.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .hosts import POWER, TELECOM
from .make import REPORT_SEEDS, TUNE_SEEDS, TestSet, make, make_plain
from .sampling import VARIANTS
from .score import Figures, Score, as_text, read_alerts, score, summary

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SCAN = (sys.executable, "-m", "anchorwatch", "scan")


@dataclass(frozen=True)
class Table:
    """Figures of one evaluation."""

    figures: Figures

    def __str__(self) -> str:
        """As tables."""
        return as_text(self.figures)

    def share(self, klass: str, part: str = "threats") -> float:
        """Share of a class, or of "all", that raised a warning; part is threats, hard_negatives or steady_drags."""
        return float(next(row["share"] for row in self.figures[part] if row["class"] == klass))


def scan(made: TestSet, data: Path, command: Sequence[str] = SCAN) -> Path:
    """Alerts of one set, as a user would get them."""
    out = made.traffic.with_suffix(".alerts.jsonl")
    assets = ["--assets", str(data / TELECOM), "--assets", str(data / POWER)]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, str(made.traffic), *assets, "--out", str(out)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(
            f"{' '.join(command)} {made.traffic.name} ended with {done.returncode}: {done.stderr[-2000:]}"
        )
    print(f"{made.traffic.name}: {time.perf_counter() - began:.1f} s", file=sys.stderr)
    return out


def evaluate(
    seeds: Iterable[int],
    workdir: Path,
    data: Path = DATA,
    variants: Sequence[str] = ("minute",),
    command: Sequence[str] = SCAN,
) -> Table:
    """Make, scan and score the sets of these seeds; seeds take the variants in turn when several are given."""
    return evaluate_by_kind(seeds, workdir, data, variants, command)["all"]


def evaluate_by_kind(
    seeds: Iterable[int],
    workdir: Path,
    data: Path = DATA,
    variants: Sequence[str] = ("minute",),
    command: Sequence[str] = SCAN,
) -> dict[str, Table]:
    """The same, with tables for the sets of our own making, for the crude ones, and for all together."""
    totals = {"own": Score(), "crude": Score(), "all": Score()}
    for i, seed in enumerate(seeds):
        for made in make(seed, workdir, variants[i % len(variants)], data):
            result = score(read_alerts(scan(made, data, command)), made.truth, made.traffic)
            totals["crude" if made.kind == "crude" else "own"].add(result)
            totals["all"].add(result)
    return {name: Table(summary(total)) for name, total in totals.items()}


def evaluate_plain(workdir: Path, data: Path = DATA, command: Sequence[str] = SCAN) -> Table:
    """The two real days without injections."""
    made = make_plain(workdir, data)
    return Table(summary(score(read_alerts(scan(made, data, command)), made.truth, made.traffic)))


def _seeds(text: str, report: bool) -> list[int]:
    first, _, last = text.replace("..", "-").partition("-")
    wanted = range(int(first), int(last or first) + 1)
    return [REPORT_SEEDS[s] if report and s < REPORT_SEEDS[0] else s for s in wanted]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description="How many injected threats are found, how many innocents are troubled."
    )
    parser.add_argument("--seeds", default="0-1", help="as 0-3; with --report counted from 1000")
    parser.add_argument("--report", action="store_true", help="the seeds kept for reporting")
    parser.add_argument(
        "--variants", default="minute", help=f"comma-separated, of {', '.join(VARIANTS)}; seeds take them in turn"
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--workdir", type=Path, help="keep the sets and alerts here")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--scan", default=" ".join(SCAN), help="the command to run")
    given = parser.parse_args()
    seeds, variants = _seeds(given.seeds, given.report), given.variants.split(",")
    if not given.report and not set(seeds) <= set(TUNE_SEEDS):
        parser.error("seeds above 9 are for --report")
    with tempfile.TemporaryDirectory() as scratch:
        workdir = given.workdir or Path(scratch)
        tables = {"plain days": evaluate_plain(workdir, given.data, given.scan.split())}
        tables |= evaluate_by_kind(seeds, workdir, given.data, variants, given.scan.split())
    for name, table in tables.items():
        if given.report:  # nobody is to look at single cases of the exam, nor a file to keep them
            table.figures.update(missed=None, raised_on_innocents=None)
        print(f"\n## {name}\n{table}")
    if not given.report:
        for key in ("missed", "raised_on_innocents"):
            print(f"\n{key}:", *tables["all"].figures[key], sep="\n  ")
    if given.json:
        given.json.write_text(json.dumps({n: t.figures for n, t in tables.items()}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
