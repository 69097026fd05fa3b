"""Spending: targets and levels as a share of GDP, by country and speaker, with dates and stance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

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
    day,
    near,
    number,
    quantities,
    table,
    times,
)
from anchorwatch.desk.quantity_units import CURRENCIES
from anchorwatch.desk.report import Claim, Quantity, Report
from anchorwatch.desk.sentences import sentences

SHARE = "% of GDP"
ROLES = {"from_to": "asked for", "target": "asked for", "current": "now", "required": "would be required"}
COLUMNS = (
    Column("who", "country or alliance", many=True),
    Column("level", "level"),
    Column("low", "at least"),
    Column("high", "at most"),
    Column("unit", "unit"),
    Column("role", "what the level is"),
    Column("of", "of what"),
    Column("stance", "stance", many=True),
    *ABOUT,
)


def build(desk: Desk) -> Ledger:
    """Return the ledger: one row for each level that somebody names."""
    rows = table("spending", COLUMNS, _entries(desk), desk)
    return Ledger("spending", "Defence spending", COLUMNS, rows, (_dots(rows),))


def _entries(desk: Desk) -> Iterator[Entry]:
    for report, claim in desk.filed("spending", ("spending",)):
        at_us, until_us = times(report, claim)
        levels: list[Quantity | None] = [one for one in quantities(report, claim) if _is_level(one)]
        if claim == next((c for c in report.claims if c.type == "spending"), None):
            yield from _others(report, claim)
        for quantity in levels or [None]:
            cells = _cells(report, claim, quantity)
            who = claim.speaker or ", ".join(claim.actors)
            key = (
                who.casefold(),
                *(("", "") if quantity is None else (quantity.role, quantity.unit or "")),
                *_own(report, quantity),
            )
            yield Entry(report, claim, key, cells, at_us, until_us)


def _is_level(quantity: Quantity) -> bool:
    """Say whether a number is spending: the "15-20 years" that an alliance would take are none."""
    return quantity.unit in CURRENCIES or quantity.unit == SHARE or (quantity.unit == "%" and quantity.role in ROLES)


def _others(report: Report, claim: Claim) -> Iterator[Entry]:
    """Yield the levels that no claim has, told in another sentence: "Now this figure is nearly 3.4% of GDP"."""
    of_claims = {n for c in report.claims for n in c.quantities}
    spans = sentences(report.text) if len(of_claims) < len(report.quantities) else []
    for n, quantity in enumerate(report.quantities):
        inside = any(c.start <= quantity.start < c.end for c in report.claims)
        if n in of_claims or quantity.unit != SHARE or inside:
            continue
        start, end = next(((a, b) for a, b in spans if a <= quantity.start < b), (claim.start, claim.end))
        told = replace(claim, modality="fact", speaker=None, stance=None, when=None)
        told = replace(told, quote=report.text[start:end], start=start, end=end)
        cells = _cells(report, told, quantity) | {"speaker": (), "who": _states(report, claim)[:1]}
        at_us, until_us = times(report, told)
        yield Entry(report, told, ("", quantity.role, quantity.unit, str(quantity.start)), cells, at_us, until_us)


def _own(report: Report, quantity: Quantity | None) -> tuple[str, ...]:
    """Return what keeps two levels of one report apart, so that "5% instead of 2%" are no contradiction."""
    if quantity is None:
        return ("",)
    same = [q for q in report.quantities if q.role == quantity.role and q.unit == quantity.unit]
    return (str(same.index(quantity)),)


def _cells(report: Report, claim: Claim, quantity: Quantity | None) -> dict[str, Said]:
    speaker = claim.speaker or (claim.actors[0] if claim.actors else None)
    cells: dict[str, Said] = {
        "who": _whose(report, claim, quantity),
        # Who wants 5% instead of the current 2% is not for 2%.
        "stance": (claim.stance,) if claim.stance and (quantity is None or quantity.role != "current") else (),
    }
    if quantity is not None:
        low, high = _bounds(quantity)
        cells |= {
            "level": quantity.text,
            "low": low,
            "high": high,
            "unit": quantity.unit,
            "role": ROLES.get(quantity.role, quantity.role),
            "of": quantity.of,
        }
    said = about(report, claim) | {"speaker": (speaker,) if speaker else ()}
    if quantity is not None and quantity.role == "current" and claim.modality != "plan":
        said["modality"] = ("fact",)  # who demands 5% instead of the current 2% does not demand 2%
    return cells | said


def _bounds(quantity: Quantity) -> tuple[int | float | None, int | float | None]:
    """Return the least and the most that is meant: of a change where it shall lead, and "over 3%" has no end."""
    low = quantity.high if quantity.role == "from_to" else quantity.low
    hedge = (quantity.qualifier or "").casefold()
    return (
        None if hedge in ("up to", "under", "below", "less than", "at most", "no more than") else number(low),
        None if hedge in ("over", "more than", "at least", "above", "exceeding") else number(quantity.high),
    )


def _whose(report: Report, claim: Claim, quantity: Quantity | None) -> tuple[str, ...]:
    """Return of whom the level is: "NATO defense spending", else of those who act; who says it has its own column."""
    if quantity is not None and quantity.of:
        of = quantity.of.split()
        named = [e.name or e.text for e in report.entities if e.type in ("country", "organisation") and e.text in of]
        if named:
            return tuple(dict.fromkeys(named))
        if quantity.role == "required":
            return ()  # what something would take is nobody's level
    return _states(report, claim) or (() if claim.actors or claim.speaker else _named(report, claim))


def _states(report: Report, claim: Claim) -> tuple[str, ...]:
    """Return those who act and are no persons."""
    persons = {n for e in report.entities if e.type == "person" for n in (e.name, e.text)}
    return tuple(n for n in claim.actors if n not in persons and n != claim.speaker)


def _named(report: Report, claim: Claim) -> tuple[str, ...]:
    """Return the first country or organisation that is named, where nobody is said to act."""
    return tuple(e.name or e.text for e in near(report, claim, "country", "organisation")[:1])


def _dots(rows: Sequence[Row]) -> Plot:
    """Return who asks for what, as shares of GDP: a point for each level, at the upper end of a range."""
    by_who: dict[str, list[tuple[str, int | float, str]]] = {}
    for row in rows:
        high = row.cells.get("high") if row.cells.get("high") is not None else row.cells.get("low")
        if isinstance(high, int | float) and row.cells.get("unit") == SHARE:
            who = str(row.cells["speaker"] or row.cells["who"] or "not said")
            label = ", ".join(str(row.cells[k]) for k in ("level", "role", "stance") if row.cells[k])
            by_who.setdefault(who, []).append((day(row.at_us), high, label))
    series = tuple(Series(who, tuple(points)) for who, points in sorted(by_who.items()))
    return Plot("dots", "Who asks for what", "time", SHARE, series)
