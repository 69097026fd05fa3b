"""A watch room of real parts with a real server on loopback, for tests of the streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from websockets.asyncio.client import ClientConnection, connect

from anchorwatch import schema
from anchorwatch.chart import Asset, make
from anchorwatch.console import app as application
from anchorwatch.console import binary, serve
from anchorwatch.console.settings import Settings
from anchorwatch.edges.store.people import People
from anchorwatch.watch.room import Room
from room import PASSWORD, quick_hashes, room_in
from words_heard import NO_POSITIONS, NO_STATICS, statics


class Stand:
    """A running console with one officer, and what a test needs to put into it."""

    def __init__(self, room: Room, people: People, serving: serve.Serving) -> None:
        self.room, self.people, self.serving = room, people, serving
        self.token = self.token_for("anna", "read", "work")

    def token_for(self, name: str, *scopes: str) -> str:
        """Make a token."""
        return self.people.make_token(name, scopes, 1.0, by="test")[1]

    def connections(self) -> list[Any]:
        """Return the server's side of every connection."""
        return list(self.serving._server.server_state.connections)

    def put(self, mmsi: Any, lon_deg: Any, lat_deg: Any, time_us: Any = None, **more: Any) -> None:
        """Let vessels be heard."""
        place = {"mmsi": mmsi, "lon_deg": lon_deg, "lat_deg": lat_deg, "nav_status": 0, **more}
        rows = pl.DataFrame({"time_us": time_us or self.room.clock.now_us(), **place}, strict=False)
        blank = {n: pl.lit(None if n.endswith(("_kn", "_deg", "_min")) else 0) for n in schema.POSITIONS}
        rows = rows.with_columns(**{n: value for n, value in blank.items() if n not in rows.columns})
        rows = rows.select(list(schema.POSITIONS)).cast(pl.Schema(schema.POSITIONS))
        self.room.latest.update(rows.fill_null(np.nan), NO_STATICS, 0)

    def name(self, mmsi: int, name: str) -> None:
        """Let a vessel say its name."""
        word = statics({"time_us": self.room.clock.now_us(), "mmsi": mmsi, "name": name})
        self.room.latest.update(NO_POSITIONS, word, 0)

    def connect(self, stream: str, token: str | None = None, **options: Any) -> connect:
        """Return a connection to a stream, to be entered."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        address = f"ws://127.0.0.1:{self.serving.port}/api/v1/stream/{stream}"
        return connect(address, additional_headers=headers, max_size=None, compression=None, **options)


@asynccontextmanager
async def standing(folder: Path, assets: tuple[Asset, ...] = ()) -> AsyncIterator[Stand]:
    """Run a console on a free port of loopback."""
    with quick_hashes(), room_in(folder, chart=make(assets)) as (room, people):
        if not people.any():
            people.add("anna", "officer", PASSWORD, by="test")
        serving = await serve.serve(application.make(room, people, Settings(port=0)))
        try:
            yield Stand(room, people, serving)
        finally:
            await serving.stop()


async def picture(socket: ClientConnection, kind: int = 0) -> binary.Message:
    """Return the next message of vessels, of this kind where one is named."""
    async with asyncio.timeout(10):
        while True:
            message = await socket.recv()
            assert isinstance(message, bytes), message
            understood = binary.decode(message)
            if kind in (0, understood.kind):
                return understood


async def said(socket: ClientConnection, kind: str = "") -> dict[str, Any]:
    """Return the next JSON message, of this type where one is named; pictures in between are passed over."""
    async with asyncio.timeout(10):
        while True:
            message = await socket.recv()
            if isinstance(message, str):
                record: dict[str, Any] = json.loads(message)
                if kind in ("", record.get("type")):
                    return record
