"""Vessel traffic that the project makes itself: for the demo, the benchmarks and the tests, from a seed alone.

    python -m anchorwatch.trials.traffic --rows 10000000 --out day.csv       Danish layout, 26 columns
    python -m anchorwatch.trials.traffic --rows 10000000 --out day.parquet   our own columns

The ships, names and numbers are invented. A part of the rows comes twice, as several stations hear the same message.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch import schema
from anchorwatch.trials import story_danish as danish
from anchorwatch.trials.story_fleet import fleet
from anchorwatch.trials.voyages import Ship, Voyage, reports

START_US = 1_764_547_200_000_000  # 2025-12-01T00:00:00Z: any winter's day
TWICE = 0.15  # share of the rows that are exact copies
SLICE = 1_000_000  # rows written at a time: what bounds the memory


class Traffic(NamedTuple):
    """Received positions in time order (schema.POSITIONS and `ship`, an index), and who the ships are."""

    positions: pl.DataFrame
    ships: list[Ship]


def traffic(
    voyages: list[Voyage], *, seed: int, start_us: int = START_US, rows: int | None = None, twice: float = TWICE
) -> Traffic:
    """Return what is received of all voyages in time order, with copies; exactly `rows` of them if said."""
    rng = np.random.default_rng(seed)
    heard = [reports(voyage, rng) for voyage in voyages]
    counts = [len(h.time_s) for h in heard]
    columns = {name: np.concatenate([getattr(h, name) for h in heard]) for name in heard[0]._fields}
    order = _received(columns["time_s"], rows, twice, rng)
    ship = np.repeat(np.arange(len(voyages), dtype=np.int32), counts)[order]
    mmsi = np.array([v.ship.mmsi for v in voyages], dtype=np.int32)
    size = len(order)
    frame = pl.DataFrame(
        {
            "time_us": columns["time_s"][order] * 1_000_000 + start_us,
            "mmsi": mmsi[ship],
            "lon_deg": columns["lon_deg"][order].round(6),
            "lat_deg": columns["lat_deg"][order].round(6),
            "sog_kn": columns["sog_kn"][order],
            "cog_deg": columns["cog_deg"][order],
            "heading_deg": columns["heading_deg"][order],
            "rot_deg_min": np.full(size, np.nan),
            "nav_status": columns["nav_status"][order],
            "source": np.zeros(size, np.int16),
            "line": np.arange(1, size + 1),
            "ship": ship,
        },
        schema={**schema.POSITIONS, "ship": pl.Int32},
    )
    return Traffic(frame, [v.ship for v in voyages])


def _received(
    time_s: npt.NDArray[np.int64], rows: int | None, twice: float, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Indices of the rows in the order of receipt: by second, mixed within it, copies included."""
    single = len(time_s) if rows is None else round(rows * (1 - twice))
    if single > len(time_s):
        raise ValueError(
            f"the fleet gives {len(time_s)} rows, fewer than the {single} wanted: make the interval shorter"
        )
    kept = np.arange(len(time_s)) if rows is None else rng.permutation(len(time_s))[:single]
    copies = rng.choice(kept, round(single * twice / (1 - twice)) if rows is None else rows - single)
    both = np.concatenate((kept, copies))
    received: npt.NDArray[np.int64] = both[np.argsort(time_s[both] + rng.random(len(both)))]
    return received


def day(rows: int, vessels: int = 3000, hours: float = 24.0, seed: int = 1) -> Traffic:
    """Return a day (or some hours) of a whole sea, with exactly so many rows."""
    # Vessels that are moored, late or silent say less than their share, so the interval aims above the rows wanted.
    interval_s = max(2.0, vessels * hours * 3600 / rows * 0.5)
    return traffic(fleet(vessels, hours, interval_s, seed), seed=seed, rows=rows)


def own_layout(made: Traffic) -> Iterator[pl.DataFrame]:
    """Our own columns (contracts.md), slice by slice."""
    classes = pl.Series("ship_class", [schema.SHIP_CLASSES[schema.class_of_ship_type(s.ship_type)] for s in made.ships])
    for part in made.positions.iter_slices(SLICE):
        yield part.select(
            pl.from_epoch("time_us", time_unit="us").dt.replace_time_zone("UTC").alias("time"),
            "mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "nav_status",
            classes.gather(part["ship"]),
        )  # fmt: skip


def write(made: Traffic, path: Path) -> None:
    """Write traffic: .parquet in our own layout, everything else as a Danish CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pl.concat(own_layout(made)).write_parquet(path, compression="zstd", row_group_size=SLICE // 4)
        return
    with path.open("wb") as file:
        for number, part in enumerate(made.positions.iter_slices(SLICE)):
            danish.frame(part, made.ships).write_csv(file, include_header=number == 0)


def main() -> None:
    """Make a file of traffic."""
    ask = argparse.ArgumentParser(prog="python -m anchorwatch.trials.traffic", description="Make vessel traffic.")
    ask.add_argument("--rows", type=int, default=10_000_000)
    ask.add_argument("--vessels", type=int, default=3000)
    ask.add_argument("--hours", type=float, default=24.0)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--out", type=Path, action="append", required=True, help=".csv (Danish layout) or .parquet (ours)")
    said = ask.parse_args()
    made = day(said.rows, said.vessels, said.hours, said.seed)
    for path in said.out:
        write(made, path)


if __name__ == "__main__":
    main()
