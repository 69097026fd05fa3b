"""What a score is made from: trial folders (truth.json, alerts.jsonl, traffic.parquet) as small frozen objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from anchorwatch.edges.records import time_us
from anchorwatch.errors import BadInput
from anchorwatch.judgement.judge import LEVEL_AT
from anchorwatch.model import LEVELS

SCHEMA = "anchorwatch.truth/1"
ROLES = ("threat", "innocent", "cleared", "bystander")
RANK = {"withdrawn": -1, **{level: k for k, level in enumerate(LEVELS)}}
LOUD = LEVELS.index("warning")  # someone is called or sent
MINUTE_US = 60_000_000


class Said(NamedTuple):
    """An alert as far as scoring needs it, from whatever system."""

    id: str
    kind: str  # empty where the system names none
    mmsis: tuple[int, ...]  # none: it is about an area
    assets: tuple[str, ...]
    start_us: int
    end_us: int
    score: float
    shown: tuple[tuple[str, int], ...]  # as what (a level or "withdrawn") from when on, in that order

    @property
    def withdrawn(self) -> bool:
        """Tell whether it was taken back in the end."""
        return self.shown[-1][0] == "withdrawn"

    @property
    def rank(self) -> int:
        """Return the highest level ever shown, as its place in LEVELS."""
        return max(RANK[level] for level, _ in self.shown)

    def first_us(self, rank: int) -> int | None:
        """Return when it was first shown at that level or above."""
        return next((at for level, at in self.shown if RANK[level] >= rank), None)

    def overlaps(self, start_us: int, end_us: int) -> bool:
        """Tell whether it speaks of that time, or was first shown in it."""
        return (self.start_us <= end_us and self.end_us >= start_us) or start_us <= self.shown[0][1] <= end_us


class Crossing(NamedTuple):
    """A true crossing of an asset."""

    asset: str
    time_us: int


@dataclass(frozen=True)
class Actor:
    """What one vessel truly did."""

    id: str
    mmsis: frozenset[int]
    role: str  # threat, innocent, cleared, bystander
    klass: str
    start_us: int
    end_us: int
    deficit: float | None = None  # share of speed lost to what is dragged
    crossings: tuple[Crossing, ...] = ()  # from the start of the behaviour on
    expects: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Area:
    """Something that truly happened to many at once: interference, an outage of reception."""

    id: str
    klass: str
    start_us: int
    end_us: int
    expects: tuple[str, ...]
    mmsis: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Trial:
    """One trial with its truth, what the watch said, and who else was there."""

    name: str
    kind: str
    actors: tuple[Actor, ...]
    areas: tuple[Area, ...]
    alerts: tuple[Said, ...]
    vessels: pl.DataFrame  # mmsi, fishing, hours: the vessels that are no actors
    faults: tuple[Mapping[str, Any], ...] = ()
    expect: tuple[Mapping[str, Any], ...] = ()
    folder: Path | None = None
    real: bool = False  # a real archive taken as innocent
    positions: pl.DataFrame | None = None  # of a real archive: one a minute, for the baselines
    extra: Mapping[str, Any] = field(default_factory=dict)

    def saying(self, alerts: Iterable[Said]) -> Trial:
        """Return the same trial with what another system said."""
        return replace(self, alerts=tuple(alerts))


def read_trial(folder: Path) -> Trial:
    """Read a trial folder; BadInput where something is missing or not what it should be."""
    for name in ("truth.json", "alerts.jsonl", "traffic.parquet"):
        if not (folder / name).is_file():
            step = "Make it with `anchorwatch trial run`" + (", without --no-scan" if name == "alerts.jsonl" else "")
            raise BadInput(f"no {name} in it", str(folder), step)
    path = folder / "truth.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(said, dict) or said.get("schema") != SCHEMA:
            raise BadInput(f"its schema is not {SCHEMA}", str(path), "Make it with `anchorwatch trial run`")
        actors = tuple(_actor(a) for a in said["actors"])
        areas = tuple(_area(a) for a in said.get("areas", []))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"it has no {error}" if isinstance(error, KeyError) else f"it cannot be read ({error})"
        raise BadInput(what, str(path), "Make it with `anchorwatch trial run`") from error
    return Trial(
        name=str(said.get("trial", folder.name)),
        kind=str(said.get("kind", "made")),
        actors=actors,
        areas=areas,
        alerts=read_alerts(folder / "alerts.jsonl"),
        vessels=_vessels(folder / "traffic.parquet", actors, said.get("vessel_hours")),
        faults=tuple(said.get("faults", [])),
        expect=tuple(said.get("expect", [])),
        folder=folder,
    )


def read_alerts(path: Path) -> tuple[Said, ...]:
    """Read alert/1 lines; of several revisions of an alert the last counts, its history is in `extra.levels`."""
    alerts: dict[str, Said] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                alert = said_of(json.loads(line))
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                raise BadInput(
                    f"not an alert ({error!r})", f"{path}:{number}", "Give alerts as scan wrote them"
                ) from error
            alerts[alert.id] = alert
    return tuple(alerts.values())


def said_of(record: Mapping[str, Any]) -> Said:
    """Return what scoring needs of an alert/1 object."""
    vessels = [record.get("vessel") or {}, *(record.get("vessels") or [])]
    shown = tuple((s["level"], time_us(s["at"])) for s in (record.get("extra") or {}).get("levels", []))
    if not shown:
        shown = ((record["level"], time_us(record["raised"])),)
        if record.get("status") == "withdrawn":
            shown += (("withdrawn", time_us(record["end"])),)
    if unknown := {level for level, _ in shown} - set(RANK):
        raise ValueError(f"unknown level {unknown.pop()!r}")
    score = float(record["score"])
    if shown[-1][0] != "withdrawn":  # a level once shown stays while the grounds stand: the score behind it counts
        score = max(score, max(LEVEL_AT[level] for level, _ in shown if level != "withdrawn"))
    return Said(
        id=str(record["id"]),
        kind=str(record["kind"]),
        mmsis=tuple(dict.fromkeys(int(v["mmsi"]) for v in vessels if v.get("mmsi"))),
        assets=tuple(a["id"] for a in record.get("assets") or []),
        start_us=time_us(record["start"]),
        end_us=time_us(record["end"]),
        score=score,
        shown=shown,
    )


def _actor(record: Mapping[str, Any]) -> Actor:
    if record["role"] not in ROLES:
        raise ValueError(f"unknown role {record['role']!r}")
    start_us = time_us(record["start"])
    crossings = [Crossing(str(c["asset"]), time_us(c["time"])) for c in record.get("crossings") or []]
    return Actor(
        id=str(record["id"]),
        mmsis=frozenset(int(m) for m in record["mmsis"]),
        role=record["role"],
        klass=str(record.get("class") or record["role"]),
        start_us=start_us,
        end_us=time_us(record["end"]),
        deficit=None if record.get("deficit") is None else float(record["deficit"]),
        crossings=tuple(sorted((c for c in crossings if c.time_us >= start_us), key=lambda c: c.time_us)),
        expects=tuple(record.get("expects") or ()),
        name=str(record.get("name") or record["id"]),
    )


def _area(record: Mapping[str, Any]) -> Area:
    return Area(
        id=str(record["id"]),
        klass=str(record["class"]),
        start_us=time_us(record["start"]),
        end_us=time_us(record["end"]),
        expects=tuple(record.get("expects") or ()),
        mmsis=frozenset(int(m) for m in record.get("mmsis") or ()),
    )


def _vessels(path: Path, actors: Iterable[Actor], hours: Mapping[str, float] | None) -> pl.DataFrame:
    """Return the vessels that are no actors; hours of a class are shared equally among its vessels."""
    acting = sorted({m for a in actors for m in a.mmsis})
    try:
        seen = pl.scan_parquet(path, glob=False)
        if "ship_class" not in seen.collect_schema().names():
            seen = seen.with_columns(ship_class=pl.lit("unknown"))
        each = seen.group_by("mmsi").agg(pl.col("ship_class").first()).filter(~pl.col("mmsi").is_in(acting)).collect()
        each = each.with_columns(
            pl.col("mmsi").cast(pl.Int64), pl.col("ship_class").cast(pl.String).fill_null("unknown")
        )
        if hours is None:
            each = each.join(watched_hours(seen.select("time", "mmsi")), on="mmsi", how="left")
        else:
            columns = {"ship_class": list(hours), "total": [float(h) for h in hours.values()]}
            known = pl.DataFrame(columns, schema={"ship_class": pl.String, "total": pl.Float64})
            share = (pl.col("total").fill_null(0.0) / pl.len().over("ship_class")).alias("hours")
            each = each.join(known, on="ship_class", how="left").with_columns(share)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput(
            f"the traffic cannot be read ({error})", str(path), "Make it with `anchorwatch trial run`"
        ) from error
    fishing = (pl.col("ship_class") == "fishing").alias("fishing")
    return each.select("mmsi", fishing, pl.col("hours").fill_null(0.0)).sort("mmsi")


LONGEST_STEP_S = 600  # a longer silence is not time in which the vessel was watched


def watched_hours(rows: pl.LazyFrame) -> pl.DataFrame:
    """Return mmsi and hours of `time, mmsi` rows: the sum of a vessel's steps of at most 10 minutes."""
    step = pl.col("time").sort().diff().dt.total_microseconds() / 1e6
    short = step.filter(step <= LONGEST_STEP_S).sum() / 3600
    return rows.group_by("mmsi").agg(hours=short).collect().with_columns(pl.col("mmsi").cast(pl.Int64))
