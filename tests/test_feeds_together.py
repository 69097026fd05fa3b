"""Several feeds: what each heard where, what counts once, and whose silence it is."""

from __future__ import annotations

import numpy as np
import polars as pl

from anchorwatch.engine.batch import Block
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.engine.live import Live
from anchorwatch.judgement.reception import listeners
from anchorwatch.model import Finding, Vessel
from anchorwatch.picture import coverage
from anchorwatch.picture.policy import POLICIES, Policy
from made_sea import MINUTE_US, START_US, job, lat_of, lon_of, position_frame, static_frame

HOLD_US = 30_000_000
OWN = Policy()


def sailing(mmsi: int, minutes: tuple[int, int], y_m: float = 0.0, kn: float = 10.0, x_m: float = 0.0) -> pl.DataFrame:
    """A vessel that sails east, heard every minute from one minute on up to another."""
    minute = np.arange(*minutes)
    x = x_m + minute * 60 * kn * 1852 / 3600
    lon = np.array([lon_of(v) for v in x])
    return position_frame(
        time_us=START_US + minute * MINUTE_US + mmsi % 50 * 1_000_000, mmsi=mmsi, lon_deg=lon,
        lat_deg=lat_of(y_m), sog_kn=kn, cog_deg=90.0,
    )  # fmt: skip


def heard(feeds: list[pl.DataFrame], minutes: int, policies: dict[int, Policy] | None = None) -> Live:
    """Let feeds give their rows a minute at a time."""
    live = Live(job()._replace(policies=policies), feeds={n: FeedTime(HOLD_US) for n in range(len(feeds))})
    nothing = static_frame([])
    for minute in range(minutes):
        begin_us = START_US + minute * MINUTE_US
        for number, rows in enumerate(feeds):
            part = rows.filter(pl.col("time_us").is_between(begin_us, begin_us + MINUTE_US, closed="left"))
            live.hear(number, Block(part.sort("time_us"), nothing), begin_us + MINUTE_US)
        live.turn()
    return live


def test_what_two_feeds_hear_counts_once_and_shows_for_both() -> None:
    one, two = sailing(219_000_001, (0, 120)), sailing(219_000_002, (0, 120), 30_000.0)
    live = heard([pl.concat([one, two]), one], 121)
    assert [live.feeds[n].duplicates for n in (0, 1)] == [0, live.memory.tracks.picture.tracks["count"][0]]
    assert live.feeds[1].duplicates >= 118
    notes = live.memory.coverage
    alone = heard([pl.concat([one, two])], 121).memory.coverage
    cells = {n: {tuple(k) for k in coverage.of_sources(notes, frozenset([n])).keys[:, :2].tolist()} for n in (0, 1)}
    assert cells[0] == {tuple(k) for k in alone.keys[:, :2].tolist()}
    assert cells[1] and cells[1] < cells[0]
    # all together: no vessel is counted twice because two feeds heard it
    assert coverage.by_slot(notes) == coverage.by_slot(alone)
    told, wanted = coverage.by_box(notes.keys), coverage.by_box(alone.keys)
    assert told[["time_us", "area", "vessels"]].tolist() == wanted[["time_us", "area", "vessels"]].tolist()


def test_a_repetition_within_one_feed_is_none_of_another() -> None:
    one = sailing(219_000_001, (0, 60))
    live = heard([pl.concat([one, one])], 61)
    assert live.feeds[0].duplicates == 0 and live.tally.counts["duplicate"] >= 55


def who(live: Live, policies: dict[int, Policy], vessel: Vessel | None = None) -> set[int]:
    """Whose silence is that of the first vessel: by the feeds that would have heard it."""
    memory = live.memory
    silence = memory.silences[memory.silences["mmsi"] == 219_000_001][0]
    start_us, place = int(silence["start_us"]), (float(silence["lon_deg"]), float(silence["lat_deg"]))
    at_us = START_US + 100 * MINUTE_US
    finding = Finding(
        "f", "ais_gap", 219_000_001 * 8, 219_000_001, at_us, start_us, at_us, at_us, True, None, 0.0, 0.0, *place,
        values={"from_lon_deg": place[0], "from_lat_deg": place[1]},
    )  # fmt: skip
    said = vessel or Vessel(219_000_001, ship_class="cargo", length_m=120.0)
    return set(listeners(finding, said, memory.coverage, memory.silences, policies))


def test_a_vessel_heard_through_one_feed_only_is_silent_with_that_feed() -> None:
    # Both feeds hear others there; only the first ever heard this vessel.
    others = pl.concat([sailing(219_000_010 + k, (0, 100), 1000.0 * k) for k in range(1, 4)])
    feeds = [pl.concat([sailing(219_000_001, (0, 40)), others]), others]
    assert who(heard(feeds, 101), {0: OWN, 1: OWN}) == {0}
    both = [feeds[0], feeds[0]]
    assert who(heard(both, 101), {0: OWN, 1: OWN}) == {0, 1}


def test_a_feed_that_was_out_of_reach_counts_where_it_carries_such_a_vessel() -> None:
    near = pl.concat([sailing(219_000_001, (0, 40)), sailing(219_000_011, (0, 100))])
    far = sailing(219_000_020, (0, 100), x_m=60_000.0)
    live = heard([near, far], 101)
    digitraffic = POLICIES["digitraffic"]
    assert who(live, {0: OWN, 1: OWN}) == {0, 1}
    fisher = Vessel(219_000_001, ship_class="fishing", length_m=20.0)
    assert who(live, {0: OWN, 1: digitraffic}, fisher) == {0}
    assert who(live, {0: OWN, 1: digitraffic}, Vessel(219_000_001)) == {0}  # of unknown class: nobody knows
    assert who(live, {0: OWN, 1: digitraffic}) == {0, 1}
