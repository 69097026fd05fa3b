"""A live watch says what a scan of the same rows says, field for field, whatever the turns and pieces."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from anchorwatch.engine import batch
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.engine.live import Live, Turn
from made_sea import MINUTE_US, Traffic, alerts_of, blocks, cut, job, picked, scan, two_days
from test_scan_equal import differences, kattegat  # noqa: F401 - a fixture
from tries import tries

HOLD_US = 120_000_000
few = tries(4, *HealthCheck)


@cache
def whole() -> batch.Result:
    return scan(two_days())


def last_words(turns: list[Turn]) -> dict[str, object]:
    return alerts_of(*turns)  # type: ignore[arg-type]  # a turn has alerts, as a result has


def watched(parts: list[Traffic], over: batch.Job | None = None, every: int = 1, hands: int = 1) -> list[Turn]:
    """Let one feed give parts, and turn after every so many; behind the first third with so many hands."""
    live = Live(over or job(), feeds={0: FeedTime(HOLD_US)})
    turns = []
    for number, part in enumerate(parts, 1):
        live.hands = hands if number > len(parts) // 3 else 1
        for block in blocks(part):
            live.hear(0, block)
        turn = live.turn() if number % every == 0 else None
        turns += [turn] if turn is not None else []
    return [*turns, live.end()]


def first_hours(count: int) -> Traffic:
    """The beginning of the made days."""
    days = two_days()
    return picked(days, pl.col("time_us") < int(days.positions["time_us"][0]) + count * 60 * MINUTE_US)


def test_one_turn_an_hour_equals_a_scan() -> None:
    traffic = two_days()
    hours = np.flatnonzero(np.diff(traffic.positions["time_us"].to_numpy() // (60 * MINUTE_US))) + 1
    turns = watched(cut(traffic, hours.tolist()))
    assert len(turns) > 40
    assert differences(alerts_of(whole()), last_words(turns)) == []


def test_more_hands_say_the_same() -> None:
    traffic = two_days()
    hours = np.flatnonzero(np.diff(traffic.positions["time_us"].to_numpy() // (60 * MINUTE_US))) + 1
    turns = watched(cut(traffic, hours.tolist()), hands=3)
    assert differences(alerts_of(whole()), last_words(turns)) == []


@few
@given(seed=st.integers(0, 2**20), every=st.integers(1, 4))
def test_pieces_and_turns_of_any_size(seed: int, every: int) -> None:
    traffic = two_days()
    chance = np.random.default_rng(seed)
    bounds = np.sort(chance.integers(1, traffic.positions.height, chance.integers(1, 60)))
    turns = watched(cut(traffic, bounds.tolist()), every=every)
    assert differences(alerts_of(whole()), last_words(turns)) == []


def test_an_alert_is_said_as_soon_as_the_hold_back_allows() -> None:
    traffic = first_hours(24)
    minutes = np.flatnonzero(np.diff(traffic.positions["time_us"].to_numpy() // (20 * MINUTE_US))) + 1
    live = Live(job(), feeds={0: FeedTime(HOLD_US)})
    first: dict[str, int] = {}
    for part in cut(traffic, minutes.tolist()):
        for block in blocks(part):
            live.hear(0, block)
        turn = live.turn()
        for alert in turn.alerts if turn else []:
            first.setdefault(alert.id, live.settled_us)
            assert alert.raised_us < live.settled_us
            if first[alert.id] == live.settled_us:
                assert alert.raised_us >= live.settled_us - 2 * HOLD_US - 30 * MINUTE_US
    assert len(first) >= 10


def test_two_feeds_that_hear_the_same() -> None:
    traffic = first_hours(12)
    live = Live(job(), feeds={0: FeedTime(HOLD_US), 1: FeedTime(HOLD_US)})
    chance = np.random.default_rng(3)
    heard = pl.Series(chance.integers(0, 3, traffic.positions.height))  # by the first, the second, both
    minutes = np.flatnonzero(np.diff(traffic.positions["time_us"].to_numpy() // (3 * MINUTE_US))) + 1
    turns = []
    for count, part in enumerate(cut(traffic, minutes.tolist())):
        which = heard[int(part.positions["line"][0]) - 1 : int(part.positions["line"][-1])]
        for number in (0, 1):
            mine = picked(part, pl.lit(pl.Series(which != 1 - number)))
            for block in blocks(mine):
                live.hear(number, block)
        turn = live.turn() if count % 10 == 0 else None
        turns += [turn] if turn is not None else []
    turns.append(live.end())
    assert sum(t.duplicates for t in turns) > 300
    assert differences(alerts_of(scan(traffic)), last_words(turns)) == []


@pytest.mark.slow
def test_the_real_days(kattegat: tuple[Traffic, batch.Job]) -> None:  # noqa: F811 - the fixture
    traffic, watch = kattegat
    result = scan(traffic, over=watch)
    slots = np.flatnonzero(np.diff(traffic.positions["time_us"].to_numpy() // (20 * MINUTE_US))) + 1
    assert differences(alerts_of(result), last_words(watched(cut(traffic, slots.tolist()), watch))) == []
