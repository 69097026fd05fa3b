"""Columns of any table to the frames of the schema: what is a vessel, what is not, what is rejected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Decoded, columns, empty, nothing
from anchorwatch.decode.cells import BAD, MISSING

Array = np.ndarray[Any, Any]

NUMBERS = ("mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "rot_deg_min")

# Why a row is rejected: below zero in `judge`'s answer.
REASONS = {
    -1: "ragged_line",
    -2: "no_time",
    -3: "bad_time",
    -4: "bad_mmsi",
    -5: "bad_number",
    -6: "position_out_of_range",
}
RAGGED, NO_TIME, BAD_TIME, BAD_MMSI, BAD_NUMBER, POSITION_OUT_OF_RANGE = REASONS


@dataclass(frozen=True)
class Table:
    """Columns as read: equal length, NaN = not known, inf = not a number."""

    time_us: Array
    line: Array
    mobile: Array  # place in columns.OTHER_KINDS
    nav_status: Array
    static: Array  # hash over the static cells, 0 = they say nothing
    mmsi: Array
    lon_deg: Array
    lat_deg: Array
    sog_kn: Array
    cog_deg: Array
    heading_deg: Array
    rot_deg_min: Array


def judge(table: Table) -> Array:
    """Return what each row is: 0 a vessel, above 0 another thing, below 0 the reason to reject it.

    What an MMSI stands for, and which times and places are possible, is for `picture.tidy` to say of all formats.
    """
    lon, lat = table.lon_deg, table.lat_deg
    what = table.mobile.copy()
    placed = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    if not placed.all():
        lost = (lon == 181.0) | (lat == 91.0) | np.isnan(lon) | np.isnan(lat)
        what[~placed & ~lost] = POSITION_OUT_OF_RANGE
        lon[lost & ~np.isinf(lon)] = lat[lost & ~np.isinf(lat)] = np.nan
    infinite = np.zeros(lon.shape, bool)
    for name in NUMBERS:
        infinite |= np.isinf(getattr(table, name))
    what[infinite] = BAD_NUMBER
    what[~((table.mmsi >= 0) & (table.mmsi <= 999_999_999) & (table.mmsi == np.floor(table.mmsi)))] = BAD_MMSI
    what[table.time_us == BAD] = BAD_TIME
    what[table.time_us == MISSING] = NO_TIME
    return what


def _within(column: Array, low: float, stop: float) -> Array:
    """Return the column with NaN for values that mean "not available"."""
    column[~((column >= low) & (column < stop))] = np.nan
    return column


def positions(table: Table, vessels: Array) -> pl.DataFrame:
    """Return the vessels' rows as a frame of schema.POSITIONS."""
    n = int(vessels.sum())

    def pick(column: Array) -> Array:
        return column if n == vessels.size else column[vessels]

    columns_ = {
        "time_us": pick(table.time_us),
        "mmsi": pick(table.mmsi).astype(np.int32),
        "lon_deg": pick(table.lon_deg),
        "lat_deg": pick(table.lat_deg),
        "sog_kn": _within(pick(table.sog_kn), 0, 102.25),  # 102.3 = not available
        "cog_deg": _within(pick(table.cog_deg), 0, 360),  # 360 = not available
        "heading_deg": _within(pick(table.heading_deg), 0, 360),  # 511 = not available
        "rot_deg_min": _within(pick(table.rot_deg_min), -715, 715),  # (126 / 4.733)**2 = 708.7 is the most
        "nav_status": pick(table.nav_status),
        "source": np.zeros(n, np.int16),
        "line": pick(table.line),
    }
    return pl.DataFrame(columns_, schema=schema.POSITIONS)


def vessel_statics(table: Table, vessels: Array) -> tuple[Array, Array, Array]:
    """Return MMSI, time and static hash of every row, with no MMSI where it is no vessel's."""
    mmsi = np.where(vessels, table.mmsi, 0).astype(np.int32)
    return mmsi, table.time_us, table.static


def statics(table: Table, fresh: Array, texts: Callable[[str, Array], list[str]]) -> pl.DataFrame:
    """Return the rows `fresh` as a frame of schema.STATICS; `texts(name, rows)` gives static cells."""
    if fresh.size == 0:
        return empty(schema.STATICS)
    return pl.DataFrame(
        {
            "time_us": table.time_us[fresh],
            "mmsi": table.mmsi[fresh].astype(np.int32),
            **columns.static(lambda name: texts(name, fresh)),
            "source": np.zeros(fresh.size, np.int16),
            "line": table.line[fresh],
        },
        schema=schema.STATICS,
    )


def others(table: Table, what: Array, texts: Callable[[str, Array], list[str]]) -> pl.DataFrame:
    """Return the rows that are not vessels as a frame of schema.OTHERS."""
    rows = np.flatnonzero(what > 0)
    if rows.size == 0:
        return empty(schema.OTHERS)
    kinds = np.array(columns.OTHER_KINDS, dtype=object)[what[rows]]
    return pl.DataFrame(
        {
            "time_us": table.time_us[rows],
            "mmsi": table.mmsi[rows].astype(np.int32),
            "what": kinds.tolist(),
            "lon_deg": table.lon_deg[rows],
            "lat_deg": table.lat_deg[rows],
            "name": [columns.known(t) for t in texts("name", rows)],
            "source": np.zeros(rows.size, np.int16),
            "line": table.line[rows],
        },
        schema=schema.OTHERS,
    )


def shown(raw: bytes) -> str:
    """Return a line as text for REJECTS: short, control characters escaped."""
    text = raw[: 2 * schema.REJECT_TEXT].decode("utf-8", "backslashreplace")
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text[: schema.REJECT_TEXT]


def rejects(table: Table, what: Array, line: Callable[[int], bytes], source: str, header: str) -> pl.DataFrame:
    """Return the rejected rows as a frame of schema.REJECTS."""
    rows = np.flatnonzero(what < 0)
    if rows.size == 0:
        return empty(schema.REJECTS)
    texts = [shown(line(int(i)).rstrip(b"\r")) for i in rows]
    head = shown(header.encode())
    reasons = ["repeated_header" if t == head else REASONS[int(w)] for t, w in zip(texts, what[rows], strict=True)]
    return pl.DataFrame(
        {"reason": reasons, "source": [source] * rows.size, "line": table.line[rows], "text": texts},
        schema=schema.REJECTS,
    )


def together(parts: list[Decoded]) -> Decoded:
    """Return several parts as one."""
    if not parts:
        return nothing()
    if len(parts) == 1:
        return parts[0]
    return Decoded(*(pl.concat(frames, rechunk=False) for frames in zip(*parts, strict=True)))
