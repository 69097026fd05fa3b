"""Ways through the sea of made traffic: the shortest along its lanes, beside their middle, and never over land."""

from __future__ import annotations

import heapq
from collections import defaultdict
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from anchorwatch import chart
from anchorwatch.chart import shore_at
from anchorwatch.schema import Floats
from anchorwatch.trials.sea.lanes import CALLS, LEADS, OPEN_SEA, Ground, Point, Sea

KN = 1852.0 / 3600.0  # metres a second
M_PER_DEG = 111_195.0  # of latitude, on the mean sphere: made traffic needs no better
CLEAR_M = 250.0  # from the shore: the built-in coast is good to half a kilometre, and ships cut corners
LOOK_M = 200.0  # between the places on a path at which the shore is looked for

Rng = np.random.Generator


class Route(NamedTuple):
    """The way from one harbour to another, or the part of it that lies in the sea that is made."""

    origin: str  # "" = it comes from outside
    destination: str  # "" = it goes on outside
    points: tuple[Point, ...]
    length_m: float
    calls: float  # how many vessels take it, in parts of all


def length_m(points: npt.ArrayLike) -> float:
    """Length of a path."""
    return float(along_m(np.asarray(points, dtype=np.float64))[-1])


def place(point: npt.ArrayLike) -> Point:
    """A point of a path as a plain place."""
    lon, lat = np.asarray(point, dtype=np.float64)
    return float(lon), float(lat)


def along_m(path_deg: Floats) -> Floats:
    """Distance of each point of a path from its start."""
    step = np.diff(path_deg, axis=0) * M_PER_DEG
    step[:, 0] *= np.cos(np.radians((path_deg[1:, 1] + path_deg[:-1, 1]) / 2))
    return np.concatenate(([0.0], np.cumsum(np.hypot(step[:, 0], step[:, 1]))))


def at_m(path_deg: Floats, place_m: float) -> tuple[float, float]:
    """Longitude and latitude at a distance along a path."""
    marks = along_m(path_deg)
    return float(np.interp(place_m, marks, path_deg[:, 0])), float(np.interp(place_m, marks, path_deg[:, 1]))


def after_m(path_deg: Floats, place_m: float) -> Floats:
    """Return what is left of a path from a distance along it on."""
    marks = along_m(path_deg)
    left: Floats = np.vstack([at_m(path_deg, place_m), path_deg[marks > place_m + 1.0]])
    return left if len(left) > 1 else path_deg[-2:]


def moved(place: Point, bearing_deg: float, by_m: float) -> Point:
    """The place so far away in a direction."""
    east, north = by_m * np.sin(np.radians(bearing_deg)), by_m * np.cos(np.radians(bearing_deg))
    return float(place[0] + east / M_PER_DEG / np.cos(np.radians(place[1]))), float(place[1] + north / M_PER_DEG)


def bearing_deg(here: npt.ArrayLike, there: npt.ArrayLike) -> float:
    """Direction from one place to another."""
    (lon1, lat1), (lon2, lat2) = np.asarray(here), np.asarray(there)
    return float(np.degrees(np.arctan2((lon2 - lon1) * np.cos(np.radians((lat1 + lat2) / 2)), lat2 - lat1)))


def beside(path_deg: Floats, side_m: Floats) -> Floats:
    """Return the path that keeps so far to starboard of another at each of its points (to port if negative)."""
    shrink = np.cos(np.radians(path_deg[:, 1]))
    step = np.diff(path_deg, axis=0) * np.column_stack([shrink[1:], np.ones(len(path_deg) - 1)])
    right = np.column_stack([step[:, 1], -step[:, 0]]) / np.hypot(step[:, 0], step[:, 1])[:, None]
    corner = np.vstack([right[:1], right[:-1] + right[1:], right[-1:]])
    corner /= np.maximum(np.hypot(corner[:, 0], corner[:, 1]), 0.2)[:, None]
    # The bisector of a corner, stretched so that both legs keep their distance.
    corner /= np.maximum(0.5, np.sum(corner * np.vstack([right, right[-1:]]), axis=1))[:, None]
    offset: Floats = path_deg + corner * side_m[:, None] / M_PER_DEG / np.column_stack([shrink, np.ones(len(shrink))])
    return offset


@njit(cache=True, nogil=True, error_model="numpy")
def _clear(path_deg: Any, shore: Any, clear_m: float) -> bool:
    for k in range(len(path_deg) - 1):
        east = (path_deg[k + 1, 0] - path_deg[k, 0]) * np.cos(np.radians(path_deg[k, 1]))
        north = path_deg[k + 1, 1] - path_deg[k, 1]
        count = int(np.hypot(east, north) * M_PER_DEG / LOOK_M) + 2
        for j in range(count):
            share = j / (count - 1)
            lon = path_deg[k, 0] + share * (path_deg[k + 1, 0] - path_deg[k, 0])
            if shore_at(shore, lon, path_deg[k, 1] + share * north) < clear_m:
                return False
    return True


