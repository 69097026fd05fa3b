"""Which tracks pass over lines on the chart, and where: read from places kept earlier, not from the running watch.

The history does not keep which hull a place belongs to. A step that no vessel can make (as in tracks.py) is passed
over: two vessels that share an MMSI, or a place that never was, cross nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from anchorwatch.chart import Grid, crossings_one
from anchorwatch.chart.nearest import cell_of
from anchorwatch.picture.compiled import compiled
from anchorwatch.picture.tracks import KN, REACH_MAX_KN, REACH_SLACK_M, metres

Array = np.ndarray[Any, Any]
AT_ONCE = 64  # assets crossed within one step; harbours have bundles of ten
MOST = 1 << 20  # crossings of one question


class Passages(NamedTuple):
    """Crossings, in the order of the rows: equal-length arrays."""

    row: Array  # i8, the row (place) that ends the step
    asset: Array  # i4, index into the grid's chart
    fraction: Array  # f8, how far along the step
    kp_km: Array  # f8, along the asset


def passages(grid: Grid, mmsi: Array, time_us: Array, lon_deg: Array, lat_deg: Array, longest_s: float) -> Passages:
    """Return where steps cross lines; rows by vessel, then in order of time (int32, int64, float64, float64).

    longest_s: a step that took longer shows nothing (inf = every step counts).
    """
    scratch = np.empty(AT_ONCE, np.int32), np.empty(AT_ONCE), np.empty(AT_ONCE), np.empty(AT_ONCE)
    room = 1024
    while True:
        row, asset = np.zeros(room, np.int64), np.zeros(room, np.int32)
        fraction, kp_km = np.zeros(room), np.zeros(room)
        n = _passages(grid, (mmsi, time_us, lon_deg, lat_deg), longest_s, (row, asset, fraction, kp_km), scratch)
        if n < room or room >= MOST:
            return Passages(row[:n], asset[:n], fraction[:n], kp_km[:n])
        room *= 8


def between(lon_deg: Array, lat_deg: Array, found: Passages) -> tuple[Array, Array]:
    """Return longitude and latitude of crossings, on the straight line between the two places of each."""
    before, after = found.row - 1, found.row
    turn = (lon_deg[after] - lon_deg[before] + 180.0) % 360.0 - 180.0
    lon = (lon_deg[before] + found.fraction * turn + 180.0) % 360.0 - 180.0
    return lon, lat_deg[before] + found.fraction * (lat_deg[after] - lat_deg[before])


def ready(grid: Grid) -> None:
    """Have the compiled passes at hand: on a fresh installation that takes seconds, which nobody then waits for."""
    nowhere = np.zeros(1)
    within_reach(grid, nowhere, nowhere)
    passages(grid, np.zeros(1, np.int32), np.zeros(1, np.int64), nowhere, nowhere, 1.0)


def within_reach(grid: Grid, lon_deg: Array, lat_deg: Array) -> Array:
    """Mask over places: those in cells with anything near. A first sieve for millions; `nearest` says how near."""
    reached = np.diff(grid.first) > 0
    mask = np.zeros(lon_deg.size, np.bool_)
    box = grid.lon0_deg, grid.lat0_deg, grid.cells_per_lon_deg, grid.cells_per_lat_deg, grid.nx, grid.ny
    _within_reach(reached, box, lon_deg, lat_deg, mask)
    return mask


@compiled
def _within_reach(reached: Any, box: Any, lon_deg: Any, lat_deg: Any, mask: Any) -> None:
    lon0, lat0, per_lon, per_lat, nx, ny = box
    for i in range(lon_deg.size):
        cell, _, _ = cell_of(lon0, lat0, per_lon, per_lat, nx, ny, lon_deg[i], lat_deg[i])
        mask[i] = cell >= 0 and reached[cell]


@compiled
def _passages(grid: Any, places: Any, longest_s: float, out: Any, scratch: Any) -> int:
    """Write the crossings of all steps until there is no more room; return how many."""
    mmsi, time_us, lon_deg, lat_deg = places
    row, asset, fraction, kp_km = out
    assets, fractions, kps, bearings = scratch
    n = 0
    for i in range(1, mmsi.size):
        dt_s = (time_us[i] - time_us[i - 1]) / 1e6
        if mmsi[i] != mmsi[i - 1] or dt_s > longest_s:
            continue
        lon1, lat1, lon2, lat2 = lon_deg[i - 1], lat_deg[i - 1], lon_deg[i], lat_deg[i]
        count = crossings_one(grid, lon1, lat1, lon2, lat2, assets, fractions, kps, bearings)
        if count == 0 or metres(lon1, lat1, lon2, lat2) > REACH_MAX_KN * KN * dt_s + REACH_SLACK_M:
            continue
        for k in range(count):
            if n == row.size:
                return n
            row[n], asset[n], fraction[n], kp_km[n] = i, assets[k], fractions[k], kps[k]
            n += 1
    return n
