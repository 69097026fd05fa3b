from __future__ import annotations

import csv
import json
import math
import unicodedata
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.edges.alerts import COLUMNS, from_json, read_alerts, to_json, write_alerts
from anchorwatch.edges.findings import write_findings
from anchorwatch.edges.records import json_line, time_us
from anchorwatch.errors import BadInput, BadUse
from anchorwatch.model import LEVELS, Alert, AlertAsset, Alternative, Finding, NextAsset, Reason, Vessel, rfc3339
from anchorwatch.schema import SHIP_CLASSES
from made_up import alert
from tries import tries

# The example of the contract, word for word (its "..." filled in).
EXAMPLE = json.loads("""
{"schema": "anchorwatch.alert/1", "id": "a1-7c3e", "level": "alarm", "kind": "anchor_drag", "status": "open",
 "vessel": {"mmsi": 518998865, "imo": 9329760, "name": "N", "callsign": "C", "flag": "CK", "ship_type": 80,
            "length_m": 228},
 "assets": [{"id": "estlink-2", "name": "Estlink 2", "kind": "power_cable", "distance_m": 0,
             "crossed": "2024-12-25T10:26:10Z", "kp_km": 41.2}],
 "start": "2024-12-25T09:00:00Z", "end": "2024-12-25T11:00:00Z", "raised": "2024-12-25T10:27:00Z",
 "position": {"lon": 25.6, "lat": 59.9}, "score": 0.93,
 "reasons": [{"name": "speed_deficit", "value": 0.27, "unit": "1", "baseline": "6 h median", "log_odds": 2.1}],
 "explanation": "one or two sentences for the officer", "alternatives": [{"cause": "engine trouble", "check": "Ask."}],
 "next": [{"asset": "estlink-1", "eta": "2024-12-25T13:00:00Z", "confidence": 0.8}],
 "detectors": ["anchor_drag", "crossing"], "ruleset": "sha256:00", "revision": 1}
""")

HOSTILE = "=cmd|' /C calc'!A0\x1b[2J\r\n\x00\x9b31m\u202etxt\u2028</script><img src=x onerror=alert(1)>\ud800"
HOSTILE += "x" * 5000


def test_contract_example_survives_word_for_word() -> None:
    there = to_json(from_json(EXAMPLE))
    assert there == EXAMPLE
    assert list(there) == list(EXAMPLE)
    assert [list(there[k][0]) for k in ("assets", "reasons", "alternatives", "next")] == [
        list(EXAMPLE[k][0]) for k in ("assets", "reasons", "alternatives", "next")
    ]


TIMES = st.integers(0, 4_102_444_800_000_000)
TEXT = st.text(max_size=12)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
VESSELS = st.builds(
    Vessel,
    mmsi=st.integers(0, 999_999_999),
    imo=st.none() | st.integers(1, 9_999_999),
    name=TEXT,
    callsign=TEXT,
    flag=TEXT,
    ship_type=st.none() | st.integers(0, 255),
    ship_class=st.sampled_from(SHIP_CLASSES),
    length_m=st.none() | FINITE,
)
ASSETS = st.builds(AlertAsset, TEXT, TEXT, TEXT, FINITE, st.none() | TIMES, st.none() | FINITE, TEXT)
ALERTS = st.builds(
    Alert,
    id=TEXT,
    level=st.sampled_from(LEVELS),
    kind=TEXT,
    status=TEXT,
    vessel=VESSELS,
    assets=st.lists(ASSETS, max_size=2).map(tuple),
    start_us=TIMES,
    end_us=TIMES,
    raised_us=TIMES,
    lon_deg=FINITE,
    lat_deg=FINITE,
    score=FINITE,
    reasons=st.lists(st.builds(Reason, TEXT, FINITE | TEXT, TEXT, FINITE, st.none() | TEXT), max_size=2).map(tuple),
    explanation=TEXT,
    alternatives=st.lists(st.builds(Alternative, TEXT, TEXT), max_size=2).map(tuple),
    next=st.lists(st.builds(NextAsset, TEXT, TIMES, FINITE), max_size=2).map(tuple),
    detectors=st.lists(TEXT, max_size=2).map(tuple),
    ruleset=TEXT,
    revision=st.integers(1, 9),
    extra=st.dictionaries(TEXT, st.integers(), max_size=1),
)


@tries(60)
@given(ALERTS)
def test_an_alert_comes_back_as_it_was(one: Alert) -> None:
    assert from_json(json.loads(json_line(to_json(one)))) == one


@given(TIMES)
def test_times_come_back_to_the_microsecond(moment: int) -> None:
    assert time_us(rfc3339(moment)) == moment


def test_unknown_numbers_are_null() -> None:
    one = alert(lon_deg=math.nan, assets=(AlertAsset("a", "A", "pipeline", math.nan),))
    there = json.loads(json_line(to_json(one)))
    assert there["position"] is None
    assert there["assets"][0]["distance_m"] is None
    back = from_json(there)
    assert math.isnan(back.lon_deg)
    assert math.isnan(back.assets[0].distance_m)


