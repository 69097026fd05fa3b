"""Incidents and hybrid activity: what is said to have happened to infrastructure, in the air, to vessels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from anchorwatch.desk.attempts import attempted
from anchorwatch.desk.ledgers.ledger import (
    ABOUT,
    UNDATED,
    Column,
    Desk,
    Entry,
    Ledger,
    Plot,
    Row,
    Said,
    Series,
    about,
    apart,
    day,
    near,
    number,
    places,
    quantities,
    table,
    times,
)
from anchorwatch.desk.report import Claim, Report

TYPES = ("infrastructure_damage", "outage", "airspace_incident", "exercise", "facility_security", "grid_change")
MAIN = ("infrastructure_damage", "outage", "airspace_incident", "exercise")
KINDS = {
    "infrastructure_damage": "damage to infrastructure",
    "outage": "outage",
    "airspace_incident": "airspace",
    "exercise": "exercise or attack scenario",
    "facility_security": "facility under raised security",
    "grid_change": "disturbance of the grid",
}
_HARM = ("infrastructure_damage", "outage")
_SHIPS = re.compile(r"\b(?:ships?|vessels?|tankers?|crew|officers?|divers?|suspects?|people)\b", re.IGNORECASE)
ATTEMPTED = {"infrastructure_damage": "attempted damage", "outage": "attempted disruption"}
_BETWEEN = re.compile(r"\b(?:between|link(?:s|ed|ing)?|connect(?:s|ed|ing))\b", re.IGNORECASE)
COLUMNS = (
    Column("kind", "what"),
    Column("assets", "assets", many=True),
    Column("actors", "who, as said", many=True),
    Column("to", "to whom", many=True),
    Column("place", "where", many=True),
    Column("vessels", "vessels named", many=True),
    Column("count", "how many"),
    Column("counted", "of what"),
    *ABOUT,
)


def build(desk: Desk) -> Ledger:
    """Return the ledger. A vessel that is named is named by the report, which accuses nobody here."""
    rows = table("incidents", COLUMNS, _entries(desk), desk)
    return Ledger("incidents", "Incidents and hybrid activity", COLUMNS, rows, (_counts(rows), _timeline(rows)))


def _entries(desk: Desk) -> Iterator[Entry]:
    for report, claim in desk.filed("incidents", TYPES):
        if claim.type not in MAIN and any(c.type in MAIN for c in report.claims):
            continue  # what is done about an incident is in other ledgers
        at_us, until_us = times(report, claim)
        yield Entry(report, claim, _key(report, claim), _cells(report, claim), at_us, until_us)


def _thing(report: Report, claim: Claim) -> str:
    """Return what keeps two claims of a report apart: the assets, else what they count."""
    counted = quantities(report, claim, "total")
    return ",".join(sorted(claim.assets)) or (counted[0].of or "" if counted else "")


def _key(report: Report, claim: Claim) -> tuple[str, ...]:
    """Return what makes claims of one story one row; what is counted in another sentence is another thing."""
    first = next(c for c in (*report.claims, claim) if c.type == claim.type)
    thing = _thing(report, claim)
    several = claim.start != first.start and thing != _thing(report, first)
    return claim.type, thing.casefold() if several else apart(report, claim, partial(_thing, report))


def _cells(report: Report, claim: Claim) -> dict[str, Said]:
    counted = [
        q for q in quantities(report, claim, "total") if claim.type not in _HARM or not _SHIPS.search(q.of or "")
    ]
    vessels = [e.name or e.text for e in near(report, claim, "vessel")]
    cells: dict[str, Said] = {
        "kind": ATTEMPTED.get(claim.type, "other") if attempted(claim) else KINDS.get(claim.type, "other"),
        "assets": tuple(e.name or e.text for e in report.entities if e.type == "asset") or claim.assets,
        "actors": claim.actors,
        "to": claim.to,
        "place": tuple(n for n in _where(report, claim) if n not in claim.to),
        "vessels": tuple(vessels),
        "count": number(counted[0].low) if counted else None,
        "counted": counted[0].of if counted else None,
    }
    return cells | about(report, claim)


def _where(report: Report, claim: Claim) -> tuple[str, ...]:
    """Return where: a cable lies between countries."""
    between = near(report, claim, "country") if _BETWEEN.search(claim.quote) else []
    named = [e.name or e.text for e in between]
    return (*places(report, claim), *(n for n in named if n not in (*claim.actors, *claim.to)))


def _counts(rows: Sequence[Row]) -> Plot:
    """Return how many of each kind by month; those without a date stand apart."""
    by_kind: dict[str, Counter[str]] = {}
    for row in rows:
        month = UNDATED if row.at_us is None else day(row.at_us)[:7]
        by_kind.setdefault(str(row.cells["kind"]), Counter())[month] += 1
    series = tuple(Series(kind, tuple(sorted(count.items()))) for kind, count in sorted(by_kind.items()))
    return Plot("counts", "Incidents by month", "month", "incidents", series)


def _timeline(rows: Sequence[Row]) -> Plot:
    by_kind: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        label = str(row.cells["place"] or row.cells["assets"] or "")
        by_kind.setdefault(str(row.cells["kind"]), []).append((day(row.at_us), str(row.cells["kind"]), label))
    return Plot(
        "timeline", "Incidents in time", "time", "kind", tuple(Series(k, tuple(p)) for k, p in sorted(by_kind.items()))
    )
