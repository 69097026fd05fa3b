"""Cursor-on-Target: the vessel of an alert as a point on the map of ATAK, WinTAK and their like.

Affiliation is always unknown: this program warns of behaviour and never says who is whose friend.
Delivery is not acknowledged in this protocol: written to the network is all that can be known.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
import warnings
from typing import Any
from urllib.parse import urlsplit

from anchorwatch.edges.notify import words
from anchorwatch.edges.notify.channel import Channel, Failed, Message, Note
from anchorwatch.edges.notify.tls import context
from anchorwatch.edges.records import time_us
from anchorwatch.model import rfc3339

TYPE = "a-u-S-X-M"  # atom, unknown affiliation, sea surface, ..., merchant: never anything else
STALE_US = 3_600_000_000  # from the map an hour after the last word. Choice: longer than any vessel's silence
MOST_BYTES = 1400  # within the 1500 of Ethernet, IPv6 and tunnels included: a multicast in pieces is often lost
ENDING_S = 1.0  # for the other side to take what was written
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, Char


def event(note: Note, now_us: int) -> bytes:
    """Return one event as XML that fits into one packet; Failed where the alert has no place."""
    remarks = _bare(words.message([note]).body)
    data = _event(note, remarks, now_us)
    while len(data) > MOST_BYTES and remarks:
        remarks = remarks[
            : max(0, len(remarks) - max(20, (len(data) - MOST_BYTES) // 7))
        ]  # a sign takes 7 bytes at most
        data = _event(note, remarks + "...", now_us)
    return data


def _event(note: Note, remarks: str, now_us: int) -> bytes:
    pytak = _pytak()
    alert, position = note.alert, note.alert["position"]
    if not position:
        raise Failed("the alert has no place to show on a map")
    over = alert["status"] != "open" or note.work.get("state") == "closed"
    mmsi = alert["vessel"]["mmsi"]
    detail = pytak.cot_detail(flow_tag=False)
    pytak.add_remarks(detail, [remarks])
    made = pytak.cot_event(
        uid=f"MMSI-{mmsi:09d}" if mmsi else f"anchorwatch-{_bare(alert['id'])}",
        cot_type=TYPE,
        how="m-g",
        point=pytak.cot_point(position["lat"], position["lon"], precision=6),
        detail=detail,
        callsign=_bare(words.harmless(alert["vessel"]["name"], 40)) or (f"MMSI {mmsi}" if mmsi else alert["kind"]),
    )
    made.set("time", rfc3339(now_us))
    made.set("start", rfc3339(min(time_us(alert["end"]), now_us)))
    made.set("stale", rfc3339(now_us if over else now_us + STALE_US))
    data: bytes = pytak.serialize_cot(made, trailing_newline=True)
    return data


class CotSender:
    """Sends to one address."""

    def __init__(self, channel: Channel) -> None:
        """Take where to send."""
        parts = urlsplit(channel.url)
        self.scheme, self.host, self.port = channel.scheme, parts.hostname or "", parts.port or 0
        self.tls = context(channel) if self.scheme == "cot+tls" else None

    async def send(self, message: Message, now_us: int) -> None:
        """Send each note as an event; a test as the ping of this protocol."""
        events = [event(note, now_us) for note in message.notes] or [_ping(now_us)]
        for data in events:
            if self.scheme == "cot+udp":
                await self._datagram(data)
            else:
                await self._stream(data)

    async def _datagram(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        family, _, _, _, address = (await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_DGRAM))[0]
        with socket.socket(family, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            if family == socket.AF_INET:  # allows a broadcast address, and changes nothing for any other
                out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            await loop.sock_sendto(out, data, address)

    async def _stream(self, data: bytes) -> None:
        reader, writer = await asyncio.open_connection(self.host, self.port, ssl=self.tls)
        try:
            await _written(writer, data)
            # What the server sends must be read: closing with unread bytes resets the connection, and ours are lost.
            with contextlib.suppress(TimeoutError, OSError):
                async with asyncio.timeout(ENDING_S):
                    while await reader.read(65_536):
                        pass
        finally:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
                async with asyncio.timeout(ENDING_S):
                    await writer.wait_closed()


async def _written(writer: asyncio.StreamWriter, data: bytes) -> None:
    try:
        writer.write(data)
        await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError as error:
        raise Failed(f"the connection broke ({error.strerror or type(error).__name__})", perhaps=True) from error


def _ping(now_us: int) -> bytes:
    """Return what TAK programs send to see whether a connection works; it shows nothing on any map."""
    pytak = _pytak()
    made = pytak.cot_event(uid="anchorwatch-test", cot_type="t-x-c-t", detail=pytak.cot_detail(flow_tag=False))
    made.set("time", rfc3339(now_us))
    made.set("start", rfc3339(now_us))
    made.set("stale", rfc3339(now_us + 60_000_000))
    data: bytes = pytak.serialize_cot(made, trailing_newline=True)
    return data


def _bare(text: str) -> str:
    return _NO_XML.sub(" ", text)


def _pytak() -> Any:
    """Import pytak where it is needed. It warns that aiohttp, with which we have nothing to do, is missing."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The 'aiohttp' package is required", category=UserWarning)
        import pytak
    return pytak
