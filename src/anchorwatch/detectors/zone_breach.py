"""A vessel breaks a rule of a zone: is where nobody may be, too fast, too slow, too long, or against the traffic.

The rules are the user's own, kept as properties of the zones (docs/zones.md): no zone of the built-in chart has any.
One visit to a zone is one finding, whatever it breaks there; it is told when a rule is first broken, when another one
is, and as it lasts. Being in a closed zone counts from the second position on, a speed or a course once it has been
kept for minutes, because a position near a border or a single speed may be wrong.

Limits: a zone is as exact as it was drawn. Where ruled zones overlap, the first in the file that binds the vessel
counts. Permits are not known: give them as exempt classes, or ask.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import compilable, lapsed, minutes, turn_deg
from anchorwatch.model import Alternative, Finding, Reason

CLOSED, FAST, SLOW, AGAINST, STAYED = 1, 2, 4, 8, 16  # what was broken, as bits


class Params(NamedTuple):
    """How clearly a rule must be broken; the limits themselves come from the zones."""

    inside_s: float = 30.0  # two positions inside, half a minute apart: one alone may be wrong
    over_kn: float = 0.5  # speeds in AIS are good to 0.1 kn, currents vary by this
    fast_s: float = 300.0
    slow_s: float = 600.0  # longer: a pilot is taken, a vessel is let pass
    against_s: float = 300.0
    course_kn: float = 3.0  # slower, the course is where current and wind set
    leave_s: float = 1800.0  # out of the zone or silent for longer ends the visit


MEMORY = np.dtype(
    [
        ("seen_us", np.int64),
        ("start_us", np.int64),  # 0 = in no ruled zone
        ("end_us", np.int64),  # last position inside
        ("raised_us", np.int64),
        ("zone", np.int32),
        ("inside", np.uint8),  # 1 = the last position was inside
        ("stay_s", np.float64),
        ("fast_s", np.float64),
        ("slow_s", np.float64),
        ("against_s", np.float64),
        ("fast_kn", np.float64),  # highest and lowest speed while breaking a rule
        ("slow_kn", np.float64),
        ("against_deg", np.float64),
        ("broken", np.int64),  # bits
        ("told", np.int64),
        ("told_s", np.float64),
        ("limit_kn", np.float64),  # the rules, as they bound this vessel
        ("least_kn", np.float64),
        ("dwell_s", np.float64),
        ("heading_deg", np.float64),
        ("asset", np.int32),
        ("asset_m", np.float64),
        ("kp_km", np.float64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
    ]
)


@compilable
def _enter(rows: Any, i: int, me: Any) -> None:
    """Begin a visit."""
    me.start_us, me.end_us, me.raised_us = rows.time_us[i], rows.time_us[i], 0
    me.zone, me.inside = rows.rule_zone[i], 0
    me.stay_s, me.fast_s, me.slow_s, me.against_s = 0.0, 0.0, 0.0, 0.0
    me.fast_kn, me.slow_kn, me.against_deg = 0.0, math.inf, 0.0
    me.broken, me.told, me.told_s = 0, 0, 0.0
    me.limit_kn, me.least_kn = rows.rule_max_kn[i], rows.rule_min_kn[i]
    me.dwell_s, me.heading_deg = rows.rule_dwell_s[i], rows.rule_heading_deg[i]


@compilable
def _inside(rows: Any, i: int, me: Any, p: Params) -> None:
    """Take a position inside the zone into the visit."""
    since_s = (rows.time_us[i] - me.end_us) / 1e6 if me.inside else 0.0
    me.inside, me.end_us = 1, rows.time_us[i]
    me.stay_s += since_s
    sog = rows.sog_kn[i]
    if sog > rows.rule_max_kn[i] + p.over_kn:
        me.fast_s += since_s
        me.fast_kn = max(me.fast_kn, sog)
    if sog < rows.rule_min_kn[i] - p.over_kn:
        me.slow_s += since_s
        me.slow_kn = min(me.slow_kn, sog)
    off_deg = turn_deg(rows.cog_deg[i], rows.rule_heading_deg[i])
    if sog >= p.course_kn and off_deg > rows.rule_within_deg[i]:
        me.against_s += since_s
        me.against_deg = max(me.against_deg, off_deg)
    me.broken |= CLOSED if rows.rule_closed[i] and me.stay_s >= p.inside_s else 0
    me.broken |= FAST if me.fast_s >= p.fast_s else 0
    me.broken |= SLOW if me.slow_s >= p.slow_s else 0
    me.broken |= AGAINST if me.against_s >= p.against_s else 0
    me.broken |= STAYED if me.stay_s > rows.rule_dwell_s[i] else 0
    me.asset, me.asset_m, me.kp_km = rows.asset[i], rows.asset_m[i], rows.kp_km[i]
    me.lon_deg, me.lat_deg = rows.lon_deg[i], rows.lat_deg[i]


@compilable
def _tell(me: Any, found: Any, still_on: int) -> None:
    found.start_us, found.end_us, found.raised_us, found.open = me.start_us, me.end_us, me.raised_us, still_on
    found.asset, found.asset_m, found.kp_km = me.asset, me.asset_m, me.kp_km
    found.lon_deg, found.lat_deg = me.lon_deg, me.lat_deg
    found.zone, found.broken, found.stay_s = me.zone, me.broken, me.stay_s
    found.fast_s, found.fast_kn, found.limit_kn = me.fast_s, me.fast_kn, me.limit_kn
    found.slow_s, found.least_kn = me.slow_s, me.least_kn
    found.slow_kn = me.slow_kn if me.slow_kn < math.inf else math.nan
    found.against_s, found.against_deg, found.heading_deg = me.against_s, me.against_deg, me.heading_deg
    found.dwell_s = me.dwell_s
    me.told, me.told_s = me.broken, max(me.stay_s, 1.0)


@compilable
def _leave(me: Any, found: Any) -> bool:
    """End the visit; True if a rule was broken, and its last word is in `found`."""
    broken = bool(me.raised_us > 0)
    if broken:
        _tell(me, found, 0)
    me.start_us, me.raised_us = 0, 0
    return broken


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Follow one track through the ruled zones."""
    t, zone = rows.time_us[i], rows.rule_zone[i]
    if rows.kind[i] == schema.TICK:
        return lapsed(me, t, params.leave_s) and _leave(me, found)
    if rows.kind[i] == schema.CROSSING or t <= me.seen_us or (zone < 0 and me.start_us == 0):
        return False
    me.seen_us = t
    moved = zone >= 0 and zone != me.zone
    ended = me.start_us > 0 and (moved or lapsed(me, t, params.leave_s)) and _leave(me, found)
    if zone < 0:
        me.inside = 0
        return bool(ended)
    if me.start_us == 0:
        _enter(rows, i, me)
    _inside(rows, i, me, params)
    if ended:
        return True
    if me.broken == me.told and (me.broken == 0 or me.stay_s < 2.0 * me.told_s):
        return False
    if me.raised_us == 0:
        me.raised_us = t
    _tell(me, found, 1)
    return True


