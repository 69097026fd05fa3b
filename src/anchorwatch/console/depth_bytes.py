"""Depths as bytes: a small grid to be laid on the map, 2 bytes a point. docs/streams.md describes it byte by byte."""

from __future__ import annotations

import math
import struct
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.chart import Raster, values_on
from anchorwatch.edges.tile_files import MERCATOR_DEG

MAGIC, FORM = b"AWDG", 1
# magic, form, (nothing), length of the header, width, height, west, south, east, north
HEADER = struct.Struct("<4sBBHII4d")
UNKNOWN = 0xFFFF
STEP_M = 0.1

Box = tuple[float, float, float, float]  # west, south, east, north; east may be beyond 180


class Message(NamedTuple):
    """A grid as it was understood."""

    box: Box
    depth_m: npt.NDArray[np.float64]  # [row from the north, column from the west]; NaN = unknown


def bounds_of(raster: Raster) -> Box | None:
    """Return west, south, east, north of a raster; None for one that knows nothing."""
    rows, columns = raster.values.shape
    if rows < 2 or columns < 2:
        return None
    west, south = raster.lon0_deg, raster.lat0_deg
    return west, south, west + (columns - 1) * raster.dlon_deg, south + (rows - 1) * raster.dlat_deg


def fitted(bounds: Box, asked: Box | None) -> Box | None:
    """Return the part of a box that has depths; None where there is none."""
    if asked is None:
        asked = bounds
    west, south, east, north = asked
    east += 360.0 if east < west else 0.0
    turn = 360.0 * math.floor((bounds[2] - west) / 360.0)  # the raster may count to 360
    for shift in (turn, turn - 360.0, turn + 360.0):
        low, high = max(west + shift, bounds[0]), min(east + shift, bounds[2])
        if low < high:
            break
    south, north = max(south, bounds[1], -MERCATOR_DEG), min(north, bounds[3], MERCATOR_DEG)
    return (low, south, high, north) if low < high and south < north else None


def encode(raster: Raster, box: Box, width: int, most_height: int) -> bytes:
    """Return a grid of `width` points a row. Rows are evenly spaced in Web Mercator, the first in the north."""
    west, south, east, north = box
    top, bottom = _mercator(north), _mercator(south)
    height = round(width * (top - bottom) / math.radians(east - west))
    height = min(most_height, max(1, height))
    lons = west + (np.arange(width) + 0.5) * (east - west) / width
    lats = np.degrees(np.arctan(np.sinh(top - (np.arange(height) + 0.5) * (top - bottom) / height)))
    depth = values_on(raster, lons, lats)
    tenths = np.clip(np.rint(np.nan_to_num(depth) / STEP_M), 0, UNKNOWN - 1)
    body = np.where(np.isnan(depth), UNKNOWN, tenths).astype("<u2").tobytes()
    return HEADER.pack(MAGIC, FORM, 0, HEADER.size, width, height, west, south, east, north) + body


def decode(message: bytes) -> Message:
    """Understand a message; ValueError says what is wrong with one that is none."""
    if len(message) < HEADER.size:
        raise ValueError(f"{len(message)} bytes are no grid")
    magic, form, _, size, width, height, *box = HEADER.unpack_from(message)
    if magic != MAGIC or form != FORM or len(message) != size + 2 * width * height:
        raise ValueError(f"no grid of depths in form {FORM}: {message[:8]!r}")
    tenths = np.frombuffer(message, "<u2", width * height, size).reshape(height, width)
    west, south, east, north = box
    return Message((west, south, east, north), np.where(tenths == UNKNOWN, np.nan, tenths * STEP_M))


def _mercator(lat_deg: float) -> float:
    return math.asinh(math.tan(math.radians(lat_deg)))
