"""Steering: the track pilot, the turn, the way-points."""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorwatch.picture.compiled import inlined
from anchorwatch.trials.plan import ANCHORED, MOORED, SAIL
from anchorwatch.trials.ship.hulls import Hull
from anchorwatch.trials.ship.state import wrap

M_PER_DEG = 111_195.0  # of latitude, on the mean sphere
SHARPEST = 2.2  # rad: no turn is begun earlier than one of 126 degrees
RUDDER = 0.175  # rad: 10 degrees of rudder, what a pilot gives in open water [K]


@inlined
def begin_leg(s: Any, steps: Any) -> None:
    """Set out on the step that the vessel is in: from where it is, and which way it will turn at the end."""
    k = s.step
    s.from_lon, s.from_lat = s.lon, s.lat
    if k > 0 and steps[k - 1].how == SAIL:
        s.from_lon, s.from_lat = steps[k - 1].lon, steps[k - 1].lat
    s.leg_turn, s.arrive_kn = 0.0, -1.0
    if steps[k].status >= 0:
        s.status = steps[k].status
    if k + 1 < len(steps) and steps[k].how == SAIL:
        if steps[k + 1].how == SAIL:
            a = bearing(s.from_lon, s.from_lat, steps[k].lon, steps[k].lat)
            b = bearing(steps[k].lon, steps[k].lat, steps[k + 1].lon, steps[k + 1].lat)
            s.leg_turn = abs(wrap(b - a))
        elif steps[k + 1].how in (MOORED, ANCHORED):
            s.arrive_kn = 0.0


@inlined
def bearing(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Course of the straight line on the chart (as legs are drawn), radians from north."""
    shrink = np.cos(np.radians(0.5 * (lat1 + lat2)))
    return float(np.arctan2((lon2 - lon1) * shrink, lat2 - lat1))


@inlined
def find_leg(s: Any, step: Any, hull: Any) -> float:
    """Course to steer: line of sight to a point ahead on the leg (Fossen 2011, ch. 10). Sets `to_go` and `across`."""
    wide = M_PER_DEG * s.shrink
    leg_e, leg_n = (step.lon - s.from_lon) * wide, (step.lat - s.from_lat) * M_PER_DEG
    go_e, go_n = (step.lon - s.lon) * wide, (step.lat - s.lat) * M_PER_DEG
    length = np.hypot(leg_e, leg_n)
    if length < 1.0:
        s.to_go = 0.0
        return float(s.heading)
    e, n = leg_e / length, leg_n / length
    s.to_go = go_e * e + go_n * n
    s.across = go_n * e - go_e * n  # to starboard of the leg
    ahead = 8.0 * hull.length_m + 50.0
    return float(np.arctan2(e * ahead - n * s.across, n * ahead + e * s.across))


@inlined
def turn_to(s: Any, course: float, hull: Any, dt: float) -> None:
    """Nomoto's first-order turn (T r' + r = K rudder) under a course pilot that allows for the drift it sees."""
    speed = max(s.u, 0.5)
    lag = min(60.0, hull.turn_t * hull.length_m / speed)
    most = hull.turn_k * RUDDER * speed / hull.length_m
    error = wrap(course - s.crab + s.wander - s.heading)
    wanted = min(most, max(-most, error / (1.5 * lag)))
    s.rate += (wanted - s.rate) * dt / (lag + dt)
    s.heading += s.rate * dt


@inlined
def arrived(s: Any, hull: Any, last: bool) -> bool:
    """Whether it is time to turn to the next leg (early, so that the turn ends on it), or the place is reached."""
    if s.arrive_kn == 0.0:
        return bool(s.to_go < 2.0 or (s.to_go < 100.0 and s.u < 0.05))
    radius = hull.length_m / (hull.turn_k * RUDDER)
    early = (
        0.0 if last else radius * np.tan(0.5 * min(s.leg_turn, SHARPEST)) + 0.5 * hull.length_m * min(1.0, s.leg_turn)
    )
    wide = M_PER_DEG * s.shrink
    if not last:
        leg = np.hypot((s.from_lon - s.lon) * wide, (s.from_lat - s.lat) * M_PER_DEG) + s.to_go
        early = min(early, 0.4 * max(leg, 1.0))
    return bool(s.to_go <= max(early, 1.0))


def earliest_m(hull: Hull) -> float:
    """Return how far from a way-point a vessel may already be turning to the next: as `arrived`, with some room."""
    radius = hull.length_m / (hull.turn_k * RUDDER)
    return float(radius * np.tan(0.5 * SHARPEST) + 1.5 * hull.length_m)
