"""The calendar as an iCalendar file (RFC 5545): meetings with a date; those without one are counted, not guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from icalendar import Calendar, Event

from anchorwatch.desk.ledgers.ledger import Ledger, Row
from anchorwatch.model import utc

_DAY_US = 86_400_000_000
_MOST_DAYS = 366  # of a meeting: "in 2027" says no more than the year, and is left out with those without a date
_MOST_TEXT = 1_000  # characters of a description
# What no line of an iCalendar file may hold (RFC 5545, 3.1): controls; and marks that turn or hide what is read.
_UNRULY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class CalendarFile(NamedTuple):
    """An iCalendar file, and how many meetings are in it and are not."""

    content: bytes
    meetings: int
    undated: int


def calendar_file(ledger: Ledger, name: str = "Anchorwatch report desk") -> CalendarFile:
    """Return the calendar ledger as a file; the same rows give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Anchorwatch//Report desk//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _plain(name))
    dated = [row for row in ledger.rows if _fits(row)]
    for row in sorted(dated, key=lambda r: (r.at_us or 0, r.id)):
        calendar.add_component(_event(row))
    return CalendarFile(calendar.to_ical(), len(dated), len(ledger.rows) - len(dated))


def _fits(row: Row) -> bool:
    """Return whether the day is known well enough to stand in a calendar."""
    if row.at_us is None:
        return False
    return row.until_us is None or 0 <= row.until_us - row.at_us <= _MOST_DAYS * _DAY_US


def _event(row: Row) -> Event:
    start_us = row.at_us or 0
    until_us = row.until_us if row.until_us is not None and row.until_us > start_us else None
    event = Event()
    event.add("uid", f"{row.id}@anchorwatch")
    # When it was made: by the data, so that the same rows give the same file.
    event.add("dtstamp", utc(start_us - start_us % 1_000_000))
    first, last = _span(start_us, until_us)
    event.add("dtstart", first)
    event.add("dtend", last)
    event.add("summary", _summary(row))
    if row.cells.get("place"):
        event.add("location", _plain(str(row.cells["place"])))
    event.add("description", _description(row))
    event.add("status", "TENTATIVE" if row.cells.get("state") == "to come" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _span(start_us: int, until_us: int | None) -> tuple[date, date]:
    """Return first and last: days where only days are known, else times."""
    whole = start_us % _DAY_US == 0 and (until_us is None or until_us % _DAY_US == 0)
    start = utc(start_us).astimezone(UTC)
    if whole:
        last = utc(until_us).date() if until_us is not None else start.date() + timedelta(days=1)
        return start.date(), last
    end: datetime = utc(until_us) if until_us is not None else start + timedelta(hours=1)
    return start, end


def _summary(row: Row) -> str:
    who = str(row.cells.get("participants") or "Meeting")
    return _plain(who if row.cells.get("participants") is None else f"Meeting: {who}")[:200]


def _description(row: Row) -> str:
    lines = [str(row.cells["purpose"])] if row.cells.get("purpose") else []
    lines += [f"“{source.quote}” ({source.report})" for source in row.sources]
    return _plain("\n".join(lines))[:_MOST_TEXT]


def _plain(text: str) -> str:
    """Return the text without what a calendar would stumble over; escaping is the library's."""
    return _UNRULY.sub("\ufffd", text)


def undated(rows: Sequence[Row]) -> int:
    """Return how many meetings are left out."""
    return sum(not _fits(row) for row in rows)
