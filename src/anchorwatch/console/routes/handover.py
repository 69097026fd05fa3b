"""The shift handover: as JSON, as plain text, and as a page to print."""

from __future__ import annotations

from html import escape
from threading import BoundedSemaphore
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from anchorwatch.console.errors import Refusal
from anchorwatch.console.pages import FRAME
from anchorwatch.console.routes.alert_record import AlertNext
from anchorwatch.console.routes.ask import HOUR_US, SinceText, UntilText, span_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, Reading
from anchorwatch.console.routes.geojson import Utc
from anchorwatch.console.routes.work_record import Level, Silence, State, silence_of
from anchorwatch.edges.records import tame
from anchorwatch.edges.store import Item
from anchorwatch.judgement import handover
from anchorwatch.watch.room import Room

router = APIRouter(tags=["handover"], dependencies=STRICT)

USUAL_US = 12 * HOUR_US  # the longest watch
LONGEST_US = 7 * 24 * HOUR_US
# A week with ten thousands of alerts, as invented ships can raise, takes seconds: asked for again and again it must not
# take the machine from the watch.
_at_a_time, TURN_S = BoundedSemaphore(2), 0.5
MOST_OPEN = 5000  # a watch with more open alerts has another problem than handing them over


class HandedAlert(BaseModel):
    """An alert in a handover."""

    id: str
    level: Level
    kind: str
    status: str
    raised: Utc
    explanation: str
    next: list[AlertNext]
    state: State
    assigned_to: str
    escalated_to: str
    disposition: str
    cause: str
    handed_to: str
    closed_by: str
    radio: int
    notes: int
    mmsi: int
    vessel: str
    assets: list[str]


class OpenAlerts(BaseModel):
    """Open alerts by level."""

    alarm: list[HandedAlert]
    warning: list[HandedAlert]
    caution: list[HandedAlert]


class HandedLine(BaseModel):
    """A line of the history."""

    seq: int
    at: Utc
    alert: str
    verb: str
    data: dict[str, JsonValue]


class HandedPerson(BaseModel):
    """What one person did."""

    by: str
    verbs: dict[str, int]
    acts: list[HandedLine]


class Handover(BaseModel):
    """What the next shift must know (anchorwatch.handover/1)."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["anchorwatch.handover/1"] = Field(alias="schema")
    since: Utc
    until: Utc
    open: OpenAlerts
    raised: int
    closed: list[HandedAlert]
    withdrawn: list[HandedAlert]
    done: list[HandedPerson]
    silences: list[Silence]
    watch: list[HandedLine] = Field(description="What the watch itself said: feeds lost and found, ...")
    not_notified: list[HandedLine] = Field(description="What could not be sent to anybody")
    next: list[str] = Field(description="What to watch next, in words")


def shift(room: Room, reader: Reading, since: str | None, until: str | None) -> tuple[dict[str, Any], Handover]:
    """Return the handover as the rules make it, and as it goes out."""
    if not _at_a_time.acquire(timeout=TURN_S):
        raise Refusal(503, "other handovers are being made", "", "Try again in some seconds.", {"Retry-After": "3"})
    try:
        return _shift(room, reader, since, until)
    finally:
        _at_a_time.release()


def _shift(room: Room, reader: Reading, since: str | None, until: str | None) -> tuple[dict[str, Any], Handover]:
    first, last = span_us(since, until, room.clock.now_us(), USUAL_US, LONGEST_US)
    events = room.store.between(first, last + 1)
    items = {i.alert["id"]: i for i in _open(room)}
    others = {e.alert_id for e in events if e.alert_id} - items.keys()
    items |= {i.alert["id"]: i for i in room.store.several(others)}
    reader.saw_alerts(i.alert for i in items.values())
    reader.saw_events(events)
    running = room.store.silences()
    reader.saw(s.asset for s in running)
    handed = [handover.Handed(i.alert, i.work) for i in items.values()]
    record = handover.shift(handed, events, running, first, last)
    return record, Handover.model_validate(tame(record) | {"silences": [silence_of(s) for s in running]})


def _open(room: Room) -> list[Item]:
    found: list[Item] = []
    while len(found) < MOST_OPEN:
        page = room.store.alerts(state="open", limit=1000, after=found[-1].alert["id"] if found else None)
        found += page
        if len(page) < 1000:
            break
    return found


@router.get(
    "/api/v1/handover",
    operation_id="get_handover",
    response_model=Handover,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_handover(
    room: Here, reader: Reader, request: Request, since: SinceText = None, until: UntilText = None
) -> Handover | Response:
    """Return what the next shift must know; nothing said = the last 12 hours. Plain text with Accept: text/plain."""
    record, said = shift(room, reader, since, until)
    accepted = request.headers.get("accept", "")
    if "text/plain" in accepted and "json" not in accepted:
        return PlainTextResponse(handover.as_text(record))
    return said


@router.get(
    "/handover",
    operation_id="get_handover_page",
    response_class=Response,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "A page"}},
)
def get_handover_page(room: Here, reader: Reader, since: SinceText = None, until: UntilText = None) -> HTMLResponse:
    """Return the handover as a page to print."""
    record, _ = shift(room, reader, since, until)
    body = f"<main><pre>{escape(handover.as_text(record))}</pre></main>"
    return HTMLResponse(FRAME.format(title="Anchorwatch: handover", body=body))
