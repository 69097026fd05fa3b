"""What lies ahead of a vessel: the next assets on its course, when, and how sure."""

from __future__ import annotations

from math import cos, isfinite, radians, sin

import numpy as np

from anchorwatch.chart import Chart, crossings_one
from anchorwatch.model import Finding, NextAsset

HORIZON_S = 3 * 3600.0  # Eagle S took 5 h 38 min to its next cable, the median distance is far less
STEP_S = 600.0
MOST = 5
# Share of ships still on the same course after an hour; they turn at waypoints, so confidence halves.
HALF_LIFE_S = 3600.0
LEAST_KN = 0.5


def next_assets(finding: Finding, chart: Chart) -> tuple[NextAsset, ...]:
    """Assets that a straight course would cross within three hours of the finding, nearest first."""
    if (
        not (isfinite(finding.at_sog_kn) and isfinite(finding.at_cog_deg))
        or finding.at_sog_kn < LEAST_KN
        or not finding.open
    ):
        return ()
    lon, lat = finding.at_lon_deg, finding.at_lat_deg
    found: dict[str, NextAsset] = {}
    asset, fraction = np.empty(16, np.int32), np.empty(16)
    kp_km, bearing = np.empty(16), np.empty(16)
    for start_s in np.arange(0.0, HORIZON_S, STEP_S):
        to_lon, to_lat = _along(lon, lat, finding.at_cog_deg, finding.at_sog_kn * 1852.0 / 3600.0 * STEP_S)
        n = crossings_one(chart.grid, lon, lat, to_lon, to_lat, asset, fraction, kp_km, bearing)
        for k in range(n):
            name = chart.assets[asset[k]].id
            eta_s = start_s + fraction[k] * STEP_S
            if name not in found and len(found) < MOST:
                confidence = round(0.9 * 0.5 ** (eta_s / HALF_LIFE_S), 2)
                found[name] = NextAsset(name, finding.at_us + int(eta_s * 1e6), confidence)
        lon, lat = to_lon, to_lat
    return tuple(found.values())


def _along(lon_deg: float, lat_deg: float, course_deg: float, way_m: float) -> tuple[float, float]:
    """A short step on a course: good to metres over ten kilometres."""
    lat = lat_deg + way_m * cos(radians(course_deg)) / 111_195.0
    lon = lon_deg + way_m * sin(radians(course_deg)) / (111_195.0 * max(cos(radians((lat + lat_deg) / 2)), 0.01))
    return lon, lat
