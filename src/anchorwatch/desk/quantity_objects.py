"""What a number without a counted noun is of: the spending that is 3% of GDP, the repair that takes 10 days."""

from __future__ import annotations

import re

from anchorwatch.desk.quantity_heads import changed, held, subject, valued
from anchorwatch.desk.quantity_nouns import WORD_STOPS
from anchorwatch.desk.quantity_units import CAPACITIES, CURRENCIES, DURATIONS
from anchorwatch.desk.word_lists import every

_SPENDING = re.compile(
    r"\b(?:(?:military|defen[cs]e|army|security|NATO)\s){0,2}(?:spending|expenditures?|budgets?"
    r"|investments?|allocations?)\b"
)
_ASKED = re.compile(r"\b((?:\w+\s)?(?:target|goal|level|threshold|minimum|norm|benchmark|requirement))\s(?:of|at)\s\Z")
_NOUN_OF = re.compile(r"([^\W\d_][\w-]{2,30})\s(?:of|at|to|by)\s\Z")
_PRICE_OF = re.compile(
    r"\b(prices?|costs?|tranche|loans?|grants?|contributions?|budget|investments?|fines?|reward|compensation|bonus|instalment"
    r"|damages?|loss(?:es)?|guarantees?|hole|gap|shortfall|deficit|surplus)\sof\s\Z"
)
_IT_COSTS = re.compile(
    r"\b(?:it|they|this|these|which|that)\s(?:[a-z]+\s){0,3}(?:cost|costs|worth|total|totals)\s\Z", re.I
)
_NEEDS = re.compile(r"\b(?:needs?|requires?|needed|required|lacks?)\s(?:(?:another|about|at\sleast|up\sto|some)\s)?\Z")
_MEASURE_OF = re.compile(
    r"\b(\w*(?:depth|speed|height|distance|length|altitude|radius|width|range|weight))\s(?:of|is|was|at)\s\Z"
)
_LEVELS = re.compile(
    r"\b(?:aid|support|assistance|contribution|capacity|loan|fund|package|budget|price|cost|debt"
    r"|investment|damage|revenue|number"
    r"|share|production|presence|length|depth|speed|distance|fine|reward|sum|value|spending|purchase"
    r"|grant|imports|exports)s?\b"
)
_PASSIVE = (
    r"(?:\s(?:will|would|should|could|can|may|must|is|are|was|were|has|have|had|been|be|to|also|already|now)){1,4}"
    r"\s(?:[a-z]+(?:ed|en)|spent|put|go|paid|set\saside|lent|sent)"
)
_FRONTED = re.compile(r"(?:\A|[;:]\s)(?:For|On|for|on)\s(?:(?:the|its|their|a|an)\s)?((?:[\w-]+\s){1,4})\Z")
_BEFORE_OF = re.compile(r"\b([^\W\d_][\w-]{2,30})\sof\s\Z")
_IN_PRISON = re.compile(r"\s(?:in|behind)\s(?=(?:prison|jail|custody|detention|bars)\b)")
_CANNOT = re.compile(
    r",\s(?:[\w-]+\s){1,4}(?:cannot|can\snot|could\snot|would\snot|will\snot)\s(?:be\sable\sto\s)?[a-z]+\s"
)
_WITHOUT = re.compile(r"\b[Ww]ithout\s\Z")
_FOR = re.compile(
    rf"(?:{_PASSIVE}|\s(?:went|goes|go))?(?:\son\sthe\stable)?"
    r"\s(?:(?:more|extra|a\syear|annually|each|per\syear|this\syear|next\syear)\s)?"
    r"(?:for|on|to|into|towards|in\sthe\sform\sof|as)"
    r"\s(?:(?:the|a|an|its|their|his|her|our)\s)?"
)
_IN = re.compile(
    r"\s(?:of|in)\s(?:the\s|its\s|their\s)?(?=(?:new\s|additional\s|direct\s|annual\s)?(?:(?:military|financial|humanitarian"
    r"|economic|technical|macro-financial|external|additional|budget(?:ary)?|defen[cs]e|security|frozen|state|foreign|private)\s){0,2}(?:[A-Z][a-z]{2,15}\s)?"
    r"(?:aid|assistance|support|help|loans?|grants?|funding|financing|funds|investments?|damages?|losses|fines|revenues?|taxes"
    r"|exports|imports|cash|credits?|guarantees|assets|weapons|equipment|ammunition|compensation|spending|bonds|debt"
    r"|contracts|orders|goods|donations)\b)"
)
_INVESTED = re.compile(r"\binvest\w*\s(?:(?:up|at|more|another|about|over|least|to|than|nearly)\s){0,3}\Z")
_INTO = re.compile(r"\sin\s(?:(?:the|a|an|its|their)\s)?(?=[a-z])")
_TO_DO = re.compile(r"\sto\s(?:fully\s|completely\s)?[a-z]{3,20}\s(?:the|its|their|his|her|an?|our)\s")
_WITHIN = re.compile(
    r"\b(?:(?:the|its|their)\s((?:[\w-]+\s){0,2}[\w-]+)\s(?:within|in)|[a-z]{2,}(?:ed|es)\s(?:the|its|their)"
    r"\s((?:[\w-]+\s){0,2}?[\w-]+)\sfor)\s\Z"
)
_CAPACITY_OF = re.compile(
    r"\b(?:capacity|cost|price|length|voltage|output)\sof\s(?:the|a|an|its|their)\s((?:[\w-]+\s){0,2}[\w-]+?)"
    r"\s(?:will|is|was|would|has|of|and|reache[sd])\b"
)
_PRICED = re.compile(r"\b(?:for|worth|at|costing|cost|costs)\s(?:\w+\s){0,3}\Z")
_SOLD = re.compile(
    r"\b(?:sale|purchase|acquisition|supply|delivery|construction|repair|lease|rent|order|production|modernization)\sof\s"
    r"(?:the\s|its\s|new\s)?(?=[^.;]{1,80}\s(?:for|at)\s\Z)"
)
_NUMBER_OF = re.compile(r"\bnumber\sof\s(?:the\s|its\s|their\s)?")
_PRONOUNS = every("it this that which they he she we who work there is was be has have not only")
_HANGS_ON = re.compile(r"\s(?:in|on|at|to|for|from|by|with|into|of|under|near|off|during|over)\s|[.,;]|\Z")
_PHRASE_WORD = re.compile(r"[^\W_][\w\u2019'/-]*")
_LAST_OF_TWO = re.compile(r"\s[^\W\d_][\w-]{1,30}(?=[.,;!?]|\Z)")
LEFT = 140  # characters before a number that are looked at


