"""The demo's story: eight hours in the Gulf of Finland, four vessels that a watch must see, and many that it must not.

The threats behave as the known cases did: the dragging tanker sails on at nine knots with an anchor on the
bottom, some 15 % slower than before, slower still for minutes at each cable.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from anchorwatch import chart
from anchorwatch.errors import BadChart
from anchorwatch.schema import Floats
from anchorwatch.trials.story_fleet import anchored, fleet, line, ship
from anchorwatch.trials.lanes import GULF_OF_FINLAND, LANES, PORTS, Ground
from anchorwatch.trials.story_traffic import Traffic, traffic
from anchorwatch.trials.voyages import KN, M_PER_DEG, Voyage, along_m, at_m, beside

HOURS = 8.0
INNOCENT = 76
INTERVAL_S = 20.0
SEED = 20251225
BEFORE_M = 45_000.0  # two hours of a normal passage, so that the drop in speed has something to be compared with

# What the first four ships of the story do.
DOES = (
    "sails on with an anchor on the bottom, over cable after cable",
    "goes to and fro over a cable for hours",
    "is not heard while it crosses a cable",
    "lies at anchor on a cable",
)


class Crossed(NamedTuple):
    """A cable on a path."""

    asset: int
    along_m: float
    lon_deg: float
    lat_deg: float
    bearing_deg: float


def waters() -> chart.Chart:
    """Return the demo's chart: the cables of the catalogue that cross the gulf, its ports and anchorages.

    The catalogue's routes are schematic. In the demo's world they lie where they are drawn, to 300 m.
    """
    known = chart.make(chart.baltic())
    crossed = {c.asset for side in (-1500.0, 1500.0) for c in cables_on(beside(lane(), side), known) if c.lon_deg > 23}
    source = "drawn for the demo after the schematic route of the built-in catalogue"
    cables = tuple(replace(known.assets[k], geometry="charted", error_m=300.0, source=source) for k in sorted(crossed))
    roads = tuple(_zone(name, "anchorage", box) for name, box in GULF_OF_FINLAND.anchorages.items())
    return chart.make(cables, roads + tuple(_zone(name, "port", box) for name, box in PORTS.items()))


def _zone(name: str, kind: str, box: Ground) -> chart.Zone:
    west, south, east, north = box
    ring = np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])
    return chart.Zone(f"{name}-{kind}".replace("_", "-"), name.replace("_", " ").title(), kind, ((ring,),))


def lane() -> Floats:
    """The middle of the gulf, eastbound."""
    return line(LANES["gulf_of_finland"])


def cables_on(path_deg: Floats, guarded: chart.Chart) -> list[Crossed]:
    """Return the cables that a path crosses, in order, each once."""
    asset, fraction = np.zeros(64, np.int32), np.zeros(64)
    kp_km, bearing_deg = np.zeros(64), np.zeros(64)
    marks = along_m(path_deg)
    found: dict[int, Crossed] = {}
    for leg, ((lon1, lat1), (lon2, lat2)) in enumerate(pairwise(path_deg)):
        count = chart.crossings_one(guarded.grid, lon1, lat1, lon2, lat2, asset, fraction, kp_km, bearing_deg)
        for k in range(count):
            place = marks[leg] + fraction[k] * (marks[leg + 1] - marks[leg])
            lon, lat = at_m(path_deg, place)
            found.setdefault(int(asset[k]), Crossed(int(asset[k]), place, lon, lat, float(bearing_deg[k])))
    return sorted(found.values(), key=lambda c: c.along_m)


def dragging(path: Floats, cables: list[Crossed]) -> Voyage:
    """A tanker, westbound, that lets an anchor go 12 km before the first of its cables and sails on."""
    full, slow, dip = 11.2 * KN, 9.5 * KN, 8.7 * KN
    start, drop = cables[0].along_m - 12_000 - BEFORE_M, cables[0].along_m - 12_000
    places, speeds = [start, drop], [full]
    for cable in cables:
        if cable.along_m - 700 > places[-1]:
            places += [cable.along_m - 700, cable.along_m + 700]
            speeds += [slow, dip]
    speeds.append(slow)
    times = np.concatenate(([0.0], np.cumsum(np.diff(places) / np.array(speeds[:-1]))))
    rest = HOURS * 3600 - times[-1]
    knots_s, knots_m = np.append(times, HOURS * 3600), np.append(places, places[-1] + rest * slow)
    who = ship(9001, 80, 228, np.random.default_rng(SEED))
    return Voyage(who, path, knots_s, knots_m, INTERVAL_S, weave_m=80.0, crab_deg=6.0, crab_s=(times[1], HOURS * 3600))


def passage_to(place_deg: tuple[float, float], path: Floats) -> Floats:
    """The part of a path that leads to a place off it, and the turn towards it."""
    every = np.linspace(0.0, float(along_m(path)[-1]), 2000)
    points = np.array([at_m(path, m) for m in every])
    near = every[np.argmin(np.hypot((points[:, 0] - place_deg[0]) * 0.5, points[:, 1] - place_deg[1]))]
    way = [at_m(path, m) for m in np.linspace(max(0.0, near - 22_000), max(1000.0, near - 4_000), 4)]
    return np.array([*way, place_deg])


def loitering(path: Floats, cable: Crossed) -> Voyage:
    """A small vessel that comes along the lane, then goes to and fro over a cable for hours at a walking pace."""
    way, rng = passage_to((cable.lon_deg, cable.lat_deg - 0.03), path), np.random.default_rng(SEED + 1)
    strolls = way[-1] + rng.uniform(-1, 1, (40, 2)) * np.array([900 / 0.5, 700]) / M_PER_DEG
    whole, way_m = np.vstack([way, strolls]), float(along_m(way)[-1])
    arrive_s = way_m / (9.0 * KN)
    knots_s = np.array([0.0, arrive_s, HOURS * 3600])
    knots_m = np.array([0.0, way_m, way_m + (HOURS * 3600 - arrive_s) * 1.6 * KN])
    who = ship(9002, 70, 72, np.random.default_rng(SEED))
    return Voyage(who, whole, knots_s, knots_m, INTERVAL_S, weave_m=10.0, turn_m=60.0)


def silent(path: Floats, cable: Crossed) -> Voyage:
    """A coaster that is not heard from 4 km before a cable to 5 km behind it, and takes twice as long as it should."""
    speed = 10.0 * KN
    start = max(0.0, cable.along_m - 40_000)
    off, on = cable.along_m - 4_000, cable.along_m + 5_000
    gone_s = (off - start) / speed
    back_s = gone_s + 2.2 * (on - off) / speed
    knots_s = np.array([0.0, gone_s, back_s, HOURS * 3600])
    knots_m = np.array([start, off, on, on + (HOURS * 3600 - back_s) * speed])
    who = ship(9003, 70, 98, np.random.default_rng(SEED))
    return Voyage(who, path, knots_s, knots_m, INTERVAL_S, silent_s=((gone_s, back_s),))


def at_anchor_on(cable: Crossed) -> Voyage:
    """A cargo ship at anchor on a cable, outside every anchorage."""
    rng = np.random.default_rng(SEED + 3)
    place = np.array([cable.lon_deg, cable.lat_deg])
    return anchored(ship(9004, 70, 140, rng), place, HOURS, INTERVAL_S, rng)


def story(guarded: chart.Chart) -> Traffic:
    """Return the traffic of the demo over the cables of a chart."""
    west, east, off_lane = beside(lane()[::-1], 1500.0), beside(lane(), 1500.0), beside(lane()[::-1], 6000.0)
    ahead = [c for c in cables_on(west, guarded) if c.along_m > BEFORE_M + 12_000]
    behind = [c for c in cables_on(east, guarded) if c.lon_deg > 23.0]
    aside = [c for c in cables_on(off_lane, guarded) if c.lon_deg > 23.0]
    if min(len(ahead), len(behind), len(aside)) < 2:
        raise BadChart("the demo needs two cables across the Gulf of Finland", "chart", "Use the built-in catalogue")
    threats = [
        dragging(west, ahead),
        loitering(east, behind[len(behind) // 2]),
        silent(east, behind[-1]),
        at_anchor_on(aside[-1]),
    ]
    return traffic(threats + fleet(INNOCENT, HOURS, INTERVAL_S, SEED, GULF_OF_FINLAND, holes=False), seed=SEED)
