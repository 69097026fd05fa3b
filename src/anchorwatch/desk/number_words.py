"""Numbers as they are written: 1,200 and 1 200, 2.5 billion, 500m, twenty-five, two dozen, half a million."""

from __future__ import annotations

import re

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES: dict[str, float] = {word: n for n, word in enumerate(_ONES.split(), 1)}
_VALUES |= {word: 10 * n for n, word in enumerate(_TENS.split(), 2)}
_SCALES: dict[str, float] = {
    "hundred": 1e2, "dozen": 12.0,
    "thousand": 1e3, "k": 1e3,
    "million": 1e6, "mln": 1e6, "mn": 1e6, "m": 1e6,
    "billion": 1e9, "bln": 1e9, "bn": 1e9, "b": 1e9,
    "trillion": 1e12, "trn": 1e12, "tn": 1e12,
}  # fmt: skip

_FRACTIONS = {"third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4}
_ONE_WORD = "|".join(sorted(_ONES.split(), key=len, reverse=True))
_SMALL = rf"(?:(?:{'|'.join(_TENS.split())})(?:[- ](?:{'|'.join(_ONES.split()[:9])})\b)?|{_ONE_WORD})"
# Every repetition has an end: a text of nothing but digits is read once.
DIGITS = (
    r"[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,9})?(?![0-9])"
    r"|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3}){1,5}(?![0-9])"
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,5}(?![0-9])"
    r"|[0-9]+(?:[.,][0-9]+)?"
)
_BIG = "hundred|thousand|million|billion|trillion|dozen"
WORDS = (
    rf"(?i:half\sa(?=\s(?:{_BIG})\b)"
    rf"|an?(?=\s(?:{_BIG})\b)(?!\s(?:{_BIG})s\b)"
    r"|an?(?=\s(?:hour|day|week|month|year)\sand\sa\shalf\b)"
    r"|(?:an?|one)\s(?:third|quarter)(?=\sof\b)|two[- ]thirds\b|three[- ]quarters\b"
    rf"|{_SMALL}\sand\sa\shalf\b"
    rf"|{_SMALL}\shundred(?:(?:\sand)?\s{_SMALL})?\b"
    rf"|{_SMALL}\b|half\b)"
)
NUMBER = rf"(?:{DIGITS}|\b{WORDS})"
# "m" and "k" only right behind the digits; what "m" means, metres or million, is for the reader of units to say.
SCALE = (
    r"(?:[\s-]?(?i:hundred\s(?:thousand|million|billion)|thousand|million|mln|mn|billion|bln|bn"
    r"|trillion|trn|tn|dozen|hundred)"
    r"(?![^\W_])|(?:[kKM]|[bB])(?![^\W_]))"
)
_COMMA_DECIMAL = re.compile(r"[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})\Z")


def value_of(number: str, *, counts: bool = False) -> float:
    """Return the value of a number as written; `counts` says that "1.200" of things can only be thousands."""
    if number[0].isdigit():
        return _of_digits(number, counts)
    if number[-1] in "drs" and (part := _FRACTIONS.get(number.lower().replace("-", " ").split(" ", 1)[-1])):
        return part * (value_of(number.lower().replace("-", " ").split()[0]) or 1.0)
    total = 0.0
    words = number.lower().replace("-", " ").split()
    if words[-1] == "half" and len(words) > 1:
        return value_of(" ".join(words[:-3])) + 0.5
    if words[0] == "half":
        return 0.5
    for word in words:
        if word in ("a", "an"):
            total = 1.0
        elif word == "hundred":
            total *= 100.0
        else:
            total += _VALUES.get(word, 0.0)
    return total


def _of_digits(number: str, counts: bool) -> float:
    plain = number.translate(_SPACES)
    if _COMMA_DECIMAL.match(plain):
        return float(plain.replace(",", "."))
    plain = plain.replace(",", "")
    if plain.count(".") > 1 or (counts and _DOT_THOUSANDS.match(plain)):
        plain = plain.replace(".", "")
    return float(plain)


def scale_of(scale: str | None) -> float:
    """Return what a scale multiplies by: 1e9 for "billion"."""
    product = 1.0
    for word in (scale or "").replace("-", " ").lower().split():
        product *= _SCALES[word]
    return product


_SPACES = str.maketrans("", "", " \u00a0\u202f")
_DOT_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}\Z")
