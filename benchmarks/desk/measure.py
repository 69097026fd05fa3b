"""The figures of the report desk: understanding on three sets, and speed beside a model of English alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import median
from time import perf_counter

from anchorwatch.desk import event_rules
from anchorwatch.desk.gazetteer import packaged
from anchorwatch.desk.report import Extractor, Item
from anchorwatch.desk.stories import Stories
from anchorwatch.desk.understand import Desk
from benchmarks.desk import gold, scores, speed
from benchmarks.table import Figure

BARS = {  # on the thirty, without a model (issue of the report desk)
    "entities, words and type": 0.90,
    "quantities, values": 1.0,
    "quantities, values and role": 1.0,
    "event type, first": 0.9,
    "slips flagged": 1.0,
}
FAST, FAST_WITH_MODEL = 1000, 50  # items a second on one core


def measure() -> list[Figure]:
    """Return all figures; the thirty are left out where ../shared is absent."""
    model = _model()
    sets: dict[str, list[gold.Gold]] = {"tuned on": gold.fresh("tune"), "held out": gold.fresh("report")}
    if gold.DIGEST.is_file():
        sets = {"the thirty": gold.thirty(), **sets}
    figures = [f for name, items in sets.items() for f in _understanding(name, items, None)]
    if model is not None:
        figures += [f for name, items in sets.items() for f in _understanding(name, items, model)[:2]]
    return [*figures, *_speed(model)]


def _model() -> Extractor | None:
    from anchorwatch.edges import language_model
    from anchorwatch.errors import BadUse

    try:
        return language_model.load(None)
    except BadUse:
        return None


def _understanding(name: str, items: Sequence[gold.Gold], model: Extractor | None) -> list[Figure]:
    desk, memory = Desk(packaged(), event_rules.packaged(), model), Stories(packaged())
    pairs = list(zip(items, desk.read([Item(g.text, line=n) for n, g in enumerate(items, 1)]), strict=True))
    figures = []
    for what, count in scores.ALL.items():
        score = scores.scored(pairs, count)
        bar = BARS.get(what) if name == "the thirty" else None
        bar = 0.95 if bar and model is not None and what.startswith("entities") else bar
        figures.append(
            Figure(
                f"desk, {name}{', with the model' if model else ''}: {what}",
                f"F1 {score.f1:.2f} [{score.low:.2f}, {score.high:.2f}], n {score.wanted}",
                f"{bar:.2f}" if bar else "",
                None if bar is None else score.f1 >= bar,
            )
        )
    return [*figures, _stories(name, pairs, memory)]


def _stories(name: str, pairs: Sequence[scores.Pair], memory: Stories) -> Figure:
    ties = {report.id: memory.add(report) for _, report in pairs}
    story_of = memory.story_of()
    wanted = scores.same_story_pairs(pairs)
    together = {
        frozenset((a.id, b.id))
        for (_, a), (_, b) in combinations(pairs, 2)
        if story_of.get(a.id) is not None and story_of.get(a.id) == story_of.get(b.id)
    }
    linked = together | {frozenset((a, b)) for a, tie in ties.items() for b in tie.related}
    right, found = len(wanted & together), len(together)
    return Figure(
        f"desk, {name}: pairs of one event",
        f"{right} of {len(wanted)} in one story, {len(wanted & linked)} linked; {found - right} wrongly together",
        "all linked" if name == "the thirty" else "",
        wanted <= linked if name == "the thirty" else None,
        note=f"{len(linked - wanted)} further pairs are shown as related",
    )


def _speed(model: Extractor | None) -> list[Figure]:
    alone = speed.per_second(2000)
    figures = [
        Figure("desk, items read on one core", f"{median(alone):,.0f} items/s", f"{FAST:,}", median(alone) >= FAST)
    ]
    if model is not None:
        texts = [item.text for item in speed.items(300)]
        began = perf_counter()
        model.extract(texts)
        peer = len(texts) / (perf_counter() - began)
        with_it = median(speed.per_second(300, model, runs=3))
        figures.append(
            Figure(
                "desk, items read with the model", f"{with_it:,.0f} items/s", f"{FAST_WITH_MODEL}",
                with_it >= FAST_WITH_MODEL, f"the model alone {peer:,.0f} items/s", f"{with_it / peer:.2f} x",
            )
        )  # fmt: skip
    return figures
