"""Who is under suspicion, and what such a vessel will cross next: columns for detectors that follow a suspicion.

A track is under suspicion from the row after the one at which a detector said that something is going on, until that
ends; or, once it is known that an asset failed, because the track crossed that asset when it failed.

For such a track, at most once a minute, the way is carried on straight at the speed made good over the last minutes
or so, up to two hours. How wrong that is was measured on two days in the Kattegat (250 ships of all trades, 16,700
looks ahead, cable crossings in open water, none on the way into a port):

    time to the asset    crossed it within twice that time    error of the time, two in three below, nine in ten below
    to 10 min            100 %                                 3 %    8 %
    10 to 20 min         100 %                                 4 %   11 %
    20 to 40 min          99 %                                 7 %   17 %
    40 to 80 min          87 %                                19 %   35 %
    80 to 120 min         77 %                                25 %   75 %

Unsteady ships (speed and course made good scatter by more than 15 %) are wrong by two to four times as much as steady
ones. Limits: no waypoint, lane or port of destination is known, and ships turn; in narrow waters it is worse.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from anchorwatch import schema
from anchorwatch.chart import crossings_one
from anchorwatch.picture.compiled import compiled, inlined

Array = np.ndarray[Any, Any]
_crossings_one = inlined(crossings_one.py_func)

KEY = "suspicion"  # the name of its memory beside those of the detectors
HORIZON_S = 7200.0
STEP_S = 600.0
LOOK_US = 60_000_000
MEAN_S = 360.0  # velocity made good is averaged over so long
BROKEN_S = 1800.0  # after a longer silence it begins anew
LEAST_KN = 1.0  # slower, a vessel goes where wind and current take it
FAULT_US = 24 * 3_600_000_000  # how long after a fault became known its crossers are followed
KN = 1852.0 / 3600.0
METRES_PER_DEG = 111_195.0

SUSPICION = np.dtype(
    [
        ("open", np.int64),  # bit k: the last word of detector k on this track was that it goes on
        ("was_open", np.int64),  # the same before `told_us`
        ("told_us", np.int64),
        ("failed_us", np.int64),  # from when on a fault it may have caused is known; 0 = none
        ("shown", np.int8),  # 1 = the row before was under suspicion
        ("mean_us", np.int64),  # when the velocity was last brought up to date; 0 = not known
        ("east_kn", np.float64),
        ("north_kn", np.float64),
        ("scatter", np.float64),  # mean square of velocity about its mean
        ("looked_us", np.int64),
        ("asset", np.int32),  # next ahead, -1 = none
        ("eta_us", np.int64),
        ("spread_s", np.float64),
        ("share", np.float64),
        ("kp_km", np.float64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
    ]
)
# A detector's word on a track, in order of key and time.
TOLD = np.dtype([("key", np.int64), ("at_us", np.int64), ("bit", np.int64), ("open", np.int8)])
# When an asset failed, and from when on that was known.
FAULT = np.dtype(
    [
        ("asset", np.int32),
        ("from_us", np.int64),  # with the doubt about the time of a crossing already taken off and put on
        ("until_us", np.int64),
        ("known_us", np.int64),
        ("lon_deg", np.float64),  # NaN = anywhere along it
        ("lat_deg", np.float64),
        ("radius_m", np.float64),
    ]
)


@inlined
def _hear(me: Any, at_us: int, bit: int, still_on: int) -> None:
    """Take a detector's word; it holds for later rows."""
    if at_us > me.told_us:
        me.was_open, me.told_us = me.open, at_us
    me.open = me.open | bit if still_on else me.open & ~bit


@inlined
def crossed_failed(faults: Any, k: int, asset: int, crossed_us: int, lon_deg: float, lat_deg: float) -> bool:
    """Tell whether a crossing fits fault k in time and, where that is known, in place."""
    if asset != faults[k].asset or not faults[k].from_us <= crossed_us <= faults[k].until_us:
        return False
    if math.isnan(faults[k].lon_deg):
        return True
    east = (lon_deg - faults[k].lon_deg) * math.cos(math.radians(lat_deg))
    return bool(math.hypot(east, lat_deg - faults[k].lat_deg) * METRES_PER_DEG <= faults[k].radius_m)


