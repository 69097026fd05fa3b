"""The timeline: how much was heard when, when alerts were raised, when feeds were silent."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from anchorwatch.console.routes.ask import HOUR_US, SinceText, UntilText, span_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, picture_us
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.edges.history_heard import Heard
from anchorwatch.edges.history_parts import SLOT_US
from anchorwatch.edges.records import plain
from anchorwatch.errors import BadUse
from anchorwatch.model import rfc3339
from anchorwatch.watch.feed_silences import silent_spans
from anchorwatch.watch.room import Room

router = APIRouter(prefix="/api/v1", tags=["time"], dependencies=STRICT)

MOST_SLOTS = 1000
LONGEST_US = 31 * 24 * HOUR_US
STEPS_S = (60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
USUAL_SLOTS = 300  # a bar of some pixels each on any screen


class Raised(Answer):
    """Alerts raised, by the level that they have now; withdrawn ones are left out."""

    caution: int = 0
    warning: int = 0
    alarm: int = 0


class TimelineSlot(BaseModel):
    """One step of the timeline."""

    time: Utc = Field(description="Its beginning")
    vessels: float | None = Field(
        description="Vessels heard in five minutes, on average over the step, so that all steps compare; "
        "null = not counted yet (ask again), or still to come"
    )
    raised: Raised
    silent: list[str] = Field(description="Feeds that were lost or silent for part of it, as the watch noted then")


class Timeline(BaseModel):
    """What was heard and said over a span."""

    since: Utc = Field(description="Beginning of the first slot: whole steps since 1970")
    until: Utc = Field(description="End of the last slot")
    step_s: int
    first: Utc | None = Field(description="Oldest place in the history; null = it is empty")
    last: Utc | None = Field(description="Newest place in the history")
    counting: bool = Field(description="Some slots are not counted yet: ask again and there will be more")
    slots: list[TimelineSlot]


@router.get("/timeline", operation_id="get_timeline")
def get_timeline(
    request: Request,
    room: Here,
    reader: Reader,
    since: SinceText = None,
    until: UntilText = None,
    step_s: Annotated[
        int | None, Query(ge=60, le=86_400, description=f"At most {MOST_SLOTS} slots; nothing said = some hundred")
    ] = None,
) -> Timeline:
    """Return a span in slots, at most 31 days; nothing said = the last 24 hours."""
    now_us = picture_us(room)
    since_us, until_us = span_us(since, until, now_us, 24 * HOUR_US, LONGEST_US)
    step_us = 1_000_000 * (step_s or next(s for s in STEPS_S if (until_us - since_us) <= s * 1_000_000 * USUAL_SLOTS))
    first, behind = since_us // step_us, max(-(-until_us // step_us), since_us // step_us + 1)
    if behind - first > MOST_SLOTS:
        raise BadUse(f"that would be {behind - first} slots", "step_s", f"Use longer steps: {MOST_SLOTS} at most")
    begins_us = np.arange(first, behind) * step_us
    vessels = _vessels(request.app.state.heard, begins_us, step_us, now_us, _now(room, now_us))
    raised = [Raised() for _ in begins_us]
    for number, level, count in room.store.raised(int(begins_us[0]), behind * step_us, step_us):
        setattr(raised[number], level, count)
    silent = _silent(room, begins_us, step_us, now_us)
    ends = room.history.ends_us()
    return Timeline(
        since=rfc3339(first * step_us),
        until=rfc3339(behind * step_us),
        step_s=step_us // 1_000_000,
        first=None if ends is None else rfc3339(ends[0]),
        last=None if ends is None else rfc3339(ends[1]),
        counting=any(v is None and b < now_us for v, b in zip(vessels, begins_us, strict=True)),
        slots=[
            TimelineSlot(time=rfc3339(int(b)), vessels=v, raised=r, silent=s)
            for b, v, r, s in zip(begins_us, vessels, raised, silent, strict=True)
        ],
    )


def _now(room: Room, now_us: int) -> int:
    """Return the vessels heard in the five minutes up to now."""
    times_us = room.latest.rows()["time_us"]
    return int(((times_us > now_us - SLOT_US) & (times_us <= now_us)).sum())


def _vessels(heard: Heard, begins_us: np.ndarray, step_us: int, now_us: int, running: int) -> list[float | None]:
    """Return the vessels heard in five minutes of each step, on average over those that are over.

    Of five minutes that run a part is heard yet, which would look like a silence: a step of no other has those of the
    last five minutes (`running`).
    """
    since_us, until_us = int(begins_us[0]), int(begins_us[-1]) + step_us
    counts = heard.counts(since_us, until_us)
    slot0 = since_us // SLOT_US
    found: list[float | None] = []
    over = max(0, now_us // SLOT_US - slot0)
    for begin_us in begins_us.tolist():
        low = begin_us // SLOT_US - slot0
        high = max(low + 1, -(-(begin_us + step_us) // SLOT_US) - slot0)
        part = counts[low : min(high, over)]
        if begin_us > now_us or (part < 0).any():
            found.append(None)
        else:
            found.append(round(float(part.mean()), 1) if len(part) else float(running))
    return found


def _silent(room: Room, begins_us: np.ndarray, step_us: int, now_us: int) -> list[list[str]]:
    """Return the feeds that were silent for part of each step."""
    silent: list[set[str]] = [set() for _ in begins_us]
    first_us, last = int(begins_us[0]), len(begins_us) - 1
    for span in silent_spans(room.store):
        until_us = now_us if span.until_us is None else span.until_us
        low, high = (span.since_us - first_us) // step_us, (until_us - first_us) // step_us
        for number in range(max(0, low), min(high, last) + 1):
            silent[number].add(plain(span.feed))
    return [sorted(feeds) for feeds in silent]
