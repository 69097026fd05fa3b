"""The picture then: every place of every vessel, kept on disk by day and bucket, asked for by track or by time.

FOLDER/day=2026-11-23/bucket=05/part-<number>.parquet          bucket = MMSI % 16
"""

from __future__ import annotations

import threading
from pathlib import Path

import polars as pl

from anchorwatch import schema
from anchorwatch.edges.clock import Clock

BUCKETS = 16


class History:
    """Takes places as they arrive, answers questions about earlier times. For any number of threads."""

    def __init__(self, folder: Path, clock: Clock, keep_days: float | None = None) -> None:
        """Use a folder, which is made when it is needed; `keep_days` None = all."""
        self.folder, self.clock, self.keep_days = folder, clock, keep_days
        self._lock = threading.Lock()
        self._recent: list[pl.DataFrame] = []

    def add(self, positions: pl.DataFrame) -> None:
        """Take rows of schema.POSITIONS."""
        with self._lock:
            self._recent.append(positions)

    def flush(self) -> None:
        """Write what is only in memory; raises BadStore."""

    def track(self, mmsi: int, since_us: int, until_us: int, most: int = 5000) -> pl.DataFrame:
        """Return the places of a vessel in [since_us, until_us) by time, thinned evenly to at most `most` rows."""
        return (
            self._in_memory()
            .filter(pl.col("mmsi") == mmsi, pl.col("time_us") >= since_us, pl.col("time_us") < until_us)
            .sort("time_us")
            .head(most)
        )

    def picture(self, at_us: int, within_s: float = 3600.0) -> pl.DataFrame:
        """Return the last place of each vessel in the `within_s` seconds up to `at_us`."""
        since_us = at_us - int(within_s * 1e6)
        rows = self._in_memory().filter(pl.col("time_us") > since_us, pl.col("time_us") <= at_us)
        return rows.sort("time_us").unique("mmsi", keep="last", maintain_order=True).sort("mmsi")

    def tick(self) -> None:
        """Call often: writes what has waited long enough, joins small parts, removes what is too old."""

    def _in_memory(self) -> pl.DataFrame:
        with self._lock:
            return pl.concat(self._recent) if self._recent else pl.DataFrame(schema=schema.POSITIONS)
