"""`digitraffic:`: Finnish waters by Fintraffic, MQTT over a WebSocket, and the picture at start by HTTP. No login."""

from __future__ import annotations

import asyncio
import random
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import CONNECTED, Feed, Put
from anchorwatch.edges.feeds.lines import LINE_BYTES, Intake
from anchorwatch.edges.feeds.reconnect import Lost
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.services import APPLICATION, CONNECT_S, LEAVE_S, Service, one_line, parts_of, silent_logger
from anchorwatch.edges.feeds.urls import Address

if TYPE_CHECKING:
    import aiomqtt
    import httpx

BROKER = "wss://meri.digitraffic.fi:443/mqtt"
REST = "https://meri.digitraffic.fi"
TOPICS = ("vessels-v2/+/location", "vessels-v2/+/metadata", "vessels-v2/status")
STATUS = "vessels-v2/status"  # the service's own sign of life: no traffic
DOCUMENTS = (("/api/ais/v1/locations", "features"), ("/api/ais/v1/vessels", ""))
# They ask for a name of whoever uses it, and answer 406 without gzip.
HEADERS = {"Digitraffic-User": APPLICATION, "Accept-Encoding": "gzip", "User-Agent": APPLICATION}
# A broker that is gone without a word is found out in this time (ping without answer), also where `?silent=` is long.
KEEPALIVE_S = 15
# About 100 messages come in a second: what waits while the watch is behind, before some are lost.
MOST_WAITING = 50_000


class Waiting(asyncio.Queue[Any]):
    """Messages that the watch has not taken; MQTT of QoS 0 cannot be told to wait, so the newest are lost, counted."""

    lost = 0

    def put_nowait(self, item: Any) -> None:
        """Add a message, or lose it. Of one too long only the beginning waits: many would fill the memory."""
        payload = getattr(item, "payload", None)
        if isinstance(payload, bytes | bytearray) and len(payload) > LINE_BYTES:
            item.payload = bytes(payload[:LINE_BYTES])
        if self.full():
            self.lost += 1
        else:
            super().put_nowait(item)


class Broker(Service):
    """Messages and the picture at start."""

    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        broker: str = BROKER,
        rest: str = REST,
        tls: ssl.SSLContext | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take what the user has said and the clock; another service and its certificates for tests."""
        super().__init__(address, clock, chance)
        self._broker, self._rest, self._tls = urlsplit(broker), rest, tls
        self._identifier = f"anchorwatch-{token_hex(8)}"
        self._alive_us = 0

    async def session(self, put: Put) -> str:
        """Connect, subscribe, and give messages until the connection ends."""
        import aiomqtt

        waiting = Waiting(MOST_WAITING)
        client = aiomqtt.Client(
            self._broker.hostname or "",
            self._broker.port or 443,
            identifier=self._identifier,
            transport="websockets",
            websocket_path=self._broker.path,
            tls_context=self._certificates(),
            keepalive=KEEPALIVE_S,
            timeout=KEEPALIVE_S,
            queue_type=cast("type[asyncio.Queue[aiomqtt.Message]]", lambda maxsize: waiting),
            max_queued_incoming_messages=MOST_WAITING,
            logger=silent_logger(),  # what went wrong is in the feed's health
        )
        try:
            async with entered(client):
                await client.subscribe([(topic, 0) for topic in TOPICS])
                self.connected()
                why = await self.pour(
                    put, lambda intake, gate: self._read(client, waiting, intake, gate), self._picture
                )
                return f"{why}, but the service is alive" if "silent" in why and self._alive() else why
        except aiomqtt.MqttError as error:
            raise self.lost(error) from None

    def _certificates(self) -> ssl.SSLContext | None:
        return self._tls or (ssl.create_default_context() if self._broker.scheme == "wss" else None)

    def _alive(self) -> bool:
        return (self.clock.now_us() - self._alive_us) / 1e6 < self.silent_after_s

    async def _read(self, client: aiomqtt.Client, waiting: Waiting, intake: Intake, gate: asyncio.Event) -> str:
        import aiomqtt

        lost = 0
        try:
            async for message in client.messages:
                if message.topic.value == STATUS:
                    self._alive_us = self.clock.now_us()
                else:
                    intake.add(line_of(message.topic.value, message.payload))
                await gate.wait()
                if waiting.lost > lost:
                    lost = waiting.lost
                    self.enter(CONNECTED, f"connected, but the watch is behind: {lost} messages are lost")
        except aiomqtt.MqttError as error:
            raise self.lost(error) from None
        return "the service ended the stream"

    async def _picture(self, intake: Intake, gate: asyncio.Event) -> str:
        """Fetch the picture at start, and then let the stream go on."""
        import httpx

        async with httpx.AsyncClient(verify=self._tls or True, timeout=CONNECT_S) as http:
            await self.snapshot(lambda: self._documents(http), intake, gate)
        await asyncio.Event().wait()
        return ""

    async def _documents(self, http: httpx.AsyncClient) -> AsyncIterator[bytes]:
        for path, member in DOCUMENTS:
            document = await self.fetched(http, self._rest + path, HEADERS)
            records = document.get(member) if member and isinstance(document, dict) else document
            if not isinstance(records, list):
                raise Lost("the picture at start is no list")
            for part in parts_of(records):
                yield part


@asynccontextmanager
async def entered(client: aiomqtt.Client) -> AsyncIterator[None]:
    """Connect, and hang up at the end; also where that comes while a thread of the library is connecting."""
    connecting = asyncio.ensure_future(client.__aenter__())
    try:
        await asyncio.shield(connecting)
    except asyncio.CancelledError:
        await asyncio.wait([connecting], timeout=LEAVE_S)
        if connecting.done() and not connecting.cancelled() and connecting.exception() is None:
            await client.__aexit__(None, None, None)
        connecting.cancel()
        raise
    try:
        yield
    finally:
        await client.__aexit__(*sys.exc_info())


def line_of(topic: str, payload: object) -> bytes:
    """Return a message as decode.digitraffic reads it: topic, tab, payload."""
    data = payload if isinstance(payload, bytes | bytearray) else str(payload).encode("utf-8", "replace")
    return one_line(topic.encode("utf-8", "replace") + b"\t" + bytes(data))


def open_digitraffic(address: Address, clock: Clock, _secrets: Secrets) -> Feed:
    """Return the feed of `digitraffic:`."""
    return Broker(address, clock)
