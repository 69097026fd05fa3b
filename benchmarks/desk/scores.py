"""Scores of what was understood, with intervals by drawing the items anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from anchorwatch.desk.report import Quantity, Report
from benchmarks.desk.gold import Gold

DRAWS = 1000
Pair = tuple[Gold, Report]


class Counts(NamedTuple):
    """What one item adds to a score."""

    right: int
    found: int
    wanted: int


class Score(NamedTuple):
    """One score over all items; where one answer is asked of each, precision, recall and F1 are equal."""

    precision: float
    recall: float
    f1: float
    low: float  # 95 % interval of F1
    high: float
    wanted: int


def scored(pairs: Sequence[Pair], counts_of: Callable[[Gold, Report], Counts], draws: int = DRAWS) -> Score:
    """Return a score, its interval from drawing items with replacement (fixed seed)."""
    counts = np.array([counts_of(gold, report) for gold, report in pairs], np.float64).reshape(-1, 3)
    drawn = np.random.default_rng(1).integers(0, len(counts), (draws, len(counts)))
    spread = [_f1(*counts[draw].sum(axis=0)) for draw in drawn]
    right, found, wanted = counts.sum(axis=0)
    low, high = np.percentile(spread, [2.5, 97.5])
    return Score(
        right / found if found else 1.0, right / wanted if wanted else 1.0, _f1(right, found, wanted),
        float(low), float(high), int(wanted),
    )  # fmt: skip


def _f1(right: float, found: float, wanted: float) -> float:
    return float(2 * right / (found + wanted)) if found + wanted else 1.0


def names(gold: Gold, report: Report) -> Counts:
    """Count entities whose words are exactly right."""
    wanted, found = {e[:2] for e in gold.entities}, {(e.start, e.end) for e in report.entities}
    return Counts(len(wanted & found), len(found), len(wanted))


def entities(gold: Gold, report: Report) -> Counts:
    """Count entities whose words and type are exactly right."""
    found = {(e.start, e.end, e.type) for e in report.entities}
    return Counts(len(found & set(gold.entities)), len(found), len(gold.entities))


def slips(gold: Gold, report: Report) -> Counts:
    """Count garbled names that are shown as possibly the right person."""
    found = {(e.start, e.possibly) for e in report.entities if e.possibly}
    return Counts(len(found & set(gold.slips)), len(found), len(gold.slips))


def values(gold: Gold, report: Report) -> Counts:
    """Count quantities whose low and high are right."""
    return _quantities(gold, report, lambda said, found: True)


def units(gold: Gold, report: Report) -> Counts:
    """Count quantities whose values and unit are right."""
    return _quantities(gold, report, lambda said, found: said["unit"] == found.unit)


def roles(gold: Gold, report: Report) -> Counts:
    """Count quantities whose values and role are right."""
    return _quantities(gold, report, lambda said, found: said["role"] == found.role)


def nouns(gold: Gold, report: Report) -> Counts:
    """Count quantities whose values and counted noun (its last word) are right; where none is asked for, any is."""
    return _quantities(gold, report, lambda said, found: not said["of"] or _head(str(said["of"])) == _head(found.of))


def _head(noun: str | None) -> str:
    words = re.findall(r"\w+", re.split(r"\s(?:of|for|in|on|to)\s", noun or "")[0].casefold())
    return words[-1].removesuffix("s") if words else ""


def _quantities(gold: Gold, report: Report, fits: Callable[[dict[str, object], Quantity], bool]) -> Counts:
    left, right = list(report.quantities), 0
    for said in gold.quantities:
        same = [q for q in left if np.isclose(q.low, said["low"]) and np.isclose(q.high, said["high"])]
        for quantity in [q for q in same if fits(said, q)][:1]:
            left.remove(quantity)
            right += 1
    return Counts(right, len(report.quantities), len(gold.quantities))


def dates(gold: Gold, report: Report) -> Counts:
    """Count dates whose words are right but for a preposition; annotators differ on it."""
    wanted, found = [_bare(d) for d in gold.dates], [_bare(w.text) for w in report.dates if not w.duration]
    return Counts(sum(min(wanted.count(d), found.count(d)) for d in set(wanted)), len(found), len(wanted))


def _bare(date: str) -> str:
    return re.sub(r"^(?:(?:in|on|at|by|until|since|during|before|after|from|the|early|late)\s+)+", "", date.casefold())


def main_type(gold: Gold, report: Report) -> Counts:
    """Count items whose first claim is of a type that is right."""
    if not (gold.types and gold.relevant):
        return Counts(0, 0, 0)
    return Counts(int(bool(report.claims) and report.claims[0].type in gold.types), 1, 1)


def any_type(gold: Gold, report: Report) -> Counts:
    """Count items of which some claim is of a type that is right."""
    if not (gold.types and gold.relevant):
        return Counts(0, 0, 0)
    return Counts(int(any(c.type in gold.types for c in report.claims)), 1, 1)


def modality(gold: Gold, report: Report) -> Counts:
    """Count items whose first claim has the right modality."""
    if not (gold.types and gold.relevant):
        return Counts(0, 0, 0)
    return Counts(int(bool(report.claims) and report.claims[0].modality == gold.modality), 1, 1)


def ledgers(gold: Gold, report: Report) -> Counts:
    """Count ledgers of items."""
    return Counts(len(gold.ledgers & set(report.ledgers)), len(report.ledgers), len(gold.ledgers))


def relevance(gold: Gold, report: Report) -> Counts:
    """Count items of which it is rightly said whether they matter."""
    return Counts(int(gold.relevant == bool(report.ledgers)), 1, 1)


ALL: Mapping[str, Callable[[Gold, Report], Counts]] = {
    "entities, words and type": entities,
    "entities, words": names,
    "slips flagged": slips,
    "quantities, values": values,
    "quantities, values and unit": units,
    "quantities, values and role": roles,
    "quantities, values and noun": nouns,
    "dates": dates,
    "event type, first": main_type,
    "event type, among all": any_type,
    "modality, first event": modality,
    "ledgers": ledgers,
    "relevant or not": relevance,
}


def stories(pairs: Sequence[Pair], story_of: Mapping[str, str | None], related: Mapping[str, Sequence[str]]) -> Counts:
    """Count pairs of items that tell the same event, those in one story; second the same for linked in any way."""
    wanted = same_story_pairs(pairs)
    found = {
        frozenset((a.id, b.id))
        for (_, a), (_, b) in combinations(pairs, 2)
        if story_of.get(a.id) is not None and story_of.get(a.id) == story_of.get(b.id)
    }
    return Counts(len(wanted & found), len(found), len(wanted))


def same_story_pairs(pairs: Sequence[Pair]) -> set[frozenset[str]]:
    """Return the pairs of ids of reports that gold puts into one story."""
    return {
        frozenset((a.id, b.id))
        for (one, a), (other, b) in combinations(pairs, 2)
        if one.story is not None and one.story == other.story
    }
