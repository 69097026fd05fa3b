"""Actors put into a real archive: what would be in it, had they sailed there.

The archive is read as any file of traffic is, and what stations hear of the actors is fitted to it: its span of time,
its rate (an archive of one position a minute gets one a minute of them), its least speed, the columns that it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Options
from anchorwatch.edges.archive import open_source
from anchorwatch.errors import BadInput, BadUse
from anchorwatch.trials.plan import Voyage, Water, Who
from anchorwatch.trials.traffic import EXTRA, Traffic, traffic

MINUTE_US = 60_000_000
SPARE_MMSI = 1_000_000  # how many numbers are tried before an actor's own is given up
TYPE_OF_CLASS = {"cargo_or_tanker": 79, "cargo": 70, "tanker": 80, "passenger": 60, "fishing": 30, "service": 50,
                 "pleasure": 37, "high_speed": 40, "military": 35, "other": 90}  # fmt: skip


class Policy(NamedTuple):
    """How an archive was made: what it keeps of what was sent."""

    every_s: int  # 0 = as received
    least_kn: float  # slower positions are left out
    columns: tuple[str, ...]  # of those that not every archive has
    named: bool  # whether it says more of a vessel than its class


def by_the_minute(positions: pl.DataFrame, every_s: int = 60, least_kn: float = 0.0) -> pl.DataFrame:
    """Return one position of each ship a minute: means of place, speed and course, the rest as it was first."""
    turn = pl.col("cog_deg").radians()
    mean = ("lon_deg", "lat_deg", "sog_kn")
    others = [c for c in positions.columns if c not in (*mean, "cog_deg", "ship", "time_us")]
    slot = pl.col("time_us") // (every_s * 1_000_000) * (every_s * 1_000_000)
    course = pl.arctan2(turn.sin().mean(), turn.cos().mean()).degrees() % 360
    return (
        positions.filter(pl.col("lon_deg").is_not_nan())
        .group_by("ship", slot, maintain_order=True)
        .agg(pl.col(mean).mean(), course.alias("cog_deg"), pl.col(others).first())
        .filter(~(pl.col("sog_kn") < least_kn))
        .sort("time_us", maintain_order=True)
        .select(positions.columns)
    )
