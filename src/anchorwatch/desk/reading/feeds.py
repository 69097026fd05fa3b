"""RSS 0.9 to 2.0, RDF and Atom to items. The parser gets bytes only: it cannot fetch, nor open a file."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import replace
from io import BytesIO
from typing import Any

from anchorwatch.desk.reading import links
from anchorwatch.desk.reading.about import About, Reading
from anchorwatch.desk.reading.html_text import plain_text
from anchorwatch.desk.reading.plain_lines import dated, made

MOST_ENTRIES = 1000  # of one feed; feeds have 10 to 200
MOST_ENTRY_BYTES = 1 << 18  # a whole article has less
MOST_TAGS = 5000  # of one entry: what is nested more deeply takes the parser seconds
MOST_MARKS = 300_000  # tags and references of one feed: each costs the parser some microseconds
MOST_FEED_BYTES = 4 << 20  # a feed of 200 whole articles has less; at worst, this much takes some seconds
MOST_HEAD_BYTES = 1 << 16  # before the first entry
_ENTRY = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:\w{1,20}:)?(?:item|entry)\s*>", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)[^>\[]*(?:\[[^\]]*\])?[^>]*>?", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", "…", '."', ".”", "?”", "!”")


def read_feed(data: bytes, about: About, reading: Reading) -> None:
    """Add one item for each entry."""
    import feedparser

    reading.form = "feed"
    parsed = feedparser.parse(BytesIO(tidy(data, reading)), resolve_relative_uris=False, sanitize_html=False)
    feed = parsed.get("feed", {})
    reading.title = links.name(feed.get("title")) or ""
    if parsed.get("bozo"):
        reading.notes.add("not_well_formed", 0, _why(parsed.get("bozo_exception")))
    if not parsed.entries and not parsed.get("version"):
        reading.rejects.add("no_feed", 0, "XML, but neither RSS nor Atom")
    for number, entry in enumerate(parsed.entries, 1):
        _add(entry, number, feed, about, reading)


def tidy(data: bytes, reading: Reading) -> bytes:
    """Return a feed without declarations of entities, and without the entries that are too many or too long.

    A feed that was cut short, or never ends, is cut behind its last whole entry.
    """
    if len(data) > MOST_FEED_BYTES:
        reading.notes.add("feed_cut")
        data = data[:MOST_FEED_BYTES]
    starts = [m.start() for m in _ENTRY.finditer(data)]
    head = data[: starts[0] if starts else MOST_HEAD_BYTES][:MOST_HEAD_BYTES]
    if re.search(rb"<!ENTITY", head, re.IGNORECASE):
        reading.notes.add("entities_taken_out")
    head = _DOCTYPE.sub(b"", head)
    if not starts:
        return head
    if len(starts) > MOST_ENTRIES:
        reading.rejects.add("too_many", 0, "", len(starts) - MOST_ENTRIES)
    starts = starts[:MOST_ENTRIES]
    ends = [*starts[1:], len(data)]
    kept, marks = [head], 0
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        marks += data.count(b"<", start, end) + data.count(b"&", start, end)
        if marks > MOST_MARKS:
            reading.rejects.add("too_many", number, "", len(starts) - number + 1)
            break
        closed = _CLOSED.search(data, start, min(end, start + MOST_ENTRY_BYTES))
        if closed and data.count(b"<", start, closed.end()) <= MOST_TAGS:
            kept.append(data[start : closed.end()])
        else:
            long = closed is not None or end - start > MOST_ENTRY_BYTES
            reading.rejects.add("entry_too_long" if long else "entry_without_end", number, "")
    return b"\n".join(kept) + _closing(head)


def _closing(head: bytes) -> bytes:
    """Return the ends of what is still open at the first entry: the feed, the channel; of RDF the feed alone."""
    open_: list[bytes] = []
    for slash, tag, empty in re.findall(rb"<(/?)([A-Za-z][\w:.-]{0,40})[^<>]*?(/?)>", head):
        if slash and tag in open_:
            while open_.pop() != tag:
                pass
        elif not slash and not empty:
            open_.append(tag)
    return b"".join(b"</" + tag + b">" for tag in reversed(open_[:20]))


def _why(error: object) -> str:
    said = getattr(error, "getMessage", None)
    return str(said() if callable(said) else error)[:80]


def _add(entry: Any, number: int, feed: Any, about: About, reading: Reading) -> None:
    text = joined(_plain(entry.get("title")), _summary(entry))
    item = made(text, about, reading, "feed", None)
    if item is None:
        return
    published = _published(entry, number, about, reading)
    url = links.link(entry.get("link"))
    if entry.get("link") and url is None:
        reading.notes.add("link_dropped", number, str(entry.get("link")))
    source = about.source or links.name((entry.get("source") or {}).get("title")) or reading.title or None
    language = links.language(entry.get("language") or (entry.get("title_detail") or {}).get("language"))
    language = language or links.language(feed.get("language"))
    reading.items.append(replace(dated(item, published), source=source, url=url, language=language))


def _plain(said: object) -> str:
    return plain_text(said) if isinstance(said, str) else ""


def _summary(entry: Any) -> str:
    """Return the summary, or the whole article where that is all there is."""
    said = _plain(entry.get("summary"))
    if said:
        return said
    return next((_plain(c.get("value")) for c in entry.get("content", ()) if isinstance(c, dict)), "")


def joined(title: str, summary: str) -> str:
    """Return a title and what follows it as sentences; a summary that begins with the title is enough by itself."""
    if not title or not summary or summary.casefold().startswith(title.casefold().rstrip(".")):
        return summary or title
    return f"{title} {summary}" if title.endswith(_SENTENCE_END) else f"{title}. {summary}"


def _published(entry: Any, number: int, about: About, reading: Reading) -> int | None:
    for name in ("published", "updated", "created"):
        moment, said = entry.get(f"{name}_parsed"), str(entry.get(name) or "")
        if moment is not None and _says_year(said, moment[0]):
            try:
                return reading.time(timegm(moment) * 1_000_000, about, number, said)
            except (ValueError, OverflowError):
                pass
        if said:
            reading.bad_time(number, said)
            return None
    return None


def _says_year(said: str, year: int) -> bool:
    """Tell whether a date holds the year that the parser has made of it: of "10000-11-23" it makes 2010.

    At the turn of the year, that of UTC is another.
    """
    years = [str(near) for near in (year, year - 1, year + 1)]
    years += [f"{year % 100:02d}"] if re.search("[A-Za-z]{3}", said[:100]) else []  # 23 Nov 26
    return any(re.search(rf"(?<![0-9]){y}(?![0-9])", said[:100]) for y in years) or bool(
        re.match(rf"{year}[01][0-9][0-3][0-9](?![0-9])", said)
    )
