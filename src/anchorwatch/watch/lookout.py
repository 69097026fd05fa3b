"""The lookout over the feeds: a feed lost or silent is said at once, written into the history, and said again when
it is back. A calm sea and a dead receiver look alike on a map.
"""

from __future__ import annotations

from collections.abc import Sequence

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed, unhealthy
from anchorwatch.edges.store import Store
from anchorwatch.errors import BadStore
from anchorwatch.watch.room import Progress

# Connections are made again within seconds; what lasts longer is worth a line in the history.
LASTS_S = 10.0


class Lookout:
    """Looks at the feeds now and then."""

    def __init__(self, feeds: Sequence[Feed], store: Store, progress: Progress, clock: Clock) -> None:
        """Take all feeds for healthy until they have been unhealthy for a while."""
        self.feeds, self.store, self.progress, self.clock = feeds, store, progress, clock
        self._since: dict[str, int] = {}  # unhealthy since
        self._told: set[str] = set()

    def look(self) -> None:
        """Tell what has changed."""
        now_us = self.clock.now_us()
        for feed in self.feeds:
            why = unhealthy(feed, now_us)
            if not why:
                self._well(feed.name, now_us)
                continue
            since_us = self._since.setdefault(feed.name, now_us)
            if now_us - since_us >= LASTS_S * 1e6:
                self.progress.troubles[f"feed {feed.name}"] = f"feed {feed.name}: {why}"
                if feed.name not in self._told and self._tell("feed_lost", {"feed": feed.name, "why": why}, since_us):
                    self._told.add(feed.name)

    def _well(self, name: str, now_us: int) -> None:
        since_us = self._since.pop(name, None)
        self.progress.troubles.pop(f"feed {name}", None)
        if name in self._told and since_us is not None:
            gone_s = round((now_us - since_us) / 1e6)
            if self._tell("feed_back", {"feed": name, "gone_s": gone_s}, now_us):
                self._told.discard(name)
            else:
                self._since[name] = since_us  # the disk is full: said once it is not

    def _tell(self, verb: str, data: dict[str, object], at_us: int) -> bool:
        try:
            self.store.tell(verb, data, at_us=at_us)
        except BadStore:
            return False
        return True
