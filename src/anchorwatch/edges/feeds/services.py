"""What the clients of services share: they read from a library's stream, and say what went wrong without any secret."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, TypeVar

from anchorwatch import __version__
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import CONNECTED, Put
from anchorwatch.edges.feeds.lines import LINE_BYTES, Intake
from anchorwatch.edges.feeds.reconnect import Backoff, Lost, Reconnecting, words
from anchorwatch.edges.feeds.urls import Address
from anchorwatch.picture import policy

if TYPE_CHECKING:
    import httpx

APPLICATION = f"anchorwatch/{__version__}"
CONNECT_S = 15.0  # name, TCP, TLS and the first answer of a service at the other end of Europe take about one second
# All vessels of a country are below 10 MB; more is no picture of the traffic. JSON of nothing but brackets takes some
# 30 times its size in memory.
MOST_SNAPSHOT_BYTES = 32 << 20
MOST_ANSWER_BYTES = 64 << 10  # of a short answer, as that to a login
# Our HTTP library also unpacks what nobody asked for, a whole block at once. Of gzip 64 KiB become 64 MiB at most, of
# zstandard gigabytes.
PACKED = ("", "identity", "gzip")
PART_BYTES = 256 * 1024  # so much of a snapshot is given at a time
SNAPSHOT_AGAIN_S = 300.0  # how long a snapshot is good enough for the next connections: services count requests
SNAPSHOT_LEAST_S = 10.0  # between tries: services refuse who asks often

LEAVE_S = 0.3  # for a connection that is just being made when the watch ends

T = TypeVar("T")


class Service(Reconnecting):
    """A feed of a service. Keys stay in the feed: `without_secrets` takes them out of whatever is shown."""

    def __init__(self, address: Address, clock: Clock, chance: Callable[[], float] = random.random) -> None:
        """Take what the user has said, and the clock."""
        super().__init__(address, clock, chance)
        self.policy = policy.of(address.scheme).text
        self._chance = chance
        self._hidden: list[str] = []
        self._snapshot_s: float | None = None

    def without_secrets(self, text: str) -> str:
        """Return a text of the other side, which may hold what we have sent."""
        for secret in sorted(self._hidden, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text

    def lost(self, error: BaseException) -> Lost:
        """Return why a library gave up, in our words."""
        cause: BaseException | None = error
        while cause is not None and not (isinstance(cause, OSError) and type(cause) is not OSError):
            cause = cause.__cause__ or cause.__context__
        return Lost(self.without_secrets(words(cause or error)))

    async def pour(self, put: Put, *sources: Callable[[Intake, asyncio.Event], Awaitable[str]]) -> str:
        """Run sources that add lines to one intake, and give these; return why the first of them ended.

        A source waits for the event after each addition: that is how it is told that the watch is behind.
        """
        gate = asyncio.Event()
        gate.set()
        intake = Intake(self.clock, gate.clear, gate.set)

        async def read(source: Callable[[Intake, asyncio.Event], Awaitable[str]]) -> None:
            try:
                intake.end(await source(intake, gate))
            except (Lost, OSError) as error:
                intake.end(words(error))
            finally:
                intake.end("the service ended the stream")

        readers = [asyncio.ensure_future(read(source)) for source in sources]
        try:
            return await self.give_all(put, intake)
        finally:
            for reader in readers:
                reader.cancel()
            ends = await asyncio.gather(*readers, return_exceptions=True)
            for end in ends:
                if isinstance(end, Exception):  # none of those that are expected: a fault of ours
                    raise end

    def wants_snapshot(self) -> bool:
        """Tell whether the last snapshot is too long ago."""
        return self._snapshot_s is None or self.clock.monotonic_s() - self._snapshot_s >= SNAPSHOT_AGAIN_S

    async def snapshot(self, fetch: Callable[[], AsyncIterator[bytes]], intake: Intake, gate: asyncio.Event) -> None:
        """Fetch the picture at start, trying again while it fails; the stream does not wait for it."""
        backoff = Backoff(self._chance)
        while self.wants_snapshot():
            try:
                async for part in fetch():
                    intake.add(part)
                    await gate.wait()
                self._snapshot_s = self.clock.monotonic_s()
                self.enter(self.health.state)
            except (Lost, OSError) as error:
                if self.health.state == CONNECTED:
                    self.enter(CONNECTED, f"connected, but the picture at start is missing: {words(error)}")
                await self.clock.sleep(max(SNAPSHOT_LEAST_S, backoff.wait_s(0.0)))

    async def fetched(self, client: httpx.AsyncClient, url: str, headers: dict[str, str]) -> Any:
        """Return the JSON document at a URL. Raises Lost."""
        import httpx

        try:
            body = await settled(_body(client.stream("GET", url, headers=headers)))
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise self.lost(error) from None
        try:
            return await asyncio.to_thread(json.loads, body)
        except (ValueError, RecursionError):
            raise Lost("the document is no JSON") from None


async def _body(asking: AbstractAsyncContextManager[httpx.Response]) -> bytes:
    async with asking as answer:
        refuse(answer)
        return await whole(answer, MOST_SNAPSHOT_BYTES)


async def whole(answer: httpx.Response, most: int) -> bytes:
    """Return the body of an answer; raises Lost where it is longer than `most` bytes."""
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > most:
            raise Lost("the answer of the service is too large")
    return bytes(body)


async def settled(work: Coroutine[Any, Any, T]) -> T:
    """Wait for a request. Stopped meanwhile, let it get through its handshake, which HTTP libraries leave open."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=LEAVE_S)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise


def refuse(answer: httpx.Response) -> None:
    """Raise Lost for an answer that is none."""
    known = {
        401: "the service does not know the key (401)",
        403: "the service refuses (403): the key has no right to this, or too much was asked for",
        406: "the service refuses what does not take gzip (406)",
        429: "the service was asked too often (429)",
    }
    if answer.status_code != 200:  # nor is a redirect followed: a service does not send us elsewhere
        raise Lost(known.get(answer.status_code, f"the service answers with HTTP status {answer.status_code}"))
    check_packing(answer)


def check_packing(answer: httpx.Response) -> None:
    """Raise Lost where an answer is packed in a way that could fill the memory."""
    if answer.headers.get("content-encoding", "").strip().lower() not in PACKED:
        raise Lost("the service packs its answer in a way that was not asked for")


def parts_of(records: list[Any]) -> list[bytes]:
    """Return records as lines, gathered to parts."""
    parts, part = [], bytearray()
    for record in records:
        part += one_line(json.dumps(record, separators=(",", ":")).encode())
        if len(part) >= PART_BYTES:
            parts.append(bytes(part))
            part.clear()
    return [*parts, bytes(part)] if part else parts


def one_line(message: bytes | str) -> bytes:
    """Return a JSON message as one line with its line feed; of one too long only the beginning: it is then rejected."""
    data = message.encode("utf-8", "replace") if isinstance(message, str) else message
    return data[:LINE_BYTES].replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"


def silent_logger() -> Any:
    """Return a logger for libraries that would write down what we send, keys and all."""
    import logging

    logger = logging.Logger("anchorwatch.feeds")
    logger.setLevel(logging.CRITICAL + 1)
    return logger
