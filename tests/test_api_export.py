"""Vessels, tracks and alerts as files: what is in them, that no cell of them runs, that they stay within bounds."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from alerts_at_work import HOSTILE, MINUTE, an_alert
from anchorwatch.console.routes import export
from anchorwatch.edges.alerts import from_json
from anchorwatch.model import rfc3339
from anchorwatch.schema import STATICS
from api_room import NOW, SECRET, Desk, desk_in, positions, statics

API = "/api/v1/export"
HOSTILE_NAMES = [
    HOSTILE, "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "a,b", 'a"b', "a\nb", "a\r\nb", "'=1", "\x00",
    "\ufeff=1", '=HYPERLINK("http://x","y")', "\u202eevil", "x" * 500, "\U0001f600", "=cmd|' /C calc'!A0", ";=1", "",
    "NaN", "null",
]  # fmt: skip
FIRST = 244_000_000


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("room"), alerts=5) as opened:
        yield opened


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A sea of vessels whose names mean harm."""
    with desk_in(tmp_path_factory.mktemp("room")) as opened:
        room = opened.room
        said = [{"time_us": NOW, "mmsi": FIRST + k, "name": n, "destination": n, "callsign": n}
                for k, n in enumerate(HOSTILE_NAMES)]  # fmt: skip
        places = positions([{"time_us": NOW - t * MINUTE, "mmsi": FIRST + k, "lon_deg": -20.0 - k, "lat_deg": -59.0}
                            for k in range(len(said)) for t in (0, 5)])  # fmt: skip
        assert set(said[0]) <= set(STATICS)
        room.latest.update(places, statics(said), 0)
        room.history.add(places)
        vessel = an_alert(1).vessel
        for k, name in enumerate(HOSTILE_NAMES):
            named = type(vessel)(mmsi=FIRST + k, name=name, callsign=name)
            room.store.record([an_alert(100 + k, vessel=named, explanation=f"{name} slows")], 10 + k)
        yield opened


def file_of(desk: Desk, path: str, who: str = "anna") -> httpx.Response:
    answer = desk.ask("GET", f"{API}/{path}", who)
    assert answer.status_code == 200, answer.text[:300]
    assert re.fullmatch(r'attachment; filename="anchorwatch-[a-z]+(-\d{8}T\d{6}Z){1,2}\.(csv|geojson)"',
                        answer.headers["content-disposition"])  # fmt: skip
    return answer


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


def features(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.headers["content-type"] == "application/geo+json"
    said = answer.json()
    assert said["type"] == "FeatureCollection"
    listed: list[dict[str, Any]] = said["features"]
    return listed


def test_vessels_now(desk: Desk) -> None:
    rows = table(file_of(desk, "vessels?as=csv"))
    assert [r["mmsi"] for r in rows] == ["230000001", "230000002", "230000003", "230000004", "503000005"]
    eagle = rows[2]
    assert (eagle["name"], eagle["ship_class"], eagle["level"], eagle["asset"]) == (
        "EAGLE S", "tanker", "alarm", "estlink-2"
    )  # fmt: skip
    assert (eagle["time"], eagle["lon_deg"], eagle["sog_kn"], eagle["heading_deg"]) == (
        rfc3339(NOW),
        "23.0",
        "10.0",
        "",
    )
    shapes = features(file_of(desk, "vessels?bbox=179,-18,-179,-17"))
    assert [(f["id"], f["geometry"]["coordinates"]) for f in shapes] == [(503_000_005, [179.5, -17.5])]
    assert shapes[0]["properties"]["name"] == "" and "lon_deg" not in shapes[0]["properties"]


def test_vessels_then(desk: Desk) -> None:
    answer = file_of(desk, f"vessels?as=csv&at={rfc3339(NOW - 65 * MINUTE)}")
    assert "vessels-20241225T112110Z.csv" in answer.headers["content-disposition"]
    rows = table(answer)
    assert {r["time"] for r in rows} == {rfc3339(NOW - 70 * MINUTE)} and len(rows) == 4
    boxed = features(file_of(desk, f"vessels?at={rfc3339(NOW)}&bbox=22.5,59,24.5,60"))
    assert [f["id"] for f in boxed] == [230_000_003, 230_000_004]


def test_tracks_of_an_hour(desk: Desk) -> None:
    rows = table(file_of(desk, "tracks?as=csv"))
    assert len(rows) == 29 and [r["mmsi"] for r in rows] == sorted(r["mmsi"] for r in rows)
    assert rows[0]["time"] == rfc3339(NOW - 60 * MINUTE) and rows[-1]["nav_status"] == ""
    lines = features(file_of(desk, "tracks"))
    assert [f["geometry"]["type"] for f in lines] == ["LineString"] * 4 + ["Point"]
    first = lines[0]
    assert first["properties"]["times"][-1] == rfc3339(NOW) and len(first["geometry"]["coordinates"]) == 7
    assert len(first["properties"]["sog_kn"]) == 7 and first["properties"]["heading_deg"] == [None] * 7
    one = features(file_of(desk, f"tracks?mmsi=230000003&mmsi=1&since={rfc3339(NOW - 200 * MINUTE)}&every_s=3600"))
    assert [f["id"] for f in one] == [230_000_003] and len(one[0]["properties"]["times"]) < 5
    assert (
        features(file_of(desk, "tracks?bbox=0,0,1,1")) == []
        and table(file_of(desk, "tracks?bbox=0,0,1,1&as=csv")) == []
    )


def test_alerts_with_the_work_on_them(desk: Desk) -> None:
    desk.post("/api/v1/alerts/a1-0000000000000003/actions", {"verb": "take"}, "ben")
    rows = {r["id"][-1]: r for r in table(file_of(desk, "alerts?as=csv"))}
    assert len(rows) == 5 and (rows["3"]["state"], rows["3"]["assigned_to"]) == ("in_hand", "ben")
    assert rows["1"]["raised"] == "2024-12-25T10:27:10Z" and rows["1"]["asset_name"] == "Estlink 2"
    assert json.loads(rows["1"]["reasons"])[0]["name"] == "prior"
    shapes = features(file_of(desk, "alerts?level=alarm&level=warning"))
    assert [f["properties"]["level"] for f in shapes] == ["alarm", "warning", "alarm", "warning"]
    for shape in shapes:
        work = shape["properties"].pop("work")
        assert from_json(shape["properties"]).id == shape["id"] and work["state"] in ("new", "in_hand")
    asked = {"state=in_hand": ["3"], "state=open&state=closed": list("54321"), "mmsi=230000002": ["2"],
             "asset=none": [], "q=SHIP 4": ["4"], f"since={rfc3339(NOW)}": [], "kind=loitering": [],
             "state=closed": [], "id=a1-0000000000000004&id=a1-0000000000000002&id=none": ["2", "4"]}  # fmt: skip
    for query, expected in asked.items():
        assert [r["id"][-1] for r in table(file_of(desk, f"alerts?as=csv&{query}"))] == expected, query


def test_more_alerts_than_one_page_and_than_there_may_be(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 2)
    assert [r["id"][-1] for r in table(file_of(desk, "alerts?as=csv"))] == list("54321")
    monkeypatch.setattr(export, "MOST_ALERTS", 4)
    assert [r["id"][-1] for r in table(file_of(desk, "alerts?as=csv"))] == list("5432")


@pytest.mark.parametrize("what", ["vessels", f"vessels?at={rfc3339(NOW)}", "tracks", "alerts"])
def test_no_name_from_the_air_runs_or_breaks_a_table(hostile: Desk, what: str) -> None:
    join = "&" if "?" in what else "?"
    answer = file_of(hostile, f"{what}{join}as=csv")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ufeff]", answer.text)
    rows = table(answer)
    mine = [r for r in rows if int(r["mmsi"]) >= FIRST and int(r["mmsi"]) < FIRST + len(HOSTILE_NAMES)]
    assert {int(r["mmsi"]) - FIRST for r in mine} == set(range(len(HOSTILE_NAMES)))
    for row in rows:
        assert None not in row and None not in row.values(), "as many cells as there are columns"
        for name, text in row.items():
            number = re.fullmatch(r"-?\d+(\.\d+)?(e-\d+)?", text) and name not in ("name", "callsign", "destination")
            assert number or not re.match(r"\s*[=+\-@\uff1d]", text), (name, text)
    by_ship = {int(r["mmsi"]) - FIRST: r["name"] for r in mine}
    assert by_ship[1] == "'=1+1" and by_ship[8] == "a,b" and by_ship[9] == 'a"b' and by_ship[10] == "a\\u000ab"
    listed = file_of(hostile, what)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", listed.text)
    assert len(features(listed)) >= len(HOSTILE_NAMES)


