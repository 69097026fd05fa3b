"""A real archive taken as innocent: what the watch says about traffic in which, as far as known, nobody does harm."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from anchorwatch import schema
from anchorwatch.chart import Chart
from anchorwatch.decode import Decoded, Options
from anchorwatch.detectors import discover
from anchorwatch.edges.alerts import to_json
from anchorwatch.edges.archive import open_source
from anchorwatch.engine import batch
from anchorwatch.errors import BadInput
from anchorwatch.trials.score.baselines import thinned
from anchorwatch.trials.score.records import Trial, said_of, watched_hours


def read_ordinary(path: str, chart: Chart) -> Trial:
    """Scan an archive as the watch would, and keep one position a minute of each vessel for the baselines."""
    kept: list[pl.DataFrame] = []
    statics: list[pl.DataFrame] = []
    source = open_source(path, Options())
    blocks = (_kept(decoded, kept, statics) for decoded in source.blocks())
    result = batch.run(batch.Job(chart, discover()), [blocks])
    if not result.positions:
        raise BadInput("it holds no position of a vessel", path, "Give an archive of AIS positions")
    positions = thinned(pl.concat(kept).lazy())
    return Trial(
        name=_stem(path),
        kind="ordinary",
        actors=(),
        areas=(),
        alerts=tuple(said_of(json.loads(json.dumps(to_json(a)))) for a in result.alerts),
        vessels=_vessels(positions, statics),
        real=True,
        positions=positions,
    )


def _stem(path: str) -> str:
    """Return the name of a file without its endings."""
    return Path(path).name.split(".")[0] or path


def _kept(decoded: Decoded, kept: list[pl.DataFrame], statics: list[pl.DataFrame]) -> batch.Block:
    kept.append(thinned(decoded.positions.lazy()))
    said = decoded.statics.filter(pl.col("ship_class") != schema.UNKNOWN)
    statics.append(said.group_by("mmsi").agg(pl.col("ship_class").last()))
    return batch.Block(decoded.positions, decoded.statics, decoded.others.height)


def _vessels(positions: pl.DataFrame, statics: list[pl.DataFrame]) -> pl.DataFrame:
    """Return who was there, for how long, and who fishes (by what it last said of itself)."""
    known = pl.concat(statics).group_by("mmsi", maintain_order=True).agg(pl.col("ship_class").last())
    moment = pl.from_epoch("time_us", time_unit="us").alias("time")
    hours = watched_hours(positions.lazy().select("mmsi", moment))
    fishing = (pl.col("ship_class") == schema.FISHING).fill_null(False).alias("fishing")
    each = hours.join(known.with_columns(pl.col("mmsi").cast(pl.Int64)), on="mmsi", how="left")
    return each.select("mmsi", fishing, "hours").sort("mmsi")
