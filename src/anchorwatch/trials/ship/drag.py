"""What an anchor and its chain cost a ship, by depth, chain out, bottom and speed.

Hanging: chain and anchor are swept aft, so that a fast ship's anchor may never touch. On the bottom: holding at
rest as measured by anchor trials, far less once it is dragged fast, and the friction of the chain that lies.
Sources and limits: docs/ship_model.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.schema import Floats
from anchorwatch.trials.ship.hulls import GRAVITY_M_S2, KN, WATER_KG_M3, Hull

SPEED_STEP_MS, SPEEDS = 0.25, 65  # the table that the ship model reads: 0 to 16 m/s
SUBMERGED = 0.87  # weight of steel in water over weight in air
PIECES, HALVINGS = 60, 14
# Studlink chain across and along the flow, per bar diameter (OrcaFlex documentation, "Chain", after DNV-OS-E301).
ACROSS, ALONG = 2.6, 1.4
ANCHOR_M2 = 0.35  # what a stockless anchor of one tonne shows to the flow, growing with mass^(2/3) [own estimate]
SHOT_M = 27.4  # a shackle of chain on the bottom keeps the shank down (UFC 4-159-03, table 3-18)
FADE_MS = 1.0  # digging in fades as exp(-speed / this) [own estimate: only that faster is shallower is published]


class Bottom(NamedTuple):
    """How a bottom holds a stockless anchor and a chain."""

    holding: float  # of an anchor that has dug in: newton per newton of weight in air, for 4,536 kg
    exponent: float  # holding grows with weight to this power
    skid: float  # friction of an anchor that is dragged too fast to dig in, over its weight in water
    chain: float  # friction of chain that slides, over its weight in water
    fluctuation: float  # standard deviation of the pull over its mean while dragging


# Holding: UFC 4-159-03 eq. 26 (NCEL TDS 83-08R), stockless with movable flukes: 44 kip in sand, 24 in mud for an
# anchor of 10 kip; clay lies between. Chain: 0.4-0.8 on sea bottoms (OrcaFlex documentation). Skid, rock and
# fluctuation are our own estimates. The two first are the values of the tables as we know them [K].
BOTTOMS: dict[str, Bottom] = {
    "sand": Bottom(4.4, 0.80, 0.7, 0.70, 0.30),
    "clay": Bottom(3.4, 0.86, 0.7, 0.60, 0.35),
    "mud": Bottom(2.4, 0.92, 0.6, 0.55, 0.25),
    "rock": Bottom(1.0, 1.00, 0.5, 0.60, 0.60),
}


class Shape(NamedTuple):
    """How chains hang at several speeds."""

    reach_m: Floats  # depth below the hawse that the end gets to; no more than the bottom
    hanging_m: Floats  # chain between the hawse and the bottom
    pull_n: Floats  # horizontal pull at the hawse


def shape(hull: Hull, chain_m: float, depth_m: float, speed_ms: Floats, back_n: Floats, down_n: Floats) -> Shape:
    """Follow the chain up from its lower end, which is pulled back and down: weight and water on each piece.

    Static balance of a towed chain, pieces alike; the water pushes across each piece (which lifts it) and along it.
    """
    piece, push = chain_m / PIECES, 0.5 * WATER_KG_M3 * speed_ms**2 * hull.chain_mm / 1000
    weight = hull.chain_kg_m * SUBMERGED * GRAVITY_M_S2
    back, down = back_n.copy(), down_n.copy()
    reach, hanging = np.zeros_like(back), np.zeros_like(back)
    for _ in range(PIECES):
        short = np.clip((depth_m - reach) / piece, 0.0, 1.0)
        tension = np.maximum(np.hypot(back, down), 1.0)
        steep, swept = np.maximum(down, 0.0) / tension, back / tension
        used = np.minimum(piece, short * piece / np.maximum(steep, 1e-3))
        reach += steep * used
        hanging += used
        across, along = ACROSS * push * steep**2 * used, ALONG * push * swept**2 * used
        back += across * steep + along * swept
        down += weight * used - across * swept + along * steep
    return Shape(reach, hanging, back)


def pulls_n(hull: Hull, chain_m: float, depth_m: float, bottom: str, speed_ms: Floats) -> Floats:
    """Horizontal pull on the ship at speeds through the water: the steady part."""
    of, chain = BOTTOMS[bottom], min(chain_m, hull.chain_m)
    below = depth_m + 0.35 * hull.draught_m + 2.0  # from the hawse pipe to the bottom
    weight = hull.anchor_kg * GRAVITY_M_S2
    sunk = weight * SUBMERGED
    push = 0.6 * WATER_KG_M3 * speed_ms**2 * ANCHOR_M2 * (hull.anchor_kg / 1000) ** (2 / 3)
    free = shape(hull, chain, below, speed_ms, push, np.full_like(push, sunk))
    dug = of.holding * weight * (hull.anchor_kg / 4536) ** (of.exponent - 1) * np.exp(-speed_ms / FADE_MS)

    def lifted(share: Floats) -> Shape:
        return shape(hull, chain, below, speed_ms, of.skid * sunk * (1 - share) + push * share, share * sunk)

    def laid(length: Floats) -> Shape:
        rubs = of.chain * hull.chain_kg_m * SUBMERGED * GRAVITY_M_S2 * length
        held = of.skid * sunk + dug * np.minimum(1.0, length / SHOT_M) + rubs
        return shape(hull, chain, below, speed_ms, held, np.zeros_like(held))

    share = halve(lambda x: lifted(x).reach_m < below - 0.5, np.zeros_like(push), np.ones_like(push))
    length = halve(lambda x: chain - laid(x).hanging_m > x, np.zeros_like(push), np.full_like(push, chain))
    lies = laid(np.zeros_like(push))
    on_bottom = (lies.reach_m >= below - 0.5) & (lies.hanging_m < chain)
    touches = free.reach_m >= below - 0.5
    return np.where(on_bottom, laid(length).pull_n, np.where(touches, lifted(share).pull_n, free.pull_n))


def halve(more: Callable[[Floats], npt.NDArray[np.bool_]], low: Floats, high: Floats) -> Floats:
    """Find by halving, for each speed, where `more` ceases to hold."""
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        up = more(middle)
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return 0.5 * (low + high)


def reach_m(hull: Hull, chain_m: float, speed_kn: float) -> float:
    """Depth below the hawse that an anchor on so much chain gets to under way, if no bottom stops it."""
    speed = np.array([speed_kn * KN])
    push = 0.6 * WATER_KG_M3 * speed**2 * ANCHOR_M2 * (hull.anchor_kg / 1000) ** (2 / 3)
    sunk = np.array([hull.anchor_kg * GRAVITY_M_S2 * SUBMERGED])
    return float(shape(hull, min(chain_m, hull.chain_m), 1e9, speed, push, sunk).reach_m[0])


@lru_cache(maxsize=256)
def table_n(hull: Hull, chain_m: float, depth_m: float, bottom: str) -> Floats:
    """Pull at 0, 0.25, 0.5 ... m/s."""
    return pulls_n(hull, chain_m, depth_m, bottom, np.arange(SPEEDS, dtype=np.float64) * SPEED_STEP_MS)


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
