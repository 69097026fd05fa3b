"""AIS messages to columns (ITU-R M.1371-5, annex 8). Compiled through nmea_scan.

A value that is not available becomes NaN, 0 or empty text as schema.py says. Longitude and latitude
are rounded to 1e-6 degrees (0.1 m; the message itself steps by 0.2 m), so that they print short.
"""

from __future__ import annotations

import math

import numpy as np

from anchorwatch.decode import ais_columns
from anchorwatch.decode.ais_bits import Bytes, jitable, signed, text, unsigned
from anchorwatch.decode.ais_columns import Columns, Others, Positions, Statics

POSITION, STATIC, OTHER, UNUSED, TRUNCATED, UNKNOWN = range(6)

# Bits that must be there: up to the last field that is used. Text may be cut off: what is missing reads as empty.
MIN_BITS = np.zeros(28, np.int64)
for _type, _bits in ((1, 137), (2, 137), (3, 137), (4, 134), (5, 302), (9, 116), (11, 134), (18, 133), (19, 301)):
    MIN_BITS[_type] = _bits
for _type, _bits in ((21, 219), (24, 160), (27, 94)):
    MIN_BITS[_type] = _bits


def _rate_of_turn() -> ais_columns.Floats:
    """Return raw rate (as unsigned byte) -> degrees a minute; NaN for no rate and for more than 5 deg in 30 s."""
    table = np.full(256, math.nan)
    for raw in range(-126, 127):
        table[raw & 255] = math.copysign(round((raw / 4.733) ** 2), raw) if raw else 0.0
    return table


RATE_OF_TURN = _rate_of_turn()


@jitable
def _degrees(raw: int, per_degree_10: int, limit_deg: int) -> float:
    """Return degrees of a raw coordinate in 1/(600000/per_degree_10) degrees; NaN beyond the limit."""
    micro = (10 * per_degree_10 * raw + 3) // 6
    return micro / 1e6 if -limit_deg * 1_000_000 <= micro <= limit_deg * 1_000_000 else math.nan


@jitable
def _below(raw: int, limit: int, unit: float) -> float:
    """Return raw / unit where raw is below the limit, else NaN."""
    return raw / unit if raw < limit else math.nan


@jitable
def _place(six: Bytes, rows: Positions, k: int, mmsi: int, sog_bit: int) -> None:
    """Write what messages 1, 2, 3, 18 and 19 say in the same order: speed, place, course, heading."""
    rows.mmsi[k] = mmsi
    rows.sog_kn[k] = _below(unsigned(six, sog_bit, 10), 1023, 10.0)
    rows.lon_deg[k] = _degrees(signed(six, sog_bit + 11, 28), 1, 180)
    rows.lat_deg[k] = _degrees(signed(six, sog_bit + 39, 27), 1, 90)
    rows.cog_deg[k] = _below(unsigned(six, sog_bit + 66, 12), 3600, 10.0)
    rows.heading_deg[k] = _below(unsigned(six, sog_bit + 78, 9), 360, 1.0)


@jitable
def _long_range(six: Bytes, rows: Positions, k: int, mmsi: int) -> None:
    """Write message 27, of coarser steps."""
    rows.mmsi[k] = mmsi
    rows.nav_status[k] = unsigned(six, 40, 4)
    rows.lon_deg[k] = _degrees(signed(six, 44, 18), 1000, 180)
    rows.lat_deg[k] = _degrees(signed(six, 62, 17), 1000, 90)
    rows.sog_kn[k] = _below(unsigned(six, 79, 6), 63, 1.0)
    rows.cog_deg[k] = _below(unsigned(six, 85, 9), 360, 1.0)
    rows.heading_deg[k] = math.nan
    rows.rot_deg_min[k] = math.nan


@jitable
def _position(six: Bytes, kind: int, mmsi: int, time_us: int, line: int, made: Columns) -> None:
    """Write a row of positions."""
    rows, k = made.positions, made.rows[0]
    rows.time_us[k] = time_us
    rows.line[k] = line
    if kind <= 3:
        _place(six, rows, k, mmsi, 50)
        rows.nav_status[k] = unsigned(six, 38, 4)
        rows.rot_deg_min[k] = RATE_OF_TURN[unsigned(six, 42, 8)]
    elif kind == 27:
        _long_range(six, rows, k, mmsi)
    else:
        _place(six, rows, k, mmsi, 46)
        rows.nav_status[k] = 15
        rows.rot_deg_min[k] = math.nan
    made.rows[0] = k + 1


@jitable
def _dimensions(six: Bytes, start: int, rows: Statics, k: int) -> None:
    """Write length and beam from the distances to bow, stern, port and starboard."""
    length = unsigned(six, start, 9) + unsigned(six, start + 9, 9)
    beam = unsigned(six, start + 18, 6) + unsigned(six, start + 24, 6)
    rows.length_m[k] = length if length > 0 else math.nan
    rows.beam_m[k] = beam if beam > 0 else math.nan


@jitable
def _two_digits(value: int, out: Bytes, at: int) -> None:
    out[at] = 48 + value // 10
    out[at + 1] = 48 + value % 10


