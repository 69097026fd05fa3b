"""Words of a text, folded, so that a name is found with other accents, hyphens and spaces: "Nausėda", "C-Lion 1"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from string import ascii_uppercase
from typing import NamedTuple

# Letters with the marks that follow them, or digits: "Estlink2" is two words, "IRIS-T" too.
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+|\d+")
_ASCII_WORD = re.compile(r"[A-Za-z]+|[0-9]+")  # the same of most texts, in half the time
_CHUNK = re.compile(r"\S+")
_PLAIN = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "\u0131": "i",
        "ŧ": "t",
        "ĸ": "k",
    }
)
LOWER, CAPITAL, UPPER, DIGITS = range(4)  # shapes of a word
_APOSTROPHES = ("'", "\u2019", "\u2018", "\u02bc", "`", "\u00b4")
SHOUTING = 0.8  # a text with more of its letters in upper case, as NAVTEX has, says nothing by capitals
_CAPITALS = ascii_uppercase.encode("ascii")
_LEAST_SHOUT = 20  # letters, so that "NATO: EU" is no shouting


class Tokens(NamedTuple):
    """The words of a text: where, folded, in which shape. A possessive "'s" is no word."""

    text: str
    starts: list[int]
    ends: list[int]
    folds: list[str]
    shapes: list[int]
    shouting: bool

    def gap(self, i: int) -> str:
        """Return what stands between word i - 1 and word i."""
        return self.text[self.ends[i - 1] : self.starts[i]]


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return the word without case and accents."""
    if word.isascii():
        return word.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return plain.translate(_PLAIN)


@lru_cache(maxsize=65_536)
def shape(word: str) -> int:
    """Return LOWER, CAPITAL, UPPER (two letters or more) or DIGITS."""
    if word[0].isdigit():
        return DIGITS
    if word[0].islower() or word[0] == word[0].lower():
        return LOWER
    return UPPER if len(word) > 1 and word.isupper() else CAPITAL


def tokens(text: str) -> Tokens:
    """Return the words of a text; those of addresses are none."""
    text, whole = _without_addresses(text), text
    found = list((_ASCII_WORD if text.isascii() else _WORD).finditer(text))
    if any(mark in text for mark in _APOSTROPHES):
        found = _without_possessives(text, found)
    words = [m[0] for m in found]
    starts, ends = [m.start() for m in found], [m.end() for m in found]
    return Tokens(whole, starts, ends, list(map(fold, words)), list(map(shape, words)), _is_shouting(text))


def _without_possessives(text: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the words without each "s" that an apostrophe ties to the word before."""
    kept: list[re.Match[str]] = []
    for match in found:
        before = match.start() - 1
        if match[0] in ("s", "S") and kept and kept[-1].end() == before and text[before] in _APOSTROPHES:
            continue
        kept.append(match)
    return kept


def _without_addresses(text: str) -> str:
    """Return the text with blanks in place of addresses of pages and people, which hold words, but no names."""
    if "://" not in text and "@" not in text and "www." not in text:
        return text
    return _CHUNK.sub(lambda m: " " * len(m.group()) if _is_address(m.group()) else m.group(), text)


def _is_address(chunk: str) -> bool:
    """Return whether this is an address: of a page, of mail, of somebody on a network."""
    return "://" in chunk or "@" in chunk or chunk.startswith("www.")


def _is_shouting(text: str) -> bool:
    """Return whether nearly all letters are capitals."""
    if text.isascii():
        upper = len(text) - len(text.encode("ascii").translate(None, _CAPITALS))  # as below, and fast
    else:
        upper = sum(map(str.isupper, text))
    return upper >= _LEAST_SHOUT and upper >= SHOUTING * sum(map(str.isalpha, text))
