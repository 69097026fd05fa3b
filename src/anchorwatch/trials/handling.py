"""How ships are handled on ordinary passages: how steady their speed is, how often the engine order is changed.

Fitted to 440 hours of real passages in the Kattegat (1 and 2 November 2025, positions a minute apart);
docs/ship_model.md says how, and how well made passages compare.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anchorwatch.trials.plan import Event


class Handling(NamedTuple):
    """The usual unsteadiness of a class."""

    slow_kn: float  # slow wander of speed: current, trim, revolutions; standard deviation
    slow_s: float  # and how long it lasts
    quick_kn: float  # waves and helm
    quick_s: float
    wander_deg: float  # wander of the course
    wander_s: float
    losses_per_h: float  # engine orders to less, held
    gains_per_h: float


# fmt: off
HANDLING: dict[str, Handling] = {
    "cargo":      Handling(0.24, 1200, 0.06, 80, 0.8, 120, 0.10, 0.06),
    "passenger":  Handling(0.24, 1200, 0.08, 80, 0.8, 120, 0.20, 0.15),
    "fishing":    Handling(0.30, 900, 0.10, 60, 2.0, 120, 0.25, 0.25),
    "service":    Handling(0.26, 900, 0.08, 60, 1.5, 120, 0.20, 0.15),
    "pleasure":   Handling(0.35, 600, 0.20, 40, 4.0, 60, 0.25, 0.25),
    "high_speed": Handling(0.40, 900, 0.20, 60, 1.0, 90, 0.20, 0.20),
}
# fmt: on
LIKE = {"tanker": "cargo", "cargo_or_tanker": "cargo", "unknown": "cargo", "other": "service", "military": "service"}

# Size of a change of order: shares of speed, log-uniform between these.
LEAST, MOST = 0.04, 0.25


def handling(ship_class: str) -> Handling:
    """Return the handling of a class of schema.SHIP_CLASSES."""
    return HANDLING[LIKE.get(ship_class, ship_class)]


def orders(
    rng: np.random.Generator, ship_class: str, hours: float, service_kn: float, *, start_s: float = 0.0
) -> tuple[Event, ...]:
    """Return the changes of engine order that an ordinary passage of so many hours sees, as `order` events.

    Each change is held until the next. Losses and gains alternate by their rates about the service speed.
    """
    of = handling(ship_class)
    each = of.losses_per_h + of.gains_per_h
    times = np.sort(rng.uniform(0.0, hours * 3600, rng.poisson(each * hours)))
    share, events = 1.0, []
    for at in times:
        size = float(np.exp(rng.uniform(np.log(LEAST), np.log(MOST))))
        less = share > 0.75 and (share >= 1.0 or rng.random() < of.losses_per_h / each)
        share = share * (1 - size) if less else min(1.05, share / (1 - size))
        events.append(Event(start_s + float(at), "order", service_kn * share))
    return tuple(events)
