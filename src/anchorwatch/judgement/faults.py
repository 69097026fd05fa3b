"""Who crossed an asset when it failed, and how that weighs. Pure.

An outage notice says when an asset failed, and from when on that was known. Every track that crossed it then is a
candidate; "no vessel" always is one too. What is weighed here is only enough to follow the candidates to the next
asset: the attribution of an incident is more than that.

    time_fit          the crossing lies within the interval, or how far outside it
    behaviour_then    what other detectors saw of the vessel about that time, also what was too weak for an alert
    crossed_other_failed_assets   of all signs the strongest, where several assets failed
    size              an anchor and its chain grow with the ship; a small craft's hardly reaches the bottom
    others_crossed_then   the suspicion is shared out, by how well each of them fits
    other_cause       3 faults in 10 have no ship in them (70 % are man-made, reference/domain.md B.2)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import cos, exp, hypot, isfinite, log, radians
from typing import NamedTuple

from anchorwatch.detectors import Detector
from anchorwatch.judgement import context
from anchorwatch.judgement.context import Context
from anchorwatch.model import Fault, Finding, Reason, rfc3339

# What damages an asset shows as one of these, or hides in a silence.
BEHAVIOUR = ("anchor_drag", "slow_crossing", "trawling", "ais_gap")
CROSSED = 2.9  # log-odds of a single vessel that crossed at the time, before anything else is known of it
OTHER_CAUSE = round(log(0.3 / 0.7), 2)
# Clocks, the time between two positions, and the time it takes an instrument to notice.
SLACK_S = 300.0
SLOW_M_S = 4.0  # a route drawn wrongly by so many metres is crossed so much sooner or later: 8 kn
ABOUT_US = 30 * 60_000_000  # behaviour so near the crossing belongs to it
TIE = 0.5  # nearer to each other than this, nobody leads


class Candidate(NamedTuple):
    """One track that crossed a failed asset when it failed."""

    track: int
    crossing: Finding
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> float:
        """How well it fits, to be compared with the others."""
        return sum(r.log_odds for r in self.reasons)


class Standing(NamedTuple):
    """How a track stands among the candidates of a fault."""

    fault: Fault
    crossing: Finding
    candidates: int
    leads: bool
    ties: bool
    reasons: tuple[Reason, ...]


def slack_s(error_m: float) -> float:
    """How far outside the interval a crossing of the charted route may lie."""
    return SLACK_S + error_m / SLOW_M_S


def fits(crossing: Finding, fault: Fault, error_m: float) -> bool:
    """Tell whether a crossing may have been the cause, by time and, where that is known, by place."""
    if crossing.asset != fault.asset:
        return False
    slack_us = slack_s(error_m) * 1e6
    if not fault.from_us - slack_us <= crossing.start_us <= fault.until_us + slack_us:
        return False
    if not isfinite(fault.lon_deg):
        return True
    east = (crossing.lon_deg - fault.lon_deg) * cos(radians(fault.lat_deg))
    return hypot(east, crossing.lat_deg - fault.lat_deg) * 111.195 <= fault.radius_km + error_m / 1000.0


def standing(
    track: int, at_us: int, ctx: Context, crossings: Mapping[int, list[Finding]],
    doings: Mapping[int, list[Finding]], detectors: Mapping[str, Detector],
) -> Standing | None:  # fmt: skip
    """Return how a track stands among those who crossed a failed asset, as known at a time; None if it did not."""
    found = []
    known = [f for f in ctx.faults if f.known_us <= at_us]
    for fault in known:
        error_m = ctx.chart.asset(fault.asset).error_m
        if _best_fit(crossings.get(track, []), fault, at_us, error_m) is None:
            continue
        candidates = [
            _candidate(fault, c, doings.get(c.track, []), at_us, ctx, detectors, _also(facts, fault, known, at_us, ctx))
            for facts in crossings.values()
            if (c := _best_fit(facts, fault, at_us, error_m)) is not None
        ]
        found.append(_among(next(c for c in candidates if c.track == track), candidates, fault))
    return max(found, key=lambda f: (_weight(f), -f.fault.known_us), default=None)


def _weight(found: Standing) -> float:
    return sum(r.log_odds for r in found.reasons)


def _best_fit(facts: list[Finding], fault: Fault, at_us: int, error_m: float) -> Finding | None:
    """Return the crossing of one track that fits a fault best."""
    fitting = [c for c in facts if c.at_us < at_us and fits(c, fault, error_m)]
    return min(fitting, key=lambda c: (_off_s(c, fault), c.start_us), default=None)


def _off_s(crossing: Finding, fault: Fault) -> float:
    """How far a crossing lies outside the interval."""
    return max(0, fault.from_us - crossing.start_us, crossing.start_us - fault.until_us) / 1e6


def _candidate(
    fault: Fault, crossing: Finding, doings: Iterable[Finding], at_us: int, ctx: Context,
    detectors: Mapping[str, Detector], also: int,
) -> Candidate:  # fmt: skip
    """Weigh one crossing of a failed asset."""
    vessel = ctx.registry.vessel(crossing.mmsi, at_us)
    length_m = vessel.length_m
    off_s, slack = _off_s(crossing, fault), slack_s(ctx.chart.asset(fault.asset).error_m)
    off_s = max(0.0, off_s - crossing.values.get("dt_s", 0.0) / 2.0)
    baseline = f"{rfc3339(fault.from_us)} to {rfc3339(fault.until_us)}"
    reasons = [Reason("time_fit", round(off_s / 60.0, 1), "min outside", round(0.5 - 1.5 * off_s / slack, 2), baseline)]
    about = [
        d
        for d in doings
        if d.start_us - ABOUT_US <= crossing.start_us <= d.end_us + ABOUT_US
        and d.at_us <= at_us
        and d.detector in detectors
    ]
    weights = {
        d.detector: sum(r.log_odds for r in [*detectors[d.detector].weigh(d), *context.of_vessel(d, vessel)])
        for d in about
    }
    if weights:
        name = max(weights, key=lambda n: (weights[n], n))
        reasons.append(Reason("behaviour_then", name, "", round(min(2.5, max(0.0, 0.5 + 0.8 * weights[name])), 2)))
    if length_m is not None and isfinite(length_m):
        weight = 0.3 if length_m >= 100.0 else 0.0 if length_m >= 50.0 else -1.0
        reasons.append(Reason("size", round(length_m), "m", weight))
    if also:
        reasons.append(Reason("crossed_other_failed_assets", also, "1", min(3.0, 1.5 * also)))
    return Candidate(crossing.track, crossing, tuple(reasons))


def _also(facts: list[Finding], fault: Fault, known: list[Fault], at_us: int, ctx: Context) -> int:
    """How many other assets failed when this track crossed them: nothing tells more than that."""
    others = {
        f.asset
        for f in known
        if f.asset != fault.asset and _best_fit(facts, f, at_us, ctx.chart.asset(f.asset).error_m)
    }
    return len(others)


def _among(mine: Candidate, candidates: list[Candidate], fault: Fault) -> Standing:
    """Share the suspicion out among the candidates, "no vessel" being one of them."""
    others = [c for c in candidates if c.track != mine.track]
    shared = log(1.0 + sum(exp(c.weight - mine.weight) for c in others))
    ahead_by = min((mine.weight - c.weight for c in others), default=99.0)
    reasons = (
        Reason("crossed_failed_asset", fault.asset, "", CROSSED, f"known {rfc3339(fault.known_us)}"),
        *mine.reasons,
        Reason("others_crossed_then", len(others), "vessels", round(-shared, 2)),
        Reason("other_cause", 0.3, "1", OTHER_CAUSE, "share of faults without a ship"),
    )
    return Standing(
        fault, mine.crossing, len(candidates), ahead_by >= TIE, bool(others) and abs(ahead_by) < TIE, reasons
    )


def sentence(found: Standing, name: str) -> str:
    """Say it to a person."""
    others = found.candidates - 1
    alone = "the only vessel that did" if others == 0 else f"as did {others} other{'s' if others > 1 else ''}"
    rank = (
        ""
        if others == 0
        else "; it fits best"
        if found.leads
        else "; nobody leads"
        if found.ties
        else "; another fits better"
    )
    return f"It crossed {name} about the time at which that failed, {alone}{rank}. No vessel at all may be the cause."


def extra(found: Standing) -> dict[str, object]:
    """For the record."""
    return {
        "asset": found.fault.asset, "known": rfc3339(found.fault.known_us), "crossed": rfc3339(found.crossing.start_us),
        "candidates": found.candidates, "leads": found.leads, "tie": found.ties,
    }  # fmt: skip
