"""Write columns for users, block by block: .parquet .csv .jsonl .geojson .geoparquet; `-` is stdout as .jsonl.

A file appears whole or not at all. Times are RFC 3339 in text and timestamps in Parquet; what is not known
is null. Texts come from the air and lose their power here, as in `records`.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO, Any

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.edges.records import _CONTROL, plain, replacing
from anchorwatch.errors import BadUse

ENDINGS = (".parquet", ".csv", ".jsonl", ".geojson", ".geoparquet")
GROUP_ROWS = 1 << 20  # rows of Parquet written at once: one row group
# Zero is "not said" in these (schema.STATICS).
_ZERO_IS_NULL = ("imo", "ship_type")
_FORMULA = r"(^|;)(\s*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}])"  # a spreadsheet runs such a cell: see records.py
_CONTROLS = _CONTROL.pattern.replace("\\ud800-\\udfff", "").replace("\ud800-\udfff", "")


def for_users(frame: pl.DataFrame, drop: tuple[str, ...] = ("source", "line")) -> pl.DataFrame:
    """Return a frame of the schema in the words of users: `time`, class as text, nulls for what is not known."""
    exprs: list[pl.Expr] = []
    for name, kind in frame.schema.items():
        if name in drop:
            continue
        column = pl.col(name)
        if name.endswith("_us"):
            column = column.cast(pl.Datetime("us", "UTC")).alias(name.removesuffix("_us"))
        elif name == "ship_class":
            column = column.replace_strict(dict(enumerate(schema.SHIP_CLASSES)), return_dtype=pl.String)
        elif kind == pl.Float64:
            column = column.fill_nan(None)
        elif kind == pl.String:
            column = pl.when(column != "").then(column)
        elif name in _ZERO_IS_NULL:
            column = pl.when(column != 0).then(column)
        exprs.append(column)
    return harmless(frame.select(exprs))


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the control characters of its texts shown, not sent."""
    fixed = []
    for column in frame.iter_columns():
        if column.dtype == pl.String:
            odd = column.str.contains(_CONTROLS).fill_null(False)
            if odd.any():
                unruly = column.filter(odd).unique()
                fixed.append(column.replace(unruly, pl.Series([plain(t) for t in unruly])))
    return frame.with_columns(fixed)


def points(frame: pl.DataFrame) -> pl.Series:
    """Return `lon_deg, lat_deg` as WKB points, null where there is no place."""
    wkb = np.zeros((frame.height, 21), np.uint8)
    wkb[:, 0] = wkb[:, 1] = 1  # little-endian, point
    for at, name in ((5, "lon_deg"), (13, "lat_deg")):
        column = frame[name].fill_null(np.nan).to_numpy()
        wkb[:, at : at + 8] = np.ascontiguousarray(column, "<f8").view(np.uint8).reshape(-1, 8)
    binary = pl.Series("geometry", wkb).cast(pl.List(pl.UInt8)).cast(pl.Binary)
    known = frame["lon_deg"].is_not_null() & frame["lat_deg"].is_not_null()
    return pl.select(pl.when(known).then(binary).alias("geometry")).to_series()


class Box:
    """The box around what was written."""

    def __init__(self) -> None:
        """Start with an empty box."""
        self.west, self.south, self.east, self.north = np.inf, np.inf, -np.inf, -np.inf

    def add(self, frame: pl.DataFrame) -> None:
        """Widen the box."""
        places = frame.select("lon_deg", "lat_deg").drop_nulls().to_numpy()
        if len(places):
            west, south = places.min(axis=0).tolist()
            east, north = places.max(axis=0).tolist()
            self.west, self.south = min(self.west, west), min(self.south, south)
            self.east, self.north = max(self.east, east), max(self.north, north)

    def metadata(self) -> str:
        """Return the `geo` metadata of GeoParquet 1.1.0; without `crs` it is WGS 84, longitude first."""
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
        if self.west <= self.east:
            column["bbox"] = [self.west, self.south, self.east, self.north]
        return json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}})


