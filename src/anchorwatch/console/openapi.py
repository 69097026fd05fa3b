"""`python -m anchorwatch.console.openapi` prints the document of the API: the types of the page are made from it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from anchorwatch.chart import make
from anchorwatch.console import app
from anchorwatch.console.settings import Settings
from anchorwatch.edges.clock import SystemClock
from anchorwatch.edges.history import History
from anchorwatch.edges.store import Store
from anchorwatch.edges.store.people import People
from anchorwatch.picture.latest import Latest
from anchorwatch.watch.room import Progress, Room


def document() -> dict[str, Any]:
    """Return the OpenAPI document, as a watch without anything in it would."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder), clock)
        try:
            history = History(Path(folder) / "history", clock)
            room = Room(make(()), clock, store, Latest(), history, Progress())
            made: dict[str, Any] = app.make(room, People(store, clock), Settings()).openapi()
            return made
        finally:
            store.close()


if __name__ == "__main__":
    print(json.dumps(document(), indent=1))
