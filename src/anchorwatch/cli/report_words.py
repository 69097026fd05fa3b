"""Reports in words for a terminal: cards of items, tables of ledgers. All of it is text of strangers, shown as such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from anchorwatch.cli.alert_words import cells, fitted, wrapped
from anchorwatch.desk.attempts import attempted
from anchorwatch.desk.contradictions import Contradiction
from anchorwatch.desk.ledgers.ledger import BESIDE, Cell, Ledger, Row
from anchorwatch.desk.report import Claim, Quantity, Report
from anchorwatch.edges.records import plain
from anchorwatch.model import rfc3339

_ATTACK = re.compile(r"\b(?:attack|against|assault|strike|seizure|landing|invasion|destruction)", re.IGNORECASE)
# Before those whom an event concerns, and what a number is, as people say it.
WHOM = {
    "meeting": "with", "need": "from", "licence": "from", "procurement": "from", "grid_change": "from or with",
    "exercise": "with", "airspace_incident": "concerning", "command_change": "from or to",
    "statement": "about",
}  # fmt: skip
ROLES = {
    "from_to": "a change", "target": "asked for", "current": "now", "required": "would be required", "total": "in all",
    "size": "taking part", "measure": "measured",
}  # fmt: skip
MOST_TEXT_LINES = 8
MOST_SIDES = 6  # of a contradiction
INDENT = " " * 13
MOST_SOURCES = 5  # shown of one row
WHO, WHERE = ("person", "organisation", "force", "country"), ("place", "asset", "vessel")


def name_of(report: Report, several: bool) -> str:
    """Return what an item is called in lists: its line, or the end of its id."""
    line = report.item.line
    if line is None:
        return report.id[3:9]
    return f"{plain(report.item.file or '')}:{line}" if several else str(line)


def card(report: Report, name: str, together: Sequence[str], columns: int) -> Iterator[str]:
    """Yield the lines of one item. together: names of the items of the same story."""
    head = f"{name:>4}  {report.relevance:4.2f}  "
    first = report.claims[0] if report.claims else None
    said = _event(first) if first else "nothing that the desk knows"
    filed = ", ".join(report.ledgers) or "not relevant"
    yield from wrapped(f"{said}  [{filed}]", columns, INDENT, head)
    shown = report.text[: columns * MOST_TEXT_LINES].split("\n")
    text = [line for part in shown if part.strip() for line in wrapped(part, columns, INDENT)]
    yield from text[:MOST_TEXT_LINES]
    if len(text) > MOST_TEXT_LINES:
        yield f"{INDENT}..."
    for label, words in _rows(report, together):
        if words:
            yield from wrapped(words, columns, INDENT + " " * 10, f"{INDENT}{label:<10}")


def _event(claim: Claim) -> str:
    """Return one claim: delivery (promise): Norway to Ukraine, says Stoltenberg."""
    kind = claim.type.replace("_", " ")
    told = f"{f'attempted {kind}' if attempted(claim) else kind} ({claim.modality})"
    who = ", ".join(claim.actors)
    before = "against" if claim.type == "exercise" and _ATTACK.search(claim.quote) else WHOM.get(claim.type, "to")
    whom = f" {before} {', '.join(claim.to)}" if claim.to else ""
    told += f": {who}{whom}" if who else f":{whom}" if whom else ""
    speaker = f"the{claim.speaker[3:]}" if claim.speaker and claim.speaker.startswith("The ") else claim.speaker
    return told + (f", says {speaker}" if speaker and claim.speaker not in claim.actors else "")


def _rows(report: Report, together: Sequence[str]) -> Iterator[tuple[str, str]]:
    item = report.item
    yield "from", ", ".join(filter(None, (item.source, rfc3339(item.published_us) if item.published_us else "")))
    yield "also", "; ".join(map(_event, report.claims[1:]))
    yield "who", _names(report, WHO)
    yield "where", _names(report, WHERE)
    yield "systems", _names(report, ("system",))
    yield "numbers", "; ".join(map(_number, report.quantities))
    yield "when", ", ".join(w.text for w in report.dates)
    yield "possibly", "; ".join(f"{e.text!r} possibly {e.possibly}" for e in report.entities if e.possibly)
    yield "story", f"with {', '.join(together)}" if together else ""
    yield "note", "; ".join(report.notes)


def _names(report: Report, types: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(e.name or e.text for e in report.entities if e.type in types))


def _number(quantity: Quantity) -> str:
    role = ROLES.get(quantity.role, quantity.role)
    if not quantity.of or quantity.of in quantity.text:
        return f"{quantity.text} ({role})"
    return f"{quantity.of}: {quantity.text} ({role})"


def contradiction(found: Contradiction, names: Mapping[str, str]) -> str:
    """Return what is said differently, every side with its item."""
    sides = "; ".join(f"{s.value} ({names.get(s.report, s.report)})" for s in found.sides[:MOST_SIDES])
    more = f"; and {len(found.sides) - MOST_SIDES} more" if len(found.sides) > MOST_SIDES else ""
    return f"{found.about}: {sides}{more}"


def table(ledger: Ledger, columns: int, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a ledger: a table where the terminal is wide enough, else a paragraph for each row."""
    yield plain(ledger.title)
    used = [c for c in ledger.columns if any(row.cells.get(c.key) is not None for row in ledger.rows)]
    if not ledger.rows:
        yield "  nothing yet"
    heads = ["ITEM", *(f"{c.title} [{c.unit}]" if c.unit else c.title for c in used)]
    body = [[_items(row, names), *(_cell(row.cells.get(c.key)) for c in used)] for row in ledger.rows]
    wide = [max(cells(row[k]) for row in [heads, *body]) for k in range(len(heads))]
    if body and sum(wide) + 2 * (len(wide) - 1) <= columns:
        for texts in [heads, *body]:
            yield "  ".join(map(fitted, texts, wide)).rstrip()
    else:
        for row, texts in zip(ledger.rows, body, strict=True):
            said = "; ".join(f"{head}: {text}" for head, text in zip(heads[1:], texts[1:], strict=True) if text)
            yield from wrapped(said, columns, " " * 8, f"{texts[0]:>6}  ")
            for source in row.sources[:MOST_SOURCES]:
                where = names.get(source.report, source.report)
                yield from wrapped(f'{where}: "{source.quote}"', columns, " " * 10)
    for note in ledger.notes:
        yield from wrapped(f"note: {note}", columns)
    for part in ledger.parts:
        yield ""
        yield from table(part, columns, names)


def _items(row: Row, names: Mapping[str, str]) -> str:
    """Return which items say it."""
    ids = list(dict.fromkeys(s.report for s in row.sources))
    more = f" +{len(ids) - MOST_SOURCES}" if len(ids) > MOST_SOURCES else ""
    return ", ".join(names.get(i, i) for i in ids[:MOST_SOURCES]) + more


def _cell(value: Cell) -> str:
    if isinstance(value, int | float):
        return f"{value:,}"
    sides = [] if value is None else value.split(BESIDE)
    if len(sides) > 1 and all(side.isdigit() for side in sides):
        return BESIDE.join(f"{int(side):,}" for side in sides)
    return "" if value is None else plain(value)
