"""How one made vessel moves, and what its AIS says of it: a path through water and a progress along it.

Everything a vessel does is one table of knots (time, distance along the path): full ahead, slow, stopped,
back again. Positions, speed, course and heading follow from it, so that they never contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.schema import Floats

KN = 1852.0 / 3600.0  # metres a second
M_PER_DEG = 111_195.0  # of latitude, on the mean sphere: made traffic needs no better
UNDER_WAY, AT_ANCHOR, MOORED, FISHING_STATUS = 0, 1, 5, 7  # ITU-R M.1371 table 45


@dataclass(frozen=True)
class Ship:
    """What a vessel says of itself."""

    mmsi: int
    name: str
    callsign: str
    imo: int
    ship_type: int  # ITU-R M.1371 table 53
    length_m: int
    beam_m: int
    draught_m: float
    destination: str = ""
    class_b: bool = False


@dataclass(frozen=True)
class Voyage:
    """One vessel's way through the hours. Times are seconds from the start of the traffic."""

    ship: Ship
    path_deg: Floats  # (n, 2) lon, lat
    knots_s: Floats
    knots_m: Floats  # distance along the path at `knots_s`
    interval_s: float  # mean time between received reports under way
    nav_status: int = UNDER_WAY
    weave_m: float = 15.0  # a helmsman's slow wander about it
    turn_m: float = 300.0  # a ship's turn takes some hundred metres: corners are rounded over them
    crab_deg: float = 0.0  # heading minus course within `crab_s`
    crab_s: tuple[float, float] = (0.0, 0.0)
    silent_s: tuple[tuple[float, float], ...] = ()  # when nothing is received


class Reports(NamedTuple):
    """The received positions of one voyage, in time order."""

    time_s: npt.NDArray[np.int64]
    lon_deg: Floats
    lat_deg: Floats
    sog_kn: Floats
    cog_deg: Floats
    heading_deg: Floats
    nav_status: npt.NDArray[np.int8]


def path_length_m(path_deg: Floats) -> float:
    """Length of a path."""
    return float(along_m(path_deg)[-1])


def along_m(path_deg: Floats) -> Floats:
    """Distance of each point of a path from its start."""
    step = np.diff(path_deg, axis=0) * M_PER_DEG
    step[:, 0] *= np.cos(np.radians((path_deg[1:, 1] + path_deg[:-1, 1]) / 2))
    return np.concatenate(([0.0], np.cumsum(np.hypot(step[:, 0], step[:, 1]))))


def at_m(path_deg: Floats, place_m: float) -> tuple[float, float]:
    """Longitude and latitude at a distance along a path."""
    marks = along_m(path_deg)
    return float(np.interp(place_m, marks, path_deg[:, 0])), float(np.interp(place_m, marks, path_deg[:, 1]))


def beside(path_deg: Floats, side_m: float) -> Floats:
    """Return the path that keeps so far to starboard of another (to port if negative)."""
    shrink = np.cos(np.radians(path_deg[:, 1]))
    step = np.diff(path_deg, axis=0) * np.column_stack([shrink[1:], np.ones(len(path_deg) - 1)])
    right = np.column_stack([step[:, 1], -step[:, 0]]) / np.hypot(step[:, 0], step[:, 1])[:, None]
    corner = np.vstack([right[:1], right[:-1] + right[1:], right[-1:]])
    # The bisector of a corner, stretched so that both legs keep their distance.
    corner = corner / np.hypot(corner[:, 0], corner[:, 1])[:, None]
    corner = corner / np.maximum(0.3, np.sum(corner * np.vstack([right, right[-1:]]), axis=1))[:, None]
    moved: Floats = path_deg + corner * side_m / M_PER_DEG / np.column_stack([shrink, np.ones(len(shrink))])
    return moved


