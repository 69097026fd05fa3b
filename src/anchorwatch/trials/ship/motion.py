"""Sails voyages: where each vessel truly is, and what its AIS sends, second by second.

One compiled pass per voyage, two at a time. Each voyage has dice of its own, so that the result is the same
whatever the number of threads, and a voyage sails alike whoever else is at sea. Equations: docs/ship_model.md.
"""

from __future__ import annotations

import os
import threading
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from anchorwatch.schema import Floats, Ints, Ints32
from anchorwatch.trials.plan import EVENTS, Event, Step, Voyage, Water, Weather
from anchorwatch.trials.ship import drag, hulls
from anchorwatch.trials.ship import kernel as motion_kernel
from anchorwatch.trials.ship.handling import handling

STEPS = np.dtype(
    [(name, np.float64) for name in ("lon", "lat", "kn", "until")] + [(n, np.int64) for n in ("how", "made", "status")]
)
HAPPENS = np.dtype([(name, np.float64) for name in ("at", "value", "value2", "until")] + [("what", np.int64)])
BLOCK, BLOCK_ROWS = 32, 2_000_000  # voyages that one thread sails at a time, and the rows there is room for
SHORTEST_S = 2.0  # between reports, by ITU-R M.1371


class Sent(NamedTuple):
    """Position reports as transmitted, in (voyage, time) order."""

    voyage: Ints32  # index into the voyages
    time_us: Ints  # since the start of the trial
    true_lon_deg: Floats
    true_lat_deg: Floats
    lon_deg: Floats  # as the vessel says
    lat_deg: Floats
    sog_kn: Floats
    cog_deg: Floats
    heading_deg: Floats  # NaN = not available
    rot_deg_min: Floats  # NaN = not available
    nav_status: npt.NDArray[np.int8]
    who: Ints32  # 0 = voyage.who, k = the k-th identity event


