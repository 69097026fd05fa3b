"""Numbers that are no quantities: dates, times of day, positions, telephone numbers, numbers of articles and lists."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)\b\.?"
)
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_AND = r"(?:\s?(?:-|\u2013|to|and|or)\s?"
# What begins with the number itself. Looked for at numbers only: a text is mostly words.
_AT = re.compile(
    "|".join(
        (
            rf"{_DAY}{_AND}{_DAY})?\s(?:of\s)?{_MONTH}(?:,?\s[0-9]{{4}}\b)?",
            r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}\b",
            r"[0-9]{1,3}\s?°(?!\s?[CF]\b)[^,;\n]{0,24}?[NSEW]\b",
            r"[0-9]{1,3}(?:[-\u2013][0-9]{1,2}){0,2}(?:[.,][0-9]{1,6})?\s?['\u2032]?\s?[NSEW]\b",
            r"[0-9]{6}\s?(?:UTC|Z|GMT)\b(?:\s[A-Z]{3}\b)?(?:\s[0-9]{2,4}\b)?",
            r"[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?\s?(?:[ap]\.?m\b|UTC|GMT|CET|EET|hrs\b|hours\b|local\b)",
            r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b",
            r"(?:[0-9]{1,2}|[a-z]{3,6})\s?(?:[ap]\.?m\b|o[\u2019']clock)",
            r"[0-9]{4}(?:\s(?:to|and)\s[0-9]{4})?\s?(?:UTC|GMT|CET|CEST|EET|LT|hours?\slocal|hrs)\b",
            r"[0-9]{3}[-.][0-9]{4}\b",
            r"(?i:one(?:[- ]on[- ]one|\sanother|\sof|\sday|\shand|\sside|\sthing|\sway|\smore\stime"
            r"|\spoint|\stime|\sby\sone"
            r"|\sor\stwo|\s(?:can|may|must|should|could|who|would|has|is|was))|half[- ](?:way|hearted))\b",
        )
    )
)
_PHONE = re.compile(r"\+[0-9][0-9 ()./-]{6,20}[0-9]")
_CALLED = re.compile(r"[0-9][0-9 ()./-]{4,20}[0-9]")
_CALL = re.compile(r"\b(?:tel|phone|fax|call)[.:]?\s\Z", re.IGNORECASE)
# What a number belongs to that stands behind it.
_LED = re.compile(
    r"(?:\b(?:articles?|art|nos?|nr|number|resolution|chapters?|paragraphs?|sections?|clauses?|annex|protocol|pages?|pp"
    r"|channels?|phase|stage|block|types?|class|flight|route|highway|room|berth|gate|terminal|day|level|category"
    r"|task\sforce|lines?|part|version|mmsi|imo|warning|message|units?|points?|step|round|rule|law|bill|directive"
    r"|regulation|order|area|zone|sector|corridor|buoy|platforms?|well|kp|exit|item|option|plan|covid|agenda|vision"
    r"|horizon|navarea)[.:]?\s(?:№|#)?|[№#]\s?)\Z",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\b(?:to|will|would|now|already|they|should|must|can)\snumber\s\Z")
_MONTH_LED = re.compile(rf"\b{_MONTH}\s\Z")
_AFTER_LED = re.compile(
    r"(?![\w%])(?!\s(?:to|of)\s[0-9])(?:\s?(?:-|\u2013|and|or|to)\s?[0-9]{1,6}\b(?!%))?(?:,?\s[0-9]{4}\b)?"
)
_LINE_BEGINS = re.compile(r"(?:\A|\n)[ \t]{0,8}[(]?\Z")
_LISTED = re.compile(r"[.)]\s")
_ONE_LED = re.compile(
    r"\b(?:no|number|at|in|as|the|this|that|each|every|any|which|new|old|second|first|day|by)\s\Z", re.IGNORECASE
)

_YEAR = re.compile(r"(?:19|20)[0-9]{2}\Z")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|the|since|by|until|till|from|during|before|after|for|year|early|late|mid|spring"
    r"|summer|autumn|fall|winter"
    r"|of|end|beginning|and|to|between|than|its|fiscal|or|around|about|on)\s|[\u2019']s\s|[-\u2013/]\s?|\()\Z",
    re.IGNORECASE,
)


def telephones(text: str) -> list[tuple[int, int]]:
    """Return the spans of telephone numbers with their country."""
    return [match.span() for match in _PHONE.finditer(text)] if "+" in text else []


def hidden_until(text: str, start: int, end: int, bare: bool) -> int:
    """Return how far no number is a quantity, from the one at `start:end`; `start` where it may be one.

    `bare` says that it has no unit and no scale: "in area 5 km off" is a distance, "area 5" is not.
    """
    at = _AT.match(text, start)
    if at is not None:
        return at.end()
    before = text[max(0, start - 24) : start]
    if not text[start].isdigit():
        led = text[start : start + 3].lower() == "one" and bare and _ONE_LED.search(before)
        return end if led or (text[start : start + 4].lower() == "half" and _ONE_LED.search(before)) else start
    if _CALL.search(before) and (call := _CALLED.match(text, start)):
        return call.end()
    if bare and _is_led(before) and (after := _AFTER_LED.match(text, end)):
        return max(end, after.end())
    return end if bare and _LISTED.match(text, end) and _LINE_BEGINS.search(before) else start


def _is_led(before: str) -> bool:
    """Say whether what stands before a number gives it as a name: "article 5", but not "will number 5"."""
    return (_LED.search(before) and not _NUMBERS.search(before)) or _MONTH_LED.search(before) is not None


def is_year(text: str, start: int, end: int, counted: bool) -> bool:
    """Say whether four bare digits are a year: after "in", "by", "the", or where they count nothing."""
    if _YEAR.match(text[start:end]) is None:
        return False
    if not counted:
        return True
    if text[end - 2 : end] == "00":  # "2000 soldiers" is a number of soldiers
        return False
    return _BEFORE_YEAR.search(text[max(0, start - 12) : start]) is not None
