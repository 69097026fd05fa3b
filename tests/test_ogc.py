"""OGC API - Features as a GIS user meets it: through GDAL, over a real server, with a bearer token."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from alerts_at_work import MINUTE, an_alert
from anchorwatch.console import serve
from anchorwatch.model import rfc3339
from api_room import NOW, Desk, desk_in

COLLECTIONS = "/ogc/collections"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_in(tmp_path_factory.mktemp("room"), alerts=30) as opened:
        yield opened


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Run the real server on a free port of loopback, in a thread of its own."""
    up, ports = threading.Event(), []

    async def run() -> None:
        serving = await serve.serve(desk.app)
        ports.append(serving.port)
        stop.append((asyncio.get_running_loop(), asyncio.Event()))
        up.set()
        await stop[0][1].wait()
        await serving.stop()

    stop: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    try:
        assert up.wait(20)
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        if stop:
            stop[0][0].call_soon_threadsafe(stop[0][1].set)
        thread.join(20)


# What a GIS user would do, in a process of its own: GDAL holds up all threads of Python while it waits for an answer.
GIS = """
import json, sys
import pyogrio
from pyogrio import raw

def read(layer, **more):
    meta, _, shapes, columns = raw.read(url, layer=layer, **more)
    return {n: [v if v == v else None for v in c.tolist()] for n, c in zip(meta["fields"], columns)}

url, out = "OAPIF:" + sys.argv[1] + "/ogc", {}
try:
    out["layers"] = pyogrio.list_layers(url).tolist()
except pyogrio.errors.DataSourceError as error:
    sys.exit(str(error))
out["fields"] = {n: pyogrio.read_info(url, layer=n)["fields"].tolist() for n in ("assets", "vessels", "alerts")}
out |= {n: read(n) for n in ("assets", "vessels", "alerts")}
out["paged"] = read("alerts", PAGE_SIZE=7).get("id", [])
box = {"assets": (24.0, 59.4, 24.5, 60.5), "vessels": (20.5, 58.0, 22.5, 60.0), "alerts": (25.0, 59.0, 26.0, 60.0)}
out["within"] = {n: read(n, bbox=b) for n, b in box.items()}
out["nowhere"] = read("alerts", bbox=(0.0, 0.0, 1.0, 1.0))
print(json.dumps(out, default=str))
"""


