"""The picture then: every place of every vessel, kept on disk by day and bucket, asked for by track or by time.

    FOLDER/day=2026-11-23/bucket=05/part-<number>-<first us>-<last us>.parquet          bucket = MMSI % 16
    FOLDER/pictures/<number>-<last us>.parquet     the last place of each vessel in the hour before, at each writing

What is not written yet is answered from memory. A part is written whole or not at all; small ones are joined. A place
may be in two parts for a moment, or after a crash: answers hold it once. The raw log is the truth; this can be lost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.history_parts import BUCKETS, LATE_US, PICTURE_S, SAME, SLOT_US, Parts, last_of_each
from anchorwatch.errors import BadStore

COLUMNS = list(schema.POSITIONS)
WRITE_S = 60.0  # places are only in memory for so long: as long as between two checkpoints
WRITE_ROWS = 1_000_000
MOST_ROWS = 4_000_000  # where the disk does not keep up, the oldest go: the raw log still has them


class History:
    """Takes places as they arrive, answers questions about earlier times. For any number of threads."""

    def __init__(self, folder: Path, clock: Clock, keep_days: float | None = None) -> None:
        """Use a folder, which is made when it is needed; `keep_days` None = keep all."""
        self.folder, self.clock, self.keep_days = folder, clock, keep_days
        self.lost = 0  # rows that could not be written, or were refused
        self._parts = Parts(folder)
        self._lock = threading.Lock()
        self._recent: list[pl.DataFrame] = []
        self._writing: list[pl.DataFrame] = []
        self._rows = 0
        self._written_s = clock.monotonic_s()
        self._thread = ThreadPoolExecutor(1, "anchorwatch-history")
        self._job: Future[None] | None = None
        self._seq = self.written_seq = self._parts.written_seq()

    def begin_after(self, seq: int) -> None:
        """Numbers go on after this one: where the history knows higher ones, they were of another log."""
        if self.written_seq > seq:
            self._seq = self.written_seq = 0

    def add(self, positions: pl.DataFrame, seq: int = 0) -> None:
        """Take rows of schema.POSITIONS. Costs nothing: they are looked at when they are written or asked for.

        `seq` numbers what they came in. What is written already, up to `written_seq`, is passed over: so a restart
        that reads an hour of the raw log again does not write that hour again.
        """
        if 0 < seq <= self.written_seq:
            return
        if positions.columns != COLUMNS:  # else nothing is asked of polars: its threads may be busy with writing
            positions = positions.select(COLUMNS)
        with self._lock:
            self._seq = max(self._seq, seq)
            if positions.height:
                self._recent.append(positions)
                self._rows += positions.height
            while self._rows > MOST_ROWS and len(self._recent) > 1:
                self.lost += self._recent[0].height
                self._rows -= self._recent.pop(0).height

    def tick(self) -> None:
        """Call often: writes what has waited long enough, in a thread of its own; raises BadStore if that failed."""
        now_s = self.clock.monotonic_s()
        if self._job is not None:
            if not self._job.done():
                return
            done, self._job = self._job, None
            done.result()
        if self._rows >= WRITE_ROWS or (self._rows and now_s - self._written_s >= WRITE_S):
            self._written_s = now_s
            self._job = self._thread.submit(self._write)

    def flush(self) -> None:
        """Write what is only in memory, and wait for it; raises BadStore. For any thread.

        To be called before a checkpoint is written: the raw log is replayed only from there.
        """
        self._thread.submit(self._write).result()

    def close(self) -> None:
        """Write what is only in memory, and end; raises BadStore."""
        try:
            self.flush()
        finally:
            self._thread.shutdown()

    def _write(self) -> None:
        with self._lock:
            self._writing, self._recent, self._rows = self._recent, [], 0
            seq = self._seq
        try:
            if self._writing:
                self.lost += self._parts.write(once(self._writing))
                self._parts.note_written(seq)
                self.written_seq = max(self.written_seq, seq)
            self._parts.join()
            if self.keep_days is not None:
                self._parts.forget(self.clock.now_us(), self.keep_days)
        except (OSError, pl.exceptions.PolarsError) as error:
            with self._lock:  # they are tried again
                self._recent, self._writing = self._writing + self._recent, []
                self._rows = sum(f.height for f in self._recent)
            why = getattr(error, "strerror", None) or str(error).split("\n", 1)[0]
            raise BadStore(f"the history cannot be written ({why})", str(self.folder), "Free the disk") from None
        with self._lock:
            self._writing = []

    def track(self, mmsi: int, since_us: int, until_us: int, most: int = 5000) -> pl.DataFrame:
        """Return the places of a vessel in [since_us, until_us) by time, thinned evenly to at most `most` rows.

        Columns of schema.POSITIONS; the first and the last place stay.
        """
        wanted = (pl.col("mmsi") == mmsi) & pl.col("time_us").is_between(since_us, until_us, closed="left")
        held = [f.filter(wanted) for f in self._held()]
        written = self._parts.rows(since_us, until_us - 1, wanted, {mmsi % BUCKETS})
        rows = once([written, *held]).sort("time_us", maintain_order=True)
        if rows.height <= most:
            return rows
        return rows[np.linspace(0, rows.height - 1, max(most, 1)).round().astype(np.int64)]

    def between(
        self, since_us: int, until_us: int, columns: Sequence[str] = COLUMNS,
        wanted: pl.Expr | None = None, mmsi: Sequence[int] | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Return the places of all vessels in [since_us, until_us), in no order; one that two feeds heard may be twice.

        columns: names of schema.POSITIONS. wanted: what else must hold. mmsi: of these vessels only.
        """
        chosen = pl.col("time_us").is_between(since_us, until_us, closed="left")
        chosen = chosen if wanted is None else chosen & wanted
        chosen = chosen if mmsi is None else chosen & pl.col("mmsi").is_in(mmsi)
        buckets = range(BUCKETS) if mmsi is None else {m % BUCKETS for m in mmsi}
        held = [f.filter(chosen).select(columns) for f in self._held()]  # first: what is written meanwhile is twice
        return pl.concat([self._parts.rows(since_us, until_us - 1, chosen, buckets, columns), *held])

    def changed_slots(self) -> set[int]:
        """Return the slots of five minutes that rows were written into since this was asked before."""
        return self._parts.changed_slots()

    def held_slots(self) -> set[int]:
        """Return the slots of five minutes that have rows which are not written yet."""
        return {slot for f in self._held() for slot in (f["time_us"] // SLOT_US).unique().to_list()}

    def ends_us(self) -> tuple[int, int] | None:
        """Return the times of the oldest and the newest place; None where there is none."""
        held = [(f["time_us"].min(), f["time_us"].max()) for f in self._held() if f.height]
        ends = [e for e in (self._parts.ends_us(), *held) if e is not None]
        return (min(e[0] for e in ends), max(e[1] for e in ends)) if ends else None  # type: ignore[type-var, return-value]

    def picture(self, at_us: int, within_s: float = PICTURE_S) -> pl.DataFrame:
        """Return the last place of each vessel in the `within_s` seconds up to and with `at_us`, by MMSI.

        Columns of schema.POSITIONS. Of times longer ago, a place may be missing that came minutes too late.
        """
        since_us = at_us - int(within_s * 1e6)
        wanted = pl.col("time_us").is_between(since_us, at_us, closed="right")
        held = [f.filter(wanted) for f in self._held()]
        before, from_us = self._parts.picture(at_us, within_s)
        since_us = max(since_us, from_us - LATE_US)
        after = pl.col("time_us").is_between(since_us, at_us, closed="right")
        return last_of_each([*held, before.filter(wanted), self._parts.rows(since_us + 1, at_us, after)])

    def sweep(self, since_us: int, until_us: int, columns: list[str]) -> Iterator[pl.DataFrame]:
        """Give the places of all vessels in [since_us, until_us), a sixteenth of the vessels at a time, in no order.

        columns: of schema.POSITIONS, `mmsi` among them. A place may be in it twice.
        """
        wanted = pl.col("time_us").is_between(since_us, until_us, closed="left")
        held = [f.filter(wanted).select(columns) for f in self._held()]
        for bucket in range(BUCKETS):
            written = self._parts.rows(since_us, until_us - 1, wanted, {bucket}, columns)
            yield pl.concat([written, *(f.filter(pl.col("mmsi") % BUCKETS == bucket) for f in held)])

    def reach_back(self, since_us: int, until_us: int, most_bytes: int) -> int:
        """Return since when, at the earliest from `since_us` on, a sweep reads about `most_bytes` from the disk."""
        return self._parts.reach_back(since_us, until_us, most_bytes)

    def _held(self) -> list[pl.DataFrame]:
        with self._lock:
            return [*self._writing, *self._recent]


def once(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows of all frames; a place that was heard twice, or by two feeds, is in it once."""
    return pl.concat([pl.DataFrame(schema=schema.POSITIONS), *frames]).unique(SAME, keep="first", maintain_order=True)
