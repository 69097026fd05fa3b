"""Findings of detectors, from arrays below the line to objects above it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from anchorwatch.chart import Chart
from anchorwatch.detectors import FOUND
from anchorwatch.model import Finding
from anchorwatch.picture.records import together

if TYPE_CHECKING:
    from anchorwatch.engine.job import Job

Array = np.ndarray[Any, Any]
COMMON = [name for name, *_ in FOUND]


def finding_id(detector: str, track: int, start_us: int) -> str:
    """Id of a finding: the same in every run that sees it."""
    return "f1-" + hashlib.sha256(f"{detector} {track} {start_us}".encode()).hexdigest()[:16]


def findings_of(job: Job, outputs: list[Mapping[str, Array]]) -> list[Finding]:
    """Return the findings of several outputs as objects."""
    return [
        finding
        for name, detector in job.detectors.items()
        for finding in objects(
            name, together((o[name] for o in outputs if name in o), detector.found), detector.measures, job.chart
        )
    ]


def objects(detector: str, array: Array, measures: tuple[str, ...], chart: Chart) -> list[Finding]:
    """Return one array of findings as objects, with the asset's id for its index."""
    assets = [a.id for a in chart.assets] + [None]  # none is -1
    zone = measures.index("zone") if "zone" in measures else None
    columns = array[COMMON].tolist(), array[list(measures)].tolist()
    ids: dict[tuple[int, int], str] = {}
    found = []
    for common, measured in zip(*columns, strict=True):
        track, mmsi, at_us, sog_kn, cog_deg, at_lon, at_lat, start_us, end_us, raised_us = common[:10]
        still_on, asset, asset_m, kp_km, lon_deg, lat_deg = common[10:]
        key = track, start_us
        if key not in ids:
            ids[key] = finding_id(detector, track, start_us)
        found.append(
            Finding(
                ids[key], detector, track, mmsi, at_us, start_us, end_us, raised_us, bool(still_on),
                assets[asset], asset_m, kp_km, lon_deg, lat_deg, dict(zip(measures, measured, strict=True)),
                sog_kn, cog_deg, at_lon, at_lat,
                chart.ruled[int(measured[zone])].name if zone is not None else "",
            )
        )  # fmt: skip
    return found
