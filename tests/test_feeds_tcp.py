"""`tcp://` and `tcp-listen://` against real sockets: refused, dropped in mid-line, silent, flooded, cancelled."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from anchorwatch.edges.feeds import CONNECTED, CONNECTING, WAITING, Piece
from anchorwatch.edges.feeds.lines import LINE_BYTES, MOST_BYTES
from anchorwatch.edges.feeds.tcp import keep_alive
from anchorwatch.edges.feeds.tcp_listen import MOST_PEERS
from feed_peers import CLOCK, LINE, OTHER, free_port, opened, run, running, until

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(serve: Serve, port: int = 0) -> AsyncIterator[int]:
    """A server on loopback; each connection is closed when `serve` returns."""
    tasks = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(connection, "127.0.0.1", port)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await asyncio.sleep(0.01)


def says(*chunks: bytes, then: float = 60.0) -> Serve:
    """A server that says some chunks, each by itself, and is silent after them."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0.01)
        await asyncio.sleep(then)

    return serve


async def hung_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def test_lines_come_whole_however_they_are_sent() -> None:
    async def main() -> None:
        async with server(says(LINE[:20], LINE[20:] + b"\r", b"\n" + OTHER, b"\n")) as port:
            feed = opened(f"tcp://127.0.0.1:{port}")
            assert feed.health.state == CONNECTING
            async with running(feed) as kept:
                await kept.bytes(LINE + b"\r\n" + OTHER + b"\n")
                assert feed.health.state == CONNECTED and feed.health.trouble == ""
                assert (feed.health.lines, feed.health.bytes) == (2, len(kept.data))
                assert feed.format == "nmea" and {p.format for p in kept.pieces} == {"nmea"}
                assert {p.feed for p in kept.pieces} == {feed.name} and {p.reached for p in kept.pieces} == {0}
                assert abs(CLOCK.now_us() - kept.pieces[-1].arrived_us) < 2_000_000
                assert feed.health.silent_s(CLOCK.now_us()) < 2

    run(main())


def test_lines_that_come_together_are_one_piece() -> None:
    async def main() -> None:
        lines = [LINE + b"\n"] * 20
        async with (
            server(says(b"".join(lines[:10]), b"".join(lines[10:]))) as port,
            running(opened(f"tcp://127.0.0.1:{port}")) as kept,
        ):
            await kept.bytes(b"".join(lines))
            assert len(kept.pieces) < 3

    run(main())


def test_refused_at_first_then_let_in() -> None:
    async def main() -> None:
        port = free_port()
        feed = opened(f"tcp://127.0.0.1:{port}")
        async with running(feed) as kept:
            await until(lambda: feed.health.state == WAITING)
            assert "refused" in feed.health.trouble and feed.health.connects == 0
            async with server(says(LINE + b"\n"), port):
                await kept.bytes(LINE + b"\n")
                assert feed.health.trouble == "" and feed.health.connects == 1

    run(main())


@pytest.mark.parametrize("url", ["tcp://localhost:1", "tcp://[::1]:1"])
def test_why_it_is_not_connected_is_said_in_one_line(url: str) -> None:
    async def main() -> None:
        feed = opened(url)
        async with running(feed):
            await until(lambda: feed.health.state == WAITING)
            assert feed.health.trouble == "connection refused: nothing listens there"

    run(main())


def test_the_system_asks_a_silent_server_whether_it_is_still_there() -> None:
    with socket.socket() as sock:
        keep_alive(sock)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        if hasattr(socket, "TCP_KEEPIDLE"):
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 30


def test_a_drop_in_mid_line_gives_the_half_line_and_connects_again() -> None:
    async def main() -> None:
        async with server(says(LINE + b"\n" + OTHER[:10], then=0.0)) as port:
            feed = opened(f"tcp://127.0.0.1:{port}")
            async with running(feed) as kept:
                await until(lambda: feed.health.connects >= 3)
                once = LINE + b"\n" + OTHER[:10] + b"\n"
                assert kept.data.startswith(once + once)

    run(main())


