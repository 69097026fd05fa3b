"""The raw log: everything that arrived, byte for byte, before anything else is done with it. It is the truth.

    FOLDER/<feed>/<arrival of the first piece>-<its number>.<format>.zst

`append` has given the piece to the operating system when it returns: a killed process loses nothing. The disk has it
at most `Policy.fsync_s` later, as long as it keeps up: a power cut loses at most that. A restart begins new segments;
it never writes into an old one.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from pathlib import Path

import zstandard

from anchorwatch.edges import raw_segments
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Piece
from anchorwatch.edges.raw_folder import NAME, Keeper, Open, Policy, Segment, Stream, bad, lock, segments
from anchorwatch.edges.raw_segments import Logged
from anchorwatch.errors import BadUse

__all__ = ["Logged", "Policy", "RawLog", "Reading", "read"]


class Reading(Iterator[Logged]):
    """The pieces of a log in order over all feeds; `damage` tells what could not be read, as far as it was met."""

    def __init__(self, found: dict[Stream, list[Segment]], after_seq: int = 0) -> None:
        """Begin after piece number `after_seq`."""
        self.damage: list[str] = []
        streams = [self._stream(those, after_seq) for those in found.values()]
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
    """Read a log, also one that is being written; bad parts are passed over and told in `.damage`.

    A segment that retention removes meanwhile is told, too.
    """
    return Reading(segments(folder), after_seq)


class RawLog:
    """Writes the log. For one thread; whoever reads uses `read`. One process at a time: others get BadStore."""

    def __init__(self, folder: Path, clock: Clock, policy: Policy | None = None) -> None:
        """Go on after the last piece that is there; raises BadStore where the folder cannot be used."""
        self.folder, self.clock, self.policy = folder, clock, policy or Policy()
        self.last_seq = self.last_arrived_us = 0
        self._reached: dict[str, int] = {}
        self._open: dict[Stream, Open] = {}
        self._packer = zstandard.ZstdCompressor(level=self.policy.level)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = lock(folder)
        except OSError as error:
            raise bad(error, folder) from None
        try:
            before = segments(folder)
            self._find_end(before)
        except OSError as error:
            os.close(self._lock)
            raise bad(error, folder) from None
        self._keeper = Keeper(folder, clock, self.policy)
        for those in before.values():
            for one in those:
                self._keeper.seal(one.path)

    def _find_end(self, before: dict[Stream, list[Segment]]) -> None:
        newest: dict[str, int] = {}
        for (feed, _), those in before.items():
            self.last_seq = max(self.last_seq, those[-1].seq)  # where nothing in it is whole, its number is still used
            last = next((end for one in reversed(those) if (end := raw_segments.end_of(one.path))), None)
            if last is not None:
                self.last_seq = max(self.last_seq, last.seq)
                self.last_arrived_us = max(self.last_arrived_us, last.arrived_us)
                if last.seq > newest.get(feed, 0):
                    newest[feed], self._reached[feed] = last.seq, last.reached

    def append(self, piece: Piece) -> int:
        """Write a piece and return its number; raises BadStore, and then the log is as it was."""
        self.tick()
        stream = (piece.feed, piece.format)
        seq = self.last_seq + 1
        frame = raw_segments.pack([Logged(seq, piece)], self._packer)
        now_s = self.clock.monotonic_s()
        try:
            segment = self._open.get(stream) or self._begin(stream, seq, piece, now_s)
            segment.write(frame, now_s)
            if self.policy.fsync_s <= 0:
                segment.to_disk()
        except OSError as error:
            one = self._open.get(stream)
            if one is not None and one.broken:
                self._keeper.finish(self._open.pop(stream))
            raise bad(error, self.folder / piece.feed) from None
        self.last_seq = seq
        self._reached[piece.feed] = piece.reached
        return seq

    def _begin(self, stream: Stream, seq: int, piece: Piece, now_s: float) -> Open:
        for name in stream:
            if not NAME.fullmatch(name):
                raise BadUse(f"{name!r} cannot name a part of the raw log", "feed", "Use a-z, 0-9 and -")
        self._open[stream] = Open(self.folder, seq, piece, now_s)
        self._keeper.writing(set(self._open_paths()))
        return self._open[stream]

    def _open_paths(self) -> list[Path]:
        return [one.path for one in self._open.values()]

    def reached(self, feed: str) -> int:
        """Return how far a feed that can be read again was read; 0 = not at all."""
        return self._reached.get(feed, 0)

    def keep_from(self, seq: int) -> None:
        """Allow retention to remove what lies before piece number `seq`; before the first call it removes nothing."""
        self._keeper.keep_from = seq

    def begin_after(self, seq: int) -> None:
        """Use no number up to `seq`: others know them already, though a power cut took the pieces from this log."""
        self.last_seq = max(self.last_seq, seq)

    def tick(self) -> None:
        """Call often: brings to the disk what waits, ends segments that are full or old, removes what is too old.

        The work is done in a thread of its own. Raises BadStore where it went wrong, once.
        """
        if (error := self._keeper.trouble()) is not None:
            raise bad(error, self.folder) from None
        now_s = self.clock.monotonic_s()
        for stream, one in list(self._open.items()):
            if one.bytes >= self.policy.segment_bytes or now_s - one.began_s >= self.policy.segment_s:
                del self._open[stream]
                self._keeper.finish(one)
            elif one.waits(now_s, self.policy.fsync_s / 2):  # the other half is for the disk
                self._keeper.to_disk(one)
        self._keeper.tick(now_s)

    def close(self) -> None:
        """Bring everything to the disk; raises BadStore where that went wrong."""
        for one in self._open.values():
            self._keeper.finish(one, seal=False)
        self._open.clear()
        error = self._keeper.close()
        os.close(self._lock)
        if error is not None:
            raise bad(error, self.folder) from None
