"""A ship under way drags its anchor: it slows sharply, for no reason that its course shows, and stays slow.

An anchor that bites costs speed within minutes, and the loss lasts as long as it drags: Eagle S 9.3 to 8.8 kn
at the cable, Newnew Polar Bear 11 to 9.5 kn, Yi Peng 3 about 7 of 14.8 kn (reference/domain.md A.3). "Slow over
a cable" finds none of them. What is looked for, minute by minute, on each track:

 - *bite*: the mean of the last 5 minutes lies below what the 20 minutes before the last 11 lead to expect.
   A trend is carried on, so a smooth slow-down for an arrival time is no bite, and a steady slow steamer has none;
 - *held*: the speed does not come back. A slow-down that ends before the cable is over when it is reached;
 - *over an asset*: it is told when an asset is crossed, or was since the bite; a sharp loss that has been held for
   18 minutes within 10 km of one is told before, as something to keep an eye on.

Measured beside it: how rough speed and course are from minute to minute, before the bite and since (an engine order
is smooth afterwards, an anchor on an uneven bottom is not), a turn at the bite (ships lose speed in turns), a dip at
the crossing, stops of the engine. Limits: a drag that began before the track did has no baseline; one over an even
bottom looks like an engine order, and where reports are dense it is a caution at most.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._drag_reasons import weigh
from anchorwatch.detectors._minutes import (
    AFTER,
    LEAST_BEFORE,
    MINUTE_US,
    RING,
    STEEP,
    TURN,
    WAYS,
    bite_of,
    change_of,
    course_of,
    mean_of,
    slope_of,
    steep_of,
    sway_of,
    unrest_of,
)
from anchorwatch.detectors._run import AT_ANCHOR, MOORED, compilable, miles, minutes, named, turn_deg
from anchorwatch.model import Alternative, Finding

LYING_KN = 1.0  # and says so: at anchor or alongside
LASTED_S = 2700.0  # a current, a wave train or a meeting ship costs speed for minutes


class Params(NamedTuple):
    """Thresholds of dragging under way."""

    bite_min: float = 0.04  # share of speed lost at once; the smallest known case lost 0.05 at the cable
    base_min_kn: float = 4.0  # below steerage way a share of the speed means nothing
    regained: float = (
        0.7  # share of the loss that must come back for six minutes to end it: current and trim give half of it back
    )
    settle_min: float = 8.0  # the bite is measured where it is sharpest within these minutes
    gap_min: float = 6.0  # a silence longer than this breaks the baseline
    ahead_bite: float = 0.07  # so sharp a loss, held so long, is told before an asset is crossed: a caution
    held_s: float = 1080.0  # after a crossing it is told again once held this long: most natural losses come back
    broken_min: float = 120.0  # silence after which nothing is held any more
    longest_min: float = 1440.0  # Vezhen dragged for more than 24 h
    weak_bite: float = 0.085  # what ordinary traffic loses at once every few hundred hours
    weak_turn_deg: float = 8.0
    stopped: float = 0.3  # share of the baseline below which the engine has stopped


MEMORY = np.dtype(
    [
        ("seen_us", np.int64),  # last position
        ("minute", np.int64),  # minute that is being filled; 0 = none yet
        ("sum_n", np.float64),
        ("sums", np.float64, (WAYS,)),
        ("count", np.int64),  # closed minutes without a break
        ("ring", np.float64, (RING, WAYS)),
        ("crossed_us", np.int64),  # last crossing
        ("crossed_asset", np.int32),
        ("crossed_kp_km", np.float64),
        ("crossed_lon_deg", np.float64),
        ("crossed_lat_deg", np.float64),
        ("near_asset", np.int32),  # before the first crossing
        ("near_m", np.float64),
        ("near_kp_km", np.float64),
        ("bitten", np.int64),  # minute of the bite, 0 = not suspected
        ("opened", np.int64),  # minute in which it was noticed
        ("bite", np.float64),
        ("base_kn", np.float64),
        ("noise", np.float64),
        ("turn_deg", np.float64),
        ("offset_deg", np.float64),
        ("course_deg", np.float64),
        ("known_min", np.float64),
        ("rough_before_kn", np.float64),  # mean change of speed from minute to minute, before the bite and since
        ("rough_kn", np.float64),
        ("sway_before_deg", np.float64),  # the same of the course
        ("sway_deg", np.float64),
        ("rough_n", np.float64),
        ("reports", np.float64),  # in a minute, mean of the last half hour
        ("steepest", np.float64),  # largest loss within 8 minutes, share of the baseline
        ("n", np.float64),  # minutes since the bite settled, with sums over them
        ("sum_v", np.float64),
        ("sum_v2", np.float64),
        ("level_kn", np.float64),  # running mean of the speed under way since the bite
        ("stops", np.float64),
        ("wander", np.float64),
        ("back", np.int64),  # minutes in a row with the speed back
        ("crossings", np.float64),
        ("told", np.int64),  # 1 = told at least once
        ("told_s", np.float64),  # how long it had been held when last told
        ("told_crossings", np.float64),
        ("told_deficit", np.float64),
        ("told_trend", np.float64),
        ("start_us", np.int64),
        ("raised_us", np.int64),
    ]
)


@compilable
def _sharper(me: Any, bite: float, base: float, p: Params) -> bool:
    """Tell whether a later, sharper bite begins the run anew: the first was weak, or a turn."""
    weak = me.bite < p.weak_bite or me.turn_deg > p.weak_turn_deg
    settled = me.minute - me.opened > p.settle_min
    under_way = mean_of(me, AFTER - 1, 0, 0) > 2.0 * p.stopped * base
    return bool(settled and weak and under_way and bite > me.bite)


@compilable
def _suspect(me: Any, p: Params) -> None:
    """Look for a bite in the minutes just closed; while it settles, keep its sharpest measure."""
    if me.count < AFTER + TURN + STEEP:
        return
    bite, base, noise, known = bite_of(me)
    if me.bitten == 0 or _sharper(me, bite, base, p):
        if bite < p.bite_min or base < p.base_min_kn:
            return
        me.bite = 0.0
        me.opened = me.minute
        me.back, me.told, me.told_s, me.n = 0, 0, 0.0, 0.0
        me.crossings, me.told_crossings = 0.0, 0.0
        me.rough_kn, me.sway_deg, me.rough_n = 0.0, 0.0, 0.0
        me.stops, me.wander, me.sum_v, me.sum_v2 = 0.0, 0.0, 0.0, 0.0
        me.level_kn = base
        for back in range(AFTER + TURN):  # the steepest loss may lie behind already
            then = mean_of(me, back + STEEP - 1, back + STEEP - 2, 0) - mean_of(me, back + 1, back, 0)
            me.steepest = max(me.steepest if back > 0 else 0.0, then / base)
    if bite > me.bite and me.minute - me.opened <= p.settle_min:
        me.bite, me.base_kn, me.noise, me.known_min = bite, base, noise, known
        me.bitten = me.minute - AFTER - TURN // 2
        last = AFTER + TURN
        me.course_deg = course_of(me, last + LEAST_BEFORE - 1, last)
        me.turn_deg = turn_deg(me.course_deg, course_of(me, AFTER - 1, 0))
        me.offset_deg = mean_of(me, last + LEAST_BEFORE - 1, last, 3)
        me.rough_before_kn, me.sway_before_deg = unrest_of(me, last)
        if me.told == 0:
            me.start_us = me.bitten * MINUTE_US


@compilable
def _follow(me: Any, p: Params) -> None:
    """Take the newest closed minute into the run; end it when the speed has come back."""
    v = mean_of(me, 0, 0, 0)
    me.steepest = max(me.steepest, steep_of(me) / me.base_kn)
    if v < p.stopped * me.base_kn:
        me.stops += 1.0
    else:
        me.n += 1.0
        me.level_kn += max(1.0 / AFTER, 1.0 / me.n) * (v - me.level_kn)
        me.sum_v += v
        me.sum_v2 += v * v
        me.wander += turn_deg(course_of(me, 0, 0), course_of(me, 1, 1))
        if me.minute - me.bitten >= p.settle_min and me.count >= 2:
            me.rough_n += 1.0
            me.rough_kn += (change_of(me, 0) - me.rough_kn) / me.rough_n
            me.sway_deg += (sway_of(me, 0) - me.sway_deg) / me.rough_n
    loss = max(me.bite, p.bite_min) * me.base_kn
    me.back = me.back + 1 if v >= me.base_kn - (1.0 - p.regained) * loss else 0
    if me.back >= 6 or me.minute - me.bitten > p.longest_min:
        me.bitten = 0


@compilable
def _close_minute(me: Any, p: Params, heard: float) -> None:
    """Close the minute that is being filled and judge it; `heard` is 0 where it stands in for a silent one."""
    k = me.count % RING
    for way in range(WAYS):
        me.ring[k, way] = me.sums[way] / me.sum_n
    me.count += 1
    me.reports += (heard * me.sum_n - me.reports) / min(me.count, 30)
    if me.bitten > 0:
        _follow(me, p)
    _suspect(me, p)


@compilable
def _fill(rows: Any, i: int, me: Any, p: Params) -> None:
    """Take a position into its minute, after closing those before it; short silences are filled as they began."""
    minute = rows.time_us[i] // MINUTE_US
    if me.minute > 0 and minute > me.minute:
        if minute - me.minute > p.gap_min:
            me.count, me.sum_n = 0, 0.0  # no baseline across a silence; what is suspected stays suspected
            if minute - me.minute > p.broken_min:
                me.bitten = 0
        heard = 1.0
        while me.sum_n > 0.0 and me.minute < minute:
            _close_minute(me, p, heard)
            heard = 0.0
            me.minute += 1
        me.sum_n = 0.0
    if me.sum_n == 0.0:
        me.minute = minute
        for way in range(WAYS):
            me.sums[way] = 0.0
    course = math.radians(rows.cog_deg[i])
    offset = (rows.heading_deg[i] - rows.cog_deg[i] + 180.0) % 360.0 - 180.0
    me.sum_n += 1.0
    me.sums[0] += rows.sog_kn[i]
    me.sums[1] += math.sin(course)
    me.sums[2] += math.cos(course)
    me.sums[3] += 0.0 if math.isnan(offset) else offset


@compilable
def _level_kn(me: Any) -> float:
    """Speed over the last five closed minutes."""
    return mean_of(me, int(min(AFTER, me.count)) - 1, 0, 0) if me.count > 0 else math.nan


@compilable
def _place(rows: Any, i: int, me: Any, found: Any) -> None:
    """Write where it is best shown: at the last crossing, or before the first one by the nearest asset."""
    if me.crossings > 0.0:
        found.asset, found.asset_m, found.kp_km = me.crossed_asset, 0.0, me.crossed_kp_km
        found.lon_deg, found.lat_deg = me.crossed_lon_deg, me.crossed_lat_deg
        return
    if rows.asset[i] >= 0:
        me.near_asset, me.near_m, me.near_kp_km = rows.asset[i], rows.asset_m[i], rows.kp_km[i]
    found.asset, found.asset_m, found.kp_km = me.near_asset, me.near_m, me.near_kp_km
    found.lon_deg, found.lat_deg = rows.lon_deg[i], rows.lat_deg[i]


@compilable
def _tell(rows: Any, i: int, me: Any, found: Any) -> None:
    """Write the finding."""
    silent = me.count == 0  # nothing closed since a silence: what was known before it stands
    now_us = me.seen_us if silent and me.bitten == 0 else rows.time_us[i]
    level = me.level_kn if silent else _level_kn(me)
    n = max(me.n, 1.0)
    mean = me.sum_v / n if me.n > 0.0 else level
    found.start_us = me.start_us
    found.end_us = max(now_us, me.crossed_us)
    if me.told == 0:
        me.raised_us = now_us
    found.raised_us = me.raised_us
    found.open = 1 if me.bitten > 0 else 0
    _place(rows, i, me, found)
    found.bite, found.base_kn, found.noise = me.bite, me.base_kn, me.noise
    found.deficit = 1.0 - (me.level_kn if me.stops > 0.0 else level) / me.base_kn
    found.turn_deg = me.turn_deg
    found.held_s = (now_us - me.start_us) / 1e6
    found.unsteady = math.sqrt(max(me.sum_v2 / n - mean * mean, 0.0)) / me.base_kn
    found.dip_kn = max(level - mean_of(me, 0, 0, 0), 0.0) if me.count > 0 and me.crossings > 0.0 else 0.0
    found.offset_deg = mean_of(me, min(AFTER, int(me.count)) - 1, 0, 3) - me.offset_deg if me.count > 0 else 0.0
    found.wander_deg = me.wander / n
    found.stops_min = me.stops
    found.crossings = me.crossings
    found.known_min = me.known_min
    found.rough_kn, found.sway_deg, found.rough_min, found.reports = me.rough_kn, me.sway_deg, me.rough_n, me.reports
    found.rough_before_kn, found.sway_before_deg = me.rough_before_kn, me.sway_before_deg
    found.steepest = me.steepest
    span = int(min(10, me.count, max(3, me.minute - me.bitten - TURN)))
    found.trend = slope_of(me, span) * 10.0 / me.base_kn if me.count >= 3 else 0.0
    if me.bitten == 0 and found.held_s >= LASTED_S:  # what was so for so long is not taken back because it is over
        found.deficit, found.trend = me.told_deficit, me.told_trend
    me.told_deficit, me.told_trend = found.deficit, found.trend
    me.told, me.told_crossings, me.told_s = 1, me.crossings, found.held_s


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Follow one track under way."""
    if rows.kind[i] == schema.TICK:
        return False
    if rows.kind[i] == schema.CROSSING:
        if rows.crossed_us[i] <= me.crossed_us:
            return False
        me.crossed_us = rows.crossed_us[i]
        me.crossed_asset, me.crossed_kp_km = rows.asset[i], rows.kp_km[i]
        me.crossed_lon_deg, me.crossed_lat_deg = rows.lon_deg[i], rows.lat_deg[i]
        if me.bitten > 0 and me.crossed_us >= me.start_us:
            me.crossings += 1.0
    elif math.isnan(rows.sog_kn[i]) or math.isnan(rows.cog_deg[i]) or rows.time_us[i] // MINUTE_US < me.minute:
        return False
    else:
        was = me.bitten > 0
        _fill(rows, i, me, params)
        if was and (rows.nav_status[i] == AT_ANCHOR or rows.nav_status[i] == MOORED) and rows.sog_kn[i] < LYING_KN:
            me.bitten = 0  # it has arrived: what lies at anchor is for others to look at
        if me.bitten > 0 and me.crossings == 0.0 and me.crossed_us >= me.start_us:
            me.crossings = 1.0  # the asset was crossed while the bite was not yet sure
        ended = was and me.bitten == 0 and me.told
        if ended:
            _tell(rows, i, me, found)
        me.seen_us = rows.time_us[i]
        if ended:
            return True
    if _due(rows, i, me, params):
        _tell(rows, i, me, found)
        return True
    return False


