"""How a channel is: what it sent, whether it fails, when to try again."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from anchorwatch.edges.notify.channel import Channel, Sender
from anchorwatch.model import rfc3339

if TYPE_CHECKING:
    from anchorwatch.edges.store import Letter

FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 3600.0  # between tries, doubled each time


@dataclass
class State:
    """Changed by the notifier, shown by the API."""

    sender: Sender
    sent_us: deque[int] = field(default_factory=lambda: deque(maxlen=3600))
    last_try_s: float = float("-inf")  # monotonic
    failures: int = 0  # in a row
    rest_until_s: float = float("-inf")
    trouble: str = ""
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    def failed(self, at_s: float) -> None:
        """Rest, longer each time."""
        self.failures += 1
        self.rest_until_s = at_s + wait_s(self.failures)

    def worked(self) -> None:
        """Rest no more."""
        self.failures, self.rest_until_s = 0, float("-inf")

    def ready(self, letters: Sequence[Letter], at_s: float) -> bool:
        """Tell whether to try now. A new letter is not kept waiting for the long pauses of an old one."""
        new = any(letter.tries == 0 for letter in letters)
        return at_s >= self.rest_until_s or (new and at_s >= self.last_try_s + FIRST_WAIT_S)


def wait_s(failures: int) -> float:
    """Return how long to wait after so many failures in a row."""
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(max(failures, 1) - 1, 20))


def shown(channel: Channel, state: State, waiting: int) -> dict[str, Any]:
    """Return what may be known of a channel, without secrets."""
    return {
        "name": channel.name,
        "sends_to": getattr(state.sender, "service", channel.shown),
        "at_least": channel.at_least,
        "kinds": list(channel.kinds),
        "assets": list(channel.assets),
        "events": list(channel.events),
        "quiet": channel.quiet.said if channel.quiet else None,
        "quiet_alarms": channel.quiet_alarms,
        "most_per_hour": channel.most_per_hour,
        "waiting": waiting,
        "last_sent": rfc3339(state.sent_us[-1]) if state.sent_us else None,
        "trouble": state.trouble or None,
    }
