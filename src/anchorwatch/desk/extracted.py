"""What a plugged-in model says it found, believed only as far as the text bears it out word for word."""

from __future__ import annotations

from math import isfinite
from typing import TypeVar

from anchorwatch.desk.quantities import quantities
from anchorwatch.desk.report import ENTITY_TYPES, EVENT_TYPES, MODALITIES, ROLES, Claim, Entity, Extracted, Quantity

MOST = 200  # of each sort in one text: more is a model gone astray
LONGEST_NAME = 120  # characters
Found = TypeVar("Found", Entity, Quantity)


def accepted(text: str, extracted: Extracted) -> Extracted:
    """Return what stands in the text at the very place that is claimed; names that the model made up are dropped.

    A name that the model gives an entity is not taken over: it knows no more than the text. `possibly` neither.
    """
    return Extracted(
        entities=tuple(
            e._replace(name=None, possibly=None, id=None)
            for e in _standing(text, extracted.entities)
            if e.type in ENTITY_TYPES and e.end - e.start <= LONGEST_NAME
        ),
        quantities=tuple(
            q
            for q in _standing(text, extracted.quantities)
            if q.role in ROLES and isfinite(q.low) and isfinite(q.high) and q.low <= q.high and _said(text, q)
        ),
        claims=tuple(_plain(c) for c in extracted.claims[:MOST] if _is_claim(text, c)),
    )


def _standing(text: str, found: tuple[Found, ...]) -> list[Found]:
    """Return those whose words stand where they say, the first of any that overlap."""
    out: list[Found] = []
    for one in sorted(found[:MOST], key=lambda f: (f.start, -f.end)):
        inside = 0 <= one.start < one.end <= len(text) and text[one.start : one.end] == one.text
        if inside and one.text.strip() == one.text and (not out or one.start >= out[-1].end):
            out.append(one)
    return out


def _said(text: str, quantity: Quantity) -> bool:
    """Tell whether the words of a quantity say its value, and the text its noun and hedge."""
    words = text.casefold()
    read = {(q.low, q.high, q.unit) for q in quantities(quantity.text, ())}  # by our own reader, from these words alone
    said = all(word is None or word.casefold() in words for word in (quantity.of, quantity.qualifier))
    return said and (quantity.low, quantity.high, quantity.unit) in read


def _is_claim(text: str, claim: Claim) -> bool:
    stands = 0 <= claim.start < claim.end <= len(text) and text[claim.start : claim.end] == claim.quote
    return stands and claim.type in EVENT_TYPES and claim.modality in MODALITIES and _names_are_said(text, claim)


def _names_are_said(text: str, claim: Claim) -> bool:
    names = (*claim.actors, *claim.to, *(n for n in (claim.place, claim.when, claim.speaker) if n))
    return all(name in text for name in names)


def _plain(claim: Claim) -> Claim:
    """Leave out what a model cannot know: which asset of the chart is meant, places in our own list of numbers."""
    return Claim(
        claim.type, claim.modality, claim.quote, claim.start, claim.end, claim.actors, claim.to,
        claim.place, claim.when, claim.speaker,
    )  # fmt: skip
