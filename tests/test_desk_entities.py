"""Names in reports: what the lists and the rules find, and that nothing breaks them."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anchorwatch.chart.catalogue import baltic
from anchorwatch.desk import gazetteer
from anchorwatch.desk.entities import entities, merged, scanned
from anchorwatch.desk.gazetteer import Words, load, packaged
from anchorwatch.desk.mentions import nations
from anchorwatch.desk.report import ENTITY_TYPES, MOST_TEXT, Entity
from anchorwatch.errors import BadInput
from desk_names import items, score
from tries import tries

WORDS = packaged()


def found(text: str, words: Words = WORDS) -> list[tuple[str, str]]:
    """Return (text, type) of the names in a text."""
    return [(e.text, e.type) for e in entities(text, words)]


def named(text: str) -> list[str | None]:
    """Return the known names of what is found."""
    return [e.name for e in entities(text, WORDS)]


def test_the_thirty_items(shared: Path) -> None:
    digest = (shared / "reports" / "digest.txt").read_text("utf-8").split("\n")
    measured = score(lambda text: entities(text, WORDS), items("thirty_gold.jsonl", digest))
    assert measured.f1 >= 0.95, measured


@pytest.mark.parametrize("name", ["tune_a.jsonl", "tune_b.jsonl", "tune_c.jsonl"])
def test_fresh_items_that_were_tuned_on(name: str) -> None:
    measured = score(lambda text: entities(text, WORDS), items(name))
    assert measured.f1 >= 0.94, measured


CASES = {
    "Slovakia's Defense Minister Peter Novak spoke.": [("Slovakia", "country"), ("Peter Novak", "person")],
    "It was said by Foreign Minister of Latvia Jura Kalne.": [("Latvia", "country"), ("Jura Kalne", "person")],
    "The tanker Meridian Grace and HMS Dauntless left.": [("Meridian Grace", "vessel"), ("HMS Dauntless", "vessel")],
    "The frigates Alfa, Bravo and Delta sailed.": [("Alfa", "vessel"), ("Bravo", "vessel"), ("Delta", "vessel")],
    "The frigate Hamburg is in Hamburg.": [("Hamburg", "vessel"), ("Hamburg", "place")],
    "The Finnish Navy and the Russian Baltic Fleet met.": [("Finnish Navy", "force"), ("Baltic Fleet", "force")],
    "The Lithuanian Ministry of Economic Affairs and Employment of Lithuania said so.": [
        ("Ministry of Economic Affairs and Employment", "organisation"),
        ("Lithuania", "country"),
    ],
    "the French Armed Forces Ministry": [("Armed Forces Ministry", "organisation")],
    "UK Defence Secretary John Healey": [("UK", "country"), ("John Healey", "person")],
    "He gave us a hawk, a patriot and a javelin.": [],
    "They need Hawk, Patriot and Su-34M.": [("Hawk", "system"), ("Patriot", "system"), ("Su-34M", "system")],
    "Jordan Miller flew to Jordan.": [("Jordan Miller", "person"), ("Jordan", "country")],
    "The Baltic leaders met on the Baltic.": [("Baltic", "place")],
    "EstLink 2, Est Link 2, C-Lion 1 and C-LION1": [
        ("EstLink 2", "asset"),
        ("Est Link 2", "asset"),
        ("C-Lion 1", "asset"),
        ("C-LION1", "asset"),
    ],
    "Nausėda, Nauseda and NAUSEDA": [("Nausėda", "person"), ("Nauseda", "person"), ("NAUSEDA", "person")],
    "NATO's and NATO\u2019s allies in the U.S. agreed.": [
        ("NATO", "organisation"),
        ("NATO", "organisation"),
        ("U.S.", "country"),
    ],
    "On Monday, European and Lithuanian officials spoke Russian.": [],
    "the operator Nordgrid, and a drill near Vasknarva": [("Nordgrid", "organisation"), ("Vasknarva", "place")],
    "Divers reached the Nemo cable off Kiel-Holtenau.": [("Nemo", "asset"), ("Kiel-Holtenau", "place")],
    "CONTACT US: CABLE WORK BETWEEN TALLINN AND HELSINKI, M/V EAGLE S": [
        ("TALLINN", "place"),
        ("HELSINKI", "place"),
        ("EAGLE S", "vessel"),
    ],
    "NATO Chief Rutte Warns Putin After Drones Enter Polish Airspace": [
        ("NATO", "organisation"),
        ("Rutte", "person"),
        ("Putin", "person"),
    ],
    "See https://example.org/Finland?NATO or write to NATO@example.org, Finland": [("Finland", "country")],
    "The Olkiluoto nuclear power plant and Ramstein base": [
        ("Olkiluoto nuclear power plant", "asset"),
        ("Ramstein base", "place"),
    ],
}


@pytest.mark.parametrize("text", CASES)
def test_a_case(text: str) -> None:
    assert found(text) == CASES[text]


def test_names_are_the_usual_ones_and_ids_those_of_the_watch() -> None:
    assert named("Rutte told Zelensky in Kiev that the UK and the EU agree.") == [
        "Mark Rutte",
        "Volodymyr Zelenskyy",
        "Kyiv",
        "United Kingdom",
        "European Union",
    ]
    ids = {e.text: e.id for e in entities("Estlink 2 and the Eagle S, Finland", WORDS)}
    assert ids == {"Estlink 2": "estlink-2", "Eagle S": "9329760", "Finland": "FI"}


def test_a_service_has_its_nation_in_its_name() -> None:
    assert named("The Lithuanian Ministry of Defense spoke. The Navy sails.") == [
        "Ministry of Defense of Lithuania",
        "Lithuanian Navy",
    ]
    assert named("Ukraine's Air Force and the Foreign Ministry") == ["Ukraine", "Ukrainian Air Force", None]


def test_a_surname_is_whom_the_text_told_of_before() -> None:
    text = "Maria Rutte is a baker. Rutte bakes. Anna Berzina helps; Berzina sells."
    assert named(text) == ["Maria Rutte", "Maria Rutte", "Anna Berzina", "Anna Berzina"]


def test_every_asset_of_the_chart_is_found_under_its_name() -> None:
    missed = [
        entry.name
        for entry in WORDS.entries.values()
        if entry.type == "asset" and (entry.name, "asset") not in found(f"Divers looked at {entry.name} today.")
    ]
    assert not missed


def test_other_assets_can_be_given() -> None:
    words = load({}, [asset for asset in baltic() if asset.id == "nordbalt"])
    assert {e.id for e in entities("NordBalt, Kontek", words) if e.id} == {"nordbalt"}


def test_adjectives_of_nation_say_countries() -> None:
    said = nations("Russian ships, North Korean troops and Finns; Russia", WORDS)
    assert [(e.text, e.name, e.id) for e in said] == [
        ("Russian", "Russia", "RU"),
        ("North Korean", "North Korea", "KP"),
        ("Finns", "Finland", "FI"),
    ]


def test_an_office_is_not_its_holder() -> None:
    text = "The President of Ukraine, Slovakia's Defense Minister and the French president met a deputy minister."
    assert [e for e in entities(text, WORDS) if e.type == "person"] == []


MINE = """
version = "1"
type = "vessel"
entries = ["Grey Heron", {id = "kontek", name = "Kontek Two", type = "asset", also = ["K2K"]}]
remove = ["gotland"]
[words]
titles = ["grandmaster"]
"""


def test_lists_of_the_user_add_override_and_remove() -> None:
    words = load({"mine.toml": MINE})
    text = "Gotland saw Grey Heron near K2K, grandmaster Oyo Abcde said; Kontek"
    assert found(text, words) == [("Grey Heron", "vessel"), ("K2K", "asset"), ("Oyo Abcde", "person")]
    assert words.ruleset != WORDS.ruleset and words.ruleset.startswith("sha256:") and len(words.ruleset) == 71
    assert words.version == WORDS.version == "2026-11-23"
    assert load({}).ruleset == WORDS.ruleset


BAD = {
    "nonsense": "not TOML",
    "": "no version",
    'version = "1"\nentrys = []': "unknown key 'entrys'",
    'version = "1"\nentries = 3': "entries is no list",
    'version = "1"\nentries = [3]': "neither a table nor a text",
    'version = "1"\nentries = ["Abc"]': "type is None",
    'version = "1"\ntype = "ship"\nentries = ["Abc"]': "type is 'ship'",
    'version = "1"\ntype = "vessel"\nentries = [{also = ["Abc"]}]': "no name",
    'version = "1"\ntype = "vessel"\nentries = ["..."]': "name holds no letter",
    'version = "1"\ntype = "vessel"\nentries = [{name = "Abc", also = "Def"}]': "also is no list of texts",
    'version = "1"\ntype = "vessel"\nentries = [{name = "Abc", flag = "PA"}]': "unknown key 'flag'",
    'version = "1"\n[words]\ntitles = "king"': "something else than lists",
    'version = "1"\nremove = "nato"': "remove is no list of ids",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_list_is_told_of(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        load({"mine.toml": text})
    assert BAD[text] in str(caught.value) and str(caught.value).startswith("mine.toml")


def test_the_lists_are_whole() -> None:
    kinds = {entry.type for entry in WORDS.entries.values()}
    assert kinds == {*ENTITY_TYPES, gazetteer.NOTHING}
    assert sum(entry.type == "country" for entry in WORDS.entries.values()) >= 195
    owners = {entry.of for entry in WORDS.entries.values() if entry.of}
    assert owners <= set(WORDS.entries), "an office of nobody"


NAMES = st.sampled_from(["NATO", "Mark Rutte", "tanker", "Eagle S", "US", "Navy", "Ministry of", "and", "von", "Su-27"])
JOINS = st.sampled_from([" ", "-", "'s ", ", ", ". ", "\n", "\u2019s ", "", "\u0301"])
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.tuples(NAMES, JOINS), max_size=30).map(lambda p: "".join(a + b for a, b in p))
)


@given(TEXTS)
@example("İİİ ﬁ ß\u0301 NATO")
@tries(300)
def test_spans_are_the_very_words_in_order(text: str) -> None:
    end = 0
    for entity in entities(text, WORDS):
        assert end <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text and entity.type in ENTITY_TYPES
        assert entity.name is None or entity.possibly is None
        end = entity.end
    assert all(text[n.start : n.end] == n.text for n in nations(text, WORDS))


@given(st.text(max_size=40), st.sampled_from(ENTITY_TYPES))
@tries(30)
def test_any_name_of_a_user_is_found_or_refused(name: str, kind: str) -> None:
    text = f'version = "1"\nentries = [{{name = {json.dumps(name)}, type = "{kind}", id = "x"}}]'
    try:
        words = load({"mine.toml": text})
    except BadInput:
        return
    assert all(name[e.start : e.end] == e.text for e in entities(name, words))


HOSTILE = [
    "A",
    "a",
    "'",
    "A ",
    "NATO's ",
    "Ministry of ",
    "von ",
    "A. ",
    "A-",
    "tanker ",
    "and ",
    "Mark ",
    "́",
    "1",
    "A1",
]


@pytest.mark.parametrize("piece", [*HOSTILE, "Ministry of A and ", "frigates A, ", "Kallas ", "U.S. ", "the Xyz "])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = (piece * MOST_TEXT)[: 2 * MOST_TEXT]
    scanned.cache_clear()
    began = process_time()
    entities(text, WORDS)
    nations(text, WORDS)
    assert process_time() - began < 2.0


def test_what_a_model_adds() -> None:
    text = "Mark Rutte met Oona Xerxes"
    mine = entities(text, WORDS)[:1]
    theirs = [Entity("Mark", 0, 4, "place"), Entity("Oona Xerxes", 15, 26, "person"), Entity("lies", 3, 7, "person")]
    assert [e.text for e in merged(text, mine, theirs)] == ["Mark Rutte", "Oona Xerxes"]
