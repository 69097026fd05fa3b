"""A watch room of real parts behind the real application, asked in the same process, for tests of the API."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import polars as pl
from fastapi import FastAPI

from alerts_at_work import HOSTILE, MINUTE, T0, StandingClock, an_alert
from anchorwatch import schema
from anchorwatch.chart import Asset, Chart, Zone, make
from anchorwatch.console import app as application
from anchorwatch.console.settings import Settings
from anchorwatch.edges.feeds import CONNECTED, Health
from anchorwatch.edges.store.people import People
from anchorwatch.picture import coverage
from anchorwatch.watch.room import FeedTimes, Progress, Room
from room import PASSWORD, quick_hashes, room_in

NOW = T0 + 120 * MINUTE
CORNERS = 100_000
SECRET = "navy-line"  # the id of the asset that is not public
PEOPLE = {
    "guest": ("viewer", ["read"]),
    "anna": ("officer", ["work"]),
    "ben": ("officer", ["work"]),
    "chief": ("supervisor", ["work"]),
    "scraper": ("viewer", ["metrics"]),
}
UNTROUBLED = Settings(port=0, requests_per_s=1e9, requests_burst=10**9)


@dataclass
class MadeFeed:
    """A feed that is as a test says."""

    name: str
    url: str = "tcp://127.0.0.1:5631"
    format: str = "nmea"
    hold_back_s: float = 30.0
    silent_after_s: float = 60.0
    policy: str = "no fishing vessels, no class B"
    health: Health = field(default_factory=Health)

    async def run(self, put: Any) -> None:
        """Never called here."""


@cache
def a_chart() -> Chart:
    """A cable of a hundred thousand corners, one that is not public, a platform with a cable, and zones."""
    along = np.linspace(0.0, 1.0, CORNERS)
    winding = np.column_stack([20 + 5 * along, 58 + 2 * along + 0.01 * np.sin(400 * along)])
    square = np.array([[19.6, 57.1], [19.9, 57.1], [19.9, 57.25], [19.6, 57.25], [19.6, 57.1]])
    lines = (np.array([[24.42, 59.48], [24.57, 60.08]]), np.array([[24.6, 60.1], [24.7, 60.2], [24.8, 60.1]]))
    return make(
        (
            Asset("estlink-2", "Estlink 2", "power_cable", (np.array([[26.9, 59.4], [25.6, 59.9], [25.5, 60.3]]),)),
            Asset("estlink-1", "Estlink 1", "power_cable", lines, geometry="schematic", error_m=12_000.0),
            Asset("winding", "Winding Line", "telecom_cable", (winding,)),
            Asset(SECRET, "Navy Line", "telecom_cable", (square[:3],), releasability="restricted"),
            Asset("rig", "Rig with a line", "platform", (square[1:4],), points=((20.3, 57.35),)),
            Asset("far", "Far Line", "telecom_cable", (np.array([[178.0, -17.0], [179.9, -18.0]]),)),
        ),
        (
            Zone("bank", "Middle Bank", "fishing_ground", ((square,),)),
            Zone("box", HOSTILE, "control_zone", ((square + 0.5,),), properties={"rule_enter": False}),
        ),
    )


def positions(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of schema.POSITIONS; what is not said is NaN or 0."""
    blank = {n: np.nan if kind == pl.Float64 else 0 for n, kind in schema.POSITIONS.items()}
    blank["nav_status"] = schema.NAV_STATUS_UNDEFINED
    return pl.DataFrame([blank | row for row in rows], schema=schema.POSITIONS)


