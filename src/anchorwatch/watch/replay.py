"""An archive or a trial, played as if it arrived now: at any speed, from any place on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from anchorwatch.decode import Options
from anchorwatch.edges.archive import Source, open_sources
from anchorwatch.edges.clock import Clock
from anchorwatch.engine.batch import Block, Tally, stream
from anchorwatch.engine.job import Job

FAST_ROWS = 50_000  # at once, where nobody holds it to a speed
FEED = "replay"
_NOTHING = Block(pl.DataFrame(), pl.DataFrame())


class Replay:
    """Rows of files in the order in which a scan takes them, let go as their time comes."""

    def __init__(
        self, paths: Sequence[str], job: Job, speed: float, clock: Clock, options: Options, from_us: int = 0
    ) -> None:  # fmt: skip
        """Open the files; `speed` is data seconds a second, 0 = as fast as it goes, as all is before `from_us`."""
        self.paths, self.job, self.speed, self.clock, self.from_us = paths, job, speed, clock, from_us
        self.leading = False  # what was let go last is from before `from_us`
        self.names = [Path(path).name for path in paths]  # as people know them
        self.go: Callable[[], bool] = lambda: True  # asked before anything from `from_us` on is let go
        self.sources: list[Source] = open_sources(list(paths), options)
        self.rejects: list[pl.DataFrame] = []
        self.positions = self.statics = 0  # rows let go so far
        self.over = False
        self._blocks = self._read()
        self._block, self._reached, self._at, self._said = _NOTHING, np.zeros(0, np.int64), 0, 0
        self._newest_us = 0
        self._began: tuple[float, int] | None = None

    @property
    def fingerprint(self) -> str:
        """Names these files: their sizes and how they begin and end."""
        digest = hashlib.sha256()
        for path in self.paths:
            file = Path(path)
            if file.is_file():
                with file.open("rb") as opened:
                    digest.update(opened.read(1 << 16))
                    digest.update(str(file.stat().st_size).encode())
        return digest.hexdigest()[:32]

    def done(self) -> float:
        """Return the part of the files that was read, 0 to 1; NaN where it is not known."""
        parts = [s.done() for s in self.sources]
        return sum(parts) / len(parts)

    def _read(self) -> Iterator[Block]:
        def blocks(source: Source) -> Iterator[Block]:
            for decoded in source.blocks(1 << 20):
                self.rejects.append(decoded.rejects)
                yield Block(decoded.positions, decoded.statics, decoded.others.height)

        inputs = [blocks(s) for s in self.sources]
        if len(inputs) == 1:
            yield from inputs[0]
        else:
            tally = Tally(self.rejects.append)
            for positions, statics in stream(self.job, inputs, tally):
                yield Block(positions, statics, tally.counts.pop("not_a_vessel", 0))

    def skip(self, positions: int, statics: int) -> None:
        """Pass over the rows that an earlier run has taken; before the first `take`."""
        self.positions, self.statics = positions, statics
        self._blocks = _behind(self._blocks, positions, statics)

    def take(self) -> Block | None:
        """Return what is due now; None where nothing is."""
        if not self._load():
            self.over, self.leading = True, False
            return None
        rows = len(self._reached)
        fast = rows if self.speed <= 0 else int(np.searchsorted(self._reached, self.from_us, "left"))
        self.leading = self.speed > 0 and self._at < fast
        if self._at < fast or fast == rows:
            return self._take(min(self._at + FAST_ROWS, fast))
        if self._began is None:
            if not self.go():
                return None
            first = int(self._reached[self._at]) if self._at < len(self._reached) else 0
            self._began = self.clock.monotonic_s(), first
        began_s, first_us = self._began
        now_us = first_us + int((self.clock.monotonic_s() - began_s) * self.speed * 1e6)
        due = int(np.searchsorted(self._reached, now_us, "right"))
        return self._take(due) if due > self._at or due == len(self._reached) else None

    def _load(self) -> bool:
        """Make sure that there are rows to take; False at the end."""
        while self._at >= len(self._reached) and self._said >= self._block.statics.height:
            block = next(self._blocks, None)
            if block is None:
                return False
            times = block.positions["time_us"].to_numpy()
            self._reached = np.maximum.accumulate(np.maximum(times, self._newest_us)) if len(times) else times
            self._newest_us = int(self._reached[-1]) if len(times) else self._newest_us
            self._block, self._at, self._said = block, 0, 0
        return True

    def _take(self, until: int) -> Block:
        """Let go the positions up to row `until` of the block, and what was said up to their time."""
        block, last = self._block, until == len(self._reached)
        said = block.statics.height
        if not last:
            times = block.statics["time_us"].to_numpy()
            reached = np.maximum.accumulate(times) if len(times) else times
            said = max(self._said, int(np.searchsorted(reached, self._reached[until - 1], "right")))
        rows = block.positions[self._at : until]
        statics = block.statics[self._said : said]
        others = block.others if self._at == 0 else 0
        self.positions += rows.height
        self.statics += statics.height
        self._at, self._said = until, said
        return Block(rows, statics, others)


def _behind(blocks: Iterator[Block], positions: int, statics: int) -> Iterator[Block]:
    """Return what comes after so many rows."""
    for block in blocks:
        first, said = min(positions, block.positions.height), min(statics, block.statics.height)
        positions, statics = positions - first, statics - said
        if first < block.positions.height or said < block.statics.height:
            yield Block(block.positions[first:], block.statics[said:], 0 if first else block.others)
