"""What is not public leaves the watch by no road without a line in the audit: every GET, both streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from alerts_at_work import an_alert
from anchorwatch.chart import Asset
from anchorwatch.console.routes import handover
from anchorwatch.desk.report import LEDGERS, Item
from anchorwatch.errors import BadStore
from anchorwatch.judgement.work import Actor, Silence
from anchorwatch.model import AlertAsset
from anchorwatch.watch.press import press_of
from api_room import NOW, SECRET, Desk, desk_in
from stream_room import picture, said, standing

NAMES = (SECRET, "Navy Line")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as made:
        named = AlertAsset(SECRET, "Navy Line", "telecom_cable", 5.0)
        made.room.store.record([an_alert(77, assets=(named,))], 2)
        made.room.store.silence(
            Silence("", "", 0, NOW + 3_600_000_000, "planned work", asset=SECRET), Actor("chief", "supervisor")
        )
        yield made


def test_no_road_without_a_line_in_the_audit(own: Desk) -> None:
    alert = next(i.alert["id"] for i in own.room.store.alerts(asset=SECRET))
    report, incident = reported(own)
    seq = own.room.store.last_seq()
    given = {
        "alert_id": alert,
        "seq": seq,
        "mmsi": 230_000_001,
        "asset_id": SECRET,
        "feature_id": SECRET,
        "zone_id": "box",
        "report_id": report,
        "incident_id": incident,
        "story_id": "s1-navy",
    }
    questions = {"/api/v1/search": "?q=navy", "/api/v1/picture": "?at=2024-12-25T12:00:00Z"}
    leaked = []
    for path, operations in [*own.app.openapi()["paths"].items(), ("/plain", {"get": {}})]:
        names = LEDGERS if "/ledgers/" in path else ("assets", "vessels", "alerts")
        for name in names if "{name}" in path else ("",):
            if "get" not in operations:
                continue
            feature = {"assets": SECRET, "vessels": 230_000_001, "alerts": alert}.get(name, "")
            filled = path.format(**given | {"name": name, "feature_id": feature}) + questions.get(path, "")
            own.people._recent.clear()
            before = len(own.audited())
            answer = own.ask("GET", filled, "guest")
            if any(word in answer.text for word in NAMES):
                leaked.append(filled)
                assert len(own.audited()) > before, filled
    assert len(leaked) >= 24, leaked


def reported(own: Desk) -> tuple[str, str]:
    """Let the press speak of what is not public, too; returns a report and its incident."""
    press = press_of(own.room)
    kept = press.take([Item("The Navy Line cable was cut on 25 December.", published_us=NOW - 3_600_000_000)])
    press.reports.tie({kept.fresh[0]: ("s1-navy", ())})
    return kept.fresh[0], press.reports.incidents(asset=SECRET)[0].id


def test_where_what_is_not_public_lies_is_not_told_by_the_extent(own: Desk) -> None:
    extent = own.get("/ogc/collections/assets", "guest")["extent"]["spatial"]["bbox"]
    assert extent == [[-180.0, -90.0, 180.0, 90.0]]


def test_an_alert_as_it_was_names_what_it_named_then(own: Desk) -> None:
    """Later it is about another asset: the old form still is a reading of the first."""
    named = AlertAsset(SECRET, "Navy Line", "telecom_cable", 5.0)
    store = own.room.store
    store.record([an_alert(78, assets=(named,), next=())], 3)
    first = store.alert("a1-000000000000004e")
    assert first is not None
    store.record([an_alert(78, next=(), revision=2)], 4)
    own.people._recent.clear()
    before = len(own.audited())
    assert SECRET in own.ask("GET", f"/api/v1/alerts/a1-000000000000004e/as-of/{first.seq}", "guest").text
    assert own.audited()[before:] == [("guest", "read asset", SECRET)]


def test_the_streams_write_down_what_they_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream of vessels says how far the nearest asset is, the stream of alerts what is silenced."""
    line = (np.array([[25.0, 59.0], [25.0, 60.0]]),)
    secret = Asset(SECRET, "Navy Line", "telecom_cable", line, releasability="restricted")

    async def run() -> None:
        async with standing(tmp_path, (secret,)) as stand:
            stand.put([230_000_001, 230_000_002], [25.01, 20.0], [59.5, 57.0])
            stand.room.latest.set_assets(np.array([230_000_001]), np.array([0]), np.array([600.0]))

            def noted() -> int:
                return sum(e[2:5] == ("anna", "read asset", SECRET) for e in stand.people.entries())

            async with stand.connect("vessels") as socket:
                await socket.send(json.dumps({"view": [19, 56, 21, 58]}))
                assert (await picture(socket)).columns.near.tolist() == [255] and noted() == 0
                await socket.send(json.dumps({"view": [19, 56, 26, 60]}))
                assert (await picture(socket)).columns.near.tolist() == [12, 255] and noted() == 1
            stand.people._recent.clear()
            with monkeypatch.context() as full:
                full.setattr(stand.people, "audit", _full)
                async with stand.connect("vessels") as socket:
                    await socket.send(json.dumps({"view": [19, 56, 26, 60]}))
                    assert (await picture(socket)).columns.near.tolist() == [255, 255] and noted() == 1
            async with stand.connect("alerts") as socket:
                await said(socket, "hello")
                until_us = stand.room.clock.now_us() + 3_600_000_000
                silence = Silence("", "", 0, until_us, "planned work", asset=SECRET)
                stand.room.store.silence(silence, Actor("chief", "supervisor"))
                assert (await said(socket, "event"))["data"]["asset"] == SECRET
                assert noted() == 2

    asyncio.run(run())


def _full(*_: object) -> None:
    raise BadStore("the disk is full", "store.sqlite")


def test_handovers_are_made_two_at_a_time(own: Desk) -> None:
    """A flood of invented ships makes them long: asked for without end they must not take the machine."""
    assert own.ask("GET", "/handover", "guest").status_code == 200
    with handover._at_a_time, handover._at_a_time:
        answer = own.ask("GET", "/api/v1/handover", "guest")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    ids = [f"a1-{n:016x}" for n in (1, 2, 77, 99_999)]
    assert [i.alert["id"] for i in own.room.store.several(ids * 400)] == ids[:3]
    assert "closed" in own.get("/api/v1/handover", "guest")
