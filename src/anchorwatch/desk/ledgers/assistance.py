"""Assistance: needs, pledges, licences, purchases, deliveries, by giver, receiver and number; who coordinates."""

from __future__ import annotations

from collections.abc import Iterator

from anchorwatch.desk.ledgers import assistance_sums as sums
from anchorwatch.desk.ledgers.figures import Figures
from anchorwatch.desk.ledgers.ledger import (
    ABOUT,
    Column,
    Desk,
    Entry,
    Ledger,
    Said,
    about,
    number,
    quantities,
    table,
    times,
)
from anchorwatch.desk.report import Claim, Quantity, Report

TYPES = ("need", "pledge", "licence", "procurement", "delivery", "command_change")
COLUMNS = (
    Column("kind", "what"),
    Column("giver", "giver"),
    Column("receiver", "receiver"),
    Column("system", "of what"),
    Column("low", "at least"),
    Column("high", "at most"),
    Column("unit", "unit"),
    Column("said", "number, as said", many=True),
    Column("state", "state", many=True),
    *ABOUT,
)
COMMAND_COLUMNS = (
    Column("who", "who coordinates", many=True),
    Column("takes_over_from", "takes over from", many=True),
    Column("place", "where", many=True),
    Column("said", "what is said"),
    *ABOUT,
)
_MONEY = "money"
# Of whom a claim of this type says something first: whoever needs or buys is the one who receives.
_RECEIVES = ("need", "procurement", "licence")
_ROLES = {"need": ("needed", "required"), "delivery": ("given", "size"), "pledge": ("given", "from_to")}


def build(desk: Desk, figures: Figures) -> Ledger:
    """Return the ledger, with what is open, what each gives of what it has, and who coordinates, as its parts."""
    rows = table("assistance", COLUMNS, _entries(desk), desk)
    commands = table("assistance/command", COMMAND_COLUMNS, _commands(desk), desk)
    command = Ledger("assistance/command", "Who coordinates", COMMAND_COLUMNS, commands)
    still, notes = sums.still_open(rows)
    shares = sums.shares(rows, figures)
    plots = (sums.bars(rows), *shares.plots)
    return Ledger("assistance", "Assistance", COLUMNS, rows, plots, notes, (still, shares, command))


def _entries(desk: Desk) -> Iterator[Entry]:
    for report, claim in desk.filed("assistance", TYPES):
        at_us, until_us = times(report, claim)
        found: list[Quantity | None] = list(_counted(report, claim))
        for quantity in found or [None]:
            cells = _cells(report, claim, quantity)
            system, giver, receiver = (str(cells[k] or "").casefold() for k in ("system", "giver", "receiver"))
            key = (claim.type, giver, receiver, system)
            yield Entry(report, claim, key, cells, at_us, until_us)


def _counted(report: Report, claim: Claim) -> list[Quantity]:
    roles = _ROLES.get(claim.type, ("given", "cost"))
    own = quantities(report, claim, *roles)
    spans = [q for q in report.quantities if q.role in roles and claim.start <= q.start < claim.end]
    return [q for q in own or spans if q.unit is None or q.unit.isupper()]


def _cells(report: Report, claim: Claim, quantity: Quantity | None) -> dict[str, Said]:
    first, second = ", ".join(claim.actors) or None, ", ".join(claim.to) or None
    giver, receiver = (second, first) if claim.type in _RECEIVES else (first, second)
    cells: dict[str, Said] = {
        "kind": claim.type,
        "giver": giver,
        "receiver": receiver,
        "system": _system(report, claim, quantity),
        "state": (state(claim),),
    }
    if quantity is not None:
        cells |= {
            "low": number(quantity.low),
            "high": number(quantity.high),
            "unit": quantity.unit,
            "said": (quantity.text,),
        }
    return cells | about(report, claim)


def state(claim: Claim) -> str:
    """Return how far it has come."""
    if claim.type == "need":
        return "needed"
    if claim.type == "delivery" and claim.modality == "fact":
        return "delivered"
    if claim.modality == "demand":
        return "asked for"
    if claim.type in ("licence", "procurement"):
        return "agreed" if claim.modality == "fact" else "planned"
    return "estimated" if claim.modality in ("estimate", "opinion") else "promised"


def _system(report: Report, claim: Claim, quantity: Quantity | None) -> str | None:
    """Return what is given: the systems that are named with the number, else what is counted, else money."""
    if quantity is not None and (quantity.unit or abs(quantity.low) >= 1e6):
        return _MONEY
    start, end = (quantity.start, quantity.end) if quantity else (claim.start, claim.end)
    near = [e for e in report.entities if e.type == "system" and start <= e.start < end]
    wide = near or [e for e in report.entities if e.type == "system" and claim.start <= e.start < claim.end]
    if wide:
        return ", ".join(dict.fromkeys(e.name or e.text for e in wide))
    return quantity.of if quantity else None


def _commands(desk: Desk) -> Iterator[Entry]:
    for report, claim in desk.filed("assistance", ("command_change",)):
        if claim.type != "command_change":
            continue
        at_us, until_us = times(report, claim)
        cells: dict[str, Said] = {
            "who": claim.actors,
            "takes_over_from": claim.to,
            "place": (claim.place,) if claim.place else (),
            "said": claim.quote,
        }
        yield Entry(report, claim, (claim.type,), cells | about(report, claim), at_us, until_us)
