"""The watch brings reports: from files and feeds, as they change; killed and begun again; in a replay, none early."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import HOSTILE, MINUTE, StandingClock
from anchorwatch.desk.corrections import Correction
from anchorwatch.desk.report import Item
from anchorwatch.edges.store.reports import Reports
from anchorwatch.errors import BadInput, BadStore, BadUse
from anchorwatch.trials import showing
from anchorwatch.watch.press import Press
from anchorwatch.watch.press_poll import FAILING_US, PressPoll
from api_room import NOW, a_chart
from house_at_work import Warned, asked, watch
from made_sea import job
from room import room_in

CUT = "The Estlink 2 power cable between Finland and Estonia was cut on 25 December, the operator Fingrid said."
OTHER = "Sweden will send two ships to the Baltic Sea in January."
ITEM = "<item><title>{}</title><link>https://paper.example/{}</link><pubDate>{}</pubDate></item>"
AT = "Wed, 25 Dec 2024 11:00:00 GMT"


@contextmanager
def press_in(folder: Path, clock: StandingClock, sources: Sequence[str] = ()) -> Iterator[tuple[Press, PressPoll]]:
    """A desk of its own in a folder, and what brings it reports; not begun."""
    with room_in(folder, clock, a_chart()) as (room, _):
        press = Press(room)
        poll = press.poll = PressPoll(press, sources, clock)
        try:
            yield press, poll
        finally:
            press.close()


def turn(poll: PressPoll) -> float:
    return asyncio.run(poll.turn())


class Paper:
    """A feed on this machine: what it says, and how often it was asked."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.status, self.asked, self.etags = 200, 0, list[str]()

    @property
    def rss(self) -> bytes:
        listed = "".join(ITEM.format(text, n, AT) for n, text in enumerate(self.items))
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Paper</title>{listed}</channel></rss>".encode()


