"""Which language a text is in: English at a glance, the rest by its script or by a model of languages."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache, lru_cache

from anchorwatch.desk.word_lists import every

LOOKED_AT = 600  # characters: more of a text tell nothing new
TOO_SHORT = 4  # words
# How far ahead of English the model must see a language. English headlines of eight words: others lead by 6 at most;
# such headlines in Danish, Dutch, Finnish, French, German, Polish, Swedish: by 20 to 56.
CLEARLY = 10.0
UNKNOWN = "und"  # no letters at all; the code of ISO 639-2 for it

# Words that no other language of the Latin script writes so, and words that several do.
_SURE = every(
    "the and with from have were will would which their after this that been said says they than could should"
    " about against between during because where there these those through being while"
)
_LIKELY = every("of to for has was by its his her not are is on at as in over into more an a be it he she")
# English of headlines, which has none of the words above.
_HEADLINE = re.compile(
    r"(?:ing|ed|tion|tions|ity|ment|ments|ness|ence|ance|ship|ships|shore|sea|ies|cable|cables|power"
    r"|defen[cs]e|grid|warns?"
    r"|says|steps|sends|talks|patrols?|damages?|break|cuts?|new|aid|drones?|strikes?|troops|increases?"
    r"|agrees?|plans?|calls|asks|seeks|urges|backs|joins|wants|takes|makes|gets|boats?|watch|navy|ministers?)\Z"
)
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_WORD = re.compile("[a-z]+")  # the same of most texts in small letters, faster
_OTHER_SCRIPT = re.compile(
    r"(?P<cyrillic>[\u0400-\u052f])|(?P<el>[\u0370-\u03ff])|(?P<he>[\u0590-\u05ff])|(?P<ar>[\u0600-\u06ff])"
    r"|(?P<hi>[\u0900-\u097f])|(?P<th>[\u0e00-\u0e7f])|(?P<ka>[\u10a0-\u10ff])|(?P<hy>[\u0530-\u058f])"
    r"|(?P<ja>[\u3040-\u30ff])|(?P<ko>[\uac00-\ud7af])|(?P<zh>[\u4e00-\u9fff])"
)
_SAID = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")


def language_of(text: str, said: str | None = None) -> str:
    """Return the ISO 639-1 code of a text's language; `said` is what its source says, believed where we cannot see."""
    begun = text[:LOOKED_AT]
    if not begun.isascii():
        script = _script_of(begun)
        if script is not None:
            return script
    words = _ASCII_WORD.findall(begun.lower()) if begun.isascii() else [word.lower() for word in _WORD.findall(begun)]
    if not words:
        return _code(said) or UNKNOWN
    if _reads_english(words):
        return "en"
    if len(words) <= TOO_SHORT and begun.isascii():  # the model guesses wildly
        return _code(said) or "en"
    return _code(said) or _by_model(begun)


def _reads_english(words: list[str]) -> bool:
    sure = sum(map(_SURE.__contains__, words))
    likely = sum(map(_LIKELY.__contains__, words))
    if sure and 7 * (sure + likely) >= len(words):  # English prose has a third, a foreign text with a quote less
        return True
    return len(words) <= 12 and 4 * sum(_HEADLINE.search(word) is not None for word in words) >= len(words)


def _code(said: str | None) -> str | None:
    match = _SAID.match(said.strip()) if said else None
    return match.group().lower() if match else None


def _script_of(text: str) -> str | None:
    """Return the language that a script belongs to, where most of the text is in it."""
    counted = Counter(match.lastgroup for match in _OTHER_SCRIPT.finditer(text))
    if not counted:
        return None
    script, letters = counted.most_common(1)[0]
    if 2 * letters < sum(map(len, _WORD.findall(text))):
        return None
    if script == "zh" and counted["ja"]:
        return "ja"
    return _cyrillic(text) if script == "cyrillic" else script


def _cyrillic(text: str) -> str:
    if re.search("[іїєґІЇЄҐ]", text) and not re.search("[ыэёўЫЭЁЎ]", text):
        return "uk"
    if re.search("[ыэёЫЭЁ]", text) and not re.search("[іўІЎ]", text):
        return "ru"
    return _by_model(text)


@cache
def _model() -> object:
    # Loaded at the first text that needs it: its weights take half a second.
    import py3langid

    return py3langid


@lru_cache(maxsize=4096)
def _by_model(text: str) -> str:
    """Return the likeliest language; English where none is clearly likelier: a headline in English gives few signs."""
    ranked: list[tuple[str, float]] = _model().rank(text)  # type: ignore[attr-defined]
    first, best = ranked[0]
    return str(first) if best - dict(ranked).get("en", -math.inf) >= CLEARLY else "en"
