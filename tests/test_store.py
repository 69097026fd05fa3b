"""The store: nothing acknowledged is lost, nothing is recorded twice, the history only grows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from anchorwatch.edges.store import Store
from anchorwatch.errors import BadStore, BadUse
from anchorwatch.judgement.work import Action, Actor, Conflict, Refused, Silence
from anchorwatch.model import Alert, AlertAsset, Alternative, Reason, Vessel, rfc3339

T0 = 1_735_122_370_000_000  # 2024-12-25T10:26:10Z
MINUTE = 60_000_000
ANNA, BEN, CHIEF, GUEST = (
    Actor("anna", "officer"),
    Actor("ben", "officer"),
    Actor("chief", "supervisor"),
    Actor("guest", "viewer"),
)


class StandingClock:
    """A clock that a test sets."""

    def __init__(self, us: int = T0) -> None:
        self.us = us

    def now_us(self) -> int:
        return self.us

    def monotonic_s(self) -> float:
        return self.us / 1e6

    async def sleep(self, seconds: float) -> None:
        self.us += int(seconds * 1e6)


def an_alert(number: int = 1, level: str = "warning", **changes: Any) -> Alert:
    raised_us = T0 + number * MINUTE
    alert = Alert(
        id=f"a1-{number:016x}",
        level=level,
        kind="anchor_drag",
        status="open",
        vessel=Vessel(mmsi=230_000_000 + number, name=f"SHIP {number}"),
        assets=(AlertAsset("estlink-2", "Estlink 2", "power_cable", 120.0),),
        start_us=raised_us - 10 * MINUTE,
        end_us=raised_us,
        raised_us=raised_us,
        lon_deg=25.6,
        lat_deg=59.9,
        score=0.7,
        reasons=(Reason("prior", "anchor_drag", "", -2.0),),
        explanation="Slows to 7.4 kn over Estlink 2.",
        alternatives=(Alternative("engine trouble", "call the vessel"),),
        next=(),
        detectors=("anchor_drag",),
        ruleset="sha256:0",
        revision=1,
        extra={"levels": [{"level": level, "at": rfc3339(raised_us)}]},
    )
    return replace(alert, **changes)


def next_word(alert: Alert, shown: str = "", status: str = "open", after_us: int = 5 * MINUTE) -> Alert:
    """What the watch says next of an alert; shown: a new level, or "withdrawn"."""
    at_us = alert.end_us + after_us
    shown = shown or ("withdrawn" if alert.status == "withdrawn" else alert.level)
    levels = list(alert.extra["levels"])
    if levels[-1]["level"] != shown:
        levels.append({"level": shown, "at": rfc3339(at_us)})
    level, status = ("caution", "withdrawn") if shown == "withdrawn" else (shown, status)
    changed = (level, status) != (alert.level, alert.status)
    extra = {**alert.extra, "levels": levels}
    return replace(alert, level=level, status=status, end_us=at_us, extra=extra, revision=alert.revision + changed)


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
    assert store.record([first], 1) == [] and store.record([next_word(first, "alarm")], 1) == []
    assert store.record([first], 2) == []
    louder = next_word(first, "alarm")
    assert [e.data["was"] for e in store.record([louder], 3)] == ["warning"]
    assert store.record([first], 4) == []  # older than what is known
    item = store.alert(first.id)
    assert item is not None and item.alert["level"] == "alarm"


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


def test_the_history_only_grows(store: Store) -> None:
    store.record([an_alert()], 1)
    for statement in ("UPDATE history SET actor = 'nobody'", "DELETE FROM history"):
        with pytest.raises(BadStore, match="append-only"), store.writing() as connection:
            connection.exec_driver_sql(statement)
    with pytest.raises(DBAPIError), store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM history")
    assert len(store.events()) == 1
