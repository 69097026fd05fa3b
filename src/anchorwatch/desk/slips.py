"""Whom a name may mean that is written wrong: it sounds like one that the lists know. Shown, never put in its place."""

from __future__ import annotations

from functools import lru_cache

import jellyfish
from rapidfuzz import fuzz

from anchorwatch.desk.gazetteer import Words
from anchorwatch.desk.tokens import tokens

# Measured on 65 names with decoys: true slips reach 100, strangers at most 67 (the best of letters alone picks decoys).
LEAST_FULL = 90.0
LEAST_SURNAME = 3  # sounds: "KRS" of Karis; with fewer every short name sounds like another
_MOST_LETTERS = 80  # of a name; nobody's is longer


@lru_cache(maxsize=16_384)
def sound(name: str) -> str:
    """Return how a name sounds, word by word."""
    return " ".join(jellyfish.metaphone(word) for word in tokens(name[:_MOST_LETTERS]).folds if word.isascii())


@lru_cache(maxsize=64)
def _sounds(words: Words) -> dict[str, list[tuple[str, str, int]]]:
    """Return the sounds of all people under the first letter of each part: (sound, name, number of words)."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for spelling, entry in words.people:
        heard = sound(spelling)
        if heard:
            found.setdefault(heard[0], []).append((heard, entry.name, heard.count(" ") + 1))
    return found


@lru_cache(maxsize=4096)
def possibly(name: str, words: Words) -> str | None:
    """Return the one of the list whom this name may mean; None where nobody, or more than one, sounds like it."""
    heard = sound(name)
    if " " not in heard:
        return _by_surname(heard, words)
    best, whom = 0.0, set[str]()
    for other, full, _ in _sounds(words).get(heard[0], ()):
        if abs(len(other) - len(heard)) > 3:
            continue
        score = fuzz.ratio(heard, other, score_cutoff=LEAST_FULL)
        if score > best:
            best, whom = score, {full}
        elif score and score == best:
            whom.add(full)
    return whom.pop() if len(whom) == 1 else None


def _by_surname(heard: str, words: Words) -> str | None:
    """Return the only one whose surname sounds exactly so."""
    if len(heard) < LEAST_SURNAME:
        return None
    whom = {entry.name for name, entry in words.surnames.items() if entry is not None and sound(name) == heard}
    return whom.pop() if len(whom) == 1 else None
