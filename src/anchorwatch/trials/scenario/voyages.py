"""From what a scenario says of its actors to voyages that the ship model sails.

Some things are only known once a voyage is sailed: when a step without a time is over, when an asset is crossed.
So an actor is sailed, its times are read off, and it is sailed again, until they stay the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from anchorwatch.edges.toml_table import Point
from anchorwatch.model import rfc3339
from anchorwatch.schema import Floats
from anchorwatch.trials.plan import ADRIFT, ANCHORED, MOORED, SAIL, Event, Step, Voyage, Water, Who
from anchorwatch.trials.scenario import Actor, Happening, Leg, Scenario
from anchorwatch.trials.scenario import track as scenario_track
from anchorwatch.trials.scenario.checks import apart_m, inland
from anchorwatch.trials.ship import steer
from anchorwatch.trials.ship.hulls import KN, Hull, hull

STAYS = {"moored": MOORED, "anchored": ANCHORED, "adrift": ADRIFT}
SETTLED_S = 5.0  # times that move less than this from one sailing to the next are good enough
MOST_PASSES = 8
MOST_STRETCH = 4.0
LAST_REPORT_S = 600.0  # a vessel may be silent so long before it leaves: at anchor it says little
M_PER_DEG = 111_195.0
TURN_ROUND = 0.25  # how much of a trawler's tow the next one lies beside it


class Sailed(NamedTuple):
    """An actor as it was sailed: its voyage and its true track."""

    actor: Actor
    voyage: Voyage
    track: scenario_track.Track
    ends_s: tuple[float, ...]  # when each step of the actor is over, in seconds of the trial


def water(made: Scenario) -> Water:
    """Return the sea of a scenario."""
    return Water(made.depth_m, made.bottom, made.weather, made.stations, made.interference)


def sail(made: Scenario, seed: int) -> list[Sailed]:
    """Return the voyages of all actors; they sail the same way when the traffic sails with them (same seed)."""
    lines = scenario_track.Lines(made)
    return [_sail(actor, made, lines, seed) for actor in made.actors]


class _Known(NamedTuple):
    """What was read off the last sailing."""

    ends_s: list[float]  # when each step is over
    crossed_s: dict[str, float]  # when the assets that events wait for are crossed
    stretch: list[float]  # going to and fro: how much more way must be planned, since ships cut corners


def _sail(actor: Actor, made: Scenario, lines: scenario_track.Lines, seed: int) -> Sailed:
    """Sail one actor until its times stay the same."""
    sea = water(made)
    known = _Known(_reckoned(actor, made), {}, [1.0] * len(actor.legs))
    for _ in range(MOST_PASSES):
        voyage = _voyage(actor, made, known)
        track = scenario_track.true_track(voyage, sea, seed, made.interval_scale)
        now = _read_off(actor, made, track, lines, known)
        moved = [abs(a - b) for a, b in zip(known.ends_s, now.ends_s, strict=True)]
        moved += [abs(at - known.crossed_s.get(asset, 1e9)) for asset, at in now.crossed_s.items()]
        moved += [abs(a / b - 1) * 50 for a, b in zip(known.stretch, now.stretch, strict=True)]  # a tenth of the speed
        if max(moved, default=0.0) <= SETTLED_S:
            break
        known = now
    _as_told(actor, made, track, known)
    return Sailed(actor, voyage, track, tuple(known.ends_s))


def _as_told(actor: Actor, made: Scenario, track: scenario_track.Track, known: _Known) -> None:
    """Refuse what shows only when it is sailed: no crossing where one is told, a drift ashore, events too late."""
    for happening in actor.happenings:
        if happening.crossing and happening.crossing not in known.crossed_s:
            raise happening.place.of("crossing").wrong(
                f"{actor.id!r}, as sailed, never crosses {happening.crossing!r}", "Draw its way or the route otherwise"
            )
    gone_s = float(track.time_s[-1]) if len(track.time_s) else made.seconds(actor.start_us)
    for happening in actor.happenings:
        if happening.at_us is not None and made.seconds(happening.at_us) > gone_s + LAST_REPORT_S:
            raise happening.place.of("at").wrong(
                f"the steps of {actor.id!r} are over before this, at {_time(made, gone_s)}",
                "Add a step, or an earlier time",
            )
    ashore = next((k for k in range(0, len(track.time_s), 5) if inland(track.lon_deg[k], track.lat_deg[k])), None)
    if ashore is not None:
        raise actor.place.wrong(
            f"{actor.id!r}, as sailed, is on land at {_time(made, float(track.time_s[ashore]))} "
            f"({track.lon_deg[ashore]:.3f}, {track.lat_deg[ashore]:.3f})",
            "Draw its way otherwise; a ship adrift goes with wind and current",
        )


def _time(made: Scenario, seconds: float) -> str:
    return rfc3339(made.start_us + round(seconds) * 1_000_000)


def _read_off(
    actor: Actor, made: Scenario, track: scenario_track.Track, lines: scenario_track.Lines, before: _Known
) -> _Known:
    """Return what a sailing shows."""
    ends, stretch = _ends(actor, made, track, before.ends_s), []
    for leg, begin, end, was in zip(
        actor.legs, (made.seconds(actor.start_us), *ends), ends, before.stretch, strict=False
    ):
        speed = track.mean_kn(begin, end) if leg.how in ("to_and_fro", "tow") else None
        more = 1.0 if not speed else min(2.0, max(0.5, leg.kn / speed))
        stretch.append(min(MOST_STRETCH, max(1.0, was * more)))
    return _Known(ends, _crossed(actor, track, lines), stretch)


def _hull(actor: Actor) -> Hull:
    who = actor.who
    return hull(actor.ship_class, who.length_m, beam_m=who.beam_m, draught_m=who.draught_m, service_kn=actor.service_kn)


def _reckoned(actor: Actor, made: Scenario) -> list[float]:
    """Return when each step is over by dead reckoning, in seconds of the trial."""
    now, here, usual, ends = made.seconds(actor.start_us), actor.at, _hull(actor).service_ms / KN, list[float]()
    for leg in actor.legs:
        fixed = leg.by_us if leg.by_us is not None else leg.until_us
        if fixed is not None:
            now = made.seconds(fixed)
        elif leg.how == "to" and leg.to is not None:
            knots = next((k for k in (leg.made_kn, leg.kn) if k == k), usual)
            now += apart_m(here, leg.to) / (max(knots, 0.1) * KN)
        else:
            now += leg.for_s
        here = leg.to if leg.how == "to" and leg.to is not None else here
        ends.append(now)
    return ends


def _ends(actor: Actor, made: Scenario, track: scenario_track.Track, before: list[float]) -> list[float]:
    """Return when each step was over as sailed."""
    now, here, ends = made.seconds(actor.start_us), actor.at, list[float]()
    early_m = steer.earliest_m(_hull(actor))
    for leg, reckoned in zip(actor.legs, before, strict=True):
        if leg.until_us is not None:
            now = made.seconds(leg.until_us)
        elif leg.how == "to" and leg.to is not None:
            reach_m = max(scenario_track.REACHED_M, min(early_m, 0.5 * apart_m(here, leg.to)))
            now, here = track.nearest_s(leg.to, now, reckoned, reach_m), leg.to
        else:
            now += leg.for_s
        ends.append(now)
    return ends


def _crossed(actor: Actor, track: scenario_track.Track, lines: scenario_track.Lines) -> dict[str, float]:
    """Return when the assets that events wait for are crossed first."""
    wanted = {h.crossing for h in actor.happenings if h.crossing}
    found: dict[str, float] = {}
    for crossing in lines.crossings(track) if wanted else ():
        if crossing.asset in wanted:
            found.setdefault(crossing.asset, crossing.time_s)
    return found


def _voyage(actor: Actor, made: Scenario, known: _Known) -> Voyage:
    """Return the voyage with these times."""
    steps, start, here = list[Step](), made.seconds(actor.start_us), actor.at
    for leg, end, stretch in zip(actor.legs, known.ends_s, known.stretch, strict=True):
        steps += _steps(leg, start, end, here, made, stretch)
        if leg.how == "to" and leg.to is not None:
            here = leg.to
        elif steps and steps[-1].how == SAIL:
            here = (steps[-1].lon_deg, steps[-1].lat_deg)
        start = end
    return Voyage(
        who=actor.who,
        ship_class=actor.ship_class,
        start_s=made.seconds(actor.start_us),
        end_s=made.seconds(made.end_us),
        lon_deg=actor.at[0],
        lat_deg=actor.at[1],
        steps=tuple(steps),
        events=_events(actor, made, known.crossed_s),
        service_kn=actor.service_kn,
        anchor_t=actor.anchor_t,
        depth_m=actor.depth_m,
        labels={"actor": actor.id},
    )


def _steps(leg: Leg, start_s: float, end_s: float, here: Point, made: Scenario, stretch: float) -> list[Step]:
    """Return the plan's steps of one step of an actor."""
    if leg.how in STAYS:
        return [Step(STAYS[leg.how], until_s=end_s, nav_status=leg.nav_status)]
    if leg.how == "to":
        assert leg.to is not None
        lon, lat = leg.to
        if leg.by_us is not None:
            return [Step(SAIL, lon, lat, made=True, until_s=made.seconds(leg.by_us), nav_status=leg.nav_status)]
        known = leg.made_kn == leg.made_kn
        return [Step(SAIL, lon, lat, leg.made_kn if known else leg.kn, known, nav_status=leg.nav_status)]
    way_m = leg.kn * KN * max(end_s - start_s, 0.0) * stretch
    places = _strolls(leg, here, way_m) if leg.how == "to_and_fro" else _tows(leg, here, way_m)
    return [
        Step(SAIL, lon, lat, leg.kn, made=True, until_s=float(at), nav_status=leg.nav_status)
        for (lon, lat), at in zip(places, _spread(places, here, start_s, end_s), strict=True)
    ]


