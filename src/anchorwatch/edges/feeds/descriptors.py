"""Reading whenever the system says that there is something: sockets, serial lines, pipes. Needs a POSIX system."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds.lines import Cutter, Intake
from anchorwatch.edges.feeds.reconnect import words


@contextmanager
def reading(fd: int, clock: Clock, receive: Callable[[], bytes], cutter: Cutter | None = None) -> Iterator[Intake]:
    """Give an intake that fills with what `receive` returns whenever the descriptor can be read.

    `receive` does not wait; it raises EOFError or OSError when nothing more will come. A cutter makes whole lines.
    """
    loop = asyncio.get_running_loop()

    def ready() -> None:
        with suppress(BlockingIOError, InterruptedError):
            try:
                data = receive()
                intake.add(cutter.cut(data) if cutter else data)
            except (BlockingIOError, InterruptedError):
                raise
            except (EOFError, OSError) as error:
                loop.remove_reader(fd)
                intake.add(cutter.rest() if cutter else b"")
                intake.end(words(error))

    intake = Intake(clock, lambda: _ignored(loop.remove_reader(fd)), lambda: loop.add_reader(fd, ready))
    loop.add_reader(fd, ready)
    try:
        yield intake
    finally:
        loop.remove_reader(fd)


def _ignored(_was_there: bool) -> None:
    """Nobody asks whether it was read."""
