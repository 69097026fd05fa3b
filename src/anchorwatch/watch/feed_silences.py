"""When feeds were silent: read from what the watch itself noted then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from anchorwatch.edges.store import Store

LOST, BACK, OFF = VERBS = ("feed_lost", "feed_back", "feed_off")  # off: taken away while it was lost
MOST_EVENTS = 5000  # back from now: a feed that is lost and found every five minutes for more than a week


class Silent(NamedTuple):
    """A span in which a feed was lost or silent."""

    feed: str
    since_us: int
    until_us: int | None  # None: it still is


def silent_spans(store: Store) -> list[Silent]:
    """Return the spans that the history of events tells of, the newest first."""
    ended: dict[str, int | None] = {}
    spans = []
    for event in store.told(VERBS, MOST_EVENTS):  # the newest first
        feed = str(event.data.get("feed", ""))
        if event.verb == LOST:
            spans.append(Silent(feed, event.at_us, ended.get(feed)))
        ended[feed] = event.at_us  # lost twice without a word between: one silence ends where the next begins
    return spans


def lost_now(store: Store) -> dict[str, int]:
    """Return the feeds that were lost when the watch last said something of them, and since when."""
    return {s.feed: s.since_us for s in reversed(silent_spans(store)) if s.until_us is None}
