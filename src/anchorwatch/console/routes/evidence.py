"""The evidence behind an alert: the vessel's track around it, speed against what is usual, what it passed over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from anchorwatch.console.evidence import MOST_HOURS, MOST_POINTS, Found, gather
from anchorwatch.console.heavy import one_alert_of_few
from anchorwatch.console.routes.alerts import AlertId, stored
from anchorwatch.console.routes.counter import STRICT, Here, Reader, picture_us
from anchorwatch.console.routes.geojson import Answer, Utc
from anchorwatch.console.routes.vessel_record import known
from anchorwatch.model import rfc3339

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"], dependencies=STRICT)

Hours = Annotated[float, Query(ge=0, le=MOST_HOURS)]


class EvidenceCrossing(Answer):
    """The vessel passed over an asset."""

    time: Utc
    asset: str = Field(description="Id")
    name: str
    lon_deg: float
    lat_deg: float
    kp_km: float = Field(description="Kilometre point along the asset")
    sog_kn: float | None = Field(description="Speed of the report after it")
    between_s: float = Field(description="Seconds between the two reports that it lies between: how well it is known")


class EvidenceGap(Answer):
    """Nothing was heard of the vessel."""

    since: Utc
    until: Utc


class Evidence(Answer):
    """The track of an alert's vessel around the alert, in order of time; lists of equal length, null = not known."""

    alert_id: str
    mmsi: int = Field(description="0 where the alert is not about one vessel: then the lists are empty")
    since: Utc
    until: Utc
    times: list[Utc]
    lon_deg: list[float]
    lat_deg: list[float]
    sog_kn: list[float | None]
    cog_deg: list[float | None]
    heading_deg: list[float | None]
    baseline_kn: list[float | None] = Field(
        description="What it usually runs: what the detector measured against, else the median of the hour before"
    )
    offset_deg: list[float | None] = Field(description="Heading minus course, from -180 up to 180")
    crossings: list[EvidenceCrossing]
    gaps: list[EvidenceGap] = Field(description="Silences of ten minutes or more, in order of time")
    thinned: bool = Field(description=f"There were more than {MOST_POINTS} places; extremes and crossings stay")
    note: str = Field(description="What was left out; empty = nothing")


@router.get("/{alert_id}/evidence", operation_id="get_alert_evidence")
def get_alert_evidence(
    alert_id: AlertId,
    room: Here,
    reader: Reader,
    hours_before: Hours = 6.0,
    hours_after: Hours = 2.0,
) -> Evidence:
    """Return the track of the alert's vessel from hours before its start to hours after its end."""
    alert = stored(alert_id, room, reader).alert
    with one_alert_of_few():
        found = gather(room, alert, hours_before, hours_after, picture_us(room))
    reader.saw(c.asset for c in found.crossings)
    return _evidence(alert_id, found)


def _evidence(alert_id: str, found: Found) -> Evidence:
    rows = found.rows
    return Evidence(
        alert_id=alert_id,
        mmsi=found.mmsi,
        since=rfc3339(found.since_us),
        until=rfc3339(found.until_us),
        times=[rfc3339(t) for t in rows["time_us"].to_list()],
        lon_deg=rows["lon_deg"].round(7).to_list(),
        lat_deg=rows["lat_deg"].round(7).to_list(),
        **{
            name: rows[name].fill_nan(None).round(2).to_list()
            for name in ("sog_kn", "cog_deg", "heading_deg", "baseline_kn", "offset_deg")
        },
        crossings=[
            EvidenceCrossing(
                time=rfc3339(c.time_us),
                asset=c.asset,
                name=c.name,
                lon_deg=round(c.lon_deg, 7),
                lat_deg=round(c.lat_deg, 7),
                kp_km=round(c.kp_km, 3),
                sog_kn=known(c.sog_kn),
                between_s=round(c.between_s, 1),
            )
            for c in found.crossings
        ],
        gaps=[EvidenceGap(since=rfc3339(a), until=rfc3339(b)) for a, b in found.gaps],
        thinned=found.thinned,
        note=found.note,
    )
