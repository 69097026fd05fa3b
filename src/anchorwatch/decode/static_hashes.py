"""The static cells of a text table as one hash per row, compiled; most rows only repeat what their vessel said."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from anchorwatch.decode.cells import hash_cell, place

Array = np.ndarray[Any, Any]
Words = np.ndarray[Any, np.dtype[np.uint64]]

REMEMBERED, _TO_REMEMBERED = 1 << 15, np.uint64(64 - 15)
_ZERO, _ONE, _THIRTY_TWO, _SIX_BITS = np.uint64(0), np.uint64(1), np.uint64(32), np.uint64(63)
_ALL, _MIX = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0x9E3779B97F4A7C15)  # as in cells


def nothing_hashed() -> Array:
    """Return room for what the bytes of static cells come to: pairs of hashes."""
    return np.zeros((REMEMBERED, 2), np.uint64)


@njit(cache=True, nogil=True)
def hash_bytes(words: Words, start: int, stop: int) -> np.uint64:
    """Hash of bytes as they are; not 0."""
    h = np.uint64(stop - start)
    while start + 8 < stop:
        h = ((h >> _THIRTY_TWO) ^ h ^ words[start]) * _MIX
        start += 8
    if start < stop:
        h = ((h >> _THIRTY_TWO) ^ h ^ (words[start] & (_ALL >> np.uint64(64 - 8 * (stop - start))))) * _MIX
    return (h ^ (h >> _THIRTY_TWO)) | _ONE


@njit(cache=True, nogil=True)
def static_hashes(
    words: Words, starts: Array, stops: Array, columns: Array, span: tuple[int, int], hashed: Array, unknown: Array,
    out: Array,
) -> None:  # fmt: skip
    """Write a hash of each row over some of its columns, without the cells that say nothing.

    `span` names the first and last of them where they stand together. The bytes from one to the other, with the
    delimiters or quotes around them, say all; `hashed` remembers what such bytes come to.
    """
    marks = _ZERO  # a bit for each unknown word: most cells are cleared by one look at it
    for h in unknown:
        marks |= _ONE << (h & _SIX_BITS)
    first, last = span
    for i in range(out.size):
        whole, at = _ZERO, np.int64(0)
        if first >= 0:
            whole = hash_bytes(words, starts[first, i] - 1, stops[last, i] + 1)
            at = np.int64(whole >> _TO_REMEMBERED)
            if hashed[at, 0] == whole:
                out[i] = hashed[at, 1]
                continue
        said = _ZERO
        for k in columns:
            h = hash_cell(words, starts[k, i], stops[k, i])
            if h != _ZERO and ((marks >> (h & _SIX_BITS)) & _ONE == _ZERO or place(unknown, h) < 0):
                said = (said ^ h ^ np.uint64(k)) * _MIX
        out[i] = said
        if whole != _ZERO:
            hashed[at, 0], hashed[at, 1] = whole, said
