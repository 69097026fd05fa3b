"""Settle: what is in order for good goes through the second-form detectors and judgement, the rest waits. Pure.

The one step that an archive takes once at its end, and a live watch at every turn: however often it is taken, the
alerts are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import polars as pl

from anchorwatch.engine import scan, streams
from anchorwatch.engine.findings import findings_of
from anchorwatch.engine.job import Job, Memory
from anchorwatch.engine.ruleset import ruleset_of
from anchorwatch.judgement.context import Context
from anchorwatch.judgement.judge import could_matter, judge
from anchorwatch.model import Alert, Finding
from anchorwatch.picture import coverage, identity
from anchorwatch.picture.records import together


class Said(NamedTuple):
    """What one step said, and what is remembered after it."""

    alerts: list[Alert]  # new or changed, by `raised`
    findings: list[Finding]  # all that were made, judged or not
    memory: Memory


def settle(
    job: Job, before: Memory, tracks: scan.Memory, outputs: Sequence[scan.Output], statics: list[pl.DataFrame],
    span: tuple[int, int],
) -> Said:  # fmt: skip
    """Judge for good all from `span[0]` up to `span[1]`, once the tracks have been settled up to there."""
    first_us, settled_us = span
    waited = before.waiting or streams.start(job.detectors)
    ready, waiting = streams.parted(streams.joined(waited, outputs, statics), settled_us)
    sightings = identity.add(before.sightings, [ready.reports])
    heard = coverage.add(before.coverage, [o.heard for o in outputs])
    silences = together([before.silences, *(o.silences for o in outputs)], coverage.SILENCE)
    crowd = Crowd(job, before.areas, [*before.pending, *findings_of(job, [o.findings for o in outputs])])
    crowd.look(ready, sightings, heard, first_us, settled_us)
    alerts: list[Alert] = []
    docket = before.docket
    due = [f for f in crowd.made if f.at_us < settled_us]
    if due:
        said = identity.Registry(identity.add(sightings, [waiting.reports]))
        alerts, docket = judge(due, job.detectors, _context(job, heard, silences, said), docket)
    pending = [f for f in crowd.made if f.at_us >= settled_us]
    memory = Memory(tracks, crowd.memories, waiting, heard, silences, sightings, docket, pending)
    return Said(alerts, crowd.made, memory)


def look_ahead(job: Job, memory: Memory, outputs: Sequence[scan.Output], span: tuple[int, int]) -> Said:
    """Say what a watch would say if the world ended at `span[1]`; the memory is as it was."""
    settled_us, end_us = span
    assert memory.waiting is not None
    heard = coverage.add(memory.coverage, [o.heard for o in outputs])
    silences = together([memory.silences, *(o.silences for o in outputs)], coverage.SILENCE)
    said = identity.Registry(identity.add(memory.sightings, [memory.waiting.reports]))
    crowd = Crowd(job, memory.areas, [*memory.pending, *findings_of(job, [o.findings for o in outputs])])
    soon, _ = streams.parted(streams.joined(memory.waiting, outputs), end_us)
    crowd.look(soon, said.sightings, heard, settled_us, end_us)
    alerts, _ = judge(crowd.made, job.detectors, _context(job, heard, silences, said), memory.docket)
    return Said(alerts, crowd.made, memory)


def kept(memory: Memory, settled_us: int) -> Memory:
    """Drop what no later row can ask for."""
    return replace(
        memory,
        coverage=coverage.forget(memory.coverage, settled_us),
        silences=memory.silences[memory.silences["known_us"] >= settled_us - coverage.KEEP_US],
        sightings=identity.forget(memory.sightings, settled_us),
    )


def _context(job: Job, heard: coverage.Coverage, silences: coverage.Array, said: identity.Registry) -> Context:
    return Context(
        job.chart, heard, silences, said, ruleset_of(job.detectors), job.watch_lists, job.faults, job.policies
    )


class Crowd:
    """The detectors of the second form at work over a time that is settled, or looked ahead to."""

    def __init__(self, job: Job, memories: dict[str, Any], made: list[Finding]) -> None:
        """Take what they remember, and the findings of the first form."""
        self.job, self.memories, self.made = job, memories, made

    def look(
        self, ready: streams.Raw, sightings: pl.DataFrame, heard: coverage.Coverage, first_us: int, end_us: int
    ) -> None:
        """Pass on the streams, last that of the findings that were made, and add what was found."""
        detectors = self.job.detectors
        given = streams.given(detectors, ready, sightings, first_us, end_us, self.job.chart)
        self._scan(given)
        if names := streams.takers(detectors, "findings"):
            told = [f for f in self.made if f.at_us < end_us and could_matter(f, detectors[f.detector])]
            self._scan(dict.fromkeys(names, streams.findings_stream(told, heard)))

    def _scan(self, given: streams.Streams) -> None:
        found, self.memories = streams.scan(self.job.detectors, given, self.memories)
        self.made += findings_of(self.job, [found])
