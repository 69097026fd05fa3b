"""Reading what the feeds gave: one decoder for each feed and format, with what it must remember between pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from anchorwatch.decode import Decoded, Format, Options, arrived, nothing
from anchorwatch.decode.recognise import named
from anchorwatch.edges.feeds import Piece

# Parts of one message follow each other within seconds: so many pieces before a checkpoint are read again after a
# restart, so that the second part still finds the first.
WARM_PIECES = 64


class Desk:
    """Decodes pieces of all feeds."""

    def __init__(self) -> None:
        """Start with no feed known."""
        self._open: dict[tuple[str, str], tuple[Format, Any, int]] = {}

    def read(self, pieces: Sequence[Piece]) -> Decoded:
        """Decode pieces of one feed and format that followed each other."""
        feed, name = pieces[0].feed, pieces[0].format
        if (feed, name) not in self._open:
            form = named(name)
            if form is None:
                return nothing()._replace(rejects=_unknown(feed, name))
            self._open[feed, name] = form, form.start(Options(source=feed, date_us=arrived.UNSTATED_US)), 0
        form, memory, lines = self._open[feed, name]
        texts, times = [p.data for p in pieces], [p.arrived_us for p in pieces]
        decoded, memory, lines = arrived.decode(form, memory, texts, times, lines)
        self._open[feed, name] = form, memory, lines
        return decoded


def _unknown(feed: str, name: str) -> pl.DataFrame:
    return pl.DataFrame({"reason": ["unknown_format"], "source": [feed], "line": [0], "text": [name]}).cast(
        {"line": pl.Int64}
    )
