"""Who sails in made traffic: a whole sea's ships at a time, each given a voyage by its trade.

About 2,000 vessels are in the Baltic at any time (HELCOM). How many of each trade, and how many of them lie still, is
set after the mix of identities that Fintraffic publishes (cargo to tanker 1.7 to 1) and, for fishing, small craft and
the share under way, from general knowledge [K]: docs/traffic.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from anchorwatch.trials import fleet_local as local
from anchorwatch.trials.fleet_merchant import passage
from anchorwatch.trials.lanes import BALTIC, Sea
from anchorwatch.trials.plan import Voyage
from anchorwatch.trials.routes import Rng, Route, ways

# Share of the vessels present. The rest of a hundred per cent lies in harbours, by the shares of MOORED.
PASSAGES = {"cargo": 0.165, "tanker": 0.095, "slow": 0.018, "tow": 0.008}
LOCAL: dict[str, tuple[float, Callable[[int, str, Sea, float, Rng], Voyage]]] = {
    "ferry": (0.035, local.ferry),
    "fast_ferry": (0.004, local.ferry),
    "fishing": (0.06, local.fishing),
    "pilot": (0.015, local.out_and_back),
    "tug": (0.02, local.out_and_back),
    "dredger": (0.008, local.dredger),
    "patrol": (0.02, local.errand),
    "pleasure": (0.03, local.errand),
    "military": (0.006, local.errand),
}
AT_ANCHOR = {"cargo": 0.045, "tanker": 0.045}
MOORED = {"cargo": 0.36, "tanker": 0.13, "ferry": 0.08, "fishing": 0.13, "tug": 0.08, "patrol": 0.08, "pleasure": 0.06,
          "military": 0.03, "other": 0.05}  # fmt: skip
NEEDS = {"ferry": "ferries", "fast_ferry": "ferries", "fishing": "grounds"}  # what a sea must have for a trade


def fleet(vessels: int, hours: float, seed: int, sea: Sea = BALTIC) -> list[Voyage]:
    """Return the voyages of so many vessels at a time; the same seed gives the same fleet."""
    rng, end_s = np.random.default_rng(seed), hours * 3600.0
    voyages = passages(vessels, sea, end_s, rng)
    for trade, (share, plan) in LOCAL.items():
        if trade in NEEDS and not getattr(sea, NEEDS[trade]):
            continue
        voyages += [plan(len(voyages) + k, trade, sea, end_s, rng) for k in range(_some(share * vessels, rng))]
    if sea.anchorages:
        for trade, share in AT_ANCHOR.items():
            count = _some(share * vessels, rng)
            voyages += [local.anchored(len(voyages) + k, trade, sea, end_s, rng) for k in range(count)]
    there = sum(voyage.start_s == 0.0 for voyage in voyages)
    trades = rng.choice(list(MOORED), max(0, vessels - there), p=list(MOORED.values()))
    voyages += [local.moored(len(voyages) + k, str(trade), sea, end_s, rng) for k, trade in enumerate(trades)]
    return voyages


def _some(mean: float, rng: Rng) -> int:
    """A whole number with this mean: small fleets have their share of rare trades, too."""
    return int(mean + rng.random())


def passages(vessels: int, sea: Sea, end_s: float, rng: Rng) -> list[Voyage]:
    """Return the vessels on the lanes: for each that arrives or leaves the sea, another one sails."""
    routes = ways(sea)
    if not routes:
        return []
    calls = np.array([route.calls for route in routes])
    afloat = calls * np.array([route.length_m for route in routes])  # a longer passage is seen longer
    voyages: list[Voyage] = []
    for trade, share in PASSAGES.items():
        for _ in range(_some(share * vessels, rng)):
            route = routes[int(rng.choice(len(routes), p=afloat / afloat.sum()))]
            start_s, from_m = 0.0, float(rng.random()) * 0.98 * route.length_m
            while start_s < end_s:
                made, over_s = passage(len(voyages), trade, route, sea, start_s, from_m, end_s, rng)
                voyages.append(made)
                route = routes[int(rng.choice(len(routes), p=calls / calls.sum()))]
                start_s, from_m = over_s + float(rng.exponential(600.0)), 0.0
    return voyages


__all__ = ["BALTIC", "Route", "fleet", "passages"]
