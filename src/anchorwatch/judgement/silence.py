"""What a silence of the feed means: which assets lie unwatched."""

from __future__ import annotations

import numpy as np

from anchorwatch.chart import Asset, Chart
from anchorwatch.model import Finding

MOST_ASSETS = 12  # shown; the rest are counted


def unwatched(finding: Finding, chart: Chart) -> list[Asset]:
    """Return the assets that lie in the silent area, those with the longest share of it first."""
    west, east, south, north = reach(finding)
    found = []
    for asset in chart.assets:
        lon, lat = places(asset)
        inside = int(((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)).sum())
        if inside:
            found.append((-inside, asset.id, asset))
    return [asset for _, _, asset in sorted(found, key=lambda f: f[:2])]


def places(asset: Asset) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    """Return points along an asset, at most about 2 km apart, and its own points."""
    lines = [np.asarray(line, np.float64).reshape(-1, 2) for line in asset.lines]
    parts = [np.array(asset.points, np.float64).reshape(-1, 2)]
    for line in lines:
        steps = np.maximum(1, np.ceil(np.abs(np.diff(line, axis=0)).max(axis=1, initial=0.0) / 0.02).astype(int))
        at = np.concatenate([k + np.arange(n) / n for k, n in enumerate(steps)] + [[len(line) - 1.0]])
        parts.append(np.stack([np.interp(at, np.arange(len(line)), line[:, c]) for c in (0, 1)], axis=1))
    every = np.concatenate(parts)
    return every[:, 0], every[:, 1]


def reach(finding: Finding) -> tuple[float, float, float, float]:
    """West, east, south and north of a silent area."""
    wide, tall = finding.values["reach_lon_deg"], finding.values["reach_lat_deg"]
    return finding.lon_deg - wide, finding.lon_deg + wide, finding.lat_deg - tall, finding.lat_deg + tall
