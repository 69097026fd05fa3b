"""`tcp://HOST:PORT`: lines from a server, as receivers, multiplexers and coast stations give them."""

from __future__ import annotations

import asyncio
import socket

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed, Put
from anchorwatch.edges.feeds.lines import Cutter, Intake
from anchorwatch.edges.feeds.reconnect import Reconnecting, words
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import Address

CONNECT_S = 10.0  # an answer over a satellite link takes about one second
# A peer that is gone without a word is found out after 30 + 3 x 10 s, also where `?silent=` is long.
KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}


def keep_alive(sock: socket.socket) -> None:
    """Let the system ask a silent peer whether it is still there."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        if hasattr(socket, name):  # not on every system
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class Line(asyncio.Protocol):
    """One connection: whole lines go to the intake."""

    transport: asyncio.Transport

    def __init__(self, clock: Clock) -> None:
        """Start before the connection."""
        self.cutter = Cutter()
        self.intake = Intake(clock, lambda: self.transport.pause_reading(), lambda: self.transport.resume_reading())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        keep_alive(transport.get_extra_info("socket"))

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self.intake.add(self.cutter.cut(data))

    def connection_lost(self, error: Exception | None) -> None:
        """Give the last line, though it may be half of one: its checksum tells."""
        self.intake.add(self.cutter.rest())
        self.intake.end(words(error) if error else "the other side closed the connection")


class Client(Reconnecting):
    """Lines from a server."""

    async def session(self, put: Put) -> str:
        """Connect, and give lines until the connection ends."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_S):
            transport, line = await loop.create_connection(
                lambda: Line(self.clock), self.address.host, self.address.port, happy_eyeballs_delay=0.25
            )
        try:
            self.connected()
            return await self.give_all(put, line.intake, line.cutter)
        finally:
            transport.abort()


def open_client(address: Address, clock: Clock, _secrets: Secrets) -> Feed:
    """Return the feed of `tcp://HOST:PORT`."""
    return Client(address, clock)
