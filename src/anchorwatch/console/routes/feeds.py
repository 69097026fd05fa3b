"""The feeds: how each is, what it rejects, how far its clock is off, where it hears."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found, picture_us
from anchorwatch.console.routes.geojson import Utc
from anchorwatch.edges.feeds import Feed, unhealthy
from anchorwatch.edges.records import plain
from anchorwatch.model import rfc3339
from anchorwatch.picture.coverage import ALSO, CELLS_PER_LAT_DEG, CELLS_PER_LON_DEG, SLOT_US
from anchorwatch.watch.room import FeedTimes, Room

router = APIRouter(prefix="/api/v1/feeds", tags=["feeds"], dependencies=STRICT)


class FeedState(BaseModel):
    """One source of traffic, how it is and what came from it since the start."""

    name: str
    url: str = Field(description="Without secrets")
    healthy: bool
    why: str = Field(description="Why it is not healthy, in words; empty = healthy")
    note: str = Field(description="What else is to be known of a healthy feed: messages lost, picture at start missing")
    state: str = Field(description="connecting, connected, waiting (to try again) or ended")
    since: Utc | None = Field(description="In this state since")
    last: Utc | None = Field(description="When something last arrived; null = never")
    silent_after_s: float = Field(description="Connected, but nothing for so long: not healthy")
    hold_back_s: float = Field(description="How late its rows may come and still be put in order")
    policy: str = Field(description="What this source leaves out by rule; empty = nothing known")
    connects: int
    lines: int
    bytes: int
    rows: int = Field(description="Positions decoded")
    rejects: dict[str, int] = Field(description="Lines that could not be read, by reason")
    duplicates: int = Field(description="Rows that another feed had brought already")
    late: int = Field(description="Rows that came after their time had been judged; kept in the raw log")
    newest: Utc | None = Field(description="Newest time that its rows state")
    watermark: Utc | None = Field(description="Up to here nothing of it is waited for")
    clock_error_s: float | None = Field(description="How far its times are ahead; null = not known")
    clock_from: str = Field(description="What that was measured against")


class FeedStates(BaseModel):
    """All feeds."""

    feeds: list[FeedState]


class CoverageCell(BaseModel):
    """A cell of the sea where vessels were heard."""

    west_deg: float
    south_deg: float
    slots: int = Field(description="Slots of ten minutes in which anything was heard")
    vessels: float = Field(
        description="Vessels heard in such a slot, on average; all feeds: one heard by two counts twice"
    )
    last: Utc = Field(description="End of the last slot with anything heard")


class CoverageCells(BaseModel):
    """Where vessels were heard: absence means something only there."""

    feed: str | None = Field(description="null = all feeds together")
    hours: float
    cell_lon_deg: float = Field(description="Size of a cell")
    cell_lat_deg: float
    cells: list[CoverageCell]


def state_of(feed: Feed, times: FeedTimes, now_us: int) -> FeedState:
    """Return a feed as it goes out."""
    health, why = feed.health, unhealthy(feed, now_us)
    return FeedState(
        name=feed.name,
        url=plain(feed.url),
        healthy=not why,
        why=why,
        note="" if why else plain(health.trouble),
        state=health.state,
        since=when(health.since_us),
        last=when(health.last_us),
        silent_after_s=feed.silent_after_s,
        hold_back_s=feed.hold_back_s,
        policy=feed.policy,
        connects=health.connects,
        lines=health.lines,
        bytes=health.bytes,
        rows=times.rows,
        rejects=dict(times.rejects),
        duplicates=times.duplicates,
        late=times.late,
        newest=when(times.newest_us),
        watermark=when(times.watermark_us),
        clock_error_s=round(times.clock_error_s, 3) if math.isfinite(times.clock_error_s) else None,
        clock_from=times.clock_from,
    )


def when(time_us: int) -> str | None:
    """Return a time, or None for 0: never."""
    return rfc3339(time_us) if time_us > 0 else None


def states(room: Room) -> list[FeedState]:
    """Return every feed as it is now."""
    now_us = room.clock.now_us()
    return [state_of(f, room.progress.feeds.get(f.name, FeedTimes()), now_us) for f in room.feeds]


@router.get("", operation_id="list_feeds")
def list_feeds(room: Here, reader: Reader) -> FeedStates:
    """List the feeds; one that is connected but silent is not healthy."""
    return FeedStates(feeds=states(room))


@router.get("/coverage", operation_id="get_coverage")
def get_coverage(
    room: Here,
    reader: Reader,
    feed: Annotated[str | None, Query(max_length=80, description="Name of a feed; nothing = all together")] = None,
    hours: Annotated[float, Query(gt=0, le=96, description="Up to now")] = 24.0,
) -> CoverageCells:
    """Return where a feed hears, learned from what it heard."""
    numbers = {name: number for number, name in room.feed_names().items()}
    if feed is not None and feed not in numbers:
        raise not_found(f"no feed {feed[:60]!r}", "feed", f"Feeds are {', '.join(numbers)}")
    noted, counts = room.coverage.keys, room.coverage.vessels
    keep = noted[:, 1] >= (picture_us(room) - hours * 3.6e9) // SLOT_US
    if feed is not None:
        keep &= noted[:, 2] % ALSO == numbers[feed]
    else:
        keep &= noted[:, 2] < ALSO
    return CoverageCells(
        feed=feed,
        hours=hours,
        cell_lon_deg=1 / CELLS_PER_LON_DEG,
        cell_lat_deg=1 / CELLS_PER_LAT_DEG,
        cells=_cells(noted[keep], counts[keep]),
    )


def _cells(
    noted: np.ndarray[tuple[int, int], np.dtype[np.int64]], counts: np.ndarray[tuple[int], np.dtype[np.int32]]
) -> list[CoverageCell]:
    """Return cells of notes (cell, slot, source), sorted by cell and slot."""
    if not len(noted):
        return []
    begins = np.flatnonzero(np.r_[True, noted[1:, 0] != noted[:-1, 0]])
    fresh = np.r_[True, (noted[1:, :2] != noted[:-1, :2]).any(axis=1)]
    slots, vessels = np.add.reduceat(fresh, begins, dtype=np.int64), np.add.reduceat(counts, begins)
    last = np.maximum.reduceat(noted[:, 1], begins)
    return [
        CoverageCell(
            west_deg=round(cell % 4096 / CELLS_PER_LON_DEG - 180.0, 3),
            south_deg=round(cell // 4096 / CELLS_PER_LAT_DEG - 90.0, 3),
            slots=n,
            vessels=round(v / n, 1),
            last=rfc3339((slot + 1) * SLOT_US),
        )
        for cell, n, v, slot in zip(
            noted[begins, 0].tolist(), slots.tolist(), vessels.tolist(), last.tolist(), strict=True
        )
    ]
