"""Read outage notices: which asset failed, when, and from when on that was known. JSON or CSV.

    [{"asset": "estlink-2", "from": "2024-12-25T10:26Z", "until": "2024-12-25T10:26Z", "known": "2024-12-25T10:30Z"}]

`lon`, `lat` and `radius_km` may say where. Every error names the file, the notice and what to do.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from anchorwatch.chart import Chart
from anchorwatch.errors import BadInput
from anchorwatch.model import Fault

NEEDED, OPTIONAL = ("asset", "from", "until", "known"), ("lon", "lat", "radius_km")
LAYOUT = f"A notice has {', '.join(NEEDED)}, and if known {', '.join(OPTIONAL)}"
LARGEST_BYTES = 10_000_000
RADIUS_KM = 10.0  # where a place is given without a radius: as good as a schematic route


def read(path: str, chart: Chart) -> tuple[Fault, ...]:
    """Return the notices of one file, in order of `known`; the assets must be on the chart."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST_BYTES:
            raise BadInput("more than 10 MB, too large for outage notices", path, LAYOUT)
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "not text"
        raise BadInput(f"cannot be read ({said})", path, "Check the name") from None
    records = _json(text, path) if text.lstrip()[:1] in ("[", "{") else _csv(text, path)
    found = [_fault(record, f"{path}, notice {n}", chart) for n, record in enumerate(records, 1)]
    return tuple(sorted(found, key=lambda f: (f.known_us, f.asset, f.from_us)))


def _json(text: str, path: str) -> list[dict[str, Any]]:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise BadInput(f"not readable as JSON ({error})", path, LAYOUT) from None
    told = told.get("faults", [told]) if isinstance(told, dict) else told
    if not isinstance(told, list) or not all(isinstance(t, dict) for t in told):
        raise BadInput("not a list of notices", path, LAYOUT)
    return told


def _csv(text: str, path: str) -> list[dict[str, Any]]:
    try:
        table = csv.DictReader(io.StringIO(text))
        names = [n.strip().lower() for n in table.fieldnames or ()]
        if not set(NEEDED) <= set(names):
            raise BadInput(f"the columns are {', '.join(names)[:80] or 'none'}", path, LAYOUT)
        table.fieldnames = names
        return [{k: v for k, v in row.items() if k and v not in (None, "")} for row in table]
    except csv.Error as error:
        raise BadInput(f"not a readable table ({error})", path, LAYOUT) from None


def _fault(said: dict[str, Any], where: str, chart: Chart) -> Fault:
    """Return one notice; refuse what nobody can mean."""
    unknown = sorted(set(said) - {*NEEDED, *OPTIONAL})
    missing = [key for key in NEEDED if said.get(key) in (None, "")]
    if unknown or missing:
        raise BadInput(f"{missing[0]} is missing" if missing else f"{unknown[0]!r} is not known", where, LAYOUT)
    first, last, known = (_time(said, key, where) for key in ("from", "until", "known"))
    if last < first:
        raise BadInput("until is before from", where, "Give the interval in which it failed")
    if known < first:
        raise BadInput("known is before from", where, "Nobody knows of a failure before it happens")
    lon, lat = _number(said, "lon", where, 180.0), _number(said, "lat", where, 90.0)
    if isfinite(lon) != isfinite(lat):
        raise BadInput("only one of lon and lat is given", where, LAYOUT)
    radius_km = _number(said, "radius_km", where, 1000.0)
    if radius_km <= 0.0:
        raise BadInput("radius_km is not above 0", where, LAYOUT)
    asset = _asset(str(said["asset"]).strip(), where, chart)
    return Fault(asset, first, last, known, lon, lat, radius_km if isfinite(radius_km) else RADIUS_KM)


def _asset(name: str, where: str, chart: Chart) -> str:
    """Return the id of an asset on the chart, from its id or its name."""
    if name in chart.index:
        return name
    by_name = {a.name.lower(): a.id for a in chart.assets}
    if name.lower() in by_name:
        return by_name[name.lower()]
    near = get_close_matches(name.lower(), [*chart.index, *by_name], 3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "anchorwatch chart list shows the assets"
    raise BadInput(f"the asset {name!r} is not on the chart", where, hint)


def _time(said: dict[str, Any], key: str, where: str) -> int:
    try:
        moment = datetime.fromisoformat(str(said[key]).strip())
        since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    except (ValueError, OverflowError):
        raise BadInput(f"{key} is {said[key]!r}", where, "Give UTC as 2024-12-25T10:26:00Z") from None


def _number(said: dict[str, Any], key: str, where: str, most: float) -> float:
    value = said.get(key)
    if value is None:
        return float("nan")
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if isinstance(value, bool) or not abs(found) <= most:
        raise BadInput(f"{key} is {value!r}", where, f"Give a number up to {most:g}")
    return found
