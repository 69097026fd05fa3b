"""Two vessels lie or drift side by side at sea: something or someone may change hands, above an asset or far from any.

Published definitions differ: Skylight takes both within 250 m for 30 minutes, Starboard 200 m for 30 minutes and
10 km from shore, Global Fishing Watch 500 m for two hours at a median under 2 kn and 10 km from an anchorage
(reference/domain.md B.1). Taken here: Skylight's distance and time, Global Fishing Watch's speed, Starboard's
distance from shore where that is known, and never in a port, an anchorage or at a pilot station.

Each slow vessel is looked at once in five minutes, brought by its own speed and course to the beginning of that
slot, and compared with those in its own and the neighbouring cells. A slot is looked at when it is over for
everyone, that is when the first slow row of a later one comes.

Limits: two transponders on one hull look the same; ships that transfer cargo under way at more than 2 kn are not
found; nor is a meeting of which one does not transmit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import METRES_PER_DEG, minutes
from anchorwatch.model import Alternative, Finding, Reason

Array = np.ndarray[Any, Any]
SLOT_US = 300_000_000


class Params(NamedTuple):
    """Thresholds of a meeting."""

    near_m: float = 250.0  # Skylight; antennas of two large ships alongside are up to 200 m apart
    held_s: float = 1800.0  # Skylight, Starboard
    slow_kn: float = 2.0  # Global Fishing Watch
    shore_m: float = 10_000.0  # Starboard: nearer to land boats lie side by side every day
    leave_s: float = 1200.0  # seen apart, or not seen, for so long: over
    filled: float = 0.5  # share of slots in which both were seen together
    crowd: int = 5  # more slow vessels within a mile or so: an anchorage, a fleet, a regatta; no zone need say so [K]
    crowd_m: float = 2500.0


# Rows of the newest slot, and pairs under way.
ROW, PAIR, DONE = range(3)
ROW_FIELDS = (
    *("time_us", "track", "mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg"),
    *("ship_class", "asset", "asset_m", "kp_km"),
)
MEMORY = np.dtype(
    [
        ("what", np.uint8),
        ("time_us", np.int64),  # of a row, or the last contact; DONE: newest row seen
        ("track", np.int64),
        ("other", np.int64),  # the other track of a pair
        ("mmsi", np.int32),
        ("other_mmsi", np.int32),
        ("ship_class", np.int8),
        ("other_class", np.int8),
        ("lead", np.int64),  # the track that the finding is on; 0 = not told yet
        ("start_us", np.int64),
        ("raised_us", np.int64),
        ("told_s", np.float64),
        ("contacts", np.float64),
        ("nearest_m", np.float64),
        ("kn", np.float64),  # of a row its speed, of a pair the sum of them
        ("cog_deg", np.float64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("asset", np.int32),
        ("asset_m", np.float64),
        ("kp_km", np.float64),
    ]
)


def slow_at_sea(rows: schema.Rows) -> Array:
    """The rows it looks at: the first of each vessel in a slot, slow, away from land and harbours."""
    slow = np.flatnonzero(rows.sog_kn < DETECTOR.params.slow_kn)  # few: the rest is looked at for them alone
    time_us, dt_us = rows.time_us[slow], rows.dt_s[slow] * 1e6
    harbour = schema.PORT | schema.ANCHORAGE | schema.PILOT_STATION
    wanted = (rows.kind[slow] == schema.POSITION) & (rows.jump[slow] == 0) & (rows.zone[slow] & harbour == 0)
    wanted &= ~(time_us // SLOT_US == (time_us - dt_us) // SLOT_US) & ~(rows.shore_m[slow] < DETECTOR.params.shore_m)
    mask = np.zeros(rows.time_us.size, np.bool_)
    mask[slow[wanted]] = True
    return mask


def scan(rows: Array, memory: Array | None, params: Params) -> tuple[Array, Array]:
    """Look at the slots that are over; keep the rows of the newest."""
    before = np.zeros(0, MEMORY) if memory is None else memory
    done = before[before["what"] == DONE]
    seen = (int(done[0]["time_us"]), int(done[0]["track"])) if len(done) else (-1, -1)
    new = rows[(rows["time_us"] > seen[0]) | ((rows["time_us"] == seen[0]) & (rows["track"] > seen[1]))]
    if not len(new):
        return np.zeros(0, DETECTOR.found), before.copy()
    held = np.concatenate([before[before["what"] == ROW], as_held(new)])
    slots = held["time_us"] // SLOT_US
    ready = held[slots < slots[-1]]
    pairs = {(int(p["track"]), int(p["other"])): p.copy() for p in before[before["what"] == PAIR]}
    found: list[Array] = []
    for at_us, slot_us, contacts in slot_by_slot(held, ready, params):
        close(pairs, slot_us, at_us, params, found)
        for key, contact in contacts:
            joined(pairs, key, contact)
        tell(pairs, at_us, params, found)
    end = np.zeros(1, MEMORY)
    end["what"], end["time_us"], end["track"] = DONE, new[-1]["time_us"], new[-1]["track"]
    after = [held[slots == slots[-1]], np.array([pairs[k] for k in sorted(pairs)], MEMORY), end]
    return np.concatenate(found) if found else np.zeros(0, DETECTOR.found), np.concatenate(after)


def as_held(rows: Array) -> Array:
    """Return rows as they are remembered."""
    held = np.zeros(len(rows), MEMORY)
    for name in ROW_FIELDS:
        held["kn" if name == "sog_kn" else name] = rows[name]
    return held


def slot_by_slot(held: Array, ready: Array, params: Params) -> Iterator[tuple[int, int, list[tuple[Any, Any]]]]:
    """Yield of each slot that is over when that was known, when it began, and who was close to whom."""
    one, other, metres = contacts_of(ready, params)
    slots = held["time_us"] // SLOT_US
    each, first = np.unique(slots, return_index=True)
    bounds = np.searchsorted(slots[one], each)
    for k in range(len(each) - 1):
        here = range(bounds[k], bounds[k + 1])
        found = [contact(ready[one[c]], ready[other[c]], float(metres[c])) for c in here]
        yield int(held["time_us"][first[k + 1]]), int(each[k]) * SLOT_US, sorted(found, key=lambda f: f[0])


def contacts_of(rows: Array, params: Params) -> tuple[Array, Array, Array]:
    """Return pairs of rows of one slot that are close, by slot: (rows, other rows, metres)."""
    lon, lat = at_slot_start(rows)
    order = np.flatnonzero(alone(rows, lon, lat, params))
    key, columns = cells(rows, lon, lat, params.near_m)
    order = order[np.argsort(key[order], kind="stable")]
    key = key[order]
    ones, others = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in (0, 1, columns - 1, columns, columns + 1):
        first = np.searchsorted(key, key + step, "left") if step else np.arange(1, len(key) + 1)
        many = np.searchsorted(key, key + step, "right") - first
        place = np.repeat(np.arange(len(key)), many)
        ones.append(order[place])
        others.append(order[np.repeat(first, many) + np.arange(len(place)) - np.repeat(np.cumsum(many) - many, many)])
    one, other = np.concatenate(ones), np.concatenate(others)
    east = (lon[one] - lon[other]) * np.cos(np.radians((lat[one] + lat[other]) / 2))
    metres = np.hypot(east, lat[one] - lat[other]) * METRES_PER_DEG
    close = (metres <= params.near_m) & (rows["mmsi"][one] != rows["mmsi"][other])
    one, other, metres = one[close], other[close], metres[close]
    by_slot = np.argsort(rows["time_us"][one] // SLOT_US, kind="stable")
    return one[by_slot], other[by_slot], metres[by_slot]


def cells(rows: Array, lon: Array, lat: Array, size_m: float) -> tuple[Array, int]:
    """Number the slot and cell of each place; cells are at least so wide. Returns that and the cells in a row."""
    tall = size_m / METRES_PER_DEG
    wide = tall / max(math.cos(math.radians(float(np.abs(lat).max(initial=0.0)))), 0.05)
    columns = int(360.0 / wide) + 3
    cell = ((lat + 90.0) / tall).astype(np.int64) * columns + ((lon + 180.0) / wide).astype(np.int64)
    slot = rows["time_us"] // SLOT_US
    return (slot - slot.min(initial=1 << 62)) * ((int(180.0 / tall) + 3) * columns) + cell, columns


def alone(rows: Array, lon: Array, lat: Array, params: Params) -> Array:
    """Tell which vessels lie where few others do."""
    # Cells of one size at every time and place, not fitted to these rows: the answer must not depend on the others.
    size = params.crowd_m / METRES_PER_DEG
    row, column = (lat / size).astype(np.int64), (lon * np.cos(np.radians(np.round(lat))) / size).astype(np.int64)
    place = (rows["time_us"] // SLOT_US << 32) + ((row + (1 << 15)) << 16) + column + (1 << 15)
    _, where, count = np.unique(place, return_inverse=True, return_counts=True)
    return np.asarray(count[where.reshape(-1)] <= params.crowd)


def at_slot_start(rows: Array) -> tuple[Array, Array]:
    """Return where each vessel was at the beginning of the slot, by its own speed and course."""
    back_m = np.nan_to_num(rows["kn"]) * 1852.0 / 3600.0 * (rows["time_us"] % SLOT_US) / 1e6
    course = np.radians(np.nan_to_num(rows["cog_deg"]))
    lat = rows["lat_deg"] - back_m * np.cos(course) / METRES_PER_DEG
    wide = np.maximum(np.cos(np.radians(rows["lat_deg"])), 0.05)
    return rows["lon_deg"] - back_m * np.sin(course) / METRES_PER_DEG / wide, lat


def contact(one: Any, other: Any, metres: float) -> tuple[tuple[int, int], Any]:
    """Return a pair as seen in one slot, the lower track first."""
    if one["track"] > other["track"]:
        one, other = other, one
    pair = one.copy()
    pair["what"], pair["other"], pair["other_mmsi"] = PAIR, other["track"], other["mmsi"]
    pair["other_class"], pair["nearest_m"], pair["contacts"] = other["ship_class"], metres, 1.0
    pair["start_us"] = min(one["time_us"], other["time_us"])
    pair["time_us"] = max(one["time_us"], other["time_us"])
    pair["kn"] = one["kn"] + other["kn"]
    return (int(one["track"]), int(other["track"])), pair


def joined(pairs: dict[tuple[int, int], Any], key: tuple[int, int], seen: Any) -> None:
    """Add what was seen of a pair in one slot."""
    if key not in pairs:
        pairs[key] = seen
        return
    pair = pairs[key]
    pair["time_us"], pair["contacts"] = seen["time_us"], pair["contacts"] + 1.0
    pair["kn"] += seen["kn"]
    pair["ship_class"], pair["other_class"] = seen["ship_class"], seen["other_class"]
    pair["nearest_m"] = min(float(pair["nearest_m"]), float(seen["nearest_m"]))
    if seen["asset_m"] < pair["asset_m"] or (pair["asset"] < 0 <= seen["asset"]):
        for name in ("asset", "asset_m", "kp_km", "lon_deg", "lat_deg"):
            pair[name] = seen[name]


def close(pairs: dict[tuple[int, int], Any], slot_us: int, at_us: int, params: Params, found: list[Array]) -> None:
    """Drop, and tell if it was told before, what was over when a slot began."""
    for key in sorted(k for k, p in pairs.items() if slot_us - int(p["time_us"]) > params.leave_s * 1e6):
        pair = pairs.pop(key)
        if pair["lead"]:
            found.append(word(pair, at_us, 0))


def tell(pairs: dict[tuple[int, int], Any], at_us: int, params: Params, found: list[Array]) -> None:
    """Tell what suffices and what has doubled."""
    due = sorted(k for k, p in pairs.items() if held_s(p) >= max(params.held_s, 2.0 * float(p["told_s"])))
    taken = {(int(p["start_us"]), int(p["lead"])) for p in pairs.values()} if due else set()
    for key in due:
        pair, held = pairs[key], held_s(pairs[key])
        filled = float(pair["contacts"]) * SLOT_US / 1e6 >= params.filled * (held + SLOT_US / 1e6)
        if not pair["lead"] and filled:
            pair["lead"], pair["raised_us"] = lead_of(pair, taken), pair["time_us"]
            taken.add((int(pair["start_us"]), int(pair["lead"])))
        if pair["lead"]:
            pair["told_s"] = held
            found.append(word(pair, at_us, 1))


def held_s(pair: Any) -> float:
    """How long a pair has been seen together."""
    return (int(pair["time_us"]) - int(pair["start_us"])) / 1e6


def lead_of(pair: Any, taken: set[tuple[int, int]]) -> int:
    """Choose the vessel that the finding is on: rather not the one at its daily work, and each only once a start."""
    both = [(at_work(int(pair[c])), int(pair[t])) for c, t in (("ship_class", "track"), ("other_class", "other"))]
    free = [track for _, track in sorted(both) if (int(pair["start_us"]), track) not in taken]
    return free[0] if free else min(track for _, track in both)


def at_work(ship_class: int) -> bool:
    """Tell whether such craft lie alongside others as their daily work."""
    return ship_class in (schema.SERVICE, schema.FISHING, schema.PLEASURE, schema.PASSENGER, schema.MILITARY)


def word(pair: Any, at_us: int, still_on: int) -> Array:
    """Write what is known of a pair."""
    found = np.zeros(1, DETECTOR.found)
    leads = pair["lead"] == pair["track"]
    found["track"] = pair["lead"]
    found["mmsi"], found["other_mmsi"] = (
        pair[m] for m in (("mmsi", "other_mmsi") if leads else ("other_mmsi", "mmsi"))
    )
    found["other_class"] = pair["other_class" if leads else "ship_class"]
    found["at_us"], found["start_us"], found["end_us"] = at_us, pair["start_us"], pair["time_us"]
    found["raised_us"], found["open"] = pair["raised_us"], still_on
    found["at_sog_kn"], found["at_cog_deg"] = math.nan, math.nan
    for name in ("asset", "asset_m", "kp_km", "lon_deg", "lat_deg"):
        found[name] = pair[name]
    found["at_lon_deg"], found["at_lat_deg"] = pair["lon_deg"], pair["lat_deg"]
    found["held_s"], found["nearest_m"] = held_s(pair), pair["nearest_m"]
    found["mean_kn"] = pair["kn"] / (2.0 * pair["contacts"])
    return found


def explain(finding: Finding) -> str:
    """Say who met whom, how close, how long, and near what."""
    v = finding.values
    where = f", {finding.asset_m / 1852.0:.1f} nm from {finding.asset}" if finding.asset else ", far from every asset"
    return (
        f"Lay within {v['nearest_m']:.0f} m of MMSI {v['other_mmsi']:.0f} for {minutes(v['held_s'])} at "
        f"{v['mean_kn']:.1f} kn{where}. A tow, bunkering, a change of crew or help at sea would look the same."
    )


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """The longer and the nearer to an asset, the more; little where the other one works alongside ships."""
    v = finding.values
    reasons = [Reason("side_by_side", round(v["held_s"] / 60.0), "min", round(min(0.9, 0.3 * v["held_s"] / 1800.0), 2))]
    if finding.asset is not None and finding.asset_m <= 5 * 1852.0:
        near = 1.5 if finding.asset_m <= 1852.0 else 0.6
        reasons.append(Reason("near_an_asset", round(finding.asset_m), "m", near))
    if at_work(int(v["other_class"])):
        name = schema.SHIP_CLASSES[int(v["other_class"])]
        reasons.append(Reason("the_other_works_alongside", name, "", -1.5))
    return tuple(reasons)


DETECTOR = Detector(
    name="rendezvous",
    key="area",
    reads=ROW_FIELDS,
    params=Params(),
    memory=MEMORY,
    measures=("other_mmsi", "other_class", "held_s", "nearest_m", "mean_kn"),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("bunkering, stores or a change of crew", "ask the agent of either vessel"),
        Alternative("a tow or help at sea", "call either vessel; ask the rescue centre"),
        Alternative("two transponders on one hull", "look whether both were together under way before"),
    ),
    scan=scan,
    marks=slow_at_sea,
)
