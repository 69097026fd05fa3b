"""The clocks of feeds: how far each is from the others, from what several heard. Pure.

Each feed's rows state times; the same transmission heard by two feeds tells how far their clocks are apart
(`same`), and its arrival how far they are from this machine's. One feed is the reference; the others are corrected
to it, where they are off by two seconds and more. So one ship does not sail back and forth in time.

All of it follows from the rows and their arrival, in the order of arrival: what is known is drawn up once a second
of arrival, so it does not matter how rows are gathered into calls.
"""

from __future__ import annotations

import base64
import zlib
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch.picture.same import ENTRY, FIRST, LAGS, MOST_FEEDS, PAIRS, PLACES, SEEN, listen

Array = np.ndarray[Any, Any]
SECOND_US = 1_000_000
LEAST_US = 2 * SECOND_US  # below, a scan and a live watch say the same; receivers round to whole seconds
LEAST_PAIRS = 20
SPREAD_US = SECOND_US  # mean deviation of pairs; a tenth of the error where that is more
CALM_US = SECOND_US // 2  # a correction is changed by no less
ALIKE_US = 2 * SECOND_US  # clocks that agree
LEAST_LAGS = 20
FIRST_LAGS = 8  # to see that one feed contradicts another
AHEAD_US = 300 * SECOND_US  # a row so far ahead of its feed is one wrong clock
YOUNG_US = 120 * SECOND_US  # so long what a feed has said can be taken back: rows wait as long (order.HOLD_BACK_S)
UNKNOWN_US = 300 * SECOND_US  # so long a feed far ahead of another waits for what both hear
MACHINE_AHEAD_US, MACHINE_BEHIND_US, MACHINE_US = 10 * SECOND_US, 300 * SECOND_US, 60 * SECOND_US
COLUMNS = ("time_us", "mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg")
MACHINE = "this machine's clock"


class Change(NamedTuple):
    """What is known of a clock has changed: what its feed has said, and still waits, was said at another time."""

    row: int  # before this row
    feed: int
    less_us: int | None  # to be taken from the times; None = they are not to be believed


class Heard(NamedTuple):
    """What is to be done with rows."""

    shift_us: Array  # int64 (n,) to be taken from their times
    future: Array  # bool (n,): far ahead, not to be believed
    changes: list[Change]


class Clock(NamedTuple):
    """What is known of one feed's clock."""

    error_us: int | None  # ahead of what it was measured against; None = not known
    against: tuple[int, ...]  # feeds; () = this machine's clock
    spread_us: int
    pairs: int
    corrected_us: int  # what is taken from its times


