"""Judge what a system said in one trial against what truly happened there.

A threat is found when a warning or alarm names its vessel, speaks of the time of the behaviour (to 30 minutes after
its end), was shown by then, and was not withdrawn in the end. A false warning is counted when it was shown, whatever
became of it: somebody was called. So a system gains nothing by raising and withdrawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from anchorwatch.trials.score.expect import Kept, expectations
from anchorwatch.trials.score.records import LOUD, MINUTE_US, Actor, Area, Said, Trial

AFTER_US = 30 * MINUTE_US  # a warning so long after the end still counts as about it
ONE_TRENCH_US = 3 * MINUTE_US  # cables crossed so close together are one blow
AREA_KINDS = ("interference_area", "feed_silence", "detector_storm")


@dataclass(frozen=True)
class Found:
    """One actor or area, and what became of it."""

    id: str
    role: str  # of an actor, or "area"
    klass: str
    deficit: float | None
    rank: int  # highest level that stands, as its place in LEVELS; -1 = nothing
    right_kind: bool
    score: float  # highest score of an alert about it; 0 where there is none
    loud_us: int | None  # when first shown as warning or above
    leads_min: tuple[float | None, ...]  # before the first and second asset; None = never warned; negative = after it
    evidence_min: float | None  # from the start of the behaviour to that warning
    crossed_min: float | None  # from the first true crossing to that warning
    cautioned: bool

    @property
    def found(self) -> bool:
        """Tell whether someone was called or sent; an area counts at any level."""
        return self.rank >= (0 if self.role == "area" else LOUD)


class False_(NamedTuple):
    """A warning about a vessel that did nothing."""

    mmsi: int
    kind: str
    fishing: bool
    disturbed: bool  # the vessel was inside a true interference
    at_us: int


class Mark(NamedTuple):
    """One alert: its score, whether it was right, and whether it was ever a warning."""

    score: float
    right: bool
    loud: bool


@dataclass(frozen=True)
class Verdict:
    """Everything judged in one trial."""

    trial: str
    kind: str
    real: bool
    actors: tuple[Found, ...]
    areas: tuple[Found, ...]
    false: tuple[False_, ...]
    false_areas: int  # loud alerts that name no vessel and fit no true area
    ordinary: pl.DataFrame  # mmsi, fishing, hours, score, loud: one row a vessel
    scored: tuple[Mark, ...]
    raised: int
    raised_loud: int
    withdrawn: int
    withdrawn_loud: int
    returned: int  # shown again after it was withdrawn
    kept: tuple[Kept, ...]


def judge(trial: Trial) -> Verdict:
    """Return the verdict on the alerts of one trial."""
    by_mmsi: dict[int, list[Said]] = {}
    for alert in trial.alerts:
        for mmsi in alert.mmsis:
            by_mmsi.setdefault(mmsi, []).append(alert)
    false, false_areas = _false(trial)
    taken_back = [a for a in trial.alerts if a.withdrawn]
    return Verdict(
        trial=trial.name,
        kind=trial.kind,
        real=trial.real,
        actors=tuple(_of_actor(a, by_mmsi) for a in trial.actors),
        areas=tuple(_of_area(a, trial.alerts) for a in trial.areas),
        false=false,
        false_areas=false_areas,
        ordinary=_ordinary(trial, by_mmsi, {f.mmsi for f in false}),
        scored=tuple(Mark(a.score, right(a, trial), a.rank >= LOUD) for a in trial.alerts),
        raised=len(trial.alerts),
        raised_loud=sum(a.rank >= LOUD for a in trial.alerts),
        withdrawn=len(taken_back),
        withdrawn_loud=sum(a.rank >= LOUD for a in taken_back),
        returned=sum(_returned(a) for a in trial.alerts),
        kept=expectations(trial),
    )


def about(actor: Actor, alerts: Iterable[Said]) -> list[Said]:
    """Return the alerts that speak of what an actor did: for a threat in its time, for others at any time."""
    named = [a for a in alerts if actor.mmsis & set(a.mmsis)]
    if actor.role != "threat":
        return named
    until = actor.end_us + AFTER_US
    return [a for a in named if a.overlaps(actor.start_us, until) and a.shown[0][1] <= until]


def about_area(area: Area, alerts: Iterable[Said]) -> list[Said]:
    """Return the alerts of the kinds that an area calls for, in its time."""
    kinds = area.expects or AREA_KINDS
    fitting = [a for a in alerts if a.kind in kinds or not (a.kind or a.mmsis)]
    return [a for a in fitting if a.overlaps(area.start_us, area.end_us + AFTER_US)]


def right(alert: Said, trial: Trial) -> bool:
    """Tell whether an alert speaks of a true threat or a true area."""
    threats = [a for a in trial.actors if a.role == "threat"]
    return any(about(a, [alert]) for a in threats) or _of_some_area(alert, trial)


def _of_some_area(alert: Said, trial: Trial) -> bool:
    """Tell whether an alert about an area falls into a true one. A jammed sea may be told as silent: that is no lie."""
    about_one = alert.mmsis and alert.kind not in AREA_KINDS
    return not about_one and any(alert.overlaps(a.start_us, a.end_us + AFTER_US) for a in trial.areas)


def trenches(actor: Actor) -> list[int]:
    """Return the times of the blows while the behaviour lasts: the first crossing of each asset.

    Assets crossed within 3 minutes of one another lie in one trench: nobody could save the second.
    """
    first: dict[str, int] = {}
    for crossing in actor.crossings:
        if crossing.time_us <= actor.end_us:
            first.setdefault(crossing.asset, crossing.time_us)
    times = sorted(first.values())
    return [t for i, t in enumerate(times) if i == 0 or t - times[i - 1] > ONE_TRENCH_US]


def _of_actor(actor: Actor, by_mmsi: dict[int, list[Said]]) -> Found:
    heard = {a.id: a for m in sorted(actor.mmsis) for a in by_mmsi.get(m, ())}
    named = about(actor, heard.values())
    threat = actor.role == "threat"
    standing = [a for a in named if not a.withdrawn] if threat else named
    until = actor.end_us + AFTER_US if threat else None
    loud = [(at, a) for a in standing if (at := a.first_us(LOUD)) is not None and (until is None or at <= until)]
    loud_us = min((at for at, _ in loud), default=None)
    rank = max((a.rank for _, a in loud), default=0 if standing else -1)
    blows = trenches(actor)
    return Found(
        id=actor.id, role=actor.role, klass=actor.klass, deficit=actor.deficit, rank=rank,
        right_kind=any(not a.kind or a.kind in actor.expects for _, a in loud),
        score=max((a.score for a in named), default=0.0),
        loud_us=loud_us,
        leads_min=tuple(_minutes(loud_us, t) for t in blows[:2]),
        evidence_min=_minutes(actor.start_us, loud_us),
        crossed_min=_minutes(blows[0], loud_us) if blows else None,
        cautioned=any(not a.withdrawn for a in named),
    )  # fmt: skip


def _of_area(area: Area, alerts: Sequence[Said]) -> Found:
    standing = [a for a in about_area(area, alerts) if not a.withdrawn]
    first = min((a.shown[0][1] for a in standing), default=None)
    return Found(
        id=area.id, role="area", klass=area.klass, deficit=None,
        rank=max((a.rank for a in standing), default=-1),
        right_kind=bool(standing),
        score=max((a.score for a in standing), default=0.0),
        loud_us=first,
        leads_min=(),
        evidence_min=_minutes(area.start_us, first),
        crossed_min=None,
        cautioned=bool(standing),
    )  # fmt: skip


def _minutes(from_us: int | None, to_us: int | None) -> float | None:
    return None if from_us is None or to_us is None else (to_us - from_us) / MINUTE_US


def _false(trial: Trial) -> tuple[tuple[False_, ...], int]:
    """Return the warnings about vessels that are no actors, and how many name no vessel and fit no area."""
    acting = {m for a in trial.actors for m in a.mmsis}
    fishing = dict(zip(trial.vessels["mmsi"].to_list(), trial.vessels["fishing"].to_list(), strict=True))
    out, without = [], 0
    for alert in trial.alerts:
        at = alert.first_us(LOUD)
        if at is None or acting & set(alert.mmsis):
            continue
        if alert.kind in AREA_KINDS or not alert.mmsis:
            without += not _of_some_area(alert, trial)
            continue
        out.append(False_(alert.mmsis[0], alert.kind, all(fishing.get(m, False) for m in alert.mmsis),
                          _disturbed(alert, trial.areas), at))  # fmt: skip
    return tuple(out), without


def _disturbed(alert: Said, areas: Iterable[Area]) -> bool:
    inside = [a for a in areas if a.klass == "interference" and a.mmsis & set(alert.mmsis)]
    return any(alert.overlaps(a.start_us, a.end_us + AFTER_US) for a in inside)


def _ordinary(trial: Trial, by_mmsi: dict[int, list[Said]], loud: set[int]) -> pl.DataFrame:
    best = [max((a.score for a in by_mmsi.get(m, ()) if a.kind not in AREA_KINDS), default=0.0)
            for m in trial.vessels["mmsi"].to_list()]  # fmt: skip
    return trial.vessels.with_columns(
        pl.Series("score", best, pl.Float64), pl.col("mmsi").is_in(sorted(loud)).alias("loud")
    )


def _returned(alert: Said) -> bool:
    words = [level for level, _ in alert.shown]
    return "withdrawn" in words and not alert.withdrawn
