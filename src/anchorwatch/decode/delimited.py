"""Text tables (CSV) of positions to rows. Columns are found by name; the header is remembered.

The cells are read by the compiled functions of `cells`, column by column. Static cells repeat on every
row: they are hashed, and read as text only on the rows that say something new (`sightings`). A line is
a record: line ends inside quotes are not read.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anchorwatch import schema
from anchorwatch.decode import Decoded, Options, cells, columns, nothing, rows
from anchorwatch.decode.sightings import Sightings, tell
from anchorwatch.decode.static_hashes import nothing_hashed, static_hashes
from anchorwatch.errors import BadInput

Array = np.ndarray[Any, Any]

PART_ROWS = 1 << 15  # rows worked on at once: their cells and numbers stay in the processor's cache
DELIMITERS = ",;\t|"


def _hashes(words: Any) -> Array:
    """Hashes of words, as the compiled functions make them."""
    texts = [w.encode() for w in words]
    return np.array([cells.hash_cell(cells.eights(t + bytes(8)), 0, len(t)) for t in texts], np.uint64)


@dataclass
class Memory:
    """What a table's decoder remembers between blocks."""

    source: str
    header: str = ""
    delimiter: str = ","
    names: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    seen: Sightings = field(default_factory=Sightings)
    hashed: Array = field(default_factory=nothing_hashed)
    unknown: Array = field(default_factory=lambda: _hashes(columns.NOT_KNOWN))
    status: tuple[Array, Array] = field(
        default_factory=lambda: (_hashes(columns.STATUS_WORDS), np.array([*columns.STATUS_WORDS.values()], np.int8))
    )
    mobile: tuple[Array, Array] = field(
        default_factory=lambda: (_hashes(columns.MOBILE_WORDS), np.array([*columns.MOBILE_WORDS.values()], np.int8))
    )


