"""Rows of a block as events: one array of records, a share of the vessels at a time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numba import njit

from anchorwatch.picture import state

Array = np.ndarray[Any, Any]
BOTH = ("time_us", "mmsi", "source", "line")
STATIC = (*BOTH, "ship_class", "length_m")
POSITION = (*BOTH, "nav_status", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg")


class Arrivals(NamedTuple):
    """The columns of one block that the picture reads."""

    statics: tuple[Array, ...]  # STATIC
    positions: tuple[Array, ...]  # POSITION


def arrivals(positions: pl.DataFrame, statics: pl.DataFrame) -> Arrivals:
    """Return the columns of tidied positions and of static reports."""
    return Arrivals(
        tuple(_frozen(statics[name].to_numpy()) for name in STATIC),
        tuple(_frozen(positions[name].to_numpy()) for name in POSITION),
    )


def _frozen(column: Array) -> Array:
    """Return a read-only view: polars gives some columns so and others not, and each mixture would be compiled."""
    view = np.ascontiguousarray(column).view()
    view.flags.writeable = False
    return view


def events_of(block: Arrivals, held: Array, share: int = 0, shares: int = 1) -> Array:
    """Return the events of one share of the vessels (`mmsi % shares`): those held, then what arrived.

    Static reports go before positions, so that equal times keep that order.
    """
    events = np.empty(len(held) + len(block.statics[0]) + len(block.positions[0]), state.EVENT)
    events[: len(held)] = held
    n = _put_statics(events, len(held), share, shares, *block.statics)
    n = _put_positions(events, n, share, shares, *block.positions)
    return events[:n]


@njit(cache=True, nogil=True)
def _put_statics(
    events: Any, n: int, share: int, shares: int, time_us: Any, mmsi: Any, source: Any, line: Any,
    ship_class: Any, length_m: Any,
) -> int:  # fmt: skip
    for i in range(mmsi.size):
        if mmsi[i] % shares != share:
            continue
        event = events[n]
        event.static, event.nav_status, event.ship_class, event.length_m = 1, 0, ship_class[i], length_m[i]
        event.time_us, event.mmsi, event.source, event.line = time_us[i], mmsi[i], source[i], line[i]
        event.lon_deg, event.lat_deg, event.sog_kn, event.cog_deg, event.heading_deg = 0.0, 0.0, 0.0, 0.0, 0.0
        n += 1
    return n


@njit(cache=True, nogil=True)
def _put_positions(
    events: Any, n: int, share: int, shares: int, time_us: Any, mmsi: Any, source: Any, line: Any,
    nav_status: Any, lon_deg: Any, lat_deg: Any, sog_kn: Any, cog_deg: Any, heading_deg: Any,
) -> int:  # fmt: skip
    for i in range(mmsi.size):
        if mmsi[i] % shares != share:
            continue
        event = events[n]
        event.static, event.nav_status, event.ship_class, event.length_m = 0, nav_status[i], 0, 0.0
        event.time_us, event.mmsi, event.source, event.line = time_us[i], mmsi[i], source[i], line[i]
        event.lon_deg, event.lat_deg = lon_deg[i], lat_deg[i]
        event.sog_kn, event.cog_deg, event.heading_deg = sog_kn[i], cog_deg[i], heading_deg[i]
        n += 1
    return n
