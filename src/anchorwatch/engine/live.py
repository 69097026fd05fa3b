"""Live: rows in as they arrive, alerts out as soon as the hold-back allows. Pure: no clock, no socket, no disk.

The same passes and the same judgement as an archive's. Its state is a function of the rows it was given, in their
order, whatever the turns between them: so a raw log replayed gives the same alerts.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.engine import feed_time, hearing, scan, settle
from anchorwatch.engine.batch import Block, Tally, late_rejects, within
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.engine.job import Job, Memory, start
from anchorwatch.model import Alert, Finding
from anchorwatch.picture import order
from anchorwatch.picture.arrivals import Arrivals, arrivals, events_of
from anchorwatch.picture.clocks import Change, Clocks
from anchorwatch.picture.coverage import SOURCES, Coverage
from anchorwatch.picture.state import worth_keeping

Array = np.ndarray[Any, Any]
FORGET_EVERY_US = 3_600_000_000
MOST_WAITING = 1 << 20  # rows; then they go through the tracks even though nothing is settled


class Turn(NamedTuple):
    """What one turn said."""

    alerts: list[Alert]  # new or changed
    findings: list[Finding]
    positions: int
    duplicates: int
    settled_us: int  # everything before this is judged


class Live:
    """A watch that goes on. `feeds` is by number: the `source` of their rows."""

    def __init__(
        self, job: Job, memory: Memory | None = None, feeds: dict[int, FeedTime] | None = None,
        tally: Tally | None = None, clocks: Clocks | None = None,
    ) -> None:  # fmt: skip
        """Begin, or go on with what was remembered."""
        self.job, self.watch = job, job.watch
        self._memory = memory or start(job)
        self.hands = 1  # threads that share the vessels: more only after a start, where hours are to be heard
        self._shares: list[scan.Memory] | None = None  # where they do, the tracks; those of `_memory` are old then
        self.feeds = feeds if feeds is not None else {}
        self.tally = tally or Tally()
        self.clocks = clocks or Clocks()
        self.positions: list[pl.DataFrame] = []
        self.statics: list[pl.DataFrame] = []
        self.waiting_rows = 0
        self.outputs: list[scan.Output] = []
        self.outputs_statics: list[pl.DataFrame] = []
        self._early: Turn | None = None  # taken because of a clock, and not told yet
        self.forgot_us = self.settled_us
        self.mark_us = self.settled_us  # what is older is late; it never goes back, whatever turns are taken when

    @property
    def memory(self) -> Memory:
        """All that is remembered, in one piece."""
        if self._shares is not None:
            self._memory, self._shares = replace(self._memory, tracks=scan.join(self._shares)), None
        return self._memory

    @property
    def coverage(self) -> Coverage:
        """Who was heard where."""
        return self._memory.coverage

    @property
    def settled_us(self) -> int:
        """Everything before this is judged."""
        tracks = self._memory.tracks if self._shares is None else self._shares[0]
        return int(tracks.picture.sizes[2])

    @property
    def watermark_us(self) -> int:
        """Everything before this may be judged."""
        newest_arrival = max((f.arrived_us for f in self.feeds.values()), default=0)
        return max(self.mark_us, feed_time.watermark(self.feeds.values(), newest_arrival))

    def hear(
        self, number: int, block: Block, arrived_us: int = 0, arrivals_us: Array | None = None
    ) -> pl.DataFrame:  # fmt: skip
        """Take rows of one feed in the order in which they arrived; return the positions that go on.

        `arrivals_us` is the arrival of each position (int64), where they did not all come at `arrived_us`.
        """
        self.tally.count("not_a_vessel", block.others)
        at_us = np.full(block.positions.height, arrived_us, np.int64) if arrivals_us is None else arrivals_us
        before_us, marks = self.mark_us, [np.zeros((2, 0), np.int64)]
        heard = self.clocks.hear(number, block.positions, at_us)
        block = hearing.corrected(block, number, heard, at_us)
        rows = block.positions
        kept = [rows[:0].select(list(schema.POSITIONS))]
        for first, end in pairwise(sorted({0, rows.height, *(c.row for c in heard.changes)})):
            for change in heard.changes:
                if change.row == first:
                    self._retime(change)
            kept.append(self._admitted(number, rows[first:end], marks))
            self.positions.append(kept[-1])
        feed = self.feeds[number]
        feed.arrived_us = max(feed.arrived_us, arrived_us)
        self.mark_us = self.watermark_us
        if len(kept) == 1:
            self.positions.append(kept[0])
        statics = hearing.said_at(within(block.statics, self.job), np.concatenate(marks, axis=1), before_us)
        self.statics.append(statics)
        self.waiting_rows += sum(frame.height for frame in kept) + statics.height
        if self.waiting_rows >= MOST_WAITING:
            self._work(None)
        return pl.concat(kept) if len(kept) > 2 else kept[-1]

    def _admitted(self, number: int, rows: pl.DataFrame, marks: list[Array]) -> pl.DataFrame:
        """Set apart what is no vessel, far ahead or late, and let the rest move the time of its feed.

        `marks` is given the line of each row and the mark behind it.
        """
        if rows["future"].any():
            self.tally.reject(hearing.set_apart(rows.filter("future"), "future"))
            rows = rows.filter(~pl.col("future"))
        rows = self.tally.tidied(rows, self.job)
        at_us, shift_us = (rows[name].to_numpy() for name in ("at_us", "shift_us"))
        positions = rows.select(list(schema.POSITIONS))
        late, after_us = hearing.late(number, self.feeds, positions, at_us, shift_us, self.mark_us)
        if len(after_us):
            self.mark_us = int(after_us[-1])
            marks.append(np.stack([positions["line"].to_numpy(), after_us]))
        if late.any():
            self.tally.reject(hearing.set_apart(positions.filter(late), "late"))
            positions = positions.filter(~late)
        return positions

    def _retime(self, change: Change) -> None:
        """Put what still waits of a feed to where it belongs, now that more is known of its clock."""
        before = self._early
        self._early = None
        turn = self.turn()  # how much waits must not depend on when turns are taken
        self._early = turn if before is None else _both(before, turn)
        self._work(None)
        tracks = self.memory.tracks
        picture, gone = hearing.retimed(tracks.picture, change.feed, change.less_us)
        self._memory = replace(self.memory, tracks=tracks._replace(picture=picture))
        if change.less_us is None:
            self.feeds[change.feed].forget()
        if len(gone):
            columns = {name: gone[name] for name in ("mmsi", "time_us", "source", "line")}
            reason = "future" if change.less_us is None else "late"
            self.tally.reject(hearing.set_apart(pl.DataFrame(columns), reason))

    def turn(self) -> Turn | None:
        """Judge for good all that has come in order; None where nothing has."""
        early, self._early = self._early, None
        turn = self._turn()
        return turn if early is None else _both(early, turn)

    def _turn(self) -> Turn | None:
        first_us, until_us = self.settled_us, self.watermark_us
        if until_us <= first_us:
            return None
        self._work(until_us)
        outputs, statics = self.outputs, self.outputs_statics
        self.outputs, self.outputs_statics = [], []
        said = settle.settle(self.job, self._memory, self._memory.tracks, outputs, statics, (first_us, until_us))
        self._memory = said.memory
        if until_us - self.forgot_us >= FORGET_EVERY_US:
            self._forget(until_us)
        duplicates = sum(o.duplicates for o in outputs)
        self.tally.count("duplicate", duplicates)
        for output in outputs:
            for number, feed in self.feeds.items():
                feed.duplicates += int(output.repeated[number % SOURCES])
            if len(output.late):
                self.tally.reject(late_rejects(output.late))
        return Turn(said.alerts, said.findings, sum(o.positions for o in outputs), duplicates, until_us)

    def end(self) -> Turn:
        """Say what a watch would say if the world ended here; nothing of it is remembered."""
        self._work(None)
        newest_us = order.newest(scan.heard_us(self.memory.tracks))
        first_us = self.settled_us
        tracks = scan.copy(self.memory.tracks)
        release_us = int(scan.heard_us(tracks).max(initial=0)) + 1
        ahead, _ = scan.scan_tracks(self.watch, tracks.picture.held, tracks, newest_us + 1, release_us)
        memory = settle.settle(
            self.job, self.memory, self.memory.tracks, self.outputs, self.outputs_statics, (first_us, first_us)
        ).memory
        said = settle.look_ahead(self.job, memory, [ahead], (first_us, newest_us + 1))
        turn = Turn(said.alerts, said.findings, ahead.positions, ahead.duplicates, first_us)
        early, self._early = self._early, None
        return turn if early is None else _both(early, turn)

    def _work(self, until_us: int | None) -> None:
        """Pass what has come through the picture and the detectors of single tracks."""
        positions = pl.concat(self.positions) if self.positions else None
        statics = pl.concat(self.statics) if self.statics else None
        self.positions, self.statics, self.waiting_rows = [], [], 0
        block = None
        if positions is not None and statics is not None:
            block = arrivals(positions, statics)
            self.outputs_statics.append(statics)
        if self.hands == 1:
            output, tracks = self._share(block, until_us, self.memory.tracks, 0)
            self._memory = replace(self._memory, tracks=tracks)
            self.outputs.append(output)
            return
        shares = self._shares or scan.split(self._memory.tracks, self.hands)
        with ThreadPoolExecutor(len(shares), "anchorwatch-share") as threads:
            work = [threads.submit(self._share, block, until_us, one, k, len(shares)) for k, one in enumerate(shares)]
        done = [share.result() for share in work]
        self._shares = [tracks for _, tracks in done]
        self.outputs += [output for output, _ in done]

    def _share(
        self, block: Arrivals | None, until_us: int | None, tracks: scan.Memory, share: int, shares: int = 1
    ) -> tuple[scan.Output, scan.Memory]:
        """Pass what has come of one share of the vessels through its tracks."""
        held = tracks.picture.held
        events = held if block is None else events_of(block, held, share, shares)
        return scan.scan_tracks(self.watch, events, tracks, until_us)

    def _forget(self, now_us: int) -> None:
        """Drop vessels silent for days, and what no later row can ask for."""
        tracks = self.memory.tracks
        self._memory = settle.kept(
            replace(self.memory, tracks=scan.picked(tracks, worth_keeping(tracks.picture, now_us))), now_us
        )
        self.forgot_us = now_us


def _both(first: Turn, second: Turn | None) -> Turn:
    """Return two turns as one: the last word on each alert."""
    if second is None:
        return first
    alerts = {a.id: a for a in [*first.alerts, *second.alerts]}
    return Turn(
        sorted(alerts.values(), key=lambda a: (a.raised_us, a.id)), [*first.findings, *second.findings],
        first.positions + second.positions, first.duplicates + second.duplicates, second.settled_us,
    )  # fmt: skip
