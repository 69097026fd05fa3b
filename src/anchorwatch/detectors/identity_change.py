"""A vessel says that it is another: a new name, call sign, IMO number or size, or the same hull under two MMSI.

It is given what was believed of each vessel (heard twice, see `picture.identity`), so single corrupt messages do
not come here, nor do draught, destination and type, which are not identity. Spelling, padding and a letter or two
are no change of name; an IMO number whose check digit is wrong is none. Changes of one MMSI within two days are
one finding. Going back to what was said before is the mark of a disguise; it is also what two sets on one hull do,
every few minutes, and two hulls that share an MMSI, far apart.

As Hong Tai 58 in 2025: another name on the hull, two IMO numbers, an MMSI that others had used; and Shunxing 39
under two MMSI (reference/domain.md A.2). A change alone stays a caution; judgement adds it to what the vessel does.

Limits: a vessel that takes up an earlier MMSI again, and says the same as then, is not seen to do so.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch.detectors import Detector
from anchorwatch.detectors._run import METRES_PER_DEG, flat_m
from anchorwatch.model import Alternative, Finding, Reason

Array = np.ndarray[Any, Any]


class Params(NamedTuple):
    """What is a change. All but the check digit (IMO A.1117(30)) is our own [K]."""

    together_s: float = 172_800.0  # changes nearer than two days are one finding
    spelling: float = 0.25  # share of letters that may differ: `EAGLF S`, `EAGLE-S`
    size_share: float = 0.15  # antennas are entered wrongly by metres, another hull is another length
    size_m: float = 10.0
    fast_kn: float = 60.0  # nobody goes from one to the other place so fast: two hulls
    sets_s: float = 1800.0  # who changes back this soon, again and again, has two sets aboard


NAME, CALLSIGN, IMO, SIZE, MMSI = (1 << k for k in range(5))
SHIP, HULL, NEWEST = range(3)
MEMORY = np.dtype(
    [
        ("what", np.uint8),
        ("time_us", np.int64),  # last statement
        ("mmsi", np.int64),  # of a HULL: who said its IMO number last
        ("imo", np.int32),
        ("name", "S20"),
        ("callsign", "S7"),
        ("length_m", np.float64),
        ("was_imo", np.int32),  # before the last change
        ("was_name", "S20"),
        ("was_callsign", "S7"),
        ("was_length_m", np.float64),
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("start_us", np.int64),  # of the finding
        ("raised_us", np.int64),
        ("changed_us", np.int64),
        ("changed", np.int32),  # bits
        ("changes", np.float64),
        ("back", np.float64),
        ("two_hulls", np.float64),
        ("fastest_s", np.float64),
        ("other_mmsi", np.float64),
        ("told", np.float64),
    ]
)
FIELDS = ((NAME, "name"), (CALLSIGN, "callsign"), (IMO, "imo"), (SIZE, "length_m"))


def scan(rows: Array, memory: Array | None, params: Params) -> tuple[Array, Array]:
    """Compare each statement with what was believed."""
    before = np.zeros(0, MEMORY) if memory is None else memory
    newest = next((tuple(r[["time_us", "mmsi"]].tolist()) for r in before[before["what"] == NEWEST]), (-1, -1))
    new = rows[(rows["time_us"] > newest[0]) | ((rows["time_us"] == newest[0]) & (rows["mmsi"] >= newest[1]))]
    ships, hulls = recalled(before, SHIP, new["mmsi"]), recalled(before, HULL, new["imo"])
    found: list[Array] = []
    for row in new:
        newest = int(row["time_us"]), int(row["mmsi"])
        ship = ships.setdefault(newest[1], blank(newest[1]))
        changed, back = compare(ship, row, params)
        other = of_hull(hulls, row)
        if changed or other:
            note(ship, row, changed | (MMSI if other else 0), back, other, params)
            if ship["changes"] >= 2.0 * ship["told"] or other:
                ship["told"] = ship["changes"]
                found.append(word(ship, row))
        take(ship, row, changed)
    end = np.zeros(1, MEMORY)
    end["what"], end["time_us"], end["mmsi"] = NEWEST, *newest
    kept = [remembered(before, SHIP, ships), remembered(before, HULL, hulls), end]
    return np.concatenate(found) if found else np.zeros(0, DETECTOR.found), np.concatenate(kept)


KEYS = {SHIP: "mmsi", HULL: "imo"}


def recalled(memory: Array, what: int, wanted: Array) -> dict[int, Any]:
    """Return the records of the vessels or hulls that are spoken of: few of all that are remembered."""
    mine = (memory["what"] == what) & np.isin(memory[KEYS[what]], wanted)
    return {int(r[KEYS[what]]): r.copy() for r in memory[mine]}


def remembered(memory: Array, what: int, touched: dict[int, Any]) -> Array:
    """Return the records of one kind with the touched ones in their places, in order of their keys."""
    key = KEYS[what]
    others = memory[(memory["what"] == what) & ~np.isin(memory[key], list(touched))]
    every = np.concatenate([others, np.array(list(touched.values()), MEMORY)])
    return every[np.argsort(every[key], kind="stable")]


def blank(mmsi: int) -> Any:
    """Return a vessel that has said nothing."""
    ship = np.zeros(1, MEMORY)[0]
    ship["mmsi"], ship["length_m"], ship["was_length_m"] = mmsi, math.nan, math.nan
    ship["lon_deg"], ship["lat_deg"] = math.nan, math.nan
    return ship


def compare(ship: Any, row: Any, params: Params) -> tuple[int, bool]:
    """Return which fields say something else than before, and whether one goes back to what it said earlier."""
    changed, back = 0, False
    for bit, name in FIELDS:
        if differs(bit, ship[name], row[name], params):
            changed |= bit
            back |= said(bit, ship[f"was_{name}"]) and not differs(bit, ship[f"was_{name}"], row[name], params)
    return changed, back


def said(bit: int, value: Any) -> bool:
    """Tell whether a field says anything that can be one."""
    if bit == SIZE:
        return bool(value > 0.0)
    return valid_imo(int(value)) if bit == IMO else len(value) >= 2


def differs(bit: int, old: Any, new: Any, params: Params) -> bool:
    """Tell whether two values are those of different vessels."""
    if not (said(bit, old) and said(bit, new)):
        return False
    if bit == SIZE:
        return bool(abs(old - new) > max(params.size_m, params.size_share * max(old, new)))
    if bit == NAME:
        return other_name(letters(old), letters(new), params.spelling)
    return bool(old != new)


def letters(name: bytes) -> bytes:
    """Return the letters and digits of a name, without the words that say only what she is."""
    words = [w for w in name.replace(b"/", b"").replace(b".", b" ").split() if w not in (b"MV", b"MT", b"MS", b"FV")]
    return b"".join(bytes(c for c in w if chr(c).isalnum()) for w in words)


def other_name(old: bytes, new: bytes, spelling: float) -> bool:
    """Tell whether two names are more than two spellings, or one cut short, of the same."""
    if old.startswith(new) or new.startswith(old):
        return False
    return edits(old, new) > spelling * max(len(old), len(new))


def edits(one: bytes, other: bytes) -> int:
    """Fewest letters to change, add or drop to make one of the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


