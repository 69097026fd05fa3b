"""Is the exam itself right? Measure in the rows what the truth file claims.

`complaints(made, cables)` is empty for a good set. All is measured from the written rows, not from the intent.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from .hosts import KN, NM, Cables, Floats, to_metres
from .make import TestSet
from .score import Truth, read_truth

# Position noise and one minute between rows blur every limit a little.
SLACK_M = 120.0


def complaints(made: TestSet, cables: Cables) -> list[str]:
    """One sentence for each injection that is not what its truth says."""
    rows = pl.read_parquet(made.traffic).sort("mmsi", "time")
    found = []
    for truth in read_truth(made.truth):
        if truth.mmsi is not None:
            mine = rows.filter(pl.col("mmsi") == truth.mmsi)
            found += [f"{truth.ident} {truth.klass}: {what}" for what in _vessel(truth, mine, cables)]
        elif len(truth.mmsis) < 4:
            found.append(f"{truth.ident} {truth.klass}: only {len(truth.mmsis)} vessels share it")
    return found


def _vessel(truth: Truth, rows: pl.DataFrame, cables: Cables) -> list[str]:
    if len(rows) < 15:
        return [f"only {len(rows)} rows"]
    xy = to_metres(rows["lon_deg"].to_numpy(), rows["lat_deg"].to_numpy())
    seconds = rows["time"].dt.epoch("us").to_numpy() / 1e6
    made_kn = np.hypot(*np.diff(xy, axis=0).T) / np.diff(seconds) / KN
    inside = rows["time"].is_between(truth.start, truth.end).to_numpy()
    out = []
    if truth.klass == "position_jump":
        if made_kn.max() < 60:
            out.append(f"no jump: at most {made_kn.max():.0f} kn between positions")
    elif np.sort(made_kn)[-3:].mean() > 40:
        out.append(f"moves at {made_kn.max():.0f} kn")
    if truth.klass == "ais_gap":
        return out + _gap(seconds, xy, cables)
    if truth.klass == "steady_drag":
        return out + _loss(truth, rows)
    return out + _places(truth, xy[inside], cables) + _crossings(truth)


def _gap(seconds: Floats, xy: Floats, cables: Cables) -> list[str]:
    i = int(np.argmax(np.diff(seconds)))
    silent_min = (seconds[i + 1] - seconds[i]) / 60
    if silent_min < 35 or silent_min > 155:
        return [f"silent for {silent_min:.0f} min"]
    return [] if cables.crossings(xy[i : i + 2]) else ["no cable between the last and the next position"]


def _loss(truth: Truth, rows: pl.DataFrame) -> list[str]:
    settled = truth.start + timedelta(minutes=float(truth.params["ramp_min"]))
    before = rows.filter(pl.col("time") < truth.start)["sog_kn"].tail(15).median()
    after = rows.filter(pl.col("time").is_between(settled, settled + timedelta(minutes=15)))["sog_kn"].median()
    assert isinstance(before, float) and isinstance(after, float)
    measured, meant = 1 - after / before, float(truth.params["loss"])
    # A host may change its speed by itself meanwhile; what is left must still be a loss.
    out = (
        [f"measured loss is {measured:.2f}, not {meant:.2f}"] if measured < 0.04 or abs(measured - meant) > 0.12 else []
    )
    first = min((t for t in truth.crossings if t >= truth.start), default=None)
    if first is None or first > truth.start + timedelta(minutes=42):
        out.append("no cable within 40 min after onset")
    return out


def _places(truth: Truth, xy: Floats, cables: Cables) -> list[str]:
    """Distances from the cables while it happens: (quantile, at least, at most) by class."""
    limits = {
        "anchored_on_asset": (1.0, 0.0, 0.3 * NM),
        "loitering": (1.0, 0.0, 2 * NM),
        "following_asset": (0.75, 0.0, 700.0),
        "drift_far": (0.0, 5 * NM, np.inf),
        "pilot_boarding": (0.0, NM, np.inf),
    }
    if truth.klass not in limits or not len(xy):
        return []
    share, least, most = limits[truth.klass]
    distance = float(np.quantile(cables.distance_m(xy), share))
    within = least - SLACK_M <= distance <= most + SLACK_M
    return [] if within else [f"{distance:.0f} m from the cables"]


def _crossings(truth: Truth) -> list[str]:
    if truth.klass != "slowdown_ends_before":
        return []
    margin = timedelta(minutes=3)
    over = [t for t in truth.crossings if truth.start - margin <= t <= truth.end + margin]
    return [f"crosses a cable at {over[0]:%H:%M}, during or right beside the slowdown"] if over else []
