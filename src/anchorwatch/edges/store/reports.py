"""The reports of the desk: what came, what was understood, who else had it, what people corrected, what it is tied to.

In the store of the watch: what belongs together is written in one transaction, so that nothing is taken twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Row, delete, insert, select, update

from anchorwatch.desk import record as records
from anchorwatch.desk.corrections import Correction
from anchorwatch.desk.report import Incident, Item, Report, normal
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.records import json_line, plain
from anchorwatch.edges.store import Store
from anchorwatch.edges.store.report_reading import AT_ONCE, ReportReading
from anchorwatch.edges.store.report_tables import (
    copies,
    corrections,
    incident_reports,
    incidents,
    press_feeds,
    report_marks,
    report_metadata,
    reports,
)

MOST_COPIES = 200  # of one text that are noted: it is known by then that everybody has it
MOST_WORDS = 24_000  # characters that a search looks in: the longest text, and who wrote it
TOLD = "incident"  # verb of the history

Ties = Mapping[str, tuple[str | None, tuple[str, ...]]]  # report -> its story, related reports


class FeedState(NamedTuple):
    """How the polling of one feed stands."""

    url: str
    etag: str = ""
    modified: str = ""
    next_us: int = 0
    failures: int = 0
    last_ok_us: int = 0
    why: str = ""
    state: str = "{}"


class Kept(NamedTuple):
    """What keeping reports has led to."""

    fresh: tuple[str, ...]  # ids that were not known
    copies: int  # texts that were known, from elsewhere


class Reports(ReportReading):
    """What the desk keeps. May be used from any thread; beside a running watch, too."""

    def __init__(self, store: Store, *, own: bool = False) -> None:
        """Take the store; tables that it lacks are made. own: closing this closes it, too."""
        super().__init__(store)
        self.store, self._own = store, own
        with store.writing() as link:
            report_metadata.create_all(link)

    @classmethod
    def open(cls, where: str | Path, clock: Clock, *, alone: bool = False) -> Self:
        """Open those of a watch's folder; a watch may be running on it."""
        store = Store.open(where, clock, alone=alone)
        try:
            return cls(store, own=True)
        except BaseException:
            store.close()
            raise

    @property
    def folder(self) -> Path | None:
        """Return the folder of the watch; None where the store is on a server."""
        file = Path(self.store.where)
        return file.parent if file.is_file() else None

    def close(self) -> None:
        """Close the store, where it was opened here."""
        if self._own:
            self.store.close()

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction around several of these."""
        return self.store.writing()

    # reports

    def keep(self, read: Sequence[Report], ties: Ties | None = None, others: Iterable[Item] = ()) -> Kept:
        """Keep reports, in one transaction; one that is known is a copy, and changes nothing of what was understood.

        others: further places where texts, these or known ones, were found.
        """
        with self.writing() as link:
            known = _known(link, [r.id for r in read])
            new = {r.id: r for r in reversed(read) if r.id not in known}
            fresh = list(reversed(new.values()))
            self._write(link, fresh, ties or {})
            self._note_copies(link, [*(r.item for r in read), *others])
        return Kept(tuple(r.id for r in fresh), len(read) - len(fresh))

    def note_copies(self, items: Iterable[Item]) -> None:
        """Note where texts that are known were found, too."""
        with self.writing() as link:
            self._note_copies(link, list(items))

    def understand_anew(self, read: Sequence[Report], ties: Ties) -> None:
        """Put what is understood now in place of what was; the texts stay."""
        with self.writing() as link:
            for report in read:
                link.execute(delete(reports).where(reports.c.id == report.id))
                link.execute(delete(report_marks).where(report_marks.c.report == report.id))
            self._write(link, read, ties)

    def tie(self, ties: Ties) -> None:
        """Set the stories and relations of reports that are kept."""
        with self.writing() as link:
            for report_id, (story, related) in ties.items():
                kept = link.execute(select(reports.c.record).where(reports.c.id == report_id)).scalar()
                if kept is not None:
                    record = json.loads(kept) | {"story": story, "related": list(related)}
                    values = {"story": story, "record": json_line(record), "changed_us": self.clock.now_us()}
                    link.execute(update(reports).where(reports.c.id == report_id).values(**values))

    def _write(self, link: Connection, read: Sequence[Report], ties: Ties) -> None:
        if read:
            link.execute(insert(reports), [self._row(report, ties) for report in read])
            link.execute(insert(report_marks), [mark for report in read for mark in _marks(report)])

    def _row(self, report: Report, ties: Ties) -> dict[str, Any]:
        story, related = ties.get(report.id) or (None, ())
        item, now_us = report.item, self.clock.now_us()
        received_us = now_us if item.received_us is None else item.received_us
        # Lines of one file come at one moment: a microsecond each keeps their order, the first counts as the newest.
        at_us = received_us - (item.line or 0) if item.published_us is None else item.published_us
        item = replace(item, received_us=received_us)
        report = replace(report, item=item)
        return {
            "id": report.id, "at_us": at_us, "received_us": received_us, "changed_us": now_us, "story": story,
            "relevance": float(report.relevance), "relevant": bool(report.ledgers), "language": report.language[:16],
            "words": _words(report), "record": json_line(records.to_json(report, story, related)),
            "item": json_line(asdict(item)),
        }  # fmt: skip

    def _note_copies(self, link: Connection, items: Sequence[Item]) -> None:
        """Note where texts were found, each place once, of each text a bounded number."""
        known = _copies(link, [item.id for item in items])
        now_us, rows = self.clock.now_us(), []
        for item in items:
            place = plain(item.source or "")[:200], _hash(item.url or "")
            mine = known.setdefault(item.id, set())
            if place in mine or len(mine) >= MOST_COPIES:
                continue
            mine.add(place)
            rows.append({
                "report": item.id, "source": place[0], "url_hash": place[1], "url": plain(item.url or "")[:2000],
                "published_us": item.published_us,
                "received_us": now_us if item.received_us is None else item.received_us,
            })  # fmt: skip
        if rows:
            link.execute(insert(copies), rows)

    # corrections

    def correct(self, correction: Correction, by: str) -> Correction:
        """Keep what a person put right, with who and when."""
        correction = replace(correction, by=plain(by)[:128], at_us=self.clock.now_us())
        row = {"correction": correction.id, "report": correction.report, "record": json_line(asdict(correction))}
        with self.writing() as link:
            same = corrections.c.correction == correction.id, corrections.c.ended_us.is_(None)
            if link.execute(select(corrections.c.id).where(*same)).first() is None:
                link.execute(insert(corrections).values(**row, at_us=correction.at_us, by=correction.by))
        return correction

    def take_back(self, correction_id: str, by: str) -> Correction | None:
        """Let a correction no longer hold; the line about it stays. None where there is no such in force."""
        mine = corrections.c.correction == correction_id, corrections.c.ended_us.is_(None)
        with self.writing() as link:
            text = link.execute(select(corrections.c.record).where(*mine)).scalar()
            ended = {"ended_us": self.clock.now_us(), "ended_by": plain(by)[:128]}
            link.execute(update(corrections).where(*mine).values(**ended))
        return None if text is None else Correction(**json.loads(text))

    # incidents

    def keep_incidents(self, changed: Sequence[Incident], why: str) -> None:
        """Keep incidents that were opened or have changed; the history, which only grows, says so."""
        with self.writing() as link:
            for incident in changed:
                known = link.execute(select(incidents.c.record).where(incidents.c.id == incident.id)).scalar()
                text = json_line(asdict(incident))
                if known == text:
                    continue
                values = {
                    "opened_us": incident.opened_us, "changed_us": self.clock.now_us(), "asset": incident.asset,
                    "state": incident.state, "record": text,
                }  # fmt: skip
                if known is None:
                    link.execute(insert(incidents).values(id=incident.id, **values))
                else:
                    link.execute(update(incidents).where(incidents.c.id == incident.id).values(**values))
                link.execute(delete(incident_reports).where(incident_reports.c.incident == incident.id))
                rows = [{"report": r, "incident": incident.id} for r in dict.fromkeys(incident.reports)]
                if rows:
                    link.execute(insert(incident_reports), rows)
                self.store.tell(TOLD, _said(incident, why if known is not None else "opened"))

    # feeds

    def keep_feed(self, feed: FeedState) -> None:
        """Keep how the polling of a feed stands."""
        with self.writing() as link:
            values = feed._asdict() | {"why": plain(feed.why)[:500]}
            link.execute(delete(press_feeds).where(press_feeds.c.url == feed.url))
            link.execute(insert(press_feeds).values(**values))

    def feeds(self) -> list[FeedState]:
        """Return how the polling of each feed stands."""
        columns = [press_feeds.c[n] for n in FeedState._fields]
        with self.store.reading() as link:
            return [_feed(row) for row in link.execute(select(*columns).order_by(press_feeds.c.url))]


def _feed(row: Row[Any]) -> FeedState:
    return FeedState._make(row)


def _known(link: Connection, ids: Sequence[str]) -> set[str]:
    parts = [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
    return {i for part in parts for i in link.execute(select(reports.c.id).where(reports.c.id.in_(part))).scalars()}


def _copies(link: Connection, ids: Sequence[str]) -> dict[str, set[tuple[str, str]]]:
    """Return where texts were found so far."""
    found: dict[str, set[tuple[str, str]]] = {}
    for at in range(0, len(ids), AT_ONCE):
        some = copies.c.report.in_(ids[at : at + AT_ONCE])
        for row in link.execute(select(copies.c.report, copies.c.source, copies.c.url_hash).where(some)):
            found.setdefault(row.report, set()).add((row.source, row.url_hash))
    return found


def _words(report: Report) -> str:
    item = report.item
    said = [report.id, item.text, item.source or "", *(e.possibly or e.name or "" for e in report.entities)]
    return plain(normal(" ".join(said)))[:MOST_WORDS]


def _marks(report: Report) -> list[dict[str, str]]:
    found = {("ledger", x) for x in report.ledgers} | {("type", c.type) for c in report.claims}
    found |= {("asset", a) for a in (*report.assets, *(a for c in report.claims for a in c.assets))}
    found |= {("source", plain(report.item.source or "")), ("any", "")}
    return [{"kind": kind, "value": value[:200], "report": report.id} for kind, value in sorted(found)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _said(incident: Incident, why: str) -> dict[str, Any]:
    """What the history says of an incident: links only, nobody's guilt."""
    return {
        "incident": incident.id, "what": why, "state": incident.state, "asset": incident.asset,
        "reports": list(incident.reports), "alerts": list(incident.alerts),
    }  # fmt: skip
