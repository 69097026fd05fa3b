"""The score as text for a terminal, and as a record for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from math import inf, isnan
from typing import Any

from anchorwatch.edges.records import plain, without_nan
from anchorwatch.trials.score import SCHEMA, Against, Card, Lead, System, resampling
from anchorwatch.trials.score.bootstrap import Estimate

Row = tuple[str, Callable[[Card], Estimate], Callable[[Estimate], str]]
DASH = "-"
MOST_UNMET = 12  # lines on a terminal
MOST_CURVE_POINTS = 400


def as_share(e: Estimate) -> str:
    """Return e.g. `0.95 [0.91, 0.98]`."""
    return DASH if e.n == 0 or isnan(e.value) else f"{e.value:.2f} [{e.low:.2f}, {e.high:.2f}]"


def as_rate(e: Estimate) -> str:
    """Return e.g. `1.2 [0.4, 2.6]`."""
    return DASH if e.n == 0 or isnan(e.value) else f"{e.value:.1f} [{e.low:.1f}, {e.high:.1f}]"


def as_minutes(e: Estimate) -> str:
    """Return e.g. `+42 [+10, +95]`; a median that is never reached is `never`."""
    if e.n == 0 or isnan(e.value):
        return DASH
    return f"{_signed(e.value)} [{_signed(e.low)}, {_signed(e.high)}]"


def _signed(minutes: float) -> str:
    return "never" if minutes == -inf else DASH if isnan(minutes) else f"{minutes:+.0f}"


ROWS: tuple[Row, ...] = (
    ("threats found (warning or alarm)", lambda c: c.recall, as_share),
    ("  drags that lose 5-10 % of speed", lambda c: c.by_deficit["5-10 %"], as_share),
    ("  drags that lose 10 % and more", lambda c: c.by_deficit["10 % and more"], as_share),
    ("  as caution or above", lambda c: c.by_level["caution"], as_share),
    ("  as alarm", lambda c: c.by_level["alarm"], as_share),
    ("warned before the first asset", lambda c: c.first.before, as_share),
    ("warned before the second asset", lambda c: c.second.before, as_share),
    ("  with 30 min to spare", lambda c: c.second.spared, as_share),
    ("  median minutes before it", lambda c: c.second.median_min, as_minutes),
    ("minutes from start to warning, median", lambda c: c.evidence_min, as_minutes),
    ("innocent actors warned of", lambda c: c.innocents["all"], as_share),
    ("all innocent vessels, share warned of", lambda c: c.flagged, as_share),
    ("false warnings per 1,000 vessel-hours", lambda c: c.false["simulated"], as_rate),
    ("  fishing vessels", lambda c: c.false["simulated fishing"], as_rate),
    ("  on real traffic", lambda c: c.false["real"], as_rate),
    ("  on real traffic, fishing vessels", lambda c: c.false["real fishing"], as_rate),
    ("share of warnings that were right", lambda c: c.precision, as_share),
    ("ROC-AUC, vessels", lambda c: c.roc_auc, as_share),
    ("average precision, vessels", lambda c: c.average_precision, as_share),
    ("Brier score, alerts (0 is best)", lambda c: c.calibration.brier, as_share),
    ("calibration error, alerts (0 is best)", lambda c: c.calibration.error, as_share),
    ("warnings withdrawn later", lambda c: c.churn.withdrawn_loud, as_share),
    ("expectations met", lambda c: c.expected, as_share),
)


def text(cards: Sequence[Card], systems: Sequence[System], against: Sequence[Against]) -> str:
    """Return the whole score for a terminal."""
    lines = [
        *_scored(systems[0]),
        resampling(cards), "",
        *_table(["", *(c.name for c in cards)],
                [[name, *(show(of(c)) for c in cards)] for name, of, show in ROWS]), "",
        *_classes(cards[0]),
        *_false_kinds(cards[0]),
        *comparison(against, cards[0].name),
        *_unmet(systems[0]),
    ]  # fmt: skip
    return "\n".join(lines)


def _scored(system: System) -> list[str]:
    """Say what the score is made from."""
    out = []
    for verdicts, what in ((system.simulated, "trial"), (system.real, "real archive")):
        hours = sum(float(v.ordinary["hours"].sum()) for v in verdicts)
        threats = sum(a.role == "threat" for v in verdicts for a in v.actors)
        harm = f"{count(threats, 'vessel')} that did harm or could have, " if what == "trial" else ""
        if verdicts:
            out.append(f"{count(len(verdicts), what)}, {harm}{hours:,.0f} vessel-hours of others.")
    return out


def count(number: int, what: str) -> str:
    """Return e.g. `1 trial`, `2 trials`."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of columns; a column that is empty throughout is kept, a row of dashes is not."""
    rows = [r for r in rows if any(cell != DASH for cell in r[1:])]
    wide = [max(len(r[k]) for r in (head, *rows)) for k in range(len(head))]
    return ["  ".join(cell.ljust(w) for cell, w in zip(r, wide, strict=True)).rstrip() for r in (head, *rows)]


def _classes(card: Card) -> list[str]:
    parts = [
        ("Threats found, by class", card.by_class),
        ("Areas found, by class", card.areas),
        ("Drags found, by share of speed lost", card.by_deficit),
        ("Innocents that were warned of, by class", card.innocents),
    ]
    lines: list[str] = []
    for title, figures in parts:
        rows = [[f"  {name}", as_share(e), f"of {e.n}"] for name, e in figures.items() if e.n]
        lines += [f"{title} ({card.name})", *_table(["", "", ""], rows)[1:], ""] if rows else []
    return lines


