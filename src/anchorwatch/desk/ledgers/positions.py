"""Positions and guarantees: peacekeepers, membership, guarantees: who is for, against, on what condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from anchorwatch.desk.ledgers import laws
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
    parties,
    table,
    times,
)
from anchorwatch.desk.report import Claim, Report

TYPES = ("statement", "appointment", "legislation", "spending")
MAIN = ("statement", "appointment", "legislation")
OTHER = "other"
COLUMNS = (
    Column("topic", "about"),
    Column("party", "who"),
    Column("stance", "stance"),
    Column("condition", "on condition", many=True),
    Column("to", "to whom", many=True),
    Column("number", "number, as said", many=True),
    *laws.COLUMNS,
    *ABOUT,
)
# What a position hangs on; up to the end of the clause. Each begins with a fixed word: linear.
_CONDITION = re.compile(
    r"\b(?:without|only (?:if|with|after|in)|if|unless|until|once|after|before"
    r"|provided that|on condition that|as long as)"
    r"\s[^.,;:!?\n]{3,120}",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\s(?:at|during) (?:the|an?)\s")  # where it is said is none of its conditions
_REFUSAL = re.compile(r"['\u2019]s? (?:rejection|refusal|opposition|objections?|veto)\b", re.IGNORECASE)
_LONGEST = 400  # characters behind the claim


def build(desk: Desk) -> Ledger:
    """Return the ledger: topic by party."""
    rows = table("positions", COLUMNS, _entries(desk), desk)
    return Ledger("positions", "Positions and guarantees", COLUMNS, rows, (_matrix(rows),))


def _entries(desk: Desk) -> Iterator[Entry]:
    for report, claim in desk.filed("positions", TYPES):
        if claim.type not in MAIN and any(c.type in MAIN for c in report.claims):
            continue  # a level of spending is in a ledger of its own
        party = claim.speaker or ", ".join(parties(report, claim.actors))
        at_us, until_us = times(report, claim)
        yield Entry(
            report, claim, ((claim.topic or OTHER).casefold(), party.casefold()), _cells(report, claim), at_us, until_us
        )
        if claim.type == "statement" and claim.topic:
            yield from _against(report, claim)


def _cells(report: Report, claim: Claim) -> dict[str, Said]:
    condition = _CONDITION.search(claim.quote) if claim.stance else None
    cells: dict[str, Said] = {
        "topic": claim.topic or OTHER,
        "party": claim.speaker or parties(report, claim.actors) or None,
        "stance": claim.stance,
        "condition": (_WHERE.split(condition[0].strip(), maxsplit=1)[0],) if condition else (),
        "to": claim.to,
        "number": tuple(q.text for q in report.quantities if q.role == "size" and q.unit is None),
    }
    return cells | laws.terms(report, claim) | about(report, claim)


def _against(report: Report, claim: Claim) -> Iterator[Entry]:
    """Yield those whose refusal is told beside a position: "The obstacle is Russia's rejection"."""
    said = report.text[claim.start : claim.end + _LONGEST]
    for entity in report.entities:
        refusal = _REFUSAL.match(report.text, entity.end)
        near = claim.start <= entity.start < claim.start + len(said)
        party = entity.name or entity.text
        if refusal and near and entity.type in ("country", "organisation") and party not in claim.actors:
            own = replace(claim, quote=report.text[entity.start : refusal.end()], start=entity.start, end=refusal.end())
            cells = _cells(
                report, replace(own, actors=(party,), to=(), speaker=None, stance="against", modality="fact")
            )
            at_us, until_us = times(report, claim)
            yield Entry(report, own, ((claim.topic or OTHER).casefold(), party.casefold()), cells, at_us, until_us)


def _matrix(rows: Sequence[Row]) -> Plot:
    """Return topic by party; the label is the stance, both where a party is heard to say both."""
    by_topic: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        topic, party = str(row.cells["topic"]), str(row.cells["party"] or "not said")
        by_topic.setdefault(topic, []).append((topic, party, str(row.cells["stance"] or "not said")))
    series = tuple(Series(topic, tuple(sorted(set(points)))) for topic, points in sorted(by_topic.items()))
    return Plot("matrix", "Who is for, who is against", "topic", "party", series)
