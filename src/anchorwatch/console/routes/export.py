"""What the picture and the queue show, as files: GeoJSON for maps, CSV for tables."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import polars as pl
from fastapi import APIRouter, Query, Response

from anchorwatch.console import export_files
from anchorwatch.console.export_files import CSV, GEOJSON
from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.routes.alerts import StateAsked
from anchorwatch.console.routes.ask import HOUR_US, TIME, BoxText, SinceText, UntilText, box, span_us, time_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, picture_us
from anchorwatch.console.routes.vessel_record import Mmsi, vessels_of
from anchorwatch.console.routes.work_record import Level
from anchorwatch.console.security import audit_reading
from anchorwatch.edges.history_spans import inside, span
from anchorwatch.edges.store import Item
from anchorwatch.errors import BadUse
from anchorwatch.watch.room import Room

router = APIRouter(prefix="/api/v1/export", tags=["export"], dependencies=STRICT)

MOST_VESSELS = 50_000
MOST_PLACES = 500_000  # 50 MB of CSV: an hour of 4,000 vessels each 30 s
MOST_ALERTS, AT_ONCE = 10_000, 1000
LONGEST_US = 31 * 24 * HOUR_US
WITHIN_S = 3600.0  # a vessel silent for longer is not in the picture of a time

FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            GEOJSON: {"schema": {"type": "object"}},
            CSV: {"schema": {"type": "string"}},
        },
        "description": "A file. Texts come from the air; in CSV, none can be run as a formula",
    }
}
Form = Annotated[Literal["geojson", "csv"], Query(alias="as")]


@router.get("/vessels", operation_id="export_vessels", response_class=Response, responses=FILE)
def export_vessels(
    room: Here,
    reader: Reader,
    form: Form = "geojson",
    at: Annotated[
        str | None, Query(description="A time, RFC 3339 in UTC; nothing said = now", json_schema_extra=TIME)
    ] = None,
    bbox: BoxText = None,
) -> Response:
    """Return the vessels of the picture, now or at an earlier time (the last place in the hour before it)."""
    area = box(bbox)
    at_us = picture_us(room) if at is None else time_us(at, "at")
    with one_of_few():
        if at is None:
            vessels = vessels_of(room.latest.rows(area)[:MOST_VESSELS], room)
            reader.saw(v.asset for v in vessels)
            rows = [export_files.vessel_row(v) for v in vessels]
        else:
            then = room.history.picture(at_us, WITHIN_S)
            then = then if area is None else then.filter(inside(*area))
            rows = export_files.place_rows(room, then.head(MOST_VESSELS))
        audit_reading(reader.person, "export", f"vessels {form}")
        columns = export_files.VESSEL if at is None else export_files.PLACE
        return export_files.points(f"vessels-{export_files.stamp(at_us)}", form, columns, rows)


@router.get("/tracks", operation_id="export_tracks", response_class=Response, responses=FILE)
def export_tracks(
    room: Here,
    reader: Reader,
    form: Form = "geojson",
    since: SinceText = None,
    until: UntilText = None,
    bbox: BoxText = None,
    mmsi: Annotated[list[Mmsi] | None, Query(max_length=200, description="One or several; nothing said = all")] = None,
    every_s: Annotated[int, Query(ge=1, le=3600, description="One place of each vessel in so many seconds")] = 30,
) -> Response:
    """Return where vessels were: nothing said = the last hour. At most 500,000 places, else `every_s` grows.

    All vessels: 24 hours at most; of some, 31 days.
    """
    longest_us = LONGEST_US if mmsi else 24 * HOUR_US
    first_us, last_us = span_us(since, until, picture_us(room), HOUR_US, longest_us)
    with one_of_few():
        found = span(room.history, first_us, last_us, every_s * 1_000_000, MOST_PLACES, box(bbox), mmsi or None)
        audit_reading(reader.person, "export", f"tracks {form}")
        rows = found.rows.filter(pl.col("time_us") >= first_us).sort("mmsi", "time_us")
        name = f"tracks-{export_files.stamp(first_us)}-{export_files.stamp(last_us)}"
        return export_files.tracks(name, form, room, rows)


@router.get("/alerts", operation_id="export_alerts", response_class=Response, responses=FILE)
def export_alerts(
    room: Here,
    reader: Reader,
    form: Form = "geojson",
    state: Annotated[
        list[StateAsked] | None, Query(max_length=6, description="One or several; open = all but closed")
    ] = None,
    level: Annotated[list[Level] | None, Query(max_length=3)] = None,
    kind: Annotated[list[str] | None, Query(max_length=30)] = None,
    mmsi: Annotated[Mmsi | None, Query()] = None,
    asset: Annotated[str | None, Query(max_length=200, description="Id of an asset that the alert names")] = None,
    since: SinceText = None,
    until: UntilText = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
    ids: Annotated[
        list[str] | None, Query(alias="id", max_length=200, description="These alerts, and no other filter")
    ] = None,
) -> Response:
    """Return alerts (anchorwatch.alert/1) with the work on them, as `/alerts` filters them; the newest 10,000."""
    states: str | list[str] | None = [s for s in state if s != "open"] if state else None
    if state and "open" in state:
        states = "open" if "closed" not in state else None
    asked: dict[str, Any] = {
        "state": states,
        "level": list(level) if level else None,
        "kind": kind or None,
        "mmsi": mmsi,
        "asset": asset,
        "since_us": None if since is None else time_us(since, "since"),
        "until_us": None if until is None else time_us(until, "until"),
        "text": q or None,
    }
    if ids and any(wanted is not None for wanted in asked.values()):
        raise BadUse("alerts are chosen by id or by filters, not by both", "id", "Leave one out")
    with one_of_few():
        found = room.store.several(ids) if ids else _found(room, asked)
        reader.saw_alerts(i.alert for i in found)
        audit_reading(reader.person, "export", f"alerts {form}")
        return export_files.alerts(f"alerts-{export_files.stamp(picture_us(room))}", form, found)


def _found(room: Room, asked: dict[str, Any]) -> list[Item]:
    """Return the alerts asked for, the newest first, page by page."""
    found: list[Item] = []
    while len(found) < MOST_ALERTS:
        after = found[-1].alert["id"] if found else None
        page = room.store.alerts(**asked, limit=AT_ONCE, after=after)
        found += page
        if len(page) < AT_ONCE:
            break
    return found
