"""What a ledger is: rows built from claims, each with the words that it rests on, a plot as data, notes in plain words.

Claims of one story share a row. Where they agree they are two sources of one cell; where they differ the cell holds
both, side by side, and the row names the column: nothing is corrected and nothing is chosen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from anchorwatch.desk.report import Claim, Entity, Quantity, Report, Source, When
from anchorwatch.model import rfc3339

Cell = str | int | float | None
Said = str | int | float | tuple[str, ...] | None  # a cell before the claims of a row are put together
BESIDE = " | "  # between values that differ
UNDATED = "undated"
# rfc3339 holds years 1 to 9999; a year outside of 1900 to 2200 is a slip of a feed, and has no place on a time axis.
FIRST_US, LAST_US = -2_208_988_800_000_000, 7_258_118_400_000_000


_SEA = re.compile(r"\b(?:Sea|Gulf|Straits?|Bay|Belt|Channel|Ocean|Sound)\b")


class Column(NamedTuple):
    """A column: many = its values are a set, and add up; else two values are a difference."""

    key: str
    title: str
    unit: str | None = None
    many: bool = False


class Series(NamedTuple):
    """Points of one name: (x, y) or (x, y, label). A time is RFC 3339 text, or "undated"."""

    name: str
    points: tuple[tuple[Cell, ...], ...]


class Plot(NamedTuple):
    """A plot as data."""

    kind: str  # "counts", "timeline", "bars", "dots", "matrix"
    title: str
    x: str
    y: str
    series: tuple[Series, ...] = ()


@dataclass(frozen=True)
class Row:
    """One thing that is said, with everything that says it."""

    id: str
    at_us: int | None  # when it happens, else when it was published; None = undated
    cells: Mapping[str, Cell]
    sources: tuple[Source, ...]
    differs: tuple[str, ...] = ()  # keys of the cells in which the sources do not agree
    story: str | None = None
    assets: tuple[str, ...] = ()  # ids
    until_us: int | None = None  # exclusive; of what has an end


@dataclass(frozen=True)
class Ledger:
    """A table, its plots, and what the reader must know about it."""

    name: str  # of LEDGERS; "assistance/open" is a part
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    plots: tuple[Plot, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[Ledger, ...] = ()  # tables that follow from this one

    @property
    def plot(self) -> Plot | None:
        """Return the first plot."""
        return self.plots[0] if self.plots else None


@dataclass(frozen=True)
class Entry:
    """What one claim puts into a ledger."""

    report: Report
    claim: Claim
    key: tuple[str, ...]  # entries of one story (or one report) with the same key are one row
    cells: Mapping[str, Said]
    at_us: int | None = None
    until_us: int | None = None

    @property
    def source(self) -> Source:
        """Return the words that it rests on."""
        return Source(self.report.id, self.claim.quote, self.claim.start, self.claim.end)


@dataclass(frozen=True)
class Desk:
    """What a ledger is built from."""

    reports: Sequence[Report]
    stories: Mapping[str, str] = field(default_factory=dict)  # id of a report -> id of its story
    now_us: int | None = None  # what is past and what is to come; None = nobody knows

    def filed(self, ledger: str, types: Iterable[str]) -> Iterator[tuple[Report, Claim]]:
        """Yield the claims that belong into a ledger: those of its types, else the main one; each report once."""
        wanted = frozenset(types)
        for report in {r.id: r for r in sorted(self.reports, key=_oldest_last)}.values():
            if ledger not in report.ledgers:
                continue
            fitting = [c for c in report.claims if c.type in wanted]
            for claim in fitting or report.claims[:1] or [whole(report)]:
                yield report, claim


def _oldest_last(report: Report) -> tuple[Any, ...]:
    """Return a place by which the oldest copy of a text comes last, and is the one that counts."""
    item = report.item
    return item.published_us is not None, -(item.published_us or 0), item.source or "", item.url or "", item.line or 0


def whole(report: Report) -> Claim:
    """Return a claim that rests on all of the text, for a report that is filed and of which no event was understood."""
    return Claim("statement", "fact", report.text, 0, len(report.text))


def time_of(report: Report, claim: Claim) -> When | None:
    """Return when the claim says that it happens: the very words, else those inside of its quote."""
    said = [d for d in report.dates if not d.duration]
    near = [d for d in said if d.text == claim.when] or [d for d in said if claim.start <= d.start < claim.end]
    return next((d for d in near if d.from_us is not None), near[0] if near else None)


def sane(time_us: int | None) -> int | None:
    """Return a time that a calendar can show; None for any other."""
    return time_us if time_us is not None and FIRST_US <= time_us <= LAST_US else None


def times(report: Report, claim: Claim) -> tuple[int | None, int | None]:
    """Return from when until when, None where it is not known."""
    when = time_of(report, claim)
    return (sane(when.from_us), sane(when.until_us)) if when else (None, None)


def quantities(report: Report, claim: Claim, *roles: str) -> list[Quantity]:
    """Return the quantities of a claim, else those inside of its words; of these roles or of any."""
    own = [report.quantities[n] for n in claim.quantities if 0 <= n < len(report.quantities)]
    own = own or [q for q in report.quantities if claim.start <= q.start < claim.end]
    return [q for q in own if not roles or q.role in roles]


def near(report: Report, claim: Claim, *types: str) -> list[Entity]:
    """Return the names of these types inside of the words of a claim."""
    return [e for e in report.entities if e.type in types and claim.start <= e.start < claim.end]


def places(report: Report, claim: Claim) -> tuple[str, ...]:
    """Return where: as the claim says, else the first place in its words, else the sea that the report names."""
    if claim.place:
        return (claim.place,)
    wide = [e for e in report.entities if e.type == "place" and _SEA.search(e.name or e.text)]
    named = near(report, claim, "place") or wide  # a town in another sentence may be of something else
    return tuple(e.name or e.text for e in named[:1])


def parties(report: Report, names: Sequence[str]) -> tuple[str, ...]:
    """Return those who act: no person where a state, an alliance or a force is named, too."""
    persons = {n for e in report.entities if e.type == "person" for n in (e.name, e.text)}
    return tuple(n for n in names if n not in persons) or tuple(names)


def apart(report: Report, claim: Claim, value: Callable[[Claim], str]) -> str:
    """Return what keeps this claim from the row of its story: another thing than the report's first of this type."""
    own = value(claim).casefold()
    first = next((v for c in report.claims if c.type == claim.type and (v := value(c).casefold())), "")
    return "" if own in ("", first) else own


