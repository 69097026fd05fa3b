"""Pieces, a clock that is turned by hand, and raw logs made of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import zstandard

from anchorwatch.edges import raw_log
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.raw_log import Logged, Policy, RawLog

SECOND_US = 1_000_000
DAY_S = 86_400.0


class HandClock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.us, self.s = 1_700_000_000 * SECOND_US, 0.0

    def now_us(self) -> int:
        return self.us

    def monotonic_s(self) -> float:
        return self.s

    async def sleep(self, seconds: float) -> None:
        self.pass_(seconds)

    def pass_(self, seconds: float) -> None:
        self.us += int(seconds * SECOND_US)
        self.s += seconds


def piece(n: int, feed: str = "tcp-a", form: str = "nmea", data: bytes | None = None) -> Piece:
    return Piece(feed, form, 1_700_000_000_000_000 + n * 100_000, data if data is not None else b"line %d\n" % n, n)


def whole(folder: Path, after_seq: int = 0) -> list[Logged]:
    """All pieces of a log that has no damage."""
    reading = raw_log.read(folder, after_seq)
    pieces = list(reading)
    assert reading.damage == []
    return pieces


def written(folder: Path, pieces: list[Piece], policy: Policy | None = None) -> list[Logged]:
    log = RawLog(folder, SystemClock(), policy)
    numbers = [log.append(p) for p in pieces]
    log.close()
    return [Logged(n, p) for n, p in zip(numbers, pieces, strict=True)]


def shown(path: Path) -> bytes:
    """What any reader of zstd files sees."""
    return zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True).read()


def settled(log: RawLog, done: Callable[[], bool]) -> None:
    """Wait until the log's own thread has done what it was told."""
    until = time.monotonic() + 5
    while not done():
        assert time.monotonic() < until, "the thread of the log did not do it"
        log.tick()
        time.sleep(0.002)
