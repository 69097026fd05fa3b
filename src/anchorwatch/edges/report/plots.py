"""From a scan to what its page shows: tracks of the alerted vessels, and what was watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from anchorwatch.chart import Chart
from anchorwatch.edges.report.content import Crossing, Summary, TrackPlot
from anchorwatch.engine import batch
from anchorwatch.model import Alert
from anchorwatch.picture.usual import usual_kn

Array = np.ndarray[Any, Any]
AROUND_US = 6 * 3_600_000_000  # of track shown before and after an alert


def track_plots(result: batch.Result, chart: Chart) -> dict[int, TrackPlot]:
    """Return the track of each alerted vessel around its alerts, by MMSI."""
    spans: dict[int, tuple[int, int]] = {}
    for alert in result.alerts:
        first, last = spans.get(alert.vessel.mmsi, (alert.start_us, alert.end_us))
        spans[alert.vessel.mmsi] = (min(first, alert.start_us), max(last, alert.end_us))
    mmsi = result.plot["track"] // 8
    plots = {}
    for vessel, (first, last) in spans.items():
        near = (result.plot["time_us"] >= first - AROUND_US) & (result.plot["time_us"] <= last + AROUND_US)
        rows = result.plot[(mmsi == vessel) & near]
        if len(rows):
            mine = [a for a in result.alerts if a.vessel.mmsi == vessel]
            plots[vessel] = _plot(
                rows[np.argsort(rows["time_us"], kind="stable")], mine, _crossings(vessel, result, chart)
            )
    return plots


def _plot(rows: Array, alerts: Sequence[Alert], crossings: tuple[Crossing, ...]) -> TrackPlot:
    sog = rows["sog_kn"].astype(np.float64)
    usual = usual_kn(rows["time_us"], sog)
    for alert in alerts:  # what a detector measured against goes before what the hour shows
        base = alert.extra.get("values", {}).get("base_kn")
        if base is not None:
            usual[(rows["time_us"] >= alert.start_us) & (rows["time_us"] <= alert.end_us)] = base
    return TrackPlot(
        time_us=rows["time_us"],
        lon_deg=rows["lon_deg"].astype(np.float64),
        lat_deg=rows["lat_deg"].astype(np.float64),
        sog_kn=sog,
        baseline_kn=usual,
        offset_deg=rows["offset_deg"].astype(np.float64) if np.isfinite(rows["offset_deg"]).any() else None,
        crossings=crossings,
    )


def _crossings(mmsi: int, result: batch.Result, chart: Chart) -> tuple[Crossing, ...]:
    names = {a.id: a.name for a in chart.assets}
    return tuple(
        Crossing(f.start_us, f.asset, names[f.asset], f.lon_deg, f.lat_deg)
        for f in result.findings
        if f.detector == "crossing" and f.mmsi == mmsi and f.asset is not None
    )


def summary(result: batch.Result, files: Sequence[str], rejects: Mapping[str, int], job: batch.Job) -> Summary:
    """Return what was watched."""
    return Summary(
        files=tuple(files),
        since_us=result.first_us if result.last_us else None,
        until_us=result.last_us if result.last_us else None,
        rows=result.positions,
        vessels=result.vessels,
        vessel_hours=result.vessel_hours,
        ruleset=result.ruleset,
        rejects={**rejects, **result.counts},
        detectors=tuple(sorted(job.detectors)),
    )
