"""The open feeds that a supervisor may switch on and off while the watch runs. No request can name another."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from anchorwatch.console.errors import Refusal
from anchorwatch.console.routes.counter import STRICT, Here, Reader, not_found
from anchorwatch.console.security import Person, audit, needs
from anchorwatch.edges.feeds import offers
from anchorwatch.edges.feeds.offers import Offer
from anchorwatch.errors import BadUse
from anchorwatch.watch.room import Room
from anchorwatch.watch.switchboard import Switchboard

router = APIRouter(prefix="/api/v1/feeds/offers", tags=["feeds"], dependencies=STRICT)

REPLAY = "a replay takes no feeds: start `anchorwatch watch` without one"
By = Literal["", "console", "command line"]


class FeedOffer(BaseModel):
    """One open feed."""

    name: str = Field(description="Also the name of the feed once it is on")
    url: str = Field(description="What `anchorwatch watch --feed` would be given")
    title: str = Field(description="Whose it is")
    area: str = Field(description="Where it hears")
    licence: str
    policy: str = Field(description="What this source leaves out by rule; empty = nothing known")
    needs: str = Field(description="What is missing before it can be heard, and where to put it; empty = nothing")
    on: bool
    by: By = Field(description="Who asks for it: what the command line asks for is not switched off here")


class FeedOffers(BaseModel):
    """All open feeds that are known."""

    offers: list[FeedOffer]
    closed: str = Field(description="Why none can be switched here, in words; empty = they can")


Name = Annotated[str, Path(max_length=40, description="Name of an offer")]
Supervisor = Annotated[Person, Depends(needs("supervise"))]


@router.get("", operation_id="list_feed_offers")
def list_feed_offers(room: Here, reader: Reader) -> FeedOffers:
    """List the open feeds, and which of them are switched on."""
    return FeedOffers(
        offers=[offer_of(offer, room.switchboard) for offer in offers.OFFERS],
        closed="" if room.switchboard is not None else REPLAY,
    )


@router.post("/{name}", operation_id="switch_feed_on")
async def switch_feed_on(name: Name, room: Here, person: Supervisor) -> FeedOffer:
    """Connect to an open feed, now and at each start to come; on already is no error."""
    offer, board = _known(room, name)
    try:
        await board.switch_on(offer, person.name)
    except BadUse as error:
        raise Refusal(409, error.what, name, error.next_step) from error
    await asyncio.to_thread(audit, person, "feed on", name)
    return offer_of(offer, board)


@router.delete("/{name}", operation_id="switch_feed_off")
async def switch_feed_off(name: Name, room: Here, person: Supervisor) -> FeedOffer:
    """Leave an open feed, now and at each start to come; off already is no error."""
    offer, board = _known(room, name)
    try:
        await board.switch_off(offer, person.name)
    except BadUse as error:
        raise Refusal(409, error.what, name, error.next_step) from error
    await asyncio.to_thread(audit, person, "feed off", name)
    return offer_of(offer, board)


def _known(room: Room, name: str) -> tuple[Offer, Switchboard]:
    if name not in offers.BY_NAME:
        raise not_found(f"no open feed {name!r} is known", "name", f"Known are {', '.join(offers.BY_NAME)}")
    if room.switchboard is None:
        raise Refusal(409, REPLAY, name)
    return offers.BY_NAME[name], room.switchboard


def offer_of(offer: Offer, board: Switchboard | None) -> FeedOffer:
    """Return an offer as it goes out."""
    given = board is not None and board.is_given(offer)
    on = board is not None and board.is_on(offer)
    return FeedOffer(
        name=offer.name,
        url=offer.url,
        title=offer.title,
        area=offer.area,
        licence=offer.licence,
        policy=offer.policy,
        needs="" if board is None else board.lacks(offer),
        on=on,
        by="command line" if given else "console" if on else "",
    )