def _strolls(leg: Leg, here: Point, way_m: float) -> list[Point]:
    """Places within a circle, so many metres of way; the golden angle spreads them, no chance."""
    lon, lat = leg.to if leg.to is not None else here
    gone, places, last = 0.0, list[Point](), here
    number = 0
    while gone < way_m or not places:
        angle, radius = number * 2.39996 + 0.5, leg.radius_m * np.sqrt((number * 0.618034 + 0.3) % 1.0)
        place = _shifted((lon, lat), radius * np.sin(angle), radius * np.cos(angle))
        gone += max(apart_m(last, place), 1.0)
        places.append(place)
        last, number = place, number + 1
    return places


def _tows(leg: Leg, here: Point, way_m: float) -> list[Point]:
    """Tows there and back along a course, each a little beside the last."""
    gone, places, last = 0.0, list[Point](), here
    course, length = np.radians(leg.course_deg), leg.tow_km * 1000
    number = 0
    while gone < way_m or not places:
        forth = length * (1 - number % 2)
        aside = TURN_ROUND * 1000.0 * (number + 1)
        place = _shifted(
            here, forth * np.sin(course) + aside * np.cos(course), forth * np.cos(course) - aside * np.sin(course)
        )
        gone += max(apart_m(last, place), 1.0)
        places.append(place)
        last, number = place, number + 1
    return places


