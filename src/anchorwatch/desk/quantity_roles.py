"""What a number is for: asked, given, had, spent; told from the nearest words that say so."""

from __future__ import annotations

from anchorwatch.desk.quantity_counts import BEFORE, BEHIND, CLAUSE_ENDS, of_count
from anchorwatch.desk.quantity_cues import LENGTHS, before
from anchorwatch.desk.quantity_money import of_money
from anchorwatch.desk.quantity_shares import of_level, of_share
from anchorwatch.desk.quantity_units import CAPACITIES, CURRENCIES, DURATIONS

GDP = "% of GDP"


def role_of(text: str, sentence: tuple[int, int], start: int, end: int, unit: str | None, noun: str | None) -> str:
    """Return the role (report.ROLES) of the number at `start:end`, from the words of its sentence."""
    left = max(sentence[0], start - BEFORE)
    clause = CLAUSE_ENDS.search(text, end, min(sentence[1], end + BEHIND))
    right = clause.start() if clause else min(sentence[1], end + BEHIND)
    if (unit is None and noun is None) or unit in CURRENCIES:
        return of_money(text, left, start, end, right)
    if unit is None:
        return of_count(text, left, start, end, right, noun or "")
    if unit in DURATIONS:
        return before(LENGTHS, text, max(left, start - 60), start) or "duration"
    if unit in CAPACITIES:
        return "capacity"
    if unit == GDP:
        return of_level(text, left, start, end, right)
    if unit == "%":
        return of_share(text, left, start, end, right)
    return "measure"
