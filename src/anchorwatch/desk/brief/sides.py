"""What contradicts: the sides beside each other, each with its source. Which is right nobody has decided."""

from __future__ import annotations

from anchorwatch.desk.brief.facts import BriefFacts, Contradiction
from anchorwatch.desk.brief.page import Sentence
from anchorwatch.desk.brief.sources import Sources
from anchorwatch.desk.brief.words import begun, clean, listed, named, quoted

MOST_SIDES = 3
MOST_SIDE = 110  # characters of a quotation of one side


def told(facts: BriefFacts, by: Sources) -> list[Sentence]:
    """Return a sentence for each contradiction; none at all where nothing is known to contradict."""
    return [_sides(c, by) for c in facts.contradictions if len(c.sides) > 1]


def _sides(its: Contradiction, by: Sources) -> Sentence:
    lead = begun(clean(its.about, 100))
    sides = [
        f"{named(side.value)} ({quoted(side.quote, MOST_SIDE)})" if side.quote else named(side.value)
        for side in its.sides
    ]
    text = f"{lead}: {listed(sides, 'against', MOST_SIDES + 1)}."
    return Sentence(text, by.reports(side.report for side in its.sides), len(lead) + 1)
