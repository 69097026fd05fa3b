"""What a number is for: asked, given, had, spent; told from the nearest words that say so."""

from __future__ import annotations

import re

from anchorwatch.desk.quantity_units import CAPACITIES, CURRENCIES, DURATIONS

GDP = "% of GDP"
_REQUIRED = (
    r"(?P<required>\b(?:would|will|could|may|might)\s(?:require|need|take)|requir(?:es?|ed|ing)|necessary|suffic\w+|is\senough"
    r"|are\senough|enough\sto)"
)
_NEEDED = (
    r"(?P<needed>\b(?:needs?|needed|needing|lacks?|lacked|lacking|shortage|short\sof|missing|request(?:s|ed|ing)?"
    r"|ask(?:s|ed|ing)?\b[^.;]{0,60}?\bfor|call(?:s|ed|ing)?\sfor|appeal(?:s|ed)?|demand(?:s|ed|ing)?|want(?:s|ed)?|seek(?:s|ing)?|sought)\b)"
)
_GIVEN = (
    r"(?P<given>\b(?:pledg\w+|promis\w+|deliver\w*|hand(?:s|ed|ing)?\s(?:\w+\s)?over|handover|donat\w+|provi(?:de|ding|sion)\w*"
    r"|suppl(?:y|ies|ied|ying)|transfer\w*|contribut\w+|purchas\w+|procur\w+|buy(?:s|ing)?|bought|order(?:s|ed|ing)?|receiv\w+"
    r"|allocat\w+|grant(?:s|ed|ing)?|aid|assistance|support|loans?|packages?|gifts?|acqui\w+|commit\w*|financ\w+|fund(?:s|ed|ing)?"
    r"|earmark\w*|giv(?:e|es|en|ing)|gave|hand(?:s|ed|ing)?|lend(?:s|ing)?|lent|ship(?:ped|ping)|produc\w+|put\sinto|money"
    r"|get(?:s|ting)?|add(?:s|ing)?|contract\w*|sell(?:s|ing)?|sold)\b)"
)
_SIZE = (
    r"(?P<size>\b(?:tak(?:e|es|ing|en)\spart|took\spart|participa\w+|coalition|exercis\w+|maneuvers?|manoeuvres?|drills?|practi[cs]\w+"
    r"|gather\w*|meeting|summit|talks|invit\w+|attend\w*|unit(?:e|es|ed|ing)|involv\w+|deploy\w*|send(?:s|ing)?|sent"
    r"|patrol\w*|mission|join\w*|form(?:s|ed|ing)?|consist\w*|compris\w+|contingent|peacekeep\w+|station(?:ed|ing)"
    r"|dispatch\w*|host(?:s|ed|ing)?|reinforc\w+|led|serve[sd]?|rotat\w+|expect(?:s|ed)?)\b)"
)
_CURRENT = (
    r"(?P<current>\b(?:current(?:ly)?|present(?:ly)?|now|remain\w*|stay(?:s|ed|ing)?|already|existing|still|operat(?:e|es|ing)|today"
    r"|so\sfar|at\sthe\smoment|has|have|owns?|stands?\sat|is\sat|last\syear|this\syear)\b)"
)
_TARGET = (
    r"(?P<target>\b(?:targets?|goals?|increas\w+|rais(?:e|es|ed|ing)|should|must|aim\w*|reach\w*|to|demand\w*|ris(?:e|es|ing)|at\sleast"
    r"|will|plan(?:s|ned|ning)?|intend\w*|bring\w*|propos\w+|call(?:s|ed|ing)?|want(?:s|ed)?|level|threshold|benchmark|spend)\b)"
)
_TOTAL = (
    r"(?P<total>\b(?:record\w*|register\w*|count(?:s|ed)|detect\w*|number\sof|reach\w*|total\w*|amount\w*|observ\w+|intercept\w*"
    r"|kill\w*|wound\w*|injur\w*|damag\w*|destroy\w*|launch\w*|fired|shot|list|arrest\w*|detain\w*|seiz\w+|inspect\w*|check\w*"
    r"|assets|cut\soff|without|lost|entered|violat\w+|spotted|sighted|identif\w+|passed|boarded|evacuat\w+|rescu\w+)\b)"
)
_COST = (
    r"(?P<cost>\b(?:costs?|costing|prices?|priced|worth|spend\w*|spent|invest\w*|pay(?:s|ing)?|paid|value[ds]?|valued|fine[ds]?|budget"
    r"|expens\w+|estimated\sat|losses|damages|revenue|sum|bill|repairs?)\b)"
)
_CAPACITY = r"(?P<capacity>\b(?:capacity|capacities|transmi\w+|output|load|throughput|generat\w+)\b)"


