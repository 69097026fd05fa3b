"""Any bytes at all: the server answers or cuts, and nothing comes out of it but that."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from typing import Any

import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from anchorwatch.console import guard, slow
from anchorwatch.console.sessions import Entrance
from anchorwatch.console.settings import Settings
from tries import tries
from watch_room import SetClock

LINES = [
    b"GET / HTTP/1.1", b"POST /login HTTP/1.1", b"GET /api/v1/x?y=%ff HTTP/1.0", b"GET /login?next=%00 HTTP/1.1",
    b"OPTIONS * HTTP/1.1", b"GET http://evil.example/ HTTP/1.1", b"GET /%2e%2e//%f0%9f HTTP/1.1", b"DELETE / HTTP/1.1",
]  # fmt: skip
HEADERS = [
    b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Cookie: anchorwatch-80=\xff", b"Content-Length: -1", b"A:",
    b"Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13",
    b"Authorization: Bearer \xe9", b"Origin: \xff", b"Expect: 100-continue", b"Accept: text/html",
    b"Host: evil.example", b"Sec-Fetch-Site: cross-site", b"Connection: close",
    b"Content-Type: application/json", b"Cookie: =;;=\xff=",
]  # fmt: skip
LINE = st.sampled_from(LINES) | st.binary(max_size=20)
HEADER = st.sampled_from(HEADERS) | st.binary(max_size=20)


class Nobody:
    """People where there are none."""

    def any(self) -> bool:
        return False

    def session(self, secret: str, *, use: bool = True) -> None:
        return None

    def token(self, text: str) -> None:
        return None


@tries(40)
@given(st.sampled_from(LINES), st.lists(st.sampled_from(HEADERS), max_size=4), st.binary(max_size=12))
def test_a_request_that_looks_like_one(line: bytes, headers: list[bytes], body: bytes) -> None:
    asyncio.run(fed(b"\r\n".join([line, b"Host: localhost", *headers, b"", body])))


@tries(20)
@given(LINE, st.lists(HEADER, max_size=5), st.binary(max_size=12), st.booleans())
def test_whatever_bytes_come(line: bytes, headers: list[bytes], body: bytes, ended: bool) -> None:
    asyncio.run(fed(b"\r\n".join([line, *headers, *([b"", body] if ended else [body])])))


async def fed(data: bytes) -> None:
    """Feed bytes to the server's own protocol: no exception comes out of it, and no answer is a 5xx."""

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("in")(scope, receive, send)

    people: Any = Nobody()
    guarded = guard.Guard(inner, Entrance(people, Settings(), None), SetClock())
    requests, streams = slow.protocols(Settings(header_s=0.03, body_s=0.03))
    config = uvicorn.Config(guarded, http=requests, ws=streams, lifespan="off", log_config=None, access_log=False)
    config.load()
    config.timeout_keep_alive = 0
    raised: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: raised.append(context))
    state = ServerState()
    here, there = socket.socketpair()
    transport, _ = await loop.connect_accepted_socket(
        lambda: requests(config=config, server_state=state, app_state={}, _loop=loop), here
    )
    reader, writer = await asyncio.open_connection(sock=there)
    writer.write(data)
    with contextlib.suppress(ConnectionError):
        said = await asyncio.wait_for(reader.read(), 3.0)
        assert not re.search(rb"HTTP/1.1 5", said)
    transport.abort()
    writer.close()
    await asyncio.gather(*state.tasks, return_exceptions=True)
    await asyncio.sleep(0)
    assert raised == []


def test_a_stream_that_comes_with_a_body_is_ended() -> None:
    upgrade = HEADERS[5]
    for line in (LINES[0], LINES[1]):
        for more in (HEADERS[0], HEADERS[1]):
            asyncio.run(fed(b"\r\n".join([line, b"Host: localhost", more, upgrade, b"", b"abc"])))
