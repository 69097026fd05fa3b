"""A span of the history as a replay needs it: every vessel, one place each so many seconds, read piece by piece."""

from __future__ import annotations

import math
from typing import NamedTuple

import polars as pl

from anchorwatch.edges.history import History

COLUMNS = ("time_us", "mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "nav_status")
PIECE_US = 900_000_000  # read at a time: a quarter of an hour of 20,000 vessels is some 100 MB
PIECE_OF_SOME_US = 86_400_000_000  # where it is of some vessels only: as much of 200
BEYOND_M = 20_000.0  # around a box: a vessel of 40 kn sails so far in 15 minutes, so that it is seen to come and go
DEGREE_M = 111_195.0

Box = tuple[float, float, float, float]  # west, south, east, north; west > east crosses the antimeridian


class Span(NamedTuple):
    """Places in the order of time."""

    rows: pl.DataFrame  # COLUMNS
    every_us: int  # as it came to be: grown where there were too many


def span(
    history: History, since_us: int, until_us: int, every_us: int, most: int,
    box: Box | None = None, mmsi: list[int] | None = None,
) -> Span:  # fmt: skip
    """Return where vessels were in (since, until], the last place of each in each `every_us`, at most `most` rows.

    Before them comes the last place of each vessel in the hour up to `since`. Of a box: what was in it, and of each
    vessel the place before it came in and the one after it left. Where it would be too many rows, `every_us` grows.
    """
    wanted = None if box is None else inside(*grown(box))
    before = history.picture(since_us).select(COLUMNS)
    before = before if wanted is None else before.filter(wanted)
    pieces = [before if mmsi is None else before.filter(pl.col("mmsi").is_in(mmsi))]
    piece_us = PIECE_US if mmsi is None else PIECE_OF_SOME_US
    at_us, asked_us = since_us, every_us
    while at_us < until_us:
        end_us = min(until_us, at_us + max(1, piece_us // every_us) * every_us)
        rows = history.between(at_us + 1, end_us + 1, COLUMNS, wanted, mmsi)
        pieces.append(thinned(rows, since_us, every_us))
        at_us = end_us
        while sum(p.height for p in pieces) > most and every_us < until_us - since_us:
            every_us *= 2
            pieces = [thinned(pl.concat(pieces), since_us, every_us)]
    rows = pl.concat(pieces)
    if every_us != asked_us:  # pieces that were read before it grew may have ended within a step
        rows = thinned(rows, since_us, every_us)
    if box is not None:
        rows = _with_neighbours(rows, box)
    return Span(rows.sort("time_us", "mmsi").head(most), every_us)


def thinned(rows: pl.DataFrame, since_us: int, every_us: int) -> pl.DataFrame:
    """Return the last place of each vessel in each (since + n every, since + (n + 1) every], by vessel and time."""
    step = (pl.col("time_us") - since_us - 1) // every_us
    here = pl.struct("mmsi", step.alias("step"))
    return rows.sort("mmsi", "time_us").filter((here != here.shift(-1)).fill_null(True))


def inside(west: float, south: float, east: float, north: float) -> pl.Expr:
    """Tell which places are in a box."""
    lon, lat = pl.col("lon_deg"), pl.col("lat_deg")
    across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return across & (lat >= south) & (lat <= north)


def grown(box: Box) -> Box:
    """Return a box with the water around it."""
    west, south, east, north = box
    more = BEYOND_M / DEGREE_M
    south, north = max(-90.0, south - more), min(90.0, north + more)
    wider = more / max(0.01, math.cos(math.radians(min(89.0, max(abs(south), abs(north))))))
    if (east - west) % 360.0 + 2 * wider >= 360.0 or east - west >= 360.0:
        return -180.0, south, 180.0, north
    return _turned(west - wider), south, _turned(east + wider), north


def _turned(lon_deg: float) -> float:
    return lon_deg if -180.0 <= lon_deg <= 180.0 else (lon_deg + 180.0) % 360.0 - 180.0


def _with_neighbours(rows: pl.DataFrame, box: Box) -> pl.DataFrame:
    """Return the places in a box, with the place of the vessel just before and just after."""
    held = rows.sort("mmsi", "time_us").with_columns(here=inside(*box))
    near = pl.col("here")
    for step in (1, -1):
        near |= (pl.col("here").shift(step) & (pl.col("mmsi") == pl.col("mmsi").shift(step))).fill_null(False)
    return held.filter(near).drop("here")
