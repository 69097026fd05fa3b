"""Files for others to open: GeoJSON for maps, CSV for tables. Texts come from the air; none can be run as a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from fastapi import Response

from anchorwatch.console.routes.vessel_record import Vessel, place_of
from anchorwatch.edges import alerts as alert_records
from anchorwatch.edges.history_spans import COLUMNS
from anchorwatch.edges.records import Record, csv_text, feature_collection, json_line, plain, tame
from anchorwatch.edges.store import Item
from anchorwatch.model import utc
from anchorwatch.schema import NAV_STATUS_UNDEFINED
from anchorwatch.watch.room import Room

GEOJSON, CSV = "application/geo+json", "text/csv"
PLACE: dict[str, Any] = {
    "mmsi": pl.Int64, "name": pl.String, "time": pl.String, "lon_deg": pl.Float64, "lat_deg": pl.Float64,
    "sog_kn": pl.Float64, "cog_deg": pl.Float64, "heading_deg": pl.Float64, "nav_status": pl.Int64,
}  # fmt: skip
VESSEL: dict[str, Any] = PLACE | {
    "callsign": pl.String, "imo": pl.Int64, "flag": pl.String, "ship_type": pl.Int64, "ship_class": pl.String,
    "length_m": pl.Float64, "beam_m": pl.Float64, "draught_m": pl.Float64, "destination": pl.String, "eta": pl.String,
    "feed": pl.String, "level": pl.String, "silenced": pl.Boolean, "asset": pl.String, "asset_m": pl.Float64,
}  # fmt: skip
WORK = ("state", "assigned_to", "acknowledged_by", "escalated_to", "disposition", "cause", "handed_to", "closed_by")
ALERT: dict[str, Any] = alert_records.COLUMNS | dict.fromkeys(WORK, pl.String)


UTC = pl.from_epoch("time_us", time_unit="us").dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")


def stamp(time_us: int) -> str:
    """Return a time for the name of a file: 20241225T102610Z."""
    return f"{utc(time_us):%Y%m%dT%H%M%SZ}"


def vessel_row(vessel: Vessel) -> Record:
    """Return a vessel of the picture as one row: what it says, its place beside it."""
    said = vessel.model_dump()
    return (said.pop("place") or dict.fromkeys(PLACE)) | said


def place_rows(room: Room, places: pl.DataFrame) -> list[Record]:
    """Return places (history) as rows; names as known today."""
    named = _names(room, places)
    return [
        {"mmsi": r["mmsi"], "name": named[r["mmsi"]], **place_of(r).model_dump()}
        for r in places.select(COLUMNS).iter_rows(named=True)
    ]


def points(name: str, form: str, columns: Mapping[str, Any], rows: Sequence[Record]) -> Response:
    """Return rows with lon_deg and lat_deg as a file, a point each."""
    if form == "csv":
        return _file(name, "csv", csv_text(columns, rows))
    features = [
        {
            "type": "Feature",
            "id": row["mmsi"],
            "geometry": _point(row["lon_deg"], row["lat_deg"]),
            "properties": {n: row[n] for n in columns if n not in ("lon_deg", "lat_deg")},
        }
        for row in rows
    ]
    return _collection(name, features)


def tracks(name: str, form: str, room: Room, rows: pl.DataFrame) -> Response:
    """Return places in the order of vessel and time as a file: a row each, or a line for each vessel."""
    if form == "csv":
        return _file(name, "csv", _places_csv(room, rows))
    named = _names(room, rows)
    measures = [pl.col(n).fill_nan(None).round(2) for n in ("sog_kn", "cog_deg", "heading_deg")]
    places = pl.concat_list(pl.col("lon_deg", "lat_deg").round(7)).alias("places")
    columns = rows.select("mmsi", places, UTC.alias("times"), *measures)
    lines = columns.group_by("mmsi", maintain_order=True).agg(pl.all())
    return _collection(name, [_line(named[r["mmsi"]], **r) for r in lines.iter_rows(named=True)])


def alerts(name: str, form: str, items: Sequence[Item]) -> Response:
    """Return alerts with the work on them as a file."""
    if form == "csv":
        rows = ({**alert_records.flat(i.alert), **{w: i.work.get(w, "") for w in WORK}} for i in items)
        return _file(name, "csv", csv_text(ALERT, rows))
    collection = feature_collection([tame(i.alert) for i in items])
    for feature, item in zip(collection["features"], items, strict=True):
        feature["properties"] = feature["properties"] | {"work": {w: tame(item.work.get(w, "")) for w in WORK}}
    return _file(name, "geojson", json_line(collection))


def _places_csv(room: Room, rows: pl.DataFrame) -> str:
    """Half a million rows: by columns, since one by one takes many seconds."""
    named = _names(room, rows)
    # Names go through the same door as all texts of ours, here without the header; the rest are numbers.
    names = {m: csv_text({"name": pl.String}, [{"name": text}])[5:-1] if text else "" for m, text in named.items()}
    frame = rows.with_columns(
        name=pl.col("mmsi").replace_strict(names, return_dtype=pl.String),
        time=UTC,
        nav_status=pl.when(pl.col("nav_status") != NAV_STATUS_UNDEFINED).then("nav_status"),
    )
    measures = {n: pl.col(n).fill_nan(None).round(2) for n in ("sog_kn", "cog_deg", "heading_deg")}
    frame = frame.with_columns(pl.col("lon_deg", "lat_deg").round(7), **measures).select(list(PLACE))
    return frame.write_csv(quote_style="never")


def _line(name: str, mmsi: int, places: list[list[float]], times: list[str], **measures: list[float | None]) -> Record:
    shape = {"type": "LineString", "coordinates": places} if len(places) > 1 else _point(*places[0])
    said = {"mmsi": mmsi, "name": name, "times": times, **measures}
    return {"type": "Feature", "id": mmsi, "geometry": shape, "properties": said}


def _names(room: Room, rows: pl.DataFrame) -> dict[int, str]:
    return {mmsi: plain(room.latest.said(mmsi).name) for mmsi in rows["mmsi"].unique().to_list()}


def _point(lon_deg: float | None, lat_deg: float | None) -> Record | None:
    return None if lon_deg is None else {"type": "Point", "coordinates": [lon_deg, lat_deg]}


def _collection(name: str, features: Sequence[Record]) -> Response:
    return _file(name, "geojson", json_line({"type": "FeatureCollection", "features": features}))


def _file(name: str, ending: str, text: str) -> Response:
    """Return an answer that a browser keeps as a file. `name` is made of our own words only."""
    headers = {"Content-Disposition": f'attachment; filename="anchorwatch-{name}.{ending}"'}
    media = f"{CSV}; charset=utf-8" if ending == "csv" else GEOJSON
    return Response(text.encode("utf-8", "replace"), headers=headers, media_type=media)
