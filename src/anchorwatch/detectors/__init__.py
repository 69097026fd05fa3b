"""One file = one behaviour. This module holds the contract and finds the detectors.

A detector of the first form is a `step` over single rows: plain scalar Python, compiled by the engine.
A detector of the second form (pairs of vessels, sea areas, what vessels say of themselves, other detectors'
findings) is a `scan` over one stream of all vessels in time order. A new detector is `detectors/<name>.py` with
a module-level `DETECTOR`, and `tests/scenarios/<name>.toml`; third parties use the entry-point group
`anchorwatch.detectors`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Literal

import numpy as np

from anchorwatch import schema
from anchorwatch.model import Alternative, Finding, Reason

# What every finding says. A detector's own measures follow as float64 fields.
FOUND = [
    ("track", np.int64),  # set by the engine
    ("mmsi", np.int32),  # set by the engine
    ("at_us", np.int64),  # set by the engine: time of the row at which this was said
    ("at_sog_kn", np.float64),  # set by the engine: speed, course and place then, to look ahead from
    ("at_cog_deg", np.float64),
    ("at_lon_deg", np.float64),
    ("at_lat_deg", np.float64),
    ("start_us", np.int64),  # with detector and track it makes the id: never changes while a finding grows
    ("end_us", np.int64),  # last evidence
    ("raised_us", np.int64),  # when the evidence first sufficed
    ("open", np.uint8),  # 1 = still going on; a later finding of the same id replaces this one
    ("asset", np.int32),  # index into the chart, -1 = none
    ("asset_m", np.float64),
    ("kp_km", np.float64),
    ("lon_deg", np.float64),  # where it is best shown
    ("lat_deg", np.float64),
]


def _no_reasons(_finding: Finding) -> tuple[Reason, ...]:
    return ()


@dataclass(frozen=True)
class Detector:
    """Finds one behaviour in time-ordered rows of one key.

    `step(rows, i, me, params, found) -> bool`: look at row i, update `me` (a record of `memory`, all zero
    at first), and either fill `found` and return True, or return False. It may report the same finding
    (same start_us) again as it grows; the last word counts. It touches only `rows` columns it `reads`.
    """

    name: str
    key: Literal["track", "area", "asset"]
    reads: tuple[str, ...]
    params: Any  # a NamedTuple: thresholds, unit in the name, reason and source in a comment
    memory: np.dtype[Any]
    measures: tuple[str, ...]  # float64 fields of its findings, beside FOUND
    explain: Callable[[Finding], str]  # one sentence for the watch officer, numbers and an innocent alternative
    step: Callable[..., bool] | None = None
    # Second form: scan(rows, memory, params) -> (findings, memory), over one stream of all vessels, in time
    # order: rows is a structured array of `reads`, findings one of `found`, memory one of `memory`.
    scan: Callable[..., tuple[np.ndarray[Any, Any], Any]] | None = None
    # Which stream: enriched rows where `marks` says so, or one of schema.STREAMS: what vessels say of
    # themselves, how many were heard where in ten minutes, or the findings of all other detectors.
    takes: Literal["rows", "statements", "heard", "findings"] = "rows"
    # For "rows": a mask over a batch. It must look at each row alone: batches are cut anywhere.
    marks: Callable[[schema.Rows], np.ndarray[Any, Any]] | None = None
    weigh: Callable[[Finding], tuple[Reason, ...]] = _no_reasons  # additive log-odds, named
    alternatives: tuple[Alternative, ...] = ()
    fact: bool = False  # a fact for others to use, never an alert of its own

    @property
    def follows(self) -> bool:
        """Whether it looks at vessels under suspicion: it is run after the others, on their rows only."""
        return "suspect" in self.reads

    @cached_property
    def found(self) -> np.dtype[Any]:
        """Layout of this detector's findings."""
        return np.dtype([*FOUND, *((m, np.float64) for m in self.measures)])


def discover() -> dict[str, Detector]:
    """Return all detectors by name: the files of this folder, then the entry points of third parties."""
    found: dict[str, Detector] = {}
    for module in sorted(m.name for m in iter_modules([str(Path(__file__).parent)]) if not m.name.startswith("_")):
        detector: Detector = import_module(f"{__name__}.{module}").DETECTOR
        found[detector.name] = detector
    for point in sorted(entry_points(group="anchorwatch.detectors"), key=lambda p: p.name):
        detector = point.load()
        found.setdefault(detector.name, detector)
    return found


__all__ = ["FOUND", "Detector", "discover"]
