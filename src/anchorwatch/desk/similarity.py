"""How likely it is that two reports tell one event: terms whose weights were fitted, each of which can be asked for.

Words alone find re-worded copies only in part, and names alone take every talk of two presidents for the same one; so
words, names, the kind of event, who takes part, numbers and what speaks against it decide together. The weights are
those of a logistic regression on labelled pairs (benchmarks/desk/fit_stories.py; docs/ledgers.md has the figures).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from anchorwatch.desk.compared import Features
from anchorwatch.desk.word_lists import every

# Days between two publications over which nothing is taken off, and after which they are never compared.
_SAME_DAYS, MOST_DAYS = 3.0, 30.0
_DAY_US = 86_400_000_000
# What people say, as against what happens.
_SAYING = frozenset({"statement", "spending"})
# Of these many are told of the same countries: without a number they are hardly one.
_OFTEN = frozenset({"need", "pledge", "procurement", "delivery"})
_NEVER_NEARLY = _SAYING | {"legislation", "appointment"}
# What comes after damage, by stem: a court, a release, a repair that is done.
_AFTERWARDS = every(
    "court trial pleade acquit verdic guilty convic senten ruling lifted releas freed splice restor resume mended"
)
# Kinds that are told for one another: damage is followed by an outage, a need by a promise.
_GROUPS = (
    frozenset({"need", "pledge", "procurement", "delivery"}),
    frozenset({"infrastructure_damage", "outage", "grid_change"}),
    frozenset({"presence", "control_zone", "facility_security"}),
)
_FEW = 10.0  # up to it, two tellings often count differently: two ships, three ships
_LEAST_WORDS, _LEAST_NAMES, _LEAST_LANDS = 2.5, 0.8, 0.5  # so that a short headline is not taken for all of it
_MOST_NAMES, _MOST_UNSHARED = 1.5, 3.0

# How much each term counts, all between 0 and 1 or little more. Fitted on all pairs of the thirty and of tune_a to
# tune_d (benchmarks/desk/fit_stories.py), but for the last: those items have no dates.
WEIGHTS: Mapping[str, float] = {
    "words in common": 2.59,
    "nearly all words": 0.85,
    "names in common": 1.13,
    "rare names": 1.53,
    "countries in common": 2.50,
    "rare countries": 2.82,
    "words and names": 1.18,
    "kind of event": 2.88,
    "same number": 2.58,
    "same place": 1.78,
    "same act there": 3.17,
    "same vessel or asset": 2.83,
    "other vessel or asset": -1.22,
    "other countries": -1.28,
    "others take part": -0.06,
    "other number": -1.23,
    "one is past, one to come": -2.74,
    "names only in one": -0.88,
    "what people say": -1.65,
    "talks without a place": -1.45,
    "published apart": -2.00,
}
_WEIGHTS = tuple(WEIGHTS.values())
BASE = -6.91
# Least scores: of one event; on average over a story that is joined; of what a reader should see beside it.
SAME, MEAN, RELATED = 0.0, -0.6, -3.6
NEARLY = (
    -1.3
)  # of one event, where the kind is the very same, and the countries or a number (desk/similarity.py _agree)
ALL_LANDS, RARE_LANDS, OF_TALKS = 0.8, 0.4, 0.1  # then: countries in common, how rare, words in common of talks
BESIDE_WORDS = 0.25  # of what the shorter says, where the kind is one: a reader should see it too
COPY_WORDS, COPY_NAMES = 0.75, 0.8  # word for word the same, but for a few


class Term(NamedTuple):
    """One reason for or against a likeness."""

    name: str
    said: str
    share: float  # of the score


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
        for table, keys in ((self.words, one.words), (self.names, named(one))):
            for key in keys:
                left = table.get(key, 0) + sign
                if left > 0:
                    table[key] = left
                else:
                    table.pop(key, None)

    def rarities(self, table: Mapping[str, int], keys: Iterable[str]) -> dict[str, float]:
        """Return how rare each is, from 0 (in all reports) to 1 (in none), squared."""
        all_ = math.log(self.reports + self.BEFORE + 1)
        log, now, before = math.log, table.get, _BEFORE.get
        return {k: (1 - log(now(k, 0) + before(k, 0.0) + 1) / all_) ** 2 for k in keys}


def named(one: Features) -> frozenset[str]:
    """Return all that is counted as a name: numbers too."""
    return one.names | one.lands | {_number(of, much) for of, much in one.numbers}


@lru_cache(maxsize=65_536)
def _number(of: str, much: float) -> str:
    """Return the name that a number is counted under."""
    return f"{much:g} {of}"


# Share of reports that name them, before anything was read: those that a desk of this sea hears of every day.
_COMMON: dict[str, float] = {
    "NATO": 0.5, "Ukraine": 0.5, "Russia": 0.3, "European Union": 0.2, "Mark Rutte": 0.25, "rutte": 0.25,
    "United States": 0.15, "Volodymyr Zelenskyy": 0.2, "Donald Trump": 0.15, "zelenskyy": 0.2, "trump": 0.15,
    "macron": 0.1, "Baltic Sea": 0.2, "Germany": 0.1, "Poland": 0.1,
    "nato": 0.5, "ukrain": 0.5, "russia": 0.3, "eu": 0.2, "presid": 0.3, "minist": 0.3, "defenc": 0.3, "milita": 0.15,
    "securi": 0.2, "secret": 0.2, "genera": 0.2, "mark": 0.25, "zelens": 0.2, "sea": 0.15, "baltic": 0.2,
    "countr": 0.15, "prime": 0.15, "foreig": 0.1, "europe": 0.15, "cable": 0.1, "aid": 0.1, "presen": 0.05,
    "increa": 0.1, "talks": 0.1, "approv": 0.1, "readin": 0.1, "final": 0.1, "law": 0.1, "signat": 0.05,
}  # fmt: skip
_BEFORE = {key: share * Counts.BEFORE for key, share in _COMMON.items()}


class Likeness(NamedTuple):
    """How alike two reports are."""

    score: float  # logit of one event; above SAME it is
    same: bool  # the same event, told again
    related: bool  # a reader of the one should know of the other
    apart: bool  # of another vessel or asset: never in one story
    terms: Mapping[str, float]  # by name, before they are weighed

    @property
    def parts(self) -> dict[str, float]:
        """Return the shares of the score, by the name of the term."""
        return {name: WEIGHTS[name] * value for name, value in self.terms.items() if value}


class Sums(NamedTuple):
    """How much all words, names and countries of a report say: kept with it, so that they are summed once."""

    words: float = 0.0
    names: float = 0.0
    lands: float = 0.0


class Weighed(NamedTuple):
    """A report with what each of its words and names says now."""

    features: Features
    words: Mapping[str, float]
    names: Mapping[str, float]  # countries and numbers too
    sums: Sums


def weighed(one: Features, counts: Counts) -> Weighed:
    """Return what the words and names of a report say."""
    words = counts.rarities(counts.words, one.words)
    names = counts.rarities(counts.names, named(one))
    by_name, by_land = sum([names[n] for n in one.names]), sum([names[n] for n in one.lands])
    return Weighed(one, words, names, Sums(sum(words.values()), by_name, by_land))


def likeness(new: Weighed, b: Features, sums: Sums) -> Likeness:
    """Return how alike two reports are. sums: those of the other, as they were when it came."""
    a, days = new.features, _days(new.features, b)
    found = terms(new, b, sums)
    found["published apart"] = min(1.0, max(0.0, days - _SAME_DAYS) / (MOST_DAYS - _SAME_DAYS))
    score = BASE + sum(map(mul, _WEIGHTS, found.values()))
    if days > MOST_DAYS:
        return Likeness(-math.inf, False, False, False, found)
    same = _may_be_together(a.span, b.span) and (
        ((score >= SAME or (score >= NEARLY and a.main == b.main and _agree(a, b, found))) and _may_be_one(a, b, found))
        or _is_copy(new, b, sums, found)
    )
    related = same or score >= RELATED or _is_beside(a, b, found)
    return Likeness(score, same, related, found["other vessel or asset"] > 0, found)


def terms(new: Weighed, b: Features, sums: Sums) -> dict[str, float]:
    """Return the terms of a likeness, in the order of WEIGHTS, before they are weighed."""
    a, weight = new.features, new.names.__getitem__
    words = sum(map(new.words.__getitem__, a.words & b.words))
    names = sum(map(weight, a.names & b.names))
    lands = sum(map(weight, a.lands & b.lands))
    told = words / max(_LEAST_WORDS, min(new.sums.words, sums.words))
    of_names = names / max(_LEAST_NAMES, min(new.sums.names, sums.names))
    of_lands = lands / max(_LEAST_LANDS, min(new.sums.lands, sums.lands))
    number, clash = _numbers(new, b) if a.numbers and b.numbers else (0.0, 0.0)
    here = not a.places.isdisjoint(b.places)
    talk = a.main == "meeting" == b.main and not here
    things = bool(a.things and b.things)
    same_thing = things and not a.things.isdisjoint(b.things)
    there = bool(a.where) and a.where == b.where and a.main == b.main
    return {
        "words in common": told,
        "nearly all words": told * told,
        "names in common": of_names,
        "rare names": min(_MOST_NAMES, names),
        "countries in common": of_lands,
        "rare countries": min(1.0, lands),
        "words and names": math.sqrt(told * (of_names + of_lands) / 2),
        "kind of event": _kind(a, b),
        "same number": number,
        "same place": float(here),
        "same act there": float(there and not a.parties.isdisjoint(b.parties)),
        "same vessel or asset": float(same_thing),
        "other vessel or asset": float(things and not same_thing),
        "other countries": float(bool(a.lands and b.lands) and a.lands.isdisjoint(b.lands)),
        "others take part": float(_others(a, b)),
        "other number": clash,
        "one is past, one to come": float(_one_to_come(a, b)),
        "names only in one": max(0.0, min(new.sums.names - names, sums.names - names, _MOST_UNSHARED)),
        "what people say": float(a.main in _SAYING and b.main in _SAYING),
        "talks without a place": float(talk and not (a.to_come and b.to_come)),
    }


def _days(a: Features, b: Features) -> float:
    return 0.0 if a.at_us is None or b.at_us is None else abs(a.at_us - b.at_us) / _DAY_US


def _kind(a: Features, b: Features) -> float:
    """Return 1 where each tells what the other is about, a half where both tell something of a kind."""
    if a.main in b.types and b.main in a.types:
        return 1.0
    return 0.5 if not a.types.isdisjoint(b.types) or any(a.main in g and b.main in g for g in _GROUPS) else 0.0


def _numbers(new: Weighed, b: Features) -> tuple[float, float]:
    """Return how rare a number is that both name, and how far those of the same thing are apart that they do not."""
    a = new.features
    both = [one for one in a.numbers if one in b.numbers]
    if both:
        return max([math.sqrt(new.names[_number(of, much)]) for of, much in both]), 0.0
    said = dict(b.numbers)
    apart = [(m, said[of]) for of, m in a.numbers if of in said and m >= _FEW <= said[of]]
    return 0.0, max([min(1.0, abs(math.log(m / n))) for m, n in apart], default=0.0)


def _others(a: Features, b: Features) -> bool:
    """Return whether it is somebody else who acts, whom the other does not even name."""
    if not a.parties or not b.parties or not a.parties.isdisjoint(b.parties):
        return False
    named = not (a.parties.isdisjoint(b.names) and a.parties.isdisjoint(b.lands))
    return not (named or not (b.parties.isdisjoint(a.names) and b.parties.isdisjoint(a.lands)))


def _one_to_come(a: Features, b: Features) -> bool:
    """Return whether what both tell has happened in the one and not yet in the other."""
    both = a.types & b.types
    return all((t in a.planned) != (t in b.planned) for t in both) if both else a.to_come != b.to_come


def _elsewhere(a: Features, b: Features) -> bool:
    """Return whether both say where, and neither names the place of the other."""
    return bool(a.places and b.places) and not (a.places & (b.places | b.names) or b.places & a.names)


def _may_be_one(a: Features, b: Features, found: Mapping[str, float]) -> bool:
    """Return whether nothing forbids that both tell one event.

    What is to come and what has happened are two, but for what the same one does there; of another vessel or asset
    too. A meeting is of its place or its parties: in two towns, or with one of them alone in both, it is another.
    """
    if not found["kind of event"] or found["other vessel or asset"]:
        return False
    if found["one is past, one to come"] and not found["same act there"]:
        return bool(found["same number"]) and found["kind of event"] == 1.0
    if (
        a.main in _GROUPS[1]
        and b.main in _GROUPS[1]
        and a.words.isdisjoint(_AFTERWARDS) != b.words.isdisjoint(_AFTERWARDS)
    ):
        return False
    if a.main == "meeting" == b.main:
        if a.to_come != b.to_come and not found["same act there"]:
            return False
        return not _elsewhere(a, b) and bool(a.places & b.places or len(a.parties & b.parties) > 1)
    return True


def _agree(a: Features, b: Features, found: Mapping[str, float]) -> bool:
    """Return whether two of a kind agree in their countries or in a number, however differently they are told."""
    if a.main in _NEVER_NEARLY or found["other number"] or found["one is past, one to come"]:
        return False
    if a.main == "meeting":
        return len(a.parties & b.parties) > 1 and found["words in common"] >= OF_TALKS
    if found["same number"]:
        return True
    same_lands = found["countries in common"] >= ALL_LANDS and found["rare countries"] >= RARE_LANDS
    return a.main not in _OFTEN and same_lands


def _is_beside(a: Features, b: Features, found: Mapping[str, float]) -> bool:
    """Return whether it is of a kind in much the same words, or talks to come of the same two: likely, not sure."""
    if a.main == "meeting" == b.main:
        return a.to_come and b.to_come and len(a.parties & b.parties) > 1
    return found["kind of event"] > 0 and found["words in common"] >= BESIDE_WORDS


def _is_copy(new: Weighed, b: Features, sums: Sums, found: Mapping[str, float]) -> bool:
    """Return whether it is the same text but for a few words, and of the same vessel and numbers."""
    names = (not new.features.names and not b.names) or found["names in common"] >= COPY_NAMES
    if not names or found["other vessel or asset"] or found["other number"]:
        return False
    both = math.sqrt(new.sums.words * sums.words)
    return both > 0 and sum([new.words[w] for w in new.features.words & b.words]) / both >= COPY_WORDS


def _may_be_together(a: tuple[int, int] | None, b: tuple[int, int] | None) -> bool:
    return a is None or b is None or (a[0] < b[1] + _DAY_US and b[0] < a[1] + _DAY_US)


def explained(a: Features, b: Features, parts: Mapping[str, float]) -> tuple[Term, ...]:
    """Return why two reports are as alike as they are, the weightiest reason first."""
    found = [Term(name, _said(name, a, b), round(part, 3)) for name, part in parts.items()]
    return tuple(sorted(found, key=lambda t: -abs(t.share)))


def _said(name: str, a: Features, b: Features) -> str:
    """Return the words that a term rests on."""
    said: Mapping[str, Iterable[str]] = {
        "words in common": a.words & b.words,
        "nearly all words": a.words & b.words,
        "words and names": (a.words & b.words) | (a.names & b.names) | (a.lands & b.lands),
        "names in common": a.names & b.names,
        "rare names": a.names & b.names,
        "countries in common": a.lands & b.lands,
        "rare countries": a.lands & b.lands,
        "kind of event": a.types & b.types or {a.main, b.main},
        "same number": {f"{much:g} {of}" for of, much in {*a.numbers} & {*b.numbers}},
        "other number": {f"{much:g} {of}" for of, much in {*a.numbers} ^ {*b.numbers}},
        "same place": a.places & b.places,
        "same act there": {a.main, a.where, *(a.parties & b.parties)},
        "same vessel or asset": a.things & b.things,
        "other vessel or asset": a.things ^ b.things,
        "other countries": a.lands ^ b.lands,
        "others take part": a.parties ^ b.parties,
        "names only in one": a.names ^ b.names,
    }
    return ", ".join(sorted(said.get(name, ())))
