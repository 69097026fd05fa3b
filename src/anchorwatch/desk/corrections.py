"""What a person put right, kept and applied whenever the same text is read again.

A correction names the words that it is about, not only their place: where these words do not stand any more, it does
nothing. One about an entity may hold everywhere: then it is about the same words in any report.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from anchorwatch.desk.report import ENTITY_TYPES, EVENT_TYPES, MODALITIES, Claim, Entity
from anchorwatch.errors import BadUse

WHAT = ("entity", "claim", "relevant", "story")
MOST_WORDS = 300  # characters of an entity
MOST_IN_FORCE = 5_000  # of all: each is held against every text; who needs more writes a word list


@dataclass(frozen=True)
class Correction:
    """One thing put right. `type` None removes the entity or claim; fields that do not belong to `what` stay unset."""

    report: str  # id; "" = everywhere (entities only)
    what: str  # of WHAT
    text: str = ""  # the words of the entity, the quote of the claim
    start: int = -1  # where they stand; -1 = wherever (everywhere)
    was: str | None = None  # type of the entity or claim before; None = it was not there, and is added
    type: str | None = None
    name: str | None = None  # of an entity: whom or what it means
    modality: str | None = None
    relevant: bool | None = None
    story: str | None = None  # id of the story that it belongs to; "" = none
    by: str = ""
    at_us: int = 0

    @cached_property
    def id(self) -> str:
        """Return the id: of what is corrected and how, not of who did it."""
        said = {k: v for k, v in asdict(self).items() if k not in ("by", "at_us")}
        return "c1-" + hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def about(self) -> tuple[str, str, int, str | None]:
        """Return what it is about: of two about the same thing, the later holds."""
        return self.report, f"{self.what} {self.text}", self.start, self.was if self.what == "claim" else None


def checked(correction: Correction, text: str | None = None) -> Correction:
    """Return it where it can be meant; raises BadUse. text: that of the report, whose words it must name."""
    where = f"correction of {correction.report or 'every report'}"
    if correction.what not in WHAT:
        raise BadUse(f"{correction.what[:40]!r} cannot be corrected", where, f"Known are {', '.join(WHAT)}")
    if not correction.report and correction.what != "entity":
        raise BadUse("only an entity is corrected everywhere", where, "Name the report")
    if correction.what in ("entity", "claim"):
        _check_words(correction, text, where)
    types = {"entity": ENTITY_TYPES, "claim": EVENT_TYPES}.get(correction.what, ())
    if types and correction.type is not None and correction.type not in types:
        raise BadUse(
            f"{correction.type[:40]!r} is no type of {correction.what}", where, f"Known are {', '.join(types)}"
        )
    if correction.modality is not None and correction.modality not in MODALITIES:
        raise BadUse(f"{correction.modality[:40]!r} is no modality", where, f"Known are {', '.join(MODALITIES)}")
    if correction.what == "relevant" and correction.relevant is None:
        raise BadUse("it does not say whether the report is relevant", where, "Say true or false")
    if correction.what == "story" and correction.story is None:
        raise BadUse("it does not say which story", where, "Give its id, or an empty text for none")
    return correction


def _check_words(correction: Correction, text: str | None, where: str) -> None:
    if not correction.text.strip():
        raise BadUse("it does not say which words", where, "Give the words as they stand in the text")
    if correction.what == "entity" and len(correction.text) > MOST_WORDS:
        raise BadUse(f"a name has at most {MOST_WORDS} characters", where, "Choose fewer words")
    if text is not None and correction.report:
        start = correction.start
        if start < 0 or text[start : start + len(correction.text)] != correction.text:
            raise BadUse("these words do not stand there", where, "Load the report again")


def in_force(corrections: Iterable[Correction], report: str) -> list[Correction]:
    """Return those that hold for a report: of two about the same thing the later; its own go before those for all."""
    last: dict[tuple[str, str, int, str | None], Correction] = {}
    mine = [c for c in corrections if c.report in ("", report)]
    for correction in sorted(mine, key=lambda c: (c.report != "", c.at_us, c.id)):
        last.pop(correction.about, None)
        last[correction.about] = correction
    return list(last.values())


def of_entities(
    entities: Sequence[Entity], text: str, corrections: Sequence[Correction], id_of: dict[str, str] | None = None
) -> tuple[Entity, ...]:
    """Return the entities as a person put them right. id_of: ids of assets and others by name."""
    out = list(entities)
    for correction in corrections:
        if correction.what != "entity":
            continue
        starts, long = list(_places(text, correction)), len(correction.text)
        if correction.type is None:
            gone = {(start, start + long) for start in starts}
            out = [e for e in out if (e.start, e.end) not in gone]
            continue
        out = [e for e in out if not _touches(e, starts, long)]
        known = (id_of or {}).get(correction.name or correction.text) if correction.type == "asset" else None
        out += [Entity(correction.text, s, s + long, correction.type, correction.name, None, known) for s in starts]
    return tuple(sorted(out, key=lambda e: e.start))


def _touches(entity: Entity, starts: Sequence[int], long: int) -> bool:
    """Tell whether an entity shares a letter with one of the places, which are in order."""
    after = bisect_right(starts, entity.start - long)  # the first that ends behind the beginning of the entity
    return after < len(starts) and starts[after] < entity.end


def _places(text: str, correction: Correction) -> Iterator[int]:
    """Yield where the words stand that are meant."""
    words = correction.text
    if correction.report:
        if text[correction.start : correction.start + len(words)] == words:
            yield correction.start
        return
    if words not in text:  # thousands hold everywhere, and few of them stand in one text
        return
    before, after = (r"(?<!\w)" if words[:1].isalnum() else ""), (r"(?!\w)" if words[-1:].isalnum() else "")
    yield from (m.start() for m in re.finditer(before + re.escape(words) + after, text))


def of_claims(claims: Sequence[Claim], text: str, corrections: Sequence[Correction]) -> tuple[Claim, ...]:
    """Return the claims as a person put them right."""
    out = list(claims)
    for correction in corrections:
        if correction.what != "claim" or text[correction.start :][: len(correction.text)] != correction.text:
            continue
        place = next((n for n, c in enumerate(out) if _is(c, correction)), None)
        if correction.type is None:
            out = [c for n, c in enumerate(out) if n != place]
        elif place is not None:
            out[place] = replace(out[place], type=correction.type, modality=correction.modality or out[place].modality)
        elif correction.was is None:
            end = correction.start + len(correction.text)
            made = Claim(correction.type, correction.modality or "fact", correction.text, correction.start, end)
            out.append(made)
    return tuple(out)


def _is(claim: Claim, correction: Correction) -> bool:
    return (claim.start, claim.quote, claim.type) == (correction.start, correction.text, correction.was)


def relevant(corrections: Sequence[Correction]) -> bool | None:
    """Return what a person said of a report's relevance; None = nothing."""
    return next((c.relevant for c in reversed(corrections) if c.what == "relevant"), None)


def story(corrections: Sequence[Correction]) -> str | None:
    """Return the story that a person put a report into; "" = none; None = nothing was said."""
    return next((c.story for c in reversed(corrections) if c.what == "story"), None)
