"""GeoJSON (RFC 7946): the shapes, and assets and zones in them. Long lines are drawn with fewer corners, and say so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import shapely
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from anchorwatch.chart import Asset, Zone, rules
from anchorwatch.chart.geodesy import DEGREE_M

# A time as text, so that what was kept goes out letter for letter.
Utc = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2024-12-25T10:26:10Z"]})]
Place = tuple[float, float]  # lon_deg, lat_deg

USUAL_CORNERS = 2000  # enough for any screen: more corners than it has pixels across
MOST_CORNERS = 200_000  # 5 MB of JSON
COARSEST_M = 1e6
FINEST_M = 1.0  # first tolerance tried; doubled until the corners are few enough


class Answer(BaseModel):
    """Something that goes out: what has a default is always there, and the OpenAPI document says so."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Point(Answer):
    """A place."""

    type: Literal["Point"] = "Point"
    coordinates: Place = Field(description="Longitude, latitude in degrees")


class LineString(Answer):
    """A line."""

    type: Literal["LineString"] = "LineString"
    coordinates: list[Place]


class MultiPoint(Answer):
    """Places."""

    type: Literal["MultiPoint"] = "MultiPoint"
    coordinates: list[Place]


class MultiLineString(Answer):
    """Lines."""

    type: Literal["MultiLineString"] = "MultiLineString"
    coordinates: list[list[Place]]


class MultiPolygon(Answer):
    """Areas: each an outer ring, then its holes."""

    type: Literal["MultiPolygon"] = "MultiPolygon"
    coordinates: list[list[list[Place]]]


class GeometryCollection(Answer):
    """An asset that is drawn as lines and as points."""

    type: Literal["GeometryCollection"] = "GeometryCollection"
    geometries: list[MultiLineString | MultiPoint]


AssetGeometry = Annotated[MultiLineString | MultiPoint | GeometryCollection, Field(discriminator="type")]


class AttentionWhy(Answer):
    """A reason to look at an asset more closely."""

    text: str
    weight: float = Field(description="As it is now")
    reports: list[str]
    incidents: list[str]


class AssetProperties(Answer):
    """What the chart says of an asset."""

    id: str
    name: str
    kind: str = Field(description="power_cable, telecom_cable, pipeline, platform, wind_farm, landing_point, ...")
    owner: str
    capacity: str = Field(description='As a person says it: "650 MW"')
    length_km: float | None = Field(description="As published")
    year: int | None
    endpoints: str = Field(description="Names of its ends, with ; between them")
    geometry_quality: str = Field(description="surveyed, charted or schematic: how far the route can be trusted")
    error_m: float = Field(description="How far the drawn route may be wrong")
    releasability: str = Field(description="public, or who may see it; each reading of others is written down")
    source: str
    corners: int = Field(description="Corners on the chart")
    simplified_m: float = Field(
        description="Corners were left out: the line drawn is at most so far off. 0 = as charted"
    )
    attention: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="For what is said of it in reports and incidents, fading; no alert depends on it",
    )
    attention_why: list[AttentionWhy] = Field(default=[], description="The strongest reason first")


class AssetFeature(Answer):
    """An asset as a GeoJSON feature."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: AssetGeometry
    properties: AssetProperties


class ZoneProperties(Answer):
    """What the chart says of a zone."""

    id: str
    name: str
    zone_kind: str = Field(description="port, anchorage, lane, pilot_station, fishing_ground, control_zone, ...")
    source: str
    rules: dict[str, str | float | int | bool | None] = Field(description="What it asks of vessels; empty = nothing")
    corners: int = Field(description="Corners on the chart")
    simplified_m: float = Field(description="Corners were left out: the border is at most so far off. 0 = as charted")


class ZoneFeature(Answer):
    """A zone as a GeoJSON feature."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: MultiPolygon
    properties: ZoneProperties


class Drawn(NamedTuple):
    """Lines with few enough corners."""

    parts: tuple[list[Place], ...]
    corners: int  # on the chart
    simplified_m: float


def _simplified(shape: Any, most: int, corners: int) -> tuple[Any, float]:
    """Return the shape with at most `most` corners where that can be, and how far off it may be in metres.

    Each step simplifies what the one before left, so the tolerances add up.
    """
    if corners <= most:
        return shape, 0.0
    bounds = shape.bounds
    narrow = max(0.05, math.cos(math.radians((bounds[1] + bounds[3]) / 2)))
    square = shapely.transform(shape, lambda c: c * [narrow, 1.0])
    tolerance_m, off_m = FINEST_M, 0.0
    while tolerance_m < COARSEST_M and shapely.get_num_coordinates(square) > most:
        simple = shapely.simplify(square, tolerance_m / DEGREE_M, preserve_topology=False)
        if simple.is_empty:  # a small area: what is left of it is as simple as it gets
            break
        if shapely.get_num_coordinates(simple) < shapely.get_num_coordinates(square):
            square, off_m = simple, off_m + tolerance_m
        tolerance_m *= 2
    return shapely.transform(square, lambda c: c / [narrow, 1.0]), off_m


def _places(line: Any) -> list[Place]:
    """Return corners to a centimetre: more says nothing and doubles the bytes."""
    return [(x, y) for x, y in np.round(line, 7).tolist()]


