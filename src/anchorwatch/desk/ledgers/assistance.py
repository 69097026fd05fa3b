"""Assistance: needs, pledges, licences, purchases, deliveries, by giver, receiver and number; who coordinates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from anchorwatch.desk.ledgers import assistance_sums as sums
from anchorwatch.desk.ledgers import commands
from anchorwatch.desk.ledgers.figures import Figures
from anchorwatch.desk.ledgers.ledger import (
    ABOUT,
    Column,
    Desk,
    Entry,
    Ledger,
    Said,
    about,
    apart,
    number,
    quantities,
    table,
    times,
)
from anchorwatch.desk.report import Claim, Quantity, Report
from anchorwatch.desk.sentences import sentences

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
_MONEY = "money"
# What is given where no number and no name is: the words for it, with what goes before them.
_KIT = re.compile(
    r"\b(?:(?:air[- ]defen[cs]e|anti-aircraft|radar|missile|artillery|naval|long-range)\s+)?"
    r"(?:systems|missiles|batteries|launchers|interceptors|drones|tanks|aircraft|helicopters|fighters|ammunition|shells"
    r"|generators|vehicles|minehunters|weapons|equipment)\b"
    r"(?: and (?:missiles|launchers|interceptors|drones|ammunition|shells|weapons|equipment)\b)?",
    re.IGNORECASE,
)
_FOR = re.compile(r"\s+for\s+(?:the\s+)?", re.IGNORECASE)
_STILL_DUE = re.compile(r"\b(?:promised|pledged|planned|announced)\b", re.IGNORECASE)  # "a batch of the 24 promised"
_POSSESSIVE = ("'s", "\u2019s")
_RECEIVING = re.compile(r"\b(?:receiv(?:e|es|ed|ing)|gets?|got)\b", re.IGNORECASE)
_WHOSE = 40  # characters between the owner and the number
# Of whom a claim of this type says something first: whoever needs or buys is the one who receives.
_RECEIVES = ("need", "procurement", "licence")
_ONCE = ("pledge", "delivery", "procurement")
_GIVEN = ("given", "cost")
_ROLES = {"need": ("needed", "required"), "delivery": ("given", "size"), "pledge": ("given", "from_to")}


def build(desk: Desk, figures: Figures) -> Ledger:
    """Return the ledger, with what is open, what each gives of what it has, and who coordinates, as its parts."""
    rows = table("assistance", COLUMNS, _entries(desk), desk)
    who = table("assistance/command", commands.COLUMNS, commands.entries(desk), desk)
    command = Ledger("assistance/command", "Who coordinates", commands.COLUMNS, who)
    still, notes = sums.still_open(rows)
    shares = sums.shares(rows, figures)
    plots = (sums.bars(rows), *shares.plots)
    return Ledger("assistance", "Assistance", COLUMNS, rows, plots, notes, (still, shares, command))


def _entries(desk: Desk) -> Iterator[Entry]:
    left: dict[str, list[Quantity]] = {}  # a long list of numbers is looked through once, not once for each claim
    taken: dict[str, set[Quantity | None]] = {}
    for report, claim in desk.filed("assistance", TYPES):
        at_us, until_us = times(report, claim)
        if report.id not in left:
            left[report.id] = _left(report)
        found: list[Quantity | None] = list(_counted(report, claim, left[report.id]))
        once = taken.setdefault(report.id, set())
        fresh = [q for q in found if claim.type not in _ONCE or q not in once]
        if found and not fresh:
            continue  # the same money as pledge and as delivery is one gift
        found = fresh
        once.update(q for q in found if claim.type in _ONCE)
        sides, other = _sides(report, claim), apart(report, claim, partial(_giver, report))
        for quantity in found or [None]:
            cells = _cells(report, claim, quantity, sides)
            system = str(cells["system"] or "").casefold()
            said = _with_words(report, claim, quantity)
            yield Entry(report, said, (claim.type, system, other), cells, at_us, until_us)


@lru_cache(maxsize=4)
def _spans(text: str) -> Sequence[tuple[int, int]]:
    return sentences(text)


def _with_words(report: Report, claim: Claim, quantity: Quantity | None) -> Claim:
    """Return the claim with the sentence of a number that stands outside of its words."""
    if quantity is None or claim.start <= quantity.start < claim.end:
        return claim
    spans = _spans(report.text)
    start, end = next(((a, b) for a, b in spans if a <= quantity.start < b), (claim.start, claim.end))
    if start >= claim.end and not report.text[claim.end : start].strip():
        start = claim.start
    return replace(claim, quote=report.text[start:end], start=start, end=end)


def _giver(report: Report, claim: Claim) -> str:
    return _sides(report, claim)[0] or ""


def _counted(report: Report, claim: Claim, left: Sequence[Quantity]) -> list[Quantity]:
    """Return the numbers of a claim; one that no claim has goes to the first claim that it may belong to."""
    found = quantities(report, claim, *_ROLES.get(claim.type, _GIVEN))
    first = {
        role: next((c for c in report.claims if c.type in TYPES and role in _ROLES.get(c.type, _GIVEN)), None)
        for role in {q.role for q in left}
    }
    found += [q for q in left if first[q.role] == claim]
    return [q for q in found if q.unit is None or q.unit.isupper()]


def _left(report: Report) -> list[Quantity]:
    """Return the numbers that no claim has."""
    of_claims = {n for c in report.claims for n in c.quantities}
    inside = [c for c in report.claims if c.type in TYPES]
    return [
        q
        for n, q in enumerate(report.quantities)
        if n not in of_claims and not any(c.start <= q.start < c.end for c in inside)
    ]


def _cells(
    report: Report, claim: Claim, quantity: Quantity | None, sides: tuple[str | None, str | None]
) -> dict[str, Said]:
    giver, receiver = sides
    if quantity is not None and claim.type != "need" and (whose := _whose(report, quantity)):
        giver = whose
    if claim.type == "command_change" or claim.type not in TYPES:
        giver = receiver = None  # they coordinate: who does is in the part of its own
    cells: dict[str, Said] = {
        "kind": "command" if claim.type == "command_change" else claim.type,
        "giver": giver,
        "receiver": receiver,
        "system": _coordination(report, claim) if claim.type == "command_change" else _system(report, claim, quantity),
        "state": (state(claim),),
    }
    if quantity is not None:
        due = cells["state"] == ("delivered",) and _STILL_DUE.search(quantity.text) is not None
        low = quantity.high if quantity.role == "from_to" else quantity.low  # a sum that grows is what it grows to
        cells |= {
            "low": None if due else number(low),
            "high": None if due else number(quantity.high),
            "unit": quantity.unit,
            "said": (quantity.text,),
        }
    return cells | about(report, claim)


def _sides(report: Report, claim: Claim) -> tuple[str | None, str | None]:
    """Return who gives and who receives. Countries and organisations do, not those who speak for them."""
    first, second = _acting(report, claim, claim.actors), _acting(report, claim, claim.to)
    if claim.type == "need" and first is None and claim.speaker:  # "The President of Ukraine reminded that it lacks"
        first = next(
            (n for e in report.entities if e.type == "country" and (n := e.name or e.text) in claim.speaker), None
        )
    receives = claim.type in _RECEIVES or (claim.type == "delivery" and _RECEIVING.search(claim.quote) is not None)
    return (second, first) if receives else (first, second)


def _acting(report: Report, claim: Claim, names: Sequence[str]) -> str | None:
    """Return those who act: no person where another is named, nobody of whom only the spokesman is heard."""
    persons = {n for e in report.entities if e.type == "person" for n in (e.name, e.text)}
    others = [n for n in names if n not in persons] or names
    speaker = claim.speaker or ""
    return ", ".join(n for n in others if n == speaker or n not in speaker) or None


def _whose(report: Report, quantity: Quantity) -> str | None:
    """Return whose it is, where the words before the number say so: "Germany's contribution of 30 billion"."""
    for entity in report.entities:
        between = report.text[entity.end : quantity.start]
        near = entity.end <= quantity.start and len(between) <= _WHOSE and not set(between) & set(".;:!?")
        if near and between[:2] in _POSSESSIVE and entity.type in ("country", "organisation"):
            return entity.name or entity.text
    return None


def _coordination(report: Report, claim: Claim) -> str:
    """Return what a command does, for the table; who took over what from whom has a table of its own."""
    who, before = commands.taken_over(report)
    led = ", ".join(dict.fromkeys((*claim.actors, *who)))
    return f"coordination{f' by {led}' if led else ''}{f', taken over from {before[0]}' if before else ''}"


def state(claim: Claim) -> str:
    """Return how far it has come."""
    if claim.type in ("need", "command_change"):
        return "needed" if claim.type == "need" else "coordinates"
    if claim.type == "delivery" and claim.modality == "fact":
        return "delivered"
    if claim.modality == "demand":
        return "asked for"
    if claim.type in ("licence", "procurement"):
        return "agreed" if claim.modality == "fact" else "planned"
    return "estimated" if claim.modality in ("estimate", "opinion") else "promised"


def _system(report: Report, claim: Claim, quantity: Quantity | None) -> str | None:
    """Return what is given: the systems that are named with the number, else what is counted, else money."""
    if quantity is not None and quantity.role == "cost":
        return "price"
    is_thing = quantity is not None and quantity.of is not None and quantity.of in quantity.text
    if quantity is not None and (quantity.unit or (abs(quantity.low) >= 1e6 and not is_thing)):
        return _MONEY
    start, end = (quantity.start, quantity.end) if quantity else (claim.start, claim.end)
    near = [e for e in report.entities if e.type == "system" and start <= e.start < end]
    wide = near or [e for e in report.entities if e.type == "system" and claim.start <= e.start < claim.end]
    if quantity is not None and not near:
        wide = [e for e in wide if e.start >= quantity.end] or wide  # "125,000 rounds for the Gepard"
    if wide and quantity is not None and quantity.of and _FOR.fullmatch(report.text[quantity.end : wide[0].start]):
        return f"{quantity.of} for {wide[0].name or wide[0].text}"
    if wide:
        return ", ".join(dict.fromkeys(e.name or e.text for e in wide))
    if quantity is not None:
        return quantity.of
    said = _KIT.search(claim.quote)
    return said[0].casefold() if said else None
