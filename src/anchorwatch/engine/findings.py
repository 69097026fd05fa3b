"""Findings of detectors, from arrays below the line to objects above it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from anchorwatch.chart import Chart
from anchorwatch.model import Finding

if TYPE_CHECKING:
    from anchorwatch.engine.batch import Job

Array = np.ndarray[Any, Any]


def finding_id(detector: str, track: int, start_us: int) -> str:
    """Id of a finding: the same in every run that sees it."""
    return "f1-" + hashlib.sha256(f"{detector} {track} {start_us}".encode()).hexdigest()[:16]


def findings_of(job: Job, outputs: list[Mapping[str, Array]]) -> list[Finding]:
    """Return the findings of several outputs as objects."""
    return [
        finding
        for output in outputs
        for name, array in output.items()
        for finding in objects(name, array, job.detectors[name].measures, job.chart)
    ]


def objects(detector: str, array: Array, measures: tuple[str, ...], chart: Chart) -> list[Finding]:
    """Return one array of findings as objects, with the asset's id for its index."""
    columns = {name: array[name].tolist() for name in array.dtype.names or ()}
    ids = [a.id for a in chart.assets]
    found = []
    for i in range(len(array)):
        row = {name: values[i] for name, values in columns.items()}
        asset = row.pop("asset")
        values = {m: row.pop(m) for m in measures}
        row["open"] = bool(row["open"])
        found.append(
            Finding(
                id=finding_id(detector, row["track"], row["start_us"]),
                detector=detector,
                asset=ids[asset] if asset >= 0 else None,
                values=values,
                zone=chart.ruled[int(values["zone"])].name if "zone" in values else "",
                **row,
            )
        )
    return found
