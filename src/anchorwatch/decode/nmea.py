"""NMEA 0183 logs with AIS: the format `NMEA`, straight from bytes to columns.

Every line ends as rows, as a reject, or in a count that `counts` tells. Times come from the tag block,
then what stands before the sentence, then behind it, then a `$PGHP` line, then `Options.date_us`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Decoded, Format, Options

if TYPE_CHECKING:
    from anchorwatch.decode.ais_columns import Columns
    from anchorwatch.decode.nmea_scan import State

AIS_LINE = re.compile(rb"^[^{\n]{0,512}[!$][A-Z0-9]{2}VD[MO],\d,\d,", re.MULTILINE)
OTHER_LINE = re.compile(rb"^(?:\\[^\\\n]{1,200}\\)?[!$][A-Z]{4,6},[^*\n]{1,100}\*[0-9A-Fa-f]{2}\s*$", re.MULTILINE)
JSON_LINE = re.compile(rb"^[ \t]*\{.*$", re.MULTILINE)
UNPRINTABLE = r"[\x00-\x1f\x7f-\x9f]"


@dataclass
class Memory:
    """What the decoder remembers between blocks; changed in place."""

    options: Options
    state: State


def looks_like_nmea(head: bytes) -> bool:
    """Say whether a file that begins so is an NMEA log."""
    return AIS_LINE.search(head) is not None or OTHER_LINE.search(head) is not None


def start(options: Options) -> Memory:
    """Return the memory before the first line."""
    from anchorwatch.decode import nmea_scan as scan
    from anchorwatch.decode.nmea_fragments import ring
    from anchorwatch.decode.nmea_time import NO_TIME

    date_us = NO_TIME if options.date_us is None else options.date_us
    state = scan.State(
        now=np.array([0, NO_TIME, date_us, 0], np.int64),
        counts=np.zeros(len(scan.OUTCOMES), np.int64),
        groups=np.zeros((scan.GROUPS, 3), np.int64),
        ring=ring(),
        six=np.zeros(scan.SCRATCH, np.uint8),
    )
    return Memory(options, state)


def counts(memory: Memory) -> dict[str, int]:
    """Return how many sentences (or lines without one) ended as what.

    A part that waits counts as `part`, and once more as `fragment_missing` if the rest never comes.
    """
    from anchorwatch.decode.nmea_scan import OUTCOMES

    return {name: int(n) for name, n in zip(OUTCOMES, memory.state.counts, strict=True) if n}


def sentences_of_json(line: bytes) -> bytes | None:
    """Return the sentences of an AIS-catcher JSON line as one NMEA line with its time; None without any."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    nmea = said.get("nmea") if isinstance(said, dict) else None
    if not isinstance(nmea, list) or not all(isinstance(s, str) and s.isascii() for s in nmea):
        return None
    time = said.get("rxuxtime")
    if isinstance(time, bool) or not isinstance(time, int | float) or not 0 < time < 1e11:
        time = said.get("rxtime")
    stated = f"{time:.6f}" if isinstance(time, float) else str(time if time is not None else "")
    if not re.fullmatch(r"[0-9.]{0,20}", stated) or not nmea:
        return None
    return re.sub(r"[\r\n]", " ", " ".join([stated, *nmea])).encode()


def _without_json(block: bytes) -> bytes:
    """Return the block with its AIS-catcher JSON lines put as NMEA lines."""
    if b"{" not in block:
        return block
    return JSON_LINE.sub(lambda line: sentences_of_json(line.group()) or line.group(), block)


def _printable(texts: pl.Series) -> pl.Series:
    """Return texts with control characters escaped as in Python."""
    odd = texts.str.contains(UNPRINTABLE)
    if not odd.any():
        return texts
    escaped = {t: re.sub(UNPRINTABLE, lambda m: f"\\x{ord(m.group()):02x}", t) for t in texts.filter(odd).unique()}
    return texts.replace(escaped).str.slice(0, schema.REJECT_TEXT)


def _rejects(block: bytes, made: Columns, source: str, waiting: Any) -> pl.DataFrame:
    """Return a frame of schema.REJECTS; `waiting` holds the texts of parts from earlier blocks."""
    from anchorwatch.decode.nmea_scan import OUTCOMES

    size = int(made.rows[3])
    if size == 0:
        return pl.DataFrame(schema=schema.REJECTS)
    columns = made.rejects
    starts = columns.start[:size]
    stops = np.minimum(columns.stop[:size], starts + schema.REJECT_TEXT)
    text = block.decode("latin-1")
    lines = [text[a:b] for a, b in zip(starts.tolist(), stops.tolist(), strict=True)]
    for k in np.flatnonzero(starts < 0).tolist():
        lines[k] = waiting[-int(starts[k]) - 1].tobytes().rstrip(b"\0").decode("latin-1")
    reasons = pl.Series(OUTCOMES, dtype=pl.String).gather(columns.reason[:size])
    return pl.DataFrame(
        {
            "reason": reasons,
            "source": pl.repeat(source, size, dtype=pl.String, eager=True),
            "line": pl.Series(columns.line[:size]),
            "text": _printable(pl.Series(lines, dtype=pl.String)),
        },
        schema=schema.REJECTS,
    )


def decode(block: bytes, memory: Memory) -> tuple[Decoded, Memory]:
    """Decode whole lines."""
    from anchorwatch.decode import ais_columns
    from anchorwatch.decode.nmea_scan import compiled

    block = _without_json(block)
    sentences = block.count(b"VD")
    made = ais_columns.columns(sentences, 3 * sentences + block.count(b"\n") + block.count(b"!") + 2)
    waiting = memory.state.ring.text.copy()
    compiled()(np.frombuffer(block, np.uint8), memory.state, made)
    positions, apart = ais_columns.vessels_and_others(ais_columns.positions_frame(made))
    others = ais_columns.others_frame(made)
    rejects = _rejects(block, made, memory.options.source, waiting)
    if apart is not None:
        others = pl.concat([others, apart]).sort("line", maintain_order=True)
    return Decoded(positions, ais_columns.statics_frame(made), others, rejects), memory


def finish(memory: Memory) -> Decoded:
    """Return the parts whose messages never became whole."""
    from anchorwatch.decode import ais_columns
    from anchorwatch.decode.nmea_fragments import reject
    from anchorwatch.decode.nmea_scan import FRAGMENT_MISSING

    ring = memory.state.ring
    places = np.flatnonzero(ring.used == 0)
    places = places[np.argsort(ring.line[places], kind="stable")]
    made = ais_columns.columns(0, len(places))
    for place in places.tolist():
        reject(made, FRAGMENT_MISSING, int(ring.line[place]), -place - 1, int(ring.stop[place]))
    memory.state.counts[FRAGMENT_MISSING] += len(places)
    ring.used[:] = 1
    frames = (ais_columns.positions_frame(made), ais_columns.statics_frame(made), ais_columns.others_frame(made))
    return Decoded(*frames, _rejects(b"", made, memory.options.source, ring.text))


NMEA = Format("nmea", looks_like_nmea, start, decode, finish)
