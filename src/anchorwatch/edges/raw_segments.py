"""One segment of the raw log: a file of frames, each a header and the lines as they were received.

A frame is a zstd skippable frame with what we know of the pieces in it, then an ordinary zstd frame with their
lines: `zstdcat` shows the lines alone. Layout of the header, little endian (docs/raw_log.md, byte by byte):

    magic u32 | size u32 | "AWLG" version u8 flags u8 pieces u16 raw u32 packed u32 crc of the packed lines u32
    | for each piece: seq u64, arrived_us i64, reached u64, bytes u32 | crc u32 of everything after `size`

A frame is written for each piece as it arrives. A segment that is done is sealed: written anew with about a MiB of
lines in a frame, which packs up to three times better; in those, the numbers of the pieces are packed, too.
A torn end is cut at the last whole frame. A damaged frame is passed over and told; what follows it is read.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple
from zlib import crc32

import numpy as np
import zstandard

from anchorwatch.edges.feeds import Piece

MAGIC = 0x184D2A5A  # one of the sixteen magic numbers that zstd readers skip (RFC 8878, 3.1.2)
TAG, VERSION, SEALED = b"AWLG", 1, 1
START = struct.Struct("<II")
FIXED = struct.Struct("<4sBBHIII")
ENTRY = struct.Struct("<QqQI")
CHECK = struct.Struct("<I")
MARK = START.pack(MAGIC, 0)[:4]
MOST_PIECES = (1 << 16) - 1
MOST_HEADER = FIXED.size + MOST_PIECES * ENTRY.size + CHECK.size
MOST_RAW = 1 << 28  # bytes of lines in a frame: more is damage. The largest piece is a REST document of some MB
GROUP_RAW = 1 << 20  # bytes of lines in a frame of a sealed segment: within 2 % of one large frame (docs/raw_log.md)
LARGE_RAW = GROUP_RAW // 4  # a segment that begins with a frame so large packs well enough as it is
STEP = 1 << 20  # bytes read at once where we look for the next whole frame


class Logged(NamedTuple):
    """A piece and its number in the raw log, counted from 1 over all feeds."""

    seq: int
    piece: Piece


class Entry(NamedTuple):
    """What a header says of one piece."""

    seq: int
    arrived_us: int
    reached: int
    size: int  # bytes of lines


class Header(NamedTuple):
    """What stands before the lines of a frame."""

    flags: int
    raw: int
    packed: int
    crc: int
    entries: tuple[Entry, ...]

    @property
    def last_seq(self) -> int:
        """Number of the last piece."""
        return self.entries[-1].seq


class Frame(NamedTuple):
    """One whole frame: its header and the packed lines; none where they were not asked for."""

    header: Header
    packed: bytes


class Damaged(Exception):
    """Bytes that are no frame; `torn` where the file ends within one."""

    def __init__(self, what: str, torn: bool = False) -> None:
        """Say what is wrong."""
        self.what, self.torn = what, torn
        super().__init__(what)


def pack(pieces: Sequence[Logged], packer: zstandard.ZstdCompressor, flags: int = 0) -> bytes:
    """Return the frame of pieces that follow each other in one segment."""
    lines = pieces[0].piece.data if len(pieces) == 1 else b"".join(p.piece.data for p in pieces)
    packed = packer.compress(lines)
    entries = [Entry(seq, p.arrived_us, p.reached, len(p.data)) for seq, p in pieces]
    said = FIXED.pack(TAG, VERSION, flags, len(pieces), len(lines), len(packed), crc32(packed))
    said += _packed_entries(entries, packer) if flags & SEALED else b"".join(ENTRY.pack(*e) for e in entries)
    return b"".join((START.pack(MAGIC, len(said) + CHECK.size), said, CHECK.pack(crc32(said)), packed))


def _packed_entries(entries: list[Entry], packer: zstandard.ZstdCompressor) -> bytes:
    """Return each column as steps from piece to piece, packed: some 4 bytes a piece instead of 28."""
    steps = np.diff(np.array(entries, "<i8").T, axis=1, prepend=0)
    return packer.compress(np.ascontiguousarray(steps).tobytes())


def _entries(said: bytes, flags: int, pieces: int) -> tuple[Entry, ...]:
    if not flags & SEALED:
        return tuple(Entry(*e) for e in ENTRY.iter_unpack(said))
    size = pieces * len(Entry._fields) * 8
    steps = np.frombuffer(_unpacked(said, size, zstandard.ZstdDecompressor()), "<i8")
    return tuple(Entry(*e) for e in steps.reshape(len(Entry._fields), pieces).cumsum(axis=1).T.tolist())


def _unpacked(packed: bytes, size: int, unpacker: zstandard.ZstdDecompressor) -> bytes:
    """Return what unpacks to `size` bytes; raises Damaged. What claims to be larger is not unpacked."""
    try:
        if zstandard.frame_content_size(packed) == size and len(raw := unpacker.decompress(packed)) == size:
            return raw
    except zstandard.ZstdError as error:
        raise Damaged(f"a frame cannot be unpacked ({error})") from None
    raise Damaged("a frame is not as long as its header says")


def read_header(file: IO[bytes]) -> Header | None:
    """Read the next header; None at the end of the file. Raises Damaged."""
    start = file.read(START.size)
    if not start:
        return None
    if len(start) < START.size:
        raise Damaged("the file ends within a frame", torn=True)
    magic, size = START.unpack(start)
    if magic != MAGIC or not FIXED.size + CHECK.size < size <= MOST_HEADER:
        raise Damaged("no frame begins here")
    said = file.read(size)
    if len(said) < size:
        raise Damaged("the file ends within a frame", torn=True)
    return parse(said)


def parse(said: bytes) -> Header:
    """Return the header in the content of our skippable frame. Raises Damaged."""
    if CHECK.unpack_from(said, len(said) - CHECK.size)[0] != crc32(memoryview(said)[: -CHECK.size]):
        raise Damaged("the header of a frame is damaged")
    tag, version, flags, pieces, raw, packed, crc = FIXED.unpack_from(said)
    if tag != TAG or version != VERSION:
        raise Damaged(f"a frame of version {version}, not {VERSION}")
    try:
        entries = _entries(said[FIXED.size : -CHECK.size], flags, pieces)
    except (struct.error, ValueError):
        entries = ()
    if pieces != len(entries) or not pieces or raw > MOST_RAW or raw != sum(e.size for e in entries):
        raise Damaged("the header of a frame contradicts itself")
    return Header(flags, raw, packed, crc, entries)


def frames(file: IO[bytes], size: int, damage: list[str], after_seq: int = 0) -> Iterator[Frame]:
    """Give the whole frames of a segment of `size` bytes; lines up to `after_seq` are skipped, not read."""
    at = after = 0  # where this frame begins, and from where on the next one may
    while True:
        try:
            after = at + 1
            header = read_header(file)
            if header is None:
                return
            after = file.tell()  # bytes may be missing from the lines: the next frame may begin within them
            if after + header.packed > size:
                raise Damaged("the file ends within a frame", torn=True)
            packed = b""
            if header.last_seq <= after_seq:
                file.seek(header.packed, os.SEEK_CUR)
            else:
                packed = file.read(header.packed)
                if crc32(packed) != header.crc:
                    raise Damaged(f"the lines of pieces {header.entries[0].seq} to {header.last_seq} are damaged")
            yield Frame(header, packed)
        except Damaged as error:
            found = _next_frame(file, after, size)
            if found is None:
                damage.append(
                    f"{'torn end' if error.torn else error.what}: {size - at} bytes lost at byte {at}, the last"
                )
                return
            damage.append(f"{error.what}: {found - at} bytes lost at byte {at}")
            file.seek(found)
        at = file.tell()


def _next_frame(file: IO[bytes], at: int, size: int) -> int | None:
    """Return where the next header that is whole begins, from byte `at` on."""
    while at < size:
        file.seek(at)
        part = file.read(STEP)
        found = part.find(MARK)
        if found < 0:
            at += max(len(part) - len(MARK) + 1, 1)
            continue
        file.seek(at + found)
        try:
            if read_header(file) is not None:
                return at + found
        except Damaged:
            pass
        at += found + 1
    return None


def pieces_of(frame: Frame, feed: str, form: str, unpacker: zstandard.ZstdDecompressor) -> list[Logged]:
    """Return the pieces of a frame. Raises Damaged."""
    header = frame.header
    lines = _unpacked(frame.packed, header.raw, unpacker)
    made, at = [], 0
    for seq, arrived_us, reached, size in header.entries:
        made.append(Logged(seq, Piece(feed, form, arrived_us, lines[at : at + size], reached)))
        at += size
    return made


def read_segment(path: Path, feed: str, form: str, damage: list[str], after_seq: int = 0) -> Iterator[Logged]:
    """Give the pieces of one segment after `after_seq`; `damage` is added to where there is any."""
    unpacker = zstandard.ZstdDecompressor()
    found: list[str] = []
    seen = after_seq
    try:
        with path.open("rb") as file:
            for frame in frames(file, os.fstat(file.fileno()).st_size, found, after_seq):
                if frame.header.last_seq <= seen:
                    continue
                try:
                    pieces = pieces_of(frame, feed, form, unpacker)
                except Damaged as error:
                    found.append(error.what)
                    continue
                for logged in pieces:
                    if logged.seq > seen:
                        seen = logged.seq
                        yield logged
    except OSError as error:
        found.append(f"cannot be read ({error.strerror})")
    finally:
        damage.extend(f"{path}: {what}" for what in found)


def end_of(path: Path) -> Entry | None:
    """Return what the last whole frame of a segment says of its last piece; raises OSError."""
    last = None
    with path.open("rb") as file:
        for frame in frames(file, os.fstat(file.fileno()).st_size, []):
            last = frame.header.entries[-1]
    return last


def _grouped(those: Iterator[Frame], unpacker: zstandard.ZstdDecompressor) -> Iterator[list[Logged]]:
    """Give the pieces in groups of about GROUP_RAW bytes; none where they are grouped already. Raises Damaged."""
    group: list[Logged] = []
    raw = 0
    for number, frame in enumerate(those):
        if number == 0 and (frame.header.flags & SEALED or frame.header.raw >= LARGE_RAW):
            return
        if group and (raw + frame.header.raw > GROUP_RAW or len(group) == MOST_PIECES):
            yield group
            group, raw = [], 0
        group += pieces_of(frame, "", "", unpacker)
        raw += frame.header.raw
    if group:
        yield group


def seal(path: Path, level: int, stopped: Callable[[], bool]) -> bool:
    """Write a segment anew in larger frames, in its place, whole or not at all; False where there was no need.

    A segment with damage within it stays as it is; a torn end, which no reader was ever given, goes. OSError is raised.
    """
    fresh = path.with_suffix(".sealing")
    damage: list[str] = []
    try:
        with path.open("rb") as file, fresh.open("wb") as made:
            size = os.fstat(file.fileno()).st_size
            packer, unpacker = zstandard.ZstdCompressor(level=level), zstandard.ZstdDecompressor()
            for group in _grouped(frames(file, size, damage), unpacker):
                if stopped():
                    return False
                made.write(pack(group, packer, SEALED))
            if not made.tell():
                return False
            made.flush()
            os.fsync(made.fileno())
        if any(not what.startswith("torn") for what in damage):
            return False
        fresh.replace(path)
        return True
    except Damaged:
        return False
    finally:
        fresh.unlink(missing_ok=True)
