"""Presence: what forces are sent where, from when; zones proposed and in force; who commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

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

TYPES = ("presence", "control_zone", "exercise", "command_change", "legislation")
KINDS = {
    "presence": "presence",
    "exercise": "exercise",
    "command_change": "command",
    "legislation": "rules",
    "facility_security": "security",
}
PLANNED = ("plan", "promise", "demand", "opinion", "estimate")
COLUMNS = (
    Column("kind", "what"),
    Column("who", "who", many=True),
    Column("forces", "with what", many=True),
    Column("number", "how many"),
    Column("counted", "of what"),
    Column("place", "where", many=True),
    Column("state", "state", many=True),
    *ABOUT,
)


def build(desk: Desk) -> Ledger:
    """Return the ledger."""
    rows = table("presence", COLUMNS, _entries(desk), desk)
    return Ledger("presence", "Presence and zones", COLUMNS, rows, (_timeline(rows),))


def _entries(desk: Desk) -> Iterator[Entry]:
    for report, claim in desk.filed("presence", TYPES):
        at_us, until_us = times(report, claim)
        yield Entry(
            report,
            claim,
            (claim.type, apart(report, claim, partial(_what, report))),
            _cells(report, claim),
            at_us,
            until_us,
        )


def _what(report: Report, claim: Claim) -> str:
    return _counted(report, claim)[1]


def _counted(report: Report, claim: Claim) -> tuple[int | float | None, str]:
    """Return how many of what take part."""
    for quantity in quantities(report, claim, "size", "from_to", "current", "total"):
        if quantity.unit is None:
            return number(quantity.high), (quantity.of or "").casefold()
    return None, ""


def _cells(report: Report, claim: Claim) -> dict[str, Said]:
    count, counted = _counted(report, claim)
    with_what = near(report, claim, "force", "vessel", "system")
    cells: dict[str, Said] = {
        "kind": _kind(claim),
        "who": claim.actors,
        "forces": tuple(e.name or e.text for e in with_what),
        "number": count,
        "counted": counted or None,
        "place": places(report, claim),
        "state": (
            "planned" if claim.modality in PLANNED else "in force" if claim.type == "control_zone" else "under way",
        ),
    }
    return cells | about(report, claim)


def _kind(claim: Claim) -> str:
    if claim.type == "control_zone":
        return "zone"
    return KINDS.get(claim.type, "other")


def _timeline(rows: Sequence[Row]) -> Plot:
    """Return each row from when until when, by who is there."""
    by_who: dict[str, list[tuple[str | None, ...]]] = {}
    for row in rows:
        who = str(row.cells["who"] or "not said")
        label = ", ".join(str(row.cells[k]) for k in ("place", "forces", "state") if row.cells[k])
        until = None if row.until_us is None else day(row.until_us)
        by_who.setdefault(who, []).append((day(row.at_us), who, label, until))
    series = tuple(Series(who, tuple(points)) for who, points in sorted(by_who.items()))
    return Plot("timeline", "Who is where, from when", "time", "who", series)
