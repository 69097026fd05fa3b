"""Scenarios: tracks told as legs about one straight asset, made into the enriched rows that detectors read.

A scenario file `tests/scenarios/<detector>.toml` holds `[[case]]` tables with a name and `fires = true` or
`false`. A case has one vessel, or several as `[[case.vessel]]` tables:

    at = [x, y]          where it begins, metres: x along the asset (its kilometre point is x / 1000 + 50),
                         y across it, so that y = 0 is on the asset
    every_s = 60         reporting interval
    class, status, length_m, start_min (when the vessel is first heard)
    legs = [             one after the other:
      {to = [x, y], kn = 10.0},              steam there; kn = [12, 9] slows down evenly on the way
      {stay_min = 30.0, wander_m = 40.0},    stay, swinging in a circle of that radius; kn is what it reports
      {silent_min = 90.0, to = [x, y]},      say nothing, and be there afterwards
      {jump = [x, y], stay_min = 5.0},       be shown there, unreachably, and then back again
    ]
    status, every_s and weave_m (the amplitude of a weaving course) may stand in a leg too

A vessel may say of itself, for detectors that take statements, `says = [{min = 5, name = "X", imo = 9329760}]`:
what is believed from then on, with any of `schema.STATEMENT`'s fields; beside the asset, unless `near_asset = false`.

With `suspect_min = [from, until]` a vessel is under suspicion between those minutes, and the asset ahead is known.
Zones with rules lie far from where the other scenarios play (`RULED`); a case may give its own as `rules`.

`error_m`, `shore_m`, `zone` (a list of zone kinds) and `asset = false` (nothing near) stand in the case, and
`expect` may bound measures of the last finding: {held_s = [low, high]}.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

import numpy as np

from anchorwatch import chart, schema
from anchorwatch.chart import rules
from anchorwatch.detectors import Detector, discover
from anchorwatch.engine import lift, streams
from anchorwatch.picture import coverage

SCENARIOS = Path(__file__).parent / "scenarios"
ORIGIN_LON, ORIGIN_LAT = 11.0, 57.0
EPOCH_US = 1_700_000_000_000_000
TICK_US = 600_000_000  # the fixed grid of archive runs
DEG = 111_195.0
KN = 1852.0 / 3600.0


# Zones with rules, as corners [x0, y0, x1, y1] and the properties of a zone.
RULED: list[dict[str, Any]] = [
    {"box": [40_000, -4000, 46_000, 4000], "rule_enter": False, "rule_exempt": "service"},
    {"box": [48_000, -4000, 54_000, 4000], "rule_max_kn": 8, "rule_heading_deg": 90, "rule_classes": "cargo, tanker"},
    {"box": [56_000, -4000, 62_000, 4000], "rule_min_kn": 5, "rule_dwell_min": 60, "rule_min_length_m": 50},
]


class Point(NamedTuple):
    """One reported position, in metres about the asset."""

    t_s: float
    x: float
    y: float
    sog_kn: float
    status: int
    jump: bool


def cases(path: Path) -> list[dict[str, Any]]:
    """Read the cases of one scenario file; none where there is no file."""
    if not path.exists():
        return []
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    return found


def rows_of(case: dict[str, Any]) -> schema.Rows:
    """Make the rows of one case: all its vessels, in time order."""
    vessels = case.get("vessel", [case])
    records = [r for key, vessel in enumerate(vessels) for r in track_rows(points(vessel), vessel, case, key)]
    return stacked(sorted(records, key=lambda r: (r["time_us"], r["key"])))


class Told(NamedTuple):
    """What streams are made of: the rows of a case, and what its vessels say of themselves."""

    rows: schema.Rows
    statements: np.ndarray[Any, Any]


def told_of(case: dict[str, Any]) -> Told:
    """Make the rows and the statements of one case."""
    return Told(rows_of(case), statements_of(case))


def statements_of(case: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Make schema.STATEMENT rows of what the vessels of a case say."""
    made = []
    for key, vessel in enumerate(case.get("vessel", [case])):
        for said in vessel.get("says", ()):
            row = np.zeros(1, schema.STATEMENT)
            known = {"mmsi": 219_000_000 + key, "length_m": math.nan, "beam_m": math.nan, "lon_deg": ORIGIN_LON,
                     "lat_deg": ORIGIN_LAT, "asset": 0, "asset_m": 100.0, "kp_km": 50.0}  # fmt: skip
            for name, value in (known | said).items():
                if name in (row.dtype.names or ()):
                    row[name] = value.encode() if isinstance(value, str) else value
            row["time_us"] = EPOCH_US + round(60e6 * (vessel.get("start_min", 0.0) + said["min"]))
            if not said.get("near_asset", True):
                row["asset"], row["asset_m"], row["kp_km"] = -1, math.nan, math.nan
            made.append(row)
    rows = np.concatenate([np.zeros(0, schema.STATEMENT), *made])
    return rows[np.lexsort((rows["mmsi"], rows["time_us"]))]


