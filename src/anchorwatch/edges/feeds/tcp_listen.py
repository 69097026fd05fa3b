"""`tcp-listen://ADDRESS:PORT`: lines from receivers that connect to us."""

from __future__ import annotations

import asyncio
import ipaddress

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import CONNECTED, CONNECTING, WAITING, Feed, Put
from anchorwatch.edges.feeds.lines import Cutter, Intake
from anchorwatch.edges.feeds.reconnect import SILENCES, Reconnecting
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.tcp import keep_alive
from anchorwatch.edges.feeds.urls import Address

MOST_PEERS = 16  # one feed is one receiver, perhaps a few; each costs at most a line of memory
NOBODY = "listening; nobody is connected"


class Peer(asyncio.Protocol):
    """One that has connected to us."""

    transport: asyncio.Transport

    def __init__(self, listener: Listener, intake: Intake) -> None:
        """Start before the connection."""
        self.listener, self.intake, self.cutter = listener, intake, Cutter()
        self.heard_s = listener.clock.monotonic_s()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection, or refuse it."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.listener.came(self)
        if not transport.is_closing():
            keep_alive(transport.get_extra_info("socket"))

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self.heard_s = self.listener.clock.monotonic_s()
        self.intake.add(self.cutter.cut(data))
        if self.intake.paused:  # also one that came while the others were told to pause
            self.transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        """Give the last line, though it may be half of one."""
        self.intake.add(self.cutter.rest())
        self.listener.left(self)


class Listener(Reconnecting):
    """Lines from whoever connects; several at once are one feed."""

    def __init__(self, address: Address, clock: Clock) -> None:
        """Take what the user has said."""
        super().__init__(address, clock)
        self.peers: set[Peer] = set()
        self.sources = sources(address)

    async def session(self, put: Put) -> str:
        """Listen, and give lines for as long as we may."""
        loop = asyncio.get_running_loop()
        intake = Intake(self.clock, self._pause, self._resume)
        server = await loop.create_server(lambda: Peer(self, intake), self.address.host, self.address.port)
        try:
            self.enter(CONNECTING, NOBODY)
            while True:
                await self.give_all(put, intake)  # returns when all are silent
                self.drop_silent()
        finally:
            server.close()
            for peer in list(self.peers):
                peer.transport.abort()

    def came(self, peer: Peer) -> None:
        """Take a new peer in, if it may come and there is room."""
        who = (peer.transport.get_extra_info("peername") or ("",))[0]
        if len(self.peers) >= MOST_PEERS:
            self.drop_silent()
        if (self.sources and who not in self.sources) or len(self.peers) >= MOST_PEERS:
            peer.transport.abort()
            return
        self.peers.add(peer)
        if self.health.state == CONNECTED:
            self.health.connects += 1
        else:
            self.connected()

    def left(self, peer: Peer) -> None:
        """Forget a peer."""
        if peer in self.peers:
            self.peers.remove(peer)
            if not self.peers:
                self.enter(WAITING, NOBODY)

    def drop_silent(self) -> None:
        """Hang up on those that said nothing for too long: they may be gone without a word."""
        before_s = self.clock.monotonic_s() - SILENCES * self.silent_after_s
        for peer in list(self.peers):
            if peer.heard_s <= before_s:
                peer.transport.abort()
                self.left(peer)

    def _pause(self) -> None:
        for peer in self.peers:
            peer.transport.pause_reading()

    def _resume(self) -> None:
        for peer in self.peers:
            peer.transport.resume_reading()


def sources(address: Address) -> frozenset[str]:
    """Return the addresses of `?from=`, the only ones that may send; none = all. Raises BadUse."""
    try:
        said = address.options.get("from", "")
        return frozenset(str(ipaddress.ip_address(one)) for one in said.split(",") if one)
    except ValueError:
        raise address.bad("from needs addresses, with commas between them", "As in ?from=192.0.2.5") from None


def open_listener(address: Address, clock: Clock, _secrets: Secrets) -> Feed:
    """Return the feed of `tcp-listen://`. Other machines may connect only where `?open=yes` is said."""
    try:
        near = address.host == "localhost" or ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        raise address.bad("tcp-listen needs an address of this machine, not a name", "As in 127.0.0.1") from None
    if address.options.get("open", "no") not in ("yes", "no"):
        raise address.bad("open is yes or no")
    if not near and address.options.get("open") != "yes":
        why = "any machine that reaches this address could send false traffic"
        raise address.bad(why, "Say ?open=yes if that is meant, best with ?from=ADDRESS")
    return Listener(address, clock)
