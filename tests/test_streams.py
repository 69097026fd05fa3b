"""Pairs, silences of the feed and storms, from raw rows to alerts; and the streams that they are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from anchorwatch import schema
from anchorwatch.detectors import feed_silence, rendezvous
from anchorwatch.engine import batch
from anchorwatch.engine.findings import finding_id
from anchorwatch.judgement import conditions, storm
from anchorwatch.judgement.judge import Docket, judge
from anchorwatch.model import Alert, Finding
from anchorwatch.picture import coverage
from made_sea import MINUTE_US, START_US, job, lat_of, lon_of, picked, position_frame, scan, traffic_of
from test_judge import DETECTORS, context, detector

SLOT_US = coverage.SLOT_US
KNOWN = DETECTORS | {name: detector(name) for name in ("feed_silence", "detector_storm")}


def finding(
    name: str, at: float, start: float, end: float, mmsi: int = 210_000_001, track: int = 0, still: bool = True,
    asset: str | None = "long-cable", place: tuple[float, float] = (11.0, 57.0), **values: float,
) -> Finding:  # fmt: skip
    """A finding by minutes."""
    at_us, start_us, end_us = (START_US + round(m * MINUTE_US) for m in (at, start, end))
    track = track or mmsi * 8
    return Finding(
        finding_id(name, track, start_us), name, track, mmsi, at_us, start_us, end_us, at_us, still, asset, 0.0, 80.0,
        *place, {"w": 1.5} | values,
    )  # fmt: skip


# ---- what was heard ------------------------------------------------------------------------------


def test_boxes_of_each_slot_and_then_everywhere() -> None:
    cells = coverage.cell_of(np.array([11.1, 11.1, 11.9, 20.3]), np.array([57.1, 57.1, 57.4, 55.2]))
    notes = np.stack([cells, np.array([7, 7, 7, 8]), np.array([0, 1, 0, 0])], axis=1)
    rows = coverage.by_box(notes)
    assert rows["time_us"].tolist() == [8 * SLOT_US, 8 * SLOT_US, 9 * SLOT_US, 9 * SLOT_US]
    assert rows["vessels"].tolist() == [3.0, 3.0, 1.0, 1.0]
    assert (rows["area"] == schema.EVERYWHERE).tolist() == [False, True, False, True]
    np.testing.assert_allclose(rows["lon_deg"], [11.5, np.nan, 20.5, np.nan])
    np.testing.assert_allclose(rows["lat_deg"], [57.25, np.nan, 55.25, np.nan])
    assert coverage.over(notes, 8 * SLOT_US + 1).tolist() == [True, True, True, False]
    assert (coverage.BOXES_ABOUT, SLOT_US) == (feed_silence.BOXES_ABOUT, feed_silence.SLOT_US)


def heard(slots: dict[int, list[tuple[float, float, int]]]) -> np.ndarray[Any, Any]:
    """HEARD rows: slot -> boxes by place and vessels."""
    made = []
    for slot, boxes in slots.items():
        for lon, lat, vessels in sorted(boxes, key=lambda b: (b[1], b[0])):
            area = int((lat + 90) * 2) * coverage.BOXES_ABOUT + int(lon + 180)
            made.append(((slot + 1) * SLOT_US, area, lon, lat, vessels))
        made.append(((slot + 1) * SLOT_US, schema.EVERYWHERE, np.nan, np.nan, sum(b[2] for b in boxes)))
    return np.array(made, schema.HEARD)


HERE, EAST, FAR = (11.5, 57.25), (12.5, 57.25), (18.5, 57.25)


def silences(slots: dict[int, list[tuple[float, float, int]]]) -> np.ndarray[Any, Any]:
    return feed_silence.scan(heard(slots), None, feed_silence.Params())[0]


def test_neighbours_are_one_silence_and_it_ends_when_half_speaks() -> None:
    quiet, beyond = range(60, 70), range(60, 66)
    found = silences({s: [(*FAR, 4)] + ([(*HERE, 8)] if s not in quiet else [])
                      + ([(*EAST, 3)] if s not in beyond else []) for s in range(80)})  # fmt: skip
    assert len({(f["track"], f["start_us"]) for f in found}) == 1
    assert found[0]["boxes"] == 2 and found[0]["vessels"] == pytest.approx(11)
    assert found[0]["start_us"] == 60 * SLOT_US and found[0]["at_us"] == 63 * SLOT_US
    assert not found[-1]["open"] and found[-1]["end_us"] == 70 * SLOT_US


@pytest.mark.parametrize("why", ["the file ends", "a pause between files", "young", "a lull", "patchy", "few"])
def test_what_is_no_silence(why: str) -> None:
    def at(slot: int) -> list[tuple[float, float, int]]:
        if why == "the file ends":
            return [(*HERE, 9)] if slot < 60 else []
        if why == "a pause between files":
            return [(*HERE, 9)] if not 60 <= slot < 200 else []
        if why == "young":
            return [(*FAR, 4)] + ([(*HERE, 9)] if not 30 <= slot < 60 else [])
        if why == "a lull":
            return [(*FAR, 4)] + ([(*HERE, max(0, 9 - abs(slot - 100) // 4))] if abs(slot - 100) // 4 < 9 else [])
        if why == "patchy":
            return [(*FAR, 4)] + ([(*HERE, 9)] if slot % 4 else [])
        return [(*FAR, 9)] + ([(*HERE, 2)] if slot < 60 else [])

    slots = {s: boxes for s in range(260) if (boxes := at(s))}
    assert len(silences(slots)) == 0


def test_a_hole_in_everything_is_told_when_it_is_over() -> None:
    found = silences({s: [(*HERE, 9)] for s in range(100) if not 60 <= s < 66})
    assert [(int(f["open"]), int(f["at_us"]) // SLOT_US) for f in found] == [(1, 67), (0, 67)]


def test_a_gap_in_a_silence_is_a_hole_in_reception() -> None:
    place: dict[str, Any] = {"from_lon_deg": 11.2, "from_lat_deg": 57.1, "from_sog_kn": 8.0, "from_cog_deg": 10.0,
             "to_lon_deg": np.nan, "to_lat_deg": np.nan}  # fmt: skip
    gap = finding("ais_gap", at=90, start=5, end=5, **place)
    silent = finding("feed_silence", at=30, start=0, end=30, mmsi=0, asset=None, place=(11.5, 57.0),
                     vessels=12.0, boxes=1.0, silent_s=1800.0, reach_lon_deg=0.5, reach_lat_deg=0.25)  # fmt: skip
    _, docket = judge([silent], KNOWN, context(), Docket())
    assert [r.name for r in conditions.of_conditions(gap, context().chart, list(docket.areas.values()))] == [
        "feed_was_silent"
    ]
    (alert,) = docket.alerts.values()
    assert alert.level == "caution" and alert.vessel.mmsi == 0
    assert alert.extra["unwatched"] == [a.id for a in alert.assets] != []


# ---- pairs ---------------------------------------------------------------------------------------


def lying(mmsi: int, x: float, y: float, minutes: Any) -> pl.DataFrame:
    at = np.asarray(minutes, np.float64)
    return position_frame(
        time_us=START_US + (at * MINUTE_US).astype(np.int64), mmsi=mmsi, lon_deg=lon_of(x), lat_deg=lat_of(y),
        sog_kn=0.2, cog_deg=10.0, nav_status=0,
    )  # fmt: skip


def test_a_pair_names_both_and_a_fleet_is_none() -> None:
    said = [{"time_us": START_US + m * MINUTE_US, "mmsi": 210_000_000 + k, "name": name}
            for k, name in enumerate(("ONE", "TWO")) for m in (0, 6)]  # fmt: skip
    pair = [lying(210_000_000 + k, 5000.0 + 100 * k, -500.0, range(0, 300, 3)) for k in range(2)]
    fleet = [lying(211_000_000 + k, -20_000.0 + 100 * k, -500.0, range(0, 300, 3)) for k in range(9)]
    result = scan(traffic_of(pl.concat(pair + fleet), said))
    found = [f for f in result.findings if f.detector == "rendezvous"]
    assert [(f.mmsi, f.values["other_mmsi"]) for f in found] == [(210_000_000, 210_000_001)]
    (alert,) = (a for a in result.alerts if a.kind == "rendezvous")
    assert [v["name"] for v in alert.extra["vessels"]] == ["ONE", "TWO"]
    assert "TWO (MMSI 210000001)" in alert.explanation


def test_three_side_by_side_are_three_findings_with_their_own_ids() -> None:
    result = scan(traffic_of(pl.concat([lying(210_000_000 + k, 5000.0 + 90 * k, -500.0, range(0, 120, 3))
                                        for k in range(3)]), []))  # fmt: skip
    found = [f for f in result.findings if f.detector == "rendezvous"]
    assert len(found) == len({f.id for f in found}) == 3
    met = {frozenset((f.mmsi, int(f.values["other_mmsi"]))) for f in found}
    assert len(met) == 3


def test_samples_at_different_times_of_a_slot_are_brought_together() -> None:
    row = np.zeros(1, rendezvous.MEMORY)
    row["time_us"], row["lon_deg"], row["lat_deg"] = rendezvous.SLOT_US + 240_000_000, 11.0, 57.0
    row["kn"], row["cog_deg"] = 2.0, 90.0
    lon, lat = rendezvous.at_slot_start(row)
    metres = (11.0 - lon[0]) * 111_195 * np.cos(np.radians(57.0))
    assert metres == pytest.approx(2.0 * 1852 / 3600 * 240, rel=1e-3)
    assert lat[0] == pytest.approx(57.0)


# ---- storms --------------------------------------------------------------------------------------


def gaps(count: int) -> batch.Result:
    """Vessels that cross the cable and fall silent at once, four hours after others were first heard."""
    company = [lying(211_000_000 + k, 30_000.0 + 3000 * k, 9000.0, range(0, 600, 5)) for k in range(6)]
    ships = []
    for k in range(count):
        minutes = np.append(np.arange(240, 262, 2), np.arange(400, 440, 2))
        y = np.interp(minutes, [240, 260, 400, 440], [-7000, -600, 2000, 9000])
        frame = lying(210_000_000 + k, -20_000.0 + 2500 * k, 0.0, minutes)
        ships.append(frame.with_columns(lat_deg=pl.Series([lat_of(v) for v in y]), sog_kn=pl.lit(10.0)))
    return scan(traffic_of(pl.concat(company + ships), []))


def storms(result: batch.Result) -> list[Alert]:
    return [a for a in result.alerts if a.kind == "detector_storm"]


def test_a_storm_is_one_alert_and_nothing_is_lost() -> None:
    result = gaps(16)
    (alert,) = storms(result)
    found = {f.id for f in result.findings if f.detector == "ais_gap"}
    single = [a for a in result.alerts if a.kind == "ais_gap" and a.raised_us == alert.raised_us]
    assert len(found) == 16 and single == []
    assert alert.extra["detector"] == "ais_gap"
    assert alert.extra["held_back"] == len(alert.extra["held_back_ids"]) >= 11
    assert set(alert.extra["held_back_ids"]) <= found
    assert alert.level == "caution" and alert.vessel.mmsi == 0
    assert storms(gaps(9)) == []


def test_what_was_shown_before_a_storm_stays_and_what_outlasts_it_is_judged() -> None:
    def gap(at: int, mmsi: int, still: bool = True) -> Any:
        return finding("anchored_on_asset", at=at, start=0, end=at, mmsi=mmsi, still=still)

    blow: dict[str, Any] = {"findings": 20.0, "limit": 10.0, "code": float(schema.code_of("anchored_on_asset"))}
    code = schema.code_of("anchored_on_asset")
    begins = finding("detector_storm", at=50, start=40, end=50, mmsi=0, track=code, asset=None, **blow)
    ends = finding("detector_storm", at=90, start=40, end=70, mmsi=0, track=code, asset=None, still=False, **blow)
    first, second = 210_000_001, 210_000_002
    _, docket = judge([gap(45, first), begins, gap(60, first), gap(60, second)], KNOWN, context(), Docket())
    by_mmsi = {a.vessel.mmsi: a for a in docket.alerts.values()}
    assert set(by_mmsi) == {0, first}
    assert by_mmsi[0].extra["held_back"] == 1
    again, _ = judge([gap(65, second)], KNOWN, context(), docket)
    assert [a.extra["held_back"] for a in again if a.kind == storm.KIND] == [1]  # each counts once
    alerts, docket = judge([ends, gap(120, second)], KNOWN, context(), docket)
    assert {a.vessel.mmsi for a in alerts} == {0, second}
    assert next(a for a in alerts if a.kind == storm.KIND).extra["held_back"] == 1


def test_a_run_that_ends_in_a_slot_does_not_speak_of_it() -> None:
    """What is heard after the last whole slot is looked at by the next run."""
    traffic = traffic_of(pl.concat([lying(210_000_000 + k, 2500.0 * k, 0.0, range(0, 500, 5)) for k in range(9)]), [])
    cut_us = START_US + 453 * MINUTE_US
    result = scan(picked(traffic, pl.col("time_us") < cut_us))
    waiting = result.memory.waiting
    assert waiting is not None and len(waiting.notes) > 0
    assert ((waiting.notes[:, 1] + 1) * SLOT_US >= result.memory.tracks.picture.sizes[2]).all()
    assert not [f for f in result.findings if f.detector == "feed_silence"]
    assert job().detectors.keys() >= {"feed_silence", "detector_storm", "rendezvous", "identity_change"}