def sail(
    voyages: Sequence[Voyage], water: Water, *, seed: int, interval_scale: float = 1.0, threads: int | None = None
) -> Sent:
    """Sail all voyages and return what they send."""
    weather = weather_table(water.weather)
    largest = max((_room(v, interval_scale) for v in voyages), default=1)
    each = max(1, min(BLOCK, BLOCK_ROWS // largest))
    blocks = [voyages[k : k + each] for k in range(0, len(voyages), each)]
    room = max((sum(_room(v, interval_scale) for v in block) for block in blocks), default=1)
    own = threading.local()

    def crew(block: Sequence[Voyage]) -> tuple[list[int], _Log]:
        if not hasattr(own, "log"):  # never touched beyond what is written: mostly not even real memory
            own.log = _Log(np.empty(room, np.int64), np.empty((8, room)), np.empty((2, room), np.int32))
        counts: list[int] = []
        for voyage in block:
            rest = own.log.after(sum(counts))
            counts.append(_sail_one(voyage, water, weather, seed, interval_scale, rest))
        return counts, own.log.copied(sum(counts))

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        done = list(pool.map(crew, blocks))
    return _joined([n for counts, _ in done for n in counts], [log for _, log in done])


class _Log(NamedTuple):
    """What the compiled pass writes: times; the eight numbers of Sent from `true_lon_deg` on; who and status."""

    times: Ints
    numbers: Floats
    marks: Ints32

    def after(self, count: int) -> _Log:
        return _Log(self.times[count:], self.numbers[:, count:], self.marks[:, count:])

    def copied(self, count: int) -> _Log:
        return _Log(self.times[:count].copy(), self.numbers[:, :count].copy(), self.marks[:, :count].copy())


def _room(voyage: Voyage, scale: float) -> int:
    return int(max(0.0, voyage.end_s - voyage.start_s) / (SHORTEST_S * scale) * 1.02) + 64


def _sail_one(voyage: Voyage, water: Water, weather: Floats, seed: int, scale: float, log: _Log) -> int:
    hull = hulls.of_voyage(voyage)
    depth = voyage.depth_m if voyage.depth_m > 0 else water.depth_m
    state = motion_kernel.fresh(_dice(voyage, seed), voyage)
    events = sorted(voyage.events, key=lambda event: event.at_s)
    pulls = pull_tables(hull, events, depth, water.bottom)
    ais = _set_up(voyage, state, scale)
    bottom = drag.BOTTOMS[water.bottom].fluctuation
    sent: int = motion_kernel.compiled_run()(
        state, hull, handling(voyage.ship_class), step_table(voyage.steps), event_table(events), pulls, weather,
        ais, (float(voyage.end_s), float(depth), bottom), log.times, log.numbers, log.marks,
    )  # fmt: skip
    return sent


def _dice(voyage: Voyage, seed: int) -> int:
    text = f"{seed} {voyage.who.mmsi} {voyage.start_s!r} {voyage.lon_deg!r} {voyage.lat_deg!r}".encode()
    return zlib.crc32(text) << 32 | zlib.crc32(text[::-1])


def _set_up(voyage: Voyage, state: npt.NDArray[np.void], scale: float) -> tuple[float, float, float, float]:
    """What this vessel's AIS set is joined to. Most class B sets have no compass; small ships show no rate of turn."""
    rng = np.random.default_rng(int(state["random"][0]))
    class_b = voyage.who.class_b
    state["compass"] = rng.normal(0.0, 1.0)  # degrees: gyro error and its alignment [K]
    compass = rng.random() < (0.1 if class_b else 0.95)
    turn = compass and not class_b and rng.random() < (0.9 if voyage.who.length_m >= 100 else 0.5)
    return float(class_b), float(compass), float(turn), float(scale)


def step_table(steps: Sequence[Step]) -> npt.NDArray[np.void]:
    """Return steps as the compiled model reads them."""
    rows = [(s.lon_deg, s.lat_deg, s.kn, s.until_s, s.how, int(s.made), s.nav_status) for s in steps]
    return np.array(rows, dtype=STEPS)


def event_table(events: Sequence[Event]) -> npt.NDArray[np.void]:
    """Return events as the compiled model reads them."""
    return np.array([(e.at_s, e.value, e.value2, e.until_s, EVENTS.index(e.what)) for e in events], dtype=HAPPENS)


def pull_tables(hull: hulls.Hull, events: Sequence[Event], depth_m: float, bottom: str) -> Floats:
    """Return, for each event, the pull by speed of the anchor that it lets go; zero for all others."""
    pulls = np.zeros((max(1, len(events)), drag.SPEEDS))
    for k, event in enumerate(events):
        if event.what == "anchor_drop":
            pulls[k] = drag.table_n(hull, event.value or 0.5 * hull.chain_m, depth_m, bottom)
    return pulls


def weather_table(weather: Sequence[Weather]) -> Floats:
    """Return (time, wind east, north, current east, north) in m/s; wind as it blows to."""
    rows = []
    for w in sorted(weather, key=lambda each: each.from_s) or [Weather(0.0)]:
        to, set_to = np.radians(w.wind_from_deg + 180.0), np.radians(w.current_to_deg)
        wind, current = w.wind_kn * hulls.KN, w.current_kn * hulls.KN
        rows.append(
            (w.from_s, wind * np.sin(to), wind * np.cos(to), current * np.sin(set_to), current * np.cos(set_to))
        )
    return np.array(rows)


def _joined(counts: list[int], logs: list[_Log]) -> Sent:
    """Put the logs one after another and let each go: a day of a whole sea is gigabytes."""
    size = sum(counts)
    times, columns = np.empty(size, np.int64), [np.empty(size) for _ in range(8)]
    who, status = np.empty(size, np.int32), np.empty(size, np.int8)
    start = 0
    while logs:
        log = logs.pop(0)
        part = slice(start, start + len(log.times))
        times[part], who[part], status[part] = log.times, log.marks[0], log.marks[1]
        for column, values in zip(columns, log.numbers, strict=True):
            column[part] = values
        start = part.stop
    voyage = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return Sent._make((voyage, times, *columns, status, who))
