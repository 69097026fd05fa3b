"""The evidence behind an alert: track, usual speed, crossings, silences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alerts_at_work import HOSTILE, MINUTE, T0, an_alert
from anchorwatch.chart import Asset, make
from anchorwatch.console import evidence
from anchorwatch.edges.history import History
from anchorwatch.model import Vessel, rfc3339
from api_room import NOW, SECRET, Desk, a_chart, desk_in, positions

SHIP = 230_000_077
START, END = NOW - 60 * MINUTE, NOW - 40 * MINUTE
LISTS = ("lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "baseline_kn", "offset_deg")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("room")) as desk:
        yield desk


@pytest.fixture
def desk(opened: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The same room for all, where nobody has sailed yet."""
    opened.room.history, opened.room.chart = History(tmp_path, opened.clock), a_chart()
    yield opened
    opened.room.history.close()


def sail(desk: Desk, minutes: Any, mmsi: int = SHIP, **columns: Any) -> None:
    """Let a vessel be heard at minutes after the start of the alert, eastwards over Estlink 2 at its start."""
    rows = [
        {"time_us": START + int(m * MINUTE), "mmsi": mmsi, "lon_deg": 25.55 + m / 150, "lat_deg": 60.1, "sog_kn": 12.0,
         "cog_deg": 90.0} | {name: f(m) for name, f in columns.items()}
        for m in minutes
    ]  # fmt: skip
    desk.room.history.add(positions(rows))


def raised(desk: Desk, number: int, **changes: Any) -> str:
    """Record an alert about the ship and return where its evidence is."""
    said: dict[str, Any] = {
        "vessel": Vessel(SHIP, name=HOSTILE),
        "start_us": START,
        "end_us": END,
        "raised_us": END,
    } | changes
    alert = an_alert(number, **said)
    desk.room.store.record([alert], 1000 + number)
    return f"/api/v1/alerts/{alert.id}/evidence"


def test_the_track_around_an_alert(desk: Desk) -> None:
    url = raised(desk, 1001)
    sail(desk, np.arange(-500, 200, 2.0), heading_deg=lambda m: 100.0 if m % 4 else math.nan)
    sail(desk, [0.0], mmsi=SHIP + 1)
    answer = desk.get(url)
    assert (answer["mmsi"], answer["since"]) == (SHIP, rfc3339(START - 360 * MINUTE))
    assert answer["until"] == rfc3339(NOW), "not beyond now"
    assert answer["times"] == [rfc3339(START + m * 2 * MINUTE) for m in range(-180, 31)]
    assert {len(answer[name]) for name in LISTS} == {211} and not answer["thinned"] and answer["note"] == ""
    assert set(answer["heading_deg"]) == {100.0, None} and set(answer["offset_deg"]) == {10.0, None}
    assert answer["baseline_kn"][:5] == [None] * 5 and answer["baseline_kn"][-1] == 12.0
    assert desk.get(f"{url}?hours_before=1&hours_after=0")["since"] == rfc3339(START - 60 * MINUTE)
    assert desk.get(f"{url}?hours_before=0&hours_after=0")["until"] == rfc3339(END)


def test_crossings_say_where_when_and_how_well_it_is_known(desk: Desk) -> None:
    url = raised(desk, 1002)
    sail(desk, np.arange(-29, 31, 2.0))
    answer = desk.get(url)
    (crossed,) = answer["crossings"]
    assert (crossed["asset"], crossed["name"], crossed["between_s"], crossed["sog_kn"]) == (
        "estlink-2",
        "Estlink 2",
        120,
        12,
    )
    assert rfc3339(START - MINUTE) < crossed["time"] < rfc3339(START + MINUTE)
    assert (crossed["lon_deg"], crossed["lat_deg"]) == pytest.approx((25.55, 60.1), abs=1e-3)
    assert crossed["kp_km"] == pytest.approx(114.5, abs=0.5)


def test_what_a_detector_measured_against_goes_before_the_hour(desk: Desk) -> None:
    url = raised(desk, 1003, extra={"levels": [], "values": {"base_kn": 14.5}})
    sail(desk, np.arange(-120, 60, 2.0))
    answer = desk.get(url)
    usual = dict(zip(answer["times"], answer["baseline_kn"], strict=True))
    assert usual[rfc3339(START)] == usual[rfc3339(END)] == 14.5
    assert usual[rfc3339(START - 2 * MINUTE)] == usual[rfc3339(END + 2 * MINUTE)] == 12.0


