"""Features of a file to assets and zones.

Features of one kind with one name are one asset: OpenStreetMap draws a cable in many ways, EMODnet in many
rows. Without a name the Wikidata id counts, then the mark (`ref`) with its owner, then the id of the source;
an `id` of our own comes before all. So `HVDC Skagerak 1` and `2` stay two cables, though they share a
Wikidata id, and the eight ways of `HVDC Konti-Skan` are one. Parts that touch end to end are joined; kilometre
points run from the start of the first part in the file on through the parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely

from anchorwatch.chart import geodesy, meaning
from anchorwatch.chart.assets import ERROR_M, GEOMETRIES, Asset, Floats, Line, Zone, slug, unique_ids
from anchorwatch.chart.meaning import Feature

# Zones given as a point or a line get a width, where their file gives none (`radius_m`).
POINT_RADIUS_M = {"anchorage": 1000.0, "pilot_station": 1500.0, "port": 2000.0}
SMALL_CRAFT_RADIUS_M = 300.0  # coves for yachts
LANE_HALF_WIDTH_M = 1852.0  # Baltic lanes are 2 to 3 nautical miles wide; the line is drawn in the middle
BORDER_HALF_WIDTH_M = 500.0
JOIN_DEG = 1e-6  # ends this near touch: 10 cm
LINES = ("LineString", "MultiLineString", "LinearRing")
AREAS = ("Polygon", "MultiPolygon")
POINTS = ("Point", "MultiPoint")


def assets(features: Iterable[Feature], source: str = "") -> list[Asset]:
    """Return the assets among the features of one file, in the order of their first feature."""
    groups: dict[tuple[str, str], list[Feature]] = {}
    for feature in features:
        kind = meaning.asset_kind(feature)
        if kind and feature.shape is not None and not meaning.not_built(feature.said):
            groups.setdefault((kind, _same(feature)), []).append(feature)
    made = [_asset(kind, group, source) for (kind, _), group in groups.items()]
    kept = [a for a in made if a.lines or a.points]
    ids = unique_ids(a.id for a in kept)
    return [_with_id(a, name) for a, name in zip(kept, ids, strict=True)]


def _same(feature: Feature) -> str:
    """Return what features of one asset have in common."""
    said = feature.said
    own = meaning.own_id(said)
    if own:
        return f"id {own}"
    for label, value in (
        ("name", meaning.name(said).casefold()),
        ("wikidata", meaning.text(said, "wikidata")),
        ("ref", meaning.reference(said).casefold()),
    ):
        if value:
            return f"{label} {value}"
    return f"feature {meaning.source_id(feature) or feature.number} {feature.layer}"


def _with_id(asset: Asset, name: str) -> Asset:
    return Asset(**{**asset.__dict__, "id": name})


def _asset(kind: str, group: list[Feature], source: str) -> Asset:
    """Return one asset of the features that are it; what the first says comes first."""
    said: dict[str, Any] = {}
    for feature in group:
        said.update({k: v for k, v in feature.said.items() if k not in said and meaning.text(feature.said, k)})
    lines, points, width_m = _geometry(kind, [f.shape for f in group])
    first = group[0]
    title = meaning.name(said) or meaning.reference(said)
    marked = meaning.source_id(first)
    quality = meaning.text(said, "geometry_quality", "geometry").lower()
    if quality not in GEOMETRIES:
        quality = "charted" if "osm_id" in said or "@id" in said or first.layer.isupper() else "surveyed"
    kilometres = meaning.number(said, "error_km")
    error_m = meaning.number(said, "error_m") or (kilometres * 1000.0 if kilometres else ERROR_M[quality])
    return Asset(
        id=meaning.own_id(said) or slug(title) or slug(marked) or slug(f"{first.layer}-{first.number}"),
        name=title or f"{kind.replace('_', ' ')} {marked or first.number}",
        kind=kind,
        lines=lines,
        points=points,
        geometry=quality,
        error_m=max(error_m, width_m),
        owner=meaning.owner(said),
        capacity=meaning.capacity(said) or ("telecom" if kind == "telecom_cable" else ""),
        length_km=meaning.number(said, "length_km"),
        year=meaning.year(said),
        source=meaning.text(said, "source") or source,
        releasability=meaning.text(said, "releasability") or "public",
        endpoints=tuple(e.strip() for e in meaning.text(said, "endpoints").split(";") if e.strip()),
        properties={k: v for k, v in said.items() if meaning.text(said, k)},
    )


def _geometry(kind: str, shapes: list[Any]) -> tuple[tuple[Line, ...], tuple[tuple[float, float], ...], float]:
    """Return lines, points and half the width of areas."""
    lines: list[Line] = []
    points: list[tuple[float, float]] = []
    width_m = 0.0
    for part in shapely.get_parts(np.array(shapes, dtype=object)):
        if part.is_empty:
            continue
        if part.geom_type in LINES:
            lines.append(_clean(shapely.get_coordinates(part)))
        elif part.geom_type in POINTS:
            points.append((float(part.x), float(part.y)))
        elif part.geom_type in AREAS and kind in ("power_cable", "telecom_cable", "pipeline"):
            middle, half_m = _middle(part)
            lines.append(middle)
            width_m = max(width_m, half_m)
        elif part.geom_type in AREAS:
            points.append((float(part.centroid.x), float(part.centroid.y)))
    return tuple(_joined([line for line in lines if len(line) > 1])), tuple(points), width_m


def _clean(line: Floats) -> Line:
    """Return a line without corners repeated in place."""
    keep = np.ones(len(line), bool)
    keep[1:] = (line[1:] != line[:-1]).any(axis=1)
    return np.ascontiguousarray(line[keep])


def _middle(area: Any) -> tuple[Line, float]:
    """Return the middle line of a cable area and half its width in metres: the line's error must cover it."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))[:4]
    sides = geodesy.lengths_m(np.vstack((box, box[:1])))
    a = 0 if sides[0] < sides[1] else 1
    ends = np.array([(box[a] + box[a + 1]) / 2, (box[(a + 2) % 4] + box[(a + 3) % 4]) / 2])
    return ends, float(sides[a] / 2)


