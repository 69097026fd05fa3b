"""`aisstream:`: messages from volunteers' receivers, as JSON over a WebSocket. The key is sent, and never shown."""

from __future__ import annotations

import asyncio
import json
import random
import re
import ssl
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from anchorwatch.decode.aisstream import OTHER_TYPES, POSITION_TYPES, STATIC_TYPES
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed, Put
from anchorwatch.edges.feeds.lines import Intake
from anchorwatch.edges.feeds.reconnect import Lost
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.services import CONNECT_S, Service, one_line, silent_logger
from anchorwatch.edges.feeds.urls import Address

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection, connect

SERVICE = "wss://stream.aisstream.io/v0/stream"
BALTIC = (9.0, 53.0, 31.0, 66.0)  # west, south, east, north
FRAME_BYTES = 1 << 20  # a message has about 1 kB
# Services of before 2026 do not confirm a subscription; a key that is wrong is answered at once.
CONFIRMED_S = 5.0
CLOSE_S = 2.0  # a line that is dead does not answer the farewell
_NUMBER = r"-?[0-9]{1,3}(?:\.[0-9]{1,9})?"
_BOX = re.compile(rf"({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})")

Box = tuple[float, float, float, float]


class Stream(Service):
    """Messages of one box of the sea."""

    def __init__(
        self,
        address: Address,
        clock: Clock,
        key: str,
        *,
        service: str = SERVICE,
        tls: ssl.SSLContext | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take what the user has said, the clock and the key; another service and its certificates for tests."""
        super().__init__(address, clock, chance)
        self._key, self._service, self._tls = key, service, tls
        self._hidden.append(key)
        self.box = box_of(address)

    def subscription(self) -> str:
        """Return the first message to the service, with the key in it."""
        west, south, east, north = self.box
        return json.dumps(
            {
                "APIKey": self._key,
                "BoundingBoxes": [[[south, west], [north, east]]],
                "FilterMessageTypes": sorted(POSITION_TYPES | STATIC_TYPES | set(OTHER_TYPES)),
            }
        )

    async def session(self, put: Put) -> str:
        """Connect, subscribe, and give messages until the connection ends."""
        from websockets.exceptions import WebSocketException

        certificates: dict[str, Any] = {"ssl": self._tls} if self._tls else {}
        connecting = _staying()(
            self._service,
            open_timeout=CONNECT_S,
            close_timeout=CLOSE_S,
            max_size=FRAME_BYTES,
            logger=silent_logger(),  # it would write down the key
            **certificates,
        )
        try:
            async with connecting as line:
                await line.send(self.subscription())  # within 3 s, or the service hangs up
                first = await self._first(line)
                self.connected()
                return await self.pour(put, lambda intake, gate: self._read(line, first, intake, gate))
        except WebSocketException as error:
            raise self.lost(error) from None

    async def _first(self, line: ClientConnection) -> bytes:
        """Return the first message, none where nothing comes; raises Lost where the key is refused."""
        try:
            async with asyncio.timeout(CONFIRMED_S):
                return self._line(await line.recv())
        except TimeoutError:
            return b""

    async def _read(self, line: ClientConnection, first: bytes, intake: Intake, gate: asyncio.Event) -> str:
        from websockets.exceptions import WebSocketException

        try:
            intake.add(first)
            while True:
                await gate.wait()
                intake.add(self._line(await line.recv()))
        except WebSocketException as error:
            raise self.lost(error) from None

    def _line(self, frame: bytes | str) -> bytes:
        """Return a message as one line; nothing for a confirmation. Raises Lost for an error of the service."""
        line = one_line(frame)
        if b'"error"' in line or b'"SubscriptionConfirmation"' in line:
            try:
                said = json.loads(line)
            except (ValueError, RecursionError):
                return line
            if isinstance(said, dict) and "error" in said:
                raise Lost(self.without_secrets(f"the service says: {said['error']}"))
            if isinstance(said, dict) and said.get("MessageType") == "SubscriptionConfirmation":
                return b""
        return line


@cache
def _staying() -> type[connect]:
    """Return the library's way to connect, but with no redirect followed: the key is for this service and no other."""
    from websockets.asyncio.client import connect

    class Staying(connect):
        def process_redirect(self, exc: Exception) -> Exception | str:
            return exc

    return Staying


def box_of(address: Address) -> Box:
    """Return `?box=W,S,E,N` in degrees, or the Baltic. Raises BadUse."""
    said = address.options.get("box")
    if said is None:
        return BALTIC
    match = _BOX.fullmatch(said)
    west, south, east, north = map(float, match.groups()) if match else (0.0, 0.0, 0.0, 0.0)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise address.bad("box needs west, south, east, north in degrees", "As in aisstream:?box=9,53,31,66")
    return west, south, east, north


def open_aisstream(address: Address, clock: Clock, secrets: Secrets) -> Feed:
    """Return the feed of `aisstream:`. Raises BadUse where there is no key."""
    return Stream(address, clock, secrets.need("AISSTREAM_KEY", "aisstream:"))
