"""Messages that take several sentences: parts wait in a ring until the message is whole. Compiled through nmea_scan.

The ring holds the last RING waiting parts, so memory is bounded whatever comes. Parts belong together
when count, sequence number and channel are equal, station and group are not known to differ, and they
are near each other in the file and in time. The nearest earlier part wins.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorwatch import schema
from anchorwatch.decode.ais_bits import clear, copy, jitable
from anchorwatch.decode.ais_columns import Array
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
BEHIND = 10  # zeros behind a payload, to fill a word of ten


WAITING = np.dtype(
    [
        ("key", np.int64),  # parts, sequence number, channel
        ("source", np.int64),  # station of the tag block as a hash; 0 = not said
        ("group", np.int64),
        ("previous", np.int64),  # number of the part before it with the same hash of the key
        ("line", np.int64),
        ("time_us", np.int64),
        ("start", np.int64),  # of its text in the block in which it came
        ("stop", np.int64),
        ("part", np.int64),
        ("fill", np.int64),
        ("length", np.int64),
        ("lost", np.int64),  # 1 while it waits
        ("six", np.uint8, (MAX_PAYLOAD,)),
        ("text", np.uint8, (schema.REJECT_TEXT,)),  # of its line
    ],
    align=True,
)


@jitable
def key_of(parts: int, sequence: int, channel: int) -> int:
    """Return one number for what all parts of a message share."""
    return channel * 4096 + (sequence & 15) * 16 + parts


@jitable
def _belongs(place: Any, desk: Any) -> bool:
    """Say whether a waiting part has the key, and no other station or group."""
    if place.lost == 0 or place.key != desk.key:
        return False
    if desk.source != 0 and place.source != 0 and place.source != desk.source:
        return False
    return bool(desk.group == 0 or place.group == 0 or place.group == desk.group)


@jitable
def _near(place: Any, desk: Any) -> bool:
    """Say whether a waiting part came a short while ago."""
    in_order = place.part < desk.part or (desk.group != 0 and place.group == desk.group)
    if desk.line - place.line > (NEAR_LINES if in_order else BEFORE_LINES):
        return False
    waited = desk.time_us - place.time_us if desk.time_us != NO_TIME and place.time_us != NO_TIME else 0
    return -NEAR_US <= waited <= NEAR_US


@jitable
def find_parts(ring: Array, desk: Any) -> bool:
    """Put the places of the other parts into `desk.pick`; say whether all are there."""
    for k in range(desk.pick.size):
        desk.pick[k] = -1
    missing = desk.parts - 1
    number = desk.heads[desk.key & (HEADS - 1)]
    for _ in range(LONGEST_WALK):
        if number < 0 or number < desk.waited - RING or missing == 0:
            break
        place = ring[number & (RING - 1)]
        other = place.part
        if other != desk.part and desk.pick[other] < 0 and _belongs(place, desk) and _near(place, desk):
            desk.pick[other] = number & (RING - 1)
            missing -= 1
        number = place.previous
    return bool(missing == 0)


@jitable
def join(ring: Array, desk: Any) -> None:
    """Put the picked parts around the part in `desk.six`; its length, fill bits and time become the message's."""
    copy(desk.six, 0, desk.own, 0, desk.length)
    at, time, own = 0, NO_TIME, desk.length
    for k in range(1, desk.parts + 1):
        if k == desk.part:
            copy(desk.own, 0, desk.six, at, own)
            at += own
            time = desk.time_us if time == NO_TIME else time
        else:
            place = ring[desk.pick[k]]
            copy(place.six, 0, desk.six, at, place.length)
            at += place.length
            time = place.time_us if time == NO_TIME else time
            desk.fill = place.fill if k == desk.parts else desk.fill
            place.lost = 0
    for k in range(at, at + BEHIND):
        desk.six[k] = 0
    desk.length = at
    desk.time_us = time


@jitable
def wait(ring: Array, rejects: Array, missing: int, start: int, stop: int, desk: Any) -> None:
    """Let the part in `desk.six` wait, in the place of the oldest, which is rejected if it still waits."""
    at = desk.waited & (RING - 1)
    place = ring[at]
    if place.lost != 0:
        row = rejects[desk.rejects]
        row.reason = missing
        row.line = place.line
        row.start = place.start if place.line >= desk.first_line else -at - 1
        row.stop = place.stop
        desk.rejects += 1
        desk.counts[missing] += 1
    head = desk.key & (HEADS - 1)
    place.previous = desk.heads[head]
    desk.heads[head] = desk.waited
    desk.waited += 1
    place.lost = 1
    place.key, place.source, place.group = desk.key, desk.source, desk.group
    place.part, place.fill, place.length = desk.part, desk.fill, desk.length
    place.line, place.time_us = desk.line, desk.time_us
    place.start, place.stop = start, stop
    copy(desk.six, 0, place.six, 0, desk.length)
    clear(place.text)
    copy(desk.text, 0, place.text, 0, min(stop - start, schema.REJECT_TEXT))
