"""The last hour of a track by the minute, and what its speed did: shared by detectors of slowing down.

A memory that uses it has a `ring` of closed minutes (speed, course east and north, heading offset) and a `count`
of them. Minutes are counted back from the newest, which is 0. Plain scalar Python that the engine compiles.
"""

from __future__ import annotations

import math
from typing import Any

from anchorwatch.detectors._run import compilable, turn_deg

MINUTE_US = 60_000_000
RING = 64  # minutes of speed kept: the windows below and as much of the usual speed before them
BEFORE, TURN, AFTER = 20, 6, 5  # minutes: baseline, transition (bites take 1 to 6), level since
LEAST_BEFORE = 8  # minutes of baseline without which nothing is said
STEEP = 9
WAYS = 4  # speed, course east and north, heading offset
# A single jolt or turn is not unrest: half a knot and five degrees a minute are beyond what sea and helm do.
JOLT_KN, JOLT_DEG = 0.5, 5.0


@compilable
def mean_of(me: Any, first: int, last: int, way: int) -> float:
    """Mean over closed minutes counted back from the newest (0): first is the older."""
    total = 0.0
    for back in range(last, first + 1):
        total += me.ring[(me.count - 1 - back) % RING, way]
    return total / (first - last + 1)


@compilable
def course_of(me: Any, first: int, last: int) -> float:
    """Mean course over closed minutes."""
    return math.degrees(math.atan2(mean_of(me, first, last, 1), mean_of(me, first, last, 2)))


@compilable
def bite_of(me: Any) -> tuple[float, float, float, float]:
    """Return (bite, baseline speed, noise about its trend, minutes known), from the newest closed minute back."""
    last = AFTER + TURN
    known = min(me.count, RING) - last
    span = min(known, BEFORE)
    mid, sxx, sxy, level = (span - 1) / 2.0, 0.0, 0.0, 0.0
    for k in range(span):
        v = me.ring[(me.count - 1 - last - k) % RING, 0]
        x = mid - k  # grows with time
        sxx += x * x
        sxy += x * v
        level += v / span
    slope = sxy / sxx
    noise = 0.0
    for k in range(span):
        v = me.ring[(me.count - 1 - last - k) % RING, 0]
        noise += (v - level - slope * (mid - k)) ** 2
    noise = math.sqrt(noise / span)
    usual = mean_of(me, last + known - 1, last, 0)
    base = min(level + slope * mid, 1.02 * usual)
    expected = base + min(slope, 0.0) * (TURN + AFTER / 2.0)
    after = mean_of(me, AFTER - 1, 0, 0)
    return (expected - after) / max(base, 0.1), base, noise / max(base, 0.1), float(known)


@compilable
def steep_of(me: Any) -> float:
    """Loss over the last 8 closed minutes, in knots: two minutes at either end against noise."""
    return mean_of(me, STEEP - 1, STEEP - 2, 0) - mean_of(me, 1, 0, 0) if me.count >= STEEP else 0.0


@compilable
def slope_of(me: Any, minutes: int) -> float:
    """Change of speed per minute over the last closed minutes, least squares."""
    mid, sxx, sxy = (minutes - 1) / 2.0, 0.0, 0.0
    for k in range(minutes):
        x = mid - k
        sxx += x * x
        sxy += x * me.ring[(me.count - 1 - k) % RING, 0]
    return sxy / sxx


@compilable
def change_of(me: Any, back: int) -> float:
    """Change of speed from the minute before to this one, knots; a jolt counts as no more than JOLT_KN."""
    newer, older = float(me.ring[(me.count - 1 - back) % RING, 0]), float(me.ring[(me.count - 2 - back) % RING, 0])
    return min(JOLT_KN, abs(newer - older))


@compilable
def sway_of(me: Any, back: int) -> float:
    """Change of course from the minute before to this one; a turn counts as no more than JOLT_DEG."""
    return min(JOLT_DEG, turn_deg(course_of(me, back, back), course_of(me, back + 1, back + 1)))


@compilable
def unrest_of(me: Any, last: int) -> tuple[float, float]:
    """Return the mean change of speed and of course by the minute, over the minutes before `last`."""
    span = min(me.count, RING) - 1 - last
    speed, course = 0.0, 0.0
    for back in range(last, last + span):
        speed += change_of(me, back) / span
        course += sway_of(me, back) / span
    return speed, course
