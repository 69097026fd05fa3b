"""Where an actor truly went, and which assets it truly crossed."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from anchorwatch import chart
from anchorwatch.chart import crossings_one
from anchorwatch.chart.assets import Grid
from anchorwatch.edges.toml_table import Point
from anchorwatch.schema import Floats
from anchorwatch.trials.plan import Voyage, Water
from anchorwatch.trials.scenario import Scenario
from anchorwatch.trials.scenario.checks import EARTH_M
from anchorwatch.trials.ship import motion

REACHED_M = 400.0  # a ship turns before the corner: this near is there, whatever the ship
LONGEST = 3.0  # times as long as at the speed of its approach: a ship slows, but what comes later is no arrival
LEAVES_M = 50.0  # so much farther away than it has been is away again
NEVER_M = 10_000.0  # farther than this, a step's place was not reached at all
MOST_CROSSINGS = 100_000
# Events that change what is said, not where the ship is.
SAID = ("ais_off", "ais_on", "spoof_offset", "spoof_place")


class Crossing(NamedTuple):
    """A true crossing of an asset."""

    asset: str
    time_s: float
    kp_km: float
    lon_deg: float
    lat_deg: float


class Track(NamedTuple):
    """True places in order of time (seconds of the trial)."""

    time_s: Floats
    lon_deg: Floats
    lat_deg: Floats

    def metres_from(self, place: Point) -> Floats:
        """Distance of each place from one."""
        lon, lat = np.radians(self.lon_deg), np.radians(self.lat_deg)
        lon0, lat0 = np.radians(place)
        east, north = (lon - lon0) * np.cos(0.5 * (lat + lat0)), lat - lat0
        metres: Floats = np.hypot(east, north) * EARTH_M
        return metres

    def nearest_s(self, place: Point, after_s: float, otherwise_s: float, reach_m: float = REACHED_M) -> float:
        """Return when the ship, from a time on, first comes within reach of a place and begins to leave it again.

        That is when it is there, even if it turned early and passes nearer later. `otherwise_s` where it never is.
        """
        later = np.flatnonzero(self.time_s >= after_s)
        if not len(later):
            return otherwise_s
        metres = self.metres_from(place)[later]
        if metres.min() > NEVER_M:
            return max(otherwise_s, after_s)
        reach_m = max(reach_m, 1.2 * float(metres.min()))
        first = int(np.argmax(metres <= reach_m))
        metres, times = metres[first:], self.time_s[later[first:]]
        over = metres > np.minimum.accumulate(metres) + LEAVES_M
        over |= times > times[0] + LONGEST * reach_m / self._speed_ms(int(later[first]))
        last = max(int(np.argmax(over)), 1) if over.any() else len(metres)
        return float(times[int(np.argmin(metres[:last]))])

    def _speed_ms(self, at: int) -> float:
        """Speed made good about a place."""
        few = slice(max(at - 2, 0), at + 3)
        part = Track(self.time_s[few], self.lon_deg[few], self.lat_deg[few])
        return max(float(part.made_kn().mean()) if len(part.time_s) > 1 else 0.0, 0.5) * 1852 / 3600

    def made_kn(self) -> Floats:
        """Speed made good from each place to the next."""
        lon, lat = np.radians(self.lon_deg), np.radians(self.lat_deg)
        east, north = np.diff(lon) * np.cos(0.5 * (lat[1:] + lat[:-1])), np.diff(lat)
        knots: Floats = np.hypot(east, north) * EARTH_M / np.maximum(np.diff(self.time_s), 1e-3) * 3600 / 1852
        return knots

    def mean_kn(self, from_s: float, until_s: float) -> float | None:
        """Return the way made between two times over the time; None where the ship was not there."""
        within = (self.time_s[:-1] >= from_s) & (self.time_s[1:] <= until_s)
        lasts = np.diff(self.time_s)[within]
        return float((self.made_kn()[within] * lasts).sum() / lasts.sum()) if within.any() else None


def true_track(voyage: Voyage, water: Water, seed: int, interval_scale: float) -> Track:
    """Sail one voyage, heard all the way, and return where it went."""
    heard = replace(voyage, events=tuple(e for e in voyage.events if e.what not in SAID))
    sent = motion.sail([heard], water, seed=seed, interval_scale=interval_scale)
    return Track(sent.time_us / 1e6, np.asarray(sent.true_lon_deg), np.asarray(sent.true_lat_deg))


class Lines:
    """The assets of a trial, ready to be crossed."""

    def __init__(self, made: Scenario) -> None:
        """Build the grid once."""
        self.assets = made.assets
        self.grid = chart.make(made.assets).grid

    def crossings(self, track: Track) -> list[Crossing]:
        """Return the crossings of a track, in order."""
        if len(track.time_s) < 2 or not self.assets:
            return []
        asset, step, fraction, kp_km = _walk(self.grid, track.lon_deg, track.lat_deg)

        def between(values: Floats, k: int) -> float:
            return float(values[step[k]] + fraction[k] * (values[step[k] + 1] - values[step[k]]))

        return [
            Crossing(
                self.assets[asset[k]].id, between(track.time_s, k), float(kp_km[k]),
                between(track.lon_deg, k), between(track.lat_deg, k),
            )
            for k in range(len(asset))
        ]  # fmt: skip


Ints32 = npt.NDArray[np.int32]


@njit(cache=True, nogil=True, error_model="numpy")
def _walk(grid: Grid, lon_deg: Floats, lat_deg: Floats) -> tuple[Ints32, Ints32, Floats, Floats]:
    """Return asset, step, fraction of the step and kilometre point of each crossing."""
    one, share, kp, bearing = np.empty(64, np.int32), np.empty(64), np.empty(64), np.empty(64)
    asset, step = np.empty(MOST_CROSSINGS, np.int32), np.empty(MOST_CROSSINGS, np.int32)
    fraction, kp_km = np.empty(MOST_CROSSINGS), np.empty(MOST_CROSSINGS)
    n = 0
    for i in range(len(lon_deg) - 1):
        count = crossings_one(grid, lon_deg[i], lat_deg[i], lon_deg[i + 1], lat_deg[i + 1], one, share, kp, bearing)
        for k in range(count):
            if n < MOST_CROSSINGS:
                asset[n], step[n], fraction[n], kp_km[n] = one[k], i, share[k], kp[k]
                n += 1
    return asset[:n], step[:n], fraction[:n], kp_km[:n]
