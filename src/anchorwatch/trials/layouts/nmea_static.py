"""What a made vessel says of itself, as payloads of AIS messages 5 and 24 (ITU-R M.1371-5, annex 8, 3.3 and 3.22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.trials.plan import Who

FIRST_CHARS = 60  # of a payload in its first sentence: with all that stands around it, 82 characters hold no more
ARMOUR = np.array([k + 48 if k < 40 else k + 56 for k in range(64)], np.uint8)  # six bits -> character (IEC 61162-1)

Field = tuple[int, int]  # value, bits


class Payloads(NamedTuple):
    """Two sentences of static data for each ship, as characters."""

    chars: npt.NDArray[np.uint8]  # [ship, sentence, character]
    length: npt.NDArray[np.int64]  # [ship, sentence]
    fill: npt.NDArray[np.int64]  # bits of the last character that mean nothing
    class_b: npt.NDArray[np.bool_]


def payloads(ships: Sequence[Who]) -> Payloads:
    """Return the static sentences of ships."""
    chars = np.zeros((len(ships), 2, FIRST_CHARS), np.uint8)
    length, fill = np.zeros((len(ships), 2), np.int64), np.zeros((len(ships), 2), np.int64)
    for k, who in enumerate(ships):
        if who.class_b:
            parts = [armoured(part_a(who)), armoured(part_b(who))]
        else:
            whole, rest = armoured(voyage(who))
            parts = [(whole[:FIRST_CHARS], 0), (whole[FIRST_CHARS:], rest)]
        for j, (text, spare) in enumerate(parts):
            chars[k, j, : len(text)], length[k, j], fill[k, j] = text, len(text), spare
    return Payloads(chars, length, fill, np.array([who.class_b for who in ships], bool))


def armoured(fields: Iterable[Field]) -> tuple[npt.NDArray[np.uint8], int]:
    """Return bits as characters, and how many bits were filled up."""
    value, bits = 0, 0
    for number, width in fields:
        value, bits = value << width | number, bits + width
    fill = -bits % 6
    value, count = value << fill, (bits + fill) // 6
    six = [value >> 6 * (count - 1 - k) & 63 for k in range(count)]
    return ARMOUR[np.array(six)], fill


def text(said: str, characters: int) -> list[Field]:
    """Six-bit text, padded with @; what the alphabet lacks becomes a question mark."""
    padded = said.upper()[:characters].ljust(characters, "@")
    return [(ord(c) & 63 if 32 <= ord(c) < 96 else 63, 6) for c in padded]


def dimensions(who: Who) -> tuple[int, int, int, int]:
    """Metres to bow, stern, port and starboard of the antenna: aft, on the middle line."""
    length, beam = min(who.length_m, 681), min(who.beam_m, 126)  # what the fields hold: 511 and 170, 63 and 63
    return length - length // 4, length // 4, beam // 2, beam - beam // 2


def _size(who: Who) -> list[Field]:
    return list(zip(dimensions(who), (9, 9, 6, 6), strict=True))


def voyage(who: Who) -> list[Field]:
    """Message 5: 424 bits."""
    eta = [(0, 4), (0, 5), (24, 5), (60, 6)]  # month, day, hour, minute: not available
    draught = (min(255, round(who.draught_m * 10)), 8)
    head = [(5, 6), (0, 2), (who.mmsi, 30), (2, 2), (who.imo, 30)]  # 2 = a station after M.1371-5
    names = [*text(who.callsign, 7), *text(who.name, 20)]
    gps, ready, spare = (1, 4), (0, 1), (0, 1)
    middle = [(who.ship_type, 8), *_size(who), gps, *eta, draught]
    return [*head, *names, *middle, *text(who.destination, 20), ready, spare]


def part_a(who: Who) -> list[Field]:
    """Part A of message 24: 160 bits."""
    return [(24, 6), (0, 2), (who.mmsi, 30), (0, 2), *text(who.name, 20)]


def part_b(who: Who) -> list[Field]:
    """Part B of message 24: 168 bits."""
    vendor: tuple[Field, Field] = (0, 24), (0, 18)  # who made the set: not said
    gps, spare = (1, 4), (0, 2)
    head: list[Any] = [(24, 6), (0, 2), (who.mmsi, 30), (1, 2), (who.ship_type, 8), *vendor]
    return [*head, *text(who.callsign, 7), *_size(who), gps, spare]
