"""Build the grid that the kernels search: all guarded lines in pieces, listed by cell."""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from anchorwatch.chart import geodesy
from anchorwatch.chart.assets import Asset, Grid
from anchorwatch.chart.lists import crossing_lists, near_lists
from anchorwatch.chart.nearest import REACH_M
from anchorwatch.errors import BadChart

Floats = npt.NDArray[np.float64]

CELL_M = 2_000.0  # small: short lists; large: less memory. 1 to 2.5 km differ little
MOST_CELLS = 4_000_000  # 16 MB of offsets; a chart of the whole world gets larger cells
MOST_PIECES = 1 << 24  # their numbers must fit 24 bits
GUARDED = ("power_cable", "telecom_cable", "pipeline", "platform")
# Beyond this the local plane folds up at the pole; distances there are safe to ask for and not to be relied on.
STEEPEST_DEG = 89.0


def build(assets: tuple[Asset, ...], reach_m: float = REACH_M) -> Grid:
    """Return the grid of all guarded assets; an empty one is fine."""
    cut = _pieces(assets)
    if not len(cut):
        return _empty(reach_m)
    if len(cut) >= MOST_PIECES:
        raise BadChart(f"{len(cut)} pieces of line are too many", "", "Leave out the assets that are far away")
    reach_lat = reach_m / 110_000.0
    south, north = float(cut[:, [1, 3]].min()) - reach_lat, float(cut[:, [1, 3]].max()) + reach_lat
    steep = min(max(abs(south), abs(north)), STEEPEST_DEG)
    reach_lon = min(reach_m / (110_000.0 * np.cos(np.radians(steep))), 180.0)
    west, width = _span(cut)
    lon0, width = (west - reach_lon + 180.0) % 360.0 - 180.0, width + 2 * reach_lon
    if width >= 360.0:
        lon0, width = -180.0, 360.0
    per_lat = geodesy.DEGREE_M / CELL_M
    per_lon = per_lat * float(np.cos(np.radians(min(abs(south + north) / 2, 80.0))))
    shrink = min(1.0, sqrt(MOST_CELLS / (width * per_lon * (north - south) * per_lat)))
    nx, ny = max(1, int(np.ceil(width * per_lon * shrink))), max(1, int(np.ceil((north - south) * per_lat * shrink)))
    per_lon, per_lat = nx / width, ny / (north - south)
    metric = geodesy.metric_rows(np.clip(south + np.arange(ny + 1) / per_lat, -STEEPEST_DEG, STEEPEST_DEG))
    bare = _bare(lon0, south, per_lon, per_lat, nx, ny, reach_m, cut, metric)
    first, close = near_lists(bare)
    crossing_first, crossing_listed = crossing_lists(bare)
    return bare._replace(first=first, close=close, crossing_first=crossing_first, crossing_listed=crossing_listed)


def _pieces(assets: tuple[Asset, ...]) -> Floats:
    """Return the pieces of all guarded assets and whose they are; a platform is a piece without length."""
    cuts, owners = [np.empty((0, 6))], [np.empty(0)]
    for i, asset in enumerate(assets):
        if asset.kind not in GUARDED:
            continue
        spots = [(lon, lat, lon, lat, 0.0, 0.0) for lon, lat in asset.points] if asset.kind == "platform" else []
        cut = np.concatenate((geodesy.pieces(asset.lines), np.array(spots, np.float64).reshape(-1, 6)))
        cuts.append(cut)
        owners.append(np.full(len(cut), float(i)))
    cut = np.concatenate(cuts)
    cut[:, [0, 2]] -= 360.0 * np.round(cut[:, :1] / 360.0)  # some files count to 360
    east = (cut[:, 2] - cut[:, 0]) * np.cos(np.radians((cut[:, 1] + cut[:, 3]) / 2))
    bearing = np.degrees(np.arctan2(east, cut[:, 3] - cut[:, 1])) % 180.0
    bearing[(cut[:, 0] == cut[:, 2]) & (cut[:, 1] == cut[:, 3])] = np.nan
    return np.column_stack((cut, bearing, np.concatenate(owners)))


def _span(cut: Floats) -> tuple[float, float]:
    """Return the western edge and the width of the arc of longitude that holds all pieces."""
    west = np.minimum(cut[:, 0], cut[:, 2])
    wide = np.abs(cut[:, 2] - cut[:, 0])
    order = np.argsort(west % 360.0)
    starts, ends = (west % 360.0)[order], (west % 360.0 + wide)[order]
    # A piece that runs over 360 covers what is just above 0 as well.
    covered = np.maximum.accumulate(np.maximum(ends, ends.max() - 360.0))
    gaps = np.append(starts[1:], starts[0] + 360.0) - covered
    widest = int(np.argmax(gaps))
    edge = float(starts[(widest + 1) % len(starts)])
    return edge, float(min(360.0, max(0.0, 360.0 - gaps[widest])))


def _empty(reach_m: float) -> Grid:
    """Return the grid in which nothing is near anything."""
    return _bare(0.0, 0.0, 1.0, 1.0, 0, 0, reach_m, np.empty((0, 8)), np.empty((0, 4)))


def _bare(
    lon0: float,
    lat0: float,
    per_lon: float,
    per_lat: float,
    nx: int,
    ny: int,
    reach_m: float,
    cut: Floats,
    metric: Floats,
) -> Grid:
    """Return a grid whose lists are still to be filled."""
    first, listed, close = np.zeros(1, np.int32), np.empty(0, np.int32), np.empty(0, np.int32)
    whole = np.iinfo(np.int32)  # only a piece over a pole turns farther than 214 degrees: safe there, not accurate
    spots = np.clip(np.round(cut[:, :4] * 1e7), whole.min, whole.max).astype(np.int32)
    return Grid(lon0, lat0, per_lon, per_lat, nx, ny, reach_m, cut, first, close, spots, metric, first, listed)
