"""Live feeds: one file per way of connecting. A feed gives pieces of text as they arrive, and says how it is.

A feed reconnects by itself until it is cancelled; it returns only where its source has an end (standard input).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from anchorwatch.edges.records import plain

CONNECTING, CONNECTED, WAITING, ENDED = "connecting", "connected", "waiting", "ended"


class Piece(NamedTuple):
    """Whole lines as one feed received them together."""

    feed: str  # name of the feed
    format: str  # name of the decode.Format to read it with
    arrived_us: int  # when the last of it came, by the clock of this machine
    data: bytes  # each line ends with a line feed
    reached: int = (
        0  # of a source that can be read again (file): where to go on behind this piece; 63 bits, not a count
    )


Put = Callable[[Piece], Awaitable[None]]  # waits while the watch is behind: that is the back-pressure


@dataclass
class Health:
    """How a feed is; changed in place by the feed, read by whoever shows it."""

    state: str = CONNECTING
    since_us: int = 0  # when it came into this state
    last_us: int = 0  # when something last arrived; 0 = never
    pieces: int = 0
    lines: int = 0
    bytes: int = 0
    connects: int = 0
    trouble: str = ""  # why it is not connected, in one line without secrets

    def silent_s(self, now_us: int) -> float:
        """Seconds since something arrived, or since it connected where nothing has."""
        return (now_us - max(self.last_us, self.since_us)) / 1e6


class Feed(Protocol):
    """One source of traffic."""

    name: str  # unique within a watch; stable from run to run: names its folder in the raw log
    url: str  # as shown: without secrets
    format: str
    hold_back_s: float  # how late its rows may come and still be put in order
    silent_after_s: float  # connected, but nothing for so long: unhealthy
    policy: str  # what this source leaves out by rule, e.g. "no fishing vessels, no class B"; "" = nothing known
    health: Health

    async def run(self, put: Put) -> None:
        """Connect and give pieces, for ever; `put` waits while the watch is behind."""


def unhealthy(feed: Feed, now_us: int) -> str:
    """Return why a feed is not healthy, in words; "" = it is."""
    health = feed.health
    if health.state != CONNECTED:
        said = "it has ended" if health.state == ENDED else f"not connected ({health.state})"
        return said + (f": {plain(health.trouble)}" if health.trouble else "")
    silent_s = health.silent_s(now_us)
    return f"connected, but nothing came for {silent_s:.0f} s" if silent_s > feed.silent_after_s else ""
