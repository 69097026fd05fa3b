"""What a number of things is for: asked, given, had, taking part, happened."""

from __future__ import annotations

import re

from anchorwatch.desk.quantity_cues import COUNTS, before, behind, predicate

BEFORE, BEHIND = 160, 70  # characters around a number in which a telling word is looked for
CLAUSE_ENDS = re.compile(r"[,;:.!?]\s|\s(?:and|but|while|after|before|because|when)\s")

_PARTIES = re.compile(
    r"\b(?:countr(?:y|ies)|nations?|states?|leaders?|ministers?|allies|members?|participants?"
    r"|delegations?|heads|parties|presidents?"
    r"|partners?|capitals|governments|ambassadors?|diplomats|companies|experts|officers?|soldiers?"
    r"|troops|sailors?|personnel"
    r"|servicemen|servicewomen|marines|peacekeepers|reservists|guards|guardsmen|brigades?|battalions?"
    r"|instructors|volunteers|crew"
    r"|delegates|representatives|specialists|divers|crews|premiers)\Z",
    re.IGNORECASE,
)
_UNITS_OF_FORCES = re.compile(
    r"(?:ships?|vessels?|frigates?|corvettes?|destroyers?|minehunters?|minesweepers?|hunters?"
    r"|sweepers?|submarines?|boats?|cutters?"
    r"|aircraft|planes?|jets?|fighters?|helicopters?|warships?|carriers?|units?|squadrons?|icebreakers?"
    r"|Eurofighters?|Typhoons?|Gripens?|Rafales?|Hornets?|Mirages?|Poseidons?|(?:F|P|E|MiG|Su)-[0-9]{1,3}[A-Z]?s?)\Z",
    re.IGNORECASE,
)
# Where people are counted that something is done to, they are no participants.
_SUFFER = re.compile(
    r"\b(?:kill|wound|injur|dead|died|captur|detain|arrest|evacuat|rescu|loss|los(?:t|es?)\b|perish|missing|surrender|desert"
    r"|drown|sanction|blacklist|lists?\b|question|interview|interrogat|summon|expel|dismiss|accus|punish|award|sentenc"
    r"|charg|convict|return|releas|swap|witness|without|sent\b[^.;]{0,60}\bhome\b)",
    re.IGNORECASE,
)
_LIKES = re.compile(r"\b(?:would|\w+\u2019d)\slike\s(?:to\s)?(?:have\s|get\s|see\s)?\Z")
_TO_GROW = re.compile(
    r"\b(?:(?:to|will|should|must|would|wants?|plans?|shall)\s(?:[a-z]+\s){0,3}?(?:grow|increase|raise|expand|enlarge|bring|swell|rise)|raises|increases)\b"
    r"[^.,;]{0,50}\sto\s(?:(?:about|over|at\sleast|up\sto)\s)?\Z"
)
_WERE_ABOARD = re.compile(r"\b(?:on\sboard|aboard)\s(?:[\w-]+\s){0,4}?(?:is|are|was|were)\s\Z", re.I)
_STAFF = re.compile(r"\b(?:people|persons|employees|men)\Z", re.IGNORECASE)
# Ships and aircraft that set out: so many take part.
_SETS_OUT = re.compile(
    r"(?:\s[\w-]+){0,7}?\s(?:took\soff|takes?\soff|scrambled|set\ssail|sailed|left|escort(?:s|ed)?|accompan(?:y|ies|ied)|patrol(?:s|led)?"
    r"|(?:is|are)\s(?:at\ssea|on\spatrol|on\sduty|under\sway)|keep\swatch|kept\swatch|shadow(?:s|ed)?)\b"
)
_TO_UKRAINE = re.compile(
    r"[^.;:]{0,60}?\s(?:to|for)\s(?:the\s)?(?:Ukrain(?:e|ian\s(?:side|army|armed|forces|military))\b|Kyiv|Kiev|Zelensk)"
    r"|\sfor\s(?:the\s|its\s)?(?:[\w-]+\s){0,2}(?:[Nn]avy|[Aa]rmy|[Aa]ir\s[Ff]orce|[Aa]rmed\s[Ff]orces|[Bb]order\s[Gg]uard|[Cc]oast\s[Gg]uard|Bundeswehr)\b"
)
_NO_GIFT = re.compile(
    r"\b(?:visits?|trips?|calls?|attacks?|flights?|threats?|votes|times|letters?|roads?|routes?|reasons?|steps?|conditions?"
    r"|kilomet\w+|ways?|options?|people|children|prisoners|drones\slaunched|kinds?|types?)\Z",
    re.I,
)
_LETS_GO = re.compile(
    r"\b(?:part(?:s|ed|ing)?\swith|let(?:s|ting)?\s[\w-]{2,20}\shave|give(?:s|n)?\sup|bill\sfor|pay(?:s|ing)?\sfor|paid\sfor"
    r"|foots?\s[\w\s]{0,12}for|(?:letter\sof\sintent|memorandum|agreement|contract|deal|euros|dollars|pounds|kron(?:er|or))\s(?:on|over|for|about))"
    r"\s(?:(?:about|around|nearly|over|up\sto|at\sleast|more\sthan|another|its|their|the)\s){0,2}\Z"
)
_ON_LIST = re.compile(r"(?:\s[\w-]+){0,6}?\s(?:were|was|are|have\sbeen)\sput\son\s")
_REQUIRED_OF = re.compile(r"\b(?:required|necessary|requisite)\s\Z")
_IS_REQUIRED = re.compile(r",?\s(?:is|are|were|was|would\sbe)\s(?:required|needed|necessary)\b")
_LEAVES_PLANT = re.compile(r"[^.;]{0,40}\b(?:assembly|production|conveyor|factory|plant|line|works)\b")
_SENDING = re.compile(r"\b(?:send|sent|dispatch)", re.IGNORECASE)
_HAS = re.compile(
    r"\b(?:has|have|had|operates?|numbers?|owns?|possess(?:es)?|holds?)\s(?:(?:about|already|now|only|some|just|around|currently|over)\s)?\Z"
)
_THERE = re.compile(
    r"\bthere\s(?:is|are|was|were|(?:has|have|had)\sbeen)\s(?:(?:also|still|now|only|already)\s)?\Z", re.I
)
_ON_BOARD = re.compile(r"\s(?:on\sboard|aboard)\b")
_CAPABLE = re.compile(r"\b(?:capacity|output|throughput|capabilit\w+)\b[^.,;]{0,40}\Z", re.IGNORECASE)
_MAKES = re.compile(
    r"\b(?:produc|build|manufactur|assembl|output|turn(?:s|ing)?\sout|mak(?:e|es|ing)\b|process|able\b|capable\b)",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\s(?:[a-z]+\s){0,2}?(?:(?:a|per|each|every)\s(?:year|month|day|week|hour)|annually|monthly|daily)\b"
)
_FORCES_GIVEN = re.compile(
    r"[^.;]{0,60}?\s(?:to|for)\s(?:(?:the|a|its|their|new|joint|NATO)\s){0,2}(?:[\w-]+\s)?"
    r"(?:watch|patrol|guard|protect|monitor|escort|identify|intercept\b|accompany|search|defend|operation|mission|exercis|manoeuvre|maneuver|drill|fleet\b|task\sforce)"
)
_WISHES = re.compile(
    r"\b(?:want|hope|seek|wish|would\slike|request|need|expect)\w*\s(?:[\w-]+\s){0,3}?to\s(?:get|receive|obtain|have)\s(?:[\w-]+\s){0,3}\Z"
    r"|\b(?:ask(?:s|ed|ing)?|urge[sd]?|call(?:s|ed|ing)?\s(?:on|for|upon)|request(?:s|ed)?|appeal\w*|demand\w*|plead\w*)"
    r"\s(?:[\w-]+\s){0,6}?to\s[a-z]+\s(?:[\w-]+\s){0,3}\Z"
)
_HAPPENED = re.compile(
    r"(?:votes|times|medals|points|incidents|violations|attacks|strikes|interceptions|cases|explosions|outages|breaks)\Z",
    re.I,
)
_PERSONS = re.compile(
    r"(?:people|persons|workers|employees|residents|citizens|refugees|children|families|prisoners)\Z", re.I
)
_CONTAINS = re.compile(
    r"\A(?:It|They|This|The\s[a-z]+|Among\sthem)\s[^.,;]{0,20}?(?:contain|includ|compris)[^.;]{0,80}\Z"
)
_MADE_UP = re.compile(r"\b(?:consist(?:s|ed|ing)?\sof|(?:composed|made\sup|formed)\sof|compris(?:es|ed|ing))\s\Z")
_IN_NEED = re.compile(r"\b[Ww]ithout\s(?:(?:at\sleast|another|these|the)\s)?\Z")
_ARRIVES = re.compile(
    r"\s(?:will\s|have\s|has\s|had\s|would\s)?(?:already\s)?arrived?\s(?:in|to)\s(?:Ukrain|Kyiv|Kiev)"
)
_WILL = re.compile(r"\b(?:will|would|to|should|may)\s\Z")
_WITHOUT = re.compile(r"[^.;]{0,50}?\swithout\b")
_LISTED = re.compile(
    r"\sand\s(?![a-z]+ed\s)|,\s(?:and\s)?(?=[0-9]|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten)\s)"
)


