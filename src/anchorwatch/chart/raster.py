"""Values between the points of a regular grid: depth, distance to shore."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from anchorwatch.chart.assets import Raster

Array = npt.NDArray[np.float64]


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def value_at(raster: Raster, lon_deg: float, lat_deg: float) -> float:
    """Return the value at a place between its four neighbours; NaN outside and beside unknown ones."""
    ny, nx = raster.values.shape
    if nx < 2 or ny < 2:
        return np.nan
    lon = lon_deg - raster.lon0_deg
    if lon < 0.0:
        lon += 360.0
    x, y = lon / raster.dlon_deg, (lat_deg - raster.lat0_deg) / raster.dlat_deg
    if not (0.0 <= x <= nx - 1.0 and 0.0 <= y <= ny - 1.0):
        return np.nan
    column, row = min(int(x), nx - 2), min(int(y), ny - 2)
    s, t = x - column, y - row
    total = 0.0
    for k in range(4):
        right, up = k & 1, k >> 1
        weight = (s if right else 1.0 - s) * (t if up else 1.0 - t)
        if weight > 0.0:  # an unknown neighbour counts only where it has a say
            total += weight * raster.values[row + up, column + right]
    return total


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def depth_at(raster: Raster, lon_deg: float, lat_deg: float) -> float:
    """Return the depth in metres, 0 on land, NaN where it is not known."""
    return value_at(raster, lon_deg, lat_deg)


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def shore_at(raster: Raster, lon_deg: float, lat_deg: float) -> float:
    """Return the distance to the nearest land in metres, 0 on land, NaN where it is not known."""
    return value_at(raster, lon_deg, lat_deg)


@njit(cache=True, nogil=True, error_model="numpy")
def values_on(raster: Raster, lon_deg: Array, lat_deg: Array) -> Array:
    """Return the values at all crossings of these longitudes and latitudes: [row by latitude, column by longitude]."""
    found = np.empty((len(lat_deg), len(lon_deg)), np.float64)
    for row in range(len(lat_deg)):
        for column in range(len(lon_deg)):
            found[row, column] = value_at(raster, lon_deg[column], lat_deg[row])
    return found
