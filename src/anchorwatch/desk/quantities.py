"""Numbers with their meaning: value or range, unit, hedge, what is counted, and what it is for.

A number counts only where something says what it is: a unit, a currency, a scale, a counted noun in the plural, a
change "from ... to", or "the number of". All else (dates, names, articles, positions) is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from anchorwatch.desk.date_words import ABLE
from anchorwatch.desk.number_words import NUMBER
from anchorwatch.desk.quantity_guards import is_year
from anchorwatch.desk.quantity_nouns import counted
from anchorwatch.desk.quantity_objects import number_of, object_of, phrase
from anchorwatch.desk.quantity_pieces import GDP, Draft, Span, drafts
from anchorwatch.desk.quantity_roles import role_of
from anchorwatch.desk.quantity_units import CAPACITIES, CURRENCIES, DURATIONS
from anchorwatch.desk.report import Quantity
from anchorwatch.desk.sentences import sentences

_COUNTING = re.compile(
    r"\b(?:number|total|count|figure|toll|strength)\b(?:\sof\s(?P<of>[^.;,]{1,50}?))?\s"
    r"(?:(?:has|have|had|now|already|will|would|should|be|is|was|to|at|by|reache?[sd]?|r[io]se|rises?"
    r"|fell|grew|increased|of|from)\s){1,4}\Z",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\b(?:needs?|kill(?:s|ed|ing)|injur(?:es|ed|ing)|wound(?:s|ed|ing)|lacks?|total(?:s|led|ling)?|(?:up|down)\sfrom)\s\Z"
)
_PART = re.compile(
    rf"\s(?:out\s)?of\s(?P<the>the|its|their|those|these|our|his|her)?\s?(?P<whole>{NUMBER}(?=\s))?(?=\s?\w)"
)
_WERE = re.compile(r"\s(?:were|are|have\sbeen|had\sbeen)\s[a-z]+(?:ed|en|ing|t)\b")
_DOT_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_NOT_LONG = re.compile(r"\s(?:ago|earlier|later|before|previously)\b|-old\b", re.IGNORECASE)
_BEFORE_WHAT = re.compile(r"\sbefore\s(?:the|a|an|its|their|it|he|she|they|that|being)\b")
_FOR = re.compile(r"\bfor\s(?:(?:about|almost|nearly|over|more\sthan|at\sleast|up\sto)\s)?\Z")
_SINCE = re.compile(
    r"(?:\b(?:past|previous|in|first)|(?<!will )(?<!to )(?<!would )(?<!could )(?<!can )(?<!may )(?<!\w)last)\s\Z", re.I
)
_ABLE = re.compile(ABLE)
_NAME_BEFORE = re.compile(r"(?:\A|\s)[A-Z][\w\u2019'-]{1,30}\s\Z")
_OF_WHAT = re.compile(r"\sof\s(?:(?:the|its|their|his|her|our|all|this|that|these|those)\s)?")
_LASTING = re.compile(r"\sof\s(?:(?:its|their|his|her|our|the)\s)?(?!(?:the|this|that|which|[A-Z]))")
_STRONG = re.compile(r"-strong\b")
_OF_THESE = re.compile(r"\b[Oo]f\s(?:these|this|that|them|which|it|those)\b(?:\s[a-z]+)?,?\s(?:[a-z]+\s){0,2}\Z")
_AGAINST = re.compile(r"\s(?:to|against)\s([0-9]{1,3})(?![\w%]|[.,][0-9])")  # "412 votes to 130"
_OF_THE = re.compile(r"\b(?:[Oo]ut\s)?[Oo]f\sthe\s(?:[\w.,-]+\s){1,4}(?:[a-z]+ed|euros|dollars),\s(?:[a-z]+\s){0,3}\Z")
_MONEY = 100_000.0  # a bare number with a noun is no amount below it
_JOINS = (" and ", ", ", ", and ", " or ")
_LONGEST_JOIN = max(map(len, _JOINS))
_NEAR = 90  # characters before a number in which "of these", "them" are looked for
_OF_THEM = re.compile(r"\sof\s(?:them|these|those|whom|which)\b(?!\s[a-z]+s\b)")
_THEM = re.compile(r"\b(?:them|it|these|this|which|they)\b")
_NOT_LEVEL = re.compile(
    r"\s(?:of\b|increase|growth|rise|more|tariff|dut|share|stake|chance|majority|interest|loan)", re.IGNORECASE
)
_BY = re.compile(r"\b(?:by|another)\s\Z")


def quantities(text: str, masked: Sequence[Span] = ()) -> tuple[Quantity, ...]:
    """Return the quantities of a text, by place; numbers inside `masked` (spans of dates and of names) are none."""
    found_drafts = drafts(text, masked)
    if not found_drafts:
        return ()
    spans = sentences(text)
    starts = [start for start, _ in spans]
    found: list[Quantity] = []
    for draft in found_drafts:
        sentence = spans[max(0, bisect_right(starts, draft.number) - 1)]
        if found and draft.start < found[-1].end:
            draft = draft._replace(start=draft.number, hedge=None)
        if found and draft.start < found[-1].end:
            continue
        one = _measured(text, sentence, draft, found) if draft.unit else _counted(text, sentence, draft)
        if one is not None:
            found.append(_part_of(text, sentence, one, found))
            if one.of == "votes" and (against := _AGAINST.match(text, one.end)):
                much = float(against[1])
                at = against.start(1)
                found.append(Quantity(against[1], at, against.end(1), much, much, None, "total", None, one.of))
    return _with_gdp(text, spans, starts, found)


def _part_of(text: str, sentence: Span, one: Quantity, found: list[Quantity]) -> Quantity:
    """Return a number that goes on from the one before: in a list, or a part of it: "Of these, 11 billion"."""
    if found and one.of and one.unit is found[-1].unit is None and one.start - found[-1].end <= _LONGEST_JOIN:
        joined = text[found[-1].end : one.start] in _JOINS and "from_to" not in (one.role, found[-1].role)
        one = one._replace(role=found[-1].role) if joined else one
    if not found or not (one.unit is None or one.unit in CURRENCIES):
        return one
    whole = found[-1]
    if (one.unit is None and whole.unit not in CURRENCIES) or (one.of and one.high < _MONEY):
        return one
    said = text[max(sentence[0], one.start - _NEAR) : one.start]
    if _OF_THESE.search(said) is None and not (
        whole.start > sentence[0] and _OF_THE.search(text[sentence[0] : one.start])
    ):
        return one
    return one._replace(role=whole.role, of=one.of or whole.of)


def _measured(text: str, sentence: Span, draft: Draft, found: list[Quantity]) -> Quantity | None:
    """Return a number with a unit or a currency."""
    unit, end = draft.unit, draft.end
    if unit in DURATIONS and _is_date(text, draft):
        return None
    of = None
    if unit in DURATIONS and (what := _LASTING.match(text, end, sentence[1])):
        return _made(text, sentence, draft, end, phrase(text, what.end(), sentence[1]), None)
    what = _OF_WHAT.match(text, end, sentence[1]) if unit not in DURATIONS | CURRENCIES | {GDP} else None
    if what is not None:
        of = _plural_or_phrase(text, what.end(), sentence[1])
        end = what.end() + len(of) if of else end
    if (
        of is None
        and not text.endswith(" of ", 0, draft.start)
        and (unit in CAPACITIES or "-" in text[draft.number : end])
    ):
        one = counted(text, end, 1.0)  # "a 650 MW link", "the 170-kilometre cable"
        of = text[one.start : one.end] if one and one.end <= sentence[1] else None
    if of is None:
        before = found[-1].of if found and found[-1].unit not in CURRENCIES else None
        if (
            before
            and found[-1].start < sentence[0]
            and not _THEM.search(text[max(sentence[0], draft.start - _NEAR) : draft.start])
        ):
            before = None
        of = object_of(text, sentence, draft.start, end, unit, before) or _of_before(text, draft, found)
    return _made(text, sentence, draft, end, of, None)


def _plural_or_phrase(text: str, at: int, until: int) -> str | None:
    """Return the noun phrase that begins here: up to its plural, where it has one."""
    noun = counted(text, at - 1, 2.0)
    if noun is not None and noun.plural and noun.start == at and noun.end <= until:
        return text[at : noun.end]
    return phrase(text, at, until)


def _of_before(text: str, draft: Draft, found: list[Quantity]) -> str | None:
    """Return what the number before is of, where this one goes on from it: "8-10% of GDP and 15-20 years"."""
    if not found:
        return None
    joined = text[found[-1].end : draft.start] in (" and ", " or ", ", ", ", and ")
    return found[-1].of if joined or (draft.unit == GDP == found[-1].unit) else None


def _is_date(text: str, draft: Draft) -> bool:
    """Say whether a span of time tells when, not how long: "two days ago", "in three weeks"."""
    if draft.hedge and draft.hedge.lower() in ("just", "only", "under", "less than"):  # "in just two hours"
        return False
    if _NOT_LONG.match(text, draft.end):
        lasting = _BEFORE_WHAT.match(text, draft.end) and _FOR.search(text[max(0, draft.start - 16) : draft.start])
        return lasting is None
    since = _SINCE.search(text[max(0, draft.start - 10) : draft.start])
    return since is not None and not (
        since.group().lower() == "in " and _ABLE.search(text[max(0, draft.start - 100) : draft.start])
    )


def _counted(text: str, sentence: Span, draft: Draft) -> Quantity | None:
    """Return a number of things, or an amount of money in no currency."""
    if draft.word and text[draft.number].isupper() and draft.start != sentence[0] and text[draft.start - 1] == " ":
        return None  # the Three Seas
    if strong := _STRONG.match(text, draft.end):
        what = counted(text, strong.end(), 1.0)
        of = text[what.start : what.end] if what and what.end <= sentence[1] else None
        return _made(text, sentence, draft, strong.end(), of, None)._replace(role="size")
    noun = counted(text, draft.end, draft.high)
    bare_digits = not draft.word and not draft.scaled and not draft.change and draft.low == draft.high
    if bare_digits and is_year(text, draft.number, draft.end, noun is not None and noun.plural):
        return None
    if noun is not None and noun.plural and bare_digits and _DOT_THOUSANDS.fullmatch(text[draft.number : draft.end]):
        draft = draft._replace(low=draft.low * 1000, high=draft.high * 1000)  # "1.200 drones"
    if noun is not None and noun.end <= sentence[1] and _believed(text, draft, noun.plural):
        return _made(text, sentence, draft, noun.end, text[noun.start : noun.end], text[noun.start : noun.end])
    if draft.high > 1 and _OF_THEM.match(text, draft.end):
        return _made(text, sentence, draft, draft.end, None, "them")
    part = _PART.match(text, draft.end, sentence[1])
    if part is not None and (one := _of_whole(text, sentence, draft, part)) is not None:
        return one
    left = text[max(sentence[0], draft.start - 90) : draft.start]
    counting = _COUNTING.search(left)
    if counting:
        of = counting["of"]
        return _made(text, sentence, draft, draft.end, of, of or "number")
    if _WERE.match(text, draft.end):
        return _made(text, sentence, draft, draft.end, None, "others")
    if draft.change or draft.scaled or _BARE.search(left) or (draft.hedge and not draft.word):
        of = number_of(left, text, draft.start) or object_of(text, sentence, draft.start, draft.end, None, None)
        return _made(text, sentence, draft, draft.end, of, of if not draft.scaled else None)
    return None


def _of_whole(text: str, sentence: Span, draft: Draft, part: re.Match[str]) -> Quantity | None:
    """Return "two" of "two of the four cables", and the whole of "two of the cables"."""
    if draft.low < 1.0 and not part["whole"]:  # "a third of the power"
        of = _plural_or_phrase(text, part.end(), sentence[1])
        return _made(text, sentence, draft, part.end() + len(of), of, of) if of else None
    if not (part["the"] or part["whole"]):
        return None
    noun = counted(text, part.end() if part["whole"] else part.end() - 1, 2.0)
    if noun is None or not noun.plural or noun.end > sentence[1]:
        return None
    of = text[noun.start : noun.end]
    return _made(text, sentence, draft, draft.end if part["whole"] else noun.end, of, of)


def _believed(text: str, draft: Draft, plural: bool) -> bool:
    """Say whether a noun behind a number is counted by it: in "2 cables" it is, in "Estlink 2 cable" not."""
    if plural or draft.scaled:
        return True
    named = _NAME_BEFORE.search(text[max(0, draft.number - 32) : draft.number]) is not None
    return not named


def _made(text: str, sentence: Span, draft: Draft, end: int, of: str | None, noun: str | None) -> Quantity:
    low, high = draft.low, draft.high
    role = "from_to" if draft.change else role_of(text, sentence, draft.start, end, draft.unit, noun)
    return Quantity(text[draft.start : end], draft.start, end, low, high, draft.unit, role, draft.hedge, of)


def _with_gdp(text: str, spans: list[Span], starts: list[int], found: list[Quantity]) -> tuple[Quantity, ...]:
    """Give "instead of the current 2%" the "of GDP" that its sentence has said of another number."""
    said = {bisect_right(starts, one.start) for one in found if one.unit == GDP}
    for place, one in enumerate(found):
        if one.unit != "%" or bisect_right(starts, one.start) not in said:
            continue
        if _NOT_LEVEL.match(text, one.end) or _BY.search(text[max(0, one.start - 9) : one.start]) or " of " in one.text:
            continue
        sentence = spans[bisect_right(starts, one.start) - 1]
        role = one.role if one.role == "from_to" else role_of(text, sentence, one.start, one.end, GDP, None)
        found[place] = one._replace(unit=GDP, role=role)
    return tuple(found)
