"""`stdin:`: lines from a pipe. The one feed that has an end."""

from __future__ import annotations

import asyncio
import os
import stat
import sys

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import ENDED, Feed, Put
from anchorwatch.edges.feeds.descriptors import reading
from anchorwatch.edges.feeds.lines import Cutter
from anchorwatch.edges.feeds.reconnect import Reconnecting, words
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import Address

READ_BYTES = 1 << 18


class StandardInput(Reconnecting):
    """Lines from standard input, until its end."""

    def __init__(self, address: Address, clock: Clock, fd: int) -> None:
        """Take the descriptor to read."""
        super().__init__(address, clock)
        self.fd = fd

    async def run(self, put: Put) -> None:
        """Give lines until the end."""
        self.connected()
        about = os.fstat(self.fd).st_mode
        # The system cannot wait for plain files and /dev/null, and there is nothing to wait for. A terminal can wait.
        waits = stat.S_ISFIFO(about) or stat.S_ISSOCK(about) or os.isatty(self.fd)
        why = await self._as_it_comes(put) if waits else await self._at_once(put)
        self.enter(ENDED, why)

    async def _as_it_comes(self, put: Put) -> str:
        with reading(self.fd, self.clock, self._read, Cutter()) as intake:
            while (taken := await intake.take(None)) is not None:
                await self.give(put, *taken)
            return intake.ended or ""

    async def _at_once(self, put: Put) -> str:
        cutter = Cutter()
        try:
            while True:
                if lines := cutter.cut(self._read()):
                    await self.give(put, lines, self.clock.now_us())
                await asyncio.sleep(0)
        except (EOFError, OSError) as end:
            if last := cutter.rest():
                await self.give(put, last, self.clock.now_us())
            return words(end)

    def _read(self) -> bytes:
        data = os.read(self.fd, READ_BYTES)
        if not data:
            raise EOFError("the input has ended")
        return data


def open_stdin(address: Address, clock: Clock, _secrets: Secrets) -> Feed:
    """Return the feed of `stdin:`. Raises BadUse where there is no standard input."""
    try:
        if sys.__stdin__ is not None:
            return StandardInput(address, clock, sys.__stdin__.fileno())
    except (OSError, ValueError):
        pass
    raise address.bad("there is no standard input")
