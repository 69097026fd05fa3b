"""Make src/anchorwatch/chart/coast.npz: the coast of the Baltic and the North Sea approaches, and the distance to it.

Source: Natural Earth 1:10m land (public domain), as packed in the npm package `world-atlas` 2.0.2 (ISC):

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_coast.py package/land-10m.json
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

WEST, SOUTH, EAST, NORTH = 8.0, 53.0, 31.0, 66.5
MARGIN_DEG = 3.0  # land this far outside still counts for the distance
DLON_DEG, DLAT_DEG = 0.04, 0.02  # about 2.2 km both ways
UNIT_M = 50  # of the stored distance
SIMPLE_DEG = 0.005  # about 500 m, the accuracy of the source
OUT = Path(__file__).resolve().parents[1] / "src" / "anchorwatch" / "chart" / "coast.npz"


def land(topology: dict[str, Any]) -> Any:
    """Return the land of a TopoJSON file as one shape."""
    scale, move = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + move for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> Any:
        parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        return np.concatenate([parts[0], *(p[1:] for p in parts[1:])])

    shapes = topology["objects"]["land"]["geometries"]
    rings = [[unbroken(ring(r)) for r in polygon] for shape in shapes for polygon in shape["arcs"]]
    once = shapely.make_valid([shapely.Polygon(p[0], p[1:]) for p in rings if len(p[0]) > 3])
    turns = [shapely.transform(once, partial(np.add, np.array([degrees, 0.0]))) for degrees in (-360.0, 0.0, 360.0)]
    return shapely.union_all(turns)


def unbroken(ring: Any) -> Any:
    """Return a ring that goes on beyond 180 degrees.

    The source joins Chukotka to Eurasia without a cut: a leg from 180 to -180 would run round the world at 65.06 N, and
    turn land into water north of it.
    """
    return np.column_stack((np.unwrap(ring[:, 0], period=360.0), ring[:, 1]))


def distances(shore: Any) -> Any:
    """Return metres to the shore on the grid, 0 on land."""
    lons = np.arange(WEST, EAST + DLON_DEG / 2, DLON_DEG)
    lats = np.arange(SOUTH, NORTH + DLAT_DEG / 2, DLAT_DEG)
    lon, lat = (a.ravel() for a in np.meshgrid(lons, lats))
    flat = Transformer.from_crs(4326, 3035, always_xy=True)  # its scale is within 0.5 % here
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shore)), return_index=True)
    xy = np.column_stack(flat.transform(corners[:, 0], corners[:, 1]))
    same = ring[1:] == ring[:-1]
    legs = shapely.linestrings(np.stack((xy[:-1][same], xy[1:][same]), axis=1))
    spots = shapely.points(*flat.transform(lon, lat))
    tree = shapely.STRtree(legs)
    (which, _), metres = tree.query_nearest(spots, return_distance=True, all_matches=False)
    out = np.empty(len(spots))
    out[which] = metres
    shapely.prepare(shore)
    out[shapely.contains_xy(shore, lon, lat)] = 0.0
    return out.reshape(len(lats), len(lons))


def main(path: str) -> None:
    """Read land-10m.json, write coast.npz."""
    world = land(json.loads(Path(path).read_text("utf-8")))
    wide = shapely.box(WEST - MARGIN_DEG, SOUTH - MARGIN_DEG, EAST + MARGIN_DEG, NORTH + MARGIN_DEG)
    shore = shapely.intersection(world, wide)
    stretched = shapely.transform(
        shapely.intersection(shore, shapely.box(WEST, SOUTH, EAST, NORTH)), lambda c: c * [0.5, 1.0]
    )
    drawn = shapely.transform(shapely.simplify(stretched, SIMPLE_DEG), lambda c: c * [2.0, 1.0])
    rings = [shapely.get_coordinates(r) for p in shapely.get_parts(drawn) for r in shapely.get_rings(p)]
    metres = np.round(distances(shore) / UNIT_M).astype(np.int16)
    np.savez_compressed(
        OUT,
        corners=np.round(np.concatenate(rings), 3).astype(np.float32),
        first=np.cumsum([0, *(len(r) for r in rings)]).astype(np.int32),
        steps=np.diff(metres, axis=1, prepend=np.int16(0)),  # differences along the rows pack 4 times as well
        origin=np.array([WEST, SOUTH, DLON_DEG, DLAT_DEG, UNIT_M]),
        source=np.array("Natural Earth 1:10m land (public domain), npm world-atlas 2.0.2 (ISC); tools/make_coast.py"),
    )


if __name__ == "__main__":
    main(sys.argv[1])
