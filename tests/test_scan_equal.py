"""However the work is split, the same traffic gives the same alerts, field for field."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from anchorwatch.decode import Options
from anchorwatch.detectors import discover
from anchorwatch.edges import chart_files
from anchorwatch.edges.archive import open_source
from anchorwatch.engine import batch
from anchorwatch.picture.records import together
from made_sea import (
    DAY_US,
    HOUR_US,
    MINUTE_US,
    START_US,
    Traffic,
    alerts_of,
    blocks,
    cut,
    findings_of,
    in_turn,
    job,
    lat_of,
    lon_of,
    picked,
    position_frame,
    reordered,
    scan,
    traffic_of,
    two_days,
)  # fmt: skip
from tries import tries

few = tries(5, *HealthCheck)


@pytest.fixture(scope="session")
def kattegat(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Traffic, batch.Job]:
    """Two real days, over the real telecom cables and Konti-Skan."""
    ways = json.loads((shared / "assets/power_cables_osm.geojson").read_text(encoding="utf-8"))
    ways["features"] = [f for f in ways["features"] if "Konti-Skan" in str(f["properties"].get("name"))]
    power = tmp_path_factory.mktemp("chart") / "konti-skan.geojson"
    power.write_text(json.dumps(ways), encoding="utf-8")
    chart = chart_files.load([str(shared / "assets/kattegat_telecom_cables.csv"), str(power)])
    assert {a.kind for a in chart.assets} == {"telecom_cable", "power_cable"}
    source = open_source(str(shared / "ais/kattegat_2025-11-01_02_1min.parquet"), Options())
    parts = list(source.blocks())
    traffic = Traffic(pl.concat([p.positions for p in parts]), pl.concat([p.statics for p in parts]))
    return traffic, batch.Job(chart, discover())


@pytest.fixture(scope="session", params=["made", pytest.param("kattegat", marks=pytest.mark.slow)])
def days(request: pytest.FixtureRequest) -> tuple[Traffic, batch.Job]:
    """Traffic and the watch over it."""
    return (two_days(), job()) if request.param == "made" else request.getfixturevalue("kattegat")


@pytest.fixture(scope="session")
def whole(days: tuple[Traffic, batch.Job]) -> batch.Result:
    """All at once, as one block in one process: what every other way must equal."""
    return scan(days[0], over=days[1])


def same(whole: batch.Result, *others: batch.Result) -> None:
    """Assert that a run in other ways said the same."""
    assert differences(alerts_of(whole), alerts_of(*others)) == []
    assert differences(findings_of(whole), findings_of(*others)) == []


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Say what differs in a few lines: pytest's own comparison of so much takes minutes."""
    found = []
    for key in sorted(one.keys() | other.keys()):
        a, b = one.get(key, {}), other.get(key, {})
        if a != b:
            fields = [f"{n}: {a.get(n)!r} | {b.get(n)!r}"[:200] for n in sorted({*a, *b}) if a.get(n) != b.get(n)]
            found.append(f"{key} {(a or b).get('kind') or (a or b).get('detector')}: {'; '.join(fields[:4])}")
    return found[:5]


def test_there_is_something_to_compare(whole: batch.Result, days: tuple[Traffic, batch.Job]) -> None:
    assert len(whole.alerts) >= 10
    assert whole.positions > 5000
    if days[1] is job():
        assert {f.detector for f in whole.findings} == set(discover())
        assert {a.kind for a in whole.alerts} >= set(discover()) - {"crossing"}
        assert {a.status for a in whole.alerts} == {"open", "ended", "withdrawn"}


@pytest.mark.parametrize("size", [7, 100, 5000])
def test_any_block_size(whole: batch.Result, days: tuple[Traffic, batch.Job], size: int) -> None:
    traffic = days[0]
    if size == 7:  # every block costs milliseconds: the last rows in tiny blocks, the rest as one
        edge = traffic.positions.height - 700
        first, last = cut(traffic, [edge])
        run = batch.run(days[1], [[*blocks(first, 1 << 40), *blocks(last, 7)]])
    else:
        run = scan(traffic, size, days[1])
    same(whole, run)
    assert run.positions == whole.positions


def test_day_by_day_with_memory_on_disk(whole: batch.Result, days: tuple[Traffic, batch.Job], tmp_path: Path) -> None:
    traffic, watch = days
    midnight = int(traffic.positions["time_us"][0]) // DAY_US * DAY_US + DAY_US
    edges = [int((traffic.positions["time_us"] < midnight + shift * HOUR_US).sum()) for shift in (0, 13)]
    same(whole, *in_turn(cut(traffic, edges), tmp_path / "memory", watch))


