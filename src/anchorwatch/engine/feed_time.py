"""How far the time of each feed has come, row by row: what may still be waited for, and what comes too late. Pure.

A row is late when it is older than the watermark at its arrival: the least, over the feeds that are not stale, of the
newest time a feed has stated less its hold-back. That depends on the order of arrival alone, not on how rows are
gathered into turns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, Any]

# A row so far ahead of its feed is not believed by itself: one vessel's clock would make all others late.
LEAP_US = 10 * 60_000_000
# It is believed once two other vessels say the same, or the same vessel sixteen times, with nothing else in between.
OTHER_VESSEL, BELIEVED = 8, 16
# A feed that has given nothing for so long, while others did, holds nobody up; beyond its own hold-back.
STALE_US = 60_000_000
# A feed that begins so far ahead of this machine moves no time for a while: another may show that its clock is wrong,
# and what was called late because of it could not be taken back.
DOUBT_AHEAD_US, DOUBT_US = 60_000_000, 60_000_000
NEVER_US, NOBODY_US = -(1 << 62), 1 << 62


@dataclass
class FeedTime:
    """The time of one feed. All of it goes into the checkpoint."""

    hold_us: int
    newest_us: int = 0  # newest time that is believed; 0 = none yet
    leap_us: int = 0  # a time far ahead, not believed yet
    leap_mmsi: int = 0
    leap_count: int = 0
    arrived_us: int = 0  # when it gave something last; 0 = it has no arrival times (a replay)
    ended: bool = False
    rows: int = 0
    late: int = 0
    duplicates: int = 0  # rows that another feed had brought already
    doubt_until_us: int = 0  # arrival until which it moves no time
    shift_us: int = 0  # what was taken from its newest time, because its clock is ahead

    def shifted(self, shift_us: int) -> None:
        """Take another correction of its clock from now on; what it has said before is corrected alike."""
        less_us = shift_us - self.shift_us
        self.shift_us = shift_us
        self.newest_us -= less_us if self.newest_us else 0
        self.leap_us -= less_us if self.leap_us else 0

    def begins(self, time_us: int, arrived_us: int) -> None:
        """Take the first time that it states."""
        if arrived_us and time_us - arrived_us > DOUBT_AHEAD_US:
            self.doubt_until_us = arrived_us + DOUBT_US

    def doubted(self, arrival_us: int) -> bool:
        """Tell whether its times are not believed yet at an arrival."""
        return 0 < arrival_us < self.doubt_until_us

    def forget(self) -> None:
        """Forget the times that it has stated: they are not believed after all."""
        self.newest_us = self.leap_us = self.leap_mmsi = self.leap_count = 0

    @property
    def watermark_us(self) -> int:
        """Up to here it lets nothing wait."""
        return self.newest_us - self.hold_us if self.newest_us else NEVER_US


def watermark(feeds: Iterable[FeedTime], newest_arrival_us: int) -> int:
    """Return the time before which no feed lets anything wait; NEVER_US where none has come anywhere."""
    known = [f for f in feeds if f.newest_us and not f.doubted(newest_arrival_us)]
    least_us = bound(known, newest_arrival_us)
    return least_us if least_us != NOBODY_US else max((f.watermark_us for f in known), default=NEVER_US)


def bound(feeds: Iterable[FeedTime], newest_arrival_us: int) -> int:
    """Return up to where feeds that still give something let others go; NOBODY_US where none does."""
    known = (f for f in feeds if f.newest_us and not f.doubted(newest_arrival_us))
    going = (f for f in known if not f.ended and not _stale(f, newest_arrival_us))
    return min((f.watermark_us for f in going), default=NOBODY_US)


def _stale(feed: FeedTime, newest_arrival_us: int) -> bool:
    return bool(feed.arrived_us) and newest_arrival_us - feed.arrived_us > feed.hold_us + STALE_US


def take(feed: FeedTime, time_us: Array, mmsi: Array, others_us: int, least_us: int) -> tuple[Array, Array]:
    """Let a feed's rows, in order of arrival, move its time: which of them are late (bool, n), the mark after each.

    `others_us` is the `bound` of the other feeds; `least_us` the mark before. It never goes back.
    """
    late, marks = np.zeros(len(time_us), np.bool_), np.zeros(len(time_us), np.int64)
    state = np.array([feed.newest_us, feed.leap_us, feed.leap_mmsi, feed.leap_count], np.int64)
    _take(
        np.ascontiguousarray(time_us),
        np.ascontiguousarray(mmsi).astype(np.int64),
        feed.hold_us,
        others_us,
        least_us,
        state,
        late,
        marks,
    )
    feed.newest_us, feed.leap_us, feed.leap_mmsi, feed.leap_count = (int(v) for v in state)
    feed.rows += len(time_us)
    feed.late += int(late.sum())
    return late, marks


@njit(cache=True, nogil=True)
def _take(
    time_us: Any, mmsi: Any, hold_us: int, others_us: int, least_us: int, state: Any, late: Any, marks: Any
) -> None:  # fmt: skip
    newest, leap, leap_mmsi, count = state[0], state[1], state[2], state[3]
    mark = least_us
    for i in range(time_us.size + 1):
        let = min(others_us, newest - hold_us) if newest > 0 else others_us
        if let != NOBODY_US:
            mark = max(mark, let)
        if i > 0:
            marks[i - 1] = mark
        if i == time_us.size:
            break
        t = time_us[i]
        late[i] = t < mark
        if newest > 0 and t - newest <= LEAP_US:
            if newest - t <= LEAP_US:
                count = 0
            newest = max(newest, t)
            continue
        if count == 0 or abs(t - leap) > LEAP_US:
            count = 1
        else:
            count += 1 if mmsi[i] == leap_mmsi else OTHER_VESSEL
        leap, leap_mmsi = t, mmsi[i]
        if count >= BELIEVED:
            newest, count = t, 0
    state[0], state[1], state[2], state[3] = newest, leap, leap_mmsi, count
