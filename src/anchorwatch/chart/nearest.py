"""The distance kernel: which asset is nearest to a place, how far, and where along it.

No projection and no geometry objects: a position finds its cell by two multiplications; where nothing
is near, the search is over. Good to centimetres within 10 km.
"""

from __future__ import annotations

from math import atan2, pi, sqrt

import numpy as np
import numpy.typing as npt
from numba import njit

from anchorwatch.chart.assets import Grid

Floats = npt.NDArray[np.float64]
Ints32 = npt.NDArray[np.int32]

REACH_M = 10_000.0  # the `asset` column looks this far


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def cell_of(lon0: float, lat0: float, per_lon: float, per_lat: float, nx: int, ny: int, lon: float, lat: float) -> int:
    """Return the cell of a place, -1 outside. NaN is outside."""
    x = lon - lon0
    if x < 0.0:
        x += 360.0
    elif x >= 360.0:
        x -= 360.0
    x *= per_lon
    y = (lat - lat0) * per_lat
    if not (0.0 <= x < nx and 0.0 <= y < ny):
        return -1
    return int(y) * nx + int(x)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def scale(metric: Floats, row: int, s: float) -> tuple[float, float, float, float]:
    """Return the local metric (see geodesy.metric_rows) at a share `s` of a row of cells."""
    r = 1.0 - s
    return (
        metric[row, 0] * r + metric[row + 1, 0] * s,
        metric[row, 1] * r + metric[row + 1, 1] * s,
        metric[row, 2] * r + metric[row + 1, 2] * s,
        metric[row, 3] * r + metric[row + 1, 3] * s,
    )


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def plane(
    lon1: float, lat1: float, lon2: float, lat2: float, m: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Turn the ends of a piece, in degrees from a place, to metres east and north of it."""
    return (
        lon1 * (m[1] - m[2] * lat1),
        m[0] * lat1 + m[3] * lon1 * lon1,
        lon2 * (m[1] - m[2] * lat2),
        m[0] * lat2 + m[3] * lon2 * lon2,
    )


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def apart(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float]:
    """Return the squared distance of the origin from a piece, and how far along it the foot is (0..1)."""
    dx, dy = x2 - x1, y2 - y1
    square = dx * dx + dy * dy
    t = 0.0
    if square > 0.0:
        t = min(1.0, max(0.0, -(x1 * dx + y1 * dy) / square))
    x, y = x1 + t * dx, y1 + t * dy
    return x * x + y * y, t


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def nearest_one(grid: Grid, lon_deg: float, lat_deg: float, limit_m: float) -> tuple[int, float, float, float]:
    """Return (asset, distance_m, line_bearing_deg in 0..180, kp_km) of the nearest asset; (-1, NaN, NaN, NaN) if none.

    `limit_m` beyond the grid's reach counts as the reach. Inlined by numba, before LLVM, because counting
    references to the arrays of the grid at each call costs more than the search.
    """
    asset, distance_m, bearing_deg, kp_km = -1, np.nan, np.nan, np.nan
    cell = cell_of(
        grid.lon0_deg, grid.lat0_deg, grid.cells_per_lon_deg, grid.cells_per_lat_deg, grid.nx, grid.ny, lon_deg, lat_deg
    )
    if cell >= 0 and grid.first[cell] < grid.first[cell + 1]:
        row = cell // grid.nx
        y = (lat_deg - grid.lat0_deg) * grid.cells_per_lat_deg - row
        x = (lon_deg - grid.lon0_deg) % 360.0 * grid.cells_per_lon_deg - (cell - row * grid.nx)
        m = scale(grid.metric, row, y)
        east, north = (x - 0.5) / grid.cells_per_lon_deg, (y - 0.5) / grid.cells_per_lat_deg
        best = min(limit_m, grid.reach_m)
        best2, found, share = best * best, -1, 0.0
        dx, dy = 0.0, 0.0
        for k in range(grid.first[cell], grid.first[cell + 1]):
            if grid.close[k, 0] > best:
                break
            x1, y1, x2, y2 = plane(
                grid.close[k, 1] - east, grid.close[k, 2] - north, grid.close[k, 3] - east, grid.close[k, 4] - north, m
            )
            apart2, t = apart(x1, y1, x2, y2)
            if apart2 < best2:
                best2, found, share, dx, dy = apart2, grid.listed[k], t, x2 - x1, y2 - y1
                best = sqrt(best2)
        if found >= 0:
            asset, distance_m = int(grid.piece_asset[found]), best
            bearing_deg = atan2(dx, dy) * (180.0 / pi) % 180.0
            kp_km = grid.pieces[found, 4] + share * (grid.pieces[found, 5] - grid.pieces[found, 4])
    return asset, distance_m, bearing_deg, kp_km


@njit(cache=True, nogil=True, error_model="numpy")
def nearest(
    grid: Grid, lon_deg: Floats, lat_deg: Floats, limit_m: float = REACH_M
) -> tuple[Ints32, Floats, Floats, Floats]:
    """Return asset, distance_m, line_bearing_deg and kp_km for many positions (see `nearest_one`)."""
    n = lon_deg.size
    asset = np.empty(n, np.int32)
    distance, bearing, kp = np.empty(n), np.empty(n), np.empty(n)
    for i in range(n):
        asset[i], distance[i], bearing[i], kp[i] = nearest_one(grid, lon_deg[i], lat_deg[i], limit_m)
    return asset, distance, bearing, kp
