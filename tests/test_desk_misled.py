"""A reader of cards, ledgers and the brief must not be misled: who gives, who says it, where, how many."""

from __future__ import annotations

import pytest

from anchorwatch.cli.report_words import card
from anchorwatch.desk import event_rules, gazetteer, incidents
from anchorwatch.desk.attempts import attempted
from anchorwatch.desk.brief.rows import in_words
from anchorwatch.desk.ledgers import build
from anchorwatch.desk.ledgers.ledger import Ledger, Row
from anchorwatch.desk.report import Claim, Item, Report
from anchorwatch.desk.understand import Desk


def read(text: str) -> Report:
    return Desk(gazetteer.packaged(), event_rules.packaged()).read([Item(text)])[0]


def claim(text: str, kind: str) -> Claim:
    return next(c for c in read(text).claims if c.type == kind)


def rows(ledger: str, text: str) -> list[Row]:
    return list(build(ledger, [read(text)]).rows)


def part(ledger: Ledger, name: str) -> Ledger:
    return next(p for p in ledger.parts if p.name.endswith(name))


# ---- who acts, who speaks, with whom


@pytest.mark.parametrize(
    ("text", "kind", "actors", "speaker"),
    [
        ("Secretary General Rutte announces the deployment of frigates in the Baltic Sea.", "presence", ("NATO",),
         "Mark Rutte"),
        ("NATO chief Mark Rutte expects to deliver 19 air defense systems to Ukraine.", "delivery",
         ("NATO",), "Mark Rutte"),
        ("Latvia's Defense Minister Andris Spruds rejected 5% of GDP for defence. The country plans to remain at 2% of "
         "GDP for defence spending, despite NATO's calls for increased spending.", "spending", ("Latvia",), None),
        ("A ministry spokesperson reported on the work on the delivery of radar systems that Ukraine needs.", "need",
         ("Ukraine",), "A ministry spokesperson"),
        ("The Finnish company Cinia reported new damage to the C-Lion1 submarine cable.", "infrastructure_damage", (),
         "Cinia"),
        ("The shooting of a German helicopter and damage to an undersea cable worry Berlin.", "infrastructure_damage",
         (), None),
        ("Stubb believes that somebody will keep testing the Alliance with broken cables.", "infrastructure_damage",
         (), "Alexander Stubb"),
    ],
)  # fmt: skip
def test_who_acts_and_who_says_it(text: str, kind: str, actors: tuple[str, ...], speaker: str | None) -> None:
    found = [c for c in read(text).claims if c.type == kind]
    assert found
    assert found[-1].actors == actors
    if speaker is not None:
        assert found[-1].speaker in (speaker, speaker.replace("A ministry", "ministry"))


def test_what_is_behind_after_is_told_by_the_report() -> None:
    text = "Mark Rutte promised to increase the military presence in the Baltic Sea after two cables were damaged."
    assert claim(text, "infrastructure_damage").speaker is None


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("The Ukrainian president will meet with the leaders of key countries, NATO and the EU to discuss support for "
         "Finland.", ("NATO", "European Union")),
        ("The President of Ukraine spoke with Mark Rutte about his recent contacts with Trump and Macron.",
         ("Mark Rutte",)),
        ("Mark Rutte arrived at the Ramstein base to discuss providing Ukraine with equipment.", ()),
        ("Ukraine's Deputy Defense Minister held talks with envoys of the Italian arms industry.",
         ("Italy",)),
        ("Mark Rutte will participate in a meeting of the Contact Group on Ukraine's Defense at Ramstein Air Base.",
         ("Ukraine Defense Contact Group",)),
        ("The President of Ukraine has already met with French President Macron.", ("Emmanuel Macron",)),
    ],
)  # fmt: skip
def test_with_whom_somebody_meets(text: str, met: tuple[str, ...]) -> None:
    assert claim(text, "meeting").to == met


def test_a_second_meeting_is_a_row_of_its_own() -> None:
    text = (
        "Mark Rutte will take part in a meeting of the Contact Group at Ramstein Air Base on January 9. Afterwards, he "
        "will visit the NSATU headquarters in Wiesbaden."
    )
    assert {row.cells["place"] for row in rows("calendar", text)} == {"Ramstein Air Base", "Wiesbaden"}
    missed = "Macron met Stubb in Helsinki. Macron may miss a meeting with Rutte in Brussels."
    assert [row.cells["place"] for row in rows("calendar", missed)] == ["Helsinki"]


# ---- givers and receivers


def test_givers_and_receivers() -> None:
    text = (
        "Ukraine's Deputy Defense Minister met a delegation from the Italian industry. The parties discussed "
        "the purchase of Italian air defense systems with funds from frozen Russian assets."
    )
    cells = rows("assistance", text)[0].cells
    assert (cells["giver"], cells["receiver"]) == ("Italy", "Ukraine")
    asked = rows("assistance", "Zelenskyy asks the American side to grant a license for the production of missiles.")[0]
    assert (asked.cells["giver"], asked.cells["receiver"]) == ("United States", "Ukraine")


def test_a_number_in_another_sentence_has_its_own_words() -> None:
    text = (
        "Mark Rutte arrived at the Ramstein base to discuss providing Ukraine with equipment. Among the issues is the "
        "distribution of aid among the allies, with Germany's contribution of 30 billion."
    )
    money = next(row for row in rows("assistance", text) if row.cells["system"] == "money")
    assert (money.cells["giver"], money.cells["low"]) == ("Germany", 30_000_000_000)
    assert "30 billion" in money.sources[0].quote


