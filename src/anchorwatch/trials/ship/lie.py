"""Lying: moored, at anchor, adrift."""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorwatch.picture.compiled import inlined
from anchorwatch.trials.ship.hulls import AIR_KG_M3, WATER_KG_M3
from anchorwatch.trials.ship.state import drift, normal, wrap
from anchorwatch.trials.ship.steer import M_PER_DEG

SWING_DEG, SWING_S = 18.0, 700.0  # a ship sails about its anchor some tens of degrees in a quarter of an hour [K]


@inlined
def downwind(s: Any, hull: Any) -> float:
    """Where a lying ship is pushed to: wind and current, each by its force."""
    air = AIR_KG_M3 * hull.frontal_m2 * np.hypot(s.wind_east, s.wind_north)
    sea = 0.3 * WATER_KG_M3 * hull.beam_m * hull.draught_m * np.hypot(s.current_east, s.current_north)
    return float(np.arctan2(air * s.wind_east + sea * s.current_east, air * s.wind_north + sea * s.current_north))


@inlined
def let_go(s: Any, hull: Any, depth_m: float) -> None:
    """Come to anchor: the anchor lies upwind of where the ship is."""
    s.swing = 3.0 * depth_m + 0.5 * hull.length_m + 30.0  # scope of four or five, most of it stretched
    way = downwind(s, hull)
    s.anchor_lon = s.lon - s.swing * np.sin(way) / (M_PER_DEG * s.shrink)
    s.anchor_lat = s.lat - s.swing * np.cos(way) / M_PER_DEG
    s.lead, s.u = 0.0, 0.0
    if s.step == 0:
        s.heading = way + np.pi


@inlined
def swing(s: Any, hull: Any, dt: float) -> None:
    """Lie to the anchor, bow to wind and current, swinging slowly."""
    s.lead = drift(s, s.lead, np.radians(SWING_DEG), SWING_S, dt)
    way = downwind(s, hull) + s.lead
    lon = s.anchor_lon + s.swing * np.sin(way) / (M_PER_DEG * s.shrink)
    lat = s.anchor_lat + s.swing * np.cos(way) / M_PER_DEG
    # Half a knot at most: a ship does not leap when the wind backs.
    go_e, go_n = (lon - s.lon) * M_PER_DEG * s.shrink, (lat - s.lat) * M_PER_DEG
    far = np.hypot(go_e, go_n)
    speed = min(far / 120.0, 0.3)
    s.east, s.north = speed * go_e / max(far, 1e-6), speed * go_n / max(far, 1e-6)
    turn = wrap(way + np.pi + 0.5 * s.lead - s.heading)
    s.rate = min(0.003, max(-0.003, turn / 120.0))
    s.heading += s.rate * dt


@inlined
def lie(s: Any) -> None:
    """Moored: nothing but the lines' give."""
    s.u, s.rate, s.east, s.north = 0.0, 0.0, 0.01 * normal(s), 0.01 * normal(s)


@inlined
def coast(s: Any, hull: Any, pull: float, dt: float) -> None:
    """Engine stopped: what way is left is lost to the water; wind and current take over as it goes."""
    s.engine = 0.0
    held = pull if s.u > 0.3 else 0.0
    s.u = max(0.0, s.u - dt * held / hull.mass_kg)
    # A stopped propeller adds about as much resistance again at low speed [K: stopping trials].
    s.u /= 1.0 + dt * 1.5 * hull.resistance * (s.u + 0.3) / hull.mass_kg
    blow = np.hypot(s.wind_east, s.wind_north)
    if blow > 1.0:
        away = np.arctan2(s.wind_east, s.wind_north)
        side = away + (0.5 * np.pi if wrap(s.heading - away) > 0 else -0.5 * np.pi)
        if s.anchor >= 0:
            side = away + np.pi
        most = min(0.006, blow / 2000.0)
        wanted = min(most, max(-most, wrap(side + s.wander * 5.0 - s.heading) / 400.0))
        s.rate += (wanted - s.rate) * dt / (60.0 + dt)
    else:
        s.rate *= max(0.0, 1.0 - dt / 60.0)
    s.heading += s.rate * dt


@inlined
def leeway(s: Any, hull: Any, pull: float, powered: bool) -> None:
    """Add the wind's drift to the way through water and the current; an anchor on the bottom may hold all of it."""
    blow = np.hypot(s.wind_east, s.wind_north)
    side = hull.leeway * blow
    # Under way a hull meets new water all the time and leeway falls with speed.
    share = 1.0 / (1.0 + s.u / max(0.3, side))
    wind_e, wind_n = s.wind_east, s.wind_north
    if powered:  # along the ship the wind is part of the balance of thrust
        right_e, right_n = np.cos(s.heading), -np.sin(s.heading)
        across = wind_e * right_e + wind_n * right_n
        wind_e, wind_n = across * right_e, across * right_n
    e = s.current_east + wind_e * hull.leeway * share
    n = s.current_north + wind_n * hull.leeway * share
    if pull > 0.0 and not powered:
        push = 0.5 * WATER_KG_M3 * 1.1 * hull.length_m * hull.draught_m * (e * e + n * n)
        left = np.sqrt(max(0.0, 1.0 - pull / max(push, 1.0)))
        e, n = e * left, n * left
    s.east, s.north = s.east + e, s.north + n
