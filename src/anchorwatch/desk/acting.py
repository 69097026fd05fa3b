"""On whose behalf somebody acts: "Secretary General Rutte announces the deployment" of forces of NATO, not of his."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from anchorwatch.desk.gazetteer import Words
from anchorwatch.desk.places import GIFTS
from anchorwatch.desk.report import Claim, Entity

# States and alliances do these; people only say so.
OF_STATES = frozenset(
    {"presence", "control_zone", "delivery", "pledge", "procurement", "licence", "need", "grid_change"}
    | {"facility_security", "command_change", "spending", "exercise"}
)

UNDONE = frozenset({"airspace_incident"})


@lru_cache(maxsize=8)
def behind(words: Words) -> Mapping[str, str]:
    """Return for whom people act, by their names: the country or organisation of their office."""
    return {person: words.entries[of].name for (_, of), person in words.holders.items() if of in words.entries}


def of_states(claims: Iterable[Claim], entities: Sequence[Entity], words: Words) -> tuple[Claim, ...]:
    """Return the claims, those of acts of states with a state or an alliance as actor, and the person as speaker."""
    persons = {e.name or e.text for e in entities if e.type == "person"}
    others = {e.name or e.text: e.text for e in entities if e.type in ("country", "organisation", "force")}
    return tuple(_put(claim, persons, others, behind(words)) for claim in claims)


def _put(claim: Claim, persons: set[str], others: Mapping[str, str], holders: Mapping[str, str]) -> Claim:
    people = [a for a in claim.actors if a in persons]
    if claim.type in UNDONE and people:  # who speaks of drones has not sent them
        return replace(claim, actors=(), speaker=claim.speaker or people[0])
    if claim.type == "exercise" and claim.speaker in claim.actors and "warn" in claim.quote:
        return replace(claim, actors=tuple(a for a in claim.actors if a != claim.speaker))  # who warns does not shoot
    if claim.type in GIFTS:
        claim = _unspoken(claim)
    if claim.type not in OF_STATES:
        return claim
    if claim.speaker and claim.actors == (claim.speaker,) and claim.speaker not in persons | others.keys():
        whose = tuple(n for n, text in others.items() if text in claim.speaker or n in claim.speaker)
        return replace(claim, actors=whose, to=tuple(n for n in claim.to if n not in whose))
    if not people:
        return claim
    states = tuple(a for a in claim.actors if a not in persons)
    if claim.type == "spending" and claim.modality == "demand" and not states:
        return replace(claim, actors=(), speaker=claim.speaker or people[0])  # who asks others for 5% does not spend it
    actors = states or tuple(dict.fromkeys(holders.get(a, a) for a in people))
    to = tuple(n for n in claim.to if n not in actors)
    return replace(claim, actors=actors, to=to, speaker=claim.speaker or people[0])


def _unspoken(claim: Claim) -> Claim:
    """Return a gift without the giver of whom only the spokesman is heard: "the Foreign Ministry spokesperson"."""
    said = claim.speaker or ""
    return replace(claim, actors=tuple(a for a in claim.actors if a == said or a not in said))
