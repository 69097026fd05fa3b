"""Positions to tracks: one physical vessel each, even when two share an MMSI or a receiver is fooled.

A position belongs to the track from which it could have been reached. One that no track could reach is
*stray*: it is shown to detectors as a jump of the trusted track, until enough of its kind persist to be
believed a second hull under the same MMSI.
"""

from __future__ import annotations

import math
from typing import Any

from anchorwatch.picture.compiled import inlined
from anchorwatch.picture.state import FORGET_S

# Implied speed above which a step is impossible: 60 kn, or 2.5 x the speed shown (reference/domain.md
# B.7), but never below 30 kn, so that a ship that reports 0 while it moves is not split.
REACH_MAX_KN = 60.0
REACH_MIN_KN = 30.0
REACH_FACTOR = 2.5
# GNSS noise, whole-second time stamps at 30 kn, and antennas a ship's length apart.
REACH_SLACK_M = 300.0
# The same transmission through several receivers arrives within seconds; the fastest vessels speak every 2 s.
REPEAT_US = 5_000_000
SAME_PLACE_M = 50.0
# A stray run this long and this well filled is a second hull (or the truth, after a false start).
BELIEVE_US = 20 * 60_000_000
BELIEVE_COUNT = 8
# A first track with fewer positions than this is no ground to call another place impossible.
TRUST_COUNT = 3
KN = 1852.0 / 3600.0
DUPLICATE = -1


@inlined
def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Distance on the WGS84 ellipsoid by local radii; exact to 0.1 % within 100 km."""
    e2 = 0.0066943799901413165
    sin_lat = math.sin(math.radians((lat1 + lat2) / 2.0))
    w2 = 1.0 - e2 * sin_lat * sin_lat
    prime = 6378137.0 / math.sqrt(w2)
    dlon = lon2 - lon1
    if dlon > 180.0:
        dlon -= 360.0
    elif dlon < -180.0:
        dlon += 360.0
    x = math.radians(dlon) * prime * math.sqrt(1.0 - sin_lat * sin_lat)
    y = math.radians(lat2 - lat1) * prime * (1.0 - e2) / w2
    return math.sqrt(x * x + y * y)


@inlined
def step_m(track: Any, event: Any) -> float:
    """Distance of a position from where the track was last."""
    return metres(track.lon_deg, track.lat_deg, event.lon_deg, event.lat_deg)


@inlined
def reachable(track: Any, event: Any, distance_m: float) -> bool:
    """Tell whether a vessel on this track can be at this place, so far away, at this time."""
    fastest = max(event.sog_kn, track.sog_kn)  # NaN where neither is known
    limit = REACH_MAX_KN
    if not math.isnan(fastest):
        limit = min(REACH_MAX_KN, max(REACH_MIN_KN, REACH_FACTOR * fastest))
    dt_s = max((event.time_us - track.time_us) / 1e6, 0.0)
    return bool(distance_m <= limit * KN * dt_s + REACH_SLACK_M)


@inlined
def repeated(track: Any, event: Any, distance_m: float) -> bool:
    """Tell whether this is a transmission already seen: the same again, or the same second and place."""
    dt_us = event.time_us - track.time_us
    if dt_us > REPEAT_US:
        return False
    if dt_us <= 0:
        return distance_m <= SAME_PLACE_M
    same_place = event.lon_deg == track.lon_deg and event.lat_deg == track.lat_deg
    same_sog = event.sog_kn == track.raw_sog_kn or (math.isnan(event.sog_kn) and math.isnan(track.raw_sog_kn))
    same_cog = event.cog_deg == track.raw_cog_deg or (math.isnan(event.cog_deg) and math.isnan(track.raw_cog_deg))
    return same_place and same_sog and same_cog


@inlined
def choose(vessel: Any, tracks: Any, sizes: Any, event: Any) -> tuple[int, float]:
    """Return the track this position belongs to, starting one where needed, and how far it is from there.

    At or below DUPLICATE: it repeats what track DUPLICATE - number said.

    Expects room for one more track in `tracks`.
    """
    best, best_m, best_rank = -1, math.nan, math.inf
    for k in range(vessel.track.size):
        number = vessel.track[k]
        if number < 0:
            continue
        track = tracks[number]
        if abs(event.time_us - track.time_us) / 1e6 > FORGET_S:
            continue
        distance_m = step_m(track, event)
        if repeated(track, event, distance_m):
            return DUPLICATE - number, distance_m
        if reachable(track, event, distance_m):
            rank = distance_m + (1e7 if track.stray else 0.0)  # a believed track goes before a stray one
            if rank < best_rank:
                best, best_m, best_rank = number, distance_m, rank
    if best < 0:
        best = begin(vessel, tracks, sizes, event)
    return best, best_m


@inlined
def trusted(vessel: Any, tracks: Any, time_us: int) -> int:
    """Return the believed track that was heard last, or -1."""
    best = -1
    for k in range(vessel.track.size):
        number = vessel.track[k]
        if number < 0 or tracks[number].stray or tracks[number].count < TRUST_COUNT:
            continue
        if abs(time_us - tracks[number].time_us) / 1e6 > FORGET_S:
            continue
        if best < 0 or tracks[number].time_us > tracks[best].time_us:
            best = number
    return best


@inlined
def begin(vessel: Any, tracks: Any, sizes: Any, event: Any) -> int:
    """Start a track with this position, in a free place or in that of the least worthy track."""
    before = trusted(vessel, tracks, event.time_us)
    worst, worst_rank = 0, math.inf
    for k in range(vessel.track.size):
        number = vessel.track[k]
        if number < 0 or abs(event.time_us - tracks[number].time_us) / 1e6 > FORGET_S:
            worst = k  # a forgotten track's place is as free as one that was dropped
            break
        rank = float(tracks[number].time_us) + (0.0 if tracks[number].stray else 1e18)
        if rank < worst_rank and number != before:
            worst, worst_rank = k, rank
    number = vessel.track[worst]
    if number < 0:
        number = sizes[1]
        sizes[1] += 1
        vessel.track[worst] = number
    track = tracks[number]
    track.number = worst
    track.track = event.mmsi * 8 + worst
    track.stray = before >= 0
    track.count = 0
    track.first_us = event.time_us
    track.coverage_cell, track.coverage_slot = -1, -1
    track.heard_by, track.heard_before = 0, 0
    return int(number)


@inlined
def advance(track: Any, event: Any, sog_kn: float, cog_deg: float) -> None:
    """Remember a position as the track's last."""
    track.time_us, track.source = event.time_us, event.source
    track.lon_deg, track.lat_deg = event.lon_deg, event.lat_deg
    track.sog_kn, track.cog_deg = sog_kn, cog_deg
    track.raw_sog_kn, track.raw_cog_deg = event.sog_kn, event.cog_deg
    track.count = min(track.count + 1, 1_000_000)
