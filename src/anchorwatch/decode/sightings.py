"""Static data repeated on every row of a table: which rows say something new.

A row is told when its vessel's static cells differ from those told last, and once more when they are
seen again at least RESIGHT_US later, so that a name seen twice can be believed and one bad row cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numba import njit

from anchorwatch.decode.slots import Array, slot_of, widened

RESIGHT_US = 6 * 60 * 1_000_000  # AIS sends static data every 6 minutes (ITU-R M.1371-5, 3.3.8.2.3)

_LAYOUT = np.dtype([("mmsi", np.int32), ("again", np.uint8), ("hash", np.int64), ("told_us", np.int64)])


@dataclass
class Sightings:
    """What was told last of each vessel: an open-addressed table, at most half full."""

    slots: Array = field(default_factory=lambda: np.zeros(1 << 12, _LAYOUT))
    used: int = 0


@njit(cache=True, nogil=True)
def _mark(slots: Array, used: int, rows: tuple[Array, Array, Array], first: int, out: Array) -> tuple[int, int, int]:
    """Mark rows to tell, from `first` until the table is half full; return (next row, rows marked, slots used)."""
    mmsi, time_us, hashes = rows
    marked = 0
    for i in range(first, mmsi.size):
        if hashes[i] == 0 or mmsi[i] <= 0:
            continue
        at = slot_of(slots, mmsi[i])
        slot = slots[at]
        if slot.mmsi == 0:
            if 2 * used >= slots.size:
                return i, marked, used
            used += 1
            slot.mmsi = mmsi[i]
        elif slot.hash == hashes[i] and (slot.again or time_us[i] - slot.told_us < RESIGHT_US):
            continue
        slot.again = 1 if slot.hash == hashes[i] else 0
        slot.hash = hashes[i]
        slot.told_us = time_us[i]
        out[marked] = i
        marked += 1
    return mmsi.size, marked, used


def tell(seen: Sightings, mmsi: Array, time_us: Array, hashes: Array) -> Array:
    """Return the indices of the rows whose static data are to be told; a hash of 0 says nothing."""
    parts, first = [], 0
    while first < mmsi.size:
        out = np.empty(mmsi.size - first, np.int64)
        first, marked, seen.used = _mark(seen.slots, seen.used, (mmsi, time_us, hashes), first, out)
        parts.append(out[:marked])
        if first < mmsi.size:
            seen.slots = widened(seen.slots)
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
