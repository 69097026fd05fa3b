"""An asset along its kilometre points: what the API counts on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alerts_at_work import ANNA, MINUTE, an_alert
from anchorwatch.chart import Asset, Raster, make
from anchorwatch.console import heavy, profile
from anchorwatch.edges.history import History
from anchorwatch.judgement.work import Action
from anchorwatch.model import Alert, AlertAsset, Fault, rfc3339
from api_room import NOW, SECRET, Desk, a_chart, desk_in, positions

URL = "/api/v1/assets/estlink-2/profile"
# The second leg of Estlink 2 goes from 25.6 E 59.9 N to 25.5 E 60.3 N: who sails along 60.1 N passes over it here.
LAT, LON = 60.1, 25.55


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("room")) as desk:
        yield desk


@pytest.fixture
def desk(opened: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The same room for all, where nobody has sailed yet."""
    room = opened.room
    room.history, room.chart, room.faults = History(tmp_path, opened.clock), a_chart(), ()
    yield opened
    room.history.close()


def sail(desk: Desk, mmsi: int, kn: float, every_min: float = 2.0, around: float = 20.0, lat: float = LAT) -> None:
    """Let a vessel pass over the cable eastwards, from so many minutes before to so many after; the first hour ago."""
    minutes = np.arange(-around, around + 0.01, every_min) + 0.3
    degrees = kn / 60.0 / 60.0 / np.cos(np.radians(lat))  # a minute
    desk.room.history.add(
        positions(
            [
                {"time_us": NOW - 60 * MINUTE + int(m * MINUTE), "mmsi": mmsi, "lon_deg": LON + m * degrees,
                 "lat_deg": lat, "sog_kn": kn, "cog_deg": 90.0}
                for m in minutes
            ]
        )
    )  # fmt: skip


def told(answer: dict[str, Any], name: str) -> dict[float, float]:
    """A column by kilometre point, where it is not 0."""
    return {b["kp_km"]: b[name] for b in answer["bins"] if b[name]}


def test_traffic_is_counted_where_it_passes(desk: Desk) -> None:
    sail(desk, 230_000_101, 12.0)
    sail(desk, 230_000_101, 12.0)  # heard by a second feed
    sail(desk, 230_000_102, 4.0)
    sail(desk, 230_000_103, 12.0, lat=60.2)
    answer = desk.get(URL)
    assert answer["asset"] == "estlink-2" and answer["note"] == "" and answer["traffic_since"] == answer["since"]
    assert len(answer["bins"]) == 274 and answer["bin_km"] == 0.5 and answer["length_km"] == pytest.approx(136.976)
    crossed = told(answer, "crossings")
    assert sorted(crossed.values()) == [1, 2]
    assert list(told(answer, "slow").items()) == [(kp, 1) for kp, n in crossed.items() if n == 2]
    here = next(b for b in answer["bins"] if b["crossings"] == 2)
    assert (here["lon_deg"], here["lat_deg"]) == pytest.approx((LON, LAT), abs=0.004)
    assert here["vessels"] == 2 and sum(b["vessels"] > 0 for b in answer["bins"]) < 8
    assert max(b["vessels"] for b in answer["bins"]) == 2, "no vessel counts twice in a bin"


def test_only_the_time_asked_for_counts(desk: Desk) -> None:
    sail(desk, 230_000_101, 12.0)
    before, after = rfc3339(NOW - 90 * MINUTE), rfc3339(NOW - 50 * MINUTE)
    assert told(desk.get(URL, params={"since": before, "until": after}), "crossings")
    assert not told(desk.get(URL, params={"since": after}), "crossings")
    assert not told(desk.get(URL, params={"until": before}), "vessels")


def test_what_no_vessel_can_sail_and_long_silences_cross_nothing(desk: Desk) -> None:
    sail(desk, 230_000_101, 12.0, every_min=30.0, around=45.0)
    rows = [(0, -0.2), (1, 0.2), (2, -0.2), (3, 0.2)]  # two hulls that share an MMSI, 12 miles apart
    jumping = [{"time_us": NOW - 60 * MINUTE + m * MINUTE, "mmsi": 230_000_102, "lon_deg": LON + d, "lat_deg": LAT,
                "sog_kn": 10.0} for m, d in rows]  # fmt: skip
    desk.room.history.add(positions(jumping))
    answer = desk.get(URL)
    assert not told(answer, "crossings")
    sail(desk, 230_000_103, 12.0, every_min=15.0, around=45.0)
    assert told(desk.get(URL), "crossings")