def of_count(text: str, left: int, start: int, end: int, right: int, noun: str) -> str:
    """Return the role of a number of things, `noun`."""
    said = text[left:start]
    if at_once := _beside(text, said, end, noun):
        return at_once
    done = predicate(COUNTS, text, end, right)
    if done is None and _LETS_GO.search(said) and not _PARTIES.search(noun):
        return "given"
    found = done or ("needed" if _WISHES.search(said) else before(COUNTS, text, left, start))
    if found != "needed" and (_CAPABLE.search(said) or (_MAKES.search(said) and _RATE.match(text, end))):
        return "capacity"
    if found is None and _WITHOUT.match(text, end):
        return "total"
    found = found or behind(COUNTS, text, end, right) or _of_list(text, right)
    if found in ("total", None) and left and _CONTAINS.search(said):  # "It contains five radars": what was given
        earlier = before(COUNTS, text, max(0, left - BEFORE), left)
        found = earlier if earlier in ("given", "needed") else found
    if found == "required":
        found = "needed"
    if _PARTIES.search(noun) and found != "needed":
        return "total" if _SUFFER.search(text, left, min(len(text), end + 60)) else "size"
    return _of_forces(text, text[max(left, start - 60) : start], end, noun, found) or "total"


def _beside(text: str, said: str, end: int, noun: str) -> str | None:
    """Return the role that the words right beside a number give it, whatever else is said."""
    if _LIKES.search(said):
        return "needed"
    has = _HAS.search(said)
    if has and not _LETS_GO.search(said):
        people = _PARTIES.search(noun) or _STAFF.search(noun)
        return "size" if people or _WILL.search(said[: has.start()]) else "current"
    if _ON_LIST.match(text, end):
        return "total"
    if _MADE_UP.search(said):
        return "size"
    if _IN_NEED.search(said):
        return "needed"
    if _ARRIVES.match(text, end):
        return "given"
    if _TO_GROW.search(said):
        return "target"
    if _THERE.search(said) or _ON_BOARD.match(text, end) or _WERE_ABOARD.search(said):
        return "total"
    if _HAPPENED.search(noun):
        return "required" if _REQUIRED_OF.search(said) or _IS_REQUIRED.match(text, end) else "total"
    rate = _RATE.match(text, end)
    return "capacity" if rate and _LEAVES_PLANT.match(text, rate.end()) else None


