"""When something is said to happen: dates, months, weekdays, "next month", "the night of 24 to 25 December".

Found by a grammar of our own; never by a date parser over free text, which sees dates in "8-10% of". What a span
means is worked out in `date_spans`, and only where there is a reference day or the whole date stands in the text.
"""

from __future__ import annotations

import re

from anchorwatch.desk.date_spans import resolve
from anchorwatch.desk.date_words import ABLE, COUNT, DAY, EARLY, EDGE, GRAIN, MONTH, SEASON, WEEKDAY, YEAR
from anchorwatch.desk.report import When

_THIS = (
    r"(?:(?:(?:earlier|later|early|late)\s)?(?:[Tt]his|[Nn]ext|(?<!will\s)(?<!would\s)(?<!to\s)(?<!could\s)(?<!may\s)"
    r"(?<!can\s)(?<!should\s)(?<!might\s)(?<!must\s)[Ll]ast|(?:[Tt]he\s)?(?:next|(?<=he\s)last|previous"
    r"|following|coming|same|current|past)))"
)
_DATED = rf"(?:{WEEKDAY},?\s(?:the\s)?)?(?:{MONTH}\s{DAY}|{DAY}\s(?:of\s)?{MONTH}|first\sof\s{MONTH})(?:,?\s{YEAR})?"
_TO = r"\s?(?:-|\u2013|to|and|until|or)\s?(?:the\s)?"
_DAYS = rf"(?:{MONTH}\s{DAY}{_TO}{DAY}(?!\s(?:of\s)?{MONTH})|{DAY}{_TO}{DAY}\s(?:of\s)?{MONTH})(?:,?\s{YEAR})?"
_TIME = r"(?:\s(?:morning|afternoon|evening|night|noon))"
_WHICH = r"(?:this|next|last|the)"
# Name -> form, the longest first. A preposition before it is added afterwards.
_KINDS: tuple[tuple[str, str], ...] = (
    ("stamp", rf"[0-9]{{6}}\s?(?:UTC|Z|GMT)?\s{MONTH}(?:\s(?:{YEAR}|[0-9]{{2}}\b))?|[0-9]{{6}}\s?(?:UTC|Z|GMT)\b"),
    ("iso", r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T\s][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|\sUTC)?)?(?![0-9-])"),
    ("dotted", r"[0-9]{1,2}\.[0-9]{1,2}\.(?:19|20)[0-9]{2}(?![0-9])"),
    (
        "night",
        rf"(?:the\s)?night\s(?:of|from|between|to)\s(?:the\s)?(?:{_DAYS}|{_DATED}(?:{_TO}{_DATED})?"
        rf"|{WEEKDAY}(?:{_TO}{WEEKDAY})?)",
    ),
    ("days", _DAYS),
    ("day", _DATED),
    (
        "years",
        rf"(?<=[Bb]etween\s){YEAR}\sand\s{YEAR}|(?<=[Ff]rom\s){YEAR}\s(?:to|until|through)\s{YEAR}"
        rf"|{YEAR}(?:-|\u2013|/){YEAR}|{YEAR}[-\u2013/][0-9]{{2}}(?![0-9-])",
    ),
    (
        "months",
        rf"(?<=[Bb]etween\s){MONTH}\sand\s{MONTH}(?:\s{YEAR})?|(?<=[Ff]rom\s){MONTH}\s(?:to|until"
        rf"|through)\s{MONTH}(?:\s{YEAR})?",
    ),
    (
        "nth",
        rf"(?:the\s)?(?:first|second|third|fourth|last)\s(?:week|half|days|weekend"
        rf"|ten\sdays)\sof\s(?:{MONTH}(?:\s{YEAR})?|{YEAR}|{_WHICH}\s(?:month|year))",
    ),
    (
        "quarter",
        rf"(?:Q[1-4]|(?:the\s)?(?:first|second|third|fourth|last)\squarter)\s(?:of\s)?(?:{YEAR}"
        rf"|{_WHICH}\syear)",
    ),
    (
        "month",
        rf"(?:the\s)?(?:{EDGE}|{EARLY})?(?:(?:last|next|this)\s)?{MONTH}(?:,?\s(?:of\s)?(?:{YEAR}|(?:this"
        rf"|next|last)\syear))?(?!\s?[0-9])",
    ),
    (
        "edge",
        rf"(?:the\s)?{EDGE}(?:{YEAR}|(?:this\s|next\s|last\s|the\s)?(?:day|week|month|year|quarter|decade"
        rf"|century))\b",
    ),
    (
        "weekday",
        rf"(?:(?:last|next|this|the\sfollowing|(?:the\s)?coming|late"
        rf"|early)\s)?{WEEKDAY}{_TIME}?(?:\s(?:next|last|this)\sweek)?",
    ),
    (
        "season",
        rf"(?:the\s)?(?:{EDGE}|{EARLY})?(?:(?:this|next|last|that|coming"
        rf"|the)\s){{0,2}}{SEASON}(?:\s(?:of\s)?(?:{YEAR}|(?:this|next|last)\syear))?",
    ),
    ("ago", rf"{COUNT}\s{GRAIN}s?\s(?:ago|earlier|later)\b"),
    (
        "ahead",
        rf"(?:in|[Ww]ithin|In)\s(?:(?:about|less\sthan)\s)?(?:the\s(?:next"
        rf"|coming)\s)?{COUNT}\s{GRAIN}s?(?:[\u2019']\stime)?(?![\w-])",
    ),
    ("relative", rf"{_THIS}\s(?:{COUNT}\s)?{GRAIN}s?(?![\w-])"),
    (
        "named",
        r"(?:the\s)?day\s(?:before\syesterday|after\stomorrow)|(?:[Yy]esterday|[Tt]omorrow|[Tt]oday"
        r"|[Tt]onight)(?:\s(?:morning|afternoon|evening|night))?"
        r"|[Oo]vernight|(?:the|this)\sweekend|[Tt]his\s(?:morning|afternoon|evening)|[Ll]ast\snight|Christmas(?:\s(?:Day"
        r"|Eve))?|New\sYear(?:[\u2019']s\s(?:Day|Eve))?",
    ),
    ("year", rf"(?:{EDGE}|{EARLY})?(?:fiscal\syear\s|year\s)?{YEAR}(?![\w°])"),
)  # fmt: skip
# How the forms above may begin: most words of a text are done with after this.
_FIRST = (
    r"(?=[0-9]|Q[1-4]|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
    r"|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Christmas|New\sYear|[Tt]he\s(?:[0-9A-Z]|[bcdefnlmps][a-z]|tu|th|w)"
    r"|[Tt]h(?:is|at)\s|[Nn](?:ext|ight)\s"
    r"|[Ll]at?(?:st|er?)[\s-]|[Ff](?:irst|ourth|ollowing|iscal)\s|[Ss](?:econd|ame|tart)\s|[Tt](?:hird|urn)\s"
    r"|[Pp](?:revious|ast)\s"
    r"|[Cc](?:oming|urrent|lose)\s|[Ee](?:arly|arlier|nd|ve)[\s-]|[Mm]id(?:dle)?[\s-]|[Vv]ery\s|[Bb]eginning\s"
    r"|[Ss](?:pring|ummer)|[Aa]utumn|fall|[Ww]inter|(?:[Ii]n|[Ww]ithin)\s(?:[0-9]|about|less|the\s|[a-z])"
    r"|[Aa]n?\s(?:few|couple|minute|hour|day|week|month|quarter|year|decade|century)"
    r"|[Oo](?:ne|vernight)\b|[Tt](?:wo|hree|en|welve|wenty|hirty)\s|[Ff](?:our|ive|ew|ifteen)\s|[Ss](?:ix|even|everal)\s"
    r"|[Ee](?:ight|leven)\s|[Nn]ine\s"
    r"|day\s|[Yy](?:ear\s|esterday)|[Tt]o(?:day|night|morrow))"
)
_CORE = re.compile(rf"(?<![\w.,:/$€£+#-]){_FIRST}(?:{'|'.join(f'(?P<{name}>{form})' for name, form in _KINDS)})(?!\w)")
# Without a digit or any of these there is no date: most texts are done after this.
_DIGIT = re.compile("[0-9]")
_GATE = re.compile(
    r"[a-z]day\b|yesterday|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|\b(?:day|night|week|month|quarter|year|decade|hour|minute|weekend)s?\b|spring|summer|autumn"
    r"|winter|fall\b|tomorrow|overnight"
    r"|tonight|Christmas|Spring|Summer|Autumn|Winter|[A-Z]{3}"
)
_PREPOSITION = re.compile(
    r"(?:\A|(?<=[\s(“\"—\u2013-]))(?P<word>on|in|by|before|until|till|since|after|from|during|between"
    r"|through|over|at|around|for|towards?|of)\s"
    r"(?P<the>the\s)?(?:late\s|early\s)?\Z",
    re.IGNORECASE,
)
# Kinds whose span takes the preposition in; "on January 9" leaves it out, as those who annotate do.
_TAKES = {
    "weekday": {"on", "by", "before", "until", "till", "since"},
    "month": {"in", "by", "before", "until", "till", "since"},
    "year": {"in", "by", "before", "until", "till", "since"},
    "years": {"between", "from", "in"},
    "months": {"between", "from"},
    "season": {"in", "by", "before", "until", "till", "since"},
    "edge": {"by", "before", "until", "till", "at", "towards", "toward", "in"},
    "quarter": {"in", "by", "before", "until"},
    "night": {"on", "in"},
}
_COUNTED = re.compile(r"\s[a-z]{3,}s\b")
_WILL = re.compile(
    r"\b(?:will|is\sto|are\sto|to\sbe|plans|planned|plan\sto|expects?|expected|schedul\w+|going\sto|intends?|upcoming|should"
    r"|must|hopes?|agreed\sto)\b"
)
_SAID = re.compile(
    r"\b(?:said|says|announced|stated|reported|told|confirmed|noted|wrote|added|declared|specified|met|arrived)\b[^,;]{0,24}\Z"
)
_SHORT_MONTH = re.compile(r"(?:May|March|MAY|MARCH|(?!(?i:June|July)\Z)[A-Z][A-Za-z]{2,3}\.?)\Z")
_ABLE = re.compile(ABLE)


