"""Bits of an AIS message: six to a character, most significant first (ITU-R M.1371, NMEA 0183 armouring).

These functions are plain Python that numba compiles where they are called from compiled code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

Bytes = npt.NDArray[np.uint8]
F = TypeVar("F", bound=Callable[..., Any])


def jitable(function: F) -> F:
    """Mark a function as callable from compiled code; it stays plain Python for everyone else."""
    return cast(F, register_jitable(function))


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
def unsigned(six: Bytes, start: int, width: int) -> int:
    """Return `width` (at most 30) bits from bit `start` as an unsigned number."""
    last = (start + width - 1) // 6
    value = 0
    for k in range(start // 6, last + 1):
        value = (value << 6) | six[k]
    return (value >> ((last + 1) * 6 - start - width)) & ((1 << width) - 1)


@jitable
def signed(six: Bytes, start: int, width: int) -> int:
    """Return `width` bits from bit `start` as a number in two's complement."""
    value = unsigned(six, start, width)
    return value - ((value >> (width - 1)) << width)


@jitable
def text(six: Bytes, start: int, characters: int, out: Bytes) -> None:
    """Write six-bit text into `out`, without the padding: `@` at its end, then blanks on both sides."""
    kept = 0
    first = True
    for k in range(characters):
        code = unsigned(six, start + 6 * k, 6)
        char = code if code >= 32 else code + 64
        if first and char == 32:
            continue
        first = False
        out[kept] = char
        kept += 1
    while kept > 0 and out[kept - 1] == 64:
        kept -= 1
    while kept > 0 and out[kept - 1] == 32:
        kept -= 1
    out[kept:] = 0
