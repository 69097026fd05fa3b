"""Every column, declared once: what flows below the line.

Batches are polars frames while they are decoded and tidied, and a `Rows` of numpy arrays once they
are enriched. There are no nulls below the line: a missing float is NaN, a missing integer has the
sentinel named here. Times are UTC, int64 microseconds since 1970 (`_us`); speeds are knots (`_kn`),
distances metres (`_m`), angles degrees (`_deg`).
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl

# One reported place of one thing at one time, in the order in which it arrived.
POSITIONS = {
    "time_us": pl.Int64,
    "mmsi": pl.Int32,
    "lon_deg": pl.Float64,
    "lat_deg": pl.Float64,
    "sog_kn": pl.Float64,
    "cog_deg": pl.Float64,
    "heading_deg": pl.Float64,
    "rot_deg_min": pl.Float64,  # +right; NaN = not available or "turning, no rate"
    "nav_status": pl.Int8,  # ITU-R M.1371 table 45; 15 = undefined
    "source": pl.Int16,  # number of the input file or feed; decoders write 0, the engine sets it
    "line": pl.Int64,  # line (text) or row (tables) of that source, from 1
}

# What a vessel says of itself (messages 5, 19, 24; or the static columns of a table). Empty text, 0
# and NaN mean "not said in this message", never "said to be empty".
STATICS = {
    "time_us": pl.Int64,
    "mmsi": pl.Int32,
    "imo": pl.Int32,
    "callsign": pl.String,
    "name": pl.String,
    "ship_type": pl.Int16,  # ITU-R M.1371 table 53; 0 = not available
    "ship_class": pl.Int8,  # SHIP_CLASSES; 0 = unknown
    "length_m": pl.Float64,
    "beam_m": pl.Float64,
    "draught_m": pl.Float64,
    "destination": pl.String,
    "eta": pl.String,  # as sent: "MM-DD HH:MM" in UTC
    "source": pl.Int16,
    "line": pl.Int64,
}

# Things that are not vessels: base stations (4, 11), SAR aircraft (9), aids to navigation (21), and
# every position whose MMSI is not a ship's.
OTHERS = {
    "time_us": pl.Int64,
    "mmsi": pl.Int32,
    "what": pl.String,  # base_station, sar_aircraft, aid_to_navigation, distress_beacon, other
    "lon_deg": pl.Float64,
    "lat_deg": pl.Float64,
    "name": pl.String,
    "source": pl.Int16,
    "line": pl.Int64,
}

REJECTS = {
    "reason": pl.String,
    "source": pl.String,
    "line": pl.Int64,
    "text": pl.String,  # the line itself, at most REJECT_TEXT characters, control characters escaped
}
REJECT_TEXT = 200

NAV_STATUS_UNDEFINED = 15

# Class by coarse trade: the innocent reasons of judgement depend on it, and archives often carry no more.
SHIP_CLASSES = (
    "unknown",
    "cargo",
    "tanker",
    "cargo_or_tanker",
    "passenger",
    "fishing",
    "service",  # tugs, pilots, dredgers, SAR, tenders, buoy and law-enforcement craft
    "pleasure",
    "high_speed",
    "military",
    "other",
)
UNKNOWN, CARGO, TANKER, CARGO_OR_TANKER, PASSENGER, FISHING, SERVICE, PLEASURE, HIGH_SPEED, MILITARY, OTHER = range(
    len(SHIP_CLASSES)
)


def class_of_ship_type(ship_type: int) -> int:
    """SHIP_CLASSES code of an AIS ship type (ITU-R M.1371 table 53)."""
    special = {30: FISHING, 35: MILITARY, 36: PLEASURE, 37: PLEASURE}
    if ship_type in special:
        return special[ship_type]
    if ship_type in (31, 32, 33, 34) or 50 <= ship_type <= 59:
        return SERVICE
    by_decade = {4: HIGH_SPEED, 6: PASSENGER, 7: CARGO, 8: TANKER, 9: OTHER, 2: OTHER}
    return by_decade.get(ship_type // 10, UNKNOWN)


# Ship type 0..255 -> class, for lookups over columns.
CLASS_BY_TYPE = np.array([class_of_ship_type(t) for t in range(256)], dtype=np.int8)

# Kinds of zone, as bits of the `zone` column.
ZONE_KINDS = (
    "port",
    "anchorage",
    "lane",
    "pilot_station",
    "fishing_ground",
    "control_zone",
    "exercise_area",
    "wind_farm",
)
PORT, ANCHORAGE, LANE, PILOT_STATION, FISHING_GROUND, CONTROL_ZONE, EXERCISE_AREA, WIND_FARM = (
    1 << k for k in range(len(ZONE_KINDS))
)

# Why a vessel is under suspicion: bits of the `suspect` column.
OPEN_FINDING, CROSSED_FAILED = 1, 2

# Kinds of row in `Rows`.
POSITION, TICK, CROSSING = 0, 1, 2

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Bytes8 = npt.NDArray[np.int8]


class Rows(NamedTuple):
    """Enriched rows: what detectors read. Equal-length arrays, in time order within each `key`.

    A row is a POSITION, a TICK (time passed and the track was silent: only `kind key track mmsi
    time_us dt_s ship_class length_m` and the last known place are meant) or a CROSSING (the track crossed an
    asset on its way to the POSITION just before this row; `asset kp_km crossed_us asset_angle_deg lon_deg
    lat_deg sog_kn` belong to the crossing point, `time_us` is when it could be known).
    """

    kind: Bytes8
    key: Ints32  # index of the detector's memory; means nothing outside one run
    track: Ints  # mmsi * 8 + number of the track on that MMSI: stable, goes into ids
    mmsi: Ints32
    time_us: Ints
    lon_deg: Floats
    lat_deg: Floats
    sog_kn: Floats  # reported, else made good
    cog_deg: Floats  # reported, else made good
    heading_deg: Floats  # NaN = not reported
    nav_status: Bytes8
    ship_class: Bytes8  # as known at that time
    length_m: Floats  # as known at that time; NaN = unknown
    dt_s: Floats  # since the previous position of the track; NaN on its first
    step_m: Floats  # distance from the previous position of the track; NaN on its first
    made_kn: Floats  # step_m / dt_s in knots
    last_lon_deg: Floats  # where the track was before: the last trusted place, also for a jump; NaN on its first
    last_lat_deg: Floats
    asset: Ints32  # nearest asset within 10 km, -1 = none: index into the chart
    asset_m: Floats  # distance to it; NaN = none
    asset_angle_deg: Floats  # between course and asset, 0 = along it, 90 = square across; NaN = none
    asset_error_m: Floats  # how far the charted route may be wrong (schematic routes: kilometres)
    kp_km: Floats  # kilometre point on that asset
    crossed_us: Ints  # CROSSING rows only, else 0
    depth_m: Floats  # NaN = not known
    shore_m: Floats  # distance to the nearest land, 0 on land; NaN = not known
    zone: Ints32  # bits of ZONE_KINDS
    jump: Bytes8  # 1 = this place cannot be reached from the last trusted place, which `last_*`, `dt_s`,
    # `step_m` and `made_kn` are then measured from; only detectors that read `jump` are shown such rows
    fresh: Bytes8  # 1 = first row of a track: whatever was remembered under this key is forgotten
    # What a rule of a zone asks of this vessel here (chart.rules); blank where no zone has rules. Where ruled zones
    # overlap, the first in the file counts.
    rule_zone: Ints32  # index of the ruled zone it is in, -1 = none, or exempt by class or length
    rule_closed: Bytes8  # 1 = it must not be in there
    rule_min_kn: Floats  # NaN = no such rule, here and below
    rule_max_kn: Floats
    rule_dwell_s: Floats  # longest stay
    rule_heading_deg: Floats  # direction of traffic
    rule_within_deg: Floats  # how far the course may differ from it
    # What is known of a vessel under suspicion (picture.suspicion); blank for all others.
    suspect: Bytes8  # bits: OPEN_FINDING, CROSSED_FAILED
    next_asset: Ints32  # the next asset straight ahead within two hours, -1 = none
    next_eta_s: Floats  # time to it at the speed made good lately
    next_spread_s: Floats  # how far that time may be wrong: two times in three it is less
    next_share: Floats  # how often ships so far from an asset do cross it, 0..1
    next_kp_km: Floats
    next_lon_deg: Floats
    next_lat_deg: Floats


COLUMNS = Rows._fields
# What columns hold where nothing is to be said; 0 for the others.
BLANK = {"rule_zone": -1, "next_asset": -1} | {
    name: np.nan
    for name in COLUMNS
    if name.startswith(("rule_", "next_")) and name not in ("rule_zone", "rule_closed", "next_asset")
}


# ---- the other streams that detectors of the second form may take; `time_us` is when a row could be known ----

# One thing a vessel was believed to say of itself: heard twice, or once more after it was believed before.
# Texts are upper case without padding; empty, 0 and NaN mean "not said".
STATEMENT = np.dtype(
    [
        ("time_us", np.int64),
        ("mmsi", np.int32),
        ("imo", np.int32),
        ("name", "S20"),  # as long as AIS sends them
        ("callsign", "S7"),
        ("ship_type", np.int16),
        ("length_m", np.float64),
        ("beam_m", np.float64),
        ("lon_deg", np.float64),  # where the vessel was last; NaN = never heard of
        ("lat_deg", np.float64),
        ("asset", np.int32),  # nearest to that place within 10 km, -1 = none
        ("asset_m", np.float64),
        ("kp_km", np.float64),
    ]
)

# How much was heard in a box of the sea in a slot of ten minutes that is over. After the boxes of each slot
# comes one row of EVERYWHERE: the slot is complete.
HEARD = np.dtype(
    [
        ("time_us", np.int64),  # end of the slot
        ("area", np.int64),  # the box, or EVERYWHERE
        ("lon_deg", np.float64),  # its middle
        ("lat_deg", np.float64),
        ("vessels", np.float64),  # heard by any source; one that passed through several cells counts in each
    ]
)
EVERYWHERE = 1 << 40

# One word on a finding of another detector that could become an alert.
FOUND = np.dtype(
    [
        ("time_us", np.int64),  # when it was said
        ("detector", np.int64),  # code_of(its name)
        ("track", np.int64),
        ("start_us", np.int64),  # with detector and track it is the finding's identity
        ("raised_us", np.int64),  # when its evidence first sufficed
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("picture", np.float64),  # vessels heard in the ten minutes before; NaN = heard for less than two hours
    ]
)
STREAMS = {"statements": STATEMENT, "heard": HEARD, "findings": FOUND}


def code_of(name: str) -> int:
    """Number of a detector's name, the same in every run."""
    return crc32(name.encode())