def _any(*kinds: str) -> re.Pattern[str]:
    return re.compile("|".join(kinds), re.IGNORECASE)


_OF_COUNTS = _any(_REQUIRED, _NEEDED, _GIVEN, _SIZE, _CURRENT, _TOTAL)
_OF_MONEY = _any(_REQUIRED, _NEEDED, _GIVEN, _COST, _TOTAL)
_OF_SHARES = _any(_REQUIRED, _CURRENT, _GIVEN, _TARGET, _TOTAL)
_OF_LEVELS = _any(_REQUIRED, _CURRENT, _TARGET)
_OF_DURATIONS = _any(_REQUIRED, _NEEDED)

_PARTIES = re.compile(
    r"(?:countr(?:y|ies)|nations?|states?|leaders?|ministers?|allies|members?|participants?|delegations?|heads|parties|presidents?"
    r"|partners?|capitals|governments|ambassadors?|diplomats|companies|experts|officers?|soldiers?|troops|sailors?|personnel|servicemen"
    r"|marines|peacekeepers|reservists|guards|guardsmen|brigades?|battalions?|companies|instructors|volunteers|crew|fighters?\sjets?)\Z",
    re.IGNORECASE,
)
_UNITS_OF_FORCES = re.compile(
    r"(?:ships?|vessels?|frigates?|corvettes?|destroyers?|minehunters?|minesweepers?|hunters?|sweepers?|submarines?|boats?"
    r"|aircraft|planes?|jets?|fighters?|helicopters?|warships?|carriers?|units?|squadrons?)\Z",
    re.IGNORECASE,
)
_CASUALTIES = re.compile(r"\b(?:kill|wound|injur|dead|died|captur|lost|detain|arrest|evacuat|rescu)", re.IGNORECASE)
_SENDING = re.compile(r"(?:send|sent|dispatch)", re.IGNORECASE)
_UNDER_CURRENT = re.compile(r"\b(?:should|must|will|would|plans?|intends?|wants?|target|goal)\b", re.IGNORECASE)


def role_of(text: str, sentence: tuple[int, int], start: int, end: int, unit: str | None, noun: str | None) -> str:
    """Return the role (report.ROLES) of the number at `start:end`, from the words of its sentence."""
    if unit is None and noun is None or unit in CURRENCIES:
        return _nearest(_OF_MONEY, text, sentence, start, end) or "cost"
    if unit is None:
        return _of_count(text, sentence, start, end, noun or "")
    if unit in DURATIONS:
        return "required" if _nearest(_OF_DURATIONS, text, sentence, start, start) else "duration"
    if unit in CAPACITIES:
        return "capacity"
    if unit == GDP:
        return _nearest(_OF_LEVELS, text, sentence, start, end) or "target"
    if unit == "%":
        return _nearest(_OF_SHARES, text, sentence, start, end) or "measure"
    return "measure"


def _of_count(text: str, sentence: tuple[int, int], start: int, end: int, noun: str) -> str:
    found = _nearest(_OF_COUNTS, text, sentence, start, end)
    if _PARTIES.search(noun) and found not in ("needed", "required"):
        return "total" if _CASUALTIES.search(text, *sentence) else "size"
    if found == "required":
        return "needed"
    if found == "size" and not (_UNITS_OF_FORCES.search(noun) or _PARTIES.search(noun)):
        before = text[max(sentence[0], start - 60) : start]
        return "given" if _SENDING.search(before) else "size"
    return found or "total"


def _nearest(words: re.Pattern[str], text: str, sentence: tuple[int, int], start: int, end: int) -> str | None:
    """Return what the last of the words before a number says, or the first behind it."""
    last = None
    for match in words.finditer(text, max(sentence[0], start - 160), start):
        last = match.lastgroup
    if last is not None:
        return last
    match = words.search(text, end, min(sentence[1], end + 100))
    return match.lastgroup if match else None
