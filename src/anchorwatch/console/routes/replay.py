"""The hour again: where every vessel was, as bytes to be played in the page."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from anchorwatch.console import replay_bytes
from anchorwatch.console.binary import Array
from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.routes.ask import HOUR_US, BoxText, SinceText, UntilText, box, span_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, picture_us
from anchorwatch.edges.history_spans import span
from anchorwatch.watch.room import Room

router = APIRouter(prefix="/api/v1", tags=["time"], dependencies=STRICT)

LONGEST_US = 6 * HOUR_US
MOST_ROWS = 2_000_000  # 48 MB: a browser holds that, and an hour of 16,000 vessels each 30 s


@router.get(
    "/replay",
    operation_id="get_replay",
    response_class=Response,
    responses={
        200: {
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            "description": "AWRP: docs/streams.md describes it byte by byte",
        }
    },
)
def get_replay(
    room: Here,
    reader: Reader,
    since: SinceText = None,
    until: UntilText = None,
    bbox: BoxText = None,
    every_s: Annotated[
        int, Query(ge=1, le=3600, description="One place of each vessel in so many seconds; more where it is too much")
    ] = 30,
) -> Response:
    """Return where every vessel was in a span of at most 6 hours; nothing said = the last hour. Bytes in columns.

    Begins with the last place of each vessel before `since`, so that the first frame is whole.
    """
    first_us, last_us = span_us(since, until, picture_us(room), HOUR_US, LONGEST_US)
    with one_of_few():
        found = span(room.history, first_us, last_us, every_s * 1_000_000, MOST_ROWS, box(bbox))
        ship_class, length_m = _dressed(room, found.rows["mmsi"].to_numpy())
        columns = replay_bytes.columns_of(found.rows, first_us, ship_class, length_m)
        body = replay_bytes.encode(first_us, last_us, found.every_us // 1_000_000, every_s, columns)
    return Response(body, media_type="application/octet-stream")


def _dressed(room: Room, mmsi: Array) -> tuple[Array, Array]:
    """Return ship class and length of each row, as known today."""
    ships, place = np.unique(mmsi, return_inverse=True)
    said = [room.latest.said(int(ship)) for ship in ships]
    ship_class = np.array([s.ship_class for s in said], np.int64)
    length_m = np.array([s.length_m or np.nan for s in said], np.float64)
    return ship_class[place], length_m[place]
