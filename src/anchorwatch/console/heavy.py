"""Questions that read millions of rows: few at a time, so that they leave the machine to the watch."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from anchorwatch.console.errors import Refusal

AT_ONCE = 2  # an hour of replay holds 100 MB and a core for a moment, the largest answer 500 MB for seconds
WAIT_S = 5.0
# One that waits holds a thread, and all questions to the watch share forty: a few may wait, not everybody.
WAITING = 6


class Few:
    """Places for questions of a kind."""

    def __init__(self) -> None:
        """Begin with all places free."""
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._here = threading.BoundedSemaphore(AT_ONCE + WAITING)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait for a place; Refusal 503 where there is none for WAIT_S, and at once where enough others wait."""
        with _held(self._here, 0.0), _held(self._places, WAIT_S):
            yield


@contextmanager
def _held(places: threading.BoundedSemaphore, wait_s: float) -> Iterator[None]:
    if not places.acquire(timeout=wait_s):
        raise Refusal(503, "others ask much at the moment", "", "Ask again in some seconds.", {"Retry-After": "5"})
    try:
        yield
    finally:
        places.release()


one_of_few = Few()  # what may take seconds, and hundreds of megabytes
one_alert_of_few = Few()  # what stands behind an alert: an officer does not wait for others' replays
