"""A report and what it says: the words that all of the desk speaks (contracts.md, anchorwatch.report/1).

Everything that is claimed carries where in the text it stands: `text[start:end]` is always the very words.
Text from outside is evidence and never an instruction.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

ENTITY_TYPES = ("person", "country", "organisation", "place", "force", "asset", "vessel", "system")
EVENT_TYPES = (
    "infrastructure_damage", "outage", "presence", "control_zone", "airspace_incident", "exercise", "facility_security",
    "grid_change", "need", "pledge", "licence", "procurement", "delivery", "command_change", "spending", "legislation",
    "meeting", "appointment", "statement",
)  # fmt: skip
MODALITIES = ("fact", "plan", "promise", "demand", "estimate", "opinion")
LEDGERS = ("incidents", "presence", "energy", "assistance", "spending", "positions", "calendar")
ROLES = (
    "from_to",  # a change: low is where it was, high where it shall be
    "target",  # a level asked or aimed for
    "current",  # a level now
    "required",  # what something would take
    "needed",  # things asked for
    "total",  # a count of what happened or exists
    "given",  # pledged, bought, delivered, to be delivered
    "size",  # how many take part
    "cost", "capacity", "duration",
    "measure",  # distance, depth, speed, anything else
)  # fmt: skip
STANCES = ("for", "against", "conditional")
# How well it is known to which day "next month" is next.
REFERENCES = ("given", "published", "unknown")
KINDS = ("digest", "feed", "gdelt", "navtex", "warning", "text")  # of a source: how its items are made

MOST_TEXT = 20_000  # characters of one item that are kept and understood; a long article has 10,000


class Entity(NamedTuple):
    """A proper name, where it stands."""

    text: str
    start: int
    end: int
    type: str  # of ENTITY_TYPES
    name: str | None = None  # full usual name, where it is known for sure
    possibly: str | None = None  # whom it may mean, where the name sounds like one that is known; never overwritten
    id: str | None = None  # of an asset of the chart; of a country its ISO 3166 alpha-2; of a vessel its MMSI or IMO


class Quantity(NamedTuple):
    """A number with its meaning."""

    text: str
    start: int
    end: int
    low: float
    high: float  # = low for a single value
    unit: str | None  # "% of GDP", "%", "EUR", "years", "MW", ...; None for counts and for money of no currency
    role: str  # of ROLES
    qualifier: str | None = None  # the hedge as said: "over", "about"
    of: str | None = None  # the noun that is counted or measured, as said


class When(NamedTuple):
    """A time as it is said; resolved only where there is a reference date."""

    text: str
    start: int
    end: int
    from_us: int | None = None
    until_us: int | None = None  # exclusive
    duration: bool = False


@dataclass(frozen=True)
class Claim:
    """One event that a report speaks of (`events` of the record), with the words that it rests on."""

    type: str  # of EVENT_TYPES
    modality: str  # of MODALITIES
    quote: str
    start: int
    end: int
    actors: tuple[str, ...] = ()  # names: who does it
    to: tuple[str, ...] = ()  # names: to whom, with whom, against whom
    place: str | None = None
    when: str | None = None  # as said
    speaker: str | None = None  # who says it; None = the report itself
    stance: str | None = None  # of STANCES
    topic: str | None = None  # what a statement is about: "peacekeepers", "membership", "guarantees", ...
    quantities: tuple[int, ...] = ()  # places in the report's quantities
    assets: tuple[str, ...] = ()  # ids


@dataclass(frozen=True)
class Item:
    """A text from outside, before anything is understood."""

    text: str
    source: str | None = None  # name of the medium or the feed
    url: str | None = None  # of the item
    published_us: int | None = None
    received_us: int | None = None
    reference_us: int | None = None  # the day that "next month" is next to
    reference: str = "unknown"  # of REFERENCES
    language: str | None = None  # ISO 639-1, where the source says so
    line: int | None = None  # in its file, from 1
    file: str | None = None
    kind: str = "text"  # of KINDS
    points: tuple[tuple[float, float], ...] = ()  # lon, lat in degrees, where a notice gives them
    facts: tuple[tuple[str, str], ...] = ()  # what its form says beside the text: ("station", "P"), ("cancels", "9/26")

    @cached_property
    def id(self) -> str:
        """Return the id: of the text alone, so that a copy is the same report whoever sent it."""
        return "r1-" + hashlib.sha256(normal(self.text).encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True)
class Report:
    """An item and what was understood of it."""

    item: Item
    language: str = "en"
    entities: tuple[Entity, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[When, ...] = ()
    claims: tuple[Claim, ...] = ()  # the one that the item is about is the first
    relevance: float = 0.0
    assets: tuple[str, ...] = ()  # ids of assets that it concerns
    ledgers: tuple[str, ...] = ()  # of LEDGERS; empty = not relevant
    notes: tuple[str, ...] = ()  # what the reader must know: "cut after 20,000 characters", "not in English", ...

    @property
    def id(self) -> str:
        """Return the id of the item."""
        return self.item.id

    @property
    def text(self) -> str:
        """Return the text of the item."""
        return self.item.text


@dataclass(frozen=True)
class Extracted:
    """What a model has found in one text, before it is believed: only spans that are in the text count."""

    entities: tuple[Entity, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    claims: tuple[Claim, ...] = ()


class Extractor(Protocol):
    """A model that may be plugged in: of English, or a language model of the user."""

    name: str

    def extract(self, texts: Sequence[str]) -> list[Extracted]:
        """Return what it finds in each text."""
        ...


class Source(NamedTuple):
    """What one report rests a row or a sentence on."""

    report: str  # id
    quote: str
    start: int
    end: int


@dataclass(frozen=True)
class Incident:
    """Something that happened to an asset, or is said to have happened: the smallest honest record of it."""

    id: str
    asset: str | None  # id; None where the report names none that the chart knows
    asset_said: str  # as the reports name it
    from_us: int | None  # it happened between these two; None = not known
    until_us: int | None
    place: str  # as said; "" = not said
    lon_deg: float = float("nan")
    lat_deg: float = float("nan")
    radius_km: float = float("nan")
    state: str = "reported"  # reported (and unobserved), noticed (by an operator), observed (by the watch), closed
    opened_us: int = 0
    reports: tuple[str, ...] = ()  # ids
    alerts: tuple[str, ...] = ()  # ids: near it in place and time, which accuses nobody
    notices: tuple[str, ...] = ()  # outage notices, "asset time"
    notes: tuple[str, ...] = ()
    looked_back: dict[str, object] = field(default_factory=dict)  # what the look back over the archive found
    candidates: tuple[str, ...] = ()  # ids of assets that the words may mean, where they name none for sure


def normal(text: str) -> str:
    """Return the text as it is compared with others: one form of each letter, single spaces, no case."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
