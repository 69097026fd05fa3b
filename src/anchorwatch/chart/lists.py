"""Fill the cells of the grid: which pieces can matter where."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import numpy.typing as npt
from numba import njit

from anchorwatch.chart.assets import Grid
from anchorwatch.chart.nearest import apart, plane, scale

SLACK_M = 30.0  # more than the metric of a cell's centre is wrong anywhere within the cell, at 10 km
Ints32 = npt.NDArray[np.int32]


@njit(cache=True, nogil=True, error_model="numpy")
def _cells_near(grid: Grid, k: int, reach_m: float) -> tuple[int, int, int, int]:
    """Return first and last column and row of the cells within reach of a piece (columns may run past nx: wrap)."""
    piece = grid.pieces[k]
    up = reach_m / 110_500.0
    low, high = min(piece[1], piece[3]) - up, max(piece[1], piece[3]) + up
    steep = max(abs(low), abs(high))
    side = 180.0 if steep >= 89.0 else reach_m / (110_500.0 * np.cos(steep * (pi / 180.0)))
    west = min(piece[0], piece[2]) - side - grid.lon0_deg
    west -= 360.0 * np.floor(west / 360.0)
    if grid.nx / grid.cells_per_lon_deg < 359.0 and west > 359.999:
        west -= 360.0
    east = west + abs(piece[2] - piece[0]) + 2 * side
    x1, x2 = int(np.floor(west * grid.cells_per_lon_deg)), int(np.floor(east * grid.cells_per_lon_deg))
    y1 = max(0, int(np.floor((low - grid.lat0_deg) * grid.cells_per_lat_deg)))
    y2 = min(grid.ny - 1, int(np.floor((high - grid.lat0_deg) * grid.cells_per_lat_deg)))
    around = int(np.ceil(360.0 * grid.cells_per_lon_deg))
    return x1, min(x2, x1 + around - 1), y1, y2


@njit(cache=True, nogil=True, error_model="numpy")
def _column(grid: Grid, x: int) -> int:
    """Return the column of a cell counted past the seam, -1 outside."""
    if x >= grid.nx and grid.nx / grid.cells_per_lon_deg >= 359.999:
        x %= grid.nx
    return x if 0 <= x < grid.nx else -1


@njit(cache=True, nogil=True, error_model="numpy")
def _from_centre(grid: Grid, k: int, column: int, row: int) -> tuple[float, float]:
    """Return the distance of a piece from a cell's centre, and the cell's half diagonal, in metres."""
    lat = grid.lat0_deg + (row + 0.5) / grid.cells_per_lat_deg
    lon = grid.lon0_deg + (column + 0.5) / grid.cells_per_lon_deg
    m = scale(grid.metric, row, 0.5)
    dlon = grid.pieces[k, 0] - lon
    dlon -= 360.0 * np.floor(dlon / 360.0 + 0.5)
    dlon2 = dlon + grid.pieces[k, 2] - grid.pieces[k, 0]
    x1, y1, x2, y2 = plane(dlon, grid.pieces[k, 1] - lat, dlon2, grid.pieces[k, 3] - lat, m)
    square, _ = apart(x1, y1, x2, y2)
    wide, tall = (
        max(grid.metric[row, 1], grid.metric[row + 1, 1]) / grid.cells_per_lon_deg,
        m[0] / grid.cells_per_lat_deg,
    )
    return sqrt(square), 0.5 * sqrt(wide * wide + tall * tall) + SLACK_M


@njit(cache=True, nogil=True, error_model="numpy")
def near_lists(grid: Grid) -> tuple[Ints32, Ints32]:
    """Return the lists of `nearest_one`: pieces that may be the nearest somewhere in a cell, nearest first."""
    cells, n = grid.nx * grid.ny, len(grid.pieces)
    surely = np.full(cells, np.inf, np.float32)  # some piece is at most this far from every place in the cell
    first = np.zeros(cells + 1, np.int32)
    for turn in range(3):
        if turn == 2:
            total = 0
            for c in range(cells + 1):
                total, first[c] = total + first[c], total
            listed, bound = np.empty(total, np.int32), np.empty(total, np.float32)
        for k in range(n):
            x1, x2, y1, y2 = _cells_near(grid, k, grid.reach_m)
            for row in range(y1, y2 + 1):
                for x in range(x1, x2 + 1):
                    column = _column(grid, x)
                    if column < 0:
                        continue
                    c = row * grid.nx + column
                    middle, half = _from_centre(grid, k, column, row)
                    lower = max(0.0, middle - half)
                    if turn == 0:
                        surely[c] = min(surely[c], np.float32(middle + half))
                    elif lower <= surely[c] and lower <= grid.reach_m:
                        if turn == 2:
                            listed[first[c]], bound[first[c]] = k, middle - SLACK_M
                        first[c] += 1
    first[1:] = first[:-1].copy()
    first[0] = 0
    for c in range(cells):
        if first[c + 1] - first[c] > 1:
            order = np.argsort(bound[first[c] : first[c + 1]], kind="mergesort")
            listed[first[c] : first[c + 1]] = listed[first[c] : first[c + 1]][order]
            bound[first[c] : first[c + 1]] = bound[first[c] : first[c + 1]][order]
    close = np.empty(listed.size, np.int32)
    for k in range(listed.size):
        close[k] = (min(255, int(max(0.0, bound[k]) / 64.0)) << 24) | listed[k]
    return first, close


@njit(cache=True, nogil=True, error_model="numpy")
def crossing_lists(grid: Grid) -> tuple[Ints32, Ints32]:
    """Return the lists of `crossings_one`: pieces whose box touches a cell."""
    cells, n = grid.nx * grid.ny, len(grid.pieces)
    first = np.zeros(cells + 1, np.int32)
    listed = np.empty(0, np.int32)
    for turn in range(2):
        if turn == 1:
            total = 0
            for c in range(cells + 1):
                total, first[c] = total + first[c], total
            listed = np.empty(total, np.int32)
        for k in range(n):
            x1, x2, y1, y2 = _cells_near(grid, k, 1.0)
            for row in range(y1, y2 + 1):
                for x in range(x1, x2 + 1):
                    column = _column(grid, x)
                    if column >= 0:
                        c = row * grid.nx + column
                        if turn == 1:
                            listed[first[c]] = k
                        first[c] += 1
    first[1:] = first[:-1].copy()
    first[0] = 0
    return first, listed
