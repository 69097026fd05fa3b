"""What lies on the seabed in a scenario: assets of the catalogue or of its own, and zones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anchorwatch import chart
from anchorwatch.schema import ZONE_KINDS
from anchorwatch.trials.scenario_table import Point, Table, nearest

ASSET = ("catalogue", "id", "name", "kind", "route", "error_m")
ZONE = ("id", "name", "kind", "polygon", "rules")
# A route that is drawn in a trial is where it is in the trial's world: as good as a survey and an antenna allow.
DRAWN_ERROR_M = 300.0
DRAWN = "drawn for the trial"


def assets(top: Table) -> tuple[chart.Asset, ...]:
    """Return the assets of a scenario."""
    found: list[chart.Asset] = []
    for said in top.tables("asset", ASSET):
        asset = _of_catalogue(said) if said.only_one("catalogue", "id") == "catalogue" else _own(said)
        if any(asset.id == other.id for other in found):
            raise said.place.wrong(f"the asset {asset.id!r} is named twice", "Take one of them out")
        found.append(asset)
    return tuple(found)


def _of_catalogue(said: Table) -> chart.Asset:
    known = {a.id: a for a in chart.baltic()}
    name = said.text("catalogue")
    if name not in known:
        raise said.place.of("catalogue").wrong(f"the catalogue has no asset {name!r}", nearest(name, known))
    for key in ("name", "kind"):
        if key in said:
            raise said.place.of(key).wrong(f"the catalogue says the {key} of {name!r}", "Take it out")
    asset = known[name]
    if "route" in said:
        return replace(asset, lines=(_line(said),), points=(), **_drawn(said))
    if "error_m" in said:
        return replace(asset, **_drawn(said))
    return asset


def _drawn(said: Table) -> dict[str, object]:
    """What a route is that the trial draws."""
    return {"geometry": "charted", "error_m": said.number("error_m", DRAWN_ERROR_M, 1, 100_000), "source": DRAWN}


def _own(said: Table) -> chart.Asset:
    kind = said.choice("kind", chart.ASSET_KINDS)
    return chart.Asset(said.text("id"), said.text("name"), kind, (_line(said),), geometry="charted",
                       error_m=said.number("error_m", DRAWN_ERROR_M, 1, 100_000), source=DRAWN)  # fmt: skip


def _line(said: Table) -> chart.assets.Line:
    return np.array(said.points("route"), np.float64)


def zones(top: Table) -> tuple[chart.Zone, ...]:
    """Return the zones of a scenario."""
    found: list[chart.Zone] = []
    for said in top.tables("zone", ZONE):
        name = said.text("id")
        if any(name == other.id for other in found):
            raise said.place.of("id").wrong(f"the zone {name!r} is named twice", "Give it another id")
        rules = said.table("rules", tuple(said.said.get("rules", ()))).said if "rules" in said else {}
        ring = _ring(said.points("polygon", 3))
        kind = said.choice("kind", ZONE_KINDS)
        found.append(chart.Zone(name, said.text("name", name), kind, ((ring,),), DRAWN, dict(rules)))
    return tuple(found)


def _ring(points: tuple[Point, ...]) -> chart.assets.Line:
    closed = points if points[0] == points[-1] else (*points, points[0])
    return np.array(closed, np.float64)


def chart_of(kept: tuple[chart.Asset, ...], areas: tuple[chart.Zone, ...]) -> chart.Chart:
    """Return the chart of a trial."""
    return chart.make(kept, areas)
