"""Charts as people have them: every format, every naming, and everything that can be wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pyogrio import raw

from anchorwatch import chart
from anchorwatch.chart import geodesy, meaning
from anchorwatch.chart.meaning import Feature
from anchorwatch.edges import chart_files
from anchorwatch.errors import BadChart
from tries import tries

GULF = [[24.5, 59.5], [24.6, 59.8], [24.7, 60.0]]


def geojson(path: Path, *features: tuple[dict[str, Any], Any], kind: str = "LineString") -> str:
    made = [
        {"type": "Feature", "properties": said, "geometry": shape if isinstance(shape, dict | None) else
         {"type": kind, "coordinates": shape}}
        for said, shape in features
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}))
    return str(path)


def one(path: str) -> chart.Asset:
    [asset] = chart_files.load([path]).assets
    return asset


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("a.geojson", "GeoJSON"),
        ("a.gpkg", "GPKG"),
        ("a.shp", "ESRI Shapefile"),
        ("a.kml", "KML"),
        ("a.fgb", "FlatGeobuf"),
    ],
)
def test_every_format(tmp_path: Path, name: str, driver: str) -> None:
    path = str(tmp_path / name)
    columns = [np.array(["Estlink 9"], dtype=object), np.array(["power_cable"], dtype=object)]
    field = "Name" if driver == "KML" else "name"
    wkb = shapely.to_wkb(np.array([shapely.LineString(GULF)], dtype=object))
    raw.write(path, wkb, columns, [field, "kind"], driver=driver, geometry_type="LineString", crs="EPSG:4326")
    asset = one(path)
    assert (asset.id, asset.name) == ("estlink-9", "Estlink 9")
    assert driver == "KML" or asset.kind == "power_cable"
    assert np.allclose(asset.lines[0], GULF)


@pytest.mark.parametrize("epsg", [3035, 3301, 32635, 3857])
def test_other_coordinate_systems_are_moved(tmp_path: Path, epsg: int) -> None:
    from pyproj import Transformer

    there = Transformer.from_crs(4326, epsg, always_xy=True)
    shape = shapely.LineString([there.transform(lon, lat) for lon, lat in GULF])
    path = str(tmp_path / "a.gpkg")
    name = [np.array(["x"], dtype=object)]
    raw.write(
        path, shapely.to_wkb([shape]), name, ["name"], driver="GPKG", geometry_type="LineString", crs=f"EPSG:{epsg}"
    )
    assert np.allclose(one(path).lines[0], GULF, atol=1e-6)


def test_s57_layers_by_their_names() -> None:
    shape = shapely.LineString(GULF)
    cases: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("CBLSUB", {"catcbl": 1}, "power_cable"),
        ("CBLSUB", {"catcbl": 4}, "telecom_cable"),
        ("CBLSUB", {"catcbl": 6}, ""),
        ("PIPSOL", {}, "pipeline"),
        ("DEPCNT", {"valdco": 10.0}, ""),
        ("COALNE", {}, ""),
    )
    for layer, said, kind in cases:
        assert meaning.asset_kind(Feature(shape, said, layer, 1)) == kind
    area = shapely.box(24, 59, 25, 60)
    for layer, kind in (
        ("ACHARE", "anchorage"),
        ("TSSLPT", "lane"),
        ("PILBOP", "pilot_station"),
        ("MIPARE", "exercise_area"),
    ):
        assert meaning.zone_kind(Feature(area, {}, layer, 1)) == kind


@pytest.mark.parametrize(
    ("said", "kind", "capacity", "owner"),
    [
        ({"power": "cable", "name": "a", "voltage": "450000", "operator": "E"}, "power_cable", "450 kV", "E"),
        ({"power": "cable", "name": "a", "rating": "650 MW"}, "power_cable", "650 MW", ""),
        ({"communication": "line", "name": "a"}, "telecom_cable", "telecom", ""),
        ({"man_made": "pipeline", "substance": "gas", "name": "a"}, "pipeline", "", ""),
        ({"seamark:type": "cable_submarine", "seamark:cable_submarine:category": "power"}, "power_cable", "", ""),
        (
            {"seamark:type": "cable_submarine", "seamark:cable_submarine:category": "telephone"},
            "telecom_cable",
            "telecom",
            "",
        ),
        ({"seamark:type": "pipeline_submarine"}, "pipeline", "", ""),
        ({"name": "HVDC something"}, "power_cable", "", ""),
        ({"name": "C-Something"}, "telecom_cable", "telecom", ""),
        ({"kind": "gas_pipeline", "capacity": "10 bcm/y", "owner": "G"}, "pipeline", "10 bcm/y", "G"),
    ],
)
def test_names_of_others(tmp_path: Path, said: dict[str, Any], kind: str, capacity: str, owner: str) -> None:
    asset = one(geojson(tmp_path / "a.geojson", (said, GULF)))
    assert (asset.kind, asset.capacity, asset.owner) == (kind, capacity, owner)


def test_what_is_no_asset_is_left_out_and_said(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "a.geojson",
        ({"name": "real", "power": "cable"}, GULF),
        ({"power": "line", "name": "in the air"}, GULF),
        ({"boundary": "maritime"}, GULF),
        ({"name": "later", "status": "Planned"}, GULF),
        ({"name": "nowhere"}, None),
    )
    made = chart_files.load([path])
    assert [a.id for a in made.assets] == ["real"]
    said = " ".join(made.warnings)
    assert "2 features that are neither" in said
    assert "1 features that are planned" in said
    assert "1 features without a usable place" in said


def test_ways_of_one_cable_are_one_asset(tmp_path: Path) -> None:
    a, b, c = ([[20.0 + k, 57.0], [20.5 + k, 57.1], [21.0 + k, 57.0]] for k in range(3))
    path = geojson(
        tmp_path / "a.geojson",
        ({"power": "cable", "name": "Link", "wikidata": "Q1"}, b),
        ({"power": "cable", "name": "link"}, a[::-1]),  # drawn the other way round
        ({"power": "cable", "name": "Link"}, c),
        ({"power": "cable", "name": "Link 2", "wikidata": "Q1"}, a),
        ({"power": "cable", "wikidata": "Q7"}, a),
        ({"power": "cable", "wikidata": "Q7"}, b),
        ({"power": "cable", "osm_id": "way/5"}, a),
        ({"power": "cable", "osm_id": "way/6"}, a),
    )
    made = {x.id: x for x in chart_files.load([path]).assets}
    assert len(made) == 5
    assert {"link", "link-2", "way-5", "way-6"} < set(made)
    [joined] = made["link"].lines
    assert len(joined) == 7
    assert joined[:, 0].tolist() == sorted(joined[:, 0])  # the first part keeps its direction


def test_konti_skan_is_one_and_skagerrak_is_four(shared: Path) -> None:
    made = chart_files.load([str(shared / "assets" / "power_cables_osm.geojson")])
    names = [a.name for a in made.assets]
    assert names.count("HVDC Konti-Skan") == 1
    assert sum("Skager" in n for n in names) == 4
    assert len({a.id for a in made.assets}) == len(made.assets)
    drawn = geodesy.length_km(made.assets[names.index("HVDC Konti-Skan")].lines)
    features = json.loads((shared / "assets" / "power_cables_osm.geojson").read_text("utf-8"))["features"]
    ways = [f["geometry"]["coordinates"] for f in features if f["properties"].get("name") == "HVDC Konti-Skan"]
    assert len(ways) == 8
    assert drawn == pytest.approx(sum(geodesy.length_km((np.array(w, float),)) for w in ways), rel=1e-6)
    again = chart_files.load([str(shared / "assets" / "power_cables_osm.geojson")])
    assert [a.id for a in again.assets] == [a.id for a in made.assets]


def test_csv_points(shared: Path) -> None:
    made = chart_files.load([str(shared / "assets" / "kattegat_telecom_cables.csv")])
    assert [a.id for a in made.assets] == ["cg2", "kattegat2a", "kattegat2b"]
    assert [len(a.lines[0]) for a in made.assets] == [9, 7, 9]
    assert made.assets[0].lines[0][0].tolist() == [10.53598, 57.30158]


def test_csv_in_any_order_with_bad_rows(tmp_path: Path) -> None:
    rows = [
        "cable_id;point_order;lat;lon",
        "a;2;57.2;20.2",
        "a;0;57.0;20.0",
        "a;x;57;20",
        "a;1;57.1;20.1",
        "a;3;nan;1",
        "b",
    ]
    (tmp_path / "c.csv").write_text("\ufeff" + "\r\n".join(rows) + "\r\n", "utf-8")
    made = chart_files.load([str(tmp_path / "c.csv")])
    assert made.assets[0].lines[0].tolist() == [[20.0, 57.0], [20.1, 57.1], [20.2, 57.2]]
    assert "3 rows without a usable place" in made.warnings[0]


def test_metres_without_a_system_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", ({"name": "x"}, [[385000.0, 6600000.0], [390000.0, 6650000.0]]))
    with pytest.raises(BadChart, match="metres"):
        chart_files.load([path])


def test_swapped_coordinates_are_turned_round_and_said(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", ({"name": "x"}, [p[::-1] for p in GULF]))
    made = chart_files.load([path])
    assert made.assets[0].lines[0].tolist() == GULF
    assert "swapped" in made.warnings[0]


def test_true_places_are_never_swapped(tmp_path: Path) -> None:
    for where in ([[58.5, 23.6], [60.5, 25.3]], [[57.0, 20.0], [54.4, 24.5]], [[-5.0, 50.0], [-70.0, 40.0]], GULF):
        made = chart_files.load([geojson(tmp_path / "a.geojson", ({"name": "x"}, where))])
        assert made.assets[0].lines[0].tolist() == where, made.warnings


def test_repairs_are_said(tmp_path: Path) -> None:
    nan, wide = float("nan"), [[20.0, 57.0], [20.0, 57.0], [500.0, 57.1], [20.2, 57.2]]
    path = geojson(tmp_path / "a.geojson", ({"name": "x"}, wide), ({"name": "dot"}, [[20.0, 57.0], [20.0, 57.0]]))
    made = chart_files.load([path])
    assert [a.id for a in made.assets] == ["x"]
    assert made.assets[0].lines[0].tolist() == [[20.0, 57.0], [20.2, 57.2]]
    assert "1 corners" in made.warnings[0]
    with np.errstate(invalid="ignore"):
        shape = shapely.LineString([[20.0, 57.0], [nan, nan], [20.2, 57.2]])
    gpkg = str(tmp_path / "n.gpkg")
    raw.write(gpkg, shapely.to_wkb([shape]), [np.array(["x"], dtype=object)], ["name"], driver="GPKG",
              geometry_type="LineString", crs="EPSG:4326")  # fmt: skip
    assert one(gpkg).lines[0].tolist() == [[20.0, 57.0], [20.2, 57.2]]


def test_self_crossing_and_antimeridian_lines_are_fine(tmp_path: Path) -> None:
    eight = [[20.0, 57.0], [20.4, 57.4], [20.4, 57.0], [20.0, 57.4]]
    around = [[179.8, 52.0], [-179.8, 52.1]]
    made = chart_files.load([geojson(tmp_path / "a.geojson", ({"name": "eight"}, eight), ({"name": "round"}, around))])
    assert chart.nearest_one(made.grid, 20.2, 57.2, 1e4)[0] == 0
    assert chart.nearest_one(made.grid, 20.2, 57.2, 1e4)[1] < 200
    assert chart.nearest_one(made.grid, 179.999, 52.05, 1e4)[0] == 1
    assert chart.nearest_one(made.grid, 0.0, 52.05, 1e4)[0] == -1
    assert geodesy.length_km(made.assets[1].lines) < 40


def test_many_corners_are_thinned_and_said(tmp_path: Path) -> None:
    x = np.linspace(20, 21, 320_000)
    path = str(tmp_path / "big.gpkg")
    shape = shapely.LineString(np.column_stack((x, 57 + 1e-7 * np.sin(x * 1000))))
    raw.write(path, shapely.to_wkb([shape]), [np.array(["x"], dtype=object)], ["name"], driver="GPKG",
              geometry_type="LineString", crs="EPSG:4326")  # fmt: skip
    made = chart_files.load([path])
    assert "thinned" in made.warnings[0]
    assert len(made.assets[0].lines[0]) < 1000
    assert chart.nearest_one(made.grid, 20.5, 57.0, 1e4)[1] < 1.0


def test_a_cable_area_is_its_middle_with_its_width_as_error(tmp_path: Path) -> None:
    box = shapely.to_geojson(shapely.box(20.0, 57.0, 21.0, 57.1))
    path = geojson(
        tmp_path / "a.geojson", ({"seamark:type": "cable_area", "name": "x", "power": "cable"}, json.loads(box))
    )
    asset = one(path)
    assert asset.lines[0][:, 1].tolist() == pytest.approx([57.05, 57.05])
    assert asset.error_m == pytest.approx(5_570, abs=60)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b""),
        ("a.geojson", b'{"type": "FeatureCollection", "features": ['),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("a.geojson", b'{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[20,57]}}'),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 200),
        ("a.shp", b"\0\0\x27\x0a" + b"\0" * 100),
        ("a.kml", b"<kml><Document></Document></kml>"),
        ("a.000", b"\x30\x30\x32"),
        ("a.csv", b"time,mmsi,lat,lon\n1,2,3,4\n"),
        ("a.csv", b"cable_id,point_order,lat,lon\n"),
        ("a.csv", b"cable_id,point_order,lat,lon\n" + b"x" * 100_000),
        ("a.zip", b"PK\x03\x04" + b"\0" * 40),
        ("a.bin", bytes(range(256)) * 20),
    ],
)
def test_bad_files_are_one_clear_line(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadChart) as said:
        chart_files.load([str(tmp_path / name)])
    assert name in str(said.value)
    assert "\n" not in str(said.value)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.geojson"):
        with pytest.raises(BadChart):
            chart_files.load([str(path)])


@tries(60, HealthCheck.function_scoped_fixture)
@given(st.binary(max_size=300), st.sampled_from(["csv", "geojson", "kml"]))
def test_any_bytes_are_a_chart_or_one_clear_line(tmp_path: Path, junk: bytes, ending: str) -> None:
    start = {"csv": b"cable_id,point_order,lat,lon\n", "geojson": b'{"type":"FeatureCollection",', "kml": b"<kml>"}
    (tmp_path / f"x.{ending}").write_bytes(start[ending] + junk)
    try:
        assert chart_files.load([str(tmp_path / f"x.{ending}")]).assets
    except BadChart as said:
        assert str(said)
