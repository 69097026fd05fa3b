"""Read watch lists from the user's CSV files: which layout is told by the header, what cannot be used is counted.

A list is text from outside. Cells are cut, control characters shown as such, and a number is believed only where
it can be one (the check digit of an IMO number), so that a typing error accuses nobody.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from anchorwatch.edges import listings
from anchorwatch.edges.unpack import PACKED, Counted, open_raw, streams
from anchorwatch.errors import BadInput
from anchorwatch.judgement.watch_list import Entry, WatchList, WatchLists

MOST_BYTES = 1 << 30  # the largest public list (all of OpenSanctions, targets.simple.csv) has about 0.4 GB
MOST_CELL = 1 << 17  # characters; a statement of reasons has at most some thousands
MOST_ENTRIES = 2_000_000  # there are some 120,000 merchant ships
NEXT_STEP = "Give a CSV with the columns imo, mmsi, name, flag, list, date, note; docs/watch_lists.md shows the others"


def load(paths: list[str]) -> WatchLists:
    """Read all watch lists."""
    return WatchLists(tuple(read(path) for path in paths))


def read(path: str) -> WatchList:
    """Read one watch list."""
    data = _bytes(path)
    rows = _rows(data, path)
    counts: Counter[str] = Counter()
    layout, heading, first = _layout(rows, path)
    entries: dict[Entry, None] = {}
    dated_us = heading
    for cells in [*first, *_tables(rows, counts)]:
        row = layout.row(cells)
        dated_us = max(dated_us, layout.dated(row))
        entry = layout.entry(row, counts)
        if entry is not None:
            entries[entry] = None
        if len(entries) > MOST_ENTRIES:
            raise BadInput(f"more than {MOST_ENTRIES:,} vessels", path, "Give a list of ships, not of all things")
    if not entries:
        raise BadInput(f"no vessel in it that could be matched ({layout.name})", path, NEXT_STEP)
    dated_by = "contents" if dated_us else "file"
    dated_us = dated_us or int(Path(path).stat().st_mtime) * 1_000_000
    digest = hashlib.sha256(data).hexdigest()[:32]
    return WatchList(Path(path).name, layout.name, dated_us, dated_by, digest, tuple(entries), dict(counts))


def summary(lists: WatchLists) -> list[str]:
    """Say what was read, one line a file."""
    said = []
    for source in lists.lists:
        by_imo = sum(bool(e.imo) for e in source.entries)
        dated = listings.date_of(source.dated_us)
        line = f"{source.path}: {len(source.entries):,} vessels ({by_imo:,} by IMO number), {source.layout}, of {dated}"
        line += " by the file's own time" if source.dated_by == "file" else ""
        unused = ", ".join(f"{n:,} {reason.replace('_', ' ')}" for reason, n in sorted(source.counts.items()))
        said.append(line + (f"; not used: {unused}." if unused else "."))
    return said


def _bytes(path: str) -> bytes:
    """Return the unpacked content of a file, bounded."""
    if path == "-" or not Path(path).is_file():
        open_raw(path if path != "-" else "").close()  # says what is wrong with it
        raise BadInput("this is not a file", path, "Name a CSV file")
    with open_raw(path) as raw:
        head = raw.read(8) or b""
        packed = head.startswith(PACKED)
        for stream in streams(path, path, Counted(raw, head), head if packed else b""):
            data = stream.read(MOST_BYTES + 1)
            if stream.damage:
                raise BadInput(stream.damage, path, "Fetch it again")
            if len(data) > MOST_BYTES:
                raise BadInput("more than 1 GB", path, "Give a list of ships, not of all things")
            return data
    raise BadInput("the file holds nothing", path, NEXT_STEP)


def _text(data: bytes) -> io.TextIOBase:
    """Return text: UTF-8, UTF-16 by its mark, else Windows-1252, as spreadsheets write it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        coding = "utf-16"
    else:
        try:
            data.decode("utf-8")
            coding = "utf-8-sig"
        except UnicodeDecodeError:
            coding = "cp1252"
    raw: BinaryIO = io.BytesIO(data)
    return io.TextIOWrapper(raw, encoding=coding, errors="replace", newline="")


def _rows(data: bytes, path: str) -> Iterator[list[str] | None]:
    """Give the rows; None for one that is no row (a cell that never ends)."""
    if b"\0" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise BadInput("this is not a text file", path, NEXT_STEP)
    text = _text(data)
    delimiter = _delimiter(text)
    before = csv.field_size_limit(MOST_CELL)
    try:
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield None
    finally:
        csv.field_size_limit(before)


def _delimiter(text: io.TextIOBase) -> str:
    """Return what stands between the cells of the first lines."""
    head = text.read(4096)
    text.seek(0)
    counted = {d: head.count(d) for d in (",", ";", "\t")}
    return max(counted, key=lambda d: counted[d])


def _layout(rows: Iterator[list[str] | None], path: str) -> tuple[listings.Layout, int, list[list[str]]]:
    """Return the layout, the date in lines above the header, and rows that came before it was known."""
    dated_us = 0
    for _, cells in zip(range(10), rows, strict=False):
        if cells is None or not any(cells):
            continue
        found = listings.recognise(cells)
        if found is not None:
            return found, dated_us, [] if found.has_header else [cells]
        dated_us = max([dated_us, *(listings.time_of(w) for c in cells[:3] for w in c.split(":"))])
    raise BadInput("not a watch list that is known", path, NEXT_STEP)


def _tables(rows: Iterator[list[str] | None], counts: Counter[str]) -> Iterator[list[str]]:
    for cells in rows:
        if cells is None:
            counts["too_long"] += 1
        elif any(cells) and cells != ["\x1a"]:  # OFAC's files end with the end-of-file sign of old
            yield cells