def stream_of(detector: Detector, told: Told) -> np.ndarray[Any, Any]:
    """Return the stream that a detector of the second form is given."""
    if detector.takes == "rows":
        picked = streams.marked(detector, told.rows)
        return picked[np.lexsort((picked["track"], picked["time_us"]))]
    if detector.takes == "statements":
        return streams.shown(detector, told.statements)
    rows = heard_of(told.rows) if detector.takes == "heard" else findings_of(told.rows)
    return streams.shown(detector, rows)


def heard_of(rows: schema.Rows) -> np.ndarray[Any, Any]:
    """Return schema.HEARD rows: each track once a cell and slot."""
    here = (rows.kind == schema.POSITION) & (rows.jump == 0)
    cells, slots = coverage.cell_of(rows.lon_deg[here], rows.lat_deg[here]), rows.time_us[here] // coverage.SLOT_US
    notes = np.unique(np.stack([cells, slots, rows.track[here]], axis=1), axis=0)
    notes[:, 2] = 0  # all of one source
    return coverage.by_box(notes[coverage.over(notes, int(rows.time_us.max(initial=0)) + 1)])


def findings_of(rows: schema.Rows) -> np.ndarray[Any, Any]:
    """Return schema.FOUND rows: all that detectors of single tracks find."""
    told = []
    for name, detector in discover().items():
        if detector.step is None or detector.fact:
            continue
        found = lift.run(detector, rows, np.zeros(int(rows.key.max(initial=-1)) + 1, detector.memory))
        code, vessels = schema.code_of(name), len(np.unique(rows.track))
        fields = ("at_us", "track", "start_us", "raised_us", "lon_deg", "lat_deg")
        told += [(t, code, *rest, vessels) for t, *rest in zip(*(found[f].tolist() for f in fields), strict=True)]
    return np.array(sorted(told, key=lambda t: t[:4]), schema.FOUND)


def stacked(records: list[dict[str, Any]]) -> schema.Rows:
    """Turn records into columns of the right types."""
    return schema.Rows(*(np.array([r[c] for r in records], DTYPES[c]) for c in schema.COLUMNS))


def points(vessel: dict[str, Any]) -> list[Point]:
    """Walk the legs of a vessel."""
    x, y = map(float, vessel["at"])
    t = 60.0 * vessel.get("start_min", 0.0)
    walked = [Point(t, x, y, 0.0, vessel.get("status", 0), False)]
    for leg in vessel["legs"]:
        rest = {"every_s": vessel.get("every_s", 60), "status": vessel.get("status", 0)} | leg
        walked += list(walk(walked[-1], rest))
    first = walked[1] if len(walked) > 1 else walked[0]
    return [walked[0]._replace(sog_kn=first.sog_kn), *walked[1:]]


def walk(last: Point, leg: dict[str, Any]) -> Iterator[Point]:
    """Yield the positions of one leg, which begins where the last one ended."""
    every, status = float(leg["every_s"]), int(leg["status"])
    t0, x0, y0 = last.t_s, last.x, last.y
    if "jump" in leg:
        for k in range(1, max(1, round(60 * leg["stay_min"] / every)) + 1):
            x, y = map(float, leg["jump"])
            yield Point(t0 + k * every, x, y, last.sog_kn, status, True)
        yield Point(t0 + 60 * leg["stay_min"] + every, x0, y0, last.sog_kn, status, False)
    elif "silent_min" in leg:
        x, y = map(float, leg.get("to", (x0, y0)))
        made = math.hypot(x - x0, y - y0) / (60 * leg["silent_min"]) / KN
        yield Point(t0 + 60 * leg["silent_min"], x, y, leg.get("kn", max(made, last.sog_kn)), status, False)
    elif "stay_min" in leg:
        radius = float(leg.get("wander_m", 0.0))
        for k in range(1, round(60 * leg["stay_min"] / every) + 1):
            angle = k * every / 900.0  # once about the anchor in an hour and a half
            x, y = x0 + radius * math.sin(angle), y0 + radius * (1.0 - math.cos(angle))
            yield Point(t0 + k * every, x, y, leg.get("kn", radius / 900.0 / KN), status, False)
    else:
        yield from steam(last, leg, every, status)