def valid_imo(imo: int) -> bool:
    """Check the digit at the end of an IMO number (IMO A.1117(30))."""
    if not 1_000_000 <= imo <= 9_999_999:
        return False
    digits = [int(d) for d in str(imo)]
    return sum(d * weight for d, weight in zip(digits, range(7, 1, -1), strict=False)) % 10 == digits[6]


def of_hull(hulls: dict[int, Any], row: Any) -> int:
    """Note who says an IMO number; return the other MMSI that said it before, or 0."""
    imo, mmsi = int(row["imo"]), int(row["mmsi"])
    if not valid_imo(imo):
        return 0
    before = int(hulls[imo]["mmsi"]) if imo in hulls else mmsi
    record = np.zeros(1, MEMORY)[0]
    record["what"], record["imo"], record["mmsi"], record["time_us"] = HULL, imo, mmsi, row["time_us"]
    hulls[imo] = record
    return before if before != mmsi else 0


def note(ship: Any, row: Any, changed: int, back: bool, other: int, params: Params) -> None:
    """Add a change to the finding, or begin one."""
    since_s = (int(row["time_us"]) - int(ship["changed_us"])) / 1e6
    if not ship["start_us"] or since_s > params.together_s:
        ship["start_us"], ship["raised_us"] = row["time_us"], row["time_us"]
        for name in ("changed", "changes", "back", "two_hulls", "told", "other_mmsi"):
            ship[name] = 0
        ship["fastest_s"] = math.inf
    else:
        ship["fastest_s"] = min(float(ship["fastest_s"]), since_s)
    apart_m = flat_m(float(ship["lon_deg"]), float(ship["lat_deg"]), float(row["lon_deg"]), float(row["lat_deg"]))
    gone_s = (int(row["time_us"]) - int(ship["time_us"])) / 1e6
    if ship["time_us"] and apart_m > params.fast_kn * 1852.0 / 3600.0 * gone_s + METRES_PER_DEG / 60.0:
        ship["two_hulls"] += 1.0
    ship["changed"] |= changed
    ship["changes"] += 1.0
    ship["back"] += float(back)
    ship["changed_us"] = row["time_us"]
    ship["other_mmsi"] = other or ship["other_mmsi"]


def take(ship: Any, row: Any, changed: int) -> None:
    """Believe what is new; another spelling of the same is not, or spellings would wander."""
    for bit, name in FIELDS:
        if changed & bit:
            ship[f"was_{name}"] = ship[name]
        if changed & bit or (said(bit, row[name]) and not said(bit, ship[name])):
            ship[name] = row[name]
    for name in ("time_us", "lon_deg", "lat_deg"):
        ship[name] = row[name]


