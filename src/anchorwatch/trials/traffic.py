"""Vessel traffic that the project makes itself: voyages sailed, sent, heard by stations, written in three layouts.

    python -m anchorwatch.trials.traffic --vessels 2000 --hours 24 --out day.nmea     log with tag blocks
    python -m anchorwatch.trials.traffic --rows 10000000 --out day.csv                Danish layout, 26 columns
    python -m anchorwatch.trials.traffic --rows 10000000 --out day.parquet            our own columns

The ships, names and numbers are invented. The same seed gives the same files, byte for byte.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch import schema
from anchorwatch.errors import BadUse
from anchorwatch.trials import reception
from anchorwatch.trials.layouts import danish, nmea_log
from anchorwatch.trials.layouts import own as own_layout
from anchorwatch.trials.plan import Voyage, Water, Who
from anchorwatch.trials.sea.fleet import fleet
from anchorwatch.trials.ship import motion

START_US = 1_764_547_200_000_000  # 2025-12-01T00:00:00Z: any winter's day
TWICE = 0.15  # share of exact copies in `day`
ROWS_AN_HOUR = 165.0  # of one vessel, a little less than the whole sea's mean
SECOND_US = 1_000_000
ROUNDED = ("lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "rot_deg_min")
EXTRA = {"ship": pl.Int32, "station": pl.Int16, "second": pl.Int8}

Column = npt.NDArray[Any]


class Traffic(NamedTuple):
    """Positions in the order of receipt, and who the ships are.

    `positions` has schema.POSITIONS and `ship` (place in `ships`), `station` (place in `stations`) and `second`
    (of UTC, at which the vessel says that its position was taken). Times are the stations', in whole seconds, and
    all numbers are rounded as an AIS message rounds them: every layout says the same.
    """

    positions: pl.DataFrame
    ships: list[Who]  # one for each identity: a vessel that changes its name is in it twice
    classes: list[str]  # schema.SHIP_CLASSES of each
    voyages: list[int]  # the voyage that each belongs to; -1 = from an archive
    stations: tuple[str, ...] = ("made1",)

    @property
    def statics(self) -> pl.DataFrame:
        """What each identity says of itself, when it is first heard (schema.STATICS)."""
        first = self.positions.group_by("ship", maintain_order=True).agg(pl.col("time_us", "source", "line").first())
        return first.join(own_layout.static(self.ships, self.classes).with_row_index("ship"), on="ship").select(
            pl.col(name).cast(kind) if name != "ship_class" else _class_codes(name)
            for name, kind in schema.STATICS.items()
        )


def _class_codes(name: str) -> pl.Expr:
    return pl.col(name).replace_strict(list(schema.SHIP_CLASSES), range(len(schema.SHIP_CLASSES)), return_dtype=pl.Int8)


def traffic(
    voyages: Sequence[Voyage], water: Water, *, seed: int, start_us: int = START_US, interval_scale: float = 1.0
) -> Traffic:
    """Return what is received of all voyages."""
    heard = reception.receive(
        motion.sail(voyages, water, seed=seed, interval_scale=interval_scale),
        water.stations,
        water.interference,
        seed=seed,
    )
    stations = tuple(s.name for s in water.stations) or ("made1",)
    whos = [[v.who, *(e.who for e in v.events if e.what == "identity" and e.who)] for v in voyages]
    first = np.cumsum([0, *map(len, whos)], dtype=np.int32)
    ships = [who for several in whos for who in several]
    frame = _frame(heard, first[heard.voyage] + heard.who, ships, start_us)
    classes = [v.ship_class for v, several in zip(voyages, whos, strict=True) for _ in several]
    return Traffic(frame, ships, classes, [k for k, several in enumerate(whos) for _ in several], stations)


def _frame(heard: reception.Received, ship: Column, ships: list[Who], start_us: int) -> pl.DataFrame:
    """Return the columns of Traffic, as messages round them."""
    class_b = np.array([who.class_b for who in ships])[ship]
    frame = pl.DataFrame(
        {
            "time_us": (heard.received_us + start_us) // SECOND_US * SECOND_US,
            "mmsi": np.array([who.mmsi for who in ships], np.int32)[ship],
            "lon_deg": heard.lon_deg,
            "lat_deg": heard.lat_deg,
            "sog_kn": heard.sog_kn,
            "cog_deg": heard.cog_deg,
            "heading_deg": heard.heading_deg,
            "rot_deg_min": np.where(class_b, np.nan, heard.rot_deg_min),
            "nav_status": np.where(class_b, schema.NAV_STATUS_UNDEFINED, heard.nav_status).astype(np.int8),
            "source": np.zeros(len(ship), np.int16),
            "line": np.arange(1, len(ship) + 1),
            "ship": ship,
            "station": heard.station.astype(np.int16),
            "second": ((heard.time_us + start_us) // SECOND_US % 60).astype(np.int8),
        },
        schema={**schema.POSITIONS, **EXTRA},
    )
    return told(frame)


def told(positions: pl.DataFrame) -> pl.DataFrame:
    """Return positions with their numbers rounded as an AIS message rounds them."""
    said = {name: positions[name].to_numpy() for name in ROUNDED}
    said["lon_deg"], said["lat_deg"] = told_deg(said["lon_deg"]), told_deg(said["lat_deg"])
    said["sog_kn"] = np.minimum(np.floor(said["sog_kn"] * 10 + 0.5), 1022) / 10
    said["cog_deg"] = np.floor(said["cog_deg"] * 10 + 0.5) % 3600 / 10
    said["heading_deg"] = np.floor(said["heading_deg"] + 0.5) % 360
    said["rot_deg_min"] = told_turn(said["rot_deg_min"])
    return positions.with_columns(pl.Series(name, values) for name, values in said.items())


def told_deg(degrees: schema.Floats) -> schema.Floats:
    """Return coordinates in steps of 1/10,000 of a minute, as they are sent, to six decimals, as they are read."""
    raw = np.floor(degrees * 600_000 + 0.5)
    told: schema.Floats = np.floor((10 * raw + 3) / 6) / 1e6
    return told


def told_turn(rot_deg_min: schema.Floats) -> schema.Floats:
    """Return rates of turn as they are sent: 4.733 times the root, whole (ITU-R M.1371-5, annex 8, 3.1)."""
    raw = np.minimum(np.floor(4.733 * np.sqrt(np.abs(rot_deg_min)) + 0.5), 126)
    told: schema.Floats = np.sign(rot_deg_min) * np.round((raw / 4.733) ** 2) + 0.0
    return told


def day(rows: int | None, vessels: int = 2000, hours: float = 24.0, seed: int = 1) -> Traffic:
    """Return a day (or some hours) of the whole Baltic; with exactly so many rows, if said, 15 % of them twice."""
    voyages = fleet(vessels, hours, seed)
    if rows is None:
        return traffic(voyages, Water(), seed=seed)
    single = round(rows * (1 - TWICE))
    scale = max(0.02, vessels * hours * ROWS_AN_HOUR / single)
    while True:
        made = traffic(voyages, Water(), seed=seed, interval_scale=scale)
        if made.positions.height >= single:
            return _exactly(made, rows, single, np.random.default_rng(seed))
        if scale < 0.02:
            raise BadUse(f"{vessels} vessels cannot say so much in {hours:g} hours", "--rows", "Ask for fewer rows")
        scale *= max(0.3, 0.9 * made.positions.height / single)


def _exactly(made: Traffic, rows: int, single: int, rng: np.random.Generator) -> Traffic:
    """Keep some rows, and give some of them twice, within the same second."""
    kept = rng.permutation(made.positions.height)[:single]
    both = np.concatenate((kept, rng.choice(kept, rows - single)))
    second = made.positions["time_us"].to_numpy()[both] / SECOND_US
    order = both[np.argsort(second + rng.random(rows))]
    numbered = made.positions[order].with_columns(line=pl.int_range(1, rows + 1, dtype=pl.Int64))
    return made._replace(positions=numbered)


def write(made: Traffic, path: Path) -> None:
    """Write traffic: .parquet in our own layout, .nmea as a log, everything else as a Danish CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = {".parquet": own_layout.write, ".nmea": nmea_log.write}.get(path.suffix, danish.write)
    writer(made, path)


def main() -> None:
    """Make a file of traffic."""
    ask = argparse.ArgumentParser(prog="python -m anchorwatch.trials.traffic", description="Make vessel traffic.")
    ask.add_argument("--rows", type=int, help="exactly so many rows, 15 %% of them twice; default: as it comes")
    ask.add_argument("--vessels", type=int, default=2000, help="at a time")
    ask.add_argument("--hours", type=float, default=24.0)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--out", type=Path, action="append", required=True, help=".csv (Danish), .parquet (ours), .nmea")
    said = ask.parse_args()
    made = day(said.rows, said.vessels, said.hours, said.seed)
    for path in said.out:
        write(made, path)


if __name__ == "__main__":
    main()
