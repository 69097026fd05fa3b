"""The raw log: everything that arrived, byte for byte, before anything else is done with it. It is the truth.

    FOLDER/<feed>/<arrival of the first piece>-<its number>.<format>.zst

`append` has given the piece to the operating system when it returns: a killed process loses nothing. The disk has it
at most `Policy.fsync_s` later, as long as it keeps up: a power cut loses at most that. A restart begins new segments;
it never writes into an old one.
"""

from __future__ import annotations

import heapq
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import zstandard

from anchorwatch.edges import raw_segments
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.raw_segments import Logged
from anchorwatch.errors import BadStore, BadUse

__all__ = ["Logged", "Policy", "RawLog", "Reading", "read"]

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SEGMENT = re.compile(r"\d{8}T\d{6}Z-(\d{12,})\.([a-z0-9][a-z0-9_-]{0,62})\.zst")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
RETENTION_S = 60.0  # how often we look what is too much or too old
Stream = tuple[str, str]  # a feed, and the format of its lines


@dataclass(frozen=True)
class Policy:
    """How the log is kept."""

    segment_bytes: int = 64 << 20
    segment_s: float = 3600.0
    fsync_s: float = 1.0  # 0 = before `append` returns
    keep_bytes: int | None = None  # None = all
    keep_days: float | None = None
    level: int = 3  # of zstd


class Segment(NamedTuple):
    """One file of the log."""

    seq: int  # number of its first piece
    path: Path
    feed: str
    format: str


def segments(folder: Path) -> dict[Stream, list[Segment]]:
    """Return the segments of each feed and format, in the order of their numbers; other files are not looked at."""
    found: dict[Stream, list[Segment]] = {}
    for path in folder.glob("*/*.zst"):
        named = SEGMENT.fullmatch(path.name)
        if named and NAME.fullmatch(path.parent.name):
            one = Segment(int(named[1]), path, path.parent.name, named[2])
            found.setdefault((one.feed, one.format), []).append(one)
    return {stream: sorted(those) for stream, those in sorted(found.items())}


class Reading(Iterator[Logged]):
    """The pieces of a log in order over all feeds; `damage` tells what could not be read, as far as it was met."""

    def __init__(self, folder: Path, after_seq: int = 0) -> None:
        """Begin after piece number `after_seq`."""
        self.damage: list[str] = []
        streams = [self._stream(those, after_seq) for those in segments(folder).values()]
        self._pieces = heapq.merge(*streams, key=lambda logged: logged.seq)

    def __next__(self) -> Logged:
        """Return the next piece."""
        return next(self._pieces)

    def _stream(self, those: list[Segment], after_seq: int) -> Iterator[Logged]:
        later = [*those[1:], None]
        for one, following in zip(those, later, strict=True):
            if following is None or following.seq > after_seq + 1:
                yield from raw_segments.read_segment(one.path, one.feed, one.format, self.damage, after_seq)


def read(folder: Path, after_seq: int = 0) -> Reading:
    """Read a log, also one that is being written; bad parts are passed over and told in `.damage`."""
    return Reading(folder, after_seq)


class Open:
    """The segment of one feed and format that is being written."""

    def __init__(self, folder: Path, seq: int, piece: Piece, began_s: float) -> None:
        """Make the file; raises OSError."""
        moment = (EPOCH + timedelta(microseconds=min(max(piece.arrived_us, 0), 1 << 57))).strftime("%Y%m%dT%H%M%SZ")
        self.path = folder / piece.feed / f"{moment}-{seq:012}.{piece.format}.zst"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        self.began_s, self.bytes = began_s, 0
        self.dirty_s: float | None = None  # since when something waits to go to the disk

    def write(self, frame: bytes) -> None:
        """Give a frame to the operating system, or leave the file as it was and raise OSError."""
        view = memoryview(frame)
        try:
            while view:
                view = view[os.write(self.fd, view) :]
        except OSError:
            os.ftruncate(self.fd, self.bytes)
            raise
        self.bytes += len(frame)


class RawLog:
    """Writes the log. For one thread; whoever reads uses `read`."""

    def __init__(self, folder: Path, clock: Clock, policy: Policy | None = None) -> None:
        """Go on after the last piece that is there; raises BadStore where the folder cannot be used."""
        self.folder, self.clock, self.policy = folder, clock, policy or Policy()
        self.last_seq = 0
        self._reached: dict[str, int] = {}
        self._open: dict[Stream, Open] = {}
        self._packer = zstandard.ZstdCompressor(level=self.policy.level)
        self._keep_from = 1
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _bad(error, folder) from None
        self._find_end()

    def _find_end(self) -> None:
        newest: dict[str, int] = {}
        for (feed, form), those in segments(self.folder).items():
            self.last_seq = max(self.last_seq, those[-1].seq)  # where it holds nothing whole, its number is still used
            for one in reversed(those):
                last = None
                for last in raw_segments.read_segment(one.path, feed, form, []):  # noqa: B007 - the last one counts
                    pass
                if last is not None:
                    self.last_seq = max(self.last_seq, last.seq)
                    if last.seq > newest.get(feed, 0):
                        newest[feed], self._reached[feed] = last.seq, last.piece.reached
                    break

    def append(self, piece: Piece) -> int:
        """Write a piece and return its number; raises BadStore, and then the log is as it was."""
        stream = (piece.feed, piece.format)
        seq = self.last_seq + 1
        frame = raw_segments.pack([Logged(seq, piece)], self._packer)
        now_s = self.clock.monotonic_s()
        try:
            segment = self._open.get(stream) or self._begin(stream, seq, piece, now_s)
            segment.write(frame)
        except OSError as error:
            raise _bad(error, self.folder / piece.feed) from None
        if segment.dirty_s is None:
            segment.dirty_s = now_s
        self.last_seq = seq
        self._reached[piece.feed] = piece.reached
        self.tick()
        return seq

    def _begin(self, stream: Stream, seq: int, piece: Piece, now_s: float) -> Open:
        for name in stream:
            if not NAME.fullmatch(name):
                raise BadUse(f"{name!r} cannot name a folder of the raw log", "feed", "Use a-z, 0-9 and -")
        self._open[stream] = Open(self.folder, seq, piece, now_s)
        return self._open[stream]

    def reached(self, feed: str) -> int:
        """Return how far a feed that can be read again was read; 0 = not at all."""
        return self._reached.get(feed, 0)

    def keep_from(self, seq: int) -> None:
        """Allow retention to remove what lies before piece number `seq`; before the first call it removes nothing."""
        self._keep_from = seq

    def begin_after(self, seq: int) -> None:
        """Use no number up to `seq`: others know them already, though a power cut took the pieces from this log."""
        self.last_seq = max(self.last_seq, seq)

    def tick(self) -> None:
        """Call often: brings to the disk what waits, ends segments that are full or old."""
        now_s = self.clock.monotonic_s()
        for stream, one in list(self._open.items()):
            if one.dirty_s is not None and now_s - one.dirty_s >= self.policy.fsync_s / 2:
                os.fsync(one.fd)
                one.dirty_s = None
            if one.bytes >= self.policy.segment_bytes or now_s - one.began_s >= self.policy.segment_s:
                os.fsync(one.fd)
                os.close(one.fd)
                del self._open[stream]

    def close(self) -> None:
        """Bring everything to the disk."""
        for one in self._open.values():
            os.fsync(one.fd)
            os.close(one.fd)
        self._open.clear()


def _bad(error: OSError, where: Path) -> BadStore:
    reason = error.strerror or str(error)
    return BadStore(
        f"the raw log cannot be written ({reason})", str(where), "Free the disk, then start the watch again"
    )
