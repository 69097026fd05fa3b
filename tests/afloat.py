"""Short ways to say a voyage, and to measure what was sailed; for the tests of the ship model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from anchorwatch.trials.plan import Event, Step, Voyage, Water, Weather, Who
from anchorwatch.trials.ship.hulls import KN
from anchorwatch.trials.ship.motion import Sent

M_PER_DEG = 111_195.0
CALM = Water(weather=(Weather(0.0, wind_kn=0.0, current_kn=0.0),))
HOUR = 3600.0


def who(mmsi: int = 230_000_001, length_m: int = 169, *, class_b: bool = False) -> Who:
    return Who(mmsi, "TEST", "OABC", 0, 70, length_m, 0, 0.0, "NOWHERE", class_b)


def voyage(
    *steps: Step, events: tuple[Event, ...] = (), hours: float = 2.0, length_m: int = 169,
    ship_class: str = "cargo", mmsi: int = 230_000_001, class_b: bool = False, service_kn: float = float("nan"),
) -> Voyage:  # fmt: skip
    told = who(mmsi, length_m, class_b=class_b)
    return Voyage(told, ship_class, 0.0, hours * HOUR, 20.0, 58.0, steps, events, service_kn=service_kn)


def east(km: float, north_km: float = 0.0) -> tuple[float, float]:
    return 20.0 + km * 1000 / (M_PER_DEG * np.cos(np.radians(58.0))), 58.0 + north_km * 1000 / M_PER_DEG


def metres(sent: Sent) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """True places, east and north of where the voyage began."""
    return (
        (sent.true_lon_deg - 20.0) * M_PER_DEG * np.cos(np.radians(58.0)),
        (sent.true_lat_deg - 58.0) * M_PER_DEG,
    )


def at(sent: Sent) -> npt.NDArray[np.float64]:
    return sent.time_us / 1e6


def made_kn(sent: Sent) -> npt.NDArray[np.float64]:
    x, y = metres(sent)
    return np.hypot(np.diff(x), np.diff(y)) / np.diff(at(sent)) / KN


def mean_kn(sent: Sent, begin_s: float, end_s: float) -> float:
    x, y = metres(sent)
    t = at(sent)
    inside = (t >= begin_s) & (t <= end_s)
    return float(np.hypot(np.diff(x[inside]), np.diff(y[inside])).sum() / (t[inside][-1] - t[inside][0]) / KN)


def as_bytes(columns: Iterable[Any]) -> list[bytes]:
    return [column.tobytes() for column in columns]


def only(sent: Sent, voyage_number: int) -> Sent:
    """The reports of one voyage."""
    mine = sent.voyage == voyage_number
    return Sent._make(column[mine] for column in sent)
