"""Rows of each vessel put back into time order, within a stated hold-back.

A row waits until its vessel has been heard `HOLD_BACK_S` later (by the data's own time). A row that is
older than that when it arrives is late: counted and rejected. Lateness is judged vessel by vessel in the
order of arrival, so neither the size of the blocks nor other vessels change the answer, and a file
sorted by vessel is as good as one sorted by time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from anchorwatch.picture import state
from anchorwatch.picture.compiled import inlined
from anchorwatch.picture.state import Picture, grown, reindex, seek

# Receivers and merged national feeds deliver within a minute; two give room without hurting an archive.
HOLD_BACK_S = 120.0
# A clock that is a week or more ahead for one row would make every later row of its vessel late. The first
# row that far from the others is therefore set aside; if the next one agrees with it, it is believed.
LEAP_US = 7 * 86_400_000_000


def newest(heard_us: Array) -> int:
    """Newest time that can be trusted: one vessel alone, far ahead of all others, has a broken clock."""
    times = np.sort(heard_us[heard_us > 0])[::-1]  # 0 = said its name, never its place
    if len(times) == 0:
        return 0
    return int(times[1]) if len(times) > 1 and times[0] - times[1] > LEAP_US else int(times[0])


Array = np.ndarray[Any, Any]


class Ordered(NamedTuple):
    """Events that go on, by vessel, then time."""

    events: Array  # state.EVENT: those that go on, in order
    number: Array  # int32: vessel of each event


def order(
    events: Array, picture: Picture, hold_back_s: float, settle_us: int | None = None
) -> tuple[Ordered, Array, Picture]:
    """Put events in order: the held ones, then the new ones (see `arrivals`).

    Events older than `settle_us` wait no longer, and what is older than that and comes later is late.
    Returns (events with their order, late events, memory with the events that must still wait).
    """
    held = len(picture.held)
    index, vessels, sizes = picture.places, picture.vessels, picture.sizes
    number = np.empty(len(events), np.int32)
    late = np.zeros(len(events), np.bool_)
    first = 0
    hold_us = int(hold_back_s * 1e6)
    while first < len(events):
        first = _admit(events, held, first, hold_us, vessels, sizes, index, number, late)
        if first < len(events):  # no room for one more vessel
            vessels = grown(vessels, len(vessels) + 64)
            index = reindex(vessels, int(sizes[0]))
    sizes[2] = max(int(sizes[2]), settle_us or 0)
    place = _by_vessel(number, late, events, int(sizes[0]))
    ready, ready_number = np.empty(len(place), state.EVENT), np.empty(len(place), np.int32)
    waits = np.zeros(len(events), np.bool_)
    n = _part(place, number, events, vessels, hold_us, int(sizes[2]), ready, ready_number, waits)
    return (
        Ordered(ready[:n], ready_number[:n]),
        events[np.flatnonzero(late)],
        picture._replace(vessels=vessels, places=index, held=events[np.flatnonzero(waits)]),
    )


@njit(cache=True, nogil=True)
def _admit(
    events: Any, held: int, first: int, hold_us: int, vessels: Any, sizes: Any, index: Any, number: Any, late: Any
) -> int:
    """Number the vessels and mark late rows, from `first` on; stops early when there is no room for a vessel."""
    for i in range(first, events.size):
        mmsi = events[i].mmsi
        place = seek(index, vessels, mmsi)
        if index[place] < 0:
            if sizes[0] == vessels.size or 2 * sizes[0] >= index.size:
                return i
            vessel = vessels[sizes[0]]
            vessel.mmsi = mmsi
            vessel.length_m = np.nan
            vessel.latest_key = -1
            for k in range(vessel.track.size):
                vessel.track[k] = -1
            index[place] = sizes[0]
            sizes[0] += 1
        number[i] = index[place]
        if events[i].static:
            continue  # neither late nor proof that its vessel was heard: blocks list them before positions
        vessel = vessels[number[i]]
        if vessel.heard_us == 0:
            vessel.heard_us = events[i].time_us
        if i >= held and abs(events[i].time_us - vessel.heard_us) > LEAP_US:
            if abs(events[i].time_us - vessel.leap_us) > LEAP_US:
                vessel.leap_us = events[i].time_us
                late[i] = True
                continue
            vessel.heard_us = events[i].time_us
        late[i] = i >= held and events[i].time_us < max(vessel.heard_us - hold_us, sizes[2])
        vessel.heard_us = max(vessel.heard_us, events[i].time_us)
    return int(events.size)


@inlined
def _before(one: Any, other: Any) -> bool:
    """Tell whether an event goes before another of its vessel that came earlier."""
    return bool(one.time_us < other.time_us or (one.static > other.static and one.time_us == other.time_us))


@njit(cache=True, nogil=True)
def _by_vessel(number: Any, late: Any, events: Any, vessels: int) -> Any:
    """Return the places of the rows that are not late, by vessel, then time, static reports first, then arrival."""
    start = np.zeros(vessels + 1, np.int64)
    for i in range(number.size):
        if not late[i]:
            start[number[i] + 1] += 1
    for v in range(vessels):
        start[v + 1] += start[v]
    place = np.empty(start[vessels], np.int64)
    end = start[:-1].copy()
    for i in range(number.size):
        if late[i]:
            continue
        v = number[i]
        j = end[v]  # insertion from the back: rows are nearly in order, and equal times keep their order
        while j > start[v] and _before(events[i], events[place[j - 1]]):
            place[j] = place[j - 1]
            j -= 1
        place[j] = i
        end[v] += 1
    return place


@njit(cache=True, nogil=True)
def _part(
    place: Any, number: Any, events: Any, vessels: Any, hold_us: int, settled_us: int,
    ready: Any, ready_number: Any, waits: Any,
) -> int:  # fmt: skip
    """Copy the events that go on, in order, and mark those that wait; return how many go on.

    Copied, because the pass that follows would wait for memory at each event if it had to jump between them.
    """
    n = 0
    for j in range(place.size):
        i = place[j]
        if events[i].time_us < max(vessels[number[i]].heard_us - hold_us, settled_us):
            ready[n], ready_number[n] = events[i], number[i]
            n += 1
        else:
            waits[i] = True
    return n
