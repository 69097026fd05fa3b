"""Vessels now, their tracks, and the picture at an earlier time."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.routes.ask import HOUR_US, TIME, BoxText, SinceText, UntilText, box, span_us, time_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found, picture_us
from anchorwatch.console.routes.geojson import Utc
from anchorwatch.console.routes.vessel_record import (
    Mmsi,
    MovingTrack,
    Place,
    Track,
    Vessel,
    Vessels,
    moving_track_of,
    place_of,
    track_of,
    vessel_of,
    vessels_of,
)
from anchorwatch.edges.history_spans import inside
from anchorwatch.edges.records import plain
from anchorwatch.errors import BadUse
from anchorwatch.model import LEVELS, rfc3339
from anchorwatch.schema import SHIP_CLASSES
from anchorwatch.watch.room import Room

router = APIRouter(prefix="/api/v1", tags=["vessels"], dependencies=STRICT)

MOST_POINTS = 20_000  # of a track: a week of a ship that reports every half minute
LONGEST_US = 31 * 24 * HOUR_US  # of one question about a track
MOST_WITHIN_S = 86_400.0  # a vessel silent for longer is not shown in the picture of a time


class PictureVessel(BaseModel):
    """A vessel in the picture of an earlier time."""

    mmsi: int
    name: str = Field(description="As known today")
    place: Place


class Picture(BaseModel):
    """Where every vessel was."""

    at: Utc
    within_s: float = Field(description="Vessels silent for longer than this at that time are left out")
    vessels: list[PictureVessel]
    more: bool = Field(description="There were more vessels than the limit: ask with a smaller box")


@router.get("/vessels", operation_id="list_vessels")
def list_vessels(
    room: Here,
    reader: Reader,
    bbox: BoxText = None,
    q: Annotated[
        str | None, Query(max_length=60, description="Part of the name or call sign, or the beginning of MMSI or IMO")
    ] = None,
    ship_class: Annotated[str | None, Query(description=f"One of {', '.join(SHIP_CLASSES)}")] = None,
    level: Annotated[
        Literal["caution", "warning", "alarm"] | None, Query(description="With open alerts of this level or above")
    ] = None,
    asset: Annotated[
        str | None, Query(max_length=200, description="Id of the asset that is their nearest, within 10 km")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    after: Annotated[int, Query(ge=-1, le=999_999_999, description="`next` of the page before")] = -1,
) -> Vessels:
    """List the vessels of the picture now, by MMSI."""
    area = box(bbox)
    if ship_class is not None and ship_class not in SHIP_CLASSES:
        raise BadUse(f"unknown class {ship_class[:40]!r}", "ship_class", f"Use one of {', '.join(SHIP_CLASSES)}")
    records = room.latest.rows(area)
    keep = records["mmsi"] > after
    if asset is not None:
        keep &= records["asset"] == _number_of(asset, room)
    if ship_class is not None:
        keep &= records["ship_class"] == SHIP_CLASSES.index(ship_class)
    if level is not None:
        keep &= records["level"] > LEVELS.index(level)
    if q is not None and q.strip():
        keep &= np.isin(records["mmsi"], [mmsi for mmsi, _ in room.latest.named(q, len(room.latest) + 1)])
    records = records[keep]
    records = records[np.argsort(records["mmsi"])]
    page = vessels_of(records[:limit], room)
    reader.saw(v.asset for v in page)
    more = page[-1].mmsi if len(records) > limit else None
    return Vessels(time=rfc3339(picture_us(room)), vessels=page, next=more)


def _number_of(asset: str, room: Room) -> int:
    """Return the place of an asset in the chart."""
    if asset not in room.chart.index:
        raise not_found(f"no asset {asset[:60]!r}", "asset", "See /api/v1/assets")
    return room.chart.index[asset]


@router.get("/vessels/{mmsi}", operation_id="get_vessel")
def get_vessel(mmsi: Mmsi, room: Here, reader: Reader) -> Vessel:
    """Return one vessel: its newest place and what it says of itself."""
    record = room.latest.one(mmsi)
    vessel = vessel_of(mmsi, record, room)
    if record is None and not room.latest.said(mmsi).time_us:
        raise not_found(f"no vessel {mmsi} in the picture", "mmsi", "Ask for its track: it may have been here earlier")
    reader.saw([vessel.asset])
    return vessel


@router.get("/vessels/{mmsi}/track", operation_id="get_track")
def get_track(
    mmsi: Mmsi,
    room: Here,
    reader: Reader,
    since: SinceText = None,
    until: UntilText = None,
    limit: Annotated[int, Query(ge=2, le=MOST_POINTS, description="Most places; more are thinned evenly")] = 5000,
    form: Annotated[Literal["geojson", "mf-json"], Query(alias="as")] = "geojson",
) -> Track | MovingTrack:
    """Return where a vessel was; nothing said = the last 24 hours. GeoJSON, or OGC Moving Features JSON."""
    first, last = span_us(since, until, picture_us(room), 24 * HOUR_US, LONGEST_US)
    frame = room.history.track(mmsi, first, last + 1, limit + 1)  # one more, to know whether that is all
    thinned = frame.height > limit
    if thinned:
        frame = frame[np.linspace(0, frame.height - 1, limit).round().astype(np.int64)]
    name = plain(room.latest.said(mmsi).name)
    if form == "mf-json":
        return moving_track_of(mmsi, name, frame)
    return track_of(mmsi, name, frame, thinned)


@router.get("/picture", operation_id="get_picture")
def get_picture(
    room: Here,
    reader: Reader,
    at: Annotated[str, Query(description="The time, RFC 3339 in UTC", json_schema_extra=TIME)],
    bbox: BoxText = None,
    within_s: Annotated[float, Query(gt=0, le=MOST_WITHIN_S)] = 3600.0,
    limit: Annotated[int, Query(ge=1, le=50_000)] = 20_000,
) -> Picture:
    """Travel in time: the last place of every vessel in the hour (or `within_s`) before a time."""
    at_us, area = time_us(at, "at"), box(bbox)
    with one_of_few():
        frame = room.history.picture(at_us, within_s)
        frame = frame if area is None else frame.filter(inside(*area))
        found = [
            PictureVessel(mmsi=r["mmsi"], name=plain(room.latest.said(r["mmsi"]).name), place=place_of(r))
            for r in frame.head(limit).iter_rows(named=True)
        ]
    return Picture(at=rfc3339(at_us), within_s=within_s, vessels=found, more=frame.height > limit)
