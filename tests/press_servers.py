"""Servers on loopback that serve feeds: well, badly, and with ill intent."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from anchorwatch.edges.press.addresses import parse
from anchorwatch.edges.press.fetch import Failed, Fetched, Fetcher, Limits

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Coast News</title>
<item><title>The cable failed.</title><link>https://news.example/1</link></item>
<item><title>A ship was boarded.</title></item></channel></rss>"""

Reply = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Request:
    """What was asked."""

    path: str
    headers: dict[str, str]


@dataclass
class Site:
    """One server."""

    port: int
    asked: list[Request] = field(default_factory=list)

    def url(self, path: str = "/feed", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@asynccontextmanager
async def site(reply: Reply, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """A server that answers every request by a function."""
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
            request = Request(head[0].split(" ")[1], headers)
            here.asked.append(request)
            await reply(request, writer)
            await writer.drain()
        writer.close()
        with contextlib.suppress(OSError, ssl.SSLError):
            await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    here = Site(server.sockets[0].getsockname()[1])
    try:
        yield here
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answer(body: bytes | str = RSS, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer; names of headers with _ for -."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(data)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def always(data: bytes) -> Reply:
    """A server that gives every asker the same."""

    async def reply(_request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return reply


async def got(fetcher: Fetcher, url: str, **validators: str) -> Fetched | str:
    """What is fetched, or why nothing is."""
    try:
        return await fetcher.get(parse(url), **validators)
    except Failed as failed:
        return failed.why


QUICK = Limits(bytes=100_000, total_s=20.0, silent_s=10.0)