def steam(last: Point, leg: dict[str, Any], every: float, status: int) -> Iterator[Point]:
    """Yield the positions of a leg under way, weaving about the straight line where asked."""
    (x, y), kn = map(float, leg["to"]), leg["kn"]
    first_kn, last_kn = (float(k) for k in (kn if isinstance(kn, list) else (kn, kn)))
    length = math.hypot(x - last.x, y - last.y)
    steps = max(1, round(length / (0.5 * (first_kn + last_kn) * KN) / every))
    for k in range(1, steps + 1):
        t = k / steps
        sog = first_kn + (last_kn - first_kn) * t
        s = t * (first_kn + sog) / (first_kn + last_kn)
        off = leg.get("weave_m", 0.0) * math.sin(k * every / 300.0) * math.sin(math.pi * s)
        across_x, across_y = -(y - last.y) / max(length, 1.0), (x - last.x) / max(length, 1.0)
        px, py = last.x + s * (x - last.x) + off * across_x, last.y + s * (y - last.y) + off * across_y
        yield Point(last.t_s + k * every, px, py, sog, status, False)


def track_rows(walked: list[Point], vessel: dict[str, Any], case: dict[str, Any], key: int) -> list[dict[str, Any]]:
    """Make the rows of one track: positions, ticks while it is silent, crossings after their position."""
    fixed = {
        "key": key,
        "mmsi": 219_000_000 + key,
        "track": (219_000_000 + key) * 8,
        "ship_class": schema.SHIP_CLASSES.index(vessel.get("class", "cargo")),
        "length_m": float(vessel.get("length_m", 120.0)),
        "asset_error_m": float(case.get("error_m", 20.0)),
        "shore_m": float(case.get("shore_m", 20_000.0)),
        "depth_m": 40.0,
        "zone": sum(1 << schema.ZONE_KINDS.index(z) for z in case.get("zone", ())),
        "has_asset": bool(case.get("asset", True)),
        "suspect_min": vessel.get("suspect_min", (0.0, 0.0)),
        "rules": ruled_zones(case.get("rules", RULED)),
        "rule_table": rule_table(case.get("rules", RULED)),
    }
    made: list[dict[str, Any]] = []
    before: Point | None = None
    for point in walked:
        row = position_row(point, before, fixed)
        row |= ruled(point, fixed) | ahead(point, before, fixed)
        if before is not None:
            made += tick_rows(made[-1], before, row["time_us"])
        made.append(row)
        if before is not None and not point.jump and fixed["has_asset"]:
            made += crossing_rows(row, before, point, fixed)
        if not point.jump:
            before = point
    return made


def position_row(point: Point, before: Point | None, fixed: dict[str, Any]) -> dict[str, Any]:
    """Make a POSITION row with its geometry."""
    row = BLANK | fixed | place(point.x, point.y, fixed)
    last = row if before is None else place(before.x, before.y, fixed)
    dx, dy = (0.0, 0.0) if before is None else (point.x - before.x, point.y - before.y)
    dt_s = math.nan if before is None else point.t_s - before.t_s
    step_m = math.nan if before is None else math.hypot(dx, dy)
    cog = math.degrees(math.atan2(dx, dy)) % 360.0
    return row | {
        "kind": schema.POSITION,
        "time_us": EPOCH_US + round(point.t_s * 1e6),
        "sog_kn": point.sog_kn,
        "cog_deg": cog,
        "heading_deg": cog,
        "nav_status": point.status,
        "dt_s": dt_s,
        "step_m": step_m,
        "last_lon_deg": math.nan if before is None else last["lon_deg"],
        "last_lat_deg": math.nan if before is None else last["lat_deg"],
        "made_kn": step_m / dt_s / KN if dt_s > 0 else math.nan,
        "asset_angle_deg": abs((cog - 90.0 + 90.0) % 180.0 - 90.0) if row["asset"] >= 0 else math.nan,
        "jump": int(point.jump),
        "fresh": int(before is None),
    }


def place(x: float, y: float, fixed: dict[str, Any]) -> dict[str, Any]:
    """Make the columns that follow from a place alone."""
    lat = ORIGIN_LAT + y / DEG
    there = fixed["has_asset"] and abs(y) <= 10_000
    return {
        "lon_deg": ORIGIN_LON + x / DEG / math.cos(math.radians(ORIGIN_LAT)),
        "lat_deg": lat,
        "asset": 0 if there else -1,
        "asset_m": abs(y) if there else math.nan,
        "kp_km": x / 1000.0 + 50.0 if there else math.nan,
    }


