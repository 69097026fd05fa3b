"""Events in order, woven into enriched rows: positions on their tracks, ticks of silence, crossings of assets.

One compiled pass over events that are sorted by vessel and time. All geometry a detector may want is put
into columns here, once. Output goes into a batch of fixed size, so the pass stays in cache and memory is
bounded; it stops when the batch is full and is called again from where it stopped.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from anchorwatch import schema
from anchorwatch.chart import crossings_one, nearest_one, zone_at
from anchorwatch.chart.raster import value_at
from anchorwatch.picture import tracks as tr
from anchorwatch.picture.compiled import compiled, inlined
from anchorwatch.picture.coverage import ALSO, CELLS_PER_LAT_DEG, CELLS_PER_LON_DEG, SLOT_US, SOURCES
from anchorwatch.picture.state import FORGET_S

# The chart's kernels, taken into the pass: as calls they would count references to every array of the chart.
_crossings_one, _nearest_one = inlined(crossings_one.py_func), inlined(nearest_one.py_func)
_zone_at, _value_at = inlined(zone_at.py_func), inlined(value_at.py_func)

TICK_US = 10 * 60_000_000  # silence is noticed to ten minutes; the shortest gap that matters is 30
# Ticks after this long a silence tell nothing new, and a vessel that left the area must not cost for days.
LAST_TICK_US = 12 * 3_600_000_000
CROSSINGS_AT_ONCE = 16
REACH_M = 10_000.0
MOST_CROSSED = CROSSINGS_AT_ONCE + 1

Array = np.ndarray[Any, Any]


class Sea(NamedTuple):
    """The compiled side of a chart."""

    grid: Any
    error_m: Any  # float64 per asset
    zones: Any
    depth: Any
    shore: Any


class Crossed(NamedTuple):
    """Crossings of one step, as `crossings_one` writes them."""

    asset: Any
    fraction: Any
    kp_km: Any
    line_deg: Any


class Out(NamedTuple):
    """Where the pass writes: a batch of rows, the event each position came from, and what was heard where."""

    rows: schema.Rows
    heard: Any  # int64 (n, 3): cell, slot, source
    crossed: Crossed  # room for the crossings of one step
    sources: Any  # int64: bits of the sources that had heard the track before each row
    repeated: Any  # int64 (SOURCES,): transmissions of each source that another had brought already, added up


def _column(size: int, dtype: np.dtype[Any], number: int) -> Array:
    """Return room for one column, away from where the others begin within a page.

    Large arrays all begin at one place of a page, and row i of thirty of them would fight for one set of the cache.
    """
    first = (number + 1) * 192
    return np.zeros(first + size * dtype.itemsize, np.uint8)[first:].view(dtype)


def blank(size: int) -> Out:
    """Return room for `size` rows."""
    kinds: dict[str, Any] = {"Bytes8": np.int8, "Ints32": np.int32, "Ints": np.int64, "Floats": np.float64}
    types = {name: getattr(said, "__forward_arg__", said) for name, said in schema.Rows.__annotations__.items()}
    dtypes = [np.dtype(kinds[str(types[name])]) for name in schema.COLUMNS]
    rows = schema.Rows(*(_column(size, dtype, number) for number, dtype in enumerate(dtypes)))
    for name, nothing in schema.BLANK.items():
        getattr(rows, name)[:] = nothing
    crossed = Crossed(np.zeros(CROSSINGS_AT_ONCE, np.int32), *(np.zeros(CROSSINGS_AT_ONCE) for _ in range(3)))
    return Out(
        rows, np.zeros((size, 3), np.int64), crossed, np.zeros(size, np.int64), np.zeros(SOURCES, np.int64)
    )  # fmt: skip


@inlined
def bearing_deg(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Course from one place to a near other, degrees from north."""
    dlon = lon2 - lon1
    if dlon > 180.0:
        dlon -= 360.0
    elif dlon < -180.0:
        dlon += 360.0
    x = dlon * math.cos(math.radians((lat1 + lat2) / 2.0))
    angle = math.degrees(math.atan2(x, lat2 - lat1))
    return angle + 360.0 if angle < 0.0 else angle


@inlined
def between_deg(course_deg: float, line_deg: float) -> float:
    """Angle between a course and a line without direction, 0..90; NaN if either is."""
    angle = abs(course_deg - line_deg)
    if angle >= 180.0:
        angle -= 180.0
    return min(angle, 180.0 - angle)


