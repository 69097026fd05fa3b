"""What the store can tell of reports: pages of them, one, stories, incidents, corrections. Every list is bounded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from anchorwatch.desk import record as records
from anchorwatch.desk.corrections import Correction
from anchorwatch.desk.report import Incident, Item, Report, normal
from anchorwatch.edges.records import plain
from anchorwatch.edges.store.base import Base
from anchorwatch.edges.store.report_tables import (
    copies,
    corrections,
    incident_reports,
    incidents,
    report_marks,
    reports,
)
from anchorwatch.errors import BadUse

MOST = 200  # reports of one page: a text has at most 20,000 characters
AT_ONCE = 500  # ids in one question
MOST_STORIES = 200


class Wanted(NamedTuple):
    """Which reports are asked for; None = all."""

    ledger: str | None = None
    type: str | None = None
    asset: str | None = None
    source: str | None = None
    story: str | None = None
    text: str | None = None
    since_us: int | None = None
    until_us: int | None = None  # exclusive
    relevant: bool | None = None


ALL = Wanted()


class Copy(NamedTuple):
    """Where a text was found."""

    source: str
    url: str
    published_us: int | None
    received_us: int | None


class Story(NamedTuple):
    """A story in the list: its first report is what it is called by."""

    id: str
    first_us: int
    last_us: int
    reports: int
    record: dict[str, Any]  # of the first


class ReportReading:
    """Questions to the desk's tables; from any thread."""

    def __init__(self, base: Base) -> None:
        """Take the database."""
        self._base, self.clock = base, base.clock

    # reports

    def page(self, wanted: Wanted = ALL, limit: int = 50, before: str | None = None) -> list[dict[str, Any]]:
        """Return records, the newest first; `before` is the id of the last of the page before."""
        keys = reports.c.at_us, reports.c.id
        chosen = select(reports.c.record).where(*_where(wanted))
        with self._base.reading() as link:
            if before is not None:
                last = link.execute(select(*keys).where(reports.c.id == before)).one_or_none()
                if last is None:
                    raise BadUse("the page before is not known", "before", "Begin with the first page.")
                chosen = chosen.where(tuple_(*keys) < tuple_(*last))
            page = chosen.order_by(*(k.desc() for k in keys)).limit(max(1, min(limit, MOST)))
            return [json.loads(text) for text in link.execute(page).scalars()]

    def count(self, wanted: Wanted = ALL) -> int:
        """Return how many there are."""
        with self._base.reading() as link:
            return int(link.execute(select(func.count()).select_from(reports).where(*_where(wanted))).scalar_one())

    def get(self, report_id: str) -> dict[str, Any] | None:
        """Return one record."""
        with self._base.reading() as link:
            text = link.execute(select(reports.c.record).where(reports.c.id == report_id)).scalar()
        return None if text is None else dict(json.loads(text))

    def several(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return records by id, those that there are."""
        wanted = sorted(set(ids))
        found: dict[str, dict[str, Any]] = {}
        with self._base.reading() as link:
            for at in range(0, len(wanted), AT_ONCE):
                part = select(reports.c.id, reports.c.record).where(reports.c.id.in_(wanted[at : at + AT_ONCE]))
                found |= {row.id: json.loads(row.record) for row in link.execute(part)}
        return found

    def known(self, ids: Iterable[str]) -> set[str]:
        """Return which of these reports there are."""
        return {i for part in _parts(ids) for i in self._column(select(reports.c.id).where(reports.c.id.in_(part)))}

    def items(self, ids: Iterable[str]) -> dict[str, Item]:
        """Return texts as they came, to be understood anew."""
        found: dict[str, Item] = {}
        with self._base.reading() as link:
            for part in _parts(ids):
                chosen = select(reports.c.id, reports.c.item).where(reports.c.id.in_(part))
                found |= {row.id: _item(row.item) for row in link.execute(chosen)}
        return found

    def latest(self, most: int, wanted: Wanted = ALL) -> list[tuple[Report, str | None]]:
        """Return the last so many reports as the desk knows them, each with its story, the oldest first."""
        newest = select(reports.c.record).where(*_where(wanted)).order_by(reports.c.at_us.desc(), reports.c.id.desc())
        found = (json.loads(text) for text in reversed(self._column(newest.limit(most))))
        return [(records.from_json(record), record["story"]) for record in found]

    def untied(self, types: Sequence[str], since_us: int, most: int = 1000) -> list[Report]:
        """Return reports that speak of events of some types, understood since then, and that no incident rests on."""
        speak = report_marks.c.kind == "type", report_marks.c.value.in_(types)
        chosen = select(reports.c.record).where(
            reports.c.changed_us >= since_us,
            reports.c.id.in_(select(report_marks.c.report).where(*speak)),
            reports.c.id.not_in(select(incident_reports.c.report)),
        )
        found = self._column(chosen.order_by(reports.c.at_us.desc(), reports.c.id.desc()).limit(most))
        return [records.from_json(json.loads(text)) for text in reversed(found)]

    def state(self) -> tuple[int, int]:
        """Return what changes with any report: how many there are, and when one was last understood."""
        chosen = select(func.count(), func.coalesce(func.max(reports.c.changed_us), 0)).select_from(reports)
        with self._base.reading() as link:
            count, changed_us = link.execute(chosen).one()
        return int(count), int(changed_us)

    def copies(self, report_id: str) -> list[Copy]:
        """Return where a text was found, in order of arrival."""
        columns = [copies.c[n] for n in Copy._fields]
        chosen = select(*columns).where(copies.c.report == report_id)
        with self._base.reading() as link:
            return [_copy(row) for row in link.execute(chosen.order_by(copies.c.received_us, copies.c.source))]

    # stories

    def stories(self, limit: int = 50, before: str | None = None) -> list[Story]:
        """Return stories, the last told first; `before` is the id of the last of the page before."""
        last_us, first_us = func.max(reports.c.at_us), func.min(reports.c.at_us)
        chosen = select(reports.c.story, first_us, last_us, func.count()).where(reports.c.story.is_not(None))
        with self._base.reading() as link:
            if before is not None:
                told_us = link.execute(select(last_us).where(reports.c.story == before)).scalar()
                if told_us is None:
                    raise BadUse("the page before is not known", "before", "Begin with the first page.")
                chosen = chosen.having((last_us < told_us) | ((last_us == told_us) & (reports.c.story < before)))
            page = chosen.group_by(reports.c.story).order_by(last_us.desc(), reports.c.story.desc())
            rows = link.execute(page.limit(max(1, min(limit, MOST_STORIES)))).all()
            return [Story(r[0], r[1], r[2], r[3], self._first(link, r[0])) for r in rows]

    def _first(self, link: Any, story: str) -> dict[str, Any]:
        oldest = select(reports.c.record).where(reports.c.story == story).order_by(reports.c.at_us, reports.c.id)
        return dict(json.loads(link.execute(oldest.limit(1)).scalar_one()))

    # corrections

    def corrections(self, report_id: str | None = None) -> list[Correction]:
        """Return the corrections in force, those that hold for one report or all, in the order they were made."""
        chosen = select(corrections.c.record).where(corrections.c.ended_us.is_(None)).order_by(corrections.c.id)
        if report_id is not None:
            chosen = chosen.where(corrections.c.report.in_((report_id, "")))
        return [Correction(**json.loads(text)) for text in self._column(chosen)]

    # incidents

    def incidents(self, limit: int = MOST, *, asset: str | None = None, report: str | None = None) -> list[Incident]:
        """Return incidents, the last opened first: all, those of an asset, or those that a report is about."""
        chosen = select(incidents.c.record).order_by(incidents.c.opened_us.desc(), incidents.c.id.desc())
        if asset is not None:
            chosen = chosen.where(incidents.c.asset == asset)
        if report is not None:
            with_it = select(incident_reports.c.incident).where(incident_reports.c.report == report)
            chosen = chosen.where(incidents.c.id.in_(with_it))
        return [incident_of(json.loads(t)) for t in self._column(chosen.limit(limit))]

    def incident(self, incident_id: str) -> Incident | None:
        """Return one incident."""
        found = self._column(select(incidents.c.record).where(incidents.c.id == incident_id))
        return incident_of(json.loads(found[0])) if found else None

    def _column(self, chosen: Select[Any]) -> Sequence[Any]:
        with self._base.reading() as link:
            return link.execute(chosen).scalars().all()


def incident_of(said: dict[str, Any]) -> Incident:
    """Return the incident of its JSON; null places are not known."""
    known = {f.name for f in fields(Incident)}
    kept: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items() if k in known}
    places = {k: float("nan") for k in ("lon_deg", "lat_deg", "radius_km") if kept.get(k) is None}
    return Incident(**{**kept, **places})


def _item(text: str) -> Item:
    """Return a text as it came; what a later version has beside it is not known here."""
    said = json.loads(text)
    known = {f.name: said[f.name] for f in fields(Item) if f.name in said}
    pairs = {name: tuple(map(tuple, known.get(name, ()))) for name in ("points", "facts")}
    return Item(**{**known, **pairs})


def _copy(row: Row[Any]) -> Copy:
    return Copy._make(row)


def _parts(ids: Iterable[str]) -> list[list[str]]:
    wanted = sorted(set(ids))
    return [wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE)]


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    marks = {"ledger": wanted.ledger, "type": wanted.type, "asset": wanted.asset, "source": wanted.source}
    for kind, value in marks.items():
        if value is not None:
            same = report_marks.c.kind == kind, report_marks.c.value == plain(value)[:200]
            found.append(reports.c.id.in_(select(report_marks.c.report).where(*same)))
    if wanted.story is not None:
        found.append(reports.c.story == wanted.story)
    if wanted.relevant is not None:
        found.append(reports.c.relevant == wanted.relevant)
    if wanted.since_us is not None:
        found.append(reports.c.at_us >= wanted.since_us)
    if wanted.until_us is not None:
        found.append(reports.c.at_us < wanted.until_us)
    if wanted.text:
        found.append(reports.c.words.contains(plain(normal(wanted.text)), autoescape=True))
    return found
