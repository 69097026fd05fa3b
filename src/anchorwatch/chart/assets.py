"""What is on the chart: assets, zones, grids of depth and of distance to shore."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Line = npt.NDArray[np.float64]  # (n, 2): lon_deg, lat_deg

ASSET_KINDS = (
    "power_cable",
    "telecom_cable",
    "pipeline",
    "platform",
    "wind_farm",
    "landing_point",
    "energy_facility",
)
GEOMETRIES = ("surveyed", "charted", "schematic")
# How far a route may be wrong where its source does not say. Surveyed: as-laid surveys are metres, the
# position of a ship's antenna and of its anchor another hundred. Charted: open charts and OpenStreetMap
# are 100 m to 1 km off. Schematic: drawn from end points.
ERROR_M = {"surveyed": 100.0, "charted": 1000.0, "schematic": 10_000.0}


@dataclass(frozen=True, eq=False)
class Asset:
    """A protected thing. Lines are guarded; landing points and shore facilities are shown."""

    id: str
    name: str
    kind: str
    lines: tuple[Line, ...] = ()  # parts in charted order; kilometre points run on through them
    points: tuple[tuple[float, float], ...] = ()  # platforms, landing points, facilities: lon, lat
    geometry: str = "surveyed"
    error_m: float = 100.0
    owner: str = ""
    capacity: str = ""  # as a person says it: "650 MW", "55 bcm/y", "telecom"
    length_km: float | None = None  # as published
    year: int | None = None
    source: str = ""
    releasability: str = "public"
    endpoints: tuple[str, ...] = ()  # names of its ends
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Zone:
    """An area with a meaning. `kind` is one of schema.ZONE_KINDS."""

    id: str
    name: str
    kind: str
    polygons: tuple[tuple[Line, ...], ...]  # each: outer ring, then its holes
    source: str = ""
    properties: dict[str, Any] = field(default_factory=dict)


class Raster(NamedTuple):
    """Values on a regular grid of points, for lookup between them. An empty one answers NaN everywhere."""

    lon0_deg: float
    lat0_deg: float
    dlon_deg: float
    dlat_deg: float
    values: npt.NDArray[np.float32]  # [row from the south, column from the west]


def no_raster() -> Raster:
    """Return the raster that knows nothing."""
    return Raster(0.0, 0.0, 1.0, 1.0, np.empty((0, 0), np.float32))


class Grid(NamedTuple):
    """All guarded lines in pieces of a few kilometres, with the pieces that matter listed for each cell.

    A piece that can be nowhere the nearest within a cell is not in its list; lists are in the order of
    the distance from the cell's centre, so a search stops early.
    """

    lon0_deg: float
    lat0_deg: float
    cells_per_lon_deg: float
    cells_per_lat_deg: float
    nx: int
    ny: int
    reach_m: float  # nothing farther than this is found
    # (n, 8): lon1, lat1, lon2, lat2, kp1_km, kp2_km, bearing 0..180, asset; lon2 - lon1 is the short way round.
    # Eight numbers are one line of the processor's cache.
    pieces: Floats
    first: npt.NDArray[np.int32]  # (cells + 1): where a cell's list begins
    # What a search reads, made small, because it waits for memory more than for arithmetic: for each listed
    # piece its number (24 bits) and its least distance from the cell's centre in units of 64 m (the bits above),
    close: npt.NDArray[np.int32]
    spots: npt.NDArray[np.int32]  # and lon1, lat1, lon2, lat2 of each piece in units of 1e-7 deg (1 cm)
    metric: Floats  # (rows + 1, 4): local metres at the edges of the rows of cells
    crossing_first: npt.NDArray[np.int32]  # the same for the pieces that pass through a cell
    crossing_listed: npt.NDArray[np.int32]


class ZoneGrid(NamedTuple):
    """Zones as the bits at a reference point of each cell and the borders that run through it."""

    lon0_deg: float
    lat0_deg: float
    cells_per_lon_deg: float
    cells_per_lat_deg: float
    nx: int
    ny: int
    bits: npt.NDArray[np.int32]  # (cells): bits of schema.ZONE_KINDS at the cell's reference point
    first: npt.NDArray[np.int32]
    edges: Floats  # (n, 4): lon1, lat1, lon2, lat2, by cell
    edge_bit: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Chart:
    """Everything that does not move. Make it with `chart.make`."""

    assets: tuple[Asset, ...]
    zones: tuple[Zone, ...]
    grid: Grid
    zone_grid: ZoneGrid
    depth: Raster  # metres below the surface, 0 on land
    shore: Raster  # metres to the nearest land, 0 on land
    ruled: tuple[Zone, ...] = ()  # the zones that have rules; their order numbers the rules
    rules: Any = None  # chart.rules.Rules; None where no zone has any
    warnings: tuple[str, ...] = ()  # what was repaired or left out, one sentence each

    @cached_property
    def error_m(self) -> Floats:
        """How far each asset's route may be wrong, by index."""
        return np.array([a.error_m for a in self.assets], np.float64)

    @cached_property
    def index(self) -> dict[str, int]:
        """Index of each asset by its id."""
        return {a.id: i for i, a in enumerate(self.assets)}

    def asset(self, asset_id: str) -> Asset:
        """Return the asset of an id; KeyError if there is none."""
        return self.assets[self.index[asset_id]]


def slug(text: str) -> str:
    """Return lower-case words joined by hyphens: `HVDC Storebælt I` -> `hvdc-storebaelt-i`."""
    for letter, ascii_letters in (("æ", "ae"), ("ø", "o"), ("ł", "l"), ("ß", "ss"), ("đ", "d"), ("þ", "th")):
        text = text.replace(letter, ascii_letters).replace(letter.upper(), ascii_letters)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def unique_ids(wanted: Iterable[str]) -> list[str]:
    """Return the ids in their order; the second `x` becomes `x-2`, empty ones `asset-N` by place."""
    taken: set[str] = set()
    out = []
    for place, want in enumerate(wanted, 1):
        base = want or f"asset-{place}"
        name, n = base, 1
        while name in taken:
            n += 1
            name = f"{base}-{n}"
        taken.add(name)
        out.append(name)
    return out
