"""Several inputs become one stream: by how far in time each had come, whatever the size of the blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from anchorwatch.engine.merge import merge
from tries import tries

inputs = st.lists(st.lists(st.integers(0, 30), max_size=25), min_size=1, max_size=4)


def frame_of(number: int, times: list[int]) -> pl.DataFrame:
    """One input: its times, its number, and the number of each row."""
    rows = range(len(times))
    return pl.DataFrame(
        {"time_us": times, "file": [number] * len(times), "row": rows},
        schema=dict.fromkeys(("time_us", "file", "row"), pl.Int64),
    )


def in_blocks(frame: pl.DataFrame, sizes: list[int]) -> Iterator[pl.DataFrame]:
    """Cut a frame into blocks of these sizes, in turn; a size of 0 is an empty block."""
    first, k = 0, 0
    while first < frame.height:
        size = sizes[k % len(sizes)]
        yield frame[first : first + size]
        first, k = first + size, k + 1


def merged(several: list[list[int]], sizes: list[int]) -> list[tuple[Any, ...]]:
    """Merge inputs cut into blocks; return the rows."""
    parts = list(merge([in_blocks(frame_of(n, times), sizes) for n, times in enumerate(several)]))
    assert all(p.columns == ["time_us", "file", "row"] for p in parts)
    return [row for p in parts for row in p.iter_rows()]


@tries(150)
@given(several=inputs, sizes=st.lists(st.integers(0, 6), min_size=1, max_size=4).filter(any))
def test_the_order_is_that_of_a_plain_sort(several: list[list[int]], sizes: list[int]) -> None:
    rows = [
        (reached, number, row, time)
        for number, times in enumerate(several)
        for row, (time, reached) in enumerate(zip(times, np.maximum.accumulate([0, *times])[1:], strict=True))
    ]
    expected = [(time, number, row) for _, number, row, time in sorted(rows)]
    assert merged(several, sizes) == expected
    assert merged(several, [1000]) == expected


def test_day_files_follow_each_other_and_receivers_interleave() -> None:
    assert [r[1] for r in merged([[1, 2, 3], [4, 5, 6]], [2])] == [0, 0, 0, 1, 1, 1]
    assert [r[1] for r in merged([[1, 3, 5], [2, 4, 6]], [2])] == [0, 1, 0, 1, 0, 1]


def test_no_more_than_one_block_of_each_is_read_ahead() -> None:
    asked: list[int] = []

    def counted(number: int) -> Iterator[pl.DataFrame]:
        for k in range(50):
            asked.append(number)
            yield frame_of(number, [10 * k + number])

    stream = merge([counted(0), counted(1)])
    for _ in range(5):
        next(stream)
    assert len(asked) <= 2 * 6 + 2
