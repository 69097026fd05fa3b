"""What a number is for: asked, given, had, spent; told from the nearest words that say so."""

from __future__ import annotations

import re

from anchorwatch.desk.quantity_cues import COUNTS, LENGTHS, LEVELS, MONEY, SHARES, before, behind
from anchorwatch.desk.quantity_units import CAPACITIES, CURRENCIES, DURATIONS

GDP = "% of GDP"
BEHIND, BEFORE = 70, 160  # characters in which a telling word is looked for

_PARTIES = re.compile(
    r"(?:countr(?:y|ies)|nations?|states?|leaders?|ministers?|allies|members?|participants?"
    r"|delegations?|heads|parties|presidents?"
    r"|partners?|capitals|governments|ambassadors?|diplomats|companies|experts|officers?|soldiers?"
    r"|troops|sailors?|personnel"
    r"|servicemen|servicewomen|marines|peacekeepers|reservists|guards|guardsmen|brigades?|battalions?"
    r"|instructors|volunteers|crew"
    r"|delegates|representatives|specialists|divers|crews|premiers)\Z",
    re.IGNORECASE,
)
_UNITS_OF_FORCES = re.compile(
    r"(?:ships?|vessels?|frigates?|corvettes?|destroyers?|minehunters?|minesweepers?|hunters?"
    r"|sweepers?|submarines?|boats?|cutters?"
    r"|aircraft|planes?|jets?|fighters?|helicopters?|warships?|carriers?|units?|squadrons?|icebreakers?)\Z",
    re.IGNORECASE,
)
_CASUALTIES = re.compile(r"\b(?:kill|wound|injur|dead|died|captur|detain|arrest|evacuat|rescu)", re.IGNORECASE)
_SENDING = re.compile(r"\b(?:send|sent|dispatch)", re.IGNORECASE)
_HAS = re.compile(
    r"\b(?:has|have|had|operates?|owns?)\s(?:(?:about|already|now|only|some|just|around|currently|over)\s)?\Z"
)
_PAID = re.compile(r"\b(?:for|at|costing|costs?)\s(?:(?:a\s)?(?:price|cost|sum|total|value)\sof\s)?\Z")
_SPENT_ON_AID = re.compile(r"\b(?:aid|assistance|support|help|donat\w+|pledg\w+|contribut\w+)\b")
_WORTH = re.compile(r"\b(?:worth|valued\sat|of)\s\Z")
_VALUED = re.compile(r"\b(?:worth|valued\sat)\s\Z")
_AID = re.compile(r"\b(?:aid|assistance|support|package|tranche|donat\w+|pledg\w+|help|weapons)\b")
_ASSETS = re.compile(r"\b(?:assets|reserves|deposits|property)\b")
_ASKED = re.compile(r"\b(?:target|goal|norm|demand|minimum|requirement|threshold)\b", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:will|would|should|must|to|shall|could|may)\s(?:be|have|reached?|spend|amount)\s?\w*\s?\Z")
_NOT_ENOUGH = re.compile(r"\s(?:of\sGDP\s)?(?:is|are|was|would\sbe)\s(?:not|no\slonger)\s(?:enough|sufficient)")
_UP_FROM = re.compile(r"\bfrom\s\Z")
_CHANGED_BY = re.compile(r"\bby\s\Z")
_LISTED = re.compile(r"\sand\s|,\s(?:and\s)?(?=[0-9]|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten)\s)")
_CLAUSE_ENDS = re.compile(r"[,;:.!?]\s|\s(?:and|but|while|after|before|because|when)\s")


def role_of(text: str, sentence: tuple[int, int], start: int, end: int, unit: str | None, noun: str | None) -> str:
    """Return the role (report.ROLES) of the number at `start:end`, from the words of its sentence."""
    left = max(sentence[0], start - BEFORE)
    clause = _CLAUSE_ENDS.search(text, end, min(sentence[1], end + BEHIND))
    right = clause.start() if clause else min(sentence[1], end + BEHIND)
    if (unit is None and noun is None) or unit in CURRENCIES:
        return _of_money(text, left, start, end, right)
    if unit is None:
        return _of_count(text, left, start, end, right, noun or "")
    if unit in DURATIONS:
        return before(LENGTHS, text, max(left, start - 60), start) or "duration"
    if unit in CAPACITIES:
        return "capacity"
    if unit == GDP:
        return _of_level(text, left, start, end, right)
    if unit == "%":
        return _of_share(text, left, start, end, right)
    return "measure"


def _of_money(text: str, left: int, start: int, end: int, right: int) -> str:
    said = text[left:start]
    near = before(MONEY, text, left, start)
    if _PAID.search(said) and near != "needed":
        return "cost"
    if _WORTH.search(said) and _ASSETS.search(said, max(0, len(said) - 60)):
        return "total"
    if _VALUED.search(said):
        return "given" if _AID.search(said) else "cost"
    found = near or behind(MONEY, text, end, right)
    if found == "cost" and _SPENT_ON_AID.search(said):
        return "given"
    return "needed" if found == "required" else found or "cost"


def _of_level(text: str, left: int, start: int, end: int, right: int) -> str:
    if _UP_FROM.search(text[max(left, start - 10) : start]):
        return "current"
    if _NOT_ENOUGH.match(text, end):
        return "current"
    found = behind(SHARES, text, end, right) if text[end : end + 4] in (" is ", " are", " wou") else None
    if found == "required":
        return found
    found = before(LEVELS, text, left, start)
    if found == "current" and (_FUTURE.search(text[left:start]) or _ASKED.search(text, max(left, start - 30), start)):
        return "target"
    return found or behind(LEVELS, text, end, right) or "target"


def _of_share(text: str, left: int, start: int, end: int, right: int) -> str:
    if _CHANGED_BY.search(text[max(left, start - 4) : start]):
        return "measure"
    if _NOT_ENOUGH.match(text, end):
        return "current"
    return before(SHARES, text, max(left, start - 60), start) or behind(SHARES, text, end, right) or "measure"


def _of_count(text: str, left: int, start: int, end: int, right: int, noun: str) -> str:
    if _HAS.search(text[max(left, start - 24) : start]):
        return "current"
    found = before(COUNTS, text, left, start) or behind(COUNTS, text, end, right)
    for _ in range(3):  # "three frigates, two launchers and a radar will be transferred"
        goes_on = _LISTED.match(text, right) if found is None else None
        if goes_on is None:
            break
        stop = _CLAUSE_ENDS.search(text, goes_on.end(), goes_on.end() + BEHIND)
        until = stop.start() if stop else min(len(text), goes_on.end() + BEHIND)
        found, right = behind(COUNTS, text, goes_on.end(), until), until
    if found == "required":
        found = "needed"
    if _PARTIES.search(noun) and found != "needed":
        return "total" if _CASUALTIES.search(text, left, min(len(text), end + 60)) else "size"
    if found == "size" and not _UNITS_OF_FORCES.search(noun):
        return "given" if _SENDING.search(text[max(left, start - 60) : start]) else "size"
    return found or "total"
