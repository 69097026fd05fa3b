"""Heads of noun phrases before a number: who or what "will cost", "lasted", "is worth" so much."""

from __future__ import annotations

import re

from anchorwatch.desk.word_lists import every

_AUX = (
    r"(?:(?:will|would|could|can|may|might|should|must|shall|has|have|had|is|are|was|were|been|be|to|already|now|only"
    r"|also|still|expected|estimated|planned|supposed|likely|currently|again|even|thus|therefore|alone)\s){0,5}"
)
# What is said of the subject right before a number, perhaps with whom it costs.
_VERBS = (
    r"(?:(?:cost|costs|costing)(?:\s(?:the\s)?[\w\u2019'-]{1,30}){0,3}?|tak(?:e|es|ing)|took|taken|last(?:s|ed|ing)?"
    r"|requir(?:e|es|ed)|needs?|needed|swallow(?:s|ed)?|devour(?:s|ed)?|consumes?|runs?|ran|continued?|continues|(?:go|goes|went|drag(?:s|ged)?)\son|(?:ris(?:es|en)|rose|slowed|slows|dived|dives|descended|climbed|accelerated)(?:\sdown)?\sto|covers?|covered|(?:drifting|drifted|sailing|sailed|stopped|located|situated|anchored|lies|lay|lying)"
    r"|amount(?:s|ed|ing)?\sto|total(?:s|led|ed|ling|ing)?|reach(?:es|ed)?|exceed(?:s|ed)?|stands?\sat|stood\sat|equals?"
    r"|com(?:e|es)\sto|came\sto|(?:estimated|valued|priced|put|set|assessed)\sat|is|are|was|were|be|been|worth"
    r"|(?:rise|rises|rose|risen|fall|falls|fell|fallen|grow|grows|grew|grown|climb|climbs|climbed|soar|soars|soared|swell|swells|drop|drops|dropped|decline[sd]?|increase[sd]?"
    r"|decrease[sd]?|jump(?:s|ed)?|shrank|shrunk|shrink|raised|reduced|cut|lowered|change[sd]?)(?:\s(?:by|to))?"
    r"|extend(?:s|ed)?(?:\sfor)?|stretch(?:es|ed)?(?:\sfor)?|account(?:s|ed)?\sfor|holds?|held)"
)
_PREDICATE = re.compile(rf"(?:\A|\s)(?:which\s|that\s)?{_AUX}{_VERBS}(?:\s(?:for|at|to|a\stotal\sof|up\sto))?\s\Z")
_CLAUSE = re.compile(r"[,;:(\u2013—]\s?|\s(?:and|but|that|because|while|as|since|if|when|after|where)\s")
_DETERMINER = re.compile(r"(?:\A|\b)(?:the|an?|its|their|this|that|these|those|his|her|our|another|such|each)\s", re.I)
_PREPOSITION = re.compile(
    r"\s(?:of|for|in|on|at|to|from|with|by|between|under|about|against|into|over|near|within|through|across|without"
    r"|before|after|during|around|along|since|until|which|that|who)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[^\W_][\w\u2019'/-]*")
_LEADS = every(
    "the a an its their this that these those his her our another such each now then also thus so currently however"
    " all some any today meanwhile earlier only about nearly and but or if as"
)
_EMPTY = every(
    "it this that they he she we who which work there what here some others not only one two three be is was has have"
    " these those you all"
)
# What is no thing itself: the creation of an alliance is of the alliance, "the figure is" of what was said before.
_LIGHT = re.compile(r"(?:\A|\s)(?:creation|formation|establishment|total|sum|amount|number|[Ee]ach)\sof\s")
_MEASURES = every("figure level amount sum total number share value rest result half most part price cost capacity")
_OPENS_PHRASE = every("of for in on at to from with by under about after before during since according")
_WITH = re.compile(
    r"\s(?P<how>with|has|have|had|having|will\shave|would\shave)\s(?:an?\s|the\s)?"
    r"(?:(?:total|annual|combined|maximum|overall|design|transmission|nominal|estimated|yearly)\s){0,2}"
    r"(?:capacity|volume|output|throughput|value|total|sum|amount|power)\sof\s\Z"
)
_WORTH = re.compile(
    r"\s(?:worth|valued\sat|costing|totall?ing|amounting\sto|in\sthe\samount\sof|(?:with|to)\sa\s(?:total\s)?(?:value|sum"
    r"|amount|volume)\sof)\s(?:a\stotal\sof\s)?\Z"
)
_BUNDLES = re.compile(
    r"\b(?:(?:[\w-]{3,20}\s)?(?:packages?|plans?|programmes?|programs?|tranches?|contracts?|deals?|instruments?|funds?|loans?"
    r"|grants?|projects?|orders?|agreements?|purchases?|initiatives?|schemes?|batch(?:es)?|facilit(?:y|ies)|lots?"
    r"|aid|assistance|support))(?=\s(?:of|for|with|to|from|on)\s)"
)
_FINITE = re.compile(
    r"\s(?:will|would|could|can|may|might|should|must|shall|has|have|had|is|are|was|were|begins?|began|starts?|started|costs?"
    r"|continues?|covers?|involves?|takes|took|lasts?|lasted)\s.*",
    re.DOTALL,
)
_SHARE_OF = re.compile(r"\b((?:share|price|level|part|rest|value)\sof\s)((?:[\w\u2019'-]+(?:\s|\Z)){1,3})")
_CHANGED = re.compile(
    r"\b(?:(?:rais|increas|reduc|cut|lower|boost|expand|decreas|slash|doubl|curb|trim|limit|exceed|chang|bring)\w*"
    r"\s((?:[\w\u2019'-]+\s){1,9})(?:by|to)|(?:estimate[sd]?|values|valued|assess(?:es|ed)|puts?|prices)\s((?:[\w\u2019'-]+\s){1,9})at)\s\Z"
)
_IS = re.compile(r"\b(?:is|are|was|were|be|been)\Z")
_HELD = re.compile(
    r"\b(?:extend|prolong|suspend|halt|clos|introduc|impos|block|interrupt|delay|postpon|ban)(?:s|es|ed|d|e)?"
    r"\s((?:[\w\u2019'-]+\s){1,12})(?:for|by)\s\Z"
)
_GOES_ON = re.compile(r"\s(?:and|but|then|,)\Z")
_MOST_HEAD = 4  # words of a head with what stands before it


