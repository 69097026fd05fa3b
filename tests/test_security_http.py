"""The guard before the API, tried over the wire: a real server on loopback, and requests that nobody decent sends."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi import Depends

from alerts_at_work import HOSTILE
from anchorwatch.console import app as application
from anchorwatch.console import guard
from anchorwatch.console.security import needs
from anchorwatch.console.settings import Settings
from anchorwatch.errors import BadStore
from room import PASSWORD
from watch_room import SetClock, Web, bearer, opened, raw, with_web

pytestmark = pytest.mark.usefixtures("quick_passwords")
MEANT = {"X-Anchorwatch": "1"}


def test_nobody_gets_in_without_a_credential_also_on_loopback(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        paths = set(web.app.openapi()["paths"]) - guard.OPEN | {"/api/v1/openapi.json", "/logout", "/docs"}
        assert "/api/v1/session" in paths
        for path in [*sorted(paths), "/api/v1/nothing", "/healthz/", "/LOGIN", "/%2e%2e/login"]:
            for method in ("GET", "POST"):
                answer = await web.client.request(method, re.sub(r"\{.*?\}", "1", path))
                assert answer.status_code == 401, (method, path)
                assert set(answer.json()["error"]) == {"what", "where", "next"}
        for wrong in ("", "x", "Bearer", "Bearer aw_1_2", "Basic YTpi", "Bearer \xff\xfe"):
            headers = {b"Authorization": wrong.encode("latin-1")}
            assert (await web.client.get("/api/v1/session", headers=headers)).status_code == 401
        cookie = {"Cookie": f"anchorwatch-{web.port}={'A' * 43}"}
        assert (await web.client.get("/api/v1/session", headers=cookie)).status_code == 401
        page = await web.client.get("/alerts", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/login?next=%2Falerts")
        asked = "GET //evil.example/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        assert b"location: /login?next=%2Fevil.example%2F\r\n" in await raw(web.port, asked.encode())
        assert (await web.client.get("/")).headers["location"] == "/login"

    with_web(tmp_path, test)


def test_a_route_that_forgets_to_ask_is_closed_to_strangers(tmp_path: Path) -> None:
    async def test() -> None:
        with opened(tmp_path) as (room, people):
            made = application.make(room, people, Settings(data=tmp_path))
            made.get("/forgotten")(lambda: {"secret": 1})
            transport = httpx.ASGITransport(made)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8741") as client:
                assert (await client.get("/forgotten")).status_code == 401

    asyncio.run(test())


def test_the_local_key_lets_in_the_person_at_this_machine(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        key = (tmp_path / "local_key").read_text().strip()
        assert web.serving.visit == f"http://127.0.0.1:{web.port}/?key={key}" and key not in web.serving.url
        said = await web.client.get("/api/v1/session", headers=bearer(key))
        assert said.json() | {"csrf": ""} == {
            "name": "local", "role": "supervisor", "may": ["read", "metrics", "work", "supervise"], "csrf": "",
        }  # fmt: skip
        assert (await web.client.get("/?key=wrong")).status_code == 401

        visited = await web.client.get(web.serving.visit)
        assert (visited.status_code, visited.headers["location"]) == (303, "/")
        cookie = visited.headers["set-cookie"]
        assert cookie.startswith(f"anchorwatch-{web.port}=") and key not in cookie
        assert "; HttpOnly" in cookie and "; SameSite=Strict" in cookie and "; Secure" not in cookie
        page = await web.client.get("/")
        assert page.status_code == 200 and key not in page.text

        await asyncio.to_thread(web.people.add, "anna", "admin", PASSWORD, "test")  # the first user ends it all
        assert (await web.client.get("/")).headers["location"] == "/login"
        assert (await web.client.get("/api/v1/session", headers=bearer(key))).status_code == 401
        assert (await web.client.get(web.serving.visit)).status_code == 401

    with_web(tmp_path, test)


def test_login_session_and_logout(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        web.people.add("Åsa", "officer", PASSWORD, "test")
        form = {"name": "åsa", "password": PASSWORD, "next": "/handover"}
        answer = await web.client.post("/login", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/handover")
        session = (await web.client.get("/api/v1/session")).json()
        assert (session["name"], session["role"]) == ("Åsa", "officer")

        assert (await web.client.post("/logout")).status_code == 403  # another site can make a browser send this
        assert (await web.client.post("/logout", data={"csrf": "0" * 64})).status_code == 403
        assert (await web.client.post("/logout", headers={"X-Anchorwatch": "0"})).status_code == 403
        held = web.client.cookies.get(f"anchorwatch-{web.port}")
        assert (await web.client.post("/logout", data={"csrf": session["csrf"]})).status_code == 303
        assert held and not web.client.cookies
        old = {"Cookie": f"anchorwatch-{web.port}={held}"}
        assert (await web.client.get("/api/v1/session", headers=old)).status_code == 401

        said = await web.client.post("/login", json={"name": "Åsa", "password": PASSWORD})
        assert said.json()["name"] == "Åsa"
        csrf = {"X-CSRF-Token": said.json()["csrf"]}
        assert (await web.client.post("/logout", headers=csrf)).status_code == 303
        assert [(e.actor, e.what, e.address) for e in web.people.entries()][1:] == [
            ("Åsa", "login", "127.0.0.1"),
            ("Åsa", "logout", "127.0.0.1"),
        ] * 2

    with_web(tmp_path, test)


def test_a_wrong_password_says_nothing_and_waits(tmp_path: Path) -> None:
    clock = SetClock()

    async def test(web: Web) -> None:
        web.people.add("anna", "officer", PASSWORD, "test")
        seen = set()
        for name in ("anna", "nobody", HOSTILE, "\x00", "a" * 5000):
            answer = await web.client.post("/login", data={"name": name, "password": "wrong"})
            seen.add((answer.status_code, answer.text))
        assert len(seen) == 1 and "name or password is wrong" in answer.text
        odd: list[object] = [1, [], {"name": 1, "password": ""}, {"name": "anna"}, "anna", [[[]]] * 5]
        for body in odd:
            assert (await web.client.post("/login", json=body)).status_code == 422
        tries = [{"name": "anna", "password": f"wrong {i}"} for i in range(10)]
        answers = await asyncio.gather(
            *(web.client.post("/login", json=each) for each in tries)
        )  # at once gains nothing
        codes = [a.status_code for a in answers]
        assert codes.count(401) == 4 and codes.count(429) == 6
        assert all(int(a.headers["retry-after"]) >= 1 for a in answers if a.status_code == 429)
        right = {"name": "anna", "password": PASSWORD}
        assert (await web.client.post("/login", json=right)).status_code == 429
        clock.forward(20)
        assert (await web.client.post("/login", json=right)).status_code == 200
        if sys.platform == "linux":
            (checking,) = web.app.state.door.thread._threads
            assert os.getpriority(os.PRIO_PROCESS, checking.native_id) == os.getpriority(os.PRIO_PROCESS, 0) + 5
        said = [e for e in web.people.entries() if e.what == "login failed"]
        assert len(said) == 9 and all(e.about.isprintable() for e in said)

    with_web(tmp_path, test, clock=clock)


def test_a_password_goes_not_over_the_network_in_the_clear(tmp_path: Path) -> None:
    async def test() -> None:
        with opened(tmp_path) as (room, people):
            people.add("anna", "officer", PASSWORD, "test")
            made = application.make(room, people, Settings(host="192.0.2.1"))
            transport = httpx.ASGITransport(made, client=("192.0.2.7", 5000))
            for scheme, status in (("http", 403), ("https", 200)):
                async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://192.0.2.1:8741") as client:
                    answer = await client.post("/login", json={"name": "anna", "password": PASSWORD})
                    assert answer.status_code == status
            assert "; Secure" in answer.headers["set-cookie"]
            assert answer.headers["set-cookie"].startswith("__Host-anchorwatch=")
            assert answer.headers["strict-transport-security"]

    asyncio.run(test())


def test_tokens_do_what_their_scope_says(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        web.people.add("anna", "officer", PASSWORD, "test")
        for need in ("read", "work", "supervise", "admin", "metrics"):
            web.app.add_api_route(f"/test/{need}", lambda: 1, methods=["POST"], dependencies=[Depends(needs(need))])

        for scope, allowed in (("read", {"read"}), ("work", {"read", "work"}), ("metrics", {"metrics"}),
                               ("admin", {"read", "work", "metrics"})):  # fmt: skip
            _, text = web.people.make_token("anna", [scope], 1, "test")
            codes = {
                need: (await web.client.post(f"/test/{need}", headers=bearer(text))).status_code
                for need in ("read", "work", "supervise", "admin", "metrics")
            }
            assert codes == {need: 200 if need in allowed else 403 for need in codes}, scope

    with_web(tmp_path, test)


def test_a_name_that_is_not_ours_and_a_page_that_is_not_ours_are_refused(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        key = (tmp_path / "local_key").read_text().strip()
        for path in ("/", "/healthz", "/login", "/api/v1/session", f"/?key={key}"):
            answer = await web.client.get(path, headers={"Host": f"evil.example:{web.port}", **bearer(key)})
            assert answer.status_code == 421 and "set-cookie" not in answer.headers
        assert (await web.client.get("/healthz", headers={"Host": "localhost:1"})).status_code == 200
        for origin in ("http://evil.example", "null", f"http://127.0.0.1:{web.port + 1}", ""):
            answer = await web.client.post("/login", data={"name": "a"}, headers={"Origin": origin})
            assert answer.status_code == 403 and answer.json()["error"]["where"] == "Origin"
        await web.client.get(web.serving.visit)
        answer = await web.client.post("/logout", headers={"Sec-Fetch-Site": "same-site", **MEANT})
        assert answer.status_code == 403
        bounce = await web.client.get(
            "/a'%22><script>", headers={"Accept": "text/html", "Sec-Fetch-Site": "cross-site", "Cookie": ""}
        )
        assert bounce.status_code == 200 and "<script" not in bounce.text and "%3Cscript" in bounce.text

    with_web(tmp_path, test)


def test_the_api_says_how_to_get_in(tmp_path: Path) -> None:
    with opened(tmp_path) as (room, people):
        document = application.make(room, people, Settings()).openapi()
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["security"] == [{"token": []}, {"session": []}]
    assert "security" not in document["paths"]["/api/v1/session"]["get"]
    assert document["paths"]["/healthz"]["get"]["security"] == []


def test_every_answer_has_the_strict_headers_and_no_page_has_a_script_within(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        await web.client.get(web.serving.visit)
        for path in ("/", "/plain", "/login", "/plain.css", "/healthz", "/nothing", "/api/v1/session"):
            answer = await web.client.get(path)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
            assert "http" not in policy  # nobody else's parts
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "server" not in answer.headers and "access-control-allow-origin" not in answer.headers
            assert path == "/plain.css" or answer.headers["cache-control"] == "no-store"
            own = re.sub(r'<script type="module" crossorigin src="/static/[\w.-]+\.js"></script>', "", answer.text)
            assert not re.search(r"<script\b|<[^>]*\s(style|on\w+)=|<[^>]*\s(src|href)=\"(?!/)", own)
            for script in re.findall(r'src="(/static/[\w.-]+\.js)"', answer.text):
                # a worker takes the policy of its own file: it may ask this watch, and nobody else
                said = (await web.client.get(script)).headers["content-security-policy"]
                assert said.split("; ")[:2] == ["default-src 'none'", "connect-src 'self'"] and "http" not in said

    with_web(tmp_path, test)


def test_hostile_texts_are_shown_and_do_nothing(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        web.room.progress.troubles["test"] = HOSTILE
        await web.client.get(web.serving.visit)
        page = (await web.client.get("/plain")).text
        assert page.count("&lt;img src=x onerror=alert(1)&gt;") == 4  # trouble, vessel, asset, why
        assert "<img" not in page and "\x1b" not in page and "\u202e" not in page
        assert [e.about for e in web.people.entries() if e.what == "read asset"] == ["secret-cable"]
        sent = quote(HOSTILE)
        for path in (f"/login?next={sent}", f"/login?next=/{sent}", f"/nothing/{sent}"):
            answer = await web.client.get(path)
            assert "\x1b" not in answer.text and "\u202e" not in answer.text
            assert answer.headers["content-type"] == "application/json" or "<img" not in answer.text

    with_web(tmp_path, test)


def test_requests_that_are_too_large_are_refused(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        key = bearer((tmp_path / "local_key").read_text().strip())
        host = f"Host: 127.0.0.1:{web.port}\r\n".encode()
        assert (await web.client.post("/login", content=b"x" * 5001, headers=key)).status_code == 413
        chunked = b"POST /login HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        assert b" 413 " in await raw(
            web.port, chunked + b"1000\r\n" + b"x" * 4096 + b"\r\n" + b"1000\r\n" + b"x" * 4096
        )
        assert (await web.client.get("/healthz?" + "x" * 9000)).status_code == 414
        assert (await web.client.get("/healthz", headers={"X": "y" * 15_000})).status_code in (400, 431)
        assert (await web.client.get("/healthz", headers={f"X-{i}": "y" for i in range(120)})).status_code == 431
        endless = b"GET /healthz HTTP/1.1\r\n" + host + b"X: " + b"y" * 100_000
        assert await raw(web.port, endless) in (b"reset", b"") or b" 400 " in await raw(web.port, endless)

    with_web(tmp_path, test, Settings(body_bytes=5000, header_bytes=10_000))


def test_nonsense_ends_the_connection_and_the_watch_goes_on(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        host = f"Host: 127.0.0.1:{web.port}\r\n".encode()
        for nonsense in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50 + b"\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + host + host + b"\r\n",
            b"GET / HTTP/1.1\r\n" + host + b"A\x00B: c\r\n\r\n",
            b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
            b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: gzip\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ):
            answer = await raw(web.port, nonsense, 8.0)
            assert answer == b"reset" or answer.split(b" ")[1][:1] in b"45", nonsense
        both = b"POST /login HTTP/1.1\r\n" + host + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        smuggled = await raw(web.port, both + b"GET /plain.css HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n", 8.0)
        assert b"font:" not in smuggled or smuggled.count(b"HTTP/1.1 ") == 2
        assert (await web.client.get("/healthz")).status_code == 200

    with_web(tmp_path, test, Settings(header_s=2.0, body_s=2.0))


def test_on_a_full_disk_the_officers_can_still_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SetClock()

    def full() -> None:
        raise BadStore("the disk is full", "store.sqlite", "Make room.")

    async def test(web: Web) -> None:
        web.people.add("anna", "officer", PASSWORD, "test")
        await web.client.post("/login", data={"name": "anna", "password": PASSWORD})
        clock.forward(120)
        monkeypatch.setattr(web.room.store, "writing", full)
        assert (await web.client.get("/api/v1/session")).status_code == 200
        refused = await web.client.get("/plain")  # names a restricted asset: the reading cannot be written down
        assert refused.status_code == 503 and "cannot write" in refused.json()["error"]["what"]
        again = await web.client.post("/login", json={"name": "anna", "password": PASSWORD})
        assert again.status_code == 503
        monkeypatch.undo()
        assert (await web.client.get("/plain")).status_code == 200
        assert [e.what for e in web.people.entries()][-1] == "read asset"

    with_web(tmp_path, test, clock=clock)


def test_one_client_may_not_ask_without_end(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        codes = [(await web.client.get("/healthz")).status_code for _ in range(30)]
        assert codes == [200] * 20 + [429] * 10

    with_web(tmp_path, test, Settings(requests_per_s=1.0, requests_burst=20), clock=SetClock())


def test_a_defect_is_told_without_its_details(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def test(web: Web) -> None:
        key = (tmp_path / "local_key").read_text().strip()

        @web.app.get("/test/defect")
        def defect() -> None:
            raise RuntimeError(f"inside {HOSTILE} {key}")

        answer = await web.client.get("/test/defect", headers=bearer(key))
        assert answer.status_code == 500 and answer.json()["error"]["what"].startswith("a defect in the watch")
        assert "RuntimeError" not in answer.text and "inside" not in answer.text
        (line,) = [r.getMessage() for r in caplog.records if r.name == "anchorwatch.console"]
        assert line.startswith("defect RuntimeError at test_security_http.py:") and key not in line

    caplog.set_level(logging.DEBUG, "anchorwatch.console")
    with_web(tmp_path, test)
    assert "Traceback" not in "".join(capfd.readouterr())


def test_nothing_that_a_client_sends_comes_to_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def test(web: Web) -> None:
        key = (tmp_path / "local_key").read_text().strip()
        host = f"Host: 127.0.0.1:{web.port}\r\n".encode()
        await web.client.get(web.serving.visit)
        await web.client.post("/login", data={"name": "mark-me", "password": "mark-me"})
        await web.client.get("/mark-me%1b%0a", headers={"User-Agent": "mark-me"})
        await raw(web.port, b"GET /mark-me\xff HTTP/1.1\r\n" + host + b"\r\nmark-me")
        upgrade = b"Connection: close, upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: mark-me\r\n\r\n"
        await raw(web.port, b"GET /mark-me HTTP/1.1\r\n" + host + upgrade)
        written = "".join(r.getMessage() for r in caplog.records if r.name != "httpx")
        assert key not in written and "mark-me" not in written and "\x1b" not in written

    logging.getLogger("httpx").setLevel(logging.WARNING)
    with_web(tmp_path, test)
    assert capfd.readouterr() == ("", "")