@pytest.mark.parametrize("ending", [".jsonl", ".geojson", ".csv", ".parquet"])
def test_every_format_holds_every_alert(tmp_path: Path, ending: str) -> None:
    alerts = [alert(n) for n in range(6)]
    path = tmp_path / f"alerts{ending}"
    write_alerts(alerts, path)
    rows = _rows(path)
    assert [r["id"] for r in rows] == [a.id for a in alerts]
    assert [r["level"] for r in rows] == [a.level for a in alerts]
    assert list(tmp_path.iterdir()) == [path]


def test_tables_say_time_place_and_first_asset(tmp_path: Path) -> None:
    write_alerts([alert(0)], tmp_path / "a.parquet")
    write_alerts([alert(0)], tmp_path / "a.csv")
    row = pl.read_parquet(tmp_path / "a.parquet").row(0, named=True)
    text = _rows(tmp_path / "a.csv")[0]
    assert list(row) == list(text) == list(COLUMNS)
    assert row["mmsi"] == 518998865
    assert row["asset_name"] == "Gotland Link 1"
    assert rfc3339(alert(0).raised_us) == text["raised"] == row["raised"].isoformat().replace("+00:00", "Z")
    assert (float(text["lon_deg"]), float(text["lat_deg"])) == (row["lon_deg"], row["lat_deg"]) == (19.2, 57.6)
    assert json.loads(row["reasons"])[1]["name"] == "speed_deficit"


def test_geojson_is_points_lon_before_lat(tmp_path: Path) -> None:
    write_alerts([alert(0), alert(1, lat_deg=math.nan)], tmp_path / "a.geojson")
    features = json.loads((tmp_path / "a.geojson").read_text())["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [19.2, 57.6]}
    assert features[1]["geometry"] is None


@pytest.mark.parametrize("ending", [".jsonl", ".geojson", ".csv", ".parquet"])
def test_hostile_names_are_kept_harmless(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"alerts{ending}"
    vessel = Vessel(211000001, name=HOSTILE, callsign="@SUM(1)")
    write_alerts([alert(0, vessel=vessel, explanation="\t-1+1")], path)
    if ending != ".parquet":
        text = path.read_text(encoding="utf-8")
        bad = {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")}
        assert not bad
        assert text.count("\n") == (2 if ending == ".csv" else 1)
    row = _rows(path)[0]
    assert "x" * 5000 in str(row)
    if ending == ".csv":
        assert row["name"].startswith("'=cmd")
        assert row["callsign"] == "'@SUM(1)"
        assert row["explanation"] == "\\u0009-1+1"
        assert float(row["lon_deg"]) == 19.2


def test_numbers_below_zero_stay_numbers(tmp_path: Path) -> None:
    write_alerts([alert(0, lon_deg=-3.5)], tmp_path / "a.csv")
    assert _rows(tmp_path / "a.csv")[0]["lon_deg"] == "-3.5"


def test_standard_output_is_jsonl(capsys: pytest.CaptureFixture[str]) -> None:
    write_alerts([alert(0), alert(1)])
    assert [from_json(json.loads(x)) for x in capsys.readouterr().out.splitlines()] == [alert(0), alert(1)]


def test_alerts_are_read_back(tmp_path: Path) -> None:
    write_alerts([alert(n) for n in range(6)], tmp_path / "a.jsonl")
    assert read_alerts(tmp_path / "a.jsonl") == [alert(n) for n in range(6)]


@pytest.mark.parametrize("ending", [".jsonl", ".geojson", ".csv", ".parquet"])
def test_no_alerts_is_a_valid_file(tmp_path: Path, ending: str) -> None:
    write_alerts([], tmp_path / f"a{ending}")
    assert _rows(tmp_path / f"a{ending}") == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(AttributeError):
        write_alerts([None], path)  # type: ignore[list-item]  # a defect half way
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a.xlsx", "none/a.csv", "folder.csv"])
def test_bad_places_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(BadUse, match=r"ending|folder"):
        write_alerts([], tmp_path / name)


@pytest.mark.parametrize(
    "change",
    [{"schema": "x"}, {"level": "panic"}, {"start": "yesterday"}, {"start": "2024-01-01T00:00:00"}, {"vessel": None}],
)
def test_a_broken_alert_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        from_json(EXAMPLE | change)
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(EXAMPLE) + "\n" + json.dumps(EXAMPLE | change) + "\n")
    with pytest.raises(BadInput, match=":2"):
        read_alerts(path)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"{", b"null"])
def test_a_file_that_is_not_alerts_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(BadInput):
        read_alerts(tmp_path / "a.jsonl")


def _rows(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        csv.field_size_limit(10_000_000)
        return list(csv.DictReader(text.splitlines()))
    if path.suffix == ".geojson":
        return [f["properties"] for f in json.loads(text)["features"]]
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("ending", [".jsonl", ".geojson", ".csv", ".parquet"])
def test_findings_are_written_the_same_ways(tmp_path: Path, ending: str) -> None:
    found = Finding("f1", "crossing", 8, 1, 9, 5, 7, 8, False, "a", 0.0, math.nan, 19.0, 57.0, {"speed_kn": 9.5})
    write_findings([found], tmp_path / f"f{ending}")
    row = _rows(tmp_path / f"f{ending}")[0]
    assert (row["id"], row["detector"], row["kp_km"] or None) == ("f1", "crossing", None)
    assert "9.5" in str(row["values"])
