"""Positions and guarantees: peacekeepers, membership, guarantees: who is for, against, on what condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from anchorwatch.desk.ledgers.ledger import (
    ABOUT,
    Column,
    Desk,
    Entry,
    Ledger,
    Plot,
    Row,
    Said,
    Series,
    about,
    table,
    times,
)
from anchorwatch.desk.report import Claim, Report

TYPES = ("statement", "appointment", "legislation", "spending")
OTHER = "other"
COLUMNS = (
    Column("topic", "about"),
    Column("party", "who"),
    Column("stance", "stance"),
    Column("condition", "on condition", many=True),
    Column("to", "to whom", many=True),
    *ABOUT,
)
# What a position hangs on; up to the end of the clause. Each begins with a fixed word: linear.
_CONDITION = re.compile(
    r"\b(?:without|only (?:if|with|after|in)|if|unless|until|once|after|before"
    r"|provided that|on condition that|as long as)"
    r"\s[^.;:!?\n]{3,120}",
    re.IGNORECASE,
)


def build(desk: Desk) -> Ledger:
    """Return the ledger: topic by party."""
    rows = table("positions", COLUMNS, _entries(desk), desk)
    return Ledger("positions", "Positions and guarantees", COLUMNS, rows, (_matrix(rows),))


def _entries(desk: Desk) -> Iterator[Entry]:
    for report, claim in desk.filed("positions", TYPES):
        party = claim.speaker or ", ".join(claim.actors)
        at_us, until_us = times(report, claim)
        yield Entry(
            report, claim, ((claim.topic or OTHER).casefold(), party.casefold()), _cells(report, claim), at_us, until_us
        )


def _cells(report: Report, claim: Claim) -> dict[str, Said]:
    condition = _CONDITION.search(claim.quote) if claim.stance else None
    cells: dict[str, Said] = {
        "topic": claim.topic or OTHER,
        "party": claim.speaker or claim.actors or None,
        "stance": claim.stance,
        "condition": (condition[0].strip(),) if condition else (),
        "to": claim.to,
    }
    return cells | about(report, claim)


def _matrix(rows: Sequence[Row]) -> Plot:
    """Return topic by party; the label is the stance, both where a party is heard to say both."""
    by_topic: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        topic, party = str(row.cells["topic"]), str(row.cells["party"] or "not said")
        by_topic.setdefault(topic, []).append((topic, party, str(row.cells["stance"] or "not said")))
    series = tuple(Series(topic, tuple(sorted(set(points)))) for topic, points in sorted(by_topic.items()))
    return Plot("matrix", "Who is for, who is against", "topic", "party", series)
