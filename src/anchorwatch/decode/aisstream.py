"""aisstream.io: one message a line with its envelope, or the bare message without one (which has no time)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from anchorwatch.decode import Options, json_rows
from anchorwatch.decode.json_rows import Record, Rows
from anchorwatch.model import utc

POSITION_TYPES = {
    "PositionReport",
    "StandardClassBPositionReport",
    "ExtendedClassBPositionReport",
    "LongRangeAisBroadcastMessage",
}
STATIC_TYPES = {"ShipStaticData", "StaticDataReport", "ExtendedClassBPositionReport"}
OTHER_TYPES = {
    "BaseStationReport": "base_station",
    "AidsToNavigationReport": "aid_to_navigation",
    "StandardSearchAndRescueAircraftReport": "sar_aircraft",
}
# Message numbers of ITU-R M.1371, for messages without an envelope.
TYPE_OF_ID = {
    **dict.fromkeys((1, 2, 3), "PositionReport"),
    4: "BaseStationReport",
    5: "ShipStaticData",
    9: "StandardSearchAndRescueAircraftReport",
    18: "StandardClassBPositionReport",
    19: "ExtendedClassBPositionReport",
    21: "AidsToNavigationReport",
    24: "StaticDataReport",
    27: "LongRangeAisBroadcastMessage",
}
# Go's time.String(): 0 to 9 digits of a second, offset, name of the zone.
GO_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))? ?(Z|[+-]\d\d:?\d\d)?(?: [A-Z]+)?")


def time_us(stated: Any) -> int | None:
    """Return microseconds of `2022-12-29 18:22:32.318353 +0000 UTC`, or None."""
    match = GO_TIME.fullmatch(stated) if isinstance(stated, str) else None
    if not match:
        return None
    zone = match[4] or "+00:00"
    try:
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
        seconds = round((moment - utc(0)).total_seconds())
    except (ValueError, OverflowError):
        return None
    return seconds * 1_000_000 + int((match[3] or "").ljust(6, "0")[:6])


def knows(value: Any) -> bool:
    """Tell whether a JSON value is a message, with its envelope or without."""
    if not isinstance(value, dict):
        return False
    return ("MessageType" in value and "Message" in value) or {"MessageID", "UserID"} <= set(value)


def take(value: Any, line: int, options: Options, rows: Rows) -> None:
    """Add what one message says."""
    if not knows(value):
        rows.reject("not_traffic" if isinstance(value, dict) and "error" in value else "unknown_json", line)
        return
    if "MessageType" in value:
        kind, said = value["MessageType"], value["Message"]
        said = said.get(kind) if isinstance(said, dict) and isinstance(kind, str) else None
        meta = value.get("MetaData", value.get("Metadata"))
        at = time_us(meta.get("time_utc")) if isinstance(meta, dict) else None
    else:
        kind, said, at = TYPE_OF_ID.get(json_rows.whole(value["MessageID"], 1, 27, 0), ""), value, None
    if not isinstance(said, dict) or kind not in POSITION_TYPES | STATIC_TYPES | set(OTHER_TYPES):
        rows.reject("not_traffic", line)
    elif said.get("Valid") is False:
        rows.reject("not_valid", line)
    else:
        _message(kind, said, options.date_us if at is None else at, line, rows)


def _message(kind: str, said: Record, at: int | None, line: int, rows: Rows) -> None:
    mmsi, lon, lat = said.get("UserID"), said.get("Longitude"), said.get("Latitude")
    if kind in OTHER_TYPES:
        rows.other(at, mmsi, line, OTHER_TYPES[kind], lon, lat, said.get("Name"))
        return
    if kind in POSITION_TYPES:
        motion = {
            "sog_kn": said.get("Sog"),
            "cog_deg": said.get("Cog"),
            "heading_deg": said.get("TrueHeading"),
            "rot_deg_min": json_rows.turn_deg_min(said.get("RateOfTurn")),
            "nav_status": said.get("NavigationalStatus"),
        }
        if kind == "LongRangeAisBroadcastMessage" and json_rows.number(motion["sog_kn"]) >= 63:
            motion["sog_kn"] = None  # 63 = not available in message 27
        rows.position(at, mmsi, line, lon, lat, motion)
    if kind in STATIC_TYPES:
        rows.static(at, mmsi, line, _static(said))


def _static(said: Record) -> Record:
    parts = [said] + [r for r in (said.get("ReportA"), said.get("ReportB")) if isinstance(r, dict)]
    found: Record = {}
    for part in parts:
        if part.get("Valid") is not False:
            found |= {k: v for k, v in part.items() if v not in ("", None)}
    size = found.get("Dimension")
    due = found.get("Eta")
    size, due = (x if isinstance(x, dict) else {} for x in (size, due))
    return {
        "imo": found.get("ImoNumber"),
        "callsign": found.get("CallSign"),
        "name": found.get("Name"),
        "ship_type": found.get("Type", found.get("ShipType")),
        "draught_m": found.get("MaximumStaticDraught"),
        "destination": found.get("Destination"),
        "eta": json_rows.eta(due.get("Month"), due.get("Day"), due.get("Hour"), due.get("Minute")),
    } | json_rows.dimensions(size.get("A"), size.get("B"), size.get("C"), size.get("D"))


def recognises_document(head: bytes) -> bool:
    """Tell whether messages are spread over several lines."""
    return head.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] in (b"{", b"[") and b'"MessageID"' in head and b'"UserID"' in head


FORMAT = json_rows.lines_format("aisstream", knows, json_rows.json_line(take))
DOCUMENT = json_rows.document_format("aisstream-document", recognises_document, take)
