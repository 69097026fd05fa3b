"""Numbers of reports: what they are worth, what they count, what they are for; and what is no quantity."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.desk.dates import dates
from anchorwatch.desk.quantities import quantities
from anchorwatch.desk.report import MOST_TEXT, ROLES, Quantity

ITEMS = Path(__file__).parent / "desk_items"
Row = tuple[str, float, float, str | None, str]

FOUND: list[tuple[str, list[Row]]] = [
    ("Ukraine needs 20 systems.", [("20 systems", 20, 20, None, "needed")]),
    ("It would require 8-10% of GDP and 15-20 years.",
     [("8-10% of GDP", 8, 10, "% of GDP", "required"), ("15-20 years", 15, 20, "years", "required")]),
    ("Spending rises from 3.15 percent to 4 per cent of gross domestic product.",
     [("from 3.15 percent to 4 per cent of gross domestic product", 3.15, 4, "% of GDP", "from_to")]),
    ("Denmark raises its defence budget to 3.2% of GDP from 2.4%.",
     [("to 3.2% of GDP from 2.4%", 2.4, 3.2, "% of GDP", "from_to")]),
    ("The number of attacks fell from 44 to twelve.", [("from 44 to twelve", 44, 12, None, "from_to")]),
    ("Between 5 and 8 frigates will patrol.", [("Between 5 and 8 frigates", 5, 8, None, "size")]),
    ("Norway pledged $500m and €2.26bn.",
     [("$500m", 5e8, 5e8, "USD", "given"), ("€2.26bn", 2.26e9, 2.26e9, "EUR", "given")]),
    ("They paid USD 2.1 bn, 7 million zloty and 10 million hryvnias.",
     [("USD 2.1 bn", 2.1e9, 2.1e9, "USD", "cost"), ("7 million zloty", 7e6, 7e6, "PLN", "cost"),
      ("10 million hryvnias", 1e7, 1e7, "UAH", "cost")]),
    ("Norwegian support is 85 billion kroner.", [("85 billion kroner", 8.5e10, 8.5e10, "NOK", "given")]),
    ("It was bought for one and a half billion euros.",
     [("one and a half billion euros", 1.5e9, 1.5e9, "EUR", "cost")]),
    ("Half a million people fled.", [("Half a million people", 5e5, 5e5, None, "total")]),
    ("About a dozen tankers and two dozen boats were stopped.",
     [("About a dozen tankers", 12, 12, None, "total"), ("two dozen boats", 24, 24, None, "total")]),
    ("Three hundred and fifty vehicles were seen.", [("Three hundred and fifty vehicles", 350, 350, None, "total")]),
    ("1 200 soldiers and 1,200 sailors came.",
     [("1 200 soldiers", 1200, 1200, None, "size"), ("1,200 sailors", 1200, 1200, None, "size")]),
    ("They will buy 1.200 drones.", [("1.200 drones", 1200, 1200, None, "given")]),
    ("The 170-kilometre cable carries 650 MW.",
     [("170-kilometre", 170, 170, "km", "measure"), ("650 MW", 650, 650, "MW", "capacity")]),
    ("It lay 12 nautical miles off, 80 metres deep.",
     [("12 nautical miles", 12, 12, "nm", "measure"), ("80 metres", 80, 80, "m", "measure")]),
    ("Two of the four cables were cut.", [("Two", 2, 2, None, "total"), ("four cables", 4, 4, None, "total")]),
    ("Germany sent Ukraine 20 Leopard tanks.", [("20 Leopard tanks", 20, 20, None, "given")]),
    ("No more than 10 ships passed.", [("No more than 10 ships", 10, 10, None, "total")]),
    ("Three frigates, two corvettes and one submarine will patrol for 90 days.",
     [("Three frigates", 3, 3, None, "size"), ("two corvettes", 2, 2, None, "size"),
      ("one submarine", 1, 1, None, "size"), ("90 days", 90, 90, "days", "duration")]),
    ("The cut lasted from 10 to 12 hours.", [("from 10 to 12 hours", 10, 12, "hours", "duration")]),
    ("A third of the power is gone.", [("A third of the power", 1 / 3, 1 / 3, None, "total")]),
    ("They hand over three launchers.", [("three launchers", 3, 3, None, "given")]),
    ("The operation will last at least six weeks.", [("at least six weeks", 6, 6, "weeks", "duration")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), FOUND, ids=[text[:40] for text, _ in FOUND])
def test_numbers_are_understood(text: str, rows: list[Row]) -> None:
    assert [(q.text, q.low, q.high, q.unit, q.role) for q in quantities(text, ())] == rows


NOTHING = (
    "In 2024 NATO ships came, and the 2026 budget passed; since 1991 nothing happened.",
    "On January 9 and 12 March, from 3 to 6 February 2025, 12.02.2025 and 2025-01-14.",
    "Estlink 2, Nord Stream 1, C-Lion1, the F-16, the G7, COVID-19 and 5G.",
    "They met one-on-one; one of them left, and no one came. One day it ends.",
    "Article 5, Resolution 2231, No. 7, channel 16 and WARNING NR. 9 172128 UTC AUG.",
    "Position 59-24.5N 024-30.2E, also 59°24'N 24°30'E, at 14:30 and at 9 a.m.",
    "Call +358 40 123 4567 or 555-1234, see https://example.org/12/34 and a1@b2.eu.",
    "The 2nd Brigade, the 1990s, the Group of Seven, version 1.2.3 and 192.168.1.1.",
    "1. First\n2) Second\n",
    "It happened three weeks ago and two days earlier.",
    "\uff19\uff19 ships, \u0663 cables",
)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_quantity_is_left_alone(text: str) -> None:
    assert quantities(text, ()) == ()


def test_the_hedge_belongs_to_the_number() -> None:
    [one] = quantities("NATO recorded about 300 interceptions of aircraft.", ())
    assert (one.text, one.qualifier, one.of) == ("about 300 interceptions", "about", "interceptions")


def test_names_are_masked() -> None:
    text = "Task Group 4 ships sailed."
    assert quantities(text, [(0, 12)]) == ()


def test_gdp_is_understood_in_its_sentence_only() -> None:
    units = [q.unit for q in quantities("To 5% of GDP instead of the current 2%. Tariffs rise by 3%.", ())]
    assert units == ["% of GDP", "% of GDP", "%"]


def _told(text: str) -> list[Quantity]:
    times = [(when.start, when.end) for when in dates(text, None) if not when.duration]
    return list(quantities(text, times))


def _of_head(of: str | None) -> list[str]:
    return (of or "").lower().split(" of ")[0].split()[-1:]


def test_the_thirty_have_their_fourteen(shared: Path) -> None:
    lines = (shared / "reports" / "digest.txt").read_text("utf-8").splitlines()
    gold = [json.loads(line) for line in (ITEMS / "thirty_gold.jsonl").read_text("utf-8").splitlines()]
    for item in gold:
        found = [(q.text, q.low, q.high, q.unit, q.role, _of_head(q.of)) for q in _told(lines[item["line"] - 1])]
        assert found == [
            (q["text"], q["low"], q["high"], q["unit"], q["role"], _of_head(q["of"])) for q in item["quantities"]
        ]


def test_the_tuned_half_is_understood() -> None:
    items: list[dict[str, Any]] = [
        json.loads(line) for path in sorted(ITEMS.glob("tune_*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    wanted = found = right = roles = 0
    for item in items:
        told = _told(item["text"])
        wanted, found = wanted + len(item["quantities"]), found + len(told)
        for one in item["quantities"]:
            same = next((q for q in told if (q.low, q.high, q.unit) == (one["low"], one["high"], one["unit"])), None)
            if same is not None:
                told.remove(same)
                right, roles = right + 1, roles + (same.role == one["role"])
    assert right >= 0.93 * max(found, wanted)
    assert roles >= 0.8 * right


SAID = (
    "from to between and % of GDP 5 8-10 1,200 €30 billion kroner half a dozen two one ships . ,"
    " \u2013 - ( ) $ m km MW over"
    " more than at least needs number 2024 January 9 F-16 … \u2019s \n \x00 \uff19 é 漢 1e9 9999999999999999999"
)
PIECES = st.sampled_from(SAID.split(" "))


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_any_text_gives_exact_spans(text: str) -> None:
    free = 0
    for one in quantities(text, ()):
        assert 0 <= free <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        assert math.isfinite(one.low) and math.isfinite(one.high)
        assert one.low <= one.high or one.role == "from_to"
        assert one.role in ROLES
        assert one.of is None or one.of in text
        free = one.end


HOSTILE = (
    "1", "9,", "1 ", "1,111,", "one ", "twenty-", "half ", "from 1 ", "from ", "5% of ", "(", ". ", "1-", "-", "$",
    "€5 ", "number of ", "3 ships ", "just over ", "million ", "1 million ", "between 1 and ", "2024 ", "+358 ", "1°",
    "59-", "A/",
)  # fmt: skip


def test_hostile_texts_take_linear_time() -> None:
    for piece in HOSTILE:
        text = (piece * MOST_TEXT)[:MOST_TEXT]
        begun = time.perf_counter()
        quantities(text, ())
        assert time.perf_counter() - begun < 3.0, piece
