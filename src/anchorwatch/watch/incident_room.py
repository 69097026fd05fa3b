"""Incidents of a watch: opened and joined by reports, linked with notices and alerts. Nothing here changes an alert."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from anchorwatch.chart import Chart
from anchorwatch.desk import incidents as rules
from anchorwatch.desk.record import from_json
from anchorwatch.desk.report import Incident, Report
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.store import Store
from anchorwatch.edges.store.reports import Reports
from anchorwatch.model import Fault
from anchorwatch.watch.openings import Openings
from anchorwatch.watch.room import Progress

MOST_KNOWN = 500  # incidents that a report may join: the last opened
MOST_ALERTS = 50  # of one asset
TROUBLE = "incidents"
FRESH_US = 7 * 86_400_000_000  # so long after it was opened, notices and alerts are still looked for


class Surroundings(Protocol):
    """What incidents need of a watch; a folder on which none runs has it, too."""

    chart: Chart
    clock: Clock
    store: Store
    faults: tuple[Fault, ...]
    progress: Progress


class IncidentRoom:
    """Keeps the incidents of one watch."""

    def __init__(self, room: Surroundings, reports: Reports, ask: Callable[[str], None]) -> None:
        """Take the watch, where incidents are kept, and who looks back."""
        self._room, self._reports, self._ask = room, reports, ask
        self._openings = Openings()

    def take(self, read: Sequence[Report], now_us: int) -> list[str]:
        """Open or join incidents, in the transaction of the reports; returns those to look back for."""
        if not any(c.type in rules.TYPES for report in read for c in report.claims):
            return []
        known = self._reports.incidents(MOST_KNOWN)
        kept = self._reports.several([r.id for r in read] + [r for i in known for r in i.reports[:20]])
        stories = {i: record["story"] for i, record in kept.items()}
        chart = self._room.chart
        said = [t for r in read for t in rules.told(r, chart, now_us, stories.get(r.id))]
        sources = {r.id: r.item.file for r in read}
        taken = self._openings.of(rules.take(known, said, chart, stories), known, sources, self._now_s())
        self._tell()
        changed = [self._linked(i, now_us) for i in taken]
        self._reports.keep_incidents(changed, "report")
        return [incident.id for incident in changed]

    def take_anew(self, read: Sequence[Report], now_us: int) -> list[str]:
        """Take reports that were understood anew: what they no longer say, their incidents no longer rest on."""
        for report in read:
            for incident in self._reports.incidents(report=report.id):
                after = self._linked(rules.rebuilt(incident, self._said_of(incident, read, now_us)), now_us)
                self._reports.keep_incidents([after], "corrected")
        return self.take(read, now_us)

    def _said_of(self, incident: Incident, read: Sequence[Report], now_us: int) -> list[rules.Told]:
        """Return what the reports of an incident say of it now."""
        anew = {report.id: report for report in read}
        kept, items = self._reports.several(incident.reports), self._reports.items(incident.reports)
        found = []
        for report_id in incident.reports:
            record = kept.get(report_id)
            if record is None:
                continue
            report = anew.get(report_id) or replace(from_json(record), item=items[report_id])
            said = rules.told(report, self._room.chart, now_us, record["story"])
            mine = [t for t in said if t.asset in (None, incident.asset)] or said
            found += mine[:1]
        return found

    def _now_s(self) -> float:
        return self._room.clock.monotonic_s()

    def _tell(self) -> None:
        """Say where a source has told of more damage than may open incidents."""
        said, troubles = self._openings.trouble(self._now_s()), self._room.progress.troubles
        if said:
            troubles[TROUBLE] = said
        else:
            troubles.pop(TROUBLE, None)

    def refresh(self, now_us: int) -> list[str]:
        """Link notices and alerts that came since; returns the incidents that changed."""
        self._tell()
        known = [i for i in self._reports.incidents(MOST_KNOWN) if now_us - i.opened_us < FRESH_US]
        changed = [after for i in known if (after := self._linked(i, now_us)) != i]
        if changed:
            self._reports.keep_incidents(changed, "linked")
        return [i.id for i in changed]

    def _linked(self, incident: Incident, now_us: int) -> Incident:
        incident = rules.with_notices(incident, self._room.faults, now_us)
        first, last = rules.span(incident)
        found: dict[str, None] = {}
        for asset in (incident.asset,) if incident.asset is not None else incident.candidates:
            items = self._room.store.alerts(
                asset=asset, since_us=first - rules.ALERT_US, until_us=last + rules.ALERT_US, limit=MOST_ALERTS
            )
            found |= {i.alert["id"]: None for i in items if i.alert["status"] != "withdrawn"}
        return rules.with_alerts(incident, found)
