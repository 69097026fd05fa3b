"""Small trials written by hand: folders as `trial run` makes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

START = datetime(2025, 12, 1, tzinfo=UTC)
CABLE = [[20.0, 57.0], [20.0, 58.0]]  # due north along 20 E
OTHER = [[20.5, 57.0], [20.5, 58.0]]
ORDINARY = 244_000_001  # the first of the vessels that do nothing
FISHER = 244_900_001
Record = dict[str, Any]


def at(minutes: float) -> str:
    """Minutes after the start, as text."""
    return (START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def us(minutes: float) -> int:
    """Minutes after the start, in microseconds since 1970."""
    return round((START.timestamp() + 60 * minutes) * 1e6)


def actor(mmsi: int, role: str = "threat", klass: str = "steady_drag", **more: Any) -> Record:
    """An actor whose behaviour lasts from minute 60 to minute 180; it crosses cables at 120, 121 and 170."""
    crossings = [(120, "one"), (121, "two"), (170, "three")] if role == "threat" else []
    return {
        "id": f"actor-{mmsi}",
        "mmsis": [mmsi],
        "name": f"ACTOR {mmsi}",
        "role": role,
        "class": klass,
        "start": at(60),
        "end": at(180),
        "deficit": 0.2 if role == "threat" else None,
        "crossings": [{"asset": asset, "time": at(t), "kp_km": 1.0} for t, asset in crossings],
        "expects": ["anchor_drag"],
        **more,
    }


def alert(mmsi: int | None, levels: Sequence[tuple[str, float]], **more: Any) -> Record:
    """An alert shown at these levels from these minutes on."""
    status = "withdrawn" if levels[-1][0] == "withdrawn" else "open"
    said = [level for level, _ in levels if level != "withdrawn"]
    return {
        "schema": "anchorwatch.alert/1",
        "id": f"a1-{mmsi}-{levels[0][1]}",
        "level": "caution" if status == "withdrawn" else said[-1],
        "kind": "anchor_drag",
        "status": status,
        "vessel": {"mmsi": mmsi} if mmsi else None,
        "assets": [{"id": "one"}],
        "start": at(levels[0][1]),
        "end": at(levels[-1][1] + 10),
        "raised": at(levels[0][1]),
        "score": 0.7,
        "extra": {"levels": [{"level": level, "at": at(t)} for level, t in levels]},
        **more,
    }


def traffic(mmsis: Sequence[int], hours: float = 10.0) -> pl.DataFrame:
    """Vessels that steam north, far from any cable, a position every five minutes; those from FISHER on fish."""
    steps = int(hours * 12) + 1
    parts = [
        pl.DataFrame(
            {
                "time": [START + timedelta(minutes=5 * k) for k in range(steps)],
                "mmsi": [mmsi] * steps,
                "lon_deg": [18.0] * steps,
                "lat_deg": [57.0 + 0.01 * k for k in range(steps)],
                "sog_kn": [12.0] * steps,
                "nav_status": [0] * steps,
                "ship_class": ["fishing" if mmsi >= FISHER else "cargo"] * steps,
            }
        )
        for mmsi in mmsis
    ]
    return pl.concat(parts).with_columns(pl.col("time").cast(pl.Datetime("us", "UTC"))).sort("time", "mmsi")


def write(
    folder: Path,
    actors: Sequence[Record] = (),
    alerts: Sequence[Record] = (),
    ordinary: int = 5,
    rows: pl.DataFrame | None = None,
    **truth: Any,
) -> Path:
    """Write a trial folder; every vessel is heard for ten hours."""
    folder.mkdir(parents=True)
    others = [ORDINARY + k for k in range(ordinary)] + [FISHER]
    acting = [m for a in actors for m in a["mmsis"] if 200_000_000 <= m < 800_000_000]
    (traffic([*others, *acting]) if rows is None else rows).write_parquet(folder / "traffic.parquet")
    said = {"schema": "anchorwatch.truth/1", "trial": folder.name, "kind": "made", "actors": list(actors), **truth}
    (folder / "truth.json").write_text(json.dumps(said))
    (folder / "alerts.jsonl").write_text("".join(json.dumps(a) + "\n" for a in alerts))
    lines = [
        {"type": "Feature", "properties": {"id": name, "name": name, "kind": "power_cable"},
         "geometry": {"type": "LineString", "coordinates": line}}
        for name, line in (("one", CABLE), ("two", OTHER))
    ]  # fmt: skip
    (folder / "assets.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": lines}))
    return folder
