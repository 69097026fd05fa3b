"""How many vessels were heard when: counted slot by slot from the history, remembered while nothing is added there."""

from __future__ import annotations

import threading
from time import monotonic

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch.edges.history import History
from anchorwatch.edges.history_parts import DAY_US, SLOT_US

# A vessel at anchor reports every three minutes (ITU-R M.1371): in five, whoever is there is heard.
PIECE_US = 3_600_000_000  # counted at a time
ENOUGH_S = 1.5  # of counting for one question; the rest is counted with the next
MOST_WAITING = 4  # for one that counts: each holds one of the threads that all questions share
MOST_SLOTS = 40 * DAY_US // SLOT_US  # remembered


class Heard:
    """Counts vessels in slots of SLOT_US. For any number of threads."""

    def __init__(self, history: History) -> None:
        """Count in this history."""
        self.history = history
        self._lock, self._patient = threading.Lock(), threading.BoundedSemaphore(MOST_WAITING)
        self._known: dict[int, int] = {}  # slot -> vessels heard in it

    def counts(self, since_us: int, until_us: int) -> npt.NDArray[np.int64]:
        """Return the vessels heard in each slot that reaches into [since, until); -1 = not counted yet.

        The newest are counted first. What takes longer than ENOUGH_S is left for the next question.
        """
        first, behind = since_us // SLOT_US, -(-until_us // SLOT_US)
        ends = self.history.ends_us()
        low, high = (1, 0) if ends is None else (ends[0] // SLOT_US, ends[1] // SLOT_US)
        if self._patient.acquire(blocking=False):
            try:
                self._count_in_turn(max(first, low), min(behind, high + 1))
            finally:
                self._patient.release()
        known = self._known
        return np.array([known.get(s, -1) if low <= s <= high else 0 for s in range(first, behind)], np.int64)

    def _count_in_turn(self, first: int, behind: int) -> None:
        if self._lock.acquire(timeout=ENOUGH_S):  # else another question is counting: what is known has to do
            try:
                self._count(first, behind)
            finally:
                self._lock.release()

    def _count(self, first: int, behind: int) -> None:
        """Count what is lacking and keep the newest of it; one at a time."""
        began_s = monotonic()
        changed = self.history.changed_slots() | self.history.held_slots()
        self._known = known = {s: n for s, n in self._known.items() if s not in changed}
        per = PIECE_US // SLOT_US
        for piece in range(behind // per, first // per - 1, -1):
            slots = range(max(first, piece * per), min(behind, (piece + 1) * per))
            lacking = [s for s in slots if s not in known]
            if lacking and monotonic() - began_s < ENOUGH_S:
                known |= self._counted(lacking[0], lacking[-1] + 1)
        for slot in sorted(known)[: max(0, len(known) - MOST_SLOTS)]:
            del known[slot]

    def _counted(self, first: int, behind: int) -> dict[int, int]:
        rows = self.history.between(first * SLOT_US, behind * SLOT_US, ("time_us", "mmsi"))
        # Parts are in order of slot and vessel: most of what is the same stands together, which spares the sorting.
        key = (rows["time_us"].to_numpy() // SLOT_US - first) << 32 | rows["mmsi"].to_numpy().astype(np.int64)
        key = pl.Series(key[np.r_[True, key[1:] != key[:-1]]] if len(key) else key).unique().to_numpy()
        counts = np.bincount(key >> 32, minlength=behind - first)
        return {first + number: int(count) for number, count in enumerate(counts)}
