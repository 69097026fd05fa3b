"""Whom words mean that are no names: "He", "The country", "The alliance", "The parties", by the sentence before.

Only where one alone can be meant; where two may be, nobody is.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorwatch.desk.cues import Token
from anchorwatch.desk.places import NOT_A_SUBJECT, Named, name_of
from anchorwatch.desk.report import Entity

HE = frozenset({"he", "she"})
LEADS = frozenset({"instead", "afterwards", "later", "earlier", "meanwhile", "however", "then", "also", "moreover"})
OFFICES = frozenset({"president", "minister", "chancellor", "premier", "secretary"})
STATES = frozenset({"country", "nation", "kingdom", "republic", "government"})
PARTIES = frozenset({"parties", "sides", "two", "leaders", "presidents", "ministers", "interlocutors"})
PHRASES = frozenset({"in", "on", "at", "during", "after", "before"})
LONG_PHRASE = 7  # words before "he"
OPENERS = HE | PHRASES | LEADS | {"they", "the", "there"}
NATO = "NATO"
OF_SUBJECT = 6  # words of a sentence that its subject is among
SPOKEN = 4  # words: "the NATO Secretary General"


def meant(
    text: str, tokens: Sequence[Token], before: Sequence[Named], earlier: Sequence[Token], speaker: str | None
) -> list[Named]:
    """Return whom the first words of a sentence mean. before, earlier, speaker: of the sentence before it."""
    words = [t.text for t in tokens[:5]]
    at = 2 if len(words) > 2 and words[0] in LEADS and words[1] == "," else int(words[0] == "there")
    if words and words[0] in PHRASES:  # "In his new post he ..."
        at = next((i for i, t in enumerate(tokens[:LONG_PHRASE]) if t.text in HE), at)
        words = [t.text for t in tokens[: at + 3]]
    first, second = (*words[at : at + 2], "", "")[:2]
    if first in HE:
        return _named(text, tokens, at, at, _person(before, earlier, speaker), "person")
    if first == "they":
        return [n for one in _parties(before) for n in _named(text, tokens, at, at, one, "country")]
    if first != "the" or (len(words) > at + 2 and words[at + 2] in ("of", "in", "for")):
        return []
    if second in PARTIES:
        return [n for one in _parties(before) for n in _named(text, tokens, at, at + 1, one, "country")]
    if second in STATES:
        return _named(text, tokens, at, at + 1, _country(before), "country")
    if second == "alliance":
        known = any(name_of(n.entity) == NATO for n in before)
        return _named(text, tokens, at, at + 1, NATO if known else None, "organisation")
    if second in OFFICES:
        return _named(text, tokens, at, at + 1, _person(before, earlier, None), "person")
    return []


def _named(text: str, tokens: Sequence[Token], first: int, last: int, name: str | None, kind: str) -> list[Named]:
    if name is None:
        return []
    start, end = tokens[first].start, tokens[last].end
    return [Named(first, last, Entity(text[start:end], start, end, kind, name))]


def _subjects(names: Sequence[Named], tokens: Sequence[Token], *kinds: str) -> list[str]:
    """Return the names that a sentence is about: no preposition stands before them."""
    found = []
    for named in names:
        before = tokens[named.first - 1].text if named.first else ""
        title = before == "of" and named.first <= OF_SUBJECT
        if named.entity.type in kinds and (title or before not in NOT_A_SUBJECT):
            found.append(name_of(named.entity))
    return list(dict.fromkeys(found))


def _person(names: Sequence[Named], tokens: Sequence[Token], speaker: str | None) -> str | None:
    persons = _subjects(names, tokens, "person")
    if len(persons) == 1:
        return persons[0]
    known = {name_of(n.entity) for n in names if n.entity.type != "person"}
    spoken = speaker is not None and speaker not in known and len(speaker.split()) <= SPOKEN
    return speaker if spoken and not persons else None


def _country(names: Sequence[Named]) -> str | None:
    """Return the country that the sentence begins with: "Slovakia's Defense Minister", "The Norwegian government"."""
    first = [n for n in names if n.entity.type == "country" and n.first <= 2]
    return name_of(first[0].entity) if first else None


def _parties(names: Sequence[Named]) -> list[str]:
    """Return those that met or agreed: two countries or organisations; nobody where there are others, too."""
    found = list(dict.fromkeys(name_of(n.entity) for n in names if n.entity.type in ("country", "organisation")))
    return found if len(found) == 2 else []
