"""The depths that the watch was given, as a small grid for the map."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from anchorwatch.console import depth_bytes
from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.routes.ask import BoxText, box
from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found

router = APIRouter(prefix="/api/v1", tags=["chart"], dependencies=STRICT)

MOST_ACROSS = 2048


@router.get(
    "/depth",
    operation_id="get_depth",
    response_class=Response,
    responses={
        200: {
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            "description": "AWDG: docs/streams.md describes it byte by byte",
        }
    },
)
def get_depth(
    room: Here,
    reader: Reader,
    bbox: BoxText = None,
    width: Annotated[int, Query(ge=2, le=MOST_ACROSS, description="Points across; down as it fits a web map")] = 512,
) -> Response:
    """Return the depths in a box, cut to where there are any; 404 where there are none."""
    bounds = depth_bytes.bounds_of(room.chart.depth)
    if bounds is None:
        raise not_found("the watch was given no depths", "", "Start it with --depth FILE")
    fitted = depth_bytes.fitted(bounds, box(bbox))
    if fitted is None:
        raise not_found("there are no depths in this box", "bbox", "See /api/v1/tiles for where there are")
    with one_of_few():
        body = depth_bytes.encode(room.chart.depth, fitted, width, MOST_ACROSS)
    return Response(body, media_type="application/octet-stream")
