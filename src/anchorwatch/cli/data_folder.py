"""Where a watch keeps everything unless told otherwise."""

from __future__ import annotations

import os
from pathlib import Path


def usual() -> Path:
    """Return the folder of the user's own data (XDG base directories), not made yet."""
    base = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return Path(base) / "anchorwatch"
