"""Made traffic in our own layout (docs/formats.md): positions, who they are of, and the station that heard them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from anchorwatch.trials.plan import Who

if TYPE_CHECKING:
    from anchorwatch.trials.traffic import Traffic

SLICE = 1 << 18  # rows at a time
MOVING = ("mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "rot_deg_min", "nav_status")
SAYS = ("imo", "callsign", "name", "ship_type", "ship_class", "length_m", "beam_m", "draught_m", "destination")


def static(ships: Sequence[Who], classes: Sequence[str]) -> pl.DataFrame:
    """One row for each ship."""
    said = {name: [getattr(s, name) for s in ships] for name in Who._fields if name != "class_b"}
    kinds = {"mmsi": pl.Int32, "imo": pl.Int32, "ship_type": pl.Int16, "length_m": pl.Int32, "beam_m": pl.Int32}
    texts = {"name": pl.String, "callsign": pl.String, "destination": pl.String, "eta": pl.String}
    return pl.DataFrame(
        {**said, "ship_class": pl.Series(classes, dtype=pl.String), "eta": [""] * len(said["mmsi"])},
        schema_overrides={**kinds, **texts, "draught_m": pl.Float64},
    )


def frames(made: Traffic) -> Iterator[pl.DataFrame]:
    """Yield our own columns, slice by slice."""
    says = static(made.ships, made.classes).select(SAYS)
    stations = pl.Series("station", made.stations)
    for part in made.positions.iter_slices(SLICE):
        moving = part.select(
            pl.from_epoch("time_us", time_unit="us").dt.replace_time_zone("UTC").alias("time"),
            *MOVING,
            stations.gather(part["station"]),
        )
        yield pl.concat([moving, says[part["ship"]]], how="horizontal")


def write(made: Traffic, path: Path) -> None:
    """Write Parquet."""
    pl.concat(frames(made)).write_parquet(path, compression="zstd", row_group_size=SLICE)
