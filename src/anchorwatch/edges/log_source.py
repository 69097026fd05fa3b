"""Segments of a raw log as a source for `scan`: decoded with the times at which the lines arrived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import polars as pl
import zstandard

from anchorwatch import schema
from anchorwatch.decode import Decoded, Format, Options, arrived, nothing, rows
from anchorwatch.decode.recognise import HEAD_BYTES, WHOLE, named, recognise
from anchorwatch.edges import raw_segments
from anchorwatch.edges.ahead import ahead
from anchorwatch.edges.blocks import MAX_LINES
from anchorwatch.edges.raw_folder import Segment, in_order, segment_of
from anchorwatch.edges.raw_log import Reading
from anchorwatch.edges.raw_segments import Logged
from anchorwatch.errors import BadInput


def segment(path: str, name: str) -> Segment:
    """Return the segment that a file is, by its name or, where it was renamed, by what is in it; raises BadInput."""
    if not Path(path).is_file():
        raise BadInput("a raw log cannot be read from a pipe", name, "Give the paths of its segments")
    place = Path(path)
    named_ = segment_of(place.resolve())
    if named_ is not None and named(named_.format):
        return named_._replace(path=place)
    first = _first_frame(place)
    if not first:
        raise BadInput("no frame of this raw log is whole", name, "Nothing in it can be read")
    head = b"".join(p.data for _, p in first)[:HEAD_BYTES]
    feed = named_.feed if named_ else place.resolve().parent.name
    return Segment(first[0].seq, place, feed, recognise(head, name).name, 0)


def _first_frame(path: Path) -> list[Logged]:
    """Return the pieces of the first whole frame; none where there is none."""
    with path.open("rb") as file:
        for frame in raw_segments.frames(file, path.stat().st_size, []):
            try:
                return raw_segments.pieces_of(frame, "", "", zstandard.ZstdDecompressor())
            except raw_segments.Damaged:
                continue
    return []


class LogReading:
    """One feed of a raw log, to be read once."""

    def __init__(self, those: Sequence[Segment], options: Options) -> None:
        """Take segments of one feed in any order."""
        self.segments = sorted(set(those))
        self.options = replace(options, date_us=arrived.UNSTATED_US, source=str(self.segments[0].path.parent))
        self._last_seq, self._read_to = 0, 0

    def done(self) -> float:
        """Return the part of the segments that was read, by their numbers."""
        first = self.segments[0].seq
        return (self._read_to - first) / max(self._last_seq - first, 1) if self._last_seq else float("nan")

    def decoded(self, size: int) -> Iterator[Decoded]:
        """Give the rows, about `size` bytes of lines at a time."""
        with closing(ahead(self._decoded(size))) as made:  # type: ignore[type-var]  # a generator has close()
            yield from made

    def _decoded(self, size: int) -> Iterator[Decoded]:
        ends = [end for one in self.segments[-1:] if (end := raw_segments.end_of(one.path))]
        self._last_seq = ends[0].seq if ends else 0
        reading = Reading(in_order(self.segments))
        memories: dict[str, tuple[Format, object, int]] = {}
        for group in _groups(reading, size):
            name = group[0].piece.format
            if name not in memories:
                form = named(name)
                if form is None:
                    yield nothing()._replace(rejects=_reject("unknown_format", self.options.source, name))
                    continue
                memories[name] = form, form.start(self.options), 0
            form, memory, lines = memories[name]
            texts, times = [p.data for _, p in group], [p.arrived_us for _, p in group]
            made, memory, lines = arrived.decode(form, memory, texts, times, lines)
            memories[name] = form, memory, lines
            self._read_to = group[-1].seq
            yield made
        yield rows.together([form.finish(memory) for form, memory, _ in memories.values()] or [nothing()])
        yield from (nothing()._replace(rejects=_reject("damaged_file", *_parted(what))) for what in reading.damage)


def _parted(what: str) -> tuple[str, str]:
    where, _, said = what.partition(": ")
    return where, said


def _reject(reason: str, where: str, text: str) -> pl.DataFrame:
    return pl.DataFrame([(reason, where, 0, rows.shown(text.encode()))], schema=schema.REJECTS, orient="row")


def _groups(pieces: Iterable[Logged], size: int) -> Iterator[list[Logged]]:
    """Give pieces of one format that follow each other, to be decoded together; a document alone."""
    group: list[Logged] = []
    raw = lines = 0
    for logged in chain(pieces):
        form, more = logged.piece.format, logged.piece.data.count(b"\n")
        full = raw + len(logged.piece.data) > size or lines + more > MAX_LINES
        if group and (form != group[0].piece.format or form in WHOLE or full):
            yield group
            group, raw, lines = [], 0, 0
        if logged.piece.data:
            group.append(logged)
            raw, lines = raw + len(logged.piece.data), lines + more
    if group:
        yield group
