"""What a watch is made of, and what it remembers: the same for an archive, a live feed and a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from anchorwatch.chart import Chart
from anchorwatch.detectors import Detector
from anchorwatch.engine import faulted, scan, streams
from anchorwatch.judgement.judge import Docket
from anchorwatch.judgement.watch_list import WatchLists
from anchorwatch.model import Fault, Finding
from anchorwatch.picture import coverage, identity
from anchorwatch.picture.policy import Policy
from anchorwatch.picture.weave import Sea

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Memory:
    """Everything one run hands to the next."""

    tracks: scan.Memory
    areas: dict[str, Any] = field(default_factory=dict)  # second-form detectors
    waiting: streams.Raw | None = None  # what their streams are made of, too new to be in order; None = nothing
    coverage: coverage.Coverage = field(default_factory=coverage.start)
    silences: Array = field(default_factory=lambda: np.zeros(0, coverage.SILENCE))
    sightings: pl.DataFrame = field(default_factory=identity.start)
    docket: Docket = field(default_factory=Docket)
    pending: list[Finding] = field(default_factory=list)  # made, but too new to be judged for good


class Job(NamedTuple):
    """What to watch with."""

    chart: Chart
    detectors: dict[str, Detector]
    since_us: int | None = None
    until_us: int | None = None
    plot: bool = False
    watch_lists: WatchLists = WatchLists()
    faults: tuple[Fault, ...] = ()  # outage notices
    policies: Mapping[int, Policy] | None = None  # of live feeds by number; None = sources are parts of one archive

    @property
    def watch(self) -> scan.Watch:
        """The compiled side of it."""
        failed = faulted.failed(self.faults, self.chart)
        return scan.Watch(sea_of(self.chart), self.detectors, plot=self.plot, rules=self.chart.rules, faults=failed)


def sea_of(chart: Chart) -> Sea:
    """Return the compiled side of a chart."""
    error_m = chart.error_m if len(chart.assets) else np.zeros(1)
    return Sea(chart.grid, error_m, chart.zone_grid, chart.depth, chart.shore)


def start(job: Job) -> Memory:
    """Return the memory of a watch that has seen nothing."""
    return Memory(scan.start(job.watch))
