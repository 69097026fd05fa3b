"""The API as clients see it: the real application over real parts, asked in the same process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import HOSTILE, MINUTE, T0, an_alert
from anchorwatch.edges.feeds import CONNECTED, WAITING
from anchorwatch.model import rfc3339
from anchorwatch.watch.room import FeedTimes
from api_room import CORNERS, NOW, SECRET, Desk, desk_in

API = "/api/v1"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A room that the tests only read."""
    with desk_in(tmp_path_factory.mktemp("room")) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Desk]:
    """A room that a test may change."""
    with desk_in(tmp_path) as opened:
        yield opened


# ---- status, feeds -------------------------------------------------------------------------------


def test_status_says_how_the_watch_is_and_who_asks(desk: Desk) -> None:
    said = desk.get(f"{API}/status")
    assert said["me"] == {"name": "anna", "role": "officer", "may": ["read", "work"]}
    assert said["time"] == rfc3339(NOW) and said["vessels"] == 5 and said["caught_up"]
    assert [f["name"] for f in said["feeds"] if not f["healthy"]] == ["digitraffic"]
    assert {"level": "alarm", "state": "new", "count": 1} in said["alerts"] and len(said["alerts"]) == 3


def test_a_feed_that_is_connected_but_silent_is_not_healthy(desk: Desk) -> None:
    mast, service = desk.get(f"{API}/feeds")["feeds"]
    assert mast["healthy"] and mast["why"] == "" and mast["rejects"] == {"bad_checksum": 3} and mast["rows"] == 900
    assert mast["policy"] == "no fishing vessels, no class B" and mast["clock_error_s"] is None
    assert not service["healthy"] and service["why"] == "connected, but nothing came for 300 s"


def test_coverage_by_feed(desk: Desk) -> None:
    both = desk.get(f"{API}/feeds/coverage")
    assert [(c["slots"], c["vessels"]) for c in both["cells"]] == [(2, 1.0), (1, 1.0)]
    only = desk.get(f"{API}/feeds/coverage?feed=digitraffic")["cells"]
    assert [(c["west_deg"], c["south_deg"]) for c in only] == [(24.0, 59.3)]
    assert desk.get(f"{API}/feeds/coverage?feed=x", status=404)["error"]["next"] == "Feeds are mast, digitraffic"


def test_alive_and_ready_need_no_login(own: Desk) -> None:
    assert own.get("/healthz", who="") == {"alive": True}
    assert own.get("/readyz", who="") == {"ready": True, "reasons": []}
    own.room.progress.caught_up = False
    own.room.progress.troubles["disk"] = "the disk is full"
    for feed in own.room.feeds:
        feed.health.state = WAITING
    reasons = own.get("/readyz", who="", status=503)["reasons"]
    assert len(reasons) == 3 and reasons[0].startswith("catching up") and reasons[1].startswith("trouble: disk")
    own.room.progress.caught_up = True
    own.room.feeds[0].health.state = CONNECTED
    own.room.progress.troubles = {"feed mast": "feed mast: the service says: user otto"}
    assert own.get("/readyz", who="") == {"ready": True, "reasons": []}, "another feed is well"


@pytest.mark.parametrize(
    "path", ["status", "vessels", "alerts", "assets", "openapi.json", "../../metrics", "../../ogc"]
)
def test_nobody_gets_in_without_a_credential(desk: Desk, path: str) -> None:
    said = desk.get(f"{API}/{path}", who="", status=401)
    assert said["error"]["what"] == "no valid credential"


def test_rows_have_the_number_that_the_watch_gave_their_feed(own: Desk) -> None:
    own.room.progress.feeds["mast"].number = 1
    own.room.progress.feeds["digitraffic"] = FeedTimes(number=0)
    cells = own.get(f"{API}/feeds/coverage?feed=mast")["cells"]
    assert [c["west_deg"] for c in cells] == [24.0]
    assert own.get(f"{API}/vessels/230000001")["feed"] == "digitraffic"


# ---- vessels, tracks, time travel ----------------------------------------------------------------


def test_vessels_by_page(desk: Desk) -> None:
    first = desk.get(f"{API}/vessels?limit=2")
    assert [v["mmsi"] for v in first["vessels"]] == [230_000_001, 230_000_002] and first["next"] == 230_000_002
    second = desk.get(f"{API}/vessels?limit=3&after={first['next']}")
    assert [v["mmsi"] for v in second["vessels"]] == [230_000_003, 230_000_004, 503_000_005]
    assert second["next"] is None


