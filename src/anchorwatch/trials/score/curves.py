"""Curves over the threshold: ROC, precision and recall, calibration. Ties count half; every figure by resample too.

ROC-AUC is the chance that a threat scores above an innocent, ties half (Hanley and McNeil 1982). Precision-recall
curves are steps, not lines: between two thresholds there is nothing (Davis and Goadrich 2006; average precision as
in scikit-learn).
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np

from anchorwatch.trials.score.bootstrap import HIGH, NOTHING, Draws, Estimate, Floats, Ints, statistic

BINS = 10


class Scored(NamedTuple):
    """Units with a score, what they truly were, and the cluster they belong to."""

    score: Floats
    threat: np.ndarray[tuple[int], np.dtype[np.bool_]]
    cluster: Ints


class Curve(NamedTuple):
    """One row for each distinct score, from the highest down: what would be flagged at it and above."""

    threshold: Floats
    recall: Floats  # = true positive rate
    false_rate: Floats
    precision: Floats


def curve(units: Scored) -> Curve:
    """Return ROC and precision-recall in one."""
    if not len(units.score):
        return Curve(*(np.zeros(0) for _ in range(4)))
    levels, place = np.unique(units.score, return_inverse=True)
    threats = np.bincount(place, units.threat.astype(np.float64))[::-1].cumsum()
    others = np.bincount(place, (~units.threat).astype(np.float64))[::-1].cumsum()
    with np.errstate(invalid="ignore"):
        return Curve(levels[::-1], threats / threats[-1], others / others[-1], threats / (threats + others))


def auc(units: Scored, draws: Draws) -> Estimate:
    """Return the area under the ROC curve."""
    positives, negatives, p, q = _table(units, draws)
    if not positives.sum() or not negatives.sum():
        return NOTHING

    def area(threats: Floats, others: Floats) -> Floats:
        below = others.cumsum(axis=-1) - others / 2
        total: Floats = (threats * below).sum(axis=-1) / (threats.sum(axis=-1) * others.sum(axis=-1))
        return total

    with np.errstate(invalid="ignore"):
        value, drawn = float(area(positives, negatives)), area(p, q)
    return statistic(value, len(units.score), drawn, lambda: _one_sided(value, int(positives.sum())))


def average_precision(units: Scored, draws: Draws) -> Estimate:
    """Return the area under the steps of precision over recall."""
    positives, negatives, p, q = _table(units, draws)
    if not positives.sum():
        return NOTHING

    def area(threats: Floats, others: Floats) -> Floats:
        hits, false = threats[..., ::-1].cumsum(axis=-1), others[..., ::-1].cumsum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(hits + false > 0, hits / (hits + false), 0.0)
            total: Floats = (precision * threats[..., ::-1]).sum(axis=-1) / threats.sum(axis=-1)
        return total

    value = float(area(positives, negatives))
    return statistic(value, len(units.score), area(p, q), lambda: _one_sided(value, int(positives.sum())))


def _table(units: Scored, draws: Draws) -> tuple[Floats, Floats, Floats, Floats]:
    """Return threats and others by distinct score, as they are and in each resample."""
    if not len(units.score):
        empty = np.zeros(1)
        return empty, empty, empty, empty
    levels, place = np.unique(units.score, return_inverse=True)
    is_threat = units.threat.astype(np.float64)
    counted: list[Floats] = [
        np.bincount(place, w, minlength=len(levels)).astype(np.float64) for w in (is_threat, 1.0 - is_threat)
    ]
    drawn = [draws.bins(units.cluster, place, len(levels), w) for w in (is_threat, 1.0 - is_threat)]
    return counted[0], counted[1], drawn[0], drawn[1]


def _one_sided(value: float, threats: int) -> tuple[float, float]:
    """Bounds where every resample is the same: as if one more threat could have gone the other way."""
    doubt = min(1.0, -log((100 - HIGH) / 100) / max(threats, 1))
    return max(0.0, value - doubt), min(1.0, value + doubt) if value < 1.0 else 1.0


class Bin(NamedTuple):
    """Alerts whose scores lie between `low` and `high`."""

    low: float
    high: float
    said: float  # mean score
    right: Estimate  # share of them that were right


class Calibration(NamedTuple):
    """How far scores are probabilities."""

    bins: tuple[Bin, ...]
    brier: Estimate  # mean squared difference of score and truth: 0 is perfect, always saying the mean is p(1-p)
    error: Estimate  # expected calibration error: mean distance of score and share, weighted by the bins
    base: float  # share of alerts that were right


def calibration(units: Scored, draws: Draws) -> Calibration:
    """Return reliability by bins of equal width, Brier score and expected calibration error."""
    from anchorwatch.trials.score.bootstrap import share

    n = len(units.score)
    if n == 0:
        return Calibration((), NOTHING, NOTHING, float("nan"))
    truth = units.threat.astype(np.float64)
    place = np.minimum((units.score * BINS).astype(np.int64), BINS - 1)
    bins = []
    for k in np.unique(place).tolist():
        inside = place == k
        right = share(units.threat[inside], units.cluster[inside], draws)
        bins.append(Bin(k / BINS, (k + 1) / BINS, float(units.score[inside].mean()), right))
    squared = (units.score - truth) ** 2
    ones = np.ones(n)
    with np.errstate(invalid="ignore"):
        counted = draws.sums(units.cluster, ones)
        brier = statistic(float(squared.mean()), n, draws.sums(units.cluster, squared) / counted)
        gap = np.bincount(place, units.score - truth, minlength=BINS)
        drawn = np.abs(draws.bins(units.cluster, place, BINS, units.score - truth)).sum(axis=1) / counted
    error = statistic(float(np.abs(gap).sum() / n), n, drawn)
    return Calibration(tuple(bins), brier, error, float(truth.mean()))
