"""How alike two reports are: words, rare names, kind of event, who acts, place, time. Every likeness has its terms.

Words alone find re-worded copies only in part, and meanings alone take every talk of two presidents for the same one;
so rare names, the kind of event and who takes part decide together (docs/ledgers.md has the figures).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from anchorwatch.desk.gazetteer import Words
from anchorwatch.desk.report import Claim, Report
from anchorwatch.desk.tokens import fold

# Words that say nothing of what a text is about.
_SAY_NOTHING = (
    "a an the of in on at to for from by with and or but as is are was were be been being has have had will would could"
    " should may might can its it this that these those he she they his her their who which what when where than then"
    " there here after before during while also not no new more most some any all one two other such into over under"
    " about between among said says say told according added noted reported announced stated because due only now still"
    " very including against within without through out up down off so do does did mr mrs"
)
_STOP = frozenset(_SAY_NOTHING.split())
_WORD = re.compile(r"[^\W\d_]{2,}")
# Those that a meeting is with: up to what it is about, or where.
_WITH = re.compile(
    r"\b(?:with|between)\b((?:(?!\b(?:to|on|in|at|about|regarding|over|for)\b)[^.;:!?]){1,160})", re.IGNORECASE
)
_WIDE = re.compile(r"\b(?:sea|gulf|ocean|region|states|europe|baltics|balkans|continent|coast)\b", re.IGNORECASE)
_MOST_PARTIES = 5  # of whom any two are looked for
_LONGEST = 4_000  # characters that are compared: the start of a long article says what it is about
STEM = 6  # letters kept of a word: "damaged" and "damage", "delivery" and "deliver" fall together
# Words for the same thing, as stems.
_SAME = {
    "defenc": "defens", "subsea": "submar", "unders": "submar", "underw": "submar", "seabed": "submar", "offici": "",
    "break": "damage", "broken": "damage", "cut": "damage", "severe": "damage", "ruptur": "damage", "sabota": "damage",
    "vessel": "ship", "ships": "ship", "cables": "cable", "boost": "increa", "strenc": "streng", "bolste": "streng",
    "suppor": "aid", "assist": "aid", "procur": "purcha", "buy": "purcha", "buying": "purcha", "leader": "presid",
}  # fmt: skip
# Days between two publications over which nothing is taken off, and after which they are never compared.
_SAME_DAYS, MOST_DAYS = 3.0, 30.0
_DAY_US = 86_400_000_000
# What people say, as against what happens: the same only where the same person says it.
_SAYING = frozenset({"statement", "spending"})

# What happens by itself, or to somebody: who tells of it is no party to it.
_HAPPENS = frozenset({"infrastructure_damage", "outage", "airspace_incident"})
_HELP = frozenset({"need", "pledge", "licence", "procurement", "delivery"})
_SOON_DAYS = 10.0  # two announcements of a meeting to come may be as many days apart

# How much each likeness counts: tried on the thirty items and the first half of the fresh ones (docs/ledgers.md).
WORDS, NAMES, KIND, MAIN, DOERS = 0.9, 0.06, 0.1, 0.05, 0.06
MOST_NAMES, MOST_DOERS = 0.45, 0.2
TENSE, PLACE, LATE = 0.15, 0.1, 0.3
# Least cosines of the words: of what happens, of what somebody does, of meetings in one town, of those
# that are past, and of what people say.
LEAST_WORDS, ACT_WORDS, MEETING_WORDS, PAST_WORDS = 0.07, 0.15, 0.1, 0.25
HELP_WORDS, RARE_NAME = 0.2, 1.0  # where both name no more than who receives; log of reports by those that name it
STRONG_NAMES, STRONG_WORDS = 0.3, 0.25  # both: rare names and words together leave no doubt, whoever acts
SAME_SCORE, SAYING_SCORE, RELATED_SCORE, COPY = 0.42, 0.6, 0.32, 0.6


class Term(NamedTuple):
    """One reason for or against a likeness."""

    name: str
    said: str
    share: float  # of the score


@dataclass(frozen=True)
class Features:
    """What of a report is compared: plain data, and small."""

    id: str
    at_us: int | None  # published
    words: frozenset[str]  # stems
    names: frozenset[str]  # whom and what it names
    doers: frozenset[str]  # who acts, on whom; and for which country or organisation
    types: frozenset[str]  # of its claims
    main: str  # type of the claim that it is about
    parties: frozenset[str]  # who takes part in what it is about
    places: frozenset[str]  # towns and the like; a sea says little
    to_come: bool  # it is about what has not happened yet
    span: tuple[int, int] | None = None  # when that is
    pairs: tuple[str, ...] = ()  # two of the doers and the main type: rare where each is not


@dataclass(frozen=True)
class Kin:
    """What words of a text say beside names: the country of an adjective or a capital; for whom a person speaks."""

    country: Mapping[str, str] = field(default_factory=dict)  # folded word -> name of a country
    of: Mapping[str, str] = field(default_factory=dict)  # name of a person -> name of a country or an organisation


def kin(words: Words | None) -> Kin:
    """Return what the word lists know of it."""
    if words is None:
        return Kin()
    country: dict[str, str] = {}
    for entry in words.entries.values():
        if entry.type == "country":
            for one in (entry.name, *entry.adjectives, *([entry.capital] if entry.capital else ())):
                country.setdefault(fold(one), entry.name)
    persons = {e.name: words.entries[e.of].name for e in words.entries.values() if e.of and e.of in words.entries}
    return Kin(country, persons)


def features(report: Report, known: Kin) -> Features:
    """Return what is compared of a report."""
    folded = [fold(w) for w in _WORD.findall(report.text[:_LONGEST])]
    main = report.claims[0] if report.claims else None
    persons = {n for e in report.entities if e.type == "person" for n in (e.name, e.possibly, e.text) if n}
    doers = _with_whom({n for c in report.claims for n in (*c.actors, *c.to)}, known, persons)
    parties = _with_whom(_parties(report, main), known, persons) if main else frozenset()
    named = {_short(e.name or e.possibly or e.text, persons) for e in report.entities}
    first = sorted(parties)[:_MOST_PARTIES]
    return Features(
        id=report.id,
        at_us=report.item.published_us,
        words=frozenset({_SAME.get(w[:STEM], w[:STEM]) for w in folded if w not in _STOP} - {""}),
        names=doers | named | {known.country[w] for w in folded if w in known.country},
        doers=doers,
        types=frozenset(c.type for c in report.claims),
        main=main.type if main else "",
        parties=parties,
        places=_places(report, main),
        to_come=main is not None and main.modality in ("plan", "promise", "demand"),
        span=_span(report, main) if main else None,
        pairs=tuple(f"{main.type}|{a}|{b}" for n, a in enumerate(first) for b in first[n + 1 :]) if main else (),
    )


def _short(name: str, persons: set[str]) -> str:
    """Return a person by the surname, since the second report often has no more than that; others as they are."""
    return fold(name.split()[-1]) if name in persons and name.split() else name


def _with_whom(names: Iterable[str], known: Kin, persons: set[str]) -> frozenset[str]:
    """Return names, and for which country or organisation the persons among them speak."""
    all_ = {known.country.get(fold(n), n) for n in names}
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


@dataclass
class Counts:
    """In how many reports each word and name stands: what is rare says more."""

    # Before anything was read: as if so many reports had been, with the words that all of them have.
    BEFORE = 30

    reports: int = 0
    words: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    def count(self, one: Features, sign: int = 1) -> None:
        """Take a report in, or out."""
        self.reports += sign
        for table, keys in ((self.words, one.words), (self.names, one.names)):
            for key in keys:
                left = table.get(key, 0) + sign
                if left > 0:
                    table[key] = left
                else:
                    table.pop(key, None)

    def weight(self, table: Mapping[str, int], key: str) -> float:
        """Return how much a word or a name says."""
        common = _COMMON.get(key, 0.0)
        return math.log((self.reports + self.BEFORE + 1) / (table.get(key, 0) + common * self.BEFORE + 1))


# Share of reports that name them, before anything was read: those that a desk of this sea hears of every day.
_COMMON: dict[str, float] = {
    "NATO": 0.5, "Ukraine": 0.5, "Russia": 0.3, "European Union": 0.2, "Mark Rutte": 0.25, "United States": 0.15,
    "Volodymyr Zelenskyy": 0.2, "Donald Trump": 0.15, "zelenskyy": 0.2, "trump": 0.15, "macron": 0.1,
    "Baltic Sea": 0.2, "Germany": 0.1, "Poland": 0.1,
    "nato": 0.5, "ukrain": 0.5, "russia": 0.3, "eu": 0.2, "presid": 0.3, "minist": 0.3, "defens": 0.3, "milita": 0.15,
    "securi": 0.2, "secret": 0.2, "genera": 0.2, "rutte": 0.25, "mark": 0.25, "zelens": 0.2, "sea": 0.15, "baltic": 0.2,
    "countr": 0.15, "prime": 0.15, "foreig": 0.1, "europe": 0.15, "cable": 0.1, "aid": 0.1, "presen": 0.05,
    "increa": 0.1, "discus": 0.1, "talks": 0.1, "meetin": 0.1,
}  # fmt: skip


class Likeness(NamedTuple):
    """How alike two reports are."""

    score: float
    same: bool  # the same event, told again
    parts: tuple[float, ...]  # words, names, kind, doers, tense, place, time

    @property
    def related(self) -> bool:
        """Return whether a reader of the one should know of the other."""
        return self.same or self.score >= RELATED_SCORE


class Weighed(NamedTuple):
    """A report with what each of its words and names says now."""

    features: Features
    words: Mapping[str, float]  # squares, as a cosine needs them
    names: Mapping[str, float]
    norm: float  # of the words: kept with the report, so that it is found once


def weighed(one: Features, counts: Counts) -> Weighed:
    """Return what the words and names of a report say."""
    words = {w: counts.weight(counts.words, w) ** 2 for w in one.words}
    names = {n: counts.weight(counts.names, n) for n in one.names}
    return Weighed(one, words, names, math.sqrt(sum(words.values())))


def likeness(new: Weighed, b: Features, norm: float) -> Likeness:
    """Return how alike two reports are. norm: that of the other, as it was when it came."""
    a, types = new.features, new.features.types & b.types
    norms = new.norm * norm
    words = sum([new.words[w] for w in a.words & b.words]) / norms if norms else 0.0
    names = min(MOST_NAMES, NAMES * sum([new.names[n] for n in a.names & b.names]))
    kind = (KIND if types else 0.0) + (MAIN if a.main == b.main and a.main else 0.0)
    doers = min(MOST_DOERS, DOERS * len(a.doers & b.doers))
    tense = -TENSE if a.to_come != b.to_come and "meeting" in (a.main, b.main) else 0.0
    place = -PLACE if _elsewhere(a, b) else 0.0
    days = 0.0 if a.at_us is None or b.at_us is None else abs(a.at_us - b.at_us) / _DAY_US
    late = -LATE * min(1.0, max(0.0, days - _SAME_DAYS) / (MOST_DAYS - _SAME_DAYS))
    parts = (WORDS * words, names, kind, doers, tense, place, late)
    score = sum(parts)
    known = any(new.names.get(d, 0.0) >= RARE_NAME for d in a.doers & b.doers)
    same = days <= MOST_DAYS and (words >= COPY or _is_same(a, b, words, names, score, days, known))
    return Likeness(score if days <= MOST_DAYS else 0.0, same, parts)


def _elsewhere(a: Features, b: Features) -> bool:
    """Return whether both say where, and neither names the place of the other."""
    return bool(a.places and b.places) and not (a.places & (b.places | b.names) or b.places & a.names)


def _is_same(a: Features, b: Features, words: float, names: float, score: float, days: float, known: bool) -> bool:
    """Return whether both tell one event. What each is about must be in the other, and at the same time.

    known: somebody acts in both of whom one does not hear every day; all help goes to the same country.
    """
    if not _kindred(a, b) or not _may_be_together(a.span, b.span):
        return False
    if a.main == "meeting" == b.main:
        return _is_same_meeting(a, b, words, days)
    if {a.main, b.main} <= _SAYING:
        return score >= SAYING_SCORE and words >= PAST_WORDS and bool(a.parties & b.parties)
    if names >= STRONG_NAMES and words >= STRONG_WORDS:
        return True
    if a.main in _HAPPENS:
        return score >= SAME_SCORE and words >= LEAST_WORDS
    least = ACT_WORDS if known or a.main not in _HELP else HELP_WORDS
    return score >= SAME_SCORE and words >= least and not _others(a, b)


def _kindred(a: Features, b: Features) -> bool:
    """Return whether each tells what the other is about; what is needed, promised and sent is one thing."""
    if a.main in _HELP and b.main in _HELP:
        return bool(a.types & b.types & _HELP)
    return a.main in b.types and b.main in a.types


def _others(a: Features, b: Features) -> bool:
    """Return whether it is somebody else who acts; help is one event for those who give and those who receive."""
    mine, theirs = (a.doers, b.doers) if a.main in _HELP else (a.parties, b.parties)
    return bool(mine and theirs) and not mine & theirs


def _is_same_meeting(a: Features, b: Features, words: float, days: float) -> bool:
    """Return whether both tell one meeting: in one town; or yet to come, of the same parties; or in the same words."""
    shared = a.parties & b.parties
    if _elsewhere(a, b):
        return False
    if a.places & b.places and words >= (LEAST_WORDS if shared else MEETING_WORDS):
        return True
    if len(shared) < 2 or a.to_come != b.to_come:
        return False
    all_of_one = len(shared) == min(len(a.parties), len(b.parties))
    # Those that are past are many: the same two talk every week.
    return (a.to_come and all_of_one and days <= _SOON_DAYS) or words >= PAST_WORDS


def _may_be_together(a: tuple[int, int] | None, b: tuple[int, int] | None) -> bool:
    return a is None or b is None or (a[0] < b[1] + _DAY_US and b[0] < a[1] + _DAY_US)


def explained(a: Features, b: Features, counts: Counts) -> tuple[Term, ...]:
    """Return why two reports are as alike as they are, the weightiest reason first."""
    parts = likeness(weighed(a, counts), b, weighed(b, counts).norm).parts
    said = (
        ("words in common", " ".join(sorted(a.words & b.words))),
        ("names in common", ", ".join(sorted(a.names & b.names))),
        ("kind of event", ", ".join(sorted(a.types & b.types))),
        ("who takes part", ", ".join(sorted(a.doers & b.doers))),
        ("one is past, one to come", ""),
        ("other places", ", ".join(sorted(a.places ^ b.places))),
        ("published apart", ""),
    )
    terms = [Term(name, text, round(part, 3)) for (name, text), part in zip(said, parts, strict=True) if part]
    return tuple(sorted(terms, key=lambda t: -abs(t.share)))