def clear(path_deg: npt.ArrayLike, clear_m: float = CLEAR_M) -> bool:
    """Whether a path keeps to water, so far from the shore."""
    return bool(_clear(np.asarray(path_deg, dtype=np.float64), chart.shore(), clear_m))


def ways(sea: Sea) -> list[Route]:
    """Return all routes between two harbours that lead through the sea, cut to its box."""
    edges: dict[Point, list[tuple[float, Point]]] = defaultdict(list)
    for line in sea.lanes.values():
        for a, b in pairwise(line):
            far = length_m([a, b])
            edges[a].append((far, b))
            edges[b].append((far, a))
    harbours = {name: LEADS[name][-1] for name in CALLS if LEADS[name][-1] in edges}
    found = []
    for origin, start in harbours.items():
        came_from = _shortest(edges, start)
        for destination, end in harbours.items():
            if destination != origin and end in came_from:
                found += _cut(origin, destination, _back(came_from, end), sea.box)
    return found


def across(box: Ground, rng: Rng) -> Route:
    """Return a straight way across a sea that has no lanes, from one side of it to another, clear of land if it can."""
    west, south, east, north = box
    ring = np.array([(west, south), (east, south), (east, north), (west, north), (west, south)])
    points: tuple[Point, ...] = ()
    for _ in range(50):
        sides = rng.permutation(4)[:2]
        ends = ring[sides] + rng.uniform(0.1, 0.9, (2, 1)) * (ring[sides + 1] - ring[sides])
        points = tuple((float(lon), float(lat)) for lon, lat in ends)
        if clear(points, 3_000.0):
            break
    return Route("", "", points, length_m(points), 1.0)


def _shortest(edges: dict[Point, list[tuple[float, Point]]], start: Point) -> dict[Point, Point | None]:
    """Dijkstra: for each point, the one before it on the shortest way from the start."""
    came_from: dict[Point, Point | None] = {}
    queue: list[tuple[float, Point, Point | None]] = [(0.0, start, None)]
    while queue:
        far, point, before = heapq.heappop(queue)
        if point in came_from:
            continue
        came_from[point] = before
        for step, neighbour in edges[point]:
            if neighbour not in came_from:
                heapq.heappush(queue, (far + step, neighbour, point))
    return came_from


def _back(came_from: dict[Point, Point | None], end: Point) -> list[Point]:
    points, at = [end], came_from[end]
    while at is not None:
        points.append(at)
        at = came_from[at]
    return points[::-1]


def _cut(origin: str, destination: str, points: list[Point], box: Ground) -> list[Route]:
    """Return the first part of a way that lies within a box, if it is worth sailing."""
    inside: list[Point] = []
    whole = True
    for a, b in pairwise(points):
        part = _within(a, b, box)
        if part is None or (inside and part[0] != inside[-1]):
            whole = False
            if inside:
                break
            continue
        inside += part if not inside else part[1:]
        whole = whole and part == (a, b)
    far = length_m(inside) if len(inside) > 1 else 0.0
    if far < 5000.0:
        return []
    begins = origin if inside[0] == points[0] and origin not in OPEN_SEA else ""
    ends = destination if inside[-1] == points[-1] and destination not in OPEN_SEA else ""
    return [Route(begins, ends, tuple(inside), far, CALLS[origin] * CALLS[destination])]


def _within(a: Point, b: Point, box: Ground) -> tuple[Point, Point] | None:
    """Return the part of a straight line that lies in a box (Liang and Barsky)."""
    low, high = 0.0, 1.0
    for axis in (0, 1):
        step = b[axis] - a[axis]
        for limit, sign in ((box[axis], -1.0), (box[axis + 2], 1.0)):
            room, way = sign * (limit - a[axis]), sign * step
            if way == 0.0:
                if room < 0.0:
                    return None
            elif way > 0.0:
                high = min(high, room / way)
            else:
                low = max(low, room / way)
    if low >= high:
        return None

    def at(share: float) -> Point:
        return (
            a if share == 0.0 else b if share == 1.0 else (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
        )

    return at(low), at(high)


def sailed(route: Route, rng: Rng) -> Floats:
    """Return one vessel's own way along a route: beside the middle, with waypoints of its own, clear of land."""
    middle = np.array(route.points, dtype=np.float64)
    share = np.ones(len(middle))
    for name, ends in ((route.origin, (0, 1)), (route.destination, (-1, -2))):
        if name:  # in the fairway to a harbour there is no room to keep aside
            share[ends[0]], share[ends[1]] = 0.0, 0.3
    side_m, own = rng.normal(1200.0, 400.0), rng.normal(0.0, 300.0, (len(middle), 2)) * share[:, None]
    for much in (1.0, 0.6, 0.3, 0.1):
        path = beside(middle, side_m * much * share)
        path += much * own / M_PER_DEG / np.column_stack([np.cos(np.radians(middle[:, 1])), np.ones(len(middle))])
        if clear(path):
            return path
    return middle
