"""The folder of the raw log: names of segments, the open one of each feed, and the thread that keeps the folder.

That thread brings data to the disk, seals segments that are done and removes old ones: a slow disk does not hold up
the watch.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from anchorwatch.edges import raw_segments
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Piece
from anchorwatch.errors import BadStore

try:
    import fcntl
except ImportError:  # Windows has none: there the database of alerts alone keeps a second watch out
    fcntl = None  # type: ignore[assignment]

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SEGMENT = re.compile(r"(\d{8}T\d{6}Z)-(\d{12,18})\.([a-z0-9][a-z0-9_-]{0,62})\.zst")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_US = 4_102_444_800_000_000  # 2100-01-01: what lies beyond is no time but damage
DAY_US = 86_400_000_000
ROOM = 4  # times a segment's size must be free where it is sealed: what arrives comes first
RETENTION_S = 60.0  # how often we look what is too much or too old
Stream = tuple[str, str]  # a feed, and the format of its lines


@dataclass(frozen=True)
class Policy:
    """How the log is kept."""

    segment_bytes: int = 64 << 20
    segment_s: float = 3600.0
    fsync_s: float = 1.0  # 0 = before `append` returns
    keep_bytes: int | None = None  # remove the oldest segments beyond so many bytes; None = keep all
    keep_days: float | None = None  # remove segments older than this
    level: int = 3  # of zstd


class Segment(NamedTuple):
    """One file of the log."""

    seq: int  # number of its first piece
    path: Path
    feed: str
    format: str
    began_us: int  # when its first piece arrived, to the second


def segments(folder: Path) -> dict[Stream, list[Segment]]:
    """Return the segments of each feed and format, in the order of their numbers; other files are not looked at."""
    return in_order(one for path in folder.glob("*/*.zst") if (one := segment_of(path)))


def segment_of(path: Path) -> Segment | None:
    """Return what a file's name says; None where it is not the name of a segment."""
    said = SEGMENT.fullmatch(path.name)
    if said is None or not NAME.fullmatch(path.parent.name):
        return None
    try:
        began = datetime.strptime(said[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Segment(int(said[2]), path, path.parent.name, said[3], int(began.timestamp()) * 1_000_000)


def in_order(those: Iterable[Segment]) -> dict[Stream, list[Segment]]:
    """Return segments by feed and format, in the order of their numbers."""
    found: dict[Stream, list[Segment]] = {}
    for one in those:
        found.setdefault((one.feed, one.format), []).append(one)
    return {stream: sorted(those) for stream, those in sorted(found.items())}


class Open:
    """The segment of one feed and format that is being written."""

    def __init__(self, folder: Path, seq: int, piece: Piece, now_s: float) -> None:
        """Make the file; raises OSError."""
        moment = EPOCH + timedelta(microseconds=min(max(piece.arrived_us, 0), LAST_US))
        self.path = folder / piece.feed / f"{moment:%Y%m%dT%H%M%SZ}-{seq:012}.{piece.format}.zst"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        self.began_s, self.bytes, self.broken = now_s, 0, False
        self._dirty_s: float | None = None  # since when something waits to go to the disk
        self._named = False  # the disk knows its name

    def write(self, frame: bytes, now_s: float) -> None:
        """Give a frame to the operating system, or leave the file as it was and raise OSError."""
        view = memoryview(frame)
        try:
            while view:
                view = view[os.write(self.fd, view) :]
        except OSError:
            self.broken = True
            os.ftruncate(self.fd, self.bytes)
            self.broken = False
            raise
        self.bytes += len(frame)
        if self._dirty_s is None:
            self._dirty_s = now_s

    def waits(self, now_s: float, longest_s: float) -> bool:
        """Say whether something has waited so long to go to the disk."""
        since_s = self._dirty_s
        return since_s is not None and now_s - since_s >= longest_s

    def to_disk(self) -> None:
        """Bring what was written to the disk; raises OSError."""
        self._dirty_s = None  # first: what is written from now on waits for the next time
        os.fsync(self.fd)
        if not self._named:
            for folder in (self.path.parent, self.path.parent.parent):
                folder_to_disk(folder)
            self._named = True


def folder_to_disk(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def lock(folder: Path) -> int:
    """Keep other writers out; return what to close in the end. Raises BadStore, OSError."""
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o640)
    if fcntl is not None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise BadStore(
                "another watch is writing this raw log", str(folder), "Stop it, or name another --data folder"
            ) from None
    return fd


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # somebody tidied up
        return 0


class Keeper:
    """The thread that keeps the folder: one thing at a time, in the order in which it was told."""

    def __init__(self, folder: Path, clock: Clock, policy: Policy) -> None:
        """Start with nothing to do."""
        self.folder, self.clock, self.policy = folder, clock, policy
        self.keep_from = 1
        self._writing: set[Path] = set()
        self._began_us, self._began_s = clock.now_us(), clock.monotonic_s()
        self._looked_s = float("-inf")
        self._asked: set[int] = set()
        self._trouble: list[OSError] = []
        self._stopped = threading.Event()
        self._thread = ThreadPoolExecutor(1, "anchorwatch-raw-log")

    def writing(self, paths: set[Path]) -> None:
        """Say which segments are being written."""
        self._writing = paths

    def trouble(self) -> OSError | None:
        """Return what went wrong since the last time, if anything."""
        return self._trouble.pop(0) if self._trouble else None

    def to_disk(self, one: Open) -> None:
        """Bring a segment to the disk."""
        if one.fd not in self._asked:  # a disk that is slower than we ask is not asked twice
            self._asked.add(one.fd)
            self._do(lambda: self._to_disk(one))

    def _to_disk(self, one: Open) -> None:
        self._asked.discard(one.fd)
        one.to_disk()

    def finish(self, one: Open, seal: bool = True) -> None:
        """Close a segment that is done."""
        self._do(lambda: self._finish(one))
        if seal:
            self.seal(one.path)

    def _finish(self, one: Open) -> None:
        try:
            one.to_disk()
        finally:
            os.close(one.fd)

    def seal(self, path: Path) -> None:
        """Write a segment that is done anew in larger frames, where that is worth it."""
        self._do(lambda: self._seal(path))

    def _seal(self, path: Path) -> None:
        if not self._stopped.is_set() and shutil.disk_usage(self.folder).free > ROOM * _size(path):
            with contextlib.suppress(OSError):  # it stays as it is, and is tried again at the next start
                raw_segments.seal(path, self.policy.level, self._stopped.is_set)

    def tick(self, now_s: float) -> None:
        """Remove what is too much or too old, once a minute."""
        if now_s - self._looked_s >= RETENTION_S and (self.policy.keep_bytes or self.policy.keep_days):
            self._looked_s = now_s
            self._do(self._retain)

    def _retain(self) -> None:
        """Remove the oldest first; never what is still needed, nor a feed's newest segment: it says how far it was.

        The time of day may be wrong: it counts for no more than what has passed since the start says.
        """
        passed_us = int((self.clock.monotonic_s() - self._began_s) * 1e6)
        now_us = min(self.clock.now_us(), self._began_us + passed_us)
        oldest_us = now_us - self.policy.keep_days * DAY_US if self.policy.keep_days else None
        before = [(one, later) for those in segments(self.folder).values() for one, later in pairwise(those)]
        size = sum(map(_size, self.folder.glob("*/*.zst")))
        for one, later in sorted(before, key=lambda pair: pair[1].seq):
            much = self.policy.keep_bytes is not None and size > self.policy.keep_bytes
            old = oldest_us is not None and later.began_us < oldest_us
            if (much or old) and later.seq <= self.keep_from and one.path not in self._writing:
                size -= _size(one.path)
                one.path.unlink(missing_ok=True)

    def _do(self, what: Callable[[], object]) -> None:
        def done() -> None:
            try:
                what()
            except OSError as error:
                self._trouble.append(error)

        self._thread.submit(done)

    def close(self) -> OSError | None:
        """Finish what matters and end; returns what went wrong."""
        self._stopped.set()
        self._thread.shutdown()
        return self.trouble()


def bad(error: OSError, where: Path) -> BadStore:
    """Return the error that a person is shown."""
    reason = error.strerror or str(error)
    return BadStore(
        f"the raw log cannot be written ({reason})", str(where), "Free the disk, then start the watch again"
    )
