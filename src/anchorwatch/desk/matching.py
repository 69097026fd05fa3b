"""Rules against the cues of one sentence: which events it speaks of, and how much says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from anchorwatch.desk.cues import Cue, Found, nearest
from anchorwatch.desk.event_rules import Rule, Rules

TRIES = 6  # event words of one rule that are looked at in a sentence
BEHIND = 0.6  # what stands behind "after", "because of", "which" is not what the sentence is about
TOPIC = 0.7  # what is talked about in a meeting has not happened
PURPOSE = 0.5  # "to protect infrastructure": what something else is done for
ATTRIBUTE = 0.55  # "broken cables": told in passing
FOR_SOMETHING = 0.65  # "for the purchase of drones"
NOUNS = frozenset({"noun", "base", "word"})  # "purchase" is both
MEANS = frozenset({"for", "finance", "fund"})
FOR_IT = frozenset({"procurement", "facility_security", "delivery"})
NO_VERB = 1_000_000
TALKED = 9  # words behind "discuss" that are its topic
MEETINGS = ("meet", "meeting_n", "discuss", "call_v")
OF_TOPIC = frozenset({"meeting", "licence", "procurement", "spending"})  # these are as good talked about as done
SAME_PAST = frozenset({"cut", "put", "hit", "run", "set", "shut", "split", "quit", "come", "become", "let", "read"})
BEFORE_ATTRIBUTE = frozenset(
    {"the", "a", "an", "of", "with", "its", "their", "for", "by", "any", "from", "on", "to", "these"}
)
TO_BE = frozenset({"is", "are", "was", "were", "be"})
AGAIN = 0.3  # of the weight of further rules of the same type
MOST_AGAIN = 2.5
AGAIN_STATED = 0.15  # the rules of statements say the same in other words


class Match(NamedTuple):
    """An event of a type in a sentence."""

    type: str
    score: float
    trigger: Cue
    group: str  # that the event word was found by
    usual: str  # modality of the rule
    opens: int  # the word behind which it stands in the background; 0 = it stands in front


class Scene(NamedTuple):
    """A sentence as the rules see it."""

    found: Found
    marks: Sequence[str]
    opens: Sequence[int]  # by word: behind which word it stands in the background
    leads: frozenset[int]  # words after which "to" begins no purpose: "plans to", "ready to"
    talked: Sequence[bool]  # by word: whether it is the topic of a talk


def matches_of(found: Found, marks: Sequence[str], rules: Rules) -> list[Match]:
    """Return the best match of each type in a sentence, best first; `marks` are its words."""
    scene = Scene(found, marks, _background(found, marks), _ends_before_to(found), _talked(found, marks))
    by_type: dict[str, list[Match]] = {}
    done: set[str] = set()
    for group in list(found):
        for rule in rules.by_trigger.get(group, ()):
            if rule.id in done:
                continue
            match = _match(rule, scene)
            done.add(rule.id)
            if match is not None:
                by_type.setdefault(rule.type, []).append(match)
    best = sorted((_joined(some) for some in by_type.values()), key=lambda m: (-m.score, m.trigger.first, m.type))
    return _unhidden(best, rules)


def _unhidden(matches: list[Match], rules: Rules) -> list[Match]:
    """Return the matches without those that a better one takes with it, by its type or its event word."""
    kept: list[Match] = []
    for match in matches:
        if not any(match.type in rules.hides.get(better.type, ()) or _same_word(match, better) for better in kept):
            kept.append(match)
    return kept


def _same_word(match: Match, better: Match) -> bool:
    return match.trigger.first <= better.trigger.last and better.trigger.first <= match.trigger.last


def _joined(matches: list[Match]) -> Match:
    if len(matches) == 1:
        return matches[0]
    matches.sort(key=lambda m: (-m.score, m.trigger.first))
    best = matches[0]
    again = AGAIN_STATED if best.type == "statement" else AGAIN
    more = min(MOST_AGAIN, again * sum(m.score for m in matches[1:]))
    return best._replace(score=best.score + more)


def _match(rule: Rule, scene: Scene) -> Match | None:
    found = scene.found
    for group in rule.without:  # plain loops: this is the innermost part of the desk
        if group in found:
            return None
    for alternatives in rule.others:
        for group in alternatives:
            if group in found:
                break
        else:
            return None
    best: Match | None = None
    for group in rule.trigger:
        for trigger in found.get(group, ())[:TRIES]:
            if rule.others and not _company(rule, found, trigger):
                continue
            score = rule.weight * _standing(rule.type, trigger, scene)
            if best is None or score > best.score:
                best = Match(rule.type, score, trigger, group, rule.modality, scene.opens[trigger.first])
    return best


def _standing(type_: str, trigger: Cue, scene: Scene) -> float:
    """Return how much of its weight an event word keeps where it stands."""
    first, marks = trigger.first, scene.marks
    factor = BEHIND if scene.opens[first] else 1.0
    if scene.talked[first] and type_ not in OF_TOPIC:
        factor *= TOPIC
    before = marks[first - 1] if first else ""
    form = "base" if before == "to" and marks[first] in SAME_PAST else trigger.form
    if (
        form == "base"
        and before == "to"
        and first > 1
        and first - 2 not in scene.leads
        and first_verb(scene.found) < first
    ):
        return factor * PURPOSE
    if type_ in FOR_IT and form in NOUNS and (before == "for" or (first > 1 and marks[first - 2] in MEANS)):
        return factor * FOR_SOMETHING
    if form == "past" and (before in BEFORE_ATTRIBUTE or before.isdigit()):
        return factor * ATTRIBUTE
    return factor


def first_verb(found: Found) -> int:
    """Return the first word that is a verb in the past or the third person, and no noun; a large number for none.

    In "Germany to send ships to patrol" there is none before "to": a headline, which tells of a plan.
    """
    first, nouns = NO_VERB, {cue.first for cues in found.values() for cue in cues if cue.form == "noun"}
    for cues in found.values():
        for cue in cues:
            if cue.first < first and (cue.form == "past" or (cue.form == "s" and cue.first not in nouns)):
                first = cue.first
    return first


def _ends_before_to(found: Found) -> frozenset[int]:
    return frozenset(cue.last for cue in found.get("leads_to", ()))


def _talked(found: Found, marks: Sequence[str]) -> list[bool]:
    length = len(marks)
    talked = [False] * length
    if "discuss" not in found and "topic_of" not in found:
        return talked
    meets = min((cues[0].first for group in MEETINGS if (cues := found.get(group))), default=length)
    for group in ("discuss", "topic_of"):
        for cue in found.get(group, ()):
            if (
                cue.first >= meets
                and cue.form != "noun"
                and not (cue.last + 1 < len(marks) and marks[cue.last + 1].isdigit())
            ):  # "about 300"
                for i in range(cue.last + 1, min(length, cue.last + 1 + TALKED)):
                    talked[i] = True
    return talked


def _company(rule: Rule, found: Found, trigger: Cue) -> bool:
    """Return whether one of each further group stands near the event word."""
    for alternatives in rule.others:
        for group in alternatives:
            if group in found and nearest(found[group], trigger, rule.near, rule.order):
                break
        else:
            return False
    return True


def _background(found: Found, marks: Sequence[str]) -> list[int]:
    """Return behind which word each stands in the background: from "after" to the next comma; 0 = none."""
    opens = [0] * len(marks)
    for cue in found.get("background", ()):
        if marks[cue.first] == "due" and cue.first and marks[cue.first - 1] in TO_BE:
            continue  # "is due to meet"
        i = cue.last + 1
        while i < len(marks) and marks[i] not in ",;:":
            opens[i] = cue.last + 1
            i += 1
            if i < len(marks) and opens[i]:
                break
    return opens
