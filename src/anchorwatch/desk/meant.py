"""Which assets of the chart words may mean, where they name none: "an undersea cable between Estonia and Finland".

Several may fit: all of them are candidates, and none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, isfinite, radians
from typing import NamedTuple

import numpy as np

from anchorwatch.chart import Asset, slug
from anchorwatch.desk.report import Claim, Entity, Report

# What lies on the seabed, by the words for it. A link of no known kind may be any of the first two.
CABLE = re.compile(r"\b(?:cables?|interconnect(?:or|ion)s?|power links?|data links?)\b", re.IGNORECASE)
POWER = re.compile(r"\b(?:power|electric(?:al|ity)?|interconnect\w{2,4}|HVDC|high.voltage|grid)\b", re.IGNORECASE)
TELECOM = re.compile(
    r"\b(?:tele?com\w{0,12}|communications?|data|internet|fib(?:re|er)(?:.optics?)?|optical)\b", re.IGNORECASE
)
PIPE = re.compile(r"\b(?:pipelines?|gas links?|gas pipes?)\b", re.IGNORECASE)
UNDER_WATER = re.compile(r"\b(?:under ?sea|sub ?sea|submarine|under ?water|seabed|sea ?bed|offshore)\b", re.IGNORECASE)
BETWEEN = re.compile(r"\W{0,3}(?:and|to|with|[-\u2013\u2014/])?\W{0,3}(?:the )?", re.IGNORECASE)
MOST = 12  # candidates that are still of use to anybody; a whole sea has more


class Area(NamedTuple):
    """A part of the sea that reports name: its middle, and how far it reaches."""

    lon_deg: float
    lat_deg: float
    radius_km: float


NOWHERE = Area(float("nan"), float("nan"), float("nan"))
SEAS = {
    "gulf of finland": Area(25.5, 59.8, 200.0),
    "gulf of bothnia": Area(20.0, 62.5, 320.0),
    "bothnian sea": Area(19.5, 61.6, 170.0),
    "bothnian bay": Area(23.0, 64.9, 150.0),
    "archipelago sea": Area(21.8, 60.2, 70.0),
    "aland sea": Area(19.3, 60.1, 60.0),
    "gulf of riga": Area(23.6, 57.8, 100.0),
    "irbe strait": Area(22.0, 57.7, 40.0),
    "gotland": Area(18.6, 57.5, 120.0),
    "oland": Area(16.7, 56.8, 90.0),
    "bornholm": Area(15.0, 55.1, 80.0),
    "gdansk bay": Area(19.2, 54.6, 70.0),
    "oresund": Area(12.7, 55.8, 60.0),
    "kattegat": Area(11.4, 56.9, 130.0),
    "skagerrak": Area(9.0, 57.9, 160.0),
    "great belt": Area(11.0, 55.3, 60.0),
    "fehmarn belt": Area(11.3, 54.6, 40.0),
    "hiiumaa": Area(22.6, 58.9, 60.0),
    "saaremaa": Area(22.5, 58.4, 70.0),
}
ALSO = {"bay of gdansk": "gdansk bay", "sound": "oresund", "the sound": "oresund", "storebaelt": "great belt"}


def kinds_of(words: str) -> tuple[str, ...]:
    """Return the kinds of asset that words speak of; () = nothing that lies on the seabed."""
    if PIPE.search(words):
        return ("pipeline",)
    if not (CABLE.search(words) or UNDER_WATER.search(words)):
        return ()
    power, telecom = POWER.search(words), TELECOM.search(words)
    if power and not telecom:
        return ("power_cable",)
    if telecom and not power:
        return ("telecom_cable",)
    return ("power_cable", "telecom_cable") if CABLE.search(words) else ("power_cable", "telecom_cable", "pipeline")


def area_of(place: str | None) -> Area:
    """Return where a place is, by its name; NOWHERE where that is not known here."""
    name = slug(place or "").replace("-", " ").removeprefix("the ")
    return SEAS.get(ALSO.get(name, name), NOWHERE)


def candidates(report: Report, claim: Claim, assets: Sequence[Asset]) -> tuple[str, ...]:
    """Return the ids of assets that a claim may mean: by the ends that it names, else by the part of the sea."""
    kinds = kinds_of(claim.quote)
    fitting = [asset for asset in assets if asset.kind in kinds and asset.lines]
    named = _inside(report.entities, claim)
    ends = [e for e in named if not is_sea(e)]
    joined = pairs(report.text, ends)
    found = [a.id for a in fitting if any(joins(a, one, other) for one, other in joined or two(ends))]
    if not found and not joined:
        seas = [claim.place or "", *(e.name or e.text for e in named if is_sea(e))]
        area = next((area for place in seas if isfinite((area := area_of(place)).lon_deg)), NOWHERE)
        found = [a.id for a in fitting if isfinite(area.lon_deg) and reaches(a, area)]
    return tuple(found) if len(found) <= MOST else ()


def is_sea(place: Entity) -> bool:
    """Tell whether a place is a part of the sea, which is the end of no cable."""
    return place.type == "place" and isfinite(area_of(place.name or place.text).lon_deg)


def _inside(entities: Iterable[Entity], claim: Claim) -> list[Entity]:
    return [e for e in entities if e.type in ("country", "place") and claim.start <= e.start and e.end <= claim.end]


def pairs(text: str, places: Sequence[Entity]) -> list[tuple[Entity, Entity]]:
    """Return pairs of places that words join: "between Helsinki and Rostock"."""
    return [
        (one, other)
        for one, other in pairwise(places)
        if len(text[one.end : other.start]) <= 12 and BETWEEN.fullmatch(text[one.end : other.start])
    ]


def two(places: Sequence[Entity]) -> list[tuple[Entity, Entity]]:
    """Return the two places where there are no others: "Finland says that its cable to Estonia is cut"."""
    several = list({slug(e.name or e.text): e for e in places}.values())
    return [(several[0], several[1])] if len(several) == 2 else []


def joins(asset: Asset, one: Entity, other: Entity) -> bool:
    """Tell whether an asset has an end at each of two places."""
    first, second = _ends_at(asset, one), _ends_at(asset, other)
    return bool(first and second and len(first | second) > 1)


def _ends_at(asset: Asset, place: Entity) -> set[int]:
    """Return which ends of an asset are at a place or in a country."""
    if place.type == "country":
        code = f"({(place.id or '??').upper()})"
        return {n for n, end in enumerate(asset.endpoints) if code in end}
    words = slug(place.name or place.text).split("-")
    return {n for n, end in enumerate(asset.endpoints) if set(words) <= set(slug(end).split("-"))}


def reaches(asset: Asset, area: Area) -> bool:
    """Tell whether an asset lies within an area, or passes through it."""
    lon, lat = _places(asset)
    east = (lon - area.lon_deg) * cos(radians(area.lat_deg))
    return bool(len(lon) and float(np.hypot(east, lat - area.lat_deg).min()) * 111.195 <= area.radius_km)


@lru_cache(maxsize=10_000)
def _places(asset: Asset) -> tuple[np.ndarray, np.ndarray]:
    """Return places along an asset, some kilometres apart: a long leg has none between its corners."""
    parts = [np.array(asset.points, np.float64).reshape(-1, 2)]
    for line in asset.lines:
        steps = [np.linspace(a, b, 1 + min(200, int(hypot(*(b - a)) / 0.05))) for a, b in pairwise(line)]
        parts += [*steps, line[-1:]]
    every = np.concatenate(parts)
    return every[:, 0], every[:, 1]


def apart_km(one: Area, other: Area) -> float:
    """Return how far apart two areas are at least; NaN where one is not known."""
    east = (one.lon_deg - other.lon_deg) * cos(radians(one.lat_deg)) if isfinite(one.lat_deg) else float("nan")
    return max(0.0, hypot(east, one.lat_deg - other.lat_deg) * 111.195 - one.radius_km - other.radius_km)
