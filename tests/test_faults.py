"""Outage notices: read with clear errors, never used before they are known, and the right vessel is followed."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from anchorwatch import chart
from anchorwatch.detectors import discover
from anchorwatch.edges import faults as notices
from anchorwatch.edges import memory as remembered
from anchorwatch.engine import batch
from anchorwatch.errors import BadInput
from anchorwatch.model import Alert, Fault
from made_sea import MINUTE_US, START_US, Traffic, blocks, cut, lat_of, lon_of, position_frame, scan, traffic_of

KN = 1852.0 / 3600.0


@cache
def sea() -> chart.Chart:
    """Two cables, 36 km apart."""

    def line(y: float) -> Any:
        return np.array([[lon_of(x), lat_of(y)] for x in np.linspace(-80_000.0, 80_000.0, 9)])

    return chart.make(
        (
            chart.Asset("south", "South Cable", "power_cable", (line(0.0),), error_m=100.0),
            chart.Asset("north", "North Cable", "telecom_cable", (line(36_000.0),), error_m=100.0),
        )
    )


def northward(mmsi: int, cross_min: float, x: float, kn: float = 10.0) -> pl.DataFrame:
    """A ship that crosses the southern cable so many minutes after the start, and goes on for 3.5 hours."""
    minutes = np.arange(-60.0, 210.0) + cross_min
    y = (minutes - cross_min) * 60.0 * kn * KN
    return position_frame(
        time_us=START_US + (minutes * MINUTE_US).astype(np.int64), mmsi=mmsi, lon_deg=lon_of(x),
        lat_deg=np.array([lat_of(v) for v in y]), sog_kn=kn, cog_deg=0.0, nav_status=0,
    )  # fmt: skip


@cache
def ships() -> Traffic:
    """One crosses at the time of the failure, one 12 minutes later, one two hours before."""
    frames = [
        northward(219_000_001, 180.0, 0.0),
        northward(219_000_002, 192.0, 3000.0),
        northward(219_000_003, 60.0, -3000.0),
    ]
    return traffic_of(pl.concat(frames), [])


def failure(**changes: Any) -> Fault:
    """The southern cable failed at 3 h, which was known 20 minutes later."""
    at = START_US + 180 * MINUTE_US
    return replace(Fault("south", at - 2 * MINUTE_US, at + 2 * MINUTE_US, at + 20 * MINUTE_US), **changes)


def watch(*faults: Fault) -> batch.Job:
    return batch.Job(sea(), discover(), faults=faults)


def approaches(result: batch.Result) -> list[Alert]:
    return [a for a in result.alerts if a.kind == "approach"]


def test_without_a_notice_nobody_is_followed() -> None:
    assert approaches(scan(ships(), over=watch())) == []


def test_the_vessel_that_crossed_is_followed_to_the_next_cable() -> None:
    (alert,) = approaches(scan(ships(), over=watch(failure())))
    assert (alert.vessel.mmsi, alert.level, alert.assets[0].id) == (219_000_001, "warning", "north")
    crosses_us = START_US + round((180 + 36_000 / (10 * KN) / 60) * MINUTE_US)
    assert failure().known_us <= alert.raised_us <= failure().known_us + 2 * MINUTE_US
    assert crosses_us - alert.raised_us >= 30 * MINUTE_US
    assert abs(alert.extra["values"]["eta_us"] - crosses_us) < 3 * MINUTE_US
    names = {r.name for r in alert.reasons}
    assert {"crossed_failed_asset", "time_fit", "others_crossed_then", "other_cause"} <= names
    assert "the only vessel that did" in alert.explanation


def test_a_wide_interval_is_shared_and_says_that_nobody_leads() -> None:
    found = approaches(scan(ships(), over=watch(failure(until_us=failure().until_us + 15 * MINUTE_US))))
    assert {a.vessel.mmsi for a in found} == {219_000_001, 219_000_002}
    for alert in found:
        assert alert.extra["fault"]["tie"] and "nobody leads" in alert.explanation
        assert next(r for r in alert.reasons if r.name == "others_crossed_then").log_odds == pytest.approx(
            -np.log(2), abs=0.01
        )


def test_a_place_far_from_the_crossing_clears_the_vessel() -> None:
    elsewhere = failure(lon_deg=lon_of(60_000.0), lat_deg=lat_of(0.0), radius_km=5.0)
    here = failure(lon_deg=lon_of(1000.0), lat_deg=lat_of(0.0), radius_km=5.0)
    assert approaches(scan(ships(), over=watch(elsewhere))) == []
    assert len(approaches(scan(ships(), over=watch(here)))) == 1


@pytest.mark.parametrize("cut_min", [185.0, 199.5, 240.0])
def test_a_notice_that_comes_with_a_later_run_finds_the_crossing_in_memory(tmp_path: Path, cut_min: float) -> None:
    """The first run knows nothing of the failure; the second is told, and must say what one run would."""
    known = failure(known_us=START_US + 245 * MINUTE_US)
    whole = {a.id: (a.level, a.raised_us, a.explanation) for a in approaches(scan(ships(), over=watch(known)))}
    times = ships().positions["time_us"]
    first, second = cut(ships(), [int((times < START_US + cut_min * MINUTE_US).sum())])
    folder = tmp_path / "memory"
    before = batch.run(watch(), [blocks(first)])
    assert approaches(before) == []
    remembered.save(before.memory, watch(), folder)
    after = batch.run(watch(known), [blocks(second)], remembered.load(watch(known), folder))
    assert whole
    assert {a.id: (a.level, a.raised_us, a.explanation) for a in approaches(after)} == whole


# ---- files -------------------------------------------------------------------------------------------

GOOD = {
    "asset": "south",
    "from": "2023-11-15T03:00Z",
    "until": "2023-11-15T03:04:00+00:00",
    "known": "2023-11-15T03:20",
}


def read(tmp_path: Path, text: str) -> tuple[Fault, ...]:
    path = tmp_path / "faults"
    path.write_text(text, encoding="utf-8")
    return notices.read(str(path), sea())


def test_json_and_csv_say_the_same(tmp_path: Path) -> None:
    table = (
        "Asset,from,until,known,lon,lat,radius_km\nNorth cable,{0},{1},{2},11.5,57.3,\nsouth,{0},{1},{2},,,\n".format(
            GOOD["from"], GOOD["until"], GOOD["known"]
        )
    )
    by_csv = read(tmp_path, table)
    by_json = read(tmp_path, json.dumps([GOOD, GOOD | {"asset": "north", "lon": 11.5, "lat": 57.3}]))
    assert repr(by_csv) == repr(by_json)  # NaN is not equal to itself
    assert [f.asset for f in by_csv] == ["north", "south"] and by_csv[0].radius_km == 10.0
    assert read(tmp_path, "[]") == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"asset": "nort"}, "'nort' is not on the chart. Did you mean north"),
        ({"asset": None}, "asset is missing"),
        ({"from": "yesterday"}, "from is 'yesterday'"),
        ({"until": "2023-11-15T02:00Z"}, "until is before from"),
        ({"known": "2023-11-15T02:00Z"}, "known is before from"),
        ({"lon": 11.0}, "only one of lon and lat"),
        ({"lon": 11.0, "lat": 95}, "lat is 95"),
        ({"radius_km": 0}, "radius_km is not above 0"),
        ({"when": "now"}, "'when' is not known"),
    ],
)
def test_errors_name_the_notice_and_what_is_wrong(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput) as error:
        read(tmp_path, json.dumps([GOOD, GOOD | changes]))
    assert says in str(error.value) and "notice 2" in str(error.value)


@pytest.mark.parametrize("text", ["{", "[1]", "a,b\n1,2\n", "", '"x"'])
def test_what_is_no_list_of_notices_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="A notice has asset"):
        read(tmp_path, text)
