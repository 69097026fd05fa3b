"""Made traffic in the layout of the Danish Maritime Authority's daily files (26 columns, English phrases)."""

from __future__ import annotations

import polars as pl

from anchorwatch.trials.voyages import Ship

STATUS = {0: "Under way using engine", 1: "At anchor", 5: "Moored", 7: "Engaged in fishing"}
SHIP_TYPE = {30: "Fishing", 36: "Sailing", 52: "Tug", 60: "Passenger", 70: "Cargo", 79: "Cargo", 80: "Tanker"}


def _static(ships: list[Ship]) -> pl.DataFrame:
    """One row for each ship, as its static columns are written."""
    return pl.DataFrame(
        {
            "Type of mobile": ["Class B" if s.class_b else "Class A" for s in ships],
            "IMO": [str(s.imo) if s.imo else "Unknown" for s in ships],
            "Callsign": [s.callsign for s in ships],
            "Name": [s.name for s in ships],
            "Ship type": [SHIP_TYPE.get(s.ship_type, "Undefined") for s in ships],
            "Cargo type": pl.Series([None] * len(ships), dtype=pl.String),
            "Width": [s.beam_m for s in ships],
            "Length": [s.length_m for s in ships],
            "Type of position fixing device": ["GPS"] * len(ships),
            "Draught": [s.draught_m for s in ships],
            "Destination": [s.destination or "Unknown" for s in ships],
            "ETA": pl.Series([None] * len(ships), dtype=pl.String),
            "Data source type": ["AIS"] * len(ships),
            "A": [s.length_m - s.length_m // 4 for s in ships],
            "B": [s.length_m // 4 for s in ships],
            "C": [s.beam_m - s.beam_m // 2 for s in ships],
            "D": [s.beam_m // 2 for s in ships],
        }
    )


def frame(positions: pl.DataFrame, ships: list[Ship]) -> pl.DataFrame:
    """Return positions (with their column `ship`) as a Danish table, all columns in its order."""
    static = _static(ships)[positions["ship"]]
    status = pl.col("nav_status").replace_strict(STATUS, default="Unknown value", return_dtype=pl.String)
    class_b = static["Type of mobile"] == "Class B"
    moving = positions.select(
        pl.from_epoch("time_us", time_unit="us").dt.strftime("%d/%m/%Y %H:%M:%S").alias("# Timestamp"),
        static["Type of mobile"],
        pl.col("mmsi").alias("MMSI"),
        pl.col("lat_deg").alias("Latitude"),
        pl.col("lon_deg").alias("Longitude"),
        pl.when(class_b).then(pl.lit("Unknown value")).otherwise(status).alias("Navigational status"),
        pl.lit(None, pl.Float64).alias("ROT"),
        pl.col("sog_kn").alias("SOG"),
        pl.col("cog_deg").alias("COG"),
        pl.col("heading_deg").cast(pl.Int16).alias("Heading"),
    )
    return pl.concat([moving, static.drop("Type of mobile")], how="horizontal")
