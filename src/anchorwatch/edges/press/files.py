"""Files of reports, and standard input: as many bytes as anyone reads."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from anchorwatch.errors import BadInput

MOST_BYTES = 64 << 20  # a year of a busy agency's digests has less
PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"\x28\xb5\x2f\xfd": "zstd", b"\xfd7zXZ": "xz", b"%PDF": "PDF"}


def read_bytes(path: str) -> tuple[bytes, bool]:
    """Return (what a file holds, whether there was more than is read); `-` is standard input. Raises BadInput."""
    data = sys.stdin.buffer.read(MOST_BYTES + 1) if path == "-" else _of_file(path)
    for magic, name in PACKED.items():
        if data.startswith(magic):
            raise BadInput(f"this is a {name} file, not text", path, "Unpack it, or save it as text")
    return data[:MOST_BYTES], len(data) > MOST_BYTES


def modified_us(path: str) -> int | None:
    """Return when a file was written; None for standard input."""
    try:
        return None if path == "-" else os.stat(path).st_mtime_ns // 1000
    except OSError:
        return None


def _of_file(path: str) -> bytes:
    try:
        if Path(path).is_dir():
            raise BadInput("this is a folder", path, "Name the files in it")
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode) and not stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
                raise BadInput("this is no file of text", path, "Name a file, or - for standard input")
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name cannot be used"
        raise BadInput(f"it cannot be read ({why})", path, "Check the path") from None
