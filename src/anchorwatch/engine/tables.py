"""Memory as Arrow tables and back: structured arrays of numbers, with fixed-size lists for their rings."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

Array = np.ndarray[Any, Any]


def to_frame(array: Array) -> pl.DataFrame:
    """Return a structured array as a table, one column a field."""
    columns = {}
    for name in array.dtype.names or ():
        column = np.ascontiguousarray(array[name])
        shape = column.shape[1:]
        values = pl.Series(name, column.reshape(-1))
        columns[name] = values.reshape((len(array), *shape)) if shape and len(array) else values
        if shape and not len(array):
            columns[name] = pl.Series(name, [], dtype=pl.Array(values.dtype, shape))
    return pl.DataFrame(columns)


def to_array(frame: pl.DataFrame, dtype: np.dtype[Any]) -> Array:
    """Return a table as the structured array it was; raises ValueError where the layout differs."""
    if list(dtype.names or ()) != frame.columns:
        raise ValueError(f"columns {frame.columns} where {dtype.names} are expected")
    array = np.zeros(frame.height, dtype)
    for name in frame.columns:
        if frame.height:
            array[name] = frame[name].to_numpy().reshape(array[name].shape)
    return array
