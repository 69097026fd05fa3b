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

from anchorwatch import schema
from anchorwatch.model import Finding, Reason

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
    ("harbour_s", np.float64),  # time with evidence in a port or an anchorage
    ("shore_m", np.float64),  # nearest to land with evidence; infinite = not known
    ("usual_kn", np.float64),  # speed the vessel usually makes under way; 0 = never seen under way
]
# Columns that the functions here read.
RUN_READS = (
    *("kind", "time_us", "lon_deg", "lat_deg", "sog_kn", "dt_s", "asset", "asset_m", "asset_error_m", "kp_km"),
    *("crossed_us", "shore_m", "zone"),
)

AT_ANCHOR, MOORED = 1, 5  # ITU-R M.1371 table 45
UNDER_WAY_KN = 4.0  # most ships need this to keep steerage; slower says nothing of their usual speed
USUAL_S = 3600.0  # memory of the usual speed


def compilable(function: F) -> F:
    """Let compiled steps call this function; in plain Python it stays as it is."""
    registered: F = register_jitable(forceinline=True)(function)  # a call would copy all columns' headers
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
def seen(rows: Any, i: int, me: Any) -> float:
    """Note that position i was taken in, and learn the usual speed; return the seconds since the one before."""
    since_s = 0.0 if me.seen_us == 0 else (rows.time_us[i] - me.seen_us) / 1e6
    me.seen_us = rows.time_us[i]
    if rows.sog_kn[i] >= UNDER_WAY_KN:
        share = 1.0 if me.usual_kn == 0.0 else min(1.0, since_s / USUAL_S)
        me.usual_kn += share * (rows.sog_kn[i] - me.usual_kn)
    return since_s


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
    me.harbour_s = 0.0
    me.shore_m = math.inf


@compilable
def extend(rows: Any, i: int, me: Any) -> None:
    """Take row i into the run as evidence."""
    if not me.paused:
        me.held_s += (rows.time_us[i] - me.end_us) / 1e6
        if rows.zone[i] & (schema.PORT | schema.ANCHORAGE):
            me.harbour_s += (rows.time_us[i] - me.end_us) / 1e6
    me.paused = 0
    me.end_us = rows.time_us[i]
    if rows.shore_m[i] < me.shore_m:
        me.shore_m = rows.shore_m[i]
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
    found.held_s = me.held_s
    found.crossings = me.crossings
    found.error_m = me.error_m
    found.usual_kn = me.usual_kn
    found.harbour = min(1.0, me.harbour_s / max(me.held_s, 1.0))
    found.shore_m = me.shore_m if me.shore_m < math.inf else math.nan
    me.told_s = max(me.held_s, 1.0)
    me.told_crossings = me.crossings


RUN_MEASURES = ("held_s", "crossings", "error_m", "usual_kn", "harbour", "shore_m")  # written by `tell`


def place_reasons(finding: Finding) -> tuple[Reason, ...]:
    """Weigh the shore against a finding; zones and the quality of the route are weighed by judgement."""
    shore_m = finding.values["shore_m"]
    return (Reason("close_to_shore", round(shore_m), "m", -1.5),) if shore_m < 1000.0 else ()


def minutes(seconds: float) -> str:
    """Write a span of time for a person: `40 min`, `3.5 h`."""
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def miles(metres: float) -> str:
    """Write a distance for a person: `300 m`, `1.6 nm`."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / METRES_PER_NM:.1f} nm"


def named(finding: Finding) -> str:
    """Name the asset of a finding, or say that there is none."""
    return finding.asset if finding.asset is not None else "the nearest asset"
