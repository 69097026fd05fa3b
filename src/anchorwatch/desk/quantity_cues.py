"""Words that say what a number is for. A word ending in * stands for all that begin so."""

from __future__ import annotations

import re
from functools import lru_cache

_REQUIRED = "require* necessary suffic* enough"
_NEEDED = (
    "need needs needed needing lack lacks lacked lacking shortage* shortfall short hope* waiting await* request*"
    " appeal* demand* wish* want wants wanted seek* sought ask asks asked asking urge* plea plead* call calls called"
    " calling"
)
_GIVEN = (
    "pledg* promis* deliver* hand hands handed handing handover donat* provid* provision* suppl* transfer*"
    " contribut* purchas* procur* buy buys buying bought order orders ordered ordering receiv* allocat* grant"
    " grants granted aid assistance support* loan loans gift* acqui* obtain* commit* financ* fund funds funded funding"
    " earmark* give gives given giving gave lend lends lending lent shipped produc* put get gets"
    " getting got contract* sell sells sold selling thank* grateful donor* giveaway licen* equip* mobilis*"
    " mobiliz* batch* shipment* consignment* tranche*"
)
_SIZE = (
    "participa* coalition exercis* maneuver* manoeuvr* drill* practis* practic* gather* meeting* summit*"
    " invit* attend* unit unite unites united uniting involv* deploy* send sends sending sent patrol* mission*"
    " join* form forms formed forming consist* compris* contingent* peacekeep* station stationed stationing"
    " dispatch* employ* host hosts hosted hosting reinforc* serve serves served rotat* conference* group force"
)
_CURRENT = "current* present* now remain* stay stays stayed staying already existing operates operating today"
_TOTAL = (
    "record* register* count counts counted detect* number reach* total* amount* observ* intercept* kill*"
    " wound* injur* damag* destroyed destroy destroys launch launches launched"
    " launching fire fired fires shot down downed list lists listed arrest*"
    " detain* seiz* seized inspect* check* cut without lost entered enter enters violat* spotted sighted"
    " identif* pass passed boarded evacuat* rescu* includ* hit struck broke broken disappear* died perish*"
    " restor* reconnect* spoke considered noted saw seen affect* disabl* sanction* blacklist* suspect* track*"
)
_COST = (
    "cost costs costing costed price prices priced spend* spent invest* pay pays paying paid payment* value"
    " valued fine fines fined budget* expens* losses loss revenue* sum bill bills repair* tender"
)
_LEVEL_CURRENT = (
    "allocates invests devotes dedicates"
    " current* present* now remain* stay stays stayed staying already existing spends spent stands stood today"
    " amounts amounted figure equals accounts account was is reached"
)
_LEVEL_TARGET = (
    "target* goal* increas* rais* should must aim* reach reaches demand* rise rises rising to will plan*"
    " intend* bring* propos* call calls called want wants wanted threshold benchmark spend lift* boost* norm"
    " minimum requirement* urge* expect*"
)
_SHARE_CURRENT = "current* present* now remain* stay stays already"


def _words(said: str) -> tuple[frozenset[str], tuple[str, ...]]:
    every = said.split()
    return frozenset(word for word in every if word[-1] != "*"), tuple(word[:-1] for word in every if word[-1] == "*")


COUNTS, MONEY, SHARES, LEVELS, LENGTHS = range(5)
_BY_KIND: tuple[dict[str, str], ...] = (
    {"required": _REQUIRED, "needed": _NEEDED, "given": _GIVEN, "size": _SIZE, "current": _CURRENT, "total": _TOTAL},
    {
        "required": _REQUIRED,
        "needed": _NEEDED,
        "cost": _COST,
        "given": _GIVEN + " package* tranche* money",
        "total": "total* amount* assets frozen",
    },
    {
        "required": _REQUIRED,
        "current": _SHARE_CURRENT,
        "given": _GIVEN + " go goes money package* covered",
        "total": _TOTAL,
        "target": "target* goal* should must demand* aim*",
    },
    {"required": _REQUIRED, "current": _LEVEL_CURRENT, "target": _LEVEL_TARGET},
    {"required": "require* need needs needed"},
)
_CUES = tuple(tuple((role, *_words(said)) for role, said in kind.items()) for kind in _BY_KIND)
_WORD = re.compile(r"[A-Za-z][A-Za-z-]*")

_PREDICATE = re.compile(
    r"\s(?:(?:will|would|can|could|may|might|should|must|is|are|was|were|has|have|had|been|be|being|to|already|also"
    r"|now|only)\s){1,4}(?:[a-z]+ly\s)?([a-z]+)\b(?!\spart)"
)


@lru_cache(maxsize=32768)
def cue(kind: int, word: str) -> str | None:
    """Return the role that a word speaks of, for a kind of number."""
    word = word.lower()
    for role, whole, begun in _CUES[kind]:
        if word in whole or word.startswith(begun):
            return role
    return None


def before(kind: int, text: str, left: int, start: int) -> str | None:
    """Return the role that the last telling word before a number speaks of; "includes" tells little by itself."""
    words: list[str] = _WORD.findall(text, left, start)
    weak: str | None = None
    for place in range(len(words) - 1, -1, -1):
        role = cue(kind, words[place])
        if role is not None and words[place].lower().startswith("includ"):
            weak = weak or role
        elif role is not None:
            return role if weak is None or role in ("given", "needed") else weak
        if words[place] == "part" and place and words[place - 1].lower() in ("take", "takes", "took", "taking"):
            return "size"
    return weak


def behind(kind: int, text: str, end: int, right: int) -> str | None:
    """Return the role that the first telling word behind a number speaks of."""
    words: list[str] = _WORD.findall(text, end, right)
    for place, word in enumerate(words):
        role = cue(kind, word)
        if role is not None:
            return role
        if word == "part" and place and words[place - 1].lower() in ("take", "takes", "took", "taking"):
            return "size"
    return None


def predicate(kind: int, text: str, end: int, right: int) -> str | None:
    """Return the role that the verb of a number's own sentence speaks of: "only 12 were delivered"."""
    match = _PREDICATE.match(text, end, right)
    return cue(kind, match.group(1)) if match else None