def statics(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of schema.STATICS; what is not said is empty, NaN or 0."""
    blank = {n: "" if k == pl.String else np.nan if k == pl.Float64 else 0 for n, k in schema.STATICS.items()}
    return pl.DataFrame([blank | row for row in rows], schema=schema.STATICS)


def sail(room: Room, now_us: int = NOW) -> None:
    """Let five vessels be heard in the two hours before `now_us`, one of them with a name that no crew would choose."""
    rows = [
        {"time_us": now_us - m * MINUTE, "mmsi": 230_000_001 + k, "lon_deg": 21.0 + k - m / 600,
         "lat_deg": 59.0 + k / 10, "sog_kn": 8.0 + k, "cog_deg": 270.0, "nav_status": 0}
        for k in range(4) for m in range(120, -1, -10)
    ] + [{"time_us": now_us - MINUTE, "mmsi": 503_000_005, "lon_deg": 179.5, "lat_deg": -17.5}]  # fmt: skip
    names = [(230_000_001, HOSTILE, "OJ2A"), (230_000_002, "SHIP 2", "OJ2B"), (230_000_003, "EAGLE S", "E5U4")]
    said = [{"time_us": now_us, "mmsi": m, "name": n, "callsign": c, "imo": 9329760} for m, n, c in names]
    said[2] |= {"ship_type": 80, "ship_class": schema.TANKER, "length_m": 228.0, "destination": "USTLUGA"}
    frame = positions(rows)
    room.latest.update(frame, statics(said), 0)
    assert room.identities is not None
    room.identities.add(statics(said))
    room.history.add(frame)
    room.latest.set_levels({230_000_003: 3, 230_000_002: 1}, frozenset({230_000_002}))
    asset = np.array([3, 0])
    room.latest.set_assets(np.array([230_000_001, 230_000_003]), asset, np.array([420.0, 15.5]))
    cells = coverage.cell_of(np.array([21.0, 21.0, 24.0]), np.array([59.0, 59.0, 59.3]))
    slot = now_us // coverage.SLOT_US
    room.coverage = coverage.add(room.coverage, [np.stack([cells, [slot, slot - 1, slot], [0, 0, 1]], axis=1)])


class Desk:
    """The application, and how different people ask it."""

    def __init__(self, room: Room, app: FastAPI, people: People, tokens: dict[str, str], clock: StandingClock) -> None:
        self.room, self.app, self.people, self.tokens, self.clock = room, app, people, tokens, clock

    def ask(self, method: str, path: str, who: str = "anna", **more: Any) -> httpx.Response:
        """Ask as a person; who = "" asks without a credential."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        headers |= more.pop("headers", {})

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 50_000))
            async with asyncio.timeout(60), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(asked())

    def get(self, path: str, who: str = "anna", status: int = 200, **more: Any) -> Any:
        """Return the JSON of an answer that must have this status."""
        answer = self.ask("GET", path, who, **more)
        assert answer.status_code == status, answer.text[:500]
        return answer.json()

    def post(self, path: str, said: Any, who: str = "anna", status: int = 200) -> Any:
        """Send JSON and return that of the answer, which must have this status."""
        answer = self.ask("POST", path, who, json=said)
        assert answer.status_code == status, answer.text[:500]
        return answer.json()

    def audited(self) -> list[tuple[str, str, str]]:
        """What was written down of readings: who, what, about."""
        entries = self.people.entries(limit=5000)
        return [(e.actor, e.what, e.about) for e in entries if e.what.startswith("read")]


BASE = "http://127.0.0.1:8741"


@contextmanager
def desk_in(folder: Path, alerts: int = 3, settings: Settings = UNTROUBLED) -> Iterator[Desk]:
    """Open a room in a folder, with vessels, alerts and people in it."""
    clock = StandingClock(NOW)
    feeds = (
        MadeFeed("mast", health=Health(CONNECTED, NOW, NOW, 10, 1000, 60_000, 1)),
        MadeFeed("digitraffic", "digitraffic:", health=Health(CONNECTED, NOW - 10 * MINUTE, NOW - 5 * MINUTE)),
    )
    times = FeedTimes(rows=900, rejects={"bad_checksum": 3}, newest_us=NOW, watermark_us=NOW - MINUTE)
    progress = Progress(NOW - 180 * MINUTE, True, "", NOW, NOW - MINUTE, 0.2, 900, feeds={"mast": times})
    with quick_hashes(), room_in(folder, clock, a_chart(), feeds, progress) as (room, people):
        tokens = {}
        for name, (role, scopes) in PEOPLE.items():
            people.add(name, role, PASSWORD, by="test")
            tokens[name] = people.make_token(name, scopes, 30.0, by="test")[1]
        sail(room)
        room.store.record([an_alert(n, ("caution", "warning", "alarm")[n % 3]) for n in range(1, alerts + 1)], 1)
        yield Desk(room, application.make(room, people, settings), people, tokens, clock)
