"""What an amount of money is for: asked, given, spent, there; from verbs and from what it is the price or sum of."""

from __future__ import annotations

import re

from anchorwatch.desk.quantity_cues import MONEY, before, behind, predicate
from anchorwatch.desk.quantity_heads import changed, subject

_PAID = re.compile(r"\b(?:for|at|costing|costs?)\s(?:(?:a\s)?(?:price|cost|sum|total|value)\sof\s)?\Z")
_HELPS = re.compile(
    r"\b(?:aid|assistance|support|help|donat\w+|pledg\w+|contribut\w+|hand(?:s|ed|ing)?\sover|transfer\w*|provid\w+)\b"
)
_WORTH = re.compile(r"\b(?:worth|valued\sat|of)\s\Z")
_VALUED = re.compile(
    r"\b(?:worth|valued\sat|totall?ing|amounting\sto|in\sthe\samount\sof"
    r"|(?:with|to)\sa\s(?:total\s)?(?:value|volume|sum|amount)\sof)\s(?:a\stotal\sof\s)?\Z"
)
_AID = re.compile(
    r"\b(?:aid|assistance|support|package|tranche|donat\w+|pledg\w+|help|weapons|hand(?:s|ed|ing)?\sover|transfer\w*"
    r"|provid\w+|deliver(?:s|ed)?|suppl(?:y|ies|ied)|joint\spurchases)\b"
)
_ASSETS = re.compile(r"\b(?:assets|reserves|deposits|property)\b")
_HAS = re.compile(r"\b(?:has|have|holds?|owns?|possess(?:es)?)\s(?:(?:about|already|now|only|some|still)\s)?\Z")
_BRINGS = re.compile(
    r"\b(?:earn|bring|yield|generat|collect|rais)(?:s|ed|ing|es)?\s(?:[A-Z\w]\w+\s){0,2}\Z|\bbrought\s(?:\w+\s)?\Z"
)
_PRICED = re.compile(
    r"\b(?:costs?|prices?|bills?)\s(?:of|for)\s[^.,;]{1,60}\s(?:is|are|was|were|be|been|at|to|reach(?:es|ed)?|exceed(?:s|ed)?)\s\Z"
)
_OUTLAY = re.compile(
    r"\b(?:allocat|earmark|set(?:s|ting)?\saside|budgeted|approv|unlock|reserv|releas)\w*\s(?:[\w-]+\s){0,4}\Z"
)
_FOR_WHAT = re.compile(r"\s(?:for|on|to)\s")
_TO_OTHERS = re.compile(
    r"\b(?:Ukrain|Kyiv|Kiev|Moldova|Chișinău|Chisinau|Zelensk|allies|partners?\b|aid\b|assistance|support|donat|loans?\b"
    r"|grants?\b)"
)
_WOULD_TAKE = re.compile(r"\b(?:would|will|could|may|might)\s(?:take|require|need|be\s(?:needed|required))\s\Z")
_PRICE = re.compile(r"(?:prices?|tariffs?|rates?|bills?|fees?|wages?|salar(?:y|ies)|pensions?)\Z", re.IGNORECASE)
# What the amount is the amount of says what it is for.
_BY_NOUN = tuple(
    (re.compile(rf"(?:{nouns})\Z", re.IGNORECASE), role)
    for nouns, role in (
        ("gaps?|shortfalls?|shortages?|needs?|requirements?|requests?", "needed"),
        ("costs?|prices?|bills?|investments?|expenses?|expenditures?|damages?|fines?|tenders?|contracts?|deals?|purchases?"
         "|orders?|projects?|repairs?|works|budgets?|construction|tags?", "cost"),
        ("aid|assistance|support|help|packages?|loans?|grants?|tranches?|contributions?|donations?|pledges?", "given"),
        ("funds?|reserves?|deficits?|debts?|assets|revenues?|turnover|trade|exports|imports|pool|total|profits?|savings"
         "|loss(?:es)?|income", "total"),
    )
)  # fmt: skip


def of_money(text: str, left: int, start: int, end: int, right: int) -> str:
    """Return the role of the amount at `start:end`; its sentence is looked at from `left` to `right`."""
    said = text[left:start]
    near = before(MONEY, text, left, start)
    if near == "needed" or _WOULD_TAKE.search(said):
        return "needed"
    found = _by_what_it_is(said, text[end:right]) or predicate(MONEY, text, end, right)
    if found:
        return found
    around = text[max(0, left - 60) : end + 120]
    if _OUTLAY.search(said) and _FOR_WHAT.match(text, end) and not _TO_OTHERS.search(around):
        return "cost"
    found = near or behind(MONEY, text, end, right)
    if found == "cost" and _HELPS.search(said):
        return "given"
    return "needed" if found == "required" else found or "cost"


def _by_what_it_is(said: str, behind_it: str) -> str | None:
    """Return the role that what is worth, or amounts to, so much gives: a price, an aid, a fund."""
    if _WORTH.search(said) and _ASSETS.search(said, max(0, len(said) - 60)):
        return "total"
    if _VALUED.search(said):
        return "given" if _AID.search(said) or _AID.search(behind_it) else "cost"
    if _PAID.search(said) or _PRICED.search(said):
        what = changed(said)
        return _of_noun(what) or "cost" if what else "cost"
    if _HAS.search(said):
        return "current"
    if _BRINGS.search(said):
        return "total"
    what = subject(said) or changed(said)
    if what and said.endswith(" by ") and _PRICE.search(what):
        return "measure"
    return _of_noun(what) if what else None


def _of_noun(what: str) -> str | None:
    return next((role for nouns, role in _BY_NOUN if nouns.search(what)), None)
