"""How the watch is, in one answer; and whether the process lives and is ready, for those who start it again."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from anchorwatch import __version__
from anchorwatch.console.routes.counter import STRICT, Here, Reader, picture_us, room_of
from anchorwatch.console.routes.feeds import states, when
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.work_record import Level, State
from anchorwatch.edges.records import plain
from anchorwatch.model import rfc3339
from anchorwatch.watch.room import Demo, Room

router = APIRouter(tags=["status"], dependencies=STRICT)


class FeedBrief(BaseModel):
    """A feed in a word."""

    name: str
    healthy: bool
    why: str = Field(description="Why it is not healthy; empty = healthy")


class Me(BaseModel):
    """Who asks."""

    name: str
    role: Literal["viewer", "officer", "supervisor", "admin"]
    may: list[str] = Field(description="read, work, supervise, admin, metrics")


class AlertCount(BaseModel):
    """How many alerts there are of a level in a state."""

    level: Level
    state: State
    count: int


class DemoSaid(BaseModel):
    """What a demonstration shows: the page's tour speaks of it."""

    title: str
    text: str = Field(description="What is replayed, and what it is not")
    ship_mmsi: int = Field(description="The ship that it is about")
    ship_name: str
    first_alert_expected: Utc = Field(description="Time of the picture at which the first alert about her shows")
    speed: float = Field(description="Data seconds a second, from shortly before that on")


class Status(BaseModel):
    """How the watch is."""

    version: str
    me: Me
    started: Utc | None
    time: Utc = Field(description="The time of the picture: now, in a replay that of the data")
    settled: Utc | None = Field(description="Everything before this is judged")
    caught_up: bool = Field(description="false while the raw log is read again after a start")
    replay_of: str = Field(description="What is replayed; empty = live")
    lag_s: float = Field(description="From arrival to having gone through the detectors, lately")
    checkpoint: Utc | None
    vessels: int
    positions: int = Field(description="Taken in since the start")
    queue_bytes: int = Field(description="Received and waiting")
    trouble: str = Field(description="What the officer must know; empty = nothing")
    alerts: list[AlertCount] = Field(description="Level and state; what is not there has none")
    feeds: list[FeedBrief]
    demo: DemoSaid | None = Field(description="Of `anchorwatch demo`; null = this is no demonstration")


class Alive(Answer):
    """The process answers."""

    alive: Literal[True] = True


class Ready(BaseModel):
    """Whether what is shown can be relied on."""

    ready: bool
    reasons: list[str] = Field(description="Why not, in words")


@router.get("/api/v1/status", operation_id="get_status")
def get_status(room: Here, reader: Reader) -> Status:
    """Return how the watch is. A calm list of alerts means something only while this is well."""
    p, person = room.progress, reader.person
    needs = ("read", "work", "supervise", "admin", "metrics")
    return Status(
        version=__version__,
        me=Me.model_validate({"name": person.name, "role": person.role, "may": [n for n in needs if person.may(n)]}),
        started=when(p.started_us),
        time=rfc3339(picture_us(room)),
        settled=when(p.settled_us),
        caught_up=p.caught_up,
        replay_of=plain(p.replay_of),
        lag_s=round(p.lag_s, 3),
        checkpoint=when(p.checkpoint_us),
        vessels=len(room.latest),
        positions=p.positions,
        queue_bytes=p.queue_bytes,
        trouble=plain(p.trouble),
        alerts=[
            AlertCount.model_validate({"level": level, "state": state, "count": count})
            for (level, state), count in sorted(room.store.counts().items())
        ],
        feeds=[FeedBrief(name=s.name, healthy=s.healthy, why=s.why) for s in states(room)],
        demo=None if room.demo is None else demo_of(room.demo),
    )


def demo_of(demo: Demo) -> DemoSaid:
    """Return a demonstration as it goes out."""
    return DemoSaid(
        title=plain(demo.title),
        text=demo.text,
        ship_mmsi=demo.ship_mmsi,
        ship_name=plain(demo.ship_name),
        first_alert_expected=rfc3339(demo.first_alert_us),
        speed=demo.speed,
    )


def not_ready(room: Room) -> list[str]:
    """Return why the watch cannot be relied on now; empty = it can."""
    reasons = []
    if not room.progress.caught_up:
        reasons.append("catching up: the raw log is read again after the start")
    # Strangers read this: no paths, no names of feeds, nothing of what a service or a disk said. One feed of several
    # that fails makes nothing unreliable that is not said beside it.
    kinds = sorted({kind.partition(" ")[0] for kind in list(room.progress.troubles)} - {"feed"})
    reasons += [f"trouble: {kind} (after login, /api/v1/status says what)" for kind in kinds]
    feeds = [] if room.progress.replay_of else states(room)
    if feeds and not any(s.healthy for s in feeds):
        reasons.append("no feed is healthy")
    return reasons


@router.get("/healthz", operation_id="get_health", tags=["open"])
def get_health() -> Alive:
    """Return that the process is alive. Needs no login."""
    return Alive()


@router.get("/readyz", operation_id="get_ready", tags=["open"], responses={503: {"model": Ready}})
def get_ready(request: Request, response: Response) -> Ready:
    """Return 200 when what is shown can be relied on, else 503 and why. Needs no login."""
    reasons = not_ready(room_of(request))
    response.status_code = 503 if reasons else 200
    return Ready(ready=not reasons, reasons=reasons)
