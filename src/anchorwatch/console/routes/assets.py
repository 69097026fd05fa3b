"""Assets and zones of the chart, as GeoJSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Query
from pydantic import Field

from anchorwatch.chart import Asset, Zone
from anchorwatch.console.routes.ask import BoxText, box
from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found
from anchorwatch.console.routes.geojson import (
    MOST_CORNERS,
    USUAL_CORNERS,
    Answer,
    AssetFeature,
    AttentionWhy,
    ZoneFeature,
    asset_feature,
    fitting,
    touches,
    zone_feature,
)
from anchorwatch.console.routes.profile import under_assets
from anchorwatch.watch.press import Press, press_of

Shape = TypeVar("Shape", Asset, Zone)

router = APIRouter(prefix="/api/v1", tags=["chart"], dependencies=STRICT)

Corners = Annotated[
    int,
    Query(ge=4, le=MOST_CORNERS, description="Corners of each at most; what is left out is said in `simplified_m`"),
]
Limit = Annotated[int, Query(ge=1, le=10_000)]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="`next` of the page before")]


class AssetCollection(Answer):
    """A page of assets as GeoJSON, in the order of the chart."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[AssetFeature]
    next: int | None = Field(description="Give this as `offset` for the next page; null = that was all")


class ZoneCollection(Answer):
    """A page of zones as GeoJSON, in the order of the chart."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[ZoneFeature]
    next: int | None = Field(description="Give this as `offset` for the next page; null = that was all")


def _asked(everything: Sequence[Shape], kind: str | None, bbox: str | None) -> list[Shape]:
    """Return those of a kind that touch a box; None asks for all."""
    found, area = [s for s in everything if kind is None or s.kind == kind], box(bbox)
    return found if area is None else [s for s in found if touches(s, area.parts())]


def _page(found: list[Shape], corners: int, limit: int, offset: int) -> tuple[list[Shape], int | None]:
    """Return as many from `offset` on as one answer has room for, and where the next page begins."""
    page = found[offset : offset + limit]
    page = page[: fitting(page, corners)]
    end = offset + len(page)
    return page, end if len(found) > end else None


@router.get("/assets", operation_id="list_assets")
def list_assets(
    room: Here,
    reader: Reader,
    bbox: BoxText = None,
    kind: Annotated[str | None, Query(max_length=40, description="power_cable, telecom_cable, pipeline, ...")] = None,
    corners: Corners = USUAL_CORNERS,
    limit: Limit = 1000,
    offset: Offset = 0,
) -> AssetCollection:
    """List what is guarded. Long lines are drawn with fewer corners: `simplified_m` says how far off that is."""
    page, following = _page(_asked(room.chart.assets, kind, bbox), corners, limit, offset)
    reader.saw(a.id for a in page)
    features = attended(press_of(room), [asset_feature(a, corners) for a in page])
    return AssetCollection.model_construct(type="FeatureCollection", features=features, next=following)


router.include_router(under_assets)  # before the next path, which would take it for an id


@router.get("/assets/{asset_id:path}", operation_id="get_asset")
def get_asset(asset_id: str, room: Here, reader: Reader, corners: Corners = 20_000) -> AssetFeature:
    """Return one asset. More corners than asked for are left out, which `simplified_m` tells."""
    if asset_id not in room.chart.index:
        raise not_found(f"no asset {asset_id[:60]!r}", "asset_id", "See /api/v1/assets")
    reader.saw([asset_id])
    return attended(press_of(room), [asset_feature(room.chart.asset(asset_id), corners)])[0]


def attended(desk: Press, features: list[AssetFeature]) -> list[AssetFeature]:
    """Return assets with the attention that they deserve for what is said of them."""
    spoken = desk.attention()
    for feature in features:
        if (found := spoken.get(feature.id)) is not None:
            feature.properties.attention = found.level
            feature.properties.attention_why = [AttentionWhy.model_validate(why._asdict()) for why in found.why]
    return features


@router.get("/zones", operation_id="list_zones")
def list_zones(
    room: Here,
    reader: Reader,
    bbox: BoxText = None,
    kind: Annotated[str | None, Query(max_length=40, description="port, anchorage, lane, control_zone, ...")] = None,
    corners: Corners = USUAL_CORNERS,
    limit: Limit = 1000,
    offset: Offset = 0,
) -> ZoneCollection:
    """List the areas with a meaning, with what they ask of vessels."""
    page, following = _page(_asked(room.chart.zones, kind, bbox), corners, limit, offset)
    features = [zone_feature(z, corners) for z in page]
    return ZoneCollection.model_construct(type="FeatureCollection", features=features, next=following)


@router.get("/zones/{zone_id:path}", operation_id="get_zone")
def get_zone(zone_id: str, room: Here, reader: Reader, corners: Corners = 20_000) -> ZoneFeature:
    """Return one zone. More corners than asked for are left out, which `simplified_m` tells."""
    found = next((zone for zone in room.chart.zones if zone.id == zone_id), None)
    if found is None:
        raise not_found(f"no zone {zone_id[:60]!r}", "zone_id", "See /api/v1/zones")
    return zone_feature(found, corners)