class TableFile:
    """A table on its way to disk; use it in a `with`: on an error nothing is left."""

    def __init__(self, path: str | Path, columns: dict[str, Any], ending: str = "") -> None:
        """Say where and in which columns (name -> polars type); `ending` where the path does not tell."""
        self.path, self.columns = Path(path), columns
        self.ending = ".jsonl" if str(path) == "-" else ending or ending_of(path)
        self.rows = 0
        self._stack, self._box = ExitStack(), Box()
        self._waiting: list[pl.DataFrame] = []
        self._parts: list[Path] = []

    def __enter__(self) -> TableFile:
        """Open a part file beside the target."""
        self._out: IO[bytes] = sys.stdout.buffer
        self._parquet = self.ending in (".parquet", ".geoparquet")
        if str(self.path) == "-":
            return self
        self._target = self._stack.enter_context(replacing(self.path))
        try:
            if self._parquet:
                folder = TemporaryDirectory(prefix=f".{self.path.name[:40]}.", dir=self._target.parent)
                self._folder = Path(self._stack.enter_context(folder))
            else:
                self._out = self._stack.enter_context(self._target.open("wb"))
                self._begin()
        except BaseException as error:
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file and put it in its place; after an error, leave nothing."""
        try:
            if kind is None:
                self._end()
        except BaseException as failure:
            self._stack.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._stack.__exit__(kind, error, trace)

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows, in the columns given at the start."""
        if frame.height == 0:
            return
        frame = frame.select(pl.col(n).cast(t) for n, t in self.columns.items())
        if self._parquet:
            self._waiting.append(frame)
            if sum(f.height for f in self._waiting) >= GROUP_ROWS:
                self._flush()
        else:
            self._out.write(self._text(frame))
        self.rows += frame.height

    def _begin(self) -> None:
        if self.ending == ".csv":
            self._out.write((",".join(self.columns) + "\n").encode())
        elif self.ending == ".geojson":
            self._out.write(b'{"type":"FeatureCollection","features":[\n')

    def _end(self) -> None:
        if self._parquet:
            self._flush(last=True)
            self._join()
        elif self.ending == ".geojson":
            self._out.write(b"\n]}\n")
        self._out.flush()

    def _text(self, frame: pl.DataFrame) -> bytes:
        frame = frame.with_columns(pl.selectors.temporal().dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ"))
        if self.ending == ".csv":
            texts = [pl.col(c) for c, kind in frame.schema.items() if kind == pl.String]
            frame = frame.with_columns(t.str.replace_all(_FORMULA, "${1}'${2}") for t in texts)
            return frame.write_csv(include_header=False).encode()
        if self.ending == ".geojson":
            lines = _features(frame).write_ndjson().encode().rstrip(b"\n").replace(b"\n", b",\n")
            return (b",\n" if self.rows else b"") + lines
        return frame.write_ndjson().encode()

    def _flush(self, last: bool = False) -> None:
        """Write what waits as one part of the Parquet file."""
        if not self._waiting and not (last and not self._parts):
            return
        frame = pl.concat(self._waiting) if self._waiting else pl.DataFrame(schema=self.columns)
        if self.ending == ".geoparquet" and "lon_deg" in frame.columns:
            self._box.add(frame)
            frame = frame.with_columns(points(frame))
        part = self._folder / f"{len(self._parts):06}.parquet"
        frame.write_parquet(part, compression_level=3)
        self._parts.append(part)
        self._waiting = []

    def _join(self) -> None:
        """Bring the parts together, a row group at a time."""
        geo = {"geo": self._box.metadata()} if self.ending == ".geoparquet" and "lon_deg" in self.columns else None
        if len(self._parts) == 1 and geo is None:
            self._parts[0].replace(self._target)
            return
        scan = pl.scan_parquet(self._parts, glob=False)
        scan.sink_parquet(self._target, compression_level=3, metadata=geo, maintain_order=True)


def ending_of(path: str | Path) -> str:
    """Return the ending that names the format; `x.csv.static` is .csv."""
    name = Path(path)
    ending = Path(name.stem).suffix.lower() if name.suffix == ".static" else name.suffix.lower()
    if ending not in ENDINGS:
        raise BadUse(f"cannot tell the format from the ending {ending!r}", str(path), f"Use {', '.join(ENDINGS)}")
    return ending


def _features(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows as GeoJSON features (RFC 7946): points, or no geometry where there is no place."""
    geometry = pl.lit(None)
    properties = [c for c in frame.columns if c not in ("lon_deg", "lat_deg")]
    if "lon_deg" in frame.columns:
        point = pl.struct(type=pl.lit("Point"), coordinates=pl.concat_list("lon_deg", "lat_deg"))
        geometry = pl.when(pl.col("lon_deg").is_not_null() & pl.col("lat_deg").is_not_null()).then(point)
    return frame.select(type=pl.lit("Feature"), geometry=geometry, properties=pl.struct(properties))
