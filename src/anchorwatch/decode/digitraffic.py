"""Digitraffic Marine (Fintraffic): logs of MQTT messages, topic and payload on a line, and the REST documents.

A log may also hold records of the REST documents, one a line: so the live feed writes down what it fetches at start.

Times: `location` in seconds, `metadata` and REST in milliseconds. The rate of turn is the raw AIS code.
"""

from __future__ import annotations

import re
from typing import Any

from anchorwatch.decode import Format, Options, json_rows
from anchorwatch.decode.aisstream import time_us
from anchorwatch.decode.json_rows import Record, Rows

# An optional time or anything else without braces, the topic, a tab, blanks or a comma, the payload.
LINE = re.compile(
    rb"""[^{}]{0,200}?\b(vessels-v2/(?:status|(\d{1,10})/(location|metadata))|sse-v2/[^\s,;]+)["'\s,;:=]+(\{.*\})["']?"""
)
SECOND, MILLISECOND = 1_000_000, 1_000


def take_line(line: bytes, number: int, options: Options, rows: Rows) -> None:
    """Add what one line of a log says."""
    match = LINE.fullmatch(line)
    if match:
        topic, payload = match[1], json_rows.loads(match[4])
    else:
        wrapped = json_rows.loads(line)
        if _is_record(wrapped):
            take_document(wrapped, number, options, rows)
            return
        if not isinstance(wrapped, dict) or not isinstance(wrapped.get("topic"), str):
            rows.reject("bad_line", number)
            return
        payload = wrapped.get("payload", wrapped.get("message"))
        payload = json_rows.loads(payload.encode("utf-8", "replace")) if isinstance(payload, str) else payload
        topic = wrapped["topic"].encode("utf-8", "replace")
    if not isinstance(payload, dict):
        rows.reject("bad_json", number)
        return
    parts = topic.split(b"/")
    if len(parts) != 3 or parts[0] != b"vessels-v2":
        rows.reject("not_traffic", number)
        return
    mmsi = parts[1].decode("ascii", "replace")
    if parts[2] == b"location":
        at = json_rows.epoch_us(payload.get("time"), SECOND)
        rows.position(at, mmsi, number, payload.get("lon"), payload.get("lat"), _motion(payload))
    else:
        rows.static(json_rows.epoch_us(payload.get("timestamp"), MILLISECOND), mmsi, number, _static(payload))


def _motion(said: Record) -> Record:
    return {
        "sog_kn": said.get("sog"),
        "cog_deg": said.get("cog"),
        "heading_deg": said.get("heading"),
        "rot_deg_min": json_rows.turn_deg_min(said.get("rot")),
        "nav_status": said.get("navStat"),
    }


def _static(said: Record) -> Record:
    """Return static data; draught is in decimetres (255 = 25.5 m or more), the ETA is packed as MMDDHHmm in 20 bits."""
    packed = json_rows.whole(said.get("eta"), 0, 2**20 - 1, 0)
    place = [said.get(k, said.get(f"referencePoint{k[-1]}")) for k in ("refA", "refB", "refC", "refD")]
    return {
        "imo": said.get("imo"),
        "callsign": said.get("callSign"),
        "name": said.get("name"),
        "ship_type": said.get("type", said.get("shipType", said.get("ship_type"))),
        "draught_m": json_rows.number(said.get("draught")) / 10,
        "destination": said.get("destination"),
        "eta": json_rows.eta(packed >> 16, packed >> 11 & 31, packed >> 6 & 31, packed & 63),
    } | json_rows.dimensions(*place)


def take_document(value: Any, line: int, options: Options, rows: Rows) -> None:
    """Add what a REST document, or one record of a list, says."""
    if not isinstance(value, dict):
        rows.reject("unknown_json", line)
    elif isinstance(value.get("features"), list):
        for feature in value["features"]:
            rows.raw = feature
            _feature(feature, line, rows)
    elif isinstance(value.get("vessels"), list):
        _identities(value, line, rows)
    elif "mmsi" in value and "geometry" not in value:
        at = json_rows.epoch_us(value.get("timestamp"), MILLISECOND)
        rows.static(options.date_us if at is None else at, value["mmsi"], line, _static(value))
    else:
        _feature(value, line, rows)


def _feature(feature: Any, line: int, rows: Rows) -> None:
    said = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    place = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(said, dict) or not isinstance(place, list) or len(place) < 2:
        rows.reject("unknown_json", line)
        return
    at = json_rows.epoch_us(said.get("timestampExternal"), MILLISECOND)
    rows.position(at, said.get("mmsi", feature.get("mmsi")), line, place[0], place[1], _motion(said))


def _identities(value: Record, line: int, rows: Rows) -> None:
    """Add the static data of a list of vessels; places of unknown age are no positions."""
    stated = value.get("timestamp")
    at = time_us(stated) or json_rows.epoch_us(stated, MILLISECOND)
    for vessel in value["vessels"]:
        rows.raw = vessel
        if not isinstance(vessel, dict):
            rows.reject("unknown_json", line)
            continue
        rows.static(at, vessel.get("mmsi"), line, _static(vessel))
        if "lon" in vessel:
            rows.reject("position_without_time", line)


def _is_record(value: Any) -> bool:
    """Tell whether a JSON value is one record of a REST document."""
    if not isinstance(value, dict):
        return False
    said = value.get("properties")
    return ("mmsi" in value and "referencePointA" in value) or (isinstance(said, dict) and "timestampExternal" in said)


def recognises(head: bytes) -> bool:
    """Tell whether one of the first lines holds a topic and a payload, or a record."""
    lines = [line.strip() for line in head.split(b"\n")[:20]]
    return any(
        LINE.fullmatch(line) or b'"vessels-v2/' in line or (b'"mmsi"' in line and _is_record(json_rows.loads(line)))
        for line in lines
    )


def recognises_document(head: bytes) -> bool:
    """Tell whether this begins like the locations, the vessels, or a list of identities."""
    if head.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] not in (b"{", b"["):
        return False
    return b'"mmsi"' in head and (
        b'"timestampExternal"' in head
        or b'"referencePointA"' in head
        or (b'"vessels"' in head[:400] and b'"vessel_count"' in head[:400])
    )


FORMAT = Format("digitraffic", recognises, json_rows.Memory, json_rows.line_decoder(take_line), json_rows.finish)
DOCUMENT = json_rows.document_format("digitraffic-document", recognises_document, take_document)