def comparison(told: Sequence[Against], ours: str) -> list[str]:
    """Say, interval against interval, how the first system stands to the others."""
    lines = []
    for a in told:
        words = f"{ours} against {plain(a.name)}: false warnings {a.false}"
        if a.theirs.n:
            words += f", recall {a.recall}, ROC-AUC {a.roc_auc}; where it flags no more innocent vessels than that, "
            words += f"recall {as_share(a.matched)} to {as_share(a.theirs)}: {a.at_no_more_false}"
        lines.append(words + ".")
    return lines


def _unmet(system: System) -> list[str]:
    lines = [f"  {v.trial}: {k.wanted}: {k.seen}" for v in system.simulated for k in v.kept if not k.met]
    more = len(lines) - MOST_UNMET
    rest = [f"  and {more} more (--report and --json have all)"] if more > 0 else []
    return ["", f"Expectations not met ({len(lines)}):", *lines[:MOST_UNMET], *rest] if lines else []


def _false_kinds(card: Card) -> list[str]:
    told = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in card.false_kinds.items())
    return [f"False warnings by kind, outside fishing ({card.name}): {told}.", ""] if told else []


def record(cards: Sequence[Card], systems: Sequence[System], against: Sequence[Against], seed: int) -> dict[str, Any]:
    """Return the record `anchorwatch.score/1`."""
    both = zip(cards, systems, strict=True)
    clean: dict[str, Any] = without_nan(
        {
            "schema": SCHEMA,
            "seed": seed,
            "intervals": resampling(cards),
            "trials": [v.trial for v in systems[0].simulated],
            "real": [v.trial for v in systems[0].real],
            "systems": [_system(c, s) for c, s in both],
            "against": [{**asdict(a), "matched": _estimate(a.matched), "theirs": _estimate(a.theirs)} for a in against],
        }
    )
    return clean


def _system(card: Card, system: System) -> dict[str, Any]:
    return {
        "name": card.name,
        "meaning": card.meaning,
        "recall": _estimate(card.recall),
        "recall_right_kind": _estimate(card.right_kind),
        "precision": _estimate(card.precision),
        "recall_by_class": _estimates(card.by_class),
        "recall_by_level": _estimates(card.by_level),
        "recall_by_deficit": _estimates(card.by_deficit),
        "areas_by_class": _estimates(card.areas),
        "innocents_warned_of": _estimates(card.innocents),
        "innocent_vessels_flagged": _estimate(card.flagged),
        "false_per_1000_vessel_hours": _estimates(card.false),
        "false_counts": dict(card.false_counts),
        "false_kinds": dict(card.false_kinds),
        "first_asset": _lead(card.first),
        "second_asset": _lead(card.second),
        "start_to_warning_min": _estimate(card.evidence_min),
        "first_crossing_to_warning_min": _estimate(card.crossed_min),
        "roc_auc": _estimate(card.roc_auc),
        "average_precision": _estimate(card.average_precision),
        "curve": _curve(card),
        "calibration": {
            "brier": _estimate(card.calibration.brier),
            "error": _estimate(card.calibration.error),
            "base_rate": card.calibration.base,
            "bins": [
                {"low": b.low, "high": b.high, "said": b.said, "right": _estimate(b.right)}
                for b in card.calibration.bins
            ],
        },
        "churn": {
            "raised": card.churn.raised,
            "warnings": card.churn.raised_loud,
            "withdrawn": _estimate(card.churn.withdrawn),
            "warnings_withdrawn": _estimate(card.churn.withdrawn_loud),
            "raised_again": card.churn.returned,
        },
        "expectations_met": _estimate(card.expected),
        "by_trial": [_trial(v) for v in system.simulated],
    }


def _trial(verdict: Any) -> dict[str, Any]:
    return {
        "trial": verdict.trial,
        "kind": verdict.kind,
        "threats": sum(a.role == "threat" for a in verdict.actors),
        "found": sum(a.role == "threat" and a.found for a in verdict.actors),
        "false_warnings": len(verdict.false),
        "expectations": [{"wanted": k.wanted, "met": k.met, "seen": k.seen} for k in verdict.kept],
        "actors": [
            {"id": a.id, "role": a.role, "class": a.klass, "deficit": a.deficit, "found": a.found, "score": a.score,
             "leads_min": list(a.leads_min), "start_to_warning_min": a.evidence_min}
            for a in (*verdict.actors, *verdict.areas)
        ],
    }  # fmt: skip


def _estimate(e: Estimate) -> dict[str, Any] | None:
    return None if e.n == 0 else {"value": e.value, "low": e.low, "high": e.high, "n": e.n}


def _estimates(all_of: Any) -> dict[str, Any]:
    return {name: _estimate(e) for name, e in all_of.items()}


def _lead(lead: Lead) -> dict[str, Any]:
    return {
        "warned_before": _estimate(lead.before),
        "warned_30_min_before": _estimate(lead.spared),
        "median_min": _estimate(lead.median_min),
        "minutes": list(lead.minutes),
    }


def _curve(card: Card) -> dict[str, list[float]]:
    step = max(1, -(-len(card.curve.threshold) // MOST_CURVE_POINTS))
    names = ("threshold", "recall", "false_rate", "precision")
    return {n: [round(x, 6) for x in getattr(card.curve, n)[::step].tolist()] for n in names}
