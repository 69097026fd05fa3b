"""OGC API - Features at /ogc: assets, vessels and alerts for GIS users, read only.

As the specification wants, every parameter is looked at by hand: what is unknown or wrong is answered with 400.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from anchorwatch.console import ogc
from anchorwatch.console.errors import Refusal
from anchorwatch.console.routes.ask import Box, box, interval_us, whole
from anchorwatch.console.routes.counter import PUBLIC, STRICT, Here, Reader, Reading, not_found
from anchorwatch.console.routes.geojson import fitting, touches
from anchorwatch.console.routes.vessel_record import vessel_of, vessels_of
from anchorwatch.edges.records import time_us
from anchorwatch.edges.store import Item
from anchorwatch.errors import BadUse
from anchorwatch.model import rfc3339
from anchorwatch.watch.room import Room

USUAL, MOST = 1000, 10_000  # features of a page; a wish for more is answered with MOST, as the specification wants
CORNERS = 20_000  # of one asset: what it takes to see it in a GIS at any scale
SCANNED, AT_ONCE = 4000, 500  # alerts looked at for one page; there may be more on the next, also after an empty one


def in_geojson(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document is to say of an answer in GeoJSON; with `response_class` errors would be too."""
    shown = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
    return {200: {"model": model, "content": {ogc.GEOJSON: shown}, "description": "GeoJSON"}}


def base_of(request: Request) -> str:
    """Return the address under which the client reached us, without a slash at its end."""
    return str(request.app.state.settings.public_url or request.base_url).rstrip("/")


def json_only(f: Annotated[str | None, Query(description="Format; there is only json")] = None) -> None:
    """Refuse formats that we do not have."""
    if f not in (None, "json"):
        raise Refusal(400, f"there is no format {f[:40]!r}", "f", "Leave it out: it is JSON")


router = APIRouter(prefix="/ogc", tags=["ogc"], dependencies=[*STRICT, Depends(json_only)])
Base = Annotated[str, Depends(base_of)]
Name = Literal["assets", "vessels", "alerts"]


@router.get("", operation_id="ogc_landing")
@router.get("/", operation_id="ogc_landing_slash", include_in_schema=False)
def get_landing(base: Base, reader: Reader) -> ogc.Landing:
    """Return the landing page of the OGC API: give this address to your GIS."""
    return ogc.landing(base)


@router.get("/conformance", operation_id="ogc_conformance")
def get_conformance(reader: Reader) -> ogc.Conformance:
    """Return what of the specification is there."""
    return ogc.Conformance(conformsTo=list(ogc.CONFORMS))


@router.get("/collections", operation_id="ogc_collections")
def list_collections(base: Base, room: Here, reader: Reader) -> ogc.Collections:
    """List the collections."""
    links = [ogc.link(f"{base}/ogc/collections", "self", title="This document")]
    return ogc.Collections(links=links, collections=[_collection(base, n, room) for n in ogc.KINDS])


@router.get("/collections/{name}", operation_id="ogc_collection")
def get_collection(name: str, base: Base, room: Here, reader: Reader) -> ogc.Collection:
    """Describe a collection."""
    return _collection(base, _known(name), room)


@router.get(
    "/collections/{name}/schema",
    operation_id="ogc_schema",
    response_class=Response,
    responses={200: {"content": {ogc.SCHEMA: {}}, "description": "A JSON Schema"}},
)
def get_schema(name: str, base: Base, reader: Reader) -> Response:
    """Return the JSON Schema of a collection."""
    said = ogc.schema(_known(name), f"{base}/ogc/collections/{name}/schema")
    return JSONResponse(said, media_type=ogc.SCHEMA)


@router.get(
    "/collections/{name}/items", operation_id="ogc_items", response_class=Response, responses=in_geojson(ogc.Features)
)
def list_items(
    name: str, base: Base, room: Here, reader: Reader, request: Request,
    bbox: Annotated[str | None, Query(description="west,south,east,north in degrees")] = None,
    datetime: Annotated[str | None, Query(description="A time, or FROM/UNTIL with .. for an open end")] = None,
    limit: Annotated[str, Query(description=f"Features of a page, 1 to {MOST}")] = str(USUAL),
    cursor: Annotated[str | None, Query(description="From the link to the next page")] = None,
) -> Response:  # fmt: skip
    """Return features of a collection, a page at a time."""
    area, span = box(bbox), interval_us(datetime)
    many = min(MOST, whole(limit, "limit", 1, 10**12, f"Ask for 1 to {MOST}"))
    found, following, matched = _READ[_known(name)](room, reader, area, span, many, cursor)
    asked = {k: v for k, v in request.query_params.items() if k != "cursor"}
    page = ogc.page(base, name, asked, found, following, rfc3339(room.clock.now_us()), matched)
    return Response(page.model_dump_json(exclude=_without(page)), media_type=ogc.GEOJSON)


