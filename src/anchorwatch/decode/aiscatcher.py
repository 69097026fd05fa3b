"""AIS-catcher (and gpsd) JSON: one message a line, or AIS-catcher's HTTP post with many in `msgs`.

Messages that carry their sentences (`nmea`) are decoded from those; each carries all its parts, so that
nothing waits between blocks. The others are read from the fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from anchorwatch.decode import Decoded, Format, Options, json_rows, nmea, nothing
from anchorwatch.decode.json_rows import Record, Rows
from anchorwatch.decode.rows import together

OTHER_TYPES = {4: "base_station", 11: "base_station", 9: "sar_aircraft", 21: "aid_to_navigation"}
POSITION_TYPES = {1, 2, 3, 18, 19, 27}
STATIC_TYPES = {5, 19, 24}


def knows(value: Any) -> bool:
    """Tell whether a JSON value is a message or a post of messages."""
    if not isinstance(value, dict):
        return False
    return value.get("class") == "AIS" or isinstance(value.get("msgs"), list) or isinstance(value.get("nmea"), list)


def _time_us(value: Record) -> int | None:
    unix = json_rows.epoch_us(value.get("rxuxtime"), 1_000_000)
    stated = value.get("rxtime")
    if unix is not None or not isinstance(stated, str) or len(stated) != 14 or not stated.isdigit():
        return unix
    clock = np.datetime64
    try:
        parts = [stated[:4], stated[4:6], stated[6:8]]
        return int(clock(f"{'-'.join(parts)}T{stated[8:10]}:{stated[10:12]}:{stated[12:]}", "us").astype(np.int64))
    except ValueError:
        return None


def take(value: Any, line: int, options: Options, rows: Rows) -> None:
    """Add what the fields of one message say."""
    kind = json_rows.whole(value.get("type"), 1, 27, 0)
    at, mmsi = _time_us(value), value.get("mmsi")
    at = options.date_us if at is None else at
    lon, lat = value.get("lon"), value.get("lat")
    if kind in OTHER_TYPES:
        rows.other(at, mmsi, line, OTHER_TYPES[kind], lon, lat, value.get("name"))
    if kind in POSITION_TYPES:
        turn = value.get("turn")
        motion = {
            "sog_kn": value.get("speed"),
            "cog_deg": value.get("course"),
            "heading_deg": value.get("heading"),
            "rot_deg_min": turn if abs(json_rows.number(turn)) < 715 else None,  # scaled: degrees a minute
            "nav_status": value.get("status"),
        }
        rows.position(at, mmsi, line, lon, lat, motion)
    if kind in STATIC_TYPES:
        rows.static(at, mmsi, line, _static(value))
    if kind not in OTHER_TYPES and kind not in POSITION_TYPES | STATIC_TYPES:
        rows.reject("not_traffic", line)


def _static(value: Record) -> Record:
    size = [value.get(f"to_{side}") for side in ("bow", "stern", "port", "starboard")]
    due = [value.get(part) for part in ("month", "day", "hour", "minute")]
    return {
        "imo": value.get("imo"),
        "callsign": value.get("callsign"),
        "name": value.get("shipname"),
        "ship_type": value.get("shiptype"),
        "draught_m": value.get("draught"),
        "destination": value.get("destination"),
        "eta": json_rows.eta(*due),
    } | json_rows.dimensions(*size)


def _sentences(message: Record) -> bytes | None:
    """Return the sentences of a message as one line, if it carries any."""
    return nmea.sentences_of_json(json.dumps(message).encode()) if "nmea" in message else None


def _messages(values: list[tuple[Any, int]]) -> Iterator[tuple[Any, int]]:
    """Give messages and their lines; a post gives all of its own."""
    for value, line in values:
        if isinstance(value, dict) and isinstance(value.get("msgs"), list):
            yield from ((message, line) for message in value["msgs"])
        else:
            yield value, line


def _sort_out(values: list[tuple[Any, int]], options: Options, rows: Rows) -> Decoded:
    """Read messages by their fields into `rows`, and those with sentences by the decoder of sentences.

    Until all are read, the number of a message stands for its line, to bring both kinds together in order.
    """
    lines, sentences, places = [0], [], [0]
    for number, (message, line) in enumerate(_messages(values), 1):
        lines.append(line)
        rows.raw = message
        if isinstance(message, bytes):
            rows.reject("bad_json", number)
        elif not isinstance(message, dict) or not (knows(message) or "mmsi" in message):
            rows.reject("unknown_json", number)
        elif found := _sentences(message):
            sentences.append(found)
            places.append(number)
        else:
            take(message, number, options, rows)
    parts = [_from_sentences(sentences, np.array(places), options), rows.decoded()]
    return Decoded(*(_in_order(frame, np.array(lines)) for frame in together(parts)))


def _from_sentences(sentences: list[bytes], places: np.ndarray[Any, Any], options: Options) -> Decoded:
    """Decode lines of sentences and give the rows the numbers of their messages."""
    if not sentences:
        return nothing()
    memory = nmea.start(options)
    decoded, memory = nmea.NMEA.decode(b"\n".join(sentences) + b"\n", memory)
    both = together([decoded, nmea.NMEA.finish(memory)])
    return Decoded(*(frame.with_columns(line=pl.Series(places[frame["line"].to_numpy()])) for frame in both))


def _in_order(frame: pl.DataFrame, lines: np.ndarray[Any, Any]) -> pl.DataFrame:
    frame = frame.sort("line", maintain_order=True)
    return frame.with_columns(line=pl.Series(lines[frame["line"].to_numpy()], dtype=pl.Int64))


def _decode(block: bytes, memory: json_rows.Memory) -> tuple[Decoded, json_rows.Memory]:
    lines = [line.strip(b" \t\r\0\xef\xbb\xbf") for line in block.split(b"\n")]
    found = ((line, json_rows.loads(line), number) for number, line in enumerate(lines, memory.lines + 1) if line)
    values = [(line if value is None else value, number) for line, value, number in found]
    memory.lines += len(lines) - 1
    return _sort_out(values, memory.options, Rows(memory.options.source)), memory


def _decode_document(block: bytes, memory: json_rows.Memory) -> tuple[Decoded, json_rows.Memory]:
    rows = Rows(memory.options.source)
    values = json_rows.documents(block, rows)
    return together([_sort_out(values, memory.options, Rows(memory.options.source)), rows.decoded()]), memory


def recognises_document(head: bytes) -> bool:
    """Tell whether a post is spread over several lines, or is longer than what was looked at."""
    return head.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] in (b"{", b"[") and b'"jsonaiscatcher"' in head


def _recognises(head: bytes) -> bool:
    return any(knows(value) for value in map(json_rows.loads, head.split(b"\n")[:20]) if value is not None)


def _finish(_memory: json_rows.Memory) -> Decoded:
    return nothing()


FORMAT = Format("aiscatcher", _recognises, json_rows.Memory, _decode, _finish)
DOCUMENT = Format("aiscatcher-document", recognises_document, json_rows.Memory, _decode_document, _finish)