def run_gis(url: str, token: str) -> subprocess.CompletedProcess[str]:
    """Run the script with a token. GDAL_HTTP_HEADERS will not do: the driver sends headers of its own instead."""
    bearer = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": token, "GDAL_HTTP_TIMEOUT": "20"}
    return subprocess.run(
        [sys.executable, "-c", GIS, url],
        env=os.environ | bearer,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.fixture(scope="module")
def gis(desk: Desk) -> Any:
    """What GDAL has read, by a viewer's token."""
    with served(desk) as url:
        run = run_gis(url, desk.tokens["guest"])
        assert run.returncode == 0, run.stderr[-2000:]
        return json.loads(run.stdout)


def test_gdal_lists_the_collections(gis: Any) -> None:
    assert [name for name, _ in gis["layers"]] == ["assets", "vessels", "alerts"]


def test_gdal_reads_assets_vessels_and_alerts(gis: Any) -> None:
    assets, vessels, alerts = gis["assets"], gis["vessels"], gis["alerts"]
    assert assets["id"] == ["estlink-2", "estlink-1", "winding", "navy-line", "rig", "far"]
    assert assets["corners"][2] == 100_000 and assets["simplified_m"][2] > 0
    assert vessels["mmsi"] == [230_000_001, 230_000_002, 230_000_003, 230_000_004, 503_000_005]
    assert vessels["level"][2] == "alarm" and "\x1b" not in vessels["name"][0]
    assert len(set(alerts["id"])) == 30 and set(alerts["state"]) == {"new"} and set(alerts["asset"]) == {"estlink-2"}
    assert len(set(gis["paged"])) == len(gis["paged"]) == 30


def test_gdal_asks_by_box_over_all_collections(gis: Any) -> None:
    assert gis["within"]["vessels"]["mmsi"] == [230_000_001, 230_000_002]
    assert gis["within"]["assets"]["id"] == ["estlink-1", "winding"]
    assert len(gis["within"]["alerts"]["id"]) == 30 and gis["nowhere"]["id"] == []


def test_gdal_knows_the_columns_also_of_what_is_empty(tmp_path: Path, gis: Any) -> None:
    with desk_in(tmp_path, alerts=0) as desk, served(desk) as url:
        run = run_gis(url, desk.tokens["guest"])
        assert run.returncode == 0, run.stderr[-2000:]
        fields = json.loads(run.stdout)["fields"]["alerts"]
        assert {"level", "raised", "asset_m", "silenced"} <= set(fields) == set(gis["fields"]["alerts"]) - {"id"}
        wrong = run_gis(url, "aw_no_such")
        assert wrong.returncode == 1 and "401" in wrong.stderr


def test_the_documents_lead_to_one_another(desk: Desk) -> None:
    landing = desk.get("/ogc")
    by_rel = {link["rel"]: link["href"] for link in landing["links"]}
    assert set(by_rel) == {"self", "service-desc", "conformance", "data"}
    classes = desk.get(by_rel["conformance"])["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    assert desk.get(by_rel["service-desc"])["openapi"].startswith("3.1")
    for collection in desk.get(by_rel["data"])["collections"]:
        links = {link["rel"]: link["href"] for link in collection["links"]}
        assert desk.get(links["self"]) == collection
        page = desk.get(links["items"])
        feature = page["features"][0]
        columns = desk.get(links["describedby"])["properties"]["properties"]["properties"]
        assert list(feature["properties"]) == list(columns)
        own = desk.get(f"{links['items']}/{feature['id']}")
        assert own["geometry"] == feature["geometry"] and own["properties"] == feature["properties"]
        assert {link["rel"] for link in own["links"]} == {"self", "collection"}


@pytest.mark.parametrize(("name", "limit", "count"), [("assets", 4, 6), ("vessels", 2, 5), ("alerts", 7, 30)])
def test_pages_hold_everything_once(desk: Desk, name: str, limit: int, count: int) -> None:
    href: str | None = f"{COLLECTIONS}/{name}/items?limit={limit}"
    seen: list[Any] = []
    while href:
        page = desk.get(href)
        assert page["numberReturned"] == len(page["features"]) <= limit and page["numberMatched"] == count
        seen += [f["id"] for f in page["features"]]
        href = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(seen) == len(set(seen)) == count


def test_by_time(desk: Desk) -> None:
    def ids(name: str, datetime: str) -> list[Any]:
        page = desk.get(f"{COLLECTIONS}/{name}/items?datetime={datetime}")
        return [f["id"] for f in page["features"]]

    third = an_alert(3)
    assert ids("alerts", f"../{rfc3339(third.start_us)}") == [f"a1-{n:016x}" for n in (3, 2, 1)]
    assert len(ids("alerts", f"{rfc3339(third.end_us)}/..")) == 28
    assert ids("alerts", "2020-01-01T00:00:00Z") == []
    assert ids("vessels", f"{rfc3339(NOW)}/..") == [230_000_001 + k for k in range(4)]
    assert ids("vessels", f"{rfc3339(NOW - 2 * MINUTE)}/{rfc3339(NOW - MINUTE)}") == [503_000_005]
    assert len(ids("assets", "2020-01-01T00:00:00Z")) == 6  # assets have no time: they are always


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("bbox=1,2,3", "not a box"),
        ("bbox=1,2,3,north", "not a box"),
        ("limit=0", "not a number from 1"),
        ("limit=many", "not a number from 1"),
        ("datetime=then", "'then' is not a time"),
        ("datetime=2024-01-02T00:00:00Z/2024-01-01T00:00:00Z", "ends before it begins"),
        ("datetime=../..", "not an interval"),
        ("colour=red", "unknown parameter 'colour'"),
        ("f=gml", "no format 'gml'"),
        ("cursor=elsewhere", "not a number"),
    ],
)
def test_what_is_wrong_is_answered_with_400_in_words(desk: Desk, asked: str, said: str) -> None:
    error = desk.get(f"{COLLECTIONS}/vessels/items?{asked}", status=400)["error"]
    assert said in error["what"] and error["next"]


def test_what_is_not_there(desk: Desk) -> None:
    for path in ("planes", "planes/items", "vessels/items/1", "vessels/items/x", "assets/items/x", "alerts/items/x"):
        assert desk.get(f"{COLLECTIONS}/{path}", status=404)["error"]["next"]
    more = desk.get(f"{COLLECTIONS}/vessels/items?limit=1000000")  # more than there may be is as many as there may be
    assert more["numberReturned"] == 5