def test_vessels_by_box_also_over_the_date_line(desk: Desk) -> None:
    def within(box: str) -> list[int]:
        return [v["mmsi"] - 230_000_000 for v in desk.get(f"{API}/vessels?bbox={box}")["vessels"]]

    assert within("20.5,58,22.5,60") == [1, 2]
    assert within("179,-20,-179,0") == [273_000_005]
    assert within("-179,-20,179,0") == []


def test_vessels_by_name_class_and_level(desk: Desk) -> None:
    eagle = desk.get(f"{API}/vessels?q=eagle")["vessels"]
    assert [v["mmsi"] for v in eagle] == [230_000_003]
    assert eagle == desk.get(f"{API}/vessels?ship_class=tanker")["vessels"]
    assert eagle == desk.get(f"{API}/vessels?level=warning")["vessels"]
    assert eagle == desk.get(f"{API}/vessels?asset=estlink-2")["vessels"]
    assert desk.get(f"{API}/vessels?asset=winding")["vessels"] == []
    assert desk.get(f"{API}/vessels?asset=nowhere", status=404)["error"]["where"] == "asset"
    assert (eagle[0]["level"], eagle[0]["asset"], eagle[0]["asset_m"]) == ("alarm", "estlink-2", 15.5)
    assert eagle[0]["flag"] == "FI" and eagle[0]["length_m"] == 228 and eagle[0]["place"]["heading_deg"] is None
    assert [v["silenced"] for v in desk.get(f"{API}/vessels?q=230000002")["vessels"]] == [True]


def test_one_vessel_with_a_hostile_name_is_told_without_its_power(desk: Desk) -> None:
    said = desk.ask("GET", f"{API}/vessels/230000001")
    assert said.json()["name"].startswith("<img src=x onerror=alert(1)>")
    assert "\x1b" not in said.json()["name"] and "\u202e" not in said.json()["name"]
    assert said.headers["content-type"] == "application/json" and said.headers["x-content-type-options"] == "nosniff"
    assert desk.get(f"{API}/vessels/230999999", status=404)["error"]["where"] == "mmsi"


def test_track_as_geojson_and_as_moving_features(desk: Desk) -> None:
    span = f"since={rfc3339(NOW - 60 * MINUTE)}&until={rfc3339(NOW)}"
    track = desk.get(f"{API}/vessels/230000003/track?{span}")
    assert track["geometry"]["type"] == "LineString" and len(track["geometry"]["coordinates"]) == 7
    assert track["properties"]["times"][0] == rfc3339(NOW - 60 * MINUTE) and track["properties"]["sog_kn"][0] == 10.0
    assert track["geometry"]["coordinates"][-1] == [23.0, 59.2] and not track["properties"]["thinned"]
    moving = desk.get(f"{API}/vessels/230000003/track?{span}&as=mf-json")["temporalGeometry"]
    assert moving["type"] == "MovingPoint" and moving["datetimes"] == track["properties"]["times"]
    assert moving["coordinates"] == track["geometry"]["coordinates"]
    assert desk.get(f"{API}/vessels/230000003/track?since={rfc3339(T0 - 600 * MINUTE)}&until={rfc3339(T0 - 1)}")[
        "geometry"
    ] is None  # fmt: skip


def test_a_long_track_is_thinned_evenly_and_says_so(desk: Desk) -> None:
    whole = desk.get(f"{API}/vessels/230000003/track?limit=13")
    few = desk.get(f"{API}/vessels/230000003/track?limit=7")
    assert len(whole["properties"]["times"]) == 13 and not whole["properties"]["thinned"]
    assert few["properties"]["thinned"] and len(few["properties"]["times"]) == 7
    assert {few["properties"]["times"][i] for i in (0, -1)} == {whole["properties"]["times"][i] for i in (0, -1)}


