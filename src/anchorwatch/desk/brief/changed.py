"""What is new in the ledgers: one sentence a row, in the words of its cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import zip_longest

from anchorwatch.desk.brief.facts import BriefFacts, LedgerRow
from anchorwatch.desk.brief.page import Sentence
from anchorwatch.desk.brief.rows import in_words
from anchorwatch.desk.brief.said import GROUPS
from anchorwatch.desk.brief.sources import READ, WATCH, Sources
from anchorwatch.desk.brief.words import begun, clean

ORDER = tuple(GROUPS)


def told(facts: BriefFacts, by: Sources) -> list[Sentence]:
    """Return a sentence for each new row: the weightiest of each ledger first, none left out."""
    if not facts.rows:
        why = "no reports were read" if not facts.reports else "no report said anything for them"
        return [Sentence(f"No new rows in the ledgers: {why}.", (WATCH if facts.watched else READ,), 26)]
    by_ledger: dict[str, list[LedgerRow]] = defaultdict(list)
    for new in _by_weight(facts):
        by_ledger[new.ledger].append(new)
    return [_row(new, by) for turn in zip_longest(*by_ledger.values()) for new in turn if new is not None]


def together(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the rows of each ledger together, in the order of the ledgers."""
    order = [begun(ledger) for ledger in ORDER]
    return sorted(sentences, key=lambda s: order.index(lead) if (lead := s.text.partition(":")[0]) in order else 99)


def _row(new: LedgerRow, by: Sources) -> Sentence:
    lead = begun(clean(new.ledger, 40))
    differs = " Sources differ." if new.row.differs else ""
    text = f"{lead}: {in_words(new.ledger, new.row)}.{differs}"
    return Sentence(text, by.row(new.ledger, new.row), len(lead) + 1)


def _by_weight(facts: BriefFacts) -> list[LedgerRow]:
    """Return the rows by ledger, and in each by how relevant the reports are that they rest on, else as they came."""
    weights = {t.report.id: t.report.relevance for t in facts.reports}

    def order(new: LedgerRow) -> tuple[int, bool, float]:
        place = ORDER.index(new.ledger) if new.ledger in ORDER else len(ORDER)
        vague = new.row.cells.get("topic") == "other"  # "on another matter" tells a reader little
        return place, vague, -max((weights.get(source.report, 0.0) for source in new.row.sources), default=0.0)

    return sorted(facts.rows, key=order)
