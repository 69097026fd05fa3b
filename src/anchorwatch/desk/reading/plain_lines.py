"""Plain text to items: a digest with one item a line, or paragraphs with blank lines between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from anchorwatch.desk.reading.about import MOST_ITEMS, About, Reading
from anchorwatch.desk.reading.encoding import clean
from anchorwatch.desk.reading.html_text import MOST_HTML, has_html, plain_text
from anchorwatch.desk.report import MOST_TEXT, Item

_BLANKS = re.compile(r"\s+")
# A line of prose that is broken at the margin goes on in small letters; of items one a line, hardly any does.
MOST_RUN_ON = 0.3
# "1. ", "- ": before most lines, it belongs to the list; before some, to the item.
_BULLET = re.compile(r"\s{0,20}(?:[-*\u2022\u2013\u2014]|[0-9]{1,4}[.):])\s{1,20}")
MOST_UNMARKED = 0.6
_ENDS = (".", "!", "?", '"', "”", "»", ")", "…", "'", "\u2019", ":")
_WORD = re.compile(r"[^\W_]")


def made(text: str, about: About, reading: Reading, kind: str, line: int | None = None) -> Item | None:
    """Return an item of a text: without HTML, without blanks around, cut where it is too long; None for no words."""
    whole, text = len(text), clean(text[:MOST_HTML], reading.notes)
    if has_html(text):
        reading.notes.add("html_taken_out", line or 0, text)
        text = plain_text(text)
    text = cut(text.strip(), reading, line or 0)
    if whole > MOST_HTML and len(text) <= MOST_TEXT:
        reading.notes.add("cut", line or 0, text)
    if not _WORD.search(text):
        reading.rejects.add("no_words", line or 0, text)
        return None
    given = about.reference_us is not None
    return Item(
        text, about.source, None, None, about.received_us, about.reference_us, "given" if given else "unknown",
        None, line, about.file, kind,
    )  # fmt: skip


def dated(item: Item, published_us: int | None) -> Item:
    """Return an item that was published then; "next month" is next to that day where no person said another."""
    if item.reference == "given":
        return replace(item, published_us=published_us)
    known = "published" if published_us is not None else "unknown"
    return replace(item, published_us=published_us, reference_us=published_us, reference=known)


def cut(text: str, reading: Reading, line: int) -> str:
    """Return so much of a text as is kept, and one character more: by that, the desk sees that there was more."""
    if len(text) <= MOST_TEXT:
        return text
    reading.notes.add("cut", line, text)
    return text[: MOST_TEXT + 1]


def read_lines(text: str, about: About, reading: Reading) -> None:
    """Add one item for each line that is not blank."""
    reading.form = "digest"
    lines = text.split("\n")
    marked = sum(_BULLET.match(line) is not None for line in lines) > MOST_UNMARKED * sum(
        map(bool, map(str.strip, lines))
    )
    for number, line in enumerate(lines, 1):
        line = _BULLET.sub("", line) if marked else line
        if line and not line.isspace():
            if len(reading.items) >= MOST_ITEMS:
                reading.rejects.add("too_many", number, line)
                continue
            item = made(line, about, reading, "digest", number)
            if item:
                reading.items.append(item)


def read_paragraphs(text: str, about: About, reading: Reading) -> None:
    """Add one item for each paragraph; line ends inside it are blanks."""
    reading.form = "text"
    for number, lines in paragraphs(text):
        if len(reading.items) >= MOST_ITEMS:
            reading.rejects.add("too_many", number, lines[0])
            continue
        item = made(_BLANKS.sub(" ", " ".join(lines)), about, reading, "text", number)
        if item:
            reading.items.append(item)


def paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of the first line, lines) of the paragraphs."""
    first, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.isspace():
            first = first if lines else number
            lines.append(line)
        elif lines:
            yield first, lines
            lines = []
    if lines:
        yield first, lines


def is_prose(text: str) -> bool:
    """Tell whether lines are broken at a margin, so that paragraphs are the items; else each line is one."""
    pairs = run_on = 0
    for _, lines in paragraphs(text[: 1 << 18]):
        for line, following in pairwise(lines):
            pairs += 1
            run_on += not line.rstrip().endswith(_ENDS) and following.lstrip()[0].islower()
    return pairs > 0 and run_on > MOST_RUN_ON * pairs
