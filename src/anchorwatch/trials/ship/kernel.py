"""The compiled pass of the ship model: one voyage from its start to its end, in steps of seconds."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from anchorwatch.picture.compiled import compiled, inlined
from anchorwatch.trials import plan
from anchorwatch.trials.plan import ANCHORED, EVENTS, MOORED, SAIL, Voyage
from anchorwatch.trials.ship import lie as lying
from anchorwatch.trials.ship import steer as steering
from anchorwatch.trials.ship import surge as surging
from anchorwatch.trials.ship.hulls import KN
from anchorwatch.trials.ship.reporting import report
from anchorwatch.trials.ship.state import STATE, drift, normal, uniform

BOAT_S, SHIP_S, LYING_S = 2.0, 4.0, 10.0  # step of the integration: ships answer more slowly than boats
BOAT_M = 60.0
DIP_S = 60.0  # a cable that is caught takes way off within a minute or two
SMOOTH_S = 240.0  # currents and engine rooms change speed smoothly: fitted to the autocorrelation of real passages
NEVER = 1e18
DROP, UP, STOP, START, DIP, ORDER, SHARE, OFF, ON, STATUS, IDENTITY, SPOOF_OFFSET, SPOOF_PLACE = range(len(EVENTS))


def fresh(dice: int, voyage: Voyage) -> npt.NDArray[np.void]:
    """Return the state of a vessel at the start of its voyage."""
    state = np.zeros(1, dtype=STATE)
    state["random"] = dice
    state["t"], state["lon"], state["lat"] = voyage.start_s, voyage.lon_deg, voyage.lat_deg
    state["order_kn"], state["anchor"], state["engine_on"], state["status_said"] = np.nan, -1, 1, -1
    state["order_share"] = 1.0
    return state


@cache
def _sources_tag() -> int:
    """Number that changes with the text of any module whose functions are compiled into the pass."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), Path(plan.__file__)]
    return zlib.crc32(b"".join(f.read_bytes() for f in files))


@cache
def compiled_run() -> Callable[..., int]:
    """Return `run`, compiled on first call and cached on disk."""
    tag = _sources_tag()

    @compiled
    def sail_one(
        state: Any, hull: Any, hand: Any, steps: Any, events: Any, pulls: Any, weather: Any,
        ais: Any, sea: Any, times: Any, numbers: Any, marks: Any,
    ) -> int:  # fmt: skip
        tag  # noqa: B018 - part of the cache key: an edited module is never served stale
        return run(state, hull, hand, steps, events, pulls, weather, ais, sea, times, numbers, marks)

    return sail_one


@inlined
def run(
    state: Any, hull: Any, hand: Any, steps: Any, events: Any, pulls: Any, weather: Any,
    ais: Any, sea: Any, times: Any, numbers: Any, marks: Any,
) -> int:  # fmt: skip
    """Sail a voyage; return how many reports were written. `sea` is (end, depth, fluctuation of the bottom)."""
    s = state[0]
    start(s, hull, hand, steps, weather, ais, sea)
    under_way_s = BOAT_S if hull.length_m < BOAT_M else SHIP_S
    while s.t < sea[0] and s.ended == 0:
        happen(s, events)
        blow(s, weather)
        how = steps[s.step].how
        lies = how in (MOORED, ANCHORED)
        dt = min(LYING_S if lies else under_way_s, sea[0] - s.t)
        s.shrink = np.cos(np.radians(s.lat))
        if how == MOORED:
            lying.lie(s)
        elif how == ANCHORED:
            lying.swing(s, hull, dt)
        else:
            move(s, hull, hand, steps, pulls, sea, dt)
        report(s, ais, times, numbers, marks, dt)
        s.lon += s.east * dt / (steering.M_PER_DEG * s.shrink)
        s.lat += s.north * dt / steering.M_PER_DEG
        s.t += dt
        follow(s, hull, steps, sea)
    return int(s.sent)


@inlined
def start(s: Any, hull: Any, hand: Any, steps: Any, weather: Any, ais: Any, sea: Any) -> None:
    """Set a vessel on its first step: lying, or already under way at its speed."""
    s.shrink = np.cos(np.radians(s.lat))
    blow(s, weather)
    if len(steps) == 0:
        s.ended = 1
        return
    s.gnss_east, s.gnss_north = 2.5 * normal(s), 2.5 * normal(s)
    s.unsteady, s.heading = np.exp(hand.spread * normal(s)), 2.0 * np.pi * uniform(s)
    s.tide = hand.slow_kn * s.unsteady * normal(s)
    s.slow = s.tide
    enter(s, hull, steps, sea)
    if steps[0].how == SAIL:
        s.heading = steering.bearing(s.lon, s.lat, steps[0].lon, steps[0].lat)
        steering.find_leg(s, steps[0], hull)
        s.u = surging.order_now(s, hull, steps[0].kn)
        made = surging.made_now(s, hull, steps[0])
        s.u = made if made >= 0.0 else s.u
        s.engine = s.u
    s.mean_heading = s.heading
    s.nominal_s = s.t + (10.0 if steps[0].how == SAIL else 180.0) * ais[3] * uniform(s)
    s.next_s = s.nominal_s


