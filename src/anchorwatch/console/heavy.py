"""Questions that read millions of rows: few at a time, so that they leave the machine to the watch."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from anchorwatch.console.errors import Refusal

AT_ONCE = 2  # an hour of replay holds 100 MB and a core for a moment, the largest answer 500 MB for seconds
WAIT_S = 5.0

_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def one_of_few() -> Iterator[None]:
    """Wait for a place; Refusal 503 where there is none for WAIT_S."""
    if not _places.acquire(timeout=WAIT_S):
        raise Refusal(503, "others ask much at the moment", "", "Ask again in some seconds.", {"Retry-After": "5"})
    try:
        yield
    finally:
        _places.release()
