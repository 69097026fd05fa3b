"""What the columns of tables are called, and what their words mean: Danish, American and our own."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from anchorwatch import schema

# Our name -> names seen in files, in lower case with everything but letters and digits taken out.
ALIASES: dict[str, tuple[str, ...]] = {
    "time": (
        "time",
        "timestamp",
        "basedatetime",
        "datetime",
        "timeutc",
        "timestamputc",
        "datetimeutc",
        "timeus",
        "msgtime",
    ),
    "mmsi": ("mmsi", "sourcemmsi", "userid"),
    "lon_deg": ("londeg", "lon", "longitude", "lng"),
    "lat_deg": ("latdeg", "lat", "latitude"),
    "sog_kn": ("sogkn", "sog", "speedoverground", "speedkn", "sogknots", "speed"),
    "cog_deg": ("cogdeg", "cog", "courseoverground", "course"),
    "heading_deg": ("headingdeg", "heading", "trueheading", "hdg"),
    "rot_deg_min": ("rotdegmin", "rot"),
    "nav_status": ("navstatus", "navigationalstatus", "navigationstatus", "navstat", "status"),
    "mobile": ("typeofmobile",),
    "imo": ("imo", "imonumber"),
    "callsign": ("callsign",),
    "name": ("name", "vesselname", "shipname"),
    "ship_type": ("shiptype", "vesseltype"),
    "ship_class": ("shipclass",),
    "length_m": ("lengthm", "length", "loa"),
    "beam_m": ("beamm", "beam", "width", "widthm"),
    "draught_m": ("draughtm", "draught", "draft"),
    "destination": ("destination", "dest"),
    "eta": ("eta",),
}
REQUIRED = ("time", "mmsi", "lon_deg", "lat_deg")
STATIC = ("imo", "callsign", "name", "ship_type", "ship_class", "length_m", "beam_m", "draught_m", "destination", "eta")

# Characters of a text that are kept. AIS has room for 34 (a name with its extension); tables may say more. What is read
# is remembered for days, so that longer texts could fill the memory.
MOST_TEXT = 128

# Words that stand for "not known" in tables (Danish: the first three).
NOT_KNOWN = ("unknown", "undefined", "unknown value", "nan", "null", "none", "n/a", "na", "-", "0", "0.0")

# ITU-R M.1371 table 45, in the words of the Danish files.
STATUS_WORDS = {
    "under way using engine": 0,
    "at anchor": 1,
    "not under command": 2,
    "restricted maneuverability": 3,
    "restricted manoeuvrability": 3,
    "constrained by her draught": 4,
    "moored": 5,
    "aground": 6,
    "engaged in fishing": 7,
    "under way sailing": 8,
    "reserved for future amendment [hsc]": 9,
    "reserved for future amendment": 9,
    "reserved for future amendment [wig]": 10,
    "power-driven vessel towing astern": 11,
    "power-driven vessel pushing ahead or towing alongside": 12,
    "reserved for future use": 13,
    "ais-sart": 14,
    "ais-sart (active)": 14,
    "not defined": 15,
}

# What a row is: 0 a vessel, else the place in OTHER_KINDS.
OTHER_KINDS = ("", "base_station", "sar_aircraft", "aid_to_navigation", "distress_beacon", "other")
MOBILE_WORDS = {
    "class a": 0,
    "class b": 0,
    "base station": 1,
    "sar airborne": 2,
    "aton": 3,
    "search and rescue transponder": 4,
    "man overboard device": 4,
    "mob": 4,
    "epirb": 4,
    "ais-sart": 4,
}

# ITU-R M.1371 table 53, in the words of the Danish files.
SHIP_TYPE_WORDS = {
    "wig": 20,
    "fishing": 30,
    "towing": 31,
    "towing long/wide": 32,
    "dredging": 33,
    "diving": 34,
    "military": 35,
    "sailing": 36,
    "pleasure": 37,
    "hsc": 40,
    "pilot": 50,
    "sar": 51,
    "tug": 52,
    "port tender": 53,
    "anti-pollution": 54,
    "law enforcement": 55,
    "spare 1": 56,
    "spare 2": 57,
    "medical": 58,
    "not party to conflict": 59,
    "ships according to rr": 59,
    "passenger": 60,
    "cargo": 70,
    "tanker": 80,
    "other": 90,
}


def plain(name: str) -> str:
    """Return a column name in lower case without anything but letters and digits."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def find(names: list[str]) -> dict[str, int]:
    """Return our name -> place among `names`; where two names mean the same, the more usual one."""
    places: dict[str, int] = {}
    for place, name in enumerate(plain(n) for n in names):
        places.setdefault(name, place)
    found = {}
    for ours, theirs in ALIASES.items():
        known_as = [t for t in theirs if t in places]
        if known_as:
            found[ours] = places[known_as[0]]
    return found


