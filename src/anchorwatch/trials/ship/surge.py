"""Speed: thrust against resistance, wind, and an anchor on the bottom."""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorwatch.picture.compiled import inlined
from anchorwatch.trials.ship.drag import SLIP, SPEED_STEP_MS, SPEEDS
from anchorwatch.trials.ship.hulls import AIR_KG_M3, KN, WATER_KG_M3
from anchorwatch.trials.ship.state import drift

ENGINE_S = 40.0  # an engine follows its order within a minute or two: load programme [K]
TURN_DRAG = 9.0  # resistance in a turn: 1 + this (rate length / speed)^2; fitted to turns of real passages
CREW_MINDS = 0.4  # share of the resistance at an order that wind may take before the crew corrects the order [own]
LEAD_RAD = 0.14  # the chain leads some 8 degrees to one side or the other [own estimate]
MADE_S = 30.0  # how quickly a speed that is known is taken up, if the hull can


@inlined
def pull_now(s: Any, pulls: Any, fluctuation: float, dt: float) -> float:
    """What an anchor takes now: its table, and a bottom that is nowhere even (noise over some tens of seconds)."""
    if s.anchor < 0:
        return 0.0
    place = min(abs(s.u) / SPEED_STEP_MS, SPEEDS - 1.001)
    low = int(place)
    steady = pulls[s.anchor, low] + (pulls[s.anchor, low + 1] - pulls[s.anchor, low]) * (place - low)
    s.pull = drift(s, s.pull, fluctuation, 40.0, dt)
    moves = min(1.0, np.hypot(s.east, s.north) / 0.5)  # at rest an anchor holds what it holds
    return float(steady * max(0.2, 1.0 + s.pull * moves))


@inlined
def yaw_of_drag(s: Any, hull: Any, pull: float, dt: float) -> float:
    """Let an anchor pull the bow about; return the drift angle at which hull and rudder balance it (radians).

    The pull acts at the hawse, 0.3 of the beam off the middle and half a length ahead, and leads a little to one
    side. Hull side force 0.3 of dynamic pressure times length times draught a radian [K: Clarke 1983, slender body].
    """
    if pull <= 0.0:
        return 0.0
    s.lead = drift(s, s.lead, LEAD_RAD, 120.0, dt)
    moment = pull * (0.3 * hull.beam_m + np.sin(s.lead) * 0.5 * hull.length_m)
    inertia = 1.1 * hull.mass_kg * (0.25 * hull.length_m) ** 2
    s.rate += s.pull * moment / inertia * dt
    side = moment / (0.5 * hull.length_m) + pull * np.sin(s.lead)
    holds = 0.15 * WATER_KG_M3 * max(s.u, 1.0) ** 2 * hull.length_m * hull.draught_m
    return float(min(0.35, max(-0.35, side / holds)))


@inlined
def wind_ahead(s: Any, hull: Any) -> float:
    """Force of the wind along the ship (positive = pushes), drag coefficient 0.8 [K: Blendermann 1994, 0.5-0.9]."""
    e, n = np.sin(s.heading), np.cos(s.heading)
    along = s.wind_east * e + s.wind_north * n - s.u
    # What the air of a still day takes is part of the resistance already: an order is a speed in calm weather.
    return float(0.5 * AIR_KG_M3 * 0.8 * hull.frontal_m2 * (along * abs(along) + s.u * s.u))


@inlined
def surge(s: Any, hull: Any, made_ms: float, order_ms: float, pull: float, dt: float) -> None:
    """One step of speed through water. `made_ms` >= 0: that is what is made good, whatever the engine must do."""
    resist = hull.resistance * (1.0 + TURN_DRAG * min(1.0, (s.rate * hull.length_m / max(s.u, 1.0)) ** 2))
    if made_ms >= 0.0:
        most = hull.thrust_n / hull.mass_kg
        s.u += min(most, max(-most, (made_ms - s.u) / MADE_S)) * dt
        s.engine = s.u
        return
    # The engine's order, followed slowly; thrust at constant revolutions rises as the ship slows.
    s.engine += (order_ms - s.engine) * dt / (ENGINE_S + dt)
    now = max(s.engine, 0.0)
    thrust = hull.resistance * now * (now + SLIP * (now - s.u))
    least = -0.35 * hull.thrust_n if s.arrive_kn == 0.0 else -0.1 * hull.resistance * s.u * s.u
    thrust = min(max(thrust, least), hull.thrust_n)
    # A crew that cannot make way against the wind gives more revolutions, and less when it is blown along.
    most = CREW_MINDS * hull.resistance * now * now
    free = (thrust + min(most, max(-most, wind_ahead(s, hull))) - pull) / hull.mass_kg
    s.u = max(0.0, (s.u + dt * free) / (1.0 + dt * resist * abs(s.u) / hull.mass_kg))


@inlined
def order_now(s: Any, hull: Any, step_kn: float) -> float:
    """The engine order in force, m/s: an `order` event, else the step's, else service; less when the berth is near."""
    order = s.order_kn * KN
    if not s.order_kn >= 0.0:
        order = step_kn * KN if step_kn >= 0.0 else hull.service_ms
    return float(min(order * s.order_share, hull.top_ms, brake_ms(s, hull)))


@inlined
def brake_ms(s: Any, hull: Any) -> float:
    """Speed from which the ship can still stop in what is left of the way to its berth."""
    if s.arrive_kn != 0.0:
        return 1e9
    return float(0.4 + np.sqrt(2.0 * slowing(hull) * max(0.0, s.to_go - 10.0)))


@inlined
def slowing(hull: Any) -> float:
    """Loss of speed towards a berth, m/s a second: a mile or two from full speed for a large ship [K]."""
    return float(min(0.1, 0.8 / hull.length_m))


@inlined
def made_now(s: Any, hull: Any, step: Any) -> float:
    """Speed through water that makes good what is known (a speed or an arrival); -1 = the engine order decides."""
    if step.until == step.until:
        left_m, left_s = max(0.0, s.to_go), max(step.until - s.t, 5.0)
        ground = left_m / left_s
        if s.arrive_kn == 0.0:  # steady, then slowing down to nothing, there in time: d = v t - v^2 / 2a
            least = slowing(hull)
            room = (least * left_s) ** 2 - 2.0 * least * left_m
            ground = least * left_s - np.sqrt(room) if room > 0.0 else 1e9
            ground = min(ground, brake_ms(s, hull))
    elif step.made:
        ground = min(step.kn * KN if step.kn >= 0.0 else hull.service_ms, brake_ms(s, hull))
    else:
        return -1.0
    helped = s.current_east * np.sin(s.heading) + s.current_north * np.cos(s.heading)
    return float(min(max(0.0, ground - helped), hull.top_ms))
