"""Numbers with their units, and the ranges and changes that two of them make."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from anchorwatch.desk.number_words import NUMBER, SCALE, scale_of, value_of
from anchorwatch.desk.quantity_guards import not_quantities
from anchorwatch.desk.quantity_units import AFTER, BEFORE, gdp_end, unit_of, whose_kroner

Span = tuple[int, int]
GDP = "% of GDP"
MOST_DIGITS = 18  # of one number; longer ones are no quantities

_ANY = re.compile(
    r"[0-9]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{2,5}teen"
    r"|[a-z]{3,5}ty|half|hundred|dozen"
    r"|million|billion|thousand)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(rf"(?P<before>{BEFORE}\s?)?(?P<number>{NUMBER})(?P<scale>{SCALE})?(?P<after>{AFTER})?")
_HEDGES = (
    r"(?:just|well|a\slittle|slightly|far|significantly|no|not)\s(?:over|under|above|below|more\sthan"
    r"|less\sthan|fewer\sthan)"
    r"|about|around|some|nearly|almost|over|more\sthan|at\sleast|up\sto|as\smany\sas|as\smuch\sas"
    r"|fewer\sthan|less\sthan|under"
    r"|below|above|roughly|approximately|only|just|another|at\smost|close\sto|in\sexcess\sof|exceeding"
    r"|circa|ca\.|an?\sestimated"
    r"|estimated|a\sfurther|practically|virtually|exactly|a\smaximum\sof|a\sminimum\sof|~|≈"
)
_HEDGE = re.compile(rf"(?:\A|(?<=[\s(\[“\"\u2018'\u2013—,-]))(?:{_HEDGES})\s?\Z", re.IGNORECASE)
_OVER_THERE = re.compile(
    r"\b(?:hand\w*|tak\w+|took|turn\w*|circl\w+|fl(?:ew|y|ies|ying)|pass\w*|sail\w*|drag\w*|brought"
    r"|bring|give|gave)\s\Z"
)
_FROM = re.compile(r"\bfrom\s(?:(?:the|a|its|their|current|present|today[\u2019']s|level\sof)\s){0,3}\Z", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s\Z", re.IGNORECASE)
_TO_AFTER_FROM = re.compile(r"(?:\s[^\s,;.]{1,20}){0,5}?\sto(?:\s(?:the|a|its|their))?\s?\Z")
_BACK_FROM = re.compile(
    r"\s(?:up\s|down\s)?from(?:\s(?:the|its|their|a|today[\u2019']s|current|present|level"
    r"|of)){0,4}\s\Z"
)
_TO = re.compile(r"\bto\s\Z")
_RANGE = re.compile(r"(?:[-\u2013—\u2011\u2212]|\s[\u2013—-]\s|\s(?:to|or)\s)\Z")
_AND = re.compile(r"\sand\s\Z")
_INSIDE = re.compile(r"[\w.,:/#@°'\u2019&=+\\]")


class Piece(NamedTuple):
    """One number with its unit."""

    start: int
    end: int
    value: float
    scale: float
    unit: str | None
    word: bool


class Draft(NamedTuple):
    """What may become a quantity: a number, a range or a change."""

    start: int  # with the hedge
    end: int
    number: int  # where the first number begins
    low: float
    high: float
    unit: str | None
    scaled: bool
    change: bool
    word: bool
    hedge: str | None


def drafts(text: str, masked: Sequence[Span]) -> list[Draft]:
    """Return all numbers of a text with their units, ranges and changes joined."""
    if _ANY.search(text) is None:
        return []
    pieces = _pieces(text, _merged([*masked, *not_quantities(text)]))
    found: list[Draft] = []
    at = 0
    while at < len(pieces):
        joined = _pair(text, pieces[at], pieces[at + 1]) if at + 1 < len(pieces) else None
        found.append(joined or _single(text, pieces[at]))
        at += 2 if joined else 1
    return found


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, masked: list[Span]) -> list[Piece]:
    starts = [start for start, _ in masked]
    found: list[Piece] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        place = bisect_right(starts, match.start("number")) - 1
        hidden = place >= 0 and match.start("number") < masked[place][1]
        if len(match["number"]) > MOST_DIGITS and match["number"][0].isdigit():
            continue
        if not _free(text, start, end, found, match):
            continue
        if not hidden:
            found.append(_piece(text, match))
    return found


def _free(text: str, start: int, end: int, found: list[Piece], match: re.Match[str]) -> bool:
    """Say whether a number stands by itself: no part of F-16, 2.1.3, 12:30, +358, Lion1 or one-on-one."""
    before = text[start - 1] if start else " "
    if before in "-\u2013—\u2011\u2212":
        joins = bool(found) and found[-1].end == start - 1
        if not joins and not (start >= 2 and text[start - 2].isspace()) and before in "-\u2011":
            return False
        if not joins and start >= 2 and text[start - 2].isdigit():
            return False
    elif _INSIDE.match(before):
        return False
    after = text[end : end + 2]
    if not after:
        return True
    if after[0] in "-\u2011":
        return after[1:].isdigit() or match["number"][0].isdigit() or after[1:] in "€$£" or not after[1:].strip()
    if after[0] in ".,:/\u2019'":
        return not after[1:].isdigit() and after[0] not in "/\u2019'"
    return not (after[0].isalnum() or after[0] in "_@°")


def _piece(text: str, match: re.Match[str]) -> Piece:
    scale, after = match["scale"], match["after"]
    unit = unit_of(after) if after else None
    if match["before"]:
        money = unit_of(match["before"])
        if unit == "m" and after == "m":
            scale, unit = "m", None
        unit = money if unit is None or unit == money else unit
    if unit == "":
        unit = whose_kroner(text, after or "")
    end = match.end()
    if unit == "%":
        stop = gdp_end(text, end)
        unit, end = (GDP, stop) if stop > end else (unit, end)
    number = match["number"]
    return Piece(match.start(), end, value_of(number), scale_of(scale), unit, not number[0].isdigit())


def _hedged(text: str, start: int) -> tuple[int, str | None]:
    """Return where a number begins with its hedge, and the hedge."""
    left = max(0, start - 28)
    match = _HEDGE.search(text[left:start])
    if match is None or (
        match.group()[:4].lower() == "over"
        and _OVER_THERE.search(text[max(0, left + match.start() - 14) : left + match.start()])
    ):
        return start, None
    return left + match.start(), match.group().strip()


def _single(text: str, piece: Piece) -> Draft:
    start, hedge = _hedged(text, piece.start)
    whole = piece.value * piece.scale
    return Draft(start, piece.end, piece.start, whole, whole, piece.unit, piece.scale > 1, False, piece.word, hedge)


def _pair(text: str, a: Piece, b: Piece) -> Draft | None:
    """Return two numbers as one: "from A to B", "to B from A", "A-B", "A to B", "between A and B"."""
    if b.start - a.end > 80 or not _same_kind(a.unit, b.unit):
        return None
    a_start, a_hedge = _hedged(text, a.start)
    b_start, b_hedge = _hedged(text, b.start)
    if b_start < a.end:
        b_start, b_hedge = b.start, None
    glue = text[a.end : b_start]
    from_at = _FROM.search(text[max(0, a_start - 40) : a_start])
    if from_at and _TO_AFTER_FROM.match(glue):
        start = max(0, a_start - 40) + from_at.start()
        return _both(a, b, start, b.end, True, b_hedge or a_hedge)
    if _BACK_FROM.match(glue) and _TO.search(text[max(0, a_start - 4) : a_start]) and (a.unit or b.unit):
        draft = _both(b, a, max(0, a_start - 3), b.end, True, a_hedge or b_hedge)
        return draft._replace(number=a.start)
    if _RANGE.match(glue) and (b_start == b.start or glue == " to "):
        draft = _both(a, b, a_start, b.end, False, a_hedge or b_hedge)
        return draft if draft.low <= draft.high else None
    between = _BETWEEN.search(text[max(0, a_start - 8) : a_start])
    if between and _AND.match(glue):
        draft = _both(a, b, max(0, a_start - 8) + between.start(), b.end, False, a_hedge or b_hedge)
        return draft if draft.low <= draft.high else None
    return None


def _same_kind(a: str | None, b: str | None) -> bool:
    return a == b or a is None or b is None or {a, b} == {"%", GDP}


def _both(a: Piece, b: Piece, start: int, end: int, change: bool, hedge: str | None) -> Draft:
    """Join two numbers; "20-25 million" means both in millions, "2% to 3% of GDP" both of GDP."""
    a_scale = b.scale if a.scale == 1 and b.scale > 1 and a.value < 1000 else a.scale
    b_scale = a.scale if b.scale == 1 and a.scale > 1 and b.unit is not None and not a.unit else b.scale
    unit = GDP if GDP in (a.unit, b.unit) else b.unit or a.unit
    return Draft(
        start, end, a.start, a.value * a_scale, b.value * b_scale, unit, max(a_scale, b_scale) > 1, change,
        a.word and b.word, hedge,
    )  # fmt: skip