@few
@given(cuts=st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_cut_anywhere_with_memory_on_disk(cuts: list[float]) -> None:
    traffic = two_days()
    bounds = [round(c * traffic.positions.height) for c in cuts]
    with tempfile.TemporaryDirectory() as folder:
        runs = in_turn(cut(traffic, bounds), Path(folder) / "memory")
    same(made_whole(), *runs)


@pytest.mark.slow
@pytest.mark.parametrize("later_s", [0, 90])
def test_cut_where_alerts_are_raised(later_s: int, tmp_path: Path) -> None:
    """What was just found waits for late rows, and is judged for good by the next run."""
    traffic = two_days()
    times = traffic.positions["time_us"]
    bounds = [int((times <= a.raised_us + later_s * 1_000_000).sum()) for a in made_whole().alerts[::2]]
    same(made_whole(), *in_turn(cut(traffic, bounds), tmp_path / "memory"))


_made: list[batch.Result] = []


def made_whole() -> batch.Result:
    """The made days all at once, once."""
    if not _made:
        _made.append(scan(two_days()))
    return _made[0]


@pytest.mark.slow
def test_two_processes(whole: batch.Result, days: tuple[Traffic, batch.Job], tmp_path: Path) -> None:
    same(whole, scan(days[0], 2000, days[1], jobs=2))


def test_sorted_by_vessel(whole: batch.Result, days: tuple[Traffic, batch.Job]) -> None:
    traffic = days[0]
    order = np.argsort(traffic.positions["mmsi"].to_numpy(), kind="stable")
    same(whole, scan(reordered(traffic, order), 1000, days[1]))


@few
@given(seed=st.integers(0, 1000), shift_s=st.integers(1, 59))
def test_vessels_interleaved_otherwise(seed: int, shift_s: int) -> None:
    """Each vessel's rows keep their order; how vessels alternate in the file is of no account."""
    traffic = two_days()
    mmsi = traffic.positions["mmsi"].to_numpy()
    shifts = np.random.default_rng(seed).integers(0, shift_s * 1_000_000, mmsi.max() - mmsi.min() + 1)
    order = np.argsort(traffic.positions["time_us"].to_numpy() + shifts[mmsi - mmsi.min()], kind="stable")
    same(made_whole(), scan(reordered(traffic, order), 500))


@few
@given(seed=st.integers(0, 1000))
def test_rows_that_arrive_within_the_hold_back(seed: int) -> None:
    """Rows delayed by less than two minutes are put back in their place."""
    traffic = two_days()
    delay = np.random.default_rng(seed).integers(0, 119_000_000, traffic.positions.height)
    order = np.argsort(traffic.positions["time_us"].to_numpy() + delay, kind="stable")
    same(made_whole(), scan(reordered(traffic, order), 500))


@few
@given(seed=st.integers(0, 1000), both=st.floats(0.05, 1.0), size=st.sampled_from((200, 777, 1 << 40)))
def test_two_receivers(seed: int, both: float, size: int) -> None:
    """Rows heard by one receiver, by the other, or by both."""
    traffic = two_days()
    draws = np.random.default_rng(seed).random(traffic.positions.height)
    one = pl.lit(pl.Series((draws < both) | (draws < 0.5 + both / 2)))
    other = pl.lit(pl.Series((draws < both) | (draws >= 0.5 + both / 2)))
    run = scan([picked(traffic, one), picked(traffic, other)], size)
    same(made_whole(), run)
    assert run.positions == made_whole().positions
    assert run.counts["duplicate"] == int((draws < both).sum()) + made_whole().counts.get("duplicate", 0)


@pytest.mark.slow
def test_two_receivers_of_the_real_days(kattegat: tuple[Traffic, batch.Job]) -> None:
    traffic, watch = kattegat
    draws = np.random.default_rng(3).random(traffic.positions.height)
    run = scan(
        [picked(traffic, pl.lit(pl.Series(draws < 0.6))), picked(traffic, pl.lit(pl.Series(draws > 0.4)))], 3000, watch
    )
    same(scan(traffic, over=watch), run)


def test_the_day_files_of_one_receiver_follow_each_other(whole: batch.Result, days: tuple[Traffic, batch.Job]) -> None:
    same(whole, scan(cut(days[0], [days[0].positions.height // 3, days[0].positions.height // 2]), 4000, days[1]))


# ---- what is hard: silences, second hulls and jumps about the cut ---------------------------------


def sailing(mmsi: int, minutes: Any, y_m: Any, x_m: float = 0.0, kn: float = 10.0) -> pl.DataFrame:
    """Positions of one vessel across the cable, by minutes after the start."""
    at = np.asarray(minutes, np.float64)
    y = np.broadcast_to(np.asarray(y_m, np.float64), at.shape)
    return position_frame(
        time_us=START_US + (at * MINUTE_US).astype(np.int64), mmsi=mmsi, lon_deg=lon_of(x_m),
        lat_deg=np.array([lat_of(v) for v in y]), sog_kn=kn, cog_deg=0.0, nav_status=0,
    )  # fmt: skip


def passage(mmsi: int, start_min: float, count: int = 60, x_m: float = 0.0, from_m: float = -6000.0) -> pl.DataFrame:
    """Steam north at 10 kn, a row a minute."""
    k = np.arange(count)
    return sailing(mmsi, start_min + k, from_m + 308.667 * k, x_m)


def hard_cases() -> dict[str, pl.DataFrame]:
    """Tracks whose silences and strays lie awkwardly."""
    near = passage(210_000_001, 0, 19)  # ends 440 m from the cable
    rest = sailing(210_000_001, 18 + np.arange(1, 12), 0.0, kn=0.3)
    return {
        "a silence of three days near the cable, then heard again": pl.concat(
            [near, passage(210_000_001, 4320, 60)]
        ),
        "a silence of six days, longer than anything is kept": pl.concat([near, passage(210_000_001, 8640, 60)]),
        "two hulls on one MMSI, both silent for hours": pl.concat(
            [
                passage(210_000_001, 0, 19),
                passage(210_000_001, 0.5, 19, 60_000.0),
                passage(210_000_001, 240, 40, 0.0, 13_000.0),
                passage(210_000_001, 240.5, 40, 60_000.0, 13_000.0),
            ]
        ),
        "a jump in the middle of a silence": pl.concat(
            [
                near,
                sailing(210_000_001, [120.0, 121.0, 122.0, 123.0], 300_000.0),
                sailing(210_000_001, 300 + np.arange(20), 2000.0),
            ]
        ),
        "jumps while it lies still": pl.concat(
            [
                near,
                rest,
                sailing(210_000_001, 31 + np.arange(10), 300_000.0),
                sailing(210_000_001, 90 + np.arange(20), 0.0, kn=0.3),
            ]
        ),
        "a hole in reception over many vessels": pl.concat(  # they fall silent together and come back one by one
            [
                passage(210_000_001 + k, start, 19, 900.0 * k, y)
                for k in range(6)
                for start, y in ((0, -6000), (80 + 15 * k, -400))
            ]
        ),
        "one row whose clock leaps a month": pl.concat(
            [near, sailing(210_000_001, [19.5 + 43_200], 0.0), sailing(210_000_001, 20 + np.arange(30), 500.0)]
        ),
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(hard_cases()))
def test_hard_cases_cut_everywhere(name: str, tmp_path: Path) -> None:
    company = [passage(211_000_000 + k, 60.0 * k, 60, -30_000.0) for k in range(0, 160, 8)]
    frame = pl.concat([hard_cases()[name], *company])
    leap = frame.filter(pl.col("time_us") > START_US + 20 * DAY_US)
    traffic = traffic_of(frame.filter(pl.col("time_us") <= START_US + 20 * DAY_US), [])
    if leap.height:  # it arrives among the others
        at = int((traffic.positions["time_us"] < START_US + 19 * MINUTE_US).sum())
        both = pl.concat([traffic.positions[:at], leap, traffic.positions[at:]])
        traffic = Traffic(both.with_columns(line=pl.int_range(1, both.height + 1, dtype=pl.Int64)), traffic.statics)
    whole = scan(traffic)
    assert whole.findings
    mine = np.flatnonzero(traffic.positions["mmsi"].to_numpy() == 210_000_001)
    height = traffic.positions.height
    cuts = [*range(10, height, height // 3), *(mine[10 :: max(1, len(mine) // 3)] + 1).tolist()]
    for n, bound in enumerate(sorted(cuts)):
        same(whole, *in_turn(cut(traffic, [bound]), tmp_path / f"one-{n}"))
    same(whole, *in_turn(cut(traffic, cuts), tmp_path / "many"))
    same(whole, scan(traffic, 97))


def test_records_are_put_together_whatever_there_is_of_them() -> None:
    layout = np.dtype([("a", np.int64), ("b", np.float32), ("c", np.uint8)])
    parts = [np.array([(k, k / 2, k)], layout).repeat(k) for k in range(4)]
    assert together(parts, layout).tolist() == np.concatenate(parts).tolist()
    assert together(parts[1:2], layout).dtype == layout and len(together([], layout)) == 0
    every_other = parts[3][::2]
    assert together([every_other], layout).tolist() == every_other.tolist()
    other = np.array([(1, 2.0, 3)], [("a", np.int32), ("b", np.float64), ("c", np.uint8)])
    assert together([parts[1], other], layout).tolist() == [(1, 0.5, 1), (1, 2.0, 3)]