@jitable
def _eta(six: Bytes, start: int, out: Bytes) -> None:
    """Write "MM-DD HH:MM" as sent; nothing where there is no month or no day."""
    month, day = unsigned(six, start, 4), unsigned(six, start + 4, 5)
    out[:] = 0
    if month == 0 or day == 0:
        return
    _two_digits(month, out, 0)
    out[2] = 45
    _two_digits(day, out, 3)
    out[5] = 32
    _two_digits(unsigned(six, start + 9, 5), out, 6)
    out[8] = 58
    _two_digits(unsigned(six, start + 14, 6), out, 9)


@jitable
def _clear(rows: Statics, k: int) -> None:
    """Write "not said" everywhere."""
    rows.imo[k] = 0
    rows.ship_type[k] = 0
    rows.length_m[k] = math.nan
    rows.beam_m[k] = math.nan
    rows.draught_m[k] = math.nan
    rows.callsign[k, :] = 0
    rows.name[k, :] = 0
    rows.destination[k, :] = 0
    rows.eta[k, :] = 0


@jitable
def _voyage(six: Bytes, rows: Statics, k: int) -> None:
    """Write message 5."""
    imo = unsigned(six, 40, 30)
    rows.imo[k] = imo
    text(six, 70, 7, rows.callsign[k])
    text(six, 112, 20, rows.name[k])
    rows.ship_type[k] = unsigned(six, 232, 8)
    _dimensions(six, 240, rows, k)
    _eta(six, 274, rows.eta[k])
    draught = unsigned(six, 294, 8)
    rows.draught_m[k] = draught / 10.0 if draught > 0 else math.nan
    text(six, 302, 20, rows.destination[k])


@jitable
def _static_b(six: Bytes, rows: Statics, k: int, mmsi: int) -> None:
    """Write part B of message 24; an auxiliary craft (98...) gives its mother ship in place of dimensions."""
    rows.ship_type[k] = unsigned(six, 40, 8)
    text(six, 90, 7, rows.callsign[k])
    if mmsi // 10_000_000 != 98:
        _dimensions(six, 132, rows, k)


@jitable
def _static(six: Bytes, kind: int, mmsi: int, time_us: int, line: int, made: Columns) -> None:
    """Write a row of statics."""
    rows, k = made.statics, made.rows[1]
    _clear(rows, k)
    rows.time_us[k] = time_us
    rows.mmsi[k] = mmsi
    rows.line[k] = line
    if kind == 5:
        _voyage(six, rows, k)
    elif kind == 19:
        text(six, 143, 20, rows.name[k])
        rows.ship_type[k] = unsigned(six, 263, 8)
        _dimensions(six, 271, rows, k)
    elif unsigned(six, 38, 2) == 0:
        text(six, 40, 20, rows.name[k])
    else:
        _static_b(six, rows, k, mmsi)
    made.rows[1] = k + 1


@jitable
def _other(six: Bytes, kind: int, bits: int, mmsi: int, time_us: int, line: int, made: Columns) -> None:
    """Write a row of others: base station, SAR aircraft, aid to navigation."""
    rows, k = made.others, made.rows[2]
    rows.time_us[k] = time_us
    rows.mmsi[k] = mmsi
    rows.line[k] = line
    rows.name[k, :] = 0
    at = 79
    if kind == 9:
        rows.what[k] = ais_columns.SAR_AIRCRAFT
        at = 61
    elif kind == 21:
        rows.what[k] = ais_columns.AID_TO_NAVIGATION
        at = 164
        _aid_name(six, bits, rows, k)
    else:
        rows.what[k] = ais_columns.BASE_STATION
    rows.lon_deg[k] = _degrees(signed(six, at, 28), 1, 180)
    rows.lat_deg[k] = _degrees(signed(six, at + 28, 27), 1, 90)
    made.rows[2] = k + 1


@jitable
def _aid_name(six: Bytes, bits: int, rows: Others, k: int) -> None:
    """Write the name of an aid to navigation, with its extension behind a full name."""
    text(six, 43, 20, rows.name[k, :20])
    if bits > 272 and rows.name[k, 19] != 0:
        text(six, 272, min(14, (bits - 272) // 6), rows.name[k, 20:])


@jitable
def message(six: Bytes, bits: int, time_us: int, line: int, no_time: int, made: Columns) -> int:
    """Decode one whole message; return what it was. Without a time nothing is written."""
    kind = six[0]
    if bits < 6 or kind == 0 or kind > 27:
        return UNKNOWN
    if MIN_BITS[kind] == 0:
        return UNUSED
    if bits < MIN_BITS[kind] or (kind == 24 and unsigned(six, 38, 2) == 1 and bits < 162):
        return TRUNCATED
    what = POSITION
    if kind == 5 or kind == 24:
        what = STATIC
    elif kind == 4 or kind == 11 or kind == 9 or kind == 21:
        what = OTHER
    if kind == 24 and unsigned(six, 38, 2) > 1:
        return UNUSED
    if time_us == no_time:
        return what
    mmsi = unsigned(six, 8, 30)
    if what == POSITION:
        _position(six, kind, mmsi, time_us, line, made)
    if what == STATIC or kind == 19:
        _static(six, kind, mmsi, time_us, line, made)
    if what == OTHER:
        _other(six, kind, bits, mmsi, time_us, line, made)
    return what
