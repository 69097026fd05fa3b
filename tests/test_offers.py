"""A watch that starts with nothing: open feeds are switched on and off as it runs, and come back at the next start."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from anchorwatch import chart
from anchorwatch.console.settings import Settings
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.feeds import CONNECTED, Health, Piece, Put, offers
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import open_feed, open_feeds
from anchorwatch.engine.job import Job
from anchorwatch.errors import BadInput, BadStore, BadUse
from anchorwatch.picture import policy
from anchorwatch.watch import switchboard
from anchorwatch.watch.house import Orders
from anchorwatch.watch.steady_clock import SteadyClock
from api_room import desk_in
from house_at_work import Warned
from room import room_in

OFFERS = "/api/v1/feeds/offers"
LINE = b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24\n"


@dataclass
class MadeFeed:
    """A feed that gives one line and then waits, or fails as a test says."""

    name: str
    fails: Exception | None = None
    url: str = "made:"
    format: str = "nmea"
    hold_back_s: float = 0.0
    silent_after_s: float = 60.0
    policy: str = ""
    health: Health = field(default_factory=Health)
    runs: int = 0

    async def run(self, put: Put) -> None:
        if self.fails is not None:
            raise self.fails
        now_us = SystemClock().now_us()
        self.health.state, self.health.since_us, self.health.last_us = CONNECTED, now_us, now_us
        await put(Piece(self.name, "nmea", now_us, LINE))
        self.runs += 1
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # a feed has something to close
            self.runs -= 1


class Watched:
    """A watch that runs, and somebody at this machine who asks it."""

    def __init__(self, house: Warned, client: httpx.AsyncClient) -> None:
        self.house, self.client = house, client

    async def ask(self, method: str, path: str, status: int = 200) -> Any:
        answer = await self.client.request(method, path)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10.0):
            while not holds():
                await asyncio.sleep(0.01)

    async def offer(self, name: str) -> dict[str, Any]:
        return next(o for o in (await self.ask("GET", OFFERS))["offers"] if o["name"] == name)

    async def feeds(self) -> dict[str, str]:
        """Why each feed is not healthy."""
        return {feed["name"]: feed["why"] for feed in (await self.ask("GET", "/api/v1/feeds"))["feeds"]}


def tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


def kept(
    data: Path, test: Callable[[Watched], Awaitable[None]], *urls: str, environ: dict[str, str] | None = None
) -> None:
    """Keep a watch over a sea without assets while `test` runs; nothing of it is left behind."""
    data.mkdir(exist_ok=True)

    async def run() -> None:
        clock, secrets = SteadyClock(SystemClock()), Secrets(environ or {}, data / "secrets")
        feeds, settings = open_feeds(urls, clock, secrets), Settings(port=0, data=data)
        house = Warned(Orders(Job(chart.make(()), {}), data, feeds, settings=settings, secrets=secrets), clock)
        visits: list[Any] = []
        house.serving = lambda web, warnings: visits.append(web)
        before = asyncio.all_tasks()
        running = asyncio.create_task(house.run())
        try:
            while not visits and not running.done():
                await asyncio.sleep(0.01)
            key = {"Authorization": "Bearer " + (data / "local_key").read_text().strip()}
            async with httpx.AsyncClient(base_url=visits[0].url, headers=key, timeout=10.0) as client:
                watched = Watched(house, client)
                await watched.until(lambda: house.room.progress.caught_up)
                await test(watched)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            await running
        assert asyncio.all_tasks() == before

    async def bounded() -> None:
        async with asyncio.timeout(30.0):
            await run()

    asyncio.run(bounded())


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, MadeFeed]:
    """Offers that open feeds of this test, where their keys are there; each is opened once more as a new one."""
    known: dict[str, MadeFeed] = {}

    def opened(url: str, clock: Any, *, name: str, secrets: Secrets) -> MadeFeed:
        open_feed(url, clock, name=name, secrets=secrets)  # raises where a key is missing
        fails = known[name].fails if name in known and not known[name].runs else None
        known[name] = MadeFeed(name, fails, url)
        return known[name]

    monkeypatch.setattr(switchboard, "open_feed", opened)
    return known


def test_a_watch_without_feeds_says_what_to_connect(tmp_path: Path, made: dict[str, MadeFeed]) -> None:
    async def test(watched: Watched) -> None:
        await watched.until(lambda: bool(watched.house.said))
        assert "no feed is connected" in watched.house.said[0]
        assert "no feed is connected" in (await watched.ask("GET", "/api/v1/status"))["trouble"]
        assert "feeds" in (await watched.ask("GET", "/readyz", 503))["reasons"][0]
        said = await watched.ask("GET", OFFERS)
        assert said["closed"] == ""
        assert {o["name"]: bool(o["needs"]) for o in said["offers"]} == {
            "digitraffic": False, "kystverket": False, "barentswatch": True, "aisstream": True
        }  # fmt: skip
        assert not any(o["on"] for o in said["offers"])

    kept(tmp_path / "data", test)


def test_a_feed_is_switched_on_heard_switched_off_and_its_history_says_who(
    tmp_path: Path, made: dict[str, MadeFeed]
) -> None:
    async def test(watched: Watched) -> None:
        room = watched.house.room
        on = await watched.ask("POST", f"{OFFERS}/digitraffic")
        assert (on["on"], on["by"]) == (True, "console")
        assert await watched.ask("POST", f"{OFFERS}/digitraffic") == on, "on already"
        await watched.until(lambda: room.progress.positions + len(room.latest) > 0)
        assert await watched.feeds() == {"digitraffic": ""}
        assert (await watched.ask("GET", "/readyz"))["ready"]
        assert offers.chosen(tmp_path / "data") == ("digitraffic",)
        await watched.ask("GET", "/api/v1/feeds/coverage?feed=digitraffic")
        feed = made["digitraffic"]
        assert (feed.runs, "digitraffic" in tasks()) == (1, True)

        off = await watched.ask("DELETE", f"{OFFERS}/digitraffic")
        assert (off["on"], off["by"]) == (False, "")
        assert (feed.runs, "digitraffic" in tasks()) == (0, False)
        assert await watched.feeds() == {}
        assert offers.chosen(tmp_path / "data") == ()
        assert await watched.ask("DELETE", f"{OFFERS}/digitraffic") == off, "off already"
        assert room.feed_names()[0] == "digitraffic", "what it brought is still its own"
        await watched.ask("POST", f"{OFFERS}/kystverket")
        assert room.feed_names()[0] == "digitraffic"
        told = [(e.verb, e.data["feed"], e.data["by"]) for e in room.store.history("") if e.verb.startswith("feed_o")]
        assert told == [
            ("feed_on", "digitraffic", "local"),
            ("feed_off", "digitraffic", "local"),
            ("feed_on", "kystverket", "local"),
        ]

    kept(tmp_path / "data", test)


def test_what_was_on_comes_back_at_the_next_start(tmp_path: Path, made: dict[str, MadeFeed]) -> None:
    key = {"ANCHORWATCH_AISSTREAM_KEY": "abc"}

    async def first(watched: Watched) -> None:
        await watched.ask("POST", f"{OFFERS}/aisstream")
        await watched.ask("POST", f"{OFFERS}/kystverket")

    async def again(watched: Watched) -> None:
        await watched.until(lambda: made["aisstream"].runs == made["kystverket"].runs == 1)
        assert await watched.feeds() == {"kystverket": "", "aisstream": ""}

    async def without_its_key(watched: Watched) -> None:
        assert "kystverket" in await watched.feeds()
        offer = await watched.offer("aisstream")
        assert offer["on"]
        assert "AISSTREAM_KEY" in offer["needs"]
        assert "AISSTREAM_KEY" in (await watched.ask("GET", "/api/v1/status"))["trouble"]
        secrets = tmp_path / "data" / "secrets"
        secrets.mkdir()
        (secrets / "aisstream_key").write_text("abc\n")
        (secrets / "aisstream_key").chmod(0o600)
        await watched.ask("POST", f"{OFFERS}/aisstream")
        await watched.until(lambda: watched.house.room.progress.trouble == "")
        assert (await watched.offer("aisstream"))["needs"] == ""

    kept(tmp_path / "data", first, environ=key)
    kept(tmp_path / "data", again, environ=key)
    made.clear()
    kept(tmp_path / "data", without_its_key)


def test_why_one_that_is_on_is_not_heard_stays_said_also_where_it_was_lost_before(
    tmp_path: Path, made: dict[str, MadeFeed]
) -> None:
    offers.keep(tmp_path, ["aisstream"])
    with room_in(tmp_path) as (room, _):
        room.store.tell("feed_lost", {"feed": "aisstream", "why": "no answer"})

    async def test(watched: Watched) -> None:
        await watched.until(lambda: bool(watched.house.room.store.told(["feed_off"], 1)))
        assert "AISSTREAM_KEY" in (await watched.ask("GET", "/api/v1/status"))["trouble"]

    kept(tmp_path, test)


def test_judgement_knows_after_a_start_what_one_left_out_that_is_off_now(
    tmp_path: Path, made: dict[str, MadeFeed]
) -> None:
    def policies(watched: Watched) -> dict[str, Any]:
        keeper = watched.house.keeper
        known = keeper.live.job.policies or {}
        return {name: known.get(number) for name, number in keeper.numbers.items()}

    async def first(watched: Watched) -> None:
        await watched.ask("POST", f"{OFFERS}/digitraffic")
        await watched.until(lambda: "digitraffic" in policies(watched))
        await watched.ask("DELETE", f"{OFFERS}/digitraffic")

    async def again(watched: Watched) -> None:
        await watched.ask("POST", f"{OFFERS}/kystverket")
        await watched.until(lambda: "kystverket" in policies(watched))
        assert policies(watched) == {name: policy.of(name) for name in ("digitraffic", "kystverket")}

    kept(tmp_path / "data", first)
    kept(tmp_path / "data", again)


def test_many_switches_at_once_end_in_one_state(tmp_path: Path, made: dict[str, MadeFeed]) -> None:
    async def test(watched: Watched) -> None:
        await asyncio.gather(*(watched.ask("POST", f"{OFFERS}/{name}") for name in ["digitraffic", "kystverket"] * 4))
        assert sorted(await watched.feeds()) == ["digitraffic", "kystverket"]
        assert {name: feed.runs for name, feed in made.items()} == {"digitraffic": 1, "kystverket": 1}
        ways = [("POST", "digitraffic"), ("DELETE", "digitraffic"), ("DELETE", "kystverket"), ("POST", "kystverket")]
        await asyncio.gather(*(watched.ask(way, f"{OFFERS}/{name}") for way, name in ways * 3))
        running = {name for name, feed in made.items() if feed.runs}
        assert running == set(await watched.feeds()) == set(offers.chosen(tmp_path / "data"))
        assert running == tasks() & set(offers.BY_NAME)

    kept(tmp_path / "data", test)


@pytest.mark.parametrize("error", [BadInput("the service is gone", "x"), ValueError("a slip of ours")], ids=type)
def test_a_feed_that_fails_says_why_and_the_watch_goes_on(
    tmp_path: Path, made: dict[str, MadeFeed], error: Exception
) -> None:
    made["digitraffic"] = MadeFeed("digitraffic", error)

    async def test(watched: Watched) -> None:
        await watched.ask("POST", f"{OFFERS}/digitraffic")
        await watched.ask("POST", f"{OFFERS}/kystverket")
        await watched.until(lambda: bool(made["digitraffic"].health.trouble))
        why = await watched.feeds()
        assert str(error.args[0]) in why["digitraffic"]
        assert why["kystverket"] == ""
        assert str(error.args[0]) in (await watched.ask("GET", "/api/v1/status"))["trouble"]
        await watched.ask("DELETE", f"{OFFERS}/digitraffic")
        assert (await watched.ask("GET", "/api/v1/status"))["trouble"] == ""

    kept(tmp_path / "data", test)


@pytest.mark.parametrize("text", ["on = [", 'on = ["tcp://192.0.2.1:1"]', "on = 3", "on = [[1]]", "\xff\x00"])
def test_a_file_that_says_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / offers.FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match=r"feeds\.toml.*remove the file"):
        offers.chosen(tmp_path)


def test_a_damaged_file_connects_to_nothing_and_is_said(tmp_path: Path, made: dict[str, MadeFeed]) -> None:
    (tmp_path / offers.FILE).write_text('on = ["tcp://192.0.2.1:1"]')

    async def test(watched: Watched) -> None:
        assert await watched.feeds() == {}
        assert offers.FILE in (await watched.ask("GET", "/api/v1/status"))["trouble"]
        await watched.ask("POST", f"{OFFERS}/kystverket")
        assert offers.chosen(tmp_path) == ("kystverket",)
        await watched.until(lambda: watched.house.room.progress.trouble == "")

    kept(tmp_path, test)


def test_what_is_refused_says_why_and_changes_nothing(tmp_path: Path, made: dict[str, MadeFeed]) -> None:
    async def test(watched: Watched) -> None:
        error = (await watched.ask("POST", f"{OFFERS}/barentswatch", 409))["error"]
        assert "BARENTSWATCH_CLIENT_ID" in error["what"] + error["next"]
        assert (await watched.offer("barentswatch"))["needs"].count("BARENTSWATCH_CLIENT_SECRET") == 1
        given = await watched.offer("kystverket")
        assert (given["on"], given["by"]) == (True, "command line")
        error = (await watched.ask("DELETE", f"{OFFERS}/kystverket", 409))["error"]
        assert "command line" in error["what"]
        assert (
            "another feed has this name" in (await watched.ask("POST", f"{OFFERS}/digitraffic", 409))["error"]["what"]
        )
        await watched.ask("POST", f"{OFFERS}/tcp:%2F%2F192.0.2.1:1", 404)
        await watched.ask("POST", f"{OFFERS}/digitraffic?url=tcp://192.0.2.1:1", 400)
        assert sorted(await watched.feeds()) == ["coast", "digitraffic"]
        assert not (tmp_path / "data" / offers.FILE).exists()

    kept(tmp_path / "data", test, "coast=kystverket:", "digitraffic=tcp://127.0.0.1:1")


def test_a_feed_switched_on_before_the_start_and_one_after_the_end_run_once_and_never(
    tmp_path: Path, made: dict[str, MadeFeed]
) -> None:
    async def put(piece: Piece) -> None:
        assert piece.data == LINE

    async def switched(room: Any) -> None:
        board = switchboard.Switchboard(room, tmp_path, Secrets({}), (), put)
        await board.switch_on(offers.BY_NAME["kystverket"], "anna")
        board.start()
        await asyncio.sleep(0.01)
        assert made["kystverket"].runs == 1
        await board.close()
        assert made["kystverket"].runs == 0
        with pytest.raises(BadUse, match="the watch is ending"):
            await board.switch_on(offers.BY_NAME["digitraffic"], "anna")
        assert offers.chosen(tmp_path) == ("kystverket",)

    with room_in(tmp_path) as (room, _):
        asyncio.run(switched(room))


def test_a_choice_that_cannot_be_written_is_not_made(
    tmp_path: Path, made: dict[str, MadeFeed], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BadStore("cannot be written (no space left)", "feeds.toml")

    async def test(watched: Watched) -> None:
        with monkeypatch.context() as disk:
            disk.setattr(offers, "keep", full)
            await watched.ask("POST", f"{OFFERS}/kystverket", 503)
        assert await watched.feeds() == {}
        assert not (await watched.offer("kystverket"))["on"]
        await watched.ask("POST", f"{OFFERS}/kystverket")

    kept(tmp_path / "data", test)


def test_only_a_supervisor_switches_and_never_in_a_replay(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        assert "replay" in desk.get(OFFERS, "guest")["closed"]
        desk.get(OFFERS, "", 401)
        for method in ("POST", "DELETE"):
            assert desk.ask(method, f"{OFFERS}/digitraffic", "anna").status_code == 403
            assert desk.ask(method, f"{OFFERS}/digitraffic", "chief").status_code == 409
