"""What shore stations receive of what is sent: reach, losses, outages, copies, wrong clocks; and jammed fixes.

Chance is drawn for each report from the seed, the vessel's number and the report's own, so that the result is the
same in whatever order, and by however many threads, the reports are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.picture.compiled import compiled, inlined
from anchorwatch.schema import Floats, Ints, Ints32
from anchorwatch.trials.motion import Sent
from anchorwatch.trials.motion_state import GOLDEN, MIX_1, MIX_2, S11, S27, S30, S31
from anchorwatch.trials.motion_steer import M_PER_DEG
from anchorwatch.trials.plan import Interference, Station

NEAR_LOSS = 0.03  # lost even close by: slots taken twice, masts in the way [K: busy VHF links, a few per cent]
FADE = 0.08  # the edge of reach is soft: the chance falls from 0.9 to 0.1 over about a third of the range
DELAY_S = 0.6  # from the air to the shore's log, at most
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
    number = _numbers(sent.voyage)
    if stations:
        table, silent = _station_tables(stations)
        heard = np.zeros((len(stations), len(sent.voyage)), np.bool_)
        hear(sent.voyage, number, sent.time_us, sent.true_lon_deg, sent.true_lat_deg, table, silent, np.uint64(seed),
             heard)  # fmt: skip
        station, row = np.nonzero(heard)
        clock_us = np.array([round(s.clock_s * 1e6) for s in stations])[station]
    else:
        row, station = np.arange(len(sent.voyage)), np.zeros(len(sent.voyage), np.int64)
        clock_us = np.zeros(1, np.int64)
    reached = sent.time_us[row]
    if stations:
        reached = reached + _delays(sent.voyage[row], number[row], station, seed)
    order = np.argsort(reached, kind="stable")
    row, clocked = row[order], (reached + clock_us)[order] // 1000 * 1000
    del reached
    return Received(*(column[row] for column in sent), station[order].astype(np.int16), clocked)


def _numbers(voyage: Ints32) -> Ints:
    """The number of each report within its voyage."""
    at = np.arange(len(voyage))
    first = np.flatnonzero(np.diff(voyage, prepend=-1))
    return at - np.repeat(first, np.diff(np.append(first, len(voyage))))


def _delays(voyage: Ints32, number: Ints, station: Ints, seed: int) -> Ints:
    """Microseconds from the air to the log."""
    out = np.empty(len(voyage))
    chances(voyage, number, station + 1000, np.uint64(seed), out)
    return (out * DELAY_S * 1e6).astype(np.int64)


def _station_tables(stations: Sequence[Station]) -> tuple[Floats, Floats]:
    """Return (lon, lat, range) of each, and (station, from, until in microseconds) of each silence."""
    table = np.array([(s.lon_deg, s.lat_deg, s.range_km * 1000) for s in stations])
    silent = [(k, a * 1e6, b * 1e6) for k, s in enumerate(stations) for a, b in s.silent_s]
    return table, np.array(silent, dtype=np.float64).reshape(-1, 3)


@inlined
def chance(seed: Any, voyage: int, number: int, what: int) -> float:
    """Return a number in [0, 1) that belongs to this report and question alone (SplitMix64 as a hash)."""
    z = (seed + np.uint64(1)) * GOLDEN + np.uint64(voyage) * MIX_1 + np.uint64(number) * MIX_2 + np.uint64(what)
    z = (z ^ (z >> S30)) * MIX_1
    z = (z ^ (z >> S27)) * MIX_2
    z = z ^ (z >> S31)
    z = (z + GOLDEN) * MIX_1
    z = (z ^ (z >> S27)) * MIX_2
    return float((z ^ (z >> S31)) >> S11) * 1.1102230246251565e-16


@compiled
def chances(voyage: Any, number: Any, what: Any, seed: Any, out: Any) -> None:
    """Fill `out` with the chance of each."""
    for k in range(len(voyage)):
        out[k] = chance(seed, voyage[k], number[k], what[k])


@compiled
def hear(
    voyage: Any, number: Any, time_us: Any, lon: Any, lat: Any, table: Any, silent: Any, seed: Any, heard: Any
) -> None:
    """Mark which station hears which report."""
    for k in range(len(voyage)):
        wide = M_PER_DEG * np.cos(np.radians(lat[k]))
        for j in range(len(table)):
            far = np.hypot((lon[k] - table[j, 0]) * wide, (lat[k] - table[j, 1]) * M_PER_DEG)
            if far > 1.6 * table[j, 2] or is_silent(silent, j, time_us[k]):
                continue
            likely = (1.0 - NEAR_LOSS) / (1.0 + np.exp((far / table[j, 2] - 1.0) / FADE))
            heard[j, k] = chance(seed, voyage[k], number[k], j) < likely


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
            a, b, c, d = (_drawn(sent.voyage[hit], spell, 50 + 4 * number + q, seed) for q in range(4))
            far, turn = area.offset_km * 1000 * np.sqrt(a), 2 * np.pi * b
            sog[hit], cog[hit] = np.round(60 * c**2, 1), np.round(360 * d, 1) % 360
        lon[hit] += far * np.sin(turn) / (M_PER_DEG * shrink)
        lat[hit] += far * np.cos(turn) / M_PER_DEG
    moved = sent._replace(lon_deg=lon, lat_deg=lat, sog_kn=sog, cog_deg=cog)
    return moved if kept.all() else Sent(*(column[kept] for column in moved))


def _within(sent: Sent, area: Interference) -> npt.NDArray[np.bool_]:
    at = sent.time_us / 1e6
    east = (sent.true_lon_deg - area.lon_deg) * np.cos(np.radians(area.lat_deg))
    far_km = np.hypot(east, sent.true_lat_deg - area.lat_deg) * M_PER_DEG / 1000
    within: npt.NDArray[np.bool_] = (at >= area.from_s) & (at < area.until_s) & (far_km <= area.radius_km)
    return within


def _drawn(voyage: Ints32, spell: Ints, what: int, seed: int) -> Floats:
    out = np.empty(len(voyage))
    chances(voyage, spell, np.full(len(voyage), what), np.uint64(seed), out)
    return out
