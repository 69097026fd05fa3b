"""Plain English for the brief: numbers with their nouns, lists, times; and texts from outside without their power."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from anchorwatch.model import utc

MOST_QUOTED = 260  # characters of one quotation: two to three lines of print
MOST_NAME = 80
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")  # soft hyphens and joiners, usual in news: no loss
_MOST_MARKS = 3  # over one letter; more are no writing
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_INNER = str.maketrans("“”", "\u2018\u2019")
_IRREGULAR = {
    "story": "stories",
    "copy": "copies",
    "alert or incident": "alerts or incidents",
    "is": "are",
    "has": "have",
    "was": "were",
}


def clean(text: str, most: int = MOST_QUOTED) -> str:
    r"""Return a text from outside on one line, cut, with control characters shown as `\uXXXX`.

    What is written from right to left is isolated, so that it turns nothing around it.
    """
    line = " ".join(text[: most * 20].split())  # before the loop: a text may have megabytes
    out: list[str] = []
    marks = 0
    for letter in line[: most * 2]:
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if letter in _INVISIBLE or marks > _MOST_MARKS:
            continue
        out.append(f"\\u{ord(letter):04x}" if kind[0] == "C" or kind in ("Zl", "Zp") else letter)
    said = cut("".join(out), most)
    turned = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in said)
    return f"\u2068{said}\u2069" if turned else said


def cut(text: str, most: int) -> str:
    """Return a text of at most `most` characters, ended at a word where it is cut."""
    text = text.strip()
    if len(text) <= most:
        return text
    head = text[: most - 1]
    space = head.rfind(" ", most // 2)
    return (head[:space] if space > 0 else head).rstrip(" ,;:-") + "…"


def quoted(text: str, most: int = MOST_QUOTED) -> str:
    """Return a text from outside in quotation marks."""
    return f"“{clean(text, most).translate(_INNER)}”"


def named(text: str) -> str:
    """Return a name from outside."""
    return clean(text, MOST_NAME)


def named_within(text: str) -> str:
    """Return a name from outside as it stands inside of a sentence: "the EU's top diplomat"."""
    said = named(text)
    return said[0].lower() + said[1:] if said.startswith(("The ", "A ", "An ")) else said


def number(count: int) -> str:
    """Return a count in words up to twelve."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def plural(noun: str, count: int) -> str:
    """Return the noun, or the verb is, has, was, as the count wants it."""
    if count == 1:
        return noun
    return _IRREGULAR.get(noun) or noun + "s"


def counted(count: int, noun: str) -> str:
    """Return e.g. "one alarm", "no alarms", "1,204 reports"."""
    return f"{number(count)} {plural(noun, count)}"


def listed(words: Iterable[str], last: str = "and", most: int = 4) -> str:
    """Return "a, b and c"; of many, the first ones and how many more."""
    parts: Sequence[str] = [word for word in words if word]
    if len(parts) > most:
        parts = [*parts[: most - 1], f"{number(len(parts) - most + 1)} more"]
        last = "and"
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def begun(text: str) -> str:
    """Return the text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def moment(at_us: int, beside_us: int | None = None) -> str:
    """Return "25 Dec 2024, 10:26 UTC"; the time alone where `beside_us` is of the same day."""
    at = utc(bounded(at_us))
    clock = f"{at:%H:%M} UTC"
    if beside_us is not None and utc(bounded(beside_us)).date() == at.date():
        return clock
    return f"{day(at_us)}, {clock}"


def day(at_us: int) -> str:
    """Return "25 Dec 2024"."""
    at = utc(bounded(at_us))
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def bounded(at_us: int) -> int:
    """Return the time within the years 1 to 9998: a text from outside may claim any."""
    return max(-62_135_596_800_000_000, min(at_us, 253_370_764_800_000_000))
