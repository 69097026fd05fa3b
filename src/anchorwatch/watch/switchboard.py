"""The feeds of a running watch: each a task of the loop, begun and ended while the others go on.

Those of the command line run from start to end. The open feeds of the offers are switched on and off by a person, and
come back at the next start. A feed that fails says why where its health is shown; the watch goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import ENDED, Feed, Put, offers
from anchorwatch.edges.feeds.offers import Offer
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import SCHEMES, open_feed
from anchorwatch.edges.records import plain
from anchorwatch.errors import AnchorwatchError, BadInput, BadUse
from anchorwatch.watch.room import Room

SHOWN = 200  # characters of what a defect says


@dataclass
class Switchboard:
    """Which feeds run. Begins and ends them in the loop; `room.feeds` says to everybody else which there are."""

    folder: Path
    clock: Clock
    secrets: Secrets
    given: Sequence[Feed] = ()  # of the command line
    _on: dict[str, Feed] = field(default_factory=dict)  # of the offers
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)  # switches at a time
    _room: Room | None = None
    _put: Put | None = None

    def remembered(self) -> str:
        """Open the feeds that were on when the watch ended; return what kept some from it, "" = nothing."""
        try:
            names = offers.chosen(self.folder)
        except BadInput as error:
            return str(error)
        wrong = []
        for offer in map(offers.BY_NAME.__getitem__, names):
            try:
                self._may(offer)
                self._on[offer.name] = self._opened(offer)
            except BadUse as error:
                wrong.append(str(error))
        return "; ".join(wrong)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """All feeds that there are."""
        return (*self.given, *self._on.values())

    def start(self, room: Room, put: Put) -> None:
        """Begin all feeds."""
        self._room, self._put = room, put
        for feed in self.feeds:
            self._begin(feed)

    @property
    def ended(self) -> bool:
        """Tell whether there were feeds, and all have come to their ends."""
        return bool(self._tasks) and all(task.done() for task in self._tasks.values())

    async def close(self) -> None:
        """End all feeds."""
        for name in list(self._tasks):
            await self._end(name)

    # ---- the offers

    def is_on(self, offer: Offer) -> bool:
        """Tell whether an offer is switched on, here or on the command line."""
        return offer.name in self._on or self.is_given(offer)

    def is_given(self, offer: Offer) -> bool:
        """Tell whether the command line asks for an offer."""
        return any(feed.url.partition(":")[0] == offer.name for feed in self.given)

    async def switch_on(self, name: str, by: str) -> None:
        """Connect to an offer, now and at each start to come. Raises BadUse, BadStore."""
        offer = offers.BY_NAME[name]
        async with self._one:
            if self.is_on(offer):
                return
            self._may(offer)
            feed = await asyncio.to_thread(self._opened, offer)
            await asyncio.to_thread(self._keep, {*self._on, name}, "feed_on", name, by)
            self._on[name] = feed
            self._begin(feed)
            self._show()

    async def switch_off(self, name: str, by: str) -> None:
        """Leave an offer, now and at each start to come. Raises BadUse, BadStore."""
        offer = offers.BY_NAME[name]
        async with self._one:
            if self.is_given(offer):
                raise BadUse("the command line asks for this feed", offer.url, "Start the watch without it")
            if name not in self._on:
                return
            await asyncio.to_thread(self._keep, self._on.keys() - {name}, "feed_off", name, by)
            del self._on[name]
            self._show()
            await self._end(name)

    def _may(self, offer: Offer) -> None:
        if any(feed.name == offer.name for feed in self.given):
            raise BadUse("another feed has this name", offer.url, "Start the watch with another name for that")

    def _opened(self, offer: Offer) -> Feed:
        return open_feed(offer.url, self.clock, name=offer.name, secrets=self.secrets)

    def _keep(self, names: set[str], verb: str, name: str, by: str) -> None:
        offers.keep(self.folder, names)
        assert self._room is not None
        self._room.store.tell(verb, {"feed": name, "by": by})

    def _show(self) -> None:
        assert self._room is not None
        self._room.feeds = self.feeds

    # ---- the tasks

    def _begin(self, feed: Feed) -> None:
        assert self._put is not None
        self._tasks[feed.name] = asyncio.create_task(self._run(feed, self._put), name=feed.name)

    async def _run(self, feed: Feed, put: Put) -> None:
        why = ""
        try:
            await feed.run(put)
        except AnchorwatchError as error:
            why = str(error)
        except Exception as error:  # a defect in one feed does not take the others' water from the officer
            why = f"a defect: {error!r:.{SHOWN}}"
        if why:
            feed.health.state, feed.health.since_us, feed.health.trouble = ENDED, self.clock.now_us(), plain(why)

    async def _end(self, name: str) -> None:
        task = self._tasks.pop(name)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


HOLD_S = {offer.name: SCHEMES[offer.name].hold_s for offer in offers.OFFERS}
