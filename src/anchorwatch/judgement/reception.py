"""Which of several feeds would have heard a vessel: only what they heard says anything of its silence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anchorwatch import schema
from anchorwatch.model import Finding, Vessel
from anchorwatch.picture import coverage as cov
from anchorwatch.picture.policy import Policy


def listeners(
    finding: Finding, vessel: Vessel, heard: cov.Coverage, silences: cov.Array, policies: Mapping[int, Policy]
) -> frozenset[int]:
    """Return the sources by number that would have gone on hearing a vessel that fell silent.

    Those that had heard it, and those that carry its kind and were out of reach. One that heard others where the
    vessel was last, and not the vessel, does not hear it.
    """
    mine = silences[(silences["mmsi"] == finding.mmsi) & (silences["start_us"] == finding.start_us)]
    mine = mine[mine["known_us"] <= finding.at_us]
    bits = int(mine[0]["sources"]) if len(mine) else 0
    ship_class = schema.SHIP_CLASSES.index(vessel.ship_class) if vessel.ship_class in schema.SHIP_CLASSES else 0
    length_m = float("nan") if vessel.length_m is None else vessel.length_m
    found = set()
    for number, policy in policies.items():
        heard_it = bits >> (number % cov.SOURCES) & 1
        if heard_it or (policy.carries(ship_class, length_m) and not (bits and _hears(heard, number, finding))):
            found.add(number)
    return frozenset(found)


def _hears(heard: cov.Coverage, number: int, finding: Finding) -> bool:
    """Tell whether a source heard anybody where and when the vessel was last heard."""
    lon = finding.values.get("from_lon_deg", finding.lon_deg)
    lat = finding.values.get("from_lat_deg", finding.lat_deg)
    slots = np.array([finding.start_us - cov.SLOT_US, finding.start_us], np.int64)
    return bool(
        cov.heard_about(cov.of_sources(heard, frozenset([number])), np.full(2, lon), np.full(2, lat), slots).any()
    )
