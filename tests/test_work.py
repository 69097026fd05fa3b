"""The rules of work on an alert: who may do what in which state, and what the watch's words do to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts_at_work import ANNA, BEN, CHIEF, GUEST, MINUTE, T0, an_alert, next_word
from anchorwatch.engine.live import Turn
from anchorwatch.judgement import work
from anchorwatch.judgement.heard import heard, is_news
from anchorwatch.judgement.work import Action, Actor, Refused, Silence, Work
from anchorwatch.model import Alert
from made_sea import cut, two_days
from test_live_equal import watched

HOUR = 60 * MINUTE
LAYER = Silence("s1", "anna", T0, T0 + 6 * HOUR, "cable layer at work", mmsi=230_000_001)


def after(*steps: tuple[Actor, str, dict[str, str]], start: Work | None = None) -> Work:
    """The work after these steps."""
    now = start or Work("a1-1")
    for number, (actor, verb, data) in enumerate(steps):
        now = work.apply(now, Action(verb, data), actor, T0 + number)
    return now


INNOCENT = {"disposition": "innocent", "cause": "engine trouble"}


def test_from_new_to_closed() -> None:
    done = after(
        (ANNA, "acknowledge", {}), (ANNA, "take", {}), (ANNA, "escalate", {"to": "MRCC", "reason": "no answer"})
    )
    assert (done.state, done.assigned_to, done.escalated_to, done.changed_us) == ("escalated", "anna", "MRCC", T0 + 2)
    closed = after((ANNA, "close", {"disposition": "handed_over", "to": "MRCC"}), start=done)
    assert (closed.state, closed.disposition, closed.handed_to, closed.closed_by) == (
        "closed", "handed_over", "MRCC", "anna",
    )  # fmt: skip
    again = after((ANNA, "reopen", {"reason": "second vessel"}), start=closed)
    assert (again.state, again.disposition, again.assigned_to, again.reopened) == ("acknowledged", "", "", 1)


ALL_TEXT = {
    "to": "ben", "text": "crew says anchors are up", "reason": "x", "channel": "16", "with": "master",
    "disposition": "innocent", "cause": "engine trouble",
}  # fmt: skip
ACTIONS = st.sampled_from(work.VERBS).map(lambda v: Action(v, {n: ALL_TEXT[n] for n in work.FIELDS[v]}))
ACTORS = st.sampled_from([ANNA, BEN, CHIEF, GUEST])


@given(st.lists(st.tuples(ACTORS, ACTIONS), max_size=12))
def test_whatever_people_do(steps: list[tuple[Actor, Action]]) -> None:
    """Radio and notes never change the state, viewers change nothing, only closing closes."""
    now = Work("a1-1")
    for number, (actor, action) in enumerate(steps):
        before = now
        try:
            now = work.apply(now, action, actor, T0 + number)
        except Refused as refused:
            assert str(refused) and "\n" not in str(refused)
            continue
        assert actor is not GUEST
        assert now.state in work.STATES
        if action.verb in ("radio", "note"):
            assert replace(now, radio=before.radio, notes=before.notes) == before
        assert (now.state == "closed" != before.state) <= (action.verb == "close")
        assert (now.state == "closed") == bool(now.disposition) == bool(now.closed_by)
        if before.assigned_to not in ("", actor.name) and actor is not CHIEF:
            assert now.assigned_to in (before.assigned_to, "") and (now.assigned_to or action.verb == "reopen")


@pytest.mark.parametrize(
    ("actor", "verb", "data", "says"),
    [
        (GUEST, "note", {"text": "x"}, "may look but not act"),
        (Actor("x", "root"), "note", {"text": "x"}, "may look but not act"),
        (ANNA, "sink", {}, "unknown verb 'sink'"),
        (ANNA, "note", {}, "note needs text"),
        (ANNA, "note", {"text": "  "}, "note needs text"),
        (ANNA, "note", {"text": "x" * 5000}, "at most 4000"),
        (ANNA, "take", {"to": "ben"}, "takes no field 'to'"),
        (ANNA, "close", {"disposition": "innocent"}, "cause by name"),
        (ANNA, "close", {"disposition": "handed_over"}, "to whom"),
        (ANNA, "close", {"disposition": "guilty"}, "unknown disposition 'guilty'"),
        (ANNA, "reopen", {"reason": "x"}, "not closed"),
    ],
)
def test_what_is_refused(actor: Actor, verb: str, data: dict[str, str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        after((actor, verb, data))


def test_who_has_it_in_hand_keeps_it() -> None:
    hers = after((ANNA, "take", {}))
    for verb, data in (("take", {}), ("assign", {"to": "ben"}), ("close", INNOCENT)):
        with pytest.raises(Refused, match="anna has it in hand"):
            after((BEN, verb, data), start=hers)
        assert after((CHIEF, verb, data), start=hers) != hers
    assert after((BEN, "escalate", {"to": "MRCC", "reason": "no answer"}), start=hers).assigned_to == "anna"
    closed = after((ANNA, "close", INNOCENT), start=hers)
    with pytest.raises(Refused, match="anna closed it"):
        after((BEN, "reopen", {"reason": "x"}), start=closed)


def test_the_watch_says_what_changed() -> None:
    first = an_alert()
    done, said = heard(None, None, first)
    assert [(s.verb, s.at_us) for s in said] == [("raised", first.raised_us)] and done.state == "new"
    louder = next_word(first, "alarm")
    assert [(s.verb, s.data) for s in heard(done, first, louder)[1]] == [
        ("changed", {"level": "alarm", "was": "warning"})
    ]
    gone = next_word(louder, "withdrawn")
    assert [s.verb for s in heard(done, louder, gone)[1]] == ["withdrawn"]
    back = next_word(gone, "warning")
    assert [s.data for s in heard(done, gone, back)[1]] == [{"level": "warning", "was": "withdrawn"}]
    over = next_word(back, status="ended")
    assert [(s.verb, s.at_us) for s in heard(done, back, over)[1]] == [("ended", over.end_us)]
    assert [s.data["status"] for s in heard(done, over, next_word(over))[1]] == ["open"]
    assert heard(done, back, next_word(back))[1] == []  # it goes on: no news


def test_statements_put_together_lose_no_level() -> None:
    first = an_alert()
    louder = next_word(first, "alarm")
    gone = next_word(louder, "withdrawn")
    one_by_one = [s for a, b in ((None, first), (first, louder), (louder, gone)) for s in heard(None, a, b)[1]]
    assert heard(None, None, gone)[1] == one_by_one
    assert [s.verb for s in one_by_one] == ["raised", "changed", "withdrawn"]
    assert is_news(first, gone) and not is_news(gone, first)


@pytest.mark.slow
def test_the_levels_of_a_live_watch_are_told_alike_whatever_its_turns() -> None:
    """Turns of an hour or of ten: an asset or an end may be told with another line, a level never is."""
    traffic = two_days()
    at_us = traffic.positions["time_us"].to_numpy()
    fine, coarse = (
        levels_told(watched(cut(traffic, (np.flatnonzero(np.diff(at_us // (hours * 60 * MINUTE))) + 1).tolist())))
        for hours in (1, 10)
    )
    assert fine == coarse and len(fine) > 100 and sum(map(len, fine.values())) > len(fine)


def levels_told(turns: list[Turn]) -> dict[str, list[tuple[int, str, str]]]:
    """By alert, what the history says of its levels."""
    known: dict[str, tuple[Work, Alert]] = {}
    told: dict[str, list[tuple[int, str, str]]] = {}
    for alert in (a for turn in turns for a in turn.alerts):
        before, last = known.get(alert.id, (None, None))
        done, said = heard(before, last, alert)
        known[alert.id] = done, alert
        lines = [(s.at_us, s.verb, s.data["level"]) for s in said if "was" in s.data or s.verb == "raised"]
        told.setdefault(alert.id, []).extend(line for line in lines if line[2])
    return told


def test_an_end_and_a_later_rise_put_together_are_told_in_time() -> None:
    first = an_alert()
    over = next_word(first, status="ended")
    louder = replace(next_word(over, "alarm", "ended"), end_us=over.end_us)
    assert [(s.verb, s.data["level"]) for s in heard(None, None, louder)[1]] == [
        ("raised", "warning"), ("ended", "warning"), ("changed", "alarm"),
    ]  # fmt: skip


def test_only_a_rise_opens_what_is_closed() -> None:
    first = an_alert()
    closed = after((ANNA, "close", INNOCENT))
    assert heard(closed, first, next_word(first))[0] == closed
    assert heard(closed, first, next_word(first, "withdrawn"))[0] == closed
    gone = next_word(first, "withdrawn")
    for before, said in ((first, next_word(first, "alarm")), (gone, next_word(gone, "caution"))):
        done, lines = heard(closed, before, said)
        assert (done.state, done.disposition, done.reopened) == ("new", "", 1)
        assert lines[0].data["reopened"] and lines[0].data["was_closed_as"] == "innocent"


def record(**changes: Any) -> dict[str, Any]:
    alert = {"level": "warning", "kind": "loitering", "vessel": {"mmsi": 230_000_001}, "assets": [{"id": "estlink-2"}]}
    return {**alert, "position": {"lon": 25.6, "lat": 59.9}, **changes}


BOX = ((25.0, 59.5), (26.0, 59.5), (26.0, 60.0), (25.0, 60.0))


@pytest.mark.parametrize(
    ("silence", "alert", "held"),
    [
        (LAYER, record(), True),
        (LAYER, record(level="alarm"), False),  # a rise above what was silenced speaks again
        (replace(LAYER, level="alarm"), record(level="alarm"), True),
        (LAYER, record(vessel={"mmsi": 1}), False),
        (replace(LAYER, kinds=("anchor_drag",)), record(), False),
        (replace(LAYER, mmsi=None, asset="estlink-2"), record(), True),
        (replace(LAYER, mmsi=None, asset="estlink-1"), record(), False),
        (replace(LAYER, mmsi=None, area=BOX), record(), True),
        (replace(LAYER, mmsi=None, area=BOX), record(position={"lon": 26.1, "lat": 59.9}), False),
        (replace(LAYER, mmsi=None, area=BOX), record(position=None), False),
        (replace(LAYER, ended_us=T0 + 1), record(), False),
    ],
)
def test_what_a_silence_covers(silence: Silence, alert: dict[str, Any], held: bool) -> None:
    assert (work.silenced_by(alert, [silence], T0 + MINUTE) == silence) is held
    assert work.silenced_by(alert, [silence], silence.until_us) is None  # every silence ends


@pytest.mark.parametrize(
    ("changes", "actor", "says"),
    [
        ({}, GUEST, "may look"),
        ({"mmsi": None}, ANNA, "silence for what"),
        ({"reason": " "}, ANNA, "needs a reason"),
        ({"until_us": T0}, ANNA, "within 24 hours"),
        ({"until_us": T0 + 25 * HOUR}, ANNA, "within 24 hours"),
        ({"level": "alarm"}, ANNA, "by a supervisor"),
        ({"level": "loud"}, ANNA, "unknown level"),
        ({"area": ((0.0, 0.0), (1.0, 1.0))}, ANNA, "three corners"),
        ({"area": ((0.0, 0.0), (1.0, 1.0), (float("nan"), 2.0))}, ANNA, "three corners"),
    ],
)
def test_silences_that_are_refused(changes: dict[str, Any], actor: Actor, says: str) -> None:
    work.may_silence(LAYER, ANNA)
    work.may_silence(replace(LAYER, level="alarm"), CHIEF)
    with pytest.raises(Refused, match=says):
        work.may_silence(replace(LAYER, **changes), actor)
