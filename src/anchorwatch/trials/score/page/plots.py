"""The plots of the score, each with a table of its figures behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import floor, isfinite, isnan, log10

from anchorwatch.trials.score import MUST_BANDS, SPARE_MIN, Card, Lead, band_name
from anchorwatch.trials.score.bootstrap import NOTHING, Estimate
from anchorwatch.trials.score.page.draw import Axes, Bars, Line, Scale, curves, figure, intervals, label, line, tag
from anchorwatch.trials.score.table import as_rate, as_share

LEADS_MIN = (-120.0, 360.0)
INNOCENT = "Vessels that only looked like a threat, or were wrongly named. None would be best."
Figures = Callable[[Card], Mapping[str, Estimate]]


def all_plots(cards: Sequence[Card]) -> list[str]:
    """Return every plot that has something to show."""
    ours = cards[:1]
    drawn = [
        _shares(ours, "Threats found, by class", "Share that raised a warning or alarm in time.", lambda c: c.by_class),
        _shares(ours, "Innocents that were warned of, by class", INNOCENT, lambda c: c.innocents),
        _shares(cards, "Threats found, by level", "Share shown at this level or above.", lambda c: c.by_level),
        _shares(cards, "Drags found, by what they lose", "Share found, by share of speed lost to the anchor.", _fine),
        _lead(cards, "first", lambda c: c.first),
        _lead(cards, "second", lambda c: c.second),
        _precision_recall(cards),
        _roc(cards),
        _calibration(cards[0]),
        _false(cards),
        _churn(cards),
        _shares(ours, "Areas found, by class", "Interference and outages that raised an alert.", lambda c: c.areas),
    ]
    return [d for d in drawn if d]


def _fine(card: Card) -> Mapping[str, Estimate]:
    coarse = band_name(MUST_BANDS[1])
    return {name: e for name, e in card.by_deficit.items() if name != coarse} | {coarse: card.by_deficit[coarse]}


def _rows(cards: Sequence[Card], of: Figures) -> list[Bars]:
    names = [n for n in dict.fromkeys(n for c in cards for n in of(c)) if any(of(c).get(n, NOTHING).n for c in cards)]
    return [Bars(name, tuple(of(c).get(name, NOTHING) for c in cards)) for name in names]


def _shares(cards: Sequence[Card], title: str, says: str, of: Figures) -> str:
    rows = _rows(cards, of)
    if not rows:
        return ""
    spoken = [Bars(r.name.replace("_", " "), r.estimates) for r in rows]
    plot = intervals(spoken, 1.0, lambda v: f"{v:.2f}".removesuffix("0").removesuffix(".0"), f"{title}. {says}")
    return figure(title, says, plot, _estimate_rows(rows, as_share), ["", *_with_n(cards)])


def _with_n(cards: Sequence[Card]) -> list[str]:
    return [cell for c in cards for cell in (c.name, "of")]


def _estimate_rows(rows: Sequence[Bars], show: Callable[[Estimate], str]) -> list[list[str]]:
    return [[r.name, *(cell for e in r.estimates for cell in (show(e), str(e.n)))] for r in rows]


def _lead(cards: Sequence[Card], which: str, of: Callable[[Card], Lead]) -> str:
    """Return what share of the threats had been warned of how long before that asset."""
    if not of(cards[0]).minutes:
        return ""
    low, high = LEADS_MIN
    marks = sorted({low, 0.0, SPARE_MIN, 60.0, 120.0, 240.0, high, -30.0, -60.0})
    axes = Axes("minutes before the crossing (left of 0: too late)", "share warned of by then", low, high,
                (-120.0, -60.0, 0.0, 60.0, 120.0, 240.0, 360.0))  # fmt: skip
    lines = [_survival(c.name, of(c).minutes) for c in cards]

    def zero(x: Scale, y: Scale) -> list[str]:
        return [
            tag("rect", x=x(low), y=y(1), width=x(0) - x(low), height=y(0) - y(1), class_="late"),
            line(x(0), y(0), x(0), y(1), "strongline"),
            label(x(0) - 5, y(0) - 6, f"{which} asset", "small halo", "end"),
        ]

    why = " The second is the one that can be saved." if which == "second" else ""
    says = f"How many minutes before the {which} asset a warning stood, over the threats that cross one.{why}"
    rows = [[f"{m:+.0f} min", *(f"{_share_from(of(c).minutes, m):.2f}" for c in cards)] for m in marks]
    rows += [["before it", *(as_share(of(c).before) for c in cards)]]
    rows += [[f"{SPARE_MIN:.0f} min before it", *(as_share(of(c).spared) for c in cards)]]
    title = f"Lead time before the {which} asset"
    return figure(title, says, curves(lines, axes, f"{title}. {says}", zero), rows, ["", *(c.name for c in cards)])


def _share_from(minutes: Sequence[float], at: float) -> float:
    return sum(m >= at for m in minutes) / max(1, len(minutes))


def _survival(name: str, minutes: Sequence[float]) -> Line:
    """Return the share of leads of at least x minutes, from the longest down."""
    if not minutes:
        return Line(name, (), ())
    low, high = LEADS_MIN
    at = [high, *sorted({m for m in minutes if low < m < high}, reverse=True), low]
    return Line(name, at, [_share_from(minutes, m) for m in at], steps=True)


def _precision_recall(cards: Sequence[Card]) -> str:
    lines = [Line(c.name, [0.0, *c.curve.recall], [_first(c), *c.curve.precision], steps=True) for c in cards]
    says = "Each vessel once per trial, flagged from a threshold on. Upper right is best."
    title = "Precision over recall"
    plot = curves(
        lines, Axes("recall: threats flagged", "precision: flagged vessels that are threats"), title + ". " + says
    )
    rows = [["average precision", *(as_share(c.average_precision) for c in cards)]]
    return figure(title, says, plot, rows + _curve_rows(cards, "precision"), ["at recall", *(c.name for c in cards)])


def _first(card: Card) -> float:
    return float(card.curve.precision[0]) if len(card.curve.precision) else float("nan")


def _curve_rows(cards: Sequence[Card], what: str) -> list[list[str]]:
    rows = []
    for recall in (0.5, 0.7, 0.8, 0.9, 0.95, 1.0):
        cells = []
        for c in cards:
            reached = [float(v) for r, v in zip(c.curve.recall, getattr(c.curve, what), strict=True) if r >= recall]
            cells.append("-" if not reached else f"{(max if what == 'precision' else min)(reached):.3f}")
        rows.append([f"{recall:g}", *cells])
    return rows


def _roc(cards: Sequence[Card]) -> str:
    lines = [Line(c.name, [0.0, *c.curve.false_rate], [0.0, *c.curve.recall]) for c in cards]
    says = "The same vessels and thresholds. Upper left is best; the dotted line is chance."
    axes = Axes("share of innocent vessels flagged", "share of threats flagged")

    def chance(x: Scale, y: Scale) -> list[str]:
        return [line(x(0), y(0), x(1), y(1), "chance")]

    rows = [["ROC-AUC", *(as_share(c.roc_auc) for c in cards)], *_curve_rows(cards, "false_rate")]
    title = "ROC curve"
    plot = curves(lines, axes, f"{title}. {says}", chance)
    return figure(title, says, plot, rows, ["innocents flagged at recall", *(c.name for c in cards)])


def _calibration(card: Card) -> str:
    bins = card.calibration.bins
    if not bins:
        return ""
    says = (
        f"Alerts of {card.name}: the score they had, and how often they were right. On the dotted line a score is a "
        "probability, for the mix of threats in these trials."
    )

    def dots(x: Scale, y: Scale) -> list[str]:
        parts = [line(x(0), y(0), x(1), y(1), "chance")]
        for b in bins:
            if not isnan(b.right.low):
                parts.append(line(x(b.said), y(b.right.low), x(b.said), y(b.right.high), "interval s0"))
            parts.append(tag("circle", cx=x(b.said), cy=y(b.right.value), r=4.5, class_="dot s0"))
            parts.append(label(x(b.said) + 7, y(b.right.value) + 4, f"{b.right.n}", "small halo"))
        return parts

    rows = [[f"{b.low:.1f} to {b.high:.1f}", f"{b.said:.2f}", as_share(b.right), str(b.right.n)] for b in bins]
    rows += [["Brier score", as_share(card.calibration.brier), "", ""]]
    rows += [["calibration error", as_share(card.calibration.error), "", ""]]
    plot = curves([], Axes("score of the alert", "share that was right (beside the dots: alerts)"), says, dots)
    return figure("Calibration", says, plot, rows, ["score", "mean score", "right", "alerts"])


def _false(cards: Sequence[Card]) -> str:
    rows = _rows(cards, lambda c: c.false)
    if not rows:
        return ""
    rows = [Bars(("on " if "fishing" not in r.name else "") + r.name + ("" if "fishing" in r.name else " traffic"),
                 r.estimates) for r in rows]  # fmt: skip
    steady = [e for r in rows if "fishing" not in r.name for e in r.estimates[:1] if e.n]
    values = [e.value for r in rows for e in r.estimates if e.n]
    # One poor rule must not squeeze the rest into a corner: far beyond the others it stands at the edge, marked.
    high = _round(min(max(values), max([10.0, *(4 * e.high for e in steady if isfinite(e.high))])))
    says = "Warnings about vessels that did nothing, per 1,000 vessel-hours. Fishing vessels are counted apart."
    title = "False warnings"
    plot = intervals(rows, high, lambda v: f"{v:.1f}", f"{title}. {says}")
    return figure(title, says, plot, _estimate_rows(rows, as_rate), ["", *_with_n(cards)])


def _round(value: float) -> float:
    """Return the next round figure, so that a quarter of it is round too."""
    power = 10.0 ** floor(log10(max(value, 1.0)))
    return next(k * power for k in (1, 2, 4, 6, 8, 10) if k * power >= value)


def _churn(cards: Sequence[Card]) -> str:
    if not any(c.churn.raised for c in cards):
        return ""
    rows = [
        Bars("alerts withdrawn", tuple(c.churn.withdrawn for c in cards)),
        Bars("warnings withdrawn", tuple(c.churn.withdrawn_loud for c in cards)),
        Bars("warnings that were right", tuple(c.precision for c in cards)),
    ]
    says = "Share of alerts and of warnings taken back later, and of warnings that were right."
    plot = intervals(rows, 1.0, lambda v: f"{v:.2f}", f"Churn. {says}")
    behind = _estimate_rows(rows, as_share)
    for name, of in (("raised", "raised"), ("of them warnings", "raised_loud"), ("raised again", "returned")):
        behind.append([name, *(cell for c in cards for cell in (str(getattr(c.churn, of)), ""))])
    return figure("Churn", says, plot, behind, ["", *_with_n(cards)])
