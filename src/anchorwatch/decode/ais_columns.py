"""The columns into which messages are decoded, and the frames that are made of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch import schema
from anchorwatch.decode.ais_bits import Bytes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Ints16 = npt.NDArray[np.int16]
Ints8 = npt.NDArray[np.int8]

BASE_STATION, SAR_AIRCRAFT, AID_TO_NAVIGATION, DISTRESS_BEACON, SOMETHING = range(5)
WHAT = ("base_station", "sar_aircraft", "aid_to_navigation", "distress_beacon", "other")


class Positions(NamedTuple):
    """Columns of schema.POSITIONS while they are filled."""

    time_us: Ints
    mmsi: Ints32
    lon_deg: Floats
    lat_deg: Floats
    sog_kn: Floats
    cog_deg: Floats
    heading_deg: Floats
    rot_deg_min: Floats
    nav_status: Ints8
    line: Ints


class Statics(NamedTuple):
    """Columns of schema.STATICS while they are filled; texts are bytes, padded with NUL."""

    time_us: Ints
    mmsi: Ints32
    imo: Ints32
    ship_type: Ints16
    length_m: Floats
    beam_m: Floats
    draught_m: Floats
    line: Ints
    callsign: Bytes
    name: Bytes
    destination: Bytes
    eta: Bytes


class Others(NamedTuple):
    """Columns of schema.OTHERS while they are filled."""

    time_us: Ints
    mmsi: Ints32
    what: Ints8
    lon_deg: Floats
    lat_deg: Floats
    line: Ints
    name: Bytes


class Rejects(NamedTuple):
    """Rejected lines: code of the reason, line number, and where the text stands."""

    reason: Ints8
    line: Ints
    start: Ints  # in the block; below 0: waiting place -start - 1, as it was when the block began
    stop: Ints


class Columns(NamedTuple):
    """All columns of one block, and how many rows of each are filled."""

    rows: Ints  # positions, statics, others, rejects
    positions: Positions
    statics: Statics
    others: Others
    rejects: Rejects


TEXT_WIDTH = {"callsign": 7, "name": 20, "destination": 20, "eta": 11}
OTHER_NAME_WIDTH = 34  # 20 characters and the extension of message 21


def _columns(kind: type[Any], size: int, width: dict[str, int]) -> Any:
    """Return a tuple of empty columns, typed as the annotations of `kind` say."""
    types = {"Ints": np.int64, "Floats": np.float64, "Ints32": np.int32, "Ints16": np.int16, "Ints8": np.int8}
    made = []
    for name, note in kind.__annotations__.items():
        label = note if isinstance(note, str) else note.__forward_arg__
        made.append(np.empty((size, width[name]), np.uint8) if label == "Bytes" else np.empty(size, types[label]))
    return kind(*made)


def columns(messages: int, rejects: int) -> Columns:
    """Return columns with room for so many messages; room that is not used costs nothing."""
    return Columns(
        np.zeros(4, np.int64),
        _columns(Positions, messages, {}),
        _columns(Statics, messages, TEXT_WIDTH),
        _columns(Others, messages, {"name": OTHER_NAME_WIDTH}),
        _columns(Rejects, rejects, {}),
    )


def _texts(cells: Bytes) -> list[str]:
    """Return a list of str from rows of NUL-padded ASCII."""
    flat = np.ascontiguousarray(cells).view(f"S{cells.shape[1]}").ravel()
    return flat.astype(str).tolist()  # type: ignore[no-any-return]


def _frame(filled: Any, size: int, wanted: dict[str, Any], given: dict[str, Any]) -> pl.DataFrame:
    """Return a frame of `wanted` columns: the first `size` rows of what is filled, and what is given."""
    series = {}
    for name, dtype in wanted.items():
        value = given.get(name)
        if value is None:
            cells = getattr(filled, name)[:size]
            value = _texts(cells) if cells.ndim == 2 else cells
        series[name] = pl.Series(name, value, dtype=dtype)
    return pl.DataFrame(series)


def positions_frame(made: Columns) -> pl.DataFrame:
    """Return a frame of schema.POSITIONS."""
    size = int(made.rows[0])
    return _frame(made.positions, size, schema.POSITIONS, {"source": np.zeros(size, np.int16)})


def statics_frame(made: Columns) -> pl.DataFrame:
    """Return a frame of schema.STATICS."""
    size = int(made.rows[1])
    given = {
        "source": np.zeros(size, np.int16),
        "ship_class": schema.CLASS_BY_TYPE[made.statics.ship_type[:size]],
    }
    return _frame(made.statics, size, schema.STATICS, given)


def others_frame(made: Columns) -> pl.DataFrame:
    """Return a frame of schema.OTHERS."""
    size = int(made.rows[2])
    what = [WHAT[k] for k in made.others.what[:size].tolist()]
    return _frame(made.others, size, schema.OTHERS, {"source": np.zeros(size, np.int16), "what": what})


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
