"""What stands behind an alert, gathered from the history: track, usual speed, crossings, silences."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.edges.records import plain, time_us
from anchorwatch.edges.report.content import Crossing, TrackPlot
from anchorwatch.edges.report.thin import gaps, kept
from anchorwatch.picture.passages import between, passages
from anchorwatch.picture.usual import usual_kn
from anchorwatch.watch.room import Room

HOUR_US = 3_600_000_000
MOST_HOURS = 168.0  # before and after: a week
LONGEST_US = 31 * 24 * HOUR_US  # as of one question about a track
MOST_READ = 100_000  # places looked at: two days and more of a vessel that reports every two seconds
MOST_POINTS = 2000  # as many as a screen has pixels across
MOST_CROSSINGS = 500  # a vessel that works along a cable passes over it for days
UNDER_WAY_KN = 1.0  # slower, the course made good is the noise of the receiver


class Passed(NamedTuple):
    """The vessel passed over an asset."""

    time_us: int
    asset: str
    name: str
    lon_deg: float
    lat_deg: float
    kp_km: float
    sog_kn: float
    between_s: float


class Found(NamedTuple):
    """The evidence. rows: schema.POSITIONS with baseline_kn and offset_deg."""

    mmsi: int
    since_us: int
    until_us: int
    rows: pl.DataFrame
    crossings: list[Passed]
    gaps: list[tuple[int, int]]
    thinned: bool
    note: str


def gather(room: Room, alert: dict[str, Any], hours_before: float, hours_after: float, now_us: int) -> Found:
    """Return the track of the vessel of an alert (anchorwatch.alert/1) around it; empty where it is about none."""
    start_us, end_us = time_us(alert["start"]), time_us(alert["end"])
    since_us = max(0, start_us - int(hours_before * HOUR_US))
    until_us = max(since_us, min(end_us + int(hours_after * HOUR_US), max(now_us, end_us)))
    notes = []
    if until_us - since_us > LONGEST_US:
        until_us = since_us + LONGEST_US
        notes.append("It lasts longer than 31 days: only these are shown.")
    mmsi = int(alert["vessel"]["mmsi"])
    if not 0 < mmsi < 1 << 31:
        return Found(0, since_us, until_us, _dressed(_none(), alert, _NO_ROWS), [], [], False, "")
    track = room.history.track(mmsi, since_us, until_us + 1, MOST_READ + 1)
    track = track.filter(pl.col("lon_deg").is_finite() & pl.col("lat_deg").is_finite())
    if track.height > MOST_READ:
        notes.append(f"More than {MOST_READ:,} places: looked at evenly, so that short silences may not show.")
    crossings = _crossings(room, track)
    if len(crossings) > MOST_CROSSINGS:
        notes.append(f"It passed over assets {len(crossings)} times: the {MOST_CROSSINGS} nearest the alert are shown.")
        crossings = _nearest(crossings, start_us, end_us)
    plot = _plot(track, crossings)
    chosen = kept(plot, MOST_POINTS, [(start_us, end_us)])
    thinned = len(chosen) < track.height or track.height > MOST_READ
    silences = sorted(gaps(plot))
    return Found(
        mmsi, since_us, until_us, _dressed(track, alert, chosen), crossings, silences, thinned, " ".join(notes)
    )


_NO_ROWS = np.zeros(0, np.int64)


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=schema.POSITIONS)


def _dressed(track: pl.DataFrame, alert: dict[str, Any], chosen: np.ndarray[Any, Any]) -> pl.DataFrame:
    """Return the chosen rows with the usual speed and the angle between heading and course."""
    times, sog = track["time_us"].to_numpy(), track["sog_kn"].to_numpy()
    usual = usual_kn(times, sog, chosen)
    base_kn = _base_kn(alert)
    if base_kn is not None:  # what a detector measured against goes before what the hour shows
        within = (times[chosen] >= time_us(alert["start"])) & (times[chosen] <= time_us(alert["end"]))
        usual[within] = base_kn
    apart = (pl.col("heading_deg") - pl.col("cog_deg") + 180.0) % 360.0 - 180.0
    offset = pl.when(pl.col("sog_kn") >= UNDER_WAY_KN).then(apart).otherwise(None).fill_null(math.nan)
    return track[chosen].with_columns(offset_deg=offset, baseline_kn=pl.Series(usual, dtype=pl.Float64))


def _base_kn(alert: dict[str, Any]) -> float | None:
    values = (alert.get("extra") or {}).get("values")
    base = values.get("base_kn") if isinstance(values, dict) else None
    return float(base) if isinstance(base, int | float) and math.isfinite(base) else None


def _crossings(room: Room, track: pl.DataFrame) -> list[Passed]:
    """Return where the track passed over assets, in order of time."""
    if track.height < 2 or not len(room.chart.assets):
        return []
    mmsi, times = track["mmsi"].to_numpy(), track["time_us"].to_numpy()
    lon, lat, sog = (track[n].to_numpy() for n in ("lon_deg", "lat_deg", "sog_kn"))
    found = passages(room.chart.grid, mmsi, times, lon, lat, math.inf)
    step_us = times[found.row] - times[found.row - 1]
    at_us = times[found.row - 1] + (found.fraction * step_us).astype(np.int64)
    lons, lats = between(lon, lat, found)
    assets = [room.chart.assets[k] for k in found.asset.tolist()]
    columns = (lons, lats, found.kp_km, sog[found.row], step_us / 1e6)
    rest = zip(*(c.tolist() for c in columns), strict=True)
    return [
        Passed(at, asset.id, plain(asset.name), *values)
        for at, asset, values in zip(at_us.tolist(), assets, rest, strict=True)
    ]


def _nearest(crossings: list[Passed], start_us: int, end_us: int) -> list[Passed]:
    """Return those nearest to the time of the alert."""
    away = sorted(crossings, key=lambda c: max(start_us - c.time_us, c.time_us - end_us, 0))
    return sorted(away[:MOST_CROSSINGS])


def _plot(track: pl.DataFrame, crossings: list[Passed]) -> TrackPlot:
    times, lon, lat, sog = (track[n].to_numpy() for n in ("time_us", "lon_deg", "lat_deg", "sog_kn"))
    told = tuple(Crossing(c.time_us, c.asset, c.name, c.lon_deg, c.lat_deg) for c in crossings)
    return TrackPlot(times, lon, lat, sog, np.full(len(times), np.nan), None, told)
