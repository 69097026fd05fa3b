"""The picture now: the newest place of every vessel and what it says of itself, shared between threads.

The watch writes; whoever shows the picture copies what he needs under a lock that is held for a moment.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from anchorwatch import schema
from anchorwatch.picture.compiled import compiled
from anchorwatch.picture.state import FORGET_S, grown, reindex, seek

Array = np.ndarray[Any, Any]
Box = tuple[float, float, float, float]  # west, south, east, north; west > east crosses the antimeridian

NEWEST = np.dtype(
    [
        ("mmsi", np.int32),
        ("time_us", np.int64),  # when it was there
        ("version", np.int64),  # of the picture when this record last changed
        ("lon_deg", np.float64),
        ("lat_deg", np.float64),
        ("sog_kn", np.float32),
        ("cog_deg", np.float32),
        ("heading_deg", np.float32),  # NaN = not said, also above
        ("nav_status", np.int8),
        ("feed", np.int16),  # number of the feed that brought it
        ("ship_type", np.int16),
        ("ship_class", np.int8),
        ("length_m", np.float32),  # NaN = unknown
        ("level", np.int8),  # of its open alerts: 0 = none, then the place in model.LEVELS from 1
        ("silenced", np.int8),  # 1 = its alerts are silenced
        ("asset", np.int32),  # nearest asset, index into the chart; -1 = none near
        ("asset_m", np.float32),  # distance to it; NaN = none near
    ],
    align=True,
)

# A row stating a time further ahead of the clock than this is not believed, and a record that does gives way: one
# broken clock would else hold its place for ever. Ten minutes are far beyond any honest receiver's clock.
AHEAD_US = 600_000_000
# More vessels than carry AIS in all the world (some 700,000 MMSIs are heard in a year): a flood of made-up
# numbers fills no memory.
MOST = 1_000_000
LAST_US = (1 << 63) - 1


class Said(NamedTuple):
    """What a vessel says of itself, put together from all its messages. Empty and 0 = not said, also for lengths."""

    time_us: int
    imo: int = 0
    callsign: str = ""
    name: str = ""
    ship_type: int = 0
    ship_class: int = schema.UNKNOWN
    length_m: float = 0.0
    beam_m: float = 0.0
    draught_m: float = 0.0
    destination: str = ""
    eta: str = ""


NOTHING = Said(0)


class Latest:
    """Newest place of each vessel. Every method may be called from any thread."""

    def __init__(self) -> None:
        """Know of nobody yet."""
        self._lock = threading.Lock()
        self._table = np.zeros(64, NEWEST)
        self._used = 0
        self._index = reindex(self._table, 0)
        self._said: dict[int, Said] = {}
        self._marks: dict[int, tuple[int, int]] = {}
        self._version = 0

    def __len__(self) -> int:
        """Return the number of vessels with a place."""
        return self._used

    @property
    def version(self) -> int:
        """Number that grows with every change."""
        return self._version

    def update(self, positions: pl.DataFrame, statics: pl.DataFrame, feed: int, now_us: int | None = None) -> int:
        """Take tidied rows (schema.POSITIONS, schema.STATICS) of one feed and return the new version.

        A row older than the one held changes nothing. With `now_us`, neither does one far ahead of it.
        """
        columns = tuple(positions[name].to_numpy() for name in _TAKEN)
        with self._lock:
            self._version += 1
            newest_us = LAST_US if now_us is None else now_us + AHEAD_US
            self._take(columns, feed, newest_us)
            self._listen(statics, newest_us)
            return self._version

    def _take(self, columns: tuple[Array, ...], feed: int, newest_us: int) -> None:
        begin, before = 0, self._used
        while begin < len(columns[0]):
            begin, used = _take(
                columns, begin, self._table, self._used, self._index, feed, newest_us, self._version, MOST
            )
            self._used = used
            if begin < len(columns[0]):
                self._table = grown(self._table, self._used + 1)
                self._index = reindex(self._table, self._used)
        for number in range(before, self._used):
            self._dress(number)

    def _dress(self, number: int) -> None:
        """Give a record what is known of its vessel beside its place."""
        record = self._table[number]
        mmsi = int(record["mmsi"])
        said = self._said.get(mmsi, NOTHING)
        record["ship_type"], record["ship_class"] = said.ship_type, said.ship_class
        record["length_m"] = said.length_m or np.nan
        record["level"], record["silenced"] = self._marks.get(mmsi, (0, 0))
        record["version"] = self._version

    def _listen(self, statics: pl.DataFrame, newest_us: int) -> None:
        for mmsi, *fields in statics.select("mmsi", *Said._fields).fill_nan(0.0).iter_rows():
            before = self._said.get(mmsi, NOTHING)
            if fields[0] > newest_us or (before is NOTHING and len(self._said) >= MOST):
                continue
            after = _joined(before, Said(*fields))
            self._said[mmsi] = after
            if after[3:7] != before[3:7]:  # name, type, class, length: what is shown on the map
                number = self._number(mmsi)
                if number >= 0:
                    self._dress(number)

    def _number(self, mmsi: int) -> int:
        return int(self._index[seek(self._index, self._table, mmsi)])

    def set_levels(self, levels: Mapping[int, int], silenced: frozenset[int] = frozenset()) -> None:
        """State the level of every vessel with open alerts, 1..3 by model.LEVELS; all others have none."""
        marks = {mmsi: (level, int(mmsi in silenced)) for mmsi, level in levels.items()}
        with self._lock:
            changed = [mmsi for mmsi in {*marks, *self._marks} if marks.get(mmsi) != self._marks.get(mmsi)]
            self._marks = marks
            if changed:
                self._version += 1
            for mmsi in changed:
                number = self._number(mmsi)
                if number >= 0:
                    self._dress(number)

    def set_assets(self, mmsi: npt.NDArray[Any], asset: npt.NDArray[Any], asset_m: npt.NDArray[Any]) -> None:
        """State the nearest asset of vessels, rows in order of time (schema.Rows: mmsi, asset, asset_m)."""
        with self._lock:
            self._version += 1
            _near(
                np.ascontiguousarray(mmsi, np.int32),
                np.ascontiguousarray(asset, np.int32),
                np.ascontiguousarray(asset_m, np.float64),
                self._table,
                self._index,
                self._version,
            )

    def forget(self, now_us: int) -> int:
        """Drop vessels that were silent for two days and return how many; called now and then."""
        since_us = now_us - int(FORGET_S * 1e6)
        with self._lock:
            table = self._table[: self._used]
            keep = table["time_us"] >= since_us
            self._said = {mmsi: said for mmsi, said in self._said.items() if said.time_us >= since_us}
            dropped = self._used - int(keep.sum())
            if dropped or self._used >= MOST:
                if self._used - dropped >= MOST:  # full: room for new ones at the cost of the longest silent
                    keep &= table["time_us"] > np.partition(table["time_us"], MOST // 10)[MOST // 10]
                self._hold(table[keep].copy())
                self._version += 1
            return dropped

    def _hold(self, table: Array) -> None:
        self._used = len(table)
        self._table = grown(table, max(64, self._used))
        self._index = reindex(self._table, self._used)

    def rows(self, box: Box | None = None) -> Array:
        """Return a copy of the records (NEWEST) of the vessels in a box, or of all."""
        with self._lock:
            table = self._table[: self._used]
            return table.copy() if box is None else table[inside(table, box)]

    def changed_since(self, version: int) -> tuple[int, Array]:
        """Return the version now and the records that changed after `version`. Forgotten vessels are not told."""
        with self._lock:
            table = self._table[: self._used]
            return self._version, table[table["version"] > version]

    def one(self, mmsi: int) -> Array | None:
        """Return a copy of the record of one vessel (a scalar of NEWEST), None where it has no place."""
        if not 0 <= mmsi < 1 << 31:
            return None
        with self._lock:
            number = self._number(mmsi)
            return self._table[number].copy() if number >= 0 else None

    def said(self, mmsi: int) -> Said:
        """Return what a vessel says of itself; NOTHING where it was never heard to."""
        return self._said.get(mmsi, NOTHING)

    def named(self, text: str, limit: int = 50) -> list[tuple[int, Said]]:
        """Find vessels whose name or call sign contains `text`, or whose MMSI or IMO number begins with it."""
        wanted = text.strip().upper()
        if not wanted:
            return []
        with self._lock:
            said, placed = dict(self._said), self._table["mmsi"][: self._used].tolist()
        found = []
        for mmsi in {**said, **dict.fromkeys(placed)}:
            words = said.get(mmsi, NOTHING)
            if (
                wanted in words.name.upper()
                or wanted in words.callsign.upper()
                or str(mmsi).startswith(wanted)
                or (words.imo and str(words.imo).startswith(wanted))
            ):
                found.append((mmsi, words))
                if len(found) >= limit:
                    break
        return found


_TAKEN = ("time_us", "mmsi", "lon_deg", "lat_deg", "sog_kn", "cog_deg", "heading_deg", "nav_status")


def inside(table: Array, box: Box) -> npt.NDArray[np.bool_]:
    """Mask over records: those in the box, its edges included."""
    west, south, east, north = box
    lon, lat = table["lon_deg"], table["lat_deg"]
    across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return np.asarray(across & (lat >= south) & (lat <= north))


def _joined(before: Said, after: Said) -> Said:
    """What is known after one more message: what it says counts, unless it is older than what is held."""
    older, newer = (after, before) if after.time_us < before.time_us else (before, after)
    if before[1:] == after[1:]:
        return newer
    fields: list[Any] = [new or old for old, new in zip(older, newer, strict=True)]
    return Said(*fields)


@compiled
def _take(
    columns: Any,
    begin: int,
    table: Any,
    used: int,
    index: Any,
    feed: int,
    newest_us: int,
    version: int,
    most: int,
) -> tuple[int, int]:
    """Take rows into the table until it is full; return the row reached and the records in use."""
    times, mmsis, lons, lats, sogs, cogs, headings, statuses = columns
    for row in range(begin, times.size):
        if times[row] > newest_us:
            continue
        place = seek(index, table, mmsis[row])
        number = index[place]
        if number < 0:
            if used >= most:
                continue
            if used >= table.size:
                return row, used
            number = used
            used += 1
            index[place] = number
            table[number].mmsi = mmsis[row]
            table[number].time_us = -1
            table[number].asset = -1
            table[number].asset_m = np.nan
        record = table[number]
        if times[row] < record.time_us <= newest_us:
            continue
        if times[row] == record.time_us and lons[row] == record.lon_deg and lats[row] == record.lat_deg:
            continue  # heard by another feed as well
        record.time_us = times[row]
        record.lon_deg = lons[row]
        record.lat_deg = lats[row]
        record.sog_kn = sogs[row]
        record.cog_deg = cogs[row]
        record.heading_deg = headings[row]
        record.nav_status = statuses[row]
        record.feed = feed
        record.version = version
    return times.size, used


@compiled
def _near(mmsis: Any, assets: Any, distances: Any, table: Any, index: Any, version: int) -> None:
    for row in range(mmsis.size):
        number = index[seek(index, table, mmsis[row])]
        if number < 0:
            continue
        record = table[number]
        distance = np.float32(distances[row])
        same = distance == record.asset_m or (np.isnan(distance) and np.isnan(record.asset_m))
        if record.asset != assets[row] or not same:
            record.asset = assets[row]
            record.asset_m = distance
            record.version = version
