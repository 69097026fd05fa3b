"""The clock of the machine. Whatever asks the time takes a `Clock`, so that tests and replays bring their own."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits."""

    def now_us(self) -> int:
        """Return the time of day, UTC, in microseconds since 1970; it can jump."""

    def monotonic_s(self) -> float:
        """Return seconds that never jump, from some beginning."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The clock of this machine."""

    def now_us(self) -> int:
        """Return the time of day, UTC, in microseconds since 1970."""
        return time.time_ns() // 1000

    def monotonic_s(self) -> float:
        """Return seconds since some beginning."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait without holding anybody up."""
        await asyncio.sleep(seconds)
