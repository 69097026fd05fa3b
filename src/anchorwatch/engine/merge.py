"""Several inputs as one stream in time order, whatever the size of the blocks they come in.

Each row is placed by the newest time its own file had reached when it came, then by file, then by row.
That order does not depend on blocks, keeps each file's own order, and lets day files follow each other
and receivers' logs interleave. Only files that have begun are held, one block each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

REACHED = "reached_us"


class _Head(NamedTuple):
    number: int
    frame: pl.DataFrame
    blocks: Iterator[pl.DataFrame]

    @property
    def last(self) -> tuple[int, int]:
        return int(self.frame[REACHED][-1]), self.number


def merge(inputs: Sequence[Iterator[pl.DataFrame]]) -> Iterator[pl.DataFrame]:
    """Merge streams of frames that have a `time_us` column."""
    heads = [head for number, blocks in enumerate(inputs) if (head := _next(number, blocks, None)) is not None]
    while len(heads) > 1:
        bound = min(head.last for head in heads)
        ready, kept = [], []
        for head in heads:
            reached = head.frame[REACHED].to_numpy()
            side = "right" if head.number <= bound[1] else "left"
            cut = int(np.searchsorted(reached, bound[0], side))  # type: ignore[call-overload]
            if cut:
                ready.append(head.frame[:cut])
            rest: _Head | None = head._replace(frame=head.frame[cut:])
            if rest is not None and rest.frame.height == 0:
                rest = _next(head.number, head.blocks, int(reached[-1]))
            if rest is not None:
                kept.append(rest)
        heads = kept
        yield (
            pl.concat(ready).sort(REACHED, maintain_order=True).drop(REACHED)
            if len(ready) > 1
            else ready[0].drop(REACHED)
        )
    for head in heads:
        yield head.frame.drop(REACHED)
        yield from head.blocks


def _next(number: int, blocks: Iterator[pl.DataFrame], reached_us: int | None) -> _Head | None:
    """Read the next block that has rows and note how far in time its file had come at each row."""
    for frame in blocks:
        if frame.height:
            newest = np.maximum.accumulate(frame["time_us"].to_numpy())
            if reached_us is not None:
                newest = np.maximum(newest, reached_us)
            return _Head(number, frame.with_columns(pl.Series(REACHED, newest)), blocks)
    return None
