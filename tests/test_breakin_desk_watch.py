"""The report desk of a watch attacked: made-up damage, floods, what is not public, slow models, wild questions."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from anchorwatch.desk.corrections import Correction
from anchorwatch.desk.ledgers import Ledger
from anchorwatch.desk.report import Claim, Incident, Item, Quantity, Report
from anchorwatch.edges.plugged_model import PluggedModel
from anchorwatch.edges.press import poll as polling
from anchorwatch.edges.press.addresses import parse
from anchorwatch.edges.press.fetch import Fetched, Fetcher
from anchorwatch.errors import BadUse
from anchorwatch.watch import ledgers as ledger_desk
from anchorwatch.watch import press as press_desk
from anchorwatch.watch.incident_room import TROUBLE
from anchorwatch.watch.ledgers import Ledgers
from anchorwatch.watch.openings import MOST, MOST_OF_SOURCE, Openings
from anchorwatch.watch.press import press_of
from api_room import NOW, SECRET, Desk, desk_in
from notify_receivers import SkippingClock
from press_servers import QUICK, answer, site

DAY_US = 86_400_000_000
CABLES = ("Estlink 2", "Estlink 1", "Winding Line")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as made:
        yield made


def damage(number: int, file: str) -> list[Item]:
    """Made-up reports of damage, each of another week."""
    return [
        Item(
            f"The {CABLES[n % 3]} cable was cut by sabotage, the operator said in case {n}.",
            file=file, published_us=NOW - (n // 3) * 8 * DAY_US, reference_us=NOW - n * DAY_US, reference="published",
        )
        for n in range(number)
    ]  # fmt: skip


# ---- floods


def test_made_up_damage_floods_neither_the_incidents_nor_the_looks_back(own: Desk) -> None:
    press, asked = press_of(own.room), list[str]()
    press.looks.ask = asked.append  # type: ignore[method-assign, assignment]
    before = [(i.alert["id"], i.alert["level"], i.alert["score"]) for i in own.room.store.alerts()]
    press.take(damage(300, "https://evil.example/feed"))
    assert len(press.reports.incidents(1000)) == len(set(asked)) == MOST_OF_SOURCE
    said = own.room.progress.troubles[TROUBLE]
    assert "https://evil.example/feed" in said and "opened no incident" in said
    press.take([Item("The Far Line cable was cut, the operator said.", file="paper.txt", published_us=NOW)])
    assert press.reports.incidents(1000, asset="far")  # others are heard
    assert before == [(i.alert["id"], i.alert["level"], i.alert["score"]) for i in own.room.store.alerts()]
    assert own.get("/api/v1/reports?limit=1&q=case")["total"] == 300  # what opened none is still read


def test_incidents_are_bounded_over_all_sources_and_free_again_a_day_later() -> None:
    openings, sources = Openings(), {f"r{n}": f"feed {n % 50}" for n in range(1000)}
    made = [an_incident(n) for n in range(1000)]
    assert len(openings.of(made, [], sources, 0.0)) == MOST
    assert "900" not in openings.trouble(0.0) and openings.trouble(0.0)
    assert openings.of(made[:1], made[:1], sources, 1.0) == made[:1]  # what is known may change
    assert openings.trouble(86_400.0) == "" and len(openings.of(made[:5], [], sources, 86_400.0)) == 5


def an_incident(n: int) -> Incident:
    return Incident(f"i{n}", None, "a cable", None, None, "", reports=(f"r{n}",))


def test_one_feed_brings_no_more_than_a_day_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        clock, told = SkippingClock(), "\n".join(f"Case {n} is told." for n in range(10))
        async with site(lambda request, writer: _write(writer, answer(told, ETag='"1"'))) as here:
            poller = polling.Poller(polling.subscriptions([here.url()]), clock, fetcher=Fetcher(clock, QUICK))
            (batch,) = await poller.run_once()
            assert len(batch.items) == 3 and batch.rejects == {"too_many_in_a_day": 7}
            assert batch.state.etag == ""  # what is left is asked for again
            clock.skip(86_400.0)
            (batch,) = await poller.run_once()
            assert len(batch.items) == 3

    monkeypatch.setattr(polling, "MOST_NEW", 3)
    asyncio.run(work())


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)


def test_a_long_text_counts_by_its_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST_NEW_CHARACTERS", 30_000)
    feed = polling._Feed(polling.subscriptions(["https://paper.example/"])[0], polling.State("x"))
    fresh, over = feed.sift([Item(f"{n} " + "x" * 19_000) for n in range(9)], NOW)
    assert (len(fresh), over) == (2, 7)


def test_a_ledger_that_is_slow_to_build_is_good_for_a_while(own: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made, press = list[str](), press_of(own.room)

    def slow(name: str, *_: Any) -> Ledger:
        made.append(name)
        own.clock.us += 10_000_000
        return Ledger(name, name, ())

    monkeypatch.setattr(ledger_desk, "build", slow)
    ledgers = Ledgers(press.reports)
    monkeypatch.setattr(own.clock, "monotonic_s", lambda: own.clock.us / 1e6)
    ledgers.get("spending")
    for n in range(5):
        press.take([Item(f"Something is told, {n}.")])
        ledgers.get("spending")
    assert made == ["spending"]
    own.clock.us += 60_000_000
    ledgers.get("spending")
    assert made == ["spending", "spending"]


def test_corrections_are_bounded(own: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    press = press_of(own.room)
    monkeypatch.setattr(press_desk, "MOST_IN_FORCE", 2)
    for n in range(2):
        press.correct(Correction("", "entity", f"word {n}", -1, None, "person"), "anna")
    with pytest.raises(BadUse, match="are in force"):
        press.correct(Correction("", "entity", "word 3", -1, None, "person"), "anna")


# ---- what is not public


def test_whoever_reads_what_others_say_of_a_restricted_asset_is_noted(own: Desk) -> None:
    press = press_of(own.room)
    words = ("Ukraine needs 20 systems.", "Ukraine needs 19 systems for the Navy Line.")
    told = [
        Report(
            Item(text, published_us=NOW),
            quantities=(Quantity(f"{n} systems", 14, 24, n, n, None, "needed", None, "systems"),),
            claims=(Claim("need", "fact", text, 0, len(text), ("Ukraine",), quantities=(0,), assets=assets),),
            assets=assets, ledgers=("assistance",), relevance=1.0,
        )
        for text, n, assets in ((words[0], 20.0, ()), (words[1], 19.0, (SECRET,)))
    ]  # fmt: skip
    press.reports.keep(told, {r.id: ("s1-one", ()) for r in told})
    own.people._recent.clear()
    answer_ = own.ask("GET", f"/api/v1/reports/{told[0].id}", "guest")
    assert answer_.status_code == 200 and ("guest", "read asset", SECRET) in own.audited(), answer_.text


# ---- a model that plays for time


@contextmanager
def dripping() -> Iterator[str]:
    """A server that sends its headers letter by letter, without end."""
    listening = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        link, _ = listening.accept()
        with link:
            link.recv(65_536)
            link.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            try:
                while not stop.wait(0.05):
                    link.sendall(b"x")
            except OSError:
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        stop.set()
        listening.close()
        thread.join()


def test_a_model_that_answers_letter_by_letter_is_left() -> None:
    with dripping() as url:
        model = PluggedModel(url, limit_s=0.5)
        began = time.monotonic()
        (found,) = model.extract(["Estlink 2 was cut."])
        assert time.monotonic() - began < 5.0 and not found.entities and model.why == "it does not answer"


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")

    async def work() -> Fetched:
        async with site(lambda request, writer: _write(writer, answer("A cable hums."))) as here:
            return await Fetcher(SkippingClock(), QUICK).get(parse(here.url()))

    assert asyncio.run(work()).data == b"A cable hums."


# ---- questions that make no sense

ASKED = (
    "/reports?x=1", "/reports?limit=1e9", "/reports?limit=99999999999999999999", "/reports?before=%00",
    "/reports?before=';--", "/reports?since=9999-12-31T23:59:59Z", "/reports?since=99999-01-01", "/reports?relevant=so",
    "/reports/a%2Fb", "/reports/..%2f..", "/reports/%00", "/reports/%ED%A0%80", "/stories/%00", "/stories?limit=0",
    "/ledgers/..%2f", "/ledgers/x.csv", "/ledgers/spending?since=0001-01-01T00:00:00Z", "/incidents/%00",
    "/incidents?limit=-1", "/brief?since=0001-01-01T00:00:00Z", "/brief.pdf?since=x", "/press?x=1",
)  # fmt: skip
TOLD: tuple[Any, ...] = (
    {"text": ""}, {"text": "\x00"}, {"text": "a" * 200_001}, {"text": "[" * 100_000}, {"text": '{"text":' * 20_000},
    {"text": '{"articles":[{"title":' + "9" * 50_000 + "}]}"}, {"text": "x", "published": "9999-12-31T23:59:59Z"},
    {"text": "x", "extra": 1}, {"text": ["x"]}, {"text": None}, [], "x",
)  # fmt: skip
WISHED: tuple[dict[str, Any], ...] = (
    {"what": "story", "story": "s1-none"}, {"what": "story", "story": "r1-1"}, {"what": "relevant"},
    {"what": "entity", "text": " ", "everywhere": True, "type": "person"},
    {"what": "claim", "text": "a", "everywhere": True, "type": "pledge"},
    {"what": "claim", "text": "Estlink", "start": 2_147_483_647, "type": "pledge"}, {"what": ["entity"]},
)  # fmt: skip


def test_questions_that_make_no_sense_are_refused_in_words(own: Desk) -> None:
    one = own.post("/api/v1/reports", {"text": "Estlink 2 was cut."})["reports"][0]["id"]
    answers = [own.ask("GET", f"/api/v1{path}") for path in ASKED]
    answers += [own.ask("POST", "/api/v1/reports", json=told) for told in TOLD]
    answers += [own.ask("POST", f"/api/v1/reports/{one}/corrections", json=wish) for wish in WISHED]
    form = {"content-type": "application/json"}
    answers += [own.ask("POST", "/api/v1/reports", headers=form, content=b"[" * 500_000)]
    for said in answers:
        assert 400 <= said.status_code < 500 and said.json()["error"]["what"], (said.request.url, said.text[:200])
    for who in ("guest", "scraper"):
        assert own.ask("POST", "/api/v1/reports", who, json={"text": "x"}).status_code == 403
        assert own.ask("POST", f"/api/v1/reports/{one}/corrections", who, json=WISHED[0]).status_code == 403
        assert own.ask("DELETE", "/api/v1/corrections/c1-1", who).status_code == 403


def test_only_addresses_of_the_web_are_kept(own: Desk) -> None:
    for n, url in enumerate(("javascript:alert(1)", "https://a\nb/", "file:///etc/passwd", "https://u:p@a.example/")):
        said = own.post("/api/v1/reports", {"text": f"Text {n} is here.", "url": url})
        assert said["reports"][0]["url"] is None, url
    assert own.post("/api/v1/reports", {"text": "Fine.", "url": "https://a.example/"})["reports"][0]["url"]


def test_names_that_a_person_gives_are_text_everywhere(own: Desk) -> None:
    text = "The Estlink 2 power cable was cut on 25 December."
    one = own.post("/api/v1/reports", {"text": text, "source": "=cmd|' /C calc'!A0\r\nATTENDEE:x"})["reports"][0]["id"]
    name = "<script>alert(1)</script>\u202e\x1b[31m"
    wish = {"what": "entity", "text": "Estlink 2", "start": 4, "was": "asset", "type": "asset", "name": name}
    own.post(f"/api/v1/reports/{one}/corrections", wish)
    for path in (f"/reports/{one}", "/reports", "/brief", "/brief.html", "/brief.md", "/ledgers/incidents.csv"):
        said = own.ask("GET", f"/api/v1{path}")
        assert said.status_code == 200 and "\u202e" not in said.text and "\x1b" not in said.text, path
        if said.headers["content-type"].startswith("text/html"):
            assert "<script" not in said.text
        if said.headers["content-type"].startswith("text/csv"):
            assert "\n=cmd" not in said.text and ",=cmd" not in said.text
    assert "\r\nATTENDEE" not in own.ask("GET", "/api/v1/ledgers/calendar.ics").text
    json.loads(own.ask("GET", f"/api/v1/reports/{one}").text)
