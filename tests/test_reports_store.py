"""The store of reports: kept once, whole or not at all, beside a running watch, in an old folder, after a kill."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from alerts_at_work import HOSTILE, MINUTE, T0, StandingClock, an_alert
from anchorwatch.desk.corrections import Correction
from anchorwatch.desk.report import Claim, Entity, Incident, Item, Quantity, Report, When
from anchorwatch.edges.store import Store
from anchorwatch.edges.store.report_reading import MOST, Wanted
from anchorwatch.edges.store.report_tables import report_metadata
from anchorwatch.edges.store.reports import MOST_COPIES, FeedState, Reports
from anchorwatch.errors import BadStore, BadUse

DAY = 86_400_000_000


def a_report(number: int = 0, text: str = "Estlink 2 was damaged", **more: Any) -> Report:
    words = f"{text} {number}."
    item = Item(
        words, more.pop("source", "Paper"), f"https://x/{number}", more.pop("published_us", T0 + number * MINUTE), T0
    )
    said: dict[str, Any] = {
        "entities": (Entity("Estlink 2", 0, 9, "asset", "Estlink 2", None, "estlink-2"),),
        "quantities": (Quantity("2", 8, 9, 2.0, 2.0, None, "total"),),
        "dates": (When("today", 0, 5, T0, T0 + DAY),),
        "claims": (Claim("infrastructure_damage", "fact", words, 0, len(words), assets=("estlink-2",)),),
        "relevance": 0.8, "assets": ("estlink-2",), "ledgers": ("incidents", "energy"),
    }  # fmt: skip
    return Report(item, **(said | more))


@pytest.fixture
def kept(tmp_path: Path) -> Any:
    reports = Reports.open(tmp_path, StandingClock(T0 + DAY), alone=True)
    yield reports
    reports.close()


def test_what_was_kept_comes_back_whole(kept: Reports) -> None:
    one = a_report(3)
    assert kept.keep([one], {one.id: ("s1-1", ("r1-9",))}).fresh == (one.id,)
    (back, story), record = kept.latest(10)[0], kept.get(one.id)
    assert replace(back, item=one.item) == one and story == "s1-1"
    assert record is not None and record["related"] == ["r1-9"] and kept.items([one.id]) == {one.id: one.item}


def test_hostile_texts_are_kept_as_they_came(kept: Reports) -> None:
    texts = [HOSTILE, "NUL \0 in it", "\ud800 alone", "'; DROP TABLE reports; --", "\u202eturned", "a" * 20_000, "%_\\"]
    items = [Item(t, t, t) for t in texts]
    kept.keep([Report(i) for i in items])
    assert {i.text for i in kept.items([i.id for i in items]).values()} == set(texts)
    assert kept.page(Wanted(text="drop table"))[0]["text"] == texts[3]
    assert [r["text"] for r in kept.page(Wanted(text="%_\\"))] == [texts[6]]
    assert kept.page(Wanted(source=HOSTILE))[0]["text"] == HOSTILE


def test_the_same_text_is_one_report_and_its_sources_are_noted(kept: Reports) -> None:
    first = a_report(1)
    kept.keep([first])
    again = Report(Item(first.text.upper() + "  ", "Other paper", "https://y/1"))
    done = kept.keep([again, first])
    assert done.fresh == () and done.copies == 2 and kept.state()[0] == 1
    found = [(c.source, c.url) for c in kept.copies(first.id)]
    assert found == [("Paper", "https://x/1"), ("Other paper", "https://y/1")]
    kept.note_copies(Item(first.text, f"paper {n}") for n in range(MOST_COPIES + 50))
    assert len(kept.copies(first.id)) == MOST_COPIES


def test_pages_hold_each_report_once_and_filters_hold_together(kept: Reports) -> None:
    kept.keep([a_report(n, published_us=T0 + n // 3 * MINUTE) for n in range(50)])
    kept.keep([a_report(99, "The weather", source="Gazette", ledgers=(), claims=(), assets=(), entities=())])
    seen: list[str] = []
    before = None
    while page := kept.page(limit=7, before=before):
        seen += [r["id"] for r in page]
        before = page[-1]["id"]
    assert len(seen) == len(set(seen)) == kept.count() == 51
    for wanted, number in (
        (Wanted(ledger="energy"), 50), (Wanted(ledger="calendar"), 0), (Wanted(type="infrastructure_damage"), 50),
        (Wanted(asset="estlink-2", text="DAMAGED 7"), 1), (Wanted(source="Gazette"), 1), (Wanted(relevant=False), 1),
        (Wanted(since_us=T0 + 10 * MINUTE, until_us=T0 + 11 * MINUTE), 3), (Wanted(story="s1-none"), 0),
    ):  # fmt: skip
        assert kept.count(wanted) == number == len(kept.page(wanted, MOST)), wanted
    with pytest.raises(BadUse, match="the page before is not known"):
        kept.page(before="r1-unknown")


def test_stories_are_listed_by_their_last_word_a_page_at_a_time(kept: Reports) -> None:
    reports = [a_report(n) for n in range(20)]
    kept.keep(reports, {r.id: (f"s1-{n % 6}", ()) for n, r in enumerate(reports)})
    first = kept.stories(4)
    rest = kept.stories(4, before=first[-1].id)
    assert [s.id for s in (*first, *rest)] == ["s1-1", "s1-0", "s1-5", "s1-4", "s1-3", "s1-2"]
    assert first[0].reports == 4 and first[0].record["id"] == reports[1].id
    kept.tie({reports[0].id: ("s1-9", (reports[1].id,))})
    moved = kept.get(reports[0].id)
    assert moved is not None and moved["story"] == "s1-9" and kept.count(Wanted(story="s1-0")) == 3
    with pytest.raises(BadUse):
        kept.stories(before="s1-none")


def test_corrections_are_kept_with_who_and_when_and_can_be_taken_back(kept: Reports) -> None:
    one = Correction("r1-1", "entity", "Fingrid", 4, "organisation", "organisation", "Fingrid Oyj")
    made = kept.correct(one, "anna")
    assert (made.by, made.at_us) == ("anna", T0 + DAY)
    assert kept.correct(one, "ben").id == made.id and kept.corrections() == [made]  # the same again is nothing new
    everywhere = kept.correct(Correction("", "entity", "Fingrid", -1, None, "organisation"), "ben")
    assert kept.corrections("r1-1") == [made, everywhere] and kept.corrections("r1-2") == [everywhere]
    assert kept.take_back(made.id, "chief") == made and kept.take_back(made.id, "chief") is None
    with kept.store.reading() as link:
        rows = link.exec_driver_sql("select by, ended_by, ended_us from report_corrections order by id").all()
    assert [tuple(r) for r in rows] == [("anna", "chief", T0 + DAY), ("ben", None, None)]


def test_incidents_are_told_in_the_history_that_only_grows(kept: Reports) -> None:
    nan = float("nan")
    one = Incident("i1-1", "estlink-2", "Estlink 2", None, None, "Gulf", nan, nan, nan, opened_us=T0, reports=("r1-1",))
    kept.keep_incidents([one], "report")
    kept.keep_incidents([one], "report")  # nothing new
    assert repr(kept.incident("i1-1")) == repr(one)
    kept.keep_incidents([replace(one, reports=("r1-1", "r1-2"), looked_back={"nobody": True})], "report")
    events = [e for e in kept.store.events() if e.verb == "incident"]
    assert [(e.data["what"], len(e.data["reports"])) for e in events] == [("opened", 1), ("report", 2)]
    assert (
        [i.id for i in kept.incidents(report="r1-2")] == ["i1-1"] == [i.id for i in kept.incidents(asset="estlink-2")]
    )
    assert kept.incidents(asset="c-lion1") == [] and kept.incident("i1-none") is None


def test_how_feeds_stand_is_kept(kept: Reports) -> None:
    state = FeedState("https://x/rss", '"e"', "Mon", T0, 2, T0 - 1, HOSTILE)
    kept.keep_feed(state._replace(failures=1))
    kept.keep_feed(state)
    assert [f.failures for f in kept.feeds()] == [2] and "\x1b" not in kept.feeds()[0].why


def test_all_of_a_transaction_is_kept_or_nothing(kept: Reports) -> None:
    with pytest.raises(RuntimeError, match="pulled"), kept.writing():
        kept.keep([a_report(1)])
        kept.keep_incidents([Incident("i1-1", None, "a cable", None, None, "", opened_us=T0)], "report")
        kept.keep_feed(FeedState("https://x/rss"))
        raise RuntimeError("the plug is pulled")
    assert (kept.state()[0], kept.incidents(), kept.feeds(), kept.store.events()) == (0, [], [], [])


def test_an_old_store_without_these_tables_opens(tmp_path: Path) -> None:
    store = Store.open(tmp_path, StandingClock())
    store.record([an_alert(1)], 1)
    store.close()
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as database:
        assert not database.execute("select name from sqlite_master where name = 'reports'").fetchall()
    reports = Reports.open(tmp_path, StandingClock())
    reports.keep([a_report(1)])
    assert reports.store.alert(an_alert(1).id) is not None and reports.state()[0] == 1
    reports.close()


def test_a_command_works_beside_the_running_watch(tmp_path: Path) -> None:
    watch = Reports.open(tmp_path, StandingClock(), alone=True)
    with pytest.raises(BadStore, match="another watch"):
        Reports.open(tmp_path, StandingClock(), alone=True)
    beside = Reports.open(tmp_path, StandingClock())
    beside.keep([a_report(1)])
    beside.correct(Correction("r1-1", "relevant", relevant=False), "anna")
    assert watch.state()[0] == 1 and watch.corrections()[0].by == "anna"
    watch.keep([a_report(1), a_report(2)])
    assert beside.count() == 2
    beside.close()
    watch.close()


KILLED = """
    import os, signal, sys
    sys.path.insert(0, sys.argv[2])
    from test_reports_store import a_report, T0, MINUTE, StandingClock
    from anchorwatch.edges.store.reports import FeedState, Reports
    reports = Reports.open(sys.argv[1], StandingClock(), alone=True)
    reports.keep([a_report(n) for n in range(3)])
    reports.keep_feed(FeedState("https://x/rss", etag="one"))
    with reports.writing():
        reports.keep([a_report(n) for n in range(2, 9)])
        reports.keep_feed(FeedState("https://x/rss", etag="two"))
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_killed_in_between_nothing_is_half_and_nothing_twice(tmp_path: Path) -> None:
    code = textwrap.dedent(KILLED)
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path), str(Path(__file__).parent)], capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    reports = Reports.open(tmp_path, StandingClock(), alone=True)
    assert reports.state()[0] == 3 and reports.feeds()[0].etag == "one"  # so the feed is asked for the rest again
    assert reports.keep([a_report(n) for n in range(2, 9)]).copies == 1
    assert reports.state()[0] == 9 and len({r["id"] for r in reports.page(limit=MOST)}) == 9
    reports.close()


def test_the_tables_can_be_made_on_postgresql() -> None:
    for table in report_metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        assert "CREATE TABLE" in made and "DATETIME" not in made