def known(text: str) -> str:
    """Return the text without padding, cut where it is longer than any; empty where it is a word for "not known"."""
    return _known(text[:MOST_TEXT])


@lru_cache(1 << 14)
def _known(text: str) -> str:
    text = text.replace("\0", "").strip().rstrip("@").rstrip()  # not every database takes a NUL
    return "" if text.lower() in NOT_KNOWN else text


@lru_cache(1 << 12)
def _size(text: str) -> float:
    """Return a positive number, or NaN."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if 0 < value < 1e6 else math.nan


@lru_cache(1 << 12)
def _eta(text: str) -> str:
    """Return `MM-DD HH:MM` of the Danish `dd/mm/yyyy HH:MM:SS`; anything else as it is."""
    text = known(text)
    danish = re.fullmatch(r"(\d\d)/(\d\d)/\d{4} (\d\d:\d\d)(:\d\d)?", text)
    return f"{danish[2]}-{danish[1]} {danish[3]}" if danish else text[:16]


@lru_cache(1 << 14)
def _imo(text: str) -> int:
    """Return an IMO number of seven digits, with or without its prefix; 0 = not known."""
    digits = re.fullmatch(r"\s*(?:IMO)?\s*([0-9]{7})(?:\.0)?\s*", text, flags=re.I)
    return int(digits[1]) if digits else 0


@lru_cache(1 << 10)
def _ship_type(text: str) -> int:
    """Return the AIS ship type of a number or of a Danish word; 0 = not known."""
    word = known(text).lower()
    if word in SHIP_TYPE_WORDS:
        return SHIP_TYPE_WORDS[word]
    value = _size(word)
    return int(value) if value <= 255 else 0


@lru_cache(1 << 10)
def _ship_class(text: str, ship_type: int) -> int:
    """Return the SHIP_CLASSES code of a word, else of the ship type."""
    word = text.strip().lower().replace(" ", "_")
    if word in schema.SHIP_CLASSES and word != "unknown":
        return schema.SHIP_CLASSES.index(word)
    return int(schema.CLASS_BY_TYPE[ship_type])


def static(texts: Callable[[str], list[str]]) -> dict[str, list[Any]]:
    """Return columns of static cells as values of schema.STATICS; `texts(name)` gives a column of them."""

    def cells(name: str) -> list[str]:
        return [t[:MOST_TEXT] for t in texts(name)]

    ship_type = [_ship_type(t) for t in cells("ship_type")]
    return {
        "imo": [_imo(t) for t in cells("imo")],
        "callsign": [known(t) for t in cells("callsign")],
        "name": [known(t) for t in cells("name")],
        "ship_type": ship_type,
        "ship_class": [_ship_class(t, s) for t, s in zip(cells("ship_class"), ship_type, strict=True)],
        "length_m": [_size(t) for t in cells("length_m")],
        "beam_m": [_size(t) for t in cells("beam_m")],
        "draught_m": [_size(t) for t in cells("draught_m")],
        "destination": [known(t) for t in cells("destination")],
        "eta": [_eta(t) for t in cells("eta")],
    }
