"""The brief of the morning: one page, each sentence with its source. As JSON, Markdown, HTML and PDF."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from anchorwatch.console.export_files import stamp
from anchorwatch.console.heavy import one_of_few
from anchorwatch.console.routes.ask import HOUR_US, SinceText, span_us
from anchorwatch.console.routes.counter import STRICT, Reader
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.report_record import harmless
from anchorwatch.console.routes.reports import DeskHere
from anchorwatch.desk.brief.page import Brief as MadeBrief
from anchorwatch.desk.brief.page import to_json

router = APIRouter(prefix="/api/v1", tags=["reports"], dependencies=STRICT)

USUAL_US, LONGEST_US = 24 * HOUR_US, 31 * 24 * HOUR_US


class BriefSource(Answer):
    """What a sentence rests on."""

    kind: str = Field(description="report, alert, incident, ledger, feed, watch, file")
    id: str
    label: str


class BriefSentence(Answer):
    """Something told."""

    text: str
    sources: list[BriefSource]
    strong: int = Field(description="Characters at its beginning that say what it is about")
    group: str = Field(description="Heading within the section; empty = none")
    level: str = Field(description="Of an alert; empty = about none")


class BriefSection(Answer):
    """A heading and what stands under it, the most important first."""

    key: str
    title: str
    sentences: list[BriefSentence]
    more: str = Field(description="How many more there are; empty = none")


class Brief(Answer):
    """One page for the morning."""

    title: str
    span: str
    at: Utc
    sections: list[BriefSection]
    notes: list[str]


def made(desk: DeskHere, reader: Reader, since: SinceText = None) -> MadeBrief:
    """Return the brief since a time; nothing said = of the last 24 hours."""
    from anchorwatch.desk.brief.compose import brief
    from anchorwatch.watch.brief_facts import of_watch

    first, last = span_us(since, None, desk.now_us(), USUAL_US, LONGEST_US)
    with one_of_few():
        facts = of_watch(desk, first, last)
        page = brief(facts)
    reader.saw(a for told in facts.reports for a in told.report.assets)
    reader.saw(a for row in facts.incidents for a in (row.incident.asset, *row.incident.candidates))
    reader.saw(row.asset for row in facts.attention)
    reader.saw_alerts(i.alert for i in desk.room.store.several(a.id for a in facts.alerts))
    return page


MadeHere = Annotated[MadeBrief, Depends(made)]


@router.get("/brief", operation_id="get_brief")
def get_brief(page: MadeHere) -> Brief:
    """Return the brief."""
    return Brief.model_validate(harmless(to_json(page)))


@router.get(
    "/brief.md",
    operation_id="get_brief_markdown",
    response_class=Response,
    responses={200: {"content": {"text/markdown": {"schema": {"type": "string"}}}}},
)
def get_brief_markdown(page: MadeHere) -> Response:
    """Return the brief as Markdown."""
    from anchorwatch.desk.brief import markdown

    return _file(markdown.render(page).encode("utf-8", "replace"), page, "md", "text/markdown; charset=utf-8")


@router.get(
    "/brief.html",
    operation_id="get_brief_html",
    response_class=Response,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
)
def get_brief_html(page: MadeHere) -> Response:
    """Return the brief as a page by itself, without script."""
    from anchorwatch.desk.brief import html

    return _file(html.render(page).encode("utf-8", "replace"), page, "html", "text/html; charset=utf-8")


@router.get(
    "/brief.pdf",
    operation_id="get_brief_pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_brief_pdf(page: MadeHere) -> Response:
    """Return the brief to print."""
    from anchorwatch.edges.brief_pdf import pdf

    with one_of_few():
        content = pdf(page)
    return _file(content, page, "pdf", "application/pdf")


def _file(content: bytes, page: MadeBrief, ending: str, media: str) -> Response:
    """Return an answer that a browser keeps as a file."""
    headers = {"Content-Disposition": f'attachment; filename="anchorwatch-brief-{stamp(page.at_us)}.{ending}"'}
    return Response(content, headers=headers, media_type=media)
