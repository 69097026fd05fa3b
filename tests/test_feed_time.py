"""How far a feed has come: whatever the pieces, whoever's clock is broken, whichever feed is dead."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.engine.feed_time import LEAP_US, NEVER_US, NOBODY_US, STALE_US, FeedTime, take, watermark

MINUTE_US = 60_000_000
START_US = 1_700_000_000_000_000


def heard(
    feed: FeedTime, minutes: list[float], mmsi: list[int] | None = None, others_us: int = NOBODY_US
) -> list[bool]:
    """Let rows at these minutes arrive, each of another vessel unless said otherwise; which were late."""
    times = np.array([START_US + round(m * MINUTE_US) for m in minutes], np.int64)
    who = np.array(mmsi or range(1, len(minutes) + 1), np.int32)
    late, _ = take(feed, times, who, others_us, NEVER_US)
    return [bool(one) for one in late]


def begun(hold_min: float = 2.0) -> FeedTime:
    """A feed that has come to minute 0."""
    feed = FeedTime(round(hold_min * MINUTE_US))
    heard(feed, [0.0, 0.0, 0.0])
    assert feed.newest_us == START_US
    return feed


def test_a_row_is_late_beyond_the_hold_back_and_not_before() -> None:
    assert heard(begun(), [5.0, 3.01, 2.99, 5.0]) == [False, False, True, False]


def test_the_slowest_feed_sets_what_is_late() -> None:
    assert heard(begun(), [5.0, 1.5], others_us=START_US + MINUTE_US) == [False, False]
    assert heard(begun(), [5.0, 0.5], others_us=START_US + MINUTE_US) == [False, True]


def test_one_vessel_far_ahead_does_not_carry_the_others_along() -> None:
    feed = begun()
    assert heard(feed, [600.0, 0.1, 600.1, 0.2, 600.2, 0.3], [9, 1, 9, 2, 9, 3]) == [False] * 6
    assert feed.newest_us < START_US + MINUTE_US


def test_a_gap_is_believed_once_others_say_the_same() -> None:
    feed = begun()
    heard(feed, [60.0, 60.0, 60.1], [1, 2, 3])
    assert feed.newest_us == START_US + round(60.1 * MINUTE_US)
    alone = begun()
    heard(alone, [60.0 + k / 100 for k in range(15)], [7] * 15)
    assert alone.newest_us == START_US
    heard(alone, [60.2], [7])
    assert alone.newest_us > START_US + 60 * MINUTE_US


@given(
    minutes=st.lists(st.floats(0, 40), min_size=1, max_size=60),
    who=st.lists(st.integers(1, 4), min_size=60, max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=5),
)
def test_pieces_change_nothing(minutes: list[float], who: list[int], cuts: list[int]) -> None:
    whole, parts = begun(), begun()
    at_once = heard(whole, minutes, who[: len(minutes)])
    edges = [0, *sorted(c for c in cuts if c < len(minutes)), len(minutes)]
    in_pieces = [late for a, b in pairwise(edges) if b > a for late in heard(parts, minutes[a:b], who[a:b])]
    assert in_pieces == at_once
    assert asdict(parts) == asdict(whole)


@given(minutes=st.lists(st.floats(0, 9), min_size=1, max_size=60))
def test_time_never_goes_back(minutes: list[float]) -> None:
    feed, before = begun(), START_US
    for minute in minutes:
        heard(feed, [minute])
        assert feed.newest_us == max(before, START_US + round(minute * MINUTE_US))
        before = feed.newest_us


def test_a_dead_feed_holds_nobody_up() -> None:
    slow, fast = begun(), begun()
    heard(fast, [5.0])
    slow.arrived_us, fast.arrived_us = START_US, START_US
    assert watermark([slow, fast], START_US) == slow.watermark_us
    later_us = START_US + slow.hold_us + STALE_US + 1
    fast.arrived_us = later_us
    assert watermark([slow, fast], later_us) == fast.watermark_us
    slow.arrived_us, slow.ended = later_us, True
    assert watermark([slow, fast], later_us) == fast.watermark_us
    assert watermark([], 0) == NEVER_US
    assert slow.hold_us < LEAP_US  # or one row could make the rest of its own minute late
