"""Who a vessel says it is, and how that changed.

One 8-bit checksum in 250 lets a corrupt message pass, so a value is accepted when it was heard at two
different times; until then the first one heard stands in for it. What was said is kept as spells, one row
each: the same set of values, over and over, until the same fields say something else. So a change back is
seen as well. Old spells are forgotten but for the last of each set of values.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from anchorwatch import schema
from anchorwatch.model import Vessel
from anchorwatch.picture.flags import flag_of

VALUES = ("imo", "callsign", "name", "ship_type", "ship_class", "length_m", "beam_m", "draught_m", "destination")
SIGHTINGS = {
    "mmsi": pl.Int32,
    **{name: schema.STATICS[name] for name in VALUES},
    "first_us": pl.Int64,
    "second_us": pl.Int64,  # when it was heard twice, in whatever spell; 0 = heard once
    "last_us": pl.Int64,
}


@dataclass(frozen=True)
class Change:
    """One accepted value of one field, from when on."""

    time_us: int
    field: str
    value: Any
    confirmed: bool


def start() -> pl.DataFrame:
    """Return the sightings of a watch that has heard nothing."""
    return pl.DataFrame(schema=SIGHTINGS)


def add(sightings: pl.DataFrame, statics: list[pl.DataFrame]) -> pl.DataFrame:
    """Add static reports (schema.STATICS), in any order; those of one call go before those of the next."""
    heard = [s.select("mmsi", *VALUES, at_us="time_us", sure=False) for s in statics if s.height]
    if not heard:
        return sightings
    spoke = pl.col("mmsi").is_in(pl.concat([h["mmsi"] for h in heard]).unique().implode())
    others = sightings.filter(~spoke)  # most of them, where a live watch adds a second's reports
    return others.merge_sorted(_added(sightings.filter(spoke), heard), "mmsi")


def _added(sightings: pl.DataFrame, heard: list[pl.DataFrame]) -> pl.DataFrame:
    """Add reports to the sightings of the vessels that they are of."""
    told = [
        sightings.select("mmsi", *VALUES, at_us=time, sure=pl.col("second_us") == pl.col("first_us"))
        for time in ("first_us", "second_us", "last_us")
    ]
    fields = pl.sum_horizontal(_said(name).cast(pl.Int32) * (1 << k) for k, name in enumerate(VALUES))
    every = (
        pl.concat([*told, *heard])
        .filter(pl.col("at_us") > 0)
        .group_by("mmsi", *VALUES, "at_us")
        .agg(pl.col("sure").any())
        .with_columns(fields=fields)
        .sort("mmsi", "fields", "at_us", *VALUES)
    )
    spells = every.group_by(spell=pl.struct("mmsi", "fields", *VALUES).rle_id(), maintain_order=True).agg(
        pl.col("mmsi", *VALUES).first(),
        pl.col("sure").any(),
        first_us=pl.col("at_us").first(),
        second_us=pl.col("at_us").get(1, null_on_oob=True).fill_null(0),
        last_us=pl.col("at_us").last(),
    )
    again = pl.col("sure") | (pl.int_range(pl.len()).over("mmsi", *VALUES) > 0)
    return (
        spells.with_columns(second_us=pl.when(again).then("first_us").otherwise("second_us"))
        .select(list(SIGHTINGS))
        .sort("mmsi", "first_us", *VALUES)
    )


def _said(name: str) -> pl.Expr:
    """Tell whether a report says anything in this field."""
    dtype = SIGHTINGS[name]
    if dtype == pl.Float64:
        return pl.col(name).fill_nan(0.0) != 0.0
    return pl.col(name) != ("" if dtype == pl.String else 0)


def forget(sightings: pl.DataFrame, before_us: int) -> pl.DataFrame:
    """Drop spells that ended before a time, but for the last of each set of values."""
    last = pl.int_range(pl.len()).over("mmsi", *VALUES) == pl.len().over("mmsi", *VALUES) - 1
    return sightings.filter((pl.col("last_us") >= before_us) | last)


def valid_imo(imo: int) -> bool:
    """Check the IMO number's check digit: 9074729 -> 9*7+0*6+7*5+4*4+7*3+2*2 = 139, last digit 9."""
    if not 1_000_000 <= imo <= 9_999_999:
        return False
    digits = [int(d) for d in str(imo)]
    return sum(d * w for d, w in zip(digits, range(7, 1, -1), strict=False)) % 10 == digits[6]


