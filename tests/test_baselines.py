"""The three baselines on tracks made by hand: they must do what others describe, no better and no worse."""

from __future__ import annotations

from math import cos, hypot, radians
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import chart as charts
from anchorwatch.trials.score import baselines
from anchorwatch.trials.score.baselines import (
    anchored_near_cable,
    beside_assets,
    open_tracker,
    slow_near_cable,
    thinned,
)
from anchorwatch.trials.score.ordinary import read_ordinary
from anchorwatch.trials.score.records import read_trial
from anchorwatch.trials.score.systems import others
from made_trial import CABLE, ORDINARY, START, actor, traffic, us, write
from tries import tries

CHART = charts.make((charts.Asset("one", "One", "power_cable", (np.array(CABLE, np.float64),)),))
LAT = 57.5
M_PER_LON = 111_320 * cos(radians(LAT)) * 1.0018  # on the ellipsoid, at this latitude, to a metre in a kilometre
Row = tuple[float, float, float, int]  # minute, metres east of the cable, knots, navigational status


def rows(said: list[Row], mmsi: int = ORDINARY) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "time_us": [us(m) for m, *_ in said],
            "mmsi": [mmsi] * len(said),
            "lon_deg": [20.0 + float(metres) / M_PER_LON for _, metres, *_ in said],
            "lat_deg": [LAT] * len(said),
            "sog_kn": [float(kn) for *_, kn, _ in said],
            "nav_status": [status for *_, status in said],
        }
    )
    return beside_assets(thinned(frame.lazy()), CHART)


@pytest.mark.parametrize(
    ("said", "warnings"),
    [
        ([(0, 900, 2.9, 0)], 1),
        ([(0, 900, 3.0, 0)], 0),  # slower than 3 kn
        ([(0, 1100, 0.1, 0)], 0),  # within 1 km
        ([(0, 900, float("nan"), 0)], 0),
        ([(0, 900, 2, 0), (29, 900, 2, 0), (58, 900, 2, 0)], 1),  # one call
        ([(0, 900, 2, 0), (10, 900, 9, 0), (41, 900, 2, 0)], 2),
    ],
)
def test_slow_near_cable(said: list[Row], warnings: int) -> None:
    marks = slow_near_cable(rows(said), CHART)
    assert len(marks.warnings) == warnings
    assert all(w.assets == ("one",) and w.score == 1.0 and w.mmsis == (ORDINARY,) for w in marks.warnings)


def test_slow_is_swept_over_the_speed() -> None:
    marks = slow_near_cable(rows([(0, 500, 12, 0), (5, 500, 6, 0), (40, 500, 1.5, 0)]), CHART)
    assert [round(m.score, 3) for m in marks.sweep] == [0.8, 0.95]
    assert marks.warnings[0].shown == (("warning", us(40)),)


@pytest.mark.parametrize(
    ("said", "warnings"),
    [
        ([(0, 1900, 9, 1)], 1),  # the status alone counts, whatever the speed
        ([(0, 2100, 0, 1)], 0),
        ([(0, 100, 0, 5)], 0),  # moored
        ([(0, 100, 0, 15)], 0),
    ],
)
def test_anchored_near_cable(said: list[Row], warnings: int) -> None:
    marks = anchored_near_cable(rows(said), CHART)
    assert len(marks.warnings) == warnings
    assert len(marks.sweep) == (said[0][3] == 1)


def still(minutes: int, metres: float, kn: float = 0.2, drift_m: float = 0.0) -> list[Row]:
    return [(m, metres + drift_m * m / minutes, kn, 0) for m in range(minutes + 1)]


