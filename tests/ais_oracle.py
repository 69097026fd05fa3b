"""What pyais makes of the same lines, as rows like ours: the oracle of test_decode_nmea."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import polars as pl
from pyais.exceptions import AISBaseException
from pyais.stream import IterMessages

CLASS_A, CLASS_B = (1, 2, 3), (18, 19)
POSITION_FIELDS = ("mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "rot_deg_min", "nav_status")
STATIC_FIELDS = (
    "mmsi", "imo", "callsign", "name", "ship_type", "length_m", "beam_m", "draught_m", "destination", "eta",
)  # fmt: skip
OTHER_FIELDS = ("mmsi", "what", "lon_deg", "lat_deg", "name")
WHAT = {4: "base_station", 11: "base_station", 9: "sar_aircraft", 21: "aid_to_navigation"}
TYPE_BIT = {5: 232, 19: 263}
Row = tuple[Any, ...]


def below(value: float, limit: float) -> float | None:
    return value if value < limit else None


def degrees(value: float, limit: float) -> float | None:
    return value if abs(value) <= limit else None


def rate(turn: Any) -> float | None:
    return float(turn) if type(turn) is float else None  # an enumeration means: no rate


def position(m: Any) -> Row:
    """Return a pyais message 1, 2, 3, 18, 19 or 27 as POSITION_FIELDS."""
    coarse = m.msg_type == 27
    return (
        m.mmsi,
        degrees(m.lon, 180),
        degrees(m.lat, 90),
        below(m.speed, 63 if coarse else 102.3),
        below(m.course, 360),
        None if coarse else below(m.heading, 360),
        rate(m.turn) if m.msg_type in CLASS_A else None,
        15 if m.msg_type in CLASS_B else int(m.status),
    )


def static(m: Any, bits: Any) -> Row:
    """Return a pyais message 5, 19 or 24 as STATIC_FIELDS; reserved ship types, which pyais makes 0, from its bits."""

    def said(name: str, default: Any) -> Any:
        value = getattr(m, name, default)
        return default if value is None else value

    length, beam = said("to_bow", 0) + said("to_stern", 0), said("to_port", 0) + said("to_starboard", 0)
    eta = ""
    if m.msg_type == 5 and m.month and m.day:
        eta = f"{m.month:02d}-{m.day:02d} {m.hour:02d}:{m.minute:02d}"
    kind = bits.get(TYPE_BIT[m.msg_type], 8) if m.msg_type in TYPE_BIT else said("ship_type", 0)
    return (
        m.mmsi, said("imo", 0), said("callsign", ""), said("shipname", ""), kind,
        length or None, beam or None, said("draught", 0) or None, said("destination", ""), eta,
    )  # fmt: skip


def other(m: Any) -> Row:
    """Return a pyais message 4, 9, 11 or 21 as OTHER_FIELDS."""
    name = m.name + (m.name_ext or "") if m.msg_type == 21 and len(m.name) == 20 else getattr(m, "name", "")
    return m.mmsi, WHAT[m.msg_type], degrees(m.lon, 180), degrees(m.lat, 90), name


def is_ship(mmsi: int) -> bool:
    return 200_000_000 <= mmsi < 800_000_000


def rows_of(m: Any, bits: Any) -> tuple[Row | None, Row | None, Row | None]:
    """Return what one pyais message says: (position, static, other)."""
    if m.msg_type in WHAT:
        return None, None, other(m)
    at = position(m) if m.msg_type in (*CLASS_A, *CLASS_B, 27) else None
    said = static(m, bits) if m.msg_type in (5, 19, 24) else None
    return at, said, None


def expected(lines: Iterable[bytes]) -> tuple[Counter[Row], Counter[Row], Counter[Row]]:
    """Return the rows that pyais finds in lines; positions of what is no ship are left out, and cut-off messages."""
    found: tuple[Counter[Row], Counter[Row], Counter[Row]] = (Counter(), Counter(), Counter())
    bare = [re.sub(rb"(![^*]*\*[0-9A-F]{2}).*", rb"\1", line) for line in lines]  # pyais calls a tail not valid
    for sentence in IterMessages(bare):
        if not sentence.is_valid:
            continue
        try:
            rows = rows_of(sentence.decode(), sentence.bv)
        except (AISBaseException, TypeError, AttributeError):
            continue  # no such message, or cut off
        for kind, row in zip(found, rows, strict=True):
            if row is not None and (kind is not found[0] or is_ship(row[0])):
                kind[row] += 1
    return found


def rows(frame: pl.DataFrame, fields: tuple[str, ...]) -> Counter[Row]:
    """Return the rows of a frame, NaN as None, to compare."""
    return Counter(frame.select(fields).with_columns(pl.selectors.float().fill_nan(None)).rows())
