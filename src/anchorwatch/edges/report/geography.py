"""The part of the chart that the page shows, small enough to travel with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from anchorwatch.chart import Asset, Chart, Zone
from anchorwatch.edges.report.content import Floats, TrackPlot
from anchorwatch.model import Alert

Box = tuple[float, float, float, float]  # west, south, east, north

COAST_POINTS = 16_000
ASSET_POINTS = 12_000
ZONE_POINTS = 6_000
# Around what is shown first, so that the officer can look about: degrees of latitude, twice that of longitude.
MARGIN_DEG = 2.5
BALTIC: Box = (9.0, 53.5, 31.0, 66.0)


def geography(
    alerts: Sequence[Alert], tracks: Mapping[int, TrackPlot], chart: Chart, coast: Iterable[Floats]
) -> dict[str, Any]:
    """Return what the map needs: lines are in 1e-4 degrees, each point as the difference to the one before.

    `view` is what it shows first, `frame` what it has.
    """
    view = _view(alerts, tracks, chart)
    box = (view[0] - 2 * MARGIN_DEG, view[1] - MARGIN_DEG, view[2] + 2 * MARGIN_DEG, view[3] + MARGIN_DEG)
    named = {a.id for alert in alerts for a in alert.assets}
    shown = [a for a in chart.assets if a.id in named or _touches(a, box)]
    land = [shapely.Polygon(r) for r in coast if len(r) >= 4 and _overlaps(_bounds([r]), box)]
    return {
        "view": view,
        "frame": box,
        "coast": [ring for rings in _drawn(land, box, COAST_POINTS) for ring in rings],
        "assets": _assets(shown, box),
        "zones": _zones(chart.zones, box),
    }


def _assets(assets: Sequence[Asset], box: Box) -> list[dict[str, Any]]:
    lines = [shapely.MultiLineString([line for line in a.lines if len(line) > 1]) for a in assets]
    return [
        {
            "id": asset.id,
            "name": asset.name,
            "kind": asset.kind,
            "geometry": asset.geometry,
            "error_m": asset.error_m,
            "owner": asset.owner,
            "capacity": asset.capacity,
            "lines": parts,
            "points": [[float(lon), float(lat)] for lon, lat in asset.points],
        }
        for asset, parts in zip(assets, _drawn(lines, box, ASSET_POINTS), strict=True)
    ]


def _zones(zones: Sequence[Zone], box: Box) -> list[dict[str, Any]]:
    near = [z for z in zones if z.polygons and _overlaps(_bounds([p[0] for p in z.polygons]), box)]
    shapes = [shapely.MultiPolygon([(p[0], p[1:]) for p in z.polygons]) for z in near]
    return [
        {"name": zone.name, "kind": zone.kind, "rings": rings}
        for zone, rings in zip(near, _drawn(shapes, box, ZONE_POINTS), strict=True)
    ]


def _drawn(shapes: Sequence[BaseGeometry], box: Box, limit: int) -> list[list[list[int]]]:
    """Return, for each shape, its lines and rings within the box, all together at most `limit` points or nearly so.

    Rings are thinned as lines: thinning areas would mend them too, which takes minutes on a bad outline.
    """
    lines = [_lines(shapely.clip_by_rect(shape, *box)) for shape in shapes]
    tolerance = _tolerance([line for some in lines for line in some], limit)
    return [
        [steps(np.asarray(line.simplify(tolerance, preserve_topology=False).coords)) for line in some] for some in lines
    ]


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    lines = []
    for part in shapely.get_parts(shape):
        lines += [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
    return [shapely.LineString(line.coords) for line in lines if len(line.coords) > 1]


def _tolerance(lines: Sequence[BaseGeometry], limit: int) -> float:
    """Return the finest simplification, in degrees, that leaves at most `limit` points."""
    tolerance = 5e-5  # half of the page's own step
    left = shapely.simplify(list(lines), tolerance, preserve_topology=False)
    while tolerance < 1 and int(np.sum(shapely.get_num_coordinates(left))) > limit:
        tolerance *= 1.6
        left = shapely.simplify(left, tolerance, preserve_topology=False)
    return tolerance


def steps(line: Floats) -> list[int]:
    """Return lon, lat, lon, lat ... in 1e-4 degrees, each as the difference to the one before."""
    whole = np.rint(line[:, :2] * 1e4).astype(np.int64)
    out: list[int] = np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int64)).ravel().tolist()
    return out


def _view(alerts: Sequence[Alert], tracks: Mapping[int, TrackPlot], chart: Chart) -> Box:
    """Return what the map shows first: alerts and their tracks, else all assets, else the Baltic."""
    seen = [np.array([[a.lon_deg, a.lat_deg] for a in alerts], np.float64).reshape(-1, 2)]
    seen += [np.column_stack([t.lon_deg, t.lat_deg]) for t in tracks.values()]
    box = _bounds(seen)
    if not np.isfinite(box).all():
        box = _bounds([*(line for a in chart.assets for line in a.lines)])
    return box if np.isfinite(box).all() else BALTIC


def _bounds(lines: Sequence[Floats]) -> Box:
    known = [line[np.isfinite(line).all(axis=1)] for line in lines]
    points = np.concatenate([np.empty((0, 2)), *known])
    if not len(points):
        return (np.nan, np.nan, np.nan, np.nan)
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    return (float(west), float(south), float(east), float(north))


def _touches(asset: Asset, box: Box) -> bool:
    points = np.array(asset.points, np.float64).reshape(-1, 2)
    return _overlaps(_bounds([*asset.lines, points]), box)


def _overlaps(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]
