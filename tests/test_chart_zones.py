"""Zones, depth and distance to shore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from anchorwatch import chart, schema
from anchorwatch.chart import Zone
from anchorwatch.edges import chart_files, depth_files
from anchorwatch.errors import BadChart


def test_zones_like_shapely() -> None:
    rng = np.random.default_rng(5)
    zones, shapes = [], []
    for k in range(30):
        around = np.sort(rng.uniform(0, 2 * np.pi, 12))
        radius = rng.uniform(0.01, 0.3, 12)
        ring = rng.uniform((19, 57), (21, 58)) + np.column_stack((np.cos(around), np.sin(around))) * radius[:, None]
        kind = ("anchorage", "lane", "port")[k % 3]
        zones.append(Zone(f"z{k}", f"z{k}", kind, ((ring,),)))
        shapes.append((kind, shapely.make_valid(shapely.Polygon(ring))))
    made = chart.make((), tuple(zones))
    lon, lat = rng.uniform(18.5, 21.5, 5000), rng.uniform(56.5, 58.5, 5000)
    bits = chart.zones_at(made.zone_grid, lon, lat)
    for kind in ("anchorage", "lane", "port"):
        area = shapely.union_all([s for k, s in shapes if k == kind])
        want = shapely.contains_xy(area, lon, lat)
        assert 0 < want.sum() < 5000
        assert ((bits & (1 << schema.ZONE_KINDS.index(kind)) != 0) == want).all()


def test_a_hole_is_outside_and_nowhere_is_no_zone() -> None:
    ring = np.array([[20.0, 57.0], [20.2, 57.0], [20.2, 57.2], [20.0, 57.2], [20.0, 57.0]])
    made = chart.make((), (Zone("z", "z", "port", ((ring, (ring - [20.0, 57.0]) * 0.2 + [20.1, 57.1]),)),))
    assert chart.zone_at(made.zone_grid, 20.05, 57.05) == schema.PORT
    assert chart.zone_at(made.zone_grid, 20.11, 57.11) == 0
    for lon, lat in ((np.nan, 57.05), (20.05, np.nan), (-170.0, 57.05), (20.05, 89.0), (np.inf, 0.0)):
        assert chart.zone_at(made.zone_grid, lon, lat) == 0
        assert chart.zone_at(chart.make(()).zone_grid, lon, lat) == 0


# Known from any map. No place on a lake, and no sea within 2 km of land: the grid is that coarse.
LAND = {
    "north of Kemi": (24.9, 65.9), "Tornio valley": (24.0, 66.1), "north of Lulea": (21.9, 65.8),
    "east of Oulu": (25.9, 65.0), "Hailuoto": (24.7, 65.06), "west of Pitea": (21.1, 65.3), "Umea": (20.1, 63.9),
    "east of Vaasa": (22.2, 63.0), "Sundsvall": (17.0, 62.4), "Gotland": (18.4, 57.4), "Aland": (19.95, 60.15),
    "Bornholm": (14.9, 55.12), "Oland": (16.7, 56.7), "Saaremaa": (22.5, 58.4), "Hiiumaa": (22.6, 58.9),
    "Helsinki": (24.94, 60.25), "Kurzeme": (22.0, 57.3), "Samland": (20.3, 54.9), "Rugen": (13.4, 54.45),
    "Zealand": (11.9, 55.5), "Scania": (13.5, 55.8), "Jutland": (9.3, 56.3),
}  # fmt: skip
SEA = {
    "off Kemi": (24.4, 65.55), "off Tornio": (24.1, 65.65), "off Lulea": (22.6, 65.35), "off Oulu": (25.0, 65.1),
    "Bay of Bothnia": (23.0, 65.0), "off Pitea": (22.0, 65.2), "the Quark": (20.8, 63.5), "off Vaasa": (20.9, 63.15),
    "Bothnian Sea": (19.3, 62.0), "off Gotland": (19.5, 57.4), "Sea of Aland": (19.1, 60.2),
    "off Bornholm": (15.6, 55.3), "Gulf of Riga": (23.6, 57.7), "Gulf of Finland": (26.0, 59.9),
    "Gdansk Bay": (19.1, 54.6), "Kattegat": (11.4, 57.0), "Skagerrak": (9.0, 57.7), "Arkona Basin": (13.8, 55.0),
    "Kiel Bight": (10.5, 54.6),
}  # fmt: skip


@pytest.mark.parametrize("name", [*LAND, *SEA])
def test_land_is_land_and_sea_is_sea(name: str) -> None:
    """The grid and the drawn coast say the same, also in the far north, where they once had it the wrong way round."""
    lon, lat = (LAND | SEA)[name]
    drawn = sum(bool(shapely.contains_xy(shapely.Polygon(ring), lon, lat)) for ring in chart.coast()) % 2 == 1
    assert drawn is (name in LAND)
    assert bool(chart.shore_at(chart.shore(), lon, lat) == 0.0) is (name in LAND)


def test_the_shore_is_where_it_is() -> None:
    shore = chart.shore()
    assert chart.shore_at(shore, 24.94, 60.25) == 0.0  # north of Helsinki
    assert chart.shore_at(shore, 18.4, 57.4) == 0.0  # Gotland
    assert 20_000 < chart.shore_at(shore, 24.9, 59.8) < 30_000  # middle of the Gulf of Finland
    assert chart.shore_at(shore, 19.5, 56.2) > 80_000
    for lon, lat in ((7.9, 57.0), (20.0, 70.0), (np.nan, 57.0), (20.0, np.nan), (-160.0, 20.0)):
        assert np.isnan(chart.shore_at(shore, lon, lat))


def test_the_coast_is_closed_rings() -> None:
    rings = chart.coast()
    assert len(rings) > 50
    for ring in rings:
        assert (ring[0] == ring[-1]).all()
        assert ((ring >= (7.99, 52.99)) & (ring <= (31.01, 66.51))).all()


def test_coast_beside_natural_earth_itself(shared: Path) -> None:
    """Only a sanity check: another edition of the same public-domain coast, cut differently."""
    import json

    features = json.loads((shared / "sea" / "land_natural_earth.geojson").read_text())["features"]
    parts = shapely.get_parts(shapely.from_geojson([json.dumps(f["geometry"]) for f in features]))
    land = shapely.union_all(shapely.make_valid(parts[shapely.area(parts) > 0]))
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(12, 28, 4000), rng.uniform(55, 60, 4000)
    metres = np.array([chart.shore_at(chart.shore(), x, y) for x, y in zip(lon, lat, strict=True)])
    inland = shapely.contains_xy(land, lon, lat) & ~shapely.dwithin(shapely.points(lon, lat), land.boundary, 0.1)
    assert inland.sum() > 300
    assert (metres[inland] == 0).mean() > 0.98
    offshore = ~shapely.dwithin(shapely.points(lon, lat), land, 0.2)
    assert offshore.sum() > 300
    assert (metres[offshore] > 3_000).mean() > 0.98


def test_depth_from_npz_like_its_points(shared: Path) -> None:
    path = shared / "sea" / "depth_etopo5.npz"
    depth = depth_files.read(str(path))
    with np.load(path) as packed:
        lon, lat, elev = packed["lon"].astype(float), packed["lat"].astype(float), packed["elev_m"]
    for i, j in ((50, 80), (100, 150), (20, 30)):
        assert chart.depth_at(depth, lon[j], lat[i]) == pytest.approx(max(0, -int(elev[i, j])), abs=0.5)
    assert np.isnan(chart.depth_at(depth, 0.0, 0.0))


GRID = "ncols 3\nnrows 2\nxllcenter 20\nyllcenter 57\ncellsize 0.5\nNODATA_value -9999\n-10 -20 -30\n-40 5 -9999\n"
POINTS = "lon,lat,depth_m\n20,57,40\n20.5,57,0\n20,57.5,10\n20.5,57.5,20\n21,57.5,30\n"


@pytest.mark.parametrize(("name", "content"), [("d.asc", GRID), ("d.csv", POINTS), ("d.xyz", POINTS)])
def test_depth_from_text(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    depth = depth_files.read(str(tmp_path / name))
    at: Any = lambda lon, lat: chart.depth_at(depth, lon, lat)  # noqa: E731
    assert at(20.0, 57.5) == 10.0
    assert at(20.0, 57.0) == 40.0
    assert at(20.5, 57.0) == 0.0  # land
    assert at(20.25, 57.5) == 15.0
    assert np.isnan(at(20.9, 57.1))  # beside an unknown one


TOO_LARGE = GRID.replace("ncols 3", "ncols 654000").encode()
BAD_DEPTH = [
    ("a.npz", b"PK\x03\x04no"),
    ("a.npz", b""),
    ("a.asc", b"ncols x\n"),
    ("a.asc", TOO_LARGE),
    ("a.csv", b""),
    ("a.csv", b"lon,lat\n1,2\n1,2\n1,2\n1,2\n"),
    ("a.csv", b"\x00\xff" * 99),
    ("a.xyz", b"1 2 3\n4 5.5 6\n4.1 9 3\n7 8 1\n"),
]


@pytest.mark.parametrize(("name", "content"), BAD_DEPTH)
def test_bad_depth_is_one_clear_line(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadChart) as said:
        depth_files.read(str(tmp_path / name))
    assert "\n" not in str(said.value)


def test_lanes_and_anchorages_of_openstreetmap(shared: Path) -> None:
    made = chart_files.load(
        None, [str(shared / "sea" / "tss_osm.geojson"), str(shared / "sea" / "anchorages_osm.geojson")]
    )
    kinds = [z.kind for z in made.zones]
    assert kinds.count("lane") == 371
    assert kinds.count("anchorage") == 583
    ids = [z.id for z in made.zones]
    assert len({(z.source, i) for z, i in zip(made.zones, ids, strict=True)}) == len(ids)
    lanes = [z for z in made.zones if z.properties.get("seamark:type") == "separation_lane"]
    hit = 0
    for lane in lanes:
        inside = shapely.point_on_surface(shapely.Polygon(lane.polygons[0][0]))
        hit += bool(chart.zone_at(made.zone_grid, inside.x, inside.y) & schema.LANE)
    assert hit == len(lanes) == 149
