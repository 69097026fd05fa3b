"""What the tests of feeds share: real peers on loopback, and a watch that only keeps what it is given."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import Feed, Piece
from anchorwatch.edges.feeds.reconnect import Backoff, Reconnecting
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import open_feed

CLOCK = SystemClock()
LINE = b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24"
OTHER = b"!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C"
T = TypeVar("T")


class Kept:
    """The pieces of one feed, and ways to wait for them."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    async def put(self, piece: Piece) -> None:
        assert piece.data.endswith(b"\n")
        self.pieces.append(piece)

    @property
    def data(self) -> bytes:
        return b"".join(p.data for p in self.pieces)

    async def bytes(self, wanted: bytes) -> None:
        """Wait until exactly this has come."""
        await until(lambda: len(self.data) >= len(wanted))
        assert self.data == wanted


async def until(true: Callable[[], bool], within_s: float = 5.0) -> None:
    """Wait until something is so; fail if that takes too long."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, "it has not come true in time"
        await asyncio.sleep(0.005)


def opened(url: str) -> Feed:
    """A feed that loses no time over waiting to connect again."""
    feed = open_feed(url, CLOCK, secrets=Secrets({}))
    if isinstance(feed, Reconnecting):
        feed.backoff = Backoff(lambda: 0.0)
    return feed


@asynccontextmanager
async def running(feed: Feed) -> AsyncIterator[Kept]:
    """Run a feed; at the end it must stop at once."""
    kept = Kept()
    task = asyncio.create_task(feed.run(kept.put))
    try:
        yield kept
    finally:
        began = time.monotonic()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 3.0  # at once, on a machine that has much else to do


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a test; everything that it has opened must be closed behind it."""
    gc.freeze()  # so that looking for what was left is quick
    before = open_files()

    async def limited() -> T:
        async with asyncio.timeout(60):
            return await main

    try:
        done = asyncio.run(limited())
        gc.collect()
    finally:
        gc.unfreeze()
    assert open_files() <= before, "something is still open"
    return done


def open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
