"""Who sails in made traffic: a whole sea's ships at a time, each given a voyage by its trade.

About 2,000 vessels are in the Baltic at any time (HELCOM). How many of each trade, and how many of them lie still, is
set after the mix of identities that Fintraffic publishes (cargo to tanker 1.7 to 1) and, for fishing, small craft and
the share under way, from general knowledge [K]: docs/traffic.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from anchorwatch.trials.plan import Voyage
from anchorwatch.trials.sea import local
from anchorwatch.trials.sea.lanes import BALTIC, Sea
from anchorwatch.trials.sea.merchant import passage
from anchorwatch.trials.sea.routes import Rng, across, ways

# Share of the vessels present. The rest of a hundred per cent lies in harbours, by the shares of MOORED.
PASSAGES = {"cargo": 0.155, "tanker": 0.095, "ropax": 0.012, "slow": 0.018, "tow": 0.006}
Plan = Callable[[int, str, Sea, float, Rng], Voyage]
LOCAL: dict[str, tuple[float, Plan]] = {
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
CROSSINGS = 12  # ways across a sea without lanes


def fleet(vessels: int, hours: float, seed: int, sea: Sea = BALTIC) -> list[Voyage]:
    """Return the voyages of so many vessels at a time; the same seed gives the same fleet."""
    rng, end_s = np.random.default_rng(seed), hours * 3600.0
    plans = {trade: plan for trade, plan in LOCAL.items() if _has(sea, trade)}
    at_anchor = AT_ANCHOR if sea.anchorages else {}
    lie = bool(local.harbours(sea))
    # Where nothing lies still, or nobody fishes, there is more of the rest.
    shares = [*PASSAGES.values(), *(share for share, _ in plans.values()), *at_anchor.values()]
    many = vessels if lie else vessels / sum(shares)
    voyages = passages(many, sea, end_s, rng)
    for trade, (share, plan) in plans.items():
        voyages += _several(plan, trade, share * many, len(voyages), sea, end_s, rng)
    for trade, share in at_anchor.items():
        voyages += _several(local.anchored, trade, share * many, len(voyages), sea, end_s, rng)
    rest = vessels - sum(voyage.start_s == 0.0 for voyage in voyages) if lie else 0
    for trade in rng.choice(list(MOORED), max(0, rest), p=list(MOORED.values())):
        voyages.append(local.moored(len(voyages), str(trade), sea, end_s, rng))
    return voyages


def _has(sea: Sea, trade: str) -> bool:
    """Whether a sea has what a trade lives from."""
    needs = {"ferry": sea.ferries, "fast_ferry": sea.ferries, "fishing": sea.grounds}
    return bool(needs.get(trade, local.harbours(sea)))


def _several(plan: Plan, trade: str, mean: float, serial: int, sea: Sea, end_s: float, rng: Rng) -> list[Voyage]:
    """Return some voyages of a trade: small fleets have their share of rare trades, too."""
    return [plan(serial + k, trade, sea, end_s, rng) for k in range(int(mean + rng.random()))]


def passages(vessels: float, sea: Sea, end_s: float, rng: Rng) -> list[Voyage]:
    """Return the vessels on the lanes: for each that arrives or leaves the sea, another one sails."""
    routes = ways(sea) or [across(sea.box, rng) for _ in range(CROSSINGS)]
    calls = np.array([route.calls for route in routes])
    afloat = calls * np.array([route.length_m for route in routes])  # a longer passage is seen longer
    voyages: list[Voyage] = []
    for trade, share in PASSAGES.items():
        for _ in range(int(share * vessels + rng.random())):
            route = routes[int(rng.choice(len(routes), p=afloat / afloat.sum()))]
            start_s, from_m = 0.0, float(rng.random()) * 0.98 * route.length_m
            while start_s < end_s:
                made, over_s = passage(len(voyages), trade, route, sea, start_s, from_m, end_s, rng)
                voyages.append(made)
                route = routes[int(rng.choice(len(routes), p=calls / calls.sum()))]
                start_s, from_m = over_s + float(rng.exponential(600.0)), 0.0
    return voyages
