"""Reports: the stream with its filters, one report with all that is tied to it, pasted text."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from anchorwatch.console.errors import Refusal
from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.routes.ask import SinceText, UntilText, time_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, Reading, Worker, not_found
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.report_record import (
    Contradiction,
    LedgerName,
    Report,
    Strict,
    harmless,
    reports_of,
    time_or_none,
)
from anchorwatch.console.security import audit
from anchorwatch.desk.contradictions import contradictions
from anchorwatch.desk.corrections import Correction as PutRight
from anchorwatch.desk.record import from_json
from anchorwatch.desk.report import LEDGERS
from anchorwatch.edges.records import tame
from anchorwatch.edges.store.report_reading import MOST, Wanted
from anchorwatch.watch.press import Press, id_of, press_of

router = APIRouter(prefix="/api/v1/reports", tags=["reports"], dependencies=STRICT)

ReportId = Annotated[str, Path(max_length=100, examples=["r1-5e0e88a07b1d21c4"])]
MOST_PASTED = 200_000  # characters: a long briefing; a longer one is read from a file
MOST_ITEMS = 200  # of one pasted text


def desk_of(room: Here) -> Press:
    """Return the desk of the watch."""
    return press_of(room)


DeskHere = Annotated[Press, Depends(desk_of)]
Cell = str | int | float | None


class Reports(Answer):
    """A page of reports, the newest first."""

    reports: list[Report]
    next: str | None = Field(description="Give this as `before` for the next page; null = that was all")
    total: int = Field(description="All that were asked for, on all pages")


class Read(Answer):
    """What was read of a pasted text."""

    reports: list[Report] = Field(description="In the order of the text; those that were known are among them")
    known: int = Field(description="How many of these were known before")
    left_out: dict[str, int] = Field(description="What is no report, counted by reason")


class ReportCopy(Answer):
    """Where the same text was found."""

    source: str | None
    url: str | None
    published: Utc | None


class ReportRow(Answer):
    """A row of a ledger that rests on this report."""

    ledger: LedgerName
    id: str
    cells: dict[str, Cell]


class Correction(Answer):
    """What a person put right, in force."""

    id: str
    report: str = Field(description="Empty = the same words in every report")
    what: str
    text: str
    start: int
    was: str | None
    type: str | None
    name: str | None
    modality: str | None
    relevant: bool | None
    story: str | None
    by: str
    at: Utc


class OneReport(Report):
    """A report with all that is tied to it."""

    copies: list[ReportCopy]
    rows: list[ReportRow]
    corrections: list[Correction]
    incidents: list[str]
    contradicts: list[Contradiction]


class Pasted(Strict):
    """A text that somebody brings: one report, or several, a line or a paragraph each."""

    text: str = Field(min_length=1, max_length=MOST_PASTED)
    source: str | None = Field(None, max_length=200)
    url: str | None = Field(None, max_length=2000, description="Kept if it is a web address; nothing here follows it")
    published: Utc | None = Field(None, max_length=40)
    reference_date: Utc | None = Field(None, max_length=40, description='The day that "next month" is next to')


def wanted_of(
    ledger: Annotated[LedgerName | None, Query(description="Only what is in this ledger")] = None,
    type_: Annotated[
        str | None, Query(alias="type", max_length=40, description="Only what speaks of an event of this type")
    ] = None,
    asset: Annotated[str | None, Query(max_length=200, description="Id of an asset that it concerns")] = None,
    story: Annotated[str | None, Query(max_length=100)] = None,
    q: Annotated[str | None, Query(max_length=200, description="In the text, its source, the names in it")] = None,
    source: Annotated[str | None, Query(max_length=200)] = None,
    since: SinceText = None,
    until: UntilText = None,
    relevant: Annotated[bool | None, Query(description="In any ledger, or in none")] = None,
) -> Wanted:
    """Return which reports are asked for."""
    return Wanted(
        ledger, type_, asset, source, story, q or None,
        None if since is None else time_us(since, "since"),
        None if until is None else time_us(until, "until"), relevant,
    )  # fmt: skip


@router.get("", operation_id="list_reports")
def list_reports(
    desk: DeskHere,
    reader: Reader,
    wanted: Annotated[Wanted, Depends(wanted_of)],
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    before: Annotated[str | None, Query(max_length=100, description="`next` of the page before")] = None,
) -> Reports:
    """List reports, the newest first, a page at a time."""
    found = desk.reports.page(wanted, limit, before)
    saw(reader, found)
    last = found[-1]["id"] if len(found) == limit else None
    return Reports(reports=reports_of(found), next=last, total=desk.reports.count(wanted))


@router.post("", operation_id="add_reports")
def add_reports(pasted: Pasted, desk: DeskHere, person: Worker) -> Read:
    """Read a text that somebody brings, and keep it."""
    from anchorwatch.desk.reading import About, read
    from anchorwatch.desk.reading.links import link
    from anchorwatch.desk.reading.plain_lines import dated

    reference_us = None if pasted.reference_date is None else time_us(pasted.reference_date, "reference_date")
    published_us = None if pasted.published is None else time_us(pasted.published, "published")
    about = About(source=pasted.source, url=pasted.url, received_us=desk.now_us(), reference_us=reference_us)
    reading = read(pasted.text.encode("utf-8", "replace"), about)
    if not reading.items:
        raise Refusal(422, "there is no report in this text", "text", "Paste sentences, a line or a paragraph each")
    if len(reading.items) > MOST_ITEMS:
        raise Refusal(413, f"more than {MOST_ITEMS} reports at once", "text", "Paste them in parts")
    items = [replace(item, url=item.url or link(pasted.url)) for item in reading.items]
    if published_us is not None:
        items = [item if item.published_us is not None else dated(item, published_us) for item in items]
    with one_of_few():
        kept = desk.take(items)
    audit(person, "reports added", f"{len(kept.fresh)} new, {kept.copies} known")
    ids = [id_of(item) for item in items]
    found = desk.reports.several(ids)
    saw(Reading(person, desk.room), found.values())
    return Read(
        reports=reports_of(found[i] for i in ids if i in found),
        known=kept.copies,
        left_out=dict(reading.rejects.counts),
    )


@router.get("/{report_id}", operation_id="get_report")
def get_report(report_id: ReportId, desk: DeskHere, reader: Reader) -> OneReport:
    """Return one report with where else it was found, its ledger rows, corrections, incidents, contradictions."""
    record = desk.reports.get(report_id)
    if record is None:
        raise not_found(f"no report {report_id!r}", "report_id", "See /api/v1/reports")
    saw(reader, [record])
    return one_report(desk, record, reader)


def one_report(desk: Press, record: dict[str, Any], reader: Reading) -> OneReport:
    """Return a report with all that is tied to it."""
    report_id = record["id"]
    with one_of_few():
        mine = [
            (name, row)
            for name in LEDGERS
            if name in record["ledgers"]
            for row in desk.ledgers.get(name).rows
            if any(source.report == report_id for source in row.sources)
        ]
    reader.saw(asset for _, row in mine for asset in row.assets)  # others of its story may name more
    more = {
        "copies": [
            {"source": c.source or None, "url": c.url or None, "published": time_or_none(c.published_us)}
            for c in desk.reports.copies(report_id)
        ],
        "rows": [{"ledger": name, "id": row.id, "cells": dict(row.cells)} for name, row in mine],
        "corrections": [correction_said(c) for c in desk.reports.corrections(report_id) if _is_about(c, record)],
        "incidents": [i.id for i in desk.reports.incidents(report=report_id)],
        "contradicts": _contradicts(desk, record, reader),
    }
    return OneReport.model_validate(harmless(record | more))


def _is_about(correction: PutRight, record: dict[str, Any]) -> bool:
    return bool(correction.report) or correction.text in record["text"]


def _contradicts(desk: Press, record: dict[str, Any], reader: Reading) -> list[dict[str, Any]]:
    """Return what others of its story say differently."""
    if record["story"] is None:
        return []
    members = [report for report, _ in desk.reports.latest(50, Wanted(story=record["story"]))]
    if all(report.id != record["id"] for report in members):
        members.append(from_json(record))
    found = [c for c in contradictions(members) if any(s.report == record["id"] for s in c.sides)]
    quoted = {s.report for c in found for s in c.sides}
    reader.saw(asset for report in members if report.id in quoted for asset in report.assets)
    return [contradiction_said(c) for c in found]


def contradiction_said(found: Any) -> dict[str, Any]:
    """Return a contradiction as it goes out."""
    sides = [{"value": s.value, "report": s.report, "quote": s.quote} for s in found.sides]
    return {"about": found.about, "sides": sides}


def correction_said(correction: PutRight) -> dict[str, Any]:
    """Return a correction as it goes out."""
    said = {name: getattr(correction, name) for name in Correction.model_fields if name != "at"}
    return said | {"by": tame(correction.by), "at": time_or_none(correction.at_us)}


def saw(reader: Reading, found: Any) -> None:
    """Note the restricted assets that reports concern."""
    for record in found:
        reader.saw(record["assets"])
        reader.saw(asset for event in record["events"] for asset in event["assets"])
