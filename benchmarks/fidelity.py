"""Is made traffic as hard for the watch as real traffic? Two real Kattegat days beside made ones, measured alike.

python -m benchmarks.fidelity --days 12

Made vessels sail the same water; their reports are thinned as the archive's were (means of a minute, 0.5 kn or more).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from anchorwatch import chart, schema
from anchorwatch.decode import Options
from anchorwatch.detectors import discover
from anchorwatch.edges.archive import open_source
from anchorwatch.engine import batch
from anchorwatch.trials import traffic
from anchorwatch.trials.inject import by_the_minute
from anchorwatch.trials.plan import Water
from anchorwatch.trials.sea import fleet, lanes

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "ais" / "kattegat_2025-11-01_02_1min.parquet"
BOX = lanes.Ground(10.55, 57.16, 11.91, 57.58)
VESSELS, HOURS = 22, 48.0  # present, of which some lie in harbours: 9 to 10 under way, as on the real days
LOSSES = (0.06, 0.08, 0.10, 0.12)
TURN_DEG = 10.0


class Watched(NamedTuple):
    """What a watch over some traffic saw."""

    hours: dict[str, float]  # vessel-hours by class
    bites: list[tuple[str, int, float, float, float]]  # class, track, share lost, turn, crossings
    loud: int  # warnings and alarms of anchor_drag outside fishing


def watch(path: Path) -> Watched:
    """Scan a file with the built-in assets."""
    rows = pl.read_parquet(path)
    job = batch.Job(chart.make(chart.baltic()), discover())
    result = batch.run(job, [blocks(path)])
    classes = dict(rows.select("mmsi", "ship_class").unique("mmsi", keep="last").iter_rows())
    steps = rows.sort("mmsi", "time").with_columns(step=pl.col("time").diff().over("mmsi").dt.total_seconds())
    spent = steps.filter(pl.col("step") <= 600).group_by("ship_class").agg(pl.col("step").sum() / 3600)
    drags = [f for f in result.findings if f.detector == "anchor_drag"]
    sure = [a for a in result.alerts if a.kind == "anchor_drag" and classes.get(a.vessel.mmsi) != "fishing"]
    return Watched(
        dict(spent.iter_rows()),
        [(classes[f.mmsi], f.track, f.values["bite"], f.values["turn_deg"], f.values["crossings"]) for f in drags],
        sum(a.level != "caution" for a in sure),
    )


def blocks(path: Path) -> Iterator[batch.Block]:
    """Read a file."""
    for decoded in open_source(str(path), Options()).blocks():
        yield batch.Block(decoded.positions, decoded.statics)


def made(seed: int, folder: Path) -> Path:
    """Make two days in the same water."""
    voyages = fleet.fleet(VESSELS, HOURS, seed, lanes.within(BOX))
    rows = by_the_minute(traffic.traffic(voyages, Water(), seed=seed).positions, least_kn=0.5)
    classes = pl.Series([coarse(v.ship_class) for v in voyages])
    path = folder / f"made-{seed}.parquet"
    rows.select(
        pl.from_epoch("time_us", time_unit="us").dt.replace_time_zone("UTC").alias("time"),
        *("mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg"),
        classes.gather(rows["ship"]).alias("ship_class"),
    ).write_parquet(path)
    return path


def coarse(ship_class: str) -> str:
    """Classes as the archive has them."""
    merged = {"cargo": "cargo_or_tanker", "tanker": "cargo_or_tanker", "high_speed": "passenger"}
    known = merged.get(ship_class, ship_class)
    return known if known in ("cargo_or_tanker", "passenger", "fishing", "service") else "other"


def together(parts: list[Watched]) -> Watched:
    """Add up."""
    hours = {
        c: sum(p.hours.get(c, 0.0) for p in parts) for c in schema.SHIP_CLASSES if any(c in p.hours for p in parts)
    }
    bites = [(b[0], b[1] + n * 10**11, *b[2:]) for n, p in enumerate(parts) for b in p.bites]
    return Watched(hours, bites, sum(p.loud for p in parts))


def lines(name: str, seen: Watched) -> list[str]:
    """One line for each class: ships per 1,000 vessel-hours that crossed an asset after such a loss."""
    out = []
    groups = {c: [c] for c in seen.hours} | {"all but fishing": [c for c in seen.hours if c != "fishing"]}
    for group, members in groups.items():
        hours = sum(seen.hours[c] for c in members)
        cells = []
        for loss in LOSSES:
            ships = {
                track for c, track, bite, turn, crossings in seen.bites
                if c in members and bite >= loss and turn <= TURN_DEG and crossings > 0
            }  # fmt: skip
            cells.append(f"{len(ships)} ({1000 * len(ships) / max(hours, 1e-9):.0f})")
        every = sum(c in members for c, *_ in seen.bites)
        cells.append(f"{every} ({1000 * every / max(hours, 1e-9):.0f})")
        cells.append(f"{seen.loud} ({1000 * seen.loud / hours:.1f})" if group == "all but fishing" else "")
        out.append(f"| {group} | {name} | {hours:.0f} | {' | '.join(cells)} |")
    return out


def main() -> None:
    """Print the table of docs/traffic.md."""
    ask = argparse.ArgumentParser(description="Real and made Kattegat days beside each other.")
    ask.add_argument("--days", type=int, default=12, help="made ones, two at a time")
    said = ask.parse_args()
    real = watch(DATA)
    with tempfile.TemporaryDirectory() as scratch:
        simulated = together([watch(made(seed, Path(scratch))) for seed in range(said.days // 2)])
    print("| class | traffic | vessel-hours | 6 % | 8 % | 10 % | 12 % | findings of anchor_drag | loud alerts |")
    print("|---|---|---|---|---|---|---|---|---|")
    print(*sorted(lines("real", real) + lines("made", simulated)), sep="\n")


if __name__ == "__main__":
    main()
