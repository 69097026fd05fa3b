"""What is new in the ledgers: one sentence a row, in the words of its cells."""

from __future__ import annotations

from collections.abc import Mapping

from anchorwatch.desk.brief.facts import BriefFacts, LedgerRow
from anchorwatch.desk.brief.page import Sentence
from anchorwatch.desk.brief.said import GROUPS
from anchorwatch.desk.brief.sources import READ, WATCH, Sources
from anchorwatch.desk.brief.words import begun, clean
from anchorwatch.desk.ledgers.ledger import BESIDE, Cell, Row

ORDER = tuple(GROUPS)
UNSAID = frozenset({"reported", "modality", "speaker", "url", "id"})  # said by the foot, or in their own place
MOST_CELL = 90


def told(facts: BriefFacts, by: Sources) -> list[Sentence]:
    """Return a sentence for each new row: ledgers in the order of the desk, in each the newest first."""
    if not facts.rows:
        why = "no reports were read" if not facts.reports else "no report said anything for them"
        return [Sentence(f"No new rows in the ledgers: {why}.", (WATCH if facts.watched else READ,), 26)]
    return [_row(new, by) for new in sorted(facts.rows, key=_order)]


def cells_in_words(row: Row) -> str:
    """Return the cells of a row, "giver Germany; receiver Ukraine", without what is said elsewhere."""
    parts = [f"{key.replace('_', ' ')} {value_in_words(v)}" for key, v in row.cells.items() if _is_said(key, v)]
    return "; ".join(parts)


def value_in_words(value: Cell) -> str:
    """Return a cell in words; values that differ stand beside each other."""
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    if BESIDE in text:
        return "either " + " or ".join(clean(side, MOST_CELL) for side in text.split(BESIDE))
    return clean(text, MOST_CELL)


def as_said(cells: Mapping[str, Cell]) -> str:
    """Return how sure a row is and who says it: " (plan, says NATO)"."""
    modality, speaker = cells.get("modality"), cells.get("speaker")
    parts = [clean(str(modality), 40) if modality else "", f"says {clean(str(speaker), 60)}" if speaker else ""]
    said = ", ".join(filter(None, parts))
    return f" ({said})" if said else ""


def _row(new: LedgerRow, by: Sources) -> Sentence:
    lead = begun(clean(new.ledger, 40))
    text = f"{lead}: {cells_in_words(new.row)}{as_said(new.row.cells)}."
    return Sentence(text, by.row(new.ledger, new.row), len(lead) + 1)


def _is_said(key: str, value: Cell) -> bool:
    return key not in UNSAID and value not in (None, "")


def _order(new: LedgerRow) -> tuple[int, int, str]:
    place = ORDER.index(new.ledger) if new.ledger in ORDER else len(ORDER)
    return place, -(new.row.at_us or 0), new.row.id
