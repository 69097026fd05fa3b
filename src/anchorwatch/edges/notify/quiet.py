"""Quiet hours: `"22:00-06:00"` in UTC, or `"22:00-06:00 Europe/Helsinki"` by the clock on that wall."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from anchorwatch.model import utc

_FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)(?:\s+([A-Za-z0-9_+/-]{1,60}))?")
_MINUTE_US = 60_000_000


class Quiet(NamedTuple):
    """A time of day, every day, that may pass midnight."""

    begins: time
    ends: time
    zone: tzinfo
    said: str  # as it was written

    def covers(self, now_us: int) -> bool:
        """Tell whether `now_us` is within."""
        at = utc(now_us).astimezone(self.zone).time()
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def ends_us(self, now_us: int) -> int:
        """Return when the quiet hours that cover `now_us` end; always later than that."""
        at = utc(now_us).astimezone(self.zone)
        end = datetime.combine(at.date(), self.ends, self.zone)
        if end <= at:
            end = datetime.combine(at.date() + timedelta(days=1), self.ends, self.zone)
        # On the night the clocks change, that time can come twice or not at all: never back, and looked at anew then.
        return max(int(end.timestamp()) * 1_000_000, now_us + _MINUTE_US)


def read(text: str) -> Quiet:
    """Return the quiet hours of a text; ValueError, with what is wrong, where it is none."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError("these are no quiet hours")
    begins, ends = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if begins == ends:
        raise ValueError("these quiet hours begin and end at the same time")
    return Quiet(begins, ends, _zone(found[5]), text.strip())


def _zone(name: str | None) -> tzinfo:
    if name is None or name.upper() in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r} on this machine") from None
