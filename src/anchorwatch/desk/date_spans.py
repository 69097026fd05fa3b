"""What a span of a date means: from when until when, in microseconds of UTC, next to a reference day.

Whole days, weeks, months and years; the end is exclusive. What cannot be (31 February, year 9999) stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from anchorwatch.desk.date_words import COUNTS, MONTH_NAMES, ORDINALS, WEEKDAY_NAMES

DAY_US = 86_400_000_000
EPOCH = date(1970, 1, 1).toordinal()
RECENT_DAYS = 31  # "will meet on January 9" in a text of January 14 is late news, not next year
LEAST_YEAR, MOST_YEAR = 1800, 2200  # years outside are slips or jokes
Days = tuple[int, int]  # ordinals, the second exclusive
Bounds = tuple[int | None, int | None]

_MONTH = re.compile(r"\b(?:" + "|".join(name.capitalize() + "|" + name.upper() for name in MONTH_NAMES) + r")[A-Za-z]*")
_YEAR = re.compile(r"(?<![0-9])(?:1[89]|20|21|99|00)[0-9]{2}(?![0-9])")
_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,2}(?=st|nd|rd|th|\b)")
_WEEKDAY = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)")
_GRAIN = re.compile(r"(minute|hour|day|week|month|quarter|year|decade|night|weekend|century)s?\b")
_STAMP = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})")
_ENDS = re.compile(r"\b(?:end|close|late|second half)\b|\blast\s(?:week|days|half|ten)")
_BEGINS = re.compile(r"\b(?:beginning|start|turn|early|first half)\b|\bfirst\s(?:week|days|half|ten)")
_MIDDLE = re.compile(r"\b(?:middle|mid)\b")
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # first month
_LONG = {"day": 1, "night": 1, "week": 7, "weekend": 2}


def resolve(kind: str, core: str, word: str, future: bool, reference_us: int | None) -> Bounds:
    """Return from when until when a span means; (None, None) where nobody can know."""
    if reference_us is None and _YEAR.search(core) is None and kind != "dotted":
        return None, None
    day = None if reference_us is None else reference_us // DAY_US + EPOCH
    if day is not None and not date(LEAST_YEAR, 1, 1).toordinal() < day < date(MOST_YEAR, 1, 1).toordinal():
        day = None
    found = _days(kind, core, future, day)
    return (None, None) if found is None else _bounds(kind, word, core, found)


def _bounds(kind: str, word: str, core: str, days: Days) -> Bounds:
    first, end = ((ordinal - EPOCH) * DAY_US for ordinal in days)
    if kind in ("years", "months", "days"):
        return first, end
    if word == "by" or (
        word in ("until", "till", "through") and (kind in ("day", "weekday", "edge") or _ENDS.search(core))
    ):
        return None, end
    if word in ("before", "until", "till"):
        return None, first
    if word in ("since", "from"):
        return first, None
    return (end, None) if word == "after" else (first, end)


@lru_cache(maxsize=8192)
def _days(kind: str, core: str, future: bool, day: int | None) -> Days | None:
    try:
        found = _READERS[kind](core, future, day)
    except (ValueError, OverflowError, IndexError, KeyError):
        return None
    if found is None or not LEAST_YEAR < date.fromordinal(found[0]).year < MOST_YEAR:
        return None
    return found


def _year_in(core: str) -> int | None:
    match = _YEAR.search(core)
    return int(match.group()) if match else None


def _months_in(core: str) -> list[int]:
    return [MONTH_NAMES.index(match.group()[:3].lower()) + 1 for match in _MONTH.finditer(core)]


def _month_days(year: int, month: int, months: int = 1) -> Days:
    """Return the days of so many months."""
    after = year * 12 + month - 1 + months
    return date(year, month, 1).toordinal(), date(after // 12, after % 12 + 1, 1).toordinal()


def _nearest(make: Callable[[int], Days], core: str, day: int | None, future: bool = False) -> Days | None:
    """Return the span in the year that is said, or in the one that brings it nearest to the reference.

    Where the sentence speaks of what will be, one of months ago is none: then it is the next one.
    """
    said = _year_in(core)
    if said is not None:
        return make(said)
    if day is None:
        return None
    year = date.fromordinal(day).year
    near = _relative_year(core)
    if near is not None:
        return make(year + near)
    tried: list[Days] = []
    for one in (year - 1, year, year + 1):
        try:
            tried.append(make(one))
        except ValueError:  # 29 February
            continue
    if future:
        tried = [days for days in tried if days[1] > day - RECENT_DAYS] or tried
    return min(tried, key=lambda days: max(days[0] - day, day - days[1] + 1, 0), default=None)


def _relative_year(core: str) -> int | None:
    match = re.search(r"\b(this|next|last|the)\syear\b", core)
    return {"this": 0, "the": 0, "next": 1, "last": -1}[match.group(1)] if match else None


def _day(core: str, future: bool, day: int | None) -> Days | None:
    month = _months_in(core)[0]
    bare = _YEAR.sub(" ", core)
    number = 1 if "first of" in core else int(_NUMBER.findall(bare)[0])
    return _nearest(lambda year: _one_day(year, month, number), core, day, future)


def _one_day(year: int, month: int, number: int) -> Days:
    first = date(year, month, number).toordinal()
    return first, first + 1


def _day_range(core: str, future: bool, day: int | None) -> Days | None:
    months = _months_in(core)
    numbers = [int(one) for one in _NUMBER.findall(_YEAR.sub(" ", core))]
    if not months:
        return _weekday(core, future, day)
    last_month = months[-1]

    def make(year: int) -> Days:
        first = date(year, months[0], numbers[0]).toordinal()
        later = year + (last_month < months[0])
        last = date(later, last_month, numbers[-1]).toordinal()
        if last < first and len(months) == 1:  # the night of 31 to 1 January
            raise ValueError
        return first, last + 1

    return _nearest(make, core, day, future)


def _month(core: str, future: bool, day: int | None) -> Days | None:
    months = _months_in(core)
    count = (months[-1] - months[0]) % 12 + 1
    low = core.lower()
    if day is not None and _year_in(core) is None and (turn := re.search(r"\b(last|next)\s(?!year)", low)):
        this = date.fromordinal(day)
        later = turn.group(1) == "next"
        year = (
            this.year + (1 if later and months[0] <= this.month else 0) - (0 if later or months[0] < this.month else 1)
        )
        return _part(low, _month_days(year, months[0]))
    found = _nearest(lambda year: _month_days(year, months[0], count), core, day, future)
    return _part(low, found) if found else None


def _part(core: str, days: Days) -> Days:
    """Return the part of a span that "early", "mid-", "late", "end of", "second week of" mean."""
    first, end = days
    third = max(1, (end - first) // 3)
    week = re.search(r"\b(first|second|third|fourth)\sweek\b", core)
    if week:
        begun = first + 7 * (ORDINALS[week.group(1)] - 1)
        return begun, begun + 7
    half = re.search(r"\b(first|second)\shalf\b", core)
    if half:
        middle = first + (end - first) // 2
        return (first, middle) if half.group(1) == "first" else (middle, end)
    if _MIDDLE.search(core):
        return first + third, end - third
    if _ENDS.search(core):
        return end - third, end
    return (first, first + third) if _BEGINS.search(core) else days


def _nth(core: str, future: bool, day: int | None) -> Days | None:
    if _months_in(core):
        return _month(core, future, day)
    found = _relative("this month", future, day) if "month" in core else _year(core, future, day)
    return _part(core.lower(), found) if found else None


def _quarter(core: str, future: bool, day: int | None) -> Days | None:
    match = re.search(r"Q([1-4])", core)
    number = int(match.group(1)) if match else {**ORDINALS, "last": 4}[core.removeprefix("the ").split()[0]]
    return _nearest(lambda year: _month_days(year, 3 * number - 2, 3), core, day)


def _season(core: str, future: bool, day: int | None) -> Days | None:
    low = core.lower()
    month = next(first for name, first in _SEASONS.items() if name in low)
    found = _nearest(lambda year: _month_days(year, month, 3), core, day, future)
    if found and day is not None and _year_in(core) is None and "year" not in low:
        shift = 366 if "next" in low and found[0] <= day else -366 if "last" in low and found[1] > day else 0
        if shift:
            found = _month_days(date.fromordinal(found[0] + shift).year, month, 3)
    return _part(low, found) if found else None


def _year(core: str, future: bool, day: int | None) -> Days | None:
    years = [int(one) for one in _YEAR.findall(core)]
    if not years and day is not None and (near := _relative_year(core)) is not None:
        years = [date.fromordinal(day).year + near]
    if not years:
        return None
    short = re.search(r"[-\u2013/]([0-9]{2})\Z", core)
    last = years[0] // 100 * 100 + int(short.group(1)) if short and len(years) == 1 else years[-1]
    if last < years[0]:
        return None
    return _part(core.lower(), (date(years[0], 1, 1).toordinal(), date(last + 1, 1, 1).toordinal()))


def _edge(core: str, future: bool, day: int | None) -> Days | None:
    if _YEAR.search(core):
        return _year(core, future, day)
    grain = _GRAIN.findall(core)[-1]
    turn = next((word for word in ("next", "last") if f" {word} " in core), "this")
    found = _relative(f"{turn} {grain}", future, day)
    return _part(core.lower(), found) if found else None


def _weekday(core: str, future: bool, day: int | None) -> Days | None:
    if day is None:
        return None
    number = WEEKDAY_NAMES.index(_WEEKDAY.findall(core)[0].lower())
    back = (day - 1 - number) % 7  # days since the last one; ordinal 1 was a Monday
    low = core.lower()
    if "week" in low:
        monday = day - (day - 1) % 7 + {"next": 7, "last": -7, "this": 0}[low.split()[-2]]
        return monday + number, monday + number + 1
    if "next" in low or "following" in low or "coming" in low:
        first = day + (7 - back)
    elif "last" in low:
        first = day - (back or 7)
    else:
        first = day + (7 - back) % 7 if future else day - back
    return first, first + max(1, len(_WEEKDAY.findall(core)))


def _relative(core: str, future: bool, day: int | None) -> Days | None:
    """Read "next month", "last year", "the past three weeks"."""
    if day is None:
        return None
    words = core.lower().split()
    grain = _GRAIN.findall(core)[-1]
    turn = -1 if {"last", "past", "previous"} & set(words) else 1 if {"next", "coming", "following"} & set(words) else 0
    count = next(
        (
            COUNTS.get(word) or (int(word) if word.isdigit() else None)
            for word in words
            if word in COUNTS or word.isdigit()
        ),
        None,
    )
    if count is None:
        return None if words[-1].endswith("s") else _turned(grain, turn, day)
    end = _moved(day, grain, turn * count)
    return (end, day) if turn < 0 else (day, end + 1)


def _turned(grain: str, turn: int, day: int) -> Days | None:
    this = date.fromordinal(day)
    monday = day - (day - 1) % 7 + 7 * turn
    if grain in ("day", "night"):
        return day + turn, day + turn + 1
    if grain == "week":
        return monday, monday + 7
    if grain == "weekend":
        return monday + 5, monday + 7
    if grain in ("month", "quarter"):
        many = 1 if grain == "month" else 3
        month = this.year * 12 + (this.month - 1) // many * many + turn * many
        return _month_days(month // 12, month % 12 + 1, many)
    long = {"year": 1, "decade": 10, "century": 100}.get(grain)
    if long is None:
        return None
    year = this.year // long * long + turn * long
    return date(year, 1, 1).toordinal(), date(year + long, 1, 1).toordinal()


def _moved(day: int, grain: str, count: int) -> int:
    """Return the day so many weeks or months from a day."""
    if grain in ("hour", "minute"):
        return day
    if grain in _LONG:
        return day + _LONG[grain] * count
    parsed = _parsed(
        f"{abs(count) * {'quarter': 3, 'decade': 120}.get(grain, 1)} {'year' if grain == 'year' else 'month'}s "
        f"{'ago' if count < 0 else 'from now'}",
        day,
    )
    if parsed is None:
        raise ValueError
    return parsed


def _parsed(said: str, day: int) -> int | None:
    from dateparser import parse  # loaded at the first date that needs it: it takes a tenth of a second

    base = datetime.fromordinal(day) + timedelta(hours=12)
    found = parse(
        said, languages=["en"], settings={"RELATIVE_BASE": base, "TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": False}
    )
    return found.date().toordinal() if found else None


def _ago(core: str, future: bool, day: int | None) -> Days | None:
    if day is None:
        return None
    words = core.lower().split()
    count = next((COUNTS.get(word) or int(word) for word in words if word in COUNTS or word.isdigit()), None)
    if count is None or "several" in words or "few" in words or words[-1] != "ago":
        return None  # "two days later": than what, is not said here
    first = _moved(day, _GRAIN.findall(core)[-1], -count)
    return first, first + 1


def _ahead(core: str, future: bool, day: int | None) -> Days | None:
    if day is None:
        return None
    words = core.lower().split()
    count = next((COUNTS.get(word) or int(word) for word in words if word in COUNTS or word.isdigit()), None)
    long = words[0] == "within" or "next" in words or "coming" in words
    if count is None or "several" in words or "few" in words or not (future or long):
        return None  # "the third one in two months" looks back
    end = _moved(day, _GRAIN.findall(core)[-1], count)
    return (day, end + 1) if long else (end, end + 1)


def _named(core: str, future: bool, day: int | None) -> Days | None:
    low = core.lower()
    if "christmas" in low:
        return _nearest(lambda year: _one_day(year, 12, 24 if "eve" in low else 25), core, day)
    if "new year" in low:
        return _nearest(lambda year: _one_day(year, 12, 31) if "eve" in low else _one_day(year, 1, 1), core, day)
    if day is None:
        return None
    if "weekend" in low:
        return _turned("weekend", 0 if future else -1 if (day - 1) % 7 < 5 else 0, day)
    if "overnight" in low or "last night" in low:
        return day - 1, day + 1
    shift = (
        2
        if "after tomorrow" in low
        else -2
        if "before yesterday" in low
        else 1
        if "tomorrow" in low
        else -1
        if "yesterday" in low
        else 0
    )
    return day + shift, day + shift + 1


def _stamp(core: str, future: bool, day: int | None) -> Days | None:
    """Read a date-time group of NAVTEX: the day, the hour and the minute, then perhaps month and year."""
    match = _STAMP.match(core)
    if match is None or int(match.group(2)) > 23 or int(match.group(3)) > 59:
        return None
    number, months = int(match.group(1)), _months_in(core)
    if months:
        return _nearest(lambda year: _one_day(year, months[0], number), _with_century(core), day)
    if day is None:
        return None
    this = date.fromordinal(day)
    return _one_day(this.year, this.month, number)


def _with_century(core: str) -> str:
    return re.sub(r"\s([0-9]{2})\Z", r" 20\1", core)


def _iso(core: str, future: bool, day: int | None) -> Days | None:
    first = date.fromisoformat(core[:10]).toordinal()
    return first, first + 1


def _dotted(core: str, future: bool, day: int | None) -> Days | None:
    number, month, year = (int(one) for one in core.split("."))
    return _one_day(year, month, number)


_READERS: dict[str, Callable[[str, bool, int | None], Days | None]] = {
    "stamp": _stamp, "iso": _iso, "dotted": _dotted, "night": _day_range, "days": _day_range, "day": _day,
    "years": _year, "year": _year, "months": _month, "month": _month, "nth": _nth, "quarter": _quarter, "edge": _edge,
    "weekday": _weekday, "season": _season, "ago": _ago, "ahead": _ahead, "relative": _relative, "named": _named,
}  # fmt: skip
