"""Work ahead in a thread: reading and unpacking, while the caller works on what came before."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
_POLL_S = 0.1


def ahead(items: Iterator[T], depth: int = 1) -> Iterator[T]:
    """Give the items of an iterator that runs in a thread, at most `depth` items ahead; errors come through."""
    queue: Queue[tuple[str, T | BaseException | None]] = Queue(depth)
    stopped = Event()

    def put(kind: str, item: T | BaseException | None) -> bool:
        while not stopped.is_set():
            try:
                queue.put((kind, item), timeout=_POLL_S)
            except Full:
                continue
            return True
        return False

    def run() -> None:
        try:
            if all(put("item", item) for item in items):
                put("end", None)
        except BaseException as error:  # given to the caller, whatever it is
            put("error", error)
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()

    thread = Thread(target=run, daemon=True, name="anchorwatch-ahead")
    thread.start()
    try:
        while True:
            kind, item = queue.get()
            if kind == "item":
                yield item  # type: ignore[misc]  # an item, as its kind says
            elif kind == "error":
                raise item  # type: ignore[misc]  # an error, as its kind says
            else:
                return
    finally:
        stopped.set()
        while thread.is_alive():
            try:
                queue.get_nowait()
            except Empty:
                thread.join(_POLL_S)
