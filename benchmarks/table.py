"""One figure, what it must be, and what it stands beside."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """A measured figure beside its peer, in the same run."""

    what: str
    measured: str
    bar: str = ""  # what must hold
    holds: bool | None = None  # None = nothing was promised, or it could not be measured
    peer: str = ""
    ratio: str = ""  # ours against the peer's
    note: str = ""


def speed(rows: int, seconds: list[float]) -> float:
    """Rows a second, from the median of several runs."""
    return rows / median(seconds)


def millions(per_second: float, unit: str) -> str:
    """E.g. `4.21 M rows/s`, with thousands where that says more."""
    if per_second >= 1e5:
        return f"{per_second / 1e6:.2f} M {unit}/s"
    return f"{per_second / 1e3:.1f} k {unit}/s"


def times(ours: float, theirs: float) -> str:
    """Return how many times as fast."""
    return f"{ours / theirs:.3g} x"


HEAD = ("what", "measured", "must hold", "", "peer, same run", "ratio")
WIDTHS = (40, 28, 26, 4, 40, 10)


def as_text(figures: list[Figure]) -> str:
    """Return the table, as Markdown that also reads well on a terminal."""
    rows = [HEAD, tuple("-" * w for w in WIDTHS)]
    for f in figures:
        verdict = {True: "ok", False: "NO", None: ""}[f.holds]
        rows.append((f.what, f.measured, f.bar, verdict, f.peer, f.ratio))
    table = ["| " + " | ".join(c.ljust(w) for c, w in zip(row, WIDTHS, strict=True)) + " |" for row in rows]
    notes = [f"- {f.what}: {f.note}" for f in figures if f.note]
    folded = [textwrap.fill(n, 120, subsequent_indent="  ") for n in notes]
    return "\n".join([*table, "", *folded])
