"""Coordinates as notices to mariners write them: 53-29.4N 004-11.7E."""

from __future__ import annotations

import re

MOST_POINTS = 200  # of one notice; an area has about ten corners

_TICK = "-'\u2032 "
_DEGREES = (
    r"([0-9]{{1,{n}}})[-° ]{{1,2}}([0-9]{{1,2}}(?:[.,][0-9]{{1,5}})?)"
    rf"(?:[{_TICK}]{{{{1,2}}}}([0-9]{{{{1,2}}}}(?:[.,][0-9]{{{{1,3}}}})?))?[\"\u2033'\u2032]{{{{0,2}}}} ?([{{s}}])"
)
_PAIR = re.compile(
    rf"(?<![0-9.]){_DEGREES.format(n=2, s='NS')}[\s,/-]{{0,4}}{_DEGREES.format(n=3, s='EW')}\b", re.IGNORECASE
)


def points(text: str) -> tuple[tuple[float, float], ...]:
    """Return the places of a text as (lon, lat) in degrees; what lies outside the world is left out."""
    found = []
    for match in _PAIR.finditer(text):
        lat, lon = _degrees(*match.groups()[:4]), _degrees(*match.groups()[4:])
        if abs(lat) <= 90 and abs(lon) <= 180:
            found.append((lon, lat))
            if len(found) == MOST_POINTS:
                break
    return tuple(found)


def _degrees(degrees: str, minutes: str, seconds: str | None, side: str) -> float:
    minutes_, seconds_ = float(minutes.replace(",", ".")), float((seconds or "0").replace(",", "."))
    if minutes_ >= 60 or seconds_ >= 60:
        return float("inf")
    value = int(degrees) + minutes_ / 60 + seconds_ / 3600
    return round(-value if side.upper() in "SW" else value, 6)
