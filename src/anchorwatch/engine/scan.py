"""Scan: positions in, findings out, for any amount and any split of it. Pure.

`scan_tracks` runs everything that looks at one track at a time and may be split by vessel over processes. It
also picks the rows for detectors that look at many vessels at once (see `streams`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.chart import rules
from anchorwatch.detectors import Detector
from anchorwatch.engine import lift
from anchorwatch.engine.streams import marked, reads_dtype, takers
from anchorwatch.judgement.doubts import suspected
from anchorwatch.picture import coverage, order, state, suspicion
from anchorwatch.picture.records import together
from anchorwatch.picture.statements import spoken
from anchorwatch.picture.weave import Out, Sea, blank, tick_silent, weave

Array = np.ndarray[Any, Any]
BATCH_ROWS = 1 << 15  # about 7 MB of columns


class Memory(NamedTuple):
    """Everything that is carried from one block, one day or one process to the next."""

    picture: state.Picture
    tracks: dict[str, Array]  # first-form detectors: one record per track


class Output(NamedTuple):
    """What one call found."""

    findings: dict[str, Array]  # by detector, in order of their keys and times
    marked: dict[str, Array]  # rows that second-form detectors asked for
    heard: Array  # int64 (n, 3): cell, slot, source (picture.coverage)
    spoke: Array  # statements.SPOKE: where vessels were when they spoke of themselves
    silences: Array  # coverage.SILENCE
    late: Array  # state.EVENT rows that came too late
    duplicates: int
    repeated: Array  # int64 (coverage.SOURCES,): of these, those of each source that another had brought already
    positions: int  # that went on to the detectors
    seconds: float  # vessel time seen: steps of at most ten minutes
    plot: Array  # PLOT rows, where asked for


PLOT = np.dtype(
    [
        ("track", np.int64),
        ("time_us", np.int64),
        ("lon_deg", np.float32),
        ("lat_deg", np.float32),
        ("sog_kn", np.float32),
        ("offset_deg", np.float32),  # heading minus course, NaN = no heading
    ]
)
PLOT_US = 60_000_000
UNBROKEN_S = 600.0


class Watch(NamedTuple):
    """What a scan is made with: the compiled chart and the detectors."""

    sea: Sea
    detectors: Mapping[str, Detector]
    hold_back_s: float = order.HOLD_BACK_S
    plain: bool = False  # plain Python detectors, for tests
    plot: bool = False  # keep one row a minute of every track for the report page
    rules: rules.Rules | None = None  # of zones
    faults: Array = np.zeros(0, suspicion.FAULT)


def start(watch: Watch) -> Memory:
    """Return the memory of a watch that has seen nothing."""
    singles = {name: np.zeros(0, d.memory) for name, d in watch.detectors.items() if d.step is not None}
    return Memory(state.start(), singles | {suspicion.KEY: np.zeros(0, suspicion.SUSPICION)})


def copy(memory: Memory) -> Memory:
    """Return an independent copy: for a look ahead that must not be remembered."""
    return Memory(state.copy(memory.picture), {k: v.copy() for k, v in memory.tracks.items()})


def scan_tracks(
    watch: Watch, events: Array, memory: Memory, settle_us: int | None = None, release_us: int = 0
) -> tuple[Output, Memory]:
    """Pass events, the held ones first (see `arrivals.events_of`), through the picture and every first-form detector.

    With `settle_us`, rows older than that (or than `release_us`, if that is later) wait no longer and silent
    tracks tick up to it. The memory given is used up: take a copy to look ahead.
    """
    release = None if settle_us is None else max(settle_us, release_us)
    ordered, late, picture = order.order(events, memory.picture, watch.hold_back_s, release)
    picture = _room(picture)
    memory = Memory(picture, {name: state.grown(a, len(picture.tracks)) for name, a in memory.tracks.items()})
    out = blank(BATCH_ROWS)
    parts, first = _Parts(watch), 0
    while first < len(ordered.events):
        first, n, heard, repeats = weave(
            ordered.events, ordered.number, first, picture.vessels, picture.tracks, picture.sizes, watch.sea, out
        )
        parts.add(out, n, heard, memory)
        parts.duplicates += repeats
    vessel, used = 0, int(picture.sizes[0])
    while settle_us is not None and vessel < used:
        vessel, n = tick_silent(vessel, picture.vessels, used, picture.tracks, settle_us, out)
        parts.add(out, n, 0, memory)
    return parts.output(late, spoken(ordered.events), out.repeated), memory


def heard_us(memory: Memory) -> Array:
    """When each vessel was heard last."""
    picture = memory.picture
    return np.asarray(picture.vessels["heard_us"][: int(picture.sizes[0])])


def settled(newest_us: int, watch: Watch) -> int:
    """Time before which a run that has come to `newest_us` lets nothing wait any more."""
    return newest_us - int(2 * watch.hold_back_s * 1e6)


def finish(watch: Watch, memory: Memory, newest_us: int) -> tuple[Output, Output, Memory]:
    """End a run: settle what can be settled, then look ahead to the end without remembering it.

    Returns (what was settled, what a watch would say if the world ended now, memory to go on with).
    """
    certain, memory = scan_tracks(watch, memory.picture.held, memory, settled(newest_us, watch))
    # Rows of a vessel far ahead of all others are shown too, but time does not go on to them for the others.
    release_us = int(heard_us(memory).max(initial=0)) + 1
    ahead, _ = scan_tracks(watch, memory.picture.held, copy(memory), newest_us + 1, release_us)
    keep = state.worth_keeping(memory.picture, newest_us)
    return certain, ahead, picked(memory, keep)


def split(memory: Memory, shares: int) -> list[Memory]:
    """Share the vessels out: vessel `mmsi` goes to share `mmsi % shares`."""
    mmsi = memory.picture.vessels["mmsi"][: int(memory.picture.sizes[0])]
    return [picked(memory, mmsi % shares == share) for share in range(shares)]


def join(memories: list[Memory]) -> Memory:
    """Bring shares together again."""
    names = memories[0].tracks
    parts = {n: [m.tracks[n][: int(m.picture.sizes[1])] for m in memories] for n in names}
    return Memory(state.join([m.picture for m in memories]), {n: np.concatenate(p) for n, p in parts.items()})


def picked(memory: Memory, keep: Array) -> Memory:
    """Return the memory of some of the vessels; `keep` is a mask over those in use."""
    picture, tracks = state.pick(memory.picture, keep)
    kept = {n: state.grown(a, len(memory.picture.tracks))[tracks].copy() for n, a in memory.tracks.items()}
    return Memory(picture, kept)


class _Parts:
    """Collects what the batches of one call found."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.findings: dict[str, list[Array]] = {n: [] for n, d in watch.detectors.items() if d.step is not None}
        self.marked: dict[str, list[Array]] = {n: [] for n in takers(watch.detectors, "rows")}
        self.heard: list[Array] = []
        self.plot: list[Array] = []
        self.silences: list[Array] = []
        self.positions, self.duplicates, self.seconds = 0, 0, 0.0
        steps = {n: d for n, d in watch.detectors.items() if d.step is not None}
        self.followers = [n for n, d in steps.items() if d.follows]
        self.suspecting = {n: 1 << k for k, n in enumerate(n for n, d in steps.items() if not (d.follows or d.fact))}

    def add(self, out: Out, n: int, heard: int, memory: Memory) -> None:
        """Run the detectors over the first n rows of a batch."""
        self.heard.append(out.heard[:heard].copy())
        if n == 0:
            return
        rows = schema.Rows._make(column[:n] for column in out.rows)
        self.silences.append(coverage.silences_in(rows, out.sources[:n]))
        here = (rows.kind == schema.POSITION) & (rows.jump == 0)
        dt_s = rows.dt_s[here]
        self.positions += int((rows.kind == schema.POSITION).sum())  # with the jumps: nothing is lost
        self.seconds += float(dt_s[dt_s <= UNBROKEN_S].sum())
        if self.watch.plot:
            self.plot.append(_plot(rows, here))
        if self.watch.rules is not None:
            rules.fill(self.watch.rules, rows)
        for name, detector in self.watch.detectors.items():
            if detector.step is not None and not detector.follows:
                self._run(name, rows, memory)
            elif detector.scan is not None and detector.takes == "rows":
                self.marked[name].append(marked(detector, rows))
        if self.followers:
            self._follow(rows, out, memory)

    def _run(self, name: str, rows: schema.Rows, memory: Memory) -> None:
        """Run a first-form detector; one of rules has nothing to do where no zone has any."""
        detector = self.watch.detectors[name]
        assert detector.step is not None
        if self.watch.rules is None and "rule_zone" in detector.reads:
            return
        loop = lift.plain(detector.step, detector.reads) if self.watch.plain else None
        self.findings[name].append(lift.run(detector, rows, memory.tracks[name], loop))

    def _follow(self, rows: schema.Rows, out: Out, memory: Memory) -> None:
        """Run the detectors that follow a suspicion, on the rows of vessels under suspicion."""
        made = {name: self.findings[name][-1] for name in self.suspecting if self.findings[name]}
        detectors = self.watch.detectors
        words = [(self.suspecting[name], suspected(detectors[name], found)) for name, found in made.items()]
        records, sea = memory.tracks[suspicion.KEY], self.watch.sea
        shown = suspicion.mark(rows, records, words, self.watch.faults, sea.grid, out.crossed)
        if len(shown):
            suspects = schema.Rows._make(column[shown] for column in rows)
            for name in self.followers:
                self._run(name, suspects, memory)
            suspicion.wipe(rows, shown)

    def output(self, late: Array, spoke: Array, repeated: Array) -> Output:
        """Return all of it as one."""
        detectors = self.watch.detectors
        return Output(
            {n: together(p, detectors[n].found) for n, p in self.findings.items()},
            {n: together(p, reads_dtype(detectors[n])) for n, p in self.marked.items()},
            np.concatenate([np.zeros((0, 3), np.int64), *self.heard]),
            spoke,
            together(self.silences, coverage.SILENCE),
            late,
            self.duplicates,
            repeated,
            self.positions,
            self.seconds,
            together(self.plot, PLOT),
        )


def _plot(rows: schema.Rows, here: Array) -> Array:
    """Return one row a minute of each track."""
    slot = rows.time_us // PLOT_US
    new = here.copy()
    new[1:] &= (slot[1:] != slot[:-1]) | (rows.track[1:] != rows.track[:-1]) | (rows.kind[:-1] != schema.POSITION)
    kept = np.zeros(int(new.sum()), PLOT)
    for name in ("track", "time_us", "lon_deg", "lat_deg", "sog_kn"):
        kept[name] = getattr(rows, name)[new]
    kept["offset_deg"] = (rows.heading_deg[new] - rows.cog_deg[new] + 180.0) % 360.0 - 180.0
    return kept


def _room(picture: state.Picture) -> state.Picture:
    """Make room for every track the known vessels could start."""
    most = int(picture.sizes[0]) * state.TRACKS_PER_MMSI
    return picture._replace(tracks=state.grown(picture.tracks, most))
