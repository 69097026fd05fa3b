"""What lies on the seabed in a scenario: assets of the catalogue or of its own, and zones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anchorwatch import chart
from anchorwatch.chart import geodesy, rules
from anchorwatch.edges.toml_table import Point, Table, nearest
from anchorwatch.errors import BadChart
from anchorwatch.schema import ZONE_KINDS
from anchorwatch.trials.sea import lanes

ASSET = ("catalogue", "id", "name", "kind", "route", "error_m")
ZONE = ("id", "name", "kind", "polygon", "rules")
# A route that is drawn in a trial is where it is in the trial's world: as good as a survey and an antenna allow.
DRAWN_ERROR_M = 300.0
DRAWN = "drawn for the trial"
USED = "used by the made traffic of the trial"
PORT_M = 4_000.0  # a harbour with its approach, about where ships slow down for the pilot and the berth [K]


def assets(top: Table) -> tuple[chart.Asset, ...]:
    """Return the assets of a scenario."""
    found: list[chart.Asset] = []
    for said in top.tables("asset", ASSET):
        asset = _of_catalogue(said) if said.only_one("catalogue", "id") == "catalogue" else _own(said)
        if any(asset.id == other.id for other in found):
            raise said.place.wrong(f"the asset {asset.id!r} is named twice", "Take one of them out")
        found.append(asset)
    if not found:
        raise top.place.of("asset").wrong(
            "this trial has nothing to guard", 'Add [[asset]] with catalogue = "..." or its own route'
        )
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
        asset = replace(asset, lines=(_line(said),), points=())
    if "route" in said or "error_m" in said:  # in the trial's world it lies where it is drawn
        asset = replace(asset, geometry="charted", error_m=_error_m(said), source=DRAWN)
    return asset


def _error_m(said: Table) -> float:
    return said.number("error_m", DRAWN_ERROR_M, 1, 100_000)


def _own(said: Table) -> chart.Asset:
    kind = said.choice("kind", chart.ASSET_KINDS)
    return chart.Asset(said.text("id"), said.text("name"), kind, (_line(said),), geometry="charted",
                       error_m=_error_m(said), source=DRAWN)  # fmt: skip


def _line(said: Table) -> chart.assets.Line:
    return np.array(said.points("route"), np.float64)


def zones(top: Table) -> tuple[chart.Zone, ...]:
    """Return the zones of a scenario."""
    found: list[chart.Zone] = []
    for said in top.tables("zone", ZONE):
        name = said.text("id")
        if any(name == other.id for other in found):
            raise said.place.of("id").wrong(f"the zone {name!r} is named twice", "Give it another id")
        ring = _ring(said.points("polygon", 3))
        kind = said.choice("kind", ZONE_KINDS)
        found.append(_ruled(said, chart.Zone(name, said.text("name", name), kind, ((ring,),), DRAWN)))
    return tuple(found)


def _ring(points: tuple[Point, ...]) -> chart.assets.Line:
    closed = points if points[0] == points[-1] else (*points, points[0])
    return np.array(closed, np.float64)


def _ruled(said: Table, zone: chart.Zone) -> chart.Zone:
    """Return a zone with its rules, under the names that a chart file gives them."""
    if "rules" not in said:
        return zone
    keys = [key.removeprefix("rule_") for key in rules.KEYS]
    given = said.table("rules", keys)
    ruled = replace(zone, properties={f"rule_{key}": value for key, value in given.said.items()})
    try:
        rules.build((ruled,))
    except BadChart as error:
        raise given.place.wrong(error.what, error.next_step) from None
    return ruled


def around(box: tuple[float, float, float, float]) -> tuple[chart.Zone, ...]:
    """Return the ports and anchorages that made traffic in a box uses, as any chart of those waters has them."""
    sea = lanes.within(lanes.Ground(*box))
    found = [
        chart.Zone(f"{name}-anchorage".replace("_", "-"), _title(name), "anchorage", ((_box(ground),),), USED)
        for name, ground in sorted(sea.anchorages.items())
    ]
    ports = {name: lead[-1] for name, lead in lanes.LEADS.items() if name not in lanes.OPEN_SEA}
    ports |= {f"{name}-{end}": line[1][end] for name, line in lanes.FERRIES.items() for end in (0, -1)}
    west, south, east, north = box
    for name, (lon, lat) in sorted(ports.items()):
        if west < lon < east and south < lat < north:
            ring = geodesy.circle(lon, lat, PORT_M)
            title = _title(name.split("-")[0])
            found.append(
                chart.Zone(f"{name}-port".replace("_", "-").replace("--", "-"), title, "port", ((ring,),), USED)
            )
    return tuple(found)


def _title(name: str) -> str:
    return name.replace("_", " ").title()


def _box(ground: lanes.Ground) -> chart.assets.Line:
    west, south, east, north = ground
    return np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])
