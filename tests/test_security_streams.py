"""The guard before the streams: let in as requests are, and ended when the session is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Depends, WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.protocol import State

from anchorwatch.console import serve
from anchorwatch.console.security import Person, needs
from anchorwatch.console.settings import Settings
from room import PASSWORD
from watch_room import SetClock, Web, bearer, with_web

pytestmark = pytest.mark.usefixtures("quick_passwords")
MEANT = {"X-Anchorwatch": "1"}


def test_streams_are_guarded_as_requests_are(tmp_path: Path) -> None:
    async def test(web: Web) -> None:
        key = (tmp_path / "local_key").read_text().strip()

        @web.app.websocket("/test/stream")
        async def stream(socket: WebSocket, person: Annotated[Person, Depends(needs("read"))]) -> None:
            await socket.accept()
            await socket.send_text(person.name)
            await socket.receive_text()

        url, own = f"ws://127.0.0.1:{web.port}/test/stream", f"http://127.0.0.1:{web.port}"

        async def refused(**options: object) -> int:
            with pytest.raises(InvalidStatus) as error:
                async with connect(url, **options):  # type: ignore[arg-type]
                    pass
            return error.value.response.status_code

        assert await refused() == 401
        assert await refused(additional_headers=bearer("wrong")) == 401
        assert await refused(additional_headers=bearer(key), origin="http://evil.example") == 403
        async with connect(url, additional_headers=bearer(key)) as socket:
            assert await socket.recv() == "local"
        await web.client.get(web.serving.visit)
        cookie = {"Cookie": f"anchorwatch-{web.port}={web.client.cookies[f'anchorwatch-{web.port}']}"}
        assert await refused(additional_headers=cookie) == 403  # a browser always says its origin
        assert await refused(additional_headers=cookie, origin="http://evil.example") == 403
        async with connect(url, additional_headers=cookie, origin=own) as socket:  # type: ignore[arg-type]
            assert await socket.recv() == "local"
            async with connect(url, additional_headers=cookie, origin=own) as second:  # type: ignore[arg-type]
                assert await second.recv() == "local"
                assert await refused(additional_headers=bearer(key)) == 503  # two at a time
                await second.send("x" * (serve.MESSAGE_BYTES + 1))
                with pytest.raises(ConnectionClosed):
                    await second.recv()

    with_web(tmp_path, test, Settings(sockets=2))


def test_a_stream_ends_with_the_session_and_does_not_keep_it_from_idling(tmp_path: Path) -> None:
    clock = SetClock()

    async def test(web: Web) -> None:
        @web.app.websocket("/test/stream")
        async def stream(socket: WebSocket, person: Annotated[Person, Depends(needs("read"))]) -> None:
            await socket.accept()
            await socket.receive_text()

        for name in ("anna", "ben", "carl"):
            web.people.add(name, "officer", PASSWORD, "test")
        _, token = web.people.make_token("carl", ["read"], 1, "test")

        def opened(secret: str) -> connect:
            headers = {"Cookie": f"anchorwatch-{web.port}={secret}"}
            origin: Any = f"http://127.0.0.1:{web.port}"
            return connect(f"ws://127.0.0.1:{web.port}/test/stream", additional_headers=headers, origin=origin)

        async with opened(web.people.open_session("anna")) as anna, opened(web.people.open_session("ben")) as ben:
            await asyncio.sleep(0.2)
            assert anna.state is ben.state is State.OPEN
            web.people.set_password("anna", "quite another long one", "test")
            with pytest.raises(ConnectionClosed) as ended:
                await asyncio.wait_for(anna.recv(), 2.0)
            assert ended.value.rcvd is not None and ended.value.rcvd.code == 1008
            assert ben.state is State.OPEN
            clock.forward(12.1 * 3600)  # nothing but the stream for so long
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(ben.recv(), 2.0)
        url = f"ws://127.0.0.1:{web.port}/test/stream"
        async with connect(url, additional_headers=bearer(token)) as carl:
            web.people.set_role("carl", "viewer", "test")  # comes again with the rights of today
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(carl.recv(), 2.0)

    with_web(tmp_path, test, Settings(recheck_s=0.05), clock=clock)
