"""Made reports for the tests of stories and ledgers, and the labelled items as the desk reads them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from anchorwatch.desk import event_rules, gazetteer
from anchorwatch.desk.report import (
    ENTITY_TYPES,
    EVENT_TYPES,
    LEDGERS,
    MODALITIES,
    ROLES,
    STANCES,
    Claim,
    Entity,
    Item,
    Quantity,
    Report,
    When,
)
from anchorwatch.desk.understand import Desk

ITEMS = Path(__file__).parent / "desk_items"
DAY_US = 86_400_000_000
NEW_YEAR_US = 1_735_689_600_000_000  # 2025-01-01


def report(text: str, *claims: Claim, ledgers: tuple[str, ...] = (), **more: Any) -> Report:
    """A report whose claims rest on all of its text where they name no quote."""
    item = {key: more.pop(key) for key in ("published_us", "line", "file", "source") if key in more}
    return Report(Item(text, **item), claims=claims, ledgers=ledgers, relevance=1.0, **more)


def claim(text: str, kind: str, modality: str = "fact", **more: Any) -> Claim:
    return Claim(kind, modality, text, 0, len(text), **more)


def quantity(text: str, words: str, low: float, role: str, of: str | None = None, **more: Any) -> Quantity:
    start = text.index(words)
    return Quantity(
        words, start, start + len(words), low, more.pop("high", low), more.pop("unit", None), role, of=of, **more
    )


@cache
def desk() -> Desk:
    return Desk(gazetteer.packaged(), event_rules.packaged())


def labelled(name: str, texts: dict[int, str] | None = None) -> list[tuple[str, str | None, Report]]:
    """Id, key of the story and report of each labelled item. texts: by line, where the items have none."""
    said = [json.loads(line) for line in (ITEMS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    items = [Item(s["text"] if texts is None else texts[s["line"]], line=s.get("line"), file=name) for s in said]
    return [(s["id"], s["story"], r) for s, r in zip(said, desk().read(items), strict=True)]


def thirty(shared: Path) -> list[tuple[str, str | None, Report]]:
    lines = (shared / "reports" / "digest.txt").read_text("utf-8").splitlines()
    return labelled("thirty_gold", {n: line.strip() for n, line in enumerate(lines, 1)})


NAMES = st.sampled_from(["NATO", "Ukraine", "Germany", "Mark Rutte", "=2+3", "", "Åland\u202e", "Kyiv"])
SAID = ("cable", "damaged", "Estonia", "NATO", "talks", "Brussels", "19", "systems", "the", "=", "\u202e", ",;\n")
WORDS = st.lists(st.sampled_from(SAID), max_size=9)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report that the types allow; spans may stand anywhere."""
    text = draw(st.one_of(WORDS.map(" ".join), st.text(max_size=60)))
    place = st.integers(0, len(text))
    number = st.floats(allow_nan=True, allow_infinity=True)
    time = st.one_of(st.none(), st.integers(-(2**62), 2**62), st.integers(NEW_YEAR_US, NEW_YEAR_US + 90 * DAY_US))
    few = st.lists(NAMES, max_size=3).map(tuple)
    entity = st.builds(Entity, NAMES, place, place, st.sampled_from(ENTITY_TYPES), st.one_of(st.none(), NAMES))
    amount = st.builds(
        Quantity,
        NAMES,
        place,
        place,
        number,
        number,
        st.sampled_from([None, "EUR", "% of GDP", "MW"]),
        st.sampled_from(ROLES),
    )
    when = st.builds(When, NAMES, place, place, time, time, st.booleans())
    said = st.builds(
        Claim,
        st.sampled_from(EVENT_TYPES),
        st.sampled_from(MODALITIES),
        st.just(text),
        place,
        place,
        actors=few,
        to=few,
        place=st.one_of(st.none(), NAMES),
        when=st.one_of(st.none(), NAMES),
        speaker=st.one_of(st.none(), NAMES),
        stance=st.sampled_from([None, *STANCES]),
        topic=st.sampled_from([None, "peacekeepers"]),
        quantities=st.lists(st.integers(0, 3), max_size=2).map(tuple),
    )
    return Report(
        Item(text, published_us=draw(time), line=draw(st.integers(1, 9)), file="f"),
        entities=tuple(draw(st.lists(entity, max_size=3))),
        quantities=tuple(draw(st.lists(amount, max_size=3))),
        dates=tuple(draw(st.lists(when, max_size=2))),
        claims=tuple(draw(st.lists(said, max_size=3))),
        ledgers=tuple(draw(st.lists(st.sampled_from(LEDGERS), max_size=3, unique=True))),
    )
