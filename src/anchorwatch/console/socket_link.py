"""One WebSocket as the streams see it: nothing waits for ever on a client, and none stays longer than it may."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from anchorwatch.console import errors
from anchorwatch.console.security import Person
from anchorwatch.console.socket_protocol import CUT
from anchorwatch.edges.records import json_line, plain
from anchorwatch.errors import BadStore

log = logging.getLogger("anchorwatch.console")

POLICY, DEFECT, TRY_LATER = 1008, 1011, 1013  # RFC 6455 section 7.4.1 and the IANA registry of close codes
# A client that took nothing for so long is cut off: TCP over a bad satellite link stalls for seconds, not for this.
PATIENCE_S = 20.0
ALLOWED_EVERY_S = 30.0  # how soon a removed user or an ended session loses an open stream
# Of one client so many messages are heard at once, and then so many a second; the rest waits in its own network. A
# hand that drags a map asks 60 times a second, for some seconds.
AT_ONCE, PER_S = 200, 20.0
MOST_ASKED = 64 << 10  # bytes of one request; a thousand MMSIs take a fifth of it


class Gone(Exception):
    """The client is not there any more."""


class Link:
    """Sends to one client and listens to it."""

    def __init__(self, websocket: WebSocket, person: Person) -> None:
        """Take the WebSocket, not yet accepted, and who is at its other end."""
        self._websocket, self._person = websocket, person
        self.woken = asyncio.Event()

    async def send(self, message: bytes | str | dict[str, Any]) -> float:
        """Send, and return the seconds that the client kept us waiting; Gone, when it is cut off or has left."""
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(PATIENCE_S):
                if isinstance(message, bytes):
                    await self._websocket.send_bytes(message)
                else:
                    await self._websocket.send_text(message if isinstance(message, str) else json_line(message))
        except TimeoutError:
            log.warning("%s", plain(f"a stream of {self._person.name} is cut off: its client does not read"))
            await self.end(TRY_LATER, "too slow: nothing was read for a while; connect again")
            raise Gone from None
        except (WebSocketDisconnect, RuntimeError):  # the server says the latter where it has closed it itself
            raise Gone from None
        return asyncio.get_running_loop().time() - began

    async def end(self, code: int, reason: str) -> None:
        """End it and say why, whether or not the client reads."""
        cut = self._websocket.scope.get("extensions", {}).get(CUT)
        if cut is not None:
            cut(code, reason)
            return
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(1.0):
                await self._websocket.close(code, reason)

    async def wait(self, seconds: float) -> None:
        """Wait until woken, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, seconds)):
                await self.woken.wait()
        self.woken.clear()

    async def run(self, speak: Callable[[], Awaitable[None]], hear: Callable[[str], Awaitable[None]]) -> None:
        """Accept, then speak and give what the client says to `hear`, until either is over or may not go on."""
        await self._websocket.accept()
        tasks = [asyncio.ensure_future(work) for work in (speak(), self._listen(hear), self._check())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, Gone):
                errors.of(result)  # writes it to the log
                await self.end(DEFECT, "the watch cannot go on with this stream; its log says why")

    async def _listen(self, hear: Callable[[str], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        left, heard_s = float(AT_ONCE), loop.time()
        while True:
            left = min(AT_ONCE, left + (loop.time() - heard_s) * PER_S) - 1
            heard_s = loop.time()
            if left < 0:
                await asyncio.sleep(-left / PER_S)
            try:
                message = await self._websocket.receive()
            except RuntimeError:
                return
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None or len(text) > MOST_ASKED:
                await self.end(POLICY, "requests are short JSON texts; see docs/streams.md")
                return
            await hear(text)

    async def _check(self) -> None:
        """Return when the person may not read any more."""
        entrance = getattr(self._websocket.app.state, "entrance", None)
        while entrance is not None:
            await asyncio.sleep(ALLOWED_EVERY_S)
            try:  # only looks: an open stream must not keep a session from idling
                person = await run_in_threadpool(partial(entrance.who, self._websocket.scope, use=False))
            except BadStore:
                continue  # trouble with the disk must not end the officers' view
            if person is None or person.name != self._person.name or not person.may("read"):
                await self.end(POLICY, "the session is over; log in again")
                return
        await asyncio.Event().wait()
