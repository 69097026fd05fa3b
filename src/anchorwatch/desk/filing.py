"""In which ledgers a report belongs, by what it claims."""

from __future__ import annotations

from collections.abc import Sequence

from anchorwatch.desk.cues import Found
from anchorwatch.desk.event_rules import Rules, packaged
from anchorwatch.desk.notes import notes
from anchorwatch.desk.relevance import subjects_of
from anchorwatch.desk.report import LEDGERS, Claim

__all__ = ["ledgers_of", "notes"]

BY_TYPE = {
    "infrastructure_damage": "incidents", "outage": "incidents", "airspace_incident": "incidents",
    "presence": "presence", "control_zone": "presence", "exercise": "presence",
    "facility_security": "energy", "grid_change": "energy",
    "need": "assistance", "pledge": "assistance", "licence": "assistance", "procurement": "assistance",
    "delivery": "assistance", "command_change": "assistance",
    "spending": "spending", "meeting": "calendar",
    "legislation": "positions", "appointment": "positions", "statement": "positions",
}  # fmt: skip
SHORT = 600  # characters: so short a text is about one thing; a claim of a longer one is judged by its own words


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
        found.update(_of_claim(claim, subjects_of(text if len(text) <= SHORT else claim.quote, rules)))
    if "calendar" in found and claims[0].type == "appointment" and not any(c.type == "statement" for c in claims):
        found.discard("positions")  # somebody takes office and travels: the visit is what is filed
    return tuple(ledger for ledger in LEDGERS if ledger in found) or ("positions",)


def _of_claim(claim: Claim, about: Found) -> tuple[str, ...]:
    """Return the ledgers of one claim; `about`: the groups of words of the text around it."""
    usual = BY_TYPE[claim.type]
    if claim.type == "infrastructure_damage" and "r_power_line" in about:
        return ("incidents", "energy")
    if claim.type == "facility_security" and "r_spy" in about:
        return ("incidents", usual)
    if claim.type == "outage":
        return ("incidents", "energy") if "r_electric" in about else ("incidents",)
    if claim.type == "exercise":
        return ("incidents",) if "r_attack" in about and "r_russia" in about else (usual,)
    if claim.type == "legislation":
        return (_of_law(about),)
    if claim.type == "command_change":
        return (usual,) if "r_ukraine" in about or "r_aid" in about else ("presence",)
    if claim.type == "statement" and "r_frozen" in about:
        return ("assistance", "positions")
    return (usual,)


def _of_law(about: Found) -> str:
    """Return the ledger of a law, by what it is about."""
    for group, ledger in (
        ("r_sanction", "positions"),
        ("r_force", "presence"),
        ("r_facility", "energy"),
        ("r_spend", "spending"),
    ):
        if group in about:
            return ledger
    return "positions"
