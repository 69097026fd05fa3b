"""Read the user's files of assets, zones and depth into a chart.

GeoJSON, GeoPackage, Shapefile, KML, S-57 and whatever else GDAL opens, and CSV points
(`cable_id,point_order,lat,lon`). Assets and zones may be in the same files or in different ones.
"""

from __future__ import annotations

import csv
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from anchorwatch import chart
from anchorwatch.chart import features as imported
from anchorwatch.chart.meaning import Feature
from anchorwatch.chart.repair import repaired
from anchorwatch.errors import BadChart

LARGEST_BYTES = 2_000_000_000  # a chart of the whole world has some 100 MB
LONGEST_LINE = 65_536
READS = "GeoJSON, GeoPackage, Shapefile, KML, S-57 or CSV with cable_id,point_order,lat,lon"


def load(paths: list[str] | None = None, zones: list[str] | None = None, depth: str | None = None) -> chart.Chart:
    """Return the chart of the given files; of the built-in Baltic catalogue where no assets are given.

    Zones are taken from all files, assets only from `paths`. The chart's `warnings` say what was repaired.
    """
    from anchorwatch.edges import depth_files

    assets: list[chart.Asset] = list(chart.baltic()) if not paths else []
    areas: list[chart.Zone] = []
    notes: list[str] = []
    for path in dict.fromkeys([*(paths or []), *(zones or [])]):
        found, more = read(path)
        name = Path(path).name
        new_assets = imported.assets(found, name) if path in (paths or []) else []
        new_zones = imported.zones(found, name)
        if not new_assets and not new_zones:
            raise BadChart(_nothing(found), path, f"It takes lines of cables or pipelines, or areas: {READS}")
        notes += more + _left_out(found, new_assets, path)
        assets += new_assets
        areas += new_zones
    if not assets:
        raise BadChart("no cable, pipeline or platform to guard", ", ".join(paths or []), f"Assets come as {READS}")
    return chart.make(
        _with_unique_ids(assets),
        tuple(areas),
        depth_files.read(depth) if depth else None,
        warnings=tuple(notes),
    )


def _with_unique_ids(assets: list[chart.Asset]) -> tuple[chart.Asset, ...]:
    """Return the assets; where two files use one id, the later one gets a number."""
    ids = chart.unique_ids(a.id for a in assets)
    return tuple(
        a if a.id == name else chart.Asset(**{**a.__dict__, "id": name}) for a, name in zip(assets, ids, strict=True)
    )


def _nothing(found: list[Feature]) -> str:
    shapes = sorted({f.shape.geom_type for f in found if f.shape is not None})
    return f"no assets and no zones in its {len(found)} features ({', '.join(shapes) or 'without places'})"


def _left_out(found: list[Feature], assets: list[chart.Asset], path: str) -> list[str]:
    """Return what a user should know about features that are not on the chart."""
    from anchorwatch.chart import meaning

    notes = []
    planned = sum(meaning.not_built(f.said) for f in found)
    if planned:
        notes.append(f"{path}: {planned} features that are planned or gone were left out")
    empty = sum(f.shape is None or f.shape.is_empty for f in found)
    if empty:
        notes.append(f"{path}: {empty} features without a usable place were left out")
    placed = [f for f in found if f.shape is not None]
    unknown = sum(not meaning.asset_kind(f) and not meaning.zone_kind(f) for f in placed)
    if unknown:
        notes.append(f"{path}: {unknown} features that are neither asset nor zone were left out")
    lone = sum(a.kind in ("power_cable", "telecom_cable", "pipeline") and not a.lines for a in assets)
    if lone:
        notes.append(f"{path}: {lone} cables or pipelines have no line and cannot be guarded")
    return notes


def read(path: str) -> tuple[list[Feature], list[str]]:
    """Return the features of one file in WGS84, and what was repaired."""
    file = Path(path)
    if not file.exists():
        raise BadChart("no such file", path, "Check the name")
    if file.is_file() and file.stat().st_size == 0:
        raise BadChart("the file is empty", path, f"Assets come as {READS}")
    if file.is_file() and max(file.stat().st_size, _unpacked_bytes(file)) > LARGEST_BYTES:
        raise BadChart("more than 2 GB, too large for a chart", path, "Cut it to your sea area first")
    if _is_table(file):
        return _table(path)
    return _layers(path)


def _unpacked_bytes(file: Path) -> int:
    """Return how much a zip archive says it holds."""
    if not zipfile.is_zipfile(file):
        return 0
    with zipfile.ZipFile(file) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _is_table(file: Path) -> bool:
    """Tell CSV points by their first line."""
    if not file.is_file():
        return False
    with file.open("rb") as stream:
        names = _names(stream.readline(LONGEST_LINE).decode("utf-8-sig", "replace"))
    return file.suffix.lower() in (".csv", ".txt", ".tsv") or {"lat", "lon"} <= set(names)


