"""Digitraffic, aisstream and AIS-catcher: what each says, in rows; what says nothing, rejected by name."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch import schema
from anchorwatch.decode import Decoded, Format, Options, aiscatcher, aisstream, barentswatch, digitraffic, rows
from anchorwatch.decode.recognise import recognise
from tries import tries

NOW_US = 1_668_075_025_000_000
LOCATION = {
    "time": 1668075025,
    "sog": 10.7,
    "cog": 326.6,
    "navStat": 0,
    "rot": -20,
    "posAcc": True,
    "raim": False,
    "heading": 325,
}
LOCATION |= {"lon": 20.345818, "lat": 60.03802}
METADATA = {
    "timestamp": 1668075026035,
    "destination": "UST LUGA",
    "name": "ARUNA CIHAN",
    "draught": 68,
    "eta": 733376,
    "posType": 15,
}
METADATA |= {"refA": 160, "refB": 33, "refC": 20, "refD": 12, "callSign": "V7WW7", "imo": 9543756, "type": 70}


def read(form: Format, data: str, date_us: int | None = None, cut: int = 0) -> Decoded:
    """Decode text in one block, or in two."""
    lines = data.encode().splitlines(keepends=True)
    memory, parts = form.start(Options("test", date_us)), []
    for block in (b"".join(lines[:cut]), b"".join(lines[cut:])):
        if block:
            decoded, memory = form.decode(block, memory)
            parts.append(decoded)
    return rows.together([*parts, form.finish(memory)])


@pytest.mark.parametrize("between", ["\t", " ", ", "])
@pytest.mark.parametrize("before", ["", "1668075026.1 ", "2022-11-10T10:10:26Z\t"])
def test_digitraffic_log(between: str, before: str) -> None:
    log = "\n".join(
        before + topic + between + json.dumps(payload)
        for topic, payload in [
            ("vessels-v2/538004555/location", LOCATION),
            ("vessels-v2/538004555/metadata", METADATA),
            ("vessels-v2/status", {"updated": 1668075025, "lastError": 0}),
            (
                "vessels-v2/538004555/location",
                LOCATION | {"sog": 102.3, "cog": 360, "heading": 511, "rot": -128, "navStat": 15},
            ),
            ("vessels-v2/538004555/location", {"lon": 20.0, "lat": 60.0}),
        ]
    )
    assert recognise(log.encode(), "x").name == "digitraffic"
    got, cut = read(digitraffic.FORMAT, log + "\nnoise\n"), read(digitraffic.FORMAT, log + "\nnoise\n", cut=2)
    assert all(one.equals(two) for one, two in zip(got, cut, strict=True))
    first, second = got.positions.rows(named=True)
    assert (first["time_us"], first["mmsi"], first["lon_deg"], first["sog_kn"]) == (NOW_US, 538004555, 20.345818, 10.7)
    assert first["rot_deg_min"] == pytest.approx(-((20 / 4.733) ** 2))
    assert all(math.isnan(second[c]) for c in ("sog_kn", "cog_deg", "heading_deg", "rot_deg_min"))
    assert got.statics.row(0, named=True) == {
        "time_us": 1668075026035000,
        "mmsi": 538004555,
        "imo": 9543756,
        "callsign": "V7WW7",
        "name": "ARUNA CIHAN",
        "ship_type": 70,
        "ship_class": schema.CARGO,
        "length_m": 193.0,
        "beam_m": 32.0,
        "draught_m": 6.8,
        "destination": "UST LUGA",
        "eta": "11-06 03:00",
        "source": 0,
        "line": 2,
    }
    assert got.rejects.select("reason", "line").rows() == [("not_traffic", 3), ("no_time", 5), ("bad_line", 6)]


def test_digitraffic_documents() -> None:
    properties = {"mmsi": 219598000, "sog": 0.1, "cog": 346.5, "navStat": 1, "rot": 4, "heading": 79, "timestamp": 59}
    feature = {"mmsi": 219598000, "type": "Feature", "geometry": {"type": "Point", "coordinates": [20.85, 55.77]}}
    feature["properties"] = properties | {"timestampExternal": 1659212938646}
    document = {
        "type": "FeatureCollection",
        "dataUpdatedTime": "2022-07-30T20:29:02Z",
        "features": [feature, {"type": "x"}],
    }
    for indent in (None, 2):
        text = json.dumps(document, indent=indent)
        form = recognise(text.encode(), "x")
        assert form.name == "digitraffic-document"
        got = read(form, text)
        assert got.positions.select("time_us", "mmsi", "lon_deg", "lat_deg", "nav_status").rows() == [
            (1659212938646000, 219598000, 20.85, 55.77, 1)
        ]
        assert got.rejects["reason"].to_list() == ["unknown_json"]
    vessel = {"mmsi": 219598000, "name": "NORD SUPERIOR", "shipType": 80, "referencePointA": 148, "referencePointB": 35}
    vessel |= {"referencePointC": 22, "referencePointD": 10, "draught": 116, "imo": 9692129, "timestamp": 1659212938646}
    text = json.dumps([vessel, vessel | {"mmsi": "x"}])
    got = read(recognise(text.encode(), "x"), text)
    assert got.statics.select("imo", "name", "length_m", "beam_m", "draught_m").rows() == [
        (9692129, "NORD SUPERIOR", 183, 32, 11.6)
    ]
    assert got.rejects["reason"].to_list() == ["bad_mmsi"]


def envelope(kind: str, message: dict[str, Any]) -> str:
    meta = {"MMSI": 259000420, "time_utc": "2022-12-29 18:22:32.318353987 +0000 UTC"}
    return json.dumps({"MessageType": kind, "MetaData": meta, "Message": {kind: message}})


def test_aisstream() -> None:
    position: dict[str, Any] = {
        "MessageID": 1,
        "UserID": 259000420,
        "Valid": True,
        "NavigationalStatus": 15,
        "RateOfTurn": 4,
        "Sog": 0,
    }
    position |= {"Longitude": 12.25, "Latitude": 66.02, "Cog": 308.1, "TrueHeading": 235}
    report = {"UserID": 259000420, "Valid": True, "ReportA": {"Valid": True, "Name": "AUGUSTSON           "}}
    report["ReportB"] = {"Valid": False, "CallSign": "WRONG", "ShipType": 30}
    text = "\n".join(
        [
            envelope("PositionReport", position),
            envelope("PositionReport", position | {"Valid": False}),
            envelope("StaticDataReport", report),
            envelope("SafetyBroadcastMessage", {"UserID": 1, "Valid": True}),
            '{"error":"Api Key Is Not Valid"}',
            json.dumps(position),
            "{half",
        ]
    )
    form = recognise(text.encode(), "x")
    got, cut = read(form, text), read(form, text, cut=3)
    assert all(one.equals(two) for one, two in zip(got, cut, strict=True))
    assert got.positions.select("time_us", "mmsi", "cog_deg").rows() == [(1672338152318353, 259000420, 308.1)]
    assert got.statics.select("name", "callsign", "ship_type").rows() == [("AUGUSTSON", "", 0)]
    reasons = ["not_valid", "not_traffic", "not_traffic", "no_time", "bad_json"]
    assert got.rejects["reason"].to_list() == reasons
    assert read(form, json.dumps(position), date_us=NOW_US).positions["time_us"].to_list() == [NOW_US]


def test_aiscatcher_lines_and_posts() -> None:
    bare: dict[str, Any] = {
        "class": "AIS",
        "rxuxtime": 1668075025.0,
        "type": 1,
        "mmsi": 316001269,
        "status": 0,
        "turn": 0,
        "speed": 7.1,
    }
    bare |= {"lon": -123.1, "lat": 49.0, "course": 264.6, "heading": 52}
    nmea = {"class": "AIS", "rxuxtime": 1668075025.0, "nmea": ["!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24"]}
    static = {
        "class": "AIS",
        "rxtime": "20221110101025",
        "type": 5,
        "mmsi": 316001269,
        "shipname": "X@@@",
        "imo": 9543756,
    }
    static |= {"to_bow": 100, "to_stern": 20, "to_port": 10, "to_starboard": 9, "draught": 5.5, "shiptype": 80}
    lines = "\n".join(map(json.dumps, [bare, nmea, static, {"class": "AIS", "type": 8, "mmsi": 1}]))
    form = recognise(lines.encode(), "x")
    got, cut = read(form, lines), read(form, lines, cut=2)
    assert all(one.equals(two) for one, two in zip(got, cut, strict=True))
    assert got.positions["line"].to_list() == [1, 2] and got.positions["time_us"].to_list() == [NOW_US, NOW_US]
    assert got.positions["mmsi"][0] == 316001269
    assert got.statics.select("time_us", "name", "length_m", "beam_m", "draught_m").rows() == [
        (NOW_US, "X", 120, 19, 5.5)
    ]
    assert got.rejects["reason"].to_list() == ["not_traffic"]
    post = json.dumps({"protocol": "jsonaiscatcher", "encodetime": "x", "msgs": [bare, nmea, static]})
    posted = read(recognise(post.encode(), "x"), post)
    assert posted.positions.drop("line").equals(got.positions.drop("line"))
    assert posted.positions["line"].to_list() == [1, 1]
    pretty = json.dumps(json.loads(post), indent=1)
    assert read(recognise(pretty.encode(), "x"), pretty).positions.height == 2


def test_real_samples(shared: Path) -> None:
    folder = shared / "ais" / "aisstream"
    text = (folder / "positions_400.ndjson").read_text()
    assert read(recognise(text.encode(), "x"), text, NOW_US).positions.height == 400
    for kind in (
        "PositionReport",
        "ShipStaticData",
        "StaticDataReport",
        "ExtendedClassBPositionReport",
        "BaseStationReport",
    ):
        text = (folder / f"{kind}.json").read_text()
        got = read(recognise(text.encode(), "x"), text)
        assert got.rejects.height == 0 and any(frame.height for frame in got[:3])
    text = (shared / "ais" / "digitraffic_identities_2025-12-11.json").read_text()
    got = read(recognise(text[:65536].encode(), "x"), text)
    assert got.statics.height == 9735 and got.positions.height == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
SHAPES = [
    json.loads(
        envelope("PositionReport", {"UserID": 1, "MessageID": 1, "Valid": True, "Longitude": 1.0, "Latitude": 2.0})
    ),
    json.loads(envelope("ShipStaticData", {"UserID": 1, "Dimension": {"A": 1}, "Eta": {"Month": 1}, "Name": "x"})),
    {
        "class": "AIS",
        "type": 1,
        "mmsi": 1,
        "lon": 1,
        "lat": 1,
        "rxuxtime": 1.0,
        "rxtime": "x",
        "nmea": ["!AIVDM"],
        "msgs": [{}],
    },
    {"type": "FeatureCollection", "features": [{"properties": {"mmsi": 1}, "geometry": {"coordinates": [1, 2]}}]},
    {"vessels": [{"mmsi": 1, "lon": 1}], "timestamp": "x"},
    {"topic": "vessels-v2/1/location", "payload": LOCATION},
    METADATA | {"mmsi": 1},
    {"mmsi": 1, "msgtime": "2026-04-22T12:00:00Z", "latitude": 62, "longitude": 6.9, "name": "X", "eta": "04221200"},
    {"type": "Feature", "geometry": {"coordinates": [6.9, 62]}, "properties": {"mmsi": 1, "msgtime": "x"}},
]


def changed(draw: st.DrawFn, value: Any) -> Any:
    """Return a value of which some part is something else."""
    if draw(st.integers(0, 5)) == 0:
        return draw(JSON)
    if isinstance(value, dict):
        return {k: changed(draw, v) for k, v in value.items()}
    return [changed(draw, v) for v in value] if isinstance(value, list) else value


@tries(300)
@given(st.composite(lambda draw: changed(draw, draw(st.sampled_from(SHAPES))))(), st.booleans())
def test_no_json_breaks_a_decoder(value: Any, dated: bool) -> None:
    text = json.dumps(value) + "\n"
    date_us = NOW_US if dated else None
    for form in (
        aisstream.FORMAT,
        aiscatcher.FORMAT,
        digitraffic.FORMAT,
        aisstream.DOCUMENT,
        aiscatcher.DOCUMENT,
        digitraffic.DOCUMENT,
        barentswatch.FORMAT,
        barentswatch.DOCUMENT,
    ):
        got = read(form, text, date_us)
        for frame, columns in zip(got, (schema.POSITIONS, schema.STATICS, schema.OTHERS, schema.REJECTS), strict=True):
            assert dict(frame.schema) == columns and sum(frame.null_count().row(0)) == 0
