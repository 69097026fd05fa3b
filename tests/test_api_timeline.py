"""The timeline: vessels heard, alerts raised, feeds silent, in slots; counted within bounds and never wrongly kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from alerts_at_work import MINUTE, T0, StandingClock, an_alert, next_word
from anchorwatch.edges import history_heard
from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.edges.history import History
from anchorwatch.edges.history_heard import Heard
from anchorwatch.edges.history_parts import SLOT_US
from anchorwatch.edges.store import Store
from anchorwatch.errors import BadStore
from anchorwatch.model import rfc3339
from anchorwatch.watch.feed_silences import lost_now, silent_spans
from anchorwatch.watch.lookout import Lookout
from anchorwatch.watch.room import Room
from api_room import NOW, Desk, MadeFeed, desk_in, positions, statics
from room import room_in

HOUR = 60 * MINUTE


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("room")) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as opened:
        yield opened


def test_a_day_unasked(desk: Desk) -> None:
    said = desk.get("/api/v1/timeline", "guest")
    assert (said["step_s"], len(said["slots"]), said["counting"]) == (300, 289, False)
    assert (said["since"], said["until"]) == ("2024-12-24T12:25:00Z", "2024-12-25T12:30:00Z")
    assert (said["first"], said["last"]) == (rfc3339(T0), rfc3339(NOW))
    times = [s["time"] for s in said["slots"]]
    assert times[0] == said["since"] and times == sorted(set(times))
    heard = {s["time"][11:16]: s["vessels"] for s in said["slots"] if s["vessels"]}
    assert heard["10:25"] == 4 and heard["12:25"] == 5 and len(heard) == 13  # each ten minutes
    raised = {s["time"][11:16]: s["raised"] for s in said["slots"] if any(s["raised"].values())}
    assert raised == {"10:25": {"caution": 1, "warning": 1, "alarm": 1}}  # at 10:27:10, 10:28:10 and 10:29:10


def test_steps_compare_and_the_time_to_come_is_empty(desk: Desk) -> None:
    span = f"since={rfc3339(NOW - HOUR)}&until={rfc3339(NOW + HOUR)}"
    fine = desk.get(f"/api/v1/timeline?{span}&step_s=60")["slots"]
    by_minute = {s["time"][11:16]: s["vessels"] for s in fine}
    assert by_minute["11:26"] == by_minute["11:29"] == 4 and by_minute["11:30"] == 0  # of the five minutes around
    assert by_minute["12:26"] == 5 and by_minute["12:27"] is None and by_minute["13:26"] is None
    coarse = desk.get(f"/api/v1/timeline?{span}&step_s=3600")["slots"]
    assert [s["vessels"] for s in coarse] == [
        2.0,
        1.6,
        None,
    ]  # 4 in every second five minutes; those that run do not count
    assert coarse[0]["time"] == "2024-12-25T11:00:00Z" and len(coarse) == 3
    moment = desk.get(f"/api/v1/timeline?since={rfc3339(NOW)}&until={rfc3339(NOW)}")
    assert len(moment["slots"]) == 1 and moment["step_s"] == 60


@pytest.mark.parametrize(
    ("query", "status"),
    [("since=2024-01-01T00:00:00Z&until=2024-02-02T00:00:00Z", 400), ("step_s=60", 400), ("step_s=59", 422),
     ("step_s=86401", 422), ("step_s=1.5", 422), ("since=x", 400), ("until=9999-12-31T23:59:59Z", 400),
     ("bbox=1,2,3,4", 400)],
)  # fmt: skip
def test_what_makes_no_sense_is_said(desk: Desk, query: str, status: int) -> None:
    assert desk.get(f"/api/v1/timeline?{query}", status=status)["error"]["next"]


@pytest.mark.parametrize("until", ["1970-01-01T00:00:00Z", "1970-01-20T00:00:00Z", "9998-12-31T00:00:00Z"])
def test_times_without_anything_are_empty(desk: Desk, until: str) -> None:
    said = desk.get(f"/api/v1/timeline?until={until}")
    assert 1 <= len(said["slots"]) <= 1000 and not said["counting"]
    assert all(not s["vessels"] and not s["silent"] for s in said["slots"])


def test_only_those_who_may_read_see_it(desk: Desk) -> None:
    assert desk.ask("GET", "/api/v1/timeline", who="").status_code == 401
    assert desk.ask("GET", "/api/v1/timeline", who="scraper").status_code == 403


def test_an_empty_history_says_so(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        desk.room.history = History(tmp_path / "none", desk.clock)
        desk.app.state.heard = Heard(desk.room.history)
        said = desk.get("/api/v1/timeline")
        assert (said["first"], said["last"], said["counting"]) == (None, None, False)
        assert {s["vessels"] for s in said["slots"][:-1]} == {0}  # the last: who is in the picture now


def test_alerts_count_by_the_level_they_have_now_and_withdrawn_ones_do_not(own: Desk) -> None:
    alert = an_alert(20, "caution")
    own.room.store.record([alert, an_alert(21, "alarm")], 2)
    own.room.store.record([next_word(alert, "alarm"), next_word(an_alert(21, "alarm"), "withdrawn")], 3)
    raised = [s["raised"] for s in own.get("/api/v1/timeline?step_s=3600")["slots"] if any(s["raised"].values())]
    assert raised == [{"caution": 1, "warning": 1, "alarm": 2}]


def test_the_step_that_runs_is_no_silence(own: Desk) -> None:
    now_us = NOW + 5 * MINUTE + 20_000_000  # a new five minutes have begun, in which nobody has reported yet
    own.room.progress.now_us = now_us
    fresh = positions(
        [{"time_us": now_us - 30_000_000 * k, "mmsi": 9 + k, "lon_deg": 20.0, "lat_deg": 59.0} for k in range(4)]
    )
    own.room.latest.update(fresh, statics([]), 0)
    own.room.history.add(fresh)
    for step_s in (60, 300):
        said = own.get(f"/api/v1/timeline?since={rfc3339(NOW)}&until={rfc3339(now_us)}&step_s={step_s}")["slots"]
        assert said[-1]["vessels"] == 4, step_s


# ---- feeds that were silent


def test_silences_of_feeds_come_from_what_the_watch_noted(own: Desk) -> None:
    store = own.room.store

    def tell(verb: str, feed: str, minutes: int) -> None:
        store.tell(verb, {"feed": feed}, at_us=NOW - minutes * MINUTE)

    tell("feed_lost", "mast", 50)
    tell("feed_back", "mast", 38)
    tell("feed_lost", "\x1b[2Jfar", 20)
    tell("feed_lost", "mast", 10)
    span = f"since={rfc3339(NOW - HOUR)}&until={rfc3339(NOW + HOUR)}&step_s=300"
    silent = {s["time"][11:16]: s["silent"] for s in own.get(f"/api/v1/timeline?{span}")["slots"] if s["silent"]}
    far = "\\u001b[2Jfar"
    assert silent == {
        "11:35": ["mast"], "11:40": ["mast"], "11:45": ["mast"],
        "12:05": [far], "12:10": [far], "12:15": [far, "mast"], "12:20": [far, "mast"], "12:25": [far, "mast"],
    }  # fmt: skip


def test_lost_twice_without_a_word_between_and_taken_away(tmp_path: Path) -> None:
    with room_in(tmp_path, StandingClock()) as (room, _):
        for verb, at in (("feed_lost", 1), ("feed_lost", 5), ("feed_off", 9), ("feed_back", 11), ("feed_lost", 20)):
            room.store.tell(verb, {"feed": "mast"}, at_us=T0 + at * MINUTE)
        spans = [(s.since_us, s.until_us) for s in silent_spans(room.store)]
        minutes = [((a - T0) // MINUTE, b if b is None else (b - T0) // MINUTE) for a, b in spans]
        assert minutes == [(20, None), (5, 9), (1, 5)]
        assert lost_now(room.store) == {"mast": T0 + 20 * MINUTE}


def looking(room: Room, clock: StandingClock, feeds: tuple[MadeFeed, ...]) -> Lookout:
    room.feeds = feeds
    return Lookout(room)


def test_a_feed_lost_over_a_restart_is_told_as_back(tmp_path: Path) -> None:
    clock = StandingClock()
    mast = MadeFeed("mast", health=Health("waiting", clock.us))
    with room_in(tmp_path, clock) as (room, _):
        watch = looking(room, clock, (mast,))
        for _ in range(3):
            watch.look()
            asyncio.run(clock.sleep(6.0))
        assert [e.verb for e in room.store.told(("feed_lost", "feed_back", "feed_off"), 9)] == ["feed_lost"]
    with room_in(tmp_path, clock) as (room, _):  # killed, and started again
        watch = looking(room, clock, (mast,))
        asyncio.run(clock.sleep(60.0))
        watch.look()
        assert "mast" in room.progress.trouble
        mast.health = Health(CONNECTED, clock.us, clock.us)
        watch.look()
        watch.look()
        back, lost = room.store.told(("feed_lost", "feed_back", "feed_off"), 9)
        assert (back.verb, back.data["gone_s"], lost.verb) == ("feed_back", 78, "feed_lost")
        assert not lost_now(room.store) and not room.progress.trouble


def test_a_feed_taken_away_while_it_was_lost_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = StandingClock()
    with room_in(tmp_path, clock) as (room, _):
        room.store.tell("feed_lost", {"feed": "mast"})
        watch = looking(room, clock, ())
        tell = room.store.tell

        def full(*_: object, **__: object) -> None:
            raise BadStore("no room")

        monkeypatch.setattr(room.store, "tell", full)
        watch.look()  # the disk is full: said once it is not
        monkeypatch.setattr(room.store, "tell", tell)
        watch.look()
        watch.look()
        assert [e.verb for e in room.store.told(("feed_lost", "feed_off"), 9)] == ["feed_off", "feed_lost"]
        assert lost_now(room.store) == {}


# ---- counting


def some(times_us: list[int], mmsi: int) -> pl.DataFrame:
    return positions([{"time_us": t, "mmsi": mmsi, "lon_deg": 20.0, "lat_deg": 59.0} for t in times_us])


def test_counts_follow_what_is_added(tmp_path: Path) -> None:
    clock = StandingClock()
    mine = History(tmp_path, clock)
    heard = Heard(mine)
    begin = T0 // SLOT_US * SLOT_US

    def counts() -> list[int]:
        return [int(n) for n in heard.counts(begin, begin + 4 * SLOT_US)]

    assert counts() == [0, 0, 0, 0]
    mine.add(some([begin + 1, begin + 2, begin + SLOT_US - 1], 1))
    mine.add(some([begin + 1, begin + 3 * SLOT_US], 2))
    assert counts() == [2, 0, 0, 1]
    mine.add(some([begin + SLOT_US], 1))  # in a slot that had been counted, in memory only
    assert counts() == [2, 1, 0, 1]
    mine.flush()
    assert counts() == [2, 1, 0, 1]
    mine.add(some([begin + 5], 3))
    mine.flush()  # written before it was asked again
    assert counts() == [3, 1, 0, 1]
    mine.add(some([begin + 5 + 17 * k for k in range(3)], 3))  # the same vessel, in another part
    mine.flush()
    assert counts() == [3, 1, 0, 1]
    mine.close()
    assert Heard(History(tmp_path, clock)).counts(begin, begin + 4 * SLOT_US).tolist() == [3, 1, 0, 1]


def test_what_was_counted_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = History(tmp_path, StandingClock())
    mine.add(some(list(range(T0, T0 + 6 * HOUR, MINUTE)), 1))
    mine.flush()
    heard = Heard(mine)
    first = heard.counts(T0, T0 + 6 * HOUR)
    monkeypatch.setattr(heard, "_counted", lambda *_: pytest.fail("read again"))
    assert (heard.counts(T0, T0 + 6 * HOUR) == first).all() and (first == 1).all()
    mine.close()


def test_what_takes_too_long_is_left_for_the_next_question(own: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_heard, "ENOUGH_S", -1.0)
    query = f"/api/v1/timeline?since={rfc3339(NOW - 3 * HOUR)}&step_s=3600"
    said = own.get(query)
    assert said["counting"] and [s["vessels"] for s in said["slots"][-3:]] == [None, None, None]
    monkeypatch.setattr(history_heard, "ENOUGH_S", 60.0)
    again = own.get(query)
    assert not again["counting"] and again["slots"][-1]["vessels"] > 0


def test_counts_match_a_plain_reckoning(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    times = T0 + chance.integers(0, 3 * HOUR, 4000)
    ships = chance.integers(1, 60, 4000)
    mine = History(tmp_path, StandingClock())
    frame = positions([{"time_us": int(t), "mmsi": int(m)} for t, m in zip(times, ships, strict=True)])
    for part in frame.iter_slices(700):
        mine.add(part)
        mine.flush()
    counts = Heard(mine).counts(T0, T0 + 3 * HOUR)
    first = T0 // SLOT_US
    expected = [len({int(m) for t, m in zip(times, ships, strict=True) if t // SLOT_US == first + k})
                for k in range(len(counts))]  # fmt: skip
    assert counts.tolist() == expected
    mine.close()


def test_the_store_counts_by_steps(tmp_path: Path) -> None:
    store = Store.open(tmp_path, StandingClock())
    alerts = [replace(an_alert(n, "warning"), raised_us=T0 + n * 10 * MINUTE) for n in range(6)]
    store.record(alerts, 1)
    assert sorted(store.raised(T0, T0 + 50 * MINUTE, 20 * MINUTE)) == [
        (0, "warning", 2), (1, "warning", 2), (2, "warning", 1)
    ]  # fmt: skip
    store.close()


def test_who_asks_while_another_counts_does_not_wait_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = History(tmp_path, StandingClock())
    mine.add(some([T0, T0 + HOUR], 1))
    heard = Heard(mine)
    monkeypatch.setattr(history_heard, "ENOUGH_S", 0.01)
    with heard._lock:
        assert heard.counts(T0, T0 + HOUR).tolist() == [-1] * 13
        assert heard.counts(T0 - HOUR, T0 - SLOT_US).tolist()[:-1] == [0] * 11  # before the history begins
    monkeypatch.setattr(history_heard, "ENOUGH_S", 60.0)
    assert heard.counts(T0, T0 + HOUR).tolist() == [1] + [0] * 11 + [1]
    mine.close()
