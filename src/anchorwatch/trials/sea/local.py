"""Vessels that live from one piece of water: ferries, fishing, pilots, tugs, dredgers, yachts, and those that lie."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from anchorwatch.schema import Floats
from anchorwatch.trials.plan import ADRIFT, ANCHORED, MOORED, SAIL, Event, Step, Voyage
from anchorwatch.trials.sea.lanes import CALLS, LEADS, OPEN_SEA, Ground, Point, Sea
from anchorwatch.trials.sea.merchant import berth, legs, spot
from anchorwatch.trials.sea.routes import KN, Rng, along_m, at_m, beside, clear, length_m, moved, place
from anchorwatch.trials.sea.ships import HULLS, ship
from anchorwatch.trials.ship.handling import orders

Kind = TypeVar("Kind")
FISHING_STATUS, TOWING, RESTRICTED = 7, 11, 3  # ITU-R M.1371 table 45
SAYS_FISHING = 0.7  # the others forget to say so [K]
ROOM_M = 700.0  # from the shore, for craft that drift, turn and stop where they like
TOW_KN = (2.6, 4.2)  # bottom trawl [K: 2.5 to 4.5 kn]


def harbours(sea: Sea) -> dict[str, Point]:
    """Return the harbours within the sea."""
    west, south, east, north = sea.box
    known = {name: lead[-1] for name, lead in LEADS.items() if f"to_{name}" in sea.lanes and name in CALLS}
    return {
        name: (lon, lat)
        for name, (lon, lat) in known.items()
        if name not in OPEN_SEA and west < lon < east and south < lat < north
    }


def voyage(
    serial: int, trade: str, here: Point, steps: list[Step], end_s: float, rng: Rng, service_kn: float = 0.0,
    events: tuple[Event, ...] = (),
) -> Voyage:  # fmt: skip
    """Return the voyage of a new ship of a trade."""
    hull = HULLS[trade]
    who = ship(serial, trade, int(rng.integers(*hull.lengths_m)), rng)
    service = service_kn or float(rng.uniform(*hull.speeds_kn))
    return Voyage(
        who, hull.ship_class, 0.0, end_s, *here, tuple(steps), events, service_kn=service, labels={"trade": trade}
    )


def moored(serial: int, trade: str, sea: Sea, end_s: float, rng: Rng) -> Voyage:
    """Return a vessel at a berth; one in six shifts to another one (harbour traffic)."""
    here = harbour = berth(_any(harbours(sea), rng), rng)
    steps, shifts = [Step(MOORED, *here, until_s=end_s + 1.0)], rng.random() < 1 / 6
    other = berth(harbour, rng)
    if shifts and clear([here, other], 60.0):
        leaves = float(rng.uniform(0, end_s))
        steps = [Step(MOORED, *here, until_s=leaves), Step(SAIL, *other, 4.0), Step(MOORED, *other, until_s=end_s + 1)]
    return voyage(serial, trade, here, steps, end_s, rng)


def anchored(serial: int, trade: str, sea: Sea, end_s: float, rng: Rng) -> Voyage:
    """Return a vessel at anchor on an anchorage."""
    here = spot(_any(sea.anchorages, rng), rng)
    return voyage(serial, trade, here, [Step(ANCHORED, *here, until_s=end_s + 1.0)], end_s, rng)


def _any(places: dict[str, Kind], rng: Rng) -> Kind:
    return places[str(rng.choice(sorted(places)))]


def ferry(serial: int, trade: str, sea: Sea, end_s: float, rng: Rng) -> Voyage:
    """Return a ferry that shuttles by a timetable, with half an hour or more in port."""
    kn, points = _any(sea.ferries, rng)
    if trade == "fast_ferry":
        kn = float(rng.uniform(*HULLS[trade].speeds_kn))
    middle = np.array(points[:: int(rng.choice((-1, 1)))], dtype=np.float64)
    keeps = np.full(len(middle), rng.normal(0, 250))
    keeps[[0, -1]] = 0.0
    path = beside(middle, keeps)
    path = path if clear(path, 60.0) else middle
    path[0], path[-1] = berth(place(middle[0]), rng), berth(place(middle[-1]), rng)
    crossing_s, port_s = length_m(path) / (kn * KN) + 900.0, float(rng.uniform(1800, 5400))
    at = -float(rng.random()) * (crossing_s + port_s)  # of the day's first departure
    steps, way, here = _afloat(path, at, crossing_s, kn)
    while at < end_s:
        at += crossing_s + port_s
        steps.append(Step(MOORED, *place(way[-1]), until_s=at))
        way = way[::-1]
        steps += _crossing(way, kn)
    events = orders(rng, HULLS[trade].ship_class, end_s / 3600)
    return voyage(serial, trade, here, steps, end_s, rng, kn, events)


def _crossing(way: Floats, kn: float) -> list[Step]:
    """Slow in the fairways at both ends, as far as there is room."""
    far = length_m(way)
    near = min(4000.0, far / 4)
    marks = along_m(way)
    inner = [place(p) for p, m in zip(way, marks, strict=True) if near < m < far - near]
    out, approach = at_m(way, near), at_m(way, far - near)
    slow = max(0.55 * kn, 8.0)
    return [
        Step(SAIL, *out, slow),
        *(Step(SAIL, *p, kn) for p in inner),
        Step(SAIL, *approach, kn),
        Step(SAIL, *place(way[-1]), slow),
    ]


def _afloat(path: Floats, left_s: float, crossing_s: float, kn: float) -> tuple[list[Step], Floats, Point]:
    """Return the first steps of a ferry that left before the traffic begins, its way, and where it is."""
    if -left_s >= crossing_s:  # already in
        return [], path, place(path[-1])
    far = -left_s / crossing_s * length_m(path)
    marks = along_m(path)
    ahead = [Step(SAIL, *place(p), kn) for p, m in zip(path, marks, strict=True) if m > far + 500.0]
    return ahead or [Step(SAIL, *place(path[-1]), kn)], path, at_m(path, far)


def fishing(serial: int, trade: str, sea: Sea, end_s: float, rng: Rng) -> Voyage:
    """Return a trawler: tows to and fro on a ground, a few miles each, steaming between them now and then."""
    ground: Ground = _any(sea.grounds, rng)
    kn, status = float(rng.uniform(*TOW_KN)), FISHING_STATUS if rng.random() < SAYS_FISHING else 0
    start = here = spot(ground, rng)
    steps: list[Step] = []
    bearing, at = float(rng.uniform(0, 360)), 0.0
    while at < end_s:
        if rng.random() < 0.12:  # to another part of the ground, gear up
            there, order = spot(ground, rng), float("nan")
        else:
            bearing += 180.0 + float(rng.normal(0, 20))  # the next tow goes back beside the last
            there, order = _kept(moved(here, bearing, float(rng.uniform(5_000, 14_000))), ground), kn
        far = length_m([here, there])
        if far < 800.0:
            bearing += float(rng.uniform(30, 150))
            continue
        steps.append(Step(SAIL, *there, order, nav_status=status if order == kn else 0))
        at += far / KN / (9.0 if np.isnan(order) else order)
        here = there
        if rng.random() < 0.3:  # hauling
            at += 1500.0
            steps.append(Step(ADRIFT, *here, until_s=at, nav_status=status))
    events = orders(rng, HULLS[trade].ship_class, end_s / 3600)
    return voyage(serial, trade, start, steps, end_s, rng, events=events)


def _kept(place: Point, ground: Ground) -> Point:
    return (
        float(np.clip(place[0], ground.west_deg, ground.east_deg)),
        float(np.clip(place[1], ground.south_deg, ground.north_deg)),
    )


def out_and_back(serial: int, trade: str, sea: Sea, end_s: float, rng: Rng) -> Voyage:
    """Return a pilot boat or a tug: out along the fairway to a ship, some minutes there, and back to its station."""
    names = sorted(harbours(sea))
    lead = np.array(LEADS[names[int(rng.integers(len(names)))]][::-1], dtype=np.float64)
    lead[0] = home = berth(place(lead[0]), rng)
    reach = (6_000.0, 12_000.0) if trade == "pilot" else (1_500.0, 5_000.0)
    speed = float(rng.uniform(*HULLS[trade].speeds_kn))
    steps, at = list[Step](), 0.0
    while at < end_s:
        at += float(rng.exponential(1.8 if trade == "pilot" else 2.5)) * 3600
        steps.append(Step(MOORED, *home, until_s=at))
        far = min(float(rng.uniform(*reach)), 0.8 * length_m(lead))
        marks = along_m(lead)
        way = np.vstack([lead[marks < far], at_m(lead, far)])
        out, back = legs(way), legs(way[::-1])
        at += length_m(way) / KN / speed + float(rng.uniform(300, 1500))
        steps += [*out, Step(ADRIFT, *at_m(lead, far), until_s=at, nav_status=0), *back]
        at += length_m(way) / KN / speed
    return voyage(serial, trade, home, steps, end_s, rng, speed)


def dredger(serial: int, trade: str, sea: Sea, end_s: float, rng: Rng) -> Voyage:
    """Return a dredger: slowly up and down a piece of fairway, then out to where it dumps, and back."""
    names = sorted(harbours(sea))
    lead = np.array(LEADS[names[int(rng.integers(len(names)))]][::-1], dtype=np.float64)
    far = length_m(lead)
    digs, dumps = float(rng.uniform(0.05, 0.3)) * far, float(rng.uniform(0.4, 0.8)) * far
    ends = at_m(lead, digs), at_m(lead, digs + 700.0)
    steps, at = list[Step](), 0.0
    while at < 2.0 * end_s:
        for k in range(int(rng.integers(6, 14))):
            steps.append(Step(SAIL, *ends[(k + 1) % 2], 1.8, nav_status=RESTRICTED))
            at += 700.0 / KN / 1.8
        marks = along_m(lead)
        way = np.vstack([at_m(lead, digs), lead[(marks > digs + 100) & (marks < dumps)], at_m(lead, dumps)])
        steps += [*legs(way), *legs(way[::-1])]
        at += 2 * length_m(way) / KN / 9.0
    return voyage(serial, trade, ends[0], steps, end_s, rng)


def errand(serial: int, trade: str, sea: Sea, end_s: float, rng: Rng) -> Voyage:
    """Return a service craft, a yacht or a warship that goes about near a harbour, with pauses."""
    reach = {"pleasure": 9_000.0, "patrol": 22_000.0, "military": 35_000.0}.get(trade, 15_000.0)
    speed = float(rng.uniform(*HULLS[trade].speeds_kn))
    harbour = here = berth(_any(harbours(sea), rng), rng)
    steps, at = list[Step](), 0.0
    for _ in range(400):
        there = moved(harbour, float(rng.uniform(0, 360)), reach * float(np.sqrt(rng.random())))
        if not clear([here, there], ROOM_M if steps else 60.0) or not clear([there, there], ROOM_M):
            continue
        at += length_m([here, there]) / KN / speed
        steps.append(Step(SAIL, *there))
        here = there
        if rng.random() < 0.5:  # a short pause adrift, a long one at anchor
            lasts = float(rng.uniform(300, 4800))
            at += lasts
            steps.append(Step(ADRIFT if lasts < 900 else ANCHORED, *there, until_s=at, nav_status=0))
        if at > 1.3 * end_s:
            break
    if not steps:
        steps.append(Step(MOORED, *harbour, until_s=end_s + 1.0))
    events = orders(rng, HULLS[trade].ship_class, end_s / 3600)
    return voyage(serial, trade, harbour, steps, end_s, rng, speed, events)