@lru_cache(maxsize=20_000)
def _lines_of(asset: Asset, most: int) -> Drawn:
    corners = sum(len(line) for line in asset.lines)
    lines, off_m = _simplified(shapely.MultiLineString(list(asset.lines)), most, corners)
    return Drawn(tuple(_places(shapely.get_coordinates(p)) for p in shapely.get_parts(lines)), corners, off_m)


def geometry_of(asset: Asset, most: int = USUAL_CORNERS) -> tuple[AssetGeometry, int, float]:
    """Return the shape of an asset, its corners on the chart, and how far off the shape may be, in metres."""
    drawn = _lines_of(asset, most) if asset.lines else Drawn((), 0, 0.0)
    shapes: list[MultiLineString | MultiPoint] = []
    if asset.lines:
        shapes.append(MultiLineString.model_construct(type="MultiLineString", coordinates=list(drawn.parts)))
    if asset.points:
        shapes.append(MultiPoint.model_construct(type="MultiPoint", coordinates=list(asset.points)))
    whole = shapes[0] if len(shapes) == 1 else GeometryCollection(geometries=shapes)
    return whole, drawn.corners + len(asset.points), drawn.simplified_m


def asset_feature(asset: Asset, most: int = USUAL_CORNERS) -> AssetFeature:
    """Return an asset as a feature of at most about so many corners."""
    geometry, corners, off_m = geometry_of(asset, most)
    said = AssetProperties(
        id=asset.id,
        name=asset.name,
        kind=asset.kind,
        owner=asset.owner,
        capacity=asset.capacity,
        length_km=asset.length_km,
        year=asset.year,
        endpoints="; ".join(asset.endpoints),
        geometry_quality=asset.geometry,
        error_m=asset.error_m,
        releasability=asset.releasability,
        source=asset.source,
        corners=corners,
        simplified_m=off_m,
    )
    return AssetFeature.model_construct(type="Feature", id=asset.id, geometry=geometry, properties=said)


@lru_cache(maxsize=20_000)
def _areas_of(zone: Zone, most: int) -> tuple[list[list[list[Place]]], int, float]:
    whole = shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in zone.polygons])
    corners = int(shapely.get_num_coordinates(whole))
    simple, off_m = _simplified(whole, most, corners)
    areas = [p for p in shapely.get_parts(simple) if p.geom_type == "Polygon"]
    return [[_places(r.coords) for r in (p.exterior, *p.interiors)] for p in areas], corners, off_m


def zone_feature(zone: Zone, most: int = USUAL_CORNERS) -> ZoneFeature:
    """Return a zone as a feature of at most about so many corners."""
    areas, corners, off_m = _areas_of(zone, most)
    asked = {k: v if isinstance(v, str | float | int | bool) else str(v) for k, v in rules.said_of(zone).items()}
    said = ZoneProperties(
        id=zone.id,
        name=zone.name,
        zone_kind=zone.kind,
        source=zone.source,
        rules=dict(asked),
        corners=corners,
        simplified_m=off_m,
    )
    geometry = MultiPolygon.model_construct(type="MultiPolygon", coordinates=areas)
    return ZoneFeature.model_construct(type="Feature", id=zone.id, geometry=geometry, properties=said)


def corners_of(thing: Asset | Zone) -> int:
    """Return the corners of a shape on the chart."""
    if isinstance(thing, Zone):
        return sum(len(ring) for polygon in thing.polygons for ring in polygon)
    return sum(len(line) for line in thing.lines) + len(thing.points)


def fitting(things: Sequence[Asset | Zone], corners: int) -> int:
    """Return how many of the first things fit into one answer; at least one."""
    total = 0
    for count, thing in enumerate(things):
        total += min(corners, corners_of(thing))
        if total > MOST_CORNERS and count:
            return count
    return len(things)


Bounds = tuple[float, float, float, float]


@lru_cache(maxsize=50_000)
def bounds_of(thing: Asset | Zone) -> Bounds:
    """Return west, south, east, north of an asset or a zone."""
    if isinstance(thing, Zone):
        places = [np.asarray(p[0], np.float64) for p in thing.polygons]
    else:
        places = [*thing.lines, *([np.array(thing.points, np.float64)] if thing.points else [])]
    low, high = np.min([p.min(axis=0) for p in places], axis=0), np.max([p.max(axis=0) for p in places], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def touches(thing: Asset | Zone, parts: Sequence[Bounds]) -> bool:
    """Tell whether a shape meets one of the boxes (west, south, east, north)."""
    west, south, east, north = bounds_of(thing)
    near = [b for b in parts if b[0] <= east and b[2] >= west and b[1] <= north and b[3] >= south]
    return any(bool(shapely.intersects(_shape(thing), shapely.box(*b))) for b in near)


@lru_cache(maxsize=20_000)
def _shape(thing: Asset | Zone) -> Any:
    """Return the whole shape, as on the chart."""
    if isinstance(thing, Zone):
        shape = shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in thing.polygons])
        shape = shapely.make_valid(shape)
    else:
        shape = shapely.GeometryCollection(
            [shapely.MultiLineString(list(thing.lines)), shapely.MultiPoint(list(thing.points))]
        )
    shapely.prepare(shape)
    return shape
