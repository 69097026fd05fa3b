"""The feeds of reports that are polled: how each is, and why not well."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from anchorwatch.console.routes.counter import STRICT, Reader
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.report_record import time_or_none
from anchorwatch.console.routes.reports import DeskHere
from anchorwatch.edges.records import tame

router = APIRouter(prefix="/api/v1/press", tags=["reports"], dependencies=STRICT)


class PressFeed(Answer):
    """A feed of reports."""

    url: str = Field(description="Without secrets")
    source: str = Field(description="Its name")
    well: bool
    why: str = Field(description="Why not; empty = well")
    last_ok: Utc | None = Field(description="When it answered last; null = never")
    next: Utc | None = Field(description="When it is asked again")
    new: int = Field(description="Reports since the start")
    known: int = Field(description="Reports that were known already")
    rejects: dict[str, int] = Field(description="What was no report, by reason")
    notes: dict[str, int] = Field(description="What was changed in reports or left out of them, by reason")


class PressFeeds(Answer):
    """The feeds of reports; empty where the watch polls none."""

    feeds: list[PressFeed]
    reports: int = Field(description="All that are kept")


@router.get("", operation_id="list_press")
def list_press(desk: DeskHere, reader: Reader) -> PressFeeds:
    """List the feeds of reports, and how each is."""
    health = desk.poll.health() if desk.poll is not None else []
    feeds = [
        PressFeed(
            url=tame(h.url),
            source=tame(h.source),
            well=not h.why,
            why=tame(h.why),
            last_ok=time_or_none(h.last_ok_us or None),
            next=time_or_none(h.next_us or None),
            new=h.new,
            known=h.known,
            rejects=tame(h.rejects),
            notes=tame(h.notes),
        )
        for h in health
    ]
    return PressFeeds(feeds=feeds, reports=desk.reports.state()[0])
