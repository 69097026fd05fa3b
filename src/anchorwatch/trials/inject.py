"""Actors put into a real archive: what would be in it, had they sailed there.

The archive is read as any file of traffic is. What is received of the actors is fitted to it: its rate (an archive of
one position a minute gets one a minute of them), its least speed, the columns and static data that it has, its words
for classes. Where the archive is of other days than the trial, its days are moved to the trial's, by whole days.

Limits: what the archive's stations did not hear they would not have heard of the actors; that is not modelled. An
archive that does not tell class B from class A is written on as class A.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Options
from anchorwatch.edges.archive import open_source
from anchorwatch.errors import BadInput, BadUse
from anchorwatch.trials.plan import Voyage, Water, Who
from anchorwatch.trials.traffic import EXTRA, Traffic, told, traffic

SECOND_US, HOUR_US, DAY_US = 1_000_000, 3_600_000_000, 86_400_000_000
RASTERS_S = (3600, 1800, 900, 600, 300, 120, 60, 30, 20, 10)  # between positions, of archives that were thinned
ON_RASTER = 0.99
LEAST_KN = 0.3  # an archive without anything slower was cleared of what lies still
NEAR_DEG = 1.0  # beyond the archive's water, so far
OPTIONAL = ("heading_deg", "rot_deg_min")
# A ship type for a class, where the archive says no more.
TYPE_OF_CLASS = {"cargo_or_tanker": 79, "cargo": 70, "tanker": 80, "passenger": 60, "fishing": 30, "service": 50,
                 "pleasure": 37, "high_speed": 40, "military": 35, "other": 90}  # fmt: skip


class Policy(NamedTuple):
    """How an archive was made: what it keeps of what was sent."""

    every_s: int  # 0 = as received
    share: float  # of the messages that were sent, of those that were received
    least_kn: float  # slower positions are left out
    absent: tuple[str, ...]  # columns that it does not have
    named: bool  # whether it says more of a vessel than its class
    classes: frozenset[str]


def inject(
    path: Path, actors: Sequence[Voyage], water: Water, *, seed: int, start_us: int, until_us: int | None = None
) -> Traffic:
    """Return an archive with what is received of actors in it, from the trial's start on."""
    archive = moved(read(path), start_us, until_us)
    if not actors:
        return archive
    _check(archive, actors, path)
    heard = fitted(traffic(actors, water, seed=seed, start_us=start_us), policy(archive), seed)
    last = archive.positions["time_us"].max() if until_us is None else until_us
    first = len(archive.ships)
    rows = heard.positions.filter(pl.col("time_us") <= last).with_columns(
        ship=pl.col("ship") + first, station=pl.lit(0, pl.Int16)
    )
    both = pl.concat([archive.positions, rows]).sort("time_us", maintain_order=True)
    return Traffic(
        both.with_columns(line=pl.int_range(1, both.height + 1, dtype=pl.Int64)),
        archive.ships + heard.ships,
        archive.classes + heard.classes,
        archive.voyages + heard.voyages,
        archive.stations,
    )


def read(path: Path) -> Traffic:
    """Read an archive of any format that `scan` reads."""
    parts = list(open_source(str(path), Options()).blocks())
    positions = pl.concat([part.positions for part in parts]).sort("time_us", maintain_order=True)
    if not positions.height:
        raise BadInput("the archive holds no position of a vessel", str(path), "Give a file that `scan` can read")
    ships, classes, ship = _identities(positions, pl.concat([part.statics for part in parts]))
    second = positions["time_us"] // SECOND_US % 60
    frame = positions.with_columns(
        pl.Series("ship", ship),
        second.alias("second"),
        station=pl.lit(0),
    )
    columns = [pl.col(name).cast(kind) for name, kind in {**schema.POSITIONS, **EXTRA}.items()]
    return Traffic(told(frame.select(columns)), ships, classes, [-1] * len(ships), ("archive",))


