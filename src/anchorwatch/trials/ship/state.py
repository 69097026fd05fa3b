"""What the compiled ship model carries from step to step, and its dice."""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorwatch.picture.compiled import inlined

# fmt: off
FLOATS = (
    "t", "lon", "lat", "shrink",  # shrink = cos(latitude)
    "u", "heading", "rate", "engine", "east", "north",  # through water; engine's order as followed; over ground (m/s)
    "tide", "slow", "quick", "wander", "pull",  # noise: knots (three), radians, share of the anchor's pull
    "unsteady",  # how much of it this vessel has, over its class's usual
    "crab", "to_go", "across", "lead",  # drift allowed for; metres left of the leg, and off it; swing at anchor
    "order_kn", "order_share", "dip", "dip_kn", "dip_until", "spoof_a", "spoof_b", "spoof_until",
    "from_lon", "from_lat", "leg_turn", "arrive_kn",  # the leg; how far the next one turns; 0 = a berth at its end
    "anchor_lon", "anchor_lat", "swing",  # at anchor: its place and the ship's radius about it
    "wind_east", "wind_north", "current_east", "current_north",
    "nominal_s", "next_s", "mean_heading", "turning_until", "gnss_east", "gnss_north", "compass",  # the AIS set
)
INTS = (
    "step", "event", "weather",  # where in the tables
    "engine_on", "anchor", "silent", "spoof",  # anchor = row of the pull table, -1 = up
    "status", "status_said", "who", "sent", "ended",
)
# fmt: on
STATE = np.dtype(
    [("random", np.uint64), *((name, np.float64) for name in FLOATS), *((name, np.int64) for name in INTS)], align=True
)

GOLDEN, MIX_1, MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S11, S16, S27, S30, S31, S32, S48 = (np.uint64(k) for k in (11, 16, 27, 30, 31, 32, 48))
LOW = np.uint64(0xFFFF)


@inlined
def dice(s: Any) -> Any:
    """Return 64 random bits: SplitMix64 (Steele, Lea & Flood 2014), the same on every machine."""
    s.random = s.random + GOLDEN
    z = s.random
    z = (z ^ (z >> S30)) * MIX_1
    z = (z ^ (z >> S27)) * MIX_2
    return z ^ (z >> S31)


@inlined
def uniform(s: Any) -> float:
    """Return a number in [0, 1)."""
    return float(dice(s) >> S11) * 1.1102230246251565e-16


@inlined
def normal(s: Any) -> float:
    """Return a nearly normal number: the sum of four 16-bit ones, never beyond 3.46."""
    z = dice(s)
    total = float(z & LOW) + float((z >> S16) & LOW) + float((z >> S32) & LOW) + float(z >> S48)
    return (total - 131070.0) / 37837.2


@inlined
def drift(s: Any, value: float, sigma: float, lasts_s: float, dt: float) -> float:
    """Next value of a noise that keeps its memory for `lasts_s` (Ornstein-Uhlenbeck)."""
    fade = max(0.0, 1.0 - dt / lasts_s)
    return value * fade + sigma * float(np.sqrt(1.0 - fade * fade)) * normal(s)


@inlined
def wrap(angle: float) -> float:
    """Return an angle within -pi..pi."""
    return angle - 2 * np.pi * float(np.floor((angle + np.pi) / (2 * np.pi)))
