"""Rows that cannot be positions of vessels are set apart with a reason, and nothing is lost on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.engine import batch
from anchorwatch.picture.tidy import tidy
from made_sea import MINUTE_US, START_US, job, position_frame, static_frame
from tries import tries

GOOD: dict[str, Any] = {"time_us": START_US, "mmsi": 219_000_001, "lon_deg": 11.0, "lat_deg": 57.0}


def fate(**changes: Any) -> str:
    """Tell what becomes of one row: kept, a reason, or what it is."""
    kept, others, rejects = tidy(position_frame(**(GOOD | changes)))
    assert kept.height + others.height + rejects.height == 1
    if kept.height:
        return "kept"
    return str(rejects["reason"][0] if rejects.height else others["what"][0])


@pytest.mark.parametrize(
    ("mmsi", "what"),
    [
        (219_000_001, "kept"), (518_998_865, "kept"),
        (100_000_000, "kept"),  # a hull with an MMSI of no country is still a hull
        (982_190_001, "kept"),  # a craft of a parent ship
        (2_190_071, "base_station"), (21_900_000, "base_station"), (111_219_501, "sar_aircraft"),
        (992_191_001, "aid_to_navigation"), (970_010_001, "distress_beacon"), (972_000_000, "distress_beacon"),
        (974_000_000, "distress_beacon"), (0, "bad_mmsi"), (-5, "bad_mmsi"), (999_999_999, "bad_mmsi"),
        (1_073_741_823, "bad_mmsi"),
    ],
)  # fmt: skip
def test_what_an_mmsi_stands_for(mmsi: int, what: str) -> None:
    assert fate(mmsi=mmsi) == what


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"lon_deg": 181.0, "lat_deg": 91.0}, "no_position"), ({"lon_deg": 181.0}, "no_position"),
        ({"lat_deg": 91.0}, "no_position"), ({"lon_deg": 0.0, "lat_deg": 0.0}, "no_position"),
        ({"lon_deg": float("nan")}, "no_position"), ({"lat_deg": float("inf")}, "no_position"),
        ({"lon_deg": 0.0}, "kept"), ({"lat_deg": 0.0}, "kept"), ({"lon_deg": -180.0, "lat_deg": -90.0}, "kept"),
        ({"time_us": 0}, "bad_time"), ({"time_us": -1}, "bad_time"), ({"time_us": 4_070_908_800_000_000}, "bad_time"),
        ({"time_us": 1_735_689_600_000_000}, "kept"),
    ],
)  # fmt: skip
def test_times_and_places(changes: dict[str, Any], what: str) -> None:
    assert fate(**changes) == what


def test_a_watch_may_know_that_a_time_has_not_come_yet() -> None:
    frame = position_frame(**GOOD)
    assert tidy(frame, now_us=START_US).positions.height == 1
    assert tidy(frame, now_us=START_US - 1).rejects["reason"].to_list() == ["bad_time"]


def test_a_reject_says_where_it_came_from() -> None:
    frame = pl.concat([position_frame(**GOOD), position_frame(**(GOOD | {"lat_deg": 91.0, "line": 77, "source": 3}))])
    kept, others, rejects = tidy(frame)
    assert (kept.height, others.height) == (1, 0)
    assert rejects.select("source", "line").row(0) == (3, 77)
    assert "219000001" in rejects["text"][0]
    assert dict(kept.schema) == schema.POSITIONS


times = st.integers(0, 400).map(lambda k: START_US + k * 15_000_000)
rows = st.tuples(
    st.one_of(times, st.sampled_from((0, 4_070_908_800_000_000, START_US + 30 * 86_400_000_000))),
    st.sampled_from((219_000_001, 219_000_002, 230_000_001, 2_190_071, 992_191_001, 0)),
    st.sampled_from((10.99, 11.0, 11.01, 13.0, 181.0, 0.0)),
    st.sampled_from((56.99, 57.0, 57.01, 91.0, 0.0)),
    st.sampled_from((0.0, 9.0, float("nan"))),
)


@tries(40, *HealthCheck)
@given(made=st.lists(rows, min_size=1, max_size=60), size=st.integers(1, 30), others=st.integers(0, 5))
def test_nothing_is_lost(made: list[tuple[int, int, float, float, float]], size: int, others: int) -> None:
    """Every row that came in is a position, a duplicate, a reject (late ones among them) or not a vessel's."""
    time_us, mmsi, lon, lat, sog = (np.array(column) for column in zip(*made, strict=True))
    frame = position_frame(time_us=time_us, mmsi=mmsi, lon_deg=lon, lat_deg=lat, sog_kn=sog)
    statics = static_frame([{"time_us": START_US + MINUTE_US, "mmsi": 219_000_001, "name": "SHIP", "line": 1}])
    inputs = [batch.Block(frame[k : k + size], statics if k == 0 else statics[:0], others if k == 0 else 0)
              for k in range(0, len(made), size)]  # fmt: skip
    rejects: list[pl.DataFrame] = []
    result = batch.run(job(), [inputs], reject=rejects.append)
    aside = sum(result.counts.values()) + sum(r.height for r in rejects)
    assert result.positions + aside == len(made) + others
    lines = [line for r in rejects for line in r["line"].to_list()]
    assert len(lines) == len(set(lines))
    assert set(result.counts) <= {"duplicate", "not_a_vessel"}
    assert {reason for r in rejects for reason in r["reason"]} <= {"late", "no_position", "bad_mmsi", "bad_time"}
