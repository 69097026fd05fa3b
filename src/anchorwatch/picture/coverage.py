"""Who was heard where and when: absence is evidence only where that source would have heard the vessel.

For each source, cell (0.1 deg of latitude by 0.2 deg of longitude, about 11 km square in the Baltic) and
ten-minute slot: how many vessels were heard. A vessel is counted once per stay in a cell and slot.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

CELLS_PER_LAT_DEG = 10.0
CELLS_PER_LON_DEG = 5.0
SLOT_US = 10 * 60_000_000
KEEP_US = 4 * 86_400_000_000  # gaps longer than three days are not judged by coverage

Array = np.ndarray[Any, Any]


class Coverage(NamedTuple):
    """Sorted notes, one per (source, cell, slot), and how many vessels were heard there."""

    keys: Array  # int64 (n, 3): cell, slot, source, sorted
    vessels: Array  # int32


def start() -> Coverage:
    """Return the coverage of a watch that has heard nothing."""
    return Coverage(np.zeros((0, 3), np.int64), np.zeros(0, np.int32))


def add(coverage: Coverage, heard: list[Array]) -> Coverage:
    """Add notes (n, 3) of cell, slot and source."""
    notes = [h for h in heard if len(h)]
    if not notes:
        return coverage
    keys = np.concatenate([coverage.keys, *notes])
    counts = np.concatenate([coverage.vessels, *(np.ones(len(h), np.int32) for h in notes)])
    order = np.lexsort((keys[:, 2], keys[:, 1], keys[:, 0]))
    keys, counts = keys[order], counts[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    return Coverage(keys[new], np.add.reduceat(counts, np.flatnonzero(new)).astype(np.int32))


def forget(coverage: Coverage, now_us: int) -> Coverage:
    """Drop slots too old to be asked for."""
    keep = coverage.keys[:, 1] >= (now_us - KEEP_US) // SLOT_US
    return Coverage(coverage.keys[keep], coverage.vessels[keep])


def cell_of(lon_deg: Array, lat_deg: Array) -> Array:
    """Number of the cell of each place."""
    return ((lat_deg + 90.0) * CELLS_PER_LAT_DEG).astype(np.int64) * 4096 + (
        (lon_deg + 180.0) * CELLS_PER_LON_DEG
    ).astype(np.int64)


def heard(coverage: Coverage, lon_deg: Array, lat_deg: Array, time_us: Array) -> Array:
    """How many vessels any source heard at each place and time (n,), by cell and slot."""
    cells, slots = cell_of(lon_deg, lat_deg), time_us // SLOT_US
    packed = coverage.keys[:, 0] * (1 << 32) + coverage.keys[:, 1]
    wanted = cells * (1 << 32) + slots
    left, right = np.searchsorted(packed, wanted, "left"), np.searchsorted(packed, wanted, "right")
    total = np.concatenate([[0], np.cumsum(coverage.vessels)])
    return np.asarray(total[right] - total[left])
