"""Clocks of several feeds: found, corrected, said; the alerts are those of good clocks."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anchorwatch.engine.batch import Block, Tally
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.engine.live import Live
from anchorwatch.picture.clocks import Clocks
from made_sea import HOUR_US, START_US, Traffic, alerts_of, job, picked, position_frame, two_days

SECOND_US = 1_000_000
Array = np.ndarray[Any, Any]
few = settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)


def fleet(seconds: int, vessels: int = 12, every_s: int = 10, start_us: int = START_US) -> pl.DataFrame:
    """Vessels that sail east at 12 kn, each heard every ten seconds."""
    step = np.repeat(np.arange(seconds // every_s), vessels)
    vessel = np.tile(np.arange(vessels), seconds // every_s)
    time_us = start_us + step * every_s * SECOND_US + vessel * 700_000
    return position_frame(
        time_us=time_us, mmsi=219_000_001 + vessel, lon_deg=11.0 + vessel * 0.1 + (time_us - start_us) / 1e6 * 1e-4,
        lat_deg=57.0 + vessel * 0.05, sog_kn=12.0, cog_deg=90.0, heading_deg=91.0,
    )  # fmt: skip


def heard_twice(
    frame: pl.DataFrame, off_us: Any = 0, delay_us: tuple[int, int] = (300_000, 900_000), share: int = 1
) -> list[tuple[int, pl.DataFrame, Array]]:
    """Return pieces of two feeds in order of arrival: a second's rows and arrivals; the second's clock is off."""
    pieces = []
    true_us = frame["time_us"].to_numpy()
    for feed in (0, 1):
        arrived = true_us + delay_us[feed]
        times = true_us + (off_us if feed else 0)
        mine = frame.with_columns(time_us=pl.Series(times))
        if feed:
            keep = np.arange(len(true_us)) % share == 0
            mine, arrived = mine.filter(pl.Series(keep)), arrived[keep]
        second = arrived // SECOND_US
        bounds = [0, *(np.flatnonzero(np.diff(second)) + 1).tolist(), len(second)]
        for first, end in pairwise(bounds):
            pieces.append((feed, mine[first:end], np.full(end - first, arrived[end - 1], np.int64)))
    return sorted(pieces, key=lambda p: (int(p[2][0]), p[0]))


def listened(pieces: list[tuple[int, pl.DataFrame, Array]], clocks: Clocks | None = None) -> Clocks:
    clocks = clocks or Clocks()
    for feed, rows, arrived in pieces:
        clocks.hear(feed, rows, arrived)
    return clocks


@pytest.mark.parametrize("off_s", [37.0, -12.5, 3600.0, 2.0])
def test_an_error_is_found_and_corrected(off_s: float) -> None:
    clocks = listened(heard_twice(fleet(300), round(off_s * 1e6)))
    good, bad = clocks.said()
    assert bad.error_us == round(off_s * 1e6) == bad.corrected_us
    assert bad.against == (0,) and bad.pairs >= 20 and bad.spread_us == 0
    assert good.against == () and good.error_us is not None and -2_000_000 < good.error_us < 0
    assert good.corrected_us == 0


def test_less_than_two_seconds_is_said_and_left_alone() -> None:
    clocks = listened(heard_twice(fleet(300), 1_900_000))
    assert clocks.said()[1].error_us == 1_900_000
    for feed, rows, arrived in heard_twice(fleet(60, start_us=START_US + HOUR_US), 1_900_000):
        heard = clocks.hear(feed, rows, arrived)
        assert not heard.shift_us.any() and not heard.future.any() and not heard.changes


def test_those_who_lie_still_say_nothing_of_clocks() -> None:
    moored = fleet(600).with_columns(lon_deg=pl.lit(11.0), sog_kn=pl.lit(0.1))
    assert listened(heard_twice(moored, 37 * SECOND_US)).said()[1].pairs == 0


def test_a_clock_that_drifts_and_one_that_jumps_are_followed() -> None:
    frame = fleet(1800)
    since_s = (frame["time_us"].to_numpy() - START_US) / 1e6
    drifting = listened(heard_twice(frame, (since_s * 0.01 * 1e6).astype(np.int64)))  # 18 s in half an hour
    assert abs(drifting.said()[1].corrected_us - 18e6) < 1.5e6
    jumping = listened(heard_twice(frame, np.where(since_s < 900, 5, 42) * SECOND_US))
    assert jumping.said()[1].corrected_us == 42 * SECOND_US
    back = listened(heard_twice(frame, np.where(since_s < 900, 37, 0) * SECOND_US))
    assert back.said()[1].corrected_us == 0


def test_two_of_three_are_right() -> None:
    pieces = []
    for feed, off_s in enumerate((60, 0, 1)):  # the first is far from the others, all far from this machine
        for was, rows, arrived in heard_twice(fleet(300)):
            if was == 0:
                pieces.append((feed, rows.with_columns(pl.col("time_us") + (off_s + 900) * SECOND_US), arrived + feed))
    clocks = listened(sorted(pieces, key=lambda p: (int(p[2][0]), p[0])))
    assert [c.corrected_us for c in clocks.said()] == [60 * SECOND_US, 0, 0]
    assert clocks.said()[0].against == (1, 2)


def test_a_feed_without_times_of_its_own_is_no_reference() -> None:
    pieces = [
        (feed, rows.with_columns(time_us=pl.Series(arrived)) if feed == 0 else rows, arrived)
        for feed, rows, arrived in heard_twice(fleet(300), -30 * SECOND_US)
    ]
    stamped, own = listened(pieces).said()
    assert stamped.against == (1,) and own.corrected_us == 0
    assert stamped.corrected_us is not None and abs(stamped.corrected_us - 30e6) < 2e6


def test_a_row_far_ahead_of_its_feed_is_set_apart() -> None:
    pieces = heard_twice(fleet(120))
    live = Live(job(), feeds={n: FeedTime(30 * SECOND_US) for n in (0, 1)}, tally=Tally())
    rejects: list[pl.DataFrame] = []
    live.tally.reject = rejects.append
    for number, (feed, rows, arrived) in enumerate(pieces):
        if number == 150:
            ahead = pl.Series([400 * SECOND_US] + [0] * (rows.height - 1))
            rows = rows.with_columns(pl.col("time_us") + ahead)
        live.hear(feed, Block(rows, two_days().statics[:0]), int(arrived[-1]), arrived)
    assert pl.concat(rejects)["reason"].to_list() == ["future"]


def test_the_clock_of_this_machine_is_an_hour_off() -> None:
    pieces = [(f, rows, arrived - HOUR_US) for f, rows, arrived in heard_twice(fleet(300))]
    live = Live(job(), feeds={n: FeedTime(30 * SECOND_US) for n in (0, 1)})
    rejects: list[pl.DataFrame] = []
    live.tally.reject = rejects.append
    for feed, rows, arrived in pieces:
        live.hear(feed, Block(rows, two_days().statics[:0]), int(arrived[-1]), arrived)
    assert rejects == []
    assert [c.corrected_us for c in live.clocks.said()] == [0, 0]
    said = live.clocks.machine_trouble({0: "mast", 1: "digitraffic"})
    assert said.startswith("the clock of this machine is 3600 s behind what the feeds state (mast, digitraffic)")
    assert Clocks().machine_trouble({}) == "" == listened(heard_twice(fleet(300))).machine_trouble({})


@few
@given(seed=st.integers(0, 2**20), off_s=st.sampled_from([0, 2, 37, 3600]), stop=st.floats(0.1, 0.9))
def test_whatever_the_pieces_between_calls_the_estimates_are_the_same(seed: int, off_s: int, stop: float) -> None:
    pieces = heard_twice(fleet(200), off_s * SECOND_US)
    whole = listened(pieces)
    chance = np.random.default_rng(seed)
    parts: list[tuple[int, pl.DataFrame, Array]] = []
    for feed, rows, arrived in pieces:  # cut some, and join some that follow each other
        if parts and parts[-1][0] == feed and chance.random() < 0.5:
            _, before, earlier = parts.pop()
            rows, arrived = pl.concat([before, rows]), np.concatenate([earlier, arrived])
        cut = int(chance.integers(0, rows.height + 1))
        parts += [(feed, r, a) for r, a in ((rows[:cut], arrived[:cut]), (rows[cut:], arrived[cut:])) if r.height]
    at = int(stop * len(parts))
    half = listened(parts[:at])
    again = listened(parts[at:], Clocks.from_json(json.loads(json.dumps(half.to_json()))))
    assert again.said() == whole.said()
    assert again.to_json() == whole.to_json()


# ---- the whole watch

SINCE_US = START_US + 7 * HOUR_US


@cache
def hours() -> Traffic:
    return picked(two_days(), pl.col("time_us").is_between(SINCE_US, SINCE_US + 6 * HOUR_US))


def watched(off_us: Any, wrong: int = 1) -> tuple[dict[str, Any], Live, list[pl.DataFrame]]:
    """Two receivers of the same sea: the second one's clock is off by so much at each row."""
    traffic = hours()
    fast = fleet(6 * 3600, vessels=4, every_s=20, start_us=SINCE_US).with_columns(
        lat_deg=pl.col("lat_deg") + 1.5
    )  # what both hear at once
    frame = pl.concat([traffic.positions, fast]).sort("time_us", maintain_order=True)
    live = Live(job(), feeds={n: FeedTime(30 * SECOND_US) for n in (0, 1)})
    rejects: list[pl.DataFrame] = []
    live.tally.reject = rejects.append
    true_us = frame["time_us"].to_numpy()
    stated = true_us + (off_us(true_us) if callable(off_us) else off_us)
    minutes = np.flatnonzero(np.diff(true_us // (10 * SECOND_US))) + 1
    turns = []
    said = traffic.statics
    bounds = [0, *minutes.tolist(), len(true_us)]
    for count, (first, end) in enumerate(pairwise(bounds)):
        rows, now_us = frame[first:end], int(true_us[end - 1]) + 400_000
        statics = said.filter(pl.col("time_us").is_between(true_us[first], true_us[end - 1]))
        off = rows.with_columns(time_us=pl.Series(stated[first:end]))
        live.hear(0, Block(rows if wrong else off, statics), now_us)
        live.hear(1, Block(off if wrong else rows, statics[:0]), now_us + 1000)
        turn = live.turn() if count % 100 == 0 else None
        turns += [turn] if turn is not None else []
    turns.append(live.end())
    return alerts_of(*turns), live, rejects  # type: ignore[arg-type]


def gist(alerts: dict[str, Any]) -> set[tuple[str, str, str, int]]:
    return {(a["kind"], a["level"], a["status"], a["vessel"]["mmsi"]) for a in alerts.values()}


@cache
def good() -> set[tuple[str, str, str, int]]:
    alerts, _, rejects = watched(0)
    assert rejects == []
    return gist(alerts)


@pytest.mark.slow
@pytest.mark.parametrize(
    "off_us",
    [
        37 * SECOND_US,
        HOUR_US,
        -HOUR_US,
        lambda t: ((t - SINCE_US) * 0.001).astype(np.int64),
        lambda t: np.where(t < SINCE_US + 2 * HOUR_US, 0, 37 * SECOND_US),
    ],
    ids=["ahead", "an hour ahead", "an hour behind", "drift", "jump"],
)
def test_the_alerts_are_those_of_good_clocks(off_us: Any) -> None:
    alerts, live, _ = watched(off_us)
    assert len(good()) >= 4 and any(level == "alarm" for _, level, _, _ in good())
    assert gist(alerts) == good()
    assert abs(live.clocks.said()[0].corrected_us) == 0


def test_the_wrong_one_may_be_heard_first() -> None:
    alerts, live, _ = watched(HOUR_US, wrong=0)
    assert gist(alerts) == good()
    assert [c.corrected_us for c in live.clocks.said()] == [HOUR_US, 0]
    both = live.feeds[0].duplicates + live.feeds[1].duplicates
    assert both > 0.9 * live.feeds[0].rows  # each transmission counts once
