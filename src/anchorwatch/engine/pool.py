"""Who does the work on tracks: this process, or spawned ones that share the vessels between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple, Protocol

import numpy as np
import polars as pl

from anchorwatch.engine import scan
from anchorwatch.picture import order

class Ending(NamedTuple):
    """What a crew hands over at the end of a run."""

    certain: list[scan.Output]
    ahead: list[scan.Output]  # what a watch would say if the world ended now; not remembered
    memory: scan.Memory
    newest_us: int


class Crew(Protocol):
    """Takes blocks; hands everything over at the end."""

    def work(self, positions: pl.DataFrame, statics: pl.DataFrame) -> None:
        """Pass on one block."""

    def end(self) -> Ending:
        """Settle, look ahead, and hand over."""


class Alone:
    """Works in this process."""

    def __init__(self, watch: scan.Watch, memory: scan.Memory) -> None:
        self.watch, self.memory = watch, memory
        self.outputs: list[scan.Output] = []

    def work(self, positions: pl.DataFrame, statics: pl.DataFrame) -> None:
        """Pass one block through the picture and the detectors."""
        output, self.memory = scan.scan_tracks(self.watch, scan.events_of(positions, statics), self.memory)
        self.outputs.append(output)

    def end(self) -> Ending:
        """Settle and look ahead to the newest time heard."""
        return self.finish(order.newest(scan.heard_us(self.memory)))

    def finish(self, newest_us: int) -> Ending:
        """Settle and look ahead to a time."""
        certain, ahead, memory = scan.finish(self.watch, self.memory, newest_us)
        return Ending([*self.outputs, certain], [ahead], memory, newest_us)


@contextmanager
def crew(watch: scan.Watch, memory: scan.Memory, jobs: int) -> Iterator[Crew]:
    """Make a crew of `jobs` processes; one works right here."""
    if jobs <= 1:
        yield Alone(watch, memory)
        return
    shares = scan.split(memory, jobs)
    context = get_context("spawn")
    pipes, processes = [], []
    try:
        for share in shares:
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there, watch, share), daemon=True)
            process.start()
            there.close()
            pipes.append(here)
            processes.append(process)
        yield Several(pipes)
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join(timeout=10)
            if process.is_alive():
                process.kill()


class Several:
    """Hands each block's vessels to the process that keeps them."""

    def __init__(self, pipes: list[Connection]) -> None:
        self.pipes = pipes

    def work(self, positions: pl.DataFrame, statics: pl.DataFrame) -> None:
        """Hand out one block."""
        shares = len(self.pipes)
        for number, pipe in enumerate(self.pipes):
            mine = pl.col("mmsi") % shares == number
            pipe.send_bytes(_packed(positions.filter(mine)))
            pipe.send_bytes(_packed(statics.filter(mine)))

    def end(self) -> Ending:
        """Agree on the newest time heard, then collect what every process found."""
        for pipe in self.pipes:
            pipe.send_bytes(b"")
        newest_us = order.newest(np.concatenate([pipe.recv() for pipe in self.pipes]))
        for pipe in self.pipes:
            pipe.send(newest_us)
        endings: list[Ending] = [pipe.recv() for pipe in self.pipes]
        return Ending(
            [output for ending in endings for output in ending.certain],
            [output for ending in endings for output in ending.ahead],
            scan.join([ending.memory for ending in endings]),
            newest_us,
        )


def _packed(frame: pl.DataFrame) -> bytes:
    """Return a frame as Arrow bytes."""
    buffer = BytesIO()
    frame.write_ipc(buffer, compression="uncompressed")
    return buffer.getvalue()


def _work(pipe: Connection, watch: scan.Watch, memory: scan.Memory) -> None:
    """One process: blocks in until an empty message, then everything out."""
    alone = Alone(watch, memory)
    while first := pipe.recv_bytes():
        alone.work(pl.read_ipc(BytesIO(first)), pl.read_ipc(BytesIO(pipe.recv_bytes())))
    pipe.send(scan.heard_us(alone.memory))
    pipe.send(alone.finish(pipe.recv()))
