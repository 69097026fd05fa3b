"""The distance kernel: which asset is nearest to a place, how far, and where along it.

No projection and no geometry objects: a position finds its cell by two multiplications; where nothing
is near, the search is over. Good to centimetres within 10 km.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt
from numba import njit

from anchorwatch.chart.assets import Grid

Floats = npt.NDArray[np.float64]
Ints32 = npt.NDArray[np.int32]
Metric = tuple[float, float, float, float]

BLOCK = 1024  # positions looked at together: fits the fastest cache
REACH_M = 10_000.0  # the `asset` column looks this far


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def cell_of(
    lon0: float, lat0: float, per_lon: float, per_lat: float, nx: int, ny: int, lon: float, lat: float
) -> tuple[int, float, float]:
    """Return the cell of a place and its place in columns and rows; cell -1 = outside, as is NaN."""
    x = lon - lon0
    x = (x + 360.0 if x < 0.0 else x) * per_lon
    y = (lat - lat0) * per_lat
    # `&`, not `and`: no branch for the processor to guess wrong.
    inside = (x >= 0.0) & (x < nx) & (y >= 0.0) & (y < ny)
    x, y = (x if inside else 0.0), (y if inside else 0.0)
    return (int(y) * nx + int(x) if inside else -1), x, y


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
def _off(x: float, y: float, wide_m: float, tall_m: float) -> float:
    """Return metres from the centre of the cell in which column `x` and row `y` lie."""
    across, along = (x - int(x) - 0.5) * wide_m, (y - int(y) - 0.5) * tall_m
    return sqrt(across * across + along * along)


@njit(cache=True, nogil=True, error_model="numpy")
def _search(
    close: Ints32,
    spots: Ints32,
    first: int,
    last: int,
    lon: float,
    lat: float,
    off_m: float,
    m: Metric,
    limit_m: float,
) -> tuple[int, float, float]:
    """Search one list for a place `off_m` from the cell's centre: (piece or -1, metres, share of the piece).

    It takes two arrays and not the grid: numba counts references to every array of a tuple that it passes,
    which costs more than the search.
    """
    best, found, share = limit_m, -1, 0.0
    best2 = best * best
    for k in range(first, last):
        if ((close[k] >> 24) & 0xFF) * 64.0 - off_m > best:  # it was this far from the centre: it cannot be nearer here
            break
        p = close[k] & 0xFFFFFF
        east = spots[p, 0] * 1e-7 - lon
        if abs(east) > 180.0:
            east -= 360.0 if east > 0.0 else -360.0
        x1, y1, x2, y2 = plane(
            east, spots[p, 1] * 1e-7 - lat, east + (spots[p, 2] - spots[p, 0]) * 1e-7, spots[p, 3] * 1e-7 - lat, m
        )
        apart2, t = apart(x1, y1, x2, y2)
        if apart2 < best2:
            best2, found, share = apart2, p, t
            best = sqrt(best2)
    return found, best, share


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def nearest_one(grid: Grid, lon_deg: float, lat_deg: float, limit_m: float) -> tuple[int, float, float, float]:
    """Return (asset, distance_m, line_bearing_deg in 0..180, kp_km) of the nearest asset; (-1, NaN, NaN, NaN) if none.

    `limit_m` beyond the grid's reach counts as the reach. The bearing of a platform is NaN.
    """
    cell, x, y = cell_of(
        grid.lon0_deg, grid.lat0_deg, grid.cells_per_lon_deg, grid.cells_per_lat_deg, grid.nx, grid.ny, lon_deg, lat_deg
    )
    if cell < 0 or grid.first[cell] == grid.first[cell + 1]:
        return -1, np.nan, np.nan, np.nan
    m = scale(grid.metric, int(y), y - int(y))
    off_m = _off(x, y, m[1] / grid.cells_per_lon_deg, m[0] / grid.cells_per_lat_deg)
    first, last, limit = grid.first[cell], grid.first[cell + 1], min(limit_m, grid.reach_m)
    k, metres, share = _search(grid.close, grid.spots, first, last, lon_deg, lat_deg, off_m, m, limit)
    if k < 0:
        return -1, np.nan, np.nan, np.nan
    kp = grid.pieces[k, 4] + share * (grid.pieces[k, 5] - grid.pieces[k, 4])
    return int(grid.pieces[k, 7]), metres, grid.pieces[k, 6], kp


@njit(cache=True, nogil=True, error_model="numpy")
def nearest(
    grid: Grid, lon_deg: Floats, lat_deg: Floats, limit_m: float = REACH_M
) -> tuple[Ints32, Floats, Floats, Floats]:
    """Return asset, distance_m, line_bearing_deg and kp_km for many positions (see `nearest_one`)."""
    n = lon_deg.size
    asset = np.full(n, -1, np.int32)
    distance, bearing, kp = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    first, close, metric, pieces, spots = grid.first, grid.close, grid.metric, grid.pieces, grid.spots
    lon0, lat0, nx, ny = grid.lon0_deg, grid.lat0_deg, grid.nx, grid.ny
    per_lon, per_lat = grid.cells_per_lon_deg, grid.cells_per_lat_deg
    limit = min(limit_m, grid.reach_m)
    near, warm = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    for start in range(0, n, BLOCK):
        count = 0  # first pick the positions with anything near, without a branch; then search for those
        for i in range(start, min(start + BLOCK, n)):
            cell, _, _ = cell_of(lon0, lat0, per_lon, per_lat, nx, ny, lon_deg[i], lat_deg[i])
            near[count] = i
            count += int((cell >= 0) & (first[max(cell, 0)] < first[min(max(cell, 0) + 1, first.size - 1)]))
        for j in range(count):  # have list and first piece on their way from memory before they are needed
            cell, _, _ = cell_of(lon0, lat0, per_lon, per_lat, nx, ny, lon_deg[near[j]], lat_deg[near[j]])
            warm[j] = spots[close[first[cell]] & 0xFFFFFF, 0]
        for j in range(count):
            i = near[j]
            cell, x, y = cell_of(lon0, lat0, per_lon, per_lat, nx, ny, lon_deg[i], lat_deg[i])
            m = scale(metric, int(y), y - int(y))
            off_m = _off(x, y, m[1] / per_lon, m[0] / per_lat)
            k, metres, share = _search(
                close, spots, first[cell], first[cell + 1], lon_deg[i], lat_deg[i], off_m, m, limit
            )
            if k >= 0:
                asset[i], distance[i], bearing[i] = int(pieces[k, 7]), metres, pieces[k, 6]
                kp[i] = pieces[k, 4] + share * (pieces[k, 5] - pieces[k, 4])
    return asset, distance, bearing, kp
