"""The store: nothing acknowledged is lost, nothing is recorded twice, the history only grows."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from alerts_at_work import ANNA, BEN, CHIEF, HOSTILE, MINUTE, T0, StandingClock, an_alert, next_word
from anchorwatch.edges.store import Store, tables
from anchorwatch.errors import BadStore, BadUse
from anchorwatch.judgement.work import NEW, WATCH, Action, Actor, Conflict, Event, Refused, Silence, Work, again, apply
from anchorwatch.model import LEVELS, Alert, Vessel
from tries import tries

# What the watch may say next of an alert: a level, its end, its withdrawal, or just that it goes on.
WORDS = st.lists(st.sampled_from(["", "caution", "warning", "alarm", "withdrawn", "ended"]), max_size=6)


def said_of(number: int, words: list[str]) -> list[Alert]:
    statements = [an_alert(number)]
    for word in words:
        before = statements[-1]
        rank = ("", *LEVELS).index(before.level) if before.status != "withdrawn" else 0
        if word == "ended":
            statements.append(next_word(before, status="ended"))
        elif word not in LEVELS or ("", *LEVELS).index(word) > rank:  # a level once shown does not fall
            statements.append(next_word(before, word))
    return statements


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Any:
    opened = Store.open(tmp_path, clock)
    yield opened
    opened.close()


def told(store: Store) -> list[tuple[str, str, str]]:
    return [(e.alert_id[-2:], e.actor, e.verb) for e in store.events()]


def test_an_alert_is_raised_worked_and_closed(store: Store) -> None:
    first = an_alert()
    assert [e.verb for e in store.record([first], 7, {"feed": 3})] == ["raised"]
    assert store.progress() == (7, {"feed": 3})
    store.act(first.id, Action("take"), ANNA)
    store.act(first.id, Action("radio", {"text": "anchors are up", "channel": "16"}), ANNA)
    store.act(first.id, Action("close", {"disposition": "innocent", "cause": "engine trouble"}), ANNA)
    item = store.alert(first.id)
    assert item is not None and item.work["state"] == "closed" and item.work["cause"] == "engine trouble"
    assert item.alert["vessel"]["name"] == "SHIP 1" and item.seq == 4
    assert [e.verb for e in store.history(first.id)] == ["raised", "take", "radio", "close"]
    assert store.alerts(state="open") == [] and store.alerts(state="closed") == [item]


def test_a_statement_is_recorded_once(store: Store) -> None:
    first = an_alert()
    store.record([first], 1)
    assert store.record([first], 1) == [] == store.record([first], 2)
    louder = next_word(first, "alarm")
    assert [e.data["was"] for e in store.record([louder], 3)] == ["warning"]
    assert store.record([first], 4) == []  # older than what is known
    assert store.record([replace(louder, score=0.1)], 3) == []  # replayed: what is known stands
    item = store.alert(first.id)
    assert item is not None and item.alert["level"] == "alarm" and item.alert["score"] == 0.7


def test_what_a_replayed_log_says_for_the_first_time_is_not_lost(store: Store) -> None:
    """Other assets, a new detector, or a raw log that was put aside: then numbers begin below the recorded one."""
    store.record([an_alert(1)], 1000)
    assert [e.alert_id for e in store.record([an_alert(1), an_alert(2)], 7, {"at": 7})] == [an_alert(2).id]
    assert [e.verb for e in store.record([next_word(an_alert(2), "alarm")], 8)] == ["changed"]
    assert store.progress() == (1000, {})


def test_what_was_closed_and_rises_is_new_again(store: Store) -> None:
    first = an_alert()
    store.record([first], 1)
    store.act(first.id, Action("close", {"disposition": "innocent", "cause": "slow steaming"}), ANNA)
    store.record([next_word(first)], 2)  # nothing new
    assert store.alert(first.id).work["state"] == "closed"  # type: ignore[union-attr]
    event = store.record([next_word(next_word(first), "alarm")], 3)[0]
    assert event.data["reopened"] and event.data["by"] == "anna"
    work = store.alert(first.id).work  # type: ignore[union-attr]
    assert (work["state"], work["disposition"], work["reopened"]) == ("new", "", 1)


def test_who_acts_on_what_has_changed_is_told(store: Store) -> None:
    first = an_alert()
    seen = store.record([first], 1)[-1].seq
    taken = store.act(first.id, Action("acknowledge"), BEN)
    with pytest.raises(Conflict, match="ben: acknowledge") as caught:
        store.act(first.id, Action("take"), ANNA, seen=seen)
    assert caught.value.done == (taken,)
    store.act(first.id, Action("take"), ANNA, seen=taken.seq)
    store.record([next_word(first, "alarm")], 2)
    note = Action("note", {"text": "called twice, no answer"})
    mine = store.act(first.id, note, ANNA, seen=taken.seq)  # her own doing, and the watch's, are no conflict
    with pytest.raises(Conflict, match="watch: changed"):
        store.act(first.id, Action("close", {"disposition": "drill"}), ANNA, seen=taken.seq)
    store.act(first.id, Action("close", {"disposition": "drill"}), ANNA, seen=mine.seq)


def test_an_action_sent_twice_is_done_once(store: Store) -> None:
    store.record([an_alert()], 1)
    note = Action("note", {"text": "seen"}, key="4f1c")
    assert store.act(an_alert().id, note, ANNA) == store.act(an_alert().id, note, ANNA)
    assert told(store) == [("01", "watch", "raised"), ("01", "anna", "note")]


def test_a_key_meets_nobody_elses_action(store: Store) -> None:
    store.record([an_alert(1), an_alert(2)], 1)
    note = Action("note", {"text": "seen"}, key="1")
    events = {store.act(an_alert(n).id, note, who).seq for n in (1, 2) for who in (ANNA, BEN)}
    assert len(events) == 4
    with pytest.raises(Refused, match="at most 100"):
        store.act(an_alert().id, Action("note", {"text": "seen"}, key="1" * 101), ANNA)


def test_what_was_shown_when_somebody_acted_can_be_seen_again(store: Store) -> None:
    first = an_alert()
    store.record([first], 1)
    acted = store.act(first.id, Action("acknowledge"), ANNA)
    store.record([next_word(first, "alarm")], 2)
    then, now = store.as_of(first.id, acted.seq), store.as_of(first.id, store.last_seq())
    assert then is not None and now is not None
    assert (then["level"], now["level"]) == ("warning", "alarm") and store.as_of(first.id, 0) is None


def rebuilt(events: list[Event]) -> Work:
    """The work on an alert, from nothing but its history."""
    work = Work(events[0].alert_id, changed_us=events[0].at_us)
    for e in events:
        if e.actor != WATCH:
            fields = {n: v for n, v in e.data.items() if n != "state"}
            role = next(a for a in (ANNA, BEN, CHIEF) if a.name == e.actor)
            work = apply(work, Action(e.verb, fields), role, e.at_us)
        elif e.data.get("reopened"):
            work = replace(again(work, NEW), changed_us=e.at_us)
    return work


ACTS = [
    Action("acknowledge"), Action("take"), Action("assign", {"to": "ben"}), Action("reopen", {"reason": "r"}),
    Action("escalate", {"to": "MRCC", "reason": "r"}), Action("radio", {"text": "crew says anchors are up"}),
    Action("close", {"disposition": "innocent", "cause": "engine trouble"}), Action("close", {"disposition": "drill"}),
]  # fmt: skip


@tries(15)
@given(WORDS, st.lists(st.tuples(st.integers(0, 6), st.sampled_from(ACTS), st.sampled_from([ANNA, BEN, CHIEF]))))
def test_the_history_holds_all_the_work(words: list[str], acts: list[tuple[int, Action, Actor]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = StandingClock()
        store = Store.open(Path(folder), clock)
        try:
            for number, statement in enumerate(said_of(1, words)):
                store.record([statement], number + 1)
                for _, action, actor in (a for a in acts if a[0] == number):
                    clock.us += 1
                    with contextlib.suppress(Refused):
                        store.act(statement.id, action, actor)
            item = store.alert(an_alert().id)
            assert item is not None and rebuilt(store.history(an_alert().id)).as_dict() == item.work
        finally:
            store.close()


def test_the_tables_can_be_made_on_a_server_too() -> None:
    """No server here: at least every table and the longest question are said in its language."""
    for table in tables.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert "BIGSERIAL" in str(CreateTable(tables.history).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def test_the_history_only_grows(store: Store) -> None:
    store.record([an_alert()], 1)
    for statement in ("UPDATE history SET actor = 'nobody'", "DELETE FROM history", "DELETE FROM revisions"):
        with pytest.raises(BadStore, match="append-only"), store.writing() as connection:
            connection.exec_driver_sql(statement)
    with pytest.raises(DBAPIError), store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM history")
    assert len(store.events()) == 1


@st.composite
def shuffled(draw: st.DrawFn) -> list[Alert]:
    """Statements about three alerts, each in its own order, in any order between them."""
    queues = [said_of(n, draw(WORDS)) for n in (1, 2, 3)]
    order = draw(st.permutations([n for n, queue in enumerate(queues) for _ in queue]))
    return [queues[n].pop(0) for n in order]


def story(statements: list[Alert], sizes: list[int], again: bool) -> tuple[list[Any], list[Any], list[Any]]:
    """Record statements in pieces; return history, alerts and letters. again: every piece is said twice."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder), StandingClock())
        store.rules = lambda event, work, alert: ["mail"]
        try:
            at, returned = 0, []
            for size in (*sizes, len(statements)):
                piece = statements[at : at + size]
                at += len(piece)
                returned += store.record(piece, 10 * at, {"at": at})
                if again:
                    assert store.record(piece, 10 * at) == []  # the same place in the log
                    assert store.record(statements[:at], 1) == []  # from the beginning of the log
                    assert store.record(statements[:at], 10 * at + 1) == []  # replayed after a restart
            assert store.progress()[0] // 10 == at and store.events() == returned
            letters = [(x.event_seq, x.alert_id) for x in store.due(T0)]
            return store.events(), store.alerts(order="changed"), letters
        finally:
            store.close()


