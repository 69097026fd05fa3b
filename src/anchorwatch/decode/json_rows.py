"""JSON records to rows: what the JSON formats share. One record a line, or one document.

A format gives `take(record, line, memory, rows)`, which adds what a record says to `rows`; what it cannot
use it rejects by name, so that nothing is dropped silently.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Decoded, Format, Options, columns, nothing
from anchorwatch.decode.rows import shown

Record = dict[str, Any]


def number(value: Any) -> float:
    """Return a finite number, or NaN for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        value = float(value)
    except OverflowError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def whole(value: Any, low: int, high: int, otherwise: int) -> int:
    """Return a whole number within limits, or `otherwise`."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    value = number(value)
    return int(value) if low <= value <= high and value == int(value) else otherwise


def text(value: Any) -> str:
    """Return a text without padding, or none."""
    if not isinstance(value, str):
        return ""
    short = value[: 2 * columns.MOST_TEXT].split("@", 1)[0]
    # JSON can hold half a surrogate pair, which no table, file or database takes.
    return columns.known(short if short.isascii() else short.encode("utf-8", "replace").decode())


def size_m(value: Any) -> float:
    """Return a positive length, or NaN; as in tables, none is a thousand kilometres."""
    value = number(value)
    return value if 0 < value < 1e6 else math.nan


def within(value: Any, stop: float) -> float:
    """Return a speed or an angle from 0 to below `stop`, or NaN: not available."""
    value = number(value)
    return value if 0 <= value < stop else math.nan


def turn_deg_min(raw: Any) -> float:
    """Return the rate of turn of its AIS code, 4.733 * sqrt(deg/min); NaN where it gives no rate."""
    raw = number(raw)
    return math.copysign((raw / 4.733) ** 2, raw) if abs(raw) <= 126 else math.nan


def epoch_us(value: Any, scale: int) -> int | None:
    """Return microseconds of an epoch in units of `scale` microseconds, or None."""
    value = number(value)
    return round(value * scale) if 0 < value * scale < 2**62 else None


@dataclass
class Rows:
    """Rows of one block, as they are found."""

    source: str
    positions: list[tuple[Any, ...]] = field(default_factory=list)
    statics: list[tuple[Any, ...]] = field(default_factory=list)
    others: list[tuple[Any, ...]] = field(default_factory=list)
    rejects: list[tuple[Any, ...]] = field(default_factory=list)
    raw: Any = b""  # the record at hand, for rejects

    def reject(self, reason: str, line: int) -> None:
        """Reject the record at hand."""
        raw = self.raw if isinstance(self.raw, bytes) else json.dumps(self.raw, default=str).encode()
        self.rejects.append((reason, self.source, line, shown(raw)))

    def key(self, time_us: int | None, mmsi: Any, line: int) -> tuple[int, int] | None:
        """Return time and MMSI if both are usable; else reject the record at hand."""
        ship = whole(mmsi, 0, 999_999_999, -1)
        if time_us is None or ship < 0:
            self.reject("no_time" if time_us is None else "bad_mmsi", line)
            return None
        return time_us, ship

    def place(self, lon: Any, lat: Any, line: int) -> tuple[float, float] | None:
        """Return a place, NaN where it is not available; else reject the record at hand."""
        x, y = number(lon), number(lat)
        if x == 181 or y == 91 or math.isnan(x) or math.isnan(y):
            return math.nan, math.nan
        if abs(x) > 180 or abs(y) > 90:
            self.reject("position_out_of_range", line)
            return None
        return x, y

    def position(self, time_us: int | None, mmsi: Any, line: int, lon: Any, lat: Any, motion: Record) -> None:
        """Add a position; `motion` holds sog_kn, cog_deg, heading_deg, rot_deg_min, nav_status as found."""
        key = self.key(time_us, mmsi, line)
        place = key and self.place(lon, lat, line)
        if key and place:
            self.positions.append(
                (
                    *key,
                    *place,
                    within(motion.get("sog_kn"), 102.25),  # 102.3 = not available
                    within(motion.get("cog_deg"), 360),  # 360 = not available
                    within(motion.get("heading_deg"), 360),  # 511 = not available
                    number(motion.get("rot_deg_min")),
                    whole(motion.get("nav_status"), 0, 15, schema.NAV_STATUS_UNDEFINED),
                    0,
                    line,
                )
            )

    def static(self, time_us: int | None, mmsi: Any, line: int, said: Record) -> None:
        """Add static data; `said` holds the columns of schema.STATICS as found."""
        key = self.key(time_us, mmsi, line)
        if not key:
            return
        ship_type = whole(said.get("ship_type"), 0, 255, 0)
        row = (
            whole(said.get("imo"), 1, 9_999_999, 0),
            text(said.get("callsign")),
            text(said.get("name")),
            ship_type,
            int(schema.CLASS_BY_TYPE[ship_type]),
            size_m(said.get("length_m")),
            size_m(said.get("beam_m")),
            size_m(said.get("draught_m")),
            text(said.get("destination")),
            text(said.get("eta")),
        )
        self.statics.append((*key, *row, 0, line))

    def other(self, time_us: int | None, mmsi: Any, line: int, what: str, lon: Any, lat: Any, name: Any) -> None:
        """Add a thing that is not a vessel."""
        key = self.key(time_us, mmsi, line)
        place = key and self.place(lon, lat, line)
        if key and place:
            self.others.append((*key, what, *place, text(name), 0, line))

    def decoded(self) -> Decoded:
        """Return the rows as frames."""
        schemas: tuple[dict[str, Any], ...] = (schema.POSITIONS, schema.STATICS, schema.OTHERS, schema.REJECTS)
        lists = (self.positions, self.statics, self.others, self.rejects)
        return Decoded(*(pl.DataFrame(r, schema=s, orient="row") for r, s in zip(lists, schemas, strict=True)))


def dimensions(bow: Any, stern: Any, port: Any, starboard: Any) -> dict[str, float]:
    """Return length and beam from the distances to the antenna; none where they are not all known."""
    ends, sides = number(bow) + number(stern), number(port) + number(starboard)
    return {"length_m": ends, "beam_m": sides}


def eta(month: Any, day: Any, hour: Any, minute: Any) -> str:
    """Return `MM-DD HH:MM`, or nothing where the date is not available."""
    parts = [whole(month, 1, 12, 0), whole(day, 1, 31, 0), whole(hour, 0, 23, 0), whole(minute, 0, 59, 0)]
    return "{:02}-{:02} {:02}:{:02}".format(*parts) if parts[0] and parts[1] else ""


@dataclass
class Memory:
    """What is remembered between blocks."""

    options: Options
    lines: int = 0


Take = Callable[[Any, int, Options, Rows], None]


def loads(raw: bytes) -> Any:
    """Return the JSON value, or None if it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def lines_format(
    name: str, knows: Callable[[Any], bool], take_line: Callable[[bytes, int, Options, Rows], None]
) -> Format:
    """Return a format of one record a line; recognised by any of the first lines."""

    def recognises(head: bytes) -> bool:
        return any(knows(value) for value in map(loads, head.split(b"\n")[:20]) if value is not None)

    return Format(name, recognises, Memory, line_decoder(take_line), finish)


