"""What the picture remembers of each vessel and of each of its tracks: plain structured arrays.

A vessel silent for `FORGET_S` starts anew when it is heard again, so its records may be dropped at any
time after that without changing an answer: this keeps memory bounded.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

# Two days: longer than the longest single behaviour we report (Hong Tai 58 loitered 56 h in sight, never
# silent for long) and long enough to span a day without reception.
FORGET_S = 48 * 3600.0
TRACKS_PER_MMSI = 3  # two hulls on one MMSI, and a place for stray positions

VESSEL = np.dtype(
    [
        ("mmsi", np.int32),
        ("ship_class", np.int8),
        ("heard_us", np.int64),  # newest time that arrived: rows older than this minus the hold-back are late
        ("leap_us", np.int64),  # a time far ahead that no second row has confirmed yet
        ("length_m", np.float64),
        ("track", np.int32, (TRACKS_PER_MMSI,)),  # index into tracks, -1 = none
        ("latest_key", np.int32),  # the believed track that spoke last, -1 = none
    ],
    align=True,
)

TRACK = np.dtype(
    [
        ("track", np.int64),  # mmsi * 8 + number
        ("number", np.int8),
        ("stray", np.int8),  # 1 = began with a place the vessel could not have reached, not yet believed
        ("source", np.int16),  # that brought the last position
        ("count", np.int32),  # positions so far, capped
        ("first_us", np.int64),
        ("time_us", np.int64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("sog_kn", np.float64),
        ("cog_deg", np.float64),
        ("raw_sog_kn", np.float64),  # as received: to know a repeated transmission
        ("raw_cog_deg", np.float64),
        ("coverage_cell", np.int64),  # cell and slot last counted as heard
        ("coverage_slot", np.int64),
        ("heard_by", np.int64),  # bits of the sources that heard it in this cell and slot, and in the one before
        ("heard_before", np.int64),
        ("ticked_us", np.int64),  # last tick told of the present silence
    ],
    align=True,
)


class Picture(NamedTuple):
    """Memory of the picture: vessels, tracks, the index from MMSI to vessel, and rows held back."""

    vessels: np.ndarray[Any, Any]
    tracks: np.ndarray[Any, Any]
    sizes: np.ndarray[Any, Any]  # int64: vessels used, tracks used, time up to which all is settled (us)
    places: np.ndarray[Any, Any]  # int32 open-addressing hash: vessel number or -1
    held: np.ndarray[Any, Any]  # EVENT rows waiting for late ones


# A position or a static report on its way through the picture.
EVENT = np.dtype(
    [
        ("time_us", np.int64),
        ("mmsi", np.int32),
        ("static", np.int8),  # 1 = says ship_class and length_m, no place
        ("nav_status", np.int8),
        ("ship_class", np.int8),
        ("source", np.int16),
        ("line", np.int64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("sog_kn", np.float64),
        ("cog_deg", np.float64),
        ("heading_deg", np.float64),
        ("length_m", np.float64),
    ],
    align=True,
)


def start() -> Picture:
    """Return the memory of a watch that has seen nothing."""
    return Picture(
        np.zeros(64, VESSEL),
        np.zeros(64, TRACK),
        np.zeros(3, np.int64),
        np.full(256, -1, np.int32),
        np.zeros(0, EVENT),
    )


def copy(picture: Picture) -> Picture:
    """Return an independent copy."""
    return Picture(*(part.copy() for part in picture))


def reindex(vessels: np.ndarray[Any, Any], used: int) -> np.ndarray[Any, Any]:
    """Return a fresh hash from MMSI to vessel number with room for twice as many."""
    size = 256
    while size < 4 * max(used, len(vessels)):
        size *= 2
    index = np.full(size, -1, np.int32)
    _fill_index(index, vessels, used)
    return index


@njit(cache=True, nogil=True)
def _fill_index(index: Any, vessels: Any, used: int) -> None:
    for number in range(used):
        index[seek(index, vessels, vessels[number].mmsi)] = number


@njit(cache=True, nogil=True)
def seek(index: Any, vessels: Any, mmsi: int) -> int:
    """Return the place in `index` where this MMSI is, or where it would go."""
    mask = index.size - 1
    place = ((np.int64(mmsi) * 2654435761) >> 8) & mask
    while index[place] >= 0 and vessels[index[place]].mmsi != mmsi:
        place = (place + 1) & mask
    return int(place)


def pick(picture: Picture, keep: np.ndarray[Any, Any]) -> tuple[Picture, np.ndarray[Any, Any]]:
    """Return the memory of some of the vessels, and the numbers of their tracks.

    `keep` is a mask over the vessels in use. The caller picks the same tracks from every detector's memory.
    """
    vessels = picture.vessels[: int(picture.sizes[0])][keep].copy()
    tracks = np.sort(vessels["track"][vessels["track"] >= 0]).astype(np.int64)
    renumber = np.full(max(int(picture.sizes[1]), 1), -1, np.int32)
    renumber[tracks] = np.arange(len(tracks), dtype=np.int32)
    for field in ("track", "latest_key"):
        vessels[field] = np.where(vessels[field] >= 0, renumber[vessels[field]], -1)
    held = picture.held[np.isin(picture.held["mmsi"], vessels["mmsi"])]
    sizes = np.array([len(vessels), len(tracks), picture.sizes[2]], np.int64)
    index = reindex(vessels, len(vessels))
    return Picture(vessels, picture.tracks[tracks].copy(), sizes, index, held), tracks


def join(pictures: list[Picture]) -> Picture:
    """Return one memory of pictures that share no vessel; tracks follow each other in the given order."""
    vessels, offset = [], 0
    for picture in pictures:
        mine = picture.vessels[: int(picture.sizes[0])].copy()
        for field in ("track", "latest_key"):
            mine[field] = np.where(mine[field] >= 0, mine[field] + offset, -1)
        vessels.append(mine)
        offset += int(picture.sizes[1])
    every = np.concatenate(vessels)
    tracks = np.concatenate([p.tracks[: int(p.sizes[1])] for p in pictures])
    sizes = np.array([len(every), len(tracks), max(int(p.sizes[2]) for p in pictures)], np.int64)
    return Picture(every, tracks, sizes, reindex(every, len(every)), np.concatenate([p.held for p in pictures]))


def worth_keeping(picture: Picture, now_us: int) -> np.ndarray[Any, Any]:
    """Mask over the vessels in use: those that would not start anew anyway."""
    vessels = picture.vessels[: int(picture.sizes[0])]
    waiting = np.isin(vessels["mmsi"], picture.held["mmsi"])
    return np.asarray(waiting | (vessels["heard_us"] > now_us - int(2 * FORGET_S * 1e6)))


def grown(array: np.ndarray[Any, Any], size: int) -> np.ndarray[Any, Any]:
    """Return `array` with zeroed room for at least `size` records."""
    if len(array) >= size:
        return array
    room = np.zeros(max(64, size, 2 * len(array)), array.dtype)
    room[: len(array)] = array
    return room
