"""A replay as bytes: where every vessel was in a span, 24 bytes a place. docs/streams.md describes it byte by byte."""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch.console.binary import NOT_SAID, STEP_LENGTH_M, Array, tenths

MAGIC, FORM = b"AWRP", 1
# magic, form, (nothing), length of the header, since_us, until_us, every_s, count, vessels, asked_s
HEADER = struct.Struct("<4sBBHqqIIII")
DTYPES = tuple(np.dtype(code) for code in ("<u4", "<i4", "<i4", "<i4", "<u2", "<u2", "<u2", "u1", "u1"))
PLACE_BYTES = sum(dtype.itemsize for dtype in DTYPES)


class Columns(NamedTuple):
    """Places in the order of time: arrays of equal length, in the order of the message."""

    mmsi: npt.NDArray[np.uint32]
    lon: npt.NDArray[np.int32]  # 1e-7 degrees
    lat: npt.NDArray[np.int32]
    t: npt.NDArray[np.int32]  # whole seconds after `since`; below 0: the last place before it
    sog: npt.NDArray[np.uint16]  # 0.1 kn
    cog: npt.NDArray[np.uint16]  # 0.1 degrees, as is the heading
    heading: npt.NDArray[np.uint16]
    craft: npt.NDArray[np.uint8]  # ship class in the upper four bits, navigational status in the lower four
    length: npt.NDArray[np.uint8]  # 2 m; 0 = unknown


class Message(NamedTuple):
    """A replay as it was understood."""

    since_us: int
    until_us: int
    every_s: int
    asked_s: int
    vessels: int
    columns: Columns


def columns_of(rows: pl.DataFrame, since_us: int, ship_class: Array, length_m: Array) -> Columns:
    """Turn places (edges.history_spans.COLUMNS) into what is sent; class and length (NaN = unknown) go by row."""
    status = np.clip(rows["nav_status"].to_numpy(), 0, 15).astype(np.uint8)
    length = np.clip(np.rint(np.nan_to_num(length_m, nan=0.0) / STEP_LENGTH_M), 1, 255)
    seconds = np.floor_divide(rows["time_us"].to_numpy() - since_us, 1_000_000)
    return Columns(
        rows["mmsi"].to_numpy().astype("<u4"),
        np.rint(rows["lon_deg"].to_numpy() * 1e7).astype("<i4"),
        np.rint(rows["lat_deg"].to_numpy() * 1e7).astype("<i4"),
        seconds.astype("<i4"),
        tenths(rows["sog_kn"].to_numpy(), NOT_SAID - 1),
        tenths(rows["cog_deg"].to_numpy(), NOT_SAID - 1, 3600),
        tenths(rows["heading_deg"].to_numpy(), NOT_SAID - 1, 3600),
        (np.clip(ship_class, 0, 15).astype(np.uint8) << 4) | status,
        np.where(np.isnan(length_m), 0, length).astype(np.uint8),
    )


def encode(since_us: int, until_us: int, every_s: int, asked_s: int, columns: Columns) -> bytes:
    """Return the message."""
    count, vessels = len(columns.mmsi), len(np.unique(columns.mmsi))
    header = HEADER.pack(MAGIC, FORM, 0, HEADER.size, since_us, until_us, every_s, count, vessels, asked_s)
    return b"".join([header, *(column.tobytes() for column in columns)])


def decode(message: bytes) -> Message:
    """Understand a message; ValueError says what is wrong with one that is none."""
    if len(message) < HEADER.size:
        raise ValueError(f"{len(message)} bytes are no replay: the header alone has {HEADER.size}")
    magic, form, _, size, since_us, until_us, every_s, count, vessels, asked_s = HEADER.unpack_from(message)
    if magic != MAGIC or form != FORM or size < HEADER.size:
        raise ValueError(f"no replay in form {FORM}: {message[:8]!r}")
    if len(message) != size + count * PLACE_BYTES:
        raise ValueError(f"{count} places do not make {len(message)} bytes")
    columns: list[Any] = []
    at = size
    for dtype in DTYPES:
        columns.append(np.frombuffer(message, dtype, count, at))
        at += columns[-1].nbytes
    return Message(since_us, until_us, every_s, asked_s, vessels, Columns(*columns))
