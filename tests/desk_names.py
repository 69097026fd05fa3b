"""Names of items beside those that annotators marked: counts of right, false and missed ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from anchorwatch.desk.report import Entity

ITEMS = Path(__file__).parent / "desk_items"
Gold = list[dict[str, Any]]
Find = Callable[[str], tuple[Entity, ...]]


class Score(NamedTuple):
    """How well names are found."""

    right: int
    found: int
    marked: int

    @property
    def f1(self) -> float:
        """Return the F1 measure: 1 = all of them, and nothing else."""
        return 2 * self.right / max(1, self.found + self.marked)


def items(name: str, digest: list[str] | None = None) -> Iterator[tuple[str, Gold]]:
    """Yield text and marked names of each item of a file; the thirty have their texts in the digest."""
    for line in (ITEMS / name).read_text("utf-8").splitlines():
        item = json.loads(line)
        yield item["text"] if digest is None else digest[item["line"] - 1], item["entities"]


def score(find: Find, marked: Iterable[tuple[str, Gold]], typed: bool = True) -> Score:
    """Return the score of exact spans, and of their types."""
    right = found = wanted = 0
    for text, gold in marked:
        mine = {(e.start, e.end, e.type if typed else "") for e in find(text)}
        theirs = {(start, end, kind if typed else "") for start, end, kind in placed(text, gold)}
        right, found, wanted = right + len(mine & theirs), found + len(mine), wanted + len(theirs)
    return Score(right, found, wanted)


def placed(text: str, gold: Gold) -> Iterator[tuple[int, int, str]]:
    """Yield where marked names stand: they are marked in their order, repeated ones too."""
    at = 0
    for name in gold:
        start = text.find(name["text"], at)
        start = text.find(name["text"]) if start < 0 else start
        at = start + len(name["text"])
        yield start, at, name["type"]