def _joined(lines: list[Line]) -> list[Line]:
    """Join parts that touch end to end, starting from the first."""
    left = dict(enumerate(lines))
    by_end: dict[tuple[int, int], list[int]] = {}

    def corner(place: Floats) -> tuple[int, int]:
        return round(place[0] / JOIN_DEG), round(place[1] / JOIN_DEG)

    for i, line in left.items():
        for place in (line[0], line[-1]):
            by_end.setdefault(corner(place), []).append(i)

    def grown(line: Line) -> Line:
        """Return the line with what begins where it ends; forks are left apart."""
        parts = [line]
        while True:
            tip = corner(parts[-1][-1])
            nearby = [i for i in by_end.get(tip, ()) if i in left]
            if len(nearby) != 1 or len(by_end[tip]) != 2:
                return np.concatenate(parts)
            other = left.pop(nearby[0])
            parts.append(other[1:] if corner(other[0]) == tip else other[::-1][1:])

    out = []
    for i in range(len(lines)):
        if i in left:
            ahead = grown(left.pop(i))
            out.append(np.ascontiguousarray(grown(ahead[::-1])[::-1]))
    return out


def zones(features: Iterable[Feature], source: str = "") -> list[Zone]:
    """Return the zones among the features of one file; wind farms in use are zones as well as assets."""
    made = []
    for feature in features:
        kind = meaning.zone_kind(feature)
        area = feature.shape is not None and feature.shape.geom_type in AREAS
        if not kind and area and meaning.asset_kind(feature) == "wind_farm":
            kind = "wind_farm"
        if kind and feature.shape is not None and not meaning.not_built(feature.said):
            rings = tuple(_rings(kind, feature))
            title = meaning.name(feature.said)
            marked = slug(title) or slug(meaning.source_id(feature)) or f"{kind}-{feature.number}"
            made.append(Zone(marked, title or kind.replace("_", " "), kind, rings, source, feature.said))
    made = [z for z in made if z.polygons]
    ids = unique_ids(z.id for z in made)
    return [Zone(**{**z.__dict__, "id": name}) for z, name in zip(made, ids, strict=True)]


def _rings(kind: str, feature: Feature) -> Iterable[tuple[Line, ...]]:
    """Yield the polygons of a zone: outer ring, then holes."""
    said = feature.said
    for part in shapely.get_parts(feature.shape):
        if part.is_empty:
            continue
        if part.geom_type == "Point":
            small = "small_craft" in meaning.text(said, "seamark:anchorage:category")
            radius_m = SMALL_CRAFT_RADIUS_M if small else POINT_RADIUS_M.get(kind, 1000.0)
            yield (geodesy.circle(part.x, part.y, meaning.number(said, "radius_m") or radius_m),)
            continue
        if part.geom_type in LINES:
            middle = meaning.text(said, "seamark:type") in ("separation_lane", "fairway", "recommended_traffic_lane")
            half_m = LANE_HALF_WIDTH_M if middle or feature.layer.lower() == "tsslpt" else BORDER_HALF_WIDTH_M
            part = _widened(part, meaning.number(said, "radius_m") or half_m)
        for polygon in shapely.get_parts(shapely.make_valid(part)):
            if polygon.geom_type == "Polygon":
                yield tuple(shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon))


def _widened(line: Any, half_m: float) -> Any:
    """Return the area within so many metres of a line."""
    narrow = max(0.05, float(np.cos(np.radians(shapely.get_coordinates(line)[:, 1].mean()))))
    square = shapely.transform(line, lambda c: c * [narrow, 1.0])
    wide = shapely.buffer(square, half_m / geodesy.DEGREE_M, quad_segs=4)
    return shapely.transform(wide, lambda c: c / [narrow, 1.0])