def _identities(positions: pl.DataFrame, statics: pl.DataFrame) -> tuple[list[Who], list[str], npt.NDArray[np.int32]]:
    """Return who is who in an archive, their classes, and which of them each position is of."""
    told: dict[int, list[tuple[int, Who, str]]] = {int(m): [] for m in positions["mmsi"].unique().sort()}
    for row in statics.sort("time_us", maintain_order=True).iter_rows(named=True):
        known = told.get(row["mmsi"])
        if known is None:
            continue
        who, ship_class = _who(row, known[-1][1:] if known else None)
        if not known or known[-1][1:] != (who, ship_class):
            known.append((row["time_us"] // SECOND_US if known else 0, who, ship_class))
    for mmsi, known in told.items():
        if not known:
            known.append((0, Who(mmsi, "", "", 0, 0, 0, 0, 0.0, ""), "unknown"))
    rows = [(mmsi, since, who, ship_class) for mmsi, known in told.items() for since, who, ship_class in known]
    keys = np.array([mmsi << 33 | since for mmsi, since, *_ in rows], np.int64)
    seconds = positions["time_us"].to_numpy() // SECOND_US
    at = positions["mmsi"].to_numpy().astype(np.int64) << 33 | seconds
    ship = (np.searchsorted(keys, at, side="right") - 1).astype(np.int32)
    return [row[2] for row in rows], [row[3] for row in rows], ship


def _who(row: dict[str, object], before: tuple[Who, str] | None) -> tuple[Who, str]:
    """Return who a vessel is after a static report, which need not say everything."""
    old, old_class = before or (Who(int(str(row["mmsi"])), "", "", 0, 0, 0, 0, 0.0, ""), "unknown")
    code = int(str(row["ship_class"]))
    ship_class = schema.SHIP_CLASSES[code] if code else old_class

    def size(name: str, known: float) -> float:
        value = float(str(row[name]))
        return known if np.isnan(value) or value <= 0 else value

    who = old._replace(
        name=str(row["name"] or old.name),
        callsign=str(row["callsign"] or old.callsign),
        imo=int(str(row["imo"])) or old.imo,
        ship_type=int(str(row["ship_type"])) or old.ship_type or TYPE_OF_CLASS.get(ship_class, 0),
        length_m=round(size("length_m", old.length_m)),
        beam_m=round(size("beam_m", old.beam_m)),
        draught_m=size("draught_m", old.draught_m),
        destination=str(row["destination"] or old.destination),
    )
    return who, ship_class


def moved(archive: Traffic, start_us: int, until_us: int | None) -> Traffic:
    """Return an archive whose days are moved to a trial's, cut to the trial's time."""
    times = archive.positions["time_us"]
    first, last = int(times[0]), int(times[-1])
    days = 0
    if not first - HOUR_US <= start_us < last:  # its first row may come a little after the trial begins
        days = (start_us - first + HOUR_US) // DAY_US
    rows = archive.positions.with_columns(pl.col("time_us") + days * DAY_US)
    rows = rows.filter(pl.col("time_us").is_between(start_us, last + days * DAY_US if until_us is None else until_us))
    if not rows.height:
        raise BadUse("the archive has nothing at the hours of the trial", "traffic", "Give a longer archive")
    return archive._replace(positions=rows)


def _check(archive: Traffic, actors: Sequence[Voyage], path: Path) -> None:
    """Refuse actors who could not be in the archive."""
    taken = set(archive.positions["mmsi"].unique()) & {v.who.mmsi for v in actors}
    if taken:
        raise BadUse(
            f"an actor has the MMSI of a vessel in the archive ({min(taken)})", str(path), "Give it another one"
        )
    box = archive.positions.select(
        pl.col("lon_deg").min().alias("west"), pl.col("lat_deg").min().alias("south"),
        pl.col("lon_deg").max().alias("east"), pl.col("lat_deg").max().alias("north"),
    ).row(0)  # fmt: skip
    for v in actors:
        inside = box[0] - NEAR_DEG < v.lon_deg < box[2] + NEAR_DEG and box[1] - NEAR_DEG < v.lat_deg < box[3] + NEAR_DEG
        if not inside:
            raise BadUse(
                f"{v.who.name} starts at {v.lon_deg:.2f} E {v.lat_deg:.2f} N, outside the archive's water "
                f"({box[0]:.1f} to {box[2]:.1f} E, {box[1]:.1f} to {box[3]:.1f} N)", str(path),
                "Give an archive of the trial's water",
            )  # fmt: skip


def policy(archive: Traffic) -> Policy:
    """Return how an archive was made."""
    rows = archive.positions
    second = rows["time_us"] // SECOND_US
    every = next((n for n in RASTERS_S if float((second % n == 0).mean() or 0) >= ON_RASTER), 0)  # type: ignore[arg-type]
    slowest = rows["sog_kn"].fill_nan(None).quantile(0.001)
    absent = [name for name in OPTIONAL if bool(rows[name].is_nan().all())]
    if bool((rows["nav_status"] == schema.NAV_STATUS_UNDEFINED).all()):
        absent.append("nav_status")
    named = any(who.name for who in archive.ships)
    share = 1.0 if every else min(1.0, 10.0 / max(_median_step_s(rows), 1.0))
    least = round(float(slowest), 1) if slowest is not None and slowest >= LEAST_KN else 0.0
    return Policy(every, share, least, tuple(absent), named, frozenset(archive.classes))


def _median_step_s(rows: pl.DataFrame) -> float:
    """Seconds between positions of a vessel under way; 10 is what a class A set sends."""
    steps = rows.filter(pl.col("sog_kn") > 3).select(pl.col("time_us").diff().over("mmsi") / SECOND_US)["time_us"]
    middle = steps.filter(steps > 0).median()
    return 10.0 if middle is None else float(middle)  # type: ignore[arg-type]


def fitted(heard: Traffic, by: Policy, seed: int) -> Traffic:
    """Return what is received of actors as an archive of this policy would have kept it."""
    rows = heard.positions
    if by.every_s:
        rows = by_the_minute(rows, by.every_s, by.least_kn)
    else:
        kept = np.random.default_rng(seed).random(rows.height) < by.share
        rows = rows.filter(pl.Series(kept) & ~(pl.col("sog_kn") < by.least_kn))
    blank = {name: pl.lit(float("nan")) for name in by.absent if name in OPTIONAL}
    if "nav_status" in by.absent:
        blank["nav_status"] = pl.lit(schema.NAV_STATUS_UNDEFINED, pl.Int8)
    classes = [_word(c, by.classes) for c in heard.classes]
    ships = heard.ships
    if not by.named:
        ships = [
            Who(who.mmsi, "", "", 0, TYPE_OF_CLASS.get(c, 0), 0, 0, 0.0, "")
            for who, c in zip(ships, classes, strict=True)
        ]
    return heard._replace(positions=told(rows.with_columns(**blank)), ships=ships, classes=classes)


def _word(ship_class: str, words: frozenset[str]) -> str:
    """Return a class as an archive says it that has fewer words for classes."""
    if ship_class in ("cargo", "tanker") and "cargo_or_tanker" in words:
        return "cargo_or_tanker"
    return ship_class if ship_class in words or "other" not in words else "other"


def by_the_minute(positions: pl.DataFrame, every_s: int = 60, least_kn: float = 0.0) -> pl.DataFrame:
    """Return one position of each ship a minute: means of place, speed and course, the rest as it was first."""
    turn = pl.col("cog_deg").radians()
    mean = ("lon_deg", "lat_deg", "sog_kn")
    others = [c for c in positions.columns if c not in (*mean, "cog_deg", "ship", "time_us")]
    slot = pl.col("time_us") // (every_s * 1_000_000) * (every_s * 1_000_000)
    course = pl.arctan2(turn.sin().mean(), turn.cos().mean()).degrees() % 360
    return (
        positions.filter(pl.col("lon_deg").is_not_nan())
        .group_by("ship", slot, maintain_order=True)
        .agg(pl.col(mean).mean(), course.alias("cog_deg"), pl.col(others).first())
        .filter(~(pl.col("sog_kn") < least_kn))
        .sort("time_us", maintain_order=True)
        .select(positions.columns)
    )
