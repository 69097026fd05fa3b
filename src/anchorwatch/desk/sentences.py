"""Where a text's sentences begin and end: abbreviations, decimals, quotes, headlines and notices in lines."""

from __future__ import annotations

import re
from functools import lru_cache

# A stop is one or more of .!?… with what closes a quote, then space; or a line that ends.
_STOP = re.compile(r"[.!?…]{1,8}[\"'”\u2019»)\]]{0,3}(?=\s)|\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[\"“\u2018'-])(?:"
    r"Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Cpt|Cmdr|Adm|Sgt|Sen|Rep|Gov|Pres|Amb|Rev|Hon|Brig|St|Ste|Mt|Ft|Sr|Jr"
    r"|No|Nos|Nr|Nrs|NO|NR|NOS|NRS|Art|Sec|Fig|Vol|Ch|Pt|pp|p|vs|cf|ca|approx|est|incl|resp|etc|e\.g|i\.e|a\.m|p\.m|al"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun"
    r"|Inc|Ltd|Co|Corp|Bros|Univ|Dept|Min|Max|[A-Z]|(?:[A-Za-z]\.){1,6}[A-Za-z]"
    r")\.\Z"
)
# These end a sentence as often as not: they do where a word with a capital follows that usually begins one.
_MAY_END = re.compile(r"(?:[ap]\.m|etc|Inc|Ltd|Co|Corp|al|(?:[A-Z]\.){1,6}[A-Z])\.\Z")
_BEGINS = re.compile(
    r"\s+[\"“\u2018'(\[]?(?:The|A|An|In|On|At|He|She|It|They|We|I|This|That|These|Those|But|And"
    r"|However|According|After|Before"
    r"|His|Her|Its|Their|If|When|While|As|For|By|With|From|Meanwhile|Earlier|Later|Both|There|Now|Until)\b"
)
_LOWER = re.compile(r"\s+[^\W\d_A-Z]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences, in order; no span begins or ends with space, none is empty."""
    return list(_spans(text))


@lru_cache(maxsize=4)
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences, remembered: numbers and claims of one text are both read by them."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(text):
        end = match.end()
        if end <= start:
            continue
        if match.group() == "\n":
            if not _line_ends(text, end):
                continue
        elif not _sentence_ends(text, match.start(), end):
            continue
        _keep(text, start, end, found)
        start = end
    _keep(text, start, len(text), found)
    return tuple(found)


def _sentence_ends(text: str, stop: int, end: int) -> bool:
    if text[stop] != ".":
        return not _lower_follows(text, end)
    if end - stop > 1 and text[stop + 1] == ".":
        return not _lower_follows(text, end)
    before = text[max(0, stop - 12) : stop + 1]
    if _ABBREVIATION.search(before):
        return bool(_MAY_END.search(before) and _BEGINS.match(text, end, end + 40))
    return not _lower_follows(text, end)


def _lower_follows(text: str, end: int) -> bool:
    match = _LOWER.match(text, end, end + 40)
    return match is not None and text[match.end() - 1].islower()


def _line_ends(text: str, end: int) -> bool:
    """Say whether a line break ends a sentence: an empty line does, and one before a capital, a digit or a bullet."""
    after = text[end : end + 40].lstrip(" \t\r")
    if not after or after[0] == "\n":
        return True
    return not after[0].islower()


def _keep(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    if left < right:
        found.append((left, right))
