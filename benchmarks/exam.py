"""How well the watch is kept: injected threats and innocents in real Kattegat days (benchmarks/injections)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.injections import run
from benchmarks.injections.make import REPORT_SEEDS
from benchmarks.injections.sampling import VARIANTS
from benchmarks.table import Figure

RECALL, WORST_CLASS, INNOCENTS, FALSE_PER_1000_H = 0.9, 0.6, 0.15, 5.0


def measure(sets: int = 2) -> list[Figure]:
    """Score the seeds that are kept for reporting; nothing was tuned on them."""
    if not run.DATA.is_dir():
        raise FileNotFoundError("the real days (../shared/data) are not on this machine")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        plain = run.evaluate_plain(folder, run.DATA)
        exam = run.evaluate_by_kind(REPORT_SEEDS[:sets], folder, run.DATA, list(VARIANTS))["all"]
    threats = [row for row in exam.figures["threats"] if row["class"] != "all"]
    worst = min(threats, key=lambda row: float(row["share"]))
    recall, innocents = exam.share("all"), exam.share("all", "hard_negatives")
    drags = _share(exam.figures["steady_drags"])
    false = plain.figures["false_warnings"]
    rate = float(false["per_1000_vessel_hours"])
    count = sum(int(row["n"]) for row in threats)
    return [
        Figure(f"injected threats found, of {count}", f"{recall:.2f}", f"at least {RECALL}", recall >= RECALL),
        Figure(
            "the class found worst",
            f"{worst['share']:.2f} ({worst['class']}, {worst['n']})",
            f"at least {WORST_CLASS}",
            float(worst["share"]) >= WORST_CLASS,
            note=f"steady drags with deficits of 8 to 25 %: {drags:.2f}",
        ),
        Figure(
            "hard negatives that raised a warning", f"{innocents:.2f}", f"at most {INNOCENTS}", innocents <= INNOCENTS
        ),
        Figure(
            "warnings per 1,000 vessel-hours, real days",
            f"{rate:.1f} in {false['vessel_hours']:.0f} h",
            f"at most {FALSE_PER_1000_H:g}",
            rate <= FALSE_PER_1000_H,
            note="outside fishing vessels; two real Kattegat days without injections",
        ),
    ]


def _share(rows: list[dict[str, object]]) -> float:
    """Share over the bands of loss, each drag counted once."""
    bands = [r for r in rows if str(r["class"]).startswith("loss ")]
    return sum(int(str(r["raised"])) for r in bands) / max(1, sum(int(str(r["n"])) for r in bands))
