"""What a number is for: asked, given, had, spent; told from the nearest words that say so."""

from __future__ import annotations

import re

from anchorwatch.desk.quantity_cues import COUNTS, LENGTHS, LEVELS, MONEY, SHARES, before, behind
from anchorwatch.desk.quantity_heads import subject
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
_CASUALTIES = re.compile(
    r"\b(?:kill|wound|injur|dead|died|captur|detain|arrest|evacuat|rescu|loss|lost\b|perish|missing|surrender|desert"
    r"|drown|sanction|blacklist|sentenc|charg|convict|without)",
    re.IGNORECASE,
)
_SENDING = re.compile(r"\b(?:send|sent|dispatch)", re.IGNORECASE)
_HAS = re.compile(
    r"\b(?:has|have|had|operates?|owns?|possess(?:es)?|holds?)\s(?:(?:about|already|now|only|some|just|around|currently|over)\s)?\Z"
)
_THERE = re.compile(
    r"\bthere\s(?:is|are|was|were|(?:has|have|had)\sbeen)\s(?:(?:also|still|now|only|already)\s)?\Z", re.I
)
_ON_BOARD = re.compile(r"\s(?:on\sboard|aboard)\b")
_CAPABLE = re.compile(r"\b(?:capacity|output|throughput|capabilit\w+)\b[^.,;]{0,40}\Z", re.IGNORECASE)
_MAKES = re.compile(
    r"\b(?:produc|manufactur|assembl|output|turn(?:s|ing)?\sout|mak(?:e|es|ing)\b|process)", re.IGNORECASE
)
_RATE = re.compile(
    r"\s(?:[a-z]+\s){0,2}?(?:(?:a|per|each|every)\s(?:year|month|day|week|hour)|annually|monthly|daily)\b"
)
_FORCES_GIVEN = re.compile(
    r"[^.;]{0,60}?\s(?:to|for)\s(?:(?:the|a|its|their|new|joint|NATO)\s){0,2}(?:[\w-]+\s)?"
    r"(?:watch|patrol|guard|protect|monitor|operation|mission|exercis|manoeuvre|maneuver|drill|fleet\b|task\sforce)"
)
_WITHOUT = re.compile(r"[^.;]{0,50}?\swithout\b")
_PAID = re.compile(r"\b(?:for|at|costing|costs?)\s(?:(?:a\s)?(?:price|cost|sum|total|value)\sof\s)?\Z")
_SPENT_ON_AID = re.compile(r"\b(?:aid|assistance|support|help|donat\w+|pledg\w+|contribut\w+)\b")
_WORTH = re.compile(r"\b(?:worth|valued\sat|of)\s\Z")
_VALUED = re.compile(
    r"\b(?:worth|valued\sat|totall?ing|amounting\sto|in\sthe\samount\sof"
    r"|(?:with|to)\sa\s(?:total\s)?(?:value|volume|sum|amount)\sof)\s(?:a\stotal\sof\s)?\Z"
)
_PRICE = re.compile(r"(?:prices?|tariffs?|rates?|bills?|fees?|wages?|salar(?:y|ies)|pensions?)\Z", re.IGNORECASE)
_COSTLY = re.compile(
    r"(?:costs?|prices?|bills?|investments?|expenses?|expenditures?|damages?|fines?|tenders?|contracts?|deals?|purchases?"
    r"|orders?|projects?|repairs?|works|budgets?|construction|tags?)\Z",
    re.IGNORECASE,
)
_HELPFUL = re.compile(
    r"(?:aid|assistance|support|help|packages?|loans?|grants?|tranches?|contributions?|donations?|pledges?)\Z", re.I
)
_STOCK = re.compile(
    r"(?:funds?|reserves?|deficits?|debts?|assets|revenues?|turnover|trade|exports|imports|pool|total|profits?|savings|loss(?:es)?)\Z",
    re.IGNORECASE,
)
_SUBJECT_PRICE = re.compile(
    r"\b(?:costs?|prices?|bills?)\s(?:of|for)\s[^.,;]{1,60}\s(?:is|are|was|were|be|been|at|to|reach(?:es|ed)?|exceed(?:s|ed)?)\s\Z"
)
_OUTLAY = re.compile(
    r"\b(?:allocat|earmark|set(?:s|ting)?\saside|budgeted|approv|unlock|reserv|releas)\w*\s(?:[\w-]+\s){0,4}\Z"
)
_TO_OTHERS = re.compile(
    r"\b(?:Ukrain|Kyiv|Kiev|Moldova|Chi\u0219in\u0103u|Chisinau|Zelensk|allies|partners?\b|aid\b|assistance|support|donat|loans?\b|grants?\b)"
)
_WOULD_TAKE = re.compile(r"\b(?:would|will|could|may|might)\s(?:take|require|need|be\s(?:needed|required))\s\Z")
_AID = re.compile(r"\b(?:aid|assistance|support|help|donat\w+|pledg\w+|contribut\w+)\b")
_WORTH = re.compile(r"\b(?:worth|valued\sat|of)\s\Z")
_VALUED = re.compile(r"\b(?:worth|valued\sat)\s\Z")
_AID = re.compile(r"\b(?:aid|assistance|support|package|tranche|donat\w+|pledg\w+|help|weapons)\b")
_ASSETS = re.compile(r"\b(?:assets|reserves|deposits|property)\b")
_ASKED = re.compile(r"\b(?:target|goal|norm|demand|minimum|requirement|threshold)\b", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:will|would|should|must|to|shall|could|may)\s(?:be|have|reached?|spend|amount)\s?\w*\s?\Z")
_NOT_ENOUGH = re.compile(r"\s(?:of\sGDP\s)?(?:is|are|was|would\sbe)\s(?:not|no\slonger)\s(?:enough|sufficient)")
_MUST_SPEND = re.compile(r"\bwould\s(?:have|need)\sto\s(?:be\s)?[a-z]+\s(?:up\s)?(?:by\s|to\s)?\Z")
_IF = re.compile(r"\b[Ii]f\s[^,;]{3,90}\b(?:rais|increas|spen|lift|boost|reach|allocat)[^,;]{0,60}\Z")
_IS_NOW = re.compile(
    r"\b(?:amounts?\sto|amounted\sto|stands?\sat|stood\sat|equals?|accounts?\sfor|accounted\sfor|makes?\sup|made\sup"
    r"|(?:is|are|was|were)\s(?:already\s|now\s|currently\s)?(?:at|equal\sto)|exceeds?|exceeded)\s(?:already\s|now\s)?\Z"
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
_UP_FROM = re.compile(r"\bfrom\s\Z")
_CHANGED_BY = re.compile(r"\bby\s\Z")
_LISTED = re.compile(
    r"\sand\s(?![a-z]+ed\s)|,\s(?:and\s)?(?=[0-9]|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten)\s)"
)
_CLAUSE_ENDS = re.compile(r"[,;:.!?]\s|\s(?:and|but|while|after|before|because|when)\s")

_BY_NOUN = ((_COSTLY, "cost"), (_HELPFUL, "given"), (_STOCK, "total"))


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
    if near == "needed" or _WOULD_TAKE.search(said):
        return "needed"
    by_name = _by_what_it_is(said)
    if by_name:
        return by_name
    if _OUTLAY.search(said) and not _TO_OTHERS.search(text, max(0, left - 60), min(len(text), end + 120)):
        return "cost"
    found = near or behind(MONEY, text, end, right)
    if found == "cost" and _SPENT_ON_AID.search(said):
        return "given"
    return "needed" if found == "required" else found or "cost"


def _by_what_it_is(said: str) -> str | None:
    """Return the role that what is worth, or amounts to, so much gives: a price, an aid, a fund."""
    if _PAID.search(said) or _SUBJECT_PRICE.search(said):
        return "cost"
    if _WORTH.search(said) and _ASSETS.search(said, max(0, len(said) - 60)):
        return "total"
    if _VALUED.search(said):
        return "given" if _AID.search(said) else "cost"
    if _HAS.search(said[-24:]):
        return "current"
    what = subject(said)
    if what is None:
        return None
    if said.endswith(" by ") and _PRICE.search(what):
        return "measure"
    return next((role for nouns, role in _BY_NOUN if nouns.search(what)), None)


def _of_level(text: str, left: int, start: int, end: int, right: int) -> str:
    said = text[left:start]
    if _UP_FROM.search(said) or _NOT_ENOUGH.match(text, end) or _RANKED.match(text, end):
        return "current"
    if _MUST_SPEND.search(said) or _IF.search(said):
        return "required"
    now = _IS_NOW.search(said)
    if now and not _NOT_YET.search(said[: now.start()]):
        return "current"
    found = behind(SHARES, text, end, right) if text[end : end + 4] in (" is ", " are", " wou") else None
    if found == "required":
        return found
    found = before(LEVELS, text, left, start)
    if found == "current" and (_FUTURE.search(said) or _ASKED.search(text, max(left, start - 30), start)):
        return "target"
    return found or behind(LEVELS, text, end, right) or "target"


def _of_share(text: str, left: int, start: int, end: int, right: int) -> str:
    said = text[left:start]
    if _CHANGED_BY.search(said):
        return "measure"
    now = _STATE.search(said)
    if _NOT_ENOUGH.match(text, end) or (now and not _NOT_YET.search(said[: now.start()])):
        return "current"
    return before(SHARES, text, max(left, start - 60), start) or behind(SHARES, text, end, right) or "measure"


def _of_count(text: str, left: int, start: int, end: int, right: int, noun: str) -> str:
    said = text[left:start]
    if _HAS.search(said[-24:]):
        return "current"
    if _THERE.search(said) or _ON_BOARD.match(text, end):
        return "total"
    found = before(COUNTS, text, left, start)
    if found != "needed" and (_CAPABLE.search(said) or (_MAKES.search(said) and _RATE.match(text, end))):
        return "capacity"
    if found is None and _WITHOUT.match(text, end):
        return "total"
    found = found or behind(COUNTS, text, end, right) or _of_list(text, right)
    if found == "required":
        found = "needed"
    if _PARTIES.search(noun) and found != "needed":
        return "total" if _CASUALTIES.search(text, left, min(len(text), end + 60)) else "size"
    if found == "given" and _UNITS_OF_FORCES.search(noun) and _FORCES_GIVEN.match(text, end):
        return "size"
    if found == "size" and not _UNITS_OF_FORCES.search(noun):
        return "given" if _SENDING.search(text[max(left, start - 60) : start]) else "size"
    return found or "total"


def _of_list(text: str, right: int) -> str | None:
    """Return the role that follows a list: "three frigates, two launchers and a radar will be transferred"."""
    found: str | None = None
    for _ in range(3):
        goes_on = _LISTED.match(text, right) if found is None else None
        if goes_on is None:
            break
        stop = _CLAUSE_ENDS.search(text, goes_on.end(), goes_on.end() + BEHIND)
        until = stop.start() if stop else min(len(text), goes_on.end() + BEHIND)
        found, right = behind(COUNTS, text, goes_on.end(), until), until
    return found
