"""Our own records, one JSON object a line, and any other lines of JSON with a `text`."""

from __future__ import annotations

import re
from dataclasses import replace

from anchorwatch.desk.reading import links
from anchorwatch.desk.reading.about import MOST_ITEMS, About, Reading, iso_us, text_of
from anchorwatch.desk.reading.json_objects import document, members, objects
from anchorwatch.desk.reading.plain_lines import made
from anchorwatch.desk.report import KINDS, REFERENCES, Item


def are_records(text: str) -> bool:
    """Tell whether the first line is a record with a text."""
    first = text.lstrip().split("\n", 1)[0]
    if not first.startswith("{"):
        return False
    record = document(first)
    return isinstance(record, dict) and isinstance(record.get("text"), str)


def are_listed(text: str) -> bool:
    """Tell whether this is a list of records, as the API gives it."""
    head = text[:4096].lstrip()
    return re.match(r'\[\s*\{|\{\s*"reports"\s*:\s*\[', head) is not None and '"text"' in text[: 1 << 17]


def read_listed(text: str, about: About, reading: Reading) -> None:
    """Add one item for each record of a list."""
    reading.form = "records"
    whole = document(text)
    if whole is None:
        reading.rejects.add("cut_short", 0, text.strip())
    records = objects({"reports": whole} if isinstance(whole, list) else whole, "reports")
    for number, record in enumerate(records or members(text, "reports"), 1):
        said = record.get("text")
        if not isinstance(said, str):
            reading.rejects.add("no_record", number)
            continue
        item = made(said, about, reading, "text", number)
        if item:
            reading.items.append(_item(item, record, number, about, reading))


def read_records(text: str, about: About, reading: Reading) -> None:
    """Add one item for each line."""
    reading.form = "records"
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            continue
        if len(reading.items) >= MOST_ITEMS:
            reading.rejects.add("too_many", number, line)
            continue
        record = document(line)
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            reading.rejects.add("no_record", number, line)
            continue
        item = made(record["text"], about, reading, "text", number)
        if item:
            reading.items.append(_item(item, record, number, about, reading))


def _item(item: Item, record: dict[str, object], number: int, about: About, reading: Reading) -> Item:
    published = _time(record, "published", number, about, reading)
    reference, quality = item.reference_us, item.reference
    if quality != "given":
        reference, quality = _time(record, "reference_date", number, about, reading), "published"
        said = text_of(record, "reference_date_quality")
        quality = "unknown" if reference is None else said if said in REFERENCES else "given"
        if reference is None and published is not None:
            reference, quality = published, "published"
    line = record.get("line")
    kind = text_of(record, "kind")
    return replace(
        item, source=about.source or links.name(record.get("source")), url=links.link(record.get("url")),
        published_us=published, reference_us=reference, reference=quality,
        language=links.language(record.get("language")),
        line=line if isinstance(line, int) and 0 < line < 1 << 53 else number, kind=kind if kind in KINDS else "text",
    )  # fmt: skip


def _time(record: dict[str, object], name: str, number: int, about: About, reading: Reading) -> int | None:
    said = record.get(name)
    if said is None:
        return None
    us = iso_us(said)
    if us is None:
        reading.bad_time(number, str(said))
    return reading.time(us, about, number, str(said))
