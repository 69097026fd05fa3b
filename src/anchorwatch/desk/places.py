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
# Where those end who meet: "with Macron in Paris about Ukraine".
ENDS_COMPANY = frozenset(
    {"to", "about", "on", "in", "at", "regarding", "concerning", "ahead", "before", "after", "during", "for", "as"}
    | {"who", "which", "that", "where", "when", "amid", "over", "via", "by", "against", "following", "because", "since"}
    | {"near", "off", "while", "but", ";", ":", "(", "without", "despite", "into", "through"}
)
GIFTS = frozenset({"pledge", "delivery"})
ELSEWHERE = frozenset({"after", "before", "following", "way", "trip", "journey", "flight"})
JOINTLY = frozenset({"together", "jointly", "along"})
ASKED = frozenset({"ask", "asks", "asked", "asking", "urge", "urges", "urged", "request", "requests", "requested"})
ASKING = frozenset({"need", "licence", "procurement"})
GATHERINGS = frozenset({"meeting", "summit", "session", "gathering", "conference"})
ENDS_BEFORE = ENDS_COMPANY - {"on", "in", "at", "for"}
OPENS_COMPANY = frozenset({"with", "between", "among"})
TALKED_OF = frozenset({"discuss", "topic_of"})  # what follows is the topic of a talk, and none who takes part
LEADS_TO = NOT_A_SUBJECT | TO | OF_PLACE | {"despite", "under", "during", "through", "towards", "because", "as", "than"}
RELATIVE = frozenset({"that", "which", "who", "whom"})
HELD = frozenset({"assets", "asset", "funds", "money", "reserves"})  # "frozen Russian assets" are no party
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
        actors = () if type_ in GIFTS and _is_topic(tokens, trigger, start) else actors
    else:
        actors = _culprits(tokens, names, trigger, start) if group in DOES_HARM else ()
    met = _company(tokens, names, group, trigger) if type_ == "meeting" else None
    found = _receivers(tokens, names, trigger, RECEIVERS.get(type_, TO), type_) if met is None else met
    if type_ == "procurement" and (both := [n for n in actors if n in found and n in _stand_ins(names)]):
        actors = tuple(n for n in actors if n not in both)  # of "the parties" the one who sells
    if type_ in GIFTS | ASKING and (asked := _asked(tokens, names, trigger, start, actors)):
        askers = [n for n in actors if n not in asked]
        actors, found = (asked, [*askers, *found]) if type_ in GIFTS else (tuple(askers), [*asked, *found])
    to = tuple(dict.fromkeys(n for n in found if n not in actors))
    told = type_ in UNDONE and _is_attribute(tokens, trigger)  # "presented in Strasbourg a fund for damaged cables"
    near = [n for n in names if n.first > trigger.last] if told else names
    return Parts(actors, to, _place(tokens, near, trigger, to), _when(tokens, whens, trigger))


def _is_attribute(tokens: Sequence[Token], trigger: Cue) -> bool:
    """Return whether an event is told by the way: "of damaged cables"."""
    before = tokens[trigger.first - 1].text if trigger.first else ""
    return trigger.form == "past" and (before in NOT_A_SUBJECT or before in ("the", "a", "an", "any", "its", "their"))


def _asked(
    tokens: Sequence[Token], names: Sequence[Named], trigger: Cue, start: int, actors: Sequence[str]
) -> tuple[str, ...]:
    """Return who is asked to do it, where somebody else asks: "Ukraine asks the American side to grant a licence"."""
    asked = []
    for named in names:
        if start < named.first < trigger.first and name_of(named.entity) in actors:
            at = named.first - 2 if tokens[named.first - 1].text == "the" else named.first - 1
            verb = tokens[at - 1].text if at > 0 and tokens[at].text == "on" else tokens[at].text
            if verb in ASKED or (tokens[at].text == "on" and verb.startswith("call")):
                asked.append(name_of(named.entity))
    return _unique(asked) if len(asked) < len(actors) else ()


