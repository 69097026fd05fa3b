"""Items with gold labels, and what they count for: tests/desk_items (docs/understanding.md says who wrote them)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

ITEMS = Path(__file__).resolve().parents[2] / "tests" / "desk_items"
DIGEST = Path(__file__).resolve().parents[3] / "shared" / "data" / "reports" / "digest.txt"


class Gold(NamedTuple):
    """One item as a person understood it."""

    id: str
    text: str
    entities: tuple[tuple[int, int, str], ...]  # start, end, type
    slips: tuple[tuple[int, str], ...]  # start, who is possibly meant
    quantities: tuple[dict[str, Any], ...]
    dates: tuple[str, ...]
    types: tuple[str, ...]  # right as the event of the item; empty = none is asked for
    also: tuple[str, ...]
    modality: str | None
    ledgers: frozenset[str]
    story: str | None
    relevant: bool


def thirty() -> list[Gold]:
    """Return the thirty items of the digest; raises FileNotFoundError where ../shared is absent."""
    lines = DIGEST.read_text(encoding="utf-8").splitlines()
    said = (json.loads(line) for line in _lines(["thirty_gold.jsonl"]))
    return [_gold(one | {"text": lines[one["line"] - 1]}) for one in said]


def fresh(half: str) -> list[Gold]:
    """Return the fresh items: `tune`, on which rules were made, or `report`, on which they were not."""
    names = sorted(path.name for path in ITEMS.glob(f"{half}_*.jsonl"))
    # Stories have keys of their author's: two authors may have chosen the same.
    return [_gold(json.loads(line), name) for name in names for line in _lines([name])]


def _lines(names: Iterable[str]) -> list[str]:
    return [line for name in names for line in (ITEMS / name).read_text(encoding="utf-8").splitlines() if line]


def _gold(said: dict[str, Any], author: str = "") -> Gold:
    text, at, spans = said["text"], 0, []
    for entity in said["entities"]:  # in order of the text
        at = text.index(entity["text"], at)
        spans.append((at, at + len(entity["text"])))
        at = spans[-1][1]
    pairs = list(zip(spans, said["entities"], strict=True))
    return Gold(
        id=said["id"],
        text=text,
        entities=tuple((start, end, e["type"]) for (start, end), e in pairs),
        slips=tuple((start, e["possibly"]) for (start, _), e in pairs if e["possibly"]),
        quantities=tuple(said["quantities"]),
        dates=tuple(said["dates"]),
        types=tuple(said["types"]),
        also=tuple(said["also"]),
        modality=said["modality"],
        ledgers=frozenset(said["ledgers"]),
        story=said["story"] and f"{author} {said['story']}",
        relevant=said["relevant"],
    )
