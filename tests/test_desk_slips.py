"""Names that sound like somebody: shown as possible, never taken for sure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.desk.entities import entities, merged
from anchorwatch.desk.gazetteer import packaged
from anchorwatch.desk.slips import possibly
from anchorwatch.edges import language_model
from anchorwatch.errors import BadUse
from desk_names import ITEMS, items, score
from tries import tries

WORDS = packaged()
SLIPS = {
    "George Maloney": "Giorgia Meloni",
    "Robert Kaliniak": "Robert Kaliňák",
    "Alexander Stube": "Alexander Stubb",
    "Alexander Stump": "Alexander Stubb",
    "Hanno Pewker": "Hanno Pevkur",
    "Kir Starmer": "Keir Starmer",
    "Meta Fredrickson": "Mette Frederiksen",
    "Friedrich Mertz": "Friedrich Merz",
    "Steven Vitkoff": "Steve Witkoff",
    "Robert Fitso": "Robert Fico",
    "Karol Navrotsky": "Karol Nawrocki",
    "Ulf Christersson": "Ulf Kristersson",
    "Ursula fon der Leyen": "Ursula von der Leyen",
}
STRANGERS = [
    "John Smith",
    "George Robertson",
    "George Clooney",
    "George Mallory",
    "John Kerry",
    "Anna Karis",
    "Mark Ryan",
]
STRANGERS += ["Robert Golubev", "Andrei Belov", "Robert Klein"]
STRANGERS += ["Peter Pavlov", "Boris Becker", "Ivan Petrov", "Jan Kowalski", "Jens Weber", "Lars Larsen", "Karl Marx"]


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_shown(name: str) -> None:
    told = [e for e in entities(f"Yesterday {name} said nothing.", WORDS) if e.type == "person"]
    assert [(e.text, e.name, e.possibly) for e in told] == [(name, None, SLIPS[name])]


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_is_nobody_else(name: str) -> None:
    assert possibly(name, WORDS) is None
    assert [e.possibly for e in entities(f"In Riga, {name} said nothing.", WORDS)] == [None, None]


@pytest.mark.parametrize("name", ["Maria Zakharova", "Volodymyr Zelensky", "Nauseda", "Viktor Orban", "Yuriy Ushakov"])
def test_a_usual_spelling_is_no_slip(name: str) -> None:
    (told,) = entities(f"It was {name}.", WORDS)
    assert told.name is not None and told.possibly is None


THINGS = {
    "the Balticonnecter pipeline": ("Balticonnecter", "Balticconnector"),
    "the tanker Newnew Polar Bare": ("Newnew Polar Bare", "NewNew Polar Bear"),
    "a drill near Swinoustsye": ("Swinoustsye", None),
    "a drill near Klaypeda": ("Klaypeda", "Klaipėda"),
    "the Estlynk 7 cable": ("Estlynk 7", None),
}


@pytest.mark.parametrize("text", THINGS)
def test_ships_assets_and_places_slip_too(text: str) -> None:
    (told,) = entities(f"They saw {text}.", WORDS)
    assert (told.text, told.possibly) == THINGS[text]
    assert told.id is None and (told.name is None) == (told.possibly is not None)


def test_a_surname_after_a_slip_is_the_same_slip() -> None:
    told = entities("President Karol Navrotsky vetoed it. Navrotsky left.", WORDS)
    assert [e.possibly for e in told] == ["Karol Nawrocki", "Karol Nawrocki"]


@given(st.text(max_size=120))
@tries(200)
def test_any_name_may_be_asked_about(name: str) -> None:
    whom = possibly(name, WORDS)
    assert whom is None or any(entry.name == whom for _, entry in WORDS.people)


def test_without_spacy_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(BadUse, match="no such folder"):
        language_model.load(tmp_path / "none")
    monkeypatch.setattr(language_model, "find_spec", lambda _name: None)
    with pytest.raises(BadUse, match=r"anchorwatch\[nlp\]"):
        language_model.load()


@pytest.fixture(scope="module")
def model() -> Iterator[language_model.LanguageModel]:
    pytest.importorskip("spacy", reason="the extra nlp is not installed")
    try:
        yield language_model.load()
    except BadUse as error:
        pytest.skip(str(error))


def test_an_empty_folder_is_no_model(model: language_model.LanguageModel, tmp_path: Path) -> None:
    assert model.name
    with pytest.raises(BadUse, match="no model that spaCy can open"):
        language_model.load(tmp_path)


@pytest.mark.parametrize("name", sorted(path.name for path in ITEMS.glob("tune_*.jsonl")))
def test_with_a_model_it_is_no_worse(model: language_model.LanguageModel, name: str) -> None:
    marked = list(items(name))
    added = dict(zip([t for t, _ in marked], model.extract([t for t, _ in marked]), strict=True))
    rules = score(lambda text: entities(text, WORDS), marked)
    both = score(lambda text: merged(text, entities(text, WORDS), added[text].entities), marked)
    assert both.f1 >= rules.f1 - 0.01, (rules, both)


def test_a_model_adds_names_and_no_nonsense(model: language_model.LanguageModel) -> None:
    text = "Trump and Macron spoke. Hawk systems went to Oskar Xylander, and Russian ships left on Monday."
    (found,) = model.extract([text])
    assert all(text[e.start : e.end] == e.text for e in found.entities)
    assert not {"Trump and Macron", "Russian", "Monday"} & {e.text for e in found.entities}
    assert model.extract(["", " ", "\n" * 50]) == [type(found)()] * 3
