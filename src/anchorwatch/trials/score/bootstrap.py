"""Percentile bootstrap: how far a figure may move if other trials, or other vessels, had been drawn.

Units (vessels, alerts) belong to clusters (trials): what is drawn again is whole clusters, since vessels of one trial
share sea, weather and traffic (Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8 [K]).
Where all units agree (none missed, none false) resampling shows no spread at all; there the exact binomial and Poisson
bounds stand in (Wilson 1927; the "rule of three").
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isnan, log, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RESAMPLES = 1000
LOW, HIGH = 2.5, 97.5  # percentiles: 95 %
FEWEST_TRIALS = 20  # with fewer clusters percentile intervals are far too narrow (Cameron, Gelbach and Miller 2008 [K])
Z = 1.96  # standard normal at 97.5 %


class Estimate(NamedTuple):
    """A figure and its 95 % interval; NaN where there is nothing to measure."""

    value: float
    low: float
    high: float
    n: int  # units behind it

    def apart_from(self, other: Estimate) -> bool:
        """Tell whether the intervals do not touch."""
        return self.low > other.high or self.high < other.low


NOTHING = Estimate(float("nan"), float("nan"), float("nan"), 0)


class Draws:
    """Seeded draws of clusters: how often each was drawn, one row a resample. The same draws serve every figure."""

    def __init__(self, clusters: int, seed: int, resamples: int = RESAMPLES) -> None:
        """Draw `clusters` out of `clusters` with replacement, `resamples` times."""
        rng = np.random.default_rng([seed, clusters])
        self.times = np.zeros((resamples, clusters), np.float32)
        for row in self.times:
            row += np.bincount(rng.integers(0, max(clusters, 1), clusters), minlength=clusters)[:clusters]

    def sums(self, cluster: Ints, values: Floats) -> Floats:
        """Return the sum of `values` in each resample."""
        total = np.bincount(cluster, values, minlength=self.times.shape[1])
        summed: Floats = (self.times @ total).astype(np.float64, copy=False)
        return summed

    def bins(self, cluster: Ints, column: Ints, columns: int, weights: Floats | None = None) -> Floats:
        """Return how many units fall in each column, resample by resample: (resamples, columns)."""
        size = self.times.shape[1]
        table = np.bincount(cluster * columns + column, weights, minlength=size * columns).reshape(size, columns)
        full = np.flatnonzero(table.any(axis=1))
        counted: Floats = self.times[:, full].astype(np.float64) @ table[full]
        return counted


def share(hit: npt.NDArray[np.bool_], cluster: Ints, draws: Draws) -> Estimate:
    """Return the share of units that are hit."""
    n = len(hit)
    if n == 0:
        return NOTHING
    value = float(hit.mean())
    if value in (0.0, 1.0):
        return Estimate(value, *_wilson(int(hit.sum()), n), n)
    with np.errstate(invalid="ignore"):
        drawn = draws.sums(cluster, hit.astype(np.float64)) / draws.sums(cluster, np.ones(n))
    return _of(value, drawn, n)


def rate(counts: Floats, exposure: Floats, cluster: Ints, draws: Draws, per: float = 1.0) -> Estimate:
    """Return events per exposure (per 1,000 hours: per=1000); without any event the Poisson bound."""
    total = float(exposure.sum())
    if total <= 0:
        return NOTHING
    events = float(counts.sum())
    if events == 0:
        return Estimate(0.0, 0.0, -log((100 - HIGH) / 100) / total * per, len(counts))
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = draws.sums(cluster, counts) / draws.sums(cluster, exposure) * per
    return _of(events / total * per, drawn, len(counts))


def median(values: Floats, cluster: Ints, draws: Draws) -> Estimate:
    """Return the median; the lower one of two in the middle."""
    n = len(values)
    if n == 0:
        return NOTHING
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    weight = np.cumsum(draws.times[:, cluster[order]], axis=1)
    drawn = ranked[np.argmax(weight >= weight[:, -1:] / 2, axis=1)]
    drawn = drawn[weight[:, -1] > 0]
    return _of(float(ranked[(n - 1) // 2]), drawn, n)


def statistic(
    value: float, n: int, drawn: Floats, instead: Callable[[], tuple[float, float]] | None = None
) -> Estimate:
    """Return an estimate from what each resample gave; `instead` gives the bounds where nothing spreads."""
    estimate = _of(value, drawn, n)
    if instead and estimate.low == estimate.high:
        low, high = instead()
        return estimate._replace(low=low, high=high)
    return estimate


def _of(value: float, drawn: Floats, n: int) -> Estimate:
    known = drawn[~np.isnan(drawn)]
    if not len(known) or isnan(value):
        return Estimate(value, float("nan"), float("nan"), n)
    # "nearest" and not between two values: medians may be infinite, and counts have no halves.
    low, high = np.percentile(known, [LOW, HIGH], method="nearest")
    return Estimate(value, min(float(low), value), max(float(high), value), n)


def _wilson(hits: int, total: int) -> tuple[float, float]:
    p = hits / total
    middle, spread = p + Z * Z / (2 * total), Z * sqrt(p * (1 - p) / total + Z * Z / (4 * total * total))
    return max(0.0, (middle - spread) / (1 + Z * Z / total)), min(1.0, (middle + spread) / (1 + Z * Z / total))


def later(values: list[float | None]) -> Floats:
    """Return a column in which what never came is infinitely bad (for leads: never before)."""
    return np.array([-inf if v is None else v for v in values], np.float64)
