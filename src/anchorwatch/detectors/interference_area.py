"""Many vessels jump at once: satellite navigation is jammed or spoofed over a sea area. One finding, not many.

Jumps of `vessels_least` different vessels within `window_s`, whose last believed places lie within `near_m` of
the newest, open an area. Its centre is the mean of those places; later jumps within `reach_m` of it belong to
it; it ends when there were none for `window_s`. Jamming in the Baltic lasts up to seven hours at a time and
covers whole gulfs (reference/domain.md B.5).

Limits: an area is closed by the next jump anywhere; without one it stays open with the `end_us` of its last
jump. A receiver with a wrong clock makes all its vessels jump and looks the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import flat_m, minutes
from anchorwatch.model import Alternative, Finding, Reason

Array = np.ndarray[Any, Any]


class Params(NamedTuple):
    """Thresholds of interference."""

    vessels_least: int = 4  # two hulls on one MMSI are common, four pairs in one place at once are not
    window_s: float = 1800.0
    near_m: float = 55_560.0  # 30 nm: line of sight of a jammer on a mast to the antenna of a ship
    reach_m: float = 111_120.0  # 60 nm: and of one on a hill or aloft


# What is remembered, one record each: the latest jump of a vessel, an open area, the vessels in it after it,
# and the newest row seen.
JUMP, AREA, MEMBER, NEWEST = range(4)
MEMORY = np.dtype(
    [
        ("what", np.uint8),
        ("time_us", np.int64),  # latest jump
        ("start_us", np.int64),  # of the area
        ("raised_us", np.int64),
        ("track", np.int64),  # of the vessel; of an area its own number
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("jumps", np.float64),
        ("spread_m", np.float64),
        ("told_vessels", np.float64),
        ("told_us", np.int64),
    ]
)
NOTHING = (0.0, 0.0, 0.0, 0.0, 0.0, 0)  # what the other kinds of record leave empty, from the place on


@dataclass
class Area:
    """An open area while it is being scanned."""

    record: Any
    members: set[int]


@dataclass
class Sky:
    """The memory while it is being scanned: newest row, latest jump of each vessel, open areas."""

    newest: tuple[int, int] = (0, 0)  # time and track
    jumps: dict[int, tuple[int, float, float]] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)


def recalled(memory: Array | None) -> Sky:
    """Return the memory as objects."""
    sky = Sky()
    for r in () if memory is None else memory:
        if r["what"] == NEWEST:
            sky.newest = int(r["time_us"]), int(r["track"])
        elif r["what"] == JUMP:
            sky.jumps[int(r["track"])] = (int(r["time_us"]), float(r["lon_deg"]), float(r["lat_deg"]))
        elif r["what"] == AREA:
            sky.areas.append(Area(r.copy(), set()))
        else:
            sky.areas[-1].members.add(int(r["track"]))
    return sky


def remembered(sky: Sky) -> Array:
    """Return the memory as plain records."""
    rows: list[Any] = [(NEWEST, sky.newest[0], 0, 0, sky.newest[1], *NOTHING)]
    for track, (time_us, lon_deg, lat_deg) in sky.jumps.items():
        rows.append((JUMP, time_us, 0, 0, track, lon_deg, lat_deg, *NOTHING[2:]))
    for area in sky.areas:
        rows.append(tuple(area.record.tolist()))
        rows += [(MEMBER, 0, 0, 0, track, *NOTHING) for track in sorted(area.members)]
    return np.array(rows, MEMORY)


def scan(rows: Array, memory: Array | None, params: Params) -> tuple[Array, Array]:
    """Follow the jumps of all vessels, in order of time and track."""
    sky = recalled(memory)
    found: list[Array] = []
    window_us = int(params.window_s * 1e6)
    for row in rows:
        time_us, track = int(row["time_us"]), int(row["track"])
        lon_deg, lat_deg = float(row["last_lon_deg"]), float(row["last_lat_deg"])
        if (time_us, track) <= sky.newest or not math.isfinite(lon_deg + lat_deg):
            continue  # seen before, or nowhere
        sky.newest = time_us, track
        for area in [a for a in sky.areas if time_us - int(a.record["time_us"]) > window_us]:
            sky.areas.remove(area)
            found.append(told(area, time_us, 0))
        sky.jumps[track] = (time_us, lon_deg, lat_deg)
        area_here = next((a for a in sky.areas if within(a, lon_deg, lat_deg, params.reach_m)), None)
        if area_here is None:
            area_here = opened(sky, time_us, lon_deg, lat_deg, params, window_us)
        else:
            join(area_here, time_us, track, lon_deg, lat_deg)
        if area_here is not None and news(area_here, time_us, window_us):
            found.append(told(area_here, time_us, 1))
    return np.concatenate(found) if found else np.zeros(0, DETECTOR.found), remembered(sky)


def news(area: Area, time_us: int, window_us: int) -> bool:
    """Tell whether there is something to say: twice as many vessels, or that it still goes on."""
    r = area.record
    return bool(len(area.members) >= 2 * r["told_vessels"] or time_us - int(r["told_us"]) >= window_us)


def within(area: Area, lon_deg: float, lat_deg: float, reach_m: float) -> bool:
    """Tell whether a place belongs to an area."""
    return flat_m(float(area.record["lon_deg"]), float(area.record["lat_deg"]), lon_deg, lat_deg) <= reach_m


def join(area: Area, time_us: int, track: int, lon_deg: float, lat_deg: float) -> None:
    """Take one more jump into an area."""
    area.members.add(track)
    r = area.record
    r["time_us"] = time_us
    r["jumps"] += 1.0
    away_m = flat_m(float(r["lon_deg"]), float(r["lat_deg"]), lon_deg, lat_deg)
    r["spread_m"] = max(float(r["spread_m"]), away_m)


def opened(sky: Sky, time_us: int, lon_deg: float, lat_deg: float, params: Params, window_us: int) -> Area | None:
    """Open an area about this jump if enough vessels jumped near it lately; forget old jumps on the way."""
    recent = {t: j for t, j in sky.jumps.items() if time_us - j[0] <= window_us}
    sky.jumps = recent
    near = {t: j for t, j in recent.items() if flat_m(j[1], j[2], lon_deg, lat_deg) <= params.near_m}
    if len(near) < params.vessels_least:
        return None
    lon, lat = (sum(j[k] for j in near.values()) / len(near) for k in (1, 2))
    record = np.zeros(1, MEMORY)[0]
    record["what"], record["start_us"], record["raised_us"] = AREA, min(j[0] for j in near.values()), time_us
    # Its own number: the cell of one degree in which it began. With the start it makes the id.
    record["track"] = (math.floor(lat) + 90) * 360 + math.floor(lon) + 180
    record["lon_deg"], record["lat_deg"] = lon, lat
    area = Area(record, set())
    for track, (_, x, y) in near.items():
        join(area, time_us, track, x, y)
    sky.areas.append(area)
    return area


def told(area: Area, at_us: int, still_on: int) -> Array:
    """Write what is known of an area, and remember that it was told."""
    found, r = np.zeros(1, DETECTOR.found), area.record
    r["told_vessels"], r["told_us"] = len(area.members), at_us
    found["track"], found["at_us"], found["open"] = r["track"], at_us, still_on
    found["start_us"], found["end_us"], found["raised_us"] = r["start_us"], r["time_us"], r["raised_us"]
    found["at_sog_kn"], found["at_cog_deg"] = math.nan, math.nan
    found["at_lon_deg"], found["at_lat_deg"] = r["lon_deg"], r["lat_deg"]
    found["asset"], found["asset_m"], found["kp_km"] = -1, math.nan, math.nan
    found["lon_deg"], found["lat_deg"] = r["lon_deg"], r["lat_deg"]
    found["vessels"], found["jumps"], found["radius_km"] = len(area.members), r["jumps"], r["spread_m"] / 1000.0
    return found


def explain(finding: Finding) -> str:
    """Say how many, where, how wide."""
    v, spread_nm = finding.values, finding.values["radius_km"] / 1.852
    length = minutes((finding.end_us - finding.start_us) / 1e6)
    north, east = "N" if finding.lat_deg >= 0 else "S", "E" if finding.lon_deg >= 0 else "W"
    return (
        f"{v['vessels']:.0f} vessels jumped {v['jumps']:.0f} times in {length} within "
        f"{spread_nm:.0f} nm of {abs(finding.lat_deg):.1f} {north} {abs(finding.lon_deg):.1f} {east}: "
        "positions there cannot be trusted. A receiving station with a wrong clock would look the same."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """The more vessels, the surer."""
    vessels = finding.values["vessels"]
    return (Reason("vessels_that_jumped", vessels, "1", min(3.0, 0.5 * vessels)),)


def jumped(rows: schema.Rows) -> Array:
    """The rows it looks at."""
    return np.asarray(rows.jump == 1)


DETECTOR = Detector(
    name="interference_area",
    key="area",
    reads=("time_us", "track", "last_lon_deg", "last_lat_deg"),
    params=Params(),
    memory=MEMORY,
    measures=("vessels", "jumps", "radius_km"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("a receiving station with a wrong clock or place", "compare with a neighbouring station"),
        Alternative("an announced exercise", "check navigational warnings"),
    ),
    scan=scan,
    marks=jumped,
)
