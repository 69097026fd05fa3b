"""One pass over a block of NMEA lines: framing, checksum, time, parts, messages to columns. The compiled loop."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from anchorwatch.decode import ais_messages
from anchorwatch.decode.ais_bits import SIX_BITS, ZERO_WORDS, Bytes, inlined, jitable, pack
from anchorwatch.decode.ais_columns import Array, Floats, Ints
from anchorwatch.decode.ais_messages import kind_of, write_message
from anchorwatch.decode.nmea_fragments import BEHIND, HEADS, MAX_PAYLOAD, find_parts, join, key_of, wait
from anchorwatch.decode.nmea_line import checksum_fits, find, find_sentence, tag_block, time_among, wrapper_time
from anchorwatch.decode.nmea_time import NO_TIME, number

# What can become of a line, or of a sentence in it. The first five need no rows, the rest are rejects.
OUTCOMES = (
    "position", "static", "other", "unused_type", "truncated", "unknown_type",  # as ais_messages says
    "blank", "comment", "other_sentence", "part", "fragment_missing", "no_time", "bad_checksum", "bad_payload",
    "empty_payload", "bad_sentence", "bad_tag_block", "not_ais", "line_too_long",
)  # fmt: skip
BLANK, COMMENT, OTHER_SENTENCE, PART, FRAGMENT_MISSING, NO_TIME_SAID, BAD_CHECKSUM, BAD_PAYLOAD = range(6, 14)
EMPTY_PAYLOAD, BAD_SENTENCE, BAD_TAG_BLOCK, NOT_AIS, LINE_TOO_LONG = range(14, 19)
TRUNCATED, UNKNOWN = ais_messages.TRUNCATED, ais_messages.UNKNOWN

MAX_LINE = 4096  # bytes; sentences have 82, tag blocks 80, an AIS-catcher JSON line about 1000
GROUPS = 64  # tag groups whose time is remembered for their later lines
GROUP_LINES = 64
WHOLE = 99  # not an outcome: `desk.six` holds a whole message


DESK = np.dtype(
    [
        ("line", np.int64),  # number of the last line
        ("first_line", np.int64),  # of the block
        ("wrapper_us", np.int64),  # time of the last $PGHP, until it is used
        ("date_us", np.int64),  # the user's, for lines without a time
        ("waited", np.int64),  # parts that ever waited
        ("heads", np.int64, (HEADS,)),  # hash of the key -> number of the newest part
        ("counts", np.int64, (len(OUTCOMES),)),
        ("group_ids", np.int64, (GROUPS,)),
        ("group_times", np.int64, (GROUPS,)),
        ("group_lines", np.int64, (GROUPS,)),
        # rows that are filled
        ("positions", np.int64),
        ("statics", np.int64),
        ("others", np.int64),
        ("rejects", np.int64),
        # the sentence at hand
        ("prefix_us", np.int64),
        ("time_us", np.int64),
        ("source", np.int64),
        ("group", np.int64),
        ("parts", np.int64),
        ("part", np.int64),
        ("key", np.int64),
        ("length", np.int64),
        ("fill", np.int64),
        ("end", np.int64),
        ("pick", np.int64, (10,)),  # places of the other parts
        ("six", np.uint8, (9 * MAX_PAYLOAD + BEHIND,)),
        ("words", np.int64, (9 * MAX_PAYLOAD // 10 + 1 + ZERO_WORDS,)),
        ("text", np.uint8, (MAX_LINE,)),  # the line at hand
        ("own", np.uint8, (MAX_PAYLOAD,)),
    ],
    align=True,
)
"""All that is remembered between blocks, but for the parts that wait, and a desk for the sentence at hand."""


@jitable
def _group_time(desk: Any) -> None:
    """Remember the time of a tag group, or take it from the earlier lines of the group."""
    place = desk.group % GROUPS
    if desk.time_us != NO_TIME:
        desk.group_ids[place] = desk.group
        desk.group_times[place] = desk.time_us
        desk.group_lines[place] = desk.line
    elif desk.group_ids[place] == desk.group and desk.line - desk.group_lines[place] <= GROUP_LINES:
        desk.time_us = desk.group_times[place]


@inlined
def _unarmour(buf: Bytes, at: int, stop: int, six: Bytes) -> bool:
    """Write the payload [at, stop) as six-bit values, with zeros behind them; False for a wrong character."""
    wrong = 0
    if at < 0:
        return False  # never; so the compiler knows, and needs no check at each character
    for k in range(stop - at):
        value = SIX_BITS[buf[at + k]]
        wrong |= value
        six[k] = value
    for k in range(stop - at, stop - at + BEHIND):
        six[k] = 0
    return bool(wrong < 64)


@inlined
def _sentence(buf: Bytes, at: int, star: int, stop: int, desk: Any) -> int:
    """Read the VDM or VDO sentence from `at` to the star of its checksum: WHOLE, PART or a reject."""
    fits = checksum_fits(buf, at + 1, star, stop)
    if fits != 1:
        return TRUNCATED if fits < 0 else BAD_CHECKSUM
    if star - at < 15 or buf[at + 8] != 44 or buf[at + 10] != 44 or buf[star - 2] != 44:
        return BAD_SENTENCE
    parts, part = buf[at + 7] - 48, buf[at + 9] - 48
    comma = find(buf, at + 11, star, 44)
    channel = find(buf, comma + 1, star, 44)
    payload, end = channel + 1, star - 2
    if payload > end or parts < 1 or parts > 9 or part < 1 or part > parts:
        return BAD_SENTENCE
    desk.fill = buf[star - 1] - 48
    desk.length = end - payload
    if desk.fill < 0 or desk.fill > 5 or desk.length > MAX_PAYLOAD:
        return BAD_PAYLOAD
    if desk.length == 0 and parts == 1:
        return EMPTY_PAYLOAD
    if not _unarmour(buf, payload, end, desk.six):
        return BAD_PAYLOAD
    if parts == 1:
        return WHOLE
    desk.parts, desk.part = parts, part
    desk.key = key_of(parts, number(buf, at + 11, comma) + 1, buf[comma + 1] if channel > comma + 1 else 0)
    return PART


@inlined
def _is_ais(buf: Bytes, at: int, stop: int) -> bool:
    """Say whether `!AIVDM,` or the like, of any talker, begins at `at`."""
    if at + 7 > stop or buf[at + 3] != 86 or buf[at + 4] != 68 or buf[at + 6] != 44:
        return False
    return bool(buf[at + 5] == 77 or buf[at + 5] == 79)


@jitable
def _other_sentence(buf: Bytes, at: int, stop: int, desk: Any) -> int:
    """Pass a sentence that is not AIS; remember the time of a `$PGHP`, which belongs to the next AIS sentence."""
    if at + 5 >= stop:
        return NOT_AIS
    if buf[at + 1] == 80 and buf[at + 2] == 71 and buf[at + 3] == 72 and buf[at + 4] == 80 and buf[at + 5] == 44:
        desk.wrapper_us = wrapper_time(buf, at, stop)
    return OTHER_SENTENCE


@inlined
def _tags(buf: Bytes, at: int, stop: int, desk: Any) -> int:
    """Read the tag blocks at `at`; return the end of the last, or -1 where one has no end."""
    desk.time_us, desk.source, desk.group = NO_TIME, 0, 0
    while 0 <= at < stop and buf[at] == 92:
        at, said, station, of_group = tag_block(buf, at, stop)
        desk.time_us = said if said != NO_TIME else desk.time_us
        desk.source = station if station != 0 else desk.source
        desk.group = of_group if of_group != 0 else desk.group
    if desk.group != 0:
        _group_time(desk)
    return at


@inlined
def _tagged(buf: Bytes, at: int, stop: int, desk: Any) -> int:
    """Read one sentence with the tag blocks before it: WHOLE, PART or an outcome. `desk.end` is behind it."""
    desk.end = stop
    at = _tags(buf, at, stop, desk)
    if at < 0:
        return BAD_TAG_BLOCK
    if at >= stop or (buf[at] != 33 and buf[at] != 36):
        return BAD_SENTENCE
    if not _is_ais(buf, at, stop):
        return _other_sentence(buf, at, stop, desk)
    star = stop - 3 if buf[stop - 3] == 42 else find(buf, at, stop, 42)
    outcome = _sentence(buf, at, star, stop, desk)
    if outcome != WHOLE and outcome != PART:
        first = find(buf, at, stop, 42)  # the star at the end may be that of a second sentence
        outcome = _sentence(buf, at, first, stop, desk) if first != star else outcome
        star = first
    _end_sentence(buf, min(star + 3, stop), stop, desk)
    return outcome


@inlined
def _end_sentence(buf: Bytes, at: int, stop: int, desk: Any) -> None:
    """Look what stands behind a sentence, and settle its time."""
    desk.end = find_sentence(buf, at, stop)
    if desk.time_us == NO_TIME:
        desk.time_us = desk.prefix_us
    if desk.time_us == NO_TIME and at < desk.end:
        desk.time_us = time_among(buf, at, desk.end)
    if desk.time_us == NO_TIME:
        desk.time_us = desk.wrapper_us


@inlined
def _whole(desk: Any, position: Any, static: Any, other: Any) -> int:
    """Decode the whole message in `desk.six` into the next rows; return its outcome."""
    bits = desk.length * 6 - desk.fill
    pack(desk.six, desk.length, desk.words)
    outcome = kind_of(desk.words, bits)
    if outcome > ais_messages.OTHER:
        return outcome
    time = desk.time_us if desk.time_us != NO_TIME else desk.date_us
    if time == NO_TIME:
        return NO_TIME_SAID
    written = write_message(desk.words, bits, time, desk.line, position, static, other)
    desk.positions += written & 1
    desk.statics += (written >> 1) & 1
    desk.others += written >> 2
    return outcome


@inlined
def _keep(row: Any, k: int, floats: Floats, times: Ints, lines: Ints, mmsi: Array, nav_status: Array) -> None:
    """Copy a position into the columns."""
    floats[0, k] = row.lon_deg
    floats[1, k] = row.lat_deg
    floats[2, k] = row.sog_kn
    floats[3, k] = row.cog_deg
    floats[4, k] = row.heading_deg
    floats[5, k] = row.rot_deg_min
    times[k] = row.time_us
    lines[k] = row.line
    mmsi[k] = row.mmsi
    nav_status[k] = row.nav_status


@inlined
def _note(outcome: int, start: int, stop: int, desk: Any, reject: Any) -> None:
    """Count an outcome, and write a row of rejects where it is one."""
    desk.counts[outcome] += 1
    if outcome >= NO_TIME_SAID or (TRUNCATED <= outcome <= UNKNOWN):
        reject.reason = outcome
        reject.line = desk.line
        reject.start = start
        reject.stop = stop
        desk.rejects += 1


@inlined
def _begin_line(buf: Bytes, stop: int, desk: Any) -> int:
    """Return where the first sentence or tag block of a line begins, or -1 - outcome. Reads the time before it."""
    at = 0
    while at < stop and buf[at] <= 32:
        at += 1
    if at == stop:
        return -1 - BLANK
    if buf[at] == 35:
        return -1 - COMMENT
    first = find_sentence(buf, at, stop)
    if first == stop:
        return -1 - NOT_AIS
    desk.prefix_us = time_among(buf, at, first) if first > at else NO_TIME
    return first


@jitable
def scan_block(
    buf: Bytes, ends: Ints, desk: Any, ring: Array, position: Any, floats: Floats, times: Ints, lines: Ints,
    mmsi: Array, nav_status: Array, statics: Array, others: Array, rejects: Array,
) -> None:  # fmt: skip
    """Decode the lines that end at `ends` into rows; `desk` and `ring` are changed in place."""
    desk.first_line = desk.line + 1
    desk.positions, desk.statics, desk.others, desk.rejects = 0, 0, 0, 0
    start = 0
    for j in range(ends.size):
        stop = ends[j]
        while stop > start and buf[stop - 1] <= 32:
            stop -= 1
        desk.line += 1
        size = min(stop - start, MAX_LINE) if start >= 0 else 0
        for k in range(size):
            desk.text[k] = buf[start + k]
        first = -1 - LINE_TOO_LONG if stop - start > MAX_LINE else _begin_line(desk.text, size, desk)
        if first < 0:
            _note(-1 - first, start, stop, desk, rejects[desk.rejects])
        while 0 <= first < size:
            outcome = _tagged(desk.text, first, size, desk)
            if outcome != OTHER_SENTENCE:
                desk.wrapper_us = NO_TIME
            if outcome == PART and find_parts(ring, desk):
                join(ring, desk)
                outcome = WHOLE
            elif outcome == PART:
                wait(ring, rejects, FRAGMENT_MISSING, start, stop, desk)
            if outcome == WHOLE:
                k = desk.positions
                outcome = _whole(desk, position, statics[desk.statics], others[desk.others])
                if desk.positions > k:
                    _keep(position, k, floats, times, lines, mmsi, nav_status)
            _note(outcome, start, stop, desk, rejects[desk.rejects])
            first = desk.end
        start = ends[j] + 1


@cache
def _sources_tag() -> int:
    """Number that changes with the text of any module whose functions are compiled into the loop."""
    files = sorted([*Path(__file__).parent.glob("nmea*.py"), *Path(__file__).parent.glob("ais_*.py")])
    digest = hashlib.sha256(b"".join(f.read_bytes() for f in files)).digest()
    return int.from_bytes(digest[:4], "little")


@cache
def compiled() -> Callable[..., None]:
    """Return `scan_block`, compiled on first call and cached on disk."""
    import numba

    tag = _sources_tag()

    @numba.njit(cache=True, nogil=True)
    def scan(
        buf: Any, ends: Any, desk: Any, ring: Any, position: Any, floats: Any, times: Any, lines: Any,
        mmsi: Any, nav_status: Any, statics: Any, others: Any, rejects: Any,
    ) -> None:  # fmt: skip
        tag  # noqa: B018 - part of the cache key: an edited module is never served stale
        scan_block(
            buf, ends, desk[0], ring, position[0], floats, times, lines,
            mmsi, nav_status, statics, others, rejects,
        )  # fmt: skip

    return scan
