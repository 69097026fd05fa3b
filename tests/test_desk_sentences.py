"""Where sentences begin and end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.desk.report import MOST_TEXT
from anchorwatch.desk.sentences import sentences

SPLIT: tuple[tuple[str, int], ...] = (
    ("One sentence. And another one.", 2),
    ("The U.S. sent Gen. Smith and Mr. Jones. They left.", 2),
    ("He came from the U.S. The ship was his.", 2),
    ("It rose by 3.5 percent. Then it fell.", 2),
    ("At 9 a.m. the ship left St. Petersburg, No. 5 of its class.", 1),
    ("They met at 9 a.m. The talks went on.", 2),
    ("“This is what solidarity looks like.” He left. Why? Nobody knows!", 4),
    ("He called it “absurd!” and left.", 1),
    ("Cable broken\nThe cable to Gotland broke. It is being repaired.", 3),
    ("This line goes on\nin the next one. Here is another.", 2),
    ("ZCZC PA09\nNETHERLANDS COASTGUARD\nNAVIGATIONAL WARNING NR. 9 172128 UTC AUG\nPLATFORM UNLIT\nNNNN", 5),
    ("", 0),
    ("  \n \t", 0),
    ("No stop at all", 1),
)


@pytest.mark.parametrize(("text", "number"), SPLIT, ids=[text[:30] for text, _ in SPLIT])
def test_sentences_are_told_apart(text: str, number: int) -> None:
    assert len(sentences(text)) == number, [text[a:b] for a, b in sentences(text)]


@given(st.one_of(st.text(), st.text(alphabet='aA. \n!?…”"1')))
def test_spans_cover_all_that_is_written(text: str) -> None:
    free, told = 0, ""
    for start, end in sentences(text):
        assert free <= start < end <= len(text)
        assert not text[start].isspace() and not text[end - 1].isspace()
        told, free = told + text[start:end], end
    assert "".join(told.split()) == "".join(text.split())


def test_hostile_texts_take_linear_time() -> None:
    for piece in (".", ". ", "A.", "A. ", "Mr. ", "\n", "\n ", " ", "…", "!”", "a.m. "):
        text = (piece * MOST_TEXT)[:MOST_TEXT]
        begun = time.perf_counter()
        sentences(text)
        assert time.perf_counter() - begun < 2.0, piece
