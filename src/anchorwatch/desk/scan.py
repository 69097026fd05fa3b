"""A text under work: its words, what the lists found in it, and what may be asked of each word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from anchorwatch.desk.gazetteer import Match, Words
from anchorwatch.desk.tokens import CAPITAL, UPPER, Tokens

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

    def is_capital(self, i: int) -> bool:
        """Return whether word i is written as a name."""
        return self.cut.shapes[i] in (CAPITAL, UPPER)

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
        return 0 <= i < len(self.cut.folds) and self.cut.folds[i] in self.words.cue(name)

    def type_at(self, i: int) -> str | None:
        """Return the type of what the lists say about word i."""
        match = self.part[i] if 0 <= i < len(self.part) else None
        return match.form.entry.type if match else None
