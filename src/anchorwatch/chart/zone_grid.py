"""Which kinds of zone a place lies in.

Each cell knows the bits at its reference point and the borders that run through it. A place has the
bits of the reference point, flipped for every border between the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from anchorwatch import schema
from anchorwatch.chart.assets import Zone, ZoneGrid
from anchorwatch.chart.crossing import side

Floats = npt.NDArray[np.float64]
Ints32 = npt.NDArray[np.int32]

CELL_DEG = 0.01  # of latitude, about 1 km
MOST_CELLS = 4_000_000
REFERENCE = 0.5131313  # place of the reference point in its cell: off the round numbers on which borders run


def build(zones: tuple[Zone, ...]) -> ZoneGrid:
    """Return the lookup of all zones by kind; overlapping zones of one kind count once."""
    kinds = enumerate(schema.ZONE_KINDS)
    return build_by([(1 << code, [z for z in zones if z.kind == kind]) for code, kind in kinds])


def build_by(groups: Iterable[tuple[int, list[Zone]]]) -> ZoneGrid:
    """Return the lookup of groups of zones, each with its bit."""
    edges, bits = _borders(groups)
    if not len(edges):
        none = np.zeros(1, np.int32)
        return ZoneGrid(0.0, 0.0, 1.0, 1.0, 0, 0, np.empty(0, np.int32), none, np.empty((0, 4)), np.empty(0, np.int32))
    lon0, lat0 = float(edges[:, [0, 2]].min()) - 1e-6, float(edges[:, [1, 3]].min()) - 1e-6
    wide, tall = float(edges[:, [0, 2]].max()) + 1e-6 - lon0, float(edges[:, [1, 3]].max()) + 1e-6 - lat0
    shrink = min(1.0, sqrt(MOST_CELLS / (wide * tall / CELL_DEG**2 / 2)))
    nx, ny = max(1, int(wide / CELL_DEG / 2 * shrink)), max(1, int(tall / CELL_DEG * shrink))
    bare = ZoneGrid(lon0, lat0, nx / wide, ny / tall, nx, ny, np.empty(0, np.int32), np.zeros(1, np.int32), edges, bits)
    at_reference = _reference_bits(bare)
    first, listed = _edge_lists(bare)
    return bare._replace(
        bits=at_reference, first=first, edges=np.ascontiguousarray(edges[listed]), edge_bit=bits[listed]
    )


def _borders(groups: Iterable[tuple[int, list[Zone]]]) -> tuple[Floats, Ints32]:
    """Return the edges of the union of the zones of each group, and their bits."""
    import shapely

    edges, bits = [np.empty((0, 4))], [np.empty(0, np.int32)]
    for bit, zones in groups:
        areas = [shapely.Polygon(p[0], p[1:]) for z in zones for p in z.polygons]
        if not areas:
            continue
        union: Any = shapely.union_all(shapely.make_valid(np.array(areas, dtype=object)))
        for part in shapely.get_parts(union):
            for ring in shapely.get_rings(part) if part.geom_type == "Polygon" else ():
                corners = shapely.get_coordinates(ring)
                edges.append(np.column_stack((corners[:-1], corners[1:])))
                bits.append(np.full(len(corners) - 1, bit, np.int32))
    return np.ascontiguousarray(np.concatenate(edges)), np.concatenate(bits)


@njit(cache=True, nogil=True, error_model="numpy")
def _flipped(
    bits: int, edges: Floats, edge_bit: Ints32, first: int, last: int, place: tuple[float, float, float, float]
) -> int:
    """Return the bits of a place (lon, lat, then its cell's reference point): flipped for each border between."""
    lon, lat, cx, cy = place
    for k in range(first, last):
        ax, ay, bx, by = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        if (side(ax, ay, bx, by, lon, lat) >= 0.0) == (side(ax, ay, bx, by, cx, cy) >= 0.0):
            continue
        if (side(lon, lat, cx, cy, ax, ay) >= 0.0) != (side(lon, lat, cx, cy, bx, by) >= 0.0):
            bits ^= edge_bit[k]
    return int(bits)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def zone_at(grid: ZoneGrid, lon_deg: float, lat_deg: float) -> int:
    """Return the bits of schema.ZONE_KINDS at a place; 0 outside all zones."""
    lon = lon_deg + 360.0 if lon_deg < grid.lon0_deg else lon_deg
    x, y = (lon - grid.lon0_deg) * grid.cells_per_lon_deg, (lat_deg - grid.lat0_deg) * grid.cells_per_lat_deg
    if not (0.0 <= x < grid.nx and 0.0 <= y < grid.ny):
        return 0
    cell = int(y) * grid.nx + int(x)
    first, last, bits = grid.first[cell], grid.first[cell + 1], int(grid.bits[cell])
    if first == last:
        return bits
    cx = grid.lon0_deg + (int(x) + REFERENCE) / grid.cells_per_lon_deg
    cy = grid.lat0_deg + (int(y) + REFERENCE) / grid.cells_per_lat_deg
    return _flipped(bits, grid.edges, grid.edge_bit, first, last, (lon, lat_deg, cx, cy))


@njit(cache=True, nogil=True, error_model="numpy")
def zones_at(grid: ZoneGrid, lon_deg: Floats, lat_deg: Floats) -> Ints32:
    """Return `zone_at` of many positions; faster than a loop over it (see `nearest`)."""
    out = np.zeros(lon_deg.size, np.int32)
    first, at_reference, edges, edge_bit = grid.first, grid.bits, grid.edges, grid.edge_bit
    lon0, lat0, nx, ny = grid.lon0_deg, grid.lat0_deg, grid.nx, grid.ny
    per_lon, per_lat = grid.cells_per_lon_deg, grid.cells_per_lat_deg
    for i in range(lon_deg.size):
        lon = lon_deg[i] + 360.0 if lon_deg[i] < lon0 else lon_deg[i]
        x, y = (lon - lon0) * per_lon, (lat_deg[i] - lat0) * per_lat
        if not (0.0 <= x < nx and 0.0 <= y < ny):
            continue
        cell = int(y) * nx + int(x)
        out[i] = at_reference[cell]
        if first[cell] < first[cell + 1]:
            place = (lon, lat_deg[i], lon0 + (int(x) + REFERENCE) / per_lon, lat0 + (int(y) + REFERENCE) / per_lat)
            out[i] = _flipped(int(out[i]), edges, edge_bit, first[cell], first[cell + 1], place)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _reference_bits(grid: ZoneGrid) -> Ints32:
    """Return the bits at the reference points: along each row they flip east of every border."""
    flips = np.zeros((grid.ny, grid.nx + 1), np.int32)
    for k in range(len(grid.edges)):
        ax, ay, bx, by = grid.edges[k]
        low, high = min(ay, by), max(ay, by)
        first = int(np.floor((low - grid.lat0_deg) * grid.cells_per_lat_deg - REFERENCE))
        last = int(np.floor((high - grid.lat0_deg) * grid.cells_per_lat_deg - REFERENCE)) + 1
        for row in range(max(0, first), min(grid.ny - 1, last) + 1):
            y = grid.lat0_deg + (row + REFERENCE) / grid.cells_per_lat_deg
            if low <= y < high:
                x = ax + (y - ay) / (by - ay) * (bx - ax)
                column = int(np.ceil((x - grid.lon0_deg) * grid.cells_per_lon_deg - REFERENCE))
                flips[row, min(max(0, column), grid.nx)] ^= grid.edge_bit[k]
    out = np.empty(grid.nx * grid.ny, np.int32)
    for row in range(grid.ny):
        bits = np.int32(0)
        for column in range(grid.nx):
            bits ^= flips[row, column]
            out[row * grid.nx + column] = bits
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _edge_lists(grid: ZoneGrid) -> tuple[Ints32, Ints32]:
    """Return for each cell the borders whose box touches it."""
    first = np.zeros(grid.nx * grid.ny + 1, np.int32)
    listed = np.empty(0, np.int32)
    for turn in range(2):
        if turn == 1:
            total = 0
            for c in range(first.size):
                total, first[c] = total + first[c], total
            listed = np.empty(total, np.int32)
        for k in range(len(grid.edges)):
            ax, ay, bx, by = grid.edges[k]
            x1 = max(0, int((min(ax, bx) - grid.lon0_deg) * grid.cells_per_lon_deg - 1e-6))
            x2 = min(grid.nx - 1, int((max(ax, bx) - grid.lon0_deg) * grid.cells_per_lon_deg + 1e-6))
            y1 = max(0, int((min(ay, by) - grid.lat0_deg) * grid.cells_per_lat_deg - 1e-6))
            y2 = min(grid.ny - 1, int((max(ay, by) - grid.lat0_deg) * grid.cells_per_lat_deg + 1e-6))
            for row in range(y1, y2 + 1):
                for column in range(x1, x2 + 1):
                    c = row * grid.nx + column
                    if turn == 1:
                        listed[first[c]] = k
                    first[c] += 1
    first[1:] = first[:-1].copy()
    first[0] = 0
    return first, listed
