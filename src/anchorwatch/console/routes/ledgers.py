"""Ledgers of the desk: tables built from claims, each row with the words it rests on; as JSON, CSV and iCalendar."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
from fastapi import APIRouter, Path, Response
from pydantic import Field

from anchorwatch.console.export_files import stamp
from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.routes.ask import SinceText, UntilText, time_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, picture_us
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.report_record import LedgerName, harmless
from anchorwatch.console.routes.reports import DeskHere
from anchorwatch.desk.ledgers import ledger as made
from anchorwatch.edges.records import csv_text
from anchorwatch.watch.ledgers import Span

router = APIRouter(prefix="/api/v1/ledgers", tags=["ledgers"], dependencies=STRICT)

Cell = str | int | float | None
Name = Annotated[LedgerName, Path(description="Of the ledgers of the contract")]


class LedgerSummary(Answer):
    """A ledger in the list."""

    name: LedgerName
    title: str
    rows: int


class LedgerColumn(Answer):
    """A column of a ledger."""

    key: str
    title: str
    unit: str | None


class LedgerSource(Answer):
    """The words that a row rests on: characters `start` to `end` of a report's text."""

    report: str
    quote: str
    start: int
    end: int


class LedgerRow(Answer):
    """One thing that is said, with everything that says it."""

    id: str
    at: Utc | None = Field(description="When it happens, else when it was reported; null = undated")
    until: Utc | None
    cells: dict[str, Cell] = Field(description="By key of the column. Values that differ stand side by side, with |")
    differs: list[str] = Field(description="Keys of the cells in which the sources do not agree")
    sources: list[LedgerSource]
    story: str | None
    assets: list[str]


class PlotSeries(Answer):
    """Points of one name: x, y, and perhaps a label."""

    name: str
    points: list[list[Cell]]


class LedgerPlot(Answer):
    """A plot as data."""

    kind: Literal["counts", "timeline", "bars", "dots", "matrix"]
    title: str
    x: str
    y: str
    series: list[PlotSeries]


class Ledger(Answer):
    """A table, its plots, and what the reader must know about it."""

    name: str
    title: str
    columns: list[LedgerColumn]
    rows: list[LedgerRow]
    plot: LedgerPlot | None
    plots: list[LedgerPlot]
    notes: list[str]
    parts: list[Ledger] = Field(description="Tables that follow from this one")


def span_of(since: SinceText = None, until: UntilText = None) -> Span:
    """Return the span of the reports that a ledger is built from."""
    return Span(None if since is None else time_us(since, "since"), None if until is None else time_us(until, "until"))


@router.get("", operation_id="list_ledgers")
def list_ledgers(room: Here, desk: DeskHere, reader: Reader) -> list[LedgerSummary]:
    """List the ledgers, and how many rows each has."""
    with one_of_few():
        found = desk.ledgers.all()
    for ledger in found:
        _saw(reader, ledger)
    return [LedgerSummary.model_validate({"name": x.name, "title": x.title, "rows": len(x.rows)}) for x in found]


@router.get(
    "/calendar.ics",
    operation_id="get_calendar",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
def get_calendar(room: Here, desk: DeskHere, reader: Reader) -> Response:
    """Return the calendar for other calendars to subscribe to (iCalendar, RFC 5545)."""
    from anchorwatch.desk.ledgers.calendar_file import calendar_file

    with one_of_few():
        ledger = desk.ledgers.get("calendar")
        made_now = calendar_file(ledger)
    _saw(reader, ledger)
    return _file(made_now.content, "calendar", "ics", "text/calendar; charset=utf-8")


@router.get(
    "/{name}.csv",
    operation_id="get_ledger_csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def get_ledger_csv(
    name: Name, room: Here, desk: DeskHere, reader: Reader, since: SinceText = None, until: UntilText = None
) -> Response:
    """Return a ledger as a table for a spreadsheet, which runs no cell of it."""
    with one_of_few():
        ledger = desk.ledgers.get(name, span_of(since, until))
        names, rows = made.flat(ledger)
        text = csv_text(dict.fromkeys(names, pl.String), rows)
    _saw(reader, ledger)
    return _file(text, f"{name}-{stamp(picture_us(room))}", "csv", "text/csv; charset=utf-8")


@router.get("/{name}", operation_id="get_ledger")
def get_ledger(
    name: Name, room: Here, desk: DeskHere, reader: Reader, since: SinceText = None, until: UntilText = None
) -> Ledger:
    """Return one ledger, of all reports or of those published in a span."""
    with one_of_few():
        ledger = desk.ledgers.get(name, span_of(since, until))
    _saw(reader, ledger)
    return Ledger.model_validate(harmless(made.to_json(ledger)))


def _saw(reader: Reader, ledger: made.Ledger) -> None:
    reader.saw(asset for row in ledger.rows for asset in row.assets)


def _file(text: str | bytes, name: str, ending: str, media: str) -> Response:
    """Return an answer that a browser keeps as a file. `name` is made of our own words only."""
    headers = {"Content-Disposition": f'attachment; filename="anchorwatch-{name}.{ending}"'}
    content = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    return Response(content, headers=headers, media_type=media)
