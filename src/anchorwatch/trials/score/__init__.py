"""The score of the watch: figures pooled over trials, each with its interval, for several systems side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from anchorwatch.model import LEVELS
from anchorwatch.trials.score.bootstrap import FEWEST_TRIALS, RESAMPLES, Estimate, Floats, later, median, rate, share
from anchorwatch.trials.score.curves import Calibration, Curve, auc, average_precision, calibration, curve
from anchorwatch.trials.score.pool import Pool
from anchorwatch.trials.score.verdict import Found, Verdict

SCHEMA = "anchorwatch.score/1"
PER_HOURS = 1000.0
SPARE_MIN = (
    30.0  # a warning so long before an asset can still save it (issue 3; domain.md B.2: 30 minutes lost were too many)
)
# Share of speed lost while dragging: the two bands that the project must hold, then finer ones.
MUST_BANDS = ((0.05, 0.10), (0.10, 1.01))
FINE_BANDS = ((0.0, 0.05), (0.05, 0.10), (0.10, 0.15), (0.15, 0.25), (0.25, 0.40), (0.40, 1.01))


@dataclass(frozen=True)
class System:
    """One system's verdicts; `sweep` holds those over all thresholds where its warnings have only one score."""

    name: str
    meaning: str
    simulated: tuple[Verdict, ...]
    real: tuple[Verdict, ...] = ()
    sweep: tuple[Verdict, ...] | None = None


@dataclass(frozen=True)
class Lead:
    """Time before one asset, the first or the second that a threat crosses."""

    before: Estimate  # share of the threats that cross one, warned of before it
    spared: Estimate  # the same, with 30 minutes to spare
    median_min: Estimate  # those never warned of count as after it
    minutes: tuple[float, ...]  # each lead, -inf = never warned


@dataclass(frozen=True)
class Churn:
    """How steady the alerts are."""

    raised: int
    raised_loud: int
    withdrawn: Estimate
    withdrawn_loud: Estimate
    returned: int


@dataclass(frozen=True)
class Card:
    """Every figure of one system."""

    name: str
    meaning: str
    resampled: str  # what the bootstrap drew again: "trials" or "vessels"
    recall: Estimate
    right_kind: Estimate
    precision: Estimate  # share of warnings that were right
    by_class: Mapping[str, Estimate]
    by_level: Mapping[str, Estimate]
    by_deficit: Mapping[str, Estimate]
    areas: Mapping[str, Estimate]
    innocents: Mapping[str, Estimate]
    flagged: Estimate  # share of all innocent vessels that were warned of, each once per trial
    false: Mapping[str, Estimate]  # simulated, simulated fishing, real, real fishing: per 1,000 vessel-hours
    false_counts: Mapping[str, int]
    false_kinds: Mapping[str, int]
    first: Lead
    second: Lead
    evidence_min: Estimate
    crossed_min: Estimate
    roc_auc: Estimate
    average_precision: Estimate
    curve: Curve
    calibration: Calibration
    churn: Churn
    expected: Estimate


def card(system: System, seed: int) -> Card:
    """Return every figure of one system."""
    pool, real = Pool(system.simulated, seed), Pool(system.real, seed)
    swept = Pool(system.sweep, seed) if system.sweep is not None else pool
    vessels, alerts = swept.scored_vessels(), pool.scored_alerts()
    drags = [(k, u) for k, u in pool.threats if u.deficit is not None]
    bands = {band_name(b): _within(drags, b) for b in dict.fromkeys((*FINE_BANDS, *MUST_BANDS))}
    return Card(
        name=system.name,
        meaning=system.meaning,
        resampled="trials" if pool.by_trial else "vessels",
        recall=pool.share(pool.threats, _found),
        right_kind=pool.share(pool.threats, lambda u: u.found and u.right_kind),
        precision=pool.precision(),
        by_class={k: pool.share(u, _found) for k, u in by_class(pool.threats).items()},
        by_level={
            level: pool.share(pool.threats, lambda u, at=n: u.rank >= at)  # type: ignore[misc]
            for n, level in enumerate(LEVELS)
        },
        by_deficit={name: pool.share(units, _found) for name, units in bands.items()},
        areas={k: pool.share(u, _found) for k, u in by_class(pool.areas).items()},
        innocents={"all": pool.share(pool.innocents, _found)}
        | {k: pool.share(u, _found) for k, u in by_class(pool.innocents).items()},
        flagged=pool.flagged(),
        **_false(pool, real),
        first=_lead(pool, 0),
        second=_lead(pool, 1),
        evidence_min=pool.median(pool.threats, lambda u: u.evidence_min),
        crossed_min=pool.median(pool.threats, lambda u: u.crossed_min),
        roc_auc=auc(vessels, swept.draws_for(vessels)),
        average_precision=average_precision(vessels, swept.draws_for(vessels)),
        curve=curve(vessels),
        calibration=calibration(alerts, pool.draws_for(alerts)),
        churn=_churn(pool),
        expected=_expected(pool),
    )


def _found(unit: Found) -> bool:
    return unit.found


def band_name(band: tuple[float, float]) -> str:
    """Return e.g. `5-10 %` or `10 % and more`."""
    low, high = (round(100 * x) for x in band)
    return f"{low}-{high} %" if high <= 100 else f"{low} % and more"


def _within(drags: list[tuple[int, Found]], band: tuple[float, float]) -> list[tuple[int, Found]]:
    return [(k, u) for k, u in drags if u.deficit is not None and band[0] <= u.deficit < band[1]]


def by_class(units: list[tuple[int, Found]]) -> dict[str, list[tuple[int, Found]]]:
    """Return units by their class, in alphabetical order."""
    return {name: [(k, u) for k, u in units if u.klass == name] for name in sorted({u.klass for _, u in units})}


