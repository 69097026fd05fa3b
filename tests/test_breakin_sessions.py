"""Sessions attacked: fixed before the login, used after the logout, sent by other sites; names that are passwords."""

from __future__ import annotations

from pathlib import Path

import pytest

from room import PASSWORD
from watch_room import SetClock, Web, bearer, with_web

pytestmark = pytest.mark.usefixtures("quick_passwords")
MEANT = {"X-Anchorwatch": "1"}


def test_a_session_cannot_be_fixed_before_nor_used_after(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        web.people.add("anna", "officer", PASSWORD, "test")
        web.people.add("mallory", "viewer", PASSWORD, "test")
        name, said = f"anchorwatch-{web.port}", {"name": "anna", "password": PASSWORD}
        planted = web.people.open_session("mallory")  # a session of hers, put into anna's browser
        for given in (planted, "A" * 43, "x", f"{planted}; {name}={planted}"):
            web.client.cookies.clear()
            answer = await web.client.post("/login", json=said, headers={"Cookie": f"{name}={given}"})
            assert answer.status_code == 200
            secret = answer.cookies[name]
            assert secret not in given and len(secret) == 43
            web.client.cookies.clear()
            own = {"Cookie": f"{name}={secret}"}
            assert (await web.client.get("/api/v1/session", headers=own)).json()["name"] == "anna"
        assert web.people.session(planted) is None, "it ended with the login over it"
        twice = {"Cookie": f"{name}={secret}; {name}={web.people.open_session('mallory')}"}
        assert (await web.client.get("/api/v1/session", headers=twice)).status_code == 401
        out = await web.client.post("/logout", headers=own | MEANT)
        assert out.status_code == 303 and "Max-Age=0" in out.headers["set-cookie"]
        assert (await web.client.get("/api/v1/session", headers=own)).status_code == 401

    with_web(tmp_path, test)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-Anchorwatch": "1"}, 404),
        ({"X-Anchorwatch": "1", "Origin": "https://evil.example"}, 403),
        ({"X-Anchorwatch": "1", "Origin": "http://127.0.0.1:1"}, 403),  # another program on this machine
        ({"X-Anchorwatch": "1", "Origin": "null"}, 403),
        ({"X-Anchorwatch": "1", "Sec-Fetch-Site": "same-site"}, 403),
        ({"X-Anchorwatch": "0"}, 403),
        ({"X-CSRF-Token": "\xff"}, 403),
        ({"X-CSRF-Token": ""}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 403),
    ],
)
def test_what_another_site_makes_a_browser_send(headers: dict[str, str], status: int, tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        web.people.add("anna", "supervisor", PASSWORD, "test")
        cookie = {"Cookie": f"anchorwatch-{web.port}={web.people.open_session('anna')}"}
        sent = {k.encode(): v.encode("latin-1") for k, v in (headers | cookie).items()}
        answer = await web.client.post("/api/v1/channels/none/test", headers=sent, content=b"csrf=&csrf=x")
        assert answer.status_code == status
        assert "access-control-allow-origin" not in answer.headers

    with_web(tmp_path, test)


def test_a_password_typed_as_the_name_is_not_kept(tmp_path: Path) -> None:
    clock = SetClock()

    async def test(web: Web) -> None:
        web.people.add("anna", "officer", PASSWORD, "test")
        for name in (PASSWORD, "Anna", "anna"):
            said = {"name": name, "password": "wrong wrong wrong"}
            assert (await web.client.post("/login", json=said)).status_code == 401
        tried = [e.about for e in web.people.entries() if e.what == "login failed"]
        assert tried == ["a name that nobody has", "Anna", "anna"]

    with_web(tmp_path, test, clock=clock)


def test_a_token_ends_when_it_is_revoked_or_over(tmp_path: Path) -> None:
    clock = SetClock()

    async def test(web: Web) -> None:
        web.people.add("anna", "viewer", PASSWORD, "test")
        token, text = web.people.make_token("anna", ["admin"], 1.0, "test")
        other, longer = web.people.make_token("anna", ["metrics"], 2.0, "test")

        async def asked(path: str, given: str) -> int:
            return (await web.client.get(path, headers=bearer(given))).status_code

        assert await asked("/api/v1/status", text) == 200
        act = await web.client.post("/api/v1/alerts/actions", json={}, headers=bearer(text))
        assert act.status_code == 403, "a scope is no role"
        assert [await asked(p, longer) for p in ("/metrics", "/api/v1/status", "/", "/handover", "/ogc")] == [
            200, 403, 403, 403, 403,
        ]  # fmt: skip
        for changed in (text[:-1], text + "A", text.replace(token.id, other.id), text.upper(), f"{text} x"):
            assert await asked("/api/v1/status", changed) == 401
        clock.forward(86_401)
        assert await asked("/api/v1/status", text) == 401
        web.people.remove_token(other.id, "test")
        assert await asked("/metrics", longer) == 401

    with_web(tmp_path, test, clock=clock)
