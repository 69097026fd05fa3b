"""A watch room behind a web server on loopback, for tests of what guards it; an alert in it means harm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from fastapi import FastAPI

from alerts_at_work import HOSTILE, T0
from anchorwatch import chart
from anchorwatch.console import app, serve
from anchorwatch.console.settings import Settings
from anchorwatch.edges.store.people import People
from anchorwatch.model import Alert, AlertAsset, Vessel, rfc3339
from anchorwatch.watch.room import Room
from room import room_in


@dataclass
class SetClock:
    """A clock that a test sets; it waits in real time."""

    us: int = T0
    s: float = field(default=1000.0)

    def now_us(self) -> int:
        return self.us

    def monotonic_s(self) -> float:
        return self.s

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def forward(self, seconds: float) -> None:
        self.us += int(seconds * 1e6)
        self.s += seconds


def hostile_alert() -> Alert:
    """An alert whose every text from outside means harm."""
    return Alert(
        id="a1-00000000000000aa",
        level="alarm",
        kind="anchor_drag",
        status="open",
        vessel=Vessel(mmsi=230_000_001, name=HOSTILE),
        assets=(AlertAsset("secret-cable", HOSTILE, "telecom_cable", 12.0),),
        start_us=T0 - 600_000_000,
        end_us=T0,
        raised_us=T0,
        lon_deg=25.6,
        lat_deg=59.9,
        score=0.9,
        reasons=(),
        explanation=f"{HOSTILE} slows down.",
        alternatives=(),
        next=(),
        detectors=("anchor_drag",),
        ruleset="sha256:0",
        revision=1,
        extra={"levels": [{"level": "alarm", "at": rfc3339(T0)}]},
    )


def small_chart() -> chart.Chart:
    line = np.array([[24.5, 60.1], [24.4, 59.8]])
    assets = (
        chart.Asset("open-cable", "Open Cable", "telecom_cable", (line,)),
        chart.Asset("secret-cable", "Secret Cable", "telecom_cable", (line,), releasability="restricted"),
    )
    return chart.make(assets)


@contextmanager
def opened(folder: Path, clock: Any = None) -> Iterator[tuple[Room, People]]:
    """A room with one hostile alert, and its people: nobody yet."""
    with room_in(folder, clock, small_chart()) as (room, people):
        room.store.record([hostile_alert()], 1)
        yield room, people


@dataclass
class Web:
    """A server that runs, and a client that sends no credentials of its own."""

    room: Room
    people: People
    serving: serve.Serving
    client: httpx.AsyncClient
    app: FastAPI

    @property
    def port(self) -> int:
        return self.serving.port


@asynccontextmanager
async def listening(folder: Path, settings: Settings | None = None, clock: Any = None) -> AsyncIterator[Web]:
    """Serve a room on a free port of loopback."""
    settings = replace(settings or Settings(), port=0, data=folder)
    with opened(folder, clock) as (room, people):
        made = app.make(room, people, settings)
        serving = await serve.serve(made)
        try:
            base = f"http://127.0.0.1:{serving.port}"
            async with httpx.AsyncClient(base_url=base, timeout=10.0) as client:
                yield Web(room, people, serving, client, made)
        finally:
            await serving.stop()


def with_web(
    folder: Path,
    test: Callable[[Web], Awaitable[None]],
    settings: Settings | None = None,
    clock: Any = None,
    seconds: float = 30.0,
) -> None:
    """Run `test` against a server that runs."""

    async def run() -> None:
        async with asyncio.timeout(seconds), listening(folder, settings, clock) as web:
            await test(web)

    asyncio.run(run())


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


async def raw(port: int, data: bytes, seconds: float = 5.0) -> bytes:
    """Send bytes; return all that comes until the server closes."""
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(data)
            return await reader.read()
        except ConnectionResetError:
            return b"reset"
        finally:
            writer.close()
