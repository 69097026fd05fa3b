"""Who a vessel has said it is over time, and what watch lists say of it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from anchorwatch.console.identity import Listed, listings_of, said_of, same_imo_of
from anchorwatch.console.routes.counter import STRICT, Here, Reader, picture_us
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.vessel_record import Mmsi
from anchorwatch.edges.records import plain
from anchorwatch.model import LEVELS, rfc3339

router = APIRouter(prefix="/api/v1", tags=["vessels"], dependencies=STRICT)

SaidField = Literal["name", "callsign", "imo", "ship_type", "ship_class", "length_m", "beam_m", "destination"]


class SaidValue(Answer):
    """One value that a vessel gave. Heard once only, it may be a garbled message. Show it as text."""

    field: SaidField
    value: str = Field(description="Numbers in plain digits")
    since: Utc = Field(description="First heard")
    until: Utc = Field(description="Last heard; what it gives now: its last place")
    times: int = Field(description="How often it was heard; tables say a value once, not with every place")


class Listing(Answer):
    """An entry of a watch list that is, or may be, about this vessel. It says something of papers, not of anchors."""

    file: str
    list: str = Field(description="Who lists it")
    layout: str
    dated: Utc = Field(description="How old the list is")
    dated_by: Literal["contents", "file"] = Field(description="file: only the file's own time is known")
    matched_by: Literal["imo", "mmsi", "name_and_flag"]
    sure: bool = Field(description="false: by name only, or the MMSI fits and the IMO numbers differ")
    former: bool = Field(description="Matched by a name or an IMO number that the vessel gave earlier, not by today's")
    name: str = Field(description="On the list")
    imo: int | None
    flag: str
    note: str
    since: Utc | None = Field(description="Listed since; null = the list does not say")


class SameImo(Answer):
    """Another MMSI that gave the same IMO number: a new flag, a spare radio, or a borrowed identity."""

    mmsi: int
    name: str
    imo: int


class LevelCounts(Answer):
    """How many alerts, by level."""

    caution: int = 0
    warning: int = 0
    alarm: int = 0


class Identity(Answer):
    """What is known of who a vessel is. Nothing heard = empty lists."""

    mmsi: int
    said: list[SaidValue] = Field(description="By field, last heard first; at most 40 values of each")
    listings: list[Listing] = Field(description="The surest first")
    lists: int = Field(description="Watch lists that were looked at; 0 = none is loaded")
    same_imo: list[SameImo]
    alerts: LevelCounts = Field(description="All that there ever were, withdrawn and closed ones, too")


@router.get("/vessels/{mmsi}/identity", operation_id="get_identity")
def get_identity(mmsi: Mmsi, room: Here, reader: Reader) -> Identity:
    """Return who a vessel has said it is over time, its listings, who shares its IMO number, its alerts by level."""
    said = said_of(room, mmsi)
    counts = room.store.counts_of(mmsi=mmsi)
    return Identity(
        mmsi=mmsi,
        said=[
            SaidValue(
                field=s.field,  # type: ignore[arg-type]  # the record holds no other
                value=plain(s.value),
                since=rfc3339(s.since_us),
                until=rfc3339(s.until_us),
                times=s.times,
            )
            for s in said
        ],
        listings=[_listing(found) for found in listings_of(room, mmsi, said, picture_us(room))],
        lists=len(room.watch_lists.lists),
        same_imo=[SameImo(mmsi=m, name=plain(name), imo=imo) for m, name, imo in same_imo_of(room, mmsi, said)],
        alerts=LevelCounts(**{level: counts.get(level, 0) for level in LEVELS}),
    )


def _listing(found: Listed) -> Listing:
    entry, source = found.hit.entry, found.hit.source
    return Listing(
        file=plain(source.path),
        list=plain(entry.list),
        layout=source.layout,
        dated=rfc3339(source.dated_us),
        dated_by=source.dated_by,  # type: ignore[arg-type]  # as read
        matched_by=found.hit.by,  # type: ignore[arg-type]
        sure=found.hit.sure,
        former=found.former,
        name=plain(entry.name),
        imo=entry.imo or None,
        flag=entry.flag,
        note=plain(entry.note),
        since=rfc3339(entry.listed_us) if entry.listed_us else None,
    )
