"""One record for each vessel in an open-addressed table: its place, and a wider table when it fills.

Any structured layout with an `mmsi` field serves; 0 there means a free place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, Any]


@njit(cache=True, nogil=True)
def slot_of(slots: Array, mmsi: int) -> int:
    """Return the place where this MMSI is, or where it would go."""
    mask = slots.size - 1
    at = (mmsi * 2654435761) & mask
    while slots[at].mmsi != 0 and slots[at].mmsi != mmsi:
        at = (at + 1) & mask
    return int(at)


def widened(slots: Array) -> Array:
    """Return a table of twice the size with the same records."""
    wider = np.zeros(slots.size * 2, slots.dtype)
    _move(slots, wider)
    return wider


@njit(cache=True, nogil=True)
def _move(old: Array, new: Array) -> None:
    for i in range(old.size):
        if old[i].mmsi != 0:
            new[slot_of(new, old[i].mmsi)] = old[i]
