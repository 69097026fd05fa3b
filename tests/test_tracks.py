"""Positions to tracks: one hull each, repeats dropped, what cannot be reached shown as a jump."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from anchorwatch import schema
from anchorwatch.engine import batch, scan
from anchorwatch.picture import state
from anchorwatch.picture.arrivals import arrivals, events_of
from anchorwatch.picture.weave import blank, weave
from made_sea import MINUTE_US, START_US, job, lat_of, lon_of, position_frame

MMSI = 219_000_001
NONE = pl.DataFrame(schema=schema.STATICS)


def sailing(minutes: Any, x_m: Any, y_m: Any = 0.0, kn: Any = 10.0, **columns: Any) -> pl.DataFrame:
    """Positions of one vessel, minutes after the start and metres about the origin."""
    minutes, x_m, y_m = np.broadcast_arrays(np.asarray(minutes, np.float64), x_m, y_m)
    return position_frame(
        time_us=START_US + np.round(minutes * MINUTE_US).astype(np.int64), mmsi=MMSI, sog_kn=kn, cog_deg=90.0,
        lon_deg=np.array([lon_of(x) for x in x_m]), lat_deg=np.array([lat_of(y) for y in y_m]), **columns,
    )  # fmt: skip


def woven(*frames: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Weave positions in time order; return the rows and how many were repeats."""
    frame = pl.concat(frames).sort("time_us", maintain_order=True)
    events = events_of(arrivals(frame, NONE), state.start().held)
    vessels, tracks = np.zeros(1, state.VESSEL), np.zeros(8, state.TRACK)
    vessels["mmsi"], vessels["latest_key"], vessels["track"] = MMSI, -1, -1
    out = blank(len(events) * 20 + 200)
    sizes = np.array([1, 0, 0], np.int64)
    number = np.zeros(len(events), np.int32)
    done, n, _, repeats = weave(events, number, 0, vessels, tracks, sizes, batch.sea_of(job().chart), out)
    assert done == len(events)
    return pl.DataFrame({c: getattr(out.rows, c)[:n] for c in schema.COLUMNS}), repeats


def positions(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("kind") == schema.POSITION)


K = np.arange(60.0)
EAST = 308.667 * K  # metres at 10 kn


def test_one_vessel_is_one_track() -> None:
    rows, repeats = woven(sailing(K, EAST, 2000.0))
    assert repeats == 0
    assert rows["kind"].to_list() == [schema.POSITION] * 60
    assert rows["track"].unique().to_list() == [MMSI * 8]
    assert rows["fresh"].to_list() == [1] + [0] * 59
    assert rows["jump"].sum() == 0
    assert rows["made_kn"][1:].to_numpy() == pytest.approx(10.0, rel=0.01)
    assert rows["dt_s"][1:].to_list() == [60.0] * 59
    assert rows["asset_m"].to_numpy() == pytest.approx(2000.0, rel=0.01)


def test_two_hulls_on_one_mmsi_become_two_tracks() -> None:
    rows, repeats = woven(sailing(K, EAST, 2000.0), sailing(K + 0.5, -EAST, 40_000.0))
    assert repeats == 0
    assert positions(rows).height == 120
    south = positions(rows).filter(pl.col("lat_deg") < lat_of(20_000.0))
    north = positions(rows).filter(pl.col("lat_deg") > lat_of(20_000.0))
    settled = north.filter(pl.col("time_us") > START_US + 25 * MINUTE_US)
    assert south["track"].n_unique() == settled["track"].n_unique() == 1
    assert south["track"][0] != settled["track"][0]
    assert south["jump"].sum() == settled["jump"].sum() == 0
    assert settled["made_kn"][1:].max() < 12  # type: ignore[operator]


def test_a_second_hull_that_comes_later_is_a_jump_until_it_has_stayed() -> None:
    rows, _ = woven(sailing(K, EAST, 2000.0), sailing(K[20:] + 0.5, EAST[20:], 40_000.0))
    north = positions(rows).filter(pl.col("lat_deg") > lat_of(20_000.0))
    believed = north.filter(pl.col("jump") == 0)
    assert north["jump"].to_list() == sorted(north["jump"].to_list(), reverse=True)  # first jumps, then a track
    since_min = (int(believed["time_us"][0]) - int(north["time_us"][0])) / MINUTE_US
    assert 20 <= since_min <= 22
    assert believed["fresh"].to_list() == [1] + [0] * (believed.height - 1)
    assert believed["track"].unique().to_list() != [MMSI * 8]


def test_a_stray_jump_comes_back_and_leaves_no_trace() -> None:
    away = sailing([20.5, 21.5], 50_000.0, 30_000.0)
    rows, _ = woven(sailing(K, EAST, 2000.0), away)
    plain, _ = woven(sailing(K, EAST, 2000.0))
    jumps = rows.filter(pl.col("jump") == 1)
    assert jumps.height == 2
    assert (jumps["made_kn"] > 60).all()
    assert jumps["last_lat_deg"].to_numpy() == pytest.approx(lat_of(2000.0), abs=1e-9)  # where it was believed
    assert jumps["track"].unique().to_list() == [MMSI * 8]
    assert rows.filter(pl.col("jump") == 0).equals(plain)


