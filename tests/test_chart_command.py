"""`anchorwatch chart` as a person uses it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from anchorwatch import chart
from anchorwatch.cli import root
from anchorwatch.edges import chart_files
from anchorwatch.errors import BadUse


def run(*words: str, columns: int = 100) -> str:
    old = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(columns)
    try:
        result = CliRunner().invoke(root, ["chart", *words], catch_exceptions=False)
    finally:
        if old is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = old
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_the_list_fits_the_terminal(columns: int) -> None:
    lines = run("list", columns=columns).splitlines()
    assert len(lines) > 80
    rows = lines[: len(chart.baltic()) + 1]
    assert max(len(line) for line in rows) <= columns
    assert any("Estlink 2" in line and "± 15 km" in line for line in rows)


def test_list_and_show_as_json() -> None:
    listed = json.loads(run("list", "--json"))
    assert {"estlink-1", "c-lion1", "balticconnector"} <= {a["id"] for a in listed}
    shown = json.loads(run("show", "estlink-2", "--json"))
    assert (shown["capacity"], shown["year"], shown["geometry_quality"]) == ("650 MW", 2014, "schematic")
    assert shown["geometry"][0]["type"] == "MultiLineString"


def test_show_says_how_far_a_route_can_be_trusted() -> None:
    page = run("show", "estlink-2")
    assert "schematic, true route within 15 km" in page
    assert "650 MW" in page


def test_an_unknown_id_gets_a_hint() -> None:
    with pytest.raises(BadUse, match="estlink-1"):
        run("show", "estlink")


@pytest.mark.parametrize("name", ["out.geojson", "out.gpkg"])
def test_what_is_imported_comes_back_the_same(tmp_path: Path, name: str) -> None:
    source, out = tmp_path / "in.csv", tmp_path / name
    source.write_text("cable_id,point_order,lat,lon\na,0,57.1,20.1\na,1,57.2,20.2\nb,0,58,20\nb,1,58,21\n")
    run("import", str(source), "--out", str(out))
    before, after = chart_files.load([str(source)]), chart_files.load([str(out)])
    for a, b in zip(before.assets, after.assets, strict=True):
        assert (a.id, a.name, a.kind, a.error_m, a.geometry) == (b.id, b.name, b.kind, b.error_m, b.geometry)
        assert all(np.array_equal(x, y) for x, y in zip(a.lines, b.lines, strict=True))


def test_the_catalogue_survives_a_round_trip(tmp_path: Path) -> None:
    from anchorwatch.edges import chart_writing

    for name in ("x.geojson", "x.gpkg"):
        chart_writing.write(chart_files.load(None), str(tmp_path / name))
        again = {a.id: a for a in chart_files.load([str(tmp_path / name)]).assets}
        for asset in chart.baltic():
            back = again[asset.id]
            for field in ("name", "kind", "owner", "capacity", "year", "error_m", "geometry", "endpoints", "source"):
                assert getattr(back, field) == getattr(asset, field), (asset.id, field)
            assert back.points == asset.points
            assert len(back.lines) == len(asset.lines) or asset.id == "baltica"  # its parts touch and are joined


def test_zones_survive_a_round_trip(shared: Path, tmp_path: Path) -> None:
    files = [str(shared / "assets" / "kattegat_telecom_cables.csv"), str(shared / "sea" / "tss_osm.geojson")]
    run("import", *files, "--out", str(tmp_path / "z.gpkg"))
    before, after = chart_files.load(files), chart_files.load([str(tmp_path / "z.gpkg")])
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(10, 15, 20_000), rng.uniform(54, 58, 20_000)
    bits = chart.zones_at(before.zone_grid, lon, lat)
    assert bits.any()
    assert (chart.zones_at(after.zone_grid, lon, lat) == bits).mean() > 0.9999


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    from anchorwatch.edges import chart_writing

    for name in ("no/such/x.geojson", "no/such/x.gpkg", "x.pdf"):
        with pytest.raises(BadUse):
            chart_writing.write(chart_files.load(None), str(tmp_path / name))
