"""The stream of vessels: the picture of a view, then what changes in it, as bytes (docs/streams.md)."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, WebSocket

from anchorwatch.console.binary import FAR
from anchorwatch.console.routes.counter import PUBLIC, Reading
from anchorwatch.console.security import Person, needs
from anchorwatch.console.socket_link import POLICY, Gone, Link
from anchorwatch.console.views import NEXT, Client, Look, View, look, view_of
from anchorwatch.edges.records import plain
from anchorwatch.errors import AnchorwatchError, BadInput, BadStore
from anchorwatch.picture.latest import inside
from anchorwatch.watch.room import Room

router = APIRouter()

SHARED_S = 0.5  # a look at the picture serves all clients for so long
# Whoever drags a map asks for views faster than anybody can look at them.
BETWEEN_S = 0.2
BEHIND_S = 5.0  # a client that kept us waiting for so long is told anew all that there is
MOST_NAMES = 1000  # of one request
MOST_FAULTS = 20  # requests that cannot be understood until we stop trying


class Looks:
    """The newest look at the picture, made at most twice a second for all clients together."""

    def __init__(self, room: Room) -> None:
        """Take the room; nothing is copied before somebody asks."""
        self._room, self._lock = room, asyncio.Lock()
        self._look: Look | None = None
        self._made_s = 0.0

    async def now(self) -> Look:
        """Return a look that is at most SHARED_S old."""
        async with self._lock:
            now_s = asyncio.get_running_loop().time()
            if self._look is None or now_s - self._made_s >= SHARED_S:
                time_us = self._room.progress.now_us or self._room.clock.now_us()
                self._look = await asyncio.to_thread(look, self._room.latest, time_us)
                self._made_s = now_s
            return self._look


class Desk:
    """What one client asked for, and what it is to be answered."""

    def __init__(self, room: Room, link: Link, reader: Reading) -> None:
        """Take the room, the way to the client, and who reads."""
        self.client = Client()
        self._room, self._link, self._reader = room, link, reader
        assets = enumerate(room.chart.assets)
        self._restricted = np.array([k for k, a in assets if a.releasability != PUBLIC], np.int32)
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue(8)
        self._faults = 0

    async def hear(self, text: str) -> None:
        """Take a request."""
        try:
            asked = _request(text)
            if "names" in asked:
                await self._answers.put({"names": self._names(asked)})
            else:
                self.client.ask(view_of(asked))
        except AnchorwatchError as error:
            self._faults += 1
            if self._faults > MOST_FAULTS:
                await self._link.end(POLICY, "too many requests that cannot be understood; see docs/streams.md")
                raise Gone from None
            said = {"what": plain(error.what), "where": plain(error.where), "next": plain(error.next_step)}
            await self._answers.put({"error": said})
        self._link.woken.set()

    def _names(self, asked: dict[str, Any]) -> dict[str, str]:
        wanted = asked["names"]
        if set(asked) != {"names"} or not isinstance(wanted, list) or len(wanted) > MOST_NAMES:
            raise BadInput(f"names is a list of at most {MOST_NAMES} MMSIs", "names", NEXT)
        if not all(isinstance(mmsi, int) and not isinstance(mmsi, bool) for mmsi in wanted):
            raise BadInput("an MMSI is a whole number", "names", NEXT)
        return {str(mmsi): self._room.latest.said(mmsi).name for mmsi in wanted}

    async def speak(self, looks: Looks) -> None:
        """Send what was asked for, as often as was asked, until the client has gone."""
        loop = asyncio.get_running_loop()
        sent_s = float("-inf")
        while True:
            while not self._answers.empty():
                await self._link.send(self._answers.get_nowait())
            view = self.client.view
            due_s = sent_s + (BETWEEN_S if self.client.fresh or view is None else view.every_s)
            if view is not None and loop.time() >= due_s:
                sent_s = loop.time()
                now = await self._allowed(await looks.now(), view)
                kept_waiting_s = await self._link.send(self.client.message(now))
                if kept_waiting_s > BEHIND_S:
                    self.client.fresh = True
            else:
                await self._link.wait(60.0 if view is None else due_s - loop.time())

    async def _allowed(self, now: Look, view: View) -> Look:
        """Return the look as this person may have it: that a restricted asset is near is a reading, written down.

        Where it cannot be, because the disk is full, the distances to such assets are left out.
        """
        if not len(self._restricted):
            return now
        near = np.isin(now.rows["asset"], self._restricted)
        shown = np.unique(now.rows["asset"][near & inside(now.rows, view.box)])
        try:
            if len(shown):
                await asyncio.to_thread(self._reader.saw, [self._room.chart.assets[k].id for k in shown])
        except BadStore:
            far = np.where(near, np.uint8(FAR), now.columns.near)
            return now._replace(columns=now.columns._replace(near=far))
        return now


def _request(text: str) -> dict[str, Any]:
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("not JSON", "request", NEXT) from None
    if not isinstance(asked, dict):
        raise BadInput("a request is a JSON object", "request", NEXT)
    return asked


@router.websocket("/api/v1/stream/vessels")
async def stream_vessels(websocket: WebSocket, person: Annotated[Person, Depends(needs("read"))]) -> None:
    """Send the vessels of the view that the client asks for."""
    state = websocket.app.state
    if not hasattr(state, "looks"):
        state.looks = Looks(state.room)
    link = Link(websocket, person)
    desk = Desk(state.room, link, Reading(person, state.room))
    await link.run(lambda: desk.speak(state.looks), desk.hear)
