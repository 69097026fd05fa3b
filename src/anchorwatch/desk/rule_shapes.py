"""Whether a file of rules is formed as it must be: users write these, and a slip is told in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from anchorwatch.errors import BadUse

MOST_NEAR = 1000  # words
MOST_WEIGHT = 1e6


def check(name: str, table: Mapping[str, Any]) -> None:
    """Raise BadUse where a part of a file is something else than the rules need."""
    for key, (fits, what) in _SHAPES.items():
        if key in table and not fits(table[key]):
            raise BadUse(f"{key} is not {what}", name, "See the files of the package for how it is written")
    for row in table.get("rule", ()):
        for key, (fits, what) in _OF_RULE.items():
            if key in row and not fits(row[key]):
                raise BadUse(
                    f"{key} of the rule {str(row.get('id', 'without an id'))[:80]} is not {what}", name, "Correct it"
                )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isfinite(value) and abs(value) <= MOST_WEIGHT


def _is_near(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_NEAR


def _table_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(map(fits, value.values()))


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _is_relevance(value: object) -> bool:
    return _table_of(_is_number)(value) and isinstance(value, dict) and value.get("half", 1.0) > 0


_GROUPS = (_table_of(_are_texts), "a table of lists of texts")
_TEXTS = (_are_texts, "a list of texts")
_SHAPES: dict[str, tuple[Callable[[object], bool], str]] = {
    "verbs": _GROUPS,
    "nouns": _GROUPS,
    "words": _GROUPS,
    "hides": _GROUPS,
    "topics": (_table_of(_is_text), "a table of texts"),
    "irregular": (_table_of(_is_text), "a table of texts"),
    "points": (_table_of(_is_number), "a table of numbers"),
    "relevance": (_is_relevance, "a table of numbers, half above 0"),
    "near": (_is_near, f"a number of words, 0 to {MOST_NEAR}"),
    "rule": (_are_tables, "a list of tables, [[rule]]"),
}
_OF_RULE: dict[str, tuple[Callable[[object], bool], str]] = {
    "id": (_is_text, "a text"),
    "words": _TEXTS,
    "without": _TEXTS,
    "weight": (_is_number, "a number"),
    "near": (_is_near, f"a number of words, 0 to {MOST_NEAR}"),
}
