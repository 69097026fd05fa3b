"""The console attacked: its questions, its files, its switch for feeds, and what it keeps on disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from alerts_at_work import StandingClock, an_alert
from anchorwatch.console import heavy, page
from anchorwatch.console.login import inside
from anchorwatch.edges import identities
from anchorwatch.edges.feeds import offers
from anchorwatch.edges.identities import Identities
from anchorwatch.edges.records import csv_text
from anchorwatch.errors import BadInput, BadStore
from api_room import NOW, SECRET, Desk, desk_in, positions, statics
from room import PASSWORD
from watch_room import Web, bearer, raw, with_web

QUESTIONS = {
    "/api/v1/alerts/a1-0000000000000001/evidence": 200,
    "/api/v1/vessels/230000001/identity": 200,
    "/api/v1/assets/estlink-2/profile": 200,
    "/api/v1/timeline": 200,
    "/api/v1/replay": 200,
    "/api/v1/export/vessels": 200,
    "/api/v1/export/tracks?as=csv": 200,
    "/api/v1/export/alerts": 200,
    "/api/v1/depth": 404,
    "/api/v1/tiles": 200,
    "/tiles/none.pmtiles": 404,
    "/api/v1/feeds/offers": 200,
}
HEAVY = ["/api/v1/picture?at=2024-12-25T10:00:00Z"]
HEAVY += [path for path in QUESTIONS if "/export/" in path or path.endswith(("/profile", "/replay"))]
FLOOD = 48  # of one person; more than the server has threads


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as made:
        yield made


# ---- who may


def test_everybody_who_may_read_may_ask_and_nobody_else(desk: Desk) -> None:
    for path, status in QUESTIONS.items():
        asked = {who: desk.ask("GET", path, who).status_code for who in ("guest", "chief", "scraper", "")}
        assert asked == {"guest": status, "chief": status, "scraper": 403, "": 401}, path


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_only_a_supervisor_switches_feeds_and_only_those_of_the_list(desk: Desk, method: str) -> None:
    known = "/api/v1/feeds/offers/kystverket"
    asked = {who: desk.ask(method, known, who).status_code for who in ("guest", "anna", "chief", "scraper", "")}
    assert asked == {"guest": 403, "anna": 403, "chief": 409, "scraper": 403, "": 401}  # 409: this room is a replay
    for name in ("tcp:127.0.0.1:22", "..", "http:%2F%2F169.254.169.254%2F", "__class__", "kystverket%00", "KYSTVERKET"):
        assert desk.ask(method, f"/api/v1/feeds/offers/{name}", "chief").status_code in (400, 404, 405), name
    body = {"url": "tcp://127.0.0.1:22", "name": "mine"}  # nothing of it is looked at
    assert desk.ask("POST", known, "chief", json=body).status_code == 409


def test_a_switch_that_was_not_meant(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        web.people.add("chief", "supervisor", PASSWORD, "test")
        cookie = {"Cookie": f"anchorwatch-{web.port}={web.people.open_session('chief')}"}
        for method in ("POST", "DELETE"):
            for more in ({}, {"Origin": "http://127.0.0.1:1", "X-Anchorwatch": "1"}, {"Sec-Fetch-Site": "same-site"}):
                answer = await web.client.request(method, "/api/v1/feeds/offers/kystverket", headers=cookie | more)
                assert answer.status_code == 403, (method, more)

    with_web(tmp_path, test)


def test_a_page_elsewhere_asks_for_nothing_in_the_background(tmp_path: Path) -> None:
    """It may not read the answer. But the other ports of a machine are of the same site, and get its cookies sent."""

    async def test(web: Web) -> None:
        web.people.add("anna", "officer", PASSWORD, "test")
        cookie = {"Cookie": f"anchorwatch-{web.port}={web.people.open_session('anna')}"}

        async def asked(site: str, mode: str, dest: str) -> int:
            said = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
            return (await web.client.get("/api/v1/timeline", headers=cookie | said)).status_code

        for site in ("same-site", "cross-site"):
            assert await asked(site, "no-cors", "image") == 403
            assert await asked(site, "cors", "empty") == 403
            assert await asked(site, "navigate", "iframe") == 403
            assert await asked(site, "navigate", "document") == 200  # a person followed a link
        assert await asked("same-origin", "cors", "empty") == 200
        assert await asked("none", "navigate", "document") == 200

    with_web(tmp_path, test)


# ---- where a login leads


def test_a_login_leads_nowhere_else(tmp_path: Path) -> None:
    wanted = (
        "//evil.example/?a",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
    )
    assert [inside(path) for path in wanted] == ["/"] * len(wanted)
    assert inside("/?map=7/59.9/25&t=2024-12-25T10:26:00Z") == "/?map=7/59.9/25&t=2024-12-25T10:26:00Z"

    async def test(web: Web) -> None:
        ask = {"Accept": "text/html", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        for path in (
            "//evil.example/alerts",
            '/alerts?q="><script>alert(1)</script>',
            "/alerts?q=&quot;;url=//evil.example",
        ):
            said = await raw(web.port, _request(web, path, ask))
            head, _, body = said.partition(b"\r\n\r\n")
            assert b'content="0;url=/' in body and b'content="0;url=//' not in body and b"<script" not in body, path
            assert body.count(b'"') == 4 and b"default-src 'none'" in head
            del ask["Sec-Fetch-Site"]
            said = await raw(web.port, _request(web, path, ask))
            assert b"\r\nlocation: /login?next=%2F" in said and b"next=%2F%2F" not in said
            ask["Sec-Fetch-Site"] = "cross-site"

    with_web(tmp_path, test)


def _request(web: Web, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path.replace(' ', '%20')} HTTP/1.1", f"Host: 127.0.0.1:{web.port}", "Connection: close"]
    lines += [f"{name}: {text}" for name, text in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


# ---- the files of the page


def test_no_name_of_a_built_file_leads_out_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = tmp_path / "built"
    (built / "static").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html>the page")
    (built / "static" / "a.js").write_text("plain")
    (built / "static" / "a.js.gz").write_bytes(b"packed")
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(page, "FOLDER", str(built))
    page._file.cache_clear()

    async def test(web: Web) -> None:
        key = bearer((tmp_path / "data" / "local_key").read_text().strip())
        for name in (
            "..%2Findex.html",
            "%2e%2e%2findex.html",
            "..%5cindex.html",
            "%2Fetc%2Fpasswd",
            ".",
            "a.js%00",
            "a.js%2F",
        ):
            said = await raw(web.port, _request(web, f"/static/{name}", key))
            assert b" 404 " in said.split(b"\r\n")[0] and b"doctype" not in said, name
        for taken, body in (("gzip, br", b"packed"), ("gzip;q=0", b"plain"), ("br, GZIP;q=0.5", b"packed"),
                            ("gzip; q=0.000, br", b"plain"), ("x-gzipped", b"plain"), ("", b"plain")):  # fmt: skip
            said = await raw(web.port, _request(web, "/static/a.js", key | {"Accept-Encoding": taken}))
            assert said.endswith(body) and (b"content-encoding: gzip" in said) == (body == b"packed"), taken
        assert (await web.client.get("/static/a.js")).status_code == 401

    with_web(tmp_path / "data", test)
    for n in range(1000):
        page._file(f"n{n}", False)
    assert page._file.cache_info().currsize <= 256, "names that are asked for take no memory without end"
    page._file.cache_clear()


# ---- much at once


def test_who_asks_much_takes_the_machine_from_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that waited for their turn once held all threads of the server: nothing else was answered for seconds."""

    async def test(web: Web) -> None:
        web.people.add("guest", "viewer", PASSWORD, "test")
        key = bearer(web.people.make_token("guest", ["read"], 1.0, "test")[1])
        paths = [p.replace("estlink-2", "open-cable") for p in HEAVY] * (FLOOD // len(HEAVY) + 1)
        async with httpx.AsyncClient(base_url=web.serving.url, timeout=30.0) as other:
            with heavy.one_of_few(), heavy.one_of_few():
                asked = [asyncio.create_task(other.get(path, headers=key)) for path in paths]
                while sum(task.done() for task in asked) < len(asked) - heavy.WAITING:
                    await asyncio.sleep(0.02)
                refused = [task.result() for task in asked if task.done()]
                assert {(a.status_code, a.headers["retry-after"]) for a in refused} == {(503, "5")}
                assert (await web.client.get("/api/v1/status", headers=key)).status_code == 200
                assert len(refused) == len(asked) - heavy.WAITING, "these still wait"
            assert sorted(a.status_code for a in await asyncio.gather(*asked))[: heavy.WAITING] == [200] * heavy.WAITING

    monkeypatch.setattr(heavy, "WAIT_S", 25.0)  # who waits so long with the server's threads outlasts this test
    with_web(tmp_path, test)


# ---- what leaves the watch


def test_no_cell_is_a_formula_where_the_semicolon_parts_cells() -> None:
    """A spreadsheet of the countries around the Baltic begins a cell at every semicolon."""
    names = {"name": str}
    for said, kept in (
        ("A;=1+1", "A;'=1+1"),
        ("=1;-2; @x", "'=1;'-2;' @x"),
        ("A; B", "A; B"),
        ("A;\uff1d1", "A;'\uff1d1"),
    ):
        assert csv_text(names, [{"name": said}]) == f"name\n{kept}\n"


def test_evidence_tells_of_an_asset_that_is_not_public_only_with_a_line_in_the_audit(desk: Desk) -> None:
    """The alert does not name it; the track behind the alert passes over it."""
    mmsi, start_us = 230_000_901, NOW - 3_600_000_000
    over = [
        {"time_us": start_us + m * 60_000_000, "mmsi": mmsi, "lon_deg": 19.8 + m / 100, "lat_deg": 57.2, "sog_kn": 9.0}
        for m in range(21)
    ]
    desk.room.history.add(positions(over))
    desk.room.store.record([an_alert(901, start_us=start_us, end_us=NOW, next=())], 9)
    desk.people._recent.clear()
    before = len(desk.audited())
    answer = desk.get(f"/api/v1/alerts/a1-{901:016x}/evidence", "guest")
    assert SECRET in {c["asset"] for c in answer["crossings"]}
    assert desk.audited()[before:] == [("guest", "read asset", SECRET)]


# ---- what is kept on disk


@pytest.mark.parametrize(
    "said", ["on=" + "[" * 60_000, "x=" + "{a=" * 9000 + "1" + "}" * 9000, "on = ['tcp://evil']", "on = 1"]
)
def test_a_list_of_feeds_that_somebody_else_wrote_does_not_end_the_start(said: str, tmp_path: Path) -> None:
    (tmp_path / offers.FILE).write_text(said)
    with pytest.raises(BadInput, match="Switch the feeds on again"):
        offers.chosen(tmp_path)


SPOILT = {
    "text": ["INSERT INTO progress VALUES (1, 'x')"],
    "huge": ["INSERT INTO progress VALUES (1, 9e300)"],
    "none": ["INSERT INTO progress VALUES (1, NULL)"],
    "another table": ["DROP TABLE said", "CREATE TABLE said (a)"],
    "a view": ["DROP TABLE said", "CREATE VIEW said AS SELECT 1"],
    "another progress": ["DROP TABLE progress", "CREATE TABLE progress (a)"],
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_strange_record_of_names_does_not_end_the_start(how: str, tmp_path: Path) -> None:
    path = tmp_path / "identities.sqlite"
    Identities(path, StandingClock()).close()
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM progress")
        for statement in SPOILT[how]:
            file.execute(statement)
    file.close()
    record = Identities(path, StandingClock())
    assert record.written_seq == 0
    record.add(statics([{"time_us": NOW, "mmsi": 230_000_001, "name": "EAGLE S"}]), 1)
    record.flush()
    assert [v.value for v in record.of(230_000_001)] == ["EAGLE S"]
    record.close()


def test_a_record_of_names_that_is_damaged_while_the_watch_runs_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "identities.sqlite"
    record = Identities(path, StandingClock())
    said = statics([{"time_us": NOW, "mmsi": 230_000_000 + n, "name": f"SHIP {n}"} for n in range(100)])
    record.add(said, 1)
    record.flush()
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xa5" * (len(body) - 4096)
    path.write_bytes(body)
    record.add(said, 2)
    with pytest.raises(BadStore, match=r"put aside as identities\.damaged"):
        record.flush()
    record.flush()
    assert [v.value for v in record.of(230_000_007)] == ["SHIP 7"] and record.written_seq == 2
    record.close()
    assert path.with_suffix(".damaged").exists()


def test_a_flood_of_invented_ships_goes_before_those_that_are_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All at one time: once they took the whole record with them."""
    monkeypatch.setattr(identities, "MOST_BYTES", 200_000)
    record = Identities(tmp_path / "identities.sqlite", StandingClock())
    for seq in (1, 2):
        record.add(statics([{"time_us": NOW - 10**12 + seq, "mmsi": 230_000_001, "name": "EAGLE S"}]), seq)
    for wave in range(10):
        invented = [{"time_us": NOW, "mmsi": 400_000_000 + 1000 * wave + n, "name": f"X{n}"} for n in range(1000)]
        record.add(statics(invented), 10 + wave)
        record.flush()
    assert [v.value for v in record.of(230_000_001)] == ["EAGLE S"]
    assert (tmp_path / "identities.sqlite").stat().st_size < 600_000
    record.close()


def test_a_flood_waits_in_bounded_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert identities.MOST_ROWS <= 300_000, "1 kB each, and two more while they are written"
    monkeypatch.setattr(identities, "MOST_ROWS", 100)
    record = Identities(tmp_path / "identities.sqlite", StandingClock())
    for n in range(100):
        record.add(statics([{"time_us": NOW, "mmsi": 230_000_000 + n, "name": "X"}] * 7), n + 1)
    assert sum(reports.statics.height for reports in record._recent) <= 100
    record.close()