def word(ship: Any, row: Any) -> Array:
    """Write what has changed so far."""
    found = np.zeros(1, DETECTOR.found)
    mmsi, other = int(ship["mmsi"]), int(ship["other_mmsi"])
    found["track"], found["mmsi"], found["at_us"] = mmsi * 8, mmsi, row["time_us"]
    found["start_us"], found["end_us"], found["raised_us"] = ship["start_us"], row["time_us"], ship["raised_us"]
    found["at_sog_kn"], found["at_cog_deg"] = math.nan, math.nan
    for name in ("asset", "asset_m", "kp_km", "lon_deg", "lat_deg"):
        found[name] = row[name]
    found["at_lon_deg"], found["at_lat_deg"] = row["lon_deg"], row["lat_deg"]
    for bit, name in ((NAME, "name"), (CALLSIGN, "callsign"), (IMO, "imo"), (SIZE, "size")):
        found[f"new_{name}"] = float(bool(ship["changed"] & bit))
    found["new_flag"] = float(other > 0 and mid(other) != mid(mmsi))
    found["other_mmsi"], found["said_imo"] = other, row["imo"] if valid_imo(int(row["imo"])) else ship["imo"]
    for name in ("changes", "back", "two_hulls"):
        found[name] = ship[name]
    found["fastest_s"] = ship["fastest_s"] if math.isfinite(ship["fastest_s"]) else 0.0
    return found


def mid(mmsi: int) -> int:
    """Country digits of a ship's MMSI (ITU-R M.585)."""
    return mmsi // 1_000_000


def explain(finding: Finding) -> str:
    """Say what changed, how often, and what else it could be."""
    v = finding.values
    words = {"new_name": "name", "new_callsign": "call sign", "new_imo": "IMO number", "new_size": "size"}
    parts = [word for name, word in words.items() if v[name]]
    text = f"Says that it has another {' and '.join(parts)}" if parts else "Says the same as another"
    if v["other_mmsi"]:
        flag = ", of another flag" if v["new_flag"] else ""
        text += f"; IMO {v['said_imo']:.0f} was MMSI {v['other_mmsi']:.0f} before{flag}"
    if v["changes"] > 1:
        text += f"; {v['changes']:.0f} changes, {v['back']:.0f} of them back to what it said before"
    if v["two_hulls"]:
        return f"{text}. Two places too far apart for one hull: two vessels share this MMSI."
    return f"{text}. A sale, a new registration or a repaired set would look the same."


def weigh(finding: Finding) -> tuple[Reason, ...]:
    """What changed adds up to a caution at most, unless it goes to and fro."""
    v = finding.values
    weights = {"new_name": 0.3, "new_callsign": 0.1, "new_imo": 0.9, "new_size": 0.2, "new_flag": 0.2}
    reasons = [Reason(name, "yes", "", weight) for name, weight in weights.items() if v[name]]
    if v["other_mmsi"]:
        reasons.append(Reason("same_hull_as", f"{v['other_mmsi']:.0f}", "MMSI", 0.8))
    if finding.asset is not None and finding.asset_m <= 5 * 1852.0:
        reasons.append(Reason("near_an_asset", round(finding.asset_m), "m", 0.3))
    total = sum(r.log_odds for r in reasons)
    if v["two_hulls"]:
        return (*reasons, Reason("shared_mmsi", v["two_hulls"], "1", round(0.4 - total, 2)))
    if v["back"]:
        reasons.append(Reason("to_and_fro", v["back"], "times", round(min(1.8, 0.8 + 0.4 * v["back"]), 2)))
        if v["changes"] >= 4 and v["fastest_s"] < DETECTOR.params.sets_s:
            reasons.append(Reason("as_two_sets_aboard", round(v["fastest_s"] / 60.0), "min", -2.0))
    elif total > 1.9:
        reasons.append(Reason("only_said_once", "yes", "", round(1.9 - total, 2)))
    return tuple(reasons)


DETECTOR = Detector(
    name="identity_change",
    key="area",
    reads=(
        *("time_us", "mmsi", "imo", "name", "callsign", "length_m"),
        *("lon_deg", "lat_deg", "asset", "asset_m", "kp_km"),
    ),
    params=Params(),
    memory=MEMORY,
    measures=(
        *("new_name", "new_callsign", "new_imo", "new_size", "new_flag", "other_mmsi", "said_imo"),
        *("changes", "back", "two_hulls", "fastest_s"),
    ),
    explain=explain,
    weigh=weigh,
    alternatives=(
        Alternative("sold or registered anew", "look at the registers by IMO number (GISIS, Equasis)"),
        Alternative("a set repaired or replaced", "call the vessel by both names"),
        Alternative("an MMSI shared by tenders or left from an earlier owner", "look whether two places alternate"),
        Alternative("a set that was set up wrongly", "compare size and trade with the register"),
    ),
    scan=scan,
    takes="statements",
)
