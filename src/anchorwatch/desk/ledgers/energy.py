"""Energy: grids disconnected and connected, facilities under raised security, capacity that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anchorwatch.desk.attempts import attempted
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
    day,
    number,
    quantities,
    table,
    times,
)
from anchorwatch.desk.report import Claim, Quantity, Report

TYPES = ("grid_change", "facility_security", "outage", "legislation", "infrastructure_damage")
MAIN = ("grid_change", "facility_security", "outage")
KINDS = {
    "grid_change": "connection of grids",
    "facility_security": "security of facilities",
    "outage": "outage",
    "legislation": "law",
    "infrastructure_damage": "damage",
    "need": "need",
    "spending": "money",
    "procurement": "purchase",
}
# Watts of a unit; capacity is shown in MW, as grid operators do.
_MW = {"W": 1e-6, "kW": 1e-3, "MW": 1.0, "GW": 1e3, "TW": 1e6}
COLUMNS = (
    Column("kind", "what"),
    Column("who", "who", many=True),
    Column("to", "with or from whom", many=True),
    Column("assets", "assets and facilities", many=True),
    Column("place", "where", many=True),
    Column("capacity", "capacity", "MW"),
    Column("affected", "affected"),
    Column("counted", "of what"),
    *laws.COLUMNS,
    *ABOUT,
)


def build(desk: Desk) -> Ledger:
    """Return the ledger."""
    rows = table("energy", COLUMNS, _entries(desk), desk)
    notes = ("Capacity is what the reports say of it, added up by nobody: two reports may mean the same cable.",)
    return Ledger("energy", "Energy", COLUMNS, rows, (_capacity(rows), _timeline(rows)), notes)


def _entries(desk: Desk) -> Iterator[Entry]:
    for report, claim in desk.filed("energy", TYPES):
        others = [c for c in report.claims if c.type in MAIN and not attempted(c)]
        if (claim.type not in MAIN or attempted(claim)) and others:
            continue
        at_us, until_us = times(report, claim)
        key = (claim.type, ",".join(sorted(claim.assets)))
        yield Entry(report, claim, key, _cells(report, claim), at_us, until_us)


def _megawatts(found: Sequence[Quantity]) -> float | int | None:
    for quantity in found:
        if quantity.unit in _MW:
            return number(round(quantity.high * _MW[quantity.unit], 6))
    return None


def _cells(report: Report, claim: Claim) -> dict[str, Said]:
    counted = next((q for q in quantities(report, claim, "total", "size") if q.unit is None), None)
    named = tuple(e.name or e.text for e in report.entities if e.type == "asset" and claim.start <= e.start < claim.end)
    cells: dict[str, Said] = {
        "kind": KINDS.get(claim.type, "other"),
        "who": claim.actors,
        "to": claim.to,
        "assets": named or claim.assets,
        "place": (claim.place,) if claim.place else (),
        "capacity": _megawatts(quantities(report, claim)),
        "affected": number(counted.low) if counted else None,
        "counted": counted.of if counted else None,
    }
    return cells | laws.terms(report, claim) | about(report, claim)


def _label(row: Row) -> str:
    return str(row.cells["assets"] or row.cells["place"] or row.cells["who"] or "not said")


def _capacity(rows: Sequence[Row]) -> Plot:
    """Return capacity over time, where reports give one; what is changed, lost or planned is named by its series."""
    by_kind: dict[str, list[tuple[str, int | float, str]]] = {}
    for row in rows:
        capacity = row.cells["capacity"]
        if isinstance(capacity, int | float):
            by_kind.setdefault(str(row.cells["kind"]), []).append((day(row.at_us), capacity, _label(row)))
    series = tuple(Series(kind, tuple(points)) for kind, points in sorted(by_kind.items()))
    return Plot("dots", "Transfer capacity affected", "time", "MW", series)


def _timeline(rows: Sequence[Row]) -> Plot:
    by_kind: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        by_kind.setdefault(str(row.cells["kind"]), []).append((day(row.at_us), str(row.cells["kind"]), _label(row)))
    series = tuple(Series(kind, tuple(points)) for kind, points in sorted(by_kind.items()))
    return Plot("timeline", "Grid and facilities in time", "time", "what", series)
