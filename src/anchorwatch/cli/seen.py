"""What this account was last shown of each alert, so that nobody acts over a colleague they have not heard.

Numbers of events only, no names. A lost or damaged file does no harm: the alert counts as looked at now.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from anchorwatch.edges.records import replacing
from anchorwatch.errors import BadUse

MOST = 5000  # alerts remembered of one watch and person, the last shown
MOST_BYTES = 4 << 20


def usual() -> Path:
    """Return the file of this account (XDG base directories), not made yet."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return Path(base) / "anchorwatch" / "seen.json"


class Seen:
    """The last event that was shown of each alert, for one person at one watch."""

    def __init__(self, whose: str, path: Path | None = None) -> None:
        """Read what is remembered; whose: the watch and the name of the person."""
        self._whose, self._path = whose, path or usual()
        self._of = self._read().get(whose, {})
        self._now: dict[str, int] = {}  # shown by this command

    def of(self, alert_id: str) -> int | None:
        """Return the number of the last event that was shown; None = this alert was not shown yet."""
        return self._of.get(alert_id)

    def shown(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Remember items as they are shown now."""
        for item in items:
            self.upto(item["alert"]["id"], item["seq"])

    def upto(self, alert_id: str, seq: int) -> None:
        """Remember that an alert was shown up to an event."""
        self._of[alert_id] = self._now[alert_id] = seq

    def keep(self) -> None:
        """Write it down; where that cannot be, the next command counts every alert as looked at now."""
        if not self._now:
            return
        kept = self._read()  # again: another command may have written since
        before = {i: seq for i, seq in kept.get(self._whose, {}).items() if i not in self._now}
        kept[self._whose] = dict(list((before | self._now).items())[-MOST:])
        with suppress(OSError, BadUse):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with replacing(self._path) as part:
                part.chmod(0o600)
                part.write_text(json.dumps(kept))

    def _read(self) -> dict[str, dict[str, int]]:
        try:
            if self._path.stat().st_size > MOST_BYTES:
                return {}
            record = json.loads(self._path.read_text())
            return {
                str(whose): {str(i): s for i, s in of.items() if isinstance(s, int) and 0 <= s < 1 << 62}
                for whose, of in record.items()
            }
        except (OSError, ValueError, AttributeError, RecursionError):
            return {}