def _shifted(place: Point, east_m: float, north_m: float) -> Point:
    lon, lat = place
    return lon + float(east_m) / (M_PER_DEG * float(np.cos(np.radians(lat)))), lat + float(north_m) / M_PER_DEG


def _spread(places: list[Point], here: Point, start_s: float, end_s: float) -> Floats:
    """Return when each place is reached, the speed being the same all the way."""
    legs = np.array([max(apart_m(a, b), 1.0) for a, b in zip([here, *places[:-1]], places, strict=True)])
    times: Floats = start_s + (end_s - start_s) * np.cumsum(legs) / legs.sum()
    return times


def _events(actor: Actor, made: Scenario, crossed: dict[str, float]) -> tuple[Event, ...]:
    """Return the plan's events in order of time; those at a crossing that is not known yet are left out."""
    timed = [(t, h) for h in actor.happenings if (t := _moment(h, made, crossed)) is not None]
    who, events = actor.who, list[Event]()
    for at_s, happening in sorted(timed, key=lambda th: th[0]):
        until_s = at_s + happening.for_s
        if happening.until_us is not None:
            until_s = made.seconds(happening.until_us)
        identity: Who | None = None
        if happening.what == "identity":
            who = identity = who._replace(**happening.identity)
        events.append(Event(at_s, happening.what, happening.value, happening.value2, until_s, identity))
    return tuple(events)


def _moment(happening: Happening, made: Scenario, crossed: dict[str, float]) -> float | None:
    return crossed.get(happening.crossing) if happening.at_us is None else made.seconds(happening.at_us)


def freed(voyage: Voyage) -> Voyage:
    """Return the same voyage with nothing on the bottom: what the speed would have been."""
    held = ("anchor_drop", "anchor_up", "dip")
    return replace(voyage, events=tuple(e for e in voyage.events if e.what not in held))
