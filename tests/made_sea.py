"""Made-up traffic as it arrives: every scenario as vessels of two days about one cable, and the ways to deal it out.

The scenarios tell tracks about one straight asset; here they become raw positions and static reports again, so
that the whole watch is tried on them: tidy, tracks, chart, detectors and judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch import chart, schema
from anchorwatch.detectors import discover
from anchorwatch.edges import memory as remembered
from anchorwatch.edges.alerts import to_json
from anchorwatch.edges.records import without_nan
from anchorwatch.engine import batch
from scenario_rows import DEG, EPOCH_US, ORIGIN_LAT, ORIGIN_LON, RULED, SCENARIOS, cases, rows_of, ruled_zones

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
START_US = EPOCH_US // DAY_US * DAY_US + DAY_US  # midnight
APART_US = 50 * MINUTE_US  # from one scenario's start to the next: some overlap, most do not


class Traffic(NamedTuple):
    """Positions and static reports in the order of arrival; a report's `line` is that of the row it came with."""

    positions: pl.DataFrame
    statics: pl.DataFrame


def lon_of(x_m: float) -> float:
    """Longitude of metres along the cable."""
    return float(ORIGIN_LON + x_m / DEG / np.cos(np.radians(ORIGIN_LAT)))


def lat_of(y_m: float) -> float:
    """Latitude of metres across the cable."""
    return ORIGIN_LAT + y_m / DEG


@cache
def sea() -> chart.Chart:
    """Return a chart: a cable straight in longitude and latitude, 160 km long, one north of its east, one far away,
    and zones with rules.
    """
    line = np.array([[lon_of(x), ORIGIN_LAT] for x in np.linspace(-80_000.0, 80_000.0, 33)])
    far = np.array([[lon_of(x), lat_of(-85_000.0)] for x in (-300_000.0, -250_000.0)])  # where a feed falls silent
    beyond = np.array([[lon_of(x), lat_of(20_000.0)] for x in (22_000.0, 57_000.0)])
    ways = (
        ("long-cable", "Long Cable", line),
        ("far-cable", "Far Cable", far),
        ("next-cable", "Next Cable", beyond),  # whoever drags across the first is on its way to it
    )
    assets = tuple(chart.Asset(i, name, "power_cable", (way,), error_m=20.0) for i, name, way in ways)
    return chart.make(assets, ruled_zones(RULED))


@cache
def job() -> batch.Job:
    """Return the whole watch over that cable."""
    return batch.Job(sea(), discover())


def position_frame(**columns: Any) -> pl.DataFrame:
    """Return positions; a column that is not given is not available, lines count from 1."""
    n = next((np.size(v) for v in columns.values() if np.ndim(v)), 1)
    known: dict[str, Any] = {
        "sog_kn": np.nan, "cog_deg": np.nan, "heading_deg": np.nan, "rot_deg_min": np.nan, "nav_status": 15,
        "source": 0, "line": np.arange(1, n + 1),
    }  # fmt: skip
    known |= columns
    return pl.DataFrame({name: np.broadcast_to(known[name], n) for name in schema.POSITIONS}, schema=schema.POSITIONS)


def static_frame(records: list[dict[str, Any]]) -> pl.DataFrame:
    """Return static reports; what a record does not say is not said."""
    unsaid = {n: "" if t == pl.String else float("nan") if t == pl.Float64 else 0 for n, t in schema.STATICS.items()}
    return pl.DataFrame([unsaid | r for r in records], schema=schema.STATICS, orient="row")