def number(value: float) -> int | float | None:
    """Return whole numbers as such: 19 systems, not 19.0; None for what is no number."""
    if not abs(value) < 1e15:  # also not a number; the largest sum of money of this world has 14 digits
        return None
    return int(value) if value == int(value) else value


def day(time_us: int | None) -> str:
    """Return a time for a cell or an axis."""
    fit = sane(time_us)
    return UNDATED if fit is None else rfc3339(fit)


ABOUT = (  # columns of every ledger: how it is said
    Column("modality", "said as", many=True),
    Column("speaker", "said by", many=True),
    Column("when", "when, as said", many=True),
    Column("reported", "reported", many=True),
)


def about(report: Report, claim: Claim) -> dict[str, Said]:
    """Return the cells that every ledger has."""
    when = time_of(report, claim)
    return {
        "modality": (claim.modality,),
        "speaker": (claim.speaker,) if claim.speaker else (),
        "when": (claim.when or (when.text if when else "")) or None,
        "reported": (day(report.item.published_us),),
    }


def table(
    name: str, columns: Sequence[Column], entries: Iterable[Entry], desk: Desk, own_dates: bool = False
) -> tuple[Row, ...]:
    """Return the rows of all entries: dated ones first, the latest on top, then the undated as their files have them.

    own_dates: a row without a date of its own has none; else the day of its report stands in for it.
    """
    groups: dict[tuple[str, ...], dict[tuple[Source, str], Entry]] = {}
    for entry in entries:
        group = (desk.stories.get(entry.report.id) or entry.report.id, *entry.key)
        groups.setdefault(group, {})[entry.source, str(sorted(entry.cells.items(), key=str))] = entry
    made = [_row((name, *key), columns, sorted(g.values(), key=_order), desk, own_dates) for key, g in groups.items()]
    return tuple(row for _, row in sorted(made, key=lambda pair: pair[0]))


def _order(entry: Entry) -> tuple[Any, ...]:
    """Return where an entry stands among others: by time, else by its place in its file."""
    item = entry.report.item
    at_us = entry.at_us if entry.at_us is not None else sane(item.published_us)
    dated = (1, 0) if at_us is None else (0, -at_us)
    return (*dated, item.file or "", item.line or 0, entry.report.id, entry.claim.start, str(entry.key))