def _false(pool: Pool, real: Pool) -> dict[str, Any]:
    rates = {}
    for name, of in (("simulated", pool), ("real", real)):
        for fishing in (False, True):
            rates[f"{name} fishing" if fishing else name] = _false_rate(of, fishing)
    kinds: dict[str, int] = {}
    for verdict in (*pool.verdicts, *real.verdicts):
        for warning in verdict.false:
            if not warning.fishing:
                kinds[warning.kind or "unnamed"] = kinds.get(warning.kind or "unnamed", 0) + 1
    counts = {
        "simulated": sum(not f.fishing for v in pool.verdicts for f in v.false),
        "real": sum(not f.fishing for v in real.verdicts for f in v.false),
        "inside interference": sum(f.disturbed and not f.fishing for v in pool.verdicts for f in v.false),
        "without vessel": sum(v.false_areas for v in (*pool.verdicts, *real.verdicts)),
    }
    return {
        "false": rates,
        "false_counts": counts,
        "false_kinds": dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
    }


def _false_rate(pool: Pool, fishing: bool) -> Estimate:
    """Return false warnings per 1,000 vessel-hours of the vessels that are no actors."""
    trial: list[int] = []
    hours: list[float] = []
    counts: list[float] = []
    for k, verdict in enumerate(pool.verdicts):
        told: dict[int, int] = {}
        for warning in verdict.false:
            if warning.fishing == fishing:
                told[warning.mmsi] = told.get(warning.mmsi, 0) + 1
        seen = verdict.ordinary.filter(pl.col("fishing") == fishing)
        for mmsi, watched in zip(seen["mmsi"].to_list(), seen["hours"].to_list(), strict=True):
            trial.append(k)
            hours.append(watched)
            counts.append(told.pop(mmsi, 0))
        for count in told.values():  # a vessel that the traffic does not know, or knows as something else
            trial.append(k)
            hours.append(0.0)
            counts.append(count)
    cluster, draws = pool.drawn(trial)
    return rate(_floats(counts), _floats(hours), cluster, draws, PER_HOURS)


def _floats(values: list[float]) -> Floats:
    return np.array(values, np.float64)


def _lead(pool: Pool, which: int) -> Lead:
    crossed = [(k, u) for k, u in pool.threats if len(u.leads_min) > which]

    def ahead(unit: Found, spare: float = 0.0) -> bool:
        lead = unit.leads_min[which]
        return lead is not None and lead > spare

    minutes = later([u.leads_min[which] for _, u in crossed])
    cluster, draws = pool.drawn([k for k, _ in crossed])
    return Lead(
        before=pool.share(crossed, ahead),
        spared=pool.share(crossed, lambda u: ahead(u, SPARE_MIN)),
        median_min=median(minutes, cluster, draws),
        minutes=tuple(minutes.tolist()),
    )


def _churn(pool: Pool) -> Churn:
    trials = np.arange(len(pool.verdicts))

    def withdrawn(taken: Callable[[Verdict], int], of: Callable[[Verdict], int]) -> Estimate:
        trial = np.repeat(trials, [of(v) for v in pool.verdicts])
        hit = [i < taken(v) for v in pool.verdicts for i in range(of(v))]
        cluster, draws = pool.drawn(trial)
        return share(np.array(hit, np.bool_), cluster, draws)

    return Churn(
        raised=sum(v.raised for v in pool.verdicts),
        raised_loud=sum(v.raised_loud for v in pool.verdicts),
        withdrawn=withdrawn(lambda v: v.withdrawn, lambda v: v.raised),
        withdrawn_loud=withdrawn(lambda v: v.withdrawn_loud, lambda v: v.raised_loud),
        returned=sum(v.returned for v in pool.verdicts),
    )


def _expected(pool: Pool) -> Estimate:
    met = [(k, kept.met) for k, v in enumerate(pool.verdicts) for kept in v.kept]
    cluster, draws = pool.drawn([k for k, _ in met])
    return share(np.array([m for _, m in met], np.bool_), cluster, draws)


@dataclass(frozen=True)
class Against:
    """The first system beside another, interval against interval."""

    name: str
    recall: str  # better, worse, not told apart
    false: str
    roc_auc: str
    matched: Estimate  # our recall where we flag no more innocent vessels than the other's warnings do
    theirs: Estimate
    at_no_more_false: str


def compare(systems: Sequence[System], cards: Sequence[Card], seed: int) -> list[Against]:
    """Return how the first system stands to each other one."""
    ours, pool = cards[0], Pool(systems[0].simulated, seed)
    out = []
    for other in cards[1:]:
        matched = pool.recall_within(other.flagged.value) if other.flagged.n else ours.recall
        out.append(
            Against(
                name=other.name,
                recall=verdict_of(ours.recall, other.recall),
                false=verdict_of(other.false["simulated"], ours.false["simulated"]),
                roc_auc=verdict_of(ours.roc_auc, other.roc_auc),
                matched=matched,
                theirs=other.recall,
                at_no_more_false=verdict_of(matched, other.recall),
            )
        )
    return out


def verdict_of(more: Estimate, less: Estimate) -> str:
    """Return `better` where the first is surely more, `worse` where it is surely less."""
    if not more.apart_from(less):
        return "not told apart"
    return "better" if more.value > less.value else "worse"


def resampling(cards: Sequence[Card]) -> str:
    """Return one sentence on how the intervals were made."""
    by_trial = cards and cards[0].resampled == "trials"
    what = "trials" if by_trial else f"vessels (there are fewer than {FEWEST_TRIALS} trials)"
    return f"Brackets: 95 % percentile bootstrap, {RESAMPLES:,} draws of {what}; exact bounds where all or none agree."
