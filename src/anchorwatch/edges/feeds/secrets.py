"""Keys and passwords of feeds and channels: from the environment or from a file, never from the command line."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from anchorwatch.errors import BadUse

PREFIX = "ANCHORWATCH_"
MOST_BYTES = 64 * 1024  # a key has tens of bytes, a certificate some thousands
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Secrets:
    """Where keys come from. It shows none of them, neither in errors nor in its own repr."""

    def __init__(self, environ: Mapping[str, str], folder: Path | None = None) -> None:
        """Take the environment and a folder with one file for each key (named in small letters), if there is one."""
        self._environ, self._folder = environ, folder

    def __repr__(self) -> str:
        """Return where keys are looked for, without any."""
        return f"Secrets(folder={self._folder})"

    def get(self, name: str) -> str | None:
        """Return the key called `name` (as AISSTREAM_KEY), or None where it is nowhere. Raises BadUse."""
        if not _NAME.fullmatch(name):
            raise BadUse("the name of a secret has capital letters, digits and _ only", "secret")
        if (said := self._environ.get(PREFIX + name)) is not None:
            return _usable(said, f"environment variable {PREFIX}{name}")
        if named := self._environ.get(f"{PREFIX}{name}_FILE"):
            return _read(Path(named))
        if self._folder is not None and os.path.lexists(path := self._folder / name.lower()):
            return _read(path)
        return None

    def need(self, name: str, where: str) -> str:
        """Return the key called `name`; raises BadUse that says where to put it. `where` is the feed or channel."""
        found = self.get(name)
        if found is None:
            folder = f", or put it into {self._folder / name.lower()}" if self._folder else ""
            next_step = f"Set {PREFIX}{name}, or name a file with it in {PREFIX}{name}_FILE{folder}"
            raise BadUse(f"the key {name} is not known", where, next_step)
        return found


def _read(path: Path) -> str:
    """Return what a file of one key says."""
    where = str(path)
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise BadUse("the key must be in a plain file", where)
            if os.name == "posix" and about.st_mode & 0o077:
                raise BadUse("others can read this file with a key", where, f"Run: chmod 600 {where}")
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadUse(f"the file with the key cannot be read ({error.strerror})", where) from None
    if len(data) > MOST_BYTES:
        raise BadUse("this file is too large for a key", where)
    try:
        return _usable(data.decode(), where)
    except UnicodeDecodeError:
        raise BadUse("the key is not text", where) from None


def _usable(text: str, where: str) -> str:
    """Return a key without the blanks around it. Control characters would break out of headers and logs."""
    key = text.strip()
    if not key:
        raise BadUse("the key is empty", where)
    if _CONTROL.search(key):
        raise BadUse("the key has line ends or control characters in it", where, "It must stand on one line by itself")
    return key
