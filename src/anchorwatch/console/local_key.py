"""The local key: lets in the person at this machine while there are no users. A file that nobody else may read."""

from __future__ import annotations

import os
import re
import secrets
import stat
from pathlib import Path

from anchorwatch.errors import BadUse

NAME = "local_key"
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 random bits


def read_or_make(folder: Path) -> str:
    """Return the key in `folder`, so that a restart logs nobody out; a new one where there is none that is safe."""
    path = folder / NAME
    try:
        kept = read(path)
        if kept is not None:
            return kept
        path.unlink(missing_ok=True)
        key = secrets.token_urlsafe(32)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as out:
            out.write(key + "\n")
            os.fchmod(file, 0o600)  # whatever the umask says
        return key
    except OSError as error:
        raise BadUse(f"cannot make the local key ({error.strerror})", str(path), "Choose another --data.") from error


def remove(folder: Path) -> None:
    """Remove the key: there are users now."""
    try:
        (folder / NAME).unlink(missing_ok=True)
    except OSError as error:
        raise BadUse(f"cannot remove the local key ({error.strerror})", str(folder / NAME), "Remove it.") from error


def read(path: Path) -> str | None:
    """Return the key of a file that is ours alone, no link, and holds one; else None."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(file, "rb") as opened:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or stat.S_IMODE(about.st_mode) & 0o077:
            return None
        text = opened.read(100).decode("ascii", "replace").strip()
    return text if _SHAPE.fullmatch(text) else None
