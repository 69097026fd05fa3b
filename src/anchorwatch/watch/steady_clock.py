"""A clock that never goes back, for the times of what arrives: the machine's own may be set while the watch runs."""

from __future__ import annotations

import threading

from anchorwatch.edges.clock import Clock

# NTP slews smaller errors away; what is set at once beyond this is told.
JUMP_US = 2_000_000
SAID_S = 3600.0  # so long a jump ahead is told


class SteadyClock:
    """The machine's clock, but for its steps back: then its own time goes on, and `trouble` says so."""

    def __init__(self, clock: Clock) -> None:
        """Begin with the machine's time."""
        self._clock, self._lock = clock, threading.Lock()
        self._now_us, self._mono_s = clock.now_us(), clock.monotonic_s()
        self.trouble, self._ahead_s = "", float("-inf")

    def not_before(self, at_us: int) -> None:
        """Go on from a time that the watch had before it was started anew, where that is later."""
        with self._lock:
            self._now_us = max(self._now_us, at_us)

    def now_us(self) -> int:
        """Return the time of day, UTC, in microseconds since 1970; it never goes back."""
        with self._lock:
            said_us, mono_s = self._clock.now_us(), self._clock.monotonic_s()
            expected_us = self._now_us + round((mono_s - self._mono_s) * 1e6)
            apart_us = said_us - expected_us
            if apart_us < -JUMP_US:  # times without a stamp of their own would be late for so long
                self.trouble = (
                    f"the clock of this machine is {-apart_us / 1e6:.0f} s behind the time that the watch had before; "
                    "arrival times go on from there until it has caught up"
                )
                said_us = expected_us
            elif apart_us > JUMP_US:
                self.trouble = f"the clock of this machine jumped {apart_us / 1e6:.0f} s ahead while the watch ran"
                self._ahead_s = mono_s
            elif mono_s - self._ahead_s > SAID_S:
                self.trouble = ""
            self._now_us, self._mono_s = max(said_us, self._now_us), mono_s
            return self._now_us

    def monotonic_s(self) -> float:
        """Return seconds since some beginning."""
        return self._clock.monotonic_s()

    async def sleep(self, seconds: float) -> None:
        """Wait without holding anybody up."""
        await self._clock.sleep(seconds)
