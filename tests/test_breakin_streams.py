"""Clients of the streams as attackers: floods, messages in a thousand parts, requests that mean nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from anchorwatch.console import socket_link
from stream_room import Stand, standing


@pytest.mark.parametrize("stream", ["vessels", "alerts"])
def test_a_flood_of_requests_waits_and_the_others_are_answered(stream: str, tmp_path: Path) -> None:
    """Once each request was taken as fast as it came: one person could take the loop from the feeds."""
    asked = json.dumps({"names": list(range(230_000_000, 230_001_000))})

    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect(stream, close_timeout=0.1) as socket:
            answers = 0

            async def drain() -> None:
                nonlocal answers
                async for message in socket:
                    answers += '"names"' in str(message[:20])

            async def flood() -> None:
                while True:
                    await socket.send(asked)
                    await asyncio.sleep(0)

            tasks = [asyncio.create_task(drain()), asyncio.create_task(flood())]
            await asyncio.sleep(1.0)
            assert await answered_s(stand) < 2.0
            await asyncio.sleep(0.5)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert answers <= socket_link.AT_ONCE + 6 * socket_link.PER_S

    asyncio.run(run())


async def answered_s(stand: Stand) -> float:
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{stand.serving.port}", timeout=10) as client:
        assert (await client.get("/healthz")).status_code == 200
    return time.monotonic() - began


def test_a_message_in_parts_is_no_larger_than_one_in_one(tmp_path: Path) -> None:
    async def parts() -> AsyncIterator[str]:
        for _ in range(1000):
            yield "x" * 60_000

    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect("alerts") as socket:
            with pytest.raises(ConnectionClosed) as caught:
                await socket.send(parts())
                async for _ in socket:
                    pass
            assert caught.value.rcvd is not None and caught.value.rcvd.code == 1009

    asyncio.run(run())


NO_REQUESTS = [
    '{"view": [NaN, NaN, NaN, NaN]}',
    '{"view": [-1e308, -90, 1e308, 90]}',
    '{"view": [0, 0, 1, 1], "every_s": 1e-9}',
    '{"names": [1e400]}',
    '{"names": [true]}',
    "[" * 60_000,
    "9" * 5000,
    '{"view": {"0": 1}}',
    '{"\\ud800": 1}',
    "\x1b[2J",
    '{"names": ["\\ud800"]}',
]


def test_what_cannot_be_asked_is_answered_in_words(tmp_path: Path) -> None:
    async def run() -> None:
        async with standing(tmp_path) as stand, stand.connect("vessels") as socket:
            for asked in NO_REQUESTS:
                await socket.send(asked)
                async with asyncio.timeout(10):
                    answer = json.loads(await socket.recv())
                assert answer["error"]["what"] and answer["error"]["next"] == "See docs/streams.md.", asked

    asyncio.run(run())
