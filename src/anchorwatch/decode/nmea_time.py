"""Times in a line of a log: seconds, milliseconds or finer since 1970, or ISO 8601. Compiled through nmea_scan."""

from __future__ import annotations

from anchorwatch.decode.ais_bits import Bytes, inlined, jitable

NO_TIME = -(1 << 62)
LAST_US = 4_102_444_800_000_000  # 2100-01-01: what lies beyond is no time but damage
SECOND_US = 1_000_000
MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@inlined
def is_digit(char: int) -> bool:
    """Say whether a byte is one of 0 to 9."""
    return 48 <= char <= 57


@inlined
def digits_end(buf: Bytes, at: int, stop: int) -> int:
    """Return the end of the digits that begin at `at`."""
    if at < 0:
        return stop
    while at < stop and is_digit(buf[at]):
        at += 1
    return at


@jitable
def number(buf: Bytes, at: int, stop: int) -> int:
    """Return the digits in [at, stop) as a number, or -1 where there are none, too many or something else."""
    if at < 0 or at >= stop or stop - at > 18:
        return -1
    value = 0
    for k in range(at, stop):
        if not is_digit(buf[k]):
            return -1
        value = value * 10 + (buf[k] - 48)
    return value


@jitable
def fraction_us(buf: Bytes, at: int, stop: int) -> int:
    """Return `.123` (or `,123`) at `at` as microseconds; 0 where there is none."""
    value, unit = 0, 100_000
    if at < stop and (buf[at] == 46 or buf[at] == 44):
        for k in range(at + 1, stop):
            if not is_digit(buf[k]):
                break
            value += (buf[k] - 48) * unit
            unit //= 10
    return value


@jitable
def days_since_1970(year: int, month: int, day: int) -> int:
    """Return the day number of a date of the Gregorian calendar (after H. Hinnant, days_from_civil)."""
    y = year - 1 if month <= 2 else year
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@jitable
def moment_us(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """Return microseconds since 1970, or NO_TIME where there is no such moment."""
    if year < 1970 or year > 2099 or month < 1 or month > 12 or day < 1 or day > MONTH_DAYS[month - 1]:
        return NO_TIME
    if hour < 0 or hour > 23 or minute < 0 or minute > 59 or second < 0 or second > 60:
        return NO_TIME
    return (days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second) * SECOND_US


@inlined
def epoch_us(buf: Bytes, at: int, stop: int, fewest_digits: int) -> int:
    """Return the time of an epoch at `at`; its unit (s, ms, us, ns) follows from its size."""
    end = digits_end(buf, at, stop)
    value = number(buf, at, end)
    if end - at < fewest_digits or value <= 0:
        return NO_TIME
    if value < 100_000_000_000:  # as milliseconds this would be before March 1973
        if value * SECOND_US >= LAST_US:
            return NO_TIME
        # a comma separates columns here, it is no decimal sign
        return value * SECOND_US + (fraction_us(buf, end, stop) if end < stop and buf[end] == 46 else 0)
    if value < 100_000_000_000_000:
        value *= 1000
    elif value >= 100_000_000_000_000_000:
        value //= 1000
    return value if value < LAST_US else NO_TIME


@jitable
def _zone_us(buf: Bytes, at: int, stop: int) -> int:
    """Return the offset from UTC of `+02:00`, `-0330` or `+02` at `at`; 0 for `Z` or nothing."""
    if at + 3 > stop or (buf[at] != 43 and buf[at] != 45):
        return 0
    hours = number(buf, at + 1, at + 3)
    at_minutes = at + 4 if at + 3 < stop and buf[at + 3] == 58 else at + 3
    minutes = number(buf, at_minutes, at_minutes + 2) if at_minutes + 2 <= stop else -1
    offset = (max(hours, 0) * 60 + max(minutes, 0)) * 60 * SECOND_US
    return offset if buf[at] == 43 else -offset


@jitable
def _clock_us(buf: Bytes, at: int, stop: int, day: int) -> int:
    """Return the time of `hh:mm[:ss[.fff]][zone]` at `at`, on the day that begins at `day`."""
    if at + 5 > stop or buf[at + 2] != 58:
        return NO_TIME
    second, end = 0, at + 5
    if at + 8 <= stop and buf[at + 5] == 58:
        second, end = number(buf, at + 6, at + 8), at + 8
    moment = moment_us(1970, 1, 1, number(buf, at, at + 2), number(buf, at + 3, at + 5), second)
    if moment == NO_TIME:
        return NO_TIME
    moment += day
    if end < stop and (buf[end] == 46 or (buf[end] == 44 and end + 1 < stop and is_digit(buf[end + 1]))):
        moment += fraction_us(buf, end, stop)
        end = digits_end(buf, end + 1, stop)
    if end < stop and buf[end] == 32 and end + 1 < stop and (buf[end + 1] == 43 or buf[end + 1] == 45):
        end += 1
    return moment - _zone_us(buf, end, stop)


@jitable
def time_us(buf: Bytes, at: int, stop: int) -> int:
    """Return the time that begins at `at`: an epoch of 9 or more digits, `yyyymmddhhmmss` or ISO 8601."""
    end = digits_end(buf, at, stop)
    if end - at == 14 and number(buf, at, at + 2) <= 20:  # as an epoch in us or ms it would be no date of today
        return moment_us(
            number(buf, at, at + 4),
            number(buf, at + 4, at + 6),
            number(buf, at + 6, at + 8),
            number(buf, at + 8, at + 10),
            number(buf, at + 10, at + 12),
            number(buf, at + 12, at + 14),
        )
    if end - at != 4 or at + 16 > stop:
        return epoch_us(buf, at, stop, 9)
    if buf[at + 4] != buf[at + 7] or (buf[at + 4] != 45 and buf[at + 4] != 47):
        return NO_TIME
    if buf[at + 10] != 84 and buf[at + 10] != 32 and buf[at + 10] != 95:
        return NO_TIME
    day = moment_us(number(buf, at, end), number(buf, at + 5, at + 7), number(buf, at + 8, at + 10), 0, 0, 0)
    return NO_TIME if day == NO_TIME else _clock_us(buf, at + 11, stop, day)
