"""What happens to many vessels at once: a hole in reception, or interference with their positions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from .draft import Params
from .hosts import M_PER_LAT, M_PER_LON, Floats, to_degrees, to_metres


@dataclass(frozen=True)
class AreaEvent:
    """A place and time in which many vessels share a fate."""

    name: str  # "reception_hole" or "interference"
    start: datetime
    end: datetime
    centre_m: tuple[float, float]
    radius_m: float
    mmsis: tuple[int, ...]
    params: Params


def _inside(event_centre: Floats, radius_m: float, start: datetime, end: datetime) -> pl.Expr:
    lon, lat = to_degrees(event_centre[None, :])
    east = (pl.col("lon_deg") - float(lon[0])) * M_PER_LON
    north = (pl.col("lat_deg") - float(lat[0])) * M_PER_LAT
    near: pl.Expr = (east**2 + north**2).sqrt() < radius_m
    return near & pl.col("time").is_between(start, end)


def _draw(
    traffic: pl.DataFrame,
    name: str,
    minutes: tuple[float, float],
    radius_m: tuple[float, float],
    rng: np.random.Generator,
) -> AreaEvent:
    row = traffic.row(int(rng.integers(len(traffic))), named=True)  # where and when there is traffic
    start = row["time"] - timedelta(minutes=float(rng.uniform(5, 40)))
    end = start + timedelta(minutes=float(rng.uniform(*minutes)))
    centre = to_metres(np.array([row["lon_deg"]]), np.array([row["lat_deg"]]))[0] + rng.normal(0, 4000, 2)
    radius = float(rng.uniform(*radius_m))
    return AreaEvent(name, start, end, (float(centre[0]), float(centre[1])), radius, (), {"radius_m": radius})


def _with_victims(traffic: pl.DataFrame, event: AreaEvent, least_rows: int) -> AreaEvent:
    hit = traffic.filter(_inside(np.array(event.centre_m), event.radius_m, event.start, event.end))
    counts = hit.group_by("mmsi").len().filter(pl.col("len") >= least_rows).sort("mmsi")
    return replace(event, mmsis=tuple(counts["mmsi"]))


def _draw_with(
    traffic: pl.DataFrame,
    name: str,
    minutes: tuple[float, float],
    radius_m: tuple[float, float],
    least: int,
    taken: list[AreaEvent],
    rng: np.random.Generator,
) -> AreaEvent | None:
    first, last = traffic["time"].min(), traffic["time"].max()
    assert isinstance(first, datetime) and isinstance(last, datetime)
    hour = timedelta(hours=1)
    for _ in range(300):
        event = _draw(traffic, name, minutes, radius_m, rng)
        clear = all(event.end + 2 * hour < o.start or event.start > o.end + 2 * hour for o in taken)
        if not clear or event.start < first + hour or event.end > last - hour:
            continue
        event = _with_victims(traffic, event, least_rows=15)
        if len(event.mmsis) >= least:
            return event
    return None


def reception_holes(traffic: pl.DataFrame, count: int, rng: np.random.Generator) -> list[AreaEvent]:
    """Windows of 35 to 120 min in which an area, or the whole feed, hears nobody."""
    events: list[AreaEvent] = []
    for _ in range(count):
        whole = rng.random() < 0.3
        radius = (200_000.0, 200_001.0) if whole else (9_000.0, 30_000.0)
        event = _draw_with(traffic, "reception_hole", (35, 120), radius, 4, events, rng)
        if event is not None:
            scraps = float(rng.choice([0.0, 0.0, 0.05]))  # now and then a report gets through
            events.append(replace(event, params={**event.params, "heard_share": scraps}))
    return events


def silenced(rows: pl.DataFrame, event: AreaEvent, rng: np.random.Generator) -> pl.DataFrame:
    """The rows that are still heard."""
    gets_through = pl.Series(rng.random(len(rows)) < float(event.params["heard_share"]))
    return rows.filter(gets_through | ~_inside(np.array(event.centre_m), event.radius_m, event.start, event.end))


def interferences(traffic: pl.DataFrame, count: int, rng: np.random.Generator) -> list[AreaEvent]:
    """Windows of 20 to 60 min in which five or more vessels' positions are wrong together."""
    events: list[AreaEvent] = []
    for _ in range(count):
        event = _draw_with(traffic, "interference", (20, 60), (12_000, 35_000), 5, events, rng)
        if event is not None:
            how = str(rng.choice(["scatter", "own offset", "one offset", "one place"]))
            params: Params = {
                **event.params,
                "how": how,
                "far_m": float(rng.uniform(5_000, 50_000)),
                "speed_wrong": bool(rng.random() < 0.3),
            }
            events.append(replace(event, params=params))
    return events


def disturbed(rows: pl.DataFrame, event: AreaEvent, rng: np.random.Generator) -> pl.DataFrame:
    """The rows with the positions that the vessels in the area then report."""
    rows = rows.with_row_index("_row")
    shift = rng.uniform(0, 2 * np.pi)
    common = float(event.params["far_m"]) * np.array([np.sin(shift), np.cos(shift)])
    moved = []
    for mmsi in event.mmsis:
        start, end = (t + timedelta(seconds=float(rng.uniform(-60, 60))) for t in (event.start, event.end))
        mine = rows.filter((pl.col("mmsi") == mmsi) & _inside(np.array(event.centre_m), event.radius_m, start, end))
        if len(mine) == 0:
            continue
        xy = to_metres(mine["lon_deg"].to_numpy(), mine["lat_deg"].to_numpy())
        lon, lat = to_degrees(_wrong(xy, event, common, rng))
        sog = rng.uniform(0, 40, len(mine)).round(1) if event.params["speed_wrong"] else mine["sog_kn"].to_numpy()
        new = {"lon_new": pl.Series(lon), "lat_new": pl.Series(lat), "sog_new": pl.Series(sog)}
        moved.append(mine.select("_row").with_columns(**new))
    return (
        rows.join(pl.concat(moved), on="_row", how="left", maintain_order="left")
        .with_columns(
            lon_deg=pl.coalesce("lon_new", "lon_deg"),
            lat_deg=pl.coalesce("lat_new", "lat_deg"),
            sog_kn=pl.coalesce("sog_new", "sog_kn"),
        )
        .drop("_row", "lon_new", "lat_new", "sog_new")
    )


def _wrong(xy: Floats, event: AreaEvent, common: Floats, rng: np.random.Generator) -> Floats:
    n, far_m = len(xy), float(event.params["far_m"])
    match event.params["how"]:
        case "scatter":
            return np.asarray(xy + rng.normal(0, far_m / 2, (n, 2)))
        case "own offset":
            to = rng.uniform(0, 2 * np.pi)
            return np.asarray(
                xy + far_m * rng.uniform(0.5, 1.2) * np.array([np.sin(to), np.cos(to)]) + rng.normal(0, 60, (n, 2))
            )
        case "one offset":
            return np.asarray(xy + common + rng.normal(0, 60, (n, 2)))
        case _:
            return np.asarray(np.array(event.centre_m) + common + rng.normal(0, 200, (n, 2)))
