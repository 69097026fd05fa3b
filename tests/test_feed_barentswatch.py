"""`barentswatch:` against HTTPS servers for the login (OAuth2) and for the stream of records."""

from __future__ import annotations

import asyncio
import gzip
import json
import traceback
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from anchorwatch.decode import Options, barentswatch
from anchorwatch.edges.feeds import CONNECTED, WAITING
from anchorwatch.edges.feeds import barentswatch as feed_barentswatch
from anchorwatch.edges.feeds.barentswatch import Stream
from anchorwatch.edges.feeds.reconnect import Backoff
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import open_feed, parse
from anchorwatch.errors import BadUse
from feed_peers import CLOCK, Kept, run, running, until
from service_peers import Listening, Request, Web, client_tls, web

CLIENT = ("someone@example.org:anchorwatch", "s3cret&=+%")
SECRETS = {"ANCHORWATCH_BARENTSWATCH_CLIENT_ID": CLIENT[0], "ANCHORWATCH_BARENTSWATCH_CLIENT_SECRET": CLIENT[1]}


def record(mmsi: int) -> dict[str, Any]:
    time = "2026-11-23T10:00:00+00:00"
    return {"mmsi": mmsi, "msgtime": time, "longitude": 10.5, "latitude": 59.0, "speedOverGround": 7.5, "name": "T"}


class Service:
    """Login and stream of one service; tests change how it behaves."""

    def __init__(self, client: tuple[str, str] = CLIENT) -> None:
        self.client = client
        self.tokens: list[str] = []
        self.good: set[str] = set()
        self.lasts_s: Any = 3600
        self.streams: list[Request] = []
        self.latest: Any = []
        self.zipped = False

    async def login(self, request: Request) -> None:
        form = request.form
        if request.method != "POST" or form["grant_type"] != "client_credentials" or form["scope"] != "ais":
            await request.answer(400, {"error": "unsupported_grant_type"})
        elif (form["client_id"], form["client_secret"]) != self.client:
            await request.answer(400, {"error": "invalid_client", "error_description": f"{form}"})
        else:
            self.tokens.append(f"eyJ.token-{len(self.tokens)}")
            self.good.add(self.tokens[-1])
            await request.answer(200, {"access_token": self.tokens[-1], "expires_in": self.lasts_s})

    async def live(self, request: Request) -> None:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.good:
            await request.answer(401, {"error": request.headers.get("authorization")})
        elif request.path.startswith("/v1/latest/combined?"):
            await request.answer(200, self.latest, zipped=True)
        elif request.path == "/v1/combined?modelType=Full&modelFormat=Json":
            await request.begin()
            self.streams.append(request)
            await asyncio.sleep(60)
        else:
            await request.answer(404, {})


class Both(AsyncExitStack):
    """Both servers and the feed."""

    def __init__(self, service: Service, options: str = "", client: tuple[str, str] = CLIENT) -> None:
        super().__init__()
        self.service, self.options, self.client = service, options, client
        self.login, self.live = Web(), Web()

    async def start(self) -> tuple[Stream, Kept]:
        self.login = await self.enter_async_context(web(self.service.login))
        self.live = await self.enter_async_context(web(self.service.live))
        feed = Stream(
            parse(f"barentswatch:{self.options}"),
            CLOCK,
            self.client,
            login=f"{self.login.url}/connect/token",
            live=self.live.url,
            tls=client_tls(),
        )
        feed.backoff = Backoff(lambda: 0.0)
        return feed, await self.enter_async_context(running(feed))


def line(mmsi: int) -> bytes:
    return json.dumps(record(mmsi)).encode() + b"\n"


def ships(kept: Kept) -> tuple[list[int], list[str]]:
    decoded, _ = barentswatch.FORMAT.decode(kept.data, barentswatch.FORMAT.start(Options("test", None)))
    return decoded.positions["mmsi"].to_list(), decoded.rejects["reason"].to_list()


def test_login_stream_and_the_picture_at_start() -> None:
    async def main() -> None:
        service = Service()
        service.latest = [record(257000000 + n) for n in range(1500)]
        async with Both(service) as both:
            feed, kept = await both.start()
            await until(lambda: feed.health.lines == 1500)
            await service.streams[0].chunk(line(258000001) + b"\r\n" + line(258000002)[:40])
            await until(lambda: ships(kept)[0][-1] == 258000001)
            await service.streams[0].chunk(line(258000002)[40:])
            await until(lambda: ships(kept)[0][-1] == 258000002)
            assert len(set(ships(kept)[0])) == 1502 and ships(kept)[1] == []
            assert {p.format for p in kept.pieces} == {"barentswatch"} and "under 15 m" in feed.policy
            assert feed.health.state == CONNECTED and feed.health.trouble == "" and len(service.tokens) == 1

    run(main())


