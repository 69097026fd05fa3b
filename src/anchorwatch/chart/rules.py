"""What zones ask of vessels: rules read from a zone's properties, and which of them holds where for whom.

rule_enter: false                  nobody may be in there
rule_min_kn, rule_max_kn           speed inside
rule_dwell_min                     longest stay
rule_heading_deg                   direction of traffic; rule_heading_within_deg (45) how far a course may differ
rule_classes, rule_exempt          whom it binds, or not: classes of schema.SHIP_CLASSES, a list or "cargo, tanker"
rule_min_length_m                  binds vessels known to be at least so long
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.chart import zone_grid
from anchorwatch.chart.assets import Zone, ZoneGrid
from anchorwatch.errors import BadChart

Array = np.ndarray[Any, Any]
MOST = 31  # ruled zones that fit the bits of the lookup
NUMBERS = {  # least and most that makes sense
    "rule_min_kn": (0.0, 60.0),
    "rule_max_kn": (0.0, 60.0),
    "rule_dwell_min": (0.0, 100_000.0),
    "rule_heading_deg": (0.0, 360.0),
    "rule_heading_within_deg": (1.0, 179.0),
    "rule_min_length_m": (0.0, 500.0),
}
KEYS = ("rule_enter", *NUMBERS, "rule_classes", "rule_exempt")
ASKS = ("rule_min_kn", "rule_max_kn", "rule_dwell_min", "rule_heading_deg")  # beside rule_enter
WITHIN_DEG = 45.0

RULE = np.dtype(
    [
        ("closed", np.int8),
        ("min_kn", np.float64),
        ("max_kn", np.float64),
        ("dwell_s", np.float64),
        ("heading_deg", np.float64),
        ("within_deg", np.float64),
        ("classes", np.int64),  # bits by number of class
        ("min_length_m", np.float64),
    ]
)


class Rules(NamedTuple):
    """The ruled zones in the order of the chart: bit k of the lookup is rule k."""

    grid: ZoneGrid
    table: Array  # RULE


def ruled(zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
    """Return the zones that have rules; a rule that cannot be understood is an error."""
    found = tuple(z for z in zones if _rule_of(z) is not None)
    if len(found) > MOST:
        raise BadChart(f"{len(found)} zones have rules", found[MOST].source, f"Give rules to at most {MOST} zones")
    return found


def build(zones: tuple[Zone, ...]) -> Rules | None:
    """Return the lookup of the given ruled zones; None where there are none."""
    table = [rule for z in zones if (rule := _rule_of(z)) is not None]
    if not table:
        return None
    return Rules(zone_grid.build_by([(1 << k, [z]) for k, z in enumerate(zones)]), np.array(table, RULE))


def _rule_of(zone: Zone) -> tuple[Any, ...] | None:
    """Return a RULE record; None where the zone asks nothing."""
    said = said_of(zone)
    for key in said:
        if key not in KEYS:
            raise _wrong(zone, key, "is not a rule", f"Rules are {', '.join(KEYS)}")
    number = {key: _number(zone, key, said.get(key)) for key in NUMBERS}
    closed = "rule_enter" in said and not _yes(zone, "rule_enter", said["rule_enter"])
    if not closed and all(np.isnan(number[key]) for key in ASKS):
        if said.keys() - {"rule_enter"}:
            raise _wrong(zone, next(iter(said)), "asks nothing by itself", f"Add rule_enter or {', '.join(ASKS)}")
        return None
    if number["rule_min_kn"] > number["rule_max_kn"]:
        raise _wrong(zone, "rule_min_kn", "is above rule_max_kn", "Nobody could keep both")
    bound = _classes(zone, "rule_classes", said.get("rule_classes")) or (1 << len(schema.SHIP_CLASSES)) - 1
    bound &= ~_classes(zone, "rule_exempt", said.get("rule_exempt"))
    within = number["rule_heading_within_deg"]
    return (
        int(closed), number["rule_min_kn"], number["rule_max_kn"], 60.0 * number["rule_dwell_min"],
        number["rule_heading_deg"], WITHIN_DEG if np.isnan(within) else within, bound, number["rule_min_length_m"],
    )  # fmt: skip


def said_of(zone: Zone) -> dict[str, Any]:
    """Return what a zone's properties say of rules."""
    return {k.lower(): v for k, v in zone.properties.items() if k.lower().startswith("rule_") and _says(v)}


def _says(value: Any) -> bool:
    return not (value is None or (isinstance(value, float) and np.isnan(value)) or str(value).strip() == "")


def _wrong(zone: Zone, key: str, what: str, next_step: str) -> BadChart:
    where = f"{zone.source}, zone {zone.id}" if zone.source else f"zone {zone.id}"
    return BadChart(f"{key} {what}", where, next_step)


def _number(zone: Zone, key: str, value: Any) -> float:
    if value is None:
        return float("nan")
    low, high = NUMBERS[key]
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if isinstance(value, bool) or not low <= found <= high:
        raise _wrong(zone, key, f"is {value!r}", f"Give a number from {low:g} to {high:g}")
    return found


def _yes(zone: Zone, key: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word in ("true", "yes", "1", "1.0"):
        return True
    if word in ("false", "no", "0", "0.0"):
        return False
    raise _wrong(zone, key, f"is {value!r}", "Give true or false")


def _classes(zone: Zone, key: str, value: Any) -> int:
    """Return the bits of a list of classes, however the file's format kept it."""
    if value is None:
        return 0
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise _wrong(zone, key, f"is {value!r}", "Give a list, or names with commas between") from None
    words = value.split(",") if isinstance(value, str) else list(value) if np.iterable(value) else [value]
    bits = 0
    for word in words:
        name = str(word).strip().lower()
        if name not in schema.SHIP_CLASSES:
            raise _wrong(zone, key, f"names {name!r}", f"Classes are {', '.join(schema.SHIP_CLASSES)}")
        bits |= 1 << schema.SHIP_CLASSES.index(name)
    return bits


def fill(rules: Rules, rows: schema.Rows) -> None:
    """Write the columns of rules: for each position, of the zones it is in, the first that binds this vessel."""
    bits = zone_grid.zones_at(rules.grid, rows.lon_deg, rows.lat_deg)
    bits[rows.kind == schema.TICK] = 0
    rows.rule_zone[:] = -1
    inside = np.flatnonzero(bits)
    found = np.full(len(inside), -1, np.int32)
    for k, rule in reversed(list(enumerate(rules.table))):
        binds = (bits[inside] >> k) & (rule["classes"] >> rows.ship_class[inside].astype(np.int64)) & 1
        if not np.isnan(rule["min_length_m"]):
            binds &= rows.length_m[inside] >= rule["min_length_m"]
        found[binds == 1] = k
    inside, found = inside[found >= 0], found[found >= 0]
    rows.rule_zone[inside] = found
    for name in ("closed", "min_kn", "max_kn", "dwell_s", "heading_deg", "within_deg"):
        column = getattr(rows, f"rule_{name}")
        column[:] = schema.BLANK.get(f"rule_{name}", 0)
        column[inside] = rules.table[name][found]