class Clocks:
    """The clocks of all feeds, by number."""

    def __init__(self) -> None:
        """Start with no feed heard."""
        self.table = np.zeros(PLACES, ENTRY)
        self.pairs = np.zeros((0, 0, PAIRS), np.int64)
        self.paired = np.zeros((0, 0), np.int64)
        self.lags = np.zeros((0, LAGS), np.int64)
        self.seen = np.zeros((0, 4), np.int64)
        self.shift_us: Array = np.zeros(0, np.int64)
        self.known: Array = np.zeros(0, np.bool_)  # the error was established at some time
        self.refused: Array = np.zeros(0, np.bool_)
        self.second, self.reference = 0, -1
        self._said: list[Clock] = []

    # ---- rows

    def hear(self, feed: int, positions: pl.DataFrame, arrived_us: Array) -> Heard:
        """Take rows of a feed as decoded (schema.POSITIONS), with their arrival (int64 (n,); 0 = a replay)."""
        self._grow(feed + 1)
        n = positions.height
        shift_us, future = np.zeros(n, np.int64), np.zeros(n, np.bool_)
        changes: list[Change] = []
        if n == 0 or feed >= MOST_FEEDS or (len(self.seen) == 1 and not arrived_us[0]):
            return Heard(shift_us, future, changes)
        columns = [_frozen(positions[name].to_numpy()) for name in COLUMNS]
        seconds = np.maximum.accumulate(np.where(arrived_us > 0, arrived_us, columns[0]) // SECOND_US)
        begins = np.flatnonzero(np.diff(np.maximum(seconds, self.second), prepend=self.second)).tolist()
        for first, end in pairwise(sorted({0, *begins, n})):
            if first in begins:
                self.second = int(seconds[first])
                changes += [Change(first, *change) for change in self._draw_up()]
            part = slice(first, end)
            arrived = _frozen(arrived_us[part])
            rows = (c[part] for c in columns)
            listen(feed, arrived, *rows, self.table, self.pairs, self.paired, self.lags, self.seen)  # type: ignore[call-arg]
            shift_us[part] = self.shift_us[feed]
            future[part] = self._future(feed, columns[0][part] - arrived) & (arrived > 0)
        return Heard(shift_us, future, changes)

    def _future(self, feed: int, lag_us: Array) -> Array:
        if self.refused[feed]:
            return np.asarray(lag_us != 0)
        usual_us, count = self._usual(feed)
        # What comes from a backlog, or from a file, lags less and less: only what is ahead of its arrival is far ahead.
        return np.asarray((lag_us - max(usual_us, 0) > AHEAD_US) & (count >= LEAST_LAGS))

    def _grow(self, feeds: int) -> None:
        more = feeds - len(self.seen)
        if more > 0:
            self.pairs = np.pad(self.pairs, ((0, more), (0, more), (0, 0)))
            self.paired = np.pad(self.paired, ((0, more), (0, more)))
            self.lags, self.seen = np.pad(self.lags, ((0, more), (0, 0))), np.pad(self.seen, ((0, more), (0, 0)))
            self.shift_us = np.pad(self.shift_us, (0, more))
            self.known, self.refused = np.pad(self.known, (0, more)), np.pad(self.refused, (0, more))

    # ---- what is known

    def _usual(self, feed: int) -> tuple[int, int]:
        """Return the usual time less arrival, and of how many rows."""
        count = int(self.seen[feed, SEEN])
        return _median(self.lags[feed, :count]) if count else 0, min(count, LAGS)

    def _own(self, feed: int) -> bool:
        """Tell whether a feed states times, or those of arrival stand in for them."""
        count = min(int(self.seen[feed, SEEN]), LAGS)
        return count == 0 or int((self.lags[feed, :count] == 0).sum()) * 2 <= count

    def _apart(self, first: int, second: int) -> tuple[int, int, int]:
        """Return how far the second feed is ahead of the first, the spread, and of how many pairs."""
        sign = 1 if first < second else -1
        low, high = min(first, second), max(first, second)
        count = min(int(self.paired[low, high]), PAIRS)
        if not count:
            return 0, 0, 0
        differences = self.pairs[low, high, :count]
        median = _median(differences)
        return sign * median, _median(np.abs(differences - median)), count

    def _draw_up(self) -> list[tuple[int, int | None]]:
        """Draw up what is known now; return feeds whose times so far were wrong, and by how much (None: not known)."""
        self._said = []
        if len(self.seen) < 2:
            return []
        shift_us, refused = self.shift_us.copy(), self.refused.copy()
        for placed in self._placed():
            self._correct(placed)
        self.refused[:] = [self._contradicted(feed) for feed in range(len(self.seen))]
        less_us = self.shift_us - shift_us
        moved: list[tuple[int, int | None]] = [
            (int(f), int(less_us[f])) for f in np.flatnonzero(abs(less_us) >= LEAST_US)
        ]
        return moved + [(int(f), None) for f in np.flatnonzero(self.refused & ~refused)]

    def _placed(self) -> list[dict[int, int]]:
        """Return groups of feeds that are tied by pairs, each feed with its time against the first of its group."""
        groups: list[dict[int, int]] = []
        left = set(range(len(self.seen)))
        while left:
            first = min(left)
            group, edge = {first: 0}, [first]
            while edge:
                one = edge.pop(0)
                for other in sorted(left - group.keys()):
                    apart_us, spread_us, count = self._apart(one, other)
                    if count >= LEAST_PAIRS and spread_us <= max(SPREAD_US, abs(apart_us) // 10):
                        group[other] = group[one] + apart_us
                        edge.append(other)
            left -= group.keys()
            if len(group) > 1:
                groups.append(group)
        return groups

    def _correct(self, placed: dict[int, int]) -> None:
        self.reference = reference = self._reference(placed)
        for feed, at_us in placed.items():
            error_us = at_us - placed[reference]
            self.known[feed] = True
            if abs(error_us) < LEAST_US:
                self.shift_us[feed] = 0
            elif abs(error_us - int(self.shift_us[feed])) > CALM_US:
                self.shift_us[feed] = error_us

    def _nearness(self, feed: int) -> int:
        return abs(self._usual(feed)[0])

    def _candidates(self, placed: dict[int, int]) -> list[int]:
        """Return the feeds that may be the reference: with times of their own; of three and more, who agree."""
        own = [f for f in placed if self._own(f)] or list(placed)
        if len(own) >= 3:
            agree = {f: [g for g in own if abs(placed[g] - placed[f]) <= ALIKE_US] for f in own}
            most = max(agree.values(), key=len)
            if 2 * len(most) > len(own):
                return most
        return own

    def _reference(self, placed: dict[int, int]) -> int:
        candidates = self._candidates(placed)
        best = min(candidates, key=lambda f: (self._nearness(f), placed[f]))
        now = self.reference
        if now not in placed or best == now:
            return best
        if now in candidates and self._nearness(now) <= self._nearness(best) + ALIKE_US:
            return now
        # What was judged cannot be judged again: the watch does not go back in time by more than rows wait.
        back_us = -int(self.shift_us[best]) if self.known[best] else self._usual(now)[0] - self._usual(best)[0]
        old = self.second * SECOND_US - int(self.seen[now, FIRST]) > YOUNG_US
        return now if old and back_us > YOUNG_US else best

    def _contradicted(self, feed: int) -> bool:
        """Tell whether a young feed is far ahead of another, and nothing is known yet that both heard."""
        lag_us, count = self._usual(feed)
        first_us = int(self.seen[feed, FIRST])
        if self.known[feed] or count < FIRST_LAGS or self.second * SECOND_US - first_us > UNKNOWN_US:
            return False
        if not self._own(feed):
            return False
        for other in range(len(self.seen)):
            other_us, others = self._usual(other)
            if other == feed or others < FIRST_LAGS or not self._own(other) or self.refused[other]:
                continue
            young = int(self.seen[other, FIRST]) - first_us <= YOUNG_US
            if young and lag_us - other_us > AHEAD_US and abs(other_us) < abs(lag_us):
                return True
        return False

    # ---- what is told

    def said(self) -> list[Clock]:
        """Return what is known of each feed's clock."""
        if len(self._said) != len(self.seen):
            groups = self._placed()
            self._said = [self._clock(feed, groups) for feed in range(len(self.seen))]
        return self._said

    def _clock(self, feed: int, groups: list[dict[int, int]]) -> Clock:
        shift_us = int(self.shift_us[feed])
        for placed in groups:
            reference = self._reference(placed)
            if feed in placed and feed != reference:
                alike = self._candidates(placed)
                against = tuple(f for f in alike if f != feed) if len(alike) > 1 and len(placed) > 2 else (reference,)
                apart = [self._apart(g, feed) for g in placed if g != feed]
                spread_us, pairs = max(a[1] for a in apart if a[2]), sum(a[2] for a in apart)
                return Clock(placed[feed] - placed[reference], against, spread_us, pairs, shift_us)
        lag_us, count = self._usual(feed)
        known = count >= LEAST_LAGS and self._own(feed)
        return Clock(lag_us if known else None, (), self._lag_spread_us(feed), 0, shift_us)

    def _lag_spread_us(self, feed: int) -> int:
        count = min(int(self.seen[feed, SEEN]), LAGS)
        return _median(np.abs(self.lags[feed, :count] - self._usual(feed)[0])) if count else 0

    def machine_trouble(self, names: dict[int, str]) -> str:
        """Say where the feeds agree that this machine's clock is wrong; "" = they do not."""
        lags = {f: self._usual(f) for f in range(len(self.seen)) if self._own(f)}
        lags = {f: lag for f, lag in lags.items() if lag[1] >= LEAST_LAGS and self._lag_spread_us(f) <= MACHINE_US}
        if not lags:
            return ""
        least, most = min(lag[0] for lag in lags.values()), max(lag[0] for lag in lags.values())
        if most - least > MACHINE_US or -MACHINE_BEHIND_US <= most <= MACHINE_AHEAD_US:
            return ""
        off_us = most
        way = "behind" if off_us > 0 else "ahead of"
        who = ", ".join(names.get(f, str(f)) for f in sorted(lags))
        wrong = "it is wrong most likely" if len(lags) > 1 else "one of the two is wrong"
        return f"the clock of this machine is {abs(off_us) / 1e6:.0f} s {way} what the feeds state ({who}): {wrong}"

    # ---- a checkpoint

    def to_json(self) -> dict[str, Any]:
        """Return all that is remembered."""
        arrays = {n: _packed(getattr(self, n)) for n in ("table", "pairs", "paired", "lags", "seen")}
        return {
            "feeds": len(self.seen), "arrays": arrays, "shift_us": self.shift_us.tolist(),
            "known": self.known.tolist(), "refused": self.refused.tolist(),
            "second": self.second, "reference": self.reference,
        }  # fmt: skip

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Clocks:
        """Return what was remembered; raises ValueError, LookupError or TypeError for anything else."""
        clocks = cls()
        clocks._grow(int(said["feeds"]))
        for name, text in said["arrays"].items():
            array: Array = getattr(clocks, name)
            data = zlib.decompress(base64.b64decode(text))
            setattr(clocks, name, np.frombuffer(data, array.dtype).reshape(array.shape).copy())
        for name in ("shift_us", "known", "refused"):
            getattr(clocks, name)[:] = said[name]
        clocks.second, clocks.reference = int(said["second"]), int(said["reference"])
        return clocks


def _median(values: Array) -> int:
    """Return the lower median: always a value that was seen."""
    return int(np.sort(values)[(len(values) - 1) // 2])


def _packed(array: Array) -> str:
    return base64.b64encode(zlib.compress(array.tobytes(), 1)).decode("ascii")


def _frozen(column: Array) -> Array:
    """Return a read-only view: polars gives some columns so and others not, and each mixture would be compiled."""
    view = np.ascontiguousarray(column).view()
    view.flags.writeable = False
    return view
