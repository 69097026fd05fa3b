"""What a request asks, read from its text: times, intervals, boxes. Whatever cannot be read is said in words."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import Query

from anchorwatch.errors import BadUse

HOUR_US = 3_600_000_000
# Years that int64 microseconds, polars and datetime all hold; AIS did not exist before the first.
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
HOW_TIME = "Write it like 2024-12-25T10:26:00Z"
HOW_BOX = "Write west,south,east,north in degrees, like 20.5,59.0,27.0,60.5"
HOW_INTERVAL = "Write a time, or FROM/UNTIL with .. for an open end, like 2024-12-25T00:00:00Z/.."
OPEN_END = ("", "..")


class Box(NamedTuple):
    """A box of the sea. West is greater than east where it goes over the date line."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon_deg: float, lat_deg: float) -> bool:
        """Tell whether a place lies in it, its edges included."""
        if not self.south <= lat_deg <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= lon_deg <= self.east
        return lon_deg >= self.west or lon_deg <= self.east

    def parts(self) -> list[Box]:
        """Return the box as one or two that do not go over the date line."""
        if self.west <= self.east:
            return [self]
        return [self._replace(east=180.0), self._replace(west=-180.0)]


def time_us(text: str, where: str) -> int:
    """Return microseconds since 1970 of an RFC 3339 time or a date; no zone = UTC."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if text.count(" ") == 1 and "T" in text else text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not FIRST <= moment < LAST:
            raise BadUse(f"the time {text[:40]!r} is not between 1970 and 9999", where, HOW_TIME)
        since = moment - FIRST
    except (ValueError, OverflowError):
        raise BadUse(f"{text[:40]!r} is not a time", where, HOW_TIME) from None
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def span_us(
    since: str | None, until: str | None, now_us: int, usual_us: int, longest_us: int | None = None
) -> tuple[int, int]:
    """Return since and until; nothing said = `usual_us` up to now. The end is not before the beginning."""
    last = now_us if until is None else time_us(until, "until")
    first = last - usual_us if since is None else time_us(since, "since")
    if first > last:
        raise BadUse("since is later than until", "since", "Swap them")
    if longest_us is not None and last - first > longest_us:
        raise BadUse(f"the span is longer than {longest_us // HOUR_US} hours", "since", "Ask for less at a time")
    return max(0, first), last


def interval_us(text: str | None) -> tuple[int | None, int | None]:
    """Return (from, until) of an OGC `datetime`: a time, or FROM/UNTIL with an open end. None = open."""
    if text is None:
        return None, None
    parts = text.split("/")
    if len(parts) == 1:
        moment = time_us(parts[0], "datetime")
        return moment, moment
    if len(parts) != 2 or (parts[0] in OPEN_END and parts[1] in OPEN_END):
        raise BadUse(f"{text[:60]!r} is not an interval", "datetime", HOW_INTERVAL)
    first, last = (None if p in OPEN_END else time_us(p, "datetime") for p in parts)
    if first is not None and last is not None and first > last:
        raise BadUse("the interval ends before it begins", "datetime", HOW_INTERVAL)
    return first, last


def box(text: str | None) -> Box | None:
    """Return the box of `west,south,east,north` (or six numbers with heights, which are not looked at)."""
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise BadUse(f"{text[:60]!r} is not a box", "bbox", HOW_BOX) from None
    if len(numbers) == 6:
        numbers = [numbers[i] for i in (0, 1, 3, 4)]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise BadUse(f"{text[:60]!r} is not a box of four numbers", "bbox", HOW_BOX)
    asked = Box(*numbers)
    if not (-180 <= asked.west <= 180 and -180 <= asked.east <= 180 and -90 <= asked.south <= asked.north <= 90):
        raise BadUse(f"{text[:60]!r} is not on the globe, or its south is north of its north", "bbox", HOW_BOX)
    return asked


def whole(text: str, where: str, least: int, most: int, how: str) -> int:
    """Return a whole number of plain digits between two."""
    if not (text.isascii() and text.isdigit() and len(text) < 19 and least <= int(text) <= most):
        raise BadUse(f"{text[:40]!r} is not a number from {least} to {most}", where, how)
    return int(text)


TIME: dict[str, Any] = {"format": "date-time"}  # of a parameter, in the OpenAPI document
BoxText = Annotated[
    str | None,
    Query(alias="bbox", description=f"Only what lies in this box. {HOW_BOX}.", examples=["20.5,59.0,27.0,60.5"]),
]
SinceText = Annotated[
    str | None, Query(alias="since", description="From this time on, RFC 3339 in UTC.", json_schema_extra=TIME)
]
UntilText = Annotated[
    str | None, Query(alias="until", description="Up to this time, RFC 3339 in UTC.", json_schema_extra=TIME)
]