@inlined
def _move(me: Any, rows: Any, i: int) -> None:
    """Bring the velocity made good up to date with a position."""
    dt_s, t = rows.dt_s[i], rows.time_us[i]
    if me.mean_us == 0 or t - me.mean_us > BROKEN_S * 1e6 or not dt_s > 0.0:
        if math.isnan(rows.sog_kn[i]) or math.isnan(rows.cog_deg[i]):
            return
        course = math.radians(rows.cog_deg[i])
        me.east_kn, me.north_kn = rows.sog_kn[i] * math.sin(course), rows.sog_kn[i] * math.cos(course)
        me.scatter, me.mean_us = 0.0, t
        return
    per_kn = dt_s * KN
    narrow = math.cos(math.radians(rows.lat_deg[i]))
    dlon = (rows.lon_deg[i] - rows.last_lon_deg[i] + 540.0) % 360.0 - 180.0
    east = dlon * narrow * METRES_PER_DEG / per_kn - me.east_kn
    north = (rows.lat_deg[i] - rows.last_lat_deg[i]) * METRES_PER_DEG / per_kn - me.north_kn
    share = dt_s / (dt_s + MEAN_S)
    me.scatter = (1.0 - share) * (me.scatter + share * (east * east + north * north))
    me.east_kn += share * east
    me.north_kn += share * north
    me.mean_us = t


@inlined
def _look(me: Any, rows: Any, i: int, grid: Any, crossed: Any) -> None:
    """Look straight ahead from a position for the next asset."""
    me.looked_us, me.asset = rows.time_us[i], -1
    speed = math.hypot(me.east_kn, me.north_kn)
    if me.mean_us == 0 or speed < LEAST_KN:
        return
    lon, lat = rows.lon_deg[i], rows.lat_deg[i]
    for k in range(int(HORIZON_S / STEP_S)):
        to_lat = lat + me.north_kn * KN * STEP_S / METRES_PER_DEG
        to_lon = lon + me.east_kn * KN * STEP_S / METRES_PER_DEG / max(math.cos(math.radians(lat)), 0.01)
        c = crossed
        if _crossings_one(grid, lon, lat, to_lon, to_lat, c.asset, c.fraction, c.kp_km, c.line_deg):
            eta_s = (k + crossed.fraction[0]) * STEP_S
            unsteady = math.sqrt(me.scatter) / speed
            steady_share, doubt = 0.02 + 0.04 * eta_s / 3600.0, min(1.0, 0.25 + eta_s / 4800.0) * unsteady
            me.asset, me.kp_km = crossed.asset[0], crossed.kp_km[0]
            me.eta_us = rows.time_us[i] + np.int64(eta_s * 1e6)
            me.spread_s = eta_s * math.hypot(steady_share, doubt)
            me.share = 1.0 - 0.3 * max(0.0, eta_s - 1500.0) / (HORIZON_S - 1500.0)
            me.lon_deg = lon + crossed.fraction[0] * (to_lon - lon)
            me.lat_deg = lat + crossed.fraction[0] * (to_lat - lat)
            return
        lon, lat = to_lon, to_lat


@inlined
def _write(me: Any, rows: Any, i: int) -> None:
    """Write the columns of what lies ahead."""
    if me.asset < 0 or me.eta_us < rows.time_us[i]:
        return
    rows.next_asset[i], rows.next_kp_km[i] = me.asset, me.kp_km
    rows.next_eta_s[i] = (me.eta_us - rows.time_us[i]) / 1e6
    rows.next_spread_s[i], rows.next_share[i] = me.spread_s, me.share
    rows.next_lon_deg[i], rows.next_lat_deg[i] = me.lon_deg, me.lat_deg


@inlined
def _bits(me: Any, time_us: int) -> int:
    """Why a track is under suspicion at a time."""
    is_open = me.open if time_us > me.told_us else me.was_open
    failed = 0 < me.failed_us <= time_us < me.failed_us + FAULT_US
    return (1 if is_open else 0) + (2 if failed else 0)  # schema.OPEN_FINDING, CROSSED_FAILED