def test_a_jump_crosses_no_asset_and_a_step_over_it_does() -> None:
    rows, _ = woven(sailing(K, EAST, -2000.0), sailing([30.5], 0.0, 40_000.0))
    assert schema.CROSSING not in rows["kind"].to_list()
    rows, _ = woven(sailing(K, 0.0, EAST - 9000.0))
    crossing = rows.filter(pl.col("kind") == schema.CROSSING)
    assert crossing.height == 1
    at_min = (int(crossing["crossed_us"][0]) - START_US) / MINUTE_US
    assert at_min == pytest.approx(9000 / 308.667, abs=0.05)
    assert int(crossing["crossed_us"][0]) <= int(crossing["time_us"][0])
    assert crossing["lat_deg"][0] == pytest.approx(lat_of(0.0), abs=1e-6)


def test_exact_duplicates_are_dropped() -> None:
    rows, repeats = woven(*[sailing(K, EAST, 2000.0)] * 3)
    assert (positions(rows).height, repeats) == (60, 120)


@pytest.mark.parametrize(
    ("later_s", "east_m", "kept"), [(0, 10, 60), (2, 0, 60), (4.9, 0, 60), (6, 0, 120), (2, 10, 120)]
)
def test_near_duplicates_of_other_receivers(later_s: float, east_m: float, kept: int) -> None:
    """The same transmission stamped some seconds later, or the same second some metres on."""
    rows, repeats = woven(sailing(K, EAST, 2000.0), sailing(K + later_s / 60, EAST + east_m, 2000.0))
    assert (positions(rows).height, repeats) == (kept, 120 - kept)


def test_a_fast_vessel_is_no_jump() -> None:
    rows, _ = woven(sailing(K, 1200.0 * K, 2000.0, kn=39.0))
    assert rows["jump"].sum() == 0
    assert rows["track"].n_unique() == 1


def test_speed_and_course_that_were_not_sent_are_made_good() -> None:
    rows, _ = woven(sailing(K, EAST, 2000.0, kn=float("nan")).with_columns(cog_deg=pl.lit(float("nan"))))
    assert rows["sog_kn"][1:].to_numpy() == pytest.approx(10.0, rel=0.01)
    assert rows["cog_deg"][1:].to_numpy() == pytest.approx(90.0, abs=0.3)


def test_silence_is_told_by_ticks_every_ten_minutes() -> None:
    rows, _ = woven(sailing([0.0, 1.0, 65.0], [0.0, 300.0, 600.0], 2000.0))
    ticks = rows.filter(pl.col("kind") == schema.TICK)
    assert ((ticks["time_us"] - START_US) // MINUTE_US).to_list() == [20, 30, 40, 50, 60]
    assert ticks["dt_s"].to_list() == [60.0 * m - 60.0 for m in (20, 30, 40, 50, 60)]
    assert rows["time_us"].is_sorted()


def test_ticks_end_after_half_a_day() -> None:
    rows, _ = woven(sailing([0.0, 1.0, 40 * 60.0], [0.0, 300.0, 600.0], 2000.0))
    ticks = rows.filter(pl.col("kind") == schema.TICK)
    assert 70 <= ticks.height <= 72


def test_after_two_days_of_silence_a_vessel_starts_anew_on_the_same_number() -> None:
    """The number goes into ids, so it must not depend on whether the old track was still remembered."""
    rows, _ = woven(sailing(K, EAST, 2000.0), sailing(K + 3 * 1440, EAST, 2000.0))
    again = positions(rows).filter(pl.col("time_us") > START_US + 1440 * MINUTE_US)
    assert again["fresh"].to_list() == [1] + [0] * 59
    assert positions(rows)["track"].unique().to_list() == [MMSI * 8]
    assert again["dt_s"].is_nan()[0]
    assert rows.filter(pl.col("kind") == schema.TICK).height > 70  # and the silence before was told


def test_vessels_are_forgotten_after_days_and_not_before() -> None:
    runs, memory = [], batch.start(job())
    other = sailing(K + 6 * 1440, EAST, 3000.0).with_columns(mmsi=pl.lit(230_000_001, pl.Int32))
    for frame in (
        sailing(K, EAST, 2000.0),
        sailing(K + 1440, EAST, 2000.0).with_columns(mmsi=pl.lit(230_000_001, pl.Int32)),
        other,
    ):
        runs.append(batch.run(job(), [[batch.Block(frame, NONE)]], memory))
        memory = runs[-1].memory
    assert [len(scan.heard_us(r.memory.tracks)) for r in runs] == [1, 2, 1]
