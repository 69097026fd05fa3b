"""Hulls: the physical numbers of a vessel, from its class and length.

Every number is a usual one for such a ship, not that ship's own; sources and limits are in docs/ship_model.md.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from anchorwatch.trials.plan import Voyage

KN = 1852.0 / 3600.0  # metres a second
WATER_KG_M3, AIR_KG_M3, GRAVITY_M_S2 = 1010.0, 1.25, 9.81  # brackish water; air at 10 degrees C
PROPULSIVE = 0.65  # useful part of the shaft's power: usual for merchant ships [K]
RESERVE = 1.08  # top speed over service speed: the last 15-20 % of the power [K]


class Form(NamedTuple):
    """What ships of a class have in common."""

    length_to_beam: float
    block: float  # block coefficient
    frontal: float  # area in the wind from ahead, over beam squared
    lateral: float  # area in the wind from the side, over length times beam
    lengths_m: tuple[float, ...]
    speeds_kn: tuple[float, ...]  # usual service speed at those lengths


# Usual proportions and service speeds [K: ship design textbooks and registers].
FORMS: dict[str, Form] = {
    "cargo": Form(6.5, 0.72, 1.0, 0.55, (60, 90, 120, 170, 230, 300, 400), (10, 11.5, 13, 16, 15, 18, 20)),
    "tanker": Form(6.2, 0.80, 0.9, 0.45, (60, 90, 120, 180, 250, 330), (10, 11.5, 12.5, 14, 14.5, 15)),
    "passenger": Form(6.8, 0.60, 1.3, 0.90, (20, 60, 100, 150, 220, 300), (12, 14, 17, 20, 22, 22)),
    "fishing": Form(3.6, 0.55, 1.0, 0.60, (10, 20, 30, 50, 80), (8, 9, 10.5, 12, 14)),
    "service": Form(3.3, 0.55, 0.9, 0.50, (10, 20, 40, 80, 120), (15, 12, 12, 12.5, 14)),
    "pleasure": Form(3.4, 0.40, 1.0, 0.80, (6, 12, 20, 40), (7, 7.5, 10, 13)),
    "high_speed": Form(4.2, 0.45, 0.9, 0.60, (15, 40, 100), (28, 32, 34)),
    "military": Form(7.5, 0.50, 1.1, 0.60, (20, 60, 130), (18, 18, 18)),
}
LIKE = {"cargo_or_tanker": "cargo", "unknown": "cargo", "other": "service"}

# One bower anchor's chain by equipment number: half of IACS UR A1 table 1's total length [K, read off and rounded].
EQUIPMENT, CHAIN_M = (50, 240, 500, 1000, 2000, 3600, 5000), (110, 151, 206, 255, 289, 344, 371)


class Hull(NamedTuple):
    """The numbers that the ship model reads. All floats: compiled code takes the tuple as it is."""

    length_m: float
    beam_m: float
    draught_m: float
    displacement_t: float
    service_ms: float
    top_ms: float
    mass_kg: float  # with the water that moves along
    resistance: float  # newton per (m/s)^2
    thrust_n: float  # at top speed
    frontal_m2: float
    lateral_m2: float
    leeway: float  # drift over wind speed, lying athwart with the engine stopped
    turn_k: float  # Nomoto's K, times length over speed
    turn_t: float  # Nomoto's T, times speed over length
    anchor_kg: float
    chain_kg_m: float
    chain_m: float  # all the chain of one anchor
    chain_mm: float


def form(ship_class: str) -> Form:
    """Return the form of a class of schema.SHIP_CLASSES."""
    return FORMS[LIKE.get(ship_class, ship_class)]


def hull(
    ship_class: str,
    length_m: float,
    *,
    beam_m: float = 0.0,
    draught_m: float = 0.0,
    service_kn: float = float("nan"),
    anchor_t: float = float("nan"),
) -> Hull:
    """Return a usual hull of that class and length; what is known (not 0, not NaN) is kept."""
    of = form(ship_class)
    length = max(float(length_m), 5.0) if length_m else 60.0
    beam = float(beam_m) or length / of.length_to_beam
    draught = float(draught_m) or min(length / 18.5, 0.45 * beam)
    service = service_kn if service_kn > 0 else float(np.interp(length, of.lengths_m, of.speeds_kn))
    weight_t = WATER_KG_M3 / 1000 * 0.97 * length * beam * draught * of.block
    mass = weight_t * 1000 * 1.06  # 6 % of added mass in surge [K: Clarke, Gedling & Hine 1983 give 2-10 %]
    speed = service * KN
    resistance = power_w(weight_t, length, service) * PROPULSIVE / speed**3
    frontal, lateral = of.frontal * beam**2, of.lateral * length * beam
    # Force of the wind on the side = force of the water on the side (drag coefficients 1.0 and 1.1).
    leeway = math.sqrt(AIR_KG_M3 * lateral / (WATER_KG_M3 * 1.1 * length * draught))
    number = anchor_t * 1000 / 3 if anchor_t > 0 else equipment_number(weight_t, length, beam)
    return Hull(
        length, beam, draught, weight_t, speed, RESERVE * speed, mass, resistance,
        resistance * (RESERVE * speed) ** 2, frontal, lateral, leeway,
        1.5, 1.2 if length < 50 else 1.6,  # usual orders of K' and T' of merchant ships [K: Nomoto 1957, Clarke 1983]
        3 * number, 0.0219 * chain_mm(number) ** 2, float(np.interp(number, EQUIPMENT, CHAIN_M)), chain_mm(number),
    )  # fmt: skip


def of_voyage(voyage: Voyage) -> Hull:
    """Return the hull that sails a voyage."""
    who = voyage.who
    return hull(
        voyage.ship_class,
        who.length_m,
        beam_m=who.beam_m,
        draught_m=who.draught_m,
        service_kn=voyage.service_kn,
        anchor_t=voyage.anchor_t,
    )


def power_w(displacement_t: float, length_m: float, speed_kn: float) -> float:
    """Shaft power at a speed: the Admiralty formula, P[kW] = displacement^(2/3) V^3 / C.

    C rises with size: 600 at 228 m (11 MW panamax tanker, 14.5 kn), about 500 at 169 m (12 MW feeder, 19 kn),
    about 340 at 90 m (coaster of 2 MW, 12 kn). [K]
    """
    c = 600 * (length_m / 228) ** 0.6
    return float(1000 * displacement_t ** (2 / 3) * speed_kn**3 / c)


def equipment_number(displacement_t: float, length_m: float, beam_m: float) -> float:
    """IACS UR A1: EN = displacement^(2/3) + 2 h B + A/10; house height h and profile A by usual proportion."""
    return float(displacement_t ** (2 / 3)) + 2 * 0.7 * beam_m**2 + 0.22 * length_m * beam_m / 10


def chain_mm(equipment: float) -> float:
    """Diameter of the chain (grade 3): 1.52 sqrt(EN) fits UR A1 table 1 within 3 mm from EN 500 to 4000."""
    return 1.52 * math.sqrt(equipment)


def rest_of_way_kn(voyage: Voyage) -> float:
    """Service speed of a voyage's hull in knots: what a step without an order is sailed at."""
    return of_voyage(voyage).service_ms / KN
