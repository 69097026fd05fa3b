"""Who gets notifications in tests: a webhook, a mail server, sockets; on loopback, and as rude as a test wants."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from alerts_at_work import T0
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.notify import Notifier
from anchorwatch.edges.notify.rules import of_text
from anchorwatch.edges.store import Store

Connection = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class SkippingClock:
    """A clock that stands until a test moves it; whoever sleeps wakes soon and looks again."""

    def __init__(self, us: int = T0) -> None:
        self.us, self.wrong_us = us, 0

    def now_us(self) -> int:
        return self.us + self.wrong_us

    def monotonic_s(self) -> float:
        return self.us / 1e6

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))

    def skip(self, seconds: float) -> None:
        self.us += int(seconds * 1e6)

    def jump(self, seconds: float) -> None:
        """Set the time of day; what never jumps does not."""
        self.wrong_us += int(seconds * 1e6)


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def notifying(store: Store, text: str, secrets: dict[str, str] | None = None) -> AsyncIterator[Notifier]:
    """A notifier at work with the rules of a text."""
    given = {f"ANCHORWATCH_{name}": value for name, value in (secrets or {}).items()}
    rules = of_text(text, "notify.toml", Secrets(given))
    notifier = Notifier(rules.channels, store, store.clock, link=rules.link)
    store.rules = notifier.rules
    task = asyncio.create_task(notifier.run())
    try:
        yield notifier
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def listening(talk: Connection, tls: ssl.SSLContext | None = None, port: int = 0) -> AsyncIterator[int]:
    """A server; the port it is on."""
    tasks: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(one, "127.0.0.1", port, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)


@dataclass
class Webhook:
    """Takes what apprise's json:// posts; answers with `status`, and not at all while it is 0."""

    status: int = 200
    got: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.asked += 1
        if self.status == 0:
            while True:  # alive, and never done: no time limit between two bytes notices
                writer.write(b"H" if self.asked == 0 else b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        if self.status == 200:
            self.got.append(json.loads(body))
        writer.write(f"HTTP/1.1 {self.status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()


@dataclass
class MailServer:
    """As much of RFC 5321 as a client needs that speaks without TLS and without a password."""

    got: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.upper()[:4]
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                mail = message_from_bytes(data[:-3], policy=policy.default)
                assert isinstance(mail, EmailMessage)
                self.got.append(mail)
            if verb == "RCPT":
                self.to.append(line)
            writer.write(b"221 bye\r\n" if verb == "QUIT" else b"250 yes\r\n")
            await writer.drain()
            if verb == "QUIT":
                return


@dataclass
class Sink:
    """Keeps the bytes of each connection, and is slow to close it."""

    slow_s: float = 0.0
    got: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"<event>what TAK servers send to everybody</event>" * 100)
        self.got.append(b"")
        while data := await reader.read(4096):
            self.got[-1] += data
        await asyncio.sleep(self.slow_s)


@contextlib.contextmanager
def datagrams() -> Any:
    """A UDP socket."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.bind(("127.0.0.1", 0))
        out.setblocking(False)
        yield out


def opened(folder: Path, clock: SkippingClock) -> Store:
    return Store.open(folder / "store.sqlite", clock)