@inlined
def enter(s: Any, hull: Any, steps: Any, sea: Any) -> None:
    """Begin the step that the vessel is now in; a careful crew sets the status that fits."""
    how = steps[s.step].how
    s.status = 0 if how == SAIL else (5 if how == MOORED else (1 if how == ANCHORED else 2))
    steering.begin_leg(s, steps)
    if how == ANCHORED:
        lying.let_go(s, hull, sea[1])
    if s.status_said >= 0:
        s.status = s.status_said


@inlined
def follow(s: Any, hull: Any, steps: Any, sea: Any) -> None:
    """Go on to the next step when this one is done; a voyage whose steps are all done is over."""
    step, last = steps[s.step], s.step + 1 == len(steps)
    sails = step.how == SAIL
    if (sails and not (s.engine_on == 1 and steering.arrived(s, hull, last))) or (not sails and not s.t >= step.until):
        return
    if last:
        s.ended = 1
        return
    s.step += 1
    enter(s, hull, steps, sea)


@inlined
def happen(s: Any, events: Any) -> None:
    """Let what is due happen, and end what is over."""
    if s.spoof > 0 and s.t >= s.spoof_until:
        s.spoof = 0
    if s.t >= s.dip_until:
        s.dip_kn = 0.0
    while s.event < len(events) and events[s.event].at <= s.t:
        event = events[s.event]
        until = event.until if event.until == event.until else NEVER
        what = event.what
        if what == DROP:
            s.anchor = s.event
        elif what == UP:
            s.anchor = -1
        elif what in (STOP, START):
            s.engine_on = 1 if what == START else 0
        elif what == DIP:
            s.dip_kn, s.dip_until = event.value, until
        elif what == ORDER:
            s.order_kn = event.value
        elif what == SHARE:
            s.order_share = event.value
        elif what in (OFF, ON):
            s.silent = 1 if what == OFF else 0
        elif what == STATUS:
            s.status_said = np.int64(event.value)
            s.status = s.status_said
        elif what == IDENTITY:
            s.who += 1
        else:
            s.spoof = 1 if what == SPOOF_OFFSET else 2
            s.spoof_a, s.spoof_b, s.spoof_until = event.value, event.value2, until
        s.event += 1


@inlined
def blow(s: Any, weather: Any) -> None:
    """Wind and current of now, on the straight line between the times of the table."""
    while s.weather + 1 < len(weather) and weather[s.weather + 1, 0] <= s.t:
        s.weather += 1
    k = s.weather
    share = 0.0
    if k + 1 < len(weather) and s.t > weather[k, 0]:
        share = (s.t - weather[k, 0]) / (weather[k + 1, 0] - weather[k, 0])
    n = min(k + 1, len(weather) - 1)
    s.wind_east = weather[k, 1] + share * (weather[n, 1] - weather[k, 1])
    s.wind_north = weather[k, 2] + share * (weather[n, 2] - weather[k, 2])
    s.current_east = weather[k, 3] + share * (weather[n, 3] - weather[k, 3])
    s.current_north = weather[k, 4] + share * (weather[n, 4] - weather[k, 4])


@inlined
def move(s: Any, hull: Any, hand: Any, steps: Any, pulls: Any, sea: Any, dt: float) -> None:
    """One step under way or adrift: turn, speed, and what that is over ground."""
    step = steps[s.step]
    powered = step.how == SAIL and s.engine_on == 1
    s.tide = drift(s, s.tide, hand.slow_kn * s.unsteady, hand.slow_s, dt)
    s.slow += (s.tide - s.slow) * dt / (SMOOTH_S + dt)
    s.quick = drift(s, s.quick, hand.quick_kn * s.unsteady, hand.quick_s, dt)
    s.wander = drift(s, s.wander, np.radians(hand.wander_deg) * s.unsteady, hand.wander_s, dt)
    pull = surging.pull_now(s, pulls, sea[2], dt)
    made = -1.0
    if step.how == SAIL:
        course = steering.find_leg(s, step, hull)
    if powered:
        made = surging.made_now(s, hull, step)
        steering.turn_to(s, course, hull, dt)
        surging.surge(s, hull, made, surging.order_now(s, hull, step.kn), pull, dt)
    else:
        lying.coast(s, hull, pull, dt)
    s.dip += (s.dip_kn - s.dip) * dt / DIP_S
    noise = s.quick if made >= 0.0 else s.slow + s.quick
    # Waves and currents shake a ship that makes way; one that lies still has them from wind and current alone.
    ahead = max(0.0, s.u + (noise * min(1.0, s.u / 2.0) - s.dip) * KN)
    # A turning ship slides outward [K], one with an anchor out goes a little crabwise.
    side = -0.3 * s.rate * hull.length_m + ahead * surging.yaw_of_drag(s, hull, pull, dt)
    e, n = np.sin(s.heading), np.cos(s.heading)
    s.east, s.north = ahead * e + side * n, ahead * n - side * e
    lying.leeway(s, hull, pull, powered)
    seen = (s.east * n - s.north * e) / max(1.0, s.east * e + s.north * n)
    s.crab += (min(0.7, max(-0.7, seen)) - s.crab) * dt / (60.0 + dt)
