"""Columns of positions to lines of a log. Compiled; the opposite of decode/ais_messages.py."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from anchorwatch.decode.ais_bits import jitable
from anchorwatch.picture.compiled import compiled, inlined
from anchorwatch.trials.layouts.nmea_static import ARMOUR

STATIC_EVERY_S = 360
MOST_BYTES = 400  # of a position and two static sentences, with their tag blocks
CHARS = 28  # of a position: 168 bits
BITS = 60  # in a word: ten characters
WORDS = 4  # room for a position
MASK = (1 << BITS) - 1
HEX = np.frombuffer(b"0123456789ABCDEF", np.uint8)
SIX = ARMOUR.copy()
CARRIER_SENSE = 1 << 19 | 0b1100000000000000110  # communication state of a class B "CS" (M.1371-5, annex 7, 4.3.2)
SLOTS = 5 << 14  # SOTDMA: slot timeout 5, and 0 stations received (annex 2, 3.3.7.2)
NO_SECOND = 60

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


@inlined
def _put(words: Ints, start: int, width: int, value: int) -> None:
    """Write a number, of two's complement if negative, into bits."""
    value &= (1 << width) - 1
    k, right = start // BITS, BITS - start % BITS - width
    if right >= 0:
        words[k] |= value << right
    else:
        words[k] |= value >> -right
        words[k + 1] |= (value << (BITS + right)) & MASK


@inlined
def _scaled(value: float, per_unit: float) -> int:
    return math.floor(value * per_unit + 0.5)


@jitable
def _turn(rot_deg_min: float) -> int:
    """Rate of turn as it is sent: 4.733 times the root, -128 = not available."""
    if math.isnan(rot_deg_min):
        return -128
    raw = math.floor(4.733 * math.sqrt(abs(rot_deg_min)) + 0.5)
    return int(math.copysign(min(raw, 126), rot_deg_min))


@inlined
def _place(words: Ints, at: int, lon: float, lat: float, sog: float, cog: float, heading: float, second: int) -> None:
    """Write what messages 1 and 18 say in the same order, from the bit of the speed on."""
    _put(words, at, 10, 1023 if math.isnan(sog) else min(_scaled(sog, 10.0), 1022))
    lost = math.isnan(lon) or math.isnan(lat)
    _put(words, at + 11, 28, 181 * 600_000 if lost else _scaled(lon, 600_000.0))
    _put(words, at + 39, 27, 91 * 600_000 if lost else _scaled(lat, 600_000.0))
    _put(words, at + 66, 12, 3600 if math.isnan(cog) else _scaled(cog, 10.0) % 3600)
    _put(words, at + 78, 9, 511 if math.isnan(heading) else _scaled(heading, 1.0) % 360)
    _put(words, at + 87, 6, NO_SECOND if lost else second)


@jitable
def _say(out: Bytes, at: int, chars: Bytes, count: int) -> int:
    for k in range(count):
        out[at + k] = chars[k]
    return at + count


@jitable
def _digits(out: Bytes, at: int, value: int) -> int:
    """Write a number of at least one digit."""
    size, rest = 1, value // 10
    while rest:
        size, rest = size + 1, rest // 10
    for k in range(size - 1, -1, -1):
        out[at + k] = 48 + value % 10
        value //= 10
    return at + size


@inlined
def _checksum(out: Bytes, start: int, at: int) -> int:
    total = 0
    for k in range(start, at):
        total ^= out[k]
    out[at], out[at + 1], out[at + 2] = 42, HEX[total >> 4], HEX[total & 15]
    return at + 3


@jitable
def _group(out: Bytes, at: int, part: int, group: int) -> int:
    r"""Write `g:1-2-1234`, what binds two sentences into one message."""
    out[at], out[at + 1], out[at + 2], out[at + 3], out[at + 4], out[at + 5] = 103, 58, 48 + part, 45, 50, 45
    return int(_digits(out, at + 6, group))


@jitable
def _tag(out: Bytes, at: int, name: Bytes, size: int, second: int, part: int, group: int) -> int:
    r"""Write `\s:name,c:seconds*hh\`; before the parts of a message, their group; the second part has only that."""
    out[at] = 92
    start = at = at + 1
    if part:
        at = _group(out, at, part, group)
        out[at] = 44
        at += part == 1
    if part < 2:
        out[at], out[at + 1] = 115, 58
        at = _say(out, at + 2, name, size)
        out[at], out[at + 1], out[at + 2] = 44, 99, 58
        at = _digits(out, at + 3, second)
    at = _checksum(out, start, at)
    out[at] = 92
    return at + 1


