"""A vessel is shown at places that it cannot have reached: its position, or somebody's, is false.

The picture marks such rows (`jump`) and keeps them out of every other detector. A run of them begins with the
first, is raised with the `jumps_least`-th, and ends `leave_s` after the last. It is best shown where the vessel
was last believed to be, not where the jump shows it.

Limits: two hulls on one MMSI look the same until the picture has told them apart (20 minutes). Many vessels
at once are one interference_area, and judgement drops these findings inside it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import METRES_PER_NM, compilable, lapsed, minutes
from anchorwatch.model import Alternative, Finding, Reason


class Params(NamedTuple):
    """Thresholds of a jump."""

    jumps_least: float = 3.0  # single wild positions are ordinary noise of receivers
    leave_s: float = 1800.0


MEMORY = np.dtype(
    [
        ("seen_us", np.int64),
        ("asset", np.int32),  # at the last believed position
        ("asset_m", np.float64),
        ("kp_km", np.float64),
        ("known", np.uint8),
        ("start_us", np.int64),
        ("end_us", np.int64),
        ("raised_us", np.int64),
        ("jumps", np.float64),
        ("told_jumps", np.float64),
        ("kept", np.float64),  # believed positions between the jumps
        ("kept_told", np.float64),  # of them before the last jump
        ("distance_m", np.float64),
        ("implied_kn", np.float64),
        ("run_asset", np.int32),
        ("run_asset_m", np.float64),
        ("run_kp_km", np.float64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
    ]
)


@compilable
def _tell(me: Any, found: Any, still_on: int) -> None:
    found.start_us = me.start_us
    found.end_us = me.end_us
    found.raised_us = me.raised_us
    found.open = still_on
    found.asset = me.run_asset
    found.asset_m = me.run_asset_m
    found.kp_km = me.run_kp_km
    found.lon_deg = me.lon_deg
    found.lat_deg = me.lat_deg
    found.jumps = me.jumps
    found.kept = me.kept_told
    found.distance_m = me.distance_m
    found.implied_kn = me.implied_kn
    me.told_jumps = me.jumps


@compilable
def _close(me: Any, found: Any) -> bool:
    """End the run; True if it had been raised, and its last word is in `found`."""
    raised = bool(me.raised_us > 0)
    if raised:
        _tell(me, found, 0)
    me.start_us = 0
    me.raised_us = 0
    return raised


@compilable
def _begin(rows: Any, i: int, me: Any) -> None:
    """Begin a run; it belongs to the asset near the last believed place, else near the place shown."""
    me.start_us = rows.time_us[i]
    me.raised_us = 0
    me.jumps, me.told_jumps, me.kept, me.kept_told = 0.0, 0.0, 0.0, 0.0
    me.distance_m, me.implied_kn = 0.0, 0.0
    if me.known:
        me.run_asset, me.run_asset_m, me.run_kp_km = me.asset, me.asset_m, me.kp_km
    else:
        me.run_asset, me.run_asset_m, me.run_kp_km = -1, math.nan, math.nan
    me.lon_deg, me.lat_deg = rows.last_lon_deg[i], rows.last_lat_deg[i]


@compilable
def _believed(rows: Any, i: int, me: Any) -> None:
    """Remember a position of the vessel itself."""
    me.known = 1
    me.asset, me.asset_m, me.kp_km = rows.asset[i], rows.asset_m[i], rows.kp_km[i]
    if me.start_us > 0:
        me.kept += 1.0


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Count the jumps of one track."""
    t = rows.time_us[i]
    if rows.kind[i] == schema.TICK:
        return lapsed(me, t, params.leave_s) and _close(me, found)
    if rows.kind[i] != schema.POSITION or t <= me.seen_us:
        return False
    me.seen_us = t
    ended = lapsed(me, t, params.leave_s) and _close(me, found)
    if rows.jump[i] == 0:
        _believed(rows, i, me)
        return ended
    if me.start_us == 0:
        _begin(rows, i, me)
    me.end_us = t
    me.jumps += 1.0
    me.kept_told = me.kept
    me.distance_m = max(me.distance_m, rows.step_m[i])
    if me.implied_kn < rows.made_kn[i] < math.inf:
        me.implied_kn = rows.made_kn[i]
    if me.raised_us == 0 and me.jumps >= params.jumps_least:
        me.raised_us = t
    if ended or me.raised_us == 0 or me.jumps < 2.0 * me.told_jumps:
        return ended
    _tell(me, found, 1)
    return True


def explain(finding: Finding) -> str:
    """Say how far and how impossible."""
    v = finding.values
    between = f", with {v['kept']:.0f} sound positions between" if v["kept"] else ""
    return (
        f"Shown {v['jumps']:.0f} times in {minutes((finding.end_us - finding.start_us) / 1e6)} up to "
        f"{v['distance_m'] / METRES_PER_NM:.0f} nm from where it was{between}; it would have had to make "
        f"{v['implied_kn']:.0f} kn. Jamming, a receiver fault or a second vessel on the same MMSI would explain it."
    )


WAIT_MIN = 10.0


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """A clean switch from one place to another is more likely made than a mixture of two transmitters."""
    v = finding.values
    lasts_min = (finding.end_us - finding.start_us) / 6e7
    far_nm = v["distance_m"] / METRES_PER_NM
    reasons = [
        Reason("jumps", v["jumps"], "1", min(1.5, 0.5 * math.log2(max(v["jumps"], 2.0)))),
        Reason("jumping_for", round(lasts_min, 1), "min", min(1.2, 0.4 * math.log2(1.0 + lasts_min))),
        Reason("jump_distance", round(far_nm, 1), "nm", 0.5 if far_nm > 5.0 else 0.2),
    ]
    if lasts_min < WAIT_MIN:  # where many jump, the others follow within minutes: then it is an area, not a vessel
        reasons.append(Reason("only_just_begun", round(lasts_min, 1), "min", -1.0))
    if v["kept"] >= 0.5 * v["jumps"]:
        reasons.append(Reason("two_transmitters", v["kept"], "1", -1.5))
    if finding.asset is not None:
        reasons.append(Reason("near_asset", round(finding.asset_m), "m", 0.5 if finding.asset_m <= 3704.0 else 0.0))
    return tuple(reasons)


DETECTOR = Detector(
    name="position_jump",
    key="track",
    reads=(
        *("kind", "time_us", "jump", "asset", "asset_m", "kp_km", "step_m", "made_kn"),
        *("last_lon_deg", "last_lat_deg"),
    ),
    params=Params(),
    memory=MEMORY,
    measures=("jumps", "kept", "distance_m", "implied_kn"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("jamming of satellite navigation", "see whether others jump at the same time; ask for notices"),
        Alternative("a second vessel on the same MMSI", "compare names and sizes; ask the flag state"),
        Alternative("a receiver or relay with a fault", "compare with another station"),
    ),
    step=step,
)
