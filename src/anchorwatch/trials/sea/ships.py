"""Invented ships: names, numbers and sizes for each trade. No real vessel has these numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anchorwatch.trials.plan import Who

Rng = np.random.Generator

# fmt: off
FIRST = ("AMBER", "BIRCH", "CALM", "DAWN", "EIDER", "FROST", "GREY", "HAZEL", "IRON", "JUNIPER", "KELP", "LINDEN",
         "MISTY", "NORTH", "OPAL", "PEBBLE", "QUARTZ", "ROWAN", "SILENT", "TERN", "UMBER", "VELVET", "WILLOW", "YARROW")
SECOND = ("BAY", "COAST", "DUNE", "FIORD", "GULL", "HARBOUR", "ISLE", "LIGHT", "MARK", "NESS", "OTTER", "PIER",
          "REEF", "SHOAL", "SOUND", "STAR", "TIDE", "VOE", "WAVE", "WIND", "WREN")
PORTS = ("GDANSK", "GOTEBORG", "HELSINKI", "KLAIPEDA", "KOTKA", "PRIMORSK", "RIGA", "ROSTOCK", "STOCKHOLM", "TALLINN")
# Flags of vessels in the Baltic, as often as the 9,735 identities that Fintraffic published in December 2025 show them.
MIDS = {636: 1021, 538: 969, 230: 760, 273: 728, 265: 605, 352: 312, 255: 278, 305: 211, 244: 209, 477: 206, 311: 189,
        314: 176, 563: 143, 246: 140, 304: 136, 219: 130, 209: 121, 249: 120, 276: 119, 257: 118, 215: 112, 256: 111,
        229: 111, 248: 101, 245: 92, 235: 91, 210: 85, 236: 81, 211: 79, 212: 76, 374: 59, 241: 57, 261: 40, 275: 30,
        277: 20}
AT_HOME = (211, 219, 230, 261, 265, 275, 276, 277)  # flags of those who live from these waters
# fmt: on


class Hull(NamedTuple):
    """What ships of a trade are like."""

    ship_class: str  # schema.SHIP_CLASSES
    ship_types: tuple[int, ...]  # ITU-R M.1371 table 53
    lengths_m: tuple[int, int]
    speeds_kn: tuple[float, float]
    local: bool = False  # under a flag of the Baltic


HULLS: dict[str, Hull] = {
    "cargo": Hull("cargo", (70, 70, 70, 79, 71, 74), (80, 230), (9.5, 15.5)),
    "tanker": Hull("tanker", (80, 80, 80, 82, 89), (90, 275), (10.0, 14.0)),
    "slow": Hull("cargo", (79, 70), (70, 110), (6.0, 8.0)),  # old coasters: slow all the way, and innocent
    "tow": Hull("service", (31, 32, 52), (24, 45), (4.5, 7.0), True),
    "ropax": Hull("passenger", (60, 69), (140, 220), (15.0, 20.0)),  # long lines and cruises
    "ferry": Hull("passenger", (60, 60, 69), (120, 210), (16.0, 27.0), True),
    "fast_ferry": Hull("high_speed", (40,), (40, 95), (28.0, 34.0), True),
    "fishing": Hull("fishing", (30,), (14, 38), (8.0, 10.5), True),
    "pilot": Hull("service", (50,), (13, 20), (15.0, 20.0), True),
    "tug": Hull("service", (52,), (24, 36), (8.0, 12.0), True),
    "dredger": Hull("service", (33,), (50, 110), (8.0, 11.0), True),
    "patrol": Hull("service", (55, 51, 54, 53), (18, 80), (9.0, 15.0), True),
    "pleasure": Hull("pleasure", (36, 37), (8, 18), (4.5, 7.0), True),
    "military": Hull("military", (35,), (40, 120), (12.0, 17.0), True),
    "other": Hull("other", (90,), (40, 120), (9.0, 12.0)),
}


def imo_number(serial: int) -> int:
    """Return a number with a right check digit, from 3000000 on, which no real ship has."""
    digits = f"{300_000 + serial % 100_000:06d}"
    return int(digits) * 10 + sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True)) % 10


def name(serial: int) -> str:
    """Return a name that no other serial number has."""
    again, number = divmod(serial * 37 % (len(FIRST) * len(SECOND)), len(SECOND))
    series = serial // (len(FIRST) * len(SECOND))
    return f"{FIRST[again]} {SECOND[number]}" + (f" {series + 1}" if series else "")


def ship(serial: int, trade: str, length_m: int, rng: Rng, destination: str = "") -> Who:
    """Invent the ship with this serial number."""
    hull = HULLS[trade]
    share = np.array(list(MIDS.values()), float)
    mid = int(rng.choice(AT_HOME) if hull.local else rng.choice(list(MIDS), p=share / share.sum()))
    class_b = trade == "pleasure"
    number = f"{'ABCDEFGHLMOPSV'[serial % 14]}{'KQRTVX'[serial % 6]}{serial % 10_000:04d}"
    return Who(
        mmsi=mid * 1_000_000 + 900_000 + serial % 100_000,
        name=name(serial),
        callsign=number,
        imo=0 if class_b or length_m < 30 else imo_number(serial),
        ship_type=int(rng.choice(hull.ship_types)),
        length_m=length_m,
        beam_m=max(4, length_m // 7),
        draught_m=round(min(14.0, 2.0 + length_m / 22), 1),
        destination="" if class_b else (destination.replace("_", " ").upper() or str(rng.choice(PORTS))),
        class_b=class_b,
    )
