"""The ledgers of the desk: what reports say, kept as tables with their sources, each with a plot and an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from anchorwatch.desk.ledgers import assistance, calendar, energy, incidents, positions, presence, spending
from anchorwatch.desk.ledgers.figures import Figures
from anchorwatch.desk.ledgers.ledger import Column, Desk, Ledger, Plot, Row, Series, flat, to_json
from anchorwatch.desk.report import LEDGERS, Report
from anchorwatch.errors import BadUse

__all__ = ["LEDGERS", "Column", "Figures", "Ledger", "Plot", "Row", "Series", "build", "build_all", "flat", "to_json"]

_BUILD: dict[str, Callable[[Desk], Ledger]] = {
    "incidents": incidents.build,
    "presence": presence.build,
    "energy": energy.build,
    "spending": spending.build,
    "positions": positions.build,
    "calendar": calendar.build,
}


def build(
    name: str,
    reports: Sequence[Report],
    stories: Mapping[str, str] | None = None,
    now_us: int | None = None,
    figures: Figures | None = None,
) -> Ledger:
    """Return one ledger. stories: id of a report -> id of its story; now_us: what is past; figures: the user's own."""
    desk = Desk(reports, dict(stories or {}), now_us)
    if name == "assistance":
        return assistance.build(desk, figures or Figures())
    if name not in _BUILD:
        raise BadUse(f"no ledger is called {name[:40]!r}", "ledgers", f"Known are {', '.join(LEDGERS)}")
    return _BUILD[name](desk)


def build_all(
    reports: Sequence[Report],
    stories: Mapping[str, str] | None = None,
    now_us: int | None = None,
    figures: Figures | None = None,
) -> dict[str, Ledger]:
    """Return all ledgers by name."""
    return {name: build(name, reports, stories, now_us, figures) for name in LEDGERS}