def test_a_broken_connection_is_said_and_made_again() -> None:
    async def broken(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(LINE + b"\n")
        await writer.drain()
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with a reset
        writer.transport.abort()

    async def main() -> None:
        async with server(broken) as port:
            feed = opened(f"tcp://127.0.0.1:{port}")
            async with running(feed) as kept:
                await until(lambda: feed.health.connects >= 2 and len(kept.pieces) >= 1)
                await until(lambda: "broke the connection" in feed.health.trouble)

    run(main())


def test_a_silent_server_is_left_and_asked_again() -> None:
    async def main() -> None:
        async with server(says(LINE + b"\n")) as port:
            feed = opened(f"tcp://127.0.0.1:{port}?silent=0.1")
            async with running(feed) as kept:
                await until(lambda: "silent for" in feed.health.trouble)
                await until(lambda: feed.health.connects >= 2 and len(kept.pieces) >= 2)

    run(main())


def test_noise_without_line_ends_is_silence() -> None:
    async def noise(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()
            await asyncio.sleep(0)

    async def main() -> None:
        async with server(noise) as port:
            feed = opened(f"tcp://127.0.0.1:{port}?silent=0.1")
            async with running(feed) as kept:
                await until(lambda: "no whole line" in feed.health.trouble)
                assert kept.data.startswith(b"x" * LINE_BYTES + b"\n")

    run(main())


def test_zero_bytes_and_bytes_that_are_no_text_go_through_as_they_are() -> None:
    async def main() -> None:
        odd = b"\0\0\0\n\xff\xfe\x80" + LINE + b"\n\x1b[2J\n"
        async with server(says(odd)) as port, running(opened(f"tcp://127.0.0.1:{port}")) as kept:
            await kept.bytes(odd)

    run(main())


def test_ais_catcher_json_is_recognised() -> None:
    line = b'{"class":"AIS","type":1,"mmsi":265547250,"lon":11.8,"lat":57.6,"rxuxtime":1790467197.3}\n'

    async def main() -> None:
        async with server(says(line)) as port:
            feed = opened(f"tcp://127.0.0.1:{port}")
            async with running(feed) as kept:
                await kept.bytes(line)
                assert kept.pieces[0].format == feed.format == "aiscatcher"

    run(main())


def test_a_watch_that_is_behind_holds_the_server_up_and_loses_nothing() -> None:
    lines = 400_000
    sent = 0

    async def much(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        for k in range(lines // 1000):
            writer.write(b"".join(b"%047d\n" % n for n in range(k * 1000, (k + 1) * 1000)))
            await writer.drain()
            sent += 1000
        await asyncio.sleep(60)

    async def main() -> None:
        async with server(much) as port:
            feed = opened(f"tcp://127.0.0.1:{port}")
            behind = asyncio.Event()
            got: list[bytes] = []

            async def put(piece: Piece) -> None:
                await behind.wait()
                got.append(piece.data)

            task = asyncio.create_task(feed.run(put))
            await asyncio.sleep(0.5)
            held = sent * 48
            # what waits: one piece, the intake, and what the system keeps for the two sockets
            assert held < 3 * MOST_BYTES + 12_000_000 and sent < lines
            behind.set()
            await until(lambda: sum(map(len, got)) == lines * 48)
            assert b"".join(got) == b"".join(b"%047d\n" % n for n in range(lines))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    run(main())


def test_many_connect_to_a_listener_and_leave() -> None:
    async def main() -> None:
        port = free_port()
        feed = opened(f"tcp-listen://127.0.0.1:{port}")
        async with running(feed) as kept:
            await until(lambda: "nobody" in feed.health.trouble)
            _, one = await asyncio.open_connection("127.0.0.1", port)
            _, two = await asyncio.open_connection("127.0.0.1", port)
            one.write(LINE[:9])
            two.write(OTHER + b"\n")
            await kept.bytes(OTHER + b"\n")
            assert feed.health.state == CONNECTED and feed.health.connects == 2
            one.write(LINE[9:] + b"\nhalf")
            await kept.bytes(OTHER + b"\n" + LINE + b"\n")
            await hung_up(one)
            await kept.bytes(OTHER + b"\n" + LINE + b"\nhalf\n")
            assert feed.health.state == CONNECTED
            await hung_up(two)
            await until(lambda: feed.health.state == WAITING)
            _, three = await asyncio.open_connection("127.0.0.1", port)
            await until(lambda: feed.health.state == CONNECTED)
            await hung_up(three)

    run(main())


def test_a_listener_takes_a_few_only_and_drops_the_silent() -> None:
    async def main() -> None:
        port = free_port()
        feed = opened(f"tcp-listen://127.0.0.1:{port}?silent=0.1")
        async with running(feed) as kept:
            await until(lambda: "nobody" in feed.health.trouble)
            many = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_PEERS + 3)]
            refused = [await asyncio.wait_for(_ended(reader), 2.0) for reader, _ in many[MOST_PEERS:]]
            assert refused == [True, True, True]
            await until(lambda: feed.health.state == WAITING)  # 0.3 s later all are dropped
            assert await asyncio.wait_for(_ended(many[0][0]), 2.0)
            _, fresh = await asyncio.open_connection("127.0.0.1", port)
            fresh.write(LINE + b"\n")
            await kept.bytes(LINE + b"\n")
            for _, writer in [*many, (None, fresh)]:
                await hung_up(writer)

    run(main())


async def _ended(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read(1) == b""
    except ConnectionError:
        return True


def test_a_listener_refuses_others_than_those_named() -> None:
    async def main() -> None:
        port = free_port()
        feed = opened(f"tcp-listen://127.0.0.1:{port}?from=127.0.0.5,127.0.0.6")
        async with running(feed) as kept:
            await until(lambda: "nobody" in feed.health.trouble)
            reader, stranger = await asyncio.open_connection("127.0.0.1", port)
            assert await asyncio.wait_for(_ended(reader), 2.0)
            _, known = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.5", 0))
            known.write(LINE + b"\n")
            await kept.bytes(LINE + b"\n")
            await hung_up(stranger)
            await hung_up(known)

    run(main())


def test_a_port_that_is_taken_is_said_and_tried_again() -> None:
    async def main() -> None:
        async with server(says()) as port:
            feed = opened(f"tcp-listen://127.0.0.1:{port}")
            async with running(feed):
                await until(lambda: "in use" in feed.health.trouble)
                assert feed.health.state == WAITING

    run(main())
