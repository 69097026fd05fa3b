"""What shore stations receive of what is sent: reach, losses, outages, copies, wrong clocks; and jammed fixes.

Chance is drawn for each report from the seed, the vessel's number and the report's own, so that the result is the
same in whatever order, and by however many threads, the reports are looked at.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.picture.compiled import compiled, inlined
from anchorwatch.schema import Floats, Ints, Ints32
from anchorwatch.trials.plan import Interference, Station
from anchorwatch.trials.ship.motion import Sent
from anchorwatch.trials.ship.state import GOLDEN, MIX_1, MIX_2, S11, S27, S30, S31
from anchorwatch.trials.ship.steer import M_PER_DEG

S_ODD = np.uint64(0xD6E8FEB86659FD93)
NEAR_LOSS = 0.03  # lost even close by: slots taken twice, masts in the way [K: busy VHF links, a few per cent]
FADE = 0.08  # the edge of reach is soft: the chance falls from 0.9 to 0.1 over about a third of the range
DELAY_S = 0.6  # from the air to the shore's log, at most
REACH = 1.6  # nothing is heard from beyond this many ranges
DELAY_DICE, SCATTER_DICE = 100_000, 200_000  # which question the dice answer
MANNERS = ("scatter", "offset", "lost")


class Received(NamedTuple):
    """Position reports in the order in which they reached the shore, copies included."""

    voyage: Ints32
    time_us: Ints  # when sent, since the start of the trial
    true_lon_deg: Floats
    true_lat_deg: Floats
    lon_deg: Floats
    lat_deg: Floats
    sog_kn: Floats
    cog_deg: Floats
    heading_deg: Floats
    rot_deg_min: Floats
    nav_status: npt.NDArray[np.int8]
    who: Ints32
    station: npt.NDArray[np.int16]  # index into the stations; 0 where there are none
    received_us: Ints  # by the station's clock, whole milliseconds


def receive(
    sent: Sent, stations: Sequence[Station] = (), interference: Sequence[Interference] = (), *, seed: int
) -> Received:
    """Return what is received. Without stations, everything is heard once, at once."""
    if interference:
        sent = jammed(sent, interference, seed)
    row, station, reached = _heard(sent, stations, seed)
    order = np.argsort(reached, kind="stable")
    row, station, reached = row[order], station[order], reached[order]
    del order
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # copying columns is most of the work
        columns = list(pool.map(lambda column: np.take(column, row), sent))
    clock_us = np.array([round(s.clock_s * 1e6) for s in stations] or [0])
    return Received._make((*columns, station, (reached + clock_us[station]) // 1000 * 1000))


def _heard(sent: Sent, stations: Sequence[Station], seed: int) -> tuple[Ints32, npt.NDArray[np.int16], Ints]:
    """Which report each reception is of, by which station, and when it reached the shore."""
    size = len(sent.voyage)
    if not stations:
        return np.arange(size, dtype=np.int32), np.zeros(size, np.int16), sent.time_us
    number = _numbers(sent.voyage)
    table, silent = _station_tables(stations)
    rows, whose = [], []
    for k in range(len(stations)):
        heard = np.zeros(size, np.bool_)
        hear(sent.voyage, number, sent.time_us, sent.true_lon_deg, sent.true_lat_deg, k, table[k], silent,
             np.uint64(seed), heard)  # fmt: skip
        rows.append(np.flatnonzero(heard).astype(np.int32))
        whose.append(np.full(len(rows[-1]), k, np.int16))
    row, station = np.concatenate(rows), np.concatenate(whose)
    delay = np.empty(len(row))
    chances(sent.voyage[row], number[row], station, np.uint64(DELAY_DICE), np.uint64(seed), delay)
    return row, station, sent.time_us[row] + (delay * DELAY_S * 1e6).astype(np.int64)


def _numbers(voyage: Ints32) -> Ints:
    """The number of each report within its voyage."""
    at = np.arange(len(voyage))
    first = np.flatnonzero(np.diff(voyage, prepend=-1))
    return at - np.repeat(first, np.diff(np.append(first, len(voyage))))


def _station_tables(stations: Sequence[Station]) -> tuple[Floats, Floats]:
    """Return (lon, lat, range) of each, and (station, from, until in microseconds) of each silence."""
    table = np.array([(s.lon_deg, s.lat_deg, s.range_km * 1000) for s in stations])
    silent = [(k, a * 1e6, b * 1e6) for k, s in enumerate(stations) for a, b in s.silent_s]
    return table, np.array(silent, dtype=np.float64).reshape(-1, 3)


@inlined
def chance(seed: Any, voyage: int, number: int, what: Any) -> float:
    """Return a number in [0, 1) that belongs to this report and question alone (SplitMix64 as a hash)."""
    z = (seed + np.uint64(1)) * GOLDEN + np.uint64(voyage) * MIX_1 + np.uint64(number) * MIX_2 + what * S_ODD
    z = (z ^ (z >> S30)) * MIX_1
    z = (z ^ (z >> S27)) * MIX_2
    z = z ^ (z >> S31)
    z = (z + GOLDEN) * MIX_1
    z = (z ^ (z >> S27)) * MIX_2
    return float((z ^ (z >> S31)) >> S11) * 1.1102230246251565e-16


@compiled
def chances(voyage: Any, number: Any, what: Any, more: Any, seed: Any, out: Any) -> None:
    """Fill `out` with the chance of each, for the question `what + more`."""
    for k in range(len(voyage)):
        out[k] = chance(seed, voyage[k], number[k], np.uint64(what[k]) + more)


@compiled
def hear(
    voyage: Any, number: Any, time_us: Any, lon: Any, lat: Any, station: int, place: Any, silent: Any, seed: Any,
    heard: Any,
) -> None:  # fmt: skip
    """Mark which reports a station (`place` is its longitude, latitude and range) hears."""
    wide = M_PER_DEG * np.cos(np.radians(place[1]))
    for k in range(len(voyage)):
        far = np.hypot((lon[k] - place[0]) * wide, (lat[k] - place[1]) * M_PER_DEG) / place[2]
        if far > REACH or is_silent(silent, station, time_us[k]):
            continue
        likely = (1.0 - NEAR_LOSS) / (1.0 + np.exp((far - 1.0) / FADE))
        heard[k] = chance(seed, voyage[k], number[k], np.uint64(station)) < likely


@inlined
def is_silent(silent: Any, station: int, time_us: int) -> bool:
    """Whether a station is down at a time."""
    down = False
    for k in range(len(silent)):
        down |= silent[k, 0] == station and silent[k, 1] <= time_us < silent[k, 2]
    return down


def jammed(sent: Sent, interference: Sequence[Interference], seed: int) -> Sent:
    """Return what is sent where satellite navigation is disturbed: wrong places, or none (those reports are left out).

    scatter: each vessel is shown somewhere else, anew every few minutes; offset: all are moved the same way;
    lost: sets without a fix send no position.
    """
    lon, lat, sog, cog = (np.array(c) for c in (sent.lon_deg, sent.lat_deg, sent.sog_kn, sent.cog_deg))
    kept = np.ones(len(lon), np.bool_)
    for number, area in enumerate(interference):
        hit = np.flatnonzero(_within(sent, area))
        if area.manner == "lost":
            kept[hit] = False
            continue
        shrink = np.cos(np.radians(area.lat_deg))
        if area.manner == "offset":
            way = 2 * np.pi * np.random.default_rng([seed, number]).random()
            far = np.full(len(hit), area.offset_km * 1000)
            turn = np.full(len(hit), way)
        else:
            spell = sent.time_us[hit] // 180_000_000  # a false fix lasts minutes
            a, b, c, d = (_drawn(sent.voyage[hit], spell, SCATTER_DICE + 4 * number + q, seed) for q in range(4))
            far, turn = area.offset_km * 1000 * np.sqrt(a), 2 * np.pi * b
            sog[hit], cog[hit] = np.round(60 * c**2, 1), np.round(360 * d, 1) % 360
        lon[hit] += far * np.sin(turn) / (M_PER_DEG * shrink)
        lat[hit] += far * np.cos(turn) / M_PER_DEG
    moved = sent._replace(lon_deg=lon, lat_deg=lat, sog_kn=sog, cog_deg=cog)
    return moved if kept.all() else Sent._make(column[kept] for column in moved)


def _within(sent: Sent, area: Interference) -> npt.NDArray[np.bool_]:
    at = sent.time_us / 1e6
    east = (sent.true_lon_deg - area.lon_deg) * np.cos(np.radians(area.lat_deg))
    far_km = np.hypot(east, sent.true_lat_deg - area.lat_deg) * M_PER_DEG / 1000
    within: npt.NDArray[np.bool_] = (at >= area.from_s) & (at < area.until_s) & (far_km <= area.radius_km)
    return within


def _drawn(voyage: Ints32, spell: Ints, what: int, seed: int) -> Floats:
    out = np.empty(len(voyage))
    chances(voyage, spell, np.zeros(len(voyage), np.int16), np.uint64(what), np.uint64(seed), out)
    return out
