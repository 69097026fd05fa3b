"""What stands around a sentence: times before and after it, tag blocks. Compiled through nmea_scan."""

from __future__ import annotations

from anchorwatch.decode.ais_bits import Bytes, inlined, jitable
from anchorwatch.decode.nmea_time import NO_TIME, epoch_us, is_digit, moment_us, number, time_us


@inlined
def is_separator(char: int) -> bool:
    """Say whether a byte separates a time from its neighbours: blank, tab, comma, semicolon, bar, bracket, quote."""
    return char <= 32 or char == 44 or char == 59 or char == 124 or char == 91 or char == 93 or char == 34


@inlined
def find(buf: Bytes, at: int, stop: int, char: int) -> int:
    """Return the next place of a byte, or `stop`."""
    if at < 0:  # never; so the compiler knows, and needs no check at each byte
        return stop
    while at < stop and buf[at] != char:
        at += 1
    return at


@inlined
def find_sentence(buf: Bytes, at: int, stop: int) -> int:
    """Return where the next sentence or tag block begins (`!`, `$` or backslash), or `stop`."""
    if at < 0:
        return stop
    while at < stop and buf[at] != 33 and buf[at] != 36 and buf[at] != 92:
        at += 1
    return at


@jitable
def time_among(buf: Bytes, at: int, stop: int) -> int:
    """Return the first time among the parts of a prefix or of what follows a sentence."""
    while at < stop:
        if is_digit(buf[at]):
            found = time_us(buf, at, stop)
            if found != NO_TIME:
                return found
        while at < stop and not is_separator(buf[at]):
            at += 1
        while at < stop and is_separator(buf[at]):
            at += 1
    return NO_TIME


@inlined
def hash_of(buf: Bytes, at: int, stop: int) -> int:
    """Return a number above 0 for some bytes (FNV-1a, 62 bits)."""
    value = 1469598103934665603
    if at < 0:
        return 1
    for k in range(at, stop):
        value = ((value ^ buf[k]) * 1099511) & 0x3FFFFFFFFFFFFFFF
    return value | 1


@inlined
def hex_digit(char: int) -> int:
    """Return the value of a hexadecimal digit, or -1000."""
    if 48 <= char <= 57:
        return char - 48
    if 65 <= char <= 70:
        return char - 55
    if 97 <= char <= 102:
        return char - 87
    return -1000


@inlined
def checksum_fits(buf: Bytes, at: int, star: int, stop: int) -> int:
    """Return 1 where the two digits behind `star` fit the bytes [at, star), 0 where not, -1 without digits."""
    if star + 2 >= stop or at < 0:
        return -1
    stated = hex_digit(buf[star + 1]) * 16 + hex_digit(buf[star + 2])
    if stated < 0:
        return -1
    total = 0
    for k in range(at, star):
        total ^= buf[k]
    return 1 if total == stated else 0


@jitable
def _group(buf: Bytes, at: int, stop: int) -> int:
    """Return a number for the group id in `1-2-1604`; 0 where it has another shape."""
    first = find(buf, at, stop, 45)
    second = find(buf, first + 1, stop, 45)
    return hash_of(buf, second + 1, stop) if second + 1 < stop else 0


@inlined
def tag_block(buf: Bytes, at: int, stop: int) -> tuple[int, int, int, int]:
    """Read the tag block that begins with the backslash at `at`: (end, time, source, group).

    `end` is behind its second backslash, or -1 where there is none. A wrong checksum is not held against
    it: loggers that edit tags often leave the old one, and other readers use such times as well.
    """
    close = find(buf, at + 1, stop, 92)
    if close == stop:
        return -1, NO_TIME, 0, 0
    time, source, group = NO_TIME, 0, 0
    end = find(buf, at + 1, close, 42)
    k = at + 1
    while k + 2 < end:
        comma = find(buf, k, end, 44)
        if buf[k + 1] == 58:
            if buf[k] == 99:
                time = epoch_us(buf, k + 2, comma, 1)
            elif buf[k] == 115:
                source = hash_of(buf, k + 2, comma)
            elif buf[k] == 103:
                group = _group(buf, k + 2, comma)
        k = comma + 1
    return close + 1, time, source, group


@jitable
def wrapper_time(buf: Bytes, at: int, stop: int) -> int:
    """Return the time of `$PGHP,1,year,month,day,hour,minute,second,millisecond,...` at `at`."""
    moment, millisecond, year, month, day, hour, minute = NO_TIME, 0, 0, 0, 0, 0, 0
    k = find(buf, at, stop, 44) + 1
    for field in range(8):
        comma = find(buf, k, stop, 44)
        value = number(buf, k, comma)
        if field == 1:
            year = value
        elif field == 2:
            month = value
        elif field == 3:
            day = value
        elif field == 4:
            hour = value
        elif field == 5:
            minute = value
        elif field == 6:
            moment = moment_us(year, month, day, hour, minute, value)
        elif field == 7:
            millisecond = min(max(value, 0), 999)
        k = comma + 1
    return moment if moment == NO_TIME else moment + millisecond * 1000
