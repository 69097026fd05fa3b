"""Where alerts are sent, and the button that tries it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found
from anchorwatch.console.routes.geojson import Utc
from anchorwatch.console.routes.work_record import Level
from anchorwatch.console.security import Person, audit, needs

router = APIRouter(prefix="/api/v1/channels", tags=["channels"], dependencies=STRICT)


class Channel(BaseModel):
    """A way by which alerts go out. Addresses and secrets are not told."""

    name: str
    sends_to: str = Field(description="What kind of service")
    at_least: Level
    kinds: list[str] = Field(description="Kinds of alert; empty = all")
    assets: list[str] = Field(description="Ids of assets; empty = all")
    events: list[str] = Field(description="What is told of an alert: raised, ...")
    quiet: str | None = Field(description="Quiet hours; null = none")
    quiet_alarms: bool = Field(description="Alarms wait too in quiet hours")
    most_per_hour: int | None = Field(description="More are sent together, later")
    last_sent: Utc | None
    trouble: str | None = Field(description="Why the last try failed; null = it did not")


class Channels(BaseModel):
    """All channels."""

    channels: list[Channel]


class Tried(BaseModel):
    """How the test message went."""

    channel: str
    sent: bool
    why: str = Field(description="Why not; empty = sent")
    took_s: float


@router.get("", operation_id="list_channels")
def list_channels(room: Here, reader: Reader) -> Channels:
    """List where alerts are sent."""
    found = [] if room.notifier is None else room.notifier.channels()
    reader.saw(asset for c in found for asset in c["assets"])
    return Channels(channels=[Channel.model_validate(c) for c in found])


@router.post("/{name}/test", operation_id="test_channel")
async def test_channel(
    name: Annotated[str, Path(max_length=100)], room: Here, person: Annotated[Person, Depends(needs("supervise"))]
) -> Tried:
    """Send a test message, whatever the quiet hours, and say how it went. For supervisors."""
    known = [] if room.notifier is None else [c["name"] for c in room.notifier.channels()]
    if room.notifier is None or name not in known:
        raise not_found(f"no channel {name!r}", "name", f"Channels are {', '.join(known) or 'not set'}")
    await run_in_threadpool(audit, person, "channel tested", name)
    return Tried.model_validate(await room.notifier.test(name))
