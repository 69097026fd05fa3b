"""Fewer points for the eye, none of the extremes lost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from anchorwatch.edges.report.content import Floats, Ints, TrackPlot

Span = tuple[int, int]  # start_us, end_us

# Class A reports at least every 3 minutes (ITU-R M.1371, table 1). Silence of ten is worth showing, if the
# track is usually denser than that.
GAP_US = 600_000_000
GAP_TIMES_USUAL = 6
# Half of the points go to the alerts and so much before and after: that is what is looked at.
AROUND_US = 2 * 3_600_000_000


def gaps(plot: TrackPlot) -> list[Span]:
    """Return the silences of a track, longest first, at most 200."""
    steps = np.diff(plot.time_us)
    if not len(steps):
        return []
    usual = GAP_TIMES_USUAL * float(np.median(steps))
    silent = np.flatnonzero(steps > max(GAP_US, usual))
    longest = silent[np.argsort(-steps[silent], kind="stable")][:200]
    return [(int(plot.time_us[i]), int(plot.time_us[i + 1])) for i in longest]


def thin(plot: TrackPlot, limit: int, alerts: Sequence[Span]) -> TrackPlot:
    """Return at most `limit` points: the fastest, the slowest and the farthest off of each stretch stay."""
    return plot.at(kept(plot, limit, alerts))


def kept(plot: TrackPlot, limit: int, alerts: Sequence[Span]) -> Ints:
    """Return which points `thin` keeps, in order."""
    placed = np.flatnonzero(np.isfinite(plot.lon_deg) & np.isfinite(plot.lat_deg))
    if len(placed) <= limit:
        return placed
    plot = plot.at(placed)
    must = _turning_points(plot, alerts)[: limit // 2]
    chosen: Ints = placed[np.unique(np.concatenate([must, *_shares(plot, limit - len(must), alerts)]))]
    return chosen


def _shares(plot: TrackPlot, left: int, alerts: Sequence[Span]) -> list[Ints]:
    """Return the points of each alert and its surroundings, shortest first, each with its share; then of the rest."""
    free = np.ones(len(plot), dtype=bool)
    for_alerts, found = left // 2, []
    spans = sorted(set(alerts), key=lambda span: (span[1] - span[0], span))
    for number, (start_us, end_us) in enumerate(spans):
        near = free & (plot.time_us >= start_us - AROUND_US) & (plot.time_us <= end_us + AROUND_US)
        found.append(_extremes(plot, np.flatnonzero(near), for_alerts // (len(spans) - number)))
        for_alerts, left = for_alerts - len(found[-1]), left - len(found[-1])
        free &= ~near
    return [*found, _extremes(plot, np.flatnonzero(free), left)]


def _turning_points(plot: TrackPlot, alerts: Sequence[Span]) -> Ints:
    """Return the points beside alerts, crossings and silences, and the ends, in that order of weight."""
    moments = [t for span in alerts for t in span]
    moments += [c.time_us for c in plot.crossings]
    moments += [t for span in gaps(plot) for t in span]
    after = np.searchsorted(plot.time_us, np.array(moments, np.int64))
    beside = np.column_stack([after, np.maximum(after - 1, 0)]).ravel()
    points = np.minimum(np.concatenate([[0, len(plot) - 1], beside]), len(plot) - 1).astype(np.int64)
    _, first = np.unique(points, return_index=True)
    ordered: Ints = points[np.sort(first)]
    return ordered


def _extremes(plot: TrackPlot, among: Ints, limit: int) -> Ints:
    """Return at most `limit` of the points `among`: four of each of `limit / 4` equal stretches."""
    if len(among) <= limit:
        return among
    if limit < 4:
        return among[:limit]
    return np.concatenate([_four(plot, stretch) for stretch in np.array_split(among, limit // 4)])


def _four(plot: TrackPlot, stretch: Ints) -> npt.NDArray[np.int64]:
    speed = plot.sog_kn[stretch]
    known = np.isfinite(speed)
    slowest = int(np.argmin(np.where(known, speed, np.inf)))
    fastest = int(np.argmax(np.where(known, speed, -np.inf)))
    farthest = int(np.argmax(_off_chord(plot.lon_deg[stretch], plot.lat_deg[stretch])))
    return stretch[[0, slowest, fastest, farthest]]


def _off_chord(lon_deg: Floats, lat_deg: Floats) -> Floats:
    """Return how far each point lies off the straight line from the first to the last (any unit)."""
    east = (lon_deg - lon_deg[0]) * np.cos(np.radians(lat_deg[0]))
    north = lat_deg - lat_deg[0]
    length = np.hypot(east[-1], north[-1])
    if length == 0:
        return np.asarray(np.hypot(east, north), np.float64)
    return np.asarray(np.abs(east * north[-1] - north * east[-1]) / length, np.float64)
