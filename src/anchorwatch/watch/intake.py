"""Between the feeds, which wait on sockets, and the watch, which works: pieces in order, bounded in bytes."""

from __future__ import annotations

import threading
from collections import deque

from anchorwatch.decode.recognise import WHOLE
from anchorwatch.edges.clock import Clock
from anchorwatch.edges.feeds import Piece

# Five seconds of 100,000 lines: beyond that the feeds wait, and with them whoever sends.
MOST_BYTES = 32 << 20
FULL_S = 0.02


class Intake:
    """Feeds `put` from the loop; the watch's thread takes."""

    def __init__(self, clock: Clock, most_bytes: int = MOST_BYTES) -> None:
        """Start empty."""
        self.clock, self.most_bytes, self.bytes = clock, most_bytes, 0
        self._pieces: deque[Piece] = deque()
        self._arrived = threading.Condition()

    async def put(self, piece: Piece) -> None:
        """Hand over a piece; waits while there is too much already."""
        while self.bytes > self.most_bytes:
            await self.clock.sleep(FULL_S)
        with self._arrived:
            self._pieces.append(piece)
            self.bytes += len(piece.data)
            self._arrived.notify()

    def take(self, wait_s: float, most_bytes: int = 8 << 20) -> list[Piece]:
        """Return what has come, pieces of one feed together; waits for it at most so long."""
        with self._arrived:
            if not self._pieces:
                self._arrived.wait(wait_s)
            taken: list[Piece] = []
            size = 0
            while self._pieces and size < most_bytes:
                taken.append(self._pieces.popleft())
                size += len(taken[-1].data)
            self.bytes -= size
        return together(taken)

    def wake(self) -> None:
        """Let `take` return."""
        with self._arrived:
            self._arrived.notify()


def together(pieces: list[Piece]) -> list[Piece]:
    """Put pieces of one feed and format into one, in order of their first: fewer, larger ones cost less to log."""
    groups: dict[tuple[str, str, int], list[Piece]] = {}
    for number, piece in enumerate(pieces):
        alone = number + 1 if piece.format in WHOLE else 0  # a document is read by itself
        groups.setdefault((piece.feed, piece.format, alone), []).append(piece)
    return [g[-1]._replace(data=b"".join(p.data for p in g)) if len(g) > 1 else g[0] for g in groups.values()]
