"""Where and when a real archive lies, so that actors can be drawn for it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import polars as pl

from anchorwatch.decode import Options
from anchorwatch.edges.archive import open_source
from anchorwatch.errors import BadInput
from anchorwatch.trials.draw.sea import PATCHES

HOUR_US = 3_600_000_000
FEWEST_HOURS, MOST_HOURS = 8.0, 48.0
EDGE = 0.002  # share of positions that may lie outside the water that is taken for the archive's
GROW_DEG = 0.6  # actors also sail, and are heard, so far beyond its edges: a passage needs hours
SMALLEST_DEG = 0.6


class Span(NamedTuple):
    """Time and water of an archive."""

    start_us: int
    hours: float
    sea: str  # of draw_sea.PATCHES
    box: tuple[float, float, float, float]


@lru_cache(8)
def span_of(path: str) -> Span:
    """Return the whole hours of an archive, and the piece of sea that most of it lies in."""
    parts = [p.positions.select("time_us", "lon_deg", "lat_deg") for p in open_source(path, Options()).blocks()]
    rows = pl.concat(parts) if parts else pl.DataFrame()
    if not rows.height:
        raise BadInput("the archive holds no position of a vessel", path, "Give a file that `scan` can read")
    sea, found = max(((name, _inside(rows, p.box)) for name, p in PATCHES.items()), key=lambda one: one[1].height)
    first, last = (int(v) for v in rows.select(pl.col("time_us").min(), b=pl.col("time_us").max()).row(0))
    start_us = -(-first // HOUR_US) * HOUR_US
    hours = min(float((last - start_us) // HOUR_US), MOST_HOURS)
    if found.height < 0.5 * rows.height:
        raise BadInput("most of it lies in no sea that is drawn for", path, f"Known: {', '.join(PATCHES)}")
    if hours < FEWEST_HOURS:
        raise BadInput(f"it lasts {max(hours, 0):g} hours", path, f"Give an archive of {FEWEST_HOURS:g} hours or more")
    lows, highs = (found.select(pl.col("lon_deg", "lat_deg").quantile(q)).row(0) for q in (EDGE, 1 - EDGE))
    edge = PATCHES[sea].box
    west, south = (round(max(float(v) - GROW_DEG, e), 3) for v, e in zip(lows, edge[:2], strict=True))
    east, north = (round(min(float(v) + GROW_DEG, e), 3) for v, e in zip(highs, edge[2:], strict=True))
    box = (west, south, east, north)
    if min(box[2] - box[0], box[3] - box[1]) < SMALLEST_DEG:
        raise BadInput("its water is too small for passages of hours", path, "Give an archive of a whole sea")
    return Span(start_us, hours, sea, box)


def _inside(rows: pl.DataFrame, box: tuple[float, float, float, float]) -> pl.DataFrame:
    west, south, east, north = box
    return rows.filter(pl.col("lon_deg").is_between(west, east) & pl.col("lat_deg").is_between(south, north))
