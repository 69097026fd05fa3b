"""Slow clients are cut off: one that sends its headers or its body drop by drop, or does not take its answer.

uvicorn itself only ends connections that wait for a request after another. Everything here is counted from the first
byte of a request on, so sending one byte a second gains nothing.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from anchorwatch.console.limits import Places, address_key
from anchorwatch.console.settings import Settings
from anchorwatch.console.socket_protocol import SocketProtocol

LEAST_BYTES_PER_S = 1024  # a client that takes less of its answer than a modem did is cut off


class Takers:
    """Watches that a client takes what it is sent."""

    def __init__(self, write_s: float) -> None:
        """Take how long it may take nothing."""
        self._write_s = write_s
        self._timer: asyncio.TimerHandle | None = None
        self._left = 0

    def watch(self, transport: asyncio.Transport) -> None:
        """Look again after a while, if there is something left to be taken."""
        left = transport.get_write_buffer_size()
        if self._timer is None and left:
            self._left = left
            self._timer = asyncio.get_running_loop().call_later(self._write_s, self._look, transport)

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, transport: asyncio.Transport) -> None:
        self._timer = None
        left = transport.get_write_buffer_size()
        if left and self._left - left < LEAST_BYTES_PER_S * self._write_s:
            transport.abort()
        else:
            self.watch(transport)


class Requests(H11Protocol):
    """One connection with requests."""

    settings: Settings
    places: Places

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; a client with too many connections is sent away."""
        super().connection_made(cast(asyncio.Transport, transport))
        self._takers = Takers(self.settings.write_s)
        self._deadline: asyncio.TimerHandle | None = None
        self._phase: object = None
        self._key = address_key(self.client[0] if self.client else "")
        self._placed = self.places.take(self._key)
        if not self._placed:
            self.transport.abort()
        else:
            self._expect(h11.IDLE, self.settings.header_s)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self._placed:
            super().data_received(data)
        if self._placed:  # not handed over to a stream, which has no body to wait for
            self._look()

    def on_response_complete(self) -> None:
        """Wait for the next request as long as uvicorn says, and for the client to take this answer."""
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE:
            self._expect(None, 0.0)
        else:
            self._look()
        self._takers.watch(self.transport)

    def pause_writing(self) -> None:
        """The client does not take its answer as fast as it is made."""
        super().pause_writing()
        self._takers.watch(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._leave()
        self._takers.stop()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over: from now on it is a stream. One that comes with a body is none (RFC 6455, 4.1)."""
        bodies = (b"content-length", b"transfer-encoding")
        if event.method != b"GET" or any(name in bodies and value != b"0" for name, value in event.headers):
            self.transport.abort()  # the stream's own protocol would wait for ever for what it cannot read
            return
        self._leave()
        self._takers.stop()
        super().handle_websocket_upgrade(event)

    def send_400_response(self, msg: str) -> None:
        """Tell that this was no request; the client must take that, too."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
            self._takers.watch(self.transport)
        else:  # nonsense while an answer is on its way, or after it
            self.transport.abort()

    def _look(self) -> None:
        """See in which part of a request the client is, and give it its time."""
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._expect(state, self.settings.body_s)
        elif state is h11.IDLE:
            self._expect(state, self.settings.header_s)
        else:
            self._expect(None, 0.0)

    def _expect(self, phase: object, seconds: float) -> None:
        if phase is self._phase:
            return  # the time runs since this part began
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._phase = phase
        if phase is not None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _leave(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if self._placed:
            self._placed = False
            self.places.leave(self._key)


class Streams(SocketProtocol):
    """One connection with a stream."""

    settings: Settings

    def __init__(self, *args: Any, **options: Any) -> None:
        """Begin."""
        super().__init__(*args, **options)
        self._takers = Takers(self.settings.write_s)

    def pause_writing(self) -> None:
        """The client does not take the stream as fast as it is made."""
        super().pause_writing()
        self._takers.watch(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._takers.stop()
        super().connection_lost(exc)


def protocols(settings: Settings) -> tuple[type[Requests], type[Streams]]:
    """Return both kinds of connection of one server, with its limits."""
    each = settings.connections if settings.public_url else settings.connections_each  # a proxy brings everybody
    places = Places(settings.connections, each)
    return (
        type("Requests", (Requests,), {"settings": settings, "places": places}),
        type("Streams", (Streams,), {"settings": settings}),
    )
