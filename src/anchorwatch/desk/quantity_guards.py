"""Numbers that are no quantities: dates, times of day, positions, telephone numbers, numbers of articles and lists."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|JAN|FEB|MAR|APR|MAY|JUNE?|JULY?|AUG|SEPT?|OCT|NOV|DEC)\b\.?"
)
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_NOT = re.compile(
    "|".join(
        (
            r"(?:https?://|www\.)\S{1,300}",
            r"\S{1,64}@\S{1,64}",
            rf"\b{_MONTH}\s{_DAY}(?![\w%])(?:\s?(?:-|\u2013|to|and|or)\s?{_DAY}(?![\w%]))?(?:,?\s[0-9]{{4}}\b)?",
            rf"\b{_DAY}(?:\s?(?:-|\u2013|to|and|or)\s?{_DAY})?\s(?:of\s)?{_MONTH}(?:,?\s[0-9]{{4}}\b)?",
            rf"\b{_MONTH}\s[0-9]{{4}}\b",
            r"\b[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}\b",
            r"\b[0-9]{1,3}\s?°(?!\s?[CF]\b)[^,;\n]{0,24}?[NSEW]\b",
            r"\b[0-9]{1,3}(?:[-\u2013][0-9]{1,2}){0,2}(?:[.,][0-9]{1,6})?\s?['\u2032]?\s?[NSEW]\b",
            r"\b[0-9]{6}\s?(?:UTC|Z|GMT)\b(?:\s[A-Z]{3}\b)?(?:\s[0-9]{2,4}\b)?",
            r"\b[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?(?:\s?(?:[ap]\.?m\b|UTC|GMT|CET|EET|hrs\b|hours\b|local\b))",
            r"\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\b",
            r"\b(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s?(?:[ap]\.?m\b"
            r"|o[\u2019']clock)",
            r"\b[0-9]{4}\s?(?:UTC|GMT|CET|CEST|EET|LT|hours?\slocal|hrs)\b",
            r"\+[0-9][0-9 ()./-]{6,20}[0-9]",
            r"\b(?i:tel|phone|fax|call)[.:]?\s[0-9][0-9 ()./-]{4,20}[0-9]",
            r"\b[0-9]{3}[-.][0-9]{4}\b",
            r"\b(?i:articles?|art|nos?|nr|numbers?|resolution|chapters?|paragraphs?|sections?|clauses?|annex"
            r"|protocol|pages?|pp|channels?"
            r"|phase|stage|block|type|types|class|flight|route|highway|room|berth|gate|terminal|day|level"
            r"|category|task\sforce|line|lines"
            r"|part|version|mmsi|imo|warning|message|unit|units?\sno|point|points|step|round|rule|law|bill"
            r"|directive|regulation|order"
            r"|area|zone|sector|corridor|buoy|platform|well|kp|exit|platforms|chapter|item|option|plan|covid"
            r"|agenda|vision|horizon)"
            r"[.:]?\s(?:№|#)?[0-9]{1,10}(?![\w%])(?!\s(?:to|of)\s[0-9])(?:\s?(?:-|\u2013|and|or)\s?[0-9]{1,6}\b)?",
            r"[№#]\s?[0-9]{1,10}",
            r"(?m:^[ \t]{0,8}[(]?[0-9]{1,3}[.)](?=\s))",
            r"\b(?i:one[- ]on[- ]one|one\sanother|no\sone|one\sof|one\sday|day\sone|number\sone|one\shand"
            r"|one\sside|one\sthing|one\sway"
            r"|one\smore\stime|one\spoint|one\stime|at\sone|in\sone|as\sone|one\sby\sone|the\sone|this\sone"
            r"|that\sone|each\sone"
            r"|every\sone|any\sone|which\sone|new\sone|old\sone|second\sone|first\sone|one\s(?:can|may|must"
            r"|should|could|who|would|has|is|was)"
            r"|one\sor\stwo|half[- ]way|half[- ]hearted|first\shalf|second\shalf|half\sa\sdozen(?=\z)|in\shalf)\b",
            r"\b(?:G|B|P)[ -]?[0-9]{1,2}\b",
        )
    ).replace(r"\z", r"\Z")
)
_ANY_NUMBER = re.compile(r"[0-9]|\bone\b|\bhalf\b", re.IGNORECASE)

_YEAR = re.compile(r"(?:19|20)[0-9]{2}\Z")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|the|since|by|until|till|from|during|before|after|for|year|early|late|mid|spring"
    r"|summer|autumn|fall|winter"
    r"|of|end|beginning|and|to|between|than|its|fiscal|or|around|about|on)\s|[\u2019']s\s|[-\u2013/]\s?|\()\Z",
    re.IGNORECASE,
)


def not_quantities(text: str) -> list[tuple[int, int]]:
    """Return the spans in which no number is a quantity, in order."""
    return [match.span() for match in _NOT.finditer(text)]


def is_year(text: str, start: int, end: int, counted: bool) -> bool:
    """Say whether four bare digits are a year: after "in", "by", "the", or where they count nothing."""
    if _YEAR.match(text[start:end]) is None:
        return False
    if not counted:
        return True
    if text[end - 2 : end] == "00":  # "2000 soldiers" is a number of soldiers
        return False
    return _BEFORE_YEAR.search(text[max(0, start - 12) : start]) is not None
