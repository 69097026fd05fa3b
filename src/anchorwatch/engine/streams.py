"""What detectors of the second form are given: one stream each, of all vessels, in order of time. Pure.

Only what is settled goes to a detector for good; the rest waits, and is shown to it in a look ahead that is
not remembered. So the answer is the same wherever a run is cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.chart import Chart
from anchorwatch.detectors import Detector
from anchorwatch.model import Finding
from anchorwatch.picture import coverage
from anchorwatch.picture.records import together
from anchorwatch.picture.statements import SPOKE, statements
from anchorwatch.picture.weave import blank

Array = np.ndarray[Any, Any]
Streams = dict[str, Array]  # by detector
YOUNG_SLOTS, OLD_SLOTS = 12, 288  # two hours, two days
Detectors = Mapping[str, Detector]


class Output(Protocol):
    """What a pass over tracks puts out for streams."""

    @property
    def marked(self) -> Streams:
        """Rows that detectors asked for."""

    @property
    def heard(self) -> Array:
        """Cell, slot and source of what was heard."""

    @property
    def spoke(self) -> Array:
        """Where vessels were when they spoke of themselves."""


class Raw(NamedTuple):
    """What streams are made of."""

    marked: Streams  # rows for detectors that take "rows"
    notes: Array  # int64 (n, 3): cell, slot, source
    reports: pl.DataFrame  # schema.STATICS
    spoke: Array  # statements.SPOKE


def start(detectors: Detectors) -> Raw:
    """Return raw streams of a watch that has seen nothing."""
    marked = {n: np.zeros(0, reads_dtype(detectors[n])) for n in takers(detectors, "rows")}
    return Raw(marked, np.zeros((0, 3), np.int64), pl.DataFrame(schema=schema.STATICS), np.zeros(0, SPOKE))


def joined(waited: Raw, outputs: Sequence[Output], reports: Iterable[pl.DataFrame] = ()) -> Raw:
    """Return what waited, and what came after it."""
    return Raw(
        {n: together([rows, *(o.marked[n] for o in outputs)], rows.dtype) for n, rows in waited.marked.items()},
        np.concatenate([waited.notes, *(o.heard for o in outputs)]),
        pl.concat([waited.reports, *(r.select(list(schema.STATICS)) for r in reports if r.height)]),
        together([waited.spoke, *(o.spoke for o in outputs)], SPOKE),
    )


def parted(raw: Raw, until_us: int) -> tuple[Raw, Raw]:
    """Part raw streams: what could be known before a time, and what must wait."""
    marked = {name: rows["time_us"] < until_us for name, rows in raw.marked.items()}
    over, said = coverage.over(raw.notes, until_us), raw.reports["time_us"] < until_us
    spoke = raw.spoke["time_us"] < until_us
    ready = Raw({n: r[marked[n]] for n, r in raw.marked.items()}, raw.notes[over],
                raw.reports.filter(said), raw.spoke[spoke])  # fmt: skip
    rest = Raw({n: r[~marked[n]] for n, r in raw.marked.items()}, raw.notes[~over],
               raw.reports.filter(~said), raw.spoke[~spoke])  # fmt: skip
    return ready, rest


def given(
    detectors: Detectors, ready: Raw, sightings: pl.DataFrame, first_us: int, end_us: int, chart: Chart
) -> Streams:
    """Return the streams of all detectors but those that take findings, of a time that is settled."""
    made: Streams = {n: rows[np.lexsort((rows["track"], rows["time_us"]))] for n, rows in ready.marked.items()}
    if names := takers(detectors, "heard"):
        made |= dict.fromkeys(names, coverage.by_box(ready.notes))
    if names := takers(detectors, "statements"):
        made |= dict.fromkeys(names, statements(sightings, first_us, end_us, ready.spoke, chart))
    return made


def findings_stream(findings: Iterable[Finding], heard: coverage.Coverage) -> Array:
    """Return findings as schema.FOUND rows, in the order in which they were made."""
    vessels = coverage.by_slot(heard)
    slots = sorted(vessels)
    told = [
        (f.at_us, schema.code_of(f.detector), f.track, f.start_us, f.raised_us, f.lon_deg, f.lat_deg,
         _picture(vessels, slots, f.at_us))
        for f in findings
    ]  # fmt: skip
    return np.array(sorted(told, key=lambda t: t[:4]), schema.FOUND)


def _picture(vessels: Mapping[int, int], slots: list[int], at_us: int) -> float:
    """How many vessels the picture holds; NaN where it is young: all that lies still is found at once then."""
    slot = at_us // coverage.SLOT_US
    before = bisect_right(slots, slot - YOUNG_SLOTS)
    known = before > 0 and slots[before - 1] >= slot - OLD_SLOTS
    return float(vessels.get(slot - 1, 0)) if known else float("nan")


def takers(detectors: Detectors, stream: str) -> list[str]:
    """Names of the detectors that take a stream."""
    return [name for name, d in detectors.items() if d.scan is not None and d.takes == stream]


def reads_dtype(detector: Detector) -> np.dtype[Any]:
    """Layout of the rows a second-form detector is given: its `reads`."""
    return _layout(detector.takes, detector.reads)


@cache
def _layout(takes: str, reads: tuple[str, ...]) -> np.dtype[Any]:
    if takes == "rows":
        one = blank(1).rows
        return np.dtype([(name, getattr(one, name).dtype) for name in reads])
    stream = schema.STREAMS[takes]
    return np.dtype([(name, stream[name]) for name in reads])


def marked(detector: Detector, rows: schema.Rows) -> Array:
    """Return the rows that a detector asks for."""
    assert detector.marks is not None
    wanted = np.flatnonzero(detector.marks(rows))
    picked = np.zeros(len(wanted), reads_dtype(detector))
    for name in detector.reads:
        picked[name] = getattr(rows, name)[wanted]
    return picked


def shown(detector: Detector, stream: Array) -> Array:
    """Return the columns of a stream that a detector reads."""
    picked = np.zeros(len(stream), reads_dtype(detector))
    for name in detector.reads:
        picked[name] = stream[name]
    return picked


def scan(detectors: Detectors, streams: Streams, memories: Mapping[str, Any]) -> tuple[Streams, dict[str, Any]]:
    """Pass streams through the detectors that take them: (findings by detector, all memories)."""
    found, after = {}, dict(memories)
    for name, rows in streams.items():
        detector = detectors[name]
        assert detector.scan is not None
        mine = rows if detector.takes == "rows" else shown(detector, rows)
        found[name], after[name] = detector.scan(mine, memories.get(name), detector.params)
    return found, after