def text_of(raw: bytes) -> str:
    """Return text in UTF-8, or else in Latin-1, which old files are in."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def header_of(head: bytes) -> tuple[str, str, list[str]]:
    """Return the first line that is not blank, its delimiter and its names."""
    line = text_of(head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").split(b"\n", 1)[0]).rstrip("\r")
    delimiter = max(DELIMITERS, key=line.count)
    return line, delimiter, record(line, delimiter)


def record(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def start(options: Options) -> Memory:
    """Return the memory of a table of which nothing was read yet."""
    return Memory(options.source)


def finish(_memory: Memory) -> Decoded:
    """Nothing waits at the end of a table."""
    return nothing()


def decode(block: bytes, memory: Memory) -> tuple[Decoded, Memory]:
    """Read a block of whole lines; the first one starts with the header."""
    at = 0
    if not memory.names:
        at = _read_header(block, memory)
    if not block.endswith(b"\n"):
        block += b"\n"
    # The words of eight bytes would reach beyond the end, so the last lines are read from a padded copy.
    cut = block.rfind(b"\n", at, max(len(block) - 9, at)) + 1
    parts = []
    if cut > at:
        parts += _parts(block, at, cut, memory)
    tail = block[max(cut, at) :]
    parts += _parts(tail + b"\n" * 9, 0, len(tail), memory)
    return rows.together(parts), memory


def _read_header(block: bytes, memory: Memory) -> int:
    """Learn the header; return where the rows start."""
    memory.header, memory.delimiter, memory.names = header_of(block)
    memory.places = columns.find(memory.names)
    absent = [name for name in columns.REQUIRED if name not in memory.places]
    if absent:
        raise BadInput(
            f"the table has no column for {', '.join(absent)} among: {', '.join(memory.names)[:300]}",
            memory.source,
            "Name them `time, mmsi, lon_deg, lat_deg` in the first line",
        )
    blank = len(block) - len(block.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    end = block.find(b"\n", blank)
    end = len(block) if end < 0 else end + 1
    memory.lines = block.count(b"\n", 0, end)
    return end


def _parts(block: bytes, at: int, stop: int, memory: Memory) -> list[Decoded]:
    """Read `block[at:stop]`, which is followed by at least eight more bytes."""
    data, words = np.frombuffer(block, np.uint8), cells.eights(block)
    kept = {name: k for k, name in enumerate(memory.places)}
    wanted = np.full(len(memory.names), -1, np.int64)
    for name, place in memory.places.items():
        wanted[place] = kept[name]
    starts, stops = (np.empty((len(kept) + 2, PART_ROWS), np.int32) for _ in range(2))
    parts, span = [], _static_span(memory.places, kept)
    while at < stop:
        n, lines, at = cells.split(data, words, (at, stop), wanted, ord(memory.delimiter), starts, stops)
        found = Found(block, data, words, kept, starts[:, :n], stops[:, :n], span, memory.hashed)
        parts.append(_rows(found, memory))
        memory.lines += lines
    return parts


def _static_span(places: dict[str, int], kept: dict[str, int]) -> tuple[int, int]:
    """Return the first and last static column, or (-1, -1) where cells that change are between them."""
    static = sorted((place, kept[name]) for name, place in places.items() if name in columns.STATIC)
    others = [place for name, place in places.items() if name not in columns.STATIC]
    if not static or static[0][0] == 0 or any(static[0][0] < place < static[-1][0] for place in others):
        return -1, -1
    return static[0][1], static[-1][1]


@dataclass(frozen=True)
class Found:
    """The cells of some lines."""

    block: bytes
    data: Array
    words: Array
    kept: dict[str, int]  # our name -> row of starts and stops
    starts: Array
    stops: Array
    span: tuple[int, int]  # first and last of the static cells, or (-1, -1) where others are between them
    hashed: Array

    @property
    def size(self) -> int:
        """Return the number of lines."""
        return int(self.starts.shape[1])

    def numbers(self, name: str, unknown: Array) -> Array:
        """Return a column of numbers; NaN throughout if the table has none."""
        if name not in self.kept:
            return np.full(self.size, np.nan)
        out, k = np.empty(self.size), self.kept[name]
        cells.numbers(self.data, self.words, self.starts[k], self.stops[k], unknown, out)
        return out

    def codes(self, name: str, words: tuple[Array, Array], otherwise: int) -> Array:
        """Return a column of codes."""
        if name not in self.kept:
            return np.full(self.size, otherwise, np.int8)
        out, k = np.empty(self.size, np.int8), self.kept[name]
        cells.codes(self.data, self.words, self.starts[k], self.stops[k], *words, otherwise, out)
        return out

    def times(self) -> Array:
        """Return the column of times."""
        out, k = np.empty(self.size, np.int64), self.kept["time"]
        cells.times(self.data, self.starts[k], self.stops[k], out)
        return out

    def static_hashes(self, unknown: Array) -> Array:
        """Return one hash per line over its static cells; 0 where they say nothing.

        Lines of one vessel repeat them, so what a piece of line that holds them all comes to is remembered.
        """
        out = np.zeros(self.size, np.uint64)
        static = np.array([self.kept[name] for name in columns.STATIC if name in self.kept], np.int64)
        static_hashes(self.words, self.starts, self.stops, static, self.span, self.hashed, unknown, out)
        return out.view(np.int64)

    def texts(self, name: str, lines: Array) -> list[str]:
        """Return the cells of some lines as text."""
        if name not in self.kept:
            return [""] * len(lines)
        k = self.kept[name]
        spans = zip(self.starts[k, lines].tolist(), self.stops[k, lines].tolist(), strict=True)
        return [text_of(self.block[a:b]).replace('""', '"') for a, b in spans]

    def line(self, i: int) -> bytes:
        """Return a whole line."""
        return self.block[self.starts[-2, i] : self.stops[-2, i]]


def _rows(found: Found, memory: Memory) -> Decoded:
    """Turn the cells of some lines into rows."""
    table = rows.Table(
        time_us=found.times(),
        line=found.starts[-1].astype(np.int64) + memory.lines,
        mobile=found.codes("mobile", memory.mobile, 0),
        nav_status=found.codes("nav_status", memory.status, schema.NAV_STATUS_UNDEFINED),
        static=found.static_hashes(memory.unknown),
        **{name: found.numbers(name, memory.unknown) for name in rows.NUMBERS},
    )
    closer(found, table)
    what = rows.judge(table)
    what[found.stops[-1] != len(memory.names)] = rows.RAGGED
    vessels = what == 0
    fresh = tell(memory.seen, *rows.vessel_statics(table, vessels))
    statics = rows.statics(table, fresh, found.texts)
    return Decoded(
        rows.positions(table, vessels),
        statics,
        rows.others(table, what, found.texts),
        rows.rejects(table, what, lambda i: found.line(i), memory.source, memory.header),
    )


def closer(found: Found, table: rows.Table) -> None:
    """Read again, slowly, the few numbers that the fast reader left: exponents, many digits, nonsense."""
    for name in rows.NUMBERS:
        column = getattr(table, name)
        if name in found.kept:
            odd = np.flatnonzero(np.isinf(column))
            column[odd] = [_slow_number(t) for t in found.texts(name, odd)]


def _slow_number(text: str) -> float:
    """Return a number in any notation; inf if it is none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return np.inf
    return value
