"""The user's own charts: which there are, and their bytes in ranges, as PMTiles readers ask for them."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Header, Path, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from anchorwatch.console import depth_bytes
from anchorwatch.console.errors import Refusal
from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found
from anchorwatch.edges import tile_files

router = APIRouter(tags=["chart"], dependencies=STRICT)

RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*")
MEDIA = "application/vnd.pmtiles"

Bounds = tuple[float, float, float, float]


class TileSet(BaseModel):
    """A chart of the user."""

    name: str
    title: str = Field(description="As the archive says it: show it as text only, as the attribution")
    attribution: str
    url: str = Field(description="Where its bytes are: /tiles/NAME.pmtiles, to be asked for in ranges")
    format: tile_files.TileFormat = Field(description="mvt = vector, the others are pictures")
    bounds: Bounds = Field(description="West, south, east, north in degrees")
    min_zoom: int
    max_zoom: int
    layers: list[str] = Field(description="Of vector tiles")


class TileSets(BaseModel):
    """What can be laid under the picture."""

    tiles: list[TileSet] = Field(description="In the order in which the watch was given them")
    depth: Bounds | None = Field(description="Where /api/v1/depth has depths; null = the watch was given none")


@router.get("/api/v1/tiles", operation_id="list_tiles")
def list_tiles(room: Here, reader: Reader) -> TileSets:
    """List the user's charts, and where depths are known."""
    listed = [
        TileSet(
            name=t.name, title=t.title, attribution=t.attribution, url=f"/tiles/{t.name}.pmtiles", format=t.format,
            bounds=t.bounds, min_zoom=t.min_zoom, max_zoom=t.max_zoom, layers=list(t.layers),
        )
        for t in room.tiles.values()
    ]  # fmt: skip
    return TileSets(tiles=listed, depth=depth_bytes.bounds_of(room.chart.depth))


@router.get(
    "/tiles/{name}.pmtiles",
    operation_id="get_tiles",
    response_class=Response,
    responses={
        200: {"content": {MEDIA: {"schema": {"type": "string", "format": "binary"}}}, "description": "All of it"},
        206: {"content": {MEDIA: {"schema": {"type": "string", "format": "binary"}}}, "description": "The part asked"},
        304: {"description": "It is as you have it"},
        416: {"description": "The archive is not so long"},
    },
)
def get_tiles(
    name: Annotated[str, Path(max_length=100)],
    room: Here,
    reader: Reader,
    asked: Annotated[str | None, Header(alias="Range", max_length=200)] = None,
    if_range: Annotated[str | None, Header(alias="If-Range", max_length=200)] = None,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match", max_length=200)] = None,
) -> Response:
    """Return an archive, or the one range of it that is asked for (RFC 9110, 14). Of several ranges all of it comes."""
    tiles = room.tiles.get(name)
    if tiles is None:
        raise not_found(f"no chart {name[:60]!r}", "name", "See /api/v1/tiles")
    try:
        size, etag = tile_files.size_and_tag(tiles)
    except OSError:
        raise Refusal(503, "the file of this chart cannot be read any more", name, "Look at the disk.") from None
    headers = {"ETag": etag, "Accept-Ranges": "bytes"}
    if if_none_match == etag:
        return Response(status_code=304, headers=headers)
    wanted = None if if_range not in (None, etag) else _range(asked, size)
    if wanted == UNSATISFIABLE:
        said = {"Content-Range": f"bytes */{size}"}
        raise Refusal(416, f"the archive has {size} bytes", "Range", "Ask for less.", said)
    first, last = wanted or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if wanted is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    body = tile_files.pieces(tiles, first, last - first + 1)
    return StreamingResponse(body, 200 if wanted is None else 206, headers, MEDIA)


UNSATISFIABLE = (-1, -1)


def _range(asked: str | None, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte asked for; None = all of it, also where the range cannot be understood."""
    said = RANGE.fullmatch(asked or "")
    if said is None or (not said[1] and not said[2]):
        return None
    if not said[1]:  # the last so many bytes
        length = min(int(said[2]), size)
        return (size - length, size - 1) if length else UNSATISFIABLE
    first, last = int(said[1]), int(said[2]) if said[2] else size - 1
    if said[2] and last < first:
        return None  # invalid, not unsatisfiable
    return (first, min(last, size - 1)) if first < size else UNSATISFIABLE
