"""Silences: what need not be notified for a while, always with an end and a reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from anchorwatch.console.errors import Refusal
from anchorwatch.console.routes.ask import time_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, Worker, actor, not_found
from anchorwatch.console.routes.work_record import Silence, SilenceWish, silence_of
from anchorwatch.judgement import work

router = APIRouter(prefix="/api/v1/silences", tags=["silences"], dependencies=STRICT)

MOST = 1000


class Silences(BaseModel):
    """Silences, the one that ends last first."""

    silences: list[Silence]


@router.get("", operation_id="list_silences")
def list_silences(
    room: Here, reader: Reader, ended: Annotated[bool, Query(description="Also those that are over")] = False
) -> Silences:
    """List the silences in force."""
    found = room.store.silences(ended=ended)[:MOST]
    reader.saw(s.asset for s in found)
    return Silences(silences=[silence_of(s) for s in found])


@router.post("", operation_id="begin_silence", status_code=201)
def begin_silence(wish: SilenceWish, room: Here, person: Worker) -> Silence:
    """Begin a silence. Alarms are silenced by a supervisor only; nothing is silenced for longer than 24 hours."""
    if wish.asset is not None and wish.asset not in room.chart.index:
        raise not_found(f"no asset {wish.asset!r}", "asset", "See /api/v1/assets")
    asked = work.Silence(
        id="",
        by=person.name,
        at_us=0,
        until_us=time_us(wish.until, "until"),
        reason=wish.reason,
        mmsi=wish.mmsi,
        asset=wish.asset,
        area=tuple(wish.area),
        kinds=tuple(wish.kinds),
        level=wish.level,
    )
    return silence_of(room.store.silence(asked, actor(person)))


@router.delete("/{silence_id}", operation_id="end_silence")
def end_silence(silence_id: Annotated[str, Path(max_length=100)], room: Here, person: Worker) -> Silence:
    """End a silence before its time."""
    if all(s.id != silence_id for s in room.store.silences()):
        raise not_found(f"no silence {silence_id!r} is in force", "silence_id", "See /api/v1/silences")
    try:
        return silence_of(room.store.unsilence(silence_id, actor(person)))
    except work.Refused as refused:
        raise Refusal(409, refused.what, silence_id, refused.next_step) from refused
