"""Bytes to rows. A format is recognised by its content and decoded block by block, purely.

A decoder keeps what it must remember between blocks (fragments of messages, the header of a table,
the count of lines) in a memory of its own, which the caller passes back with the next block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from anchorwatch import schema


class Decoded(NamedTuple):
    """What one block of input said: frames of schema.POSITIONS, STATICS, OTHERS and REJECTS."""

    positions: pl.DataFrame
    statics: pl.DataFrame
    others: pl.DataFrame
    rejects: pl.DataFrame


def empty(columns: dict[str, Any]) -> pl.DataFrame:
    """Return a frame without rows."""
    return pl.DataFrame(schema=columns)


def nothing() -> Decoded:
    """Return a `Decoded` without rows."""
    return Decoded(empty(schema.POSITIONS), empty(schema.STATICS), empty(schema.OTHERS), empty(schema.REJECTS))


@dataclass(frozen=True)
class Options:
    """What the user knows about a file that the file does not say."""

    source: str = ""  # name for messages and REJECTS
    date_us: int | None = None  # when lines without a time were received (`--date`)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """One input format, as pure functions over blocks of whole lines."""

    name: str
    recognises: Callable[[bytes], bool]  # the first 64 KiB of the (decompressed) content
    start: Callable[[Options], Any]  # options -> memory
    decode: Callable[[bytes, Any], tuple[Decoded, Any]]  # (block of whole lines, memory) -> (rows, memory)
    finish: Callable[[Any], Decoded]  # what was still waiting at the end of the input
