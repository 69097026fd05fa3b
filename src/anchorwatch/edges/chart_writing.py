"""Write a chart to a file that `--assets` reads again, with our own names: GeoJSON or GeoPackage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from anchorwatch.chart import Asset, Chart, Zone, rules
from anchorwatch.errors import BadUse


def write(chart: Chart, out: str) -> None:
    """Write assets and zones; the ending chooses the format."""
    ending = Path(out).suffix.lower()
    if ending not in (".geojson", ".json", ".gpkg"):
        raise BadUse(f"cannot write {ending or 'a file without ending'}", out, "Use .geojson or .gpkg")
    found = [feature for asset in chart.assets for feature in of_asset(asset)] + [of_zone(z) for z in chart.zones]
    try:
        if ending == ".gpkg":
            _geopackage(found, out)
        else:
            text = json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False, allow_nan=False)
            Path(out).write_text(text + "\n", "utf-8")
    except (OSError, RuntimeError) as error:
        raise BadUse(
            f"cannot be written ({error})", out, "Choose a folder that exists and that you may write to"
        ) from error


def said_of(asset: Asset) -> dict[str, Any]:
    """Return what the catalogue says of an asset, in the names that the import understands."""
    return {
        "id": asset.id,
        "name": asset.name,
        "kind": asset.kind,
        "owner": asset.owner,
        "capacity": asset.capacity,
        "length_km": asset.length_km,
        "year": asset.year,
        "endpoints": "; ".join(asset.endpoints),
        "geometry_quality": asset.geometry,
        "error_m": asset.error_m,
        "releasability": asset.releasability,
        "source": asset.source,
    }


def of_asset(asset: Asset) -> list[dict[str, Any]]:
    """Return an asset as GeoJSON: one feature of its lines, one of its points."""
    shapes: list[dict[str, Any]] = []
    if asset.lines:
        shapes.append({"type": "MultiLineString", "coordinates": [line.tolist() for line in asset.lines]})
    if asset.points:
        shapes.append({"type": "MultiPoint", "coordinates": [list(p) for p in asset.points]})
    return [{"type": "Feature", "properties": said_of(asset), "geometry": shape} for shape in shapes]


def of_zone(zone: Zone) -> dict[str, Any]:
    """Return a zone as a GeoJSON feature."""
    said: dict[str, Any] = {"id": zone.id, "name": zone.name, "zone_kind": zone.kind, "source": zone.source}
    said |= {key: _kept(value) for key, value in rules.said_of(zone).items()}
    rings = [[ring.tolist() for ring in polygon] for polygon in zone.polygons]
    return {"type": "Feature", "properties": said, "geometry": {"type": "MultiPolygon", "coordinates": rings}}


def _kept(rule: Any) -> Any:
    """Return the value of a rule as JSON keeps it."""
    return ", ".join(map(str, rule)) if isinstance(rule, (list, tuple, np.ndarray)) else rule


def _geopackage(found: list[dict[str, Any]], out: str) -> None:
    """Write one layer for each kind of shape."""
    import shapely
    from pyogrio import raw

    Path(out).unlink(missing_ok=True)
    for layer, kind in (("lines", "MultiLineString"), ("points", "MultiPoint"), ("zones", "MultiPolygon")):
        of_kind = [f for f in found if f["geometry"]["type"] == kind]
        if not of_kind:
            continue
        # GeoPackage keeps its own key, so our `id` travels as `asset_id`.
        names = list(dict.fromkeys(n for f in of_kind for n in f["properties"]))
        columns = [np.array([f["properties"].get(n) for f in of_kind], dtype=object) for n in names]
        for n in ("length_km", "error_m", "year"):
            if n in names:
                columns[names.index(n)] = np.array(
                    [np.nan if f["properties"][n] is None else f["properties"][n] for f in of_kind], np.float64
                )
        wkb = shapely.to_wkb(shapely.from_geojson([json.dumps(f["geometry"]) for f in of_kind]))
        fields = ["asset_id" if n == "id" else n for n in names]
        raw.write(
            out,
            wkb,
            columns,
            fields,
            layer=layer,
            driver="GPKG",
            geometry_type=kind,
            crs="EPSG:4326",
            append=Path(out).exists(),
        )
