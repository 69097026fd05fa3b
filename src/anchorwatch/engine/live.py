"""Live: rows in as they arrive, alerts out as soon as the hold-back allows. Pure: no clock, no socket, no disk.

The same passes and the same judgement as an archive's. Its state is a function of the rows it was given, in their
order, whatever the turns between them: so a raw log replayed gives the same alerts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch.engine import feed_time, hearing, scan, settle
from anchorwatch.engine.batch import Block, Tally, late_rejects, within
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.engine.job import Job, Memory, start
from anchorwatch.model import Alert, Finding
from anchorwatch.picture import order
from anchorwatch.picture.arrivals import arrivals, events_of
from anchorwatch.picture.clocks import Clocks
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
        self.memory = memory or start(job)
        self.feeds = feeds if feeds is not None else {}
        self.tally = tally or Tally()
        self.clocks = clocks or Clocks()
        self.positions: list[pl.DataFrame] = []
        self.statics: list[pl.DataFrame] = []
        self.waiting_rows = 0
        self.outputs: list[scan.Output] = []
        self.outputs_statics: list[pl.DataFrame] = []
        self.forgot_us = self.settled_us

    @property
    def settled_us(self) -> int:
        """Everything before this is judged."""
        return int(self.memory.tracks.picture.sizes[2])

    @property
    def watermark_us(self) -> int:
        """Everything before this may be judged."""
        newest_arrival = max((f.arrived_us for f in self.feeds.values()), default=0)
        return max(self.settled_us, feed_time.watermark(self.feeds.values(), newest_arrival))

    def hear(
        self, number: int, block: Block, arrived_us: int = 0, arrivals_us: Array | None = None
    ) -> pl.DataFrame:  # fmt: skip
        """Take rows of one feed in the order in which they arrived; return the positions that go on.

        `arrivals_us` is the arrival of each position (int64), where they did not all come at `arrived_us`.
        """
        self.tally.count("not_a_vessel", block.others)
        at_us = np.full(block.positions.height, arrived_us, np.int64) if arrivals_us is None else arrivals_us
        heard = self.clocks.hear(number, block.positions, at_us)
        for refused in heard.refused:
            self._take_back(refused)
        block = hearing.corrected(block, heard)
        source = pl.lit(number, pl.Int16)
        shift_us = np.zeros(len(at_us), np.int64) if heard.shift_us is None else heard.shift_us
        positions = block.positions.with_columns(source=source, at_us=at_us, shift_us=shift_us)
        if heard.future is not None:
            self.tally.reject(hearing.set_apart(positions.filter(heard.future), "future"))
            positions = positions.filter(~heard.future)
        before_us = self.watermark_us
        positions = self._in_time(number, self.tally.tidied(positions, self.job))
        feed = self.feeds[number]
        feed.arrived_us = max(feed.arrived_us, arrived_us)
        # What a vessel says of itself is news whenever it comes: a snapshot of old names is believed from now on.
        statics = within(block.statics, self.job).with_columns(
            source=source, time_us=pl.max_horizontal("time_us", pl.lit(before_us, pl.Int64))
        )
        self.positions.append(positions)
        self.statics.append(statics)
        self.waiting_rows += positions.height + statics.height
        if self.waiting_rows >= MOST_WAITING:
            self._work(None)
        return positions

    def _in_time(self, number: int, positions: pl.DataFrame) -> pl.DataFrame:
        """Set apart what is late, and let the rest move the time of its feed."""
        at_us, shift_us = (positions[name].to_numpy() for name in ("at_us", "shift_us"))
        positions = positions.drop("at_us", "shift_us")
        late = hearing.late(number, self.feeds, positions, at_us, shift_us, self.settled_us)
        if late.any():
            self.tally.reject(hearing.set_apart(positions.filter(late), "late"))
            positions = positions.filter(~late)
        return positions

    def _take_back(self, number: int) -> None:
        """Take back what still waits of a feed whose clock turned out to be far ahead."""
        self._work(None)
        tracks = self.memory.tracks
        picture, gone = hearing.taken_back(tracks.picture, number)
        self.memory = replace(self.memory, tracks=tracks._replace(picture=picture))
        self.feeds[number].forget()
        if len(gone):
            columns = {name: gone[name] for name in ("mmsi", "time_us", "source", "line")}
            self.tally.reject(hearing.set_apart(pl.DataFrame(columns), "future"))

    def turn(self) -> Turn | None:
        """Judge for good all that has come in order; None where nothing has."""
        first_us, until_us = self.settled_us, self.watermark_us
        if until_us <= first_us:
            return None
        self._work(until_us)
        outputs, statics = self.outputs, self.outputs_statics
        self.outputs, self.outputs_statics = [], []
        said = settle.settle(self.job, self.memory, self.memory.tracks, outputs, statics, (first_us, until_us))
        self.memory = said.memory
        if until_us - self.forgot_us >= FORGET_EVERY_US:
            self._forget(until_us)
        duplicates = sum(o.duplicates for o in outputs)
        self.tally.count("duplicate", duplicates)
        for output in outputs:
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
        return Turn(said.alerts, said.findings, ahead.positions, ahead.duplicates, first_us)

    def _work(self, until_us: int | None) -> None:
        """Pass what has come through the picture and the detectors of single tracks."""
        positions = pl.concat(self.positions) if self.positions else None
        statics = pl.concat(self.statics) if self.statics else None
        self.positions, self.statics, self.waiting_rows = [], [], 0
        held = self.memory.tracks.picture.held
        events = held
        if positions is not None and statics is not None:
            events = events_of(arrivals(positions, statics), held)
            self.outputs_statics.append(statics)
        output, tracks = scan.scan_tracks(self.watch, events, self.memory.tracks, until_us)
        self.memory = replace(self.memory, tracks=tracks)
        self.outputs.append(output)

    def _forget(self, now_us: int) -> None:
        """Drop vessels silent for days, and what no later row can ask for."""
        tracks = self.memory.tracks
        self.memory = settle.kept(
            replace(self.memory, tracks=scan.picked(tracks, worth_keeping(tracks.picture, now_us))), now_us
        )
        self.forgot_us = now_us
