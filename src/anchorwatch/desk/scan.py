"""A text under work: its words, what the lists found in it, and what may be asked of each word."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from anchorwatch.desk.gazetteer import Match, Words
from anchorwatch.desk.tokens import CAPITAL, LOWER, UPPER, Tokens

TIGHT = frozenset({" ", "-", "'", "\u2019", "\u00a0", "\u2011", "\n"})  # between words of one name


class Found(NamedTuple):
    """Words i to j (exclusive) are a name of this type."""

    i: int
    j: int
    type: str
    match: Match | None = None  # what the lists say of it


@dataclass
class Scan:
    """A text under work: its words, what the lists found, and which word belongs to which find."""

    cut: Tokens
    words: Words
    matches: list[Match]
    part: list[Match | None]  # of each word
    marks: list[frozenset[str]]  # of each word: the lists of english.toml that it is in
    titled: list[bool]  # of each word: it stands in a headline that Has All Words Like This

    def in_title(self, i: int) -> bool:
        """Return whether capitals say nothing about word i."""
        return self.titled[i]

    def is_capital(self, i: int) -> bool:
        """Return whether word i is written as a name."""
        return CAPITAL <= self.cut.shapes[i] <= UPPER

    def begins(self, i: int) -> bool:
        """Return whether word i begins a sentence, or what is said in quotation marks."""
        gap = self.cut.gap(i) if i else "."
        return any(mark in gap for mark in '.!?:;\n“"') and not self.is_initial(i - 1)

    def opens(self, i: int) -> bool:
        """Return whether word i is written in capitals only because it begins a sentence."""
        return (self.cue(i, "small") or self.cue(i, "openers")) and self.begins(i)

    def is_initial(self, i: int) -> bool:
        """Return whether word i is one capital with a full stop: "J. D. Vance"."""
        cut = self.cut
        return (
            i >= 0
            and cut.ends[i] - cut.starts[i] == 1
            and cut.shapes[i] == CAPITAL
            and cut.text[cut.ends[i] :][:1] == "."
        )

    def joined(self, i: int) -> bool:
        """Return whether word i goes on in the same name as word i - 1, as far as what is between them says."""
        gap = self.cut.gap(i)
        return gap in TIGHT or (gap in (". ", ".") and self.is_initial(i - 1))

    def cue(self, i: int, name: str) -> bool:
        """Return whether word i is in this list of words."""
        return 0 <= i < len(self.marks) and name in self.marks[i]

    def type_at(self, i: int) -> str | None:
        """Return the type of what the lists say about word i."""
        match = self.part[i] if 0 <= i < len(self.part) else None
        return match.form.entry.type if match else None


_LEAST_TITLE = 4  # words in capitals that no list knows, and
_MOST_LOWER = 0.2  # of all such words those that are not: then it is a headline
_NEVER_NAMES = frozenset({"small", "verbs", "auxiliaries", "openers", "vessel_nouns", "ways"})
_LONGEST_TITLE = 40  # words
_STOP = re.compile(r"\n|\. ")
_SHORT = 3  # letters: "the", "and" stay small in headlines


def titled(cut: Tokens, words: Words) -> list[bool]:
    """Return for each word whether its line or sentence is a headline."""
    said = [False] * len(cut.folds)
    first = 0
    ends = {bisect_right(cut.starts, stop.start()) for stop in _STOP.finditer(cut.text)}  # words behind a stop
    for i in sorted(ends | {len(cut.folds)}):
        if i > first and _is_headline(cut, words, first, i):
            said[first:i] = [True] * (i - first)
        first = i
    return said


def _is_headline(cut: Tokens, words: Words, first: int, end: int) -> bool:
    """Return whether nearly all words are in capitals, words among them that nobody is called by."""
    if end - first > _LONGEST_TITLE or cut.shapes[first:end].count(CAPITAL) < _LEAST_TITLE:
        return False
    names, marks, small, plain = words.cue("first_names"), words.marks, 0, False
    capitals = 0
    for i in range(first, end):
        word = cut.folds[i]
        if len(word) <= _SHORT or word in words.tree or word in names or (i and cut.folds[i - 1] in names):
            continue
        if cut.shapes[i] == CAPITAL:
            capitals += 1
            plain = plain or (i > first and not _NEVER_NAMES.isdisjoint(marks.get(word, ())))
        else:
            small += cut.shapes[i] == LOWER
    return capitals >= _LEAST_TITLE and small <= _MOST_LOWER * (capitals + small) and (plain or not small)
