"""Times as users type them."""

from __future__ import annotations

from datetime import UTC, datetime

from anchorwatch.errors import BadUse


def time_us(text: str | None, option: str) -> int | None:
    """Return microseconds of an ISO 8601 date or time (no zone = UTC); None for None."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadUse(f"{text!r} is not a time", option, "Write it like 2024-12-25 or 2024-12-25T10:26:00Z") from None
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
