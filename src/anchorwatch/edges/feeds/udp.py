"""`udp://ADDRESS:PORT`: lines in datagrams, sent to this machine, to all (broadcast) or to a group (multicast)."""

from __future__ import annotations

import ipaddress
import os
import socket
import struct
import sys
from typing import Any

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed, Put
from anchorwatch.edges.feeds.descriptors import reading
from anchorwatch.edges.feeds.lines import line_feeds
from anchorwatch.edges.feeds.reconnect import SILENCES, Lost, Reconnecting
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.tcp_listen import sources
from anchorwatch.edges.feeds.urls import Address

BUFFER_BYTES = 8 << 20  # asked for; the system gives what net.core.rmem_max allows
DATAGRAM_BYTES = 65536
AT_ONCE = 512  # datagrams read before others in the loop have their turn: about 1 ms
SO_MEMINFO, MEMINFO = 55, struct.Struct("9I")  # Linux, asm-generic/socket.h; the last one is sk_drops


class Datagrams(Reconnecting):
    """Lines in datagrams. Each datagram holds whole lines; the last needs no line end."""

    def __init__(self, address: Address, clock: Clock) -> None:
        """Take what the user has said."""
        super().__init__(address, clock)
        self.sources = sources(address)
        self.lost = 0  # datagrams that came faster than they were read, since the socket was opened

    async def session(self, put: Put) -> str:
        """Open the socket, and give lines until it is silent for too long; then joining the group anew may help."""
        silent_s = self.silent_after_s * SILENCES
        family, place = resolved(self.address)
        with opened(family, place, self.address.options.get("interface", "")) as sock:
            self.connected()
            self.lost = 0
            with reading(sock.fileno(), self.clock, lambda: self._receive(sock)) as intake:
                while True:
                    try:
                        taken = await intake.take(silent_s)
                    except TimeoutError:
                        return f"nothing has come for {silent_s:.0f} s"
                    if taken is None:
                        return intake.ended or ""
                    self._note_lost(sock)
                    await self.give(put, line_feeds(taken[0]), taken[1])

    def _receive(self, sock: socket.socket) -> bytes:
        """Return the lines of the datagrams that are there, not all of them in a flood."""
        parts: list[bytes] = []
        try:
            for _ in range(AT_ONCE):
                if self.sources:
                    data, sender = sock.recvfrom(DATAGRAM_BYTES)
                    if sender[0].partition("%")[0] not in self.sources:
                        continue
                else:
                    data = sock.recv(DATAGRAM_BYTES)
                if data:
                    parts.append(data if data.endswith((b"\n", b"\r")) else data + b"\n")
        except (BlockingIOError, InterruptedError):
            pass
        return b"".join(parts)

    def _note_lost(self, sock: socket.socket) -> None:
        """Tell how many datagrams the system had no room for."""
        lost = dropped(sock)
        if lost != self.lost:
            self.lost = lost
            self.enter(self.health.state, f"{lost} datagrams were lost: they come faster than they are read")


def dropped(sock: socket.socket) -> int:
    """Return how many datagrams of a socket the system dropped; 0 where it does not say."""
    if sys.platform != "linux":
        return 0
    try:
        return int(MEMINFO.unpack(sock.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, MEMINFO.size))[8])
    except (OSError, struct.error):
        return 0


def resolved(address: Address) -> tuple[int, Any]:
    """Return the family and the socket address; no name is looked up."""
    flags = socket.AI_NUMERICHOST | socket.AI_PASSIVE
    family, _, _, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM, flags=flags)[0]
    return family, place


def opened(family: int, place: Any, interface: str) -> socket.socket:
    """Return a socket that hears what is sent to `place`, a member of the group where that is one."""
    host = str(place[0]).partition("%")[0]
    group = ipaddress.ip_address(host)
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        if group.is_multicast:  # others on this machine may listen to the group, too
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("", *place[1:]) if group.is_multicast and os.name == "nt" else place)
        if group.is_multicast:
            _join(sock, group, interface)
    except BaseException:
        sock.close()
        raise
    return sock


def _join(sock: socket.socket, group: ipaddress.IPv4Address | ipaddress.IPv6Address, interface: str) -> None:
    """Join a group on an interface: its name, or one of its IPv4 addresses; "" = as the system chooses."""
    if isinstance(group, ipaddress.IPv6Address):
        wanted = group.packed + struct.pack("@I", _index(interface) if interface else 0)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, wanted)
        return
    try:
        own = ipaddress.IPv4Address(interface or "0.0.0.0").packed
        wanted = group.packed + own
    except ValueError:
        wanted = group.packed + bytes(4) + struct.pack("@i", _index(interface))  # ip_mreqn, Linux and BSD
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, wanted)


def _index(interface: str) -> int:
    try:
        return socket.if_nametoindex(interface)
    except OSError:
        raise Lost(f"there is no network interface {interface}") from None


def open_udp(address: Address, clock: Clock, _secrets: Secrets) -> Feed:
    """Return the feed of `udp://ADDRESS:PORT`. Raises BadUse."""
    try:
        resolved(address)
    except OSError:
        raise address.bad(
            "udp needs an address in numbers, not a name", "As in 0.0.0.0, 127.0.0.1, 239.192.0.1"
        ) from None
    return Datagrams(address, clock)
