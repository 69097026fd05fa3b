"""What a percentage is for: a level now, asked for or required; a share of what is had, lost or given."""

from __future__ import annotations

import re

from anchorwatch.desk.quantity_cues import LEVELS, SHARES, before, behind

_ASKED = re.compile(r"\b(?:target|goal|norm|demand|minimum|requirement|threshold)\b", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:will|would|should|must|to|shall|could|may)\s(?:be|have|reached?|spend|amount)\s?\w*\s?\Z")
_NOT_ENOUGH = re.compile(r"\s(?:of\sGDP\s)?(?:is|are|was)\s(?:not|no\slonger)\s(?:enough|sufficient)")
_MUST_SPEND = re.compile(
    r"\bwould\s(?:(?:have|need)\sto\s(?:be\s)?[a-z]+\s(?:up\s)?(?:by\s|to\s)?|(?:cost|take)\s(?:[\w-]+\s){0,3})\Z"
)
_IF = re.compile(r"\b[Ii]f\s[^,;]{3,90}\b(?:rais|increas|spen|lift|boost|reach|allocat)[^,;]{0,60}\Z")
_IS_NOW = re.compile(
    r"\b(?:amounts?\sto|amounted\sto|stands?\sat|stood\sat|equals?|accounts?\sfor|accounted\sfor|makes?\sup|made\sup"
    r"|(?:is|are|was|were)\s(?:already\s|now\s|currently\s)?(?:at|equal\sto)|exceeds?|exceeded|sets\saside|devotes|puts)\s(?:already\s|now\s)?\Z"
)
_NOT_YET = re.compile(r"\b(?:will|should|must|would|shall|to)\s[^.,;]{0,12}\Z")
_RANKED = re.compile(
    r"[^.;]{0,40}?,\s(?:which\sis\s|this\sis\s)?(?:the\s|more\sthan\s)?(?:by\sfar\s)?(?:highest|lowest|largest|most|least"
    r"|(?:second|third)[- ][a-z]+est|any\sother)"
)
_STATE = re.compile(
    r"\b(?:covers?|meets?|satisf(?:y|ies)|makes?\sup|accounts?\sfor|accounted\sfor|constitutes?|represents?"
    r"|(?:stands?|is|are|remains?|still|now|currently)\sat|is|are|amounts?\sto|(?:filled|full)(?:\sto)?|holds?|owns?|controls?"
    r"|produces?|comes?\sto|equals?)\s(?:only\s|now\s|already\s)?\Z"
)
_IS_DONE = re.compile(r"\s(?:is|are)\s(?:now\s|already\s|currently\s)?[a-z]+(?:ed|en)\s(?:by|from|in|with)\b")
_PEOPLE = re.compile(
    r"\b(?:residents|people|citizens|respondents|voters|inhabitants|families|households|consumers|those)\b|of\s[A-Z][a-z]+s\Z"
)
_HOLD = re.compile(
    r"\s(?:(?:are|is|were)\s(?:in\sfavou?r|against|opposed|for\b)|(?:support|oppos|voted|believ|trust|want)[a-z]*\b)"
)
_UP_FROM = re.compile(r"\bfrom\s\Z")
_CHANGED_BY = re.compile(r"\bby\s\Z")


def of_level(text: str, left: int, start: int, end: int, right: int) -> str:
    """Return the role of a share of the gross domestic product."""
    said = text[left:start]
    if _UP_FROM.search(said) or _NOT_ENOUGH.match(text, end) or _RANKED.match(text, end):
        return "current"
    if _MUST_SPEND.search(said) or _IF.search(said):
        return "required"
    if _is_now(_IS_NOW, said):
        return "current"
    found = behind(SHARES, text, end, right) if text[end : end + 4] in (" is ", " are", " wou") else None
    if found == "required":
        return found
    found = before(LEVELS, text, left, start)
    if found == "current" and (_FUTURE.search(said) or _ASKED.search(text, max(left, start - 30), start)):
        return "target"
    return found or behind(LEVELS, text, end, right) or "target"


def of_share(text: str, left: int, start: int, end: int, right: int) -> str:
    """Return the role of any other percentage."""
    said = text[left:start]
    if _CHANGED_BY.search(said):
        return "measure"
    if _NOT_ENOUGH.match(text, end) or _IS_DONE.match(text, end) or _is_now(_STATE, said):
        return "current"
    if _PEOPLE.search(text[start:end]) or _HOLD.match(text, end):
        return "total"
    return before(SHARES, text, max(left, start - 60), start) or behind(SHARES, text, end, right) or "measure"


def _is_now(verbs: re.Pattern[str], said: str) -> bool:
    match = verbs.search(said)
    return match is not None and _NOT_YET.search(said[: match.start()]) is None
