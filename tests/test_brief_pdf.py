"""The brief as PDF: one page, the same bytes, its own fonts, and no text that typst would obey."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import brief_made
from anchorwatch.desk.brief import typeset
from anchorwatch.desk.brief.compose import brief
from anchorwatch.desk.brief.facts import BriefFacts
from anchorwatch.edges.brief_pdf import pdf
from test_brief import HOSTILE, hostile_facts

PDFTOTEXT = shutil.which("pdftotext")
needs_reader = pytest.mark.skipif(PDFTOTEXT is None, reason="no pdftotext on the PATH to read the PDF with")


def text_of(made: bytes, folder: Path) -> str:
    path = folder / "brief.pdf"
    path.write_bytes(made)
    run = subprocess.run([str(PDFTOTEXT), "-raw", str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode()


def pages(made: bytes, folder: Path) -> int:
    return text_of(made, folder).count("\f")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield


def test_the_same_brief_gives_the_same_bytes() -> None:
    made = pdf(brief(brief_made.busy()))
    assert made.startswith(b"%PDF-") and made == pdf(brief(brief_made.busy()))
    assert made != pdf(brief(brief_made.quiet()))


def test_fonts_are_inside_and_the_date_is_the_page_s_own() -> None:
    made = pdf(brief(brief_made.busy()))
    assert b"LibertinusSerif" in made and b"20250110073000" in made.replace(b"-", b"").replace(b":", b"").replace(
        b"T", b""
    )


@needs_reader
@pytest.mark.parametrize(
    "facts", [BriefFacts(brief_made.T), brief_made.quiet(), brief_made.busy(), brief_made.many(500)]
)
def test_it_is_one_page(facts: BriefFacts, tmp_path: Path) -> None:
    assert pages(pdf(brief(facts)), tmp_path) == 1


@needs_reader
def test_every_sentence_is_on_it(tmp_path: Path) -> None:
    page = brief(brief_made.busy())
    found = squeezed(text_of(pdf(page), tmp_path))
    for sentence in page.sentences():
        assert squeezed(sentence.text)[:40] in found, sentence.text
    for _, ref in page.sources().values():
        assert squeezed(ref.label) in found


def squeezed(text: str) -> str:
    """Return a text without spaces, hyphens and ligatures, as a page breaks its lines anywhere."""
    return re.sub(r"[\s\-\u00ad\u2010]+", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff"))


@needs_reader
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.usefixtures("no_network")
def test_hostile_text_is_shown_and_not_obeyed(text: str, tmp_path: Path) -> None:
    page = brief(hostile_facts(text))
    made = pdf(page)
    found = text_of(made, tmp_path)
    assert "root:" not in found  # of /etc/passwd
    said = next(s for s in page.sentences() if s.group)
    assert squeezed(said.text)[:30] in squeezed(found)
    assert b"/URI" not in made and b"/JavaScript" not in made and b"/Launch" not in made


def test_no_text_is_ever_part_of_the_source() -> None:
    before = typeset.SOURCE
    for text in HOSTILE:
        typeset.data(brief(hostile_facts(text)))
        assert typeset.SOURCE is before and text not in typeset.SOURCE
    assert "read(" not in before and "import" not in before and "eval" not in before and "include" not in before


def test_letters_of_all_kinds_are_no_failure() -> None:
    odd = "漢字 العربية עברית ελληνικά кириллица 😀 \ud800 " + "ä" * 3000
    assert pdf(brief(hostile_facts(odd))).startswith(b"%PDF-")
