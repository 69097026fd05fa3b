"""What one injection is before it has a time and a name."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .hosts import NM, Cables, Floats, Host
from .motion import Motion

Params = dict[str, float | str | bool]


@dataclass
class Draft:
    """One vessel's voyage with something in it, in minutes from its first position."""

    name: str  # class of threat or of hard negative
    group: str  # "threat" or "negative"
    expects: tuple[str, ...]  # kinds of alert that name it rightly
    host: Host
    motion: Motion
    start_min: float
    end_min: float
    params: Params
    silent_min: tuple[float, float] | None = None  # nothing heard between
    shown_xy: Floats | None = None  # what it says, where that is not where it is
    shown_speed: bool = False  # whether the speed and course it says belong to the places it says
    jitter_kn: float = 0.0  # what a receiver makes of a ship at rest: added to speeds below 1 kn
    wrong_sog: dict[int, float] = field(default_factory=dict)  # minute of a speed glitch -> factor on the speed said

    def said_sog_kn(self) -> Floats:
        """Speed as reported, before noise."""
        return np.minimum(self._said().sog_kn(), 40.0)

    def said_course_deg(self) -> Floats:
        """Course as reported, before noise."""
        return self._said().course_deg()

    def _said(self) -> Motion:
        return Motion(self.shown_xy) if self.shown_speed and self.shown_xy is not None else self.motion


@dataclass(frozen=True)
class Stock:
    """Hosts and cables to draw from."""

    hosts: tuple[Host, ...]
    cables: Cables

    def host(self, rng: np.random.Generator, unsteady: float = 0.15) -> Host:
        """Mostly cargo and tankers, as in the cases; some passenger, service and others. Mostly steady ones."""
        wish = rng.choice(["cargo_or_tanker", "passenger", "service", "other"], p=[0.82, 0.09, 0.05, 0.04])
        limit = 0.4 if rng.random() < unsteady else 0.10
        fits = [h for h in self.hosts if h.ship_class == wish and h.spread < limit]
        return fits[int(rng.integers(len(fits)))] if fits else self.hosts[int(rng.integers(len(self.hosts)))]

    def near_miss_m(self, motion: Motion, start_min: float, end_min: float) -> Floats:
        """Distances to the nearest cable between two minutes."""
        part = motion.xy[int(start_min * 6) : int(end_min * 6) + 1]
        return self.cables.distance_m(part) if len(part) else np.array([np.inf])


def shifted(host: Host, rng: np.random.Generator, most_m: float = 250.0) -> Host:
    """The same passage a little to one side, so that nothing sails exactly where a real ship did."""
    offset = rng.normal(0, most_m / 2, 2).clip(-most_m, most_m)
    return Host(host.mmsi, host.ship_class, host.xy + offset, host.along_m, host.sog_kn, host.crossings_m)


MILE = NM
