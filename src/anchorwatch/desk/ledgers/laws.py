"""Laws: what becomes secret by them, and what stays public, in the words of the report."""

from __future__ import annotations

import re

from anchorwatch.desk.ledgers.ledger import Column, Said
from anchorwatch.desk.report import Claim, Report

COLUMNS = (
    Column("secret", "becomes secret", many=True),
    Column("public", "stays public", many=True),
)
# Each begins with a fixed word and takes so many characters at most: linear.
_SECRET = (
    re.compile(
        r"\b(?:include|classif(?:y|ies|ied)|withhold|hide|remove|put|keep)\s([^.;!?\n]{3,160}?)\s"
        r"(?:in|into|among|as|from|under)\s(?:the |an? )?(?:state |official |military |public )?"
        r"(?:secrets?|secrecy|classified|registers?|records)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\bwants? ([^.;!?\n]{3,160}?) to (?:vanish|disappear) from public\b", re.IGNORECASE),
)
_PUBLIC = re.compile(
    r"\bexceptions? (?:will be|is|are|for|applies to|covers?)\s(?:made for\s)?([^.;!?\n]{3,160})", re.IGNORECASE
)
_LONGEST = 400  # characters before and behind the claim


def terms(report: Report, claim: Claim) -> dict[str, Said]:
    """Return the cells of a law; none of any other claim."""
    if claim.type != "legislation":
        return {}
    said = report.text[max(0, claim.start - _LONGEST) : claim.end + _LONGEST]
    secret = next((m[1].strip() for one in _SECRET if (m := one.search(said))), None)
    public = _PUBLIC.search(said)
    return {"secret": (secret,) if secret else (), "public": (public[1].strip(),) if public else ()}
