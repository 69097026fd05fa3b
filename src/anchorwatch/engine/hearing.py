"""Rows of one feed before they go on: their clock is corrected, what is far ahead or late is set apart. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from anchorwatch.engine import feed_time
from anchorwatch.engine.batch import Block
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.picture.clocks import Heard
from anchorwatch.picture.state import Picture

Array = np.ndarray[Any, Any]
NO_OTHERS_US = 1 << 62


def corrected(block: Block, heard: Heard) -> Block:
    """Return rows as their feed's clock should have stated them."""
    if heard.shift_us is None:
        return block
    shift_us = heard.shift_us
    positions = block.positions.with_columns(time_us=pl.col("time_us") - pl.Series(shift_us))
    # a static report has the time of the line it came with
    place = np.searchsorted(block.positions["line"].to_numpy(), block.statics["line"].to_numpy(), "right") - 1
    statics = block.statics.with_columns(time_us=pl.col("time_us") - pl.Series(shift_us[np.maximum(place, 0)]))
    return block._replace(positions=positions, statics=statics)


def late(
    number: int, feeds: dict[int, FeedTime], positions: pl.DataFrame, arrived_us: Array, shift_us: Array, least_us: int
) -> Array:
    """Let rows of a feed move its time; return which are late (bool, n).

    What the other feeds let wait, and how far this one's clock is off, may change from row to row.
    """
    feed = feeds[number]
    others = [f for n, f in feeds.items() if n != number]
    times, mmsi = positions["time_us"].to_numpy(), positions["mmsi"].to_numpy()
    stale_us = [f.arrived_us + f.hold_us + feed_time.STALE_US for f in others if f.arrived_us]
    cuts = {0, len(times), *(np.flatnonzero(np.diff(shift_us)) + 1).tolist()}
    cuts |= set(np.searchsorted(arrived_us, stale_us, "right").tolist())
    edges, found = sorted(cuts), np.zeros(len(times), np.bool_)
    for first, end in zip(edges[:-1], edges[1:], strict=True):  # noqa: RUF007 - two of one are none
        if shift_us[first] != feed.shift_us:
            feed.shifted(int(shift_us[first]))
        feed.arrived_us = max(feed.arrived_us, int(arrived_us[end - 1]))
        others_us = feed_time.watermark(others, max(f.arrived_us for f in feeds.values()))
        bound_us = others_us if others_us != feed_time.NEVER_US else NO_OTHERS_US
        found[first:end] = feed_time.take(feed, times[first:end], mmsi[first:end], bound_us, least_us)
    return found


def set_apart(positions: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Rejects for rows that cannot be judged because of their time."""
    said = pl.format("mmsi {}, {} us", "mmsi", "time_us")
    return positions.select(reason=pl.lit(reason), source="source", line="line", text=said)


def taken_back(picture: Picture, number: int) -> tuple[Picture, Array]:
    """Take back a source's positions that still wait, as if they had not come; returns them too (state.EVENT)."""
    held, used = picture.held, int(picture.sizes[0])
    gone = (held["source"] == number) & (held["static"] == 0)
    vessels = picture.vessels[:used]
    mine = np.flatnonzero(np.isin(vessels["mmsi"], held["mmsi"][gone]))
    tracks = vessels["track"][mine]
    passed_us = np.where(tracks >= 0, picture.tracks["time_us"][np.maximum(tracks, 0)], 0).max(axis=1, initial=0)
    left = held[~gone & (held["static"] == 0)]
    newest = dict(zip(vessels["mmsi"][mine].tolist(), passed_us.tolist(), strict=True))
    for mmsi, time_us in zip(left["mmsi"].tolist(), left["time_us"].tolist(), strict=True):
        if mmsi in newest:
            newest[mmsi] = max(newest[mmsi], time_us)
    vessels["heard_us"][mine] = list(newest.values())
    return picture._replace(held=held[~gone]), held[gone]