def _stand_ins(names: Sequence[Named]) -> set[str]:
    """Return who is meant by words that are no names, as "the parties"."""
    seen: dict[int, list[str]] = {}
    for named in names:
        seen.setdefault(named.first, []).append(name_of(named.entity))
    return {n for several in seen.values() if len(several) > 1 for n in several}


def _is_topic(tokens: Sequence[Token], trigger: Cue, start: int) -> bool:
    """Return whether it is only talked about: who discusses a gift does not give it."""
    return any(tokens[i].text.startswith("discuss") for i in range(start, trigger.first))


def _culprits(tokens: Sequence[Token], names: Sequence[Named], trigger: Cue, start: int) -> tuple[str, ...]:
    """Return who is said outright to have done damage: the subject that stands just before a verb, or behind "by"."""
    if trigger.form in ("base", "noun", "word"):
        return ()  # "reported damage"
    if _is_attribute(tokens, trigger):
        return ()  # "testing the Alliance with broken cables"
    begin = max(start, trigger.first - BESIDE)
    close = [n for n in names if n.first > trigger.last or not _preceded(tokens, n, NOT_A_SUBJECT, 2)]
    return _actors(tokens, close, trigger, begin)


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
    start = _of_clause(tokens, names, trigger, start)
    close = [n for n in names if n.entity.type == "place" and start < n.first and 0 < trigger.first - n.last <= 2]
    if close and tokens[close[-1].first - 1].text == ",":  # "..., Kyiv would ask"
        return (name_of(close[-1].entity),)
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


def _of_clause(tokens: Sequence[Token], names: Sequence[Named], trigger: Cue, start: int) -> int:
    """Return where the clause begins: behind "that" in "systems that Ukraine needs"."""
    for i in range(trigger.first - 1, start, -1):
        if tokens[i].text in RELATIVE:
            direct = any(n.first in (i + 1, i + 2) and n.last < trigger.first for n in names)
            return i + 1 if direct else start
    return start


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


def _receivers(
    tokens: Sequence[Token], names: Sequence[Named], trigger: Cue, words: frozenset[str], type_: str
) -> list[str]:
    found: list[str] = []
    before: Named | None = None  # the last one that was found: "to Estonia, Latvia and Lithuania"
    for named in names:
        kind = named.entity.type
        target = type_ == "exercise" and kind == "place"  # "an attack on Finland and the Baltic states"
        if named.first <= trigger.last or not (kind in ACTORS or target) or not words or _is_held(tokens, named):
            continue
        listed = before is not None and _follows(tokens, before, named)
        near = named.first - trigger.last <= 2 and tokens[named.first - 1].text not in NOT_A_SUBJECT
        bought = type_ == "procurement" and named.entity.text != name_of(
            named.entity
        )  # "the purchase of Italian radars"
        near = near or (bought and named.first - trigger.last == 2 and tokens[named.first - 1].text == "of")
        near = near and not (type_ in GIFTS and named.entity.text != name_of(named.entity))  # "Norwegian support for"
        same = before is not None and (before.entity.type == kind or target)
        if (near and not target) or (not target and _led_to(tokens, named, words)) or (listed and same):
            found.append(name_of(named.entity))
            before = named
    return list(_unique(found))


def _follows(tokens: Sequence[Token], before: Named, named: Named) -> bool:
    """Return whether a name stands beside another one in a list: "Finland and the Baltic states"."""
    between = [t.text for t in tokens[before.last + 1 : named.first]]
    return between in (["and"], [","], [",", "and"], ["and", "the"], [",", "the"])


def _led_to(tokens: Sequence[Token], named: Named, words: frozenset[str]) -> bool:
    """Return whether the nearest preposition before a name is one of `words`: "to the people of Ukraine"."""
    left, i = 4, named.first - 1
    while i >= 0 and left > 0:
        word = tokens[i].text
        if word == ",":
            return False
        if word == "of" and word not in words:
            left = 4
        elif word in LEADS_TO:
            joint = word == "with" and i > 0 and tokens[i - 1].text in JOINTLY
            return word in words and not joint
        i, left = i - 1, left - 1
    return False