def dates(text: str, reference_us: int | None = None) -> tuple[When, ...]:
    """Return the times that a text speaks of, by place; without overlaps.

    A weekday is the last one, or the next one where its sentence speaks of what will be: most news tells what was. A
    day of a month without its year is the one nearest to the reference: news tells of both sides of its day.
    """
    if _DIGIT.search(text) is None and _GATE.search(text) is None:
        return ()
    found: list[When] = []
    for match in _CORE.finditer(text):
        one = _when(text, match, reference_us, found[-1].end if found else 0)
        if one is not None:
            found.append(one)
    return tuple(found)


def _when(text: str, match: re.Match[str], reference_us: int | None, free: int) -> When | None:
    kind, core = match.lastgroup or "", match.group()
    start, end = match.span()
    before = _PREPOSITION.search(text[max(free, start - 24) : start])
    word = before["word"].lower() if before else ""
    if not _is_time(text, kind, core, word, start, end):
        return None
    long = kind == "ahead" or (
        kind == "relative" and core[-1] == "s" and core.split()[-2] not in ("this", "next", "last")
    )
    future = _speaks_of_future(text, start, end)
    future = future or (word in ("until", "till", "by") and kind != "weekday")
    from_us, until_us = resolve(kind, core, word, future, reference_us)
    if before and word in _TAKES.get(kind, ()):
        start = max(free, start - 24) + before.start()
    return When(
        text[start:end], start, end, from_us, until_us, _is_long(text, kind, core, match.start()) if long else False
    )


