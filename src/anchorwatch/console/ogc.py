"""OGC API - Features, Part 1 (OGC 17-069r4): the documents and the features of our three collections.

Properties are flat, so that a GIS can show them as a table. The id is the feature's own and no property: GDAL makes a
column `id` of it, and of both two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from anchorwatch.chart import Asset
from anchorwatch.console.routes.geojson import (
    GeometryCollection,
    MultiLineString,
    MultiPoint,
    Point,
    Utc,
    asset_feature,
    bounds_of,
)
from anchorwatch.console.routes.vessel_record import Vessel
from anchorwatch.edges.records import tame
from anchorwatch.edges.store import Item

JSON, GEOJSON, SCHEMA = "application/json", "application/geo+json", "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
# Of the specification only what is there: our OpenAPI document is of version 3.1, the class of Part 1 means 3.0.
CONFORMS = tuple(f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "geojson"))
WORLD = (-180.0, -90.0, 180.0, 90.0)

Scalar = str | int | float | bool | None


class Link(BaseModel):
    """Where to go on."""

    href: str
    rel: str
    type: str
    title: str


class Landing(BaseModel):
    """The landing page."""

    title: str
    description: str
    links: list[Link]


class Conformance(BaseModel):
    """What of the specification is there."""

    conformsTo: list[str]


class Spatial(BaseModel):
    """Where."""

    bbox: list[tuple[float, float, float, float]]
    crs: str = CRS84


class Temporal(BaseModel):
    """When; null = open."""

    interval: list[tuple[Utc | None, Utc | None]]
    trs: str = GREGORIAN


class Extent(BaseModel):
    """Where and when the features of a collection are."""

    spatial: Spatial
    temporal: Temporal | None = None


class Collection(BaseModel):
    """A collection of features."""

    id: str
    title: str
    description: str
    extent: Extent
    itemType: Literal["feature"] = "feature"
    crs: list[str] = [CRS84]
    links: list[Link]


class Collections(BaseModel):
    """All collections."""

    links: list[Link]
    collections: list[Collection]


Geometry = Annotated[Point | MultiPoint | MultiLineString | GeometryCollection, Field(discriminator="type")]


class Feature(BaseModel):
    """A vessel, an asset or an alert."""

    type: Literal["Feature"] = "Feature"
    id: str | int
    geometry: Geometry | None
    properties: dict[str, Scalar] = Field(description="As /ogc/collections/{collection}/schema says")
    links: list[Link] | None = None


class Features(BaseModel):
    """A page of features."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]
    links: list[Link]
    timeStamp: Utc
    numberReturned: int
    numberMatched: int | None = Field(None, description="Of all pages; null = not counted")


class Kind(NamedTuple):
    """What is said of a collection."""

    title: str
    description: str
    geometry: str  # format of Part 5
    columns: dict[str, str]  # property -> JSON type, "time" for a time


KINDS = {
    "assets": Kind(
        "Assets",
        "Cables, pipelines and other things that are guarded. simplified_m: how far off a line with corners left out "
        "may be, 0 = as charted.",
        "geometry-any",
        {
            "name": "string", "kind": "string", "owner": "string", "capacity": "string",
            "length_km": "number", "year": "integer", "endpoints": "string", "geometry_quality": "string",
            "error_m": "number", "releasability": "string", "source": "string", "corners": "integer",
            "simplified_m": "number",
        },
    ),
    "vessels": Kind(
        "Vessels",
        "The newest place of every vessel heard in the last two days. datetime: when that place was reported.",
        "geometry-point",
        {
            "mmsi": "integer", "name": "string", "callsign": "string", "imo": "integer", "flag": "string",
            "ship_class": "string", "ship_type": "integer", "length_m": "number", "destination": "string",
            "time": "time", "sog_kn": "number", "cog_deg": "number", "heading_deg": "number",
            "nav_status": "integer", "level": "string", "silenced": "boolean", "asset": "string", "asset_m": "number",
        },
    ),
    "alerts": Kind(
        "Alerts",
        "Behaviour judged to matter to an asset, and how far the work on it is. datetime: from start to end of the "
        "behaviour.",
        "geometry-point",
        {
            "level": "string", "kind": "string", "status": "string", "state": "string",
            "assigned_to": "string", "mmsi": "integer", "name": "string", "raised": "time", "start": "time",
            "end": "time", "score": "number", "asset": "string", "asset_name": "string", "asset_m": "number",
            "explanation": "string", "silenced": "boolean", "revision": "integer",
        },
    ),
}  # fmt: skip


def link(href: str, rel: str, kind: str = JSON, title: str = "") -> Link:
    """Return a link."""
    return Link(href=href, rel=rel, type=kind, title=title or rel)


