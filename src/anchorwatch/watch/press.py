"""The report desk of a watch: reads what came, ties stories, keeps it, opens and joins incidents, looks back for them.

One at a time: whoever brings texts (a feed, an officer, a command) waits for the one before. What was read is kept in
one transaction with what it led to: after a kill nothing is there twice, and nothing half.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from anchorwatch.edges.store.reports import Reports
from anchorwatch.watch.ledgers import Ledgers

if TYPE_CHECKING:
    from anchorwatch.watch.room import Room


class Press:
    """What the desk of one watch does."""

    def __init__(self, room: Room) -> None:
        """Take the watch."""
        self.room = room
        self.reports = Reports(room.store)
        self.ledgers = Ledgers(self.reports)
        self.lock = threading.RLock()


_making = threading.Lock()


def press_of(room: Room) -> Press:
    """Return the desk of a watch; a watch that polls no feed has one, too: officers bring texts."""
    with _making:
        if room.press is None:
            room.press = Press(room)
        return room.press
