"""When feeds were silent: read from what the watch itself noted then (feed_lost, feed_back)."""

from __future__ import annotations

from typing import NamedTuple

from anchorwatch.edges.records import plain
from anchorwatch.watch.room import Room

VERBS = ("feed_lost", "feed_back")
MOST_EVENTS = 5000  # back from the end of the span: a feed that flaps once a minute for half a week


class Silent(NamedTuple):
    """A span in which a feed was lost or silent."""

    feed: str
    since_us: int
    until_us: int  # now, where it still is


def silent_spans(room: Room, since_us: int, until_us: int) -> list[Silent]:
    """Return the spans that reach into [since, until), by their beginning."""
    now_us = room.clock.now_us()
    names = {f.name for f in room.feeds}
    back: dict[str, int] = {}
    spans = []
    later = room.store.told(VERBS, 1 << 62, MOST_EVENTS)
    for event in later:  # the newest first
        feed = str(event.data.get("feed", ""))
        if event.verb == "feed_back":
            back[feed] = event.at_us
            continue
        # A feed that was taken away while it was lost never came back: it is told of up to the start of this watch.
        end_us = back.pop(feed, now_us if feed in names else max(event.at_us, room.progress.started_us))
        back[feed] = min(end_us, event.at_us)  # lost twice without a word between: one silence after the other
        if event.at_us < until_us and end_us > since_us:
            spans.append(Silent(plain(feed), event.at_us, end_us))
    return sorted(spans, key=lambda s: s.since_us)
