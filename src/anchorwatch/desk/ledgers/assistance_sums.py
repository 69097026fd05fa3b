"""What follows from the rows of assistance: what is still open, what each giver gives of what it has.

Only rows that name giver, receiver, what and one number are added up; where they do not, it is said that nobody knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from anchorwatch.desk.ledgers.figures import Figures
from anchorwatch.desk.ledgers.ledger import Cell, Column, Ledger, Plot, Row, Series, number
from anchorwatch.desk.report import Source

OPEN_COLUMNS = (
    Column("giver", "giver"),
    Column("receiver", "receiver"),
    Column("system", "of what"),
    Column("unit", "unit"),
    Column("promised", "promised"),
    Column("delivered", "delivered"),
    Column("open", "still open"),
    Column("why", "why it is not known"),
)
SHARE_COLUMNS = (
    Column("giver", "giver"),
    Column("amount", "promised or given"),
    Column("unit", "unit"),
    Column("of_gdp", "share of GDP", "%"),
    Column("a_head", "a head", "USD"),
    Column("why", "why it is not known"),
)
_GIFTS = ("pledge", "delivery", "procurement")
_PROMISED = ("promised", "agreed")


def single(row: Row) -> float | None:
    """Return the number of a row; None for a range, a difference between sources, or none."""
    low, high = row.cells.get("low"), row.cells.get("high")
    if isinstance(low, int | float) and low == high:
        return float(low)
    return None


def _matched(row: Row) -> tuple[str, str, str, str] | None:
    """Return by what a promise and a delivery are matched; None where something is missing or differs."""
    keys = ("giver", "receiver", "system")
    if single(row) is None or set(row.differs) & {*keys, "unit", "low", "high"}:
        return None
    giver, receiver, system = (row.cells.get(k) for k in keys)
    if not (giver and receiver and system):
        return None
    return str(giver), str(receiver), str(system), str(row.cells.get("unit") or "")


def still_open(rows: Sequence[Row]) -> tuple[Ledger, tuple[str, ...]]:
    """Return promised less delivered, and what to know of it."""
    promised: Counter[tuple[str, str, str, str]] = Counter()
    delivered: Counter[tuple[str, str, str, str]] = Counter()
    sources: dict[tuple[str, str, str, str], list[Source]] = defaultdict(list)
    unknown = 0
    for row in rows:
        states = str(row.cells.get("state") or "")
        if row.cells.get("kind") not in _GIFTS or row.cells.get("system") == "price":
            continue
        key, value = _matched(row), single(row)
        if key is None or value is None:
            unknown += 1
            continue
        kind = delivered if states == "delivered" else promised if states in _PROMISED else None
        if kind is not None:
            kind[key] += value  # type: ignore[assignment]  # a Counter of numbers, not of counts
            sources[key] += row.sources
    made = tuple(_open_row(k, promised.get(k), delivered.get(k), sources[k]) for k in sorted(sources))
    notes = ["Each row counts once; two reports that were not seen to be the same event count twice."] if made else []
    if unknown:
        rows_say = "One row does" if unknown == 1 else f"{unknown} rows do"
        notes.append(f"{rows_say} not say who gives how many of what to whom: what is open there cannot be known.")
    return Ledger("assistance/open", "Still open", OPEN_COLUMNS, made), tuple(notes)


def _open_row(
    key: tuple[str, str, str, str], promised: float | None, delivered: float | None, sources: list[Source]
) -> Row:
    giver, receiver, system, unit = key
    why = None
    if promised is None:
        why = "no promise of it was reported"
    elif delivered is not None and delivered > promised:
        why = "more was delivered than promised: some reports may tell the same delivery, or another"
    cells: dict[str, Cell] = {
        "giver": giver,
        "receiver": receiver,
        "system": system,
        "unit": unit or None,
        "promised": None if promised is None else number(promised),
        "delivered": None if delivered is None else number(delivered),
        "open": None if why or promised is None else number(promised - (delivered or 0)),
        "why": why,
    }
    return Row("l1-open " + " ".join(key).casefold()[:80], None, cells, tuple(dict.fromkeys(sources)))


def shares(rows: Sequence[Row], figures: Figures) -> Ledger:
    """Return what each giver has promised or given in money, against its GDP and a head, by the user's figures."""
    sums: Counter[tuple[str, str]] = Counter()
    sources: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for row in rows:
        value, giver, unit = single(row), row.cells.get("giver"), row.cells.get("unit")
        given = row.cells.get("kind") in ("pledge", "delivery") and row.cells.get("system") == "money"
        if value is None or not giver or not given or "giver" in row.differs:
            continue
        key = (str(giver), str(unit or ""))
        sums[key] += value  # type: ignore[assignment]  # money, not a count
        sources[key] += row.sources
    made = tuple(_share_row(k, sums[k], sources[k], figures) for k in sorted(sums))
    known = [(str(r.cells["giver"]), r.cells["of_gdp"]) for r in made if r.cells["of_gdp"] is not None]
    plot = Plot(
        "bars", "Share of GDP", "giver", "% of GDP", (Series("promised or given", tuple(known)),) if known else ()
    )
    return Ledger("assistance/shares", "Shares", SHARE_COLUMNS, made, (plot,) if known else ())


def _share_row(key: tuple[str, str], amount: float, sources: list[Source], figures: Figures) -> Row:
    giver, unit = key
    dollars = figures.in_usd(amount, unit or None)
    gdp, people = figures.gdp_usd.get(giver), figures.population.get(giver)
    missing = [] if unit else ["the reports name no currency"]
    if unit and dollars is None:
        missing.append(f"no rate for {unit} is given")
    missing += [] if gdp else ["no GDP is given"]
    missing += [] if people else ["no population is given"]
    cells: dict[str, Cell] = {
        "giver": giver,
        "amount": number(amount),
        "unit": unit or None,
        "of_gdp": None if dollars is None or not gdp else round(100 * dollars / gdp, 4),
        "a_head": None if dollars is None or not people else round(dollars / people, 2),
        "why": "; ".join(missing) or None,
    }
    return Row("l1-share " + " ".join(key).casefold()[:80], None, cells, tuple(dict.fromkeys(sources)))


def bars(rows: Sequence[Row]) -> Plot:
    """Return numbers of systems by who gives or needs them, a series for each state; money is not among them."""
    by_state: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        value = single(row)
        if value is None or row.cells.get("system") in ("money", "price") or row.cells.get("unit"):
            continue
        who = row.cells.get("giver") or "giver not said"
        name = f"{who} to {row.cells.get('receiver') or 'receiver not said'}: {row.cells.get('system') or 'not said'}"
        by_state[str(row.cells["state"])][name] += value  # type: ignore[assignment]  # numbers of systems
    series = tuple(
        Series(state, tuple((name, number(v)) for name, v in sorted(count.items())))
        for state, count in sorted(by_state.items())
    )
    return Plot("bars", "Needed, promised, delivered", "who and what", "number", series)
