"""Lines on WGS84: lengths, points along them, and pieces short enough to be straight on any local plane."""

from __future__ import annotations

from functools import cache
from math import pi
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

A_M = 6_378_137.0  # WGS84 semi-major axis
E2 = 6.694379990141316e-3  # first eccentricity squared
RAD = pi / 180.0
DEGREE_M = 111_320.0  # a degree of latitude, roughly: for sizes of cells and buffers only
# A piece of this length bends at most 0.5 m off its chord at latitudes up to 70 deg: sag = L^2 tan(lat) / 8 R.
PIECE_M = 3_000.0


@cache
def geod() -> Any:
    """Return pyproj's geodesic on WGS84 (imported on first use)."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


def wrap(dlon: Floats) -> Floats:
    """Return differences of longitude the short way round, in [-180, 180)."""
    return (dlon + 180.0) % 360.0 - 180.0


def lengths_m(line: Floats) -> Floats:
    """Return the geodesic length of each leg of a line."""
    _, _, metres = geod().inv(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
    return np.asarray(metres, np.float64)


def length_km(lines: tuple[Floats, ...]) -> float:
    """Return the summed length of the parts of a line."""
    return float(sum(lengths_m(line).sum() for line in lines)) / 1000.0


def pieces(lines: tuple[Floats, ...]) -> Floats:
    """Cut lines along the geodesic: (n, 6) lon1, lat1, lon2, lat2, kp1_km, kp2_km.

    Between two charted points a line is the geodesic. Kilometre points count from the charted start and
    run on through the parts without the gaps between them. Pieces of no length are left out.
    """
    cut = []
    kp_km = 0.0
    for line in lines:
        azimuth, _, metres = geod().inv(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
        keep = metres > 0
        start, azimuth, metres, end = line[:-1][keep], azimuth[keep], metres[keep], line[1:][keep]
        if metres.size:
            cut.append(_cut(start, end, azimuth, metres, kp_km))
            kp_km = cut[-1][-1, 5]
    return np.concatenate(cut) if cut else np.empty((0, 6))


def _cut(start: Floats, end: Floats, azimuth: Floats, metres: Floats, kp_km: float) -> Floats:
    """Return the pieces of one part, whose first point is at `kp_km`."""
    count = np.maximum(1, np.ceil(metres / PIECE_M)).astype(np.int64)
    leg = np.repeat(np.arange(metres.size), count)
    step = np.arange(leg.size) - np.repeat(np.cumsum(count) - count, count)
    along_m = metres[leg] * (step / count[leg])
    lon, lat, _ = geod().fwd(start[leg, 0], start[leg, 1], azimuth[leg], along_m)
    inner = step > 0
    lon, lat = np.where(inner, lon, start[leg, 0]), np.where(inner, lat, start[leg, 1])
    last = step == count[leg] - 1
    lon2 = np.where(last, end[leg, 0], np.roll(lon, -1))
    lat2 = np.where(last, end[leg, 1], np.roll(lat, -1))
    kp1 = kp_km + (np.concatenate(([0.0], np.cumsum(metres)[:-1]))[leg] + along_m) / 1000.0
    total = kp_km + float(metres.sum()) / 1000.0
    return np.column_stack((lon, lat, lon + wrap(lon2 - lon), lat2, kp1, np.append(kp1[1:], total)))


def point_at(lines: tuple[Floats, ...], kp_km: float) -> tuple[float, float]:
    """Return lon, lat of a kilometre point; before the start and past the end it is the end."""
    cut = pieces(lines)
    if not cut.size:
        return float("nan"), float("nan")
    i = int(np.clip(np.searchsorted(cut[:, 5], kp_km), 0, len(cut) - 1))
    lon1, lat1, lon2, lat2, kp1, kp2 = cut[i]
    share = float(np.clip((kp_km - kp1) / (kp2 - kp1), 0, 1)) if kp2 > kp1 else 0.0
    return float(wrap(lon1 + share * (lon2 - lon1))), float(lat1 + share * (lat2 - lat1))


def circle(lon: float, lat: float, radius_m: float, corners: int = 24) -> Floats:
    """Return a closed ring around a point."""
    around = np.linspace(0.0, 360.0, corners, endpoint=False)
    lons, lats, _ = geod().fwd(np.full(corners, lon), np.full(corners, lat), around, np.full(corners, radius_m))
    ring = np.column_stack((lons, lats))
    return np.concatenate((ring, ring[:1]))


def metric_rows(lat_deg: Floats) -> Floats:
    """Return metres per degree at each latitude: (n, 4).

    0: per degree of latitude. 1: per degree of longitude. 2: how much less (1) becomes per degree of
    latitude northwards. 3: how far a parallel bends north, per square degree of longitude. With these
    the local plane is right to the second order: centimetres at 10 km, where the first order is 5 m off.
    """
    lat = lat_deg * RAD
    sin, cos = np.sin(lat), np.cos(lat)
    w2 = 1.0 - E2 * sin * sin
    m, n = A_M * (1.0 - E2) / w2**1.5, A_M / np.sqrt(w2)
    return np.column_stack((m * RAD, n * cos * RAD, m * sin * RAD * RAD, 0.5 * n * sin * cos * RAD * RAD))
