"""What vessels say of themselves, as a stream: one row whenever something said is believed.

A thing is believed when it was heard twice (see `identity`); said once more after something else was, it is
believed at once. Where the vessel was and what lay near it comes from the track.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.chart import Chart, nearest

Array = np.ndarray[Any, Any]

# Where a vessel was when it spoke of itself.
SPOKE = np.dtype([("time_us", np.int64), ("mmsi", np.int32), ("lon_deg", np.float64), ("lat_deg", np.float64)])
SAID = ("imo", "ship_type", "length_m", "beam_m")


def spoken(events: Array) -> Array:
    """Take from woven events (`state.EVENT`) where each vessel was when it spoke of itself."""
    of_itself = events[events["static"] == 1]
    places = np.zeros(len(of_itself), SPOKE)
    for name in SPOKE.names or ():
        places[name] = of_itself[name]
    return places


def statements(sightings: pl.DataFrame, first_us: int, end_us: int, places: Array, chart: Chart) -> Array:
    """Return schema.STATEMENT rows of what was first believed within a time, in order of time and MMSI."""
    believed = sightings.filter(
        pl.col("second_us").is_between(first_us, end_us, closed="left") & (pl.col("second_us") > 0)
    )
    believed = believed.sort("second_us", "mmsi", maintain_order=True)
    rows = np.zeros(believed.height, schema.STATEMENT)
    rows["time_us"], rows["mmsi"] = believed["second_us"].to_numpy(), believed["mmsi"].to_numpy()
    for name in SAID:
        rows[name] = believed[name].to_numpy()
    for name, size in (("name", 20), ("callsign", 7)):
        rows[name] = [tidied(text)[:size] for text in believed[name].to_list()]
    _placed(rows, places, chart)
    return rows


def tidied(text: str) -> bytes:
    """Return a text as AIS can send it, without padding: `" Eagle  S@@@"` is `EAGLE S`."""
    return " ".join(text.upper().replace("@", " ").split()).encode("ascii", "replace")


def _placed(rows: Array, places: Array, chart: Chart) -> None:
    """Set where each vessel was, and what lay near."""
    every = places[np.isin(places["time_us"], rows["time_us"]) & np.isin(places["mmsi"], rows["mmsi"])]
    every = every[np.lexsort((every["lon_deg"], every["time_us"], every["mmsi"]))][::-1]  # the known ones go last
    where = {(m, t): k for k, (m, t) in enumerate(zip(every["mmsi"].tolist(), every["time_us"].tolist(), strict=True))}
    places_of = [where.get(one, -1) for one in zip(rows["mmsi"].tolist(), rows["time_us"].tolist(), strict=True)]
    there = np.array(places_of, np.int64)
    for name in ("lon_deg", "lat_deg"):
        rows[name] = np.where(there >= 0, np.append(every[name], np.nan)[there], np.nan)
    asset, asset_m, _, kp_km = nearest(chart.grid, rows["lon_deg"].copy(), rows["lat_deg"].copy())
    rows["asset"], rows["asset_m"], rows["kp_km"] = asset, asset_m, kp_km
