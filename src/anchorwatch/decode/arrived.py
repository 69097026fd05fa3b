"""Pieces of text that arrived one after the other, decoded together: lines without a time get that of their piece.

Decoding has a price for each call; hundreds of pieces a second are cheap only if they are decoded many at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from anchorwatch.decode import Decoded, Format

Array = np.ndarray[Any, Any]

# Given to the decoder as `Options.date_us`: a time that no line states, replaced by the arrival of its piece.
UNSTATED_US = 1


def decode(
    form: Format, memory: Any, pieces: Sequence[bytes], arrived_us: Sequence[int], lines: int
) -> tuple[Decoded, Any, int]:
    """Decode pieces of whole lines; `memory` was started with `Options.date_us = UNSTATED_US`.

    `lines` is how many lines came before; the number after these pieces is returned as the third.
    """
    whole = [p if p.endswith(b"\n") else p + b"\n" for p in pieces]
    ends = _ends(pieces, lines)
    decoded, memory = form.decode(b"".join(whole), memory)
    return _stamped(decoded, ends, np.array(arrived_us, np.int64)), memory, int(ends[-1])


def arrivals(frame: pl.DataFrame, pieces: Sequence[bytes], arrived_us: Sequence[int], lines: int) -> Array:
    """Return when each decoded row arrived (int64); the rest as for `decode`."""
    if len(pieces) == 1:
        return np.full(frame.height, arrived_us[0], np.int64)
    return np.asarray(np.array(arrived_us, np.int64)[_piece(frame, _ends(pieces, lines))])


def _ends(pieces: Sequence[bytes], lines: int) -> Array:
    """Return the last line of each piece."""
    return np.cumsum([p.count(b"\n") + (not p.endswith(b"\n")) for p in pieces]) + lines


def _piece(frame: pl.DataFrame, ends: Array) -> Array:
    """Return the piece of each row; a document counts its lines anew: whoever gives one, gives it alone."""
    return np.searchsorted(ends, frame["line"].to_numpy()).clip(max=len(ends) - 1)


def _stamped(decoded: Decoded, ends: Array, arrived_us: Array) -> Decoded:
    def stamped(frame: pl.DataFrame) -> pl.DataFrame:
        times = frame["time_us"].to_numpy()
        unstated = times == UNSTATED_US
        if not unstated.any():
            return frame
        at_us = arrived_us[_piece(frame, ends)]
        return frame.with_columns(time_us=pl.Series(np.where(unstated, at_us, times), dtype=pl.Int64))

    return decoded._replace(
        positions=stamped(decoded.positions), statics=stamped(decoded.statics), others=stamped(decoded.others)
    )
