"""Transmissions that two feeds heard: how far apart the times are that they state. Pure.

A moving vessel never sends the same place, speed, course and heading twice within minutes; a moored one does. So a
row of another feed that says the same is the same transmission, and its time should be the same, too.

Memory is bounded by a table with one place for each hash: a place that is taken stays so for three minutes. At
high rates that samples by the hash, and whatever is sampled of one feed is sampled of the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from anchorwatch.picture.tidy import FIRST_US, LAST_US

Array = np.ndarray[Any, Any]
PLACES = 4096  # of the table; a power of two
KEEP_US = 180_000_000  # services deliver within two minutes of a receiver's own
# Slower, a vessel may send the same cell of 11 m twice in steps of ten seconds.
MOVING_KN = 5.0
CELLS_PER_DEG = 1e4  # sources round places to five or six decimals
PAIRS = 24  # differences kept of two feeds: a jump is followed after half as many
LAGS = 64  # times against arrival kept of each feed
LAG_ROWS = 16  # one row in so many is sampled, and the first of each piece
MOST_FEEDS = 62  # bits of `heard`

ENTRY = np.dtype(
    [("key", np.uint64), ("at_us", np.int64), ("time_us", np.int64), ("heard", np.int64), ("feed", np.int32)]
)
# Of each feed: rows sampled, rows since the last, arrival of the last, first arrival.
SEEN, SINCE, SAMPLED_US, FIRST = range(4)


@njit(cache=True, nogil=True)
def _mixed(key: Any, value: Any) -> Any:
    mixed = (key ^ np.uint64(value)) * np.uint64(0x9E3779B97F4A7C15)
    return mixed ^ (mixed >> np.uint64(31))


@njit(cache=True, nogil=True)
def _tenths(value: float, scale: float) -> int:
    return np.int64(-1) if np.isnan(value) else np.int64(np.floor(value * scale + 0.5))  # type: ignore[return-value]


@njit(cache=True, nogil=True)
def listen(
    feed: int, arrived_us: Any, time_us: Any, mmsi: Any, lon_deg: Any, lat_deg: Any, sog_kn: Any, cog_deg: Any,
    heading_deg: Any, table: Any, pairs: Any, paired: Any, lags: Any, seen: Any,
) -> None:  # fmt: skip
    """Take rows of one feed in the order of their arrival.

    Notes in `pairs` (feed, feed, PAIRS) the later feed's time less the earlier one's by number, in `paired` how many
    there were; in `lags` (feed, LAGS) stated times less arrival, in `seen` what is named above.
    """
    for i in range(time_us.size):
        t, at = time_us[i], arrived_us[i]
        if t < FIRST_US or t > LAST_US:
            continue
        if at > 0:
            if seen[feed, FIRST] == 0:
                seen[feed, FIRST] = at
            if seen[feed, SINCE] >= LAG_ROWS or at != seen[feed, SAMPLED_US]:
                lags[feed, seen[feed, SEEN] % LAGS] = t - at
                seen[feed, SEEN] += 1
                seen[feed, SINCE], seen[feed, SAMPLED_US] = 0, at
            seen[feed, SINCE] += 1
        else:
            at = t
        if not sog_kn[i] >= MOVING_KN or not abs(lat_deg[i]) <= 90.0 or not abs(lon_deg[i]) <= 180.0:
            continue
        key = _mixed(np.uint64(0), mmsi[i])
        key = _mixed(key, _tenths(lon_deg[i], CELLS_PER_DEG))
        key = _mixed(key, _tenths(lat_deg[i], CELLS_PER_DEG))
        key = _mixed(key, _tenths(sog_kn[i], 10.0))
        key = _mixed(key, _tenths(cog_deg[i], 10.0))
        key = _mixed(key, _tenths(heading_deg[i], 1.0))
        entry = table[key & np.uint64(PLACES - 1)]
        bit = np.int64(1) << np.int64(feed)
        if abs(at - entry.at_us) > KEEP_US:
            entry.key, entry.at_us, entry.time_us, entry.heard, entry.feed = key, at, t, bit, feed
        elif entry.key == key and not entry.heard & bit:
            entry.heard |= bit
            first, second = min(entry.feed, feed), max(entry.feed, feed)
            apart_us = t - entry.time_us
            pairs[first, second, paired[first, second] % PAIRS] = apart_us if feed == second else -apart_us
            paired[first, second] += 1
