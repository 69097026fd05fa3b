"""Whom a name may mean that is written wrong: it sounds like one that the lists know. Shown, never put in its place."""

from __future__ import annotations

from functools import lru_cache

import jellyfish
from rapidfuzz import fuzz

from anchorwatch.desk.gazetteer import Words
from anchorwatch.desk.tokens import tokens

# Measured on 65 names with decoys: true slips reach 100, strangers at most 67 (the best of letters alone picks decoys).
LEAST_FULL = 90.0
LEAST_LAST = 88.0  # of the surname within the full name
LEAST_SURNAME = 3  # sounds: "KRS" of Karis; with fewer every short name sounds like another
LEAST_WRITTEN = 92.0  # "Robert Fick" is 91 to Robert Fico, and another man
LEAST_FIRST = 70.0  # letters of a first name before a surname that is right
LEAST_THING = 7  # letters of a ship, an asset or a place: of shorter names many are alike
LEAST_NEAR = 87.0  # one letter of eight may differ
LEAST_ALIKE = 80.0  # letters of a surname alone, beside its sound
LEAST_HARD = 3  # consonants of a surname whose first name is right
LEAST_HEARD, LEAST_SPELT = 85.0, 65.0  # of its consonants, and of its letters: "Stump" of Stubb
MOST_LONGER = 1  # letters, or shorter
LEAST_LETTERS = 9  # of first name, space and surname
_LATIN = (
    ("tz", "c"), ("ts", "c"), ("cz", "c"), ("tch", "c"), ("ch", "c"), ("sh", "s"), ("sz", "s"), ("zh", "z"),
    ("kh", "h"), ("ph", "f"), ("ck", "k"), ("w", "v"), ("y", "i"), ("j", "i"), ("ii", "i"), ("ff", "f"), ("ss", "s"),
    ("ll", "l"), ("nn", "n"), ("tt", "t"), ("kk", "k"), ("pp", "p"), ("bb", "b"), ("mm", "m"), ("rr", "r"),
)  # fmt: skip
_HARD = str.maketrans("bdgvzq", "ptkfsk")
_MOST_LETTERS = 80  # of a name; nobody's is longer


@lru_cache(maxsize=16_384)
def sound(name: str) -> str:
    """Return how a name sounds, word by word."""
    heard = (jellyfish.metaphone(word) for word in tokens(name[:_MOST_LETTERS]).folds if word.isascii())
    return " ".join(filter(None, heard))


@lru_cache(maxsize=64)
def _sounds(words: Words) -> dict[str, list[tuple[str, str, int]]]:
    """Return the sounds of all people under the first letter of each part: (sound, name, number of words)."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for spelling, entry in words.people:
        heard = sound(spelling)
        if heard:
            found.setdefault(heard[0], []).append((heard, entry.name, heard.count(" ") + 1))
    return found


@lru_cache(maxsize=16_384)
def _written(name: str) -> str:
    """Return a name in letters that all languages of the region would agree on."""
    plain = " ".join(tokens(name[:_MOST_LETTERS]).folds)
    for foreign, ours in _LATIN:
        plain = plain.replace(foreign, ours)
    return plain


@lru_cache(maxsize=64)
def _spellings(words: Words) -> dict[str, list[tuple[str, str]]]:
    """Return all usual spellings under their first letter: (as of `_written`, name)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for spelling, entry in words.people:
        written = _written(spelling)
        found.setdefault(written[0], []).append((written, entry.name))
    return found


@lru_cache(maxsize=4096)
def possibly(name: str, words: Words) -> str | None:
    """Return the one of the list whom this name may mean; None where nobody, or more than one, sounds like it."""
    heard = sound(name)
    if " " not in heard:
        return _by_surname(name, heard, words)
    if not heard:
        return None
    best, whom = 0.0, set[str]()
    for other, full, _ in _sounds(words).get(heard[0], ()):
        if abs(len(other) - len(heard)) > 3:
            continue
        score = fuzz.ratio(heard, other, score_cutoff=LEAST_FULL)
        if score and fuzz.ratio(heard.split()[-1], other.split()[-1]) < LEAST_LAST:
            continue  # the first names alike, the surnames not: "John Kerry" is not John Kirby
        if score and not _is_same_first(name, full):
            continue
        if score > best:
            best, whom = score, {full}
        elif score and score == best:
            whom.add(full)
    if len(whom) == 1:
        return whom.pop()
    return None if whom else _by_letters(name, words)