@pytest.fixture
def paper() -> Iterator[tuple[Paper, str]]:
    said = Paper()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.asked += 1
            etag = f'"{len(said.items)}"'
            said.etags.append(self.headers.get("If-None-Match", ""))
            same = self.headers.get("If-None-Match") == etag and said.status == 200
            body = b"" if same or said.status != 200 else said.rss
            self.send_response(304 if same else said.status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield said, f"Paper=http://127.0.0.1:{server.server_address[1]}/rss?key=geheim"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_file_is_read_and_read_again_when_it_changes(tmp_path: Path) -> None:
    digest = tmp_path / "digest.txt"
    digest.write_text(f"{CUT}\n{OTHER}\n", encoding="utf-8")
    with press_in(tmp_path, StandingClock(NOW), [str(digest)]) as (press, poll):
        turn(poll)
        assert press.reports.state()[0] == 2 and press.reports.incidents()[0].asset == "estlink-2"
        turn(poll)
        assert poll.health()[0].new == 2 and poll.health()[0].known == 0
        digest.write_text(f"{CUT}\n{OTHER}\nA third item is here.\n", encoding="utf-8")
        turn(poll)
        assert press.reports.state()[0] == 3 and poll.health()[0].known == 2
        digest.unlink()
        turn(poll)
        assert poll.health()[0].why == "the file is not there"


def test_a_feed_is_polled_with_its_etag_and_kept_where_it_stood(tmp_path: Path, paper: tuple[Paper, str]) -> None:
    said, url = paper
    clock = StandingClock(NOW)
    said.items = [CUT]
    with press_in(tmp_path, clock, [url]) as (press, poll):
        turn(poll)
        turn(poll)  # not due
        assert said.asked == 1 and press.reports.state()[0] == 1
        (kept,) = press.reports.feeds()
        assert kept.etag == '"1"' and kept.next_us > NOW and "geheim" not in repr(kept)
        record = press.reports.page()[0]
        assert record["source"] == "Paper" and record["published"] == "2024-12-25T11:00:00Z"
    clock.us += 10 * MINUTE
    with press_in(tmp_path, clock, [url]) as (press, poll):  # begun again
        turn(poll)
        assert said.etags[-1] == '"1"' and press.reports.state()[0] == 1
        said.items.append(OTHER)
        clock.us += 10 * MINUTE
        turn(poll)
        assert press.reports.state()[0] == 2 and len({r["id"] for r in press.reports.page()}) == 2


def test_killed_before_it_was_kept_the_feed_is_asked_for_it_again(
    tmp_path: Path, paper: tuple[Paper, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said, url = paper
    said.items = [CUT, OTHER]
    clock = StandingClock(NOW)
    with press_in(tmp_path, clock, [url]) as (press, poll):

        def full(*_: Any) -> None:
            raise BadStore("the disk is full", "store")

        with monkeypatch.context() as patched:
            patched.setattr(press.reports, "keep_feed", full)  # the last of the transaction
            assert turn(poll) > 1.0
        assert press.reports.state()[0] == 0 and press.reports.incidents() == [] and press.reports.feeds() == []
        assert "disk is full" in press.room.progress.troubles["reports"]
        clock.us += 10 * MINUTE
        turn(poll)
        assert press.reports.state()[0] == 2 and "reports" not in press.room.progress.troubles
        assert said.etags == ["", ""]


def test_a_feed_that_fails_for_long_is_a_trouble_until_it_is_back(tmp_path: Path, paper: tuple[Paper, str]) -> None:
    said, url = paper
    said.status = 500
    clock = StandingClock(NOW)
    with press_in(tmp_path, clock, [url]) as (press, poll):
        turn(poll)
        assert not press.room.progress.troubles and poll.health()[0].why
        clock.us += FAILING_US + MINUTE
        turn(poll)
        (trouble,) = press.room.progress.troubles.values()
        assert "no reports from Paper" in trouble and "500" in trouble and "geheim" not in trouble
        said.status = 200
        clock.us += 2 * FAILING_US
        turn(poll)
        assert not press.room.progress.troubles


def test_in_a_replay_nothing_is_told_before_it_was_published(tmp_path: Path, paper: tuple[Paper, str]) -> None:
    said, _ = paper
    said.items = [CUT]
    feed = tmp_path / "news.xml"
    feed.write_bytes(said.rss)
    with press_in(tmp_path, StandingClock(NOW), [str(feed)]) as (press, poll):
        progress = press.room.progress
        progress.replay_of, progress.now_us = "a day", NOW - 120 * MINUTE
        turn(poll)
        assert press.reports.state()[0] == 0
        progress.now_us = NOW
        turn(poll)
        assert press.reports.state()[0] == 1 and poll.health()[0].new == 1


def test_what_cannot_be_meant_is_said_before_the_watch_begins(tmp_path: Path) -> None:
    for source, error in (
        ("no-such-file.txt", BadInput),
        ("-", BadUse),
        ("ftp:/x", BadInput),
        (str(tmp_path), BadInput),
    ):
        with pytest.raises(error), press_in(tmp_path, StandingClock(NOW), [source]):
            pass
    with (
        pytest.raises(BadUse, match="named twice"),
        press_in(tmp_path, StandingClock(NOW), ["http://a/x", "http://a/x"]),
    ):
        pass


def test_stories_and_corrections_are_known_again_after_a_start(tmp_path: Path) -> None:
    clock = StandingClock(NOW)
    texts = [CUT, "Fingrid said that the power cable Estlink 2 between Estonia and Finland was cut on 25 December."]
    with press_in(tmp_path, clock) as (press, _):
        press.take([Item(texts[0])])
        place = CUT.index("Fingrid")
        press.correct(Correction(Item(CUT).id, "entity", "Fingrid", place, None, "organisation", "F Oyj"), "anna")
    with press_in(tmp_path, clock) as (press, _):
        press.take([Item(texts[1])])
        together = press.reports.several([Item(t).id for t in texts])
        assert len({r["story"] for r in together.values()}) == 1 and None not in {r["story"] for r in together.values()}
        assert len(press.reports.incidents()) == 1
    with press_in(tmp_path, clock) as (press, _):
        (one,) = press.reader.read([Item(CUT)])  # the next run
        assert [e.name for e in one.entities if e.text == "Fingrid"] == ["F Oyj"]


def test_what_a_command_keeps_beside_the_watch_is_tied_by_it(tmp_path: Path) -> None:
    clock = StandingClock(NOW)
    with press_in(tmp_path, clock) as (press, poll):
        press.take([Item(OTHER)])
        read = press.reader.read([Item(CUT)])
        beside = Reports.open(tmp_path, clock)
        beside.keep(read)
        beside.close()
        assert press.reports.incidents() == []
        clock.us += 2 * MINUTE
        turn(poll)
        assert [i.asset for i in press.reports.incidents()] == ["estlink-2"]
        clock.us += 2 * MINUTE
        turn(poll)
        assert len(press.reports.incidents()) == 1


def test_the_demonstration_shows_a_story_an_incident_and_ledgers(tmp_path: Path) -> None:
    with press_in(tmp_path, StandingClock(NOW), [str(showing.reports())]) as (press, poll):
        turn(poll)
        assert {r["source"] for r in press.reports.page()} == {"Made for the demonstration"}
        assert press.reports.stories() and any(i.asset == "estlink-2" for i in press.reports.incidents())
        filled = [ledger.name for ledger in press.ledgers.all() if ledger.rows]
        assert {"incidents", "presence", "energy", "calendar"} <= set(filled)


def test_many_at_once_are_kept_in_parts_and_an_end_comes_soon(tmp_path: Path) -> None:
    with press_in(tmp_path, StandingClock(NOW)) as (press, _):
        calls: list[int] = []

        def stop() -> bool:
            calls.append(1)
            return len(calls) > 2

        kept = press.take([Item(f"Item {n} {HOSTILE} is here.") for n in range(900)], stop=stop)
        assert len(kept.fresh) == 400 == press.reports.state()[0]
        assert press.take([Item(f"Item {n} {HOSTILE} is here.") for n in range(900)]).copies == 400


def test_many_threads_bring_the_same_reports_once(tmp_path: Path) -> None:
    with press_in(tmp_path, StandingClock(NOW)) as (press, _):
        failed: list[BaseException] = []

        def bring() -> None:
            try:
                press.take([Item(f"Estlink 2 was damaged, says source {n}.") for n in range(20)])
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=bring) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed and press.reports.state()[0] == 20
        assert len(press.reports.incidents()) == 1
        press.looks.wait()
        assert press.reports.incidents()[0].looked_back["assets"] == ["estlink-2"]


def test_a_whole_watch_reads_its_reports_and_ends_when_it_is_told_to(tmp_path: Path, paper: tuple[Paper, str]) -> None:
    said, url = paper
    said.items = ["The Long Cable was cut, its operator said on Wednesday.", OTHER]
    digest = tmp_path / "digest.txt"
    digest.write_text("An exercise begins in the Baltic Sea on Monday.\n", encoding="utf-8")
    data = tmp_path / "data"

    def read(house: Warned) -> bool:
        press = house.room.press
        return press is not None and press.reports.state()[0] == 3 and bool(press.reports.incidents()[0].looked_back)

    house = watch(job(), data, [], read, reports=[url, str(digest)])
    assert house.failure is None
    assert asked(data, "select count(*) from reports") == [(3,)]
    assert asked(data, "select asset, state from incidents") == [("long-cable", "reported")]
    watch(job(), data, [], lambda h: h.room.press is not None and said.asked >= 1, reports=[url, str(digest)])
    assert asked(data, "select count(*) from reports") == [(3,)] and asked(data, "select count(*) from incidents") == [
        (1,)
    ]
    beside = Reports.open(data, StandingClock(NOW))
    assert beside.state()[0] == 3
    beside.close()


def test_a_defect_ends_neither_the_other_files_nor_the_feeds_and_is_said(
    tmp_path: Path, paper: tuple[Paper, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said, url = paper
    said.items = [OTHER]
    bad, good = tmp_path / "bad.txt", tmp_path / "good.txt"
    bad.write_text(f"{CUT}\n", encoding="utf-8")
    good.write_text("An exercise begins in the Baltic Sea on Monday.\n", encoding="utf-8")
    clock = StandingClock(NOW)
    with press_in(tmp_path, clock, [str(bad), str(good), url]) as (press, poll):
        read = press.reader.read

        def defect(items: Sequence[Item]) -> Any:
            if any(item.text == CUT for item in items):
                raise ValueError("a defect")
            return read(items)

        monkeypatch.setattr(press.reader, "read", defect)
        turn(poll)
        assert press.reports.state()[0] == 2
        assert [(h.url, h.why) for h in poll.health()][1:] == [
            ("bad.txt", "what came cannot be read (ValueError)"),
            ("good.txt", ""),
        ]
        said.items.append(CUT)
        clock.us += 10 * MINUTE
        assert turn(poll) > 1.0
        assert "ValueError" in press.room.progress.troubles["reports"]


def test_a_look_back_that_meets_a_defect_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with press_in(tmp_path, StandingClock(NOW)) as (press, _):

        def defect(_: Any) -> None:
            raise ValueError("a defect")

        monkeypatch.setattr(press.looks, "found", defect)
        press.take([Item(CUT)])
        press.looks.wait()
        assert "ValueError" in press.room.progress.troubles["look back"]


def test_who_writes_sees_what_is_written_and_nobody_else_does(tmp_path: Path) -> None:
    with press_in(tmp_path, StandingClock(NOW)) as (press, _), press.reports.writing():
        press.reports.keep(press.reader.read([Item(CUT)]), {Item(CUT).id: ("s1", ())})
        assert press.reports.several([Item(CUT).id])[Item(CUT).id]["story"] == "s1"  # who writes sees it at once
        seen: list[int] = []
        other = threading.Thread(target=lambda: seen.append(press.reports.state()[0]))
        other.start()
        other.join()
        assert seen == [0]


def test_a_disk_that_is_full_keeps_nobody_from_reading_incidents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = StandingClock(NOW)
    with press_in(tmp_path, clock) as (press, _):

        def full(*_: Any) -> None:
            raise BadStore("the disk is full", "store")

        with monkeypatch.context() as patched:
            patched.setattr(press.incidents, "refresh", full)
            press.refresh()
        assert "disk is full" in press.room.progress.troubles["incidents"]
        clock.us += 2 * MINUTE
        press.refresh()
        assert "incidents" not in press.room.progress.troubles
