"""In which ledgers a report belongs, by what it claims."""

from __future__ import annotations

from collections.abc import Sequence

from anchorwatch.desk.event_rules import Rules, packaged
from anchorwatch.desk.notes import notes
from anchorwatch.desk.report import LEDGERS, Claim

__all__ = ["ledgers_of", "notes"]

BY_TYPE = {
    "infrastructure_damage": "incidents", "outage": "incidents", "presence": "presence", "control_zone": "presence",
    "airspace_incident": "incidents", "exercise": "presence", "facility_security": "energy", "grid_change": "energy",
    "need": "assistance", "pledge": "assistance", "licence": "assistance", "procurement": "assistance", "delivery": "assistance",
    "command_change": "assistance", "spending": "spending", "legislation": "positions", "meeting": "calendar",
    "appointment": "positions", "statement": "positions",
}  # fmt: skip


def ledgers_of(
    claims: Sequence[Claim], relevance: float, text: str = "", rules: Rules | None = None
) -> tuple[str, ...]:
    """Return the ledgers of a report; none only where it is not relevant."""
    rules = rules or packaged()
    if relevance < rules.relevant_from:
        return ()
    found: set[str] = set()
    for i, claim in enumerate(claims):
        if i and claim.type == "statement" and claim.topic is None:
            continue
        found.add(BY_TYPE[claim.type])
    return tuple(ledger for ledger in LEDGERS if ledger in found) or ("positions",)
