"""What is known of a text before it is read, and what reading it gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from anchorwatch.desk.report import MOST_TEXT, Item

MOST_ITEMS = 100_000  # of one file; a year of a busy agency has less, and each takes about a kilobyte
SHOWN = 80  # characters of an example
DAY_US = 86_400_000_000
EARLIEST_US = 315_532_800_000_000  # 1980: before that, no feed and no digital notice
LATEST_US = 4_102_444_800_000_000  # 2100
AHEAD_US = 2 * DAY_US  # clocks of media are wrong, and dates without zone are up to a day ahead


@dataclass(frozen=True)
class About:
    """What the one who gives a text knows about it."""

    source: str | None = None  # name of the medium or the feed; None = what the text says itself
    file: str | None = None  # name for messages
    url: str | None = None  # where it was fetched, without secrets
    received_us: int | None = None
    reference_us: int | None = None  # the day that "next month" is next to, given by a person


@dataclass
class Tally:
    """Counts by reason, with the first example of each: (line, text)."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, reason: str, line: int = 0, text: str = "", number: int = 1) -> None:
        """Count something."""
        self.counts[reason] = self.counts.get(reason, 0) + number
        self.examples.setdefault(reason, (line, text[:SHOWN]))

    def merge(self, other: Tally) -> None:
        """Add the counts of another."""
        for reason, number in other.counts.items():
            self.add(reason, *other.examples[reason], number)

    @property
    def total(self) -> int:
        """Return the sum of all counts."""
        return sum(self.counts.values())


@dataclass
class Reading:
    """The items of one text. `rejects`: what is no item. `notes`: what was changed in items or left out of them."""

    form: str = ""  # name of the format, "" where there was nothing
    items: list[Item] = field(default_factory=list)
    rejects: Tally = field(default_factory=Tally)
    notes: Tally = field(default_factory=Tally)
    title: str = ""  # of a feed

    def time(self, us: int | None, about: About, line: int = 0, said: str = "") -> int | None:
        """Return a time if it can be true; one of the year 9999 is counted and dropped."""
        if us is None:
            return None
        latest = LATEST_US if about.received_us is None else about.received_us + AHEAD_US
        if EARLIEST_US <= us <= latest:
            return us
        self.notes.add("date_not_possible", line, said or str(datetime_of(us)))
        return None

    def bad_time(self, line: int, said: str) -> None:
        """Count a time that cannot be read."""
        self.notes.add("date_not_read", line, said)


def datetime_of(us: int) -> str:
    """Return a time for a message; also one that no calendar has."""
    try:
        return datetime.fromtimestamp(us // 1_000_000, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return f"{us} us"


def us_of(moment: datetime) -> int:
    """Return int64 microseconds since 1970; a time without zone is UTC."""
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def iso_us(said: object) -> int | None:
    """Return the time of an ISO 8601 text; None where it is none ("Invalid date")."""
    if not isinstance(said, str) or len(said) > 40:
        return None
    try:
        return us_of(datetime.fromisoformat(said.strip()))
    except (ValueError, OverflowError):
        return None


def text_of(record: Mapping[str, object], name: str, most: int = MOST_TEXT * 3) -> str:
    """Return a text of a JSON object; "" where there is none."""
    said = record.get(name)
    return said[:most] if isinstance(said, str) else ""
