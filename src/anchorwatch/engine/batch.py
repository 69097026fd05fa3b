"""Batch: files in, alerts out. Streams in bounded blocks; the same answer however the work is split.

The parent reads, decodes, tidies and judges. The part that looks at one track at a time runs here, or,
split by vessel, in spawned processes (fork and polars deadlock).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.engine import faulted, scan, settle
from anchorwatch.engine.job import Job, Memory, sea_of, start
from anchorwatch.engine.merge import merge
from anchorwatch.engine.pool import Ending, crew
from anchorwatch.engine.ruleset import ruleset_of
from anchorwatch.model import Alert, Finding
from anchorwatch.picture.records import together
from anchorwatch.picture.tidy import tidy

__all__ = ["Block", "Job", "Memory", "Result", "Tally", "run", "sea_of", "start", "stream", "within"]

Array = np.ndarray[Any, Any]


@dataclass
class Result:
    """What a run found and saw."""

    alerts: list[Alert]
    findings: list[Finding]
    memory: Memory
    ruleset: str
    positions: int = 0
    vessel_hours: float = 0.0
    vessels: int = 0
    first_us: int = 0
    last_us: int = 0
    counts: dict[str, int] = field(default_factory=dict)  # duplicates, others, rejects by reason
    plot: Array = field(default_factory=lambda: np.zeros(0, scan.PLOT))


class Block(NamedTuple):
    """One block of decoded input: schema.POSITIONS and STATICS."""

    positions: pl.DataFrame
    statics: pl.DataFrame
    others: int = 0  # rows of things that are not vessels


class Tally:
    """Counts, and what the passes over tracks have put out so far."""

    def __init__(self, reject: Callable[[pl.DataFrame], None] = lambda _frame: None) -> None:
        """Start with nothing counted; `reject` takes frames of rejected rows."""
        self.reject = reject
        self.statics: list[pl.DataFrame] = []
        self.counts: dict[str, int] = {}
        self.first_us, self.last_us = 1 << 62, 0

    def count(self, reason: str, rows: int) -> None:
        """Add to a count."""
        if rows:
            self.counts[reason] = self.counts.get(reason, 0) + rows

    def tidied(self, positions: pl.DataFrame, job: Job) -> pl.DataFrame:
        """Return the positions of vessels within the time asked for; count the rest."""
        kept, others, rejects = tidy(positions)
        self.count("not_a_vessel", others.height)
        if rejects.height:
            self.reject(rejects)
        kept = within(kept, job)
        if kept.height:
            times = kept["time_us"]
            self.first_us = min(self.first_us, int(times.min()))  # type: ignore[arg-type]
            self.last_us = max(self.last_us, int(times.max()))  # type: ignore[arg-type]
        return kept


def within(frame: pl.DataFrame, job: Job) -> pl.DataFrame:
    """Return the rows from `since_us` up to and not including `until_us`."""
    if job.since_us is not None:
        frame = frame.filter(pl.col("time_us") >= job.since_us)
    if job.until_us is not None:
        frame = frame.filter(pl.col("time_us") < job.until_us)
    return frame


def late_rejects(late: Array) -> pl.DataFrame:
    """Rejects for events that came too late to be put back in order."""
    return pl.DataFrame(
        {
            "reason": ["late"] * len(late),
            "source": late["source"],
            "line": late["line"],
            "text": [f"mmsi {e['mmsi']}, {e['time_us']} us" for e in late],
        }
    )


def run(
    job: Job,
    inputs: Sequence[Iterable[Block]],
    memory: Memory | None = None,
    jobs: int = 1,
    reject: Callable[[pl.DataFrame], None] = lambda _frame: None,
) -> Result:
    """Scan inputs to alerts. `memory` continues an earlier run; `Result.memory` continues this one.

    What is remembered still waits for late rows; what is reported does not: it is what a watch would say
    if the world ended at the newest row.
    """
    memory = memory or start(job)
    first_us = int(memory.tracks.picture.sizes[2])  # what is older was settled by an earlier run
    tally = Tally(reject)
    crossed = [c for facts in memory.docket.crossings.values() for c in facts]
    known = faulted.remembered(memory.tracks, job.faults, [*crossed, *memory.pending], job.chart)
    with crew(job.watch, known, jobs) as tracks:
        for positions, statics in stream(job, inputs, tally):
            tally.statics.append(statics)
            tracks.work(positions, statics)
        ending = tracks.end()
    for output in [*ending.certain, *ending.ahead]:
        tally.count("duplicate", output.duplicates)
        if len(output.late):
            reject(late_rejects(output.late))
    return _close(job, memory, ending, tally, first_us)


def stream(job: Job, inputs: Sequence[Iterable[Block]], tally: Tally) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Merge the inputs and tidy them: pairs of positions and static reports."""
    if len(inputs) == 1:
        for block in inputs[0]:
            tally.count("not_a_vessel", block.others)
            yield tally.tidied(block.positions, job), within(block.statics, job)
        return
    statics: list[pl.DataFrame] = []

    def positions_of(number: int, blocks: Iterable[Block]) -> Iterator[pl.DataFrame]:
        for block in blocks:
            tally.count("not_a_vessel", block.others)
            both = pl.concat([_with_static(None, block.statics), _with_static(block.positions, None)])
            both = both.sort("line", maintain_order=True)  # a name is known as soon as the row that it came with
            yield both.with_columns(source=pl.lit(number, pl.Int16))

    for frame in merge([positions_of(n, blocks) for n, blocks in enumerate(inputs)]):
        is_static = frame["is_static"]
        positions = frame.filter(~is_static).select(list(schema.POSITIONS))
        statics = [frame.filter(is_static).select(list(schema.STATICS))]
        yield tally.tidied(positions, job), within(statics[0], job)


