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
    """Return `view`, `coast`, `assets` and `zones` for the page; coordinates are in 1e-4 degrees, as differences."""
    view = _view(alerts, tracks, chart)
    box = (view[0] - 2 * MARGIN_DEG, view[1] - MARGIN_DEG, view[2] + 2 * MARGIN_DEG, view[3] + MARGIN_DEG)
    named = {a.id for alert in alerts for a in alert.assets}
    shown = [a for a in chart.assets if a.id in named or _touches(a, box)]
    rings = [shapely.Polygon(r) for r in coast if len(r) >= 4 and _overlaps(_bounds([r]), box)]
    return {
        "view": view,
        "coast": _shapes(rings, box, COAST_POINTS),
        "assets": _assets(shown, box),
        "zones": _zones(chart.zones, box),
    }


def _assets(assets: Sequence[Asset], box: Box) -> list[dict[str, Any]]:
    lines = [shapely.MultiLineString([line for line in a.lines if len(line) > 1]) for a in assets]
    tolerance = _tolerance(lines, ASSET_POINTS)
    records = []
    for asset, line in zip(assets, lines, strict=True):
        records.append(
            {
                "id": asset.id,
                "name": asset.name,
                "kind": asset.kind,
                "geometry": asset.geometry,
                "error_m": asset.error_m,
                "owner": asset.owner,
                "capacity": asset.capacity,
                "lines": _parts(line.simplify(tolerance), box),
                "points": [[float(lon), float(lat)] for lon, lat in asset.points],
            }
        )
    return records


def _zones(zones: Sequence[Zone], box: Box) -> list[dict[str, Any]]:
    near = [z for z in zones if z.polygons and _overlaps(_bounds([p[0] for p in z.polygons]), box)]
    shapes = [shapely.MultiPolygon([(p[0], p[1:]) for p in z.polygons]) for z in near]
    tolerance = _tolerance(shapes, ZONE_POINTS)
    return [
        {"name": z.name, "kind": z.kind, "rings": _parts(s.simplify(tolerance, preserve_topology=False), box)}
        for z, s in zip(near, shapes, strict=True)
    ]


def _shapes(shapes: Sequence[BaseGeometry], box: Box, limit: int) -> list[list[int]]:
    clipped = [s for s in (shapely.clip_by_rect(shape, *box) for shape in shapes) if not s.is_empty]
    tolerance = _tolerance(clipped, limit)
    return [part for s in clipped for part in _parts(s.simplify(tolerance, preserve_topology=False), box)]


def _tolerance(shapes: Sequence[BaseGeometry], limit: int) -> float:
    """Return the finest simplification, in degrees, that leaves at most `limit` points."""
    tolerance = 5e-5  # half of the page's own step
    while int(np.sum(shapely.get_num_coordinates(shapely.simplify(list(shapes), tolerance)))) > limit:
        tolerance *= 1.6
        if tolerance > 1:
            break
    return tolerance


def _parts(shape: BaseGeometry, box: Box) -> list[list[int]]:
    """Return the lines or rings of a shape within the box."""
    parts = []
    for part in shapely.get_parts(shapely.clip_by_rect(shape, *box)):
        lines = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        parts += [steps(np.asarray(line.coords)) for line in lines if len(line.coords) > 1]
    return parts


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
