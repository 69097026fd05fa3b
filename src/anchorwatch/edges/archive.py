"""Files of traffic, read block by block: plain or compressed, from disk or standard input.

Reading and unpacking run in one thread, decoding in another, both a little ahead of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import IO

import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Decoded, Format, Options, nothing, own, rows
from anchorwatch.decode.recognise import HEAD_BYTES, WHOLE, recognise
from anchorwatch.edges import log_source, raw_segments
from anchorwatch.edges.ahead import ahead
from anchorwatch.edges.blocks import Block, cut
from anchorwatch.edges.raw_folder import Segment
from anchorwatch.edges.unpack import PACKED, Counted, Stream, open_raw, streams
from anchorwatch.errors import BadInput

# Below 32 MiB the C library keeps the memory of a block for the next one: a third less time than with 32 MiB.
BLOCK_BYTES = 16 << 20
TABLE_ROWS = 1 << 18  # rows of Parquet at once: about 25 MB of columns
WHOLE_BYTES = 256 << 20  # a JSON document is read at once; all vessels of the Baltic are 5 MB
MAGIC_BYTES = 8
PARQUET = b"PAR1"


@dataclass(frozen=True)
class Source:
    """One file of traffic, recognised and ready to be read once."""

    name: str
    format: str
    start: Callable[[int], Iterator[Decoded]]
    done: Callable[[], float]  # part of the file read so far, 0 to 1; NaN where the size is not known
    segments: tuple[Segment, ...] = ()  # of a raw log

    def blocks(self, size_bytes: int = BLOCK_BYTES) -> Iterator[Decoded]:
        """Return the rows in order of arrival, `size_bytes` of the file at a time."""
        return self.start(size_bytes)


def open_sources(paths: Sequence[str], options: Options) -> list[Source]:
    """Open files, each a source; the segments of one feed of a raw log are one source, in their order."""
    sources: list[Source] = []
    feeds: dict[Path, int] = {}  # folder of a feed -> place in `sources`
    for path in paths:
        source = open_source(path, options)
        folder = Path(path).resolve().parent
        if source.segments and folder in feeds:
            before = sources[feeds[folder]]
            source = _log_source([*before.segments, *source.segments], options)
            sources[feeds[folder]] = source
            continue
        if source.segments:
            feeds[folder] = len(sources)
        sources.append(source)
    return sources


def open_source(path: str, options: Options) -> Source:
    """Open a file, or standard input for `-`, and recognise its format by its content."""
    name = options.source or ("standard input" if path == "-" else path)
    with ExitStack() as stack:
        raw = open_raw(path)
        if path != "-":
            stack.callback(raw.close)
        return _recognised(path, name, raw, options, stack)


def _recognised(path: str, name: str, raw: IO[bytes], options: Options, stack: ExitStack) -> Source:
    head = raw.read(MAGIC_BYTES) or b""
    while 0 < len(head) < MAGIC_BYTES and (more := raw.read(MAGIC_BYTES - len(head))):
        head += more
    if not head:
        raise BadInput("the file is empty", name, "Check that it was written or fetched whole")
    if head.startswith(PARQUET):
        return _table_source(path, name)
    if head.startswith(raw_segments.MARK):
        return _log_source([log_source.segment(path, name)], options)
    file = Counted(raw, head)
    parts = streams(path, name, file, head)
    stack.callback(parts.close)
    first = next(parts)
    packed = head.startswith(PACKED)
    form = recognise(_head(first, packed), first.name)
    total = Path(path).stat().st_size if path != "-" and Path(path).is_file() else 0
    texts = Texts(form, options, chain([first], parts), stack.pop_all())
    return Source(path, form.name, texts.decoded, lambda: file.count / total if total else float("nan"))


def _log_source(those: Sequence[Segment], options: Options) -> Source:
    """Return segments of one feed as one source."""
    reading = log_source.LogReading(those, options)
    return Source(str(those[0].path), those[0].format, reading.decoded, reading.done, tuple(reading.segments))


def _head(stream: Stream, packed: bool) -> bytes:
    head = stream.peek(HEAD_BYTES)
    if not head and stream.damage:
        raise BadInput(f"the compressed file is {stream.damage}", stream.name, "Fetch it again")
    if not head:
        raise BadInput("the compressed file is empty inside", stream.name, "Check how it was made")
    if packed and head.startswith((PARQUET, *PACKED)):
        raise BadInput("a compressed file or Parquet lies inside the compressed file", stream.name, "Unpack it first")
    return head


@dataclass(frozen=True)
class Texts:
    """The text streams of one file: itself, or the members of a zip; the first was recognised."""

    form: Format
    options: Options
    streams: Iterator[Stream]
    files: ExitStack  # closed when all is read

    def decoded(self, size: int) -> Iterator[Decoded]:
        """Give the rows of all streams."""
        with closing(ahead(self._decoded(size))) as rows_:  # type: ignore[type-var]  # a generator has close()
            yield from rows_

    def _decoded(self, size: int) -> Iterator[Decoded]:
        with self.files:
            yield from self._all(size)

    def _all(self, size: int) -> Iterator[Decoded]:
        for number, stream in enumerate(self.streams):
            form = self.form
            if number:
                try:
                    form = recognise(_head(stream, True), stream.name)
                except BadInput as error:
                    yield rejected("unknown_member", stream.name, 0, error.what.encode())
                    continue
            yield from self._stream(stream, form, size)

    def _stream(self, stream: Stream, form: Format, size: int) -> Iterator[Decoded]:
        memory = form.start(replace(self.options, source=stream.name))
        with closing(ahead(_pieces(stream, form, size))) as blocks:  # type: ignore[type-var]  # a generator has close()
            for block in blocks:
                decoded, memory = form.decode(block.data, memory)
                long = [rejected("line_too_long", stream.name, line, text) for line, text in block.long]
                yield rows.together([decoded, *long])
        yield form.finish(memory)
        if stream.damage:
            yield rejected("damaged_file", stream.name, 0, f"the file is {stream.damage}".encode())


def _pieces(stream: Stream, form: Format, size: int) -> Iterator[Block]:
    """Give blocks of whole lines, or the whole content where the format is one document."""
    if form.name not in WHOLE:
        yield from cut(stream, size)
        return
    data = stream.read(WHOLE_BYTES + 1)
    if len(data) > WHOLE_BYTES:
        raise BadInput(
            f"the JSON document is larger than {WHOLE_BYTES >> 20} MiB", stream.name, "Give one record a line (ndjson)"
        )
    yield Block(data, [])


def rejected(reason: str, source: str, line: int, text: bytes) -> Decoded:
    """Return one reject."""
    frame = pl.DataFrame([(reason, source, line, rows.shown(text))], schema=schema.REJECTS, orient="row")
    return nothing()._replace(rejects=frame)


def _table_source(path: str, name: str) -> Source:
    if path == "-" or not Path(path).is_file():
        raise BadInput("Parquet cannot be read from a pipe", name, "Save it to a file and give its path")
    progress = {"rows": 0, "total": 0}
    try:
        scan = pl.scan_parquet(path, glob=False)
        memory = own.start_table(scan.collect_schema().names(), name)
        progress["total"] = scan.select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _bad_table(error, name) from error

    def decoded(_size: int) -> Iterator[Decoded]:
        nonlocal memory
        try:
            with closing(ahead(_frames(scan, list(memory.names.values())))) as frames:  # type: ignore[type-var]  # has close()
                for frame in frames:
                    part, memory = own.decode_table(frame, memory)
                    progress["rows"] += frame.height
                    yield part
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _bad_table(error, name) from error

    return Source(path, "parquet", decoded, lambda: progress["rows"] / max(progress["total"], 1))


def _frames(scan: pl.LazyFrame, names: list[str]) -> Iterator[pl.DataFrame]:
    batches = scan.select(names).collect_batches(chunk_size=TABLE_ROWS, maintain_order=True)
    yield from batches


def _bad_table(error: Exception, name: str) -> BadInput:
    first = str(error).split("\n", 1)[0][:200]
    return BadInput(f"the Parquet file cannot be read ({first})", name, "Write or fetch it again")
