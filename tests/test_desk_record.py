"""The record of a report: what goes out comes back the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anchorwatch.desk import event_rules
from anchorwatch.desk.corrections import Correction, checked
from anchorwatch.desk.extracted import accepted
from anchorwatch.desk.gazetteer import packaged
from anchorwatch.desk.record import from_json, to_json
from anchorwatch.desk.report import (
    ENTITY_TYPES,
    EVENT_TYPES,
    LEDGERS,
    MODALITIES,
    ROLES,
    Claim,
    Entity,
    Extracted,
    Item,
    Quantity,
    When,
)  # fmt: skip
from anchorwatch.desk.understand import CUT, FOREIGN, Desk
from anchorwatch.errors import BadUse

TEXT = (
    "George Maloney said on Monday that Italy will deliver about 20 SAMP/T missiles to Ukraine "
    "after Estlink 2 was damaged. "
    "The tanker Eagle S was seen nearby."
)
DESK = Desk(packaged(), event_rules.packaged())
WORDS = st.lists(
    st.sampled_from(
        [
            "NATO",
            "Rutte",
            "said",
            "cable",
            "damaged",
            "Baltic",
            "Sea",
            ".",
            ",",
            "3%",
            "of",
            "GDP",
            "from",
            "2",
            "to",
            "5",
            "ships",
            "Estlink",
            "2",
            "on",
            "Monday",
            "Finland's",
            "Navy",
            "\n",
            "will",
        ]
    ),
    max_size=60,
).map(" ".join)


def read(text: str, **said: object) -> dict[str, object]:
    return to_json(DESK.read([Item(text, **said)])[0])  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=200), WORDS), st.integers(0, 4_000_000_000_000_000))
def test_what_goes_out_comes_back(text: str, at_us: int) -> None:
    item = Item(text, source="a", url="https://a.example/1", published_us=at_us, reference_us=at_us,
                reference="published", line=3, points=((24.5, 59.5),), facts=(("station", "P"),))  # fmt: skip
    report = DESK.read([item])[0]
    record = json.loads(json.dumps(to_json(report), allow_nan=False))
    again = from_json(record)
    assert to_json(again) == record
    assert again.claims == report.claims and again.entities == report.entities and again.dates == report.dates


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=300), WORDS))
def test_all_that_is_said_stands_in_the_text_in_words_of_the_contract(text: str) -> None:
    report = DESK.read([Item(text)])[0]
    found: list[Entity | Quantity | When] = [*report.entities, *report.quantities, *report.dates]
    assert all(text[one.start : one.end] == one.text for one in found)
    for claim in report.claims:
        assert text[claim.start : claim.end] == claim.quote
        assert claim.type in EVENT_TYPES and claim.modality in MODALITIES
        assert all(0 <= n < len(report.quantities) for n in claim.quantities)
    assert all(e.type in ENTITY_TYPES for e in report.entities)
    assert all(q.role in ROLES for q in report.quantities)
    assert set(report.ledgers) <= set(LEDGERS) and 0 <= report.relevance <= 1


def test_the_record_is_that_of_the_contract() -> None:
    record = read(TEXT)
    assert list(record)[:15] == [
        "schema", "id", "line", "text", "source", "published", "reference_date", "relevance", "assets", "entities",
        "quantities", "events", "story", "related", "ledgers",
    ]  # fmt: skip
    assert record["assets"] == ["estlink-2"]
    slip = next(e for e in record["entities"] if e["possibly"])  # type: ignore[attr-defined]
    assert (slip["text"], slip["name"], slip["possibly"]) == ("George Maloney", None, "Giorgia Meloni")
    assert isinstance(record["quantities"][0]["low"], int)  # type: ignore[index]


def test_long_and_foreign_texts_say_so() -> None:
    assert CUT in DESK.read([Item("NATO is here. " * 2000)])[0].notes
    report = DESK.read([Item("Литва усилила охрану энергетических объектов, сообщает министерство обороны.")])[0]
    assert FOREIGN in report.notes and not report.claims


def test_a_correction_of_one_report_and_one_for_all() -> None:
    item = Item(TEXT)
    everywhere = Correction("", "entity", "George Maloney", type="person", name="Giorgia Meloni", at_us=1)
    gone = Correction(item.id, "entity", "Eagle S", TEXT.index("Eagle S"), "vessel", None, at_us=2)
    desk = Desk(packaged(), event_rules.packaged(), corrections=(everywhere, gone))
    here, there = desk.read([item, Item("Brussels: George Maloney left early. Eagle S is a ship.")])
    assert [(e.name, e.possibly) for e in here.entities if e.text == "George Maloney"] == [("Giorgia Meloni", None)]
    assert [(e.name, e.possibly) for e in there.entities if e.text == "George Maloney"] == [("Giorgia Meloni", None)]
    assert "Eagle S" not in {e.text for e in here.entities}
    assert "Eagle S" in {e.text for e in there.entities}


def test_the_later_of_two_corrections_holds_and_a_claim_may_be_another() -> None:
    item = Item("Finland will hold talks with Estonia on Monday.")
    first = DESK.read([item])[0].claims[0]
    said = [
        Correction(item.id, "claim", first.quote, first.start, first.type, "exercise", modality="opinion", at_us=1),
        Correction(item.id, "claim", first.quote, first.start, first.type, "presence", at_us=2),
        Correction(item.id, "relevant", relevant=False, at_us=3),
    ]
    report = Desk(packaged(), event_rules.packaged(), corrections=said).read([item])[0]
    assert report.claims[0].type == "presence" and report.claims[0].quote == first.quote
    assert report.ledgers == ()


@pytest.mark.parametrize(
    "wrong",
    [
        Correction("r1-1", "colour"),
        Correction("", "claim", "x", 0),
        Correction("r1-1", "entity", " ", 0),
        Correction("r1-1", "entity", "talks", 0, None, "person"),
        Correction("r1-1", "entity", "Finland", 0, "country", "planet"),
        Correction("r1-1", "claim", "Finland", 0, None, "war"),
        Correction("r1-1", "relevant"),
        Correction("r1-1", "story"),
    ],
)
def test_corrections_that_nobody_can_mean_are_refused(wrong: Correction) -> None:
    with pytest.raises(BadUse):
        checked(wrong, "Finland will hold talks.")


def test_of_a_model_only_what_stands_in_the_text_is_believed() -> None:
    text = "Finland sent three ships."
    told = Extracted(
        entities=(
            Entity("Finland", 0, 7, "country", "Suomi"), Entity("Sweden", 8, 14, "country"),
            Entity("ship", 19, 99, "vessel"), Entity("sent", 8, 12, "colour"),
        ),
        quantities=(
            Quantity("three ships", 13, 24, 3, 3, None, "given", None, "ships"),
            Quantity("three", 13, 18, float("nan"), 3, None, "given"),
            Quantity("three ships", 13, 24, 3, 3, None, "given", None, "tanks"),
            Quantity("three ships", 13, 24, 3000, 5000, None, "given", None, "ships"),
        ),
        claims=(
            Claim("presence", "fact", text, 0, len(text), ("Finland",)),
            Claim("presence", "fact", text, 0, len(text), ("Norway",)),
            Claim("presence", "fact", "Norway sent three ships.", 0, 24),
        ),
    )  # fmt: skip
    kept = accepted(text, told)
    assert [e.text for e in kept.entities] == ["Finland"] and kept.entities[0].name is None
    assert len(kept.quantities) == 1 and len(kept.claims) == 1
