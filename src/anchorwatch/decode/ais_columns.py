"""The columns into which messages are decoded, and the frames that are made of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.decode.ais_bits import Bytes

Array = np.ndarray[Any, Any]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

BASE_STATION, SAR_AIRCRAFT, AID_TO_NAVIGATION, DISTRESS_BEACON, SOMETHING = range(5)
WHAT = ("base_station", "sar_aircraft", "aid_to_navigation", "distress_beacon", "other")


# Rows while they are filled: records, because compiled code passes a record as a mere pointer.
POSITION_ROWS = np.dtype(
    [
        ("time_us", np.int64),
        ("line", np.int64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("sog_kn", np.float64),
        ("cog_deg", np.float64),
        ("heading_deg", np.float64),
        ("rot_deg_min", np.float64),
        ("mmsi", np.int32),
        ("nav_status", np.int8),
    ],
    align=True,
)
# Texts are bytes, padded with NUL, in one field: one shape is one function to compile.
NAME, CALLSIGN, DESTINATION, ETA, TEXTS = 0, 20, 27, 47, 58
STATIC_TEXTS = {
    "name": slice(NAME, CALLSIGN),
    "callsign": slice(CALLSIGN, DESTINATION),
    "destination": slice(DESTINATION, ETA),
    "eta": slice(ETA, TEXTS),
}
OTHER_TEXTS = {"name": slice(0, 34)}  # of an aid to navigation, with its extension
STATIC_ROWS = np.dtype(
    [
        ("time_us", np.int64),
        ("line", np.int64),
        ("length_m", np.float64),
        ("beam_m", np.float64),
        ("draught_m", np.float64),
        ("mmsi", np.int32),
        ("imo", np.int32),
        ("ship_type", np.int16),
        ("texts", np.uint8, (TEXTS,)),
    ],
    align=True,
)
OTHER_ROWS = np.dtype(
    [
        ("time_us", np.int64),
        ("line", np.int64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("mmsi", np.int32),
        ("what", np.int8),
        ("texts", np.uint8, (TEXTS,)),
    ],
    align=True,
)
# The text of a reject stands at [start, stop) of the block; start below 0: in place -start - 1 of the parts
# that waited when the block began.
REJECT_ROWS = np.dtype([("line", np.int64), ("start", np.int64), ("stop", np.int64), ("reason", np.int64)])


FLOATS = ("lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "rot_deg_min")


class Made(NamedTuple):
    """The rows of one block, not all of them filled. Positions, of which there are most, go on into columns."""

    position: Array  # one record
    floats: Floats  # (6, messages), FLOATS
    times: Ints
    lines: Ints
    mmsi: Array
    nav_status: Array
    statics: Array
    others: Array
    rejects: Array


def room(messages: int, rejects: int) -> Made:
    """Return rows for so many messages; memory that is not written costs nothing."""
    return Made(
        np.zeros(1, POSITION_ROWS),
        np.empty((len(FLOATS), messages)),
        np.empty(messages, np.int64),
        np.empty(messages, np.int64),
        np.empty(messages, np.int32),
        np.empty(messages, np.int8),
        np.empty(messages, STATIC_ROWS),
        np.empty(messages, OTHER_ROWS),
        np.empty(rejects, REJECT_ROWS),
    )


def _texts(cells: Bytes) -> pl.Series:
    """Return texts from rows of NUL-padded ASCII."""
    flat = np.ascontiguousarray(cells).view(f"S{cells.shape[1]}").ravel()
    return pl.Series(flat.tolist(), dtype=pl.Binary).cast(pl.String)


def _frame(rows: Array, texts: dict[str, slice], wanted: dict[str, Any], given: dict[str, Any]) -> pl.DataFrame:
    """Return a frame of `wanted` columns from filled rows and from what is given."""
    given = {"source": np.zeros(len(rows), np.int16)} | given
    series = []
    for name, dtype in wanted.items():
        value = given.get(name)
        if value is None:
            value = _texts(rows["texts"][:, texts[name]]) if name in texts else np.ascontiguousarray(rows[name])
        series.append(pl.Series(name, value, dtype=dtype))
    return pl.DataFrame(series)


def positions_frame(made: Made, size: int) -> pl.DataFrame:
    """Return a frame of schema.POSITIONS from filled columns."""
    columns = dict(zip(FLOATS, made.floats[:, :size], strict=True)) | {
        "time_us": made.times[:size],
        "line": made.lines[:size],
        "mmsi": made.mmsi[:size],
        "nav_status": made.nav_status[:size],
        "source": np.zeros(size, np.int16),
    }
    return pl.DataFrame([pl.Series(name, columns[name], dtype=dtype) for name, dtype in schema.POSITIONS.items()])


def statics_frame(rows: Array) -> pl.DataFrame:
    """Return a frame of schema.STATICS."""
    return _frame(rows, STATIC_TEXTS, schema.STATICS, {"ship_class": schema.CLASS_BY_TYPE[rows["ship_type"]]})


def others_frame(rows: Array) -> pl.DataFrame:
    """Return a frame of schema.OTHERS."""
    return _frame(rows, OTHER_TEXTS, schema.OTHERS, {"what": [WHAT[k] for k in rows["what"].tolist()]})


def vessels_and_others(positions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Return the positions of ships, and those of everything else as a frame of schema.OTHERS (None = none).

    Numbers of ships begin with the digit of a region, 2 to 7 (ITU-R M.585).
    """
    mmsi = positions["mmsi"].to_numpy()
    ship = (mmsi >= 200_000_000) & (mmsi < 800_000_000)
    if ship.all():
        return positions, None
    apart = positions.filter(~ship)
    numbers = mmsi[~ship]
    what = np.full(len(numbers), SOMETHING)
    what[(numbers > 0) & (numbers < 10_000_000)] = BASE_STATION
    what[numbers // 1_000_000 == 111] = SAR_AIRCRAFT
    what[numbers // 10_000_000 == 99] = AID_TO_NAVIGATION
    what[np.isin(numbers // 1_000_000, (970, 972, 974))] = DISTRESS_BEACON
    made = apart.with_columns(pl.Series("what", [WHAT[k] for k in what], dtype=pl.String), pl.lit("").alias("name"))
    return positions.filter(ship), made.select(list(schema.OTHERS))
