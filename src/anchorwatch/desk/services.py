"""Whose ministry or navy it is: every nation has one, so that without the nation it has no name of its own."""

from __future__ import annotations

from anchorwatch.desk.gazetteer import NATION, Entry
from anchorwatch.desk.scan import Found, Scan

_GENERIC = frozenset(
    {"navy", "army", "air", "force", "forces", "armed", "coast", "guard", "border", "general", "staff", "ground"}
    | {"land", "defence", "defense", "national", "naval", "state", "marine", "corps", "parliament", "coastguard"}
)


def is_of_nation(scan: Scan, found: Found) -> bool:
    """Return whether this is a ministry, or a service by its bare name."""
    words = scan.cut.folds[found.i : found.j]
    if found.type == "organisation" and "ministry" in (words[0], words[-1]):
        return True
    return found.type in ("force", "organisation") and _GENERIC.issuperset(words)


def name_of(scan: Scan, found: Found, text: str) -> str | None:
    """Return "Ministry of Defense of Lithuania", "Lithuanian Navy"; None where the nation is not said."""
    ministry = "ministry" in scan.cut.folds[found.i : found.j]
    owner = _owner(scan, found) or (None if ministry else _only_nation(scan, found))
    if owner is None:
        return None
    if ministry or not owner.adjectives:
        return f"{text} of {owner.name}"
    return f"{owner.adjectives[0]} {text}"


def _owner(scan: Scan, found: Found) -> Entry | None:
    """Return the country before it, as an adjective or as its owner, or after "of"."""
    folds = scan.cut.folds
    before = scan.part[found.i - 1] if found.i else None
    if before is not None and len(scan.cut.gap(found.i)) <= 3 and before.form.entry.type in ("country", NATION):
        return before.form.entry
    at = found.j + 1
    after = scan.part[at] if at < len(folds) and folds[found.j] == "of" else None
    return after.form.entry if after is not None and after.form.entry.type == "country" else None


def _only_nation(scan: Scan, found: Found) -> Entry | None:
    """Return the nation that the text has spoken of so far, where it is one only."""
    before = (m.form.entry for m in scan.matches if m.j <= found.i)
    said = {entry.id: entry for entry in before if entry.type in ("country", NATION)}
    return next(iter(said.values())) if len(said) == 1 else None