@compiled
def _suspect(rows: Any, memory: Any, told: Any, first: Any, faults: Any, grid: Any, crossed: Any, shown: Any) -> int:
    """Write the columns of suspicion; mark in `shown` the rows under suspicion, and those at which it ends.

    `first[key]` is where the words on a key begin in `told`, and is moved on; it is empty where there are none.
    Returns how many rows were marked.
    """
    marked = 0
    for i in range(rows.time_us.size):
        key, t = rows.key[i], rows.time_us[i]
        me = memory[key]
        if rows.fresh[i]:
            me.open, me.was_open, me.told_us, me.failed_us, me.shown = 0, 0, 0, 0, 0
            me.mean_us, me.looked_us, me.asset = 0, 0, -1
        if rows.jump[i]:
            continue
        if first.size:
            while first[key] < told.size and told[first[key]].key == key and told[first[key]].at_us < t:
                word = told[first[key]]
                _hear(me, word.at_us, word.bit, word.open)
                first[key] += 1
        if rows.kind[i] == schema.CROSSING:
            for k in range(faults.size):
                if crossed_failed(faults, k, rows.asset[i], rows.crossed_us[i], rows.lon_deg[i], rows.lat_deg[i]):
                    known_us = faults[k].known_us
                    me.failed_us = known_us if me.failed_us == 0 else min(me.failed_us, known_us)
        if me.open | me.was_open | me.failed_us == 0 and me.shown == 0:
            continue
        bits = _bits(me, t)
        rows.suspect[i] = bits
        if bits and rows.kind[i] == schema.POSITION:
            _move(me, rows, i)
            if t - me.looked_us >= LOOK_US:
                _look(me, rows, i, grid, crossed)
        if bits:
            _write(me, rows, i)
        else:
            me.mean_us, me.looked_us, me.asset = 0, 0, -1
        if bits or me.shown:
            shown[marked] = i
            marked += 1
        me.shown = 1 if bits else 0
    for k in range(told.size):
        word = told[k]
        if first[word.key] <= k:
            _hear(memory[word.key], word.at_us, word.bit, word.open)
    return marked


def mark(
    rows: schema.Rows, memory: Array, words: list[tuple[int, Array]], faults: Array, grid: Any, room: Any
) -> Array:
    """Write the columns of suspicion; return the rows under suspicion, and those at which it ends.

    `words` are the findings that detectors made of these rows, each with the detector's bit.
    """
    rows.suspect[:] = 0
    told = _told(rows, words)
    first = np.zeros(0, np.int64)
    if len(told):
        first = np.full(len(memory), len(told), np.int64)
        keys, at = np.unique(told["key"], return_index=True)
        first[keys] = at
    shown = np.zeros(rows.time_us.size, np.int64)
    return shown[: _suspect(rows, memory, told, first, faults, grid, room, shown)]


def _told(rows: schema.Rows, words: list[tuple[int, Array]]) -> Array:
    """Return the words in order of key and time."""
    count = sum(len(found) for _, found in words)
    told = np.zeros(count, TOLD)
    if not count:
        return told
    told["at_us"] = np.concatenate([found["at_us"] for _, found in words])
    told["open"] = np.concatenate([found["open"] for _, found in words])
    told["bit"] = np.concatenate([np.full(len(found), bit, np.int64) for bit, found in words])
    tracks = np.concatenate([found["track"] for _, found in words])
    starts = np.flatnonzero(np.diff(rows.track, prepend=-1))  # rows of one track follow each other
    order = starts[np.argsort(rows.track[starts], kind="stable")]
    told["key"] = rows.key[order[np.searchsorted(rows.track[order], tracks)]]
    return told[np.lexsort((told["at_us"], told["key"]))]


def wipe(rows: schema.Rows, shown: Array) -> None:
    """Make the columns of what lies ahead blank again: the same room is used for the next rows."""
    for name in (n for n in schema.BLANK if n.startswith("next_")):
        getattr(rows, name)[shown] = schema.BLANK[name]


def faults_of(records: list[tuple[int, int, int, int, float, float, float]]) -> Array:
    """Return faults as FAULT records."""
    return np.array(records, FAULT)
