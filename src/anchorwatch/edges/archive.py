"""Files of traffic, read block by block: plain or compressed, from disk or standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import polars as pl

from anchorwatch.decode import Decoded, Format, Options, own
from anchorwatch.decode.recognise import HEAD_BYTES, recognise
from anchorwatch.errors import BadInput

BLOCK_BYTES = 32 << 20
TABLE_ROWS = 1 << 18


class Source:
    """One file of traffic, recognised and ready to be read once."""

    def __init__(self, name: str, form: str, blocks: Iterator[Decoded]) -> None:
        self.name, self.format, self._blocks = name, form, blocks

    def blocks(self, size_bytes: int = BLOCK_BYTES) -> Iterator[Decoded]:
        """Return the rows, block by block, in order of arrival."""
        return self._blocks


def open_source(path: str, options: Options) -> Source:
    """Recognise a file by its content."""
    name = options.source or path
    stream = open(path, "rb", buffering=0)
    head = stream.read(HEAD_BYTES)
    if head.startswith(b"PAR1"):
        return Source(path, "parquet", _table(path, name))
    return Source(path, recognise(head, name).name, _text(stream, head, recognise(head, name), options))


def _table(path: str, name: str) -> Iterator[Decoded]:
    scan = pl.scan_parquet(path)
    memory = own.start_table(scan.collect_schema().names(), name)
    for frame in scan.select(list(memory.names.values())).collect_batches(chunk_size=TABLE_ROWS, maintain_order=True):
        decoded, memory = own.decode_table(frame, memory)
        yield decoded


def _text(stream: IO[bytes], rest: bytes, form: Format, options: Options) -> Iterator[Decoded]:
    memory = form.start(options)
    while True:
        more = stream.read(BLOCK_BYTES)
        block = rest + more
        cut = block.rfind(b"\n") + 1 if more else len(block)
        rest = block[cut:]
        if cut:
            decoded, memory = form.decode(block[:cut], memory)
            yield decoded
        if not more:
            break
    yield form.finish(memory)