@inlined
def _tick(rows: Any, n: int, track: Any, key: int, vessel: Any, time_us: int) -> None:
    """Write one TICK row: the last known place, and how long ago that was."""
    rows.kind[n] = 1
    rows.key[n], rows.track[n], rows.mmsi[n] = key, track.track, vessel.mmsi
    rows.time_us[n] = time_us
    rows.lon_deg[n], rows.lat_deg[n] = track.lon_deg, track.lat_deg
    rows.last_lon_deg[n], rows.last_lat_deg[n] = track.lon_deg, track.lat_deg
    rows.sog_kn[n], rows.cog_deg[n], rows.heading_deg[n] = np.nan, np.nan, np.nan
    rows.nav_status[n], rows.ship_class[n], rows.length_m[n] = 15, vessel.ship_class, vessel.length_m
    rows.dt_s[n] = (time_us - track.time_us) / 1e6
    rows.step_m[n], rows.made_kn[n] = np.nan, np.nan
    rows.asset[n], rows.asset_m[n], rows.asset_angle_deg[n] = -1, np.nan, np.nan
    rows.asset_error_m[n], rows.kp_km[n], rows.crossed_us[n] = np.nan, np.nan, 0
    rows.depth_m[n], rows.shore_m[n], rows.zone[n] = np.nan, np.nan, 0
    rows.jump[n], rows.fresh[n] = 0, 0


