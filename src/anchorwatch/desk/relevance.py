"""How much a text is the business of a desk that follows the security of the Baltic Sea and of Ukraine: 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from anchorwatch.desk.cues import Found, cues_of, words_of
from anchorwatch.desk.event_rules import Rules, packaged
from anchorwatch.desk.report import Claim, Entity

# Events that are of no other desk, where they are found at all.
SPECIAL = {
    "infrastructure_damage": 1.5, "grid_change": 1.5, "airspace_incident": 1.5, "control_zone": 1.5, "outage": 1.5,
    "presence": 1.0, "exercise": 1.0, "spending": 2.2, "delivery": 0.5, "need": 0.5,
    "facility_security": 1.0, "command_change": 0.5,
}  # fmt: skip
AGAIN = 0.15  # of its points for every further time that a group occurs, up to three
AGAINST_AGAIN = 0.5  # as AGAIN, of what speaks against it: two words of sport are no chance
IN_SHORT = 60  # words: what is said against an item counts in full up to here, in a long article by its share


@lru_cache(maxsize=4)
def subjects_of(text: str, rules: Rules) -> Found:
    """Return what a text is about, as groups of words; remembered for the next question on the same text."""
    return cues_of(words_of(text), rules.subjects)


def relevance(
    text: str,
    entities: Sequence[Entity],
    claims: Sequence[Claim],
    assets: Sequence[str] = (),
    rules: Rules | None = None,
) -> float:
    """Return the relevance of a text."""
    rules = rules or packaged()
    words = words_of(text)
    found = subjects_of(text, rules)
    counts = {group: len(cues) for group, cues in found.items()}
    for entity in entities:
        counts["@" + entity.type] = counts.get("@" + entity.type, 0) + 1
    total = against = 0.0
    for group, count in counts.items():
        points = rules.points.get(group, 0.0)
        points *= 1 + (AGAIN if points > 0 else AGAINST_AGAIN) * min(3, count - 1)
        total += max(0.0, points)
        against += min(0.0, points)
    if assets:
        total += rules.points.get("@asset", 0.0)
    total += max((SPECIAL.get(c.type, 0.0) for c in claims), default=0.0)
    points = total + against * min(1.0, IN_SHORT / max(1, len(words)))
    return round(points / (points + rules.half), 3) if points > 0 else 0.0
