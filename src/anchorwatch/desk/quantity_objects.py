"""What a number without a counted noun is of: the spending that is 3% of GDP, the cable that costs 98 million."""

from __future__ import annotations

import re

from anchorwatch.desk.quantity_nouns import WORD_STOPS
from anchorwatch.desk.quantity_units import CAPACITIES, CURRENCIES, DURATIONS

_SPENDING = re.compile(
    r"\b(?:(?:military|defen[cs]e|army|security|NATO)\s){0,2}(?:spending|expenditures?|budgets?|investments?|allocations?)\b"
)
_NOUN_OF = re.compile(r"([^\W\d_][\w-]{2,30})\s(?:of|is|was|be|at|to|reached|totals|totalling|by)\s\Z")
_LEVELS = re.compile(
    r"\b(aid|support|assistance|contribution|capacity|loan|fund|package|budget|price|cost|debt|investment|damage|revenue|number"
    r"|share|production|presence|length|depth|speed|distance|fine|reward|sum|value|spending|purchase|grant|imports|exports)s?\b"
)
_FOR = re.compile(
    r"\s(?:(?:more|extra|a\syear|annually|each|per\syear|this\syear|next\syear)\s)?(?:for|on|in|to|into|towards)\s(?:the|a|an|its|their|his|her|our)?\s?"
)
_OF = re.compile(r"\sof\s(?:the|its|their|his|her|our|all|this|that)?\s?")
_TAKES = re.compile(
    r"([^\W\d_][\w-]{1,30})\s(?:(?:will|would|could|can|may|might|should|is\sexpected|are\sexpected|has|have|had|already)\s){0,2}(?:to\s)?"
    r"(?:take|takes|took|taken|last|lasts|lasted|requires?|continue|continues|continued|runs?)\s(?:for\s)?\Z"
)
_CAPACITY_OF = re.compile(
    r"\b(?:capacity|cost|price|length|voltage|output)\sof\s(?:the|a|an|its|their)\s((?:[\w-]+\s){0,2}[\w-]+?)\s(?:will|is|was|would|has|of|and|reache[sd])\b"
)
_PRONOUNS = frozenset("it this that which they he she we who work there".split())


def object_of(
    text: str, sentence: tuple[int, int], start: int, end: int, unit: str | None, before: str | None
) -> str | None:
    """Return what is measured, as said; `before` is what the number before it in the sentence counts."""
    left = text[max(sentence[0], start - 140) : start]
    if unit in DURATIONS:
        return _last_group(_TAKES, left)
    if unit in ("%", "% of GDP"):
        return (
            _last(_SPENDING, left)
            or _of_level(left)
            or _behind(text, sentence, end)
            or _last(_SPENDING, text[: sentence[0]])
        )
    if unit in CURRENCIES or unit is None or unit in CAPACITIES:
        return _of_amount(text, sentence, left, end, before)
    return _last_group(_NOUN_OF, left)


def _of_amount(text: str, sentence: tuple[int, int], left: str, end: int, before: str | None) -> str | None:
    named = _last_group(_CAPACITY_OF, text[sentence[0] : sentence[0] + len(left) + 200][: len(left)] if False else left)
    if named:
        return named
    noun = _NOUN_OF.search(left)
    if noun and noun.group(1).lower() not in WORD_STOPS:
        return noun.group(1)
    if before and re.search(r"\b(?:for|worth|at|costing|cost)\s(?:\w+\s){0,3}\Z", left):
        return before
    return _behind(text, sentence, end) or _of_level(left) or None


def _of_level(left: str) -> str | None:
    return _last(_LEVELS, left)


def _last(words: re.Pattern[str], left: str) -> str | None:
    found = None
    for match in words.finditer(left):
        found = match.group()
    return found


def _last_group(words: re.Pattern[str], left: str) -> str | None:
    match = words.search(left)
    if match is None or match.group(1).lower() in _PRONOUNS:
        return None
    return match.group(1)


def _behind(text: str, sentence: tuple[int, int], end: int) -> str | None:
    """Return the noun phrase behind "for", "on", "into"."""
    match = _FOR.match(text, end, sentence[1])
    if match is None:
        return None
    return phrase(text, match.end(), sentence[1])


_PHRASE_WORD = re.compile(r"[^\W_][\w’'/-]*")


def phrase(text: str, at: int, until: int) -> str | None:
    """Return a short noun phrase that begins here: words until a preposition, a verb or a stop; "of" and "and" go on once."""
    begun, end, joined = at, at, 0
    for _ in range(7):
        match = _PHRASE_WORD.match(text, at, until)
        if match is None:
            break
        word = match.group().lower()
        if word in ("of", "and") and end > begun and not joined:
            joined += 1
        elif word in WORD_STOPS:
            break
        else:
            end = match.end()
        at = match.end()
        if at >= until or text[at] != " ":
            break
        at += 1
    return text[begun:end] if end > begun else None
