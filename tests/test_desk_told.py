"""The same events told in many words: plain, by the way, as headlines and as notices. Labelled first, then tuned on."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from anchorwatch.desk.report import EVENT_TYPES, LEDGERS, MODALITIES
from desk_reading import ITEMS, read

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (ITEMS / "told.jsonl").read_text(encoding="utf-8").splitlines()
]


@cache
def missed(text: str) -> frozenset[str]:
    """What is not understood as it is labelled."""
    row, report = next(r for r in ROWS if r["text"] == text), read(text)
    right = {
        "type": report.claims[0].type in row["types"],
        "modality": report.claims[0].modality in row["modality"],
        "ledgers": set(report.ledgers) == set(row["ledgers"]),
    }
    return frozenset(what for what, is_right in right.items() if not is_right)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:40])
def test_what_was_understood_still_is(row: dict[str, Any]) -> None:
    assert missed(row["text"]) <= frozenset(row.get("missed", ())), read(row["text"]).claims


@pytest.mark.parametrize(("what", "least"), [("type", 0.9), ("modality", 0.85), ("ledgers", 0.85)])
def test_most_of_it_is_understood(what: str, least: float) -> None:
    assert sum(what not in missed(row["text"]) for row in ROWS) / len(ROWS) >= least


def test_every_type_modality_and_ledger_is_told() -> None:
    for key, known in (("types", EVENT_TYPES), ("modality", MODALITIES), ("ledgers", LEDGERS)):
        assert {one for row in ROWS for one in row[key]} == set(known), key


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Putin and Trump May Meet in Budapest", "plan"),
        ("Putin and Trump met in May in Budapest", "fact"),
        ("Estonia to Acquire Six More HIMARS Launchers", "plan"),
        ("Estonia Acquires Six More HIMARS Launchers", "fact"),
        ("The frigate is due to sail to the Baltic Sea.", "plan"),
    ],
)
def test_modality_of_headlines(text: str, modality: str) -> None:
    assert read(text).claims[0].modality == modality


def test_the_first_sentence_that_tells_an_event_is_quoted() -> None:
    text = "The frigate Nansen will put in at Narvik in June. It regularly patrols the waters off Norway."
    found = read(text).claims[0]
    assert (found.type, found.start) == ("presence", 0)
