"""Answers of the GDELT DOC 2.0 API: titles of articles as JSON; its errors are plain text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from anchorwatch.desk.reading import links
from anchorwatch.desk.reading.about import About, Reading, text_of, us_of
from anchorwatch.desk.reading.json_objects import document, members, objects
from anchorwatch.desk.reading.plain_lines import dated, made

HOST = "gdeltproject.org"
_BEFORE = re.compile(r" +([,.:;!?%)\]\u2019\u201d])")  # titles come in words and signs with blanks between them
_APOSTROPHE = re.compile(r" ?(['\u2019]) ?s\b")
_AFTER = re.compile(r"([(\[$€£“]) +")


def is_gdelt(text: str, about: About) -> bool:
    """Tell whether this is an answer of GDELT, good or bad."""
    if text.lstrip()[:40].replace(" ", "").replace("\n", "").startswith('{"articles":'):
        return True
    return is_of_gdelt(about.url) and not text.lstrip().startswith("<")


def is_of_gdelt(url: str | None) -> bool:
    """Tell whether an address is one of GDELT."""
    host = re.match(r"https?://(?:[^/?#@]*@)?([^/?#:]*)", url or "", re.IGNORECASE)
    return host is not None and (host[1].lower() == HOST or host[1].lower().endswith("." + HOST))


def read_gdelt(text: str, about: About, reading: Reading) -> None:
    """Add one item for each article."""
    reading.form = "gdelt"
    whole = document(text)
    if whole is None:
        articles = members(text, "articles")
        reading.rejects.add("cut_short" if articles else "gdelt_error", 0, text.strip())
    else:  # `{}` is its word for nothing found
        articles = objects(whole, "articles")
    for number, article in enumerate(articles, 1):
        _add(article, number, about, reading)


def _add(article: dict[str, object], number: int, about: About, reading: Reading) -> None:
    title = _AFTER.sub(r"\1", _BEFORE.sub(r"\1", _APOSTROPHE.sub(r"\1s", text_of(article, "title"))))
    item = made(title, about, reading, "gdelt", None)
    if item is None:
        return
    url = links.link(article.get("url"))
    if url is None and article.get("url"):
        reading.notes.add("link_dropped", number, str(article["url"]))
    seen = _seen(text_of(article, "seendate"), number, about, reading)
    country = links.name(article.get("sourcecountry"))
    reading.items.append(
        replace(
            dated(item, seen),
            source=about.source or links.name(article.get("domain")),
            url=url,
            language=links.language(article.get("language")),
            facts=(("country", country),) if country else (),
        )
    )


def _seen(said: str, number: int, about: About, reading: Reading) -> int | None:
    """Return when GDELT saw the article, which is within a quarter of an hour of its publication."""
    if not said:
        return None
    try:
        moment = datetime.strptime(said[:20], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        reading.bad_time(number, said)
        return None
    return reading.time(us_of(moment), about, number, said)
