"""The traffic of these figures: 20,000 vessels of the Baltic, 3,000 positions a second, and threats among them."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from anchorwatch.trials import traffic
from anchorwatch.trials.layouts import nmea_log
from anchorwatch.trials.plan import SAIL, Event, Voyage, Water
from anchorwatch.trials.sea.fleet import fleet

VESSELS, RATE, SEED = 20_000, 3000, 1
HOURS = 7 / 6  # of the log
FOLDER = Path("out/bench/live")


def log() -> Path:
    """Seventy minutes of it as a log with tag blocks, kept from run to run."""
    path = FOLDER / f"log-{VESSELS}-{RATE}.nmea"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        print(f"making {path} ...", file=sys.stderr)
        part = path.with_name("part-" + path.name)
        nmea_log.write(traffic.day(round(RATE * 3600 * HOURS), VESSELS, HOURS, SEED), part)
        part.rename(path)
    return path


def threatened(share: float, span_s: tuple[float, float]) -> list[Voyage]:
    """An hour's voyages, a share of them with something done to them within a time."""
    chance = np.random.default_rng(SEED)
    voyages = fleet(VESSELS, 1.0, SEED)
    for k in np.flatnonzero(chance.random(len(voyages)) < share):
        if any(step.how == SAIL for step in voyages[k].steps):
            at_s = float(chance.uniform(*span_s))
            east_m, north_m = chance.uniform(4_000, 12_000, 2) * chance.choice((-1, 1), 2)
            done = Event(at_s, "spoof_offset", float(east_m), float(north_m), at_s + 1200.0)
            voyages[k] = replace(voyages[k], events=tuple(sorted((*voyages[k].events, done), key=lambda e: e.at_s)))
    return voyages


def made(voyages: list[Voyage], rows: int) -> traffic.Traffic:
    """Sail them and hear exactly so many rows."""
    chance = np.random.default_rng(SEED)
    scale = VESSELS * traffic.ROWS_AN_HOUR / rows
    while True:
        heard = traffic.traffic(voyages, Water(), seed=SEED, interval_scale=scale)
        if heard.positions.height >= rows:
            kept = np.sort(chance.permutation(heard.positions.height)[:rows])
            numbered = heard.positions[kept].with_columns(line=pl.int_range(1, rows + 1, dtype=pl.Int64))
            return heard._replace(positions=numbered)
        scale *= 0.8


def closed_zones(path: Path, positions: pl.DataFrame, zones: int = 30) -> None:
    """Close areas where many sail: whoever comes in breaks a rule at once."""
    sailing = positions.filter(pl.col("sog_kn") > 8).select(
        lon=(pl.col("lon_deg") / 0.2).floor() * 0.2, lat=(pl.col("lat_deg") / 0.1).floor() * 0.1
    )
    busiest = sailing.group_by("lon", "lat").len().sort("len", "lon", "lat", descending=True).head(zones)
    features = []
    for number, (west, south, _) in enumerate(busiest.iter_rows()):
        east, north = west + 0.1, south + 0.05
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": f"Closed {number}", "rule_enter": False},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
