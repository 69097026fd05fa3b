"""AIS messages to columns (ITU-R M.1371-5, annex 8). Compiled through nmea_scan.

A value that is not available becomes NaN, 0 or empty text as schema.py says. Longitude and latitude
are rounded to 1e-6 degrees (0.1 m; the message itself steps by 0.2 m), so that they print short.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from anchorwatch.decode import ais_columns
from anchorwatch.decode.ais_bits import Bytes, Words, clear, inlined, jitable, signed, text, unsigned
from anchorwatch.decode.ais_columns import CALLSIGN, DESTINATION, ETA, NAME

ETA_MARKS = (45, 32, 58)  # - blank :
Record = Any  # one row of ais_columns, passed as a pointer

POSITION, STATIC, OTHER, UNUSED, TRUNCATED, UNKNOWN = range(6)

# Bits that must be there: up to the last field that is used. Text may be cut off: what is missing reads as empty.
MIN_BITS = np.zeros(28, np.int64)
for _type, _bits in ((1, 137), (2, 137), (3, 137), (4, 134), (5, 302), (9, 116), (11, 134), (18, 133), (19, 301)):
    MIN_BITS[_type] = _bits
for _type, _bits in ((21, 219), (24, 160), (27, 94)):
    MIN_BITS[_type] = _bits


def _rate_of_turn() -> npt.NDArray[np.float64]:
    """Return raw rate (as unsigned byte) -> degrees a minute; NaN for no rate and for more than 5 deg in 30 s."""
    table = np.full(256, math.nan)
    for raw in range(-126, 127):
        table[raw & 255] = math.copysign(round((raw / 4.733) ** 2), raw) if raw else 0.0
    return table


RATE_OF_TURN = _rate_of_turn()


@inlined
def _degrees(raw: int, per_degree_10: int, limit_deg: int) -> float:
    """Return degrees of a raw coordinate in 1/(600000/per_degree_10) degrees; NaN beyond the limit."""
    micro = (10 * per_degree_10 * raw + 3) // 6
    return micro / 1e6 if -limit_deg * 1_000_000 <= micro <= limit_deg * 1_000_000 else math.nan


@inlined
def _below(raw: int, limit: int, unit: float) -> float:
    """Return raw / unit where raw is below the limit, else NaN."""
    return raw / unit if raw < limit else math.nan


@inlined
def _place(words: Words, row: Record, mmsi: int, sog_bit: int) -> None:
    """Write what messages 1, 2, 3, 18 and 19 say in the same order: speed, place, course, heading."""
    row.mmsi = mmsi
    row.sog_kn = _below(unsigned(words, sog_bit, 10), 1023, 10.0)
    row.lon_deg = _degrees(signed(words, sog_bit + 11, 28), 1, 180)
    row.lat_deg = _degrees(signed(words, sog_bit + 39, 27), 1, 90)
    row.cog_deg = _below(unsigned(words, sog_bit + 66, 12), 3600, 10.0)
    row.heading_deg = _below(unsigned(words, sog_bit + 78, 9), 360, 1.0)


@jitable
def _long_range(words: Words, row: Record, mmsi: int) -> None:
    """Write message 27, of coarser steps."""
    row.mmsi = mmsi
    row.nav_status = unsigned(words, 40, 4)
    row.lon_deg = _degrees(signed(words, 44, 18), 1000, 180)
    row.lat_deg = _degrees(signed(words, 62, 17), 1000, 90)
    row.sog_kn = _below(unsigned(words, 79, 6), 63, 1.0)
    row.cog_deg = _below(unsigned(words, 85, 9), 360, 1.0)
    row.heading_deg = math.nan
    row.rot_deg_min = math.nan


@inlined
def _position(words: Words, kind: int, mmsi: int, time_us: int, line: int, row: Record) -> None:
    """Write a row of positions."""
    row.time_us = time_us
    row.line = line
    if kind <= 3:
        _place(words, row, mmsi, 50)
        row.nav_status = unsigned(words, 38, 4)
        row.rot_deg_min = RATE_OF_TURN[unsigned(words, 42, 8)]
    elif kind == 27:
        _long_range(words, row, mmsi)
    else:
        _place(words, row, mmsi, 46)
        row.nav_status = 15
        row.rot_deg_min = math.nan


@jitable
def _dimensions(words: Words, start: int, row: Record) -> None:
    """Write length and beam from the distances to bow, stern, port and starboard."""
    length = unsigned(words, start, 9) + unsigned(words, start + 9, 9)
    beam = unsigned(words, start + 18, 6) + unsigned(words, start + 24, 6)
    row.length_m = length if length > 0 else math.nan
    row.beam_m = beam if beam > 0 else math.nan


@jitable
def _eta(words: Words, start: int, out: Bytes) -> None:
    """Write "MM-DD HH:MM" as sent; nothing where there is no month or no day."""
    at, width = start, 4
    if unsigned(words, start, 4) == 0 or unsigned(words, start + 4, 5) == 0:
        return
    for k in range(4):
        value = unsigned(words, at, width)
        out[ETA + 3 * k] = 48 + value // 10
        out[ETA + 3 * k + 1] = 48 + value % 10
        at += width
        width = 6 if k == 2 else 5
    for k in range(3):
        out[ETA + 3 * k + 2] = ETA_MARKS[k]


@jitable
def _clear(row: Record) -> None:
    """Write "not said" everywhere."""
    row.imo = 0
    row.ship_type = 0
    row.length_m = math.nan
    row.beam_m = math.nan
    row.draught_m = math.nan
    clear(row.texts)


@jitable
def _voyage(words: Words, row: Record) -> None:
    """Write message 5."""
    imo = unsigned(words, 40, 30)
    row.imo = imo
    text(words, 70, 7, row.texts, CALLSIGN)
    text(words, 112, 20, row.texts, NAME)
    row.ship_type = unsigned(words, 232, 8)
    _dimensions(words, 240, row)
    _eta(words, 274, row.texts)
    draught = unsigned(words, 294, 8)
    row.draught_m = draught / 10.0 if draught > 0 else math.nan
    text(words, 302, 20, row.texts, DESTINATION)


@jitable
def _static_b(words: Words, row: Record, mmsi: int) -> None:
    """Write part B of message 24; an auxiliary craft (98...) gives its mother ship in place of dimensions."""
    row.ship_type = unsigned(words, 40, 8)
    text(words, 90, 7, row.texts, CALLSIGN)
    if mmsi // 10_000_000 != 98:
        _dimensions(words, 132, row)


@jitable
def _static(words: Words, kind: int, mmsi: int, time_us: int, line: int, row: Record) -> None:
    """Write a row of statics."""
    _clear(row)
    row.time_us = time_us
    row.mmsi = mmsi
    row.line = line
    if kind == 5:
        _voyage(words, row)
    elif kind == 19:
        text(words, 143, 20, row.texts, NAME)
        row.ship_type = unsigned(words, 263, 8)
        _dimensions(words, 271, row)
    elif unsigned(words, 38, 2) == 0:
        text(words, 40, 20, row.texts, NAME)
    else:
        _static_b(words, row, mmsi)


@jitable
def _other(words: Words, kind: int, bits: int, mmsi: int, time_us: int, line: int, row: Record) -> None:
    """Write a row of others: base station, SAR aircraft, aid to navigation."""
    row.time_us = time_us
    row.mmsi = mmsi
    row.line = line
    clear(row.texts)
    at = 79
    if kind == 9:
        row.what = ais_columns.SAR_AIRCRAFT
        at = 61
    elif kind == 21:
        row.what = ais_columns.AID_TO_NAVIGATION
        at = 164
        _aid_name(words, bits, row)
    else:
        row.what = ais_columns.BASE_STATION
    row.lon_deg = _degrees(signed(words, at, 28), 1, 180)
    row.lat_deg = _degrees(signed(words, at + 28, 27), 1, 90)


@jitable
def _aid_name(words: Words, bits: int, row: Record) -> None:
    """Write the name of an aid to navigation, with its extension behind a full name."""
    text(words, 43, 20, row.texts, NAME)
    if bits > 272 and row.texts[19] != 0:
        text(words, 272, min(14, (bits - 272) // 6), row.texts, 20)


@inlined
def kind_of(words: Words, bits: int) -> int:
    """Return what a message is, or why it is no message."""
    kind = unsigned(words, 0, 6)
    if bits < 6 or kind == 0 or kind > 27:
        return UNKNOWN
    if MIN_BITS[kind] == 0:
        return UNUSED
    part = unsigned(words, 38, 2) if kind == 24 else 0
    if bits < MIN_BITS[kind] or (part == 1 and bits < 162):
        return TRUNCATED
    if part > 1:
        return UNUSED
    if kind == 5 or kind == 24:
        return STATIC
    return OTHER if kind == 4 or kind == 11 or kind == 9 or kind == 21 else POSITION


@inlined
def write_message(
    words: Words, bits: int, time_us: int, line: int, position: Record, static: Record, other: Record
) -> int:
    """Write one whole message of a kind that is used; return which rows: 1 position, 2 static, 4 other, added up."""
    kind, mmsi = unsigned(words, 0, 6), unsigned(words, 8, 30)
    if kind == 4 or kind == 9 or kind == 11 or kind == 21:
        _other(words, kind, bits, mmsi, time_us, line, other)
        return 4
    written = 0
    if kind != 5 and kind != 24:
        _position(words, kind, mmsi, time_us, line, position)
        written = 1
    if kind == 5 or kind == 19 or kind == 24:
        _static(words, kind, mmsi, time_us, line, static)
        written += 2
    return written