@inlined
def ticks_due(track: Any, until_us: int) -> tuple[int, int]:
    """Return the next tick of a track's silence, and how many there are before `until_us`."""
    first = max((track.time_us // TICK_US + 2) * TICK_US, track.ticked_us + TICK_US)  # one whole slot at least
    last = min(until_us - 1, track.time_us + LAST_TICK_US)
    return first, max(0, (last - first) // TICK_US + 1) if last >= first else 0


@inlined
def _silence(out: Any, n: int, vessel: Any, tracks: Any, until_us: int) -> int:
    """Write the ticks due of the track that spoke last; return the next free row.

    They are due whatever comes next (the track itself, another hull, a jump, a new track after days): a run
    that ended in the silence has told them already.
    """
    track = tracks[vessel.latest_key]
    tick_us, due = ticks_due(track, until_us)
    for t in range(due):
        track.ticked_us = tick_us + t * TICK_US
        _tick(out.rows, n, track, vessel.latest_key, vessel, track.ticked_us)
        out.sources[n] = track.heard_by | track.heard_before
        n += 1
    return n


@inlined
def _position(out: Any, n: int, event: Any, vessel: Any, track: Any, key: int, step_m: float, jump: bool) -> None:
    """Write one POSITION row from an event, the track before it and the step from there (NaN = none); no chart yet."""
    rows = out.rows
    out.sources[n] = track.heard_by | track.heard_before
    rows.kind[n], rows.key[n], rows.track[n] = 0, key, track.track
    rows.mmsi[n], rows.time_us[n] = vessel.mmsi, event.time_us
    rows.lon_deg[n], rows.lat_deg[n] = event.lon_deg, event.lat_deg
    rows.heading_deg[n], rows.nav_status[n] = event.heading_deg, event.nav_status
    rows.ship_class[n], rows.length_m[n] = vessel.ship_class, vessel.length_m
    fresh = math.isnan(step_m)
    rows.jump[n], rows.fresh[n], rows.crossed_us[n] = jump, fresh, 0
    rows.last_lon_deg[n], rows.last_lat_deg[n] = np.nan, np.nan
    rows.dt_s[n], rows.step_m[n], rows.made_kn[n] = np.nan, np.nan, np.nan
    sog, cog = event.sog_kn, event.cog_deg
    if not fresh:
        dt_s = (event.time_us - track.time_us) / 1e6
        rows.last_lon_deg[n], rows.last_lat_deg[n] = track.lon_deg, track.lat_deg
        rows.dt_s[n], rows.step_m[n] = dt_s, step_m
        rows.made_kn[n] = step_m / max(dt_s, 0.1) / tr.KN
        if math.isnan(sog):
            sog = rows.made_kn[n]
        if math.isnan(cog) and step_m > 20.0:
            cog = bearing_deg(track.lon_deg, track.lat_deg, event.lon_deg, event.lat_deg)
    rows.sog_kn[n], rows.cog_deg[n] = sog, cog


@inlined
def _charted(rows: Any, n: int, sea: Any) -> None:
    """Fill the chart's columns of a row that has a place and a course."""
    lon, lat = rows.lon_deg[n], rows.lat_deg[n]
    asset, distance_m, line_deg, kp_km = _nearest_one(sea.grid, lon, lat, REACH_M)
    rows.asset[n], rows.asset_m[n], rows.kp_km[n] = asset, distance_m, kp_km
    rows.asset_angle_deg[n] = between_deg(rows.cog_deg[n], line_deg)
    rows.asset_error_m[n] = sea.error_m[asset] if asset >= 0 else np.nan
    rows.depth_m[n] = _value_at(sea.depth, lon, lat)
    rows.shore_m[n] = _value_at(sea.shore, lon, lat)
    rows.zone[n] = _zone_at(sea.zones, lon, lat)


@inlined
def _crossings(rows: Any, n: int, sea: Any, crossed: Any) -> int:
    """Write a CROSSING row after the POSITION row n for each asset its step crossed; return the next free row."""
    i = n
    asset, fraction, kp_km, line_deg = crossed.asset, crossed.fraction, crossed.kp_km, crossed.line_deg
    found = _crossings_one(
        sea.grid, rows.last_lon_deg[i], rows.last_lat_deg[i], rows.lon_deg[i], rows.lat_deg[i],
        asset, fraction, kp_km, line_deg,
    )  # fmt: skip
    course = bearing_deg(rows.last_lon_deg[i], rows.last_lat_deg[i], rows.lon_deg[i], rows.lat_deg[i])
    for c in range(found):
        n += 1
        rows.kind[n] = 2
        rows.key[n], rows.track[n], rows.mmsi[n] = rows.key[i], rows.track[i], rows.mmsi[i]
        rows.time_us[n], rows.nav_status[n] = rows.time_us[i], rows.nav_status[i]
        rows.ship_class[n], rows.length_m[n] = rows.ship_class[i], rows.length_m[i]
        rows.heading_deg[n], rows.sog_kn[n], rows.cog_deg[n] = rows.heading_deg[i], rows.sog_kn[i], course
        rows.lon_deg[n] = rows.last_lon_deg[i] + fraction[c] * (rows.lon_deg[i] - rows.last_lon_deg[i])
        rows.lat_deg[n] = rows.last_lat_deg[i] + fraction[c] * (rows.lat_deg[i] - rows.last_lat_deg[i])
        rows.last_lon_deg[n], rows.last_lat_deg[n] = rows.last_lon_deg[i], rows.last_lat_deg[i]
        rows.dt_s[n], rows.step_m[n], rows.made_kn[n] = rows.dt_s[i], rows.step_m[i], rows.made_kn[i]
        rows.asset[n], rows.asset_m[n], rows.kp_km[n] = asset[c], 0.0, kp_km[c]
        rows.asset_angle_deg[n] = between_deg(course, line_deg[c])
        rows.asset_error_m[n] = sea.error_m[asset[c]]
        rows.crossed_us[n] = rows.time_us[i] - np.int64((1.0 - fraction[c]) * rows.dt_s[i] * 1e6)
        rows.depth_m[n], rows.shore_m[n], rows.zone[n] = rows.depth_m[i], rows.shore_m[i], rows.zone[i]
        rows.jump[n], rows.fresh[n] = 0, 0
    return n + 1


@inlined
def _heard(out: Any, count: int, track: Any, event: Any, repeated: bool) -> int:
    """Note that this track was heard in a cell and slot, once by each source; return the new count of notes."""
    column = np.int64((event.lon_deg + 180.0) * CELLS_PER_LON_DEG)
    cell = np.int64((event.lat_deg + 90.0) * CELLS_PER_LAT_DEG) * 4096 + column
    slot = event.time_us // SLOT_US
    bit = np.int64(1) << np.int64(event.source % SOURCES)
    also = 0
    if cell == track.coverage_cell and slot == track.coverage_slot:
        if track.heard_by & bit:
            return count
        track.heard_by |= bit
        also = ALSO
    elif repeated:
        return count
    else:
        track.coverage_cell, track.coverage_slot = cell, slot
        track.heard_before, track.heard_by = track.heard_by, bit
    out.heard[count, 0], out.heard[count, 1], out.heard[count, 2] = cell, slot, event.source + also
    return count + 1


@inlined
def _again(out: Any, count: int, track: Any, event: Any) -> int:
    """Note that a source heard what another had brought already; return the new count of notes."""
    if track.source == event.source:
        return count
    out.repeated[event.source % SOURCES] += 1
    return _heard(out, count, track, event, True)


@inlined
def _whereabouts(vessel: Any, tracks: Any, time_us: int) -> tuple[float, float]:
    """Where a vessel was when it spoke of itself; NaN where that is not known or forgotten."""
    if vessel.latest_key < 0 or time_us - tracks[vessel.latest_key].time_us > FORGET_S * 1e6:
        return math.nan, math.nan
    return tracks[vessel.latest_key].lon_deg, tracks[vessel.latest_key].lat_deg


@inlined
def _settle(track: Any, event: Any) -> bool:
    """Believe a stray track that has persisted; tell whether it was believed just now."""
    if track.stray and track.count >= tr.BELIEVE_COUNT and event.time_us - track.first_us >= tr.BELIEVE_US:
        track.stray = 0
        return True
    return False


@compiled
def weave(
    events: Any, number: Any, first: int, vessels: Any, tracks: Any, sizes: Any, sea: Any, out: Any
) -> tuple[int, int, int, int]:
    """Weave events, each of the vessel with that number, from `first` on.

    Returns (next event, rows written, notes of what was heard, repeated transmissions).
    """
    rows, n, heard, repeats = out.rows, 0, 0, 0
    room = rows.time_us.size - MOST_CROSSED - np.int64(LAST_TICK_US // TICK_US)
    for j in range(first, events.size):
        event, vessel = events[j], vessels[number[j]]
        if event.static:
            if event.ship_class > 0:
                vessel.ship_class = event.ship_class
            if event.length_m > 0.0:
                vessel.length_m = event.length_m
            event.lon_deg, event.lat_deg = _whereabouts(vessel, tracks, event.time_us)
            continue
        if n >= room or heard >= rows.time_us.size:
            return j, n, heard, repeats
        if vessel.latest_key >= 0 and event.time_us - tracks[vessel.latest_key].time_us > TICK_US:
            n = _silence(out, n, vessel, tracks, event.time_us)
        key, step_m = tr.choose(vessel, tracks, sizes, event)
        if key <= tr.DUPLICATE:
            repeats += 1
            heard = _again(out, heard, tracks[tr.DUPLICATE - key], event)
            continue
        track = tracks[key]
        if track.count == 0 or _settle(track, event):
            step_m = math.nan
        main = tr.trusted(vessel, tracks, event.time_us) if track.stray else key
        if main < 0:  # nothing left to be stray from
            track.stray, main, step_m = 0, key, math.nan
        jump = main != key  # shown as a jump of the trusted track, from the place where that was last
        if jump:
            step_m = tr.step_m(tracks[main], event)
        _position(out, n, event, vessel, tracks[main], main, step_m, jump)
        _charted(rows, n, sea)
        if jump:
            tr.advance(track, event, event.sog_kn, event.cog_deg)
            n += 1
            continue
        tr.advance(track, event, rows.sog_kn[n], rows.cog_deg[n])
        vessel.latest_key = key
        heard = _heard(out, heard, track, event, False)
        if rows.step_m[n] >= rows.asset_m[n] or rows.step_m[n] >= REACH_M:
            n = _crossings(rows, n, sea, out.crossed)
        else:
            n += 1
    return events.size, n, heard, repeats


@compiled
def tick_silent(first: int, vessels: Any, used: int, tracks: Any, until_us: int, out: Any) -> tuple[int, int]:
    """Write the ticks of every vessel silent up to `until_us`; return (next vessel, rows written)."""
    rows, n = out.rows, 0
    for v in range(first, used):
        key = vessels[v].latest_key
        if key < 0:
            continue
        tick_us, due = ticks_due(tracks[key], until_us)
        if n + due > rows.time_us.size:
            return v, n
        for t in range(due):
            _tick(rows, n, tracks[key], key, vessels[v], tick_us + t * TICK_US)
            out.sources[n] = tracks[key].heard_by | tracks[key].heard_before
            tracks[key].ticked_us = tick_us + t * TICK_US
            n += 1
    return used, n
