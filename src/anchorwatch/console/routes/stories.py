"""Stories: reports that tell the same event, with what they say differently."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from anchorwatch.console.routes.counter import STRICT, Reader, not_found
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.report_record import Contradiction, Report, harmless, reports_of
from anchorwatch.console.routes.reports import DeskHere, contradiction_said, saw
from anchorwatch.desk.contradictions import contradictions
from anchorwatch.edges.store.report_reading import MOST_STORIES, Wanted
from anchorwatch.model import rfc3339

router = APIRouter(prefix="/api/v1/stories", tags=["reports"], dependencies=STRICT)

MOST_MEMBERS = 200  # of one story that are shown: the last
TITLE = 160  # characters


class Story(Answer):
    """A story in the list, called by the beginning of its first report."""

    id: str
    title: str
    first: Utc
    last: Utc
    count: int = Field(description="Reports in it")


class Stories(Answer):
    """A page of stories, the last told first."""

    stories: list[Story]
    next: str | None = Field(description="Give this as `before` for the next page; null = that was all")


class OneStory(Story):
    """A story with its reports, in order of time, and what they say differently."""

    reports: list[Report]
    contradictions: list[Contradiction]


@router.get("", operation_id="list_stories")
def list_stories(
    desk: DeskHere,
    reader: Reader,
    limit: Annotated[int, Query(ge=1, le=MOST_STORIES)] = 50,
    before: Annotated[str | None, Query(max_length=100, description="`next` of the page before")] = None,
) -> Stories:
    """List stories, the last told first."""
    found = desk.reports.stories(limit, before)
    saw(reader, [story.record for story in found])
    listed = [
        Story(
            id=s.id,
            title=title_of(s.record["text"]),
            first=rfc3339(s.first_us),
            last=rfc3339(s.last_us),
            count=s.reports,
        )
        for s in found
    ]
    return Stories(stories=listed, next=found[-1].id if len(found) == limit else None)


@router.get("/{story_id}", operation_id="get_story")
def get_story(story_id: Annotated[str, Path(max_length=100)], desk: DeskHere, reader: Reader) -> OneStory:
    """Return one story: its reports, the oldest first, and what they say differently, side by side."""
    wanted = Wanted(story=story_id)
    found = desk.reports.page(wanted, MOST_MEMBERS)[::-1]
    if not found:
        raise not_found(f"no story {story_id!r}", "story_id", "See /api/v1/stories")
    saw(reader, found)
    members = [report for report, _ in desk.reports.latest(MOST_MEMBERS, wanted)]
    differ = [contradiction_said(c) for c in contradictions(members)]
    times = [record["published"] or record["received"] for record in found]
    return OneStory(
        id=story_id,
        title=title_of(found[0]["text"]),
        first=times[0],
        last=times[-1],
        count=desk.reports.count(wanted),
        reports=reports_of(found),
        contradictions=[Contradiction.model_validate(harmless(c)) for c in differ],
    )


def title_of(text: str) -> str:
    """Return what a story is called: the beginning of its first report."""
    words = " ".join(text.split())
    cut = words if len(words) <= TITLE else words[:TITLE].rsplit(" ", 1)[0] + " ..."
    return str(harmless(cut))