def object_of(
    text: str, sentence: tuple[int, int], start: int, end: int, unit: str | None, before: str | None
) -> str | None:
    """Return what is measured, as said; `before` is what the number before it in the sentence counts."""
    left = text[max(sentence[0], start - LEFT) : start]
    if unit in DURATIONS:
        return _of_time(text, sentence, left, end)
    if unit in ("%", "% of GDP"):
        return _of_share(text, sentence, left, end)
    if unit in CURRENCIES or unit is None or unit in CAPACITIES:
        return _of_amount(text, sentence, left, end, before)
    return _group(_MEASURE_OF, left) or _group(_BEFORE_OF, left) or _subject(left)


def _of_time(text: str, sentence: tuple[int, int], left: str, end: int) -> str | None:
    """Return what lasts: the subject, or what is done in that time: "needs a year to rebuild its army"."""
    done = _TO_DO.match(text, end, sentence[1])
    done = done or _IN_PRISON.match(text, end, sentence[1])
    if done:
        return phrase(text, done.end(), sentence[1])
    return _subject(left) or held(left) or _group(_WITHIN, left)


def _of_share(text: str, sentence: tuple[int, int], left: str, end: int) -> str | None:
    if asked := _group(_ASKED, left):
        return asked
    return changed(left) or _behind(text, sentence, end) or _last(_SPENDING, left) or _subject(left)


def number_of(left: str, text: str, start: int) -> str | None:
    """Return what "the number of" speaks of, before a change."""
    match = None
    for match in _NUMBER_OF.finditer(left):  # noqa: B007 - the last one counts
        pass
    return phrase(text, start - len(left) + match.end(), start) if match else None


def _of_amount(text: str, sentence: tuple[int, int], left: str, end: int, before: str | None) -> str | None:
    if said := _within(text, sentence, left, end):
        return said
    named = _group(_CAPACITY_OF, left) or _group(_PRICE_OF, left) or valued(left) or changed(left)
    named = named or (None if _NEEDS.search(left) else _subject(left))
    if named:
        return named
    if before and (_PRICED.search(left) or _IT_COSTS.search(left)):
        return before
    if _WITHOUT.search(left) and (
        idle := _CANNOT.match(text, end, sentence[1])
    ):  # "Without it, they cannot buy drones"
        return phrase(text, idle.end(), sentence[1])
    if (fronted := _FRONTED.search(left)) and (what := phrase(left, fronted.start(1), len(left))):
        return what
    if sold := _SOLD.search(left):
        return phrase(left, sold.end(), len(left))
    return _behind(text, sentence, end) or _noun_of(left) or _last(_LEVELS, left)


def _within(text: str, sentence: tuple[int, int], left: str, end: int) -> str | None:
    """Return what an amount consists of or is put in: "3 billion of military aid", "invest 5 million in drones"."""
    match = _IN.match(text, end, sentence[1])
    if match is None and _INVESTED.search(left):
        match = _INTO.match(text, end, sentence[1])
    return phrase(text, match.end(), sentence[1]) if match else None


def _noun_of(left: str) -> str | None:
    noun = _group(_NOUN_OF, left)
    return noun if noun and noun.lower() not in WORD_STOPS and not noun.endswith("ed") else None


def _subject(left: str) -> str | None:
    noun = subject(left)
    return noun if noun and noun.lower() not in WORD_STOPS | _PRONOUNS else None


def _last(words: re.Pattern[str], left: str) -> str | None:
    found = None
    for match in words.finditer(left):
        found = match.group()
    return found


def _group(words: re.Pattern[str], left: str) -> str | None:
    match = words.search(left)
    said = str(match.group(match.lastindex or 0)) if match else None
    return said if said and said.lower() not in _PRONOUNS else None


def _behind(text: str, sentence: tuple[int, int], end: int) -> str | None:
    """Return the noun phrase behind "for", "on", "into"."""
    match = _FOR.match(text, end, sentence[1])
    said = phrase(text, match.end(), sentence[1]) if match else None
    return said if said and not said[0].isdigit() and said.lower() not in _PRONOUNS else None


def phrase(text: str, at: int, until: int) -> str | None:
    """Return a short noun phrase that begins here, until a preposition, a verb or a stop; "of" and "and" go on once."""
    begun, end, joined = at, at, False
    for _ in range(7):
        match = _PHRASE_WORD.match(text, at, until)
        if match is None:
            break
        word = match.group().lower()
        if word == "of" and end > begun and not joined:
            joined = True
        elif word == "and" and end > begun and (last := _LAST_OF_TWO.match(text, match.end(), until)):
            return text[begun : last.end()]
        elif word in WORD_STOPS or (word.endswith("ed") and end > begun and _HANGS_ON.match(text, match.end(), until)):
            break
        else:
            end = match.end()
        at = match.end()
        if at >= until or text[at] != " ":
            break
        at += 1
    return text[begun:end] if end > begun else None