def test_cut_in_the_middle_of_a_line() -> None:
    async def main() -> None:
        service = Service()
        async with Both(service) as both:
            feed, kept = await both.start()
            await until(lambda: len(service.streams) == 1)
            await service.streams[0].chunk(line(258000001) + line(258000002)[:40])
            service.streams[0].writer.transport.abort()
            await until(lambda: len(service.streams) == 2)
            await service.streams[1].chunk(line(258000003))
            await until(lambda: len(ships(kept)[0]) == 2)
            assert ships(kept) == ([258000001, 258000003], ["bad_json"])
            assert feed.health.connects == 2 and len(service.tokens) == 1  # the token is still good

    run(main())


def test_the_token_is_renewed_while_the_stream_goes_on() -> None:
    async def main() -> None:
        service = Service()
        service.lasts_s = 0.6
        async with Both(service) as both:
            feed, kept = await both.start()
            await until(lambda: len(service.tokens) == 2)
            service.good = {service.tokens[-1]}  # the first one has ended
            await service.streams[0].chunk(line(258000001))
            await until(lambda: ships(kept)[0] == [258000001])
            assert feed.health.connects == 1
            service.streams[0].writer.transport.abort()
            await until(lambda: len(service.streams) == 2)
            await until(lambda: feed.health.connects == 2)  # with the new token
            assert len(service.tokens) == 2

    run(main())


def test_a_token_that_is_withdrawn() -> None:
    async def main() -> None:
        service = Service()
        async with Both(service) as both:
            feed, _ = await both.start()
            await until(lambda: len(service.streams) == 1)
            service.good.clear()
            service.streams[0].writer.transport.abort()
            await until(lambda: "(401)" in feed.health.trouble)
            await until(lambda: len(service.streams) == 2)
            assert len(service.tokens) == 2

    run(main())


def test_wrong_credentials_are_said_and_never_shown() -> None:
    async def main() -> None:
        service = Service(("other", "other"))
        with Listening() as heard:
            async with Both(service) as both:
                feed, kept = await both.start()
                await until(lambda: feed.health.state == WAITING)
                assert feed.health.trouble == "the service refuses the client id or its secret (invalid_client)"
                service.client = CLIENT
                await until(lambda: len(service.streams) == 1)
                service.good.clear()  # now tokens are refused, too
                service.streams[0].writer.transport.abort()
                await until(lambda: "(401)" in feed.health.trouble)
                assert not kept.pieces
        shown = [feed.health.trouble, repr(feed), feed.url, feed.policy, repr(feed.health), *heard.lines]
        assert not [text for text in shown for secret in (*CLIENT, *service.tokens) if secret in text]

    run(main())


def test_silence_is_a_reason_to_connect_again() -> None:
    async def main() -> None:
        service = Service()
        async with Both(service, "?silent=0.07") as both:
            feed, _ = await both.start()
            await until(lambda: len(service.streams) >= 1)
            for _ in range(4):  # blank lines keep the line open, and are no traffic
                await asyncio.sleep(0.05)
                with suppress(ConnectionError):  # given up already, on a slow machine
                    await service.streams[0].chunk(b"\n")
            await until(lambda: len(service.streams) >= 2)
            assert feed.health.last_us == 0

    run(main())


@pytest.mark.parametrize("said", [{"access_token": "a\r\nX: y", "expires_in": 1}, {"access_token": 5}, [], "x"])
def test_a_login_that_gives_no_token(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        service = Service()

        async def login(request: Request) -> None:
            await request.answer(200, said)

        monkeypatch.setattr(service, "login", login)
        async with Both(service) as both:
            feed, _ = await both.start()
            await until(lambda: feed.health.trouble == "the login gives no token")

    run(main())


def test_a_picture_at_start_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anchorwatch.edges.feeds.services.MOST_SNAPSHOT_BYTES", 1 << 20)

    async def main() -> None:
        service = Service()
        service.latest = "x" * (8 << 20)  # a bomb: some kilobytes on the wire
        assert len(gzip.compress(service.latest.encode())) < 20_000
        async with Both(service) as both:
            feed, _ = await both.start()
            await until(lambda: "too large" in feed.health.trouble)
            assert feed.health.state == CONNECTED

    run(main())


def test_credentials_come_from_elsewhere_than_the_url(tmp_path: Path) -> None:
    assert open_feed("barentswatch:", CLOCK, secrets=Secrets(SECRETS)).format == "barentswatch"
    for one in SECRETS:
        with pytest.raises(BadUse, match=one) as caught:
            open_feed("barentswatch:", CLOCK, secrets=Secrets({k: v for k, v in SECRETS.items() if k != one}, tmp_path))
        assert not [s for s in CLIENT if s in "".join(traceback.format_exception(caught.value))]
    assert feed_barentswatch.LOGIN.startswith("https://") and feed_barentswatch.LIVE.startswith("https://")
