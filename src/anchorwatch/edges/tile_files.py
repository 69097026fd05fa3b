"""Charts of the user as PMTiles archives: opened once at the start, read in ranges.

A name in an address is only ever looked up among those that were opened: it never becomes a path. Of the archive we
read the header (127 bytes, PMTiles specification version 3) and the names of its layers; what is in the tiles is the
page's affair.
"""

from __future__ import annotations

import json
import os
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from anchorwatch.edges.records import plain
from anchorwatch.errors import BadInput

NEXT = "Give a PMTiles archive of version 3; `pmtiles convert` makes one of MBTiles"
# magic, version, eleven places and counts, clustered, compressions, type, zooms, bounds, centre
HEADER = struct.Struct("<7sB11QBBBBBBiiiiBii")
TileFormat = Literal["mvt", "png", "jpg", "webp", "avif"]  # the first are vectors, the others pictures
# By their numbers in the header: 0 = unknown, others are newer than we.
FORMATS: dict[int, TileFormat] = {1: "mvt", 2: "png", 3: "jpg", 4: "webp", 5: "avif"}
NONE, GZIP = 1, 2  # compression of the directories and the description
MOST_DESCRIPTION = 4 << 20
MOST_LAYERS, MOST_TEXT = 200, 200
MOST_ZOOM = 30
MERCATOR_DEG = 85.051128  # web maps end here
PIECE_BYTES = 1 << 18  # read at a time
UNRULY = re.compile(r"[^a-z0-9_-]+")


class TileFile(NamedTuple):
    """One archive."""

    name: str  # as it stands in addresses
    path: Path
    title: str
    attribution: str
    format: TileFormat
    bounds: tuple[float, float, float, float]  # west, south, east, north
    min_zoom: int
    max_zoom: int
    layers: tuple[str, ...]  # of vector tiles


def load(paths: Sequence[str]) -> dict[str, TileFile]:
    """Return the archives by name, in the order given; BadInput where one is none."""
    found: dict[str, TileFile] = {}
    for path in paths:
        stem = UNRULY.sub("-", Path(path).stem.lower()).strip("-")[:60] or "chart"
        name = next(n for k in range(1, len(paths) + 2) if (n := stem if k == 1 else f"{stem}-{k}") not in found)
        found[name] = _read(Path(path), name)
    return found


def _read(path: Path, name: str) -> TileFile:
    if not path.is_file():  # nor is a pipe opened, which would wait for ever
        raise BadInput("no such file", str(path), NEXT)
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            head = file.read(HEADER.size)
            if head[:7] != b"PMTiles":
                raise BadInput("no PMTiles archive", str(path), NEXT)
            if len(head) < HEADER.size or head[7] != 3:
                raise BadInput(f"PMTiles of version {head[7] if len(head) > 7 else '?'}, or cut", str(path), NEXT)
            _, _, *fields = HEADER.unpack(head)
            described, length = fields[2], fields[3]
            if any(at + long > size for at, long in zip(fields[0:8:2], fields[1:8:2], strict=True)):
                raise BadInput("the archive is cut: it says that it is longer", str(path), "Copy it again")
            file.seek(described)
            raw = file.read(min(length, MOST_DESCRIPTION))
    except OSError as error:
        raise BadInput(f"cannot be read ({error.strerror or error})", str(path), NEXT) from None
    compression, kind, low, high, *corners = fields[12], *fields[14:17], *fields[17:21]
    if kind not in FORMATS or not low <= high <= MOST_ZOOM:
        raise BadInput("its tiles are of a kind that is not known, or its zooms make no sense", str(path), NEXT)
    said = _description(raw, compression)
    return TileFile(
        name, path.resolve(), _text(said.get("name")) or name, _text(said.get("attribution")), FORMATS[kind],
        _bounds(*(corner / 1e7 for corner in corners)), low, high, _layers(said),
    )  # fmt: skip


def _bounds(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    """Return where the tiles are; everywhere, where the archive does not say it in a way that makes sense."""
    sense = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if sense else (-180.0, -MERCATOR_DEG, 180.0, MERCATOR_DEG)


def _description(raw: bytes, compression: int) -> Mapping[str, object]:
    """Return what an archive says of itself; nothing where that cannot be read."""
    try:
        if compression == GZIP:
            raw = zlib.decompressobj(wbits=31).decompress(raw, MOST_DESCRIPTION)
        said = json.loads(raw) if compression in (NONE, GZIP) else {}
    except (ValueError, zlib.error, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _layers(said: Mapping[str, object]) -> tuple[str, ...]:
    layers = said.get("vector_layers")
    listed = layers if isinstance(layers, list) else []
    ids = [layer.get("id") for layer in listed[:MOST_LAYERS] if isinstance(layer, dict)]
    return tuple(i for i in ids if isinstance(i, str) and len(i) <= MOST_TEXT)


def _text(value: object) -> str:
    return plain(value[:MOST_TEXT]) if isinstance(value, str) else ""


def size_and_tag(tiles: TileFile) -> tuple[int, str]:
    """Return the bytes of an archive now, and a tag that is another one when it was changed; OSError: it is gone."""
    told = tiles.path.stat()
    return told.st_size, f'"{told.st_size:x}-{told.st_mtime_ns:x}"'


def pieces(tiles: TileFile, first: int, length: int) -> Iterator[bytes]:
    """Give `length` bytes from `first` on; fewer where the file has become shorter meanwhile."""
    with tiles.path.open("rb") as file:
        file.seek(first)
        while length > 0 and (piece := file.read(min(PIECE_BYTES, length))):
            length -= len(piece)
            yield piece
