"""Outage notices on their way to the tracks: which crossings make a track follow-worthy, also those long remembered."""

from __future__ import annotations

from collections.abc import Iterable

from anchorwatch.chart import Chart
from anchorwatch.engine import scan
from anchorwatch.judgement.faults import fits, slack_s
from anchorwatch.model import Fault, Finding
from anchorwatch.picture import suspicion


def failed(faults: Iterable[Fault], chart: Chart) -> suspicion.Array:
    """Return the faults as the compiled pass wants them."""
    records = []
    for fault in faults:
        error_m = chart.asset(fault.asset).error_m
        slack_us = round(slack_s(error_m) * 1e6)
        records.append(
            (chart.index[fault.asset], fault.from_us - slack_us, fault.until_us + slack_us, fault.known_us,
             fault.lon_deg, fault.lat_deg, fault.radius_km * 1000.0 + error_m)
        )  # fmt: skip
    return suspicion.faults_of(records)


def remembered(
    memory: scan.Memory, faults: tuple[Fault, ...], crossings: Iterable[Finding], chart: Chart
) -> scan.Memory:
    """Put tracks under suspicion that crossed an asset in an earlier run, before anybody spoke of its failure."""
    if not faults:
        return memory
    known: dict[int, int] = {}
    for crossing in (c for c in crossings if c.detector == "crossing"):
        for fault in faults:
            if fits(crossing, fault, chart.asset(fault.asset).error_m):
                known[crossing.track] = min(known.get(crossing.track, fault.known_us), fault.known_us)
    used = int(memory.picture.sizes[1])
    records = memory.tracks[suspicion.KEY][:used].copy()
    keys = {int(track): key for key, track in enumerate(memory.picture.tracks["track"][:used])}
    for track, known_us in known.items():
        if track in keys:
            before = int(records["failed_us"][keys[track]])
            records["failed_us"][keys[track]] = min(before, known_us) if before else known_us
    return scan.Memory(memory.picture, {**memory.tracks, suspicion.KEY: records})