def line_decoder(
    take_line: Callable[[bytes, int, Options, Rows], None],
) -> Callable[[bytes, Memory], tuple[Decoded, Memory]]:
    """Return a decoder that gives every line that is not blank to `take_line`."""

    def decode(block: bytes, memory: Memory) -> tuple[Decoded, Memory]:
        rows = Rows(memory.options.source)
        lines = block.split(b"\n")
        for number_, line in enumerate(lines, memory.lines + 1):
            rows.raw = line = line.strip(b" \t\r\0\xef\xbb\xbf")
            if line:
                take_line(line, number_, memory.options, rows)
        memory.lines += len(lines) - 1
        return rows.decoded(), memory

    return decode


def json_line(take: Take) -> Callable[[bytes, int, Options, Rows], None]:
    """Return `take` for a line of JSON."""

    def take_line(line: bytes, number_: int, options: Options, rows: Rows) -> None:
        value = loads(line)
        if value is None:
            rows.reject("bad_json", number_)
        else:
            take(value, number_, options, rows)

    return take_line


def document_format(name: str, recognises: Callable[[bytes], bool], take: Take) -> Format:
    """Return a format of one document (or several, one after the other): it is decoded in one block."""

    def decode(block: bytes, memory: Memory) -> tuple[Decoded, Memory]:
        rows = Rows(memory.options.source)
        for value, line in documents(block, rows):
            rows.raw = value
            take(value, line, memory.options, rows)
        return rows.decoded(), memory

    return Format(name, recognises, Memory, decode, finish)


def documents(block: bytes, rows: Rows) -> list[tuple[Any, int]]:
    """Return the values of a document and the lines they begin on; what is not JSON is rejected."""
    content = block.decode("utf-8-sig", "replace")
    decoder, found, at, line, counted = json.JSONDecoder(), [], 0, 1, 0
    while at < len(content):
        if content[at].isspace():
            at += 1
            continue
        line, counted = line + content.count("\n", counted, at), at
        try:
            value, at = decoder.raw_decode(content, at)
        except (ValueError, RecursionError):
            rows.raw = content[at : at + 400].encode()
            rows.reject("bad_json", line)
            break
        found += [(v, line) for v in value] if isinstance(value, list) else [(value, line)]
    return found


def finish(_memory: Memory) -> Decoded:
    """Nothing waits at the end."""
    return nothing()
