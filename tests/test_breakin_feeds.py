"""Feeds as attackers: text that no decoder expects, redirects, packed bombs, endless answers, lines without end."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import math
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import zstandard

from anchorwatch.decode import Format, Options, aiscatcher, aisstream, barentswatch, digitraffic, own
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.feeds import barentswatch as feed_barentswatch
from anchorwatch.edges.feeds.aisstream import Stream
from anchorwatch.edges.feeds.lines import LINE_BYTES, Cutter
from anchorwatch.edges.feeds.reconnect import Backoff
from anchorwatch.edges.feeds.urls import parse
from anchorwatch.watch.desk import Desk
from feed_peers import CLOCK, run, running, until
from service_peers import client_tls, server_tls
from test_json_feeds import SHAPES

FORMATS = (
    aisstream.FORMAT, aiscatcher.FORMAT, digitraffic.FORMAT, barentswatch.FORMAT,
    aisstream.DOCUMENT, aiscatcher.DOCUMENT, digitraffic.DOCUMENT, barentswatch.DOCUMENT,
)  # fmt: skip
NAMED = [
    {"class": "AIS", "type": 5, "mmsi": 1, "rxuxtime": 1.0, "shipname": "X", "callsign": "Y", "destination": "Z"},
    {"mmsi": 1, "timestamp": 1668075026035, "name": "X", "callSign": "Y", "destination": "Z", "eta": 1},
    {"mmsi": 1, "msgtime": "2026-04-22T12:00:00Z", "name": "X", "callSign": "Y", "destination": "Z", "latitude": 1},
    {"MessageID": 5, "UserID": 1, "Name": "X", "CallSign": "Y", "Destination": "Z"},
    {"MessageID": 21, "UserID": 1, "Name": "X", "Longitude": 1.0, "Latitude": 1.0},
]
POISON: list[Any] = [
    "\ud800", "x\udfff", "\0", "\x1b[2J\u202e", "A" * 60_000, "9" * 5000, 10**400, -(10**400), 2**63, 1e308, True,
    {"\ud800": "\ud800"}, ["\ud800"], "NaN",
]  # fmt: skip


def spoilt(value: Any) -> Iterator[Any]:
    """Every value that has poison in one place."""
    yield from POISON
    if isinstance(value, dict):
        for key, inner in value.items():
            for other in spoilt(inner):
                yield value | {key: other}
            yield {("\ud800" if k == key else k): v for k, v in value.items()}
    if isinstance(value, list):
        for place, inner in enumerate(value):
            for other in spoilt(inner):
                yield [*value[:place], other, *value[place + 1 :]]


def decoded(form: Format, data: bytes) -> Any:
    got, memory = form.decode(data, form.start(Options("test", 1_700_000_000_000_000)))
    form.finish(memory)
    return got


@pytest.mark.parametrize("shape", [*SHAPES, *NAMED], ids=lambda shape: "-".join(map(str, shape))[:30])
def test_no_poison_in_any_place_stops_a_decoder(shape: Any) -> None:
    """Half a surrogate pair in one name once ended the watch, and every start of it after that."""
    lines = [json.dumps(value).encode() + b"\n" for value in spoilt(shape)]
    assert len(lines) > 20
    for form in FORMATS[:4]:
        decoded(form, b"".join(lines))
    for line in lines[::7]:
        for form in FORMATS[4:]:
            decoded(form, line)


def test_a_name_is_kept_at_most_so_long_and_without_nul() -> None:
    for name, kept in (("A" * 60_000, "A" * 128), ("A\0B", "AB"), ("\ud800X", "?X"), ("\0", "")):
        line = json.dumps({"MessageID": 5, "UserID": 230123456, "Name": name}).encode() + b"\n"
        assert decoded(aisstream.FORMAT, line).statics["name"].to_list() == [kept]
    table = f"time,mmsi,lon_deg,lat_deg,name\n2026-11-23T10:00:00Z,230123456,25,60,{'B' * 3000}\n"
    assert decoded(own.FORMAT, table.encode()).statics["name"].to_list() == ["B" * 128]


def test_a_length_that_none_has_is_not_known() -> None:
    """1e300 m once made the picture complain at each start."""
    for size, kept in ((1e300, False), (1e308, False), (-5.0, False), (200.0, True)):
        said = {"MessageID": 5, "UserID": 230123456, "Name": "X", "Dimension": dict.fromkeys("ABCD", size)}
        row = decoded(aisstream.FORMAT, json.dumps(said).encode() + b"\n").statics.row(0, named=True)
        assert math.isfinite(row["length_m"]) == kept and math.isfinite(row["beam_m"]) == kept


def test_a_message_that_breaks_a_decoder_is_rejected_and_the_watch_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    row = b"2024-12-25T10:00:00Z,%d,25.1,59.9,10.0\n"
    desk = Desk()
    pieces = [b"time,mmsi,lon_deg,lat_deg,sog_kn\n", row % 1, b"POISON\n", row % 2]
    form = own.FORMAT

    def breaks(block: bytes, memory: Any) -> Any:
        if b"POISON" in block:
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        return form.decode(block, memory)

    monkeypatch.setattr("anchorwatch.watch.desk.named", lambda name: replace_decode(form, breaks))
    got, arrivals = desk.read([Piece("shore", "own", n, data) for n, data in enumerate(pieces)])
    assert got.positions["mmsi"].to_list() == [1, 2] and arrivals.tolist() == [1, 3]
    assert got.rejects.filter(reason="not_decoded")["source"].to_list() == ["shore"]
    again, _ = desk.read([Piece("shore", "own", 9, row % 3)])
    assert again.positions["mmsi"].to_list() == [3]


def test_a_head_that_breaks_a_decoder_is_rejected_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(block: bytes, memory: Any) -> Any:
        raise ValueError(block)

    monkeypatch.setattr("anchorwatch.watch.desk.named", lambda name: replace_decode(own.FORMAT, breaks))
    got, arrivals = Desk().read([Piece("shore", "own", n, b"time,mmsi\n") for n in range(2)])
    assert got.rejects["reason"].to_list() == ["not_decoded"] * 2 and len(arrivals) == 0


def replace_decode(form: Format, decode: Any) -> Any:
    return form._replace(decode=decode) if hasattr(form, "_replace") else replace(form, decode=decode)


def test_a_stream_without_line_ends_takes_no_memory() -> None:
    cutter, chunk = Cutter(), b"x" * (1 << 20)
    tracemalloc.start()
    try:
        for _ in range(200):
            assert cutter.cut(chunk) == b""
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    assert len(cutter.rest()) <= LINE_BYTES + 1


# ---- services that are not what they seem


@asynccontextmanager
async def answering(*answers: bytes, host: str = "127.0.0.1") -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server with TLS that gives one raw answer a connection, the last for ever; and what it was asked."""
    asked: list[bytes] = []

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            asked.append(head)
            writer.write(answers[min(len(asked), len(answers)) - 1])
            await writer.drain()
            await reader.read(4096)
        writer.close()

    server = await asyncio.start_server(peer, host, 0, ssl=server_tls())
    try:
        yield f"{host.replace('127.0.0.1', 'localhost')}:{server.sockets[0].getsockname()[1]}", asked
    finally:
        server.close()


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def barents(login: str, live: str) -> Any:
    feed = feed_barentswatch.Stream(
        parse("barentswatch:"), CLOCK, ("someone", "hush-hush"), login=login, live=live, tls=client_tls()
    )
    feed.backoff = Backoff(lambda: 0.0)
    return feed


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (answer(b"", "Location: file:///etc/passwd", status="302 Found"), "HTTP status 302"),
        (answer(b"", "Location: http://169.254.169.254/", status="307 Temporary Redirect"), "HTTP status 307"),
        (answer(b'{"access_token": "' + b"x" * (1 << 20) + b'"}'), "too large"),
        (answer(gzip.compress(b"[" * (4 << 20)), "Content-Encoding: gzip"), "too large"),
        (answer(zstandard.compress(b"[" * (64 << 20)), "Content-Encoding: zstd"), "not asked for"),
        (answer(gzip.compress(gzip.compress(b"x" * 999)), "Content-Encoding: gzip, gzip"), "not asked for"),
    ],
    ids=["file", "metadata", "long", "gzip", "zstd", "twice"],
)
def test_a_login_that_is_an_attack(said: bytes, trouble: str) -> None:
    async def main() -> None:
        async with answering(said) as (host, asked):
            feed = barents(f"https://{host}/login", f"https://{host}")
            async with running(feed):
                await until(lambda: trouble in feed.health.trouble)
                assert asked and "hush" not in feed.health.trouble

    run(main())


def test_the_key_of_aisstream_goes_nowhere_else() -> None:
    async def main() -> None:
        async with answering(answer(b"")) as (other, stolen):
            moved = answer(b"", f"Location: wss://{other}/", status="302 Found")
            async with answering(moved) as (host, asked):
                feed = Stream(parse("aisstream:"), CLOCK, "f00dcafe0123", service=f"wss://{host}/", tls=client_tls())
                feed.backoff = Backoff(lambda: 0.0)
                async with running(feed):
                    await until(lambda: len(asked) >= 2 and "302" in feed.health.trouble)
                    assert not stolen

    run(main())


def test_a_certificate_of_another_name_is_not_trusted() -> None:
    async def main() -> None:
        async with answering(answer(b""), host="127.0.0.2") as (elsewhere, asked):  # none of the names in it
            feed = barents(f"https://{elsewhere}/login", f"https://{elsewhere}")
            async with running(feed):
                await until(lambda: "certificate is not trusted" in feed.health.trouble)
            stream = Stream(parse("aisstream:"), CLOCK, "f00dcafe0123", service=f"wss://{elsewhere}/", tls=client_tls())
            async with running(stream):
                await until(lambda: "certificate is not trusted" in stream.health.trouble)
            assert not asked

    run(main())
