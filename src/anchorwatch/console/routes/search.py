"""One box to look for anything: vessels, assets, alerts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from anchorwatch.console.routes.counter import STRICT, Here, Reader
from anchorwatch.console.routes.vessel_record import Vessel, vessel_of
from anchorwatch.console.routes.work_record import Item, item_of

router = APIRouter(prefix="/api/v1", tags=["search"], dependencies=STRICT)


class FoundAsset(BaseModel):
    """An asset that was found."""

    id: str
    name: str
    kind: str


class Found(BaseModel):
    """What was found, each list the first few."""

    vessels: list[Vessel]
    assets: list[FoundAsset]
    alerts: list[Item]


@router.get("/search", operation_id="search")
def search(
    room: Here,
    reader: Reader,
    q: Annotated[str, Query(min_length=1, max_length=100, description="Part of a name, or the beginning of a number")],
    limit: Annotated[int, Query(ge=1, le=100, description="Of each list")] = 20,
) -> Found:
    """Find vessels by name, MMSI, IMO or call sign, assets by name or id, and alerts by what they say; newest first."""
    wanted = q.strip().casefold()
    if not wanted:
        return Found(vessels=[], assets=[], alerts=[])
    vessels = [vessel_of(mmsi, room.latest.one(mmsi), room) for mmsi, _ in room.latest.named(q, limit)]
    assets = [a for a in room.chart.assets if wanted in a.name.casefold() or wanted in a.id.casefold()][:limit]
    alerts = room.store.alerts(text=wanted, limit=limit)
    reader.saw([*(v.asset for v in vessels), *(a.id for a in assets)])
    reader.saw_alerts(i.alert for i in alerts)
    return Found(
        vessels=vessels,
        assets=[FoundAsset(id=a.id, name=a.name, kind=a.kind) for a in assets],
        alerts=[item_of(i) for i in alerts],
    )
