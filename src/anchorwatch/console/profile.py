"""An asset along its kilometre points, measured from the history: who was near, who passed over it, what was raised."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch.chart import Asset, Grid, depth_at, make, nearest, no_raster
from anchorwatch.chart.geodesy import pieces, wrap
from anchorwatch.edges.history_parts import SAME
from anchorwatch.edges.store import Item
from anchorwatch.model import rfc3339
from anchorwatch.picture.passages import passages, within_reach
from anchorwatch.watch.room import Room

Array = np.ndarray[Any, Any]
LONGEST_US = 31 * 86_400_000_000  # as of one question about a track
MOST_BINS = 400  # more than a screen shows side by side
STEPS_KM = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
NEAR_M = 1852.0  # a nautical mile: who anchors there may hold the asset
ERROR_SHARE = 5.0  # a bin is at least a fifth of what the route may be off: ships are placed better than the line
SLOW_KN = 5.0  # a dragging anchor holds a ship to some knots; a pilot boards at 6 to 8
# Of parts on the disk: some 25 million places, a day of 7,000 vessels. Read and counted in two seconds on two cores.
MOST_BYTES = 512 << 20
COLUMNS = ["time_us", "mmsi", "lon_deg", "lat_deg", "sog_kn"]
COUNTS = ("vessels", "crossings", "slow")
LONGEST_S = 1200.0  # between two reports; whoever was silent for longer may have passed anywhere
MOST_ALERTS, PAGE = 2000, 1000
MOST_CORNERS = 100_000  # of one asset: a cable surveyed to the metre has as many
FALSE = ("innocent", "drill", "false_detection")  # of judgement.work.DISPOSITIONS: nothing was done to the asset


class Profile(NamedTuple):
    """columns: lon_deg, lat_deg, vessels, crossings, slow, alerts, threat, depth_m of each bin, equal length."""

    length_km: float
    bin_km: float
    columns: dict[str, Array]
    traffic_since_us: int
    note: str


class Line(NamedTuple):
    """An asset alone in a grid, and the middles of its bins."""

    grid: Grid
    length_km: float
    bin_km: float
    lon_deg: Array
    lat_deg: Array
    left_out: int  # corners


def measure(room: Room, asset: Asset, since_us: int, until_us: int) -> Profile:
    """Measure an asset over a time; both ends included."""
    line = line_of(asset)
    if not len(line.lon_deg):
        blank = {name: np.zeros(0) for name in ("lon_deg", "lat_deg", "depth_m", *COUNTS, "alerts", "threat")}
        return Profile(0.0, line.bin_km, blank, since_us, "It is no line on the chart: there is nothing to go along.")
    traffic, from_us = _traffic(room, line, since_us, until_us)
    threat, note = _threat(room, asset, line, since_us, until_us)
    depths = [depth_at(room.chart.depth, *p) for p in zip(line.lon_deg.tolist(), line.lat_deg.tolist(), strict=True)]
    columns = {"lon_deg": line.lon_deg, "lat_deg": line.lat_deg, "depth_m": np.array(depths), **traffic, **threat}
    notes = [note]
    if from_us > since_us:
        notes.append(f"More than can be read at once: traffic is counted from {rfc3339(from_us)[:19]}Z on.")
    if line.left_out:
        notes.append(f"{line.left_out:,} corners of its line are left out.")
    return Profile(line.length_km, line.bin_km, columns, from_us, " ".join(filter(None, notes)))


@lru_cache(maxsize=16)
def line_of(asset: Asset) -> Line:
    """Return an asset alone in a grid with its bins."""
    corners = sum(len(line) for line in asset.lines)
    lines = tuple(_fewer(line, corners) for line in asset.lines)
    cut = pieces(lines)
    grid = make((replace(asset, lines=lines, points=()),) if len(cut) else (), shoreline=no_raster()).grid
    if not len(cut):
        return Line(grid, 0.0, STEPS_KM[0], np.zeros(0), np.zeros(0), 0)
    length_km = float(cut[-1, 5])
    finest_km = max(length_km / MOST_BINS, asset.error_m / ERROR_SHARE / 1000.0)
    bin_km = next((step for step in STEPS_KM if step >= finest_km), length_km / MOST_BINS)
    begin = np.arange(min(MOST_BINS, math.ceil(length_km / bin_km))) * bin_km
    middle = (begin + np.minimum(begin + bin_km, length_km)) / 2
    at = np.clip(np.searchsorted(cut[:, 5], middle), 0, len(cut) - 1)
    share = np.clip((middle - cut[at, 4]) / np.maximum(cut[at, 5] - cut[at, 4], 1e-9), 0.0, 1.0)
    lon = wrap(cut[at, 0] + share * (cut[at, 2] - cut[at, 0]))
    lat = cut[at, 1] + share * (cut[at, 3] - cut[at, 1])
    return Line(grid, length_km, bin_km, lon, lat, corners - sum(len(line) for line in lines))


def _fewer(line: Array, corners: int) -> Array:
    """Return a part of a line of so many corners, evenly thinned where these are too many; its ends stay."""
    if corners <= MOST_CORNERS:
        return line
    keep = max(2, len(line) * MOST_CORNERS // corners)
    return line[np.linspace(0, len(line) - 1, keep).round().astype(np.int64)]


def _traffic(room: Room, line: Line, since_us: int, until_us: int) -> tuple[dict[str, Array], int]:
    """Count vessels near and over each bin; second, since when: only so much is read at once."""
    since_us = room.history.reach_back(since_us, until_us + 1, MOST_BYTES)
    sums = {name: np.zeros(len(line.lon_deg), np.int64) for name in COUNTS}
    for places in room.history.sweep(since_us, until_us + 1, COLUMNS):
        lon, lat = places["lon_deg"].to_numpy(), places["lat_deg"].to_numpy()
        close = places.filter(pl.Series(within_reach(line.grid, lon, lat), dtype=pl.Boolean))
        if close.height:
            close = close.unique(SAME, keep="first").sort("mmsi", "time_us")
            for name, more in count(line, close).items():
                sums[name] += more
    return sums, since_us


def count(line: Line, rows: pl.DataFrame) -> dict[str, Array]:
    """Count vessels, crossings and slow crossings by bin, of places (COLUMNS) by vessel and time."""
    bins = len(line.lon_deg)
    mmsi, times, lon, lat, sog = (rows[n].to_numpy() for n in ("mmsi", "time_us", "lon_deg", "lat_deg", "sog_kn"))
    kp_km = nearest(line.grid, lon, lat, NEAR_M)[3]
    near = np.flatnonzero(np.isfinite(kp_km))
    visits = np.unique(mmsi[near].astype(np.int64) * bins + _bin(line, kp_km[near]))
    found = passages(line.grid, mmsi, times, lon, lat, LONGEST_S)
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
    found, elsewhere = _alerts(room, asset, since_us, until_us), 0
    worst: dict[tuple[int, int | str], float] = {}  # alerts about one vessel have one cause: the worst stands for all
    for item in found[:MOST_ALERTS]:
        if item.alert["status"] == "withdrawn" or item.work.get("disposition") in FALSE:
            continue
        kp_km = _kp_km(item.alert, asset.id, line)
        if kp_km is None:
            elsewhere += 1
            continue
        at = int(_bin(line, np.array([kp_km]))[0])
        number[at] += 1
        cause = at, int(item.alert["vessel"]["mmsi"]) or str(item.alert["id"])
        worst[cause] = max(worst.get(cause, 0.0), min(float(item.alert["score"] or 0.0), 1.0))
    for (at, _), score in worst.items():
        calm[at] *= 1.0 - score
    notes = [f"{elsewhere} alerts name it without a place along it."] if elsewhere else []
    if len(found) > MOST_ALERTS:
        notes.append(f"More than {MOST_ALERTS:,} alerts: the newest are counted.")
    return {"alerts": number, "threat": 1.0 - calm}, " ".join(notes)


def _alerts(room: Room, asset: Asset, since_us: int, until_us: int) -> list[Item]:
    """Return the alerts that were raised in this time, the newest first; one more than are counted, if so many."""
    found: list[Item] = []
    while len(found) <= MOST_ALERTS:
        after = found[-1].alert["id"] if found else None
        page = room.store.alerts(asset=asset.id, since_us=since_us, until_us=until_us + 1, limit=PAGE, after=after)
        found += page
        if len(page) < PAGE:
            break
    return found


def _kp_km(alert: dict[str, Any], asset_id: str, line: Line) -> float | None:
    """Return the kilometre point that an alert names, else that nearest to its place; None where it is far away."""
    for named in alert["assets"]:
        if named["id"] == asset_id and named["kp_km"] is not None:
            return float(named["kp_km"])
    place = alert["position"]
    if place is None:
        return None
    kp_km = float(nearest(line.grid, np.array([place["lon"]], np.float64), np.array([place["lat"]], np.float64))[3][0])
    return kp_km if math.isfinite(kp_km) else None
