"""Reports: the stream with its filters, one report with all that is tied to it, pasted text, corrections."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from anchorwatch.console.routes.ask import SinceText, UntilText, time_us
from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found
from anchorwatch.console.routes.geojson import Answer
from anchorwatch.console.routes.report_record import LedgerName, Report, report_of, reports_of
from anchorwatch.edges.store.report_reading import MOST, Wanted
from anchorwatch.watch.press import Press, press_of
from anchorwatch.watch.room import Room

router = APIRouter(prefix="/api/v1/reports", tags=["reports"], dependencies=STRICT)

ReportId = Annotated[str, Path(max_length=100, examples=["r1-5e0e88a07b1d21c4"])]


def desk_of(room: Here) -> Press:
    """Return the desk of the watch."""
    return press_of(room)


DeskHere = Annotated[Press, Depends(desk_of)]


class Reports(Answer):
    """A page of reports, the newest first."""

    reports: list[Report]
    next: str | None = Field(description="Give this as `before` for the next page; null = that was all")
    total: int = Field(description="All that were asked for, on all pages")


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
    room: Here,
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


@router.get("/{report_id}", operation_id="get_report")
def get_report(report_id: ReportId, room: Here, desk: DeskHere, reader: Reader) -> Report:
    """Return one report."""
    record = desk.reports.get(report_id)
    if record is None:
        raise not_found(f"no report {report_id!r}", "report_id", "See /api/v1/reports")
    saw(reader, [record])
    return report_of(record)


def saw(reader: Reader, found: list[dict[str, object]]) -> None:
    """Note the restricted assets that reports concern."""
    for record in found:
        assets = record["assets"]
        reader.saw(assets if isinstance(assets, list) else ())


__all__ = ["DeskHere", "Room", "router"]
