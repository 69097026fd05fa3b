"""Alerts as records that other programs rely on (`anchorwatch.alert/1`), and back."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from anchorwatch.edges.records import TIME, Record, json_line, time_us, without_nan, write_records
from anchorwatch.errors import BadInput
from anchorwatch.model import LEVELS, Alert, AlertAsset, Alternative, NextAsset, Reason, Vessel, rfc3339
from anchorwatch.schema import SHIP_CLASSES, class_of_ship_type

SCHEMA = "anchorwatch.alert/1"

# The flat form, for tables: the first asset in columns of its own, everything in JSON cells beside it.
COLUMNS: dict[str, Any] = {
    "id": pl.String,
    "level": pl.String,
    "kind": pl.String,
    "status": pl.String,
    "raised": TIME,
    "start": TIME,
    "end": TIME,
    "mmsi": pl.Int32,
    "imo": pl.Int32,
    "name": pl.String,
    "callsign": pl.String,
    "flag": pl.String,
    "ship_type": pl.Int16,
    "length_m": pl.Float64,
    "lon_deg": pl.Float64,
    "lat_deg": pl.Float64,
    "score": pl.Float64,
    "asset": pl.String,
    "asset_name": pl.String,
    "asset_kind": pl.String,
    "asset_m": pl.Float64,
    "crossed": TIME,
    "kp_km": pl.Float64,
    "explanation": pl.String,
    "assets": pl.String,
    "reasons": pl.String,
    "alternatives": pl.String,
    "next": pl.String,
    "detectors": pl.String,
    "ruleset": pl.String,
    "revision": pl.Int64,
}


def write_alerts(alerts: Sequence[Alert], path: str | Path | None = None) -> None:
    """Write alerts as .jsonl, .geojson, .csv or .parquet by the ending of `path`; None is stdout as .jsonl."""
    write_records([to_json(a) for a in alerts], path, COLUMNS, flat)


def read_alerts(path: str | Path) -> list[Alert]:
    """Read alerts from a .jsonl file, as `write_alerts` wrote it."""
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot read alerts ({error})", str(path), "Give a .jsonl file of alerts.") from error
    alerts = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                alerts.append(from_json(json.loads(line)))
            except (BadInput, ValueError, RecursionError) as error:
                raise BadInput(str(error), f"{path}:{number}", "Give a .jsonl file of alerts.") from error
    return alerts


def to_json(alert: Alert) -> Record:
    """Return the JSON object of an alert. What is not known is null; NaN does not occur."""
    record: Record = {
        "schema": SCHEMA,
        "id": alert.id,
        "level": alert.level,
        "kind": alert.kind,
        "status": alert.status,
        "vessel": _vessel(alert.vessel),
        "assets": [_asset(a) for a in alert.assets],
        "start": rfc3339(alert.start_us),
        "end": rfc3339(alert.end_us),
        "raised": rfc3339(alert.raised_us),
        "position": _position(alert.lon_deg, alert.lat_deg),
        "score": alert.score,
        "reasons": [
            {"name": r.name, "value": r.value, "unit": r.unit, "baseline": r.baseline, "log_odds": r.log_odds}
            for r in alert.reasons
        ],
        "explanation": alert.explanation,
        "alternatives": [{"cause": a.cause, "check": a.check} for a in alert.alternatives],
        "next": [{"asset": n.asset, "eta": rfc3339(n.eta_us), "confidence": n.confidence} for n in alert.next],
        "detectors": list(alert.detectors),
        "ruleset": alert.ruleset,
        "revision": alert.revision,
    }
    if alert.extra:
        record["extra"] = alert.extra
    clean: Record = without_nan(record)
    return clean


def from_json(record: Any) -> Alert:
    """Return the alert of a JSON object; BadInput if it is not an `anchorwatch.alert/1`."""
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise BadInput(f"not an alert: its schema is not {SCHEMA}")
    try:
        alert = _alert(record)
    except KeyError as error:
        raise BadInput(f"the alert has no {error}") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadInput(f"the alert cannot be read ({error})") from error
    if alert.level not in LEVELS:
        raise BadInput(f"unknown level {alert.level!r}")
    return alert


def _alert(record: Record) -> Alert:
    position = record["position"] or {"lon": None, "lat": None}
    return Alert(
        id=str(record["id"]),
        level=record["level"],
        kind=record["kind"],
        status=record["status"],
        vessel=_vessel_of(record["vessel"]),
        assets=tuple(_asset_of(a) for a in record["assets"]),
        start_us=time_us(record["start"]),
        end_us=time_us(record["end"]),
        raised_us=time_us(record["raised"]),
        lon_deg=_number(position["lon"]),
        lat_deg=_number(position["lat"]),
        score=_number(record["score"]),
        reasons=tuple(_reason_of(r) for r in record["reasons"]),
        explanation=record["explanation"],
        alternatives=tuple(Alternative(a["cause"], a["check"]) for a in record["alternatives"]),
        next=tuple(NextAsset(n["asset"], time_us(n["eta"]), _number(n["confidence"])) for n in record["next"]),
        detectors=tuple(record["detectors"]),
        ruleset=record["ruleset"],
        revision=int(record["revision"]),
        extra=dict(record.get("extra", {})),
    )


def _vessel(vessel: Vessel) -> Record:
    record: Record = {
        "mmsi": vessel.mmsi,
        "imo": vessel.imo,
        "name": vessel.name,
        "callsign": vessel.callsign,
        "flag": vessel.flag,
        "ship_type": vessel.ship_type,
        "length_m": vessel.length_m,
    }
    if vessel.ship_class != _class_of(vessel.ship_type):  # said only where the type does not say it
        record["ship_class"] = vessel.ship_class
    return record


def _vessel_of(record: Record) -> Vessel:
    ship_class = record.get("ship_class", _class_of(record["ship_type"]))
    names = ("mmsi", "imo", "name", "callsign", "flag", "ship_type", "length_m")
    return Vessel(**{n: record[n] for n in names}, ship_class=ship_class)


def _class_of(ship_type: int | None) -> str:
    return SHIP_CLASSES[class_of_ship_type(ship_type or 0)]


def _asset(asset: AlertAsset) -> Record:
    record: Record = {
        "id": asset.id,
        "name": asset.name,
        "kind": asset.kind,
        "distance_m": asset.distance_m,
        "crossed": None if asset.crossed_us is None else rfc3339(asset.crossed_us),
        "kp_km": asset.kp_km,
    }
    if asset.geometry != "surveyed":  # the reader must know where the route is only roughly known
        record["geometry"] = asset.geometry
    return record


def _asset_of(record: Record) -> AlertAsset:
    crossed = record["crossed"]
    return AlertAsset(
        id=record["id"],
        name=record["name"],
        kind=record["kind"],
        distance_m=_number(record["distance_m"]),
        crossed_us=None if crossed is None else time_us(crossed),
        kp_km=record["kp_km"],
        geometry=record.get("geometry", "surveyed"),
    )


def _reason_of(record: Record) -> Reason:
    value = record["value"]
    return Reason(
        name=record["name"],
        value=value
        if isinstance(value, str | int)
        else _number(value),  # 360 stays 360: read again it is the same text
        unit=record["unit"],
        log_odds=_number(record["log_odds"]),
        baseline=record.get("baseline"),
    )


def _position(lon_deg: float, lat_deg: float) -> Record | None:
    return {"lon": lon_deg, "lat": lat_deg} if math.isfinite(lon_deg) and math.isfinite(lat_deg) else None


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def flat(record: Record) -> Record:
    """Return the flat form of an alert's JSON object; times in microseconds."""
    position = record["position"] or {"lon": None, "lat": None}
    first = record["assets"][0] if record["assets"] else dict.fromkeys(("id", "name", "kind", "distance_m", "kp_km"))
    crossed = first.get("crossed")
    row = {name: record.get(name) for name in COLUMNS}
    row |= {name: record["vessel"].get(name) for name in record["vessel"] if name in COLUMNS}
    row |= {name: time_us(record[name]) for name in ("raised", "start", "end")}
    row |= {"lon_deg": position["lon"], "lat_deg": position["lat"]}
    row |= {"asset": first["id"], "asset_name": first["name"], "asset_kind": first["kind"]}
    row |= {"asset_m": first["distance_m"], "kp_km": first["kp_km"], "crossed": crossed and time_us(crossed)}
    for name in ("assets", "reasons", "alternatives", "next", "detectors"):
        row[name] = json_line(record[name])
    return row
