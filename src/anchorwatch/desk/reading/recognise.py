"""Which format a text is in, by its content."""

from __future__ import annotations

import re

from anchorwatch.desk.reading import feeds, gdelt, notices, own_lines, plain_lines, warnings
from anchorwatch.desk.reading.about import About, Reading
from anchorwatch.desk.reading.encoding import decoded
from anchorwatch.desk.reading.html_text import plain_text

FORMS = ("digest", "feed", "gdelt", "navtex", "warnings", "records", "text", "page")
HEAD = 1 << 16
_FEED = re.compile(r"<(?:[A-Za-z]{1,20}:)?(?:rss|feed|rdf|channel)[\s>:]", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s{1,9}html|html|head|body)\b", re.IGNORECASE)


def read(data: bytes, about: About) -> Reading:
    """Return the items of a text, the same words once."""
    reading = Reading()
    text = decoded(data, reading.notes)
    if not text.strip():
        reading.rejects.add("empty")
        return reading
    _read(data, text, about, reading)
    return _once(reading)


def _read(data: bytes, text: str, about: About, reading: Reading) -> None:
    begin = text[:HEAD].lstrip()
    if begin.startswith("<") and _FEED.search(begin[:2048]):
        feeds.read_feed(data, about, reading)
    elif begin.startswith("<") and _HTML.search(begin[:2048]):
        _read_page(text, about, reading)
    elif begin.startswith(("<?xml", "<!")):
        reading.rejects.add("no_feed", 1, begin)
    elif gdelt.is_gdelt(text, about):
        gdelt.read_gdelt(text, about, reading)
    elif begin.startswith("{") and own_lines.are_records(text):
        own_lines.read_records(text, about, reading)
    elif begin.startswith(("{", "[")) and own_lines.are_listed(text):
        own_lines.read_listed(text, about, reading)
    elif begin.startswith("{") and warnings.are_warnings(text):
        warnings.read_warnings(text, about, reading)
    elif begin.startswith(('{"', "[{", "{\n", "{ ")):
        reading.rejects.add("unknown_json", 1, begin)
    elif notices.are_notices(text):
        notices.read_notices(text, about, reading)
    elif plain_lines.is_prose(text):
        plain_lines.read_paragraphs(text, about, reading)
    else:
        plain_lines.read_lines(text, about, reading)


def _read_page(text: str, about: About, reading: Reading) -> None:
    """Add one item: what is seen of a page."""
    reading.form = "page"
    item = plain_lines.made(plain_text(text), about, reading, "text", None)
    if item:
        reading.items.append(item)


def _once(reading: Reading) -> Reading:
    """Keep the first of exact copies, and count the others."""
    seen = set[str]()
    kept = []
    for item in reading.items:
        if item.id in seen:
            reading.notes.add("copies", item.line or 0, item.text)
        else:
            seen.add(item.id)
            kept.append(item)
    reading.items = kept
    return reading
