"""Headquarters and groups that coordinate, and who takes over what from whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anchorwatch.desk.ledgers.ledger import ABOUT, Column, Desk, Entry, Said, about, places, times
from anchorwatch.desk.report import Claim, Entity, Report
from anchorwatch.desk.sentences import sentences

COLUMNS = (
    Column("who", "who coordinates", many=True),
    Column("takes_over_from", "takes over from", many=True),
    Column("place", "where", many=True),
    Column("said", "what is said", many=True),
    *ABOUT,
)
_TAKES = re.compile(
    r"\b(?:take[sn]?|took|taking)\s+over\b|\b(?:replaces?|replaced|succeeds?|succeeded)\b", re.IGNORECASE
)
_HANDS = re.compile(r"\b(?:hand(?:s|ed|ing)?|pass(?:es|ed|ing)?|transfer(?:s|red|ring)?)\b", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)
_OF = re.compile(r"\bof\b", re.IGNORECASE)  # "takes over the functions of the group"
_TO = re.compile(r"\bto\b", re.IGNORECASE)
_END = re.compile(r"[.!?](?:\s|$)")
_KINDS = ("force", "organisation", "place", "country")
_REACH = 200  # characters between those who hand over and those who take


def entries(desk: Desk) -> Iterator[Entry]:
    """Yield what is said of commands."""
    for report, claim in desk.filed("assistance", ("command_change",)):
        if claim.type == "command_change":
            at_us, until_us = times(report, claim)
            who, before = taken_over(report)
            cells: dict[str, Said] = {
                "who": (*claim.actors, *(n for n in who if n not in claim.actors)),
                "takes_over_from": before,
                "place": places(report, claim),
                "said": (claim.quote, *_other_words(report, claim)),
            }
            yield Entry(report, claim, (claim.type,), cells | about(report, claim), at_us, until_us)


def _other_words(report: Report, claim: Claim) -> tuple[str, ...]:
    """Return the sentence that says who takes over, where it is another one."""
    found = _TAKES.search(report.text) or _HANDS.search(report.text)
    spans = sentences(report.text) if found and not claim.start <= found.start() < claim.end else []
    return tuple(report.text[a:b] for a, b in spans if found and a <= found.start() < b)


def taken_over(report: Report) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who takes over, and from whom, as the text says it."""
    if found := _TAKES.search(report.text):
        before = _after(report, found.end(), _FROM) or _after(report, found.end(), _OF)
        return _before(report, found.start()), before
    if found := _HANDS.search(report.text):
        taking = _after(report, found.end(), _TO)
        return (taking, _before(report, found.start())) if taking else ((), ())
    return (), ()


def _before(report: Report, place: int) -> tuple[str, ...]:
    """Return the last name of the sentence before this place."""
    ends = [m.end() for m in _END.finditer(report.text, max(0, place - _REACH), place)]
    start = ends[-1] if ends else max(0, place - _REACH)
    named = [e for e in report.entities if e.type in _KINDS and start <= e.start < place]
    return _name(sorted(named, key=lambda e: (e.type == "place", -e.start))[:1])


def _after(report: Report, place: int, word: re.Pattern[str]) -> tuple[str, ...]:
    """Return the first name of the sentence after the word that leads to it."""
    end = _END.search(report.text, place)
    stop = min(end.start() if end else len(report.text), place + _REACH)
    leads = word.search(report.text, place, stop)
    if leads is None:
        return ()
    return _name([e for e in report.entities if e.type in _KINDS and leads.end() <= e.start < stop][:1])


def _name(found: list[Entity]) -> tuple[str, ...]:
    return tuple(e.name or e.text for e in found)