def _row(
    key: tuple[str, ...], columns: Sequence[Column], entries: Sequence[Entry], desk: Desk, own_dates: bool
) -> tuple[tuple[Any, ...], Row]:
    cells: dict[str, Cell] = {}
    differs = []
    for column in columns:
        said = [e.cells.get(column.key) for e in entries]
        if column.many:
            cells[column.key] = ", ".join(_all(said)) or None
            continue
        cells[column.key], several = _beside(said)
        differs += [column.key] if several else []
    first = entries[0].report
    sources = tuple(dict.fromkeys(e.source for e in entries))
    own = [e.at_us for e in entries]
    at_us = _first(own if own_dates or _first(own) is not None else [sane(e.report.item.published_us) for e in entries])
    row = Row(
        id="l1-" + hashlib.sha256("\x1f".join(key).encode("utf-8", "replace")).hexdigest()[:16],
        at_us=at_us,
        cells=cells,
        sources=sources,
        differs=tuple(differs),
        story=desk.stories.get(first.id),
        assets=tuple(sorted({a for e in entries for a in e.claim.assets})),
        until_us=max((e.until_us for e in entries if e.until_us is not None), default=None),
    )
    dated = (1, 0) if at_us is None else (0, -at_us)
    return (*dated, *_order(entries[0])[2:], row.id), row


def _first(times_us: Iterable[int | None]) -> int | None:
    return min((t for t in times_us if t is not None), default=None)


def _all(said: Iterable[Said]) -> list[str]:
    """Return every value once, however it is written, as first written."""
    out: dict[str, str] = {}
    for value in said:
        for one in value if isinstance(value, tuple) else (value,):
            if one not in (None, ""):
                out.setdefault(str(one).casefold(), str(one))
    return list(out.values())


def _beside(said: Iterable[Said]) -> tuple[Cell, bool]:
    """Return one cell of values that shall agree, and whether they do not."""
    known: dict[Any, Cell] = {}
    for value in said:
        one = ", ".join(value) if isinstance(value, tuple) else value
        if one not in (None, ""):
            known.setdefault(one.casefold() if isinstance(one, str) else one, one)
    values = list(known.values())
    if len(values) < 2:
        return (values[0] if values else None), False
    return BESIDE.join(map(str, values)), True


def to_json(ledger: Ledger) -> dict[str, Any]:
    """Return a ledger as the API has it."""
    return {
        "name": ledger.name,
        "title": ledger.title,
        "columns": [{"key": c.key, "title": c.title, "unit": c.unit} for c in ledger.columns],
        "rows": [row_json(row) for row in ledger.rows],
        "plot": plot_json(ledger.plots[0]) if ledger.plots else None,
        "plots": [plot_json(p) for p in ledger.plots],
        "notes": list(ledger.notes),
        "parts": [to_json(part) for part in ledger.parts],
    }


def row_json(row: Row) -> dict[str, Any]:
    """Return a row as the API has it."""
    return {
        "id": row.id,
        "at": None if row.at_us is None else day(row.at_us),
        "until": None if row.until_us is None else day(row.until_us),
        "cells": dict(row.cells),
        "differs": list(row.differs),
        "sources": [s._asdict() for s in row.sources],
        "story": row.story,
        "assets": list(row.assets),
    }


def plot_json(plot: Plot) -> dict[str, Any]:
    """Return a plot as the API has it."""
    series = [{"name": s.name, "points": [list(p) for p in s.points]} for s in plot.series]
    return {"kind": plot.kind, "title": plot.title, "x": plot.x, "y": plot.y, "series": series}


def flat(ledger: Ledger) -> tuple[list[str], list[dict[str, Cell]]]:
    """Return names of columns and rows for a CSV file; edges.records.csv_text takes the power from the texts."""
    names = ["id", "at", *[c.key for c in ledger.columns], "differs", "story", "reports", "quotes"]
    rows: list[dict[str, Cell]] = []
    for row in ledger.rows:
        known: dict[str, Cell] = {c.key: row.cells.get(c.key) for c in ledger.columns}
        own: dict[str, Cell] = {
            "id": row.id,
            "at": day(row.at_us),
            "differs": " ".join(row.differs),
            "story": row.story,
        }
        said: dict[str, Cell] = {
            "reports": " ".join(dict.fromkeys(s.report for s in row.sources)),
            "quotes": BESIDE.join(s.quote for s in row.sources),
        }
        rows.append(known | own | said)
    return names, rows
