"""Compressed files as streams of bytes: .gz .zst .xz and the members of .zip, told by their first bytes.

A damaged or cut-off file gives what can be read, and says so in `Stream.damage`. A stream that unfolds
beyond BOMB_BYTES to more than BOMB_RATIO times what went in is stopped.
"""

from __future__ import annotations

import gzip
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import IO, Any

from anchorwatch.errors import BadInput

# AIS text packs 5 to 40 times; a day with 99 % exact duplicates not beyond 200 times.
BOMB_RATIO = 1000
BOMB_BYTES = 1 << 30
MAX_MEMBERS = 10_000  # in one .zip: a year of hours
ZST_STEP = 4096  # bytes fed at once: zstd unfolds at most 32,768 times, so at most 128 MiB come out

GZ, ZIP, ZST, XZ = b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00"
PACKED = (GZ, ZIP, ZST, XZ)

DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, OSError)


class Counted:
    """A file that counts the bytes read from it; `head` is read again first."""

    def __init__(self, raw: IO[bytes], head: bytes = b"") -> None:
        """Count from zero; `head` was read already."""
        self._raw, self._head, self.count = raw, head, 0

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes; none at the end."""
        if size < 0:
            parts = iter(lambda: self.read(1 << 20), b"")
            return b"".join(parts)
        if self._head:
            part, self._head = self._head[:size], self._head[size:]
        else:
            part = self._raw.read(size) or b""
        self.count += len(part)
        return part


class Stream:
    """Unpacked bytes of one file or member."""

    def __init__(self, name: str, read: Callable[[int], bytes], packed: Callable[[], int] | None = None) -> None:
        """Read by `read`; `packed` tells how many packed bytes went in."""
        self.name, self.damage = name, ""
        self._read, self._packed, self._count, self._kept = read, packed, 0, b""

    def peek(self, size: int) -> bytes:
        """Return what the next `read` will begin with."""
        self._kept = self.read(size)
        return self._kept

    def read(self, size: int) -> bytes:
        """Return `size` bytes, or fewer only at the end."""
        parts, self._kept = [self._kept[:size]] if self._kept else [], self._kept[size:]
        size -= sum(map(len, parts))
        while size > 0 and not self.damage:
            try:
                part = self._read(size)
            except DAMAGE as error:
                self.damage = f"damaged or cut off after {self._count} bytes ({error or type(error).__name__})"
                break
            if not part:
                break
            parts.append(part)
            size -= len(part)
            self._count += len(part)
            self._check_bomb()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _check_bomb(self) -> None:
        if self._packed and self._count > BOMB_BYTES and self._count > BOMB_RATIO * max(self._packed(), 1):
            raise BadInput(
                f"the compressed file unfolds to more than {BOMB_RATIO} times its size",
                self.name,
                "Unpack it yourself, if you trust it, and give the unpacked file",
            )


def _zst(packed: Counted) -> Callable[[int], bytes]:
    """Return a reader of Zstandard frames; EOFError where the last one is cut off."""
    import zstandard

    context = zstandard.ZstdDecompressor()
    state: dict[str, Any] = {"frame": None, "rest": b""}

    def read(_size: int) -> bytes:
        while True:
            fed = state["rest"] or packed.read(ZST_STEP)
            state["rest"] = b""
            if not fed:
                if state["frame"] is not None:
                    raise EOFError("the last Zstandard frame is cut off")
                return b""
            frame = state["frame"] or context.decompressobj()
            try:
                out: bytes = frame.decompress(fed)
            except zstandard.ZstdError as error:
                raise EOFError(str(error)) from error
            state["frame"] = None if frame.eof else frame
            state["rest"] = frame.unused_data if frame.eof else b""
            if out:
                return out

    return read


def _read1(file: Any) -> Callable[[int], bytes]:
    """Return the reader that gives what is there: what was read before damage is not lost."""
    read: Callable[[int], bytes] = file.read1
    return read


def _members(path: str, name: str) -> Generator[Stream]:
    """Give the members of a .zip, each when it is asked for."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadInput(f"the zip file is damaged ({error})", name, "Fetch it again") from error
    with archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
        if not members:
            raise BadInput("the zip file holds no files", name, "Give one with AIS data in it")
        if len(members) > MAX_MEMBERS:
            raise BadInput(f"the zip file holds {len(members)} files", name, f"Give at most {MAX_MEMBERS} at once")
        for member in members:
            where = f"{name}:{member.filename}"
            try:
                opened = archive.open(member)
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError) as error:
                raise BadInput(f"cannot be unpacked ({error})", where, "Unpack it first") from error
            with opened:
                yield Stream(where, _read1(opened), partial(int, member.compress_size))


def streams(path: str, name: str, file: Counted, head: bytes) -> Generator[Stream]:
    """Give the unpacked content of a file that begins with `head`."""
    if head.startswith(ZIP):
        if path == "-" or not Path(path).is_file():
            raise BadInput("a zip file cannot be read from a pipe", name, "Give its path, or use `unzip -p`")
        yield from _members(path, name)
    elif head.startswith(GZ):
        yield Stream(name, _read1(gzip.GzipFile(fileobj=file)), lambda: file.count)  # type: ignore[call-overload]  # reads
    elif head.startswith(XZ):
        yield Stream(name, _read1(lzma.LZMAFile(file)), lambda: file.count)  # type: ignore[arg-type]  # noqa: SIM115
    elif head.startswith(ZST):
        yield Stream(name, _zst(file), lambda: file.count)
    else:
        yield Stream(name, file.read)


def open_raw(path: str) -> IO[bytes]:
    """Open a file, or standard input for `-`."""
    if path == "-":
        return sys.stdin.buffer
    try:
        if Path(path).is_dir():
            raise BadInput("this is a folder", path, f"Name the files in it, for example {path.rstrip('/')}/*")
        return open(path, "rb", buffering=0)
    except FileNotFoundError as error:
        raise BadInput("there is no such file", path, "Check the name") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(f"the file cannot be opened ({reason})", path, "Check the name and your rights") from error
