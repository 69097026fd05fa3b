"""Bits of an AIS message: six to a character, most significant first (ITU-R M.1371, NMEA 0183 armouring).

These functions are plain Python that numba compiles where they are called from compiled code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.int64]
ZERO_WORDS = 4
F = TypeVar("F", bound=Callable[..., Any])


def jitable(function: F) -> F:
    """Mark a function as callable from compiled code; it stays plain Python for everyone else."""
    return register_jitable(function)


def inlined(function: F) -> F:
    """Mark the same, for the few functions that run for every line: a call costs more than what they do."""
    return register_jitable(forceinline=True)(function)


def _armour() -> Bytes:
    """Return character -> six bits; 255 for characters that cannot stand in a payload."""
    table = np.full(256, 255, np.uint8)
    for char in range(48, 88):
        table[char] = char - 48
    for char in range(96, 120):
        table[char] = char - 56
    return table


SIX_BITS = _armour()


@jitable
def clear(cells: Bytes) -> None:
    """Write zeros."""
    for k in range(cells.size):
        cells[k] = 0


@jitable
def copy(source: Bytes, at: int, target: Bytes, to: int, count: int) -> None:
    """Copy bytes; slices would do the same, with much more to compile."""
    if at < 0 or to < 0:
        return
    for k in range(count):
        target[to + k] = source[at + k]


@inlined
def pack(six: Bytes, characters: int, words: Words) -> None:
    """Pack six-bit values, ten to a word of 60 bits; behind them come words of zeros, for fields that were cut off."""
    count = (characters + 9) // 10
    for k in range(count):
        word = 0
        for j in range(10 * k, 10 * k + 10):
            word = (word << 6) | six[j]
        words[k] = word
    for k in range(count, count + ZERO_WORDS):
        words[k] = 0


@inlined
def unsigned(words: Words, start: int, width: int) -> int:
    """Return `width` (at most 30) bits from bit `start` as an unsigned number."""
    k = start // 60
    right = 60 - start % 60 - width
    value = words[k] >> right if right >= 0 else (words[k] << -right) | (words[k + 1] >> (60 + right))
    return int(value) & ((1 << width) - 1)


@inlined
def signed(words: Words, start: int, width: int) -> int:
    """Return `width` bits from bit `start` as a number in two's complement."""
    value = unsigned(words, start, width)
    return value - ((value >> (width - 1)) << width)


@jitable
def text(words: Words, start: int, characters: int, out: Bytes, at: int) -> None:
    """Write six-bit text into `out` from `at`, without the padding: `@` at its end, then blanks on both sides."""
    kept = at
    for k in range(characters):
        code = unsigned(words, start + 6 * k, 6)
        char = code if code >= 32 else code + 64
        if kept > at or char != 32:
            out[kept] = char
            kept += 1
    while kept > at and out[kept - 1] == 64:
        kept -= 1
    while kept > at and out[kept - 1] == 32:
        kept -= 1
    for k in range(kept, at + characters):
        out[k] = 0
