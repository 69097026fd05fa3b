"""What every route stands on: the room, the person who asks, and the note of what restricted things they saw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Request

from anchorwatch.console.errors import Refusal
from anchorwatch.console.security import Person, audit_reading, needs
from anchorwatch.judgement.work import Actor, Event
from anchorwatch.watch.room import Room

PUBLIC = "public"


def room_of(request: Request) -> Room:
    """Return the watch room of the application."""
    room: Room = request.app.state.room
    return room


def picture_us(room: Room) -> int:
    """Return the time of the picture; that of the clock while the watch has not said any."""
    return room.progress.now_us or room.clock.now_us()


def known_only(request: Request) -> None:
    """Refuse a parameter that the route does not know: a filter misspelt would else go unnoticed."""
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    if dependant is None:
        return
    known = {p.alias for p in dependant.query_params}
    for dependency in dependant.dependencies:
        known |= {p.alias for p in dependency.query_params}
    for name in request.query_params:
        if name not in known:
            raise Refusal(400, f"unknown parameter {name[:40]!r}", "query", f"Known are {', '.join(sorted(known))}")
    if any("\0" in text for text in (*request.query_params.values(), *map(str, request.path_params.values()))):
        raise Refusal(400, "the address holds a NUL character", "query", "Leave it out")  # databases differ on it


class Reading:
    """One person reading: what they see of restricted assets is written down."""

    def __init__(self, person: Person, room: Room) -> None:
        """Take who reads, and where."""
        self.person, self.room = person, room

    def saw(self, assets: Iterable[str | None]) -> None:
        """Note the assets (ids) that an answer names, where they are not public."""
        chart = self.room.chart
        for asset_id in sorted({a for a in assets if a is not None and a in chart.index}):
            if chart.asset(asset_id).releasability != PUBLIC:
                audit_reading(self.person, "read asset", asset_id)

    def saw_events(self, events: Iterable[Event]) -> None:
        """Note the assets that events of no alert name: a silence may be for one."""
        self.saw(asset_of(event) for event in events)

    def saw_alerts(self, alerts: Iterable[dict[str, object]]) -> None:
        """Note the assets that alerts (anchorwatch.alert/1) name."""
        self.saw(asset_id for alert in alerts for asset_id in named_in(alert))


def asset_of(event: Event) -> str | None:
    """Return the id of the asset that an event itself names, as a silence does."""
    asset = event.data.get("asset")
    return asset if isinstance(asset, str) else None


def named_in(alert: dict[str, object]) -> list[str]:
    """Return the ids of the assets that an alert names, also those ahead."""
    assets, ahead = alert.get("assets"), alert.get("next")
    ids = [a.get("id") for a in assets if isinstance(a, dict)] if isinstance(assets, list) else []
    ids += [a.get("asset") for a in ahead if isinstance(a, dict)] if isinstance(ahead, list) else []
    return [i for i in ids if isinstance(i, str)]


Here = Annotated[Room, Depends(room_of)]
Worker = Annotated[Person, Depends(needs("work"))]


def reading(room: Here, person: Annotated[Person, Depends(needs("read"))]) -> Reading:
    """Let in who may read."""
    if room.demo is not None:
        room.demo.opened.set()  # it waits for somebody who looks
    return Reading(person, room)


Reader = Annotated[Reading, Depends(reading)]
STRICT = [Depends(known_only)]


def not_found(what: str, where: str, next_step: str = "") -> Refusal:
    """Return the refusal of something that is not there."""
    return Refusal(404, what, where, next_step)


def actor(person: Person) -> Actor:
    """Return a person as the rules of work know them."""
    return Actor(person.name, person.role)