def ruled_zones(told: list[dict[str, Any]]) -> tuple[chart.Zone, ...]:
    """Make the zones with rules."""
    zones = []
    for k, rule in enumerate(told):
        x0, y0, x1, y1 = rule["box"]
        ring = np.array([lon_lat(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))])
        zones.append(chart.Zone(f"zone-{k}", f"Zone {k}", "control_zone", ((ring,),), "", rule))
    return tuple(zones)


def rule_table(told: list[dict[str, Any]]) -> Any:
    """Make the records of the rules."""
    return _rule_table(json.dumps(told))


@cache
def _rule_table(told: str) -> Any:
    made = rules.build(ruled_zones(json.loads(told)))
    assert made is not None
    return made.table


def lon_lat(x: float, y: float) -> tuple[float, float]:
    """Return the place of metres about the asset."""
    return ORIGIN_LON + x / DEG / math.cos(math.radians(ORIGIN_LAT)), ORIGIN_LAT + y / DEG


def ruled(point: Point, fixed: dict[str, Any]) -> dict[str, Any]:
    """Make the columns of the first ruled zone that a place is in and that binds the vessel."""
    for k, (zone, rule) in enumerate(zip(fixed["rules"], fixed["rule_table"], strict=True)):
        x0, y0, x1, y1 = zone.properties["box"]
        short = fixed["length_m"] < rule["min_length_m"]
        if x0 <= point.x < x1 and y0 <= point.y < y1 and rule["classes"] >> fixed["ship_class"] & 1 and not short:
            names = ("closed", "min_kn", "max_kn", "dwell_s", "heading_deg", "within_deg")
            return {"rule_zone": k} | {f"rule_{name}": rule[name] for name in names}
    return {}


def ahead(point: Point, before: Point | None, fixed: dict[str, Any]) -> dict[str, Any]:
    """Make the columns of a vessel under suspicion: straight ahead at the speed of its last step."""
    first_min, last_min = fixed["suspect_min"]
    if before is None or not first_min <= point.t_s / 60.0 < last_min or point.jump:
        return {}
    speed = (point.y - before.y) / (point.t_s - before.t_s)
    eta_s = -point.y / speed if speed else math.inf
    if not 0.0 <= eta_s <= 7200.0 or not fixed["has_asset"]:
        return {"suspect": schema.OPEN_FINDING}
    x = point.x + eta_s * (point.x - before.x) / (point.t_s - before.t_s)
    there = place(x, 0.0, fixed)
    names = {"next_lon_deg": "lon_deg", "next_lat_deg": "lat_deg", "next_kp_km": "kp_km"}
    return {"suspect": schema.OPEN_FINDING, "next_asset": 0, "next_eta_s": eta_s, "next_spread_s": 0.1 * eta_s} | {
        "next_share": 0.9,
        **{column: there[name] for column, name in names.items()},
    }


def tick_rows(last: dict[str, Any], before: Point, until_us: int) -> list[dict[str, Any]]:
    """Make a TICK row at each point of the grid at which the track was silent."""
    heard_us = EPOCH_US + round(before.t_s * 1e6)
    first = (heard_us // TICK_US + 1) * TICK_US
    return [
        last | UNKNOWN | {"kind": schema.TICK, "time_us": t, "dt_s": (t - heard_us) / 1e6}
        for t in range(first, until_us, TICK_US)
    ]


def crossing_rows(row: dict[str, Any], a: Point, b: Point, fixed: dict[str, Any]) -> list[dict[str, Any]]:
    """Make the CROSSING row of a step from one side of the asset to the other."""
    if (a.y < 0) == (b.y < 0):
        return []
    s = a.y / (a.y - b.y)
    crossed = EPOCH_US + round((a.t_s + s * (b.t_s - a.t_s)) * 1e6)
    return [
        row | place(a.x + s * (b.x - a.x), 0.0, fixed) | {"kind": schema.CROSSING, "crossed_us": crossed, "fresh": 0}
    ]


# What a tick does not know.
UNKNOWN = {
    **dict.fromkeys(("sog_kn", "cog_deg", "heading_deg", "step_m", "made_kn", "asset_m", "asset_angle_deg"), math.nan),
    **dict.fromkeys(("asset_error_m", "kp_km", "depth_m", "shore_m"), math.nan),
    **dict.fromkeys(("jump", "crossed_us", "fresh", "zone", "rule_closed"), 0),
    **schema.BLANK,
    "nav_status": schema.NAV_STATUS_UNDEFINED,
    "asset": -1,
}
BLANK = {c: 0 for c in schema.COLUMNS} | schema.BLANK
DTYPES = {name: get_args(get_args(hint)[1])[0] for name, hint in get_type_hints(schema.Rows).items()}
