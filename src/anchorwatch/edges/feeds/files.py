"""`file:PATH`: a log that somebody else writes, from its beginning and on as it grows.

It goes on where it was after a restart, and survives that the log is rotated (renamed, or copied and cut) or cut.
"""

from __future__ import annotations

import asyncio
import os
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Feed, Put
from anchorwatch.edges.feeds.lines import HEAD_BYTES, Cutter
from anchorwatch.edges.feeds.reconnect import Backoff, Lost, Reconnecting
from anchorwatch.edges.feeds.secrets import Secrets
from anchorwatch.edges.feeds.urls import Address
from anchorwatch.edges.unpack import PACKED

POLL_S = 0.25
READ_BYTES = 1 << 18
ABSENT_S = 2.0  # a file that is not there is looked for so often
FIRST_BYTES = 1024  # so much of its first line tells a file from others of the same name
OFFSET_BITS = 40  # of `reached`: the bytes read, up to 1 TB; above them 23 bits of a sum over the first line
MOST_BESIDE = 10_000  # files of the folder that are looked at for one that was renamed


def mark(first: bytes, offset: int) -> int:
    """Return where a file was read to, and which file that was."""
    return ((zlib.crc32(first) & 0x7FFFFF) << OFFSET_BITS) | offset


def offset_of(reached: int) -> int:
    """Return how many bytes of a file were read."""
    return reached & ((1 << OFFSET_BITS) - 1)


@dataclass
class Open:
    """One file that is being followed."""

    fd: int
    offset: int = 0  # bytes read
    first: bytes | None = None  # the first line, once it is there
    cutter: Cutter = field(default_factory=Cutter)

    def read(self) -> bytes:
        """Return what has come since."""
        data = os.pread(self.fd, READ_BYTES, self.offset)
        self.offset += len(data)
        return data

    def mark(self) -> int:
        """Return where the whole lines end that were read so far."""
        if self.first is None:
            self.first = first_line(self.fd)
        return mark(self.first, self.offset - self.cutter.held)

    def cut_short(self) -> bool:
        """Tell whether what was read has been taken away."""
        return os.fstat(self.fd).st_size < self.offset or (
            self.first is not None and os.pread(self.fd, len(self.first), 0) != self.first
        )

    def replaced_by(self, path: Path) -> bool:
        """Tell whether another file has this name now."""
        try:
            now, mine = path.stat(), os.fstat(self.fd)
        except OSError:
            return False  # not there yet: the old one may still be written
        return (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino)


def first_line(fd: int) -> bytes:
    """Return the beginning of a file up to the first line end."""
    return re.split(rb"[\r\n]", os.pread(fd, FIRST_BYTES, 0), maxsplit=1)[0]


class Tail(Reconnecting):
    """A file, from its beginning and on as it grows."""

    poll_s = POLL_S

    def __init__(self, address: Address, clock: Clock) -> None:
        """Take what the user has said."""
        super().__init__(address, clock)
        self.path = Path(address.path)
        self.backoff = Backoff(most_s=ABSENT_S)
        self.reached = 0

    def resume(self, reached: int) -> None:
        """Go on behind the piece that had this `reached`; 0 = from the beginning."""
        self.reached = reached

    async def session(self, put: Put) -> str:
        """Follow the file, and its successors; raises OSError where there is none."""
        while True:
            followed = self._open()
            try:
                self._recognise(followed.fd)
                self.connected()
                await self._follow(followed, put)
            finally:
                os.close(followed.fd)

    async def _follow(self, followed: Open, put: Put) -> None:
        """Give lines until the file was cut, or replaced and read to its end."""
        replaced = False
        while True:
            data = followed.read()
            if followed.cut_short():  # perhaps before the reading: then it is not what followed
                return
            if data:
                await self._give(put, followed, followed.cutter.cut(data))
                continue
            if replaced:  # and quiet since: nobody writes it any more
                await self._give(put, followed, followed.cutter.rest())
                self.reached = 0
                return
            replaced = followed.replaced_by(self.path)
            await self.clock.sleep(self.poll_s)

    async def _give(self, put: Put, followed: Open, lines: bytes) -> None:
        if lines:
            reached = followed.mark()
            await self.give(put, lines, self.clock.now_us(), reached)
            self.reached = reached
        await asyncio.sleep(0)

    def _recognise(self, fd: int) -> None:
        """Look at the beginning, also where reading goes on behind it."""
        head = os.pread(fd, HEAD_BYTES, 0)
        if head.startswith((*PACKED, b"PAR1")):
            raise Lost("the file is compressed or Parquet: only plain text can be followed; use --replay")
        if whole := head[: head.rfind(b"\n") + 1]:
            self.see(whole)

    def _open(self) -> Open:
        """Open the file that was being read, or else the one that has the name now, from its beginning."""
        if self.reached:
            for path in (self.path, *self._beside()):
                if found := self._at_mark(path):
                    return found
        self.reached = 0
        return Open(_plain(self.path))

    def _at_mark(self, path: Path) -> Open | None:
        """Return the file at where it was read to, if it is that one."""
        try:
            fd = _plain(path)
        except (OSError, Lost):
            return None
        offset, size = offset_of(self.reached), os.fstat(fd).st_size
        first = first_line(fd)
        enough = size >= offset if path == self.path else size > offset
        if enough and mark(first, offset) == self.reached:
            return Open(fd, offset, first)
        os.close(fd)
        return None

    def _beside(self) -> Iterator[Path]:
        """Yield files that the log may have been renamed or copied to: ais.log.1, ais.log-20261123, ais-1.log."""
        try:
            with os.scandir(self.path.parent) as entries:
                for _, entry in zip(range(MOST_BESIDE), entries, strict=False):
                    if entry.name != self.path.name and entry.name.startswith(self.path.stem):
                        yield Path(entry.path)
        except OSError:
            return


def _plain(path: Path) -> int:
    """Open a plain file. A pipe of that name would make us wait."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return fd
    os.close(fd)
    raise Lost("this is not a plain file")


def open_file(address: Address, clock: Clock, _secrets: Secrets) -> Feed:
    """Return the feed of `file:PATH`; the file may come later. Raises BadUse."""
    path = Path(address.path)
    if not os.path.isdir(path.parent):
        raise address.bad("its folder does not exist", "Check the path")
    if os.path.exists(path):
        tail = Tail(address, clock)
        try:
            fd = _plain(path)
        except OSError as error:
            raise address.bad(f"it cannot be read ({error.strerror})") from None
        except Lost as error:
            raise address.bad(str(error), "Other sources: stdin: or serial:") from None
        try:
            tail._recognise(fd)
        except Lost as error:
            raise address.bad(str(error)) from None
        finally:
            os.close(fd)
    return Tail(address, clock)
