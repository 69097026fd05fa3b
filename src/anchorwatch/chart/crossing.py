"""Where a step of a vessel crosses lines.

A step is straight on the chart (in longitude and latitude). A place exactly on a line counts as left of
it, so over any run of steps each passage is counted once: a step that ends on a line and the next that
goes on share one crossing, a step along a line has none, and touching from the right and turning back is
two crossings at one place. The same rule holds at the corners of a line.
"""

from __future__ import annotations

from math import floor

import numpy as np
import numpy.typing as npt
from numba import njit

from anchorwatch.chart.assets import Grid

Floats = npt.NDArray[np.float64]
Ints32 = npt.NDArray[np.int32]
Out = tuple[Ints32, Floats, Floats, Floats]


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    """Return > 0 where p lies left of the line from a to b, < 0 right."""
    return (bx - ax) * (py - ay) - (by - ay) * (px - ax)


@njit(cache=True, nogil=True, error_model="numpy")
def _put(n: int, asset: int, values: tuple[float, float, float], out: Out) -> int:
    """Insert a crossing in order of fraction unless it is there already; return how many there are."""
    fraction, kp, bearing = values
    for k in range(n):
        if out[0][k] == asset and out[1][k] == fraction and out[2][k] == kp:
            return n
    at = n
    while at > 0 and out[1][at - 1] > fraction:
        at -= 1
    if at == out[0].size:
        return n
    n = min(n + 1, out[0].size)
    for k in range(n - 1, at, -1):
        out[0][k], out[1][k], out[2][k], out[3][k] = out[0][k - 1], out[1][k - 1], out[2][k - 1], out[3][k - 1]
    out[0][at], out[1][at], out[2][at], out[3][at] = asset, fraction, kp, bearing
    return n


@njit(cache=True, nogil=True, error_model="numpy")
def _cross(grid: Grid, k: int, step: tuple[float, float, float, float], n: int, out: Out) -> int:
    """Test one piece against a step; return how many crossings there are now."""
    px, py, qx, qy = step
    piece = grid.pieces[k]
    turn = 360.0 * floor((piece[0] - px) / 360.0 + 0.5)
    ax, ay, bx, by = piece[0] - turn, piece[1], piece[2] - turn, piece[3]
    from_p, from_q = side(ax, ay, bx, by, px, py), side(ax, ay, bx, by, qx, qy)
    if (from_p >= 0.0) == (from_q >= 0.0):
        return n
    if (side(px, py, qx, qy, ax, ay) >= 0.0) == (side(px, py, qx, qy, bx, by) >= 0.0):
        return n
    fraction = min(1.0, max(0.0, from_p / (from_p - from_q)))
    x, y = px + fraction * (qx - px), py + fraction * (qy - py)
    dx, dy = bx - ax, by - ay
    along = min(1.0, max(0.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
    kp = piece[4] + along * (piece[5] - piece[4])
    return _put(n, int(piece[7]), (fraction, kp, piece[6]), out)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def crossings_one(
    grid: Grid,
    lon1: float,
    lat1: float,
    lon2: float,
    lat2: float,
    out_asset: Ints32,
    out_fraction: Floats,
    out_kp_km: Floats,
    out_bearing_deg: Floats,
) -> int:
    """Write the crossings of one step, in order of fraction along it; return how many (at most len(out_asset)).

    Where there are more than fit, the first ones along the step are kept.
    """
    x1, y1 = (lon1 - grid.lon0_deg) * grid.cells_per_lon_deg, (lat1 - grid.lat0_deg) * grid.cells_per_lat_deg
    x2, y2 = (lon2 - grid.lon0_deg) * grid.cells_per_lon_deg, (lat2 - grid.lat0_deg) * grid.cells_per_lat_deg
    inside = (x1 >= 0.0) & (x1 < grid.nx) & (y1 >= 0.0) & (y1 < grid.ny)
    if inside and (x2 >= 0.0) & (y2 >= 0.0) & (int(x1) == int(x2)) & (int(y1) == int(y2)):
        cell = int(y1) * grid.nx + int(x1)  # most steps stay in one cell, with no line in it
        if grid.crossing_first[cell] == grid.crossing_first[cell + 1]:
            return 0
    return _crossings(grid, (lon1, lat1, lon2, lat2), (out_asset, out_fraction, out_kp_km, out_bearing_deg))


@njit(cache=True, nogil=True, error_model="numpy")
def _crossings(grid: Grid, ends: tuple[float, float, float, float], out: Out) -> int:
    """Walk the cells that a step touches, row by row (see `crossings_one`)."""
    lon1, lat1, lon2, lat2 = ends
    n = 0
    if grid.nx == 0 or not (abs(lat1) <= 90.0 and abs(lat2) <= 90.0 and abs(lon1) <= 360.0 and abs(lon2) <= 360.0):
        return 0
    dlon = lon2 - lon1
    dlon -= 360.0 * floor(dlon / 360.0 + 0.5)
    step = (lon1, lat1, lon1 + dlon, lat2)
    y1, y2 = (lat1 - grid.lat0_deg) * grid.cells_per_lat_deg, (lat2 - grid.lat0_deg) * grid.cells_per_lat_deg
    west = min(0.0, dlon) + lon1 - grid.lon0_deg
    shift = west - 360.0 * floor(west / 360.0) - west
    x1 = (lon1 - grid.lon0_deg + shift) * grid.cells_per_lon_deg
    slope = dlon * grid.cells_per_lon_deg / (y2 - y1) if y1 != y2 else 0.0
    x2 = x1 + dlon * grid.cells_per_lon_deg
    around = int(np.ceil(360.0 * grid.cells_per_lon_deg))
    for row in range(max(0, floor(min(y1, y2))), min(grid.ny - 1, floor(max(y1, y2))) + 1):
        xa, xb = x1, x2
        if y1 != y2:  # the part of the step within this row
            ya, yb = min(max(float(row), min(y1, y2)), max(y1, y2)), max(min(row + 1.0, max(y1, y2)), min(y1, y2))
            xa, xb = x1 + (ya - y1) * slope, x1 + (yb - y1) * slope
        # A hair wider than the step, against rounding at the edges of cells.
        for x in range(floor(min(xa, xb) - 1e-6), floor(max(xa, xb) + 1e-6) + 1):
            column = x - around if x >= around else x
            if 0 <= column < grid.nx:
                cell = row * grid.nx + column
                for k in range(grid.crossing_first[cell], grid.crossing_first[cell + 1]):
                    n = _cross(grid, grid.crossing_listed[k], step, n, out)
    return n
