"""Read a grid of depths: .npz, ESRI ASCII grid (.asc) or points `lon,lat,depth` on a regular grid (.csv, .xyz)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from anchorwatch.chart import Raster
from anchorwatch.errors import BadChart

NEXT = "Depth comes as .npz with lon, lat and depth_m or elev_m, as ESRI ASCII grid, or as columns lon,lat,depth_m"
MOST_VALUES = 200_000_000


def read(path: str) -> Raster:
    """Return the depths of one file, in metres below the surface and 0 on land."""
    file = Path(path)
    if not file.is_file():
        raise BadChart("no such file", path, NEXT)
    try:
        if file.suffix.lower() == ".npz":
            lons, lats, depth = _npz(file)
        elif _is_ascii_grid(file):
            lons, lats, depth = _ascii_grid(file)
        else:
            lons, lats, depth = _points(file)
    except (ValueError, KeyError, OSError, IndexError, zipfile.BadZipFile, EOFError) as error:
        raise BadChart(f"no readable grid of depths ({str(error)[:100]})", path, NEXT) from error
    return _raster(lons, lats, depth, path)


def _raster(lons: Any, lats: Any, depth: Any, path: str) -> Raster:
    """Return a raster with rows from the south and columns from the west."""
    if len(lons) < 2 or len(lats) < 2 or depth.shape != (len(lats), len(lons)):
        raise BadChart("not a grid of at least 2 x 2 depths", path, NEXT)
    if lats[0] > lats[-1]:
        lats, depth = lats[::-1], depth[::-1]
    if lons[0] > lons[-1]:
        lons, depth = lons[::-1], depth[:, ::-1]
    dlon, dlat = float(lons[-1] - lons[0]) / (len(lons) - 1), float(lats[-1] - lats[0]) / (len(lats) - 1)
    if not (np.allclose(np.diff(lons), dlon, rtol=0.02) and np.allclose(np.diff(lats), dlat, rtol=0.02)):
        raise BadChart("the grid is not evenly spaced", path, "Resample it to even steps of longitude and latitude")
    if np.abs(lats).max() > 90 or np.abs(lons).max() > 360:
        raise BadChart("the grid is not in longitude and latitude", path, "Transform it to WGS84 (EPSG:4326)")
    return Raster(float(lons[0]), float(lats[0]), dlon, dlat, np.ascontiguousarray(depth, np.float32))


def _npz(file: Path) -> tuple[Any, Any, Any]:
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as packed:
        lons, lats = packed["lon"].astype(np.float64), packed["lat"].astype(np.float64)
        if "depth_m" in packed.files:
            depth = packed["depth_m"].astype(np.float32)
        else:
            depth = -packed["elev_m"].astype(np.float32)
    return lons, lats, np.where(np.isnan(depth), np.nan, np.maximum(depth, 0))


def _is_ascii_grid(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(5).lower() == b"ncols"


def _ascii_grid(file: Path) -> tuple[Any, Any, Any]:
    """Read an ESRI grid of heights or depths: mostly negative values are heights of the seabed."""
    with file.open(encoding="ascii", errors="replace") as stream:
        head: dict[str, float] = {}
        while True:
            at = stream.tell()
            words = stream.readline(1000).split()
            if len(words) != 2 or not words[0][0].isalpha():
                stream.seek(at)
                break
            head[words[0].lower()] = float(words[1])
        columns, rows, step = int(head["ncols"]), int(head["nrows"]), head["cellsize"]
        if columns * rows > MOST_VALUES:
            raise ValueError("too many values")
        values = np.loadtxt(stream, dtype=np.float32).reshape(rows, columns)[::-1]
    values[values == head.get("nodata_value", -9999.0)] = np.nan
    west = head["xllcenter"] if "xllcenter" in head else head["xllcorner"] + step / 2
    south = head["yllcenter"] if "yllcenter" in head else head["yllcorner"] + step / 2
    return west + step * np.arange(columns), south + step * np.arange(rows), _down(values)


def _down(values: Any) -> Any:
    """Return depths from values that may be heights."""
    wet = values[np.isfinite(values) & (values != 0)]
    depth = -values if wet.size and np.mean(wet < 0) > 0.5 else values
    return np.where(np.isnan(depth), np.nan, np.maximum(depth, 0))


def _points(file: Path) -> tuple[Any, Any, Any]:
    """Read lon, lat, depth in columns; a header is skipped, gaps in the grid stay unknown."""
    text = file.read_text("utf-8-sig", "replace").replace(";", ",").replace("\t", ",")
    lines = text.splitlines()
    if len(lines) < 4:
        raise ValueError("fewer than four points")
    names = [n.strip().lower() for n in lines[0].split(",")]
    has_header = any(n[:1].isalpha() for n in names)
    order = [0, 1, 2]
    if has_header:
        wanted = (("lon", "x"), ("lat", "y"), ("dep", "elev", "z", "hei"))
        order = [i for start in wanted for i, n in enumerate(names) if n.startswith(start)]
        if len(order) != 3:
            raise ValueError(f"the columns are {', '.join(names)[:80]}")
    separator = "," if "," in lines[-1] else None
    table = np.loadtxt(lines[has_header:], delimiter=separator, usecols=order, ndmin=2)
    lons, column = np.unique(np.round(table[:, 0], 6), return_inverse=True)
    lats, row = np.unique(np.round(table[:, 1], 6), return_inverse=True)
    if lons.size * lats.size > min(MOST_VALUES, 100 * len(table)):
        raise ValueError("the points are not on a regular grid")
    values = np.full((lats.size, lons.size), np.nan, np.float32)
    values[row, column] = table[:, 2]
    return lons, lats, _down(values)
