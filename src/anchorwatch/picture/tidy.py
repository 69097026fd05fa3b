"""Rows that cannot be positions of vessels are set apart, each with its reason; nothing is dropped silently."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from anchorwatch import schema

# AIS came into use around 2000; a clock before that, or years ahead, is a broken clock.
FIRST_US = 946_684_800_000_000  # 2000-01-01
LAST_US = 3_786_912_000_000_000  # 2090-01-01


class Tidied(NamedTuple):
    """Positions of vessels; things that are not vessels (schema.OTHERS); rejects with reason and place."""

    positions: pl.DataFrame
    others: pl.DataFrame
    rejects: pl.DataFrame  # reason, source (number), line, text


def what_is(mmsi: pl.Expr) -> pl.Expr:
    """Name what an MMSI stands for, null where it may be a ship (ITU-R M.585-9).

    A ship with an MMSI of no country is still a hull on the water, and stays in.
    """
    return (
        pl.when(mmsi < 100_000_000)
        .then(pl.lit("base_station"))
        .when(mmsi // 1_000_000 == 111)
        .then(pl.lit("sar_aircraft"))
        .when(mmsi // 10_000_000 == 99)
        .then(pl.lit("aid_to_navigation"))
        .when(mmsi // 10_000_000 == 97)
        .then(pl.lit("distress_beacon"))
        .otherwise(None)
    )


def tidy(positions: pl.DataFrame, now_us: int | None = None) -> Tidied:
    """Set apart rows without a possible time, place or vessel.

    Speeds, courses and headings that are not available or impossible become NaN. `now_us` is an upper
    bound for times where the caller knows one (a live watch); an archive has none.
    """
    mmsi, lon, lat = pl.col("mmsi"), pl.col("lon_deg"), pl.col("lat_deg")
    timed = pl.col("time_us").is_between(FIRST_US, LAST_US if now_us is None else now_us)
    placed = lon.is_between(-180.0, 180.0) & lat.is_between(-90.0, 90.0) & ~((lon == 0.0) & (lat == 0.0))
    vessel = (mmsi.is_between(100_000_000, 969_999_999) & (mmsi // 1_000_000 != 111)) | mmsi.is_between(
        980_000_000, 989_999_999
    )
    keep = positions.select(good=timed & placed & vessel)["good"]
    if keep.all():
        return Tidied(positions, pl.DataFrame(schema=schema.OTHERS), pl.DataFrame(schema=TIDY_REJECTS))
    fault = (
        pl.when((mmsi <= 0) | (mmsi >= 999_999_999))
        .then(pl.lit("bad_mmsi"))
        .when(~timed)
        .then(pl.lit("bad_time"))
        .when(~placed)
        .then(pl.lit("no_position"))
        .otherwise(None)
    )
    aside = positions.filter(~keep).with_columns(fault=fault, what=what_is(mmsi))
    bad = pl.col("fault").is_not_null() & ~((pl.col("fault") == "no_position") & pl.col("what").is_not_null())
    others = aside.filter(~bad).with_columns(name=pl.lit(""), what=pl.col("what").fill_null("other"))
    rejects = aside.filter(bad).select(
        reason="fault",
        source="source",
        line="line",
        text=pl.format("mmsi {}, {} us, lon {}, lat {}", mmsi, "time_us", lon, lat),
    )
    return Tidied(positions.filter(keep), others.select(list(schema.OTHERS)), rejects)


TIDY_REJECTS = {"reason": pl.String, "source": pl.Int16, "line": pl.Int64, "text": pl.String}