def test_shells_are_no_money_and_rounds_no_gun() -> None:
    assert rows("assistance", "Ukraine needs up to 1.5 million shells a year.")[0].cells["system"] == "shells"
    text = "Germany has delivered to Ukraine 125,000 rounds for the Gepard."
    assert rows("assistance", text)[0].cells["system"] == "rounds for Gepard"


def test_who_took_over_what_from_whom() -> None:
    text = "The United Kingdom will take over the leadership of the Contact Group on Ukraine's Defense from Germany."
    who = part(build("assistance", [read(text)]), "command").rows[0].cells
    assert (who["who"], who["takes_over_from"]) == ("United Kingdom", "Germany")


# ---- what happened, and what was only attempted


def test_an_attempt_is_no_damage_and_opens_no_incident() -> None:
    text = "Attempts to damage the undersea power cable between Finland and Estonia were foiled, Fingrid reported."
    found = claim(text, "infrastructure_damage")
    assert attempted(found)
    assert "attempted damage" in {row.cells["kind"] for row in rows("incidents", text)}
    from anchorwatch.edges import chart_files

    assert incidents.told(read(text), chart_files.load(), 1) == []
    assert any("attempted infrastructure damage" in line for line in card(read(text), "1", [], 100))
    done = "The cable was severed in an attempt to disrupt the grid of Estonia."
    assert not attempted(claim(done, "infrastructure_damage"))


def test_interceptions_have_a_row_with_their_number() -> None:
    text = (
        "Incidents in the Baltic Sea, including the shooting of a German helicopter and damage to an undersea cable, "
        "point to a hybrid war of Russia. NATO recorded about 300 interceptions of Russian planes last year."
    )
    counted = [row.cells for row in rows("incidents", text) if row.cells["count"] is not None]
    assert [(c["actors"], c["to"], c["count"]) for c in counted] == [("NATO", "Russia", 300)]
    assert not any("Germany" in str(row.cells["actors"]) for row in rows("incidents", text))


def test_an_attack_scenario_is_not_placed_where_it_aims() -> None:
    cells = rows("incidents", "Russia has practiced a scenario of an attack on Finland and the Baltic states.")[0].cells
    assert (cells["actors"], cells["to"], cells["place"]) == ("Russia", "Finland, Baltic states", None)


def test_a_town_of_another_sentence_is_no_place_of_damage() -> None:
    text = "The cargo ship Fitburg was detained on suspicion of damaging a cable. It was sailing from Riga to Haifa."
    assert rows("incidents", text)[0].cells["place"] is None


# ---- presence, laws, spending, positions


def test_two_of_one_sentence_are_two_rows() -> None:
    text = "The Lithuanian Navy has increased patrols, and NATO will increase its military presence in the Baltic Sea."
    found = {(row.cells["who"], row.cells["state"]) for row in rows("presence", text)}
    assert found == {("Lithuanian Navy", "under way"), ("NATO", "planned")}


def test_with_what_and_what_is_proposed() -> None:
    text = "NATO deploys frigates, patrol aircraft and naval drones in the Baltic Sea after submarine cables were cut."
    assert rows("presence", text)[0].cells["forces"] == "frigates, patrol aircraft, naval drones"
    zone = rows("presence", "Poland proposed to make the Baltic Sea a zone of tighter NATO military control.")
    assert [r.cells["state"] for r in zone if r.cells["kind"] == "zone"] == ["proposed"]


def test_what_becomes_secret_and_what_stays_public() -> None:
    text = (
        "The Verkhovna Rada backed a draft law to include information on the protection of critical "
        "infrastructure facilities in the state secret. The exception will be data on the use of procurement funds."
    )
    cells = rows("energy", text)[0].cells
    assert cells["secret"] == "information on the protection of critical infrastructure facilities"
    assert cells["public"] == "data on the use of procurement funds"


def test_levels_of_spending_are_of_the_one_who_spends() -> None:
    text = "Donald Trump announced the need to raise NATO defense spending to 5% of GDP instead of the current 2%."
    found = {row.cells["role"]: row.cells for row in rows("spending", text)}
    assert (found["asked for"]["who"], found["asked for"]["speaker"]) == ("NATO", "Donald Trump")
    assert (found["now"]["modality"], found["now"]["stance"]) == ("fact", None)
    change = rows("spending", "He wants to increase NATO defense spending from 2% to over 3% of GDP.")[0].cells
    assert (change["low"], change["high"]) == (3, None)
    both = rows("spending", "Estonia intends to spend 5.4% of GDP on defense. Now this figure is nearly 3.4% of GDP.")
    assert {(row.cells["level"], row.cells["who"]) for row in both} >= {("nearly 3.4% of GDP", "Estonia")}


def test_who_refuses_beside_a_position() -> None:
    text = (
        "EU diplomats are skeptical about deploying European peacekeepers in Ukraine without US involvement. The main "
        "obstacle is Russia's rejection."
    )
    assert ("Russia", "against") in {(r.cells["party"], r.cells["stance"]) for r in rows("positions", text)}


# ---- words


def test_rows_are_read_out_in_plain_english() -> None:
    text = "NATO chief Mark Rutte expects to deliver 19 air defense systems to Ukraine."
    assert in_words("assistance", rows("assistance", text)[0]) == (
        "Delivery from NATO for Ukraine, “19 air defense systems”, promised (planned, says Mark Rutte)"
    )
    sea = in_words("presence", rows("presence", "Sweden sends three warships to the Baltic Sea.")[0])
    assert sea.startswith("Presence of Sweden in the Baltic Sea")


def test_numbers_on_a_card_say_what_they_are() -> None:
    lines = " ".join(
        " ".join(card(read("He wants NATO defense spending from 2% to over 3% of GDP."), "1", [], 200)).split()
    )
    assert "from 2% to over 3% of GDP (a change)" in lines and "from to" not in lines
