"""A run of evidence on one track: the part of memory and the small steps that several detectors share.

A run begins with the first evidence, may pause for `leave_s`, is raised when the evidence has been held
for long enough, is told again when it has doubled or an asset was crossed, and ends with its last
evidence. All times come from positions, so ticks can only close a run sooner.

Everything here is plain scalar Python that the engine compiles together with a detector's step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba.extending import register_jitable

from anchorwatch.model import Finding

F = TypeVar("F", bound=Callable[..., Any])

METRES_PER_NM = 1852.0
# One degree of latitude, mean of WGS84; 0.6 % too long at the equator and too short at the poles: used for
# net displacement within a few miles only, never for a distance to an asset.
METRES_PER_DEG = 111_195.0

RUN = [
    ("seen_us", np.int64),  # last position taken in: anything older has been seen already
    ("start_us", np.int64),  # 0 = no run
    ("end_us", np.int64),  # last evidence
    ("raised_us", np.int64),  # 0 = evidence does not suffice yet
    ("held_s", np.float64),  # time with evidence, without the pauses
    ("told_s", np.float64),  # what `held_s` was when last told; 0 = not told
    ("crossed_us", np.int64),  # last crossing counted
    ("crossings", np.float64),
    ("told_crossings", np.float64),
    ("asset", np.int32),  # closest approach during the run
    ("asset_m", np.float64),
    ("error_m", np.float64),
    ("kp_km", np.float64),
    ("lon_deg", np.float64),
    ("lat_deg", np.float64),
    ("paused", np.uint8),  # 1 = the last position was no evidence
]


def compilable(function: F) -> F:
    """Let compiled steps call this function; in plain Python it stays as it is."""
    registered: F = register_jitable(function)
    return registered


@compilable
def flat_m(lon1_deg: float, lat1_deg: float, lon2_deg: float, lat2_deg: float) -> float:
    """Net displacement over a few miles."""
    east = (lon2_deg - lon1_deg) * math.cos(math.radians(0.5 * (lat1_deg + lat2_deg)))
    return math.hypot(east, lat2_deg - lat1_deg) * METRES_PER_DEG


@compilable
def turn_deg(a_deg: float, b_deg: float) -> float:
    """Smallest angle between two courses, 0 to 180."""
    return abs((b_deg - a_deg + 180.0) % 360.0 - 180.0)


@compilable
def near(rows: Any, i: int, near_m: float) -> bool:
    """Tell whether row i lies within `near_m` of an asset, or could: the charted route may be wrong."""
    return bool(rows.asset[i] >= 0 and rows.asset_m[i] <= near_m + rows.asset_error_m[i])


@compilable
def lapsed(me: Any, now_us: int, leave_s: float) -> bool:
    """Tell whether a run has had no evidence for longer than it may pause."""
    return bool(me.start_us > 0 and now_us - me.end_us > leave_s * 1e6)


@compilable
def begin(rows: Any, i: int, me: Any) -> None:
    """Begin a run at row i."""
    me.start_us = rows.time_us[i]
    me.end_us = rows.time_us[i]
    me.raised_us = 0
    me.held_s = 0.0
    me.told_s = 0.0
    me.crossings = 0.0
    me.told_crossings = 0.0
    me.asset_m = math.inf
    me.paused = 1


@compilable
def extend(rows: Any, i: int, me: Any) -> None:
    """Take row i into the run as evidence."""
    if not me.paused:
        me.held_s += (rows.time_us[i] - me.end_us) / 1e6
    me.paused = 0
    me.end_us = rows.time_us[i]
    if rows.asset[i] >= 0 and rows.asset_m[i] < me.asset_m:
        me.asset = rows.asset[i]
        me.asset_m = rows.asset_m[i]
        me.error_m = rows.asset_error_m[i]
        me.kp_km = rows.kp_km[i]
        me.lon_deg = rows.lon_deg[i]
        me.lat_deg = rows.lat_deg[i]


@compilable
def count_crossing(rows: Any, i: int, me: Any) -> None:
    """Take a CROSSING row into the run; its place is then where the run is best shown."""
    if me.start_us == 0 or rows.crossed_us[i] < me.start_us or rows.crossed_us[i] <= me.crossed_us:
        return
    me.crossed_us = rows.crossed_us[i]
    me.crossings += 1.0
    me.asset = rows.asset[i]
    me.asset_m = 0.0
    me.error_m = rows.asset_error_m[i]
    me.kp_km = rows.kp_km[i]
    me.lon_deg = rows.lon_deg[i]
    me.lat_deg = rows.lat_deg[i]


@compilable
def due(me: Any, escalate_s: float) -> bool:
    """Tell whether a raised run has something new to say: first word, twice as long, escalation, a crossing."""
    if me.raised_us == 0:
        return False
    grown = me.held_s >= 2.0 * me.told_s or (me.told_s < escalate_s <= me.held_s)
    return bool(grown or me.crossings > me.told_crossings)


@compilable
def tell(me: Any, found: Any, still_on: int) -> None:
    """Write what every finding says about the run, and remember what was said."""
    found.start_us = me.start_us
    found.end_us = me.end_us
    found.raised_us = me.raised_us
    found.open = still_on
    found.asset = me.asset
    found.asset_m = me.asset_m
    found.kp_km = me.kp_km
    found.lon_deg = me.lon_deg
    found.lat_deg = me.lat_deg
    me.told_s = max(me.held_s, 1.0)
    me.told_crossings = me.crossings


def minutes(seconds: float) -> str:
    """Write a span of time for a person: `40 min`, `3.5 h`."""
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def miles(metres: float) -> str:
    """Write a distance for a person: `300 m`, `1.6 nm`."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / METRES_PER_NM:.1f} nm"


def named(finding: Finding) -> str:
    """Name the asset of a finding, or say that there is none."""
    return finding.asset if finding.asset is not None else "the nearest asset"
