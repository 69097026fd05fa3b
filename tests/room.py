"""A watch room of real parts for tests: a store and a history on disk, a picture, and people whose hashes are cheap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from argon2 import PasswordHasher

from anchorwatch.chart import Chart, make
from anchorwatch.edges.clock import Clock, SystemClock
from anchorwatch.edges.history import History
from anchorwatch.edges.identities import Identities
from anchorwatch.edges.store import Store, passwords
from anchorwatch.edges.store.people import People
from anchorwatch.picture.latest import Latest
from anchorwatch.watch.room import Progress, Room

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # the real costs are tested once
PASSWORD = "correct horse battery staple"


def quick_hashes() -> AbstractContextManager[Any]:
    """While it lasts, a password costs nothing to hash."""
    return patch.object(passwords, "_hasher", lambda: QUICK)


@contextmanager
def room_in(
    folder: Path,
    clock: Clock | None = None,
    chart: Chart | None = None,
    feeds: Sequence[Any] = (),
    progress: Progress | None = None,
) -> Iterator[tuple[Room, People]]:
    """Open a room in a folder, and its people: nobody yet, unless the folder knows some."""
    clock = clock or SystemClock()
    progress = progress or Progress(started_us=clock.now_us(), caught_up=True)
    store = Store.open(folder / "store.sqlite", clock)
    identities = Identities(folder / "identities.sqlite", clock)
    try:
        history = History(folder / "history", clock)
        room = Room(chart or make(()), clock, store, Latest(), history, progress, feeds, identities=identities)
        yield room, People(store, clock)
    finally:
        identities.close()
        store.close()
