"""Who does the work on tracks: this process in a few threads, or spawned ones, that share the vessels between them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, Protocol

import numpy as np
import polars as pl

from anchorwatch.engine import scan
from anchorwatch.picture import order
from anchorwatch.picture.arrivals import Arrivals, arrivals, events_of

Array = np.ndarray[Any, Any]


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
    """Works in this process, in threads that share the vessels: the compiled passes do not hold Python's lock."""

    def __init__(self, watch: scan.Watch, memory: scan.Memory, hands: int) -> None:
        """Share the vessels of `memory` out over that many threads."""
        self.watch = watch
        self.shares = scan.split(memory, hands)
        self.outputs: list[scan.Output] = []
        self.threads = ThreadPoolExecutor(hands, "anchorwatch-share")
        self.under_way: list[Future[tuple[scan.Output, scan.Memory]]] = []

    def work(self, positions: pl.DataFrame, statics: pl.DataFrame) -> None:
        """Pass one block through the picture and the detectors, while the caller prepares the next."""
        block = arrivals(positions, statics)
        self._gather()
        self.under_way = [self.threads.submit(self._share, block, share) for share in range(len(self.shares))]

    def _share(self, block: Arrivals, share: int) -> tuple[scan.Output, scan.Memory]:
        memory = self.shares[share]
        events = events_of(block, memory.picture.held, share, len(self.shares))
        return scan.scan_tracks(self.watch, events, memory)

    def _gather(self) -> None:
        """Wait for the block under way."""
        for share, work in enumerate(self.under_way):
            output, self.shares[share] = work.result()
            self.outputs.append(output)
        self.under_way = []

    def heard_us(self) -> Array:
        """When each vessel was heard last, once all is done."""
        self._gather()
        return np.concatenate([scan.heard_us(memory) for memory in self.shares])

    def end(self) -> Ending:
        """Settle and look ahead to the newest time heard."""
        return self.finish(order.newest(self.heard_us()))

    def finish(self, newest_us: int) -> Ending:
        """Settle and look ahead to a time."""
        certain, ahead, memory = scan.finish(self.watch, scan.join(self.shares), newest_us)
        return Ending([*self.outputs, certain], [ahead], memory, newest_us)

    def close(self) -> None:
        """Let the threads go."""
        self.threads.shutdown()


def hands(jobs: int) -> int:
    """How many threads share the vessels of one of `jobs` processes; more than four wait for the reader."""
    return max(1, min(4, (os.cpu_count() or 1) // jobs))


@contextmanager
def crew(watch: scan.Watch, memory: scan.Memory, jobs: int) -> Iterator[Crew]:
    """Make a crew of `jobs` processes; one works right here."""
    if jobs <= 1:
        with closing(Alone(watch, memory, hands(1))) as alone:
            yield alone
        return
    shares = scan.split(memory, jobs)
    context = get_context("spawn")
    pipes, processes = [], []
    try:
        for share in shares:
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there, watch, share, hands(jobs)), daemon=True)
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
        """Take the pipes to the processes, in the order of their shares."""
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


def _work(pipe: Connection, watch: scan.Watch, memory: scan.Memory, hands: int) -> None:
    """One process: blocks in until an empty message, then everything out."""
    with closing(Alone(watch, memory, hands)) as alone:
        while first := pipe.recv_bytes():
            alone.work(pl.read_ipc(BytesIO(first)), pl.read_ipc(BytesIO(pipe.recv_bytes())))
        pipe.send(alone.heard_us())
        pipe.send(alone.finish(pipe.recv()))
