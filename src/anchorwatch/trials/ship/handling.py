"""How ships are handled on ordinary passages: how steady their speed is, how often the engine order is changed.

Fitted to 440 hours of real passages in the Kattegat (1 and 2 November 2025, positions a minute apart);
docs/ship_model.md says how, and how well made passages compare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anchorwatch.trials.plan import ANCHORED, MOORED, SAIL, Event, Step


class Handling(NamedTuple):
    """The usual unsteadiness of a class."""

    slow_kn: float  # slow wander of speed: current, trim, revolutions; standard deviation
    slow_s: float  # and how long it lasts
    quick_kn: float  # waves and helm
    quick_s: float
    wander_deg: float  # wander of the course
    wander_s: float
    spread: float  # some bridges are steadier than others: lognormal, about 1
    losses_per_h: float  # engine orders to less, held
    gains_per_h: float
    most: float  # largest change of order, share of speed (the smallest is LEAST; log-uniform between)


# fmt: off
HANDLING: dict[str, Handling] = {
    "cargo":      Handling(0.32, 1500, 0.03, 60, 0.72, 120, 0.52, 0.16, 0.06, 0.24),
    "passenger":  Handling(0.34, 1200, 0.05, 60, 0.75, 120, 0.55, 0.28, 0.26, 0.45),
    "fishing":    Handling(0.24, 1500, 0.04, 60, 1.8, 120, 0.50, 0.14, 0.10, 0.30),
    "service":    Handling(0.28, 1200, 0.05, 60, 1.2, 120, 0.45, 0.14, 0.08, 0.30),
    "pleasure":   Handling(0.35, 600, 0.15, 40, 4.0, 60, 0.50, 0.25, 0.25, 0.40),
    "high_speed": Handling(0.40, 900, 0.15, 60, 1.0, 90, 0.45, 0.20, 0.20, 0.40),
}
# fmt: on
LIKE = {"tanker": "cargo", "cargo_or_tanker": "cargo", "unknown": "cargo", "other": "service", "military": "service"}

LEAST = 0.04  # smallest change of order that is told from wander


def handling(ship_class: str) -> Handling:
    """Return the handling of a class of schema.SHIP_CLASSES."""
    return HANDLING[LIKE.get(ship_class, ship_class)]


def orders(rng: np.random.Generator, ship_class: str, hours: float, *, start_s: float = 0.0) -> tuple[Event, ...]:
    """Return the changes of engine order that an ordinary passage of so many hours sees, as `order_share` events.

    Each change is held until the next. Losses and gains come by their rates, about what the steps say.
    """
    of = handling(ship_class)
    each = of.losses_per_h + of.gains_per_h
    times = np.sort(rng.uniform(0.0, hours * 3600, rng.poisson(each * hours)))
    share, events = 1.0, []
    for at in times:
        size = float(np.exp(rng.uniform(np.log(LEAST), np.log(of.most))))
        less = share > 0.75 and (share > 1.12 or rng.random() < of.losses_per_h / each)
        share = share * (1 - size) if less else min(1.25, share / (1 - size))
        events.append(Event(start_s + float(at), "order_share", share))
    return tuple(events)


FORGETFUL = 0.06  # share of crews that leave the status as it was [own estimate; surveys of AIS quality say 5-30 %]


def as_crews_say(rng: np.random.Generator, steps: tuple[Step, ...], share: float = FORGETFUL) -> tuple[Step, ...]:
    """Return the steps with the status that this crew gives: a careless one leaves it as it was at the start."""
    if not steps or rng.random() >= share:
        return steps
    first = steps[0]
    usual = {SAIL: 0, MOORED: 5, ANCHORED: 1}.get(first.how, 2)
    left = first.nav_status if first.nav_status >= 0 else int(rng.choice([usual, 0]))
    return tuple(step._replace(nav_status=left) for step in steps)
