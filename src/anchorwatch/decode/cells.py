"""Cells of a text table to columns of numbers, compiled, without making a string.

A block is seen twice: as bytes and as `eights`, the eight bytes from each place on as one word. `split`
finds the cells of the wanted columns; the others read one column of cells `[starts, stops)` each.
A missing value is NaN (numbers) or MISSING (times); a value that cannot be read is inf or BAD.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Array = np.ndarray[Any, Any]
Words = np.ndarray[Any, np.dtype[np.uint64]]

MISSING = np.int64(-(2**63))
BAD = np.int64(-(2**63) + 1)
_POWERS = 10.0 ** np.arange(23)  # exact in float64, so mantissa / power is correctly rounded
_DAY_US = 86_400_000_000

# Constants of the work on eight bytes at a time.
_ZERO, _SEVEN, _THIRTY_TWO, _FIFTY_SIX = np.uint64(0), np.uint64(7), np.uint64(32), np.uint64(56)
_ONE, _SIX_BITS = np.uint64(1), np.uint64(63)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONES, _HIGHS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_LOWS, _QUOTES = np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x2222222222222222)
_NEWLINES, _SPACES = np.uint64(0x0A0A0A0A0A0A0A0A), np.uint64(0x2020202020202020)
_PLACES = np.uint64(0x0001020304050607)  # times 2**(8k) has k in its top byte
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, odd: every step of the hash is invertible


def eights(block: bytes) -> Words:
    """Return a view of which item i is the eight bytes from i on, as one little-endian word."""
    return np.ndarray((len(block) - 7,), np.dtype("<u8"), block, 0, (1,))


@njit(cache=True, nogil=True)
def cell_end(words: Words, at: int, delimiter: np.uint64) -> int:
    """Place of the next delimiter (repeated eight times) or line end, eight bytes at a time.

    Zero byte in a word: S. Anderson, Bit Twiddling Hacks, "Determine if a word has a zero byte".
    """
    while True:
        x, y = words[at] ^ delimiter, words[at] ^ _NEWLINES
        hit = (((x - _ONES) & ~x) | ((y - _ONES) & ~y)) & _HIGHS
        if hit:
            first = (hit & (_ZERO - hit)) >> _SEVEN
            return at + int((first * _PLACES) >> _FIFTY_SIX)
        at += 8


@njit(cache=True, nogil=True)
def hash_cell(words: Words, start: int, stop: int) -> np.uint64:
    """Hash of a cell without regard to case; 0 for an empty one."""
    h = _ZERO
    while start + 8 < stop:
        h = ((h >> _FIFTY_SIX) ^ h ^ (words[start] | _SPACES)) * _MIX
        start += 8
    if start < stop:
        mask = _ALL >> np.uint64(64 - 8 * (stop - start))
        h = ((h >> _FIFTY_SIX) ^ h ^ ((words[start] | _SPACES) & mask)) * _MIX
    return h ^ (h >> _THIRTY_TWO)


@njit(cache=True, nogil=True)
def _two(data: Bytes, i: int) -> int:
    """Two digits as a number, or a number far below zero."""
    a, b = int(data[i]) - 48, int(data[i + 1]) - 48
    return a * 10 + b if 0 <= a <= 9 and 0 <= b <= 9 else -100_000


@njit(cache=True, nogil=True)
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a date of the Gregorian calendar, or -1."""
    if not (1970 <= year <= 2200 and 1 <= month <= 12 and day >= 1):
        return -1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = 30 + (month + (month >> 3)) % 2
    if month == 2:
        longest = 29 if leap else 28
    if day > longest:
        return -1
    y, m = (year - 1, month + 9) if month <= 2 else (year, month - 3)
    return 365 * y + y // 4 - y // 100 + y // 400 + (153 * m + 2) // 5 + day - 719_469


@njit(cache=True, nogil=True)
def _zone_us(data: Bytes, i: int, stop: int) -> int:
    """Offset from UTC of the rest of a time, or BAD: nothing, Z, UTC, +hh, +hhmm, +hh:mm, `+0000 UTC`."""
    while stop > i and data[stop - 1] in (67, 84, 85, 32):  # C T U and space
        stop -= 1
    while i < stop and data[i] == 32:
        i += 1
    if i == stop or (stop - i == 1 and data[i] == 90):
        return 0
    n = stop - i
    if data[i] not in (43, 45) or n not in (3, 5, 6):
        return int(BAD)
    minute = 0 if n == 3 else _two(data, stop - 2)
    offset = _two(data, i + 1) * 60 + minute
    if offset < 0 or offset > 14 * 60:
        return int(BAD)
    sign = -1 if data[i] == 45 else 1
    return int(sign * offset * 60_000_000)


