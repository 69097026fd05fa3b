"""What the engine knows of each feed, written into the room: rows, times, clocks."""

from __future__ import annotations

from anchorwatch.engine.live import Live
from anchorwatch.picture.clocks import MACHINE
from anchorwatch.watch.room import FeedTimes, Progress


def show(progress: Progress, live: Live, numbers: dict[str, int]) -> None:
    """Put the newest state of every feed into the room."""
    names = {number: name for name, number in numbers.items()}
    clocks = live.clocks.said()
    for name, number in numbers.items():
        said, feed = progress.feeds.setdefault(name, FeedTimes()), live.feeds[number]
        said.number = number
        said.rows, said.late, said.duplicates = feed.rows, feed.late, feed.duplicates
        said.newest_us, said.watermark_us = feed.newest_us, max(feed.watermark_us, 0)
        if number < len(clocks) and (clock := clocks[number]).error_us is not None:
            against = " and ".join(names.get(other, "") for other in clock.against) or MACHINE
            pairs = f", {clock.pairs} transmissions that both heard" if clock.pairs else ""
            done = ", corrected" if clock.corrected_us else ""
            said.clock_error_s, said.clock_from = clock.error_us / 1e6, against + pairs + done
