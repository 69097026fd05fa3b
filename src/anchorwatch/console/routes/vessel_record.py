"""A vessel as it goes out: its newest place and what it says of itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import Field

from anchorwatch.console.routes.geojson import Answer, LineString, Point, Utc
from anchorwatch.edges.records import plain
from anchorwatch.model import LEVELS, rfc3339
from anchorwatch.picture.flags import flag_of
from anchorwatch.picture.latest import NOTHING, Said
from anchorwatch.schema import NAV_STATUS_UNDEFINED, SHIP_CLASSES
from anchorwatch.watch.room import Room

Mmsi = Annotated[int, Field(ge=0, le=999_999_999)]


class Place(Answer):
    """One reported place of a vessel."""

    time: Utc
    lon_deg: float
    lat_deg: float
    sog_kn: float | None = Field(description="Speed over ground; null = not said")
    cog_deg: float | None = Field(description="Course over ground; null = not said")
    heading_deg: float | None
    nav_status: int | None = Field(description="ITU-R M.1371 table 45; null = undefined")


class Vessel(Answer):
    """A vessel. Texts come from the air and may be anything: show them as text only."""

    mmsi: Mmsi
    name: str = Field(description="Empty = never heard to say")
    callsign: str
    imo: int | None
    flag: str = Field(description="ISO 3166 alpha-2, from the MMSI; empty = none")
    ship_type: int | None = Field(description="ITU-R M.1371 table 53")
    ship_class: str = Field(description=f"One of {', '.join(SHIP_CLASSES)}")
    length_m: float | None
    beam_m: float | None
    draught_m: float | None
    destination: str
    eta: str = Field(description='As sent, "MM-DD HH:MM" in UTC')
    place: Place | None = Field(description="Its newest place; null = heard of, but never where")
    feed: str | None = Field(description="The feed that brought the newest place")
    level: Literal["caution", "warning", "alarm"] | None = Field(description="Of its open alerts; null = none")
    silenced: bool = Field(description="Its alerts are silenced")
    asset: str | None = Field(description="Id of the nearest asset within 10 km")
    asset_m: float | None = Field(description="Distance to it")


class Vessels(Answer):
    """A page of vessels, by MMSI."""

    time: Utc = Field(description="The time of the picture")
    vessels: list[Vessel]
    next: int | None = Field(description="Give this as `after` for the next page; null = that was all")


class TrackProperties(Answer):
    """What goes with a track."""

    mmsi: int
    name: str
    times: list[Utc] = Field(description="One for each corner of the line")
    sog_kn: list[float | None]
    cog_deg: list[float | None]
    heading_deg: list[float | None]
    thinned: bool = Field(description="There were more places than were asked for: this is an even choice of them")


class Track(Answer):
    """A track as a GeoJSON feature: a line, a point where there is one place, null where there is none."""

    type: Literal["Feature"] = "Feature"
    id: int
    geometry: LineString | Point | None
    properties: TrackProperties


class MovingPoint(Answer):
    """Where a vessel was when (OGC Moving Features JSON)."""

    type: Literal["MovingPoint"] = "MovingPoint"
    coordinates: list[tuple[float, float]]
    datetimes: list[Utc]
    interpolation: Literal["Linear"] = "Linear"


class MovingValues(Answer):
    """A measure over time (OGC Moving Features JSON)."""

    form: str = Field(description="Unit, by its UCUM code")
    type: Literal["Measure"] = "Measure"
    values: list[float | None]
    interpolation: Literal["Linear"] = "Linear"


class MovingProperties(Answer):
    """Measures over time (OGC Moving Features JSON)."""

    datetimes: list[Utc]
    sog_kn: MovingValues
    cog_deg: MovingValues


class MovingName(Answer):
    """Whose track it is."""

    mmsi: int
    name: str


class MovingTrack(Answer):
    """A track as OGC Moving Features JSON (MF-JSON Trajectory, OGC 19-045r3)."""

    type: Literal["Feature"] = "Feature"
    id: int
    temporalGeometry: MovingPoint
    temporalProperties: list[MovingProperties]
    properties: MovingName


def known(value: float) -> float | None:
    """Return a number, or None for NaN; single precision without its noise."""
    return round(float(value), 4) if math.isfinite(value) else None


def place_of(record: Any) -> Place:
    """Return the place of a record that has the columns of schema.POSITIONS (or of Latest)."""
    status = int(record["nav_status"])
    return Place(
        time=rfc3339(int(record["time_us"])),
        lon_deg=round(float(record["lon_deg"]), 7),
        lat_deg=round(float(record["lat_deg"]), 7),
        sog_kn=known(record["sog_kn"]),
        cog_deg=known(record["cog_deg"]),
        heading_deg=known(record["heading_deg"]),
        nav_status=None if status == NAV_STATUS_UNDEFINED else status,
    )


def vessel_of(mmsi: int, record: Any | None, room: Room, feeds: Mapping[int, str] | None = None) -> Vessel:
    """Return a vessel of its record of Latest; None = it has no place. feeds: room.feed_names() at hand."""
    said = room.latest.said(mmsi)
    vessel = _said_of(mmsi, said)
    if record is None:
        return vessel
    feed, asset, level = int(record["feed"]), int(record["asset"]), int(record["level"])
    vessel.place = place_of(record)
    vessel.feed = (room.feed_names() if feeds is None else feeds).get(feed)
    vessel.level = LEVELS[level - 1] if 0 < level <= len(LEVELS) else None  # type: ignore[assignment]
    vessel.silenced = bool(record["silenced"])
    if 0 <= asset < len(room.chart.assets):
        vessel.asset, vessel.asset_m = room.chart.assets[asset].id, known(record["asset_m"])
    return vessel


def _said_of(mmsi: int, said: Said = NOTHING) -> Vessel:
    return Vessel(
        mmsi=mmsi,
        name=plain(said.name),
        callsign=plain(said.callsign),
        imo=said.imo or None,
        flag=flag_of(mmsi),
        ship_type=said.ship_type or None,
        ship_class=SHIP_CLASSES[said.ship_class],
        length_m=known(said.length_m or math.nan),
        beam_m=known(said.beam_m or math.nan),
        draught_m=known(said.draught_m or math.nan),
        destination=plain(said.destination),
        eta=plain(said.eta),
        place=None,
        feed=None,
        level=None,
        silenced=False,
        asset=None,
        asset_m=None,
    )


def vessels_of(records: Iterable[Any], room: Room) -> list[Vessel]:
    """Return vessels of records of Latest."""
    feeds = room.feed_names()
    return [vessel_of(int(r["mmsi"]), r, room, feeds) for r in records]


def columns_of(frame: pl.DataFrame) -> tuple[list[tuple[float, float]], list[str], dict[str, list[float | None]]]:
    """Return places, times and measures of a track."""
    places = list(zip(frame["lon_deg"].round(7).to_list(), frame["lat_deg"].round(7).to_list(), strict=True))
    times = [rfc3339(t) for t in frame["time_us"].to_list()]
    measures = {n: frame[n].fill_nan(None).round(2).to_list() for n in ("sog_kn", "cog_deg", "heading_deg")}
    return places, times, measures


def track_of(mmsi: int, name: str, frame: pl.DataFrame, thinned: bool) -> Track:
    """Return a track as GeoJSON."""
    places, times, measures = columns_of(frame)
    shape: LineString | Point | None = None
    if len(places) > 1:
        shape = LineString(coordinates=places)
    elif places:
        shape = Point(coordinates=places[0])
    said = TrackProperties(mmsi=mmsi, name=name, times=times, thinned=thinned, **measures)
    return Track(id=mmsi, geometry=shape, properties=said)


def moving_track_of(mmsi: int, name: str, frame: pl.DataFrame) -> MovingTrack:
    """Return a track as MF-JSON."""
    places, times, measures = columns_of(frame)
    values = MovingProperties(
        datetimes=times,
        sog_kn=MovingValues(form="[kn_i]", values=measures["sog_kn"]),
        cog_deg=MovingValues(form="deg", values=measures["cog_deg"]),
    )
    return MovingTrack(
        id=mmsi,
        temporalGeometry=MovingPoint(coordinates=places, datetimes=times),
        temporalProperties=[values],
        properties=MovingName(mmsi=mmsi, name=name),
    )
