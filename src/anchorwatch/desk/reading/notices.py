"""NAVTEX messages (ZCZC ... NNNN, IMO NAVTEX Manual) and pasted NAVAREA, HYDRO or coastal warnings.

The first letter of a NAVTEX header is the station, the second the subject, then a serial number; 00 is urgent.
A date and time group (172128 UTC AUG) has often no year and sometimes no month: the last one that fits is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from anchorwatch.desk.reading.about import AHEAD_US, MOST_ITEMS, About, Reading, us_of
from anchorwatch.desk.reading.coordinates import points
from anchorwatch.desk.reading.plain_lines import dated, made

SUBJECTS = {
    "A": "navigational warning", "B": "meteorological warning", "C": "ice report", "D": "search and rescue, piracy",
    "E": "meteorological forecast", "F": "pilot service", "G": "AIS", "H": "LORAN", "J": "satellite navigation",
    "K": "other electronic aid", "L": "navigational warning", "V": "notice to fishermen", "W": "environment",
}  # fmt: skip
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_START = re.compile(r"[ \t]*ZCZC[ \t]*([A-Z*])?([A-Z*])?([0-9*]{2})?[ \t]*")
_END = re.compile(r"[ \t]*N{3,4}[ \t]*")
_DTG = re.compile(
    r"(?<![0-9])([0-3][0-9])([0-2][0-9])([0-5][0-9]) ?(?:UTC|GMT|Z)\b"
    rf"(?:[ \t]+({'|'.join(_MONTHS)})[A-Z]{{0,6}}\b)?(?:[ \t]+((?:20)?[0-9]{{2}})\b(?![0-9/.-]))?",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:NAVAREA[ \t]+[IVX]{1,5}|HYDRO(?:LANT|PAC|ARC)|(?:[A-Z]{3,15}[ \t]+){0,4}(?:NAV(?:IGATIONAL|TEX|AREA)?\.?[ \t]*"
    r"WARN(?:ING)?|COASTAL WARNING|WARNING))S?[ \t]{0,3}(?:\([A-Z ]{1,20}\)[ \t]*)?(?:NR|NO|NUMBER)?\.?[ \t]*"
    r"([0-9]{1,4}(?:/[0-9]{2,4})?)\b"
)
_CANCEL = re.compile(r"\bCANCEL(?:S|LED|LING)?\b([^\n]{0,400})")
_NAMED = re.compile(r"\b(?:[0-9]{1,4}/[0-9]{2,4}|[A-Z]{2}[0-9]{2})\b")


def are_notices(text: str) -> bool:
    """Tell whether a text is made of such messages."""
    head = text[: 1 << 16]
    if re.search(r"^[ \t]*ZCZC\b", head, re.MULTILINE):
        return True
    return any(_NUMBER.match(line.strip()) is not None for line in head.split("\n", 40)[:3])


def read_notices(text: str, about: About, reading: Reading) -> None:
    """Add one item for each message."""
    reading.form = "navtex"
    telegrams = re.search(r"^[ \t]*ZCZC\b", text, re.MULTILINE) is not None
    for number, header, lines in _telegrams(text, reading) if telegrams else _pasted(text):
        if len(reading.items) >= MOST_ITEMS:
            reading.rejects.add("too_many", number)
            continue
        _add(number, header, lines, about, reading)


def _telegrams(text: str, reading: Reading) -> Iterator[tuple[int, tuple[str, ...], list[str]]]:
    """Yield (line, (station, subject, serial), lines) of each message; what stands between them is rejected."""
    header, first, lines = None, 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        start = _START.match(line)
        if start or _END.fullmatch(line):
            if header is not None:
                if start:
                    reading.notes.add("no_end", first)
                yield first, header, lines
            header, first, lines = (tuple(g or "" for g in start.groups()), number, []) if start else (None, 0, [])
            if start and line[start.end() :].strip():
                lines.append(line[start.end() :])
        elif header is not None:
            lines.append(line)
        elif line.strip():
            reading.rejects.add("outside_message", number, line)
    if header is not None:
        reading.notes.add("no_end", first)
        yield first, header, lines


def _pasted(text: str) -> Iterator[tuple[int, tuple[str, ...], list[str]]]:
    """Yield each warning of a pasted text: it begins with its number, perhaps a date and time group before."""
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines) if _NUMBER.match(line.strip())]
    starts = [n - 1 if n and _DTG.match(lines[n - 1].strip()) else n for n in starts]
    starts[:1] = [0] if starts else []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start + 1, ("", "", ""), lines[start:end]


def _add(number: int, header: tuple[str, ...], lines: list[str], about: About, reading: Reading) -> None:
    body = flowing(lines)
    item = made(body, about, reading, "navtex", number)
    if item is None:
        return
    published = _published(body, about, number, reading)
    station = header[0].strip("*")
    reading.items.append(
        replace(
            dated(item, published),
            source=about.source or (f"NAVTEX station {station}" if station else None),
            language="en",
            points=points(body),
            facts=tuple(_facts(header, body)),
        )
    )


def flowing(lines: list[str]) -> str:
    """Return lines of 40 letters as text: a new line only after a header, a full stop, or before a numbered part."""
    out = ""
    for line in (one.strip() for one in lines):
        if not line:
            continue
        apart = not out or out.endswith((".", ":")) or re.match(r"[0-9A-Z]{1,2}\. ", line)
        header = _NUMBER.match(out.rpartition("\n")[2]) or _DTG.match(out.rpartition("\n")[2])
        out += ("\n" if out and (apart or header) else " " if out else "") + line
    return out


def _facts(header: tuple[str, ...], body: str) -> Iterator[tuple[str, str]]:
    station, subject, serial = header
    if station.strip("*"):
        yield "station", station
    if subject in SUBJECTS:
        yield "subject", SUBJECTS[subject]
    if serial:
        yield "serial", serial
    if serial == "00":
        yield "urgent", "yes"
    if named := _NUMBER.search(body[:400]):
        yield "number", named[1]
    cancelled = [name for match in _CANCEL.finditer(body) for name in _NAMED.findall(match[1])]
    if cancelled:
        yield "cancels", ", ".join(dict.fromkeys(cancelled[:100]))


def _published(body: str, about: About, number: int, reading: Reading) -> int | None:
    """Return when it was sent: the first date and time group that is not one of a cancellation."""
    for match in _DTG.finditer(body[:2000]):
        if re.search(r"\bCANCEL[^\n]{0,60}$", body[max(0, match.start() - 80) : match.start()]):
            continue
        return reading.time(group_us(match, about.received_us or about.reference_us), about, number, match[0])
    return None


def group_us(match: re.Match[str], before_us: int | None) -> int | None:
    """Return the time of a date and time group: the last that fits before a time, where month or year are not said."""
    day, hour, minute = (int(match[n]) for n in (1, 2, 3))
    month = _MONTHS.index(match[4].upper()) + 1 if match[4] else 0
    if match[5] and month:
        return _moment(int(match[5]) % 100 + 2000, month, day, hour, minute)
    if before_us is None:
        return None
    latest = before_us + AHEAD_US
    top = datetime.fromtimestamp(latest // 1_000_000, UTC)
    for back in range(0, 48 if month == 2 else 14):  # 29 February comes every fourth year
        ahead = top.year * 12 + top.month - 1 - back
        year, this = divmod(ahead, 12)
        us = _moment(year, this + 1, day, hour, minute) if month in (0, this + 1) else None
        if us is not None and us <= latest:
            return us
    return None


def _moment(year: int, month: int, day: int, hour: int, minute: int) -> int | None:
    try:
        return us_of(datetime(year, month, day, hour, minute, tzinfo=UTC))
    except ValueError:
        return None