@router.get(
    "/collections/{name}/items/{feature_id:path}",
    operation_id="ogc_item",
    response_class=Response,
    responses=in_geojson(ogc.Feature),
)
def get_item(name: str, feature_id: str, base: Base, room: Here, reader: Reader) -> Response:
    """Return one feature."""
    feature = _one(_known(name), feature_id, room, reader)
    if feature is None:
        raise not_found(f"no {name[:-1]} {feature_id[:60]!r}", "id", f"See /ogc/collections/{name}/items")
    return Response(ogc.single(base, name, feature).model_dump_json(), media_type=ogc.GEOJSON)


Span = tuple[int | None, int | None]
Found = tuple[list[ogc.Feature], str | None, int | None]  # features, cursor of the next page, how many there are


def _known(name: str) -> str:
    if name not in ogc.KINDS:
        raise not_found(f"no collection {name[:40]!r}", "collection", f"There are {', '.join(ogc.KINDS)}")
    return name


def _collection(base: str, name: str, room: Room) -> ogc.Collection:
    # The extent of what is not public would tell where it lies, to anybody and unrecorded.
    known = name == "assets" and all(a.releasability == PUBLIC for a in room.chart.assets)
    area = ogc.box_of(room.chart.assets) if known else ogc.WORLD
    return ogc.collection(base, name, area, None if name == "assets" else rfc3339(room.progress.started_us))


def _without(page: ogc.Features) -> dict[str, Any]:
    """Leave out what is not said: the count where nobody counted, links within a page."""
    out: dict[str, Any] = {"features": {"__all__": {"links"}}}
    return out if page.numberMatched is not None else out | {"numberMatched": True}


def _assets(room: Room, reader: Reading, area: Box | None, span: Span, limit: int, cursor: str | None) -> Found:
    """Assets have no time, so every `datetime` means all of them."""
    found = [a for a in room.chart.assets if area is None or touches(a, area.parts())]
    begin = 0 if cursor is None else whole(cursor, "cursor", 0, len(found), "Begin with the first page")
    page = found[begin : begin + limit]
    page = page[: fitting(page, CORNERS)]
    reader.saw(a.id for a in page)
    end = begin + len(page)
    return [ogc.of_asset(a, CORNERS) for a in page], str(end) if end < len(found) else None, len(found)


def _vessels(room: Room, reader: Reading, area: Box | None, span: Span, limit: int, cursor: str | None) -> Found:
    records = room.latest.rows(area)
    if span[0] is not None:
        records = records[records["time_us"] >= span[0]]
    if span[1] is not None:
        records = records[records["time_us"] <= span[1]]
    matched = len(records)
    if cursor is not None:
        records = records[records["mmsi"] > whole(cursor, "cursor", 0, 999_999_999, "Begin with the first page")]
    records = records[np.argsort(records["mmsi"])]
    page = vessels_of(records[:limit], room)
    reader.saw(v.asset for v in page)
    return [ogc.of_vessel(v) for v in page], str(page[-1].mmsi) if len(records) > limit else None, matched


def _alerts(room: Room, reader: Reading, area: Box | None, span: Span, limit: int, cursor: str | None) -> Found:
    """The store does not know places, so a page looks at so many alerts and leads on to the next."""
    wanted = _wanted(area, span)
    found: list[Item] = []
    for _ in range(SCANNED // AT_ONCE):
        items = room.store.alerts(limit=AT_ONCE, after=cursor)
        for item in items:
            cursor = item.alert["id"]
            if wanted(item):
                found.append(item)
                if len(found) == limit:
                    break
        if len(items) < AT_ONCE and (not items or cursor == items[-1].alert["id"]):
            cursor = None
        if cursor is None or len(found) == limit:
            break
    reader.saw_alerts(i.alert for i in found)
    matched = sum(room.store.counts().values()) if area is None and span == (None, None) else None
    return [ogc.of_alert(i) for i in found], cursor, matched


def _wanted(area: Box | None, span: Span) -> Callable[[Item], bool]:
    """Return what tells whether an alert lies in the box and its behaviour in the interval."""

    def wanted(item: Item) -> bool:
        place = item.alert["position"]
        if area is not None and (place is None or not area.holds(place["lon"], place["lat"])):
            return False
        if span[0] is not None and time_us(item.alert["end"]) < span[0]:
            return False
        return span[1] is None or time_us(item.alert["start"]) <= span[1]

    return wanted


def _one(name: str, feature_id: str, room: Room, reader: Reading) -> ogc.Feature | None:
    if name == "assets":
        if feature_id not in room.chart.index:
            return None
        reader.saw([feature_id])
        return ogc.of_asset(room.chart.asset(feature_id), CORNERS)
    if name == "alerts":
        item = room.store.alert(feature_id)
        reader.saw_alerts([] if item is None else [item.alert])
        return None if item is None else ogc.of_alert(item)
    try:
        mmsi = whole(feature_id, "id", 0, 999_999_999, "It is an MMSI")
    except BadUse:
        return None
    record = room.latest.one(mmsi)
    if record is None:
        return None
    vessel = vessel_of(mmsi, record, room)
    reader.saw([vessel.asset])
    return ogc.of_vessel(vessel)


_READ = {"assets": _assets, "vessels": _vessels, "alerts": _alerts}