@pytest.mark.parametrize(
    ("path", "status"),
    [("vessels?as=kml", 422), ("vessels?at=x", 400), ("vessels?bbox=1", 400), ("vessels?since=x", 400),
     ("tracks?since=2024-12-24T00:00:00Z&until=2024-12-25T00:00:01Z", 400), ("tracks?every_s=0", 422),
     ("tracks?mmsi=-1", 422), ("alerts?level=loud", 422), ("alerts?state=x", 422), ("alerts?limit=1", 400),
     ("tracks?mmsi=1&since=2024-11-01T00:00:00Z&until=2024-12-25T00:00:01Z", 400), ("ships", 404),
     ("alerts?id=a1-0000000000000004&level=alarm", 400)],
)  # fmt: skip
def test_what_makes_no_sense_is_said(desk: Desk, path: str, status: int) -> None:
    assert desk.get(f"{API}/{path}", status=status)["error"]["what"]


def test_too_many_places_come_thinner_and_of_too_many_vessels_the_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_PLACES", 12)
    monkeypatch.setattr(export, "MOST_VESSELS", 2)
    rows = table(file_of(desk, "tracks?as=csv"))
    assert len(rows) <= 12 and len({r["mmsi"] for r in rows}) == 5
    assert len(table(file_of(desk, "vessels?as=csv"))) == 2


def test_who_took_a_file_and_saw_what_is_not_public_is_written_down(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        for path in ("vessels", "tracks?as=csv", "alerts"):
            assert desk.ask("GET", f"{API}/{path}", who="").status_code == 401
            assert desk.ask("GET", f"{API}/{path}", who="scraper").status_code == 403
            file_of(desk, path, "guest")
        said = {(e.actor, e.what, e.about) for e in desk.people.entries(limit=100) if e.actor == "guest"}
        assert {
            ("guest", "export", "vessels geojson"),
            ("guest", "export", "tracks csv"),
            ("guest", "read asset", SECRET),
        } <= said


def test_places_read_in_columns_are_those_read_one_by_one(desk: Desk) -> None:
    frame = pl.read_csv(io.BytesIO(file_of(desk, "tracks?as=csv").content))
    for line in features(file_of(desk, "tracks")):
        mine = frame.filter(pl.col("mmsi") == line["id"])
        said = line["properties"]
        assert mine["time"].to_list() == said["times"] and mine["sog_kn"].to_list() == said["sog_kn"]
        assert {n or "" for n in mine["name"].to_list()} == {said["name"]}
