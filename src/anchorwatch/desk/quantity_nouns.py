"""What a number counts: "300 interceptions", "two more P-8 Poseidon aircraft", "20 IRIS-T"."""

from __future__ import annotations

import re
from typing import NamedTuple

from anchorwatch.desk.word_lists import every

# One word, with what may be inside it: P-8, SAMP/T, F-16s, M1A1, allies'.
_WORD = re.compile(
    r"[\s\u00a0](?:[“\"\u2018'](?=\w))?([^\W_][\w/.\u2019'-]{0,40}?)(?=[\s,;:!?)\]”\"“(…]"
    r"|[.\u2019'](?:\s|\Z|[”\"\u2019'])|\Z|[.]|[\u2013—-](?:\s|\Z))"
)
_MOST_WORDS = 6
WORD_STOPS = every(
    "next last a an the and or but nor of in on at to for from with without by about against between into over under"
    " near off after before during until since as than that which who whom whose where when while if because so"
    " is are was were be been being has have had do does did will would can could may might must should shall"
    " not also there here then now this these those it they he she we you i its their his her our my your per"
    " via through across along among within towards toward up down out away back all each both either neither"
    " including such-as rather according amid despite plus minus versus like worth every yet still aboard"
    " onboard already only even just too very again once ago earlier later ahead"
    " comes goes flows stems belongs consists"
)
_SKIPPED = every("more other others such additional further new- extra another different-")
# Words that mean several without an s, and words with an s that mean one.
_PLURALS = every(
    "aircraft people personnel troops men women children police militia crew staff infantry dead wounded"
    " injured killed missing servicemen servicewomen sailors seamen fishermen spacecraft hovercraft cattle fish"
    " sheep businessmen policemen gunmen airmen marines percent media data criteria craft watercraft ordnance"
    " artillery ammunition equipment matériel materiel hostages offspring lawmen militiamen coastguardsmen"
    " firemen helicopters"
)
_SINGULARS = every(
    "always perhaps across towards previous various serious dangerous numerous anonymous famous this as was"
    " has is its his us plus versus gas bus chaos crisis basis analysis mass loss press status campus virus"
    " bonus focus consensus cross class business process access success progress congress congress' mess less"
    " unless thus arms communications telecommunications reconnaissance logistics sales states- joint- goods-"
    " nationwide"
)


_VERBS = every(
    "sank sink sinks remain remains broke breaks left leaves went goes came comes fell falls hit hits ran runs"
    " took takes lay lies said says got made makes stood stands held holds lost caught became began"
)


_NO_NOUNS = every("more other such additional further extra")


class Counted(NamedTuple):
    """A counted noun phrase: where it begins and ends, and whether a noun in the plural was found."""

    start: int  # of the noun phrase as it goes into `of`
    end: int
    plural: bool


def counted(text: str, at: int, value: float) -> Counted | None:
    """Return the noun phrase that a number ending at `at` counts, or None."""
    words = _words(text, at)
    while words and text[words[0][0] : words[0][1]].lower() in _SKIPPED and len(words) > 1:
        words.pop(0)
    if not words or text[words[0][0] : words[0][1]].lower() in _NO_NOUNS:
        return None
    if value == 1.0:
        return _one(text, words)
    for place, (_, end) in enumerate(words):
        if _plural(text, *words[place]):
            if place + 1 < len(words) and _continues(text, words, place):
                continue
            return Counted(words[0][0], end, True)
    return _system(text, words)


def _words(text: str, at: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while len(found) < _MOST_WORDS:
        match = _WORD.match(text, at)
        if match is None or match.group(1).lower() in WORD_STOPS:
            break
        found.append(match.span(1))
        at = match.end()
    return found


def _plural(text: str, start: int, end: int) -> bool:
    word = text[start:end]
    low = word.lower()
    if low in _PLURALS:
        return True
    if len(word) < 3 or word[-1] != "s" or low in _SINGULARS:
        return False
    return not low.endswith(("ss", "us", "is", "\u2019s", "'s", "ous"))


def _continues(text: str, words: list[tuple[int, int]], place: int) -> bool:
    """Say whether a plural is only the beginning: "crew members" yes, "ships patrols" no."""
    first = text[words[place][0] : words[place][1]]
    return (first[0].isupper() or first[-1] != "s") and _plural(text, *words[place + 1])


def _one(text: str, words: list[tuple[int, int]]) -> Counted | None:
    if text[words[0][0]].isupper() and len(words) == 1:
        return Counted(words[0][0], words[0][1], False)
    for place, (start, end) in enumerate(words[:4]):
        if place and (text[start:end].endswith("ed") or text[start:end] in _VERBS):
            return Counted(words[0][0], words[place - 1][1], False)
    return Counted(words[0][0], words[min(len(words), 3) - 1][1], False)


def _system(text: str, words: list[tuple[int, int]]) -> Counted | None:
    """Names of weapons have no plural: "20 IRIS-T", "two Patriot"."""
    end = None
    for start, stop in words:
        if not (text[start].isupper() or text[start].isdigit()):
            break
        end = stop
    return Counted(words[0][0], end, False) if end is not None else None
