"""What a vessel's AIS set sends: when (ITU-R M.1371-5, annex 1 tables 1 and 2), and what its sensors say.

The functions are taken into the compiled ship model (motion.py); they run in plain Python as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from anchorwatch.picture.compiled import inlined
from anchorwatch.trials.ship.hulls import KN
from anchorwatch.trials.ship.state import drift, normal, uniform, wrap
from anchorwatch.trials.ship.steer import M_PER_DEG

AT_ANCHOR, MOORED_STATUS, NOT_UNDER_COMMAND, UNDEFINED = 1, 5, 2, 15  # ITU-R M.1371 table 45
TURN_DEG, TURN_MEAN_S, TURN_HOLD_S = 5.0, 15.0, 20.0  # changing course: 5 degrees off the mean of 30 s, kept for 20 s
JITTER = 0.1  # a slot is taken within a fifth of the interval about its time (SI = 0.2 NI)
SLOTS_S = 37.5  # slots a second
GNSS_M, GNSS_S, FIX_M = 2.5, 300.0, 0.5  # slow wander of a fix (per axis), its memory, and noise from fix to fix [K]
DOPPLER_MS = 0.03  # error of GNSS velocity per axis: 0.06 kn [K]
PLACE_UNITS = 600_000.0  # a ten-thousandth of a minute


@inlined
def interval_s(class_b: float, status: int, sog_kn: float, turning: bool) -> float:
    """Seconds between position reports. Class B is the carrier-sense kind (message 18)."""
    if class_b > 0.0:
        return 180.0 if sog_kn <= 2.0 else 30.0
    if status in (AT_ANCHOR, MOORED_STATUS):
        return 180.0 if sog_kn <= 3.0 else 10.0
    if sog_kn > 23.0:
        return 2.0
    if sog_kn > 14.0:
        return 2.0 if turning else 6.0
    return 10.0 / 3.0 if turning else 10.0


@inlined
def sense(s: Any, dt: float) -> None:
    """Let the set's sensors follow: the mean heading that tells a turn, and the wander of the fix."""
    off = wrap(s.heading - s.mean_heading)
    s.mean_heading += off * min(1.0, dt / TURN_MEAN_S)
    if abs(off) > np.radians(TURN_DEG):
        s.turning_until = s.t + TURN_HOLD_S
    s.gnss_east = drift(s, s.gnss_east, GNSS_M, GNSS_S, dt)
    s.gnss_north = drift(s, s.gnss_north, GNSS_M, GNSS_S, dt)


@inlined
def report(s: Any, ais: Any, times: Any, numbers: Any, marks: Any, dt: float) -> None:
    """Send what falls due before `s.t + dt`; `ais` is (class B, has a compass, shows rate of turn, interval scale)."""
    sense(s, dt)
    sog = np.hypot(s.east, s.north) / KN
    between = interval_s(ais[0], s.status, sog, s.turning_until > s.t and sog > 1.0) * ais[3]
    end = s.t + dt
    if s.nominal_s > end + between:  # a shorter interval begins at once
        s.nominal_s = end + between
        s.next_s = s.nominal_s
    while s.next_s < end:
        if s.silent == 0 and s.sent < len(times):
            send(s, ais, times, numbers, marks)
        s.nominal_s += between
        s.next_s = s.nominal_s + (2.0 * uniform(s) - 1.0) * JITTER * between


@inlined
def send(s: Any, ais: Any, times: Any, numbers: Any, marks: Any) -> None:
    """Write one report: where the vessel is, and what it says."""
    k = s.sent
    at = np.floor(s.next_s * SLOTS_S) / SLOTS_S
    since = max(0.0, at - s.t)
    lon = s.lon + s.east * since / (M_PER_DEG * s.shrink)
    lat = s.lat + s.north * since / M_PER_DEG
    times[k] = np.int64(np.floor(at * 1e6))
    numbers[0, k], numbers[1, k] = lon, lat
    east, north = s.east + DOPPLER_MS * normal(s), s.north + DOPPLER_MS * normal(s)
    shown_e, shown_n = s.gnss_east + FIX_M * normal(s), s.gnss_north + FIX_M * normal(s)
    if s.spoof == 1:
        shown_e, shown_n = shown_e + s.spoof_a, shown_n + s.spoof_b
    elif s.spoof == 2:  # somewhere else, nearly at rest
        lon, lat, east, north = s.spoof_a, s.spoof_b, east - s.east, north - s.north
    lon += shown_e / (M_PER_DEG * s.shrink)
    lat += shown_n / M_PER_DEG
    numbers[2, k], numbers[3, k] = np.round(lon * PLACE_UNITS) / PLACE_UNITS, np.round(lat * PLACE_UNITS) / PLACE_UNITS
    numbers[4, k] = np.round(np.hypot(east, north) / KN * 10.0) / 10.0
    numbers[5, k] = np.round(np.degrees(np.arctan2(east, north)) * 10.0) % 3600.0 / 10.0
    numbers[6, k] = np.round(np.degrees(s.heading) + s.compass) % 360.0 if ais[1] > 0.0 else np.nan
    numbers[7, k] = turn_shown(s) if ais[2] > 0.0 else np.nan
    marks[0, k], marks[1, k] = s.who, (UNDEFINED if ais[0] > 0.0 else s.status)
    s.sent = k + 1


@inlined
def turn_shown(s: Any) -> float:
    """Rate of turn in degrees a minute, as coarse as message 1 says it: 4.733 sqrt(rate), a whole number."""
    rate = np.degrees(s.rate) * 60.0 + 0.5 * normal(s)
    code = np.round(4.733 * np.sqrt(abs(rate)))
    return float(np.sign(rate) * (code / 4.733) ** 2)
