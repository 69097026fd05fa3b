"""Nearest asset within 10 km, beside shapely's tree of segments; and how far off the distances are.

Makes its own input: 60 cables of about 210 legs each in the Baltic, and positions all over it.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import shapely

from anchorwatch import chart
from anchorwatch.chart import Asset, geodesy
from benchmarks.table import Figure, millions, speed, times

CABLES, LEGS = 60, 208
POSITIONS, PEER_POSITIONS, CHECKED = 5_000_000, 500_000, 2_000
BLOCK = 500_000  # as the engine does it
RUNS = 5
BAR = 20e6
WEST, SOUTH, EAST, NORTH = 10.0, 54.0, 28.0, 60.5


def cables(rng: np.random.Generator) -> tuple[Asset, ...]:
    """Return winding cables, 115 km long on average."""
    made = []
    for k in range(CABLES):
        start = rng.uniform((WEST, SOUTH), (EAST, NORTH))
        bearing, length_km = rng.uniform(0, 2 * np.pi), rng.uniform(20, 210)
        straight = np.array([np.sin(bearing) / 60, np.cos(bearing) / 111]) * length_km / LEGS
        steps = straight + rng.normal(0, 0.002, (LEGS, 2))
        corners = np.vstack((start, start + np.cumsum(steps, axis=0)))
        made.append(Asset(f"c{k}", f"c{k}", "telecom_cable", (corners,)))
    return tuple(made)


def measure() -> list[Figure]:
    """Time both, compare the answers, and check distances against the geodesic."""
    rng = np.random.default_rng(20241225)
    assets = cables(rng)
    began = time.process_time()
    grid = chart.make(assets).grid
    built_s = time.process_time() - began
    lon, lat = rng.uniform(WEST, EAST, POSITIONS), rng.uniform(SOUTH, NORTH, POSITIONS)
    chart.nearest(grid, lon[:9], lat[:9], 10_000.0)
    seconds = []
    for _ in range(RUNS):
        began = time.process_time()
        found = [
            chart.nearest(grid, lon[i : i + BLOCK], lat[i : i + BLOCK], 10_000.0) for i in range(0, POSITIONS, BLOCK)
        ]
        seconds.append(time.process_time() - began)
    asset, distance = (np.concatenate([f[k] for f in found]) for k in (0, 1))
    ours = speed(POSITIONS, seconds)
    theirs, agree = _tree(assets, lon[:PEER_POSITIONS], lat[:PEER_POSITIONS], asset[:PEER_POSITIONS])
    error = _errors(grid.pieces, lon, lat, distance)
    near = float((asset >= 0).mean())
    return [
        Figure(
            "nearest asset within 10 km, one core",
            millions(ours, "positions"),
            "at least 20 M positions/s",
            ours >= BAR,
            f"shapely STRtree of segments: {millions(theirs, 'positions')}",
            times(ours, theirs),
            f"{CABLES * LEGS} legs, {near:.0%} of the positions have one within 10 km; seconds of the processor, not of"
            f" the clock; grid built in {built_s:.2f} s, not"
            f" counted, as the tree and its projected points are not; same cable in {agree:.2%} of the positions",
        ),
        Figure(
            "distance against the WGS84 geodesic",
            f"median {np.median(error):.3f} m, max {error.max():.2f} m",
            "median < 1 m, max < 5 m",
            bool(np.median(error) < 1 and error.max() < 5),
        ),
    ]


def _tree(assets: tuple[Asset, ...], lon: Any, lat: Any, ours: Any) -> tuple[float, float]:
    """Return the speed of shapely's tree, in a flat projection made beforehand, and how often it agrees."""
    from pyproj import Transformer

    flat = Transformer.from_crs(4326, 3035, always_xy=True)
    legs, owner = [], []
    for k, asset in enumerate(assets):
        x, y = flat.transform(asset.lines[0][:, 0], asset.lines[0][:, 1])
        corners = np.column_stack((x, y))
        legs.append(np.stack((corners[:-1], corners[1:]), axis=1))
        owner.append(np.full(len(corners) - 1, k))
    tree = shapely.STRtree(shapely.linestrings(np.concatenate(legs)))
    places = shapely.points(*flat.transform(lon, lat))
    seconds = []
    for _ in range(2):
        began = time.process_time()
        which, leg = tree.query_nearest(places, max_distance=10_000.0, all_matches=False)
        seconds.append(time.process_time() - began)
    found = np.full(len(lon), -1)
    found[which] = np.concatenate(owner)[leg]
    return speed(len(lon), seconds), float(np.mean(found == ours))


def _errors(pieces: Any, lon: Any, lat: Any, distance: Any) -> Any:
    """Return errors in metres: each distance against the least geodesic distance to points along the pieces."""
    geod = geodesy.geod()
    picked = np.flatnonzero(np.isfinite(distance))[:CHECKED]
    tree = shapely.STRtree(shapely.linestrings(pieces[:, :4].reshape(-1, 2, 2)))
    error = np.empty(len(picked))
    for n, i in enumerate(picked):
        around = shapely.box(lon[i] - 0.4, lat[i] - 0.12, lon[i] + 0.4, lat[i] + 0.12)
        x1, y1, x2, y2 = pieces[tree.query(around), :4].T
        azimuth, _, length = geod.inv(x1, y1, x2, y2)
        low, high = np.zeros(len(x1)), np.asarray(length)
        for _ in range(40):
            a, b = low + (high - low) / 3, high - (high - low) / 3
            nearer = _apart(geod, x1, y1, azimuth, a, lon[i], lat[i]) < _apart(geod, x1, y1, azimuth, b, lon[i], lat[i])
            low, high = np.where(nearer, low, a), np.where(nearer, b, high)
        error[n] = abs(_apart(geod, x1, y1, azimuth, low, lon[i], lat[i]).min() - distance[i])
    return error


def _apart(geod: Any, x: Any, y: Any, azimuth: Any, along_m: Any, lon: float, lat: float) -> Any:
    to_x, to_y, _ = geod.fwd(x, y, azimuth, along_m)
    return geod.inv(np.full(len(x), lon), np.full(len(x), lat), to_x, to_y)[2]
