"""Make coordinates usable, or say why they are not. Every repair is a sentence in `warnings`."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from anchorwatch.chart.assets import Raster
from anchorwatch.chart.raster import value_at
from anchorwatch.chart.shoreline import shore
from anchorwatch.errors import BadChart

# The Baltic and its approaches. A file that lies there only when turned round was written lat, lon.
WEST, SOUTH, EAST, NORTH = 8.0, 53.0, 31.0, 66.5
AT_SEA = 0.9  # share of the corners that must lie at sea, or within a few km of it, for that
NEAR_SHORE_M = 2_000.0
MOST_CORNERS = 300_000  # beyond this, lines are thinned
LONGEST_LEG_DEG = 0.03
THIN_DEG = 5e-6  # about half a metre: well inside the error of any chart


def repaired(shapes: Any, where: str) -> tuple[Any, list[str]]:
    """Return the shapes of one file, corners in range and lon before lat, and what was done to them."""
    shapes = shapely.force_2d(np.asarray(shapes, dtype=object))
    xy = shapely.get_coordinates(shapes)
    if not len(xy):
        return shapes, []
    known = np.isfinite(xy).all(axis=1)
    notes: list[str] = []
    x, y = xy[known, 0], xy[known, 1]
    if len(x) and np.mean((np.abs(x) > 360.0) | (np.abs(y) > 90.0)) > 0.5 and not _is_swapped(x, y):
        raise BadChart(
            f"coordinates like {x[0]:.0f}, {y[0]:.0f} are no longitude and latitude (metres?)",
            where,
            "Save it in WGS84 (EPSG:4326), or in a format that names its coordinate system",
        )
    if len(x) and _is_swapped(x, y):
        shapes = shapely.transform(shapes, lambda c: c[:, ::-1])
        notes.append(f"{where}: latitude and longitude were swapped: only then does it lie at sea in the Baltic")
    shapes, dropped = _without_bad_corners(shapes)
    if dropped:
        notes.append(f"{where}: {dropped} corners without a usable place were left out")
    if len(xy) > MOST_CORNERS:
        # Straight on the map, as the corners lay; longer legs would be taken for geodesics.
        shapes = shapely.segmentize(shapely.simplify(shapes, THIN_DEG, preserve_topology=True), LONGEST_LEG_DEG)
        left = int(shapely.get_num_coordinates(shapes).sum())
        notes.append(f"{where}: {len(xy)} corners were thinned to {left}, at most half a metre off")
    return shapes, notes


def _is_swapped(x: Any, y: Any) -> bool:
    """Tell whether places given as x, y lie at sea in the Baltic only the other way round."""
    inside = (y >= WEST) & (y <= EAST) & (x >= SOUTH) & (x <= NORTH)
    if inside.mean() < AT_SEA:
        return False
    grid: Raster = shore()
    pick = np.linspace(0, len(x) - 1, min(len(x), 500)).astype(np.int64)
    metres = np.array([_shore_near(grid, float(y[i]), float(x[i])) for i in pick])
    return bool(np.mean(metres > 0) >= AT_SEA)


def _shore_near(grid: Raster, lon: float, lat: float) -> float:
    """Return the distance to the shore at a place or just beside it, so that landing points count as sea."""
    side = NEAR_SHORE_M / 111_000.0
    around = ((0, 0), (side, 0), (-side, 0), (2 * side, 0), (-2 * side, 0), (0, side), (0, -side))
    metres = [value_at(grid, lon + dx, lat + dy) for dy, dx in around]
    known = [m for m in metres if m == m]
    return max(known, default=0.0)


def _without_bad_corners(shapes: Any) -> tuple[Any, int]:
    """Return the shapes without corners that are NaN or out of range; a shape with too few becomes None."""
    dropped = 0
    out = shapes.copy()
    for i, shape in enumerate(shapes):
        if shape is None:
            continue
        xy = shapely.get_coordinates(shape)
        bad = ~np.isfinite(xy).all(axis=1) | (np.abs(xy[:, 0]) > 360.0) | (np.abs(xy[:, 1]) > 90.0)
        if bad.any():
            dropped += int(bad.sum())
            out[i] = _mended(shape)
    return out, dropped


def _mended(shape: Any) -> Any:
    """Return one shape without its bad corners, None if nothing is left; areas are not mended."""
    parts = []
    for part in shapely.get_parts(shape):
        if part.geom_type not in ("LineString", "Point"):
            continue
        xy = shapely.get_coordinates(part)
        good = xy[np.isfinite(xy).all(axis=1) & (np.abs(xy[:, 0]) <= 360.0) & (np.abs(xy[:, 1]) <= 90.0)]
        if part.geom_type == "LineString" and len(good) > 1:
            parts.append(shapely.LineString(good))
        elif part.geom_type == "Point" and len(good):
            parts.append(shapely.Point(good[0]))
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    return shapely.multilinestrings(parts) if parts[0].geom_type == "LineString" else shapely.multipoints(parts)
