"""Values between the points of a regular grid: depth, distance to shore."""

from __future__ import annotations

import numpy as np
from numba import njit

from anchorwatch.chart.assets import Raster


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def value_at(raster: Raster, lon_deg: float, lat_deg: float) -> float:
    """Return the value at a place between its four neighbours; NaN outside and beside unknown ones."""
    ny, nx = raster.values.shape
    lon = lon_deg - raster.lon0_deg
    if lon < 0.0:
        lon += 360.0
    x, y = lon / raster.dlon_deg, (lat_deg - raster.lat0_deg) / raster.dlat_deg
    if not (0.0 <= x <= nx - 1.0 and 0.0 <= y <= ny - 1.0):
        return np.nan
    column, row = min(int(x), max(0, nx - 2)), min(int(y), max(0, ny - 2))
    s, t = x - column, y - row
    right, up = min(column + 1, nx - 1), min(row + 1, ny - 1)
    low = raster.values[row, column] * (1.0 - s) + raster.values[row, right] * s
    high = raster.values[up, column] * (1.0 - s) + raster.values[up, right] * s
    return float(low * (1.0 - t) + high * t)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def depth_at(raster: Raster, lon_deg: float, lat_deg: float) -> float:
    """Return the depth in metres, 0 on land, NaN where it is not known."""
    return value_at(raster, lon_deg, lat_deg)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def shore_at(raster: Raster, lon_deg: float, lat_deg: float) -> float:
    """Return the distance to the nearest land in metres, 0 on land, NaN where it is not known."""
    return value_at(raster, lon_deg, lat_deg)
