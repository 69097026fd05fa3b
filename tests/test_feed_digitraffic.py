"""`digitraffic:` against a real MQTT broker over WebSocket and TLS, and an HTTPS server for the picture at start."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from anchorwatch.decode import Options, digitraffic
from anchorwatch.edges.feeds import CONNECTED, WAITING, Piece
from anchorwatch.edges.feeds import digitraffic as feed_digitraffic
from anchorwatch.edges.feeds.digitraffic import Broker, Waiting, line_of
from anchorwatch.edges.feeds.lines import LINE_BYTES
from anchorwatch.edges.feeds.reconnect import Backoff
from anchorwatch.edges.feeds.urls import parse
from feed_peers import CLOCK, run, running, until
from service_peers import Request, Web, broker, client_tls, web

LOCATION = {
    "time": 1795400000,
    "sog": 10.7,
    "cog": 326.6,
    "navStat": 0,
    "rot": 0,
    "heading": 325,
    "lon": 24.9,
    "lat": 59.9,
}
METADATA = {
    "timestamp": 1795400000035,
    "name": "ARUNA CIHAN",
    "refA": 160,
    "refB": 33,
    "refC": 20,
    "refD": 12,
    "type": 70,
}
FEATURES = [
    {
        "mmsi": 230000000 + n,
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [24.0 + n / 1000, 59.5]},
        "properties": {"mmsi": 230000000 + n, "sog": 1.0, "timestampExternal": 1795400000000},
    }
    for n in range(2000)
]
VESSELS = [{"mmsi": 230000000, "name": "FIRST", "referencePointA": 50, "timestamp": 1795400000000}]


class Documents:
    """The REST half of the service: it wants gzip and to know who asks."""

    def __init__(self) -> None:
        self.fails = 0
        self.features: Any = FEATURES

    async def __call__(self, request: Request) -> None:
        if "gzip" not in request.headers.get("accept-encoding", ""):
            await request.answer(406, {})
        elif not request.headers.get("digitraffic-user", "").startswith("anchorwatch/"):
            await request.answer(403, {})
        elif self.fails:
            self.fails -= 1
            await request.answer(503, {})
        elif request.path == "/api/ais/v1/locations":
            await request.answer(200, {"type": "FeatureCollection", "features": self.features}, zipped=True)
        elif request.path == "/api/ais/v1/vessels":
            await request.answer(200, VESSELS, zipped=True)
        else:
            await request.answer(404, {})


def opened(broker_url: str, rest: Web | None = None, options: str = "") -> Broker:
    feed = Broker(
        parse(f"digitraffic:{options}"),
        CLOCK,
        broker=broker_url,
        rest=rest.url if rest else "https://localhost:9",
        tls=client_tls(),
    )
    feed.backoff = Backoff(lambda: 0.0)
    return feed


def rows(data: bytes) -> tuple[list[int], list[str], list[str]]:
    """MMSI of positions, names, and reasons of rejects."""
    decoded, _ = digitraffic.FORMAT.decode(data, digitraffic.FORMAT.start(Options("test", None)))
    return decoded.positions["mmsi"].to_list(), decoded.statics["name"].to_list(), decoded.rejects["reason"].to_list()


def test_messages_and_the_picture_at_start(tmp_path: Path) -> None:
    async def main() -> None:
        async with broker(tmp_path) as peer, web(Documents()) as rest:
            feed = opened(peer.url, rest)
            async with running(feed) as kept:
                await until(lambda: feed.health.state == CONNECTED and feed.health.lines == 2001)
                places, names, rejects = rows(kept.data)
                assert (len(places), len(set(places)), names, rejects) == (2000, 2000, ["FIRST"], [])
                await peer.publish(
                    ("vessels-v2/538004555/location", LOCATION),
                    ("vessels-v2/538004555/metadata", METADATA),
                    ("vessels-v2/status", {"updated": 1, "lastError": 0}),
                    ("vessels-v2/1/location", json.dumps(LOCATION, indent=1).encode()),
                    ("vessels-v2/2/location", b'{"name": "' + b"x" * 2 * LINE_BYTES + b'"}'),
                )
                await until(lambda: feed.health.lines == 2005)
                places, names, rejects = rows(kept.data)
                assert places[2000:] == [538004555, 1] and names[1:] == ["ARUNA CIHAN"] and rejects == ["bad_line"]
                assert {piece.format for piece in kept.pieces} == {"digitraffic"} and kept.pieces[-1].arrived_us
                assert feed.health.connects == 1 and feed.health.trouble == ""
                assert "class A only, no fishing vessels" in feed.policy

    run(main())


def test_a_broker_that_goes_and_comes_back(tmp_path: Path) -> None:
    async def main() -> None:
        async with broker(tmp_path) as peer, web(Documents()) as rest:
            feed = opened(peer.url, rest)
            async with running(feed) as kept:
                await until(lambda: feed.health.lines == 2001)
                await peer.stop()
                await until(lambda: feed.health.state == WAITING and feed.health.trouble != "")
                await peer.start()
                await until(lambda: feed.health.state == CONNECTED, 10)
                await peer.publish(("vessels-v2/538004555/location", LOCATION))
                await until(lambda: rows(kept.data)[0][-1] == 538004555)
                assert feed.health.connects == 2 and feed.health.trouble == ""
                assert len(rest.requests) == 2  # the picture is fetched once in five minutes, however often it connects

    run(main())


def test_silence_is_a_reason_to_connect_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with broker(tmp_path) as peer:
            feed = opened(peer.url, options="?silent=0.1")
            async with running(feed):
                await until(lambda: feed.health.connects == 1)
                await peer.publish(("vessels-v2/status", {"updated": 1}))
                await until(lambda: feed.health.connects >= 2)
                assert feed.health.last_us == 0

    run(main())


def test_the_picture_at_start_may_be_missing_for_a_while(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("anchorwatch.edges.feeds.services.SNAPSHOT_LEAST_S", 0.3)

    async def main() -> None:
        documents = Documents()
        documents.fails, documents.features = 1, FEATURES[:5]
        async with broker(tmp_path) as peer, web(documents) as rest:
            feed = opened(peer.url, rest)
            async with running(feed):
                await until(lambda: "the picture at start is missing" in feed.health.trouble)
                assert feed.health.state == CONNECTED and "503" in feed.health.trouble
                await until(lambda: feed.health.lines == 6 and feed.health.trouble == "")

    run(main())


def test_stopped_while_it_connects(tmp_path: Path) -> None:
    async def main() -> None:
        async with broker(tmp_path) as peer:
            for wait_s in (0.0, 0.005, 0.01, 0.02, 0.05):
                async with running(opened(peer.url)):
                    await asyncio.sleep(wait_s)
            await asyncio.sleep(0.1)
            assert not [task for task in asyncio.all_tasks() if "_misc_loop" in repr(task)]

    run(main())


# paho leaves the socket of a handshake that fails to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    async def main() -> None:
        async with broker(tmp_path) as peer:
            feed = Broker(parse("digitraffic:"), CLOCK, broker=peer.url, rest="https://localhost:9")
            async with running(feed) as kept:
                await until(lambda: feed.health.state == WAITING)
                assert "certificate" in feed.health.trouble.lower() and not kept.pieces

    run(main())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as above
@pytest.mark.parametrize(
    ("mute", "trouble"),
    [
        pytest.param(True, "timed out", marks=pytest.mark.slow),  # the library gives it 5 s
        (False, "connection not upgraded"),
    ],
)
def test_a_server_that_is_something_else(mute: bool, trouble: str) -> None:
    async def handle(request: Request) -> None:
        if mute:
            await asyncio.sleep(30)
        await request.answer(503, {"error": "closed"})

    async def main() -> None:
        async with web(handle) as peer:
            feed = opened(peer.url.replace("https", "wss") + "/mqtt")
            async with running(feed):
                await until(lambda: feed.health.state == WAITING, 10)
                assert trouble in feed.health.trouble and feed.health.connects == 0

    run(main())


def test_a_watch_that_is_behind_loses_the_newest_and_says_so(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(feed_digitraffic, "MOST_WAITING", 20)
    monkeypatch.setattr("anchorwatch.edges.feeds.lines.MOST_BYTES", 1000)
    free, got = asyncio.Event(), bytearray()

    def lost(feed: Broker) -> int:
        said = re.search(r"the watch is behind: (\d+) messages are lost", feed.health.trouble)
        return int(said[1]) if said else 0

    async def put(piece: Piece) -> None:
        await free.wait()
        got.extend(piece.data)

    async def main() -> None:
        async with broker(tmp_path) as peer:
            feed = opened(peer.url)
            task = asyncio.create_task(feed.run(put))
            try:
                await until(lambda: feed.health.state == CONNECTED)
                await peer.publish(*((f"vessels-v2/{n}/location", LOCATION) for n in range(1, 501)))
                await asyncio.sleep(0.3)
                free.set()
                await until(lambda: len(rows(bytes(got))[0]) + lost(feed) == 500)
                assert 0 < lost(feed) < 500 and feed.health.state == CONNECTED
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    run(main())


def test_what_waits_is_bounded_and_what_is_lost_is_counted() -> None:
    async def main() -> int:
        waiting = Waiting(3)
        for n in range(5):
            waiting.put_nowait(n)
        assert [waiting.get_nowait() for _ in range(3)] == [0, 1, 2]
        return waiting.lost

    assert asyncio.run(main()) == 2


def test_a_message_is_one_line() -> None:
    assert line_of("vessels-v2/1/location", b'{"a":\r\n1}\n') == b'vessels-v2/1/location\t{"a":  1} \n'
    assert feed_digitraffic.BROKER == "wss://meri.digitraffic.fi:443/mqtt"
