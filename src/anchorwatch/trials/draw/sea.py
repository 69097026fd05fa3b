"""Where random trials happen: pieces of the Baltic, what lies on their bed, and the ways that ships take over it.

Catalogue routes are schematic, so a trial says where they lie in its own world; more cables are drawn across the
lanes, at any angle, from shoal to shoal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from anchorwatch import chart
from anchorwatch.errors import BadUse
from anchorwatch.schema import Floats
from anchorwatch.trials.sea.lanes import FERRIES, LANES, Point

Rng = np.random.Generator
M_PER_DEG = 111_195.0  # of latitude, on the mean sphere
NEAR_SHORE_M = 2_500.0  # no way comes nearer: the built-in coast is good to half a kilometre
DENSE_M = 400.0


class Patch(NamedTuple):
    """A piece of sea."""

    box: tuple[float, float, float, float]  # west, south, east, north
    lanes: tuple[str, ...]  # long enough for hours of passage
    ferries: tuple[str, ...]
    catalogue: tuple[str, ...]
    depth_m: tuple[float, float]  # drawn between; what ships anchor in there
    bottoms: tuple[str, ...]


PATCHES: dict[str, Patch] = {
    "gulf_of_finland": Patch(
        (22.0, 59.1, 27.3, 60.3), ("gulf_of_finland",), ("helsinki_tallinn",),
        ("estlink-1", "estlink-2", "balticconnector", "c-lion1", "fec-1", "fec-2", "eesf-2", "eesf-3"),
        (24, 80), ("clay", "mud", "rock"),
    ),
    "gotland_basin": Patch(
        (17.0, 56.2, 21.2, 59.3), ("baltic_spine", "gdansk_north", "west_of_gotland"), ("nynashamn_ventspils",),
        ("nordbalt", "bcs-east-west-interlink", "c-lion1", "latvia-sweden-lvrtc", "gotland-2", "gotland-3"),
        (26, 100), ("clay", "mud", "sand"),
    ),
    "bornholm": Patch(
        (13.2, 54.3, 17.4, 56.1), ("baltic_spine", "gdansk"), ("ystad_swinoujscie", "karlskrona_gdynia"),
        ("bornholm-cable", "swepol", "baltic-pipe", "nord-stream-2", "c-lion1"),
        (18, 75), ("sand", "clay", "mud"),
    ),
    "kattegat": Patch(
        (10.4, 55.7, 12.8, 57.95), ("kattegat", "sound"), ("goteborg_frederikshavn", "halmstad_grenaa"),
        ("konti-skan-1", "konti-skan-2"), (16, 50), ("sand", "clay", "mud"),
    ),
}  # fmt: skip


class Meeting(NamedTuple):
    """Where a way goes over an asset."""

    asset: str
    at_m: float  # along the way
    angle_deg: float  # 0 = along the asset, 90 = square across


@dataclass(frozen=True)
class Way:
    """A line that ships sail, with metres along it."""

    points: Floats  # (n, 2) lon, lat
    along_m: Floats
    meetings: tuple[Meeting, ...] = ()

    @property
    def length_m(self) -> float:
        """How long it is."""
        return float(self.along_m[-1])

    def at(self, metres: float) -> Point:
        """Return the place so many metres along."""
        return tuple(float(np.interp(metres, self.along_m, self.points[:, k])) for k in (0, 1))  # type: ignore[return-value]

    def course_deg(self, metres: float) -> float:
        """Return the course there."""
        here, there = self.at(max(0.0, metres - 200)), self.at(min(self.length_m, metres + 200))
        return bearing_deg(here, there)

    def between(self, start_m: float, end_m: float) -> list[Point]:
        """Return the places to steer for from one place on it to another."""
        inner = (self.along_m > start_m + 500) & (self.along_m < end_m - 500)
        return [*((float(x), float(y)) for x, y in self.points[inner]), self.at(end_m)]

    def places(self) -> Floats:
        """Return places all along, some hundred metres apart."""
        metres = np.append(np.arange(0.0, self.length_m, DENSE_M), self.length_m)
        return np.column_stack([np.interp(metres, self.along_m, self.points[:, k]) for k in (0, 1)])


def way_of(points: Floats, assets: tuple[chart.Asset, ...] = ()) -> Way:
    """Return the way along points, with where it meets assets."""
    bare = Way(points, np.concatenate(([0.0], np.cumsum(_lengths_m(points)))))
    line, found = shapely.LineString(points), list[Meeting]()
    degrees = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    for asset in assets:
        for part in asset.lines:
            route = shapely.LineString(part)
            for spot in _points(route.intersection(line)):
                at_m = float(np.interp(line.project(spot), degrees, bare.along_m))
                angle = abs((bare.course_deg(at_m) - _direction_deg(route, spot) + 90) % 180 - 90)
                found.append(Meeting(asset.id, at_m, angle))
    return replace(bare, meetings=tuple(sorted(found, key=lambda m: m.at_m)))


def _points(crossed: shapely.Geometry) -> list[shapely.Point]:
    return [g for g in shapely.get_parts(crossed) if g.geom_type == "Point"]


def _direction_deg(route: shapely.LineString, spot: shapely.Point) -> float:
    """Course of a route at a place on it."""
    at = route.project(spot)
    one, two = route.interpolate(max(0.0, at - 0.003)), route.interpolate(at + 0.003)
    return bearing_deg((one.x, one.y), (two.x, two.y))


def bearing_deg(here: Point, there: Point) -> float:
    """Course on the chart from one place to another."""
    east = (there[0] - here[0]) * np.cos(np.radians(0.5 * (here[1] + there[1])))
    return float(np.degrees(np.arctan2(east, there[1] - here[1])) % 360)


def moved(place: Point, course_deg: float, metres: float) -> Point:
    """Return the place so many metres away on a course."""
    lon, lat = place
    way, angle = metres / M_PER_DEG, np.radians(course_deg)
    north = lat + way * np.cos(angle)
    return float(lon + way * np.sin(angle) / np.cos(np.radians(0.5 * (lat + north)))), float(north)


def apart_m(place: Point, others: Floats) -> Floats:
    """Distance of a place from others: good to a part in a hundred over some tens of kilometres."""
    lon, lat = place
    east = (others[..., 0] - lon) * np.cos(np.radians(0.5 * (others[..., 1] + lat)))
    metres: Floats = np.hypot(east, others[..., 1] - lat) * M_PER_DEG
    return metres


def _lengths_m(points: Floats) -> Floats:
    mid = np.cos(np.radians(0.5 * (points[1:, 1] + points[:-1, 1])))
    metres: Floats = np.hypot(np.diff(points[:, 0]) * mid, np.diff(points[:, 1])) * M_PER_DEG
    return metres


def beside(points: Floats, metres: float) -> Floats:
    """Return the line so many metres to starboard."""
    shrink = np.cos(np.radians(points[:, 1]))[:, None] ** [1, 0]
    flat = points * shrink
    legs = np.diff(flat, axis=0)
    legs /= np.hypot(*legs.T)[:, None]
    mean = np.vstack([legs[:1], legs[:-1] + legs[1:], legs[-1:]])
    mean /= np.hypot(*mean.T)[:, None]
    right = np.column_stack([mean[:, 1], -mean[:, 0]])
    shifted: Floats = (flat + right * metres / M_PER_DEG) / shrink
    return shifted


@cache
def _shore() -> chart.assets.Raster:
    return chart.shore()


def shore_m(places: Floats) -> Floats:
    """Distance of places to land; unknown counts as far out."""
    metres = np.array([chart.shore_at(_shore(), float(x), float(y)) for x, y in places])
    known: Floats = np.nan_to_num(metres, nan=1e6)
    return known


def afloat(places: Floats, least_m: float = NEAR_SHORE_M) -> bool:
    """Tell whether all places lie in open water."""
    return bool(shore_m(places).min() >= least_m)


def assets_of(patch: Patch, rng: Rng) -> tuple[chart.Asset, ...]:
    """Return what lies on the bed: some of the catalogue, where this trial has it, and cables of its own."""
    known = {a.id: a for a in chart.baltic()}
    kept = rng.permutation(np.array(patch.catalogue))[: int(rng.integers(2, 6))]
    found = [
        replace(known[i], geometry="charted", error_m=float(rng.uniform(50, 400)), source="drawn for the trial")
        for i in sorted(map(str, kept))
        if i in known
    ]
    for number in range(int(rng.integers(2, 5))):
        drawn = _cable(patch, rng, number)
        found += [drawn] if drawn is not None else []
    return tuple(found)


def _cable(patch: Patch, rng: Rng, number: int) -> chart.Asset | None:
    """Draw a cable across a lane, at 40 to 140 degrees to it, until the water ends or 45 km out."""
    lane = way_of(np.array(LANES[str(rng.choice(patch.lanes))]))
    inside = [m for m in np.arange(15_000, lane.length_m - 15_000, 5_000) if within(lane.at(m), patch.box, 0.15)]
    if not inside:
        return None
    at_m = float(rng.choice(inside))
    middle, course = lane.at(at_m), lane.course_deg(at_m) + float(rng.uniform(40, 140))
    arms = [_arm(middle, course + turn, rng) for turn in (180.0, 0.0)]
    route = np.array([*arms[0][::-1], middle, *arms[1]])
    if len(route) < 4:
        return None
    kind = str(rng.choice(("power_cable", "telecom_cable", "telecom_cable", "pipeline")))
    word = {"power_cable": "Power Link", "telecom_cable": "Telecom Cable", "pipeline": "Pipeline"}[kind]
    return chart.Asset(f"drawn-{number + 1}", f"{word} {number + 1}", kind, (route,), geometry="charted",
                       error_m=float(rng.uniform(50, 400)), source="drawn for the trial")  # fmt: skip


def _arm(here: Point, course_deg: float, rng: Rng) -> list[Point]:
    """One half of a cable: legs of some kilometres that bend a little."""
    points, place, course = list[Point](), here, course_deg
    for _ in range(8):
        course += float(rng.normal(0, 8))
        place = moved(place, course, float(rng.uniform(3_500, 7_500)))
        if not afloat(np.array([place]), 1_000.0):
            break
        points.append(place)
    return points


def within(place: Point, box: tuple[float, float, float, float], margin_deg: float = 0.0) -> bool:
    """Tell whether a place lies in a box."""
    west, south, east, north = box
    return west + margin_deg <= place[0] <= east - margin_deg and south + margin_deg <= place[1] <= north - margin_deg


def _in_box(places: Floats, box: tuple[float, float, float, float]) -> npt.NDArray[np.bool_]:
    west, south, east, north = box
    lon, lat = places.T
    inside: npt.NDArray[np.bool_] = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
    return inside


def passage(patch: Patch, assets: tuple[chart.Asset, ...], rng: Rng) -> Way:
    """Draw a way along a lane, to its starboard side, forth or back, clear of the shore, within the piece of sea."""
    for _ in range(40):
        line = np.array(LANES[str(rng.choice(patch.lanes))])
        line = line if rng.random() < 0.5 else line[::-1]
        whole = way_of(beside(line, float(rng.normal(1300, 900))))
        inside = np.flatnonzero(_in_box(whole.places(), patch.box)) * DENSE_M
        if not len(inside) or inside[-1] - inside[0] < 60_000:
            continue
        first, last = float(inside[0]), min(float(inside[-1]), whole.length_m)
        cut = np.array([whole.at(first), *whole.between(first, last)])
        if afloat(way_of(cut).places()):
            return way_of(cut, assets)
    raise BadUse("no way through this sea was found", "trial --random", "Try another seed")


def ferry_line(patch: Patch, rng: Rng) -> tuple[float, Floats]:
    """Return speed and line of a ferry."""
    speed_kn, points = FERRIES[str(rng.choice(patch.ferries))]
    return speed_kn, np.array(points)


def route_places(assets: tuple[chart.Asset, ...]) -> Floats:
    """Return places along all assets, half a kilometre apart or less."""
    found = []
    for asset in assets:
        for part in asset.lines:
            way = way_of(np.asarray(part, np.float64))
            found.append(way.places())
    return np.concatenate(found) if found else np.empty((0, 2))


def quiet_place(
    patch: Patch, rng: Rng, routes: Floats, apart: tuple[float, float], shore: tuple[float, float] = (6_000.0, 1e9)
) -> Point:
    """Draw a place so far from every asset and from the shore (metres, least and most)."""
    west, south, east, north = patch.box
    for _ in range(4000):
        place = (float(rng.uniform(west + 0.1, east - 0.1)), float(rng.uniform(south + 0.1, north - 0.1)))
        away = float(apart_m(place, routes).min()) if len(routes) else 1e9
        if apart[0] <= away <= apart[1] and shore[0] <= float(shore_m(np.array([place]))[0]) <= shore[1]:
            return place
    raise BadUse("no such place was found in this sea", "trial --random", "Try another seed")
