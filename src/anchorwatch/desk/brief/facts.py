"""What a brief is made of: small rows that a watch's store, or a file of reports, gives. No sentence yet.

Names and texts are as they came in, hostile ones too: every form of the brief makes them harmless itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from anchorwatch.desk.ledgers.ledger import Row
from anchorwatch.desk.report import Incident, Report


@dataclass(frozen=True)
class AlertRow:
    """An alert of the span, or one that is still open, and the work on it."""

    id: str
    level: str  # caution, warning, alarm
    kind: str  # of model.ALERT_KINDS
    vessel: str = ""  # name, else "MMSI 123456789"; "" where it is about no vessel
    assets: tuple[str, ...] = ()  # names
    raised_us: int = 0
    status: str = "open"  # open, ended, withdrawn
    state: str = "new"  # new, acknowledged, in_hand, escalated, closed
    who: str = ""  # who has it in hand, or to whom it was escalated
    disposition: str = ""  # what it was, of a closed one
    cause: str = ""  # of an innocent one
    alternatives: tuple[str, ...] = ()  # innocent causes, the likeliest first


@dataclass(frozen=True)
class IncidentRow:
    """An incident, and how its asset is called."""

    incident: Incident
    name: str = ""  # of the asset in the chart; "" = as the reports name it


@dataclass(frozen=True)
class FeedRow:
    """A feed that the watch hears, and how it is."""

    name: str
    well: bool = True
    what: str = "traffic"  # traffic, press
    silent_since_us: int | None = None  # where it is silent
    why: str = ""  # where it is not well


@dataclass(frozen=True)
class Told:
    """A report and its story."""

    report: Report
    story: str | None = None
    copies: int = 0  # further sources that sent the same text


class LedgerRow(NamedTuple):
    """A row, and the ledger that it is of."""

    ledger: str  # of LEDGERS
    row: Row


@dataclass(frozen=True)
class Side:
    """One side of a contradiction."""

    value: str
    report: str  # id
    quote: str = ""


@dataclass(frozen=True)
class Contradiction:
    """What reports of one story say differently; which is right nobody has decided."""

    about: str  # "number of air defense systems"
    sides: tuple[Side, ...]
    story: str | None = None


@dataclass(frozen=True)
class AttentionRow:
    """An asset to look at more closely, and why."""

    asset: str  # id
    name: str
    level: float = 0.0  # 0..1
    why: str = ""  # "reported damage nearby": words of the desk, no text from outside
    reports: tuple[str, ...] = ()  # ids that it rests on
    incidents: tuple[str, ...] = ()
    until_us: int | None = None  # when it has faded


@dataclass(frozen=True)
class BriefFacts:
    """All that one brief may tell: of `since_us` up to `at_us`."""

    at_us: int
    since_us: int | None = None  # None = all that was read
    watched: bool = False  # there is a watch's data: without it nothing is said of the sea
    alerts: tuple[AlertRow, ...] = ()  # of the span, and older ones still open
    incidents: tuple[IncidentRow, ...] = ()  # of the span, and older ones still open
    feeds: tuple[FeedRow, ...] = ()
    reports: tuple[Told, ...] = ()  # of the span
    earlier: tuple[Report, ...] = ()  # reports before the span that rows, sides or incidents rest on: sources only
    rows: tuple[LedgerRow, ...] = ()  # new in the span
    calendar: tuple[LedgerRow, ...] = ()  # rows of the calendar whose day is the day of `at_us`
    contradictions: tuple[Contradiction, ...] = ()
    attention: tuple[AttentionRow, ...] = ()
    warnings: tuple[Told, ...] = ()  # navigational warnings in force
    names: Mapping[str, str] = field(default_factory=dict)  # of assets, by id
    notes: tuple[str, ...] = ()  # what the reader must know of the making: "3 items could not be read"