def _is_held(tokens: Sequence[Token], named: Named) -> bool:
    """Return whether only something of it is spoken of: "frozen Russian assets"."""
    return named.last + 1 < len(tokens) and tokens[named.last + 1].text in HELD


def _company(tokens: Sequence[Token], names: Sequence[Named], group: str, trigger: Cue) -> list[str]:
    """Return with whom somebody meets: behind "with", "between", or the very next name; a list goes on to its end."""
    start = next((i for i in range(trigger.first, len(tokens)) if tokens[i].text in OPENS_COMPANY), None)
    if start is not None and any(t.text in ENDS_BEFORE for t in tokens[trigger.last + 1 : start]):
        start = None
    after = tokens[trigger.last + 1].text if trigger.last + 1 < len(tokens) else ""
    if start is None and after == "to":
        start = trigger.last + 1
    if start is None:  # "participates in a meeting of the Contact Group"
        near = range(trigger.first + 1, min(len(tokens), trigger.last + 7))
        start = next((i for i in near if tokens[i].text == "of" and tokens[i - 1].text in GATHERINGS), None)
    if start is None:
        close = [n for n in names if 0 < n.first - trigger.last <= 2 and tokens[n.first - 1].text not in NOT_A_SUBJECT]
        if group in TALKED_OF or not close or close[0].entity.type not in ACTORS:
            return []
        start = trigger.last
    begins, end = {n.first for n in names}, start + 1
    while end < len(tokens) and (end in begins or not _ends_company(tokens, end)):
        end += 1
    inside = [n for n in names if start < n.first < end and n.entity.type in ACTORS and not _is_title(names, n)]
    return list(_unique([name_of(n.entity) for n in inside]))


def _is_title(names: Sequence[Named], named: Named) -> bool:
    """Return whether a country only says whose office somebody holds: "French President Macron"."""
    return named.entity.type == "country" and any(
        n.entity.type == "person" and 1 <= n.first - named.last <= 3 and n.first - named.last != 1 for n in names
    )


def _ends_company(tokens: Sequence[Token], i: int) -> bool:
    """Return whether those who meet are all named before a word; "and thanked" tells of something else."""
    word = tokens[i].text
    return word in ENDS_COMPANY or (tokens[i - 1].text == "and" and word.endswith("ed") and word != "united")


def _place(tokens: Sequence[Token], names: Sequence[Named], trigger: Cue, to: Sequence[str] = ()) -> str | None:
    best: tuple[int, int, str] | None = None
    for named in names:
        kind = named.entity.type
        if kind not in ("place", "country") or name_of(named.entity) in to or _elsewhere(tokens, named, trigger):
            continue
        before = _preceded(tokens, named, OF_PLACE, 2)
        if kind == "country" and before not in ("in", "near", "off", "within"):
            continue
        rank = (0 if before else 1, abs(named.first - trigger.first))
        if best is None or rank < best[:2]:
            best = (*rank, name_of(named.entity))
    return best[2] if best else None


def _elsewhere(tokens: Sequence[Token], named: Named, trigger: Cue) -> bool:
    """Return whether a place belongs to something else: "called him after his trip to Washington"."""
    behind = any(tokens[i].text in ELSEWHERE for i in range(trigger.last + 1, named.first))
    return behind or any(tokens[i].text == "which" for i in range(named.last + 1, trigger.first))


def _when(tokens: Sequence[Token], whens: Sequence[When], trigger: Cue) -> str | None:
    start, end = tokens[0].start, tokens[-1].end
    at = tokens[trigger.first].start
    inside = [w for w in whens if start <= w.start < end and not w.duration]
    return min(inside, key=lambda w: abs(w.start - at)).text if inside else None


def quantities_in(quantities: Sequence[Quantity], start: int, end: int) -> tuple[int, ...]:
    """Return the places of the quantities that stand in a span."""
    return tuple(i for i, q in enumerate(quantities) if start <= q.start < end)
