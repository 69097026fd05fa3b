"""Messages that take several sentences: parts wait in a ring until the message is whole. Compiled through nmea_scan.

The ring holds the last RING waiting parts, so memory is bounded whatever comes. Parts belong together
when count, sequence number and channel are equal, station and group are not known to differ, and they
are near each other in the file and in time. The nearest earlier part wins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.decode.ais_bits import Bytes, jitable
from anchorwatch.decode.ais_columns import Columns, Ints
from anchorwatch.decode.nmea_time import NO_TIME

RING = 1024  # power of two; some minutes of the parts of a national feed
HEADS = 256
MAX_PAYLOAD = 256  # characters; the longest AIS message has 1064 bits = 178 characters
# Sequence numbers come again after ten messages of a station. On a feed of 100 stations at 10 lines/s each,
# 1000 lines are one second; parts of one message are sent together and arrive within a few seconds.
NEAR_LINES = 1000
BEFORE_LINES = 64  # a later part that came before an earlier one: only a reordering on the network
NEAR_US = 10_000_000
LONGEST_WALK = 256


class Ring(NamedTuple):
    """Parts that wait."""

    made: Ints  # [0] = parts that ever waited
    head: Ints  # hash -> number of the newest part
    previous: Ints  # per place: number of the part before it with the same hash
    used: Ints
    key: Ints
    source: Ints
    group: Ints
    part: Ints
    line: Ints
    time_us: Ints
    fill: Ints
    length: Ints
    start: Ints  # of its text in the block in which it came
    stop: Ints
    six: Bytes
    text: Bytes  # of its line
    pick: Ints  # scratch: place of each part of the message at hand


def ring() -> Ring:
    """Return a ring in which nothing waits."""
    places = [np.zeros(RING, np.int64) for _ in range(12)]
    places[1][:] = 1  # used
    return Ring(
        np.zeros(1, np.int64),
        np.full(HEADS, -1, np.int64),
        *places,
        six=np.zeros((RING, MAX_PAYLOAD), np.uint8),
        text=np.zeros((RING, schema.REJECT_TEXT), np.uint8),
        pick=np.zeros(10, np.int64),
    )


@jitable
def reject(made: Columns, reason: int, line: int, start: int, stop: int) -> None:
    """Write a row of rejects."""
    k = made.rows[3]
    made.rejects.reason[k] = reason
    made.rejects.line[k] = line
    made.rejects.start[k] = start
    made.rejects.stop[k] = stop
    made.rows[3] = k + 1


@jitable
def _belongs(ring: Ring, place: int, key: int, source: int, group: int) -> bool:
    """Say whether a waiting part has the key, and no other station or group."""
    if ring.used[place] != 0 or ring.key[place] != key:
        return False
    if source != 0 and ring.source[place] != 0 and ring.source[place] != source:
        return False
    return group == 0 or ring.group[place] == 0 or ring.group[place] == group


@jitable
def _near(ring: Ring, place: int, part: int, group: int, line: int, time_us: int) -> bool:
    """Say whether a waiting part came a short while ago."""
    in_order = ring.part[place] < part or (group != 0 and ring.group[place] == group)
    if line - ring.line[place] > (NEAR_LINES if in_order else BEFORE_LINES):
        return False
    waited = time_us - ring.time_us[place] if time_us != NO_TIME and ring.time_us[place] != NO_TIME else 0
    return -NEAR_US <= waited <= NEAR_US


@jitable
def find_parts(
    ring: Ring, parts: int, part: int, key: int, source: int, group: int, line: int, time_us: int
) -> bool:
    """Put the places of the other parts into `ring.pick`; say whether all are there."""
    ring.pick[:] = -1
    missing = parts - 1
    number = ring.head[key & (HEADS - 1)]
    for _ in range(LONGEST_WALK):
        if number < 0 or number < ring.made[0] - RING or missing == 0:
            break
        place = number & (RING - 1)
        other = ring.part[place]
        wanted = other != part and ring.pick[other] < 0 and _belongs(ring, place, key, source, group)
        if wanted and _near(ring, place, part, group, line, time_us):
            ring.pick[other] = place
            missing -= 1
        number = ring.previous[place]
    return missing == 0


@jitable
def join(ring: Ring, parts: int, part: int, six: Bytes, length: int, fill: int, time_us: int) -> tuple[int, int]:
    """Put the picked parts around `six[:length]`; return (bits, time of the first part that has one)."""
    own = six[:length].copy()
    at, time = 0, NO_TIME
    for k in range(1, parts + 1):
        place = ring.pick[k]
        size = length if k == part else ring.length[place]
        six[at : at + size] = own if k == part else ring.six[place, :size]
        at += size
        said = time_us if k == part else ring.time_us[place]
        time = said if time == NO_TIME else time
        if k != part:
            ring.used[place] = 1
            fill = ring.fill[place] if k == parts else fill
    return at * 6 - fill, time


@jitable
def wait(
    ring: Ring, made: Columns, missing: int, buf: Bytes, first_line: int, part: int, key: int, source: int, group: int,
    line: int, time_us: int, six: Bytes, length: int, fill: int, start: int, stop: int,
) -> bool:  # fmt: skip
    """Let a part wait, in the place of the oldest; return True where that one never became whole."""
    place = ring.made[0] & (RING - 1)
    lost = ring.used[place] == 0
    if lost:
        old = ring.start[place] if ring.line[place] >= first_line else -place - 1
        reject(made, missing, ring.line[place], old, ring.stop[place])
    head = key & (HEADS - 1)
    ring.previous[place] = ring.head[head]
    ring.head[head] = ring.made[0]
    ring.made[0] += 1
    ring.used[place] = 0
    ring.key[place] = key
    ring.source[place] = source
    ring.group[place] = group
    ring.part[place] = part
    ring.line[place] = line
    ring.time_us[place] = time_us
    ring.fill[place] = fill
    ring.length[place] = length
    ring.start[place] = start
    ring.stop[place] = stop
    ring.six[place, :length] = six[:length]
    size = min(stop - start, ring.text.shape[1])
    ring.text[place, :size] = buf[start : start + size]
    ring.text[place, size:] = 0
    return lost
