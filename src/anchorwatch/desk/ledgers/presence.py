"""Presence: what forces are sent where, from when; zones proposed and in force; who commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

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
    apart,
    day,
    near,
    number,
    parties,
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
# Each begins with at most two words of a fixed list: linear.
_KIT = re.compile(
    r"\b(?:(?:patrol|naval|maritime|reconnaissance|surveillance|fighter|air|mine|coast guard|underwater|special"
    r"|defen[cs]e|guided|warning)[ -]){0,2}"
    r"(?:frigates?|corvettes?|destroyers?|warships?|minehunters?|minesweepers?|submarines?|vessels?|ships?|boats?|patrols"
    r"|aircraft|helicopters?|jets|fighters|planes|drones|troops|soldiers|sailors|marines|battalions?|brigades?|divers"
    r"|radars?|satellites?)\b(?!\s(?:cables?|lines?|pipelines?|telecom))",
    re.IGNORECASE,
)
_SENT = re.compile(r"\b(?:deploy|send|sent\b|dispatch|station)", re.IGNORECASE)
_BEHIND = re.compile(r"\b(?:after|because|following|since|amid|despite|against)\b", re.IGNORECASE)
_END = re.compile(r"[.!?](?:\s|$)")
_LONGEST = 300  # characters behind the claim
COLUMNS = (
    Column("kind", "what"),
    Column("who", "who", many=True),
    Column("forces", "with what", many=True),
    Column("number", "how many"),
    Column("counted", "of what"),
    Column("place", "where", many=True),
    Column("state", "state", many=True),
    *laws.COLUMNS,
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
            (claim.type, apart(report, claim, partial(_what, report)), apart(report, claim, _who)),
            _cells(report, claim),
            at_us,
            until_us,
        )


def _who(claim: Claim) -> str:
    return ", ".join(claim.actors)


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
    who = parties(report, claim.actors)
    named = [e.name or e.text for e in near(report, claim, "force", "vessel", "system")]
    cells: dict[str, Said] = {
        "kind": _kind(claim),
        "who": who,
        "forces": tuple(n for n in named if n not in (*who, claim.speaker)) or _kit(report, claim),
        "number": count,
        "counted": counted or None,
        "place": places(report, claim),
        "state": (_state(claim),),
    }
    return cells | laws.terms(report, claim) | about(report, claim)


def _state(claim: Claim) -> str:
    if claim.type == "control_zone":
        return "proposed" if claim.modality in PLANNED else "in force"
    return "planned" if claim.modality in PLANNED else "under way"


def _kit(report: Report, claim: Claim) -> tuple[str, ...]:
    """Return with what, where no force, ship or system has a name: "frigates, patrol aircraft"."""
    if claim.type == "legislation":
        return ()
    said = _END.split(report.text[claim.start : claim.end + _LONGEST], maxsplit=1)[0]
    found = list(_KIT.finditer(_BEHIND.split(said, maxsplit=1)[0]))
    if (
        not found and sum(c.type == claim.type for c in report.claims) == 1
    ):  # "... announces the deployment of frigates"
        behind = report.text[claim.end : claim.end + _LONGEST]
        sent = _SENT.search(behind)
        found = list(_KIT.finditer(_END.split(behind[sent.start() :], maxsplit=1)[0])) if sent else []
    return tuple(dict.fromkeys(" ".join(m[0].split()).casefold() for m in found))[:6]


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
