"""Who does it, to whom, where and when: the names around an event word."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from anchorwatch.desk.cues import Cue, Token
from anchorwatch.desk.report import Entity, Quantity, When

ACTORS = frozenset({"country", "organisation", "force", "person"})
TO = frozenset({"to", "for", "with", "against"})
RECEIVERS = {  # by type, the words before those whom it concerns
    "meeting": frozenset({"with", "between", "to"}),
    "need": frozenset({"from", "to"}),
    "licence": frozenset({"from", "with", "to"}),
    "procurement": frozenset({"from", "with"}),
    "exercise": frozenset({"on", "against", "with"}),
    "airspace_incident": frozenset({"of", "over", "into", "to", "in"}),
    "grid_change": frozenset({"from", "with", "to"}),
    "command_change": frozenset({"from", "to"}),
    "statement": frozenset({"to", "for", "against", "in"}),
    "infrastructure_damage": frozenset[str](),
    "outage": frozenset[str](),
    "spending": frozenset[str](),
    "presence": frozenset({"to"}),
}
UNDONE = frozenset({"infrastructure_damage", "outage"})  # nobody has done them, unless a text says so outright
BESIDE = 3  # words before it where its subject must stand then: "Russia has cut"
DOES_HARM = frozenset({"break_v", "hit_v"})  # of damage, only the subject of such a verb is said to have done it
OF_PLACE = frozenset(
    {"in", "at", "near", "off", "over", "around", "to", "into", "within", "outside", "between", "on", "across", "from"}
    | {"of"}
)
NOT_A_SUBJECT = frozenset(
    {"in", "at", "of", "from", "to", "with", "between", "on", "near", "off", "by", "for", "after", "against", "about"}
    | {"over", "into", "via", "through", "without"}
)
BE_PASSIVE = frozenset({"is", "are", "was", "were", "be", "been", "being"})


class Named(NamedTuple):
    """A name in a sentence, by its words."""

    first: int
    last: int
    entity: Entity


class Parts(NamedTuple):
    """Who, to whom, where, when."""

    actors: tuple[str, ...]
    to: tuple[str, ...]
    place: str | None
    when: str | None


def name_of(entity: Entity) -> str:
    """Return the full name, or the name as said where that is not known."""
    return entity.name or entity.text


def named_in(tokens: Sequence[Token], entities: Sequence[Entity]) -> list[Named]:
    """Return the names in a row of tokens, with their words; `entities` by start."""
    if not tokens or not entities:
        return []
    starts = [t.start for t in tokens]
    found = []
    for entity in entities:
        if entity.start >= tokens[-1].end or entity.end <= tokens[0].start:
            continue
        first = bisect_left(starts, entity.start)
        last = bisect_left(starts, entity.end) - 1
        if first <= last:
            found.append(Named(first, last, entity))
    return found


def parts_of(
    tokens: Sequence[Token],
    names: Sequence[Named],
    type_: str,
    group: str,
    trigger: Cue,
    whens: Sequence[When],
    start: int,
) -> Parts:
    """Return who does it, to whom, where and when, for an event word in a clause that starts at word `start`."""
    if type_ not in UNDONE:
        actors = _actors(tokens, names, trigger, start)
    else:
        actors = _actors(tokens, names, trigger, max(start, trigger.first - BESIDE)) if group in DOES_HARM else ()
    to = tuple(n for n in _receivers(tokens, names, trigger, RECEIVERS.get(type_, TO)) if n not in actors)
    return Parts(actors, to, _place(tokens, names, trigger), _when(tokens, whens, trigger))


def _actors(tokens: Sequence[Token], names: Sequence[Named], trigger: Cue, start: int) -> tuple[str, ...]:
    passive = trigger.form == "past" and any(
        tokens[i].text in BE_PASSIVE for i in range(max(start, trigger.first - 3), trigger.first)
    )
    actors = _after_by(tokens, names, trigger) if passive else _subjects(tokens, names, trigger, start)
    if not actors and trigger.form in ("noun", "word"):
        actors = _after_by(tokens, names, trigger)
    return actors


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _preceded(tokens: Sequence[Token], named: Named, words: frozenset[str], reach: int) -> str | None:
    """Return the word of `words` that stands at most `reach` words before a name."""
    for i in range(named.first - 1, max(-1, named.first - 1 - reach), -1):
        if tokens[i].text in words:
            return tokens[i].text
    return None


def _subjects(tokens: Sequence[Token], names: Sequence[Named], trigger: Cue, start: int) -> tuple[str, ...]:
    found = []
    for named in names:
        if not start <= named.first < trigger.first:
            continue
        before = _preceded(tokens, named, NOT_A_SUBJECT, 2)
        title = before == "of" and named.first <= start + 6
        kind = named.entity.type
        placed = kind == "place" and before is None and named.first <= start + 2
        if placed or (kind in ACTORS and (before is None or title)):
            found.append(name_of(named.entity))
    return _unique(found)


def _after_by(tokens: Sequence[Token], names: Sequence[Named], trigger: Cue) -> tuple[str, ...]:
    found: list[str] = []
    for named in names:
        if (
            named.first > trigger.last
            and named.entity.type in ACTORS
            and _preceded(tokens, named, frozenset({"by"}), 4)
        ):
            found.append(name_of(named.entity))
    return _unique(found)


def _receivers(tokens: Sequence[Token], names: Sequence[Named], trigger: Cue, words: frozenset[str]) -> list[str]:
    found: list[str] = []
    before: Named | None = None  # the last one that was found: "to Estonia, Latvia and Lithuania"
    for named in names:
        if named.first <= trigger.last or named.entity.type not in ACTORS or not words:
            continue
        listed = before is not None and before.last == named.first - 2 and tokens[named.first - 1].text in ("and", ",")
        near = named.first - trigger.last <= 2 and tokens[named.first - 1].text not in NOT_A_SUBJECT
        if (
            near
            or _preceded(tokens, named, words, 4)
            or (listed and before is not None and before.entity.type == named.entity.type)
        ):
            found.append(name_of(named.entity))
            before = named
    return list(_unique(found))


def _place(tokens: Sequence[Token], names: Sequence[Named], trigger: Cue) -> str | None:
    best: tuple[int, int, str] | None = None
    for named in names:
        kind = named.entity.type
        if kind not in ("place", "country"):
            continue
        before = _preceded(tokens, named, OF_PLACE, 2)
        if kind == "country" and before not in ("in", "near", "off", "within"):
            continue
        rank = (0 if before else 1, abs(named.first - trigger.first))
        if best is None or rank < best[:2]:
            best = (*rank, name_of(named.entity))
    return best[2] if best else None


def _when(tokens: Sequence[Token], whens: Sequence[When], trigger: Cue) -> str | None:
    start, end = tokens[0].start, tokens[-1].end
    at = tokens[trigger.first].start
    inside = [w for w in whens if start <= w.start < end and not w.duration]
    return min(inside, key=lambda w: abs(w.start - at)).text if inside else None


def quantities_in(quantities: Sequence[Quantity], start: int, end: int) -> tuple[int, ...]:
    """Return the places of the quantities that stand in a span."""
    return tuple(i for i, q in enumerate(quantities) if start <= q.start < end)
