"""Alerts: the list, one alert, its history, and what people do about them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from anchorwatch.console.errors import Refusal
from anchorwatch.console.routes.alert_record import Alert
from anchorwatch.console.routes.ask import SinceText, UntilText, time_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, Reading, Worker, actor, not_found
from anchorwatch.console.routes.vessel_record import Mmsi
from anchorwatch.console.routes.work_record import Action, Event, Item, Level, SeenAction, event_of, item_of
from anchorwatch.edges.records import tame
from anchorwatch.edges.store import Item as StoredItem
from anchorwatch.judgement import work
from anchorwatch.watch.room import Room

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"], dependencies=STRICT)

AlertId = Annotated[str, Path(max_length=100, examples=["a1-7c3e0f12ab34"])]
StateAsked = Literal["open", "new", "acknowledged", "in_hand", "escalated", "closed"]
MOST_AT_ONCE = 200  # each is a transaction of its own, written through to the disk


class Items(BaseModel):
    """A page of alerts."""

    alerts: list[Item]
    next: str | None = Field(description="Give this as `after` for the next page; null = that was all")


class Events(BaseModel):
    """The history of an alert, in order."""

    events: list[Event]


class Done(BaseModel):
    """What an action has led to."""

    event: Event
    item: Item


class SeenAlert(BaseModel):
    """An alert as somebody saw it."""

    id: str = Field(max_length=100)
    seen: int | None = Field(None, ge=0, lt=1 << 62, description="Its `seq` as you saw it")


class BulkAction(BaseModel):
    """One action on several alerts; each is done or refused by itself."""

    alerts: list[SeenAlert] = Field(min_length=1, max_length=MOST_AT_ONCE)
    action: Action


class BulkOutcome(BaseModel):
    """What became of the action on one alert."""

    id: str
    event: Event | None = Field(description="null = refused")
    refused: str = Field(description="Why; empty = done")


class BulkDone(BaseModel):
    """What became of an action on several alerts, in the order asked."""

    outcomes: list[BulkOutcome]


@router.get("", operation_id="list_alerts")
def list_alerts(
    room: Here,
    reader: Reader,
    state: Annotated[
        list[StateAsked] | None,
        Query(max_length=6, description="One or several; open = all but closed"),
    ] = None,
    level: Annotated[list[Level] | None, Query(max_length=3)] = None,
    kind: Annotated[
        list[str] | None, Query(max_length=30, description="anchor_drag, ais_gap, zone_breach, ...")
    ] = None,
    mmsi: Annotated[Mmsi | None, Query()] = None,
    asset: Annotated[str | None, Query(max_length=200, description="Id of an asset that the alert names")] = None,
    since: SinceText = None,
    until: UntilText = None,
    q: Annotated[
        str | None, Query(max_length=100, description="In name, MMSI, IMO, call sign, kind, asset or explanation")
    ] = None,
    order: Annotated[
        Literal["raised", "level", "changed"], Query(description="Newest, worst or last changed first")
    ] = "raised",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[str | None, Query(max_length=100, description="`next` of the page before")] = None,
) -> Items:
    """List alerts with the work on them, a page at a time."""
    states: str | list[str] | None = [s for s in state if s != "open"] if state else None
    if state and "open" in state:
        states = "open" if "closed" not in state else None
    found = room.store.alerts(
        state=states,
        level=list(level) if level else None,
        kind=kind or None,
        mmsi=mmsi,
        asset=asset,
        since_us=None if since is None else time_us(since, "since"),
        until_us=None if until is None else time_us(until, "until"),
        text=q or None,
        order=order,
        limit=limit,
        after=after,
    )
    reader.saw_alerts(i.alert for i in found)
    return Items(alerts=[item_of(i) for i in found], next=found[-1].alert["id"] if len(found) == limit else None)


@router.get("/{alert_id}", operation_id="get_alert")
def get_alert(alert_id: AlertId, room: Here, reader: Reader) -> Item:
    """Return one alert with the work on it."""
    return item_of(stored(alert_id, room, reader))


@router.get("/{alert_id}/history", operation_id="get_alert_history")
def get_alert_history(alert_id: AlertId, room: Here, reader: Reader) -> Events:
    """Return everything that was said and done about an alert, in order."""
    stored(alert_id, room, reader)
    return Events(events=[event_of(e) for e in room.store.history(alert_id)])


@router.get("/{alert_id}/as-of/{seq}", operation_id="get_alert_as_of")
def get_alert_as_of(
    alert_id: AlertId, seq: Annotated[int, Path(ge=1, lt=1 << 62)], room: Here, reader: Reader
) -> Alert:
    """Return an alert as it was shown when event `seq` was written: what a person knew who acted then."""
    stored(alert_id, room, reader)
    record = room.store.as_of(alert_id, seq)
    if record is None:
        raise Refusal(404, "it had not been shown then", alert_id, "The history has its events")
    reader.saw_alerts([record])  # it may have named others then
    return Alert.model_validate(tame(record))


@router.post("/{alert_id}/actions", operation_id="act_on_alert")
def act_on_alert(alert_id: AlertId, action: SeenAction, room: Here, person: Worker) -> Done:
    """Do something about an alert. 409 where another person was first, or where it makes no sense now."""
    reader = Reading(person, room)
    stored(alert_id, room, reader)
    wanted = action.as_work()
    try:
        event = room.store.act(alert_id, wanted, actor(person), seen=action.seen)
    except work.Refused as refused:
        raise Refusal(409, refused.what, alert_id, refused.next_step) from refused
    return Done(event=event_of(event), item=item_of(stored(alert_id, room, reader)))


@router.post("/actions", operation_id="act_on_alerts")
def act_on_alerts(bulk: BulkAction, room: Here, person: Worker) -> BulkDone:
    """Do the same about several alerts, e.g. acknowledge a screenful. Each is done or refused by itself."""
    wanted = bulk.action.as_work()
    return BulkDone(outcomes=[_one_of_bulk(a, wanted, room, person) for a in bulk.alerts])


def _one_of_bulk(alert: SeenAlert, wanted: work.Action, room: Room, person: Worker) -> BulkOutcome:
    # A key names one action, so each alert gets its own.
    own = work.Action(wanted.verb, wanted.data, f"{wanted.key}/{alert.id}" if wanted.key else "")
    try:
        event = room.store.act(alert.id, own, actor(person), seen=alert.seen)
    except work.Refused as refused:
        return BulkOutcome(id=alert.id, event=None, refused=str(refused))
    return BulkOutcome(id=alert.id, event=event_of(event), refused="")


def stored(alert_id: str, room: Room, reader: Reading) -> StoredItem:
    """Return an alert of the store, noted as read; 404 where there is none."""
    item = room.store.alert(alert_id)
    if item is None:
        raise not_found(f"no alert {alert_id!r}", "alert_id", "See /api/v1/alerts")
    reader.saw_alerts([item.alert])
    return item
