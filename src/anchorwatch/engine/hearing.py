"""Rows of one feed before they go on: their clock is corrected, what is far ahead or late is set apart. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from anchorwatch.engine import feed_time
from anchorwatch.engine.batch import Block
from anchorwatch.engine.feed_time import FeedTime
from anchorwatch.picture.clocks import Heard
from anchorwatch.picture.state import Picture

Array = np.ndarray[Any, Any]


def corrected(block: Block, number: int, heard: Heard, arrived_us: Array) -> Block:
    """Return rows of a source as its clock should have stated them; positions with `at_us`, `shift_us` and `future`."""
    source = pl.lit(number, pl.Int16)
    positions = block.positions.with_columns(
        source=source, at_us=arrived_us, shift_us=heard.shift_us, future=heard.future,
        time_us=pl.col("time_us") - pl.Series(heard.shift_us),
    )  # fmt: skip
    statics = block.statics.with_columns(source=source)
    if heard.shift_us.any() and statics.height:
        # a static report has the time of the line it came with
        place = np.searchsorted(block.positions["line"].to_numpy(), statics["line"].to_numpy(), "right") - 1
        statics = statics.with_columns(time_us=pl.col("time_us") - pl.Series(heard.shift_us[np.maximum(place, 0)]))
    return block._replace(positions=positions, statics=statics)


def late(
    number: int, feeds: dict[int, FeedTime], positions: pl.DataFrame, arrived_us: Array, shift_us: Array, mark_us: int
) -> tuple[Array, Array]:
    """Let rows of a feed move its time; return which are late (bool, n), and the mark after each (int64, n).

    What is older than the mark is late. What the other feeds let wait, and how far this one's clock is off, may
    change from row to row.
    """
    feed = feeds[number]
    others = [f for n, f in feeds.items() if n != number]
    times, mmsi = positions["time_us"].to_numpy(), positions["mmsi"].to_numpy()
    stale_us = [f.arrived_us + f.hold_us + feed_time.STALE_US for f in others if f.arrived_us]
    cuts = {0, len(times), *(np.flatnonzero(np.diff(shift_us)) + 1).tolist()}
    cuts |= set(np.searchsorted(arrived_us, stale_us, "right").tolist())
    if len(times) and feed.rows == 0:
        feed.begins(int(times[0] + shift_us[0]), int(arrived_us[0]))
    cuts |= set(np.searchsorted(arrived_us, [f.doubt_until_us for f in feeds.values()]).tolist())
    edges, found, marks = sorted(cuts), np.zeros(len(times), np.bool_), np.zeros(len(times), np.int64)
    for first, end in pairwise(edges):
        if shift_us[first] != feed.shift_us:
            feed.shifted(int(shift_us[first]))
        feed.arrived_us = max(feed.arrived_us, int(arrived_us[end - 1]))
        now_us = max(f.arrived_us for f in feeds.values())
        others_us = feed_time.bound(others, now_us)
        if others_us == feed_time.NOBODY_US and feed.doubted(now_us):
            others_us = mark_us
        part = slice(first, end)
        found[part], marks[part] = feed_time.take(feed, times[part], mmsi[part], others_us, mark_us)
        mark_us = int(marks[end - 1])
    return found, marks


def said_at(statics: pl.DataFrame, marks: Array, before_us: int) -> pl.DataFrame:
    """What a vessel says of itself is news whenever it comes: a snapshot of old names is believed from now on.

    `marks` are the lines it came among, int64 (2, n): number, mark behind it; `before_us` is the one before them.
    """
    now_us = np.concatenate([[before_us], marks[1]])[np.searchsorted(marks[0], statics["line"].to_numpy())]
    return statics.with_columns(time_us=pl.max_horizontal("time_us", pl.Series(now_us, dtype=pl.Int64)))


def set_apart(positions: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Rejects for rows that cannot be judged because of their time."""
    said = pl.format("mmsi {}, {} us", "mmsi", "time_us")
    return positions.select(reason=pl.lit(reason), source="source", line="line", text=said)


def retimed(picture: Picture, number: int, less_us: int | None) -> tuple[Picture, Array]:
    """Return the picture with another time for what waits of a source; None = as if its positions had not come.

    Second, the positions (state.EVENT) that wait no more: taken back, or of a time that is settled.
    """
    held, used = picture.held.copy(), int(picture.sizes[0])
    mine = held["source"] == number
    place = held["static"] == 0
    held["time_us"][mine] -= less_us or 0
    gone = mine & place & ((held["time_us"] < picture.sizes[2]) | (less_us is None))
    vessels = picture.vessels[:used]
    ranked = np.argsort(vessels["mmsi"])
    of = ranked[np.searchsorted(vessels["mmsi"], held["mmsi"], sorter=ranked).clip(max=used - 1)]
    tracks = vessels["track"]
    newest = np.where(tracks >= 0, picture.tracks["time_us"][np.maximum(tracks, 0)], 0).max(axis=1, initial=0)
    left = place & ~gone
    np.maximum.at(newest, of[left], held["time_us"][left])
    touched = np.unique(of[mine & place])
    vessels["heard_us"][touched] = newest[touched]
    return picture._replace(held=held[~gone]), held[gone]