def test_what_is_on_disk_counts_as_what_is_in_memory(desk: Desk) -> None:
    sail(desk, 230_000_101, 12.0)
    before = desk.get(URL)
    desk.room.history.flush()
    sail(desk, 230_000_101, 12.0)
    assert desk.get(URL) == before


def test_more_than_can_be_read_at_once_is_counted_from_later_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour in range(20):
        rows = [{"time_us": NOW - hour * 60 * MINUTE - n * MINUTE // 20, "mmsi": 230_000_101 + n % 7,
                 "lon_deg": LON, "lat_deg": LAT, "sog_kn": 0.1} for n in range(1200)]  # fmt: skip
        desk.room.history.add(positions(rows))
    desk.room.history.flush()
    size = sum(p.stat().st_size for p in desk.room.history.folder.rglob("part-*.parquet"))
    monkeypatch.setattr(profile, "MOST_BYTES", size // 4)
    answer = desk.get(URL)
    assert rfc3339(NOW - 12 * 60 * MINUTE) < answer["traffic_since"] < rfc3339(NOW)
    assert "traffic is counted from 2024-12-2" in answer["note"] and max(b["vessels"] for b in answer["bins"]) == 7


def place(number: int, kp_km: float | None, **changes: Any) -> Alert:
    alert = an_alert(number, "alarm", **changes)
    asset = AlertAsset("estlink-2", "Estlink 2", "power_cable", 120.0, kp_km=kp_km)
    return replace(alert, assets=(asset,))


def test_alerts_stand_where_they_are_and_their_scores_add_up(desk: Desk) -> None:
    off = {"lon_deg": 20.0, "lat_deg": 57.0}
    desk.room.store.record(
        [place(21, 100.2), place(22, 100.4), place(23, 3.0, status="withdrawn"), place(24, 7.0),
         place(25, None), place(29, 100.3, vessel=an_alert(21).vessel, score=0.2),
         place(26, None, **off), place(27, 1e9)], 50,
    )  # fmt: skip
    false = Action("close", {"disposition": "false_detection", "text": "a buoy"})
    desk.room.store.act(an_alert(24).id, false, ANNA)
    answer = desk.get(URL)
    alerts, threat = told(answer, "alerts"), told(answer, "threat")
    assert alerts[100.0] == 3 and threat[100.0] == pytest.approx(1 - 0.3 * 0.3)
    assert 3.0 not in alerts and 7.0 not in alerts, "withdrawn, and closed as false"
    assert alerts[136.5] == 1, "beyond the end counts at the end"
    assert sum(alerts.values()) == 8, "those without a kilometre point count nearest to their place"
    assert answer["note"] == "1 alerts name it without a place along it."
    assert answer["open"]["alarm"] >= 5


def test_a_flood_of_alerts_is_cut_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "MOST_ALERTS", 10)
    monkeypatch.setattr(profile, "PAGE", 4)
    other = AlertAsset("far", "Far Line", "telecom_cable", 120.0, kp_km=50.1)
    desk.room.store.record([an_alert(n, assets=(other,)) for n in range(30, 60)], 90)
    answer = desk.get("/api/v1/assets/far/profile")
    assert (
        list(told(answer, "alerts").values()) == [10]
        and answer["note"] == "More than 10 alerts: the newest are counted."
    )