@compilable
def _due(rows: Any, i: int, me: Any, p: Params) -> bool:
    """Tell whether there is something to say: an asset was crossed, or the loss has been held near or after one."""
    if me.bitten == 0 or me.minute - me.opened < p.settle_min / 4:
        return False
    held_s = (rows.time_us[i] - me.start_us) / 1e6
    if me.crossings == 0.0:
        return bool(me.told == 0 and held_s >= p.held_s and me.bite >= p.ahead_bite and rows.asset[i] >= 0)
    return bool(
        me.crossings > me.told_crossings or me.told_s < p.held_s <= held_s or held_s >= 2.0 * max(me.told_s, p.held_s)
    )


def explain(finding: Finding) -> str:
    """Say what was lost, how suddenly, and where it crossed."""
    v = finding.values
    where = f"crossed {named(finding)}" if v["crossings"] else f"is {miles(finding.asset_m)} from {named(finding)}"
    return (
        f"Lost {100 * v['bite']:.0f} % of its {v['base_kn']:.1f} kn within minutes without a turn to match, "
        f"stayed {100 * v['deficit']:.0f} % slower for {minutes(v['held_s'])}, and {where}. "
        "An anchor may be dragging; engine trouble or an order to slow down would look the same."
    )


DETECTOR = Detector(
    name="anchor_drag",
    key="track",
    reads=(
        "kind",
        "time_us",
        "lon_deg",
        "lat_deg",
        "sog_kn",
        "cog_deg",
        "heading_deg",
        "nav_status",
        "asset",
        "asset_m",
        "kp_km",
        "crossed_us",
    ),
    params=Params(),
    memory=MEMORY,
    measures=(
        *("bite", "base_kn", "noise", "deficit", "turn_deg", "held_s", "unsteady", "dip_kn", "offset_deg"),
        *("wander_deg", "stops_min", "crossings", "known_min", "steepest", "trend"),
        *("rough_kn", "rough_before_kn", "sway_deg", "sway_before_deg", "rough_min", "reports"),
    ),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("engine trouble or reduced power", "call the vessel; ask its operator for the engine log"),
        Alternative("ordered to slow down (traffic service, pilot, arrival time)", "ask the traffic service"),
        Alternative("current or ice", "compare with others on the same course there and then"),
    ),
    step=step,
)
