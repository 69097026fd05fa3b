"""Values of a TOML file, read with their place, so that every error names file, line and key."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from anchorwatch.edges import toml_lines
from anchorwatch.edges.toml_lines import Path
from anchorwatch.errors import BadInput

Point = tuple[float, float]  # lon_deg, lat_deg
NAN = float("nan")


class Place(NamedTuple):
    """Where something is said: a file, the lines of its keys, a path of keys."""

    file: str = "scenario"  # its name as the user gave it
    lines: Mapping[Path, int] = {}
    path: Path = ()

    def of(self, *keys: str | int) -> Place:
        """Return the place of something below this one."""
        return self._replace(path=(*self.path, *keys))

    @property
    def line(self) -> int:
        """The line of the key, or of the nearest table around it, or the first; 0 where no file was read."""
        known = (self.path[:n] for n in range(len(self.path), 0, -1))
        return next((self.lines[p] for p in known if p in self.lines), 1 if self.lines else 0)

    @property
    def key(self) -> str:
        """The key as a person counts: `actor[1].steps[2].to` is in the first actor."""
        parts = (f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in self.path)
        return "".join(parts).removeprefix(".")

    @property
    def where(self) -> str:
        """File, line and key, as errors name them."""
        at = f"{self.file}:{self.line}" if self.line else self.file
        return f"{at}: {self.key}" if self.path else at

    def wrong(self, what: str, next_step: str = "") -> BadInput:
        """Return the error to raise."""
        return BadInput(what, self.where, next_step)


NOWHERE = Place()


def parsed(text: str | bytes, file: str, next_step: str) -> tuple[dict[str, Any], Place, str]:
    """Return what a TOML text says, the place of its top table, and the text; BadInput where it is no TOML."""
    if isinstance(text, bytes):
        text = _decoded(text, file)
    try:
        return tomllib.loads(text), Place(file, toml_lines.lines(text)), text
    except RecursionError:
        raise BadInput("tables and arrays lie too deep in each other", file, "Make it flatter") from None
    except ValueError as error:
        raise _no_toml(error, text, file, next_step) from None


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput("this is no UTF-8 text", f"{file}:{line}", "Save the file as UTF-8") from None


def _no_toml(error: ValueError, text: str, file: str, next_step: str) -> BadInput:
    """Return what tomllib says, with the line where we put lines."""
    said = re.match(r"(.*?)(?: \(at line (\d+), column (\d+)\)| \(at end of document\))?$", str(error), re.DOTALL)
    assert said is not None
    line = int(said[2]) if said[2] else text.count("\n") + 1
    column = f" at column {said[3]}" if said[3] else ""
    what = said[1][:120].replace("\n", " ")
    return BadInput(f"this is no TOML: {what}{column}", f"{file}:{line}", next_step)


def nearest(word: str, known: Collection[str]) -> str:
    """Return "Did you mean X", or what there is where nothing is like the word."""
    close = difflib.get_close_matches(word, sorted(known), 1, 0.55)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(sorted(known)[:24])}" if known else ""


class Table:
    """One table of a file."""

    def __init__(self, said: Any, place: Place, keys: Collection[str]) -> None:
        """Take what is said; a key that is not in `keys` is an error."""
        if not isinstance(said, dict):
            raise place.wrong(f"this is {_kind(said)}, not a table", "Write { key = value, ... } or [header]")
        for key in said:
            if key not in keys:
                raise place.of(key).wrong(f"unknown key {key!r}", nearest(key, keys))
        self.said: dict[str, Any] = said
        self.place = place

    def __contains__(self, key: str) -> bool:
        """Tell whether a key is said."""
        return key in self.said

    def need(self, key: str) -> Any:
        """Return a value that must be there."""
        if key not in self.said:
            raise self.place.wrong(f"{key!r} is missing", f"Add {key} = ...")
        return self.said[key]

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; no default = it must be there."""
        value = self.said.get(key, default) if default is not None else self.need(key)
        if not isinstance(value, str):
            raise self.wrong(key, "a text")
        return value

    def choice(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """Return one of some words."""
        word = self.text(key, default)
        if word not in known and not (word == default and key not in self.said):
            raise self.place.of(key).wrong(f"{word!r} is not known here", nearest(word, known))
        return word

    def flag(self, key: str) -> bool:
        """Return true or false (where nothing is said)."""
        value = self.said.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def number(self, key: str, default: float | None = None, least: float = -math.inf, most: float = math.inf) -> float:
        """Return a number within limits; no default = it must be there."""
        value = self.said.get(key, default) if default is not None else self.need(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "a number")
        if key not in self.said:
            return float(value)
        if not abs(value) < 1e300:  # also NaN, inf and integers too long for a float
            raise self.place.of(key).wrong("this is not a finite number", "Write a number")
        if not least <= value <= most:
            raise self.place.of(key).wrong(*_beyond(key, value, least, most))
        return float(value)

    def whole(self, key: str, default: int | None = None, least: int = 0, most: int = 2**31 - 1) -> int:
        """Return a whole number within limits."""
        value = self.number(key, default, least, most)
        if value != int(value):
            raise self.wrong(key, "a whole number")
        return int(value)

    def array(self, key: str, default: Any = None) -> list[Any]:
        """Return an array."""
        value = self.said.get(key, default) if default is not None else self.need(key)
        if not isinstance(value, list | tuple):
            raise self.wrong(key, "an array [ ... ]")
        return list(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return an array of texts, empty where nothing is said."""
        values = self.array(key, ())
        for number, value in enumerate(values):
            if not isinstance(value, str):
                raise self.place.of(key, number).wrong(f"this is {_kind(value)}, not a text", "Write it in quotes")
        return tuple(values)

    def point(self, key: str) -> Point:
        """Return a place [lon, lat]."""
        return point(self.need(key), self.place.of(key))

    def points(self, key: str, least: int = 2) -> tuple[Point, ...]:
        """Return an array of places."""
        values = self.array(key)
        if len(values) < least:
            raise self.place.of(key).wrong(f"{len(values)} places are too few", f"Give at least {least}")
        return tuple(point(v, self.place.of(key, n)) for n, v in enumerate(values))

    def pair(self, key: str) -> tuple[float, float]:
        """Return two numbers."""
        value = self.need(key)
        if not isinstance(value, list | tuple) or len(value) != 2 or not all(map(_finite, value)):
            raise self.wrong(key, "two numbers [a, b]")
        return float(value[0]), float(value[1])

    def time_us(self, key: str, default: int | None = None) -> int:
        """Return a time as microseconds since 1970."""
        if key not in self.said and default is not None:
            return default
        return moment_us(self.need(key), self.place.of(key))

    def tables(self, key: str, keys: Collection[str]) -> Iterator[Table]:
        """Yield the tables of an array of tables, none where nothing is said."""
        for number, said in enumerate(self.array(key, ())):
            yield Table(said, self.place.of(key, number), keys)

    def table(self, key: str, keys: Collection[str]) -> Table:
        """Return a table below this one, empty where nothing is said."""
        return Table(self.said.get(key, {}), self.place.of(key), keys)

    def only_one(self, *keys: str) -> str:
        """Return the one of these keys that is said, "" for none; two are an error."""
        said = [k for k in self.said if k in keys]
        if len(said) > 1:
            raise self.place.of(said[1]).wrong(f"{said[0]!r} and {said[1]!r} do not go together", "Keep one of them")
        return said[0] if said else ""

    def wrong(self, key: str, wanted: str) -> BadInput:
        """Return the error of a value of the wrong type."""
        return self.place.of(key).wrong(f"this is {_kind(self.said.get(key))}, not {wanted}", f"Write {wanted}")


def point(value: Any, place: Place) -> Point:
    """Return a place [lon, lat]."""
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(map(_finite, value)):
        raise place.wrong("this is not a place", "Write [longitude, latitude] in degrees")
    lon, lat = float(value[0]), float(value[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise place.wrong(
            f"there is no place at {lon:g}, {lat:g}", "Longitude (-180 to 180) comes first, then latitude (-90 to 90)"
        )
    return lon, lat


def moment_us(value: Any, place: Place) -> int:
    """Return a time as microseconds since 1970."""
    if not isinstance(value, datetime):
        raise place.wrong(f"this is {_kind(value)}, not a time", "Write it without quotes, like 2024-12-25T10:26:00Z")
    if value.tzinfo is None:
        raise place.wrong("this time has no zone", "End it with Z: times are UTC")
    since = value - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "a table", list: "an array", str: "a text", int: "a number", float: "a number", datetime: "a time"}
    return names.get(type(value), "a date or a time of day")


def _beyond(key: str, value: float, least: float, most: float) -> tuple[str, str]:
    if value < least:
        if least == 0 and key.endswith("kn"):
            return f"a speed of {value:g} knots is negative", "Give the speed; a place or course says where to"
        return f"{value:g} is below {least:g}", f"Give {least:g} or more"
    return f"{value:g} is above {most:g}", f"Give {most:g} or less"
