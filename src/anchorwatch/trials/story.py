"""The demo's story: eight hours in the Gulf of Finland, four vessels that a watch must see, and many that it must not.

The threats behave as the known cases did: the dragging tanker sails on at nine knots with an anchor on the
bottom, some 15 % slower than before, slower still for minutes at each cable.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from anchorwatch import chart
from anchorwatch.errors import BadChart
from anchorwatch.schema import Floats
from anchorwatch.trials.fleet import anchored, fleet, line, ship
from anchorwatch.trials.lanes import GULF_OF_FINLAND, LANES
from anchorwatch.trials.traffic import Traffic, traffic
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


def passage_to(place_deg: tuple[float, float], path: Floats, speed_kn: float) -> tuple[Floats, float]:
    """The part of a path that leads to a place off it, and how long it takes."""
    marks = along_m(path)
    near = int(np.argmin(np.hypot((path[:, 0] - place_deg[0]) * 0.5, path[:, 1] - place_deg[1])))
    from_m = max(0.0, marks[near] - 22_000)
    way = np.array([at_m(path, m) for m in np.linspace(from_m, max(from_m, marks[near] - 9_000), 4)] + [place_deg])
    return way, float(along_m(way)[-1] / (speed_kn * KN))


def loitering(path: Floats, cable: Crossed) -> Voyage:
    """A small vessel that comes along the lane, then goes to and fro over a cable for hours at a walking pace."""
    way, arrive_s = passage_to((cable.lon_deg, cable.lat_deg - 0.03), path, 9.0)
    rng = np.random.default_rng(SEED + 1)
    strolls = way[-1] + rng.uniform(-1, 1, (14, 2)) * np.array([900 / 0.5, 700]) / M_PER_DEG
    whole = np.vstack([way, strolls])
    marks = along_m(whole)
    stroll_s = (marks[-1] - marks[len(way) - 1]) / (1.6 * KN)
    knots_s = np.array([0.0, arrive_s, min(arrive_s + stroll_s, HOURS * 3600)])
    share = (knots_s[2] - knots_s[1]) / stroll_s
    knots_m = np.array([0.0, marks[len(way) - 1], marks[len(way) - 1] + share * (marks[-1] - marks[len(way) - 1])])
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
    lane = line(LANES["gulf_of_finland"])
    west, east, off_lane = beside(lane[::-1], 1500.0), beside(lane, 1500.0), beside(lane[::-1], 6000.0)
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
    return traffic(threats + fleet(INNOCENT, HOURS, INTERVAL_S, SEED, GULF_OF_FINLAND), seed=SEED)