def explain(finding: Finding) -> str:
    """Say which rules were broken, by how much."""
    v, broken = finding.values, int(finding.values["broken"])
    said = []
    if broken & CLOSED:
        said.append(f"was inside for {minutes(v['stay_s'])}, where nobody may be")
    if broken & FAST:
        said.append(f"made up to {v['fast_kn']:.1f} kn where {v['limit_kn']:.0f} kn are allowed")
    if broken & SLOW:
        said.append(f"made only {v['slow_kn']:.1f} kn where {v['least_kn']:.0f} kn are asked for")
    if broken & AGAINST:
        said.append(f"steered {v['against_deg']:.0f} degrees off the traffic for {minutes(v['against_s'])}")
    if broken & STAYED:
        said.append(f"stayed {minutes(v['stay_s'])} where {minutes(v['dwell_s'])} are allowed")
    where = finding.zone or "a zone with rules"
    return f"In {where}: {'; '.join(said)}. It may have a permit, or avoid other traffic."


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """A closed zone is a warning; the other rules grow with how clearly they are broken."""
    v, broken = finding.values, int(finding.values["broken"])
    reasons = []
    if broken & CLOSED:
        reasons.append(Reason("in_closed_zone", round(v["stay_s"] / 60.0, 1), "min", 2.4))
    if broken & FAST:
        over = v["fast_kn"] / max(v["limit_kn"], 1.0) - 1.0
        reasons.append(
            Reason("too_fast", round(v["fast_kn"], 1), "kn", 1.1 + min(1.2, 1.5 * over), _limit(v, "limit_kn"))
        )
    if broken & SLOW:
        under = 1.0 - v["slow_kn"] / max(v["least_kn"], 1.0)
        reasons.append(Reason("too_slow", round(v["slow_kn"], 1), "kn", 0.9 + 0.8 * under, _limit(v, "least_kn")))
    if broken & AGAINST:
        reasons.append(
            Reason("against_the_traffic", round(v["against_deg"]), "deg", 1.0 if v["against_deg"] < 90 else 1.8)
        )
    if broken & STAYED:
        times = v["stay_s"] / max(v["dwell_s"], 60.0)
        weight = 1.0 + min(1.4, 0.8 * math.log2(max(times, 1.0)))
        reasons.append(Reason("stayed_too_long", round(v["stay_s"] / 60.0), "min", round(weight, 2)))
    return tuple(reasons)


def _limit(v: dict[str, float], name: str) -> str:
    return f"rule of the zone: {v[name]:g} kn"


DETECTOR = Detector(
    name="zone_breach",
    key="track",
    reads=(
        *("kind", "time_us", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "asset", "asset_m", "kp_km"),
        *("rule_zone", "rule_closed", "rule_min_kn", "rule_max_kn", "rule_dwell_s"),
        *("rule_heading_deg", "rule_within_deg"),
    ),
    params=Params(),
    memory=MEMORY,
    measures=(
        *("zone", "broken", "stay_s", "fast_s", "fast_kn", "limit_kn", "slow_s", "slow_kn", "least_kn"),
        *("against_s", "against_deg", "heading_deg", "dwell_s"),
    ),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("it has a permit, or works for the authority", "ask who made the rule; look at its class"),
        Alternative("it avoids other traffic, or has engine trouble", "call the vessel; look at who was near"),
        Alternative("the zone is drawn wider than it is", "compare with the notice that made it"),
    ),
    step=step,
)
