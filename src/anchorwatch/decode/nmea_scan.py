"""One pass over a block of NMEA lines: framing, checksum, time, parts, messages to columns. The compiled loop."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.decode import ais_messages
from anchorwatch.decode.ais_bits import SIX_BITS, Bytes, jitable
from anchorwatch.decode.ais_columns import Columns, Ints
from anchorwatch.decode.ais_messages import message
from anchorwatch.decode.nmea_fragments import MAX_PAYLOAD, Ring, find_parts, join, reject, wait
from anchorwatch.decode.nmea_line import checksum_fits, find, find_sentence, tag_block, time_among, wrapper_time
from anchorwatch.decode.nmea_time import NO_TIME, is_digit, number

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
SCRATCH = 9 * MAX_PAYLOAD + 64  # nine parts, and zeros behind them for fields that were cut off


class State(NamedTuple):
    """What is remembered between blocks. [line, time of the wrapper, date option]"""

    now: Ints
    counts: Ints  # by OUTCOMES
    groups: Ints  # (GROUPS, 3): group, time, line
    ring: Ring
    six: Bytes


LINE, WRAPPER, DATE, FIRST_LINE = range(4)


@jitable
def _group_time(state: State, group: int, time_us: int) -> int:
    """Return the time of a tag block, or else of the earlier lines of its group."""
    place = group % GROUPS
    if time_us != NO_TIME:
        state.groups[place, 0] = group
        state.groups[place, 1] = time_us
        state.groups[place, 2] = state.now[LINE]
    elif state.groups[place, 0] == group and state.now[LINE] - state.groups[place, 2] <= GROUP_LINES:
        return state.groups[place, 1]
    return time_us


@jitable
def _unarmour(buf: Bytes, at: int, stop: int, six: Bytes) -> bool:
    """Write the payload [at, stop) as six-bit values, with zeros behind them; False for a wrong character."""
    wrong = 0
    for k in range(at, stop):
        value = SIX_BITS[buf[k]]
        wrong |= value
        six[k - at] = value
    six[stop - at : stop - at + 64] = 0
    return wrong < 64


@jitable
def _whole(state: State, made: Columns, bits: int, time_us: int) -> int:
    """Decode the whole message in `state.six`; return its outcome."""
    if time_us == NO_TIME:
        time_us = state.now[DATE]
    outcome = message(state.six, bits, time_us, state.now[LINE], NO_TIME, made)
    return NO_TIME_SAID if outcome < 3 and time_us == NO_TIME else outcome


@jitable
def _part(
    buf: Bytes, start: int, stop: int, state: State, made: Columns, head: tuple[int, int, int, int],
    time_us: int, source: int, group: int, length: int, fill: int,
) -> int:  # fmt: skip
    """Join a part with those that wait, or let it wait."""
    parts, part, sequence, channel = head
    key = channel * 4096 + (sequence & 15) * 16 + parts
    line = state.now[LINE]
    if find_parts(state.ring, parts, part, key, source, group, line, time_us):
        bits, time = join(state.ring, parts, part, state.six, length, fill, time_us)
        size = (bits + fill + 11) // 6
        state.six[size : size + 64] = 0
        return _whole(state, made, bits, time)
    if wait(
        state.ring, made, FRAGMENT_MISSING, buf, state.now[FIRST_LINE], part, key, source, group,
        line, time_us, state.six, length, fill, start, stop,
    ):  # fmt: skip
        state.counts[FRAGMENT_MISSING] += 1
    return PART


@jitable
def _sentence(
    buf: Bytes, start: int, at: int, star: int, stop: int, state: State, made: Columns,
    time_us: int, source: int, group: int,
) -> int:  # fmt: skip
    """Decode the VDM or VDO sentence from `at` to the star of its checksum; return its outcome."""
    fits = checksum_fits(buf, at + 1, star, stop)
    if fits != 1:
        return TRUNCATED if fits < 0 else BAD_CHECKSUM
    if star - at < 13 or buf[at + 8] != 44 or buf[at + 10] != 44:
        return BAD_SENTENCE
    parts, part = buf[at + 7] - 48, buf[at + 9] - 48
    comma = find(buf, at + 11, star, 44)
    channel = find(buf, comma + 1, star, 44)
    payload = channel + 1
    end = find(buf, payload, star, 44)
    if end >= star - 1 or parts < 1 or parts > 9 or part < 1 or part > parts:
        return BAD_SENTENCE
    fill = number(buf, end + 1, star)
    length = end - payload
    if fill < 0 or fill > 5 or length > MAX_PAYLOAD:
        return BAD_PAYLOAD
    if length == 0 and parts == 1:
        return EMPTY_PAYLOAD
    if not _unarmour(buf, payload, end, state.six):
        return BAD_PAYLOAD
    if parts == 1:
        return _whole(state, made, length * 6 - fill, time_us)
    sequence = number(buf, at + 11, comma) + 1
    head = (parts, part, sequence, buf[comma + 1] if channel > comma + 1 else 0)
    return _part(buf, start, stop, state, made, head, time_us, source, group, length, fill)


@jitable
def _is_ais(buf: Bytes, at: int, stop: int) -> bool:
    """Say whether `!AIVDM,` or the like, of any talker, begins at `at`."""
    if at + 7 > stop or buf[at + 3] != 86 or buf[at + 4] != 68 or buf[at + 6] != 44:
        return False
    return buf[at + 5] == 77 or buf[at + 5] == 79


@jitable
def _other_sentence(buf: Bytes, at: int, stop: int, state: State) -> int:
    """Pass a sentence that is not AIS; remember the time of a `$PGHP`, which belongs to the next AIS sentence."""
    if at + 5 >= stop:
        return NOT_AIS
    if buf[at + 1] == 80 and buf[at + 2] == 71 and buf[at + 3] == 72 and buf[at + 4] == 80 and buf[at + 5] == 44:
        state.now[WRAPPER] = wrapper_time(buf, at, stop)
    return OTHER_SENTENCE


@jitable
def _tagged(
    buf: Bytes, start: int, at: int, stop: int, prefix: int, state: State, made: Columns
) -> tuple[int, int]:
    """Decode one sentence with the tag blocks before it; return (outcome, end)."""
    time, source, group = NO_TIME, 0, 0
    while at < stop and buf[at] == 92:
        at, said, station, of_group = tag_block(buf, at, stop)
        if at < 0:
            return BAD_TAG_BLOCK, stop
        time = said if said != NO_TIME else time
        source = station if station != 0 else source
        group = of_group if of_group != 0 else group
    if group != 0:
        time = _group_time(state, group, time)
    if at >= stop or (buf[at] != 33 and buf[at] != 36):
        return BAD_SENTENCE, stop
    if not _is_ais(buf, at, stop):
        return _other_sentence(buf, at, stop, state), stop
    star = find(buf, at, stop, 42)
    after = min(star + 3, stop)
    end = after if after == stop else find_sentence(buf, after, stop)
    time = prefix if time == NO_TIME else time
    if time == NO_TIME and after < end:
        time = time_among(buf, after, end)
    time = state.now[WRAPPER] if time == NO_TIME else time
    outcome = _sentence(buf, start, at, star, stop, state, made, time, source, group)
    return outcome, end


@jitable
def _note(outcome: int, start: int, stop: int, state: State, made: Columns) -> None:
    """Count an outcome, and write a row of rejects where it is one."""
    state.counts[outcome] += 1
    if outcome >= NO_TIME_SAID or outcome == TRUNCATED or outcome == UNKNOWN:
        reject(made, outcome, state.now[LINE], start, stop)


@jitable
def _line(buf: Bytes, start: int, stop: int, state: State, made: Columns) -> None:
    """Decode one line, without its line end."""
    while stop > start and buf[stop - 1] <= 32:
        stop -= 1
    at = start
    while at < stop and buf[at] <= 32:
        at += 1
    if at == stop or buf[at] == 35 or stop - start > MAX_LINE:
        _note(BLANK if at == stop else (COMMENT if buf[at] == 35 else LINE_TOO_LONG), start, stop, state, made)
        return
    first = find_sentence(buf, at, stop)
    if first == stop:
        _note(NOT_AIS, start, stop, state, made)
        return
    prefix = time_among(buf, at, first) if first > at else NO_TIME
    ais = False
    while first < stop:
        outcome, first = _tagged(buf, start, first, stop, prefix, state, made)
        ais = ais or outcome != OTHER_SENTENCE
        _note(outcome, start, stop, state, made)
    if ais:
        state.now[WRAPPER] = NO_TIME


@jitable
def scan_block(buf: Bytes, state: State, made: Columns) -> int:
    """Decode whole lines; `state` and `made` are filled in place. Return the number of the last line."""
    state.now[FIRST_LINE] = state.now[LINE] + 1
    at = 0
    while at < buf.size:
        end = find(buf, at, buf.size, 10)
        state.now[LINE] += 1
        _line(buf, at, end, state, made)
        at = end + 1
    return state.now[LINE]


@cache
def _sources_tag() -> int:
    """Number that changes with the text of any module whose functions are compiled into the loop."""
    files = sorted([*Path(__file__).parent.glob("nmea*.py"), *Path(__file__).parent.glob("ais_*.py")])
    digest = hashlib.sha256(b"".join(f.read_bytes() for f in files)).digest()
    return int.from_bytes(digest[:4], "little")


@cache
def compiled() -> Callable[[npt.NDArray[np.uint8], State, Columns], int]:
    """Return `scan_block`, compiled on first call and cached on disk."""
    import numba

    tag = _sources_tag()

    @numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]  # numba ships no types
    def scan(buf: Any, state: Any, made: Any) -> int:
        tag  # noqa: B018 - part of the cache key: an edited module is never served stale
        return scan_block(buf, state, made)

    return scan  # type: ignore[no-any-return]
