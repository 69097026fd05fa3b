"""What contradicts: the sides beside each other, each with its source. Which is right nobody has decided."""

from __future__ import annotations

from collections.abc import Sequence

from anchorwatch.desk.brief.facts import BriefFacts, Contradiction, Side
from anchorwatch.desk.brief.page import Sentence
from anchorwatch.desk.brief.sources import Sources
from anchorwatch.desk.brief.words import begun, clean, counted, named, quoted

MOST_SIDES = 3
MOST_SIDE = 110  # characters of a quotation of one side


def told(facts: BriefFacts, by: Sources) -> list[Sentence]:
    """Return a sentence for each contradiction; none at all where nothing is known to contradict."""
    return [_sides(c, by) for c in facts.contradictions if len(c.sides) > 1]


def _sides(its: Contradiction, by: Sources) -> Sentence:
    lead = begun(clean(its.about, 100))
    values: dict[str, list[Side]] = {}
    for side in its.sides:
        values.setdefault(named(side.value), []).append(side)
    sides = [_side(value, by_value) for value, by_value in list(values.items())[:MOST_SIDES]]
    left = len(values) - MOST_SIDES
    more = f", and {counted(left, 'further value')}" if left > 0 else ""
    text = f"{lead}: {' beside '.join(sides)}{more}."
    return Sentence(text, by.reports(side.report for side in its.sides), len(lead) + 1)


def _side(value: str, sides: Sequence[Side]) -> str:
    also = f", and {counted(len(sides) - 1, 'further report')}" if len(sides) > 1 else ""
    quote = quoted(sides[0].quote, MOST_SIDE) if sides[0].quote else ""
    return f"{value} ({quote}{also})" if quote else value
