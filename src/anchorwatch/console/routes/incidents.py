"""Incidents: what is said to have happened to assets, tied to reports, notices, alerts. Nothing accuses a vessel."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found
from anchorwatch.console.routes.geojson import Answer
from anchorwatch.console.routes.report_record import (
    Incident,
    IncidentAlert,
    IncidentRecord,
    incident_of,
    incident_said,
    reports_of,
)
from anchorwatch.console.routes.reports import DeskHere, saw
from anchorwatch.desk.report import Incident as StoredIncident
from anchorwatch.edges.records import tame

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"], dependencies=STRICT)

MOST = 500


class Incidents(Answer):
    """Incidents, the last opened first."""

    incidents: list[Incident]


@router.get("", operation_id="list_incidents")
def list_incidents(
    desk: DeskHere,
    reader: Reader,
    asset: Annotated[str | None, Query(max_length=200, description="Id of an asset")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> Incidents:
    """List incidents, the last opened first."""
    desk.refresh()
    found = desk.reports.incidents(limit, asset=asset)
    for incident in found:
        reader.saw([incident.asset, *incident.candidates])
    return Incidents(incidents=[incident_of(i) for i in found])


@router.get("/{incident_id}", operation_id="get_incident")
def get_incident(
    incident_id: Annotated[str, Path(max_length=100)], room: Here, desk: DeskHere, reader: Reader
) -> IncidentRecord:
    """Return one incident with its reports, alerts near it, and what a look back over the archive found."""
    desk.refresh()
    incident = desk.reports.incident(incident_id)
    if incident is None:
        raise not_found(f"no incident {incident_id!r}", "incident_id", "See /api/v1/incidents")
    reader.saw([incident.asset, *incident.candidates])
    records = desk.reports.several(incident.reports)
    found = [records[i] for i in incident.reports if i in records]
    saw(reader, found)
    alerts = [item.alert for item in room.store.several(incident.alerts)]
    reader.saw_alerts(alerts)
    return _record(incident, found, alerts)


def _record(
    incident: StoredIncident, found: list[dict[str, object]], alerts: list[dict[str, object]]
) -> IncidentRecord:
    more = {
        "report_records": reports_of(found),
        "alert_records": [IncidentAlert.model_validate(tame(alert)) for alert in alerts],
        "looked_back": tame(incident.looked_back),
    }
    return IncidentRecord.model_validate(incident_said(incident) | more)
