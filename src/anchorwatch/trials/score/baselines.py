"""What others describe, run over the same traffic and scored in the same way: what a watch must beat.

Each reads one position a minute of each vessel. All give warnings with score 1; where a rule has one natural
threshold (a speed, a distance) it is swept, so that it gets a curve of its own and is not judged by one point of it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from anchorwatch.chart import REACH_M, Chart, nearest
from anchorwatch.errors import BadInput
from anchorwatch.schema import NAV_STATUS_UNDEFINED
from anchorwatch.trials.score.records import MINUTE_US, Said

# "Slower than 3 kn within 1 km of a cable": the rule of thumb of cable-proximity tools, as reference/domain.md A.3 (1)
# puts it to the test. Read as: any single position; the speed as reported.
SLOW_KN, SLOW_M = 3.0, 1000.0
# "Status at anchor within 2 km": navigational status 1 of ITU-R M.1371, as the crew set it. Any single position.
ANCHOR_STATUS, ANCHOR_M = 1, 2000.0
# FormerLab shadow-fleet-tracker-light, shadow_tracker.py CABLE_ALERT_KM, loitering_module.py, README "AIS blackouts":
# https://github.com/FormerLab/shadow-fleet-tracker-light. Its mark "within 10 km" alone goes to every vessel that
# passes; read as a warning only together with loitering or a gap. It looks at 1,200 listed vessels; here at all.
TRACKER_M, TRACKER_STILL_KN, TRACKER_STILL_S, TRACKER_STILL_M, TRACKER_GAP_S = 10_000.0, 0.5, 1200.0, 500.0, 3600.0

FASTEST_KN = 30.0  # end of the sweep over speed
ONE_WARNING_US = 30 * MINUTE_US  # [K] marks of a vessel no farther apart are one warning: an officer is called once
DEGREE_M = 111_195.0  # mean metres of a degree of latitude, of a sphere of 6,371 km

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Marks(NamedTuple):
    """What a rule says: its warnings, and the marks of all its thresholds, each with the score of its threshold."""

    warnings: tuple[Said, ...]
    sweep: tuple[Said, ...]


def read_positions(path: Path) -> pl.DataFrame:
    """Return one position a minute of each vessel of a file in our own layout."""
    try:
        return thinned(pl.scan_parquet(path, glob=False))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput(f"the traffic cannot be read ({error})", str(path), "Run the trial again") from error


def thinned(rows: pl.LazyFrame) -> pl.DataFrame:
    """Return mmsi, time_us, lon_deg, lat_deg, sog_kn, nav_status: the first of each vessel and minute, in order."""
    names = rows.collect_schema().names()
    blank = {"sog_kn": pl.lit(float("nan")), "nav_status": pl.lit(NAV_STATUS_UNDEFINED)}
    rows = rows.with_columns(**{n: e for n, e in blank.items() if n not in names})
    if "time_us" not in names:
        rows = rows.with_columns(time_us=pl.col("time").cast(pl.Datetime("us", "UTC")).dt.epoch("us"))
    typed = rows.select(
        pl.col("mmsi", "time_us").cast(pl.Int64),
        pl.col("lon_deg", "lat_deg", "sog_kn").cast(pl.Float64),
        pl.col("nav_status").cast(pl.Int64).fill_null(NAV_STATUS_UNDEFINED),
    ).with_columns(pl.col("sog_kn").fill_null(float("nan")))
    minute = (pl.col("time_us") // MINUTE_US).alias("minute")
    first = pl.all().sort_by("time_us").first()
    return typed.group_by("mmsi", minute).agg(first).drop("minute").sort("mmsi", "time_us").collect()


def beside_assets(positions: pl.DataFrame, chart: Chart) -> pl.DataFrame:
    """Return the positions with `asset` (index, -1 = none within 10 km) and `asset_m`."""
    lon, lat = (positions[n].to_numpy().astype(np.float64) for n in ("lon_deg", "lat_deg"))
    asset, metres, _, _ = nearest(chart.grid, lon, lat, REACH_M)
    return positions.with_columns(pl.Series("asset", asset), pl.Series("asset_m", metres))


def slow_near_cable(rows: pl.DataFrame, chart: Chart) -> Marks:
    """Slower than 3 kn within 1 km of a cable; swept over the speed."""
    near = rows.filter((pl.col("asset_m") <= SLOW_M) & pl.col("sog_kn").is_not_nan())
    near = near.with_columns(score=(1 - pl.col("sog_kn") / FASTEST_KN).clip(0.0, 1.0))
    return Marks(
        _warnings(near.filter(pl.col("sog_kn") < SLOW_KN), "slow_crossing", chart),
        _sweep(near, "slow_crossing", chart),
    )


def anchored_near_cable(rows: pl.DataFrame, chart: Chart) -> Marks:
    """Status "at anchor" within 2 km of a cable; swept over the distance, up to 10 km."""
    near = rows.filter((pl.col("nav_status") == ANCHOR_STATUS) & pl.col("asset_m").is_not_nan())
    near = near.with_columns(score=(1 - pl.col("asset_m") / REACH_M).clip(0.0, 1.0))
    return Marks(
        _warnings(near.filter(pl.col("asset_m") <= ANCHOR_M), "anchored_on_asset", chart),
        _sweep(near, "anchored_on_asset", chart),
    )


def open_tracker(rows: pl.DataFrame, chart: Chart) -> Marks:
    """20 minutes still, or 60 minutes silent, within 10 km of a cable; swept over the distance."""
    events = pl.concat([_still_events(rows), _gap_events(rows)]).filter(pl.col("asset_m") <= TRACKER_M)
    events = events.with_columns(score=(1 - pl.col("asset_m") / REACH_M).clip(0.0, 1.0)).sort("mmsi", "time_us")
    still, silent = (events.filter(pl.col("kind") == kind) for kind in ("loitering", "ais_gap"))
    warnings = (*_warnings(still, "loitering", chart), *_warnings(silent, "ais_gap", chart))
    return Marks(warnings, _sweep(events, "loitering", chart))


BASELINES: dict[str, Callable[[pl.DataFrame, Chart], Marks]] = {
    "slow near cable": slow_near_cable,
    "at anchor near cable": anchored_near_cable,
    "open tracker": open_tracker,
}
MEANING = {
    "slow near cable": "slower than 3 kn within 1 km of a cable",
    "at anchor near cable": "status at anchor within 2 km of a cable",
    "open tracker": "still for 20 min or silent for 60 min within 10 km of a cable",
}


def _warnings(marks: pl.DataFrame, kind: str, chart: Chart) -> tuple[Said, ...]:
    """Join marks of a vessel that follow one another within half an hour to warnings of score 1."""
    return tuple(s._replace(score=1.0) for s in _runs(marks, kind, chart, pl.lit(0)))


def _sweep(marks: pl.DataFrame, kind: str, chart: Chart) -> tuple[Said, ...]:
    """The best mark of each vessel and half hour."""
    return tuple(_runs(marks, kind, chart, pl.col("time_us") // ONE_WARNING_US))


def _runs(marks: pl.DataFrame, kind: str, chart: Chart, part: pl.Expr) -> list[Said]:
    since = pl.col("start_us") if "start_us" in marks.columns else pl.col("time_us")
    step = since - pl.col("time_us").shift(1).over("mmsi")
    new = (step.fill_null(ONE_WARNING_US + 1) > ONE_WARNING_US) | (part.diff().fill_null(0) != 0)
    runs = (
        marks.with_columns(since.alias("start_us"))
        .with_columns(run=new.cast(pl.Int64).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("mmsi", "asset", "start_us").first(),
            raised=pl.col("time_us").first(),
            end=pl.col("time_us").last(),
            score=pl.col("score").max(),
        )
    )
    ids = [a.id for a in chart.assets]
    return [
        # The kind stays empty: such a rule does not say what a vessel does, and is not held to it.
        Said(f"{kind}-{mmsi}-{start}", "", (mmsi,), (ids[asset],), start, end, score, (("warning", raised),))
        for _, mmsi, asset, start, raised, end, score in runs.iter_rows()
    ]


def _still_events(rows: pl.DataFrame) -> pl.DataFrame:
    """The moments at which the tracker would log loitering; the distance is the least since it stood still."""
    # The tracker takes a missing speed for 0.
    speed = rows["sog_kn"].fill_nan(0.0).to_numpy()
    metres = rows["asset_m"].fill_nan(float("inf")).to_numpy()
    mmsi, time_us, lon, lat = (rows[n].to_numpy() for n in ("mmsi", "time_us", "lon_deg", "lat_deg"))
    fired, since, nearest_m, nearest_row = _still(mmsi, time_us, lon, lat, speed, metres)
    at = np.flatnonzero(fired)
    return rows.select("mmsi", "time_us")[at].with_columns(
        pl.Series("start_us", since[at]),
        pl.Series("asset_m", nearest_m[at]),
        pl.Series("asset", rows["asset"].to_numpy()[nearest_row[at]]),
        kind=pl.lit("loitering"),
    )


@njit(cache=True, nogil=True)
def _still(
    mmsi: Ints, time_us: Ints, lon: Floats, lat: Floats, speed: Floats, metres: Floats
) -> tuple[npt.NDArray[np.bool_], Ints, Floats, Ints]:
    """Follow loitering_module.update over rows in order of vessel and time."""
    n = mmsi.size
    fired, since = np.zeros(n, np.bool_), np.zeros(n, np.int64)
    least, where = np.full(n, np.inf), np.zeros(n, np.int64)
    start = 0
    for i in range(n):
        if i == 0 or mmsi[i] != mmsi[i - 1] or speed[i] >= TRACKER_STILL_KN:
            start = i  # moving: the memory begins anew with this position
            continue
        if (time_us[i] - time_us[start]) / 1e6 < TRACKER_STILL_S:
            continue
        if _spread_m(lon[start : i + 1], lat[start : i + 1]) <= TRACKER_STILL_M:
            best = start + np.argmin(metres[start : i + 1])
            fired[i], since[i], least[i], where[i] = True, time_us[start], metres[best], best
        start = i  # the tracker begins anew whether it logged or not
    return fired, since, least, where


@njit(cache=True, nogil=True)
def _spread_m(lon: Floats, lat: Floats) -> float:
    """Return the largest distance of a place from their mean."""
    mid_lon, mid_lat = lon.mean(), lat.mean()
    east, north = (lon - mid_lon) * DEGREE_M * cos(radians(mid_lat)), (lat - mid_lat) * DEGREE_M
    return float(np.sqrt((east * east + north * north).max()))


def _gap_events(rows: pl.DataFrame) -> pl.DataFrame:
    """Silences of an hour and more, known when the vessel is heard again; the nearer of both ends counts."""
    before = {n: pl.col(n).shift(1).over("mmsi") for n in ("time_us", "asset_m", "asset")}
    here = pl.col("asset_m").fill_nan(float("inf"))
    there = before["asset_m"].fill_nan(float("inf"))
    silent = (pl.col("time_us") - before["time_us"]) >= int(TRACKER_GAP_S * 1e6)
    return (
        rows.with_columns(
            start_us=before["time_us"],
            least=pl.min_horizontal(here, there),
            at=pl.when(here <= there).then(pl.col("asset")).otherwise(before["asset"]),
            silent=silent,
        )
        .filter(pl.col("silent"))
        .select("mmsi", "time_us", "start_us", asset_m="least", asset="at", kind=pl.lit("ais_gap"))
    )
