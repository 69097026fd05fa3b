"""Numbers with their units, and the ranges and changes that two of them make."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from anchorwatch.desk.number_words import NUMBER, SCALE, scale_of, value_of
from anchorwatch.desk.quantity_guards import hidden_until, telephones
from anchorwatch.desk.quantity_units import AFTER, BEFORE, DURATIONS, gdp_end, unit_of, whose_kroner

Span = tuple[int, int]
GDP = "% of GDP"
MOST_NUMBERS = 1000  # of one text; a long article has 200
MOST_DIGITS = 18  # of one number; longer ones are no quantities

# Where a number may begin: found quickly, then read with all that belongs to it.
_BEGINS = re.compile(
    r"[0-9]|\b(?:one|t(?:wo|hree|en|welve|hirteen|wenty|hirty)|f(?:our|ive|ifteen|ourteen|orty|ifty)|s(?:ix|even)(?:teen|ty)?"
    r"|eight(?:een|y)?|nine(?:teen|ty)?|eleven|half|an?(?=\s(?:hundred|thousand|million|billion|trillion|dozen|third|quarter)\b"
    r"|\s(?:hour|day|week|month|year)\sand\sa\shalf\b))\b",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(rf"{BEFORE}\s?\Z")
_PIECE = re.compile(rf"(?P<number>{NUMBER})(?P<scale>{SCALE})?(?P<after>{AFTER})?")
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
_EXTENDED = re.compile(
    r"\b(?:extend|increas|rais|reduc|cut|shorten|prolong|gr[eo]w|lengthen|rose|ris|fell|fall|drop|chang)\w*\s\Z"
)
_TO_AFTER_FROM = re.compile(r"(?:\s[^\s,;.]{1,20}){0,5}?\sto(?:\s(?:the|a|its|their))?\s?\Z")
_BACK_FROM = re.compile(
    r"\s(?:up\s|down\s)?from(?:\s(?:the|its|their|a|today[\u2019']s|current|present|level"
    r"|of)){0,4}\s\Z"
)
_TO = re.compile(r"\bto\s\Z")
_RANGE = re.compile(r"(?:[-\u2013—\u2011\u2212]|\s[\u2013—-]\s|\s(?:to|or)\s)\Z")
_AND = re.compile(r"\sand\s\Z")
_AND_A_HALF = re.compile(r"\sand\sa\shalf\b(?!\s[a-z]+s\b)")
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
    pieces = _pieces(text, masked)
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


def _pieces(text: str, masked: Sequence[Span]) -> list[Piece]:
    begun = _BEGINS.search(text)
    if begun is None:
        return []
    spans = _merged([*masked, *telephones(text)])
    starts = [start for start, _ in spans]
    found: list[Piece] = []
    for _ in range(MOST_NUMBERS):
        if begun is None:
            break
        place = bisect_right(starts, begun.start()) - 1
        if place >= 0 and begun.start() < spans[place][1]:
            begun = _BEGINS.search(text, spans[place][1])
            continue
        match = _PIECE.match(text, begun.start())
        if match is None:
            begun = _BEGINS.search(text, begun.end())
            continue
        piece, until = _read(text, match, found)
        if piece is not None:
            found.append(piece)
        begun = _BEGINS.search(text, until)
    return found


def _read(text: str, match: re.Match[str], found: list[Piece]) -> tuple[Piece | None, int]:
    """Return the number that a match is, or None, and from where the next one is looked for."""
    number = match["number"]
    start, end = match.start(), match.end()
    if len(number) > MOST_DIGITS and number[0].isdigit():
        return None, end
    until = hidden_until(text, start, match.end("number"), not match["scale"] and not match["after"])
    if until > start:
        return None, max(until, match.end("number"))
    coin = _MONEY_BEFORE.search(text[max(0, start - 5) : start])
    begun = start if coin is None else max(0, start - 5) + coin.start()
    if not _free(text, begun, end, found, match):
        return None, end
    return _piece(text, match, begun, coin.group() if coin else None), end


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


def _piece(text: str, match: re.Match[str], start: int, coin: str | None) -> Piece:
    scale, after = match["scale"], match["after"]
    unit = unit_of(after) if after else None
    if coin:
        money = unit_of(coin)
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
    if unit in DURATIONS and (half := _AND_A_HALF.match(text, end)):  # "an hour and a half"
        return Piece(start, half.end(), value_of(number) + 0.5, 1, unit, not number[0].isdigit())
    return Piece(start, end, value_of(number), scale_of(scale), unit, not number[0].isdigit())


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
        lasting = b.unit in DURATIONS and a.unit is None and glue == " to "  # "from 10 to 12 hours"
        lasting = lasting and _EXTENDED.search(text[max(0, start - 30) : start]) is None
        draft = _both(a, b, start, b.end, not lasting, b_hedge or a_hedge)
        return draft if draft.change or draft.low <= draft.high else None
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