@njit(cache=True, nogil=True)
def _clock_us(data: Bytes, i: int, stop: int) -> int:
    """Return `HH:MM[:SS[.ffffff]][zone]` as microseconds, zone taken off, or BAD."""
    if stop - i < 5 or data[i + 2] != 58:
        return int(BAD)
    hour, minute, second, fraction = _two(data, i), _two(data, i + 3), 0, 0
    i += 5
    if stop - i >= 3 and data[i] == 58:
        second = _two(data, i + 1)
        i += 3
        if i < stop and data[i] in (46, 44):
            i += 1
            scale = 100_000
            while i < stop and 48 <= data[i] <= 57:
                fraction += (int(data[i]) - 48) * scale
                scale //= 10
                i += 1
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 60):
        return int(BAD)
    zone = 0 if i == stop else _zone_us(data, i, stop)
    if zone == BAD:
        return int(BAD)
    return int(((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction - zone)


@njit(cache=True, nogil=True)
def read_number(data: Bytes, start: int, stop: int) -> float:
    """Decimal number; NaN if empty; inf if it must be read the slow way or not at all."""
    i = start
    negative = False
    if i < stop and data[i] in (43, 45):
        negative = data[i] == 45
        i += 1
    mantissa, digits, after, point = 0, 0, 0, False
    while i < stop:
        b = int(data[i])
        if 48 <= b <= 57:
            mantissa = mantissa * 10 + b - 48
            digits += 1
            after += point
        elif b == 46 and not point:
            point = True
        else:
            return np.inf
        i += 1
    if digits == 0:
        return np.nan if start == stop else np.inf
    if digits > 15:
        return np.inf
    value = mantissa / _POWERS[after]
    return float(-value if negative else value)


@njit(cache=True, nogil=True)
def epoch_us(value: float) -> int:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size."""
    if not (0.0 <= value < 1e19):
        return int(BAD)
    if value < 1e11:
        return int(np.round(value * 1e6))
    if value < 1e14:
        return int(np.round(value * 1e3))
    return int(value) if value < 1e17 else int(value / 1e3)


@njit(cache=True, nogil=True)
def _epoch_us(data: Bytes, start: int, stop: int) -> int:
    """Epoch in text, as microseconds, or BAD: whole numbers are read exactly, up to nanoseconds of 19 digits."""
    if stop - start <= 15:
        value = read_number(data, start, stop)
        return int(BAD) if np.isnan(value) else epoch_us(value)
    whole = 0
    for i in range(start, stop):
        if not 48 <= data[i] <= 57:
            return _long_epoch_us(data, start, stop)
        whole = whole * 10 + int(data[i]) - 48
    if stop - start > 19 or whole < 0:
        return int(BAD)
    return whole if whole < 100_000_000_000_000_000 else whole // 1000


@njit(cache=True, nogil=True)
def _long_epoch_us(data: Bytes, start: int, stop: int) -> int:
    """Epoch in seconds with a long fraction, which is cut after microseconds."""
    point = start
    while point < stop and data[point] != 46:
        point += 1
    value = read_number(data, start, min(stop, start + 16, point + 7))
    return epoch_us(value) if point - start <= 10 and value < 1e11 else int(BAD)


@njit(cache=True, nogil=True)
def read_time(data: Bytes, start: int, stop: int, date: Array) -> int:
    """`dd/mm/yyyy HH:MM:SS`, ISO 8601 (no zone = UTC) or an epoch, as microseconds; `date` remembers the last date."""
    n = stop - start
    if n == 0:
        return int(MISSING)
    if n >= 16 and data[start + 2] == 47 and data[start + 5] == 47:
        year, month, day = _two(data, start + 6) * 100 + _two(data, start + 8), _two(data, start + 3), _two(data, start)
    elif n >= 16 and data[start + 4] == 45 and data[start + 7] == 45:
        year, month, day = _two(data, start) * 100 + _two(data, start + 2), _two(data, start + 5), _two(data, start + 8)
    else:
        return _epoch_us(data, start, stop)
    if data[start + 10] not in (32, 84, 116):
        return int(BAD)
    if year * 512 + month * 32 + day != date[0]:
        days = _days(year, month, day)
        if days < 0:
            return int(BAD)
        date[0], date[1] = year * 512 + month * 32 + day, days
    clock = _clock_us(data, start + 11, stop)
    return clock if clock == BAD else int(date[1] * _DAY_US + clock)


@njit(cache=True, nogil=True)
def _quoted(data: Bytes, at: int, delimiter: int) -> tuple[int, int]:
    """End of the text of a cell that starts with a quote, and of the cell; -1 if the quote is never closed."""
    i = at + 1
    while data[i] != 10 and (data[i] != 34 or data[i + 1] == 34):
        i += 1 if data[i] != 34 else 2
    if data[i] == 34:
        after = i + 2 if data[i + 1] == 13 and data[i + 2] == 10 else i + 1
        if data[after] == 10 or data[after] == delimiter:
            return i, after
    return -1, -1


@njit(cache=True, nogil=True)
def _line_end(words: Words, at: int, eight_delimiters: np.uint64) -> tuple[int, int]:
    """Place of the next line end and the number of cells up to it; -1 cells if a quote is among them."""
    count = 1
    while True:
        word = words[at]
        delimiters = _zero_bytes(word ^ eight_delimiters)
        ends, quotes = _zero_bytes(word ^ _NEWLINES), _zero_bytes(word ^ _QUOTES)
        if ends:
            first = ends & (_ZERO - ends)
            before = first - _ONE
            place = at + int(((first >> _SEVEN) * _PLACES) >> _FIFTY_SIX)
            count += int((((delimiters & before) >> _SEVEN) * _ONES) >> _FIFTY_SIX)
            return place, -1 if quotes & before else count
        if quotes:
            return at, -1
        count += int(((delimiters >> _SEVEN) * _ONES) >> _FIFTY_SIX)
        at += 8


@njit(cache=True, nogil=True)
def _zero_bytes(word: np.uint64) -> np.uint64:
    """The high bit of each byte that is zero, exactly."""
    return ~(((word & _LOWS) + _LOWS) | word | _LOWS)


@njit(cache=True, nogil=True)
def split(
    data: Bytes, words: Words, span: tuple[int, int], wanted: Array, delimiter: int, starts: Array, stops: Array
) -> tuple[int, int, int]:
    """Find the cells of whole lines in `span` until `starts` is full; return (rows, lines, place).

    `wanted` holds, for each column of the file, the row of `starts` and `stops` that it goes to, or -1. Their
    last row gets the line, counted from 1, and the number of cells in it; the row before, the line itself.
    """
    eight_delimiters = np.uint64(delimiter) * _ONES
    at, stop = span
    last_wanted = np.flatnonzero(wanted >= 0)[-1]
    rows, lines, last, capacity = 0, 0, starts.shape[0] - 1, starts.shape[1]
    while at < stop and rows < capacity:
        lines += 1
        if data[at] == 10 or (data[at] == 13 and data[at + 1] == 10):
            at += 1 if data[at] == 10 else 2
            continue
        starts[last - 1, rows] = at
        column = 0
        while True:
            if column > last_wanted:
                after, count = _line_end(words, at, eight_delimiters)
                if count >= 0:
                    column += count
                    at = after + 1
                    break
            begin, end, after = at, -1, -1
            if data[at] == 34:
                end, after = _quoted(data, at, delimiter)
                begin += after >= 0
            if after < 0:
                end = after = cell_end(words, at, eight_delimiters)
                if data[after] == 10 and end > begin and data[end - 1] == 13:
                    end -= 1
            if column < wanted.size and wanted[column] >= 0:
                starts[wanted[column], rows] = begin
                stops[wanted[column], rows] = end
            column += 1
            at = after + 1
            if data[after] == 10:
                break
        for absent in range(column, wanted.size):
            if wanted[absent] >= 0:
                starts[wanted[absent], rows] = stops[wanted[absent], rows] = after
        stops[last - 1, rows] = after
        starts[last, rows] = lines
        stops[last, rows] = column
        rows += 1
    return rows, lines, at


@njit(cache=True, nogil=True)
def place(known: Array, h: np.uint64) -> int:
    """Place of a hash among known ones, or -1."""
    for k in range(known.size):
        if known[k] == h:
            return k
    return -1


@njit(cache=True, nogil=True)
def numbers(data: Bytes, words: Words, starts: Array, stops: Array, unknown: Array, out: Array) -> None:
    """Read a column of numbers; words for "not known" are NaN."""
    for i in range(out.size):
        value = read_number(data, starts[i], stops[i])
        if value == np.inf and place(unknown, hash_cell(words, starts[i], stops[i])) >= 0:
            value = np.nan
        out[i] = value


@njit(cache=True, nogil=True)
def times(data: Bytes, starts: Array, stops: Array, out: Array) -> None:
    """Read a column of times, as microseconds since 1970 UTC."""
    date = np.zeros(2, np.int64)
    for i in range(out.size):
        out[i] = read_time(data, starts[i], stops[i], date)


@njit(cache=True, nogil=True)
def codes(
    data: Bytes, words: Words, starts: Array, stops: Array, known: Array, meaning: Array, otherwise: int, out: Array
) -> None:
    """Read a column of small codes, written as a number 0 to 15 or as a known word."""
    last, code = _ZERO, otherwise
    for i in range(out.size):
        value = read_number(data, starts[i], stops[i])
        if 0 <= value <= 15:
            out[i] = int(value)
            continue
        h = hash_cell(words, starts[i], stops[i])
        if h != last:
            k = place(known, h)
            last, code = h, int(meaning[k]) if k >= 0 else otherwise
        out[i] = code
