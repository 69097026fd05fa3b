"""Nautical warnings as GeoJSON, as Fintraffic's Digitraffic serves them. Times may be null or "Invalid date"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from anchorwatch.desk.reading import links
from anchorwatch.desk.reading.about import About, Reading, iso_us, text_of
from anchorwatch.desk.reading.coordinates import MOST_POINTS
from anchorwatch.desk.reading.json_objects import document, members, objects
from anchorwatch.desk.reading.plain_lines import dated, made

LANGUAGES = ("En", "Sv", "Fi")  # the first that has words


def are_warnings(text: str) -> bool:
    """Tell whether a JSON text speaks of warnings."""
    return '"contents' in text[: 1 << 16] and '"properties"' in text[: 1 << 16]


def read_warnings(text: str, about: About, reading: Reading) -> None:
    """Add one item for each warning."""
    reading.form = "warnings"
    whole = document(text)
    features = members(text, "features") if whole is None else objects(whole, "features")
    if whole is None:
        reading.rejects.add("cut_short", 0, text.strip())
    elif isinstance(whole, dict) and whole.get("type") == "Feature":
        features = [whole]
    for number, feature in enumerate(features, 1):
        said = feature.get("properties")
        if isinstance(said, dict):
            _add(said, feature.get("geometry"), number, about, reading)
        else:
            reading.rejects.add("no_record", number)


def _add(said: dict[str, Any], geometry: object, number: int, about: About, reading: Reading) -> None:
    end = next((e for e in LANGUAGES if text_of(said, f"contents{e}").strip()), "")
    if not end:
        reading.rejects.add("no_words", number, str(said.get("id")))
        return
    heads = (text_of(said, f"{n}{end}").strip() for n in ("type", "areas", "location"))
    head = ", ".join(filter(None, heads))
    contents = text_of(said, f"contents{end}").strip()
    item = made(f"{head}. {contents}" if head else contents, about, reading, "warning", None)
    if item is None:
        return
    published = _time(said, "publishingTime", number, about, reading)
    if published is None:
        published = _time(said, "creationTime", number, about, reading)
    reading.items.append(
        replace(
            dated(item, published),
            source=about.source or links.name(said.get("notificator")) or "Fintraffic",
            language=end.lower(),
            points=tuple(_points(geometry)),
            facts=tuple(_facts(said)),
        )
    )


def _time(said: dict[str, Any], name: str, number: int, about: About, reading: Reading) -> int | None:
    if said.get(name) is None:
        return None
    us = iso_us(said[name])
    if us is None:
        reading.bad_time(number, str(said[name]))
    return reading.time(us, about, number, str(said[name]))


def _facts(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, key in (("number", "number"), ("valid_from", "validityStartTime"), ("valid_until", "validityEndTime")):
        value = said.get(key)
        if key == "number" and isinstance(value, int | str) and str(value)[:20].strip():
            yield name, str(value)[:20]
        elif key != "number" and iso_us(value) is not None:
            yield name, str(value)
    if said.get("navtex") is True:
        yield "navtex", "yes"


def _points(geometry: object) -> Iterator[tuple[float, float]]:
    """Yield the corners of a geometry, as many as one asks for; what lies outside the world is left out."""
    waiting: list[object] = [geometry.get("coordinates")] if isinstance(geometry, dict) else []
    given = looked = 0
    while waiting and given < MOST_POINTS and looked < 10_000:
        one = waiting.pop()
        looked += 1
        if not isinstance(one, list):
            continue
        if len(one) >= 2 and all(isinstance(n, int | float) and not isinstance(n, bool) for n in one[:2]):
            lon, lat = one[0], one[1]
            if abs(lon) <= 180 and abs(lat) <= 90:
                given += 1
                yield float(lon), float(lat)
        else:
            waiting.extend(reversed(one[:10_000]))
