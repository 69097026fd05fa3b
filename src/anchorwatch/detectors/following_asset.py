"""A vessel follows an asset along its route, once over a long way or back and forth: it searches or surveys.

Evidence is a position under way within `near_nm` of an asset (plus the error of the charted route) on a course
within `angle_deg` of it. It is raised when `along_m` have been followed, or `back_along_m` with at least one
turn about. Turns are counted by course, so a change to a second cable alongside does not hide them.

Limits: lanes run along cables too. One straight pass at the usual speed is found, weighs against itself and
stays quiet in judgement; a line known only from its endpoints cannot be followed at all, and weighs likewise.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import (
    METRES_PER_NM,
    MOORED,
    RUN,
    RUN_MEASURES,
    RUN_READS,
    begin,
    compilable,
    count_crossing,
    due,
    extend,
    lapsed,
    miles,
    minutes,
    named,
    near,
    place_reasons,
    seen,
    tell,
    turn_deg,
)
from anchorwatch.model import Alternative, Finding, Reason


class Params(NamedTuple):
    """Thresholds of following."""

    near_nm: float = 0.5  # inner guard zone, reference/domain.md B.7
    angle_deg: float = 20.0  # a lane crosses a cable at more; the course of a slow ship wanders by less
    least_kn: float = 1.0  # slower is drifting: loitering sees to it
    along_m: float = 10_000.0  # one pass; a ship that crosses at 20 degrees leaves the zone after 5.4 km
    back_along_m: float = 4_000.0  # with a turn about: a search, not a passage
    leg_m: float = 500.0  # made the other way before a turn about counts: more than a turning circle
    escalate_s: float = 7200.0
    leave_s: float = 1200.0  # a wide turn at the end of a leg, at 4 kn, takes 10 minutes


MEMORY = np.dtype(
    [
        *RUN,
        ("along_m", np.float64),  # way made along the asset
        ("off_ms", np.float64),  # distance to the asset, integrated over `held_s`
        ("leg_deg", np.float64),  # course of this leg
        ("back_m", np.float64),  # way made against it
        ("turns", np.float64),
        ("told_turns", np.float64),
        ("pass_kn", np.float64),  # usual speed before the run, which must not be learned from it
    ]
)


@compilable
def _evidence(rows: Any, i: int, p: Params) -> bool:
    """Tell whether the vessel goes along an asset at row i; an unknown angle is no evidence."""
    if rows.nav_status[i] == MOORED or not near(rows, i, p.near_nm * METRES_PER_NM):
        return False
    return bool(rows.sog_kn[i] >= p.least_kn and rows.asset_angle_deg[i] <= p.angle_deg)


@compilable
def _leg(rows: Any, i: int, me: Any, p: Params, made_m: float) -> None:
    """Follow the course of the leg as the asset bends, and count the turns about."""
    turned = turn_deg(me.leg_deg, rows.cog_deg[i])
    if turned <= 60.0:
        me.leg_deg = rows.cog_deg[i]
        me.back_m = 0.0
    elif turned >= 120.0:
        me.back_m += made_m
        if me.back_m >= p.leg_m:
            me.turns += 1.0
            me.leg_deg = rows.cog_deg[i]
            me.back_m = 0.0


@compilable
def _take(rows: Any, i: int, me: Any, p: Params) -> None:
    """Take a position into the run, beginning one where there is none."""
    if me.start_us == 0:
        begin(rows, i, me)
        me.along_m, me.off_ms, me.back_m, me.turns, me.told_turns = 0.0, 0.0, 0.0, 0.0, 0.0
        me.leg_deg = rows.cog_deg[i]
        me.pass_kn = me.usual_kn
    held_s = me.held_s
    extend(rows, i, me)
    if me.held_s > held_s and rows.step_m[i] > 0.0:
        made_m = rows.step_m[i] * math.cos(math.radians(rows.asset_angle_deg[i]))
        me.along_m += made_m
        me.off_ms += rows.asset_m[i] * (me.held_s - held_s)
        _leg(rows, i, me, p, made_m)
    enough = me.along_m >= (p.back_along_m if me.turns > 0.0 else p.along_m)
    if me.raised_us == 0 and enough:
        me.raised_us = rows.time_us[i]


@compilable
def _tell(me: Any, found: Any, still_on: int) -> None:
    tell(me, found, still_on)
    found.usual_kn = me.pass_kn
    found.along_m = me.along_m
    found.off_m = me.off_ms / max(me.held_s, 1.0)
    found.turns = me.turns
    found.mean_kn = me.along_m / max(me.held_s, 1.0) * 3600.0 / METRES_PER_NM
    me.told_turns = me.turns


@compilable
def _close(me: Any, found: Any) -> bool:
    """End the run; True if it had been raised, and its last word is in `found`."""
    raised = bool(me.raised_us > 0)
    if raised:
        _tell(me, found, 0)
    me.start_us = 0
    me.raised_us = 0
    return raised


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Follow one track along an asset."""
    t = rows.time_us[i]
    if rows.kind[i] == schema.TICK:
        return lapsed(me, t, params.leave_s) and _close(me, found)
    if rows.kind[i] == schema.CROSSING:
        if t >= me.seen_us:
            count_crossing(rows, i, me)
        return False
    if t <= me.seen_us:
        return False
    ended = lapsed(me, t, params.leave_s) and _close(me, found)
    seen(rows, i, me)
    if not _evidence(rows, i, params):
        me.paused = 1
        return ended
    _take(rows, i, me, params)
    turned = me.raised_us > 0 and me.turns > me.told_turns
    if ended or not (turned or due(me, params.escalate_s)):
        return ended
    _tell(me, found, 1)
    return True


