"""The coast of the Baltic and the North Sea approaches (8-31 E, 53-66.5 N), and the distance to it.

Package data: Natural Earth 1:10m land, public domain, as packed in the npm package world-atlas (ISC); made by
tools/make_coast.py. Good to about half a kilometre; skerries smaller than that are not in it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np

from anchorwatch.chart.assets import Line, Raster


@cache
def _data() -> dict[str, Any]:
    with files("anchorwatch.chart").joinpath("coast.npz").open("rb") as stream, np.load(stream) as packed:
        return {name: packed[name] for name in packed.files}


def coast() -> list[Line]:
    """Return the closed rings of the land, and of lakes in it, as lon, lat."""
    data = _data()
    first = data["first"]
    return [data["corners"][a:b].astype(np.float64) for a, b in pairwise(first)]


@cache
def shore() -> Raster:
    """Return the distance to the nearest land in metres, 0 on land; it knows nothing outside its area."""
    data = _data()
    lon0, lat0, dlon, dlat, unit_m = (float(v) for v in data["origin"])
    metres = np.cumsum(data["steps"], axis=1).astype(np.float32) * np.float32(unit_m)
    return Raster(lon0, lat0, dlon, dlat, np.ascontiguousarray(metres))