def _with_static(positions: pl.DataFrame | None, statics: pl.DataFrame | None) -> pl.DataFrame:
    """Return either table with the columns of both, so that they can be merged by time."""
    frame = statics if positions is None else positions
    assert frame is not None
    both = {**schema.STATICS, **schema.POSITIONS}
    blank = {n: pl.lit("" if t == pl.String else 0).cast(t) for n, t in both.items() if n not in frame.columns}
    return frame.with_columns(is_static=pl.lit(positions is None), **blank).select("is_static", *both)


def _close(job: Job, before: Memory, ending: Ending, tally: Tally, first_us: int) -> Result:
    """Settle what is settled, and look ahead to the end."""
    settled_us, end_us = scan.settled(ending.newest_us, job.watch), ending.newest_us + 1
    said = settle.settle(job, before, ending.memory, ending.certain, tally.statics, (first_us, settled_us))
    ahead = settle.look_ahead(job, said.memory, ending.ahead, (settled_us, end_us))
    outputs = [*ending.certain, *ending.ahead]
    return Result(
        alerts=sorted({a.id: a for a in [*said.alerts, *ahead.alerts]}.values(), key=lambda a: (a.raised_us, a.id)),
        findings=_last_words([*said.findings, *ahead.findings]),
        memory=settle.kept(said.memory, settled_us),
        ruleset=ruleset_of(job.detectors),
        positions=sum(o.positions for o in outputs),
        vessel_hours=sum(o.seconds for o in outputs) / 3600.0,
        vessels=int(ending.memory.picture.sizes[0]),
        first_us=tally.first_us if tally.last_us else 0,
        last_us=tally.last_us,
        counts=tally.counts,
        plot=together((o.plot for o in outputs), scan.PLOT),
    )


def _last_words(findings: list[Finding]) -> list[Finding]:
    """The last word on each finding, by time."""
    last: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda f: (f.at_us, f.detector, f.track, f.start_us)):
        last[finding.id] = finding
    return sorted(last.values(), key=lambda f: (f.start_us, f.detector, f.track))
