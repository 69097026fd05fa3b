"""The peer of a scan: polars reads, movingpandas splits at gaps and stops. Prints the seconds it took."""

from __future__ import annotations

import sys
import time
import warnings
from datetime import timedelta

import polars as pl


def main(path: str, rows: int) -> None:
    """Split the first so many distinct rows of whole vessels."""
    warnings.simplefilter("ignore")
    import geopandas
    import movingpandas

    began = time.perf_counter()
    frame = pl.scan_parquet(path).select("time", "mmsi", "lon_deg", "lat_deg").unique(["time", "mmsi"]).collect()
    vessels = frame.group_by("mmsi").len().sort("mmsi").filter(pl.col("len").cum_sum() <= rows)["mmsi"]
    part = frame.filter(pl.col("mmsi").is_in(vessels.implode())).sort("mmsi", "time")
    reading = time.perf_counter() - began
    if part.height == 0:
        raise SystemExit("no whole vessel in so few rows")
    began = time.perf_counter()
    table = {n: part[n].to_list() for n in ("time", "mmsi")}
    table["time"] = [t.replace(tzinfo=None) for t in table["time"]]
    points = geopandas.points_from_xy(part["lon_deg"].to_numpy(), part["lat_deg"].to_numpy(), crs="EPSG:4326")
    tracks = movingpandas.TrajectoryCollection(geopandas.GeoDataFrame(table, geometry=points), "mmsi", t="time")
    movingpandas.ObservationGapSplitter(tracks).split(gap=timedelta(minutes=30))
    stops = movingpandas.TrajectoryStopDetector(tracks)
    stops.get_stop_segments(min_duration=timedelta(minutes=15), max_diameter=300)
    splitting = time.perf_counter() - began
    print(reading * rows / frame.height + splitting * rows / part.height)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
