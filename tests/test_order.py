"""Rows of each vessel back in time order within the hold-back; what comes later than that is late."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.picture import order, state
from anchorwatch.picture.arrivals import arrivals, events_of
from made_sea import START_US, position_frame, static_frame
from tries import tries

Array = np.ndarray[Any, Any]
NONE = pl.DataFrame(schema=schema.STATICS)
DAY_S = 86_400


def passed(
    blocks: Sequence[Sequence[tuple[int, float]]], hold_back_s: float = 120.0, end: bool = True
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """Pass blocks of (mmsi, seconds) through; return what went on and what was late, as such pairs."""
    picture, gone, late = state.start(), [], []
    for number, block in enumerate([*blocks, []]):
        times = np.array([START_US + round(s * 1e6) for _, s in block], np.int64)
        frame = position_frame(
            time_us=times, mmsi=np.array([m for m, _ in block], np.int32), lon_deg=11.0, lat_deg=57.0
        )
        settle = int(times.max(initial=0)) + 10**16 if number == len(blocks) and end else None
        events = events_of(arrivals(frame if block else frame[:0], NONE), picture.held)
        ordered, too_late, picture = order.order(events, picture, hold_back_s, settle)
        gone += [(int(e["mmsi"]), (int(e["time_us"]) - START_US) / 1e6) for e in ordered.events]
        late += [(int(e["mmsi"]), (int(e["time_us"]) - START_US) / 1e6) for e in too_late]
    return gone, late


def test_a_row_within_the_hold_back_takes_its_place() -> None:
    gone, late = passed([[(1, 0), (1, 100), (1, 50), (1, 200), (1, 81)]])
    assert gone == [(1, 0), (1, 50), (1, 81), (1, 100), (1, 200)]
    assert late == []


def test_a_row_older_than_that_is_late() -> None:
    gone, late = passed([[(1, 0), (1, 200), (1, 79)]])
    assert (gone, late) == ([(1, 0), (1, 200)], [(1, 79)])


def test_rows_wait_until_their_own_vessel_was_heard_two_minutes_later() -> None:
    gone, _ = passed([[(1, 0), (2, 500), (1, 119)]], end=False)
    assert gone == []
    gone, _ = passed([[(1, 0), (2, 500), (1, 119), (1, 120.5)]], end=False)
    assert gone == [(1, 0)]


def test_other_vessels_make_no_row_late() -> None:
    assert passed([[(2, 90_000), (1, 0), (3, 99_000), (1, 10)]])[1] == []


@pytest.mark.parametrize("leap_s", [30 * DAY_S, -30 * DAY_S])
def test_one_row_of_a_clock_that_leaps_is_set_aside(leap_s: float) -> None:
    gone, late = passed([[(1, 0), (1, 60), (1, leap_s), (1, 120), (1, 180)]])
    assert gone == [(1, 0), (1, 60), (1, 120), (1, 180)]
    assert late == [(1, leap_s)]


def test_a_leap_that_a_second_row_confirms_is_believed() -> None:
    """A vessel may truly be heard again after weeks."""
    gone, late = passed([[(1, 0), (1, 30 * DAY_S), (1, 30 * DAY_S + 60), (1, 30 * DAY_S + 120)]])
    assert late == [(1, 30 * DAY_S)]
    assert gone == [(1, 0), (1, 30 * DAY_S + 60), (1, 30 * DAY_S + 120)]


def test_newest_trusts_no_vessel_that_is_far_ahead_alone() -> None:
    day = DAY_S * 1_000_000
    assert order.newest(np.array([], np.int64)) == 0
    assert order.newest(np.array([5 * day])) == 5 * day
    assert order.newest(np.array([5 * day, 4 * day, 9 * day])) == 9 * day
    assert order.newest(np.array([5 * day, 4 * day, 90 * day])) == 5 * day
    assert order.newest(np.array([0, 5 * day, 0])) == 5 * day  # the others only said their names


def test_static_reports_go_before_positions_of_their_time() -> None:
    frame = position_frame(time_us=np.array([START_US, START_US + 10]), mmsi=1, lon_deg=11.0, lat_deg=57.0)
    statics = static_frame([{"time_us": START_US + 10, "mmsi": 1, "line": 1}])
    events = events_of(arrivals(frame, statics), state.start().held)
    ordered, _, _ = order.order(events, state.start(), 120.0, START_US + 10**9)
    assert ordered.events["static"].tolist() == [0, 1, 0]


rows = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 600)), max_size=40)


@tries(80, *HealthCheck)
@given(made=rows, cuts=st.lists(st.integers(0, 40), max_size=5))
def test_neither_blocks_nor_other_vessels_change_what_is_late(made: list[tuple[int, int]], cuts: list[int]) -> None:
    edges = [0, *sorted(min(c, len(made)) for c in cuts), len(made)]
    gone, late = passed([made[a:b] for a, b in pairwise(edges)])
    whole, whole_late = passed([made])
    for mmsi in (1, 2, 3):
        mine = [s for m, s in gone if m == mmsi]
        newest = -1
        expected: list[int] = []
        expected_late: list[int] = []
        for m, s in made:
            if m == mmsi:
                (expected_late if s < newest - 120 else expected).append(s)
                newest = max(newest, s)
        assert mine == sorted(expected) == [s for m, s in whole if m == mmsi]
        assert [s for m, s in late if m == mmsi] == expected_late == [s for m, s in whole_late if m == mmsi]


def test_more_vessels_than_there_was_room_for() -> None:
    made = [(100 + k % 700, k) for k in range(1400)]
    gone, late = passed([made[:500], made[500:]], hold_back_s=5.0)
    assert late == []
    assert sorted(gone) == sorted(made)
