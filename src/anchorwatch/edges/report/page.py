"""Put the page together: one file, no network, nothing in it that a vessel's name could set off."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from anchorwatch import chart as charts
from anchorwatch.chart import Chart
from anchorwatch.edges.alerts import to_json
from anchorwatch.edges.records import plain, replacing, without_nan
from anchorwatch.edges.report.content import Floats, Summary, TrackPlot
from anchorwatch.edges.report.geography import geography
from anchorwatch.edges.report.thin import Span, gaps, thin
from anchorwatch.model import Alert, rfc3339

SCRIPTS = ("words.js", "map.js", "screen.js", "plot.js", "detail.js", "page.js")
TRACK_POINTS = 2000  # of one track: more than a plot has pixels
ALL_POINTS = 30_000  # of all tracks together: about 0.5 MB
FEWEST_POINTS = 150
LONGEST_TEXT = 600  # longer texts are no names and no sentences; the alert file has them whole


def write_report(
    path: str | Path,
    alerts: Sequence[Alert],
    tracks: Mapping[int, TrackPlot],
    chart: Chart,
    summary: Summary,
    coast: Iterable[Floats] | None = None,
) -> None:
    """Write the page. `tracks` are by MMSI; `coast` are rings of land, by default the built-in ones."""
    rings = charts.coast() if coast is None else coast
    page = render(content(alerts, tracks, chart, summary, rings))
    with replacing(Path(path)) as part:
        part.write_text(page, encoding="utf-8")


def render(data: Mapping[str, Any]) -> str:
    """Return the HTML page of some content."""
    script = "".join(_part(name) for name in SCRIPTS)
    style = palette() + _part("page.css")
    return Template(_part("page.html")).substitute(
        policy=_policy(script, style), style=style, script=script, data=embedded(data)
    )


def content(
    alerts: Sequence[Alert],
    tracks: Mapping[int, TrackPlot],
    chart: Chart,
    summary: Summary,
    coast: Iterable[Floats],
) -> dict[str, Any]:
    """Return everything the page shows."""
    shown = {a.vessel.mmsi: tracks[a.vessel.mmsi] for a in alerts if a.vessel.mmsi in tracks}
    limit = max(FEWEST_POINTS, min(TRACK_POINTS, ALL_POINTS // max(len(shown), 1)))
    spans: dict[int, list[Span]] = {mmsi: [] for mmsi in shown}
    for alert in alerts:
        spans.get(alert.vessel.mmsi, []).append((alert.start_us, alert.end_us))
    return {
        "alerts": [to_json(a) for a in alerts],
        "tracks": {mmsi: _track(plot, limit, spans[mmsi]) for mmsi, plot in shown.items()},
        "summary": _summary(summary, chart),
        **geography(alerts, shown, chart, coast),
    }


def embedded(data: Mapping[str, Any]) -> str:
    """Return JSON that stays inside its script element whatever the texts in it say."""
    text = json.dumps(_tame(without_nan(data)), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _tame(value: Any) -> Any:
    if isinstance(value, str):
        text = plain(value)
        return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    if isinstance(value, dict):
        return {_tame(k): _tame(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_tame(v) for v in value] if value and not isinstance(value[0], int) else value
    return value


def _track(plot: TrackPlot, limit: int, spans: Sequence[Span]) -> dict[str, Any]:
    silences = gaps(plot)
    plot = thin(plot, limit, spans)
    offset = plot.offset_deg
    return {
        "t": _differences(plot.time_us / 1e6, 1),
        "lon": _differences(plot.lon_deg, 1e5),
        "lat": _differences(plot.lat_deg, 1e5),
        "sog": _differences(plot.sog_kn, 10),
        "baseline": _differences(plot.baseline_kn, 10),
        "offset": None if offset is None or not np.isfinite(offset).any() else _differences(offset, 1),
        "gaps": [[start_us / 1e6, end_us / 1e6] for start_us, end_us in silences],
        "crossings": [
            {"t": c.time_us / 1e6, "asset": c.asset, "name": c.name, "lon": c.lon_deg, "lat": c.lat_deg}
            for c in plot.crossings[:TRACK_POINTS]
        ],
    }


def _differences(column: Floats, per_unit: float) -> list[int | None]:
    """Return whole steps from one known value to the next; None where nothing is known."""
    out: list[int | None] = [None] * len(column)
    last = 0
    for i in np.flatnonzero(np.isfinite(column)).tolist():
        now = round(float(column[i]) * per_unit)
        out[i], last = now - last, now
    return out


def _summary(summary: Summary, chart: Chart) -> dict[str, Any]:
    guarded = [a for a in chart.assets if a.lines or a.kind == "platform"]
    kinds = sorted({a.kind for a in guarded})
    return {
        "files": list(summary.files),
        "since": None if summary.since_us is None else rfc3339(summary.since_us),
        "until": None if summary.until_us is None else rfc3339(summary.until_us),
        "rows": summary.rows,
        "vessels": summary.vessels,
        "vessel_hours": summary.vessel_hours,
        "ruleset": summary.ruleset,
        "rejects": dict(summary.rejects),
        "detectors": list(summary.detectors),
        "notes": [*summary.notes, *chart.warnings],
        "assets": {kind: sum(a.kind == kind for a in guarded) for kind in kinds},
        "schematic": sum(a.geometry == "schematic" for a in guarded),
    }


def _policy(script: str, style: str) -> str:
    """Return the content security policy: this script and this style run, and nothing else is loaded or run."""
    return (
        f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def palette() -> str:
    """Return the colours of all pages: by day, by night, on paper."""
    return _part("palette.css")


def _part(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
