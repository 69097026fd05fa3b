"""The feeds of a running watch: each a task of the loop, begun and ended while the others go on.

Those of the command line run from start to end. The open feeds of the offers are switched on and off by a person, and
come back at the next start. A feed that fails says why where its health is shown; the watch goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from anchorwatch.edges.feeds import ENDED, Feed, Put, offers, unhealthy
from anchorwatch.edges.feeds.offers import Offer
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import SCHEMES, open_feed
from anchorwatch.edges.records import plain
from anchorwatch.errors import AnchorwatchError, BadInput, BadUse
from anchorwatch.watch.room import Room

HOLD_S = {offer.name: SCHEMES[offer.name].hold_s for offer in offers.OFFERS}  # how late the offers' rows may come


class Switchboard:
    """Which feeds run. Begins and ends them in the loop; `room.feeds` tells everybody else which there are."""

    def __init__(self, room: Room, folder: Path, secrets: Secrets, given: Sequence[Feed], put: Put) -> None:
        """Open the feeds that were on when the watch ended, beside those of the command line; `start` begins them."""
        self.room, self.secrets, self.given = room, secrets, given
        self._folder, self._put = folder, put
        self._chosen: set[str] = set()  # offers that are switched on
        self._open: dict[str, Feed] = {}  # those of them that could be opened
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._switching, self._over = asyncio.Lock(), False
        self._remember()

    def _remember(self) -> None:
        troubles = self.room.progress.troubles
        try:
            self._chosen = set(offers.chosen(self._folder))
        except BadInput as error:
            troubles[offers.FILE] = str(error)
        for name in sorted(self._chosen):
            try:
                self._open[name] = self._opened(offers.BY_NAME[name])
            except BadUse as error:
                troubles[_trouble(name)] = f"feed {name} is switched on, but: {error}"
        self._show()

    def start(self) -> None:
        """Begin all feeds, but those that somebody was quick enough to switch on before."""
        for feed in self.room.feeds:
            if feed.name not in self._tasks:
                self._begin(feed)

    @property
    def ended(self) -> bool:
        """Tell whether there are feeds, and all have come to their ends."""
        return bool(self._tasks) and all(task.done() for task in self._tasks.values())

    async def close(self) -> None:
        """End all feeds, for good."""
        async with self._switching:
            self._over = True
            await _ended(*self._tasks.values())

    # ---- the offers

    def is_on(self, offer: Offer) -> bool:
        """Tell whether an offer is switched on, here or on the command line."""
        return offer.name in self._chosen or self.is_given(offer)

    def is_given(self, offer: Offer) -> bool:
        """Tell whether the command line asks for an offer."""
        return any(feed.url.partition(":")[0] == offer.name for feed in self.given)

    def lacks(self, offer: Offer) -> str:
        """Return what is missing before an offer can be heard, and where to put it; "" = nothing."""
        return "" if offer.name in self._open or self.is_given(offer) else offer.needs(self.secrets)

    async def switch_on(self, offer: Offer, by: str) -> None:
        """Connect to an offer, now and at each start to come. Raises BadUse, BadStore."""
        async with self._switching:
            if offer.name in self._open or self.is_given(offer):
                return
            if self._over:
                raise BadUse("the watch is ending", offer.url, "Switch it on at the next start")
            feed = await asyncio.to_thread(self._opened, offer)
            await asyncio.to_thread(self._keep, self._chosen | {offer.name}, "feed_on", offer.name, by)
            self._open[offer.name] = feed
            self._show()
            self._begin(feed)

    async def switch_off(self, offer: Offer, by: str) -> None:
        """Leave an offer, now and at each start to come. Raises BadUse, BadStore."""
        async with self._switching:
            if self.is_given(offer):
                raise BadUse("the command line asks for this feed", offer.url, "Start the watch without it")
            if offer.name not in self._chosen:
                return
            await asyncio.to_thread(self._keep, self._chosen - {offer.name}, "feed_off", offer.name, by)
            self._open.pop(offer.name, None)
            self._show()
            if task := self._tasks.pop(offer.name, None):
                await _ended(task)
            self.room.progress.troubles.pop(_trouble(offer.name), None)

    def _opened(self, offer: Offer) -> Feed:
        if any(feed.name == offer.name for feed in self.given):
            raise BadUse("another feed has this name", offer.url, "Start the watch with another name for that one")
        return open_feed(offer.url, self.room.clock, name=offer.name, secrets=self.secrets)

    def _keep(self, chosen: set[str], verb: str, name: str, by: str) -> None:
        """Write down what is switched on from now on, and who did it."""
        self.room.store.tell(verb, {"feed": name, "by": by})
        offers.keep(self._folder, chosen)
        self._chosen = chosen
        self.room.progress.troubles.pop(offers.FILE, None)

    def _show(self) -> None:
        self.room.feeds = (*self.given, *self._open.values())

    # ---- the tasks

    def _begin(self, feed: Feed) -> None:
        self._tasks[feed.name] = asyncio.create_task(self._run(feed), name=feed.name)

    async def _run(self, feed: Feed) -> None:
        why = ""
        try:
            await feed.run(self._put)
        except AnchorwatchError as error:
            why = str(error)
        except Exception as error:  # a defect of one feed does not take the others' water from the officer
            why = f"a defect: {error!r:.200}"
        if why:
            now_us = self.room.clock.now_us()
            feed.health.state, feed.health.since_us, feed.health.trouble = ENDED, now_us, plain(why)
            self.room.progress.troubles[_trouble(feed.name)] = f"feed {feed.name}: {unhealthy(feed, now_us)}"


async def _ended(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _trouble(name: str) -> str:
    return f"feed {name}"
