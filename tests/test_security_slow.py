"""Slow clients are really cut off: raw sockets against a real server, one byte at a time."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from fastapi import WebSocket
from starlette.responses import PlainTextResponse, StreamingResponse
from websockets.asyncio.client import connect

from anchorwatch.console.settings import Settings
from watch_room import Web, with_web

QUICK = Settings(header_s=0.3, body_s=0.3, write_s=0.3, idle_s=1)
LATEST_S = 3.0  # a cut comes well before this


@asynccontextmanager
async def connected(web: Web) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def dripped_until_cut(web: Web, head: bytes, drops: bytes) -> tuple[float, bytes]:
    """Send `head`, then byte after byte of `drops` for ever; return after how long the server cut, and what it said."""
    async with asyncio.timeout(LATEST_S), connected(web) as (reader, writer):
        began = time.monotonic()
        writer.write(head)

        async def drip() -> None:
            while True:
                for byte in drops:
                    writer.write(bytes([byte]))
                    await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        try:
            said = await reader.read()
        except ConnectionResetError:
            said = b""
        finally:
            dripping.cancel()
        return time.monotonic() - began, said


HOST = b"Host: 127.0.0.1\r\n"
SLOW = {  # what: (sent at once, then drop by drop, answers that may come before the cut)
    "method": (b"G", b"G", 0),
    "headers": (b"GET /healthz HTTP/1.1\r\n" + HOST, b"X-A: b\r\n", 0),
    "one header": (b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: ", b"y", 0),
    "body": (b"POST /login HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n", b"x", 0),
    "chunks": (b"POST /login HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0),
    # The answer (401) comes before the body has: what is left of it may not drip either.
    "refused body": (b"POST /api/v1/x HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n", b"x", 1),
    "second": (b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\nGET /healthz HTTP/1.1\r\n" + HOST, b"X-A: b\r\n", 1),
}


def test_drop_by_drop_is_cut_off(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        async def silent() -> tuple[float, bytes]:
            async with asyncio.timeout(LATEST_S), connected(web) as (reader, _):
                began = time.monotonic()
                return (await reader.read(), time.monotonic() - began)[::-1]

        cases = [dripped_until_cut(web, head, drops) for head, drops, _ in SLOW.values()]
        results = await asyncio.gather(silent(), *cases)
        for name, (took_s, said), most in zip(
            ("silent", *SLOW), results, (0, *(c[2] for c in SLOW.values())), strict=True
        ):
            assert 0.2 < took_s < 2.9, name
            assert said.count(b"HTTP/1.1 ") <= most, name
        assert (await web.client.get("/healthz")).status_code == 200

    with_web(tmp_path, test, QUICK)


def test_many_slow_clients_leave_the_watch_to_the_others(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        held = [await asyncio.open_connection("127.0.0.1", web.port) for _ in range(20)]
        for _, writer in held:
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        began = time.monotonic()
        for _ in range(5):
            assert (await web.client.get("/healthz")).status_code == 200
        assert time.monotonic() - began < 2.0
        async with asyncio.timeout(LATEST_S):
            assert [await reader.read() for reader, _ in held] == [b""] * 20
        for _, writer in held:
            writer.close()

    with_web(tmp_path, test, QUICK)


def test_one_address_has_so_many_connections_and_no_more(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        held = [await asyncio.open_connection("127.0.0.1", web.port) for _ in range(4)]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(1.0), connected(web) as (reader, _):
            with suppress(ConnectionResetError):
                assert await reader.read() == b""  # at once, not only when its time is over
        for _, writer in held:
            writer.close()
        await asyncio.sleep(0.05)
        assert (await web.client.get("/healthz")).status_code == 200  # the places are free again

    with_web(tmp_path, test, Settings(connections_each=4))


def unread(port: int) -> socket.socket:
    """A client with a small window that reads nothing."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", port))
    return made


def test_who_does_not_take_the_answer_is_cut_off(tmp_path: Path) -> None:
    """Both while it is being made, and when all of it waits to be taken."""

    async def test(web: Web) -> None:
        ended = asyncio.Event()

        async def parts() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 65_536
                    await asyncio.sleep(0)
            finally:
                ended.set()

        web.app.add_api_route("/endless", lambda: StreamingResponse(parts()))
        web.app.add_api_route("/large", lambda: PlainTextResponse(b"x" * 20_000_000))
        key = (tmp_path / "local_key").read_text().strip()
        for path in ("endless", "large"):
            with unread(web.port) as client:
                ask = f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n"
                client.sendall(ask.encode())
                await cut(client)
        async with asyncio.timeout(LATEST_S):
            await ended.wait()

    with_web(tmp_path, test, QUICK)


async def cut(client: socket.socket) -> None:
    """Wait until the server has cut a client that does not read: then sending fails."""
    client.setblocking(False)
    await asyncio.sleep(0.4)
    async with asyncio.timeout(LATEST_S):
        while True:
            try:
                client.send(b"\x00")
            except BlockingIOError:
                pass
            except ConnectionError:
                return
            await asyncio.sleep(0.05)


@pytest.mark.slow
def test_who_takes_the_answer_slowly_but_steadily_gets_all_of_it(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        web.app.add_api_route("/large", lambda: PlainTextResponse(b"x" * 3_000_000))
        key = (tmp_path / "local_key").read_text().strip()
        got = 0
        async with web.client.stream("GET", "/large", headers={"Authorization": f"Bearer {key}"}) as answer:
            async for part in answer.aiter_bytes(500_000):
                got += len(part)
                await asyncio.sleep(0.15)
        assert got == 3_000_000

    with_web(tmp_path, test, QUICK)


def test_a_stream_that_is_not_taken_is_cut_off(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        ended = asyncio.Event()

        @web.app.websocket("/flood")
        async def flood(socket: WebSocket) -> None:
            await socket.accept()
            try:
                while True:
                    await socket.send_bytes(b"x" * 65_536)
            finally:
                ended.set()

        key = (tmp_path / "local_key").read_text().strip()
        headers = {"Authorization": f"Bearer {key}"}
        async with asyncio.timeout(LATEST_S + 2):
            async with connect(f"ws://127.0.0.1:{web.port}/flood", additional_headers=headers, max_queue=1) as client:
                await ended.wait()  # nothing is received meanwhile
                client.transport.abort()

    with_web(tmp_path, test, QUICK)


def test_a_stream_outlives_the_time_of_a_body(tmp_path: Path) -> None:
    """Its upgrade is the last request of the connection: no body is waited for."""

    async def test(web: Web) -> None:
        @web.app.websocket("/calm")
        async def calm(websocket: WebSocket) -> None:
            await websocket.accept()
            await asyncio.sleep(3 * QUICK.body_s)
            await websocket.send_text("still here")

        key = (tmp_path / "local_key").read_text().strip()
        headers = {"Authorization": f"Bearer {key}"}
        async with asyncio.timeout(LATEST_S):
            async with connect(f"ws://127.0.0.1:{web.port}/calm", additional_headers=headers) as client:
                assert await client.recv() == "still here"

    with_web(tmp_path, test, QUICK)


@pytest.mark.slow
def test_a_kept_connection_without_a_request_ends(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        async with asyncio.timeout(LATEST_S), connected(web) as (reader, writer):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            began = time.monotonic()
            assert b"alive" in await reader.read()
            assert 0.8 < time.monotonic() - began < 2.5

    with_web(tmp_path, test, QUICK)
