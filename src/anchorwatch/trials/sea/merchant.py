"""Passages of merchant ships: along the lanes, to an anchorage to wait, with a pilot to the berth, and out again."""

from __future__ import annotations

import numpy as np

from anchorwatch.schema import Floats
from anchorwatch.trials.plan import ANCHORED, MOORED, SAIL, Event, Step, Voyage
from anchorwatch.trials.sea.lanes import Ground, Point, Sea
from anchorwatch.trials.sea.orders import passage_orders
from anchorwatch.trials.sea.routes import (
    KN,
    Rng,
    Route,
    after_m,
    at_m,
    bearing_deg,
    clear,
    length_m,
    moved,
    place,
    sailed,
)
from anchorwatch.trials.sea.ships import HULLS, ship
from anchorwatch.trials.ship.handling import orders

WAITS = 0.25  # share of arrivals that wait at anchor for a berth or a tide [K: an eighth of the fleet lies at anchor]
SLOW_DOWN_M = 15_000.0  # before the pilot: from here on the engine is made ready, by steps
PILOT_M = 9_000.0  # from the berth: where pilots board, some five miles off
PILOT_KN, LEE_DEG, LEE_M = 7.5, 35.0, 1_400.0  # a ship makes a lee for the boat: off its course for some minutes
BERTH_M = 1_500.0  # the last of it, dead slow


def berth(harbour: Point, rng: Rng) -> Point:
    """Return a berth or a buoy near the harbour's place, in water."""
    for _ in range(40):
        near = moved(harbour, float(rng.uniform(0, 360)), float(rng.uniform(50, 1500)))
        if clear([harbour, near], 60.0):
            return near
    return harbour


def spot(ground: Ground, rng: Rng) -> Point:
    """Return a random place within a ground."""
    lon, lat = rng.uniform((ground.west_deg, ground.south_deg), (ground.east_deg, ground.north_deg))
    return float(lon), float(lat)


def legs(path: Floats, kn: float = float("nan"), nav_status: int = -1) -> list[Step]:
    """Return the steps along a path that begins where the vessel is."""
    return [Step(SAIL, float(lon), float(lat), kn, nav_status=nav_status) for lon, lat in path[1:]]


def arrival(path: Floats, service_kn: float, rng: Rng) -> list[Step]:
    """Return the steps along a path that ends at a berth: slow down, take the pilot in a lee, go in dead slow."""
    far = length_m(path)
    pilot = max(far - PILOT_M, 0.45 * far)
    slow = max(pilot - SLOW_DOWN_M, 0.5 * pilot)
    way = path[: int(np.searchsorted(np.cumsum(_legs_m(path)), slow)) + 1]
    steps = legs(np.vstack([way, at_m(path, slow)]))
    middle, boarding = at_m(path, (slow + pilot) / 2), at_m(path, pilot)
    half = max(PILOT_KN + 1.0, 0.75 * service_kn)
    steps += [Step(SAIL, *middle, half), Step(SAIL, *boarding, PILOT_KN)]
    off = moved(boarding, bearing_deg(middle, boarding) + LEE_DEG * float(rng.choice((-1, 1))), LEE_M)
    inner = max(pilot + 2.5 * LEE_M, far - BERTH_M)
    if clear([boarding, off, at_m(path, min(inner, pilot + 3 * LEE_M))]):
        steps.append(Step(SAIL, *off, PILOT_KN - 1.5))
    rest = after_m(path, pilot)
    steps += legs(rest[:-1] if len(rest) > 2 else rest[:1], PILOT_KN + 1.0)
    return [*steps, Step(SAIL, *at_m(path, min(inner, far - 200.0)), PILOT_KN), Step(SAIL, *place(path[-1]), 4.0)]


def _legs_m(path: Floats) -> list[float]:
    return [length_m(path[k : k + 2]) for k in range(len(path) - 1)]


def departure(path: Floats) -> list[Step]:
    """Return the steps along a path that begins at a berth: slow until the pilot has left."""
    pilot = min(PILOT_M, 0.5 * length_m(path))
    out = at_m(path, pilot)
    return (
        [Step(SAIL, *out, PILOT_KN + 1.5), *legs(after_m(path, pilot))] if clear([path[0], out], 60.0) else legs(path)
    )


