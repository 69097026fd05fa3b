"""Which language a text is in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.desk.language import UNKNOWN, language_of

TEXTS = (
    ("NATO increases presence", "en"),
    ("Cable damaged off Gotland", "en"),
    ("Putin speaks", "en"),
    ("Der Krieg in der Ukraine", "de"),
    ("Zelenskyy spoke with his partners about licenses to be obtained.", "en"),
    ("Die Bundesmarine schickt zwei Fregatten in die Ostsee, um Kabel zu schützen.", "de"),
    ("La marine française envoie deux frégates dans la mer Baltique pour protéger les câbles.", "fr"),
    ("Suomen ja Viron välinen merikaapeli on vaurioitunut, kertoo Fingrid torstaina.", "fi"),
    ("Kabel między Polską a Szwecją został uszkodzony, poinformowało ministerstwo.", "pl"),
    ("Міністр оборони України зустрівся з генеральним секретарем НАТО.", "uk"),  # noqa: RUF001
    ("Министр обороны России заявил, что это были учения.", "ru"),
    ("国防部长星期二抵达布鲁塞尔。", "zh"),
    ("防衛大臣はブリュッセルに到着した。", "ja"),
    ("Ο υπουργός Άμυνας έφτασε στις Βρυξέλλες.", "el"),  # noqa: RUF001
    ("وصل وزير الدفاع إلى بروكسل", "ar"),
)


@pytest.mark.parametrize(("text", "language"), TEXTS, ids=[text[:20] for text, _ in TEXTS])
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert language_of(text, None) == language


def test_the_source_is_believed_only_where_we_cannot_see() -> None:
    assert language_of("The minister said that it was an accident.", "de") == "en"
    assert language_of("Kaapeli poikki", "fi-FI") == "fi"
    assert language_of("12 34 ...", None) == UNKNOWN
    assert language_of("", "not a code at all") == "not"


def english() -> list[str]:
    items = Path(__file__).parent / "desk_items"
    lines = [line for path in items.glob("tune_*.jsonl") for line in path.read_text("utf-8").splitlines()]
    lines += (items / "told.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def test_english_items_are_english() -> None:
    assert [text for text in english() if language_of(text) != "en"] == []


def test_english_prose_loads_no_model() -> None:
    """The model takes half a second to load, so a run in English never loads it."""
    code = (
        "import json, sys\nfrom anchorwatch.desk.language import language_of\n"
        "assert {language_of(text, None) for text in json.load(sys.stdin)} == {'en'}\n"
        "assert 'py3langid' not in sys.modules\n"
    )
    prose = [text for text in english() if len(text.split()) > 15 and not text.isupper()]
    assert len(prose) > 100
    subprocess.run([sys.executable, "-c", code], input=json.dumps(prose), text=True, check=True, timeout=60)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Estland kauft sechs weitere HIMARS Werfer", "de"),
        ("Kabelbrott i Finska viken utreds av polisen", "sv"),
        ("La Pologne ferme son espace aerien", "fr"),
        ("Litwa wzmacnia ochrone", "en"),  # three words are too few to tell
        ("Litwa wzmacnia ochrone swoich portow morskich", "pl"),
    ],
)
def test_headlines_in_other_languages(text: str, language: str) -> None:
    assert language_of(text) == language


@given(st.text(), st.one_of(st.none(), st.text(max_size=8)))
def test_any_text_has_a_language(text: str, said: str | None) -> None:
    found = language_of(text, said)
    assert found.islower() and 2 <= len(found) <= 3
