"""`aisstream:` against a WebSocket server that keeps the service's rules."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from anchorwatch.decode import Options, aisstream
from anchorwatch.edges.feeds import CONNECTED, WAITING
from anchorwatch.edges.feeds import aisstream as feed_aisstream
from anchorwatch.edges.feeds.aisstream import Stream
from anchorwatch.edges.feeds.lines import LINE_BYTES
from anchorwatch.edges.feeds.reconnect import Backoff
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.services import silent_logger
from anchorwatch.edges.feeds.urls import open_feed, parse
from anchorwatch.errors import BadUse
from feed_peers import CLOCK, run, running, until
from service_peers import Listening, client_tls, server_tls

KEY = "f00dcafe0123456789abcdef"
CONFIRMATION = {"MessageType": "SubscriptionConfirmation", "Message": {"CompressionEnabled": True}}


def report(mmsi: int) -> dict[str, Any]:
    said = {"MessageID": 1, "UserID": mmsi, "Valid": True, "Sog": 9.5, "Cog": 90.0, "Longitude": 24.9, "Latitude": 59.9}
    meta = {"MMSI": mmsi, "ShipName": 'A "error" B', "time_utc": "2026-11-23 10:00:00.318353 +0000 UTC"}
    return {"MessageType": "PositionReport", "MetaData": meta, "Message": {"PositionReport": said}}


@dataclass
class Service:
    """One service; tests change how it behaves between connections."""

    confirms: bool = True
    says: list[bytes | str] = field(default_factory=list)  # after the subscription
    drops: bool = False  # after that
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    late: int = 0
    lines: list[ServerConnection] = field(default_factory=list)
    port: int = 0

    async def __call__(self, line: ServerConnection) -> None:
        try:
            async with asyncio.timeout(3):
                first = await line.recv()
        except TimeoutError:
            self.late += 1
            return
        self.subscriptions.append(json.loads(first))
        drops = self.drops
        if self.subscriptions[-1]["APIKey"] != KEY:
            # Worse than the real one: it repeats the key, which must not be shown.
            await line.send(
                json.dumps({"error": f"Api Key Is Not Valid: {self.subscriptions[-1]['APIKey']}\n\x1b[31m"})
            )
            return
        if self.confirms:
            await line.send(json.dumps(CONFIRMATION).encode())
        for frame in self.says:
            await line.send(frame)
        if drops:
            line.transport.abort()
        self.lines.append(line)
        await line.wait_closed()


@asynccontextmanager
async def served(service: Service) -> AsyncIterator[Service]:
    server: Server
    async with serve(service, "127.0.0.1", 0, ssl=server_tls(), close_timeout=1, logger=silent_logger()) as server:
        service.port = next(iter(server.sockets)).getsockname()[1]
        yield service


def opened(service: Service, options: str = "", key: str = KEY) -> Stream:
    url = f"wss://localhost:{service.port}/v0/stream"
    feed = Stream(parse(f"aisstream:{options}"), CLOCK, key, service=url, tls=client_tls())
    feed.backoff = Backoff(lambda: 0.0)
    return feed


def ships(data: bytes) -> list[int]:
    decoded, _ = aisstream.FORMAT.decode(data, aisstream.FORMAT.start(Options("test", None)))
    return decoded.positions["mmsi"].to_list()


def test_subscription_and_messages() -> None:
    async def main() -> None:
        frames: list[bytes | str] = [json.dumps(report(230000001)).encode(), json.dumps(report(230000002), indent=2)]
        async with served(Service(says=[*frames, b"x" * 2 * LINE_BYTES])) as service:
            feed = opened(service)
            async with running(feed) as kept:
                await until(lambda: feed.health.lines == 3)
                assert ships(kept.data) == [230000001, 230000002]
                assert feed.health.state == CONNECTED and {p.format for p in kept.pieces} == {"aisstream"}
            asked = service.subscriptions[0]
            assert asked["BoundingBoxes"] == [[[53.0, 9.0], [66.0, 31.0]]]  # latitude before longitude
            assert {"PositionReport", "ShipStaticData"} <= set(asked["FilterMessageTypes"]) and not service.late

    run(main())


def test_a_service_that_confirms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_aisstream, "CONFIRMED_S", 0.1)

    async def main() -> None:
        async with served(Service(confirms=False)) as service:
            feed = opened(service, "?box=20,59,30,60.5")
            async with running(feed) as kept:
                await until(lambda: feed.health.state == CONNECTED)
                assert service.subscriptions[0]["BoundingBoxes"] == [[[59.0, 20.0], [60.5, 30.0]]]
                await service.lines[0].send(json.dumps(report(230000003)))
                await until(lambda: ships(kept.data) == [230000003])

    run(main())


def test_a_wrong_key_is_said_and_never_shown() -> None:
    wrong = "deadbeefdeadbeefdeadbeef"

    async def main() -> None:
        async with served(Service()) as service:
            feed = opened(service, key=wrong)
            with Listening() as heard:
                async with running(feed) as kept:
                    await until(lambda: feed.health.state == WAITING)
                    assert "Api Key Is Not Valid" in feed.health.trouble
                    await until(lambda: len(service.subscriptions) > 2)
                    assert feed.health.connects == 0 and not kept.pieces
            shown = [feed.health.trouble, repr(feed), str(feed), feed.url, feed.policy, repr(feed.health), *heard.lines]
            assert not [text for text in shown if wrong in text]
            assert "\x1b" not in feed.health.trouble and "\n" not in feed.health.trouble

    run(main())


def test_dropped_and_reconnected() -> None:
    async def main() -> None:
        async with served(Service(says=[json.dumps(report(230000001))], drops=True)) as service:
            feed = opened(service)
            async with running(feed) as kept:
                await until(lambda: len(service.subscriptions) >= 2)
                service.drops, asked = False, len(service.subscriptions)
                service.says = [json.dumps(report(230000009))]
                await until(lambda: 230000009 in ships(kept.data))
                assert len(service.subscriptions) <= asked + 1 and ships(kept.data)[0] == 230000001
                assert feed.health.connects >= 2

    run(main())


def test_an_error_in_the_middle_of_the_stream() -> None:
    async def main() -> None:
        async with served(Service(says=[json.dumps(report(230000001)), '{"error": "throttled"}'])) as service:
            feed = opened(service)
            async with running(feed) as kept:
                await until(lambda: feed.health.trouble == "the service says: throttled")
                assert ships(kept.data)[:1] == [230000001]

    run(main())


def test_silence_is_a_reason_to_connect_again() -> None:
    async def main() -> None:
        async with served(Service()) as service:
            feed = opened(service, "?silent=0.07")
            async with running(feed):
                await until(lambda: len(service.subscriptions) >= 2)

    run(main())


def test_nobody_listens() -> None:
    async def main() -> None:
        feed = opened(Service(port=9))
        async with running(feed):
            await until(lambda: feed.health.state == WAITING)
            assert "refused" in feed.health.trouble

    run(main())


def test_the_key_comes_from_elsewhere_than_the_url(tmp_path: Path) -> None:
    assert open_feed("aisstream:", CLOCK, secrets=Secrets({"ANCHORWATCH_AISSTREAM_KEY": KEY})).format == "aisstream"
    with pytest.raises(BadUse, match="ANCHORWATCH_AISSTREAM_KEY"):
        open_feed("aisstream:", CLOCK, secrets=Secrets({}, tmp_path))
    with pytest.raises(BadUse) as caught:
        open_feed(f"aisstream:?key={KEY}", CLOCK, secrets=Secrets({}))
    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "box", ["", "9", "9,53,31", "31,53,9,66", "9,66,31,53", "9,53,31,91", "a,b,c,d", "9,53,31,66,1"]
)
def test_boxes_that_are_none(box: str) -> None:
    with pytest.raises(BadUse, match=r"west, south, east, north"):
        opened(Service(), f"?box={box}")