def test_a_course_at_rest_says_nothing(desk: Desk) -> None:
    url = raised(desk, 1004)
    sail(desk, range(0, 30), sog_kn=lambda m: 0.1, heading_deg=lambda m: 350.0, cog_deg=lambda m: 10.0)
    sail(desk, range(30, 60), heading_deg=lambda m: 350.0, cog_deg=lambda m: 10.0)
    answer = desk.get(url)
    assert answer["offset_deg"] == [None] * 30 + [-20.0] * 30


def test_silences_are_told_and_points_beside_them_stay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_POINTS", 200)
    url = raised(desk, 1005)
    heard = [m for m in np.arange(-350, 60, 0.25) if not -300 < m < -270 and not -200 < m < -188]
    sail(desk, heard, sog_kn=lambda m: 1.5 if m == 3.5 else 12.0)
    answer = desk.get(url)
    assert answer["gaps"] == [{"since": rfc3339(START + a * MINUTE), "until": rfc3339(START + b * MINUTE)}
                              for a, b in ((-300, -270), (-200, -188))]  # fmt: skip
    assert answer["thinned"] and 40 < len(answer["times"]) <= 200
    assert {g[end] for g in answer["gaps"] for end in ("since", "until")} <= set(answer["times"])
    assert 1.5 in answer["sog_kn"], "the slowest moment stays"
    assert answer["times"] == sorted(answer["times"])


def test_two_hulls_on_one_number_cross_nothing_between_them(desk: Desk) -> None:
    url = raised(desk, 1006)
    sail(desk, range(60), lon_deg=lambda m: 25.3 if m % 2 else 25.8)
    answer = desk.get(url)
    assert len(answer["times"]) == 60 and answer["crossings"] == []


def test_readings_of_restricted_assets_are_written_down(desk: Desk) -> None:
    url = raised(desk, 1007)
    sail(desk, range(60), lon_deg=lambda m: 19.7 + m / 200, lat_deg=lambda m: 57.05 + m / 400)
    assert SECRET in {c["asset"] for c in desk.get(url, who="guest")["crossings"]}
    assert ("guest", "read asset", SECRET) in desk.audited()


def test_names_from_outside_lose_their_power(desk: Desk) -> None:
    line = np.array([[25.55, 60.0], [25.55, 60.2]])
    desk.room.chart = make((Asset("x", HOSTILE, "telecom_cable", (line,)),))
    sail(desk, np.arange(-10, 10, 1.0))
    answer = desk.ask("GET", raised(desk, 1008))
    assert "\x1b" not in answer.json()["crossings"][0]["name"] and b"\xe2\x80\xae" not in answer.content


def test_a_vessel_that_works_along_a_cable_is_cut_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_CROSSINGS", 10)
    url = raised(desk, 1009)
    sail(desk, range(-100, 60), lon_deg=lambda m: 25.545 if m % 2 else 25.555)
    answer = desk.get(url)
    assert len(answer["crossings"]) == 10 and answer["note"].startswith("It passed over assets 159 times")
    assert all(rfc3339(START - MINUTE) <= c["time"] <= rfc3339(END + MINUTE) for c in answer["crossings"])


def test_a_track_of_far_too_many_places_is_looked_at_evenly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_READ", 300)
    url = raised(desk, 1010)
    sail(desk, np.arange(-350, 60, 0.5))
    answer = desk.get(url)
    assert answer["thinned"] and answer["note"].startswith("More than 300 places") and len(answer["times"]) <= 301


def test_alerts_of_no_vessel_and_of_months_are_answered(desk: Desk) -> None:
    nobody = desk.get(raised(desk, 1011, vessel=Vessel(0)))
    assert nobody["mmsi"] == 0 and nobody["times"] == nobody["crossings"] == []
    long = desk.get(raised(desk, 1012, start_us=T0 - 60 * 24 * 60 * MINUTE))
    assert "31 days" in long["note"] and long["times"] == []
    early = desk.get(raised(desk, 1013, start_us=0, end_us=MINUTE))
    assert early["since"] == "1970-01-01T00:00:00Z"


def test_what_makes_no_sense_is_refused_in_words(desk: Desk) -> None:
    url = raised(desk, 1014)
    assert "no alert" in desk.get("/api/v1/alerts/nothing/evidence", status=404)["error"]["what"]
    for wrong in ("hours_before=-1", "hours_after=1e9", "hours_before=nan", "hours_before=soon"):
        desk.get(f"{url}?{wrong}", status=422)
    assert "unknown parameter" in desk.get(f"{url}?hours=3", status=400)["error"]["what"]
    assert desk.ask("GET", url, who="").status_code == 401