def landing(base: str) -> Landing:
    """Return the landing page; `base` is the address of the server without a slash at its end."""
    here = f"{base}/ogc"
    return Landing(
        title="Anchorwatch",
        description="Assets on the seabed, the vessels near them, and alerts.",
        links=[
            link(here, "self", title="This document"),
            link(f"{base}/api/v1/openapi.json", "service-desc", OPENAPI, "The OpenAPI document"),
            link(f"{here}/conformance", "conformance", title="What of the specification is there"),
            link(f"{here}/collections", "data", title="The collections"),
        ],
    )


def collection(base: str, name: str, box: tuple[float, float, float, float], since: str | None) -> Collection:
    """Return the description of one collection; since None = its features have no time."""
    kind, here = KINDS[name], f"{base}/ogc/collections/{name}"
    temporal = None if since is None else Temporal(interval=[(since, None)])
    return Collection(
        id=name,
        title=kind.title,
        description=kind.description,
        extent=Extent(spatial=Spatial(bbox=[box]), temporal=temporal),
        links=[
            link(here, "self", title="This document"),
            link(f"{here}/items", "items", GEOJSON, kind.title),
            link(f"{here}/schema", "describedby", SCHEMA, "Its properties"),
        ],
    )


def schema(name: str, here: str) -> dict[str, Any]:
    """Return the JSON Schema of a feature of a collection."""
    kind = KINDS[name]

    def typed(said: str) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"} if said == "time" else {"type": said}

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": here,
        "title": kind.title,
        "type": "object",
        "properties": {
            "geometry": {"format": kind.geometry},
            "properties": {"type": "object", "properties": {k: typed(v) for k, v in kind.columns.items()}},
        },
    }


def page(
    base: str,
    name: str,
    asked: dict[str, str],
    found: list[Feature],
    cursor: str | None,
    stamp: str,
    matched: int | None,
) -> Features:
    """Return a page with its links; `asked` are the parameters of the question, `cursor` leads to the next page."""
    here = f"{base}/ogc/collections/{name}/items"
    links = [link(f"{here}?{urlencode(asked)}" if asked else here, "self", GEOJSON, "This page")]
    if cursor is not None:
        links.append(link(f"{here}?{urlencode(asked | {'cursor': cursor})}", "next", GEOJSON, "The next page"))
    links.append(link(f"{base}/ogc/collections/{name}", "collection", JSON, "The collection"))
    return Features(features=found, links=links, timeStamp=stamp, numberReturned=len(found), numberMatched=matched)


def single(base: str, name: str, feature: Feature) -> Feature:
    """Return a feature with its links, as an answer of its own."""
    here = f"{base}/ogc/collections/{name}"
    links = [
        link(f"{here}/items/{feature.id}", "self", GEOJSON, "This feature"),
        link(here, "collection", JSON, "The collection"),
    ]
    return feature.model_copy(update={"links": links})


def of_asset(asset: Asset, corners: int) -> Feature:
    """Return an asset."""
    drawn = asset_feature(asset, corners)
    return Feature(
        id=asset.id,
        geometry=drawn.geometry,
        properties=drawn.properties.model_dump(exclude={"id", "attention", "attention_why"}),
    )


def of_vessel(vessel: Vessel) -> Feature:
    """Return a vessel."""
    place = vessel.place
    said = vessel.model_dump() | ({} if place is None else place.model_dump())
    shape = None if place is None else Point(coordinates=(place.lon_deg, place.lat_deg))
    return Feature(id=vessel.mmsi, geometry=shape, properties={k: said.get(k) for k in KINDS["vessels"].columns})


def of_alert(item: Item) -> Feature:
    """Return an alert with the work on it."""
    alert, place = tame(item.alert), item.alert["position"]
    first = alert["assets"][0] if alert["assets"] else {}
    said = alert | {
        "state": item.work["state"],
        "assigned_to": item.work["assigned_to"],
        "mmsi": alert["vessel"]["mmsi"],
        "name": alert["vessel"]["name"],
        "asset": first.get("id"),
        "asset_name": first.get("name"),
        "asset_m": first.get("distance_m"),
        "silenced": item.silenced is not None,
    }
    shape = None if place is None else Point(coordinates=(place["lon"], place["lat"]))
    return Feature(id=alert["id"], geometry=shape, properties={k: said.get(k) for k in KINDS["alerts"].columns})


def box_of(assets: Iterable[Asset]) -> tuple[float, float, float, float]:
    """Return the box around all assets; the world where there are none."""
    boxes = [bounds_of(a) for a in assets]
    if not boxes:
        return WORLD
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
