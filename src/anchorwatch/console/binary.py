"""Vessels as bytes: what the stream of vessels sends, 24 bytes a vessel. docs/streams.md describes it byte by byte.

A message is a header and columns, widest first, so that each column of a received buffer can be read in place.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = np.ndarray[Any, Any]

MAGIC, FORM = b"AWVS", 1
SNAPSHOT, DIFF = 1, 2
HEADER = struct.Struct("<4sBBHqIIII")  # magic, form, kind, length of the header, time_us, view, count, gone, in_view
NOT_SAID = 0xFFFF
FAR = 255  # no asset near
STEP_LENGTH_M, STEP_NEAR_M = 2.0, 50.0


class Columns(NamedTuple):
    """Vessels as they are sent: arrays of equal length, in the order of the message."""

    mmsi: npt.NDArray[np.uint32]
    lon: npt.NDArray[np.int32]  # 1e-7 degrees, as are latitudes: a centimetre
    lat: npt.NDArray[np.int32]
    age: npt.NDArray[np.uint16]  # whole seconds from its time to the time in the header; 65535 = so long or longer
    sog: npt.NDArray[np.uint16]  # 0.1 kn
    cog: npt.NDArray[np.uint16]  # 0.1 degrees, as is the heading
    heading: npt.NDArray[np.uint16]
    craft: npt.NDArray[np.uint8]  # ship class in the upper four bits, navigational status in the lower four
    mark: npt.NDArray[np.uint8]  # bits 0 and 1 level of alert, bit 2 silenced
    length: npt.NDArray[np.uint8]  # 2 m; 0 = unknown
    near: npt.NDArray[np.uint8]  # distance to the nearest asset, 50 m; 255 = none near

    def pick(self, which: npt.NDArray[Any]) -> Columns:
        """Return some of the vessels, by mask or number."""
        return Columns(*(column[which] for column in self))


DTYPES = tuple(np.dtype(code) for code in ("<u4", "<i4", "<i4", "<u2", "<u2", "<u2", "<u2", "u1", "u1", "u1", "u1"))
VESSEL_BYTES = sum(dtype.itemsize for dtype in DTYPES)
WIDE = 3  # columns of four bytes; behind them come the vessels that are gone


class Message(NamedTuple):
    """A message as it was understood: units of the watch, NaN where a vessel did not say."""

    kind: int  # SNAPSHOT or DIFF
    time_us: int
    view: int  # number of the view that this answers
    in_view: int  # vessels there are in it; more than sent where there are too many
    gone: npt.NDArray[np.uint32]
    columns: Columns

    def vessels(self) -> dict[str, Array]:
        """Return the columns in units: mmsi lon_deg lat_deg age_s sog_kn cog_deg heading_deg ship_class ..."""
        c = self.columns
        return {
            "mmsi": c.mmsi.astype(np.int64),
            "lon_deg": c.lon / 1e7,
            "lat_deg": c.lat / 1e7,
            "age_s": c.age.astype(np.float64),
            "sog_kn": _said(c.sog),
            "cog_deg": _said(c.cog),
            "heading_deg": _said(c.heading),
            "ship_class": c.craft >> 4,
            "nav_status": c.craft & 15,
            "level": c.mark & 3,
            "silenced": (c.mark >> 2) & 1,
            "length_m": np.where(c.length == 0, np.nan, c.length * STEP_LENGTH_M),
            "asset_m": np.where(c.near == FAR, np.nan, c.near * STEP_NEAR_M),
        }


def columns_of(rows: Array, time_us: int) -> Columns:
    """Turn records (picture.latest.NEWEST) into what is sent at a time."""
    level = np.clip(rows["level"], 0, 3).astype(np.uint8)
    silenced = rows["silenced"].astype(bool).astype(np.uint8)
    craft = (np.clip(rows["ship_class"], 0, 15).astype(np.uint8) << 4) | np.clip(rows["nav_status"], 0, 15).astype(
        np.uint8
    )
    length = np.clip(np.rint(_known(rows["length_m"]) / STEP_LENGTH_M), 1, 255)
    near = np.clip(np.rint(_known(rows["asset_m"]) / STEP_NEAR_M), 0, FAR - 1)
    return Columns(
        rows["mmsi"].astype("<u4"),
        np.rint(rows["lon_deg"] * 1e7).astype("<i4"),
        np.rint(rows["lat_deg"] * 1e7).astype("<i4"),
        np.clip((time_us - rows["time_us"] + 500_000) // 1_000_000, 0, NOT_SAID).astype("<u2"),
        tenths(rows["sog_kn"], NOT_SAID - 1),
        tenths(rows["cog_deg"], NOT_SAID - 1, 3600),
        tenths(rows["heading_deg"], NOT_SAID - 1, 3600),
        craft,
        level | (silenced << 2),
        np.where(np.isnan(rows["length_m"]), 0, length).astype(np.uint8),
        np.where(np.isnan(rows["asset_m"]), FAR, near).astype(np.uint8),
    )


def _known(values: Array) -> Array:
    return np.nan_to_num(values, nan=0.0, posinf=1e6, neginf=0.0)


def tenths(values: Array, most: int, turn: int = 0) -> npt.NDArray[np.uint16]:
    """Tenths as u16, NOT_SAID for NaN; within `turn` where it goes round."""
    tenths = np.rint(np.clip(_known(values), 0.0, most / 10) * 10).astype(np.int64)
    if turn:
        tenths %= turn
    return np.where(np.isfinite(values), tenths, NOT_SAID).astype("<u2")


def _said(tenths: npt.NDArray[np.uint16]) -> npt.NDArray[np.float64]:
    return np.where(tenths == NOT_SAID, np.nan, tenths / 10.0)


NO_ONE = np.zeros(0, np.uint32)


def encode(
    kind: int, time_us: int, view: int, columns: Columns, gone: npt.NDArray[Any] = NO_ONE, in_view: int | None = None
) -> bytes:
    """Return a message. `gone` are MMSIs that are no longer in the view; a snapshot has none."""
    count = len(columns.mmsi)
    header = HEADER.pack(
        MAGIC, FORM, kind, HEADER.size, time_us, view, count, len(gone), count if in_view is None else in_view
    )
    parts = [column.tobytes() for column in columns]
    parts.insert(WIDE, gone.astype("<u4").tobytes())
    return b"".join([header, *parts])


def decode(message: bytes) -> Message:
    """Understand a message; ValueError says what is wrong with one that is none."""
    if len(message) < HEADER.size:
        raise ValueError(f"{len(message)} bytes are no message: the header alone has {HEADER.size}")
    magic, form, kind, size, time_us, view, count, gone, in_view = HEADER.unpack_from(message)
    if magic != MAGIC or form != FORM or kind not in (SNAPSHOT, DIFF) or size < HEADER.size:
        raise ValueError(f"no message of vessels in form {FORM}: {message[:8]!r}")
    if len(message) != size + count * VESSEL_BYTES + gone * 4:
        raise ValueError(f"{count} vessels and {gone} gone do not make {len(message)} bytes")
    columns, at, left = [], size, NO_ONE
    for number, dtype in enumerate(DTYPES):
        if number == WIDE:
            left = np.frombuffer(message, "<u4", gone, at)
            at += left.nbytes
        columns.append(np.frombuffer(message, dtype, count, at))
        at += columns[-1].nbytes
    return Message(kind, time_us, view, in_view, left, Columns(*columns))