@lru_cache(maxsize=64)
def _transliterated(words: Words) -> dict[str, str | None]:
    """Return all usual spellings with one letter for y, i and j, each with whom it means; None = several."""
    found: dict[str, str | None] = {}
    for spelling, entry in words.people:
        key = _one_i(spelling)
        found[key] = entry.name if found.get(key, entry.name) == entry.name else None
    return found


@lru_cache(maxsize=4096)
def _one_i(name: str) -> str:
    """Return a name with one letter for y, i and j: "Yuriy", "Yuri" and "Jurij" are one name."""
    plain = " ".join(tokens(name[:_MOST_LETTERS]).folds).replace("y", "i").replace("j", "i")
    return plain.replace("iii", "i").replace("ii", "i")


def surely(name: str, words: Words) -> str | None:
    """Return whom a name means that differs from a usual spelling by y, i and j only: a transliteration, no slip."""
    return _transliterated(words).get(_one_i(name)) if " " in name else None


def _is_same_first(name: str, full: str) -> bool:
    """Return whether first names are near, where the surname is right: "Maria Rutte" is no slip of Mark Rutte."""
    mine, theirs = _written(name).split(), _written(full).split()
    return mine[-1:] != theirs[-1:] or fuzz.ratio(mine[0], theirs[0]) >= LEAST_FIRST


def _by_letters(name: str, words: Words) -> str | None:
    """Return the only one who is written the same but for how letters of other languages are put into Latin ones."""
    written = _written(name)
    if len(written) < LEAST_LETTERS:
        return None
    close = {
        full
        for other, full in _spellings(words).get(written[0], ())
        if fuzz.ratio(written, other, score_cutoff=LEAST_WRITTEN)
    }
    close = close or _by_first_name(written, words)
    return close.pop() if len(close) == 1 else None


def _by_first_name(written: str, words: Words) -> set[str]:
    """Return those of the very same first name whose surname is heard nearly so: "Stump" of Stubb."""
    first, _, last = written.rpartition(" ")
    heard = _hard(last)
    if len(heard) < LEAST_HARD:
        return set()
    begun, found = f"{first} {last[0]}", set[str]()
    for other, full in _spellings(words).get(written[0], ()):
        if other.startswith(begun) and abs(len(other) - len(written)) <= MOST_LONGER:
            surname = other[len(first) + 1 :]
            hard = _hard(surname)
            near = len(hard) >= LEAST_HARD and fuzz.ratio(heard, hard) >= LEAST_HEARD
            found |= {full} if near and fuzz.ratio(last, surname) >= LEAST_SPELT else set()
    return found


@lru_cache(maxsize=16_384)
def _hard(surname: str) -> str:
    """Return the consonants of a surname that is written as of `_written`, voiced ones as voiceless ones."""
    return "".join(letter for letter in surname.translate(_HARD) if letter not in "aeiouh -'")


def _by_surname(name: str, heard: str, words: Words) -> str | None:
    """Return the only one whose surname sounds exactly so."""
    if len(heard) < LEAST_SURNAME:
        return None
    written = _written(name)
    whom = {
        entry.name
        for other, entry in words.surnames.items()
        if entry is not None and sound(other) == heard and fuzz.ratio(written, _written(other)) >= LEAST_ALIKE
    }
    return whom.pop() if len(whom) == 1 else None


@lru_cache(maxsize=64)
def _things(words: Words, kind: str) -> dict[str, list[tuple[str, str]]]:
    """Return the longer names of a type under their first letter: (letters only, name)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in words.entries.values():
        if entry.type == kind:
            for name in (entry.name, *entry.also):
                plain = "".join(tokens(name[:_MOST_LETTERS]).folds)
                if len(plain) >= LEAST_THING:
                    found.setdefault(plain[0], []).append((plain, entry.name))
    return found


@lru_cache(maxsize=4096)
def possibly_thing(name: str, kind: str, words: Words) -> str | None:
    """Return the one ship, asset or place of the lists that is written nearly so, with the very same numbers."""
    plain = "".join(tokens(name[:_MOST_LETTERS]).folds)
    if len(plain) < LEAST_THING:
        return None
    digits = [c for c in plain if c.isdigit()]
    near = {
        whole
        for other, whole in _things(words, kind).get(plain[0], ())
        if fuzz.ratio(plain, other, score_cutoff=LEAST_NEAR) and [c for c in other if c.isdigit()] == digits
    }
    return near.pop() if len(near) == 1 else None
