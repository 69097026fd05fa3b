"""The lookout over the feeds: a feed lost or silent is said at once, written into the history, and said again when
it is back. A calm sea and a dead receiver look alike on a map.
"""

from __future__ import annotations

from anchorwatch.edges.feeds import unhealthy
from anchorwatch.errors import BadStore
from anchorwatch.watch import feed_silences
from anchorwatch.watch.room import Room

# Connections are made again within seconds; what lasts longer is worth a line in the history.
LASTS_S = 10.0
NO_FEED = "no feed is connected, so nothing is heard: switch one on in the console, or start the watch with --feed"


class Lookout:
    """Looks at the feeds now and then."""

    def __init__(self, room: Room) -> None:
        """Take all feeds for healthy until they have been unhealthy for a while; but those that were lost before."""
        self.room = room
        self._since = feed_silences.lost_now(room.store)  # unhealthy since
        self._told = set(self._since)
        self._left = self._told - {feed.name for feed in room.feeds}  # not asked for any more since the last start

    def look(self) -> None:
        """Tell what has changed."""
        now_us, feeds, troubles = self.room.clock.now_us(), self.room.feeds, self.room.progress.troubles
        if feeds:
            troubles.pop("feeds", None)
        else:
            troubles["feeds"] = NO_FEED
        for name in self._since.keys() - {feed.name for feed in feeds}:  # who switched one off is said already
            if name not in self._left:
                troubles.pop(f"feed {name}", None)
            elif not self._tell(feed_silences.OFF, {"feed": name}, now_us):
                continue  # the disk is full: said once it is not
            del self._since[name]
            self._told.discard(name)
            self._left.discard(name)  # its trouble stays: it says why a feed that is switched on could not be opened
        for feed in feeds:
            why = unhealthy(feed, now_us)
            if not why:
                self._well(feed.name, now_us)
                continue
            since_us = self._since.setdefault(feed.name, now_us)
            if now_us - since_us >= LASTS_S * 1e6:
                troubles[f"feed {feed.name}"] = f"feed {feed.name}: {why}"
                if feed.name not in self._told and self._tell(
                    feed_silences.LOST, {"feed": feed.name, "why": why}, since_us
                ):
                    self._told.add(feed.name)

    def _well(self, name: str, now_us: int) -> None:
        since_us = self._since.pop(name, None)
        self.room.progress.troubles.pop(f"feed {name}", None)
        if name in self._told and since_us is not None:
            gone_s = round((now_us - since_us) / 1e6)
            if self._tell(feed_silences.BACK, {"feed": name, "gone_s": gone_s}, now_us):
                self._told.discard(name)
            else:
                self._since[name] = since_us  # the disk is full: said once it is not

    def _tell(self, verb: str, data: dict[str, object], at_us: int) -> bool:
        try:
            self.room.store.tell(verb, data, at_us=at_us)
        except BadStore:
            return False
        return True
