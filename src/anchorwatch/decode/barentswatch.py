"""BarentsWatch (Kystverket): one JSON record a line, also as server-sent events, and the list of latest records.

The combined records hold a place and what is known of the vessel; those by message hold one of both. `rateOfTurn` is
left out: whether it is the AIS code or degrees per minute is not documented. Draught is in decimetres, as AIS sends it.
"""

from __future__ import annotations

from typing import Any

from anchorwatch.decode import Format, Options, json_rows
from anchorwatch.decode.aisstream import time_us
from anchorwatch.decode.json_rows import Record, Rows

STATIC_FIELDS = ("name", "shipType", "imoNumber", "callSign", "destination", "eta", "draught", "dimensionA")
NO_RECORD = (b"event:", b"id:", b"retry:", b":")  # the other lines of server-sent events


def _flat(value: Any) -> Any:
    """Return a record in GeoJSON form (`modelFormat=Geojson`) as a plain one; anything else as it is."""
    if not isinstance(value, dict) or not isinstance(value.get("properties"), dict):
        return value
    geometry = value.get("geometry")
    place = geometry.get("coordinates") if isinstance(geometry, dict) else None
    lon, lat = place[:2] if isinstance(place, list) and len(place) >= 2 else (None, None)
    return {"longitude": lon, "latitude": lat} | value["properties"]


def knows(value: Any) -> bool:
    """Tell whether a JSON value is a record."""
    value = _flat(value)
    return isinstance(value, dict) and {"mmsi", "msgtime"} <= set(value)


def take(value: Any, line: int, options: Options, rows: Rows) -> None:
    """Add what one record says."""
    if isinstance(value, dict) and isinstance(value.get("features"), list):
        for feature in value["features"]:
            rows.raw = feature
            take(feature, line, options, rows)
        return
    said = _flat(value)
    if not isinstance(said, dict) or "mmsi" not in said:
        rows.reject("unknown_json", line)
        return
    at, mmsi = time_us(said.get("msgtime")), said["mmsi"]
    if said.get("type") == "Aton":
        rows.other(at, mmsi, line, "aid_to_navigation", said.get("longitude"), said.get("latitude"), said.get("name"))
        return
    placed = said.get("longitude") is not None and said.get("latitude") is not None
    named = any(said.get(name) not in (None, "") for name in STATIC_FIELDS)
    before = len(rows.rejects)
    if placed:
        rows.position(at, mmsi, line, said["longitude"], said["latitude"], _motion(said))
    if named and len(rows.rejects) == before:  # a record is rejected once
        rows.static(at, mmsi, line, _static(said))
    if not placed and not named:
        rows.reject("says_nothing", line)


def _motion(said: Record) -> Record:
    return {
        "sog_kn": said.get("speedOverGround"),
        "cog_deg": said.get("courseOverGround"),
        "heading_deg": said.get("trueHeading"),
        "nav_status": said.get("navigationalStatus"),
    }


def _static(said: Record) -> Record:
    due = said.get("eta")  # MMDDhhmm
    parts = [due[i : i + 2] for i in range(0, 8, 2)] if isinstance(due, str) and len(due) == 8 else [0] * 4
    size = json_rows.dimensions(*(said.get(f"dimension{side}") for side in "ABCD"))
    stated = {"length_m": said.get("shipLength"), "beam_m": said.get("shipWidth")}
    return {
        "imo": said.get("imoNumber"),
        "callsign": said.get("callSign"),
        "name": said.get("name"),
        "ship_type": said.get("shipType"),
        "draught_m": json_rows.number(said.get("draught")) / 10,
        "destination": said.get("destination"),
        "eta": json_rows.eta(*parts),
    } | {name: value if value > 0 else stated[name] for name, value in size.items()}


_take_json = json_rows.json_line(take)


def take_line(line: bytes, number: int, options: Options, rows: Rows) -> None:
    """Add what one line of the stream says."""
    if line.startswith(NO_RECORD):
        return
    _take_json(line.removeprefix(b"data:"), number, options, rows)


def recognises(head: bytes) -> bool:
    """Tell whether one of the first lines is a record."""
    return any(
        knows(json_rows.loads(line.strip(b" \t\r\0\xef\xbb\xbf").removeprefix(b"data:")))
        for line in head.split(b"\n")[:20]
    )


def recognises_document(head: bytes) -> bool:
    """Tell whether this begins like a list of records."""
    return head.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] in (b"{", b"[") and b'"mmsi"' in head and b'"msgtime"' in head


FORMAT = Format("barentswatch", recognises, json_rows.Memory, json_rows.line_decoder(take_line), json_rows.finish)
DOCUMENT = json_rows.document_format("barentswatch-document", recognises_document, take)