def _of_forces(text: str, near: str, end: int, noun: str, found: str | None) -> str | None:
    """Return the role of what is no party itself: ships that patrol take part, those for Ukraine are given."""
    if found == "given" and _PERSONS.search(noun):  # "60 people will get work"
        return "total"
    if found in ("given", None) and _UNITS_OF_FORCES.search(noun) and _FORCES_GIVEN.match(text, end):
        return "size"
    if found in ("size", None) and _TO_UKRAINE.match(text, end) and not _NO_GIFT.search(noun):
        return "given"
    if found in ("total", None) and _UNITS_OF_FORCES.search(noun) and _SETS_OUT.match(text, end):
        return "size"
    if found == "size" and not _UNITS_OF_FORCES.search(noun):
        return "given" if _SENDING.search(near) else "size"
    return found


def _of_list(text: str, right: int) -> str | None:
    """Return the role that follows a list: "three frigates, two launchers and a radar will be transferred"."""
    found: str | None = None
    for _ in range(3):
        goes_on = _LISTED.match(text, right) if found is None else None
        if goes_on is None:
            break
        stop = CLAUSE_ENDS.search(text, goes_on.end(), goes_on.end() + BEHIND)
        until = stop.start() if stop else min(len(text), goes_on.end() + BEHIND)
        found, right = behind(COUNTS, text, goes_on.end(), until), until
    return found
