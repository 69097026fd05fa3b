"""Bytes as they arrive, cut into whole lines and gathered to pieces, in bounded memory."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from anchorwatch.edges.clock import Clock
from anchorwatch.errors import BadInput

# The NMEA decoder refuses lines beyond 4 KiB; JSON lines of services have at most a few thousand bytes.
LINE_BYTES = 64 * 1024
GATHER_S = 0.05  # so long lines are gathered to one piece: far below the bar of 1.5 s from line to alert
FULL_BYTES = 1 << 20  # a piece of this size goes at once
MOST_BYTES = 4 << 20  # what may wait for the watch before the source is told to pause
HEAD_BYTES = 64 * 1024  # what a format is recognised by (decode.recognise)

_LONE_CR = re.compile(rb"\r(?!\n)")


def line_feeds(data: bytes) -> bytes:
    """Return the data with each CR that stands alone as LF; CR LF stays, so the length is the same."""
    return _LONE_CR.sub(b"\n", data) if data.count(b"\r") != data.count(b"\r\n") else data


class Cutter:
    """Cuts a stream of bytes into whole lines. Lines end with LF, CR LF or CR.

    Of a line beyond `most_bytes` only the beginning is given: the decoder then rejects and counts it.
    """

    def __init__(self, most_bytes: int = LINE_BYTES) -> None:
        """Start before the first byte."""
        self.most_bytes = most_bytes
        self.too_long = 0  # lines that were cut off
        self.held = 0  # bytes taken in, but not yet given as whole lines
        self._rest = bytearray()  # the line that has not ended yet: its beginning, at most `most_bytes` of it
        self._cr = False  # the last byte was a CR; a LF may follow

    def cut(self, chunk: bytes) -> bytes:
        """Take some bytes, return the whole lines that they complete."""
        if not chunk:
            return b""
        taken = len(chunk)
        if self._cr:
            chunk = b"\r" + chunk
        self._cr = chunk.endswith(b"\r")
        chunk = line_feeds(chunk[:-1] if self._cr else chunk)
        stop = chunk.rfind(b"\n") + 1
        if not stop:
            self.held += taken
            self._rest += chunk[: self.most_bytes + 1 - len(self._rest)]
            return b""
        if len(self._rest) > self.most_bytes:  # go on behind the end of the long line
            chunk, stop = chunk[(first := chunk.find(b"\n")) :], stop - first
        whole = self._shortened(bytes(self._rest) + chunk[:stop] if self._rest else chunk[:stop])
        self._rest = bytearray(chunk[stop : stop + self.most_bytes + 1])
        self.held = len(chunk) - stop + self._cr
        return whole

    def rest(self) -> bytes:
        """Return the last line, though it has no end (a line feed is added), and forget it."""
        last = bytes(self._rest)
        self._rest, self._cr, self.held = bytearray(), False, 0
        return self._shortened(last + b"\n") if last else b""

    def _shortened(self, whole: bytes) -> bytes:
        """Return whole lines, none longer than `most_bytes` and its line end."""
        half = max(self.most_bytes // 2, 1)  # a line too long covers an aligned stretch of half its length
        starts = range(0, len(whole) - half + 1, half)
        if all(whole.find(b"\n", at, at + half) >= 0 for at in starts):
            return whole
        lines = whole.split(b"\n")
        self.too_long += sum(len(line) > self.most_bytes for line in lines)
        return b"\n".join([line[: self.most_bytes] for line in lines])


class Recogniser:
    """Finds out the format of a feed from its first lines; NMEA as long as nothing else is seen."""

    def __init__(self, said: str = "") -> None:
        """Take the format that the user has said, "" for none."""
        self.format = said
        self._head: bytes | None = None if said else b""
        if not said:
            import anchorwatch.decode.recognise  # noqa: F401  # loaded now: later it would hold up what arrives

    def see(self, data: bytes) -> str:
        """Look at some more whole lines; return the name of a decode.Format."""
        if self._head is None:
            return self.format
        from anchorwatch.decode.recognise import WHOLE, recognise

        self._head += data[: HEAD_BYTES - len(self._head)]
        try:
            found = recognise(self._head, "").name
        except BadInput:
            found = ""
        if found and found not in WHOLE:
            self.format, self._head = found, None
        else:
            self.format = "nmea"
            if len(self._head) >= HEAD_BYTES:
                self._head = None
        return self.format


class Intake:
    """What has arrived and was not yet taken. The source adds from its callbacks, the feed takes piece by piece."""

    def __init__(self, clock: Clock, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Take the clock, and how the source is told to pause and to go on."""
        self.clock, self._pause, self._resume = clock, pause, resume
        self.ended: str | None = None  # why nothing more will come
        self._parts: list[bytes] = []
        self.paused = False
        self._size, self._arrived_us = 0, 0
        self._came = asyncio.Event()

    def add(self, lines: bytes) -> None:
        """Take whole lines that have just arrived."""
        if not lines:
            return
        self._parts.append(lines)
        self._size += len(lines)
        self._arrived_us = self.clock.now_us()
        self._came.set()
        if self._size >= MOST_BYTES and not self.paused:
            self.paused = True
            self._pause()

    def end(self, why: str) -> None:
        """Say that nothing more will come."""
        if self.ended is None:
            self.ended = why
        self._came.set()

    async def take(self, silent_s: float | None) -> tuple[bytes, int] | None:
        """Return lines and when the last of them came; None at the end. Raises TimeoutError after `silent_s`."""
        async with asyncio.timeout(silent_s):
            await self._came.wait()
        if self._size < FULL_BYTES and self.ended is None:
            await self.clock.sleep(GATHER_S)
        if not self._parts:
            return None
        data = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts, self._size = [], 0
        if self.ended is None:
            self._came.clear()
            if self.paused:
                self.paused = False
                self._resume()
        return data, self._arrived_us
