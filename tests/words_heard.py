"""Rows as decoders and `tidy` give them, a few at a time, for tests of what is made of them."""

from __future__ import annotations

from typing import Any

import polars as pl

from anchorwatch import schema

T0 = 1_764_000_000_000_000
DAY_US = 86_400_000_000
NO_STATICS = pl.DataFrame(schema=schema.STATICS)
NO_POSITIONS = pl.DataFrame(schema=schema.POSITIONS)
NAN = float("nan")


def position(mmsi: int, time_us: int, lon_deg: float = 25.0, lat_deg: float = 59.9, **more: Any) -> dict[str, Any]:
    unsaid = dict.fromkeys(("sog_kn", "cog_deg", "heading_deg", "rot_deg_min"), NAN)
    place = {"time_us": time_us, "mmsi": mmsi, "lon_deg": lon_deg, "lat_deg": lat_deg}
    return {**unsaid, "nav_status": 15, "source": 0, "line": 0, **place, **more}


def positions(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema.POSITIONS) if rows else NO_POSITIONS


def statics(*rows: dict[str, Any]) -> pl.DataFrame:
    blank = dict.fromkeys(("callsign", "name", "destination", "eta"), "") | dict.fromkeys(
        ("imo", "ship_type", "ship_class", "source", "line"), 0
    )
    lengths = dict.fromkeys(("length_m", "beam_m", "draught_m"), NAN)
    return pl.DataFrame([{**blank, **lengths, **row} for row in rows], schema=schema.STATICS)