@pytest.mark.parametrize(
    ("said", "warnings"),
    [
        (still(20, 9_000), 1),
        (still(19, 9_000), 0),
        (still(20, 11_000), 0),
        (still(20, 9_000, kn=0.5), 0),  # slower than 0.5 kn
        (still(20, 9_000, kn=float("nan")), 1),  # the tracker takes a missing speed for 0
        (still(20, 5_000, drift_m=1_100), 0),  # more than 500 m from the middle
        (still(20, 5_000, drift_m=900), 1),
        ([(0, 9_000, 9, 0), (60, 20_000, 9, 0)], 1),  # silent for an hour, from near a cable
        ([(0, 20_000, 9, 0), (60, 9_000, 9, 0)], 1),  # or to it
        ([(0, 9_000, 9, 0), (59, 9_000, 9, 0)], 0),
        ([(0, 20_000, 9, 0), (90, 20_000, 9, 0)], 0),
    ],
)
def test_open_tracker(said: list[Row], warnings: int) -> None:
    assert len(open_tracker(rows(said), CHART).warnings) == warnings


def test_a_gap_is_known_when_the_vessel_is_heard_again() -> None:
    (warning,) = open_tracker(rows([(0, 9_000, 9, 0), (75, 5_000, 9, 0)]), CHART).warnings
    assert warning.id.startswith("ais_gap")
    assert (warning.start_us, warning.shown) == (us(0), (("warning", us(75)),))
    assert open_tracker(rows([(0, 9_000, 9, 0)]), CHART).warnings == ()


def test_two_vessels_are_two() -> None:
    both = pl.concat([rows(still(15, 500), ORDINARY), rows(still(15, 500), ORDINARY + 1)])
    assert open_tracker(both, CHART).warnings == ()
    assert len(slow_near_cable(both, CHART).warnings) == 2


def followed(minute: list[int], east_m: list[float], kn: list[float]) -> list[int]:
    """The published update(), one position at a time, as anyone would write it down."""
    fired, memory, start = [], [], 0
    for k, (m, x, speed) in enumerate(zip(minute, east_m, kn, strict=True)):
        if k == 0 or speed >= 0.5:
            memory, start = [x], m
            continue
        memory.append(x)
        if (m - start) * 60 < 1200:
            continue
        middle = sum(memory) / len(memory)
        if max(hypot(p - middle, 0) for p in memory) <= 500:
            fired.append(m)
        memory, start = [x], m
    return fired


@tries(60)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(-150, 150), st.sampled_from([0.1, 0.4, 0.5])), max_size=60))
def test_loitering_follows_the_published_code(steps: list[tuple[int, int, float]]) -> None:
    minute = np.cumsum([0, *(s for s, _, _ in steps)]).tolist()
    east = np.cumsum([5_000.0, *(float(e) for _, e, _ in steps)]).tolist()
    kn = [0.1, *(k for _, _, k in steps)]
    made = rows([(m, x, k, 0) for m, x, k in zip(minute, east, kn, strict=True)])
    events = baselines._still_events(made)
    assert ((events["time_us"] - us(0)) // 60_000_000).to_list() == followed(minute, east, kn)


def test_baselines_run_over_a_trial(tmp_path: Path) -> None:
    slow = traffic([211_000_001]).with_columns(lon_deg=pl.lit(20.0), sog_kn=pl.lit(2.0))
    made = pl.concat([traffic([ORDINARY]), slow]).sort("time")
    trial = read_trial(write(tmp_path / "trial", [actor(211_000_001)], rows=made))
    found = {system.name: system.simulated[0].actors[0].found for system in others([trial], [], None)}
    assert found == {"slow near cable": True, "at anchor near cable": False, "open tracker": False}


def test_a_real_archive_is_scanned_and_counted(tmp_path: Path) -> None:
    made = traffic([ORDINARY, ORDINARY + 1, 244_900_001], hours=3.0)
    made.write_parquet(tmp_path / "day.parquet")
    trial = read_ordinary(str(tmp_path / "day.parquet"), CHART)
    assert (trial.name, trial.real, trial.alerts) == ("day", True, ())
    assert trial.vessels["hours"].to_list() == pytest.approx([3.0] * 3)
    assert trial.vessels["fishing"].to_list() == [False, False, True]
    assert trial.positions is not None and trial.positions.height == made.height
    assert trial.positions["time_us"].min() == int(START.timestamp() * 1e6)
