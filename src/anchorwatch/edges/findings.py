"""Findings as records: what each detector measured, before judgement (`anchorwatch.finding/1`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from anchorwatch.edges.records import TIME, Record, json_line, time_us, without_nan, write_records
from anchorwatch.model import Finding, rfc3339

SCHEMA = "anchorwatch.finding/1"

COLUMNS: dict[str, Any] = {
    "id": pl.String,
    "detector": pl.String,
    "mmsi": pl.Int32,
    "track": pl.Int64,
    "start": TIME,
    "end": TIME,
    "raised": TIME,
    "open": pl.Boolean,
    "asset": pl.String,
    "asset_m": pl.Float64,
    "kp_km": pl.Float64,
    "lon_deg": pl.Float64,
    "lat_deg": pl.Float64,
    "values": pl.String,
}


def write_findings(findings: Sequence[Finding], path: str | Path | None = None) -> None:
    """Write findings as .jsonl, .geojson, .csv or .parquet by the ending of `path`; None is stdout as .jsonl."""
    write_records([to_json(f) for f in findings], path, COLUMNS, _row)


def to_json(finding: Finding) -> Record:
    """Return the JSON object of a finding. What is not known is null."""
    has_place = math.isfinite(finding.lon_deg) and math.isfinite(finding.lat_deg)
    record: Record = without_nan(
        {
            "schema": SCHEMA,
            "id": finding.id,
            "detector": finding.detector,
            "mmsi": finding.mmsi,
            "track": finding.track,
            "start": rfc3339(finding.start_us),
            "end": rfc3339(finding.end_us),
            "raised": rfc3339(finding.raised_us),
            "open": bool(finding.open),
            "asset": finding.asset,
            "asset_m": finding.asset_m,
            "kp_km": finding.kp_km,
            "position": {"lon": finding.lon_deg, "lat": finding.lat_deg} if has_place else None,
            "values": finding.values,
            **({"zone": finding.zone} if finding.zone else {}),
        }
    )
    return record


def _row(record: Record) -> Record:
    position = record["position"] or {"lon": None, "lat": None}
    times = {name: time_us(record[name]) for name in ("start", "end", "raised")}
    place = {"lon_deg": position["lon"], "lat_deg": position["lat"]}
    return {name: record.get(name) for name in COLUMNS} | times | place | {"values": json_line(record["values"])}
