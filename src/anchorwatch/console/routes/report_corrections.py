"""What people put right in reports: kept with who and when, applied whenever the same text is read again."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field

from anchorwatch.console.errors import Refusal
from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.routes.counter import STRICT, Reading, Worker, not_found
from anchorwatch.console.routes.report_record import Strict, shown
from anchorwatch.console.routes.reports import DeskHere, OneReport, ReportId, one_report, saw
from anchorwatch.console.security import audit
from anchorwatch.desk.corrections import Correction
from anchorwatch.edges.store.report_reading import Wanted
from anchorwatch.errors import BadUse
from anchorwatch.watch.press import Press

router = APIRouter(prefix="/api/v1", tags=["reports"], dependencies=STRICT)


class CorrectionWish(Strict):
    """One thing put right. `type` null removes the entity or the claim; `was` null adds one."""

    what: Literal["entity", "claim", "relevant", "story"]
    text: str = Field("", max_length=20_000, description="The words of the entity, the quote of the claim")
    start: int = Field(-1, ge=-1, lt=1 << 31, description="Where they stand, in characters")
    was: str | None = Field(None, max_length=40, description="Type of the entity or claim before")
    type: str | None = Field(None, max_length=40)
    name: str | None = Field(None, max_length=300, description="Of an entity: whom or what it means")
    modality: str | None = Field(None, max_length=40)
    relevant: bool | None = None
    story: str | None = Field(None, max_length=100, description="Id of the story that it belongs to; empty = none")
    everywhere: bool = Field(False, description="Of an entity: the same words in every report")


@router.post("/reports/{report_id}/corrections", operation_id="correct_report")
def correct_report(report_id: ReportId, wish: CorrectionWish, desk: DeskHere, person: Worker) -> OneReport:
    """Put something right; the report is understood anew. It is remembered whenever the same text is read again."""
    record = desk.reports.get(report_id)
    if record is None:
        raise not_found(f"no report {report_id!r}", "report_id", "See /api/v1/reports")
    said = wish.model_dump(exclude={"everywhere"}) | {"text": _words(wish, str(record["text"]))}
    if wish.everywhere:
        said |= {"start": -1, "report": ""}
    if wish.what == "story" and wish.story and not desk.reports.count(Wanted(story=wish.story)):
        raise BadUse("there is no such story", "story", "See /api/v1/stories")
    with one_of_few():
        kept = desk.correct(Correction(**({"report": report_id} | said)), person.name)
    audit(person, "report corrected", f"{kept.report or 'every report'}, {kept.what}, {kept.id}")
    return _answer(desk, report_id, person)


@router.delete("/corrections/{correction_id}", operation_id="take_correction_back")
def take_correction_back(
    correction_id: Annotated[str, Path(max_length=100)], desk: DeskHere, person: Worker
) -> OneReport | None:
    """Let a correction no longer hold; the report that it was about is understood anew, and is the answer."""
    with one_of_few():
        gone = desk.take_back(correction_id, person.name)
    if gone is None:
        raise not_found(f"no correction {correction_id!r} is in force", "correction_id", "Look at the report again")
    audit(person, "correction taken back", f"{gone.report or 'every report'}, {gone.what}, {gone.id}")
    return _answer(desk, gone.report, person) if gone.report else None


def _words(wish: CorrectionWish, text: str) -> str:
    """Return the very words of the text where a client sends them as they were shown: without what can do harm."""
    words = text[wish.start : wish.start + len(wish.text)] if wish.start >= 0 else wish.text
    return words if shown(words) == wish.text else wish.text


def _answer(desk: Press, report_id: str, person: Worker) -> OneReport:
    record = desk.reports.get(report_id)
    if record is None:
        raise Refusal(404, "the report is gone", report_id)
    reader = Reading(person, desk.room)
    saw(reader, [record])
    return one_report(desk, record, reader)
