"""Real tracks to hang injections on, and the real cables they cross, in one flat metric."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

Floats = npt.NDArray[np.float64]

KN = 1852.0 / 3600.0  # metres a second in one knot
NM = 1852.0

# The traffic covers 57.16-57.58 N 10.55-11.91 E: a flat metric about its middle is good to 0.2 %, and
# injections are made and judged in the same one.
LON0_DEG, LAT0_DEG = 11.2, 57.37
_PHI = np.radians(LAT0_DEG)
M_PER_LAT = 111_132.954 - 559.822 * np.cos(2 * _PHI) + 1.175 * np.cos(4 * _PHI)
M_PER_LON = 111_412.84 * np.cos(_PHI) - 93.5 * np.cos(3 * _PHI)
CHART_BOX = shapely.box(10.3, 57.0, 12.1, 57.75)

TRAFFIC = "ais/kattegat_2025-11-01_02_1min.parquet"
TELECOM = "assets/kattegat_telecom_cables.csv"
POWER = "assets/power_cables_osm.geojson"


def to_metres(lon_deg: Floats, lat_deg: Floats) -> Floats:
    """Positions as (n, 2) metres east and north of the middle of the area."""
    return np.column_stack([(lon_deg - LON0_DEG) * M_PER_LON, (lat_deg - LAT0_DEG) * M_PER_LAT])


def to_degrees(xy: Floats) -> tuple[Floats, Floats]:
    """Longitude and latitude of (n, 2) metres."""
    return xy[:, 0] / M_PER_LON + LON0_DEG, xy[:, 1] / M_PER_LAT + LAT0_DEG


@dataclass(frozen=True)
class Cables:
    """The cables of the area, as lines in metres."""

    names: tuple[str, ...]
    lines: tuple[shapely.LineString, ...]

    def distance_m(self, xy: Floats) -> Floats:
        """From each place to the nearest cable."""
        return np.asarray(shapely.distance(shapely.points(xy), shapely.MultiLineString(list(self.lines))))

    def crossings(self, xy: Floats) -> list[tuple[float, str]]:
        """(fractional index into xy, cable) of every crossing of a way, in order."""
        found = []
        for name, line in zip(self.names, self.lines, strict=True):
            for i in np.flatnonzero(_steps_that_meet(xy, line)):
                step = shapely.LineString(xy[i : i + 2])
                place = shapely.intersection(step, line)
                if place.is_empty or step.length == 0:
                    continue
                found.append((float(i + step.project(place.representative_point()) / step.length), name))
        return sorted(found)


def _steps_that_meet(xy: Floats, line: shapely.LineString) -> npt.NDArray[np.bool_]:
    steps = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    return np.asarray(shapely.intersects(steps, line))


def read_cables(data: Path) -> Cables:
    """The telecom cables and all power cables in and around the area."""
    names: list[str] = []
    lines: list[shapely.LineString] = []
    for name, lonlat in [*_telecom(data / TELECOM), *_power(data / POWER)]:
        if not CHART_BOX.intersects(shapely.LineString(lonlat)):
            continue
        names.append(name)
        lines.append(shapely.LineString(to_metres(lonlat[:, 0], lonlat[:, 1])))
    return Cables(tuple(names), tuple(lines))


def _telecom(path: Path) -> Iterator[tuple[str, Floats]]:
    points: dict[str, list[tuple[float, float]]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            points.setdefault(row["cable_id"], []).append((float(row["lon"]), float(row["lat"])))
    for name, lonlat in points.items():
        yield name, np.array(lonlat)


def _power(path: Path) -> Iterator[tuple[str, Floats]]:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        properties = feature["properties"]
        name = f"{properties.get('name') or 'power cable'} {properties.get('osm_id', '')}".strip()
        for part in getattr(shape, "geoms", [shape]):
            yield name, np.array(part.coords)[:, :2]


@dataclass(frozen=True)
class Host:
    """One real passage: its way over the ground and its own speed along it."""

    mmsi: int
    ship_class: str
    xy: Floats  # smoothed over three minutes: the resampled positions jitter by a second or two of sailing
    along_m: Floats
    sog_kn: Floats
    crossings_m: tuple[tuple[float, str], ...]

    @property
    def length_m(self) -> float:
        """Length of the way."""
        return float(self.along_m[-1])

    @property
    def normal_kn(self) -> float:
        """Its usual speed."""
        return float(np.median(self.sog_kn))

    @property
    def spread(self) -> float:
        """How unsteady its speed is: 10-90 % range over the median."""
        low, high = np.quantile(self.sog_kn, [0.1, 0.9])
        return float((high - low) / self.normal_kn)

    def minutes_to(self, along_m: float, scale: float = 1.0) -> float:
        """Natural time from the start of the way to a place on it."""
        grid = np.arange(0.0, max(along_m, 1.0), 50.0)
        return float(np.sum(50.0 / (np.interp(grid, self.along_m, self.sog_kn) * scale * KN)) / 60)


def read_traffic(data: Path) -> pl.DataFrame:
    """The two real days, in time order."""
    return pl.read_parquet(data / TRAFFIC).sort("time", "mmsi")


def hosts_of(traffic: pl.DataFrame, cables: Cables) -> list[Host]:
    """Every passage of at least 40 minutes and 15 km at a sailing speed that crosses a cable or comes near one."""
    by_vessel = traffic.sort("mmsi", "time").with_columns(
        part=(pl.col("time").diff().over("mmsi") > pl.duration(minutes=10)).fill_null(True).cum_sum()
    )
    hosts = (_host(part, cables) for part in by_vessel.partition_by("part", maintain_order=True))
    return [host for host in hosts if host is not None]


def _host(part: pl.DataFrame, cables: Cables) -> Host | None:
    sog_kn = part["sog_kn"].to_numpy()
    if len(part) < 40 or part["ship_class"][0] == "fishing" or np.median(sog_kn) < 5:
        return None
    xy = to_metres(part["lon_deg"].to_numpy(), part["lat_deg"].to_numpy())
    smooth = xy.copy()
    smooth[1:-1] = (xy[:-2] + xy[1:-1] + xy[2:]) / 3
    steps_m = np.hypot(*np.diff(smooth, axis=0).T)
    keep = np.concatenate([[True], steps_m > 20])
    xy = smooth[keep]
    along_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    straight_m = float(np.hypot(*(xy[-1] - xy[0])))
    if along_m[-1] < 15_000 or straight_m < 0.75 * along_m[-1] or sog_kn.min() < 2:
        return None  # a ferry that turned round or a craft at work: no passage to slow down on
    crossings = tuple((float(np.interp(i, np.arange(len(xy)), along_m)), name) for i, name in cables.crossings(xy))
    return Host(int(part["mmsi"][0]), part["ship_class"][0], xy, along_m, sog_kn[keep], crossings)