def subject(left: str) -> str | None:
    """Return the head of what a number is said of: "The repair of the cable will take" is of the repair."""
    match = _PREDICATE.search(left)
    if match is None:
        return None
    return _before(left[: match.start()])


def _before(said: str) -> str | None:
    """Return the head of the last noun phrase that a clause begins with."""
    said = _GOES_ON.sub("", said)  # "will begin in May and last a week"
    found = head(_last_clause(said))
    if found is None and said.rstrip().endswith(","):  # "the purchase of ships, which will cost"
        return head(_from_determiner(_last_clause(said.rstrip(" ,"))))
    return found


def _last_clause(said: str) -> str:
    begun = 0
    for match in _CLAUSE.finditer(said):
        begun = match.end()
    return said[begun:]


def _from_determiner(said: str) -> str:
    begun = 0
    for match in _DETERMINER.finditer(said):
        begun = match.start()
    return said[begun:]


def head(said: str) -> str | None:
    """Return the head of a noun phrase without what hangs on it: "the repair of the cable" -> "repair"."""
    first = _WORD.match(said)
    if first is not None and first.group().lower() in _OPENS_PHRASE:
        said = _from_determiner(said)
    if light := _LIGHT.search(said):
        said = said[light.end() :]
    whole = said
    said = _FINITE.sub("", _PREPOSITION.sub("", said)).strip()
    words = list(_WORD.finditer(said))
    while words and (
        words[0].group().lower() in _LEADS or words[0].group().endswith(("\u2019s", "'s", "s\u2019", "ly"))
    ):
        words.pop(0)
    words = words[-_MOST_HEAD:]
    if not words or words[-1].group().lower() in _EMPTY:
        return None
    if words[-1].group().lower() in _MEASURES:
        return _measure(whole)
    return said[words[0].start() : words[-1].end()]


def changed(left: str) -> str | None:
    """Return what is raised or cut, or how much of it is estimated: "reduces prices in Moldova by"."""
    match = _CHANGED.search(left)
    return head(match.group(1) or match.group(2)) if match else None


def held(left: str) -> str | None:
    """Return what is kept up or kept shut for a time: "extended martial law for"."""
    match = _HELD.search(left)
    return head(match.group(1)) if match else None


def _measure(whole: str) -> str | None:
    """Return "share of Russian gas"; a share of nothing that is said is none."""
    match = _SHARE_OF.search(whole)
    return _FINITE.sub("", match.group(1)) + _PREPOSITION.sub("", match.group(2)) if match else None


def valued(left: str) -> str | None:
    """Return what is worth so much: the package of "a package of weapons for the army worth"."""
    match = _WORTH.search(left)
    if match is None:
        with_match = _WITH.search(left)
        if with_match is None:
            return None
        said = left[: with_match.start()]
        return _before(said) if with_match["how"] != "with" else _bundle(said) or head(_from_determiner(said))
    said = left[: match.start()]
    if _IS.search(said):  # "The deal is worth": its subject says it
        return None
    return _bundle(said) or _nearest(said)


def _bundle(said: str) -> str | None:
    """Return the last package, plan or contract that something hangs on."""
    clause, found = _last_clause(said[-90:]), None
    for match in _BUNDLES.finditer(clause):
        found = match
    return _without_determiner(found.group()) if found else None


def _without_determiner(said: str) -> str | None:
    first, _, rest = said.partition(" ")
    return rest if rest and first.lower() in _LEADS | _OPENS_PHRASE else said


def _nearest(said: str) -> str | None:
    """Return the noun right before, with the noun that it hangs on by "of"."""
    words = list(_WORD.finditer(said))[-5:]
    if not words:
        return None
    place = len(words) - 1
    for n in range(len(words) - 2, 0, -1):
        if words[n].group() == "of":
            place = n - 1
            break
    return said[words[place].start() : words[-1].end()]
