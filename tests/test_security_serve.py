"""Where the watch listens: to nobody else without users, with TLS, and told in one line where it cannot."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import trustme
from sqlalchemy import delete

from alerts_at_work import HOSTILE
from anchorwatch.console import app as application
from anchorwatch.console import serve
from anchorwatch.console.settings import Settings
from anchorwatch.edges.store import people_tables
from anchorwatch.errors import BadUse
from room import PASSWORD
from watch_room import bearer, listening, opened

pytestmark = pytest.mark.usefixtures("quick_passwords")
MEANT = {"X-Anchorwatch": "1"}


def test_it_does_not_listen_to_others_without_users(tmp_path: Path) -> None:
    async def tried(settings: Settings) -> str:
        with opened(tmp_path) as (room, people):
            made = application.make(room, people, replace(settings, data=tmp_path))
            with pytest.raises(BadUse) as refused:
                await serve.serve(made)
            assert not (tmp_path / "local_key").exists()
            return str(refused.value)

    for settings in (Settings(host="0.0.0.0", port=0), Settings(host="::", port=0), Settings(host="example.org"),
                     Settings(port=0, public_url="https://watch.example/")):  # fmt: skip
        assert "anchorwatch users add" in asyncio.run(tried(settings))


def test_with_users_it_listens_everywhere_and_the_local_key_is_off(tmp_path: Path) -> None:
    async def test() -> None:
        with opened(tmp_path) as (room, people):
            people.add("anna", "admin", PASSWORD, "test")
            settings = Settings(host="0.0.0.0", port=0, data=tmp_path)
            serving = await serve.serve(application.make(room, people, settings))
            try:
                assert not (tmp_path / "local_key").exists() and "key=" not in serving.visit
                assert serving.url == f"http://localhost:{serving.port}/"  # nobody goes by the name 0.0.0.0
                assert "--tls-cert" in serve.warnings(settings)[0]
                with people._base.writing() as link:
                    link.execute(delete(people_tables.users))  # and it stays off when the last user goes
                async with httpx.AsyncClient() as client:
                    headers = bearer("x" * 43)
                    answer = await client.get(f"http://127.0.0.1:{serving.port}/api/v1/session", headers=headers)
                    assert answer.status_code == 401
            finally:
                await serving.stop()

    asyncio.run(test())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(host="no.such.host.invalid"), "has no users"),
        (Settings(port=0, tls_cert=Path("missing.pem")), "both"),
        (Settings(port=0, tls_cert=Path("missing.pem"), tls_key=Path("missing.pem")), "certificate"),
        (Settings(public_url="http://watch.example"), "https"),
        (Settings(public_url="https://"), "https"),
    ],
)
def test_where_it_cannot_listen_it_says_so_in_one_line(tmp_path: Path, settings: Settings, said: str) -> None:
    async def test() -> str:
        with opened(tmp_path) as (room, people):
            with pytest.raises(BadUse) as refused:
                await serve.serve(application.make(room, people, settings))
            return str(refused.value)

    told = asyncio.run(test())
    assert said in told and "\n" not in told


@pytest.mark.parametrize(("proxy", "seen"), [("", "127.0.0.1"), ("https://watch.example/", "198.51.100.7")])
def test_only_a_proxy_that_was_announced_is_believed(tmp_path: Path, proxy: str, seen: str) -> None:
    async def test() -> None:
        with opened(tmp_path) as (room, people):
            people.add("anna", "officer", PASSWORD, "test")
            serving = await serve.serve(application.make(room, people, Settings(port=0, public_url=proxy)))
            try:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{serving.port}") as client:
                    forwarded = {"X-Forwarded-For": f"{HOSTILE[:10]}, 198.51.100.7", "X-Forwarded-Proto": "https"}
                    answer = await client.post("/login", json={"name": "anna", "password": PASSWORD}, headers=forwarded)
                    assert answer.status_code == 200
                    assert ("; Secure" in answer.headers["set-cookie"]) == bool(proxy)
                    outside = {**forwarded, "Host": "watch.example", "Origin": "https://watch.example"}
                    answer = await client.post("/login", json={}, headers=outside)
                    assert answer.status_code == (422 if proxy else 421)
            finally:
                await serving.stop()
            assert people.entries()[-1].address == seen

    asyncio.run(test())


def test_ipv6(tmp_path: Path) -> None:
    async def test() -> None:
        with opened(tmp_path) as (room, people):
            try:
                serving = await serve.serve(application.make(room, people, Settings("::1", 0, tmp_path)))
            except BadUse as error:
                pytest.skip(f"this machine has no IPv6 loopback ({error})")
            try:
                assert serving.url == f"http://[::1]:{serving.port}/"
                async with httpx.AsyncClient() as client:
                    assert (await client.get(serving.visit)).status_code == 303
                    assert (await client.get(serving.url)).status_code == 200
            finally:
                await serving.stop()

    asyncio.run(test())


def test_an_address_in_use_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        async def test() -> None:
            with opened(tmp_path) as (room, people):
                settings = Settings(port=other.getsockname()[1], data=tmp_path)
                with pytest.raises(BadUse, match="in use"):
                    await serve.serve(application.make(room, people, settings))

        asyncio.run(test())


def test_tls(tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())

    async def test() -> None:
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        async with listening(tmp_path, Settings(tls_cert=cert, tls_key=key, header_s=0.7)) as web:
            assert web.serving.url.startswith("https://")
            async with httpx.AsyncClient(verify=trusting) as client:
                visited = await client.get(web.serving.visit)
                assert visited.headers["set-cookie"].startswith("__Host-anchorwatch=")
                assert "; Secure" in visited.headers["set-cookie"]
                page = await client.get(web.serving.url)
                assert page.status_code == 200 and page.headers["strict-transport-security"]
            async with asyncio.timeout(3.0):
                reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
                with contextlib.suppress(ConnectionResetError):
                    assert await reader.read() == b""  # who dawdles over the handshake is cut off
                writer.close()
            assert json.loads((await raw_tls(web.port, trusting)).split(b"\r\n\r\n")[1]) == {"alive": True}

    asyncio.run(test())


async def raw_tls(port: int, trusting: ssl.SSLContext) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
    writer.write(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    try:
        return await reader.read()
    finally:
        writer.close()
