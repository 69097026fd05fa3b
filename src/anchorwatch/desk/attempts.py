"""What was attempted or threatened, and is not said to have happened: "attempts to disrupt the connection"."""

from __future__ import annotations

import re

from anchorwatch.desk.report import Claim

TYPES = ("infrastructure_damage", "outage")
_ATTEMPT = re.compile(
    r"\b(?:attempt(?:s|ed)?|tr(?:y|ies|ied|ying)|plot(?:s|ted)?|threat(?:s|en|ens|ened)?|foil(?:s|ed)?|thwart(?:s|ed)?"
    r"|avert(?:s|ed)?|prevent(?:s|ed)?)\s(?:to|of|at|against|an? (?:attempt|attack|sabotage))\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:damaged|severed|broken|broke|ruptured|destroyed|disabled|failed|leaked|leaking|cut off|were cut|was cut"
    r"|without (?:power|electricity|heating|internet)|blackout)\b",
    re.IGNORECASE,
)


def attempted(claim: Claim) -> bool:
    """Tell whether the words of a claim speak of an attempt at damage, and of none that came of it."""
    if claim.type not in TYPES:
        return False
    return _ATTEMPT.search(claim.quote) is not None and _DONE.search(claim.quote) is None
