"""An asset along its kilometre points, measured from the history: who was near, who passed over it, what was raised."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch.chart import Asset, Chart, depth_at, make, nearest, no_raster
from anchorwatch.chart.geodesy import wrap
from anchorwatch.edges.store import Item
from anchorwatch.picture.passages import passages
from anchorwatch.watch.room import Room

Array = np.ndarray[Any, Any]
LONGEST_US = 31 * 86_400_000_000  # as of one question about a track
MOST_BINS = 400  # more than a screen shows side by side
STEPS_KM = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
NEAR_M = 1852.0  # a nautical mile: who anchors there may hold the asset
SLOW_KN = 5.0  # a dragging anchor holds a ship to some knots; a pilot boards at 6 to 8
LONGEST_S = 1200.0  # between two reports; whoever was silent for longer may have passed anywhere
MOST_ALERTS = 2000
FALSE = ("innocent", "drill", "false_detection")


class Profile(NamedTuple):
    """columns: lon_deg, lat_deg, vessels, crossings, slow, alerts, threat, depth_m of each bin, equal length."""

    length_km: float
    bin_km: float
    columns: dict[str, Array]
    note: str


class Line(NamedTuple):
    """An asset alone on a chart, and the places of its bins."""

    chart: Chart
    length_km: float
    bin_km: float
    lon_deg: Array
    lat_deg: Array


def measure(room: Room, asset: Asset, since_us: int, until_us: int) -> Profile:
    """Measure an asset over a time; both ends included."""
    line = line_of(asset)
    bins = len(line.lon_deg)
    depths = [depth_at(room.chart.depth, *p) for p in zip(line.lon_deg.tolist(), line.lat_deg.tolist(), strict=True)]
    columns: dict[str, Array] = {"lon_deg": line.lon_deg, "lat_deg": line.lat_deg, "depth_m": np.array(depths)}
    if not bins:
        blank = {n: np.zeros(0) for n in ("vessels", "crossings", "slow", "alerts", "threat")}
        return Profile(line.length_km, line.bin_km, columns | blank, "It is no line on the chart: nothing to go along.")
    traffic, said = _traffic(room, line, since_us, until_us)
    threat, more = _threat(room, asset, line, since_us, until_us)
    return Profile(line.length_km, line.bin_km, columns | traffic | threat, " ".join(n for n in (said, more) if n))


@lru_cache(maxsize=32)
def line_of(asset: Asset) -> Line:
    """Return an asset alone on a chart with its bins."""
    chart = make((asset,), shoreline=no_raster())
    cut = chart.grid.pieces
    length_km = float(cut[:, 5].max()) if asset.lines and len(cut) else 0.0
    if length_km <= 0.0:
        return Line(chart, 0.0, STEPS_KM[0], np.zeros(0), np.zeros(0))
    bin_km = next((s for s in STEPS_KM if length_km <= s * MOST_BINS), length_km / MOST_BINS)
    middles = (np.arange(min(MOST_BINS, math.ceil(length_km / bin_km))) + 0.5) * bin_km
    middles = np.minimum(middles, length_km)
    at = np.clip(np.searchsorted(cut[:, 5], middles), 0, len(cut) - 1)
    kp1, kp2 = cut[at, 4], cut[at, 5]
    share = np.clip((middles - kp1) / np.maximum(kp2 - kp1, 1e-9), 0.0, 1.0)
    lon = wrap(cut[at, 0] + share * (cut[at, 2] - cut[at, 0]))
    return Line(chart, length_km, bin_km, lon, cut[at, 1] + share * (cut[at, 3] - cut[at, 1]))


def _traffic(room: Room, line: Line, since_us: int, until_us: int) -> tuple[dict[str, Array], str]:
    """Count vessels near and over each bin."""
    wanted = pl.col("time_us").is_between(since_us, until_us)
    frames = [f.filter(wanted) for f in room.history._held()]
    rows = pl.concat([*frames, room.history._parts.rows(since_us, until_us, wanted)])
    rows = rows.sort("mmsi", "time_us")
    return count(line, rows), ""


def count(line: Line, rows: pl.DataFrame) -> dict[str, Array]:
    """Count vessels, crossings and slow crossings by bin, of places by vessel and time."""
    bins = len(line.lon_deg)
    mmsi, times, lon, lat, sog = (rows[n].to_numpy() for n in ("mmsi", "time_us", "lon_deg", "lat_deg", "sog_kn"))
    _, _, _, kp_km = nearest(line.chart.grid, lon, lat, NEAR_M)
    near = np.flatnonzero(np.isfinite(kp_km))
    visits = np.unique(mmsi[near].astype(np.int64) * bins + _bin(line, kp_km[near]))
    found = passages(line.chart.grid, mmsi, times, lon, lat, LONGEST_S)
    crossed, slow = _bin(line, found.kp_km), sog[found.row] < SLOW_KN
    return {
        "vessels": np.bincount(visits % bins, minlength=bins),
        "crossings": np.bincount(crossed, minlength=bins),
        "slow": np.bincount(crossed[slow], minlength=bins),
    }


def _bin(line: Line, kp_km: Array) -> Array:
    return np.clip(kp_km // line.bin_km, 0, len(line.lon_deg) - 1).astype(np.int64)


def _threat(room: Room, asset: Asset, line: Line, since_us: int, until_us: int) -> tuple[dict[str, Array], str]:
    """Count alerts by bin, and the chance that one of them is true."""
    number, calm = np.zeros(len(line.lon_deg), np.int64), np.ones(len(line.lon_deg))
    asked: dict[str, Any] = {"asset": asset.id, "since_us": since_us, "until_us": until_us + 1, "limit": 1000}
    found: list[Item] = room.store.alerts(**asked)
    for item in found:
        place = _place(item, asset.id)
        if place is None:
            continue
        at = int(_bin(line, np.array([place])))
        number[at] += 1
        calm[at] *= 1.0 - min(max(float(item.alert["score"] or 0.0), 0.0), 1.0)
    return {"alerts": number, "threat": 1.0 - calm}, ""


def _place(item: Item, asset_id: str) -> float | None:
    """Return the kilometre point of an alert that counts."""
    if item.alert["status"] == "withdrawn" or item.work.get("disposition") in FALSE:
        return None
    points = [a["kp_km"] for a in item.alert["assets"] if a["id"] == asset_id]
    return next((float(p) for p in points if p is not None), None)
