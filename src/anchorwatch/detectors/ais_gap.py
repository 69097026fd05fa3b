"""A vessel near an asset fell silent: how long, where it came back, and what lay between.

A silence counts when it lasts `silence_s`, and `rhythms` times the vessel's own interval, after `heard_least`
positions in that rhythm; of a vessel that was last heard within `near_nm` of an asset (plus the error of the
route), or closing one within `ahead_nm`, or that came back so near, or whose straight way between crosses one.
`start_us` is the last position, `raised_us` the moment at which the silence was long enough, or that of the
reappearance, if only that shows an asset.

It is told open at the first tick after that, told again each time the silence has doubled, completed when the
vessel is heard again (with the speed it must have made), when the crossings in between are known, and after
`after` more positions. Whether a receiver would have heard it is for judgement, by what it heard of others.

Limits: moored vessels, and those still in a port, may switch off. Of a vessel heard less than ten times no
rhythm is known. A silence of 48 h makes a new track, and leaves the gap open.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import METRES_PER_NM, MOORED, compilable, miles, minutes, named, near, place_reasons
from anchorwatch.model import Alternative, Finding, Reason

HEARD_MOST = 60.0
STILL_KN = 1.0
DIRECT_S = 4 * 3600.0
NEAR_M = 3704.0  # 2 nm, the watch zone


class Params(NamedTuple):
    """Thresholds of a gap."""

    near_nm: float = 2.0  # watch zone, reference/domain.md B.7
    ahead_nm: float = 5.0  # half an hour at 10 kn; Yi Peng 3 went dark shortly before the cables
    closing_mps: float = 0.5  # 1 kn: the distance to the asset falls faster than noise and drift let it
    silence_s: float = 1800.0  # reference/domain.md B.7: 30 min in dense terrestrial coverage near an asset
    rhythms: float = 10.0  # of the own interval: 30 min for a ship that is heard every 3 min
    heard_least: float = 6.0  # positions before a rhythm is believed; halved by each gap
    after: float = 5.0  # positions after which reception is sound again


MEMORY = np.dtype(
    [
        ("seen_us", np.int64),
        ("rhythm_s", np.float64),  # running mean of the interval
        ("heard", np.float64),  # positions in that rhythm
        ("sog_kn", np.float64),  # at the last position, and so on
        ("cog_deg", np.float64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("closing_mps", np.float64),  # running mean of the speed towards the asset
        ("asset", np.int32),
        ("asset_m", np.float64),
        ("error_m", np.float64),
        ("kp_km", np.float64),
        ("shore_m", np.float64),
        ("harbour", np.float64),
        ("is_near", np.uint8),
        ("resting", np.uint8),  # moored, or still in a port
        # The gap: 0 in gap_us = none. It stays after it ended, until enough positions were heard again.
        ("gap_us", np.int64),
        ("end_us", np.int64),
        ("raised_us", np.int64),
        ("ended", np.uint8),
        ("told_s", np.float64),
        ("limit_s", np.float64),
        ("gap_rhythm_s", np.float64),
        ("before", np.float64),
        ("after", np.float64),
        ("from_sog_kn", np.float64),
        ("from_cog_deg", np.float64),
        ("place_lon_deg", np.float64),  # where it is best shown: the crossing, else where last heard
        ("place_lat_deg", np.float64),
        ("implied_kn", np.float64),
        ("crossings", np.float64),
        ("crossed_us", np.int64),
        ("gap_asset", np.int32),
        ("gap_asset_m", np.float64),
        ("gap_error_m", np.float64),
        ("gap_kp_km", np.float64),
        ("from_lon_deg", np.float64),
        ("from_lat_deg", np.float64),
        ("gap_shore_m", np.float64),
        ("gap_harbour", np.float64),
        ("to_lon_deg", np.float64),
        ("to_lat_deg", np.float64),
    ]
)


@compilable
def _limit_s(me: Any, p: Params) -> float:
    return max(p.silence_s, p.rhythms * me.rhythm_s)  # type: ignore[no-any-return]


@compilable
def _silent(me: Any, now_us: int, p: Params) -> bool:
    """Tell whether this silence counts, wherever the vessel was."""
    known = me.seen_us > 0 and me.heard >= p.heard_least and not me.resting
    return bool(known and now_us - me.seen_us >= _limit_s(me, p) * 1e6)


@compilable
def _open(me: Any, p: Params) -> None:
    """Begin a gap at the last position; it is raised if that was near an asset."""
    me.gap_us = me.seen_us
    me.limit_s = _limit_s(me, p)
    me.end_us = me.seen_us + np.int64(me.limit_s * 1e6)
    me.raised_us = me.end_us if me.is_near else 0
    me.ended = 0
    me.told_s = 0.0
    me.gap_rhythm_s = me.rhythm_s
    me.before, me.after = me.heard, 0.0
    me.from_sog_kn, me.from_cog_deg, me.implied_kn = me.sog_kn, me.cog_deg, math.nan
    me.crossings = 0.0
    me.gap_asset, me.gap_asset_m, me.gap_error_m, me.gap_kp_km = me.asset, me.asset_m, me.error_m, me.kp_km
    me.from_lon_deg, me.from_lat_deg = me.lon_deg, me.lat_deg
    me.place_lon_deg, me.place_lat_deg = me.lon_deg, me.lat_deg
    me.to_lon_deg, me.to_lat_deg = math.nan, math.nan
    me.gap_shore_m, me.gap_harbour = me.shore_m, me.harbour


@compilable
def _tell(me: Any, found: Any) -> bool:
    """Write the gap as it is known now; False if it does not matter to an asset."""
    if me.raised_us == 0:
        return False
    found.start_us = me.gap_us
    found.end_us = me.end_us
    found.raised_us = me.raised_us
    found.open = 0 if me.ended else 1
    found.asset = me.gap_asset
    found.asset_m = me.gap_asset_m
    found.kp_km = me.gap_kp_km
    found.lon_deg = me.place_lon_deg
    found.lat_deg = me.place_lat_deg
    found.silence_s = (me.end_us - me.gap_us) / 1e6
    found.limit_s = me.limit_s
    found.rhythm_s = me.gap_rhythm_s
    found.before = me.before
    found.after = me.after
    found.from_sog_kn = me.from_sog_kn
    found.from_cog_deg = me.from_cog_deg
    found.from_lon_deg = me.from_lon_deg
    found.from_lat_deg = me.from_lat_deg
    found.implied_kn = me.implied_kn
    found.crossings = me.crossings
    found.error_m = me.gap_error_m
    found.harbour = me.gap_harbour
    found.shore_m = me.gap_shore_m
    found.to_lon_deg = me.to_lon_deg
    found.to_lat_deg = me.to_lat_deg
    me.told_s = found.silence_s
    return True


@compilable
def _tick(me: Any, now_us: int, p: Params, found: Any) -> bool:
    """Open a gap, or tell that it has doubled. Its length is told in doublings, not in ticks."""
    if not _silent(me, now_us, p):
        return False
    if me.gap_us != me.seen_us:
        _open(me, p)
    silence_s = me.limit_s
    while 2.0 * silence_s <= (now_us - me.gap_us) / 1e6:
        silence_s *= 2.0
    if silence_s <= me.told_s:
        return False
    me.end_us = me.gap_us + np.int64(silence_s * 1e6)
    return _tell(me, found)


@compilable
def _back(rows: Any, i: int, me: Any, p: Params, found: Any) -> bool:
    """Complete the gap: the vessel is heard again at row i."""
    if me.gap_us != me.seen_us:
        _open(me, p)
    me.end_us = rows.time_us[i]
    me.ended = 1
    me.implied_kn = rows.made_kn[i]
    me.to_lon_deg, me.to_lat_deg = rows.lon_deg[i], rows.lat_deg[i]
    if near(rows, i, p.near_nm * METRES_PER_NM) and (me.raised_us == 0 or rows.asset_m[i] < me.gap_asset_m):
        me.gap_asset, me.gap_asset_m, me.gap_kp_km = rows.asset[i], rows.asset_m[i], rows.kp_km[i]
        me.gap_error_m = rows.asset_error_m[i]
        if me.raised_us == 0:
            me.raised_us = rows.time_us[i]
    return _tell(me, found)


@compilable
def _crossed(rows: Any, i: int, me: Any, found: Any) -> bool:
    """Take a crossing on the straight way through the gap that ended with the last position."""
    if me.gap_us == 0 or not me.ended or rows.time_us[i] != me.end_us or rows.crossed_us[i] <= me.crossed_us:
        return False
    me.crossed_us = rows.crossed_us[i]
    me.crossings += 1.0
    me.gap_asset, me.gap_asset_m, me.gap_kp_km = rows.asset[i], 0.0, rows.kp_km[i]
    me.gap_error_m = rows.asset_error_m[i]
    me.place_lon_deg, me.place_lat_deg = rows.lon_deg[i], rows.lat_deg[i]
    if me.raised_us == 0:
        me.raised_us = rows.time_us[i]
    return _tell(me, found)


@compilable
def _learn(rows: Any, i: int, me: Any, p: Params, gap: bool) -> None:
    """Remember this position, and the rhythm in which they come."""
    if gap:
        me.heard = math.floor(me.heard / 2.0)
    elif me.seen_us > 0:
        dt_s = (rows.time_us[i] - me.seen_us) / 1e6
        me.rhythm_s += (0.1 if me.heard > 10.0 else 1.0 / (me.heard + 1.0)) * (dt_s - me.rhythm_s)
        me.heard = min(me.heard + 1.0, HEARD_MOST)
        here = dt_s > 0.0 and rows.asset[i] >= 0 and rows.asset[i] == me.asset
        me.closing_mps += 0.3 * ((me.asset_m - rows.asset_m[i]) / dt_s - me.closing_mps) if here else -me.closing_mps
    me.seen_us = rows.time_us[i]
    me.sog_kn, me.cog_deg = rows.sog_kn[i], rows.cog_deg[i]
    me.lon_deg, me.lat_deg = rows.lon_deg[i], rows.lat_deg[i]
    me.asset, me.asset_m, me.kp_km = rows.asset[i], rows.asset_m[i], rows.kp_km[i]
    me.error_m = rows.asset_error_m[i]
    me.shore_m = rows.shore_m[i]
    in_port = rows.zone[i] & schema.PORT
    me.harbour = 1.0 if rows.zone[i] & (schema.PORT | schema.ANCHORAGE) else 0.0
    ahead = me.closing_mps >= p.closing_mps and near(rows, i, p.ahead_nm * METRES_PER_NM)
    me.is_near = ahead or near(rows, i, p.near_nm * METRES_PER_NM)
    me.resting = rows.nav_status[i] == MOORED or (in_port != 0 and rows.sog_kn[i] < STILL_KN)


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Listen for the silence of one track."""
    t = rows.time_us[i]
    if rows.kind[i] == schema.TICK:
        return _tick(me, t, params, found)
    if rows.kind[i] == schema.CROSSING:
        return _crossed(rows, i, me, found)
    if t <= me.seen_us:
        return False
    gap = _silent(me, t, params)
    told = False
    if gap:
        told = _back(rows, i, me, params, found)
    elif me.gap_us > 0:
        me.after += 1.0
        if me.after >= params.after:
            told = _tell(me, found)
            me.gap_us = 0
    _learn(rows, i, me, params, gap)
    return told


