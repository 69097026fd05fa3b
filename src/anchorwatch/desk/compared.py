"""What of a report is compared with others to find those that tell the same event: plain data, and small."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from anchorwatch.desk.gazetteer import Words
from anchorwatch.desk.report import Claim, Quantity, Report
from anchorwatch.desk.tokens import fold

# Words that say nothing of what a text is about.
_SAY_NOTHING = (
    "a an the of in on at to for from by with and or but as is are was were be been being has have had will would could"
    " should may might can its it this that these those he she they his her their who which what when where than then"
    " there here after before during while also not no new more most some any all one two other such into over under"
    " about between among said says say told according added noted reported announced stated because due only now still"
    " very including against within without through out up down off so do does did mr mrs first last another three four"
    " five own both if since until"
)
_STOP = frozenset(_SAY_NOTHING.split())
_WORD = re.compile(r"[^\W\d_]{2,}")
_ASCII_WORD = re.compile("[a-z]{2,}")  # the same of most texts in small letters, faster
# Those that a meeting is with: up to what it is about, or where.
_WITH = re.compile(
    r"\b(?:with|between)\b((?:(?!\b(?:to|on|in|at|about|regarding|over|for)\b)[^.;:!?]){1,160})", re.IGNORECASE
)
_WIDE = re.compile(r"\b(?:sea|gulf|ocean|region|states|europe|baltics|balkans|continent|coast)\b", re.IGNORECASE)
_MOST_PARTIES = 5  # of whom any two are looked for
_LONGEST = 4_000  # characters that are compared: the start of a long article says what it is about
STEM = 6  # letters kept of a word: "damaged" and "damage", "delivery" and "deliver" fall together
# Words for the same thing, by stem.
_ALIKE = (
    "=offici", "defenc=defens", "submar=subsea unders underw seabed sea", "suspec=suspic allege", "presid=leader",
    "damage=break broken cut severe severi ruptur sabota damagi cuttin breaki fault", "streng=strenc bolste boost",
    "ship=vessel ships tanker freigh carrie boat boats cargo bulk", "cable=cables line lines link links",
    "increa=raise raised raisin rise hike step steps steppi", "aid=suppor assist help helps", "weapon=arms",
    "purcha=procur buy buying bought order ordere acquir", "transf=hand handin handed handov", "fighte=jet jets",
    "detain=arrest seize seizes seized seizin board boards boarde boardi impoun captur custod",
    "drone=drones uav uavs device quadco", "give=provid grant grants grante suppli supply donate donati",
    "approv=adopt adopte agree agrees agreed passed unlock backed", "airpor=runway flight airspa",
    "talks=meet meets meetin met conver negoti discus summit gather", "discon=leave leaves left detach unplug",
    "electr=power grid energy", "connec=joined join joins synchr", "troops=soldie forces milita",
    "parlia=deputi lawmak",
)  # fmt: skip
_SAME = {stem: line.split("=")[0] for line in _ALIKE for stem in line.split("=")[1].split()}
# Parliaments and seats of government speak for their countries.
_SPEAKS_FOR = {
    "Bundestag": "Germany", "Storting": "Norway", "Riksdag": "Sweden", "Folketing": "Denmark", "Eduskunta": "Finland",
    "Riigikogu": "Estonia", "Saeima": "Latvia", "Seimas": "Lithuania", "Sejm": "Poland", "Verkhovna Rada": "Ukraine",
    "Kremlin": "Russia", "State Duma": "Russia", "White House": "United States", "Pentagon": "United States",
    "Congress": "United States", "Downing Street": "United Kingdom",
}  # fmt: skip
_THREE = ("Estonia", "Latvia", "Lithuania")
_BALTICS = re.compile(r"\bBaltics\b|\bBaltic (?:states|countries|republics|capitals)\b", re.IGNORECASE)
_THINGS = ("vessel", "asset")
_MADE_OF_WORDS = ("organisation", "force", "asset")  # another report may have the same words in small letters
_MOST = 1e18  # a number above it, or none at all, is nothing to compare
_PLANNED = ("plan", "promise", "demand")


@dataclass(frozen=True)
class Features:
    """What of a report is compared."""

    id: str
    at_us: int | None  # published
    words: frozenset[str]  # stems, but for names
    names: frozenset[str]  # whom and what it names
    lands: frozenset[str]  # of the names those of countries
    things: frozenset[str]  # of the names those of vessels and assets
    numbers: tuple[tuple[str, float], ...]  # of what, how many
    types: frozenset[str]  # of its claims
    main: str  # type of the claim that it is about
    parties: frozenset[str]  # who takes part in what it is about; and for which country or organisation
    places: frozenset[str]  # towns and the like; a sea says little
    where: str  # of what it is about, as wide as it may be
    to_come: bool  # it is about what has not happened yet
    planned: frozenset[str]  # types of what has not happened yet
    span: tuple[int, int] | None = None  # when that is
    pairs: tuple[str, ...] = ()  # two of the parties and the main type: rare where each is not


@dataclass(frozen=True)
class Kin:
    """What words of a text say beside names: the country of an adjective or a capital; for whom a person speaks."""

    country: Mapping[str, str] = field(default_factory=dict)  # folded word -> name of a country
    of: Mapping[str, str] = field(default_factory=dict)  # name of a person -> name of a country or an organisation
    lands: frozenset[str] = frozenset()


def kin(words: Words | None) -> Kin:
    """Return what the word lists know of it."""
    if words is None:
        return Kin(of=_SPEAKS_FOR)
    country: dict[str, str] = {}
    lands = [e for e in words.entries.values() if e.type == "country"]
    for entry in lands:
        for one in (entry.name, *entry.adjectives, *([entry.capital] if entry.capital else ())):
            country.setdefault(fold(one), entry.name)
    persons = {e.name: words.entries[e.of].name for e in words.entries.values() if e.of and e.of in words.entries}
    return Kin(country, _SPEAKS_FOR | persons, frozenset(e.name for e in lands))


def features(report: Report, known: Kin) -> Features:
    """Return what is compared of a report."""
    text = report.text[:_LONGEST]
    folded = dict.fromkeys(_ASCII_WORD.findall(text.lower()) if text.isascii() else map(fold, _WORD.findall(text)))
    main = report.claims[0] if report.claims else None
    persons = {n for e in report.entities if e.type == "person" for n in (e.name, e.possibly, e.text) if n}
    called = [e.name or e.possibly or e.text for e in report.entities]
    parties = _with_whom(_parties(report, main), known, persons) if main else frozenset()
    lands = {known.country[w] for w in folded if w in known.country} | {known.of[n] for n in called if n in known.of}
    lands |= {e.name or e.text for e in report.entities if e.type == "country"}
    lands |= set(_THREE) if _tells_of_baltics(text) else set()
    names = [e.text for e in report.entities if e.type not in _MADE_OF_WORDS or e.name in _SPEAKS_FOR]
    own = {fold(w) for name in names for w in _WORD.findall(name)}
    named = {_short(n, persons) for n in called} | (parties - known.lands)
    named -= {n for n in named if fold(n) in known.country}
    first = sorted(parties)[:_MOST_PARTIES]
    return Features(
        id=report.id,
        at_us=report.item.published_us,
        words=frozenset(
            {
                _SAME.get(w[:STEM], w[:STEM])
                for w in folded
                if w not in _STOP and w not in own and w not in known.country
            }
            - {""}
        ),
        names=frozenset(named),
        lands=frozenset(lands),
        things=frozenset(e.name or e.text for e in report.entities if e.type in _THINGS),
        numbers=tuple(sorted({n for n in map(_number, report.quantities) if n[0] and 0 < n[1] < _MOST})),
        types=frozenset(c.type for c in report.claims),
        main=main.type if main else "",
        parties=parties,
        places=_places(report, main),
        where=(main.place or "") if main else "",
        to_come=main is not None and main.modality in _PLANNED,
        planned=frozenset(t for t, c in _first(report.claims).items() if c.modality in _PLANNED),
        span=_span(report, main) if main else None,
        pairs=tuple(f"{main.type}|{a}|{b}" for n, a in enumerate(first) for b in first[n + 1 :]) if main else (),
    )


def _tells_of_baltics(text: str) -> bool:
    """Return whether a text speaks of the three states as one."""
    return (not text.isascii() or "baltic" in text.lower()) and _BALTICS.search(text) is not None


def _first(claims: Iterable[Claim]) -> dict[str, Claim]:
    """Return the first claim of each type."""
    first: dict[str, Claim] = {}
    for claim in claims:
        first.setdefault(claim.type, claim)
    return first


def _number(quantity: Quantity) -> tuple[str, float]:
    """Return of what there is how much; of a change what it leads to, of a span its end."""
    words = _WORD.findall(quantity.of or "")
    of = quantity.unit or (fold(words[-1])[:STEM] if words else "")
    return _SAME.get(of, of), quantity.high


def _short(name: str, persons: set[str]) -> str:
    """Return a person by the surname, since the second report often has no more than that; others as they are."""
    return fold(name.split()[-1]) if name in persons and name.split() else name


def _with_whom(names: Iterable[str], known: Kin, persons: set[str]) -> frozenset[str]:
    """Return names, and for which country or organisation the persons among them speak."""
    all_ = {known.country.get(fold(n), n) for n in names}
    if any(map(_tells_of_baltics, all_)):
        all_ |= {*_THREE}
    return frozenset({_short(n, persons) for n in all_} | {known.of[n] for n in all_ if n in known.of})


def _places(report: Report, main: Claim | None) -> frozenset[str]:
    """Return the towns of the claims; of a meeting all that are named with it."""
    said = {c.place for c in report.claims if c.place}
    if main is not None and main.type == "meeting":
        near = [e for e in report.entities if e.type == "place" and main.start <= e.start < main.end]
        said |= {e.name or e.text for e in near}
    return frozenset(p for p in said if not _WIDE.search(p))


def _parties(report: Report, main: Claim) -> set[str]:
    """Return who takes part in what a report is about: of a meeting also those that are named after "with"."""
    said = {*main.actors, *main.to}
    if main.type == "meeting" and (found := _WITH.search(main.quote)) is not None:
        start, end = main.start + found.start(1), main.start + found.end(1)
        kinds = ("person", "country", "organisation")
        said |= {e.name or e.possibly or e.text for e in report.entities if start <= e.start < end and e.type in kinds}
    return said


def _span(report: Report, main: Claim) -> tuple[int, int] | None:
    """Return when it happens, where that is known."""
    for when in report.dates:
        if when.text == main.when and when.from_us is not None and when.until_us is not None and not when.duration:
            return when.from_us, when.until_us
    return None
