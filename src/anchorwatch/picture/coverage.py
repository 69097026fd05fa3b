"""Who was heard where and when: absence is evidence only where that source would have heard the vessel.

For each source, cell (0.1 deg of latitude by 0.2 deg of longitude, about 11 km square in the Baltic) and
ten-minute slot: how many vessels were heard. A vessel is counted once per stay in a cell and slot.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from anchorwatch import schema

# A silence that is noted for comparison with others: shorter than the shortest gap that matters.
SILENT_S = 900.0
SILENCE = np.dtype(
    [
        ("known_us", np.int64),  # when it could be known: at a tick, or at the reappearance
        ("mmsi", np.int32),
        ("start_us", np.int64),
        ("end_us", np.int64),  # 0 = not heard again yet
        ("lon_deg", np.float64),  # where it fell silent
        ("lat_deg", np.float64),
        ("to_lon_deg", np.float64),  # where it was heard again
        ("to_lat_deg", np.float64),
        ("sources", np.int64),  # bits of the sources that had heard it there
    ]
)

# Added to the source of a note: another source had heard that vessel there already, so it is no further vessel.
ALSO = 1 << 20
SOURCES = 62  # bits of a set of sources; of more, some share one

CELLS_PER_LAT_DEG = 10.0
CELLS_PER_LON_DEG = 5.0
SLOT_US = 10 * 60_000_000
# A receiver's hole begins and ends for all within its reach at once.
TOGETHER_KM = 25.0
LONGEST_HOLE_US = 2 * 3_600_000_000  # to sail through
SAME_HOLE_KM = 5.0  # ships on one lane are lost and found within a few kilometres of one another
TOGETHER_US = 5 * 60_000_000
USUAL_US = 86_400_000_000
KEEP_US = 4 * 86_400_000_000  # gaps longer than three days are not judged by coverage

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Coverage:
    """Sorted notes, one per (source, cell, slot), and how many vessels were heard there.

    Vessels of all sources together are those of the notes below ALSO; of one source, those with it, too.
    """

    keys: Array  # int64 (n, 3): cell, slot, source (may be with ALSO), sorted
    vessels: Array  # int32

    @cached_property
    def places(self) -> Array:
        """Cell and slot of each note as one number."""
        return np.asarray(self.keys[:, 0] * (1 << 32) + self.keys[:, 1])

    @cached_property
    def before(self) -> Array:
        """How many vessels were heard in all notes before each note, and in all of them."""
        return np.concatenate([[0], np.cumsum(np.where(self.keys[:, 2] < ALSO, self.vessels, 0))])

    @cached_property
    def parts(self) -> dict[frozenset[int], Coverage]:
        """What was asked of some sources already."""
        return {}


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


def of_sources(coverage: Coverage, sources: frozenset[int]) -> Coverage:
    """Return the coverage of some sources alone: a vessel that several of them heard counts once for each."""
    if sources not in coverage.parts:
        keep = np.isin(coverage.keys[:, 2] % ALSO, list(sources))
        keys = coverage.keys[keep].copy()
        keys[:, 2] %= ALSO
        coverage.parts[sources] = Coverage(keys, coverage.vessels[keep])
    return coverage.parts[sources]


def cell_of(lon_deg: Array, lat_deg: Array) -> Array:
    """Number of the cell of each place."""
    return ((lat_deg + 90.0) * CELLS_PER_LAT_DEG).astype(np.int64) * 4096 + (
        (lon_deg + 180.0) * CELLS_PER_LON_DEG
    ).astype(np.int64)


def heard(coverage: Coverage, lon_deg: Array, lat_deg: Array, time_us: Array) -> Array:
    """How many vessels any source heard at each place and time (n,), by cell and slot."""
    cells, slots = cell_of(lon_deg, lat_deg), time_us // SLOT_US
    wanted = cells * (1 << 32) + slots
    left = np.searchsorted(coverage.places, wanted, "left")
    right = np.searchsorted(coverage.places, wanted, "right")
    return np.asarray(coverage.before[right] - coverage.before[left])


def heard_about(coverage: Coverage, lon_deg: Array, lat_deg: Array, time_us: Array) -> Array:
    """How many vessels were heard in the cell of each place and the eight about it (n,)."""
    found = np.zeros(len(lon_deg), np.int64)
    for east in (-1, 0, 1):
        for north in (-1, 0, 1):
            found += heard(coverage, lon_deg + east / CELLS_PER_LON_DEG, lat_deg + north / CELLS_PER_LAT_DEG, time_us)
    return found


def silences_in(rows: schema.Rows, sources: Array) -> Array:
    """Note tracks that have fallen silent (at their first ticks) and tracks that are heard again.

    `sources` has the bits of the sources that had heard the track before each row.
    """
    noted = (rows.dt_s >= SILENT_S) & (rows.kind != schema.CROSSING) & (rows.jump == 0)
    noted &= (rows.kind == schema.POSITION) | (rows.dt_s < SILENT_S + 2e-6 * SLOT_US)
    picked = np.zeros(int(noted.sum()), SILENCE)
    picked["known_us"], picked["mmsi"] = rows.time_us[noted], rows.mmsi[noted]
    picked["start_us"] = rows.time_us[noted] - np.round(rows.dt_s[noted] * 1e6).astype(np.int64)
    picked["end_us"] = np.where(rows.kind[noted] == schema.POSITION, rows.time_us[noted], 0)
    picked["sources"] = sources[noted]
    picked["lon_deg"], picked["lat_deg"] = rows.last_lon_deg[noted], rows.last_lat_deg[noted]
    picked["to_lon_deg"], picked["to_lat_deg"] = rows.lon_deg[noted], rows.lat_deg[noted]
    return picked


def silent_together(silences: Array, one: Array, known_us: int) -> float:
    """How many other vessels more than usual fell silent with one, or came back with it.

    `one` is a single SILENCE; nothing that was known later than `known_us` is counted. Usual is what the day
    before was there: ships leave a picture at its edges all the time.
    """
    others = silences[(silences["known_us"] <= known_us) & (silences["mmsi"] != one["mmsi"])]
    near = others[_apart_km(others, one, "lon_deg", "lat_deg") <= TOGETHER_KM]
    each = np.unique(near[["mmsi", "start_us"]])  # noted at its tick and again when it was heard
    count = _more_than_usual(each["start_us"], int(one["start_us"]))
    if one["end_us"]:
        others = others[others["end_us"] > 0]
        back = others["end_us"][_apart_km(others, one, "to_lon_deg", "to_lat_deg") <= TOGETHER_KM]
        count = max(count, _more_than_usual(back, int(one["end_us"])))
    return count


def silent_before(silences: Array, one: Array, known_us: int) -> int:
    """How many other vessels were lost near there in the two days before and found again near there, some way on.

    Where one ship after another sails silent from one place to another lies a hole in reception. Who lies still and
    is not heard says nothing of it.
    """
    recent = (silences["known_us"] <= known_us) & (silences["known_us"] > known_us - 2 * USUAL_US)
    others = silences[recent & (silences["mmsi"] != one["mmsi"]) & (silences["start_us"] < one["start_us"])]
    others = others[_apart_km(others, one, "lon_deg", "lat_deg") <= SAME_HOLE_KM]
    others = others[(others["end_us"] > 0) & (others["end_us"] < others["start_us"] + LONGEST_HOLE_US)]
    east = (others["to_lon_deg"] - others["lon_deg"]) * np.cos(np.radians(others["lat_deg"]))
    others = others[np.hypot(east, others["to_lat_deg"] - others["lat_deg"]) * 111.2 >= SAME_HOLE_KM]
    if one["end_us"]:
        others = others[_apart_km(others, one, "to_lon_deg", "to_lat_deg") <= SAME_HOLE_KM]
    return len(np.unique(others["mmsi"]))


def _apart_km(others: Array, one: Array, lon: str, lat: str) -> Array:
    east = (others[lon] - one[lon]) * np.cos(np.radians(one[lat]))
    return np.asarray(np.hypot(east, others[lat] - one[lat]) * 111.2)


def _more_than_usual(times_us: Array, at_us: int) -> float:
    """Count times around `at_us`, less their usual number in so long a window over the day before."""
    times = np.sort(times_us)
    together = int(np.sum(np.abs(times - at_us) <= TOGETHER_US))
    before = times[(times < at_us - 2 * TOGETHER_US) & (times >= at_us - USUAL_US)]
    if not len(before):
        return float(together)
    windows = max(6.0, (at_us - before[0]) / (2 * TOGETHER_US))
    return float(together - len(before) / windows)


# Boxes of half a degree by one, about 55 by 60 km in the Baltic: what one station on a mast hears.
CELLS_PER_BOX = 5
BOXES_ABOUT = 4096 // CELLS_PER_BOX
SLOT_STEP = 1 << 20  # more than there are boxes: slot and box as one number


def over(notes: Array, until_us: int) -> Array:
    """Tell which notes are of slots that ended before a time."""
    return np.asarray((notes[:, 1] + 1) * SLOT_US < until_us)


def by_box(notes: Array) -> Array:
    """Return schema.HEARD rows of notes (n, 3): for each slot its boxes, then everywhere."""
    notes = notes[notes[:, 2] < ALSO]
    row, column = notes[:, 0] // 4096 // CELLS_PER_BOX, notes[:, 0] % 4096 // CELLS_PER_BOX
    boxes, counts = np.unique(notes[:, 1] * SLOT_STEP + row * BOXES_ABOUT + column, return_counts=True)
    slots, in_slot = np.unique(notes[:, 1] * SLOT_STEP + SLOT_STEP - 1, return_counts=True)
    keys, many = np.concatenate([boxes, slots]), np.concatenate([counts, in_slot])
    order = np.argsort(keys)
    area = keys[order] % SLOT_STEP
    rows = np.zeros(len(keys), schema.HEARD)
    rows["time_us"] = (keys[order] // SLOT_STEP + 1) * SLOT_US
    rows["area"], rows["vessels"] = np.where(area == SLOT_STEP - 1, schema.EVERYWHERE, area), many[order]
    rows["lon_deg"], rows["lat_deg"] = box_middle(rows["area"])
    return rows


def box_middle(area: Array) -> tuple[Array, Array]:
    """Longitude and latitude of the middle of boxes; NaN for everywhere."""
    known = area != schema.EVERYWHERE
    lon = (area % BOXES_ABOUT + 0.5) * CELLS_PER_BOX / CELLS_PER_LON_DEG - 180.0
    lat = (area // BOXES_ABOUT + 0.5) * CELLS_PER_BOX / CELLS_PER_LAT_DEG - 90.0
    return np.where(known, lon, np.nan), np.where(known, lat, np.nan)


def by_slot(coverage: Coverage) -> dict[int, int]:
    """How many vessels were heard in each slot."""
    slots, where = np.unique(coverage.keys[:, 1], return_inverse=True)
    vessels = np.where(coverage.keys[:, 2] < ALSO, coverage.vessels, 0)
    return dict(zip(slots.tolist(), np.bincount(where, vessels, len(slots)).astype(int).tolist(), strict=True))