class Registry:
    """Sightings made ready to be asked about single vessels."""

    def __init__(self, sightings: pl.DataFrame) -> None:
        """Take sightings, sorted by MMSI as `add` returns them."""
        self.sightings = sightings
        mmsi = sightings["mmsi"].to_numpy()
        first = np.flatnonzero(np.diff(mmsi, prepend=-1))
        last = np.append(first[1:], len(mmsi))[: len(first)]  # nothing at all where nothing was said
        self._where = dict(zip(mmsi[first].tolist(), zip(first, last, strict=True), strict=True))
        self._rows: dict[int, list[dict[str, Any]]] = {}
        self._steps: dict[int, list[int]] = {}  # times at which what is accepted may change
        self._said: dict[tuple[int, int], dict[str, Any]] = {}

    def _of(self, mmsi: int) -> list[dict[str, Any]]:
        if mmsi not in self._rows:
            first, last = self._where.get(mmsi, (0, 0))
            self._rows[mmsi] = self.sightings[int(first) : int(last)].to_dicts()
        return self._rows[mmsi]

    def history(self, mmsi: int, until_us: int) -> list[Change]:
        """Return what was accepted of one vessel, in time order: what a watch knew at `until_us`."""
        changes: list[Change] = []
        for row in self._of(mmsi):
            if row["first_us"] > until_us:
                continue
            confirmed = 0 < row["second_us"] <= until_us
            at = row["second_us"] if confirmed else row["first_us"]
            for name in VALUES:
                value = row[name]
                if value not in ("", 0) and value == value:  # NaN is not equal to itself
                    changes.append(Change(at, name, value, confirmed))
        changes.sort(key=lambda c: (c.time_us, c.field, str(c.value)))
        return _changes_only(changes)

    def said(self, mmsi: int, until_us: int) -> dict[str, Any]:
        """Return the accepted value of each field at `until_us`, as it was said."""
        if mmsi not in self._steps:
            self._steps[mmsi] = sorted({row[name] for row in self._of(mmsi) for name in ("first_us", "second_us")})
        key = mmsi, bisect_right(self._steps[mmsi], until_us)
        if key not in self._said:
            self._said[key] = self._known(mmsi, until_us)
        return self._said[key]

    def _known(self, mmsi: int, until_us: int) -> dict[str, Any]:
        known: dict[str, Change] = {}
        for change in self.history(mmsi, until_us):
            if change.field not in known or change.confirmed:
                known[change.field] = change
        return {name: change.value for name, change in known.items()}

    def said_imo(self, mmsi: int, until_us: int) -> int:
        """Return the IMO number that a vessel gives, whether it can be one or not; 0 = none."""
        return int(self.said(mmsi, until_us).get("imo", 0))

    def vessel(self, mmsi: int, until_us: int) -> Vessel:
        """Return a vessel as it was known at `until_us`."""
        value = self.said(mmsi, until_us)
        imo = int(value.get("imo", 0))
        ship_type = int(value.get("ship_type", 0))
        ship_class = int(value.get("ship_class", 0)) or schema.class_of_ship_type(ship_type)
        return Vessel(
            mmsi=mmsi,
            imo=imo if valid_imo(imo) else None,
            name=str(value.get("name", "")),
            callsign=str(value.get("callsign", "")),
            flag=flag_of(mmsi),
            ship_type=ship_type or None,
            ship_class=schema.SHIP_CLASSES[ship_class],
            length_m=value.get("length_m"),
        )


def _changes_only(changes: list[Change]) -> list[Change]:
    """Leave out what only says again what is believed already."""
    believed: dict[str, Any] = {}
    kept = []
    for change in changes:
        if believed.get(change.field) != change.value:
            kept.append(change)
        if change.confirmed:
            believed[change.field] = change.value
    return kept
