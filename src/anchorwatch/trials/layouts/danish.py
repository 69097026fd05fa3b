"""Made traffic in the layout of the Danish Maritime Authority's daily files (26 columns, English phrases)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from anchorwatch.decode.columns import SHIP_TYPE_WORDS
from anchorwatch.trials.layouts.nmea_static import dimensions
from anchorwatch.trials.plan import Who

if TYPE_CHECKING:
    from anchorwatch.trials.traffic import Traffic

SLICE = 1 << 18  # rows written at a time: what bounds the memory

# ITU-R M.1371 table 45, as the files say it.
STATUS = {
    0: "Under way using engine", 1: "At anchor", 2: "Not under command", 3: "Restricted maneuverability",
    4: "Constrained by her draught", 5: "Moored", 6: "Aground", 7: "Engaged in fishing", 8: "Under way sailing",
    11: "Power-driven vessel towing astern", 12: "Power-driven vessel pushing ahead or towing alongside",
    14: "AIS-SART (active)",
}  # fmt: skip
SPELLED = {"hsc": "HSC", "sar": "SAR", "wig": "WIG", "towing long/wide": "Towing long/wide"}
SHIP_TYPE = {code: SPELLED.get(word, word.capitalize()) for word, code in SHIP_TYPE_WORDS.items() if code != 59}
DECADES = {2: "WIG", 4: "HSC", 6: "Passenger", 7: "Cargo", 8: "Tanker", 9: "Other"}


def _type_word(ship_type: int) -> str:
    return SHIP_TYPE.get(ship_type) or DECADES.get(ship_type // 10, "Undefined")


def _static(ships: list[Who]) -> pl.DataFrame:
    """One row for each ship, as its static columns are written."""
    said = {
        "Type of mobile": ["Class B" if s.class_b else "Class A" for s in ships],
        "IMO": [str(s.imo) if s.imo else "Unknown" for s in ships],
        "Callsign": [s.callsign or "Unknown" for s in ships],
        "Name": [s.name or None for s in ships],
        "Ship type": [_type_word(s.ship_type) for s in ships],
        "Cargo type": pl.Series([None] * len(ships), dtype=pl.String),
        "Width": [s.beam_m or None for s in ships],
        "Length": [s.length_m or None for s in ships],
        "Type of position fixing device": ["GPS"] * len(ships),
        "Draught": [s.draught_m or None for s in ships],
        "Destination": [s.destination or "Unknown" for s in ships],
        "ETA": pl.Series([None] * len(ships), dtype=pl.String),
        "Data source type": ["AIS"] * len(ships),
    }
    kinds = {"Name": pl.String, "Width": pl.Int32, "Length": pl.Int32, "Draught": pl.Float64}
    sides = [dimensions(s) if s.length_m else (None,) * 4 for s in ships]
    for k, side in enumerate("ABCD"):
        said[side] = pl.Series([s[k] for s in sides], dtype=pl.Int32)
    return pl.DataFrame(said, schema_overrides=kinds)


def _number(name: str) -> pl.Expr:
    """Return a column with nothing where there is no number."""
    return pl.col(name).fill_nan(None)


def frame(positions: pl.DataFrame, static: pl.DataFrame) -> pl.DataFrame:
    """Return positions (with their column `ship`) as a Danish table, all columns in its order."""
    static = static[positions["ship"]]
    status = pl.col("nav_status").replace_strict(STATUS, default="Unknown value", return_dtype=pl.String)
    moving = positions.select(
        pl.from_epoch("time_us", time_unit="us").dt.strftime("%d/%m/%Y %H:%M:%S").alias("# Timestamp"),
        static["Type of mobile"],
        pl.col("mmsi").alias("MMSI"),
        pl.col("lat_deg").fill_nan(91.0).alias("Latitude"),
        pl.col("lon_deg").fill_nan(181.0).alias("Longitude"),
        status.alias("Navigational status"),
        _number("rot_deg_min").alias("ROT"),
        _number("sog_kn").alias("SOG"),
        _number("cog_deg").alias("COG"),
        _number("heading_deg").cast(pl.Int16).alias("Heading"),
    )
    return pl.concat([moving, static.drop("Type of mobile")], how="horizontal")


def write(made: Traffic, path: Path) -> None:
    """Write traffic slice by slice."""
    static = _static(made.ships)
    with path.open("wb") as file:
        for number, part in enumerate(made.positions.iter_slices(SLICE)):
            frame(part, static).write_csv(file, include_header=number == 0)
