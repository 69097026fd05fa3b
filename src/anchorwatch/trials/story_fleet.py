"""Who sails in made traffic: ships with invented names and numbers, each given a voyage by its trade."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from anchorwatch.schema import Floats
from anchorwatch.trials.lanes import BALTIC, Ground, Sea
from anchorwatch.trials.voyages import AT_ANCHOR, FISHING_STATUS, KN, M_PER_DEG, Ship, Voyage, beside, path_length_m

Rng = np.random.Generator

FIRST = ("AMBER", "BIRCH", "CALM", "DAWN", "EIDER", "FROST", "GREY", "IRON", "JUNIPER", "KELP", "LINDEN", "TERN")
SECOND = ("BAY", "COAST", "FIORD", "GULL", "HARBOUR", "LIGHT", "SHOAL", "SOUND", "STAR", "TIDE", "WAVE", "WIND")
PORTS = ("GDANSK", "GOTEBORG", "HELSINKI", "KLAIPEDA", "KOTKA", "PRIMORSK", "RIGA", "ROSTOCK", "STOCKHOLM", "TALLINN")
MIDS = (211, 219, 230, 236, 244, 246, 249, 255, 261, 265, 276, 304, 311, 351, 538, 563, 577, 636)  # flags seen there

# Trade -> share of the fleet, ship type, length, speed. Shares after the mix that Baltic AIS shows by class.
TRADES: dict[str, tuple[float, int, tuple[int, int], tuple[float, float]]] = {
    "cargo": (0.40, 70, (80, 230), (9.0, 15.0)),
    "tanker": (0.15, 80, (90, 275), (9.5, 14.0)),
    "ferry": (0.05, 60, (120, 210), (16.0, 27.0)),
    "fishing": (0.11, 30, (14, 38), (2.8, 4.0)),
    "anchored": (0.10, 70, (80, 200), (0.0, 0.0)),
    "service": (0.06, 52, (18, 60), (6.0, 11.0)),
    "pleasure": (0.07, 36, (8, 18), (4.5, 7.0)),
    "slow": (0.06, 79, (70, 110), (5.5, 7.5)),  # tows, old coasters: slow all the way, and innocent
}


def imo_number(serial: int) -> int:
    """Return a number with a right check digit, from 3000000 on, which no real ship has."""
    digits = f"{300_000 + serial % 100_000:06d}"
    return int(digits) * 10 + sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True)) % 10


def ship(serial: int, ship_type: int, length_m: int, rng: Rng, *, class_b: bool = False) -> Ship:
    """Invent the ship with this serial number."""
    mmsi = MIDS[serial % len(MIDS)] * 1_000_000 + 900_000 + serial
    name = f"{FIRST[serial % len(FIRST)]} {SECOND[serial // len(FIRST) % len(SECOND)]}"
    callsign = f"{'ABCDEFGHLMOPSV'[serial % 14]}{'KQRTVX'[serial % 6]}{serial % 10_000:04d}"
    beam, draught = max(4, length_m // 7), round(min(14.0, 2.0 + length_m / 22), 1)
    imo = 0 if class_b or length_m < 30 else imo_number(serial)
    destination = "" if class_b else str(rng.choice(PORTS))
    return Ship(mmsi, name, callsign, imo, ship_type, length_m, beam, draught, destination, class_b)


def line(points: tuple[tuple[float, float], ...], *, back: bool = False) -> Floats:
    """Return a route as an array, sailed forth or back."""
    return np.array(points[::-1] if back else points, dtype=np.float64)


def sail(path: Floats, start_s: float, start_m: float, speed_kn: float, end_s: float) -> tuple[Floats, Floats]:
    """Knots of a steady passage: from a place at a time, to the end of the path, moored there until the end."""
    length = path_length_m(path)
    arrive = start_s + (length - start_m) / (speed_kn * KN)
    if arrive >= end_s:
        return np.array([start_s, end_s]), np.array([start_m, start_m + speed_kn * KN * (end_s - start_s)])
    return np.array([start_s, arrive, end_s]), np.array([start_m, length, length])


def lane_voyage(sea: Sea, who: Ship, speed_kn: float, hours: float, interval_s: float, rng: Rng) -> Voyage:
    """A passage along a lane, from somewhere on it, or from one of its ends some time into the traffic."""
    lane = line(sea.lanes[str(rng.choice(sorted(sea.lanes)))], back=bool(rng.random() < 0.5))
    path = beside(lane, float(rng.normal(1200, 400)))
    late = rng.random() < 0.4
    start_s = float(rng.random() * hours * 3600 * 0.7) if late else 0.0
    start_m = 0.0 if late else float(rng.random() * path_length_m(path))
    knots = sail(path, start_s, start_m, speed_kn, hours * 3600)
    return Voyage(who, path, *knots, interval_s)


def ferry_voyage(sea: Sea, who: Ship, _speed_kn: float, hours: float, interval_s: float, rng: Rng) -> Voyage:
    """A ferry that shuttles all day, with half an hour or more in port."""
    speed_kn, points = sea.ferries[str(rng.choice(sorted(sea.ferries)))]
    path = beside(line(points, back=bool(rng.random() < 0.5)), float(rng.normal(0, 250)))
    crossing_s, port_s = path_length_m(path) / (speed_kn * KN), float(rng.uniform(1800, 5400))
    legs = int(hours * 3600 / (crossing_s + port_s)) + 2
    start = -float(rng.random()) * (crossing_s + port_s)
    knots_s = start + np.repeat(np.arange(legs) * (crossing_s + port_s), 2) + np.tile([0.0, crossing_s], legs)
    knots_m = np.tile([0.0, 1.0, 1.0, 0.0], (legs + 1) // 2)[: 2 * legs] * path_length_m(path)
    return clip(Voyage(who, path, knots_s, knots_m, interval_s), hours)


def clip(voyage: Voyage, hours: float) -> Voyage:
    """Cut the knots of a voyage to the hours of the traffic."""
    end = min(hours * 3600, float(voyage.knots_s[-1]))
    inner = voyage.knots_s[(voyage.knots_s > 0) & (voyage.knots_s < end)]
    knots_s = np.concatenate(([max(0.0, float(voyage.knots_s[0]))], inner, [end]))
    knots_m = np.interp(knots_s, voyage.knots_s, voyage.knots_m)
    return Voyage(**{**voyage.__dict__, "knots_s": knots_s, "knots_m": knots_m})


def spot(ground: Ground, rng: Rng, count: int = 1) -> Floats:
    """Return random places within a ground."""
    return rng.uniform((ground.west_deg, ground.south_deg), (ground.east_deg, ground.north_deg), (count, 2))


def trawl_voyage(sea: Sea, who: Ship, speed_kn: float, hours: float, interval_s: float, rng: Rng) -> Voyage:
    """Tows to and fro on a fishing ground, a few miles each."""
    ground = sea.grounds[str(rng.choice(sorted(sea.grounds)))]
    need_m, path = speed_kn * KN * hours * 3600, spot(ground, rng)
    bearing = rng.random() * 2 * np.pi
    while path_length_m(path) < need_m if len(path) > 1 else True:
        bearing += np.pi + rng.normal(0, 0.35)  # the next tow goes back beside the last
        step = rng.uniform(5_000, 14_000) / M_PER_DEG
        move = np.array([np.sin(bearing) / np.cos(np.radians(path[-1, 1])), np.cos(bearing)]) * step
        low, high = np.array(ground).reshape(2, 2)
        path = np.vstack([path, np.clip(path[-1] + move, low, high)])
    knots = sail(path, 0.0, 0.0, speed_kn, hours * 3600)
    return Voyage(who, path, *knots, interval_s, FISHING_STATUS if rng.random() < 0.7 else 0, weave_m=60.0)


def anchored(who: Ship, place_deg: Floats, hours: float, interval_s: float, rng: Rng) -> Voyage:
    """A vessel that swings about its anchor on some hundred metres of chain."""
    radius = (50 + who.length_m) / M_PER_DEG
    arc = rng.random() * 2 * np.pi + np.linspace(0, 2.2, 12)
    swing = np.column_stack([np.sin(arc) / np.cos(np.radians(place_deg[1])), np.cos(arc)]) * radius
    path = place_deg + swing
    turns_s = np.concatenate(([0.0], np.cumsum(rng.uniform(1200, 3600, int(hours * 3)))))
    knots_m = rng.random(len(turns_s)) * path_length_m(path) * 0.5
    return clip(Voyage(who, path, turns_s, knots_m, interval_s, AT_ANCHOR, weave_m=0.0, turn_m=15.0), hours)


def anchored_voyage(sea: Sea, who: Ship, _speed_kn: float, hours: float, interval_s: float, rng: Rng) -> Voyage:
    """A vessel at anchor on a known anchorage."""
    return anchored(who, spot(sea.anchorages[str(rng.choice(sorted(sea.anchorages)))], rng)[0], hours, interval_s, rng)


def errand_voyage(sea: Sea, who: Ship, speed_kn: float, hours: float, interval_s: float, rng: Rng) -> Voyage:
    """A service craft or a yacht that goes about near one anchorage or ground, with pauses."""
    boxes = {**sea.anchorages, **sea.grounds}
    ground = boxes[str(rng.choice(sorted(boxes)))]
    path = spot(ground, rng, max(4, int(hours)))
    legs = [path_length_m(path[: k + 1]) if k else 0.0 for k in range(len(path))]
    sailing = np.diff(legs) / (speed_kn * KN)
    pauses = rng.uniform(300, 4800, len(sailing))
    knots_s = np.concatenate(([0.0], np.cumsum(np.column_stack([sailing, pauses]).ravel())))
    knots_m = np.concatenate(([0.0], np.repeat(legs[1:], 2)))
    return clip(Voyage(who, path, knots_s, knots_m, interval_s), hours)


PLANS: dict[str, Callable[[Sea, Ship, float, float, float, Rng], Voyage]] = {
    "ferry": ferry_voyage,
    "fishing": trawl_voyage,
    "anchored": anchored_voyage,
    "service": errand_voyage,
    "pleasure": errand_voyage,
}


def fleet(
    count: int, hours: float, interval_s: float, seed: int, sea: Sea = BALTIC, *, holes: bool = True
) -> list[Voyage]:
    """Return the voyages of a whole fleet; the same seed gives the same fleet."""
    rng = np.random.default_rng(seed)
    trades = rng.choice(list(TRADES), count, p=[share for share, *_ in TRADES.values()])
    voyages = []
    for serial, trade in enumerate(trades):
        _, ship_type, lengths, speeds = TRADES[trade]
        who = ship(serial, ship_type, int(rng.integers(*lengths)), rng, class_b=trade == "pleasure")
        plan = PLANS.get(trade, lane_voyage)
        voyage = plan(sea, who, float(rng.uniform(*speeds)), hours, interval_s * (3 if who.class_b else 1), rng)
        voyages.append(with_holes(voyage, hours, rng) if holes else voyage)
    return voyages


def with_holes(voyage: Voyage, hours: float, rng: Rng) -> Voyage:
    """Let one vessel in eight go unheard for a while: land stations do not hear everybody everywhere."""
    if rng.random() > 1 / 8:
        return voyage
    begin, lasts = float(rng.random()) * hours * 3600, float(rng.uniform(600, 2400))
    return Voyage(**{**voyage.__dict__, "silent_s": ((begin, begin + lasts),)})
