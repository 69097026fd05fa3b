"""Incidents of reports that a command keeps in the folder of a watch that does not run: as the watch would open them.

Nobody looks back over the archive for them here; the watch does so when it next runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anchorwatch.chart import Chart
from anchorwatch.desk import incidents as rules
from anchorwatch.desk.report import Incident
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.store import Store
from anchorwatch.edges.store.base import IN_USE
from anchorwatch.edges.store.reports import Reports
from anchorwatch.errors import BadStore
from anchorwatch.model import Fault
from anchorwatch.watch.incident_room import IncidentRoom
from anchorwatch.watch.room import Progress


@dataclass
class Folder:
    """As much of a watch as incidents need, where none runs."""

    chart: Chart
    clock: Clock
    store: Store
    faults: tuple[Fault, ...] = ()
    progress: Progress = field(default_factory=Progress)


def tied(where: Path, chart: Chart, clock: Clock) -> Sequence[Incident] | None:
    """Open or join the incidents of all reports that none rests on yet; None where a watch runs, which does it itself.

    Returns those that were opened or joined.
    """
    try:
        reports = Reports.open(where, clock, alone=True)
    except BadStore as error:
        if IN_USE not in str(error):
            raise
        return None
    try:
        room = IncidentRoom(Folder(chart, clock, reports.store), reports, lambda _: None)
        waiting = reports.untied(rules.TYPES, 0)
        with reports.writing():
            changed = room.take(waiting, clock.now_us())
        return [i for one in changed if (i := reports.incident(one)) is not None]
    finally:
        reports.close()