@tries(15)
@given(shuffled(), st.lists(st.integers(1, 4), max_size=6), st.booleans())
def test_any_pieces_and_any_repetition_give_the_same_history(
    statements: list[Alert], sizes: list[int], again: bool
) -> None:
    whole = story(statements, [], again=False)
    assert story(statements, sizes, again) == whole
    assert len(whole[0]) == len(whole[2]) > 0  # one letter for each event


def test_two_watches_on_one_folder(tmp_path: Path, clock: StandingClock) -> None:
    first = Store.open(tmp_path, clock)
    with pytest.raises(BadStore, match="another watch runs on this data"):
        Store.open(tmp_path / "store.sqlite", clock)
    beside = Store.open(tmp_path, clock, alone=False)  # a command beside the watch
    beside.close()
    first.close()
    Store.open(tmp_path, clock).close()


def test_two_officers_at_once(store: Store) -> None:
    """Whoever is first has it; the other is told so. Nothing is done twice, nothing is lost."""
    alerts = [an_alert(n) for n in range(1, 9)]
    seen = store.record(alerts, 1)
    officers = [Actor(f"officer {n}", "officer") for n in range(4)]
    outcome: list[tuple[str, str]] = []
    start = threading.Barrier(len(officers))

    def at_work(officer: Actor) -> None:
        start.wait(10)
        for event in seen:
            try:
                store.act(event.alert_id, Action("take"), officer, seen=event.seq)
            except Conflict:
                outcome.append((event.alert_id, "late"))
            else:
                outcome.append((event.alert_id, officer.name))
            store.act(event.alert_id, Action("note", {"text": officer.name}), officer)

    threads = [threading.Thread(target=at_work, args=(o,)) for o in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    took = {alert: who for alert, who in outcome if who != "late"}
    assert len(outcome) == 32 and len([w for _, w in outcome if w != "late"]) == len(took) == 8
    for alert in alerts:
        item = store.alert(alert.id)
        assert item is not None and item.work["assigned_to"] == took[alert.id] and item.work["notes"] == 4
        assert item.seq == store.history(alert.id)[-1].seq


def test_readers_do_not_wait_for_the_writer(store: Store) -> None:
    store.record([an_alert()], 1)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alerts SET level = 'alarm'")
        with ThreadPoolExecutor() as pool:
            found = pool.submit(store.alerts, level="warning").result(timeout=5)
        assert len(found) == 1


def test_a_transaction_is_kept_whole_or_not_at_all(store: Store) -> None:
    def fails(event: Event, work: Work, alert: Alert) -> list[str]:
        if alert.id == an_alert(2).id:
            raise RuntimeError("channel")
        return ["mail"]

    store.rules = fails
    with pytest.raises(RuntimeError):
        store.record([an_alert(1), an_alert(2)], 5)
    assert (store.events(), store.alerts(), store.due(T0), store.progress()) == ([], [], [], (0, {}))


def test_lists(store: Store) -> None:
    store.record([an_alert(n, LEVELS[n % 3]) for n in range(1, 8)], 1)
    newest = [i.alert["id"] for i in store.alerts()]
    assert newest == sorted(newest, reverse=True) and len(newest) == 7
    for order in ("raised", "level", "changed"):
        pages, after = [], None
        while page := store.alerts(limit=3, after=after, order=order):
            pages += page
            after = page[-1].alert["id"]
        assert pages == store.alerts(order=order) and len(pages) == 7
    assert [i.alert["level"] for i in store.alerts(order="level")] == ["alarm"] * 2 + ["warning"] * 3 + ["caution"] * 2
    one = an_alert(4)
    for question in (
        {"mmsi": one.vessel.mmsi}, {"text": "ship 4"}, {"text": str(one.vessel.mmsi)},
        {"since_us": one.raised_us, "until_us": one.raised_us + 1},
    ):  # fmt: skip
        assert [i.alert["id"] for i in store.alerts(**question)] == [one.id]
    assert len(store.alerts(asset="estlink-2", kind=["anchor_drag", "trawling"])) == 7
    assert store.alerts(asset="estlink-1") == store.alerts(text="%") == store.alerts(state="closed") == []
    assert store.counts() == {("alarm", "new"): 2, ("warning", "new"): 3, ("caution", "new"): 2}
    with pytest.raises(BadUse, match="page before"):
        store.alerts(after="a1-nothing")
    with pytest.raises(BadUse, match="unknown order"):
        store.alerts(order="name; DROP TABLE alerts")


def test_the_stream_of_events_is_resumed_by_number(store: Store) -> None:
    store.record([an_alert(n) for n in range(1, 8)], 1)
    got: list[Event] = []
    while page := store.events(got[-1].seq if got else 0, limit=2):
        got += page
    assert got == store.events() and [e.seq for e in got] == list(range(1, 8)) and store.last_seq() == 7


def test_texts_from_the_air_stay_texts(store: Store) -> None:
    first = an_alert(1, vessel=Vessel(mmsi=230_000_001, name=HOSTILE))
    store.record([first], 1)
    store.act(first.id, Action("note", {"text": HOSTILE}), Actor(HOSTILE, "officer"))
    item = store.alerts(text="ONERROR=alert")[0]
    assert item.alert["vessel"]["name"] == HOSTILE
    event = store.history(first.id)[-1]
    assert event.data["text"] == HOSTILE and "\x1b" not in event.actor


def test_a_silenced_alert_is_recorded_and_not_notified(store: Store, clock: StandingClock) -> None:
    store.rules = lambda event, work, alert: ["mail"]
    hour = Silence("", "", 0, clock.us + 60 * MINUTE, "cable layer at work", asset="estlink-2")
    silence = store.silence(hour, ANNA)
    first = an_alert()
    store.record([first], 1)
    item = store.alert(first.id)
    assert item is not None and item.silenced is not None and item.silenced["id"] == silence.id
    assert store.due(clock.us) == []
    store.record([next_word(first, "alarm")], 2)  # louder than what was silenced
    assert len(store.due(clock.us)) == 1 and store.alert(first.id).silenced is None  # type: ignore[union-attr]
    store.unsilence(silence.id, BEN)
    with pytest.raises(Refused, match="ben has ended it already"):
        store.unsilence(silence.id, ANNA)
    assert store.silences() == [] and store.silences(ended=True)[0].ended_by == "ben"
    again = store.silence(hour, ANNA)
    assert store.silences() == [again]
    clock.us += 60 * MINUTE
    assert store.silences() == []
    assert [e.verb for e in store.events() if not e.alert_id] == ["silence", "unsilence", "silence"]


def test_letters(store: Store, clock: StandingClock, tmp_path: Path) -> None:
    store.rules = lambda event, work, alert: ["mail", "mqtt", "mail"]
    store.record([an_alert()], 1)
    mail, mqtt = store.due(clock.us)
    assert (mail.channel, mqtt.channel, mail.tries, mail.event_seq) == ("mail", "mqtt", 0, 1)
    store.sending(mail.id)
    assert store.due(clock.us) == [mqtt]
    assert store.failed(mail.id, "no route\nto host", clock.us + MINUTE) is None
    assert store.due(clock.us) == [mqtt] and store.due(clock.us + MINUTE)[0].why == "no route\\u000ato host"
    store.sending(mqtt.id)
    store.close()  # as if killed between sending and sent
    again = Store.open(tmp_path, clock)
    try:
        assert [(x.channel, x.perhaps_sent) for x in again.due(clock.us)] == [("mqtt", True)]
        assert again.sent(mqtt.id).data == {"channel": "mqtt", "event": 1, "perhaps_before": True}
        given_up = again.failed(mail.id, "no route", None)
        assert given_up is not None and given_up.verb == "not_notified"
        assert again.due(clock.us + 60 * MINUTE) == []
        assert {x.channel: x.state for x in again.letters()} == {"mail": "given_up", "mqtt": "sent"}
    finally:
        again.close()