def test_outage_notices_and_depth_are_told(desk: Desk) -> None:
    desk.room.faults = (
        Fault("estlink-2", NOW - MINUTE, NOW, NOW, 25.6, 59.9, 10.0), Fault("estlink-1", NOW, NOW, NOW),
        Fault("estlink-2", NOW, NOW, NOW), Fault("estlink-2", NOW - MINUTE, NOW, NOW + 1),
    )  # fmt: skip
    deep = Raster(25.0, 59.0, 1.0, 1.0, np.full((3, 2), 60.0, np.float32))
    desk.room.chart = replace(a_chart(), depth=deep)
    answer = desk.get(URL)
    assert [f["lon_deg"] for f in answer["faults"]] == [25.6, None]  # not what is told only later
    assert answer["bins"][0]["depth_m"] is None and answer["bins"][-1]["depth_m"] == 60.0


def test_readings_of_restricted_assets_are_written_down(desk: Desk) -> None:
    desk.get(f"/api/v1/assets/{SECRET}/profile", who="guest")
    desk.get(URL, who="guest")
    assert [entry for entry in desk.audited() if entry[0] == "guest"] == [("guest", "read asset", SECRET)]


def test_what_makes_no_sense_is_refused_in_words(desk: Desk) -> None:
    assert "no asset 'nothing'" in desk.get("/api/v1/assets/nothing/profile", status=404)["error"]["what"]
    assert "longer than" in desk.get(f"{URL}?since=2020-01-01", status=400)["error"]["what"]
    assert "not a time" in desk.get(f"{URL}?since=yesterday", status=400)["error"]["what"]
    assert "unknown parameter" in desk.get(f"{URL}?bins=4", status=400)["error"]["what"]
    assert desk.ask("GET", URL, who="").status_code == 401


def test_few_are_measured_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy, "WAIT_S", 0.01)
    with heavy.one_of_few(), heavy.one_of_few():
        assert "others ask much" in desk.get(URL, status=503)["error"]["what"]
    desk.get(URL)


def test_lines_of_every_kind_have_a_profile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "MOST_CORNERS", 10_000)
    long = np.column_stack([np.linspace(20, 20.5, 15_000), 58 + np.cumsum(np.full(15_000, 1e-5))])
    assets = (
        *(a for a in a_chart().assets if a.id in ("estlink-1", "far")),
        Asset("mast", "Mast", "platform", points=((20.0, 58.0),)),
        Asset("long", "Surveyed to the decimetre", "telecom_cable", (long,)),
        Asset("rough", "Drawn by hand", "telecom_cable", (long[::100],), geometry="schematic", error_m=10_000.0),
        Asset("dot", "A line of no length", "telecom_cable", (np.array([[20.0, 58.0], [20.0, 58.0]]),)),
        Asset("a/profile", "An id like a path", "telecom_cable", (long[::100],)),
    )
    desk.room.chart = make(assets)
    for name in ("mast", "dot"):
        answer = desk.get(f"/api/v1/assets/{name}/profile")
        assert answer["bins"] == [] and answer["length_km"] == 0.0 and "no line" in answer["note"]
    answer = desk.get("/api/v1/assets/long/profile")
    assert answer["note"] == "5,000 corners of its line are left out." and answer["length_km"] == pytest.approx(
        34, 0.01
    )
    assert desk.get("/api/v1/assets/rough/profile")["bin_km"] == 2.0
    over = desk.get("/api/v1/assets/far/profile")["bins"]
    assert len(over) <= 400 and all(-180 <= b["lon_deg"] <= 180 for b in over)
    assert desk.get("/api/v1/assets/estlink-1/profile")["bin_km"] == 5.0
    assert desk.get("/api/v1/assets/a/profile/profile")["asset"] == "a/profile"


def test_a_line_over_the_date_line_counts(desk: Desk) -> None:
    desk.room.chart = make((Asset("over", "Over", "telecom_cable", (np.array([[179.9, -17.0], [-179.9, -17.0]]),)),))
    rows = [{"time_us": NOW - (9 - m) * MINUTE, "mmsi": 503_000_101, "lon_deg": 180.0 if m < 5 else -180.0,
             "lat_deg": -17.01 + m / 400, "sog_kn": 9.0} for m in range(9)]  # fmt: skip
    desk.room.history.add(positions(rows))
    answer = desk.get("/api/v1/assets/over/profile")
    assert sum(told(answer, "crossings").values()) == 1 and abs(answer["bins"][100]["lon_deg"]) > 179.8
