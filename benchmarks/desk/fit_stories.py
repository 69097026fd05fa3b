"""Where the weights of desk/similarity.py come from: a logistic regression on all labelled pairs of the items that may
be tuned on. Run it (python -m benchmarks.desk.fit_stories) after the features have changed, and copy what it prints.

Every set is left out once: what is found in it with the weights of the others is the honest figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from anchorwatch.desk import event_rules, similarity
from anchorwatch.desk.compared import Features, features, kin
from anchorwatch.desk.gazetteer import packaged
from anchorwatch.desk.report import Item, Report
from anchorwatch.desk.stories import Stories
from anchorwatch.desk.understand import Desk
from benchmarks.desk import gold

SETS = ("thirty", "tune_a", "tune_b", "tune_c", "tune_d", "tune_e", "tune_f")
# Of two sets only this pair tells one event; of these one cannot say.
ACROSS = {("ta22", "tc23")}
UNSURE = {("ta12", "td10"), ("tb17", "td05"), ("tb17", "td42"), ("t18", "t21"), ("t21", "t29")}
STEPS, RIDGE = 6000, 0.3  # of the descent; how strongly weights are held near 0
_AGAINST = "other vessel or asset"  # from this term on, a weight is never above 0; before, never below

Floats = NDArray[np.float64]
Told = tuple[gold.Gold, Report]


class Pairs(NamedTuple):
    """Pairs of items that share something, each pair as a row."""

    terms: Floats
    same: NDArray[np.bool_]
    sets: list[frozenset[str]]  # of which the two items are


def told() -> dict[str, list[Told]]:
    """Return the items of each set as the desk reads them."""
    desk = Desk(packaged(), event_rules.packaged())
    lines = {name: [json.loads(line) for line in gold._lines([f"{name}.jsonl"])] for name in SETS[1:]}
    items = {name: [gold._gold(said, name) for said in all_] for name, all_ in lines.items()}
    items = {"thirty": gold.thirty(), **items}
    return {
        name: list(zip(some, desk.read(Item(g.text, line=n) for n, g in enumerate(some, 1)), strict=True))
        for name, some in items.items()
    }


def pairs(sets: Mapping[str, Sequence[Told]]) -> Pairs:
    """Return all pairs: those of one set in a memory of its own, and all in one memory."""
    known = kin(packaged())
    each = {name: [(g, features(r, known), name) for g, r in some] for name, some in sets.items()}
    rows = [row for some in [*each.values(), [x for all_ in each.values() for x in all_]] for row in _rows(some)]
    return Pairs(np.array([r[0] for r in rows]), np.array([r[1] for r in rows]), [r[2] for r in rows])


def _rows(
    some: Sequence[tuple[gold.Gold, Features, str]],
) -> Iterator[tuple[list[float], bool, frozenset[str]]]:
    counts = similarity.Counts()
    for _, one, _ in some:
        counts.count(one)
    heavy = {one.id: similarity.weighed(one, counts) for _, one, _ in some}
    for (g, a, of), (h, b, other) in combinations(some, 2):
        found = similarity.terms(heavy[a.id], b, heavy[b.id].sums)
        shared = a.words & b.words or a.names & b.names or a.lands & b.lands
        if shared and found["kind of event"] and (g.id, h.id) not in UNSURE:
            same = (g.story is not None and g.story == h.story) or (g.id, h.id) in ACROSS
            yield list(found.values()), same, frozenset({of, other})


def fitted(terms: Floats, same: NDArray[np.bool_], signs: Floats) -> tuple[Floats, float]:
    """Return weights and base of a ridge logistic regression whose weights keep their signs (Adam, no chance in it)."""
    x = np.column_stack([terms, np.ones(len(terms))])
    w, first, second = np.zeros(x.shape[1]), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    w[-1] = -4.0
    held, signs = np.append(np.full(terms.shape[1], RIDGE), 0.0), np.append(signs, 0.0)
    for step in range(1, STEPS + 1):
        slope = x.T @ (1 / (1 + np.exp(-(x @ w))) - same) + held * w
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        w = w - (0.05 * (1 - step / STEPS) + 1e-4) * first / (np.sqrt(second) + 1e-8)
        w = np.where(signs * w < 0, 0.0, w)
    return w[:-1], float(w[-1])


def in_stories(some: Sequence[Told], weights: Mapping[str, float], base: float) -> tuple[int, int, int, int]:
    """Return right, found, wanted and linked pairs of stories with these weights."""
    before = similarity.WEIGHTS, similarity.BASE
    similarity.WEIGHTS, similarity.BASE = {**similarity.WEIGHTS, **weights}, base
    try:
        memory = Stories(packaged())
        related = {r.id: memory.add(r).related for _, r in some}
    finally:
        similarity.WEIGHTS, similarity.BASE = before
    of = memory.story_of()
    out = np.zeros(4, int)
    for (g, a), (h, b) in combinations(some, 2):
        same = (g.story is not None and g.story == h.story) or (g.id, h.id) in ACROSS
        one = a.id in of and of[a.id] == of.get(b.id)
        link = one or b.id in related[a.id] or a.id in related[b.id]
        out += [same and one, one and (g.id, h.id) not in UNSURE, same, same and link]
    right, found, wanted, linked = map(int, out)
    return right, found, wanted, linked


def main() -> None:
    """Print the figures of each set left out, those of all in one memory, and the weights."""
    sets = told()
    all_ = pairs(sets)
    first = next(some for some in sets.values())
    counts = similarity.Counts()
    one = features(first[0][1], kin(packaged()))
    names = list(similarity.terms(similarity.weighed(one, counts), one, similarity.Sums()))
    signs = np.where(np.arange(len(names)) < names.index(_AGAINST), 1.0, -1.0)
    for left_out, some in sets.items():
        rest = np.array([left_out not in of for of in all_.sets])
        weights, base = fitted(all_.terms[rest], all_.same[rest], signs)
        by_name = dict(zip(names, weights, strict=True))
        print(f"{left_out} left out: right, found, wanted, linked", in_stories(some, by_name, base))
    weights, base = fitted(all_.terms, all_.same, signs)
    by_name = dict(zip(names, weights, strict=True))
    sets["all in one memory"] = [item for some in sets.values() for item in some]
    for name, some in sets.items():
        print(f"{name} with all weights:", in_stories(some, by_name, base))
    print(f"BASE = {base:.2f}", *(f'"{n}": {w:.2f},' for n, w in by_name.items()), sep="\n    ")


if __name__ == "__main__":
    main()
