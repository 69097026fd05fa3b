"""Our own tables, CSV and Parquet: `time, mmsi, lon_deg, lat_deg` and any of the optional columns.

Parquet of any layout whose columns we know by name (Danish and American ones too) is read the same way.
Times are ISO text (no zone = UTC), an epoch in s, ms, us or ns, or a date-time type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.decode import Decoded, Format, cells, columns, delimited, rows
from anchorwatch.decode.sightings import Sightings, tell
from anchorwatch.errors import BadInput

Array = np.ndarray[Any, Any]


def recognises(head: bytes) -> bool:
    """Tell whether the first line names the four columns that we need."""
    return set(columns.REQUIRED) <= set(columns.find(delimited.header_of(head)[2]))


FORMAT = Format("own", recognises, delimited.start, delimited.decode, delimited.finish)


@dataclass
class TableMemory:
    """What is remembered between parts of a table with typed columns."""

    source: str
    names: dict[str, str]  # our name -> the column's
    lines: int = 0
    seen: Sightings = field(default_factory=Sightings)


def start_table(names: list[str], source: str) -> TableMemory:
    """Return the memory for a table with these columns."""
    found = {ours: names[place] for ours, place in columns.find(names).items()}
    absent = [name for name in columns.REQUIRED if name not in found]
    if absent:
        raise BadInput(
            f"the table has no column for {', '.join(absent)} among: {', '.join(names)[:300]}",
            source,
            "Name them `time, mmsi, lon_deg, lat_deg`",
        )
    return TableMemory(source, found)


def decode_table(frame: pl.DataFrame, memory: TableMemory) -> tuple[Decoded, TableMemory]:
    """Turn part of a table with typed columns into rows."""
    frame = frame.select([pl.col(theirs).alias(ours) for ours, theirs in memory.names.items()])
    n = frame.height
    table = rows.Table(
        time_us=_times(frame["time"]),
        line=np.arange(memory.lines + 1, memory.lines + 1 + n),
        mobile=_codes(frame, "mobile", columns.MOBILE_WORDS, 0),
        nav_status=_codes(frame, "nav_status", columns.STATUS_WORDS, schema.NAV_STATUS_UNDEFINED),
        static=_static_hashes(frame),
        **{name: _numbers(frame, name) for name in rows.NUMBERS},
    )
    memory.lines += n
    what = rows.judge(table)
    vessels = what == 0
    fresh = tell(memory.seen, *rows.vessel_statics(table, vessels))

    def texts(name: str, places: Array) -> list[str]:
        if name not in frame.columns:
            return [""] * len(places)
        return ["" if value is None else str(value) for value in frame[name].gather(places).to_list()]

    def line(i: int) -> bytes:
        return ",".join(str(v) for v in frame.row(i)).encode()

    return Decoded(
        rows.positions(table, vessels),
        rows.statics(table, fresh, texts),
        rows.others(table, what, texts),
        rows.rejects(table, what, line, memory.source, ""),
    ), memory


def _times(column: pl.Series) -> Array:
    """Return a column of times as microseconds since 1970 UTC."""
    if isinstance(column.dtype, pl.Datetime):
        column = column.dt.cast_time_unit("us").to_physical()
    elif column.dtype == pl.String:
        return _text_times(column)
    elif column.dtype.is_numeric():
        size = column.cast(pl.Float64).abs().max() or 0.0
        column = _epochs(column, float(size))  # type: ignore[arg-type]  # a number
    else:
        return np.full(len(column), cells.BAD)
    return column.fill_null(cells.MISSING).to_numpy(writable=True)


def _epochs(column: pl.Series, _size: float) -> pl.Series:
    """Return epochs in microseconds; the unit of each is told by its size."""
    if column.dtype.is_integer():
        whole = column.cast(pl.Int64, strict=False)
        frame = whole.rename("t").to_frame()
        t = pl.col("t")
        return frame.select(
            pl.when(t < 0)
            .then(int(cells.BAD))
            .when(t < 10**11)
            .then(t * 1_000_000)
            .when(t < 10**14)
            .then(t * 1000)
            .when(t < 10**17)
            .then(t)
            .otherwise(t // 1000)
        ).to_series()
    values = column.cast(pl.Float64).to_numpy()
    out = np.array([cells.MISSING if np.isnan(v) else cells.epoch_us(v) for v in values], np.int64)
    return pl.Series(out)


def _text_times(column: pl.Series) -> Array:
    """Return a column of times in text."""
    texts = [(t or "").strip().encode() for t in column]
    stops = np.cumsum([len(t) + 1 for t in texts])
    data = np.frombuffer(b"\n".join(texts) + b"\n" * 32, np.uint8)
    starts = np.concatenate([[0], stops[:-1]]).astype(np.int32)
    out = np.empty(len(texts), np.int64)
    cells.times(data, starts, (stops - 1).astype(np.int32), out)
    return out


def _numbers(frame: pl.DataFrame, name: str) -> Array:
    """Return a column of numbers; NaN where it has none, inf where it is not a number."""
    if name not in frame.columns:
        return np.full(frame.height, np.nan)
    column = frame[name]
    if column.dtype == pl.String:
        texts = column.str.strip_chars()
        said = ~texts.str.to_lowercase().is_in(["", *columns.NOT_KNOWN]) | (texts == "0")
        numbers = texts.cast(pl.Float64, strict=False)
        column = pl.select(pl.when(numbers.is_null() & said).then(np.inf).otherwise(numbers)).to_series()
    elif not column.dtype.is_numeric():
        return np.full(frame.height, np.inf)
    return column.cast(pl.Float64).fill_null(np.nan).to_numpy(writable=True)


def _codes(frame: pl.DataFrame, name: str, words: dict[str, int], otherwise: int) -> Array:
    """Return a column of small codes, numbers or words."""
    if name not in frame.columns:
        return np.full(frame.height, otherwise, np.int8)
    column = frame[name]
    if column.dtype.is_numeric():
        code = column.cast(pl.Float64)
        code = pl.select(pl.when(code.is_between(0, 15)).then(code)).to_series()
    else:
        text = column.cast(pl.String).str.to_lowercase()
        code = text.replace_strict(words | {str(k): k for k in range(16)}, default=None, return_dtype=pl.Int8)
    return code.fill_null(otherwise).cast(pl.Int8).to_numpy(writable=True)


def _static_hashes(frame: pl.DataFrame) -> Array:
    """Return one hash per row over its static columns; 0 where they say nothing.

    Few rows say something new, so what a row says is looked at once for each of the different ones.
    """
    known = [name for name in columns.STATIC if name in frame.columns]
    if not known or not frame.height:
        return np.zeros(frame.height, np.int64)
    said = frame.select(known)
    hashes = said.hash_rows()
    first = hashes.arg_unique()
    different = said[first]
    says = different.select(pl.any_horizontal(_says(different[name]) for name in known)).to_series()
    out = hashes.to_numpy(writable=True)
    for nothing in hashes[first].filter(~says):
        out[out == np.uint64(nothing)] = 0
    return out.view(np.int64)


def _says(column: pl.Series) -> pl.Series:
    """Whether each cell of a static column says something."""
    if column.dtype.is_float():
        return column.fill_null(0).fill_nan(0) != 0
    if column.dtype.is_numeric():
        return column.fill_null(0) != 0
    return ~column.cast(pl.String).fill_null("").str.to_lowercase().is_in(["", *columns.NOT_KNOWN])
