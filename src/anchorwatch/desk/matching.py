"""Rules against the cues of one sentence: which events it speaks of, and how much says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from anchorwatch.desk.cues import Cue, Found, nearest
from anchorwatch.desk.event_rules import Rule, Rules

TRIES = 6  # event words of one rule that are looked at in a sentence
BEHIND = 0.6  # what stands behind "after", "because of", "which" is not what the sentence is about
TOPIC = 0.75  # what is talked about in a meeting has not happened
AGAIN = 0.3  # of the weight of further rules of the same type
MOST_AGAIN = 2.5


class Match(NamedTuple):
    """An event of a type in a sentence."""

    type: str
    score: float
    trigger: Cue
    group: str  # that the event word was found by
    opens: int  # the word behind which it stands in the background; 0 = it stands in front


def matches_of(found: Found, marks: Sequence[str], rules: Rules) -> list[Match]:
    """Return the best match of each type in a sentence, best first; `marks` are its words."""
    opens = _background(found, marks)
    by_type: dict[str, list[Match]] = {}
    done: set[str] = set()
    for group in list(found):
        for rule in rules.by_trigger.get(group, ()):
            if rule.id in done:
                continue
            match = _match(rule, found, opens, marks)
            done.add(rule.id)
            if match is not None:
                by_type.setdefault(rule.type, []).append(match)
    return sorted((_joined(some) for some in by_type.values()), key=lambda m: (-m.score, m.trigger.first, m.type))


def _joined(matches: list[Match]) -> Match:
    matches.sort(key=lambda m: (-m.score, m.trigger.first))
    best = matches[0]
    more = min(MOST_AGAIN, AGAIN * sum(m.score for m in matches[1:]))
    return best._replace(score=best.score + more)


def _match(rule: Rule, found: Found, opens: Sequence[int], marks: Sequence[str]) -> Match | None:
    if any(group in found for group in rule.without):
        return None
    for alternatives in rule.others:
        if not any(group in found for group in alternatives):
            return None
    best: Match | None = None
    for group in rule.trigger:
        for trigger in found.get(group, ())[:TRIES]:
            if rule.others and not _company(rule, found, trigger):
                continue
            at = opens[trigger.first]
            score = rule.weight * (BEHIND if at else 1.0)
            if best is None or score > best.score:
                best = Match(rule.type, score, trigger, group, at)
    return best


def _company(rule: Rule, found: Found, trigger: Cue) -> bool:
    """Return whether one of each further group stands near the event word."""
    return all(
        any(nearest(found[group], trigger, rule.near, rule.order) for group in alternatives if group in found)
        for alternatives in rule.others
    )


def _background(found: Found, marks: Sequence[str]) -> list[int]:
    """Return for each word the one behind which it stands in the background: from "after" to the next comma; 0 = none."""
    opens = [0] * len(marks)
    for cue in found.get("background", ()):
        i = cue.last + 1
        while i < len(marks) and marks[i] not in ",;:":
            opens[i] = cue.last + 1
            i += 1
            if i < len(marks) and opens[i]:
                break
    return opens