def _speaks_of_future(text: str, start: int, end: int) -> bool:
    """Say whether what is around a date will be: "will hand over, he announced on Tuesday" was announced."""
    left = text[max(0, start - 90) : start].rpartition(". ")[2]
    if _SAID.search(left):
        return False
    return _WILL.search(left) is not None or _WILL.search(text[end : end + 60].partition(". ")[0]) is not None


def _is_long(text: str, kind: str, core: str, start: int) -> bool:
    """Say whether a span is a length of time too: "within three years", "the next five years", "can do it in a day"."""
    if kind == "ahead" and (core.lower().startswith("within") or _ABLE.search(text[max(0, start - 100) : start])):
        return True
    return "next" in core or "coming" in core


def _is_time(text: str, kind: str, core: str, word: str, start: int, end: int) -> bool:
    if kind == "month":
        last = core.split()[-1]
        bare = _SHORT_MONTH.match(core) is not None
        return not bare or (bool(word) and last in ("May", "March", "MAY", "MARCH"))
    if kind == "year":
        return _is_year(text, core, word, start, end)
    if kind == "season":
        return (
            bool(word) and word != "through"
            if core.split()[-1] == core or core.startswith("the ")
            else core != "the fall"
        )
    if core == "the last quarter":  # of a match, more often than of a year
        return False
    if kind == "ahead" and core.split()[-1].rstrip("s") in ("decade", "century") and " the " not in core:
        return True
    return True


def _is_year(text: str, core: str, word: str, start: int, end: int) -> bool:
    if len(core) > 4:
        return True
    if core.endswith(("00", "50")) and _COUNTED.match(text, end):  # "of 2000 soldiers"
        return False
    if word and word not in ("over", "around"):
        return True
    return (
        text[max(0, start - 4) : start].lower().endswith(("the ", "\u2019s ", "'s ", "its "))
        or text[end : end + 1] == ")"
    )
