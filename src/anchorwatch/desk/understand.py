"""From a text to what it says: the desk reads items one after the other, and remembers nothing between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from anchorwatch.desk import corrections as put_right
from anchorwatch.desk.acting import of_states
from anchorwatch.desk.claims import claims
from anchorwatch.desk.corrections import Correction
from anchorwatch.desk.dates import dates
from anchorwatch.desk.entities import entities, merged
from anchorwatch.desk.event_rules import Rules
from anchorwatch.desk.extracted import accepted
from anchorwatch.desk.filing import ledgers_of
from anchorwatch.desk.gazetteer import Words
from anchorwatch.desk.language import language_of
from anchorwatch.desk.mentions import nations
from anchorwatch.desk.notes import notes
from anchorwatch.desk.quantities import quantities
from anchorwatch.desk.relevance import relevance
from anchorwatch.desk.report import MOST_TEXT, Claim, Entity, Extracted, Extractor, Item, Report, When
from anchorwatch.desk.sentences import sentences

UNDERSTOOD = "en"
CUT = f"cut after {MOST_TEXT:,} characters"
FOREIGN = "not in English: only names and numbers were read"
TOGETHER = 64  # texts that a model is given at once
NOTHING = Extracted()


class Desk:
    """Reads items by word lists and rules; with a model, where one is plugged in."""

    def __init__(
        self, words: Words, rules: Rules, extractor: Extractor | None = None, corrections: Iterable[Correction] = ()
    ) -> None:
        """Take what to read by, and what people put right before."""
        self.words, self.rules, self.extractor = words, rules, extractor
        self.corrections = tuple(corrections)
        self._ids = {e.name: e.number for e in words.entries.values() if e.type == "asset" and e.number}

    def read(self, items: Iterable[Item]) -> list[Report]:
        """Return what each item says, in their order."""
        return list(self.reading(items))

    def reading(self, items: Iterable[Item]) -> Iterator[Report]:
        """Yield what each item says, as they come."""
        coming = iter(items)
        while some := list(islice(coming, TOGETHER)):
            short = [_short(item) for item in some]
            found = self.extractor.extract([item.text for item in short]) if self.extractor else [NOTHING] * len(short)
            for item, whole, extracted in zip(short, some, found, strict=True):
                cut = () if item is whole else (CUT,)
                yield self._read(item, accepted(item.text, extracted) if self.extractor else NOTHING, cut)

    def _read(self, item: Item, extracted: Extracted, said: tuple[str, ...]) -> Report:
        text, language = item.text, language_of(item.text, item.language)
        mine = put_right.in_force(self.corrections, item.id)
        named = put_right.of_entities(
            merged(text, entities(text, self.words), extracted.entities), text, mine, self._ids
        )
        times = dates(text, item.reference_us)
        numbers = quantities(text, _taken(named, times))
        foreign = () if language == UNDERSTOOD else (FOREIGN,)
        told = (*said, *notes(text), *foreign)
        report = Report(item, language, named, numbers or extracted.quantities, times, notes=told)
        return self._filed(report, extracted, mine)

    def _filed(self, report: Report, extracted: Extracted, mine: Sequence[Correction]) -> Report:
        """Return the report with its claims, and where it belongs."""
        text = report.text
        found: tuple[Claim, ...] = ()
        if report.language == UNDERSTOOD:
            said = nations(text, self.words)
            found = claims(text, sentences(text), report.entities, said, report.quantities, report.dates, self.rules)
            found = of_states(found, report.entities, self.words)
        told = put_right.of_claims(found or extracted.claims, text, mine)
        assets = _assets(report.entities)
        matters = relevance(text, report.entities, told, assets, self.rules)
        filed = ledgers_of(told, matters, text, self.rules)
        wanted = put_right.relevant(mine)
        if wanted is not None:
            filed = (filed or ledgers_of(told, 1.0, text, self.rules)) if wanted else ()
        return replace(report, claims=told, assets=assets, relevance=matters, ledgers=filed)


def _short(item: Item) -> Item:
    return item if len(item.text) <= MOST_TEXT else replace(item, text=item.text[:MOST_TEXT])


def _taken(entities: Sequence[Entity], times: Sequence[When]) -> list[tuple[int, int]]:
    """Return the parts of a text whose numbers are no quantities: those of names and of dates."""
    return [(e.start, e.end) for e in entities] + [(w.start, w.end) for w in times if not w.duration]


def _assets(entities: Sequence[Entity]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(e.id for e in entities if e.type == "asset" and e.id))
