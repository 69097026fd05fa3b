"""Read the user's files of assets, zones and depth into a chart."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from anchorwatch import chart
from anchorwatch.errors import BadChart


def load(paths: list[str] | None = None, depth: str | None = None) -> chart.Chart:
    """Return the chart of the given files; of the built-in Baltic catalogue where there are none."""
    if not paths:
        return chart.make(chart.baltic())
    assets: list[chart.Asset] = []
    for path in paths or []:
        assets += _csv(path) if path.endswith(".csv") else _geojson(path)
    return chart.make(tuple(assets))


def _geojson(path: str) -> list[chart.Asset]:
    """Return the lines of a GeoJSON file."""
    features = json.loads(Path(path).read_text("utf-8"))["features"]
    out = []
    for n, feature in enumerate(features):
        shape, said = feature["geometry"], feature["properties"]
        parts = {"LineString": lambda c: [c], "MultiLineString": lambda c: c}.get(shape["type"], lambda _: [])(
            shape["coordinates"]
        )
        if parts:
            name = said.get("name") or said.get("osm_id") or f"asset {n + 1}"
            kind = "telecom_cable" if said.get("kind") == "telecom_cable" else "power_cable"
            lines = tuple(np.array(p, np.float64)[:, :2] for p in parts)
            out.append(chart.Asset(chart.slug(f"{name}-{n}"), name, kind, lines))
    return out


def _csv(path: str) -> list[chart.Asset]:
    """Return the lines of a table `cable_id,point_order,lat,lon`."""
    rows = list(csv.DictReader(Path(path).read_text("utf-8").splitlines()))
    if not rows:
        raise BadChart("no points in it", path, "The columns are cable_id,point_order,lat,lon")
    lines: dict[str, list[tuple[int, float, float]]] = {}
    for row in rows:
        place = (int(row["point_order"]), float(row["lon"]), float(row["lat"]))
        lines.setdefault(row["cable_id"], []).append(place)
    return [
        chart.Asset(chart.slug(name), name, "telecom_cable", (np.array(sorted(points))[:, 1:].copy(),))
        for name, points in lines.items()
    ]
