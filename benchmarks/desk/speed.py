"""How many items a second the desk reads on one core, all of it: names, numbers, dates, events, ledgers, stories."""

from __future__ import annotations

from time import perf_counter

from anchorwatch.desk import event_rules
from anchorwatch.desk.gazetteer import packaged
from anchorwatch.desk.report import Extractor, Item
from anchorwatch.desk.stories import Stories
from anchorwatch.desk.understand import Desk
from benchmarks.desk import gold

RUNS = 5


def items(count: int) -> list[Item]:
    """Return so many different items: the fresh ones, each with a number that makes it another text."""
    texts = [g.text for half in ("tune", "report") for g in gold.fresh(half)]
    return [Item(f"{texts[n % len(texts)]} Item {n}.") for n in range(count)]


def per_second(count: int, extractor: Extractor | None = None, runs: int = RUNS) -> list[float]:
    """Return items a second of each run. Word lists and rules are loaded before, and one item is read."""
    some, out = items(count), []
    for _ in range(runs):
        desk, stories = Desk(packaged(), event_rules.packaged(), extractor), Stories(packaged())
        desk.read(some[:1])
        began = perf_counter()
        for report in desk.reading(some):
            stories.add(report)
        out.append(count / (perf_counter() - began))
    return out