LATITUDES, LONGITUDES = ("lat", "latitude", "lat_deg", "y"), ("lon", "lng", "longitude", "lon_deg", "x")
CABLES, ORDERS = ("cable_id", "id", "asset", "cable", "name"), ("point_order", "order", "seq", "point")


def _separator(header: str) -> str:
    return max(",;\t", key=header.count)


def _names(header: str) -> list[str]:
    return [n.strip().strip('"').lower() for n in header.strip().split(_separator(header))]


def _table(path: str) -> tuple[list[Feature], list[str]]:
    """Return one line for each cable of a table of points."""
    with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        header = stream.readline(LONGEST_LINE)
        names = _names(header)
        picks = [next((n for n in wanted if n in names), "") for wanted in (CABLES, LATITUDES, LONGITUDES, ORDERS)]
        if not all(picks[:3]):
            raise BadChart(f"the columns are {', '.join(names)[:80]}", path, "CSV needs cable_id,point_order,lat,lon")
        rows, bad = _points(stream, names, picks, _separator(header), path)
    cables = {name: sorted(points, key=lambda p: p[0]) for name, points in rows.items()}
    if not cables:
        raise BadChart("no usable points in it", path, "CSV needs cable_id,point_order,lat,lon")
    shapes = [
        shapely.LineString([p[1:] for p in points]) if len(points) > 1 else shapely.Point(points[0][1:])
        for points in cables.values()
    ]
    fixed, notes = repaired(shapes, path)
    if bad:
        notes.append(f"{path}: {bad} rows without a usable place were left out")
    made = [Feature(s, {"name": n}, "points", i) for i, (s, n) in enumerate(zip(fixed, cables, strict=True), 1)]
    return made, notes


Points = dict[str, list[tuple[float, float, float]]]


def _points(stream: Any, names: list[str], picks: list[str], separator: str, path: str) -> tuple[Points, int]:
    """Return (order, lon, lat) of each cable, and how many rows were of no use."""
    places = [names.index(p) if p else -1 for p in picks]
    rows: Points = {}
    bad = 0
    try:
        for n, row in enumerate(csv.reader(_short_lines(stream, path), delimiter=separator)):
            if not row:
                continue
            try:
                lat, lon = float(row[places[1]]), float(row[places[2]])
                order = float(row[places[3]]) if places[3] >= 0 else float(n)
                if not (np.isfinite(lat) and np.isfinite(lon) and np.isfinite(order)):
                    raise ValueError
                rows.setdefault(row[places[0]].strip(), []).append((order, lon, lat))
            except (ValueError, IndexError):
                bad += 1
    except csv.Error as error:
        raise BadChart(f"not a readable table ({error})", path, "CSV needs cable_id,point_order,lat,lon") from error
    return rows, bad


def _short_lines(stream: Any, path: str) -> Iterator[str]:
    """Yield lines; refuse one without an end."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE:
            raise BadChart("a line of more than 64 KB", path, "CSV needs cable_id,point_order,lat,lon")
        yield line.replace("\0", "")


def _layers(path: str) -> tuple[list[Feature], list[str]]:
    """Return the features of all layers that GDAL finds in a file."""
    import pyogrio

    found: list[Feature] = []
    notes: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks on odd ids and encodings; what matters is in `notes`
            for layer, geometry in pyogrio.list_layers(path):
                if geometry is not None:
                    more, said = _layer(path, str(layer))
                    found += more
                    notes += said
    except BadChart:
        raise
    except Exception as error:  # GDAL's drivers raise many kinds
        raise BadChart(f"cannot be read ({_short(error)})", path, f"Assets come as {READS}") from error
    return found, notes


def _short(error: Exception) -> str:
    return str(error).split(";")[0].split("\n")[0][:120].rstrip(". ")


def _layer(path: str, layer: str) -> tuple[list[Feature], list[str]]:
    """Return the features of one layer, moved to WGS84."""
    from pyogrio import raw

    meta, _, geometry, columns = raw.read(path, layer=layer, force_2d=True)
    if geometry is None:
        return [], []
    with np.errstate(invalid="ignore"):
        shapes = shapely.from_wkb(geometry, on_invalid="ignore")
    shapes, notes = repaired(_to_wgs84(shapes, meta["crs"]), path)
    names = [str(n).lower() for n in meta["fields"]]
    listed = [c.tolist() for c in columns]
    said = [{n: v for n, v in zip(names, row, strict=True) if v is not None} for row in zip(*listed, strict=True)]
    said = said or [{} for _ in shapes]
    return [Feature(s, p, layer, i) for i, (s, p) in enumerate(zip(shapes, said, strict=True), 1)], notes


def _to_wgs84(shapes: Any, crs: str | None) -> Any:
    """Return shapes in longitude and latitude of WGS84; without a named system they are taken as such."""
    if crs is None or crs in ("EPSG:4326", "OGC:CRS84"):
        return shapes
    from pyproj import Transformer

    move = Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)

    def moved(corners: Any) -> Any:
        return np.column_stack(move.transform(corners[:, 0], corners[:, 1]))

    return shapely.transform(shapes, moved)
