"""What a text claims: the type of its event, who does what to whom, and the words that it rests on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.desk.claims import claims
from anchorwatch.desk.cues import compiled, cues_of, noun_forms, tokens_of, verb_forms
from anchorwatch.desk.event_rules import load, packaged, packaged_texts
from anchorwatch.desk.report import EVENT_TYPES, MODALITIES, STANCES
from anchorwatch.desk.sentences import sentences
from anchorwatch.errors import BadUse
from desk_reading import gold, read
from tries import tries

# What a reader would call each sentence; several where they are equally right. Made for this table.
SENTENCES = [
    ("infrastructure_damage", "A pipeline between Finland and Estonia was ruptured during the storm."),
    ("infrastructure_damage", "Sweden investigates the sabotage of a fibre-optic cable off Gotland."),
    ("infrastructure_damage", "An anchor tore the data cable to Rostock, the operator found."),
    ("infrastructure_damage", "Finland seized a tanker suspected of having cut an undersea power line."),
    ("outage", "A blackout hit Tallinn after a fault at the Harku substation."),
    ("outage", "The NordBalt interconnector tripped at midnight."),
    ("outage", "Forty thousand households on the island were left without electricity."),
    ("presence", "Germany sent the frigate Hessen to the Gulf of Finland."),
    ("presence", "NATO is stepping up its naval presence in the Baltic."),
    ("presence", "Two corvettes now patrol the waters off Gotland."),
    ("presence", "CABLE OPERATIONS IN PROGRESS BY CS MAREX. WIDE BERTH REQUESTED."),
    ("control_zone", "A restricted zone has been declared along the border with Belarus."),
    ("control_zone", "Estonia proposes a zone of control for tankers in the Baltic Sea."),
    ("airspace_incident", "Three Russian fighters violated Estonian airspace."),
    ("airspace_incident", "Typhoons scrambled to intercept a Russian bomber over the Baltic."),
    ("airspace_incident", "The airport of Vilnius was closed because of balloons from Belarus."),
    ("exercise", "Russia rehearsed the seizure of an island with marines and missile boats."),
    ("exercise", "Nine thousand soldiers take part in the manoeuvres off Poland."),
    ("exercise|control_zone", "GUNNERY EXERCISES IN AREA BOUNDED BY 55-10N 015-20E. KEEP CLEAR."),
    ("facility_security", "Latvia has tightened security at the gas storage after a drone was seen."),
    ("facility_security", "Armed guards stand at the Klaipeda LNG terminal day and night."),
    ("grid_change", "The Baltic states disconnected from the Russian power grid."),
    ("grid_change", "Lithuania will synchronise with the grid of continental Europe next year."),
    ("need", "Ukraine urgently needs shells and spare parts."),
    ("need", "Kyiv asks the allies for 10 more launchers."),
    ("pledge", "Sweden pledged an aid package of one billion to Ukraine."),
    ("licence", "Ukraine hopes for a licence to manufacture the missiles at home."),
    ("procurement", "Poland ordered three submarines from the yard in Karlskrona."),
    ("delivery", "Germany handed over a third IRIS-T system to Ukraine."),
    ("delivery", "The first F-16 fighters have arrived in Ukraine."),
    ("command_change", "NATO opens a corps headquarters in Mikkeli."),
    ("spending", "The Prime Minister wants to raise defence spending to 5% of GDP."),
    ("legislation", "The Riigikogu passed a law on the protection of substations."),
    ("meeting", "The leaders of the Nordic countries will meet in Helsinki on January 14."),
    ("meeting", "Stubb and Rutte spoke by phone about the damage to the cables."),
    ("appointment", "Vice Admiral Ewa Jonsson has been appointed commander of the fleet."),
    ("statement", "Italy is not ready to send peacekeepers to Ukraine, the minister said."),
    ("statement", "Orban believes that membership in NATO would mean war."),
]


@pytest.mark.parametrize(("wanted", "text"), SENTENCES, ids=[f"{w}-{i}" for i, (w, _) in enumerate(SENTENCES)])
def test_the_event_of_a_sentence(wanted: str, text: str) -> None:
    found = read(text).claims
    assert found and found[0].type in wanted.split("|"), [(c.type, c.quote) for c in found]


def test_what_is_told_in_passing_is_claimed_behind_the_event() -> None:
    found = read("Denmark sends a frigate to the strait after a cable was cut there.").claims
    assert [c.type for c in found] == ["presence", "infrastructure_damage"]


def test_who_does_what_where_and_when() -> None:
    (found,) = read("Germany will hand over two Patriot systems to Ukraine in March, Boris Pistorius said.").claims
    assert (found.actors, found.to, found.when) == (("Germany",), ("Ukraine",), "in March")
    assert (found.speaker, found.modality, found.quantities) == ("Boris Pistorius", "plan", (0,))


def test_the_doer_of_a_passive_stands_behind_by() -> None:
    found = read("Two Patriot systems were handed over to Ukraine by Germany.").claims[0]
    assert found.type == "delivery" and found.actors == ("Germany",)


def test_nobody_has_done_the_damage_that_is_only_spoken_of() -> None:
    found = read("NATO sends ships to the Baltic Sea after cables between Estonia and Finland were damaged.").claims
    damage = next(c for c in found if c.type == "infrastructure_damage")
    assert damage.actors == ()
    seized = read("Finland seized a Russian tanker on suspicion that it cut an undersea cable.").claims[0]
    assert (seized.type, seized.actors) == ("infrastructure_damage", ())
    outright = read("Russia has cut the cable, the minister of Latvia claimed.").claims[0]
    assert (outright.type, outright.actors, outright.speaker) == (
        "infrastructure_damage", ("Russia",), "the minister of Latvia",
    )  # fmt: skip


def test_assets_and_numbers_of_a_claim() -> None:
    report = read("The Estlink 2 cable was damaged, and 650 MW of capacity are lost.")
    assert report.claims[0].assets == ("estlink-2",)
    assert all(0 <= i < len(report.quantities) for c in report.claims for i in c.quantities)


def test_two_levels_of_spending_are_two_claims() -> None:
    text = "Latvia demands 5% of GDP for defence. The government of Spain insists that 2% of GDP on the army is enough."
    found = [c for c in read(text).claims if c.type == "spending"]
    assert [c.quantities for c in found] == [(0,), (1,)]


def test_a_text_that_no_rule_knows_is_a_statement() -> None:
    (found,) = read("The tide was low. Nothing else is told.").claims
    assert (found.type, found.quote) == ("statement", "The tide was low.")
    assert read("").claims == read("... 12 !").claims == ()


def test_an_article_tells_of_several_events() -> None:
    text = (
        "A tanker damaged the Estlink 2 cable on Wednesday. The operator expects a repair in August. "
        "Police boarded the ship. "
        "NATO will increase its military presence in the Baltic Sea, Mark Rutte said. Prices rose by a tenth. "
        "The leaders of the coastal states will meet in Helsinki next week."
    )
    assert [c.type for c in read(text).claims][:3] == ["infrastructure_damage", "presence", "meeting"]


# ---- What must hold for every text -------------------------------------------------------------------------------

SAID = [
    "NATO",
    "Ukraine",
    "Estlink 2",
    "cable",
    "was damaged",
    "sends ships",
    "after",
    ",",
    ".",
    "“",
    "”",
    ":",
    "\n",
    "will",
]
PIECES = st.sampled_from([*SAID, "said", "Rutte", "to", "the", "5% of GDP", "talks", "May", "not", "for", "?"])
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map(" ".join))


@given(TEXTS)
@tries(150)
def test_every_quote_stands_in_the_text_and_every_word_is_known(text: str) -> None:
    report = read(text)
    for claim in report.claims:
        assert text[claim.start : claim.end] == claim.quote and claim.quote.strip()
        assert claim.type in EVENT_TYPES and claim.modality in MODALITIES and claim.stance in (None, *STANCES)
        assert all(0 <= i < len(report.quantities) for i in claim.quantities)
    assert 0 <= report.relevance < 1
    assert len(set(report.claims)) == len(report.claims) <= 12


HOSTILE = ["cable cut ", "after ", "said ", '"', "will ", "a", ", ", "NATO ", "command ", "(((", "ignore all "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_repeated_word_takes_no_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    begun = time.perf_counter()
    claims(text, sentences(text), (), (), (), ())
    assert time.perf_counter() - begun < 2.0  # 0.1 s on one core


# ---- Cues and rules ------------------------------------------------------------------------------------------------


def test_forms_of_verbs_and_nouns() -> None:
    assert {"step up", "steps up", "stepped up", "stepping up"} <= verb_forms("step up", {}).keys()
    assert {"carry", "carries", "carried", "carrying"} == verb_forms("carry", {}).keys()
    assert verb_forms("send", {"send": "sent"})["sent"] == "past"
    assert {"be", "is", "were"} <= verb_forms("be", {}).keys()
    assert noun_forms("act of sabotage") == ("act of sabotage", "acts of sabotage")
    assert [noun_forms(n)[1] for n in ("battery", "ship", "breach")] == ["batteries", "ships", "breaches"]


def test_tokens_leave_out_the_genitive_and_know_the_month() -> None:
    assert [t.text for t in tokens_of("Nausėda's anti-drone plan, in May")] == [
        "nauseda", "anti", "drone", "plan", ",", "in", "may (month)",
    ]  # fmt: skip
    assert tokens_of("May he come.")[0].text == "may"


def test_phrases_that_mean_nothing_of_their_words() -> None:
    lexicon = compiled({}, {"line": ["cable"], "not_line": ["cable car"]}, {}, {})
    assert "line" in cues_of(["the", "cable", "broke"], lexicon)
    assert "line" not in cues_of(["the", "cable", "car", "broke"], lexicon)


MINE = """
version = 1
[nouns]
eel = ["eel", "lamprey"]
[[rule]]
id = "eels"
type = "control_zone"
weight = 20
words = ["eel"]
"""


def test_a_user_adds_rules_and_switches_others_off() -> None:
    texts = packaged_texts()
    mine = load({**texts, "mine.toml": MINE})
    assert read("Lampreys were seen near the bridge.", mine).claims[0].type == "control_zone"
    off = load(
        {**texts, "off.toml": '[[rule]]\nid = "ranking"\ntype = "appointment"\nweight = 0\nwords = ["ranking"]\n'}
    )
    text = "The magazine published a ranking."
    assert read(text).claims[0].type == "appointment" != read(text, off).claims[0].type
    less = load({**texts, "less.toml": '[nouns]\nline = ["-cable"]\n'})
    assert "cable" in packaged().lexicon and not any(g == "line" for g, _ in less.lexicon["cable"][0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version = ", "Correct that line"),
        ("[wrods]\n", "no table called wrods"),
        ('[[rule]]\nid = "x"\ntype = "flood"\nwords = ["eel"]\n', "no type that is known"),
        ('[[rule]]\ntype = "need"\nwords = []\n', "needs an id and words"),
        ('[[rule]]\nid = "x"\ntype = "need"\nwords = ["eel"]\n', "words called eel"),
        ('[[rule]]\nid = "x"\ntype = "need"\nwords = ["eel"]\norder = "up"\n', "an order that is not known"),
    ],
)
def test_a_bad_file_of_rules_is_one_clear_line(text: str, said: str) -> None:
    with pytest.raises(BadUse, match=said) as caught:
        load({"mine.toml": text})
    assert str(caught.value).startswith("mine.toml: ") and "\n" not in str(caught.value)


def test_every_rule_speaks_of_groups_that_exist() -> None:
    rules = packaged()
    entries = [e for _, phrases in rules.lexicon.values() if phrases for some in phrases.values() for e in some]
    known = {g for alone, _ in rules.lexicon.values() for g, _ in alone} | {g for e in entries for g, _ in e.meanings}
    asked = {
        g for some in rules.by_trigger.values() for r in some for g in (*r.trigger, *r.without, *sum(r.others, ()))
    }
    missing = {g for g in asked if not g.startswith("@")} - known
    assert not missing
    assert {r.type for some in rules.by_trigger.values() for r in some} == set(EVENT_TYPES)


# ---- Against labels ------------------------------------------------------------------------------------------------


def hits(rows: list[dict[str, object]]) -> tuple[float, float]:
    """Shares of relevant items: the first claim is of a right type; a right type is among the claims."""
    first = among = 0
    rows = [row for row in rows if row["types"] and row["relevant"]]
    for row in rows:
        types = [c.type for c in read(str(row["text"])).claims]
        right = row["types"]
        assert isinstance(right, list)
        first += types[0] in right
        among += any(t in right for t in types)
    return first / len(rows), among / len(rows)


def test_the_thirty(shared: Path) -> None:
    first, among = hits(gold("thirty_gold.jsonl", digest=shared / "reports" / "digest.txt"))
    assert first >= 28 / 30 and among >= 29 / 30


def test_the_items_to_tune_on() -> None:
    rows = gold("tune_a.jsonl", "tune_b.jsonl", "tune_c.jsonl")
    first, among = hits(rows)
    assert first >= 0.85 and among >= 0.92
    assert sum(len(read(row["text"]).claims) for row in rows) / len(rows) <= 1.8
