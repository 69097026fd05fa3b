"""What a report claims: events by type, each with the words that it rests on, best first."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from anchorwatch.desk.antecedents import OPENERS, meant
from anchorwatch.desk.cues import Cue, Found, Token, cues_of, read
from anchorwatch.desk.event_rules import Rules, packaged
from anchorwatch.desk.matching import SAME_PAST, Match, first_verb, matches_of
from anchorwatch.desk.modality import modality_of
from anchorwatch.desk.places import ACTORS, GATHERINGS, Named, named_in, parts_of, quantities_in
from anchorwatch.desk.report import Claim, Entity, Quantity, When
from anchorwatch.desk.speakers import speaker_of
from anchorwatch.desk.stance import stance_of, topic_of

__all__ = ["Rules", "claims", "packaged"]

LONGEST = 100  # words of a sentence that are looked at together
MOST = 12  # claims of one text
LEAST = 3.4  # score below which nothing is claimed, but by the fallback
SECOND = 0.62  # of the best score that another type must reach, in its sentence
ALWAYS = {"infrastructure_damage": 2.4, "outage": 3.0}  # told even in passing: the desk is about these
OF_BEST = 0.5  # of the points of the first claim that another one must have, in the first LEAD sentences
OF_BEST_LATER = 0.35  # in what follows, where an article goes on to other things
LEAD = 3
FIRST_TOLD = 0.75  # of the points of the best sentence about an event that an earlier one needs to be what is quoted
LATER = (1.0, 0.85, 0.75)  # of its points keeps an event of the first, the second, a later sentence
# Types of which a text may claim several.
SEVERAL = frozenset({"spending", "need", "pledge", "delivery", "presence", "airspace_incident"})
FALLBACK = "statement"
OTHER_CLAUSE = re.compile(r", (?:and|while|but) (?=[A-Z])")
MISSED = frozenset({"miss", "misses", "missed", "skip", "skips", "skipped", "cancel", "cancelled", "absent"})
WITH_OR_AT = frozenset({"person", "place"})
HAD = frozenset({"had", "able", "unable", "forced"})  # "had to leave" is done
CLOSING = ".!?\u2026\u201d\"\u2019')"  # marks that end a sentence


class Sentence(NamedTuple):
    """A sentence, read."""

    number: int
    tokens: Sequence[Token]
    words: Sequence[str]
    found: Found
    names: Sequence[Named]


class Candidate(NamedTuple):
    """An event that may be claimed."""

    score: float
    sentence: Sentence
    match: Match


def claims(
    text: str,
    sentences: Sequence[tuple[int, int]],
    entities: Sequence[Entity],
    nations: Sequence[Entity],
    quantities: Sequence[Quantity],
    whens: Sequence[When],
    rules: Rules | None = None,
) -> tuple[Claim, ...]:
    """Return what a text claims; the first claim is what a reader would say that it is about."""
    rules = rules or packaged()
    forces = [e for e in entities if e.type == "force"]  # "Lithuanian Navy" is the navy, not Lithuania and its navy
    own = [n for n in nations if not any(f.start <= n.start and n.end <= f.end for f in forces)]
    names = sorted((*entities, *own), key=lambda e: (e.start, e.end))
    read_ = list(_sentences(text, sentences, names, quantities, rules))
    chosen = _chosen([c for sentence in read_ for c in _candidates(sentence, rules)]) or _whole(read_)
    speakers: dict[int, str | None] = {}
    chosen += [c for c in _beside(text, names, quantities, rules, chosen) if len(chosen) < MOST]
    made = [_claim(text, c, chosen, quantities, whens, rules, speakers) for c in chosen]
    return tuple(dict.fromkeys(made))


def _sentences(
    text: str, spans: Sequence[tuple[int, int]], names: Sequence[Entity], quantities: Sequence[Quantity], rules: Rules
) -> Iterator[Sentence]:
    tokens, words = read(text)
    starts = [t.start for t in tokens]
    name_starts, number_starts = [e.start for e in names], [q.start for q in quantities]
    number = 0
    before: Sentence | None = None
    for start, end in spans:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        for i in range(first, last, LONGEST):
            some, said = tokens[i : min(i + LONGEST, last)], words[i : min(i + LONGEST, last)]
            a, b = some[0].start, some[-1].end
            inside = named_in(some, names[bisect_left(name_starts, a) : bisect_right(name_starts, b)])
            found = cues_of(said, rules.lexicon)
            _add_names(found, inside)
            _add_numbers(found, some, quantities[bisect_left(number_starts, a) : bisect_right(number_starts, b)])
            if before is not None and (whom := _meant(text, some, before)):
                inside = sorted([*whom, *(n for n in inside if n.first > whom[0].last)], key=lambda n: n.first)
            before = Sentence(number, some, said, found, inside)
            yield before
            number += 1


def _meant(text: str, tokens: Sequence[Token], before: Sentence) -> list[Named]:
    """Return whom "He" or "The country" at the beginning of a sentence means."""
    if tokens[0].text not in OPENERS:
        return []
    speaker = speaker_of(text, before.tokens, before.names, before.found)
    return meant(text, tokens, before.names, before.tokens, speaker)


def _add_names(found: Found, names: Sequence[Named]) -> None:
    for named in names:
        found.setdefault("@" + named.entity.type, []).append(Cue(named.first, named.last, "word"))


def _add_numbers(found: Found, tokens: Sequence[Token], quantities: Sequence[Quantity]) -> None:
    starts = [t.start for t in tokens] if quantities else []
    for quantity in quantities:
        unit = quantity.unit or ""
        kind = (
            "@gdp"
            if "GDP" in unit
            else "@percent"
            if unit == "%"
            else "@money"
            if len(unit) == 3 and unit.isupper()
            else "@number"
        )
        first = bisect_left(starts, quantity.start)
        if first < len(starts):
            last = max(first, bisect_left(starts, quantity.end) - 1)
            found.setdefault(kind, []).append(Cue(first, last, "word"))


def _candidates(sentence: Sentence, rules: Rules) -> Iterator[Candidate]:
    """Yield the events of a sentence that are worth a claim, best first."""
    matches = matches_of(sentence.found, sentence.words, rules)
    if not matches:
        return
    best = matches[0].score
    factor = LATER[min(max(sentence.number, 0), len(LATER) - 1)]  # below 0: a part of a sentence, which stands alone
    for match in matches[:3]:
        least = ALWAYS.get(match.type, max(LEAST, SECOND * best))
        if match.score >= least or (match is matches[0] and sentence.number == 0):
            yield Candidate(match.score * factor, sentence, match)


def _chosen(candidates: list[Candidate]) -> list[Candidate]:
    """Return the events to claim, best first: each type once, unless a later sentence tells another one of it."""
    candidates = _first_told(candidates)
    candidates.sort(key=lambda c: (-c.score, c.sentence.number))
    chosen: list[Candidate] = []
    for candidate in candidates:
        type_ = candidate.match.type
        same = [c for c in chosen if c.match.type == type_]
        if same and not (
            (type_ in SEVERAL and _another(candidate, same)) or (type_ == "meeting" and _other_meeting(candidate, same))
        ):
            continue
        share = OF_BEST if candidate.sentence.number < LEAD else OF_BEST_LATER
        if chosen and candidate.score < share * chosen[0].score and type_ not in ALWAYS:
            continue
        if chosen and type_ == FALLBACK and candidate.score < 0.7 * chosen[0].score:
            continue
        chosen.append(candidate)
        if len(chosen) == MOST:
            break
    return chosen


def _first_told(candidates: list[Candidate]) -> list[Candidate]:
    """Return the events: the first sentence that tells one well enough gets the points of the one that does best."""
    best: dict[str, float] = {}
    for candidate in candidates:
        best[candidate.match.type] = max(candidate.score, best.get(candidate.match.type, 0.0))
    told: set[str] = set()
    out = []
    for candidate in candidates:
        type_ = candidate.match.type
        if type_ not in told and candidate.score >= FIRST_TOLD * best[type_]:
            told.add(type_)
            candidate = candidate._replace(score=best[type_])
        out.append(candidate)
    return out


def _whole(sentences: Sequence[Sentence]) -> list[Candidate]:
    """Return the first sentence as a statement, where no rule knows what else it is."""
    for sentence in sentences:
        if any(word.isalpha() for word in sentence.words):
            return [Candidate(0.0, sentence, Match(FALLBACK, 0.0, Cue(0, 0, "word"), "state", "fact", 0))]
    return []


def _another(candidate: Candidate, same: list[Candidate]) -> bool:
    """Return whether an event of a type that is already claimed brings numbers of its own, in another sentence."""
    numbers = (
        "@gdp" in candidate.sentence.found
        or "@number" in candidate.sentence.found
        or "@money" in candidate.sentence.found
    )
    return numbers and all(c.sentence.number != candidate.sentence.number for c in same)


def _other_meeting(candidate: Candidate, same: list[Candidate]) -> bool:
    """Return whether another sentence tells of a meeting of its own: with other people, or elsewhere."""
    sentence, match = candidate.sentence, candidate.match
    if match.group == "discuss" or match.trigger.form not in ("base", "past", "s") or MISSED & set(sentence.words):
        return False
    if sentence.words[0] == "the" and sentence.words[1] in GATHERINGS | {"talks"}:
        return False
    known = {n.entity.name or n.entity.text for c in same for n in c.sentence.names}
    behind = [n.entity for n in sentence.names if n.first > match.trigger.last and n.entity.type in WITH_OR_AT]
    return all(c.sentence.number != sentence.number for c in same) and any(
        (e.name or e.text) not in known for e in behind
    )


def _beside(
    text: str, names: Sequence[Entity], quantities: Sequence[Quantity], rules: Rules, chosen: Sequence[Candidate]
) -> Iterator[Candidate]:
    """Yield the presence of another one in the same sentence: "The Navy patrols, and NATO will send ships"."""
    for told in [c for c in chosen if c.match.type == "presence"]:
        sentence = told.sentence
        start, end = sentence.tokens[0].start, sentence.tokens[-1].end
        second = OTHER_CLAUSE.search(text, start, end)
        if second is None or second.end() <= sentence.tokens[told.match.trigger.last].end:
            continue
        for part in _sentences(text, [(second.end(), end)], names, quantities, rules):
            own = part._replace(number=-1 - sentence.number)
            if own.names and own.names[0].first == 0 and own.names[0].entity.type in ACTORS:
                yield from (c for c in _candidates(own, rules) if c.match.type == "presence")


def _claim(
    text: str, candidate: Candidate, chosen: list[Candidate], quantities: Sequence[Quantity], whens: Sequence[When],
    rules: Rules, speakers: dict[int, str | None],
) -> Claim:  # fmt: skip
    sentence, match = candidate.sentence, candidate.match
    tokens, found = sentence.tokens, sentence.found
    first, last = _clause(sentence, match, [c.match.trigger for c in chosen if c.sentence.number == sentence.number])
    start, end = tokens[first].start, tokens[last].end
    if (first, last) == (0, len(tokens) - 1):
        end = _with_marks(text, end)
    if sentence.number not in speakers:
        speakers[sentence.number] = speaker_of(text, tokens, sentence.names, found)
    commas = frozenset(i for i, word in enumerate(sentence.words) if word == ",")
    said = _behind_speech(sentence, match, max(first, match.opens))
    parts = parts_of(tokens, sentence.names, match.type, match.group, match.trigger, whens, said)
    modality = modality_of(
        match.type, match.trigger, match.usual, found, match.opens, commas, _is_heading(sentence, match.trigger)
    )
    if modality == "fact" and match.type == FALLBACK and _is_quoted(sentence):
        modality = "opinion"
    return Claim(
        match.type, modality, text[start:end], start, end,
        parts.actors, parts.to, parts.place, parts.when, _said_by(sentence, match, speakers),
        stance_of(match.type, found), topic_of(match.type, found, rules), quantities_in(quantities, start, end),
        tuple(dict.fromkeys(n.entity.id for n in sentence.names if n.entity.type == "asset" and n.entity.id)),
    )  # fmt: skip


def _said_by(sentence: Sentence, match: Match, speakers: dict[int, str | None]) -> str | None:
    """Return who says it; what stands behind "after" is told by the report, unless it is within what somebody said."""
    if match.opens and match.type in ALWAYS:
        said = [c for c in sentence.found.get("state", ()) if c.last < match.opens and _says_that(sentence.words, c)]
        return speakers[sentence.number] if said else None
    return speakers[sentence.number]


def _is_heading(sentence: Sentence, trigger: Cue) -> bool:
    """Return whether an event is told as headlines do: "Germany to send frigate"."""
    words = sentence.words
    to = {n.last + 1 for n in sentence.names if n.last + 1 <= trigger.first and words[n.last + 1] == "to"}
    if (
        trigger.form == "base"
        and trigger.first > 0
        and words[trigger.first - 1] == "to"
        and HAD.isdisjoint(words[trigger.first - 2 : trigger.first - 1])
    ):
        to.add(trigger.first - 1)
    if trigger.form in ("noun", "word") and words[trigger.last + 1 : trigger.last + 2] == ("to",):
        to.add(trigger.last + 1)  # "Nuclear Drill to Start Monday"
    if not to:
        return False
    bare = {cue.first for cues in sentence.found.values() for cue in cues if cue.form == "base"}
    first = min((i for i in to if i + 1 in bare or SAME_PAST.issuperset(words[i + 1 : i + 2])), default=None)
    return first is not None and first_verb(sentence.found) > first


def _is_quoted(sentence: Sentence) -> bool:
    """Return whether a sentence is a headline with what somebody says: "Duda: no place for peacekeepers"."""
    words, names = sentence.words, sentence.names
    return any(n.last + 1 < len(words) and words[n.last + 1] == ":" and n.entity.type == "person" for n in names[:1])


def _behind_speech(sentence: Sentence, match: Match, start: int) -> int:
    """Return from which word on the doer is looked for: behind "Fingrid said that", where somebody stands there."""
    if match.type == FALLBACK:
        return start
    for cue in reversed(sentence.found.get("state", ())):
        if start <= cue.first and cue.last < match.trigger.first and _says_that(sentence.words, cue):
            behind = [n for n in sentence.names if cue.last < n.first < match.trigger.first and n.entity.type in ACTORS]
            return cue.last + 1 if behind else start
    return start


def _says_that(words: Sequence[str], cue: Cue) -> bool:
    """Return whether what follows a verb of speech is what is said: "noted that", "said"."""
    follows = words[cue.last + 1] if cue.last + 1 < len(words) else ""
    return cue.form in ("past", "s") and (follows == "that" or words[cue.first] in ("said", "says"))


def _clause(sentence: Sentence, match: Match, triggers: list[Cue]) -> tuple[int, int]:
    """Return the words of the clause of an event: the sentence, unless another event stands in another clause of it."""
    words = sentence.words
    first, last = 0, len(words) - 1
    for other in triggers:
        if other.first > match.trigger.last:
            cut = next((i for i in range(match.trigger.last + 1, other.first) if words[i] in ",;"), None)
            if cut is not None:
                last = min(last, cut - 1)
        elif other.last < match.trigger.first:
            cut = next((i for i in range(match.trigger.first - 1, other.last, -1) if words[i] in ",;"), None)
            if cut is not None:
                first = max(first, cut + 1)
    return first, last


def _with_marks(text: str, end: int) -> int:
    """Return the end of a sentence with the marks that close it."""
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return end
