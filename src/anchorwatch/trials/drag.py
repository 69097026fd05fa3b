"""What an anchor and its chain cost a ship, by depth, chain out, bottom and speed.

Hanging: chain and anchor are swept aft, so that a fast ship's anchor may never touch. On the bottom: holding at
rest as measured by anchor trials, far less once it is dragged fast, and the friction of the chain that lies.
Sources and limits: docs/ship_model.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anchorwatch.schema import Floats
from anchorwatch.trials.hulls import GRAVITY_M_S2, KN, WATER_KG_M3, Hull

SPEED_STEP_MS, SPEEDS = 0.25, 65  # the table that the ship model reads: 0 to 16 m/s
SUBMERGED = 0.87  # weight of steel in water over weight in air
CHAIN_PIECES = 200


class Bottom(NamedTuple):
    """How a bottom holds a stockless anchor and a chain."""

    holding: float  # newton of holding per newton of anchor (in air) for a 4.5 t anchor, set and slow
    exponent: float  # holding grows with weight to this power
    skid: float  # friction of an anchor that is dragged too fast to dig in, over its weight in water
    chain: float  # friction of chain that slides, over its weight in water
    fluctuation: float  # standard deviation of the force over its mean while dragging


# Holding: NCEL TDS 83-08R, stockless anchors with movable flukes, 44 kip in sand and 24 kip in mud for 10 kip of
# anchor. Chain: the same, sliding. Clay lies between. Skid and fluctuation are our own orders of magnitude. [K]
BOTTOMS: dict[str, Bottom] = {
    "sand": Bottom(4.4, 0.80, 0.8, 0.74, 0.30),
    "clay": Bottom(3.4, 0.86, 0.9, 0.65, 0.35),
    "mud": Bottom(2.4, 0.92, 0.7, 0.56, 0.25),
    "rock": Bottom(1.0, 1.00, 0.6, 0.60, 0.60),
}
FADE_MS = 1.0  # digging in fades as exp(-speed / this): anchors dragged fast run shallower (Zhang et al. 2017 trend)


class Hang(NamedTuple):
    """How a chain hangs from the hawse under way."""

    reach_m: float  # depth below the hawse that its end gets to, or the depth of the bottom
    hanging_m: float  # chain that hangs
    pull_n: float  # horizontal pull of the water on what hangs


def hang(hull: Hull, chain_m: float, depth_m: float, speed_ms: float) -> Hang:
    """Follow the chain up from its lower end: the balance of weight and the water's push on each piece.

    `depth_m` is from the hawse to the bottom. Where the anchor lies, only the chain above it is pushed and weighed.
    """
    piece = chain_m / CHAIN_PIECES
    push = 0.5 * WATER_KG_M3 * speed_ms**2
    area = 2.2 * hull.chain_mm / 1000  # studlink chain stands in the flow about as wide as 2.2 bars (Cd 1.2 of it)
    weight = hull.chain_kg_m * SUBMERGED * GRAVITY_M_S2
    down = hull.anchor_kg * SUBMERGED * GRAVITY_M_S2
    # A stockless anchor of mass m stands in the flow with about 0.35 (m/1000)^(2/3) square metres.
    back = push * 1.2 * 0.35 * (hull.anchor_kg / 1000) ** (2 / 3)
    reach = 0.0
    for number in range(CHAIN_PIECES):
        steep = down / np.hypot(down, back)
        reach += steep * piece
        back += push * 1.2 * area * steep**2 * piece  # only the flow across the chain pushes
        down += weight * piece
        if reach >= depth_m:
            return Hang(depth_m, (number + 1) * piece, float(back))
    return Hang(float(reach), chain_m, float(back))


def force_n(hull: Hull, chain_m: float, depth_m: float, bottom: str, speed_ms: float) -> float:
    """Horizontal pull on the ship at a speed through the water: steady part."""
    chain_m = min(chain_m, hull.chain_m)
    of = BOTTOMS[bottom]
    hawse = 0.35 * hull.draught_m + 2.0  # the hawse pipe lies above the water; the chain must cover that too
    lies = hang(hull, chain_m, depth_m + hawse, speed_ms)
    if lies.reach_m < depth_m + hawse:
        return lies.pull_n
    on_bottom = chain_m - lies.hanging_m
    weight = hull.anchor_kg * GRAVITY_M_S2
    dug = of.holding * weight * (weight / 44_500) ** (of.exponent - 1) * np.exp(-speed_ms / FADE_MS)
    # An anchor whose shank is lifted cannot dig: with less than half a depth of chain on the bottom it holds less.
    dug *= min(1.0, 0.15 + on_bottom / (0.5 * depth_m))
    friction = of.skid * weight * SUBMERGED + of.chain * hull.chain_kg_m * SUBMERGED * GRAVITY_M_S2 * on_bottom
    # What hangs pulls too, but part of that pull is what drags the anchor: only the water's push on it is added.
    return float(dug + friction + lies.pull_n - _anchor_push(hull, speed_ms))


def _anchor_push(hull: Hull, speed_ms: float) -> float:
    """The water's push on the anchor itself, which is small once it lies in the bottom's slow water."""
    return float(0.5 * WATER_KG_M3 * speed_ms**2 * 1.2 * 0.35 * (hull.anchor_kg / 1000) ** (2 / 3))


def table_n(hull: Hull, chain_m: float, depth_m: float, bottom: str) -> Floats:
    """Pull at 0, 0.25, 0.5 ... m/s."""
    return np.array([force_n(hull, chain_m, depth_m, bottom, k * SPEED_STEP_MS) for k in range(SPEEDS)])


def steady_kn(hull: Hull, order_kn: float, pull_n: Floats) -> float:
    """Speed that a ship settles at with an engine order and a table of pull: where thrust meets what holds it back."""
    speeds = np.linspace(0.0, order_kn, 2001) * KN
    pull = np.interp(speeds, np.arange(len(pull_n)) * SPEED_STEP_MS, pull_n)
    order = order_kn * KN
    spare = hull.resistance * order**2 * (1 + SLIP * (1 - speeds / order)) - hull.resistance * speeds**2 - pull
    fast = np.flatnonzero(spare >= 0)
    return float(speeds[fast[-1]] / KN) if len(fast) else 0.0


# At constant revolutions thrust rises as the ship slows: dKT/dJ J/KT is about -1.3 at the design point of a
# Wageningen B propeller; governors and load limits take a part back. [K: Oosterveld & van Oossanen 1975]
SLIP = 1.0