def _report_times(voyage: Voyage, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Whole seconds at which a report is received: irregular, rare when stopped, none when silent."""
    start, end = voyage.knots_s[0], voyage.knots_s[-1]
    count = int((end - start) / voyage.interval_s) + 1
    steps = voyage.interval_s * rng.gamma(4.0, 0.25, count)  # mean 1: slots and lost messages spread the interval
    sent = start + np.cumsum(steps) - steps[0] * rng.random()
    times = np.unique(sent[sent < end].astype(np.int64))
    speed = (
        np.interp(times + 30, voyage.knots_s, voyage.knots_m) - np.interp(times, voyage.knots_s, voyage.knots_m)
    ) / 30
    stopped = np.abs(speed) < 0.2 * KN
    # At anchor or moored a class A set reports every 3 minutes (ITU-R M.1371 table 1).
    keep = ~stopped | (rng.random(len(times)) < voyage.interval_s / max(180.0, voyage.interval_s))
    for begin, finish in voyage.silent_s:
        keep &= (times < begin) | (times >= finish)
    heard: npt.NDArray[np.int64] = times[keep]
    return heard


def _place(voyage: Voyage, at_s: Floats, phase: Floats) -> tuple[Floats, Floats]:
    """Longitude and latitude at some times."""
    along = np.interp(at_s, voyage.knots_s, voyage.knots_m)
    marks = along_m(voyage.path_deg)
    turn = np.clip(np.minimum(along, marks[-1] - along), 1.0, voyage.turn_m)
    (west, lon, east), (south, lat, north) = (
        [np.interp(along + shift * turn, marks, axis) for shift in (-1, 0, 1)] for axis in voyage.path_deg.T
    )
    lon, lat = (west + lon + east) / 3, (south + lat + north) / 3
    shrink = np.cos(np.radians(lat))
    right, up = (east - west) * shrink, north - south
    length = np.maximum(np.hypot(right, up), 1e-12)
    weave = np.sin(along / 4500 * 2 * np.pi + phase[0]) + 0.5 * np.sin(along / 1900 * 2 * np.pi + phase[1])
    side = voyage.weave_m * weave
    return lon + side * up / length / (M_PER_DEG * shrink), lat - side * right / length / M_PER_DEG


def reports(voyage: Voyage, rng: np.random.Generator) -> Reports:
    """Return what is received of a voyage."""
    times = _report_times(voyage, rng)
    at = times.astype(np.float64)
    phase = rng.random(2) * 2 * np.pi
    lon, lat = _place(voyage, at, phase)
    # Speed and course made good over 20 s around the report, as a GNSS receiver smooths them.
    first, last = np.maximum(at - 10, voyage.knots_s[0]), np.minimum(at + 10, voyage.knots_s[-1])
    before, after = _place(voyage, first, phase), _place(voyage, last, phase)
    east_m = (after[0] - before[0]) * M_PER_DEG * np.cos(np.radians(lat))
    north_m = (after[1] - before[1]) * M_PER_DEG
    speed = np.hypot(east_m, north_m) / (last - first) / KN
    course = np.degrees(np.arctan2(east_m, north_m))
    count = len(times)
    sog = np.maximum(speed * (1 + 0.006 * np.sin(at / 2400 + phase[0])) + rng.normal(0, 0.06, count), 0.0)
    cog = course + rng.normal(0, 0.3 + 6.0 / (1.0 + speed**2), count)  # a course without way is noise
    crab = np.where((at >= voyage.crab_s[0]) & (at < voyage.crab_s[1]), voyage.crab_deg, 0.0)
    heading = course + crab + rng.normal(0, 0.8, count)
    moving = speed > 0.3
    status = np.where(moving, voyage.nav_status, np.where(voyage.nav_status == UNDER_WAY, MOORED, voyage.nav_status))
    fix_m = 4.0  # one sigma of GNSS
    return Reports(
        times,
        lon + rng.normal(0, fix_m, count) / (M_PER_DEG * np.cos(np.radians(lat))),
        lat + rng.normal(0, fix_m, count) / M_PER_DEG,
        np.round(sog, 1),
        np.round(cog % 360, 1) % 360,
        np.round(heading % 360) % 360,
        status.astype(np.int8),
    )
