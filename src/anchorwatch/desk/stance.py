"""What a statement is about, and whether its speaker is for it, against it, or for it on a condition."""

from __future__ import annotations

from anchorwatch.desk.cues import Found
from anchorwatch.desk.event_rules import Rules

WITH_STANCE = frozenset({"statement", "spending", "legislation"})


def topic_of(type_: str, found: Found, rules: Rules) -> str | None:
    """Return what a claim is about, where that is one of the topics of the rules."""
    if type_ == "spending":
        return "defence spending"
    if type_ not in ("statement", "meeting"):
        return None
    return next((topic for group, topic in rules.topics if group in found), None)


def stance_of(type_: str, found: Found) -> str | None:
    """Return the side of the speaker; None where the words show none."""
    if type_ not in WITH_STANCE:
        return None
    if type_ == "spending" and "stay_v" in found:
        return None  # who remains at 2% despite calls for more is not for more
    if "s_if" in found:
        return "conditional"
    if "s_against" in found:
        return "against"
    return "for" if "s_for" in found else None
