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
    r"\b(?:Ukrain|Kyiv|Kiev|Moldova|Chișinău|Chisinau|Zelensk|PURL\b|allies|partners?\b|aid\b|assistance|support|donat|loans?\b"
    r"|grants?\b|purse|wallets?\b|pockets?\b|generos)"
)
# Whom it is for says that it is given, but for prices and losses: "500 million for Kyiv", "400 million in aid".
_BENEFIT = re.compile(
    r"(?:\s[\w-]+){0,7}?\s(?:for|to)\s(?:the\s)?(?:[a-z-]+\s){0,2}(?:Ukrain|Kyiv|Kiev|Zelensk|Moldova|Chișinău|Chisinau|PURL\b)"
    r"|\s(?:of|in|worth\sof)\s(?:(?:new|more|direct|additional|further|American|European)\s){0,2}(?:(?:military|financial|humanitarian"
    r"|economic|macro-financial)\s)?(?:aid|assistance|support)\b"
)
_PRICE_SAID = re.compile(
    r"\b(?:costs?|costing|prices?|priced|bills?|loss(?:es)?|los[te]s?|damages?|fines?|budgets?|contracts?|deals?|worth|debts?"
    r"|sold|sells?|exports?|compensation|owes?)\b"
)
_WITHOUT = re.compile(r"\b[Ww]ithout\s(?:(?:the|these|those|its|their|a|an|another)\s)?\Z")
_AMOUNT_OF = re.compile(r"\b([^\W\d_][\w-]{2,30})\sof\s(?:a\stotal\sof\s)?\Z")
_GOES_FOR = re.compile(
    r"\b(?:thank\w*|vot(?:e|es|ed|ing)|way|agree\w*|call\w*|hop\w*|wait\w*|consent\w*|approv\w*|appeal\w*)\sfor\s\Z"
)
_CHIPS_IN = re.compile(
    r"\b(?:chip|pay|paid|throw|come|came|stump|cough|put)(?:s|ped|ed|ing|ping)?\s(?:in|up|up\swith)\s(?:another\s|with\s)?\Z"
)
_MAKES = re.compile(r"\b(?:mak(?:e|es|ing)|made)\s(?:another\s)?\Z")
_AVAILABLE = re.compile(r"(?:\s[\w-]+){0,6}?\savailable\b")
_BOUGHT_FOR = re.compile(r"\A(?:[Ff]or)\s\Z")
_INCOME = re.compile(
    r"[^.;,]{0,40}\sfrom\s[^.;,]{0,30}\b(?:exports?|sales|taxes|oil|gas|trade)\b|\sin\s(?:interest|revenues?|taxes)\b"
)
_WOULD_TAKE = re.compile(r"\b(?:would|will|could|may|might)\s(?:take|require|need|be\s(?:needed|required))\s\Z")
_PRICE = re.compile(r"(?:prices?|tariffs?|rates?|bills?|fees?|wages?|salar(?:y|ies)|pensions?)\Z", re.IGNORECASE)
# What the amount is the amount of says what it is for.
_BY_NOUN = tuple(
    (re.compile(rf"(?:{nouns})\Z", re.IGNORECASE), role)
    for nouns, role in (
        ("gaps?|holes?|shortfalls?|lacks?|shortages?|needs?|requirements?|requests?", "needed"),
        ("costs?|prices?|bills?|investments?|expenses?|expenditures?|damages?|fines?|tenders?|contracts?|deals?|purchases?"
         "|orders?|projects?|repairs?|works|budgets?|construction|tags?", "cost"),
        ("aid|assistance|support|help|packages?|loans?|grants?|tranches?|contributions?|donations?|pledges?", "given"),
        ("funds?|reserves?|deficits?|debts?|assets|revenues?|turnover|trade|exports|imports|pool|total|profits?|savings"
         "|loss(?:es)?|income", "total"),
    )
)  # fmt: skip


def of_money(text: str, left: int, start: int, end: int, right: int) -> str:
    """Return the role of the amount at `start:end`; its sentence is looked at from `left` to `right`."""
    left = max(left, text.rfind("; ", left, start) + 1)
    said = text[left:start]
    near = before(MONEY, text, left, start)
    if near == "needed" or _WOULD_TAKE.search(said) or _WITHOUT.search(said):
        return "needed"
    done = predicate(MONEY, text, end, right)
    if done in ("needed", "required"):
        return "needed"
    if _CHIPS_IN.search(said) or (_AVAILABLE.match(text, end) and _MAKES.search(said)):
        return "given"
    if _BENEFIT.match(text, end) and not _PRICE_SAID.search(said, max(0, len(said) - 50)):
        return "given"
    found = _by_what_it_is(said, text[end:right]) or done
    if found:
        return found
    to_others = _TO_OTHERS.search(text[max(0, left - 60) : end + 120])
    if _OUTLAY.search(said) and _FOR_WHAT.match(text, end) and not to_others:
        return "cost"
    found = near or behind(MONEY, text, end, right)
    if found == "cost" and _HELPS.search(said):
        return "given"
    return "needed" if found == "required" else found or ("given" if to_others else "cost")


def _by_what_it_is(said: str, behind_it: str) -> str | None:
    """Return the role that what is worth, or amounts to, so much gives: a price, an aid, a fund."""
    if _WORTH.search(said) and _ASSETS.search(said, max(0, len(said) - 60)):
        return "total"
    if _VALUED.search(said):
        if (what := subject(said)) and (found := _of_noun(what)):
            return found
        return "given" if _AID.search(said) or _AID.search(behind_it) else "cost"
    if (amount := _AMOUNT_OF.search(said)) and (found := _of_noun(amount.group(1))):
        return found
    if _INCOME.match(behind_it):
        return "total"
    if _BOUGHT_FOR.match(said.lstrip()):
        return "cost"
    if (_PAID.search(said) and not _GOES_FOR.search(said)) or _PRICED.search(said):
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