def _scenario(number: int, case: dict[str, Any], start_us: int) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """Return one scenario's positions, and two static reports of each of its vessels."""
    rows = rows_of(case)
    here = rows.kind == schema.POSITION
    given = ("lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "nav_status")
    mmsi_of: Callable[[int], int] = lambda key: 219_000_000 + number * 20 + key  # noqa: E731
    mmsi = mmsi_of(0) + (rows.mmsi[here] - 219_000_000)
    frame = position_frame(
        time_us=rows.time_us[here] - EPOCH_US + start_us, mmsi=mmsi, **{n: getattr(rows, n)[here] for n in given}
    )
    statics = [
        {"time_us": t, "mmsi": m, "name": f"SHIP {m % 1000}", "ship_class": int(rows.ship_class[0]), "length_m": 120.0}
        for m in np.unique(mmsi).tolist()
        for t in frame.filter(pl.col("mmsi") == m)["time_us"][:2].to_list()
    ]
    return frame, statics + _said(case, mmsi_of, frame, start_us)


def _said(
    case: dict[str, Any], mmsi_of: Callable[[int], int], frame: pl.DataFrame, start_us: int
) -> list[dict[str, Any]]:
    """Return what the vessels of a scenario say of themselves, twice each, with their next rows."""
    reports = []
    for key, vessel in enumerate(case.get("vessel", [case])):
        times = frame.filter(pl.col("mmsi") == mmsi_of(key))["time_us"]
        for said in vessel.get("says", ()):
            at_us = start_us + round((vessel.get("start_min", 0.0) + said["min"]) * MINUTE_US)
            report = {n: v for n, v in said.items() if n in schema.STATICS}
            heard = times.filter(times >= at_us)[:2].to_list()
            reports += [report | {"time_us": t, "mmsi": mmsi_of(key)} for t in heard]
    return reports


@cache
def two_days() -> Traffic:
    """Return every scenario, one after the other over some two days, in time order."""
    told = [case for path in sorted(SCENARIOS.glob("*.toml")) for case in cases(path)]
    made = [_scenario(k, case, START_US + k * APART_US) for k, case in enumerate(told)]
    return traffic_of(pl.concat([frame for frame, _ in made]), [r for _, records in made for r in records])


def traffic_of(positions: pl.DataFrame, statics: list[dict[str, Any]]) -> Traffic:
    """Put positions in time order and number them; a report arrives with its vessel's first row from its time on."""
    positions = positions.sort("time_us", "mmsi", maintain_order=True)
    positions = positions.with_columns(line=pl.int_range(1, positions.height + 1, dtype=pl.Int64))
    first: dict[tuple[int, int], int] = {}
    for t, m, line in positions.select("time_us", "mmsi", "line").iter_rows():
        first.setdefault((t, m), line)
    frame = static_frame([r | {"line": first[r["time_us"], r["mmsi"]]} for r in statics])
    return Traffic(positions, frame.sort("line", maintain_order=True))


def reordered(traffic: Traffic, order: np.ndarray[Any, Any]) -> Traffic:
    """Return the same rows arriving in another order; static reports stay with their rows."""
    place = np.empty(traffic.positions.height + 1, np.int64)
    place[traffic.positions["line"].to_numpy()[order]] = np.arange(1, len(order) + 1)
    positions = traffic.positions[order].with_columns(line=pl.int_range(1, len(order) + 1, dtype=pl.Int64))
    statics = traffic.statics.with_columns(line=pl.Series(place[traffic.statics["line"].to_numpy()]))
    return Traffic(positions, statics.sort("line", maintain_order=True))


def picked(traffic: Traffic, rows: pl.Expr) -> Traffic:
    """Return some of the rows, with the static reports that came with them."""
    positions = traffic.positions.filter(rows)
    return Traffic(positions, traffic.statics.filter(pl.col("line").is_in(positions["line"].to_list())))


def blocks(traffic: Traffic, size: int = 1 << 40) -> list[batch.Block]:
    """Cut traffic into blocks of so many rows."""
    found = []
    for first in range(0, max(traffic.positions.height, 1), size):
        rows = traffic.positions[first : first + size]
        last = rows["line"][-1] if rows.height else 0
        start = rows["line"][0] if first and rows.height else 0
        said = pl.col("line").is_between(start, last) if first else pl.col("line") <= last
        found.append(batch.Block(rows, traffic.statics.filter(said)))
    return found


def scan(
    traffic: Traffic | Iterable[Traffic], size: int = 1 << 40, over: batch.Job | None = None, jobs: int = 1
) -> batch.Result:
    """Scan traffic (or that of several receivers) all at once."""
    inputs = [traffic] if isinstance(traffic, Traffic) else list(traffic)
    return batch.run(over or job(), [blocks(t, size) for t in inputs], jobs=jobs)


def alerts_of(*results: batch.Result) -> dict[str, Any]:
    """Return the last word on each alert as JSON: NaN is not equal to itself, null is."""
    return {a.id: to_json(a) for result in results for a in result.alerts}


def findings_of(*results: batch.Result) -> dict[str, Any]:
    """Return the last word on each finding."""
    return {f.id: without_nan(asdict(f)) for result in results for f in result.findings}


def in_turn(
    parts: Iterable[Traffic], folder: Path, over: batch.Job | None = None, size: int = 1 << 40
) -> list[batch.Result]:
    """Scan one part after the other, with the memory on disk between."""
    results = []
    for part in parts:
        before = remembered.load(over or job(), folder)
        results.append(batch.run(over or job(), [blocks(part, size)], before))
        remembered.save(results[-1].memory, over or job(), folder)
    return results


def cut(traffic: Traffic, bounds: Iterable[int]) -> list[Traffic]:
    """Cut traffic by line: each bound is the last line of a part."""
    edges = [0, *sorted(set(bounds)), traffic.positions.height]
    between: Callable[[int, int], pl.Expr] = lambda a, b: (pl.col("line") > a) & (pl.col("line") <= b)  # noqa: E731
    return [picked(traffic, between(a, b)) for a, b in pairwise(edges)]
