"""A text as the desk reads it by rules alone, for tests of claims: without language, corrections or a model."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from anchorwatch.desk.claims import claims
from anchorwatch.desk.dates import dates
from anchorwatch.desk.entities import entities
from anchorwatch.desk.event_rules import Rules
from anchorwatch.desk.filing import ledgers_of
from anchorwatch.desk.gazetteer import Words, packaged
from anchorwatch.desk.mentions import nations
from anchorwatch.desk.quantities import quantities
from anchorwatch.desk.relevance import relevance
from anchorwatch.desk.report import Item, Report
from anchorwatch.desk.sentences import sentences

ITEMS = Path(__file__).parent / "desk_items"


@cache
def words() -> Words:
    return packaged()


def read(text: str, rules: Rules | None = None) -> Report:
    named = entities(text, words())
    times = dates(text, None)
    taken = sorted([(e.start, e.end) for e in named] + [(w.start, w.end) for w in times])
    numbers = quantities(text, taken)
    found = claims(text, sentences(text), named, nations(text, words()), numbers, times, rules)
    assets = tuple(dict.fromkeys(e.id for e in named if e.type == "asset" and e.id))
    matters = relevance(text, named, found, assets, rules)
    filed = ledgers_of(found, matters, text, rules)
    return Report(Item(text), "en", named, numbers, times, found, matters, assets, filed)


def gold(*names: str, digest: Path | None = None) -> list[dict[str, Any]]:
    """The labelled items of some files; those of the thirty get their text from the digest."""
    lines = digest.read_text(encoding="utf-8").splitlines() if digest else []
    rows = [json.loads(line) for name in names for line in (ITEMS / name).read_text(encoding="utf-8").splitlines()]
    return [{**row, "text": row["text"] if "text" in row else lines[row["line"] - 1]} for row in rows]
