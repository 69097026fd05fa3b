"""A vessel crossed an asset. A fact for judgement and attribution, never an alert of its own: nearly every
vessel in a busy sea crosses a cable each day, and no Baltic incident was told apart by its crossings alone
(reference: more than 140 crossings by one trawler at Svalbard proved nothing).

A finding has no length: `start_us` is the moment of the crossing on the straight line between two
positions, `raised_us` the time of the second position, before which nobody could know it. Limits: the
moment is only as good as the interval `dt_s`, the place as good as `error_m` of the charted route.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import minutes, named
from anchorwatch.model import Finding, utc


class Params(NamedTuple):
    """No thresholds: the picture decides what a crossing is."""

    none: float = 0.0


MEMORY = np.dtype([("start_us", np.int64)])  # the last crossing told since the last position


def step(rows: Any, i: int, me: Any, params: Params, found: Any) -> bool:
    """Report each CROSSING row once."""
    if rows.kind[i] == schema.POSITION:
        me.start_us = 0
    if rows.kind[i] != schema.CROSSING:
        return False
    # Two assets that share a line are crossed in the same microsecond; ids are made of times.
    start_us = max(rows.crossed_us[i], me.start_us + 1)
    me.start_us = start_us
    found.start_us = start_us
    found.end_us = start_us
    found.raised_us = rows.time_us[i]
    found.open = 0
    found.asset = rows.asset[i]
    found.asset_m = 0.0
    found.kp_km = rows.kp_km[i]
    found.lon_deg = rows.lon_deg[i]
    found.lat_deg = rows.lat_deg[i]
    found.sog_kn = rows.sog_kn[i]
    found.angle_deg = rows.asset_angle_deg[i]
    found.error_m = rows.asset_error_m[i]
    found.dt_s = rows.dt_s[i]
    return True


def explain(finding: Finding) -> str:
    """Say when, where, how fast and how square."""
    v = finding.values
    at = "" if math.isnan(finding.kp_km) else f" at kilometre {finding.kp_km:.1f}"
    doubt = f"; the chart may be {v['error_m'] / 1000:.0f} km off" if v["error_m"] > 2000 else ""
    gap = f", between two positions {minutes(v['dt_s'])} apart" if v["dt_s"] > 600 else ""
    return (
        f"Crossed {named(finding)}{at} at {utc(finding.start_us):%H:%M} UTC at {v['sog_kn']:.1f} kn, "
        f"{v['angle_deg']:.0f} degrees to it{gap}{doubt}. Ordinary traffic crosses assets every day."
    )


DETECTOR = Detector(
    name="crossing",
    key="track",
    reads=(
        *("kind", "time_us", "lon_deg", "lat_deg", "sog_kn", "dt_s", "asset", "asset_angle_deg", "asset_error_m"),
        *("kp_km", "crossed_us"),
    ),
    params=Params(),
    memory=MEMORY,
    measures=("sog_kn", "angle_deg", "error_m", "dt_s"),
    explain=explain,
    step=step,
    fact=True,
)
