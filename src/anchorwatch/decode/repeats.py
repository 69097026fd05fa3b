"""Rows that say again what was just said: the same vessel at the same time and place.

About 71 % of the rows of a Danish day are such re-broadcasts. Each vessel's last KEPT different rows are
remembered, which does not depend on how the input is cut into blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numba import njit

from anchorwatch.decode.slots import Array, slot_of, widened

KEPT = 8  # receivers repeat a row within seconds; a vessel reports every 2 s at most

_LAYOUT = np.dtype(
    [
        ("mmsi", np.int32),
        ("next", np.int32),
        ("time_us", np.int64, KEPT),
        ("lon", np.float64, KEPT),
        ("lat", np.float64, KEPT),
    ]
)


@dataclass
class Heard:
    """What was heard last of each vessel: an open-addressed table, at most half full."""

    slots: Array = field(default_factory=lambda: np.zeros(1 << 12, _LAYOUT))
    used: int = 0


@njit(cache=True, nogil=True)
def _mark(slots: Array, used: int, first: int, mmsi: Array, time_us: Array, lon: Array, lat: Array, new: Array) -> Any:
    """Mark new rows from `first` until the table is half full; return (next row, slots used)."""
    for i in range(first, mmsi.size):
        slot = slots[slot_of(slots, mmsi[i])]
        if slot.mmsi == 0:
            if 2 * used >= slots.size:
                return i, used
            used += 1
            slot.mmsi = mmsi[i]
        new[i] = True
        for k in range(KEPT):
            if slot.time_us[k] == time_us[i] and slot.lon[k] == lon[i] and slot.lat[k] == lat[i]:
                new[i] = False
        if new[i]:
            slot.time_us[slot.next] = time_us[i]
            slot.lon[slot.next] = lon[i]
            slot.lat[slot.next] = lat[i]
            slot.next = (slot.next + 1) % KEPT
    return mmsi.size, used


def without_repeats(positions: pl.DataFrame, heard: Heard) -> pl.DataFrame:
    """Return the rows of schema.POSITIONS that are not repeats."""
    new = np.zeros(positions.height, np.bool_)
    mmsi, time_us, lon, lat = (positions[name].to_numpy() for name in ("mmsi", "time_us", "lon_deg", "lat_deg"))
    first = 0
    while first < positions.height:
        first, heard.used = _mark(heard.slots, heard.used, first, mmsi, time_us, lon, lat, new)
        if first < positions.height:
            heard.slots = widened(heard.slots)
    return positions if new.all() else positions.filter(pl.Series(new))