@jitable
def _head(out: Bytes, at: int, total: int, part: int, sequence: int, channel: int) -> int:
    """Write `!AIVDM,total,part,sequence,channel,`."""
    out[at], out[at + 1], out[at + 2], out[at + 3], out[at + 4], out[at + 5] = 33, 65, 73, 86, 68, 77
    out[at + 6], out[at + 7], out[at + 8], out[at + 9], out[at + 10] = 44, 48 + total, 44, 48 + part, 44
    at += 11
    if total > 1:
        out[at] = 48 + sequence
        at += 1
    out[at], out[at + 1], out[at + 2] = 44, channel, 44
    return at + 3


@jitable
def _tail(out: Bytes, start: int, at: int, fill: int) -> int:
    """Write `,fill*hh` and the end of the line, for the sentence that begins at `start`."""
    out[at], out[at + 1] = 44, 48 + fill
    at = _checksum(out, start + 1, at + 2)
    out[at], out[at + 1] = 13, 10
    return at + 2


@jitable
def _payload(out: Bytes, at: int, words: Ints) -> int:
    for k in range(CHARS):
        out[at + k] = SIX[(words[k // 10] >> (54 - 6 * (k % 10))) & 63]
    return at + CHARS


@compiled
def encode(
    time_us: Ints, mmsi: Ints, ship: Ints, station: Ints, utc_second: Ints, status: Ints,
    lon: Any, lat: Any, sog: Any, cog: Any, heading: Any, rot: Any,
    names: Bytes, name_size: Ints,
    static: Bytes, static_size: Ints, static_fill: Ints, class_b: Any,
    due_s: Ints, counters: Ints, words: Ints, out: Bytes,
) -> int:  # fmt: skip
    """Write the lines of all rows into `out`; return how many bytes. `due_s` and `counters` go on from call to call."""
    at = 0
    for i in range(time_us.size):
        k, second = ship[i], time_us[i] // 1_000_000
        name, size, channel = names[station[i]], name_size[station[i]], 65 + ((k + second) & 1)
        at = _tag(out, at, name, size, second, 0, 0)
        start = at
        at = _head(out, at, 1, 1, 0, channel)
        for word in range(WORDS):
            words[word] = 0
        _put(words, 8, 30, mmsi[i])
        if class_b[k]:
            _put(words, 0, 6, 18)
            _place(words, 46, lon[i], lat[i], sog[i], cog[i], heading[i], utc_second[i])
            _put(words, 141, 7, 0b1011100)  # a "CS" unit without display, with DSC, whole band, message 22
            _put(words, 148, 20, CARRIER_SENSE)
        else:
            _put(words, 0, 6, 1)
            _put(words, 38, 4, status[i])
            _put(words, 42, 8, _turn(rot[i]))
            _place(words, 50, lon[i], lat[i], sog[i], cog[i], heading[i], utc_second[i])
            _put(words, 149, 19, SLOTS)
        at = _tail(out, start, _payload(out, at, words), 0)
        if second >= due_s[k]:
            # The second time comes sooner, by the MMSI, so that not all vessels speak together for ever.
            due_s[k] = second + (STATIC_EVERY_S if due_s[k] else 1 + mmsi[i] % STATIC_EVERY_S)
            at = _say_who(out, at, name, size, second, channel, static[k], static_size[k], static_fill[k],
                          class_b[k], counters)  # fmt: skip
    return at


@jitable
def _say_who(
    out: Bytes, at: int, name: Bytes, size: int, second: int, channel: int,
    chars: Bytes, count: Ints, fill: Ints, class_b: bool, counters: Ints,
) -> int:  # fmt: skip
    """Write the two static sentences: one message in two parts, or two messages."""
    sequence, group = counters[0], 1 + counters[1]
    if not class_b:
        counters[0], counters[1] = (sequence + 1) % 10, group % 9999
    for j in range(2):
        at = _tag(out, at, name, size, second, 0 if class_b else j + 1, group)
        start = at
        at = _head(out, at, 1 if class_b else 2, 1 if class_b else j + 1, sequence, channel)
        at = _tail(out, start, _say(out, at, chars[j], count[j]), fill[j])
    return at
