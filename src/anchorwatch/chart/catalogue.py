"""The built-in catalogue of the Baltic: baltic.toml as assets."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from anchorwatch.chart.assets import Asset


@cache
def baltic() -> tuple[Asset, ...]:
    """Return the assets of baltic.toml; every route is schematic."""
    text = files("anchorwatch.chart").joinpath("baltic.toml").read_text("utf-8")
    return tuple(_asset(entry) for entry in tomllib.loads(text)["asset"])


def _asset(entry: dict[str, Any]) -> Asset:
    """Return one entry as an asset."""
    routes = entry.get("routes", [entry["route"]] if "route" in entry else [])
    return Asset(
        id=entry["id"],
        name=entry["name"],
        kind=entry["kind"],
        lines=tuple(np.array(route, np.float64) for route in routes),
        points=tuple((lon, lat) for lon, lat in entry.get("points", [])),
        geometry="schematic",
        error_m=entry["error_km"] * 1000.0,
        owner=entry.get("owner", ""),
        capacity=entry.get("capacity", ""),
        length_km=entry.get("length_km", entry.get("sea_km")),
        year=entry.get("year"),
        source=entry["source"],
        releasability=entry.get("releasability", "public"),
        endpoints=tuple(entry.get("endpoints", ())),
        properties={"sea_km": entry["sea_km"]} if "sea_km" in entry else {},
    )