def explain(finding: Finding) -> str:
    """Say how far, how near, how often back."""
    v = finding.values
    turns = (
        f", turning about {v['turns']:.0f} times" if v["turns"] >= 2 else ", turning about once" if v["turns"] else ""
    )
    return (
        f"Followed {named(finding)} for {v['along_m'] / 1000:.0f} km in {minutes(v['held_s'])}{turns}, on average "
        f"{miles(v['off_m'])} from it at {v['mean_kn']:.1f} kn (usually {v['usual_kn']:.0f} kn). "
        "A lane or a fairway along the route would explain one straight pass, a survey by permit all of it."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """Turning about, and going slower than usual, tell a search from a passage."""
    v = finding.values
    passing = v["turns"] == 0 and not (v["usual_kn"] > 0 and v["mean_kn"] < 0.7 * v["usual_kn"])
    reasons = [Reason("followed", round(v["along_m"] / 1000.0, 1), "km", min(1.5, 0.5 * v["along_m"] / 10_000.0))]
    if v["turns"]:
        reasons.append(Reason("turned_about", v["turns"], "1", min(2.5, 1.0 + 0.5 * v["turns"])))
    if passing:
        reasons.append(Reason("single_pass_at_usual_speed", round(v["mean_kn"], 1), "kn", -1.0))
    elif v["usual_kn"] >= 8.0 and v["mean_kn"] < 0.7 * v["usual_kn"]:
        speed = f"usual {v['usual_kn']:.1f} kn"
        reasons.append(Reason("slower_than_usual", round(v["mean_kn"], 1), "kn", 1.0, speed))
    reasons.append(Reason("nearness", round(v["off_m"]), "m", 0.8 if v["off_m"] <= 300.0 else 0.0))
    return (*reasons, *place_reasons(finding))


DETECTOR = Detector(
    name="following_asset",
    key="track",
    reads=(*RUN_READS, "nav_status", "cog_deg", "step_m", "asset_angle_deg"),
    params=Params(),
    memory=MEMORY,
    measures=(*RUN_MEASURES, "along_m", "off_m", "turns", "mean_kn"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative(
            "a lane or fairway along the route", "compare with other vessels there; look for a bend it followed"
        ),
        Alternative("survey or repair by permit", "ask the owner of the asset; check notices to mariners"),
        Alternative("fishing along the edge of a ground", "check the class and its earlier days"),
    ),
    step=step,
)
