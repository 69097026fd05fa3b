"""NMEA 0183 logs with AIS: the format `NMEA`, straight from bytes to columns.

Every line ends as rows, as a reject, or in a count that `counts` tells. Times come from the tag block,
then what stands before the sentence, then behind it, then a `$PGHP` line, then `Options.date_us`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Decoded, Format, Options, nothing

SHORTEST_SENTENCE = 10  # bytes: `!AIVDM,*00`
SHORTEST_MESSAGE = 35  # bytes of a sentence with the 16 characters of message 27
Array = np.ndarray[Any, Any]
AIS_LINE = re.compile(rb"^[^{\n]{0,512}[!$][A-Z0-9]{2}VD[MO],\d,\d,", re.MULTILINE)
OTHER_LINE = re.compile(rb"^(?:\\[^\\\n]{1,200}\\)?[!$][A-Z]{4,6},[^*\n]{1,100}\*[0-9A-Fa-f]{2}\s*$", re.MULTILINE)
JSON_LINE = re.compile(rb"^[ \t]*\{.*$", re.MULTILINE)
UNPRINTABLE = r"[\x00-\x1f\x7f-\x9f]"


@dataclass
class Memory:
    """What the decoder remembers between blocks; changed in place."""

    options: Options
    desk: Array  # one record of nmea_scan.DESK
    ring: Array  # parts of messages that wait, nmea_fragments.WAITING


def looks_like_nmea(head: bytes) -> bool:
    """Say whether a file that begins so is an NMEA log."""
    return AIS_LINE.search(head) is not None or OTHER_LINE.search(head) is not None


def start(options: Options) -> Memory:
    """Return the memory before the first line."""
    from anchorwatch.decode.nmea_fragments import RING, WAITING
    from anchorwatch.decode.nmea_scan import DESK
    from anchorwatch.decode.nmea_time import NO_TIME

    desk = np.zeros(1, DESK)
    desk["wrapper_us"] = NO_TIME
    desk["date_us"] = NO_TIME if options.date_us is None else options.date_us
    desk["heads"] = -1
    return Memory(options, desk, np.zeros(RING, WAITING))


def counts(memory: Memory) -> dict[str, int]:
    """Return how many sentences (or lines without one) ended as what.

    A part that waits counts as `part`, and once more as `fragment_missing` if the rest never comes.
    """
    from anchorwatch.decode.nmea_scan import OUTCOMES

    return {name: int(n) for name, n in zip(OUTCOMES, memory.desk["counts"][0], strict=True) if n}


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


def _rejects(block: bytes, rows: Array, source: str, waiting: Array) -> pl.DataFrame:
    """Return a frame of schema.REJECTS; `waiting` holds the texts of parts from earlier blocks."""
    from anchorwatch.decode.nmea_scan import OUTCOMES

    if len(rows) == 0:
        return pl.DataFrame(schema=schema.REJECTS)
    starts = rows["start"]
    stops = np.minimum(rows["stop"], starts + schema.REJECT_TEXT)
    text = block.decode("latin-1")
    lines = [text[a:b] for a, b in zip(starts.tolist(), stops.tolist(), strict=True)]
    for k in np.flatnonzero(starts < 0).tolist():
        lines[k] = waiting[-int(starts[k]) - 1].tobytes().rstrip(b"\0").decode("latin-1")
    return pl.DataFrame(
        {
            "reason": pl.Series(OUTCOMES, dtype=pl.String).gather(np.ascontiguousarray(rows["reason"])),
            "source": pl.repeat(source, len(rows), dtype=pl.String, eager=True),
            "line": np.ascontiguousarray(rows["line"]),
            "text": _printable(pl.Series(lines, dtype=pl.String)),
        },
        schema=schema.REJECTS,
    )


def decode(block: bytes, memory: Memory) -> tuple[Decoded, Memory]:
    """Decode whole lines."""
    from anchorwatch.decode import ais_columns
    from anchorwatch.decode.nmea_scan import compiled

    block = _without_json(block)
    buf = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(buf == 10)
    if block and block[-1] != 10:
        ends = np.append(ends, len(block))
    made = ais_columns.room(len(block) // SHORTEST_MESSAGE + 1, len(ends) + 2 * (len(block) // SHORTEST_SENTENCE + 1))
    waiting = memory.ring["text"].copy()
    compiled()(buf, ends, memory.desk, memory.ring, *made)
    filled = memory.desk[0]
    positions, apart = ais_columns.vessels_and_others(ais_columns.positions_frame(made, int(filled["positions"])))
    statics = ais_columns.statics_frame(made.statics[: filled["statics"]])
    others = ais_columns.others_frame(made.others[: filled["others"]])
    if apart is not None:
        others = pl.concat([others, apart]).sort("line", maintain_order=True)
    rejects = _rejects(block, made.rejects[: filled["rejects"]], memory.options.source, waiting)
    return Decoded(positions, statics, others, rejects), memory


def finish(memory: Memory) -> Decoded:
    """Return the parts whose messages never became whole."""
    from anchorwatch.decode.ais_columns import REJECT_ROWS
    from anchorwatch.decode.nmea_scan import FRAGMENT_MISSING

    places = np.flatnonzero(memory.ring["lost"])
    places = places[np.argsort(memory.ring["line"][places], kind="stable")]
    rows = np.zeros(len(places), REJECT_ROWS)
    rows["reason"], rows["line"], rows["start"] = FRAGMENT_MISSING, memory.ring["line"][places], -places - 1
    memory.desk["counts"][0, FRAGMENT_MISSING] += len(places)
    memory.ring["lost"] = 0
    return nothing()._replace(rejects=_rejects(b"", rows, memory.options.source, memory.ring["text"]))


NMEA = Format("nmea", looks_like_nmea, start, decode, finish)
