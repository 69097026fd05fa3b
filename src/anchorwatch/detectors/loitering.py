"""A vessel stays about an asset where others pass: slow, drifting, or to and fro.

Evidence is a position within `near_nm` of an asset (plus the error of the charted route) that is
  - slower than `slow_kn`, or
  - slower than `drift_kn` and less than `drift_share` of the vessel's own usual speed, or
  - the end of an hour spent there whose net displacement is small against the way made (`straight_max`).
It is raised when such evidence has been held for `hold_s`, and told again at `escalate_s`. Hong Tai 58
stayed 56 hours about 0.5 nm from the cable TP3 before it broke.

Limits: lying still with the status *at anchor* or *moored* is not loitering (see anchored_on_asset). Steady
steamers that have always been slow are left alone by the second rule, so a vessel first seen at 2.5 kn on a
straight course is missed. Trawling looks the same and is told apart in judgement by class and ground.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import (
    AT_ANCHOR,
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
    flat_m,
    lapsed,
    miles,
    minutes,
    named,
    near,
    place_reasons,
    seen,
    tell,
)
from anchorwatch.model import Alternative, Finding, Reason

MARKS = 13  # one every 5 minutes: an hour of the track


class Params(NamedTuple):
    """Thresholds of loitering."""

    near_nm: float = 2.0  # watch zone, reference/domain.md B.7
    slow_kn: float = 2.0  # Global Fishing Watch, Starboard and B.7 agree on 2 kn
    drift_kn: float = 3.5  # a ship adrift in wind and current makes 1 to 3 kn
    drift_share: float = 0.4  # of the usual speed: no service speed is reduced so far for economy
    straight_max: float = 0.35  # net displacement / way made in an hour; one turn about gives 0.0 to 0.5
    winding_max_kn: float = 5.0  # faster to and fro is a service: ferries turn round in an hour
    port_call_m: float = 1000.0  # who turns round this close to land called at a port
    still_m: float = 150.0  # in five minutes: a knot; slower is evidence by itself, if it is at sea
    winding_m: float = 3000.0  # way made in that hour at least: below it GNSS noise winds too
    mark_s: float = 300.0
    hold_s: float = 1800.0  # B.7: 30 minutes
    escalate_s: float = 7200.0  # B.7: escalates at 2 h
    leave_s: float = 1800.0  # a pause that does not end it: hole in reception, a burst of engine


MEMORY = np.dtype(
    [
        *RUN,
        ("near_us", np.int64),  # within the watch zone without a break since then; 0 = outside
        ("way_m", np.float64),  # way made since near_us
        ("mark_us", np.int64, (MARKS,)),
        ("mark_lon_deg", np.float64, (MARKS,)),
        ("mark_lat_deg", np.float64, (MARKS,)),
        ("mark_way_m", np.float64, (MARKS,)),
        ("next_mark", np.int32),
        ("first_lon_deg", np.float64),
        ("first_lat_deg", np.float64),
        ("last_lon_deg", np.float64),
        ("last_lat_deg", np.float64),
        ("first_way_m", np.float64),
        ("path_m", np.float64),  # way made in the run
        ("pending_m", np.float64),  # way made since its last evidence
        ("spread_m", np.float64),  # farthest from the first place of the run
    ]
)


@compilable
def _learn(rows: Any, i: int, me: Any, p: Params) -> None:
    """Remember the usual speed, and the track of the last hour in the watch zone."""
    t = rows.time_us[i]
    dt_s = seen(rows, i, me)
    if not near(rows, i, p.near_nm * METRES_PER_NM) or dt_s > p.leave_s:
        me.near_us = 0
    if not near(rows, i, p.near_nm * METRES_PER_NM):
        return
    if me.near_us == 0:
        me.near_us = t
        me.way_m = 0.0
        me.next_mark = 0
        me.mark_us[:] = 0
    elif rows.step_m[i] > 0.0:
        me.way_m += rows.step_m[i]
    if rows.shore_m[i] < p.port_call_m:
        me.next_mark = 0
        me.mark_us[:] = 0
        return
    latest = (me.next_mark + MARKS - 1) % MARKS
    if t - me.mark_us[latest] >= p.mark_s * 1e6:
        if me.mark_us[latest] > 0 and me.way_m - me.mark_way_m[latest] < p.still_m:
            me.mark_us[:] = 0  # who lies still, at a berth most likely, does not go to and fro
        k = me.next_mark
        me.mark_us[k] = t
        me.mark_lon_deg[k], me.mark_lat_deg[k] = rows.lon_deg[i], rows.lat_deg[i]
        me.mark_way_m[k] = me.way_m
        me.next_mark = (k + 1) % MARKS


@compilable
def _winding(rows: Any, i: int, me: Any, p: Params) -> bool:
    """Tell whether the last hour was spent near the asset going to and fro."""
    if me.near_us == 0:
        return False
    k = me.next_mark  # the oldest mark, once all are filled
    if me.mark_us[k] == 0 or rows.time_us[i] - me.mark_us[k] > 2.0 * MARKS * p.mark_s * 1e6:
        return False
    way_m = me.way_m - me.mark_way_m[k]
    net_m = flat_m(me.mark_lon_deg[k], me.mark_lat_deg[k], rows.lon_deg[i], rows.lat_deg[i])
    fastest_m = p.winding_max_kn * METRES_PER_NM * (rows.time_us[i] - me.mark_us[k]) / 3.6e9
    return bool(fastest_m >= way_m >= p.winding_m and net_m <= p.straight_max * way_m)


@compilable
def _slow(rows: Any, i: int, me: Any, p: Params) -> bool:
    """Tell whether the vessel is slow here, and not lying at anchor or alongside."""
    sog = rows.sog_kn[i]
    status = rows.nav_status[i]
    if me.near_us == 0 or not sog < p.drift_kn or status == MOORED or (status == AT_ANCHOR and sog < 1.0):
        return False
    return bool(sog < p.slow_kn or sog < p.drift_share * me.usual_kn)


@compilable
def _start(rows: Any, i: int, me: Any, winding: bool) -> None:
    """Begin a run here, or where the hour began that showed the winding."""
    begin(rows, i, me)
    me.path_m, me.pending_m, me.spread_m = 0.0, 0.0, 0.0
    me.first_lon_deg, me.first_lat_deg = rows.lon_deg[i], rows.lat_deg[i]
    if winding:
        k = me.next_mark
        me.start_us = me.mark_us[k]
        me.held_s = (rows.time_us[i] - me.mark_us[k]) / 1e6
        me.path_m = me.way_m - me.mark_way_m[k]
        me.first_lon_deg, me.first_lat_deg = me.mark_lon_deg[k], me.mark_lat_deg[k]


@compilable
def _measure(rows: Any, i: int, me: Any) -> None:
    """Keep the measures of the run up to date; the way made in a pause counts once it has ended."""
    me.path_m += me.pending_m
    me.pending_m = 0.0
    me.last_lon_deg, me.last_lat_deg = rows.lon_deg[i], rows.lat_deg[i]
    away_m = flat_m(me.first_lon_deg, me.first_lat_deg, me.last_lon_deg, me.last_lat_deg)
    me.spread_m = max(me.spread_m, away_m)


@compilable
def _tell(me: Any, found: Any, still_on: int) -> None:
    tell(me, found, still_on)
    net_m = flat_m(me.first_lon_deg, me.first_lat_deg, me.last_lon_deg, me.last_lat_deg)
    found.mean_kn = me.path_m / max((me.end_us - me.start_us) / 1e6, 1.0) * 3600.0 / METRES_PER_NM
    found.straight = min(1.0, net_m / me.path_m) if me.path_m > 0.0 else 0.0
    found.spread_m = me.spread_m


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
    """Follow one track about an asset."""
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
    _learn(rows, i, me, params)
    if me.start_us > 0 and rows.step_m[i] > 0.0:
        me.pending_m += rows.step_m[i]
    winding = _winding(rows, i, me, params)
    if not winding and not _slow(rows, i, me, params):
        me.paused = 1
        return ended
    if me.start_us == 0:
        _start(rows, i, me, winding)
    extend(rows, i, me)
    _measure(rows, i, me)
    if me.raised_us == 0 and me.held_s >= params.hold_s:
        me.raised_us = t
    if ended or not due(me, params.escalate_s):
        return ended
    _tell(me, found, 1)
    return True


def explain(finding: Finding) -> str:
    """Say how long, how near, how fast."""
    v = finding.values
    how = "going to and fro" if v["straight"] < 0.5 else "drifting along"
    crossed = f" and crossed it {v['crossings']:.0f} times" if v["crossings"] > 1 else ""
    return (
        f"Stayed about {named(finding)} for {minutes(v['held_s'])}, as near as {miles(finding.asset_m)}{crossed}, "
        f"{how} at {v['mean_kn']:.1f} kn (usually {v['usual_kn']:.0f} kn). "
        "It may be waiting for a pilot or a berth, fishing, or have engine trouble."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """Longer, nearer, winding and far from harbour weigh more."""
    v = finding.values
    hours = v["held_s"] / 3600.0
    reasons = [Reason("time_about_asset", round(hours, 2), "h", min(2.5, 0.3 + 0.9 * math.log2(max(hours, 0.5) / 0.5)))]
    near_m = max(finding.asset_m, 0.0)
    reasons.append(
        Reason("nearness", round(near_m), "m", 0.8 if near_m <= 926.0 else 0.0 if near_m <= 1852.0 else -0.6)
    )
    reasons.append(Reason("winding", round(1.0 - v["straight"], 2), "1", 0.6 if v["straight"] < 0.5 else 0.0))
    if v["crossings"] > 1:
        reasons.append(Reason("crossed_while_loitering", v["crossings"], "1", min(1.0, 0.3 * v["crossings"])))
    if v["usual_kn"] >= 8.0:
        reasons.append(Reason("slower_than_usual", round(v["mean_kn"], 1), "kn", 0.6, f"usual {v['usual_kn']:.1f} kn"))
    return (*reasons, *place_reasons(finding))


DETECTOR = Detector(
    name="loitering",
    key="track",
    reads=(*RUN_READS, "nav_status", "step_m"),
    params=Params(),
    memory=MEMORY,
    measures=(*RUN_MEASURES, "mean_kn", "straight", "spread_m"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("waiting for a pilot, a berth or orders", "ask the vessel's agent or the port for its slot"),
        Alternative("engine trouble or adrift", "call the vessel; look for the status not under command"),
        Alternative("fishing or survey work", "check the class, the fishing ground and notices to mariners"),
    ),
    step=step,
)