def test_the_picture_at_an_earlier_time(desk: Desk) -> None:
    then = rfc3339(NOW - 55 * MINUTE)
    picture = desk.get(f"{API}/picture?at={then}&bbox=20,58,24,60")
    places = {v["mmsi"]: (v["place"]["lon_deg"], v["place"]["time"]) for v in picture["vessels"]}
    assert places[230_000_001] == (20.9, rfc3339(NOW - 60 * MINUTE)) and len(places) == 4
    assert desk.get(f"{API}/picture?at={then}&limit=2")["more"]
    assert desk.get(f"{API}/picture?at={rfc3339(NOW - 300 * MINUTE)}")["vessels"] == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("vessels?bbox=1,2,3", "not a box of four numbers"),
        ("vessels?bbox=1,2,3,inf", "not a box of four numbers"),
        ("vessels?bbox=1,60,3,50", "its south is north"),
        ("vessels?bbox=a,b,c,d", "'a,b,c,d' is not a box"),
        ("vessels?boxx=1,2,3,4", "unknown parameter 'boxx'"),
        ("search?q=%00", "holds a NUL"),
        ("alerts/a%00", "holds a NUL"),
        ("vessels?ship_class=submarine", "unknown class 'submarine'"),
        ("picture?at=yesterday", "'yesterday' is not a time"),
        ("picture?at=1066-10-14T09:00:00Z", "not between 1970 and 9999"),
        ("vessels/1/track?since=2024-12-26&until=2024-12-25", "since is later than until"),
        ("vessels/1/track?since=2000-01-01&until=2024-12-25", "the span is longer than 744 hours"),
        ("alerts?after=nothing", "the page before is not known"),
        ("alerts?since=never", "'never' is not a time"),
        ("handover?since=2000-01-01", "the span is longer than 168 hours"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(desk: Desk, asked: str, said: str) -> None:
    error = desk.get(f"{API}/{asked}", status=400)["error"]
    assert said in error["what"] and error["next"]


# ---- the chart -----------------------------------------------------------------------------------


def test_assets_by_kind_and_box(desk: Desk) -> None:
    def ids(asked: str) -> list[str]:
        return [f["id"] for f in desk.get(f"{API}/assets?{asked}")["features"]]

    assert ids("kind=power_cable") == ["estlink-2", "estlink-1"]
    assert ids("bbox=24,59.4,27,60.5") == ["estlink-2", "estlink-1", "winding"]
    assert ids("bbox=26.8,60.2,27,60.4") == []  # inside the box around Estlink 2, but not near the line
    assert ids("bbox=179,-20,-179,0") == ["far"]
    page = desk.get(f"{API}/assets?limit=4")
    assert len(page["features"]) == 4 and page["next"] == 4
    assert [f["geometry"]["type"] for f in desk.get(f"{API}/assets?offset=4&limit=1")["features"]] == [
        "GeometryCollection"
    ]


def test_an_asset_of_a_hundred_thousand_corners_is_drawn_with_fewer_and_says_so(desk: Desk) -> None:
    began = time.monotonic()
    few = desk.get(f"{API}/assets/winding?corners=500")
    drawn = sum(len(line) for line in few["geometry"]["coordinates"])
    assert drawn <= 500 and few["properties"]["corners"] == CORNERS and few["properties"]["simplified_m"] > 0
    whole = desk.get(f"{API}/assets/winding?corners=200000")
    assert whole["properties"]["simplified_m"] == 0 and len(whole["geometry"]["coordinates"][0]) == CORNERS
    assert time.monotonic() - began < 5
    assert desk.get(f"{API}/assets/nothing", status=404)["error"]["next"] == "See /api/v1/assets"


def test_zones_with_their_rules(desk: Desk) -> None:
    bank, box = desk.get(f"{API}/zones")["features"]
    assert bank["properties"]["rules"] == {} and box["properties"]["rules"] == {"rule_enter": False}
    assert bank["geometry"]["coordinates"][0][0][0] == [19.6, 57.1]
    assert [f["id"] for f in desk.get(f"{API}/zones?bbox=20.2,57.6,20.3,57.7")["features"]] == ["box"]
    assert desk.get(f"{API}/zones/box")["properties"] == box["properties"]
    assert desk.get(f"{API}/zones/nowhere", status=404)["error"]["where"] == "zone_id"


def test_every_reading_of_a_restricted_asset_is_written_down(own: Desk) -> None:
    own.get(f"{API}/assets?kind=power_cable")
    assert own.audited() == []
    own.get(f"{API}/assets", who="guest")
    own.get(f"{API}/assets/{SECRET}", who="ben")
    own.get(f"{API}/vessels/230000001")  # near it
    own.get(f"{API}/search?q=navy", who="chief")
    assert own.audited() == [(who, "read asset", SECRET) for who in ("guest", "ben", "anna", "chief")]


def test_an_alert_on_a_restricted_asset_is_written_down_too(own: Desk) -> None:
    alert = an_alert(9)
    own.room.store.record(
        [an_alert(9, assets=(alert.assets[0].__class__(SECRET, "Navy Line", "telecom_cable", 5.0),))], 2
    )
    own.get(f"{API}/alerts?level=caution")
    assert own.audited() == []
    own.get(f"{API}/alerts/{alert.id}/drafts", who="ben")
    own.get("/ogc/collections/alerts/items", who="guest")
    assert own.audited() == [("ben", "read asset", SECRET), ("guest", "read asset", SECRET)]


# ---- search, metrics, handover -------------------------------------------------------------------


def test_search_finds_vessels_assets_and_alerts(desk: Desk) -> None:
    found = desk.get(f"{API}/search?q=ship 2")
    assert [v["mmsi"] for v in found["vessels"]] == [230_000_002] and found["assets"] == []
    assert [i["alert"]["vessel"]["name"] for i in found["alerts"]] == ["SHIP 2"]
    assert [a["id"] for a in desk.get(f"{API}/search?q=ESTLINK")["assets"]] == ["estlink-2", "estlink-1"]
    assert len(desk.get(f"{API}/search?q=9329760")["vessels"]) == 3


def test_metrics_for_prometheus_with_a_scope_of_their_own(desk: Desk) -> None:
    answer = desk.ask("GET", "/metrics", who="scraper")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    for line in (
        "anchorwatch_vessels 5.0",
        "anchorwatch_positions_total 900.0",
        'anchorwatch_alerts{level="alarm",state="new"} 1.0',
        'anchorwatch_alerts{level="alarm",state="closed"} 0.0',
        'anchorwatch_feed_lines_total{feed="mast"} 1000.0',
        'anchorwatch_feed_healthy{feed="digitraffic"} 0.0',
        'anchorwatch_feed_rejects_total{feed="mast",reason="bad_checksum"} 3.0',
        "anchorwatch_picture_time_seconds 1.73512957e+09",
    ):
        assert line in lines, line
    assert desk.ask("GET", "/metrics", who="anna").status_code == 403
    assert desk.ask("GET", f"{API}/alerts", who="scraper").status_code == 403


def test_metrics_are_well_formed(desk: Desk) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    families = list(text_string_to_metric_families(desk.ask("GET", "/metrics", who="scraper").text))
    assert len({f.name for f in families}) == len(families) > 20
    assert all(f.documentation and f.name.startswith("anchorwatch_") for f in families)


def test_handover_as_json_text_and_page(own: Desk) -> None:
    first = own.get(f"{API}/alerts?order=level")["alerts"][0]["alert"]["id"]
    own.post(f"{API}/alerts/{first}/actions", {"verb": "escalate", "to": "MRCC", "reason": f"no answer {HOSTILE}"})
    said = own.get(f"{API}/handover")
    assert [a["id"] for a in said["open"]["alarm"]] == [first] and said["open"]["alarm"][0]["escalated_to"] == "MRCC"
    assert [(p["by"], p["verbs"]) for p in said["done"]] == [("anna", {"escalate": 1})]
    text = own.ask("GET", f"{API}/handover", headers={"Accept": "text/plain"})
    assert text.headers["content-type"].startswith("text/plain") and text.text.startswith("SHIFT HANDOVER")
    page = own.ask("GET", "/handover", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html") and "SHIFT HANDOVER" in page.text
    assert "<img" not in page.text and "default-src 'none'" in page.headers["content-security-policy"]


def test_the_openapi_document_names_every_operation_once(desk: Desk) -> None:
    paths: dict[str, Any] = desk.get(f"{API}/openapi.json")["paths"]
    operations = [op for path in paths.values() for op in path.values()]
    ids = [op["operationId"] for op in operations]
    assert len(set(ids)) == len(ids) and {"list_alerts", "act_on_alert", "ogc_items"} <= set(ids)
    assert [op["operationId"] for op in operations if not op.get("description")] == []
