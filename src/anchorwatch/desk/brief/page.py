"""The page before it has a form: sections of sentences, each with the sources that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from anchorwatch.model import rfc3339

# What a source can be: the API's page links the first four; a feed, a file or the watch itself is named only.
SOURCE_KINDS = ("report", "alert", "incident", "ledger", "feed", "watch", "file")


class Ref(NamedTuple):
    """A source: what it is, its id, and how it is called at the foot of the page."""

    kind: str  # of SOURCE_KINDS
    id: str
    label: str


Numbered = dict[tuple[str, str], tuple[int, Ref]]  # kind and id -> number at the foot of the page, and the source


class Sentence(NamedTuple):
    """Something told, and what it rests on."""

    text: str
    sources: tuple[Ref, ...]
    strong: int = 0  # letters at its beginning that are set strongly: what it is about
    group: str = ""  # heading within the section
    level: str = ""  # of an alert


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, the most important first."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]
    more: str = ""  # how many more there are and how to see them


@dataclass(frozen=True)
class Brief:
    """One page for the morning."""

    title: str
    span: str  # which time it tells of
    at_us: int
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()

    def sources(self) -> Numbered:
        """Return every source with its number, in the order of their first use."""
        found: Numbered = {}
        for sentence in self.sentences():
            for ref in sentence.sources:
                found.setdefault(ref[:2], (len(found) + 1, ref))
        return found

    def sentences(self) -> Iterator[Sentence]:
        """Yield all sentences as they are read."""
        for section in self.sections:
            yield from section.sentences


def numbers(sentence: Sentence, sources: Numbered) -> list[int]:
    """Return the numbers of a sentence's sources, each once."""
    return sorted({sources[ref[:2]][0] for ref in sentence.sources})


def to_json(brief: Brief) -> dict[str, Any]:
    """Return the record of a brief, as the API and `--json` give it."""
    return {
        "schema": "anchorwatch.brief/1",
        "title": brief.title,
        "span": brief.span,
        "at": rfc3339(brief.at_us),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "sentences": [_sentence(sentence) for sentence in section.sentences],
                "more": section.more,
            }
            for section in brief.sections
        ],
        "notes": list(brief.notes),
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "strong": sentence.strong,
        "group": sentence.group,
        "level": sentence.level,
        "sources": [ref._asdict() for ref in sentence.sources],
    }
