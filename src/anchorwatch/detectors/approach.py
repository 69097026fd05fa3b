"""A vessel already under suspicion will cross the next asset, at a time, give or take.

After the first cable it is the next one that can be saved: Eagle S took 5 h 38 min to its next, Newnew Polar Bear
7 h from the cable to the pipe (reference/domain.md A.2). Ordinary ships approach cables all day and are not looked at:
only tracks on which another detector has something going on, or that crossed an asset when it failed.

What lies ahead, when, and how sure, comes as columns (`picture.suspicion` has the measurements). It is told two hours
before the asset, and again each time the time left has halved; it ends when the asset is crossed, when the vessel has
turned away, or with the suspicion.

Limits: straight ahead at the present speed. No voyage plan, waypoint or lane is known, so of those who are said to
cross in two hours three in ten do not. A vessel adrift has no course worth the name and is not told.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import compilable, minutes, named
from anchorwatch.model import Alternative, Finding, Reason, utc


class Params(NamedTuple):
    """When an approach is told."""

    first_s: float = 7200.0  # watch by time to crossing: 30, 60, 120 min (reference/domain.md B.7)
    again: float = 0.5  # of the time left when last told
    last_s: float = 60.0  # nearer, telling it again helps nobody
    away_s: float = 900.0  # not ahead any more for so long: it turned away; yaw and a pass of the helm are shorter


MEMORY = np.dtype(
    [
        ("seen_us", np.int64),
        ("start_us", np.int64),  # 0 = nothing ahead
        ("raised_us", np.int64),
        ("end_us", np.int64),  # last time it was ahead
        ("asset", np.int32),
        ("told_s", np.float64),  # time left when last told; 0 = not yet
        ("eta_us", np.int64),
        ("spread_s", np.float64),
        ("share", np.float64),
        ("kp_km", np.float64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("why", np.int64),  # bits of `suspect`
        ("crossed", np.float64),
        ("crossed_us", np.int64),  # last crossing looked at
    ]
)


@compilable
def _tell(me: Any, found: Any, now_us: int, still_on: int) -> None:
    found.start_us, found.end_us, found.raised_us, found.open = me.start_us, me.end_us, me.raised_us, still_on
    found.asset, found.asset_m, found.kp_km = me.asset, 0.0 if me.crossed else np.nan, me.kp_km
    found.lon_deg, found.lat_deg = me.lon_deg, me.lat_deg
    found.eta_s = (me.eta_us - me.end_us) / 1e6
    found.eta_us = np.float64(me.eta_us)
    found.spread_s, found.share = me.spread_s, me.share
    found.why, found.crossed = me.why, me.crossed
    me.told_s = found.eta_s


@compilable
def _end(me: Any, found: Any, now_us: int) -> bool:
    """End the approach; its last word is in `found`."""
    _tell(me, found, now_us, 0)
    me.start_us, me.told_s, me.crossed, me.asset = 0, 0.0, 0.0, -1
    return True


@compilable
def _ahead(rows: Any, i: int, me: Any) -> None:
    """Take what lies ahead at row i."""
    me.end_us = rows.time_us[i]
    me.eta_us = rows.time_us[i] + np.int64(rows.next_eta_s[i] * 1e6)
    me.spread_s, me.share, me.kp_km = rows.next_spread_s[i], rows.next_share[i], rows.next_kp_km[i]
    me.lon_deg, me.lat_deg, me.why = rows.next_lon_deg[i], rows.next_lat_deg[i], rows.suspect[i]


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Follow one suspect towards the next asset."""
    t = rows.time_us[i]
    if rows.kind[i] == schema.TICK:
        return False
    if rows.kind[i] == schema.CROSSING:
        if t < me.seen_us or me.start_us == 0 or rows.asset[i] != me.asset or rows.crossed_us[i] <= me.crossed_us:
            return False
        me.crossed_us, me.crossed = rows.crossed_us[i], 1.0
        me.end_us = rows.crossed_us[i] if rows.crossed_us[i] > me.end_us else me.end_us
        me.eta_us, me.spread_s, me.kp_km = rows.crossed_us[i], 0.0, rows.kp_km[i]
        me.lon_deg, me.lat_deg = rows.lon_deg[i], rows.lat_deg[i]
        return bool(_end(me, found, t))
    if t <= me.seen_us or (rows.suspect[i] == 0 and me.start_us == 0):
        return False
    me.seen_us = t
    same = rows.next_asset[i] == me.asset
    if me.start_us > 0 and (rows.suspect[i] == 0 or (not same and t - me.end_us > params.away_s * 1e6)):
        return bool(_end(me, found, t))
    if rows.next_asset[i] < 0 or (me.start_us > 0 and not same) or not rows.next_eta_s[i] <= params.first_s:
        return False
    if me.start_us == 0:
        me.start_us, me.raised_us, me.asset = t, t, rows.next_asset[i]
    _ahead(rows, i, me)
    left_s = rows.next_eta_s[i]
    if me.told_s > 0.0 and (left_s > params.again * me.told_s or left_s < params.last_s):
        return False
    _tell(me, found, t, 1)
    return True


def explain(finding: Finding) -> str:
    """Say what it will cross, when, and how sure that is."""
    v = finding.values
    at = f"{utc(int(v['eta_us'])):%H:%M} UTC"
    if v["crossed"]:
        return f"Under suspicion, and crossed {named(finding)} at {at}, as foretold. See whether the asset still works."
    if not finding.open:
        return f"Under suspicion, and was on its way to cross {named(finding)} at {at}. It turned away, or was cleared."
    give = f", give or take {max(1.0, v['spread_s'] / 60):.0f} min" if v["spread_s"] > 0 else ""
    return (
        f"Under suspicion, and on its present course and speed it will cross {named(finding)} at {at}{give}, in "
        f"{minutes(v['eta_s'])}; {100 * v['share']:.0f} % of ships on such a course do. "
        "It may turn, or be cleared, before."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """The sooner, as long as something can be done, and the surer, the more; judgement weighs the suspicion."""
    v = finding.values
    left_min = max(v["eta_s"], 0.0) / 60.0
    weight = 0.6 if left_min > 30.0 else 1.0
    if left_min > 60.0 or left_min < 5.0:  # nobody gets there in five minutes, nor needs to be told afterwards
        weight = 0.2
    reasons = [Reason("time_to_crossing", round(left_min), "min", weight, f"+- {v['spread_s'] / 60:.0f} min")]
    unsure = v["spread_s"] / max(v["eta_s"], 60.0)
    if unsure > 0.35 and not v["crossed"]:
        reasons.append(Reason("unsteady_course_or_speed", round(unsure, 2), "1", -0.5))
    return tuple(reasons)


DETECTOR = Detector(
    name="approach",
    key="track",
    reads=(
        *("kind", "time_us", "lon_deg", "lat_deg", "asset", "kp_km", "crossed_us", "suspect"),
        *("next_asset", "next_eta_s", "next_spread_s", "next_share", "next_kp_km", "next_lon_deg", "next_lat_deg"),
    ),
    params=Params(),
    memory=MEMORY,
    measures=("eta_s", "eta_us", "spread_s", "share", "why", "crossed"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("it is on its voyage and nothing is wrong", "call the vessel; ask it to show its anchors"),
        Alternative("it will turn before the asset", "look at its destination and at the lane it is in"),
    ),
    step=step,
)