def duration_s(here: Point, steps: list[Step], service_kn: float) -> float:
    """About how long steps under way take, with a little lost on the way."""
    total = 0.0
    for step in steps:
        there = (step.lon_deg, step.lat_deg)
        total += length_m([here, there]) / (KN * (service_kn if np.isnan(step.kn) else step.kn))
        here = there
    return total * 1.03


def passage(
    serial: int, trade: str, route: Route, sea: Sea, start_s: float, from_m: float, end_s: float, rng: Rng
) -> tuple[Voyage, float]:
    """Return a passage along a route, from a distance along it, and about when it is over.

    One that starts in a harbour after the traffic began has lain there before.
    """
    hull = HULLS[trade]
    length = int(rng.integers(*hull.lengths_m))
    # Bigger ships of a trade are faster, with some of their own.
    share = (length - hull.lengths_m[0]) / (hull.lengths_m[1] - hull.lengths_m[0])
    low, high = hull.speeds_kn
    service = float(np.clip(low + (high - low) * rng.normal(0.25 + 0.5 * share, 0.2), low, high))
    path = after_m(sailed(route, rng), from_m)
    moored = route.origin != "" and from_m == 0.0 and start_s > 0.0
    if route.destination:
        path[-1] = berth(route.points[-1], rng)
    steps = (departure if route.origin and from_m == 0.0 else legs)(path)
    if route.destination:
        steps = arrival(path, service, rng)
    status = 11 if trade == "tow" else -1
    steps = [step._replace(nav_status=status) for step in steps]
    here = place(path[0])
    lasts = duration_s(here, steps, service)
    steady_s = max(0.0, min(lasts - 5400.0, end_s - start_s))
    if hull.ship_class == "passenger":
        events = orders(rng, hull.ship_class, steady_s / 3600, start_s=start_s)
    else:
        events = passage_orders(path, service, start_s, steady_s, rng)
    if route.destination and lasts > 5400.0:  # from the slow-down on, as the steps say
        events = (*events, Event(start_s + lasts - 5400.0, "order_share", 1.0))
    if route.destination:
        steps, lasts = _ending(steps, here, service, lasts, start_s, end_s, sea, rng)
    if moored:
        steps = [Step(MOORED, *here, until_s=start_s), *steps]
    who = ship(serial, trade, length, rng, route.destination)
    begins = 0.0 if moored else start_s
    labels = {"trade": trade, "from": route.origin, "to": route.destination}
    voyage = Voyage(who, hull.ship_class, begins, end_s, *here, tuple(steps), events, service_kn=service, labels=labels)
    return voyage, start_s + lasts


def _ending(
    steps: list[Step], here: Point, service: float, lasts: float, start_s: float, end_s: float, sea: Sea, rng: Rng
) -> tuple[list[Step], float]:
    """Let a vessel lie at its berth until the end; some wait at an anchorage near the harbour before."""
    last = (steps[-1].lon_deg, steps[-1].lat_deg)
    near = [g for g in sea.anchorages.values() if length_m([last, _middle(g)]) < 30_000.0]
    berthed = Step(MOORED, *last, until_s=end_s + 1.0)
    waits = rng.random() < WAITS
    if not near or not waits or len(steps) < 6:
        return [*steps, berthed], lasts
    anchorage = spot(near[0], rng)
    before, after = steps[:-5], steps[-5:]
    turn = (before[-1].lon_deg, before[-1].lat_deg) if before else here
    if not (clear([turn, anchorage]) and clear([anchorage, (after[0].lon_deg, after[0].lat_deg)])):
        return [*steps, berthed], lasts
    until = start_s + lasts + float(rng.uniform(2, 20)) * 3600
    waiting = [Step(SAIL, *anchorage, 6.0), Step(ANCHORED, *anchorage, until_s=until)]
    return [*before, *waiting, *after, berthed], lasts


def _middle(ground: Ground) -> Point:
    return (ground.west_deg + ground.east_deg) / 2, (ground.south_deg + ground.north_deg) / 2
