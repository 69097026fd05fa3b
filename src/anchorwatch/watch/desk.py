"""Reading what the feeds gave: one decoder for each feed and format, with what it must remember between pieces."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import polars as pl

from anchorwatch.decode import Decoded, Format, Options, arrived, nothing, rows
from anchorwatch.decode.recognise import named
from anchorwatch.edges.feeds import Piece

# Parts of one message follow each other within seconds: so many pieces before a checkpoint are read again after a
# restart, so that the second part still finds the first.
WARM_PIECES = 64
# Formats whose first line names the columns: it is kept for the piece after a restart.
TABLES = ("danish", "marinecadastre", "own")
HEAD_BYTES = 16 << 10


class Desk:
    """Decodes pieces of all feeds."""

    def __init__(self) -> None:
        """Start with no feed known."""
        self._open: dict[tuple[str, str], tuple[Format, Any, int]] = {}
        self.heads: dict[str, str] = {}  # "feed format" -> first line of a table

    def go_on(self, heads: dict[str, str]) -> None:
        """Know the columns of tables again that were begun before a restart."""
        for key, line in heads.items():
            feed, form = key.split(" ", 1)
            self.read([Piece(feed, form, 0, line.encode())])

    def read(self, pieces: Sequence[Piece]) -> tuple[Decoded, np.ndarray[Any, Any]]:
        """Decode pieces of one feed and format that followed each other; second, the arrival of each position."""
        feed, name = pieces[0].feed, pieces[0].format
        if (feed, name) not in self._open:
            form = named(name)
            if form is None:
                return nothing()._replace(rejects=_rejected(feed, "unknown_format", name)), np.zeros(0, np.int64)
            self._open[feed, name] = form, form.start(Options(source=feed, date_us=arrived.UNSTATED_US)), 0
            if name in TABLES:
                first = pieces[0].data.split(b"\n", 1)[0][:HEAD_BYTES]
                self.heads[f"{feed} {name}"] = first.decode("utf-8", "replace") + "\n"
        form, memory, before = self._open[feed, name]
        texts, times = [p.data for p in pieces], [p.arrived_us for p in pieces]
        try:
            decoded, memory, lines = arrived.decode(form, memory, texts, times, before)
        except Exception as error:  # what a decoder stumbles over must not end the watch, nor each start after it
            return self._spoilt(pieces, form, f"{error!r:.200}")
        self._open[feed, name] = form, memory, lines
        return decoded, arrived.arrivals(decoded.positions, texts, times, before)

    def _spoilt(self, pieces: Sequence[Piece], form: Format, why: str) -> tuple[Decoded, np.ndarray[Any, Any]]:
        """Read pieces one by one of which one breaks the decoder; that one is rejected."""
        feed, name = pieces[0].feed, pieces[0].format
        memory, lines = form.start(Options(source=feed, date_us=arrived.UNSTATED_US)), 0
        if head := self.heads.get(f"{feed} {name}"):
            with suppress(Exception):  # it may be what breaks it
                _, memory, lines = arrived.decode(form, memory, [head.encode()], [0], 0)
        self._open[feed, name] = form, memory, lines
        if len(pieces) == 1:
            return nothing()._replace(rejects=_rejected(feed, "not_decoded", why)), np.zeros(0, np.int64)
        parts = [self.read([piece]) for piece in pieces]
        return rows.together([decoded for decoded, _ in parts]), np.concatenate([times for _, times in parts])


def _rejected(feed: str, reason: str, text: str) -> pl.DataFrame:
    return pl.DataFrame({"reason": [reason], "source": [feed], "line": [0], "text": [text]}).cast({"line": pl.Int64})
