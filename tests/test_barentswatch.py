"""Records of BarentsWatch, in rows: as lines, as server-sent events, as a list, plain or GeoJSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from anchorwatch.decode import Decoded, Format, Options, barentswatch, digitraffic, rows
from anchorwatch.decode.recognise import recognise

RECORD: dict[str, Any] = {
    "courseOverGround": 289,
    "latitude": 62.796623,
    "longitude": 6.904042,
    "name": "TEST VESSEL",
    "rateOfTurn": 0,
    "shipType": 51,
    "speedOverGround": 7.5,
    "trueHeading": 95,
    "navigationalStatus": 0,
    "mmsi": 257000123,
    "msgtime": "2026-04-22T12:00:00+00:00",
}
AT_US = 1_776_859_200_000_000
FULL = {"imoNumber": 9543756, "callSign": "LABC", "destination": "BERGEN", "eta": "04231830", "draught": 68}
FULL |= {"shipLength": 90, "shipWidth": 14, "dimensionA": 60, "dimensionB": 33, "dimensionC": None, "reportClass": "A"}


def read(form: Format, text: str) -> Decoded:
    decoded, memory = form.decode(text.encode(), form.start(Options("test", None)))
    return rows.together([decoded, form.finish(memory)])


def test_a_record_is_a_place_and_a_name() -> None:
    text = json.dumps(RECORD) + "\n"
    assert recognise(text.encode(), "x").name == "barentswatch"
    got = read(barentswatch.FORMAT, text)
    row = got.positions.row(0, named=True)
    assert (row["time_us"], row["mmsi"], row["lon_deg"], row["lat_deg"]) == (AT_US, 257000123, 6.904042, 62.796623)
    assert (row["sog_kn"], row["cog_deg"], row["heading_deg"], row["nav_status"]) == (7.5, 289, 95, 0)
    assert math.isnan(row["rot_deg_min"])
    said = got.statics.row(0, named=True)
    assert (said["name"], said["ship_type"], said["length_m"]) == (
        "TEST VESSEL",
        51,
        pytest.approx(math.nan, nan_ok=True),
    )
    assert got.rejects.is_empty()


def test_what_is_not_available_is_null() -> None:
    nothing = dict.fromkeys(("courseOverGround", "speedOverGround", "trueHeading", "name", "shipType"))
    got = read(barentswatch.FORMAT, json.dumps(RECORD | nothing) + "\n")
    row = got.positions.row(0, named=True)
    assert all(math.isnan(row[name]) for name in ("sog_kn", "cog_deg", "heading_deg"))
    assert got.statics.is_empty() and got.rejects.is_empty()


def test_full_records_and_messages() -> None:
    aton = {
        "type": "Aton",
        "mmsi": 992570001,
        "msgtime": RECORD["msgtime"],
        "longitude": 5,
        "latitude": 60,
        "name": "LT",
    }
    static = {"type": "Staticdata", "mmsi": 257000123, "msgtime": RECORD["msgtime"]} | FULL
    got = read(barentswatch.FORMAT, "".join(json.dumps(r) + "\n" for r in (RECORD | FULL, static, aton)))
    assert (got.positions.height, got.statics.height, got.others["what"].to_list()) == (1, 2, ["aid_to_navigation"])
    said = got.statics.row(0, named=True)
    assert (said["imo"], said["callsign"], said["destination"], said["eta"]) == (
        9543756,
        "LABC",
        "BERGEN",
        "04-23 18:30",
    )
    assert (said["draught_m"], said["length_m"], said["beam_m"]) == (6.8, 93, 14)  # beam: stated, its parts are not


def test_events_lists_and_geojson_say_the_same() -> None:
    line = json.dumps(RECORD)
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [RECORD["longitude"], RECORD["latitude"]]},
        "properties": {k: v for k, v in RECORD.items() if k not in ("longitude", "latitude")},
    }
    events = f"event: ais\nid: 1\ndata: {line}\n\n: still here\n\n"
    whole = read(barentswatch.FORMAT, line + "\n")
    for text in (events, f"[{line}]", json.dumps(feature) + "\n", json.dumps([feature], indent=1)):
        got = read(recognise(text.encode(), "x"), text)
        assert got.positions.drop("line").equals(whole.positions.drop("line")), text
        assert got.statics.drop("line").equals(whole.statics.drop("line")) and got.rejects.is_empty()


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ('{"mmsi": 1, "msgtime": "2026-04-22T12:00:00Z"}', "says_nothing"),
        (json.dumps(RECORD | {"msgtime": None}), "no_time"),
        (json.dumps(RECORD | {"mmsi": "x"}), "bad_mmsi"),
        (json.dumps(RECORD | {"latitude": 95}), "position_out_of_range"),
        ('{"error": "unauthorized"}', "unknown_json"),
        (json.dumps(RECORD)[:90], "bad_json"),
    ],
)
def test_what_cannot_be_used_is_rejected_once(record: str, reason: str) -> None:
    got = read(barentswatch.FORMAT, record + "\n")
    assert got.rejects["reason"].to_list() == [reason] and got.positions.is_empty() and got.statics.is_empty()


def test_a_digitraffic_log_may_hold_records_of_the_documents() -> None:
    feature = {
        "mmsi": 230000001,
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [24.9, 59.9]},
        "properties": {"mmsi": 230000001, "sog": 1.0, "timestampExternal": AT_US // 1000},
    }
    vessel = {
        "mmsi": 230000001,
        "name": "NAME",
        "referencePointA": 50,
        "referencePointB": 9,
        "timestamp": AT_US // 1000,
    }
    topic = 'vessels-v2/230000001/location\t{"time": 1776859201, "lon": 24.9, "lat": 59.9}'
    text = "\n".join([*[json.dumps(feature)] * 30, json.dumps(vessel), topic]) + "\n"
    assert recognise(text.encode(), "x").name == "digitraffic"
    got = read(digitraffic.FORMAT, text)
    assert (got.positions.height, got.statics.height, got.rejects.height) == (31, 1, 0)
    assert got.positions["line"].to_list() == [*range(1, 31), 32] and got.statics["name"].to_list() == ["NAME"]
