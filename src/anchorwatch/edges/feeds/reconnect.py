"""What all feeds share that connect again by themselves: health, back-off, and words for what went wrong."""

from __future__ import annotations

import errno
import random
import re
import socket
import ssl
from collections.abc import Callable

from anchorwatch.edges.blocks import count_lines
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import CONNECTED, CONNECTING, WAITING, Health, Piece, Put
from anchorwatch.edges.feeds.lines import Cutter, Intake, Recogniser
from anchorwatch.edges.feeds.urls import Address
from anchorwatch.edges.records import plain

# Exponential with full jitter, after "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): many watches that
# lose one service do not come back all at once.
FIRST_S, MOST_S = 1.0, 60.0
LEAST_S = 0.1  # a peer that accepts and hangs up is not hammered, whatever the dice say
STEADY_S = 60.0  # a connection held so long was a good one: the next trouble starts from the beginning
SILENCES = 3  # after so many times `silent_after_s` a silent connection is given up: half-open, or a service asleep
SHOWN = 200  # characters of a trouble
_ERRNO = re.compile(r"\[Errno (\d+)\]")


class Lost(Exception):
    """The connection ended or could not be made; its text is one line without secrets."""


class Backoff:
    """How long to wait before the next try."""

    def __init__(self, chance: Callable[[], float] = random.random, most_s: float = MOST_S) -> None:
        """Take where chance comes from (numbers from 0 to 1), and the longest wait."""
        self._chance, self._most_s, self._tries = chance, most_s, 0

    def wait_s(self, held_s: float) -> float:
        """Return the seconds to wait after a connection that held for `held_s` (0: it could not be made)."""
        if held_s >= STEADY_S:
            self._tries = 0
        most = min(self._most_s, FIRST_S * 2.0 ** min(self._tries, 16))
        self._tries += 1
        return max(LEAST_S, self._chance() * most)


def words(error: BaseException) -> str:
    """Return what went wrong in one line; only of errors whose text holds no secrets."""
    known: dict[type[BaseException], str] = {
        ConnectionRefusedError: "connection refused: nothing listens there",
        ConnectionResetError: "the other side broke the connection",
        BrokenPipeError: "the other side broke the connection",
    }
    if type(error) in known:
        return known[type(error)]
    if isinstance(error, socket.gaierror):
        return f"the name cannot be looked up ({error.strerror})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return str(error) or "no answer in time"
    if str(error).startswith("Multiple exceptions") and set(_ERRNO.findall(str(error))) == {str(errno.ECONNREFUSED)}:
        return known[ConnectionRefusedError]  # asyncio tried all addresses of the name
    text = (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
    return plain(text)[:SHOWN]


class Reconnecting:
    """A feed that connects again by itself. A kind of feed adds `session`: one connection from beginning to end."""

    policy = ""

    def __init__(self, address: Address, clock: Clock, chance: Callable[[], float] = random.random) -> None:
        """Take what the user has said, and the clock."""
        self.address, self.clock = address, clock
        self.name, self.url = address.name, address.url
        self.format = address.format  # "" as long as nothing has come to recognise it by
        self.hold_back_s, self.silent_after_s = address.hold_back_s, address.silent_after_s
        self.health = Health(since_us=clock.now_us())
        self.recogniser = Recogniser(address.format)
        self.backoff = Backoff(chance)
        self._connected_s: float | None = None

    async def session(self, put: Put) -> str:
        """Connect, call `connected`, give pieces until the connection ends; return why it did.

        Raises Lost, OSError or TimeoutError where it cannot be made or breaks.
        """
        raise NotImplementedError

    async def run(self, put: Put) -> None:
        """Connect and give pieces until cancelled."""
        while True:
            self.enter(CONNECTING, self.health.trouble)
            self._connected_s = None
            try:
                why = await self.session(put)
            except (Lost, OSError) as error:  # TimeoutError is an OSError
                why = words(error)
            held_s = 0.0 if self._connected_s is None else self.clock.monotonic_s() - self._connected_s
            self.enter(WAITING, why)
            await self.clock.sleep(self.backoff.wait_s(held_s))

    def enter(self, state: str, trouble: str = "") -> None:
        """Come into a state."""
        if state != self.health.state:
            self.health.state, self.health.since_us = state, self.clock.now_us()
        self.health.trouble = plain(trouble)[:SHOWN]

    def connected(self) -> None:
        """Say that the connection is made."""
        self._connected_s = self.clock.monotonic_s()
        self.health.connects += 1
        self.enter(CONNECTED)

    def see(self, lines: bytes) -> str:
        """Recognise the format of these and those before; return its name."""
        self.format = self.recogniser.see(lines)
        return self.format

    async def give(self, put: Put, data: bytes, arrived_us: int, reached: int = 0, form: str = "") -> None:
        """Give whole lines to the watch; `form` where the format is another than the feed's."""
        form = form or self.see(data)
        health = self.health
        health.last_us = arrived_us
        health.pieces += 1
        health.lines += count_lines(data)
        health.bytes += len(data)
        await put(Piece(self.name, form, arrived_us, data, reached))

    async def give_all(self, put: Put, intake: Intake, cutter: Cutter | None = None) -> str:
        """Give what comes in until it ends, or is silent for too long; return why it ended."""
        silent_s = self.silent_after_s * SILENCES
        while True:
            try:
                taken = await intake.take(silent_s)
            except TimeoutError:
                if cutter is not None and (noise := cutter.rest()):
                    await self.give(put, noise, self.clock.now_us())
                    return f"bytes come, but no whole line for {silent_s:.0f} s: is it the right port and speed?"
                return f"connected, but silent for {silent_s:.0f} s"
            if taken is None:
                return intake.ended or ""
            await self.give(put, *taken)