def explain(finding: Finding) -> str:
    """Say how long against its rhythm, where, and what speed it must have made."""
    v = finding.values
    usual = f"(it had been heard every {v['rhythm_s']:.0f} s)"
    where = f"{miles(finding.asset_m)} from {named(finding)}" if finding.asset_m > 0 else f"about {named(finding)}"
    if finding.open:
        return (
            f"Silent for more than {minutes(v['silence_s'])} {usual}, last heard {where} at {v['from_sog_kn']:.1f} kn. "
            "The receiver may have a hole there, or the transponder a fault."
        )
    crossed = ", and its straight way between crosses it" if v["crossings"] else ""
    return (
        f"Was silent for {minutes(v['silence_s'])} {usual}, {where}{crossed}; it must have made "
        f"{v['implied_kn']:.1f} kn on the way, {v['from_sog_kn']:.1f} kn before. "
        "The receiver may have a hole there, or the transponder a fault."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """Nearer, across an asset, and slower through the gap than before weigh more."""
    v = finding.values
    times = v["silence_s"] / v["limit_s"]
    reasons = [Reason("silence", round(v["silence_s"] / 60.0), "min", min(0.6, 0.3 * math.log2(max(times, 1.0) + 1.0)))]
    # After some hours it may have been anywhere, in a port most likely: the straight way says little.
    direct = v["silence_s"] < DIRECT_S
    if v["crossings"]:
        reasons.append(Reason("crossed_in_the_gap", v["crossings"], "1", 1.2 if direct else 0.3))
    else:
        reasons.append(Reason("nearness", round(finding.asset_m), "m", 0.4 if finding.asset_m <= NEAR_M else 0.0))
    close_by = v["crossings"] > 0 or finding.asset_m <= NEAR_M
    deficit = 1.0 - v["implied_kn"] / max(v["from_sog_kn"], STILL_KN)
    if close_by and direct and not finding.open and v["from_sog_kn"] >= 4.0 and deficit > 0.3:
        before = f"{v['from_sog_kn']:.1f} kn before"
        reasons.append(Reason("slower_through_the_gap", round(deficit, 2), "1", min(1.2, 1.5 * deficit), before))
    if not finding.open and v["after"] < 1.0:  # others may come back in the next minutes
        reasons.append(Reason("only_just_heard_again", 0, "positions since", -0.8))
    if v["from_sog_kn"] < 2.0 and not v["crossings"]:  # some archives leave out the slowest rows
        reasons.append(Reason("had_nearly_stopped", round(v["from_sog_kn"], 1), "kn", -1.0))
    return (*reasons, *place_reasons(finding))


DETECTOR = Detector(
    name="ais_gap",
    key="track",
    reads=(
        *("kind", "time_us", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "nav_status", "made_kn", "asset"),
        *("asset_m", "asset_error_m", "kp_km", "crossed_us", "shore_m", "zone"),
    ),
    params=Params(),
    memory=MEMORY,
    measures=(
        *("silence_s", "limit_s", "rhythm_s", "before", "after", "implied_kn", "crossings", "error_m", "harbour"),
        *("shore_m", "from_lon_deg", "from_lat_deg", "from_sog_kn", "from_cog_deg", "to_lon_deg", "to_lat_deg"),
    ),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("a hole in reception", "see whether others were heard there at that time; ask other stations"),
        Alternative("a transponder fault or loss of power", "call the vessel; compare radar"),
        Alternative("left the area that the feed covers", "ask the neighbouring station"),
    ),
    step=step,
)
