"""How a source is called at the foot of the page, so that a reader can go and look."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import urlsplit

from anchorwatch.desk.brief.facts import AlertRow, BriefFacts
from anchorwatch.desk.brief.page import Ref
from anchorwatch.desk.brief.words import day, moment, named
from anchorwatch.desk.ledgers.ledger import Row
from anchorwatch.desk.report import Item, Report

WATCH = Ref("watch", "watch", "the records of this watch")
READ = Ref("file", "reports", "the reports that were given")


class Sources:
    """The sources of one brief, found by the ids that rows carry."""

    def __init__(self, facts: BriefFacts) -> None:
        """Take the reports of the facts."""
        told = [t.report for t in (*facts.reports, *facts.warnings)]
        self._reports = {report.id: report for report in (*facts.earlier, *told)}

    def report(self, report_id: str) -> Ref:
        """Return a report as a source; of one that is not at hand, its id."""
        report = self._reports.get(report_id)
        label = f"report {named(report_id)}" if report is None else report_label(report)
        return Ref("report", report_id, label)

    def reports(self, ids: Iterable[str], most: int = 4) -> tuple[Ref, ...]:
        """Return some reports as sources."""
        return tuple(self.report(i) for i in list(dict.fromkeys(ids))[:most])

    def row(self, ledger: str, row: Row) -> tuple[Ref, ...]:
        """Return a row of a ledger and the reports that it rests on."""
        label = f"ledger {named(ledger)}, row {named(row.id)}"
        return (*self.reports((s.report for s in row.sources), 3), Ref("ledger", f"{ledger}/{row.id}", label))


def report_label(report: Report) -> str:
    """Return the medium and the date of a report, or its line in its file; and its id."""
    item = report.item
    parts = [_medium(item), _line(item), _date(item)]
    return ", ".join([*filter(None, parts), report.id])


def alert(row: AlertRow) -> Ref:
    """Return an alert as a source."""
    return Ref("alert", row.id, f"alert {named(row.id)}, raised {moment(row.raised_us)}")


def incident(incident_id: str) -> Ref:
    """Return an incident as a source."""
    return Ref("incident", incident_id, f"incident {named(incident_id)}")


def feed(name: str) -> Ref:
    """Return a feed as a source."""
    return Ref("feed", name, f"feed {named(name)}")


def _medium(item: Item) -> str:
    if item.source and item.source != item.file:
        return named(item.source)
    return _host(item.url) if item.url else ""


def _host(url: str) -> str:
    try:
        return named(urlsplit(url).hostname or "")
    except ValueError:  # as of half an IPv6 address
        return ""


def _line(item: Item) -> str:
    file = item.file or ""
    file = _host(file) if "://" in file else named(PurePath(file).name)
    if item.line is None:
        return file if not item.source else ""
    return f"line {item.line} of {file}" if file else f"line {item.line}"


def _date(item: Item) -> str:
    if item.published_us is not None:
        return day(item.published_us)
    return f"received {day(item.received_us)}" if item.received_us is not None and item.line is None else ""
