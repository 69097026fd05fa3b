"""The built-in catalogue: complete, plausible, at sea, and true to within its stated error."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from anchorwatch import chart
from anchorwatch.chart import Asset, geodesy, grid
from anchorwatch.chart.assets import slug

BALTIC = {a.id: a for a in chart.baltic()}
ROUTES = [a for a in BALTIC.values() if a.lines]

# Asset of the catalogue -> its lines in ../shared (OpenStreetMap).
SAME = {
    "estlink-1": ["Estlink 1"],
    "estlink-2": ["HVDC Estlink 2"],
    "fenno-skan-1": ["Fenno-Skan"],
    "fenno-skan-2": ["Fenno-Skan"],
    "nordbalt": ["HVDC NordBalt", "HVDC NordBalt (simplified)"],
    "swepol": ["HVDC SwePol", "HVDC SwePol (simplified)"],
    "baltic-cable": ["HVDC Baltic Cable"],
    "kontek": ["Kontek"],
    "konti-skan-1": ["HVDC Konti-Skan"],
    "konti-skan-2": ["HVDC Konti-Skan"],
    "great-belt-power-link": ["HVDC Storebælt I (Great Belt power link)"],
    "gotland-2": ["HVDC Gotland 2 and 3"],
    "gotland-3": ["HVDC Gotland 2 and 3"],
    "bornholm-cable": ["Bornholm Cable"],
    "kriegers-flak-germany": ["Kriegers Flak CGS", "Baltic 1", "Baltic 2"],
    "ostwind-1": ["Ostwind 1 Ltg 261, 281 und 282"],
    "ostwind-2": ["Ostwind 2"],
    "skagerrak-1-3": ["HVDC Skagerak 1", "HVDC Skagerak 2", "HVDC Skagerak 3"],
    "skagerrak-4": ["HVDC Skagerrak 4"],
    "c-lion1": ["C-Lion1"],
    "bcs-east-west-interlink": ["BCS East-West Interlink"],
    "bcs-east": ["BCS East"],
    "latvia-sweden-lvrtc": ["Sweden-Latvia (Ventspils-Farosund)"],
    "lv-se-1": ["Latvia-Sweden 1 (LV-SE 1)"],
    "baltica": ["Baltica (Bornholm-Poland)", "Baltica (Sweden-Bornholm)"],
    "balticconnector": ["Balticconnector"],
    "nord-stream-1a": ["Nord Stream 1 line (north part)", "Nord Stream 1 line (south part)"],
    "nord-stream-1b": ["Nord Stream 1 line (north part)", "Nord Stream 1 line (south part)"],
    "nord-stream-2": ["Nord Stream 2 (central part, line B)"],
    "baltic-pipe": ["Baltic Pipe (OSM unnamed, Faxe-Poland)"],
}


def test_every_entry_says_what_it_is_and_who_says_so() -> None:
    assert len(BALTIC) == len(chart.baltic()) >= 80
    for asset in BALTIC.values():
        assert asset.id == slug(asset.id)
        assert asset.kind in chart.ASSET_KINDS
        assert asset.source.startswith("https://")
        assert (asset.releasability, asset.geometry) == ("public", "schematic")
        assert 1_000 <= asset.error_m <= 50_000
        assert bool(asset.lines) != bool(asset.points)
        assert not asset.lines or len(asset.endpoints) >= 2
        assert asset.kind != "telecom_cable" or asset.capacity.startswith("telecom")
        assert asset.year is None or 1950 <= asset.year <= 2026
    kinds = [a.kind for a in BALTIC.values()]
    assert min(kinds.count("power_cable"), kinds.count("telecom_cable"), kinds.count("energy_facility")) >= 15


@pytest.mark.parametrize("asset", ROUTES, ids=lambda a: a.id)
def test_routes_are_as_long_as_published(asset: Asset) -> None:
    drawn = geodesy.length_km(asset.lines)
    published = asset.properties.get("sea_km", asset.length_km)
    assert drawn > 5
    # A route drawn from a few corners is shorter than a laid one, never much longer.
    assert published is None or 0.7 * published <= drawn <= 1.08 * published


def test_routes_go_through_the_sea() -> None:
    land = shapely.union_all([shapely.Polygon(ring) for ring in chart.coast()])
    for asset in ROUTES:
        on_land = shapely.get_parts(shapely.intersection(shapely.MultiLineString(list(asset.lines)), land))
        corners = [shapely.get_coordinates(part) for part in on_land if part.geom_type == "LineString"]
        metres = sum(float(geodesy.lengths_m(c).sum()) for c in corners)
        assert metres < 0.5 * asset.error_m, f"{asset.id}: {metres / 1000:.1f} km over land"


@pytest.mark.parametrize("name", SAME)
def test_the_stated_error_holds(shared: Path, name: str) -> None:
    charted = []
    for file in ("named_lines_osm", "power_cables_osm"):
        for feature in json.loads((shared / "assets" / f"{file}.geojson").read_text("utf-8"))["features"]:
            if feature["properties"].get("name") in SAME[name]:
                shape = feature["geometry"]
                parts = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
                charted += [np.array(p, np.float64)[:, :2] for p in parts]
    places = geodesy.pieces(tuple(charted))
    wide = grid.build((BALTIC[name],), 60_000.0)
    asset, distance, _, _ = chart.nearest(wide, places[:, 0].copy(), places[:, 1].copy(), 60_000.0)
    assert (asset == 0).all()
    assert distance.max() <= BALTIC[name].error_m
