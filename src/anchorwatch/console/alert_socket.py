"""The stream of alerts: every event of the history in order, each with its alert; goes on where it was dropped."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, WebSocket

from anchorwatch.console.routes.counter import Reading, asset_of, named_in
from anchorwatch.console.routes.feeds import states, when
from anchorwatch.console.routes.work_record import item_of
from anchorwatch.console.security import Person, needs
from anchorwatch.console.socket_link import Link
from anchorwatch.edges.records import json_line, plain, tame
from anchorwatch.edges.store import Event, Item
from anchorwatch.model import rfc3339
from anchorwatch.watch.room import Room

router = APIRouter()

HEARTBEAT_S = 5.0
# What the watch says is told at once; what people do is found in the store, which is looked at this often.
LOOK_EVERY_S = 0.5
PAGE = 200  # events read at once; with their alerts about 1 MB
KEPT = 2000  # events kept ready for all clients: a reconnecting client rarely missed more


class Told(NamedTuple):
    """An event as it is sent."""

    seq: int
    assets: tuple[str, ...]  # ids that its alert names
    text: str


class Tail:
    """The newest events, read from the store once for all clients."""

    def __init__(self, room: Room) -> None:
        """Take the room and be told of its changes."""
        self._room, self._lock, self._loop = room, asyncio.Lock(), asyncio.get_running_loop()
        self._told: deque[Told] = deque(maxlen=KEPT)
        self._since = self._reached = -1  # events after the one and up to the other are in `_told`
        self._looked_s = float("-inf")
        self.links: set[Link] = set()
        room.on_change.append(self._changed)

    def _changed(self) -> None:
        """Wake all clients; called from the watch's thread."""
        if self.links and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._looked_s = float("-inf")
        for link in self.links:
            link.woken.set()

    async def after(self, seq: int) -> list[Told]:
        """Return the next events after `seq`, at most a page."""
        async with self._lock:
            if self._since < 0:
                self._since = self._reached = await asyncio.to_thread(self._room.store.last_seq)
            if seq >= self._reached:
                await self._look()
            if seq >= self._since:
                return list(islice((told for told in self._told if told.seq > seq), PAGE))
        return await asyncio.to_thread(told_after, self._room, seq)

    async def _look(self) -> None:
        now_s = self._loop.time()
        if now_s - self._looked_s < LOOK_EVERY_S / 2:
            return
        page = await asyncio.to_thread(told_after, self._room, self._reached)
        self._looked_s = now_s if len(page) < PAGE else float("-inf")  # a full page: there may be more
        for told in page:
            if len(self._told) == KEPT:
                self._since = self._told[0].seq
            self._told.append(told)
            self._reached = told.seq


def told_after(room: Room, seq: int) -> list[Told]:
    """Read a page of events from the store, with their alerts as they are now."""
    events = room.store.events(seq, PAGE)
    items = {alert_id: room.store.alert(alert_id) for alert_id in {e.alert_id for e in events if e.alert_id}}
    return [_told(event, items.get(event.alert_id)) for event in events]


def _told(event: Event, item: Item | None) -> Told:
    """Return an event with its alert, in the forms of the API."""
    shown = None if item is None else item_of(item)
    message = {
        "type": "event",
        "seq": event.seq,
        "at": rfc3339(event.at_us),
        "alert_id": event.alert_id or None,
        "actor": event.actor,
        "verb": event.verb,
        "data": tame(event.data),
        "alert": None if item is None else tame(item.alert),
        "work": shown and shown.work.model_dump(mode="json"),
        "silenced": shown and shown.silenced and shown.silenced.model_dump(mode="json"),
    }
    named = [] if item is None else named_in(item.alert)
    return Told(event.seq, (*named, *filter(None, (asset_of(event),))), json_line(message))


def heartbeat(room: Room, seq: int) -> dict[str, Any]:
    """Return how the watch is: so that silence is never mistaken for calm."""
    p = room.progress
    feeds = [{"name": s.name, "healthy": s.healthy, "why": s.why, "last": s.last} for s in states(room)]
    return {
        "type": "heartbeat",
        "seq": seq,
        "time": when(p.now_us or room.clock.now_us()),
        "settled": when(p.settled_us),
        "lag_s": round(p.lag_s, 3),
        "caught_up": p.caught_up,
        "replay_of": plain(p.replay_of),
        "trouble": plain(p.trouble),
        "feeds": feeds,
    }


async def speak(link: Link, tail: Tail, room: Room, reader: Reading, after: int | None) -> None:
    """Send the events after a number, for ever, and a heartbeat every five seconds."""
    last = await asyncio.to_thread(room.store.last_seq)
    seq = last if after is None else after
    await link.send({"type": "hello", "seq": seq, "last": last, "known": seq <= last})
    seq = min(seq, last)
    loop = asyncio.get_running_loop()
    beat_s = float("-inf")
    while True:
        page = await tail.after(seq)
        await asyncio.to_thread(reader.saw, {asset for told in page for asset in told.assets})
        for told in page:
            await link.send(told.text)
            seq = told.seq
        if loop.time() - beat_s >= HEARTBEAT_S:
            beat_s = loop.time()
            await link.send(heartbeat(room, seq))
        if not page:
            await link.wait(min(LOOK_EVERY_S, beat_s + HEARTBEAT_S - loop.time()))


async def deaf(text: str) -> None:
    """Take no notice: this stream has nothing to be asked."""


@router.websocket("/api/v1/stream/alerts")
async def stream_alerts(
    websocket: WebSocket,
    person: Annotated[Person, Depends(needs("read"))],
    after: Annotated[int | None, Query(ge=0, lt=1 << 62)] = None,
) -> None:
    """Send every event after the one named, or from now on."""
    state = websocket.app.state
    if not hasattr(state, "tail"):
        state.tail = Tail(state.room)
    tail, link = state.tail, Link(websocket, person)
    tail.links.add(link)
    try:
        await link.run(lambda: speak(link, tail, state.room, Reading(person, state.room), after), deaf)
    finally:
        tail.links.discard(link)
