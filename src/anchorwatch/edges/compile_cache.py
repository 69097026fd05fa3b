"""Where compiled functions are kept, when neither the package nor the home folder can be written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"


def ensure_writable() -> None:
    """Point numba to a private temporary folder if it would find none; call before numba is imported.

    Numba keeps compiled functions beside the source, else below the home folder, else it refuses to run:
    a read-only checkout of a user without a home (a container) must work too.
    """
    places = (Path(__file__).parents[1] / "__pycache__", _user_cache() / "numba")
    if os.environ.get(VARIABLE) or any(_writable(place) for place in places):
        return
    os.environ[VARIABLE] = str(_private_folder())


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())


def _writable(folder: Path) -> bool:
    """Whether a file can be made there; tried, as numba does, since rights alone do not tell of a read-only disk."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _private_folder() -> Path:
    """Return the user's own folder, kept from run to run; a fresh one if that name belongs to another."""
    user = getattr(os, "getuid", lambda: 0)()
    folder = Path(tempfile.gettempdir()) / f"anchorwatch-compiled-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.stat()
    # Compiled code is loaded from here: nobody else may be able to put some there.
    if hasattr(os, "getuid") and (state.st_uid != user or state.st_mode & 0o077):
        return Path(tempfile.mkdtemp(prefix="anchorwatch-compiled-"))
    return folder
