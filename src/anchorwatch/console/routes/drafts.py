"""Drafts for a person to send: a VHF call, a navigational warning. The machine sends neither."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from anchorwatch.console.routes.alerts import AlertId, stored
from anchorwatch.console.routes.counter import STRICT, Here, Reader
from anchorwatch.judgement import drafts

router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"], dependencies=STRICT)


class Drafts(BaseModel):
    """Texts to look over, change and send by hand."""

    vhf_call: str = Field(description="A call to the vessel on VHF, in the phrases of the IMO SMCP")
    navigational_warning: str = Field(description="A warning to all mariners, for the national coordinator")


@router.get("/{alert_id}/drafts", operation_id="get_alert_drafts")
def get_alert_drafts(
    alert_id: AlertId,
    room: Here,
    reader: Reader,
    station: Annotated[str, Query(max_length=60, description="How your station is called by radio")] = drafts.STATION,
    hours: Annotated[int, Query(ge=1, le=drafts.MOST_HOURS, description="How long the warning is to stand")] = 24,
) -> Drafts:
    """Return drafts of what to say and to whom. They accuse nobody, and nothing is sent."""
    item = stored(alert_id, room, reader)
    return Drafts(
        vhf_call=drafts.vhf_call(item.alert, item.work, station=station),
        navigational_warning=drafts.navigational_warning(
            item.alert, item.work, now_us=room.clock.now_us(), hours=hours
        ),
    )
