"""Actors that look like a threat and are none, one function per class: the hard negatives of random trials."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from anchorwatch.trials.draw.cast import HOUR_S, STOP, Cast, Run, Ship
from anchorwatch.trials.draw.sea import afloat, apart_m, ferry_line, moved, quiet_place, way_of
from anchorwatch.trials.scenario import Actor, Happening, Leg
from anchorwatch.trials.sea.lanes import Point
from anchorwatch.trials.ship.hulls import KN

MERCHANT = (("cargo", (80, 230)), ("tanker", (90, 260)), ("cargo", (85, 150)))
FAR_M = 9_260.0  # 5 nm: what is far from every asset


def merchant(cast: Cast) -> Ship:
    """Invent a merchant ship."""
    ship_class, lengths = cast.one(MERCHANT)
    return cast.ship(ship_class, lengths)


def _passage(cast: Cast, ship: Ship, after_h: float = 0.8, lead_m: tuple[float, float] = (35_000, 70_000)) -> Run:
    return cast.run(ship.service_kn * cast.between(0.78, 1.0), lead_m, after_h * HOUR_S)


def _sails(cast: Cast, kind: str, ship: Ship, run: Run, events: list[Happening], **params: Any) -> Actor:
    """A passage along a lane, with what happens on it."""
    legs = cast.onward(run.way, run.begin_m, run.kn, run.past_m)
    return cast.actor(kind, "innocent", ship, run.begin_s, run.way.at(run.begin_m), legs, events,
                      asset=run.meeting.asset, kn=run.kn, **params)  # fmt: skip


def slow_steamer(cast: Cast) -> Actor:
    """An old coaster, slow all the way."""
    ship = cast.ship("cargo", (65, 110))
    run = cast.run(cast.between(5.0, 8.0), (15_000, 40_000), 0.8 * HOUR_S)
    return _sails(cast, "slow_steamer", ship, run, [])


def order_reduced(cast: Cast) -> Actor:
    """Reduces its engine order once and keeps it: fuel, arrival time, a hot bearing. Anywhere, also before a cable."""
    ship = merchant(cast)
    run, share = _passage(cast, ship), cast.between(0.05, 0.15)
    before = cast.chance(0.25)  # as much of the way to an asset lies within ten kilometres of it
    at_m = run.meeting.at_m - (cast.between(1_000, 10_000) if before else cast.between(-8_000, 30_000))
    at_m = max(at_m, run.begin_m + 5_000)
    legs = [*cast.along(run.way, run.begin_m, at_m, run.kn),
            *cast.onward(run.way, at_m, run.kn * (1 - share), run.past_m)]  # fmt: skip
    return cast.actor(
        "order_reduced", "innocent", ship, run.begin_s, run.way.at(run.begin_m), legs, share=share,
        km_before=(run.meeting.at_m - at_m) / 1000, asset=run.meeting.asset, kn=run.kn,
    )  # fmt: skip


def slow_down_ended(cast: Cast) -> Actor:
    """Slows down for a while and is back at speed before it comes to the cable."""
    ship = merchant(cast)
    run, share, lasts = _passage(cast, ship), cast.between(0.08, 0.25), cast.between(8, 30) * 60
    slow, clear_m = run.kn * (1 - share), cast.between(1_500, 8_000)
    end_m = run.meeting.at_m - clear_m
    start_m = end_m - slow * KN * lasts
    legs = [*cast.along(run.way, run.begin_m, start_m, run.kn), *cast.along(run.way, start_m, end_m, slow),
            *cast.onward(run.way, end_m, run.kn, run.past_m)]  # fmt: skip
    return cast.actor(
        "slow_down_ended", "innocent", ship, run.begin_s, run.way.at(run.begin_m), legs, share=share,
        minutes=lasts / 60, clear_km=clear_m / 1000, asset=run.meeting.asset, kn=run.kn,
    )  # fmt: skip


def pilot(cast: Cast) -> Actor:
    """Slows down for a pilot boat, and goes on."""
    ship = merchant(cast)
    run, lasts, kn = _passage(cast, ship), cast.between(10, 25) * 60, cast.between(5.0, 7.5)
    at_s = run.met_s + cast.between(-1.2, 0.4) * HOUR_S
    events = [cast.event("order", at_s, kn), cast.event("order", at_s + lasts, run.kn)]
    if cast.chance(0.3):
        cast.circle("pilot_station", run.way.at(run.meeting.at_m + (at_s - run.met_s) * run.kn * KN), 4_000)
    return _sails(cast, "pilot", ship, run, events, minutes=lasts / 60, slow_kn=kn)


def arrival(cast: Cast) -> Actor:
    """Slows down in steps for its anchorage, which lies beyond an asset."""
    ship = merchant(cast)
    run = _passage(cast, ship, 1.5)
    end_m = run.past_m + cast.between(5_500, 9_000)
    from_m, legs, share = end_m - cast.between(12_000, 24_000), list[Leg](), 1.0
    # From sea speed the load is taken off over half an hour or more; half and slow ahead come in the last miles. [K]
    marks = [run.begin_m, *np.linspace(from_m, end_m - 5_000, 6), end_m - 2_500, end_m]
    for number, (first, last) in enumerate(pairwise(marks)):
        legs += cast.along(run.way, float(first), float(last), run.kn * share)
        share *= 1 - (cast.between(0.03, 0.07) if number < 5 else cast.between(0.2, 0.35))
    return cast.actor(
        "arrival", "innocent", ship, run.begin_s, run.way.at(run.begin_m), [*legs, cast.rest()],
        asset=run.meeting.asset, kn=run.kn, slow_from_km=(run.meeting.at_m - from_m) / 1000,
    )  # fmt: skip


def engine_trouble(cast: Cast) -> Actor:
    """The engine stops for a while, far from every asset."""
    ship = merchant(cast)
    for _ in range(60):
        run = _passage(cast, ship)
        last_m = run.begin_m + (cast.end_s - HOUR_S - run.begin_s) * run.kn * KN
        places = np.arange(run.begin_m + 8_000, min(last_m, run.way.length_m), 2_000)
        far = [float(m) for m in places if cast.away_m(run.way.at(float(m))) > FAR_M + 4_000]
        if far:
            break
    else:
        return slow_steamer(cast)
    at_s, lasts = run.time_s(cast.one(far)), cast.between(15, 75) * 60
    events = [cast.event("engine_stop", at_s), cast.event("engine_start", at_s + lasts)]
    events += [cast.event("nav_status", at_s + 300, 2.0), cast.event("nav_status", at_s + lasts, 0.0)]
    return _sails(cast, "engine_trouble", ship, run, events, minutes=lasts / 60)


def evasive_turn(cast: Cast) -> Actor:
    """Gives way to somebody right at a cable, and comes back to its course."""
    ship = merchant(cast)
    run = _passage(cast, ship)
    turn_m = run.meeting.at_m - cast.between(-1_000, 3_500)
    side = moved(run.way.at(turn_m + 1_600), run.way.course_deg(turn_m + 1_600) + 90, cast.between(600, 1_300))
    legs = [Leg("to", to=p, kn=run.kn) for p in (*run.way.between(run.begin_m, turn_m), side)]
    legs += cast.onward(run.way, turn_m + 3_600, run.kn, run.past_m)
    return cast.actor("evasive_turn", "innocent", ship, run.begin_s, run.way.at(run.begin_m), legs, [],
                      asset=run.meeting.asset, kn=run.kn)  # fmt: skip


def weather_slowed(cast: Cast) -> Actor:
    """Under way when wind and current change, which slows everybody on that course."""
    ship = merchant(cast)
    run = _passage(cast, ship)
    return _sails(cast, "weather_slowed", ship, run, [])


def gnss_glitch(cast: Cast) -> Actor:
    """Its satellite navigation is off by some hundred metres or some kilometres, for a minute or two."""
    ship = merchant(cast)
    run, events = _passage(cast, ship), list[Happening]()
    at_s = run.begin_s + 600
    for _ in range(int(cast.rng.integers(1, 4))):
        at_s += cast.between(0.2, 1.5) * HOUR_S
        far, angle = cast.widely(300, 3_000), np.radians(cast.between(0, 360))
        events.append(cast.event("spoof_offset", at_s, far * np.sin(angle), far * np.cos(angle),
                                 until_s=at_s + cast.between(20, 150)))  # fmt: skip
    events = [e for e in events if (e.at_us or 0) < cast.us(cast.end_s) - 600_000_000]
    return _sails(cast, "gnss_glitch", ship, run, events, glitches=float(len(events)))


def reception_hole(cast: Cast) -> Actor:
    """Goes where no station hears anybody (`draw` leaves the hole there): over an asset, if no threat is drawn near."""
    ship, busy = merchant(cast), np.array(cast.met)
    for number in range(40):
        run = _passage(cast, ship)
        at_m = run.meeting.at_m if number < 20 else cast.between(run.begin_m + 10_000, run.meeting.at_m - 10_000)
        hole = run.way.at(at_m)
        if apart_m(hole, busy).min() > 15_000:
            break
    cast.holes.append(hole)
    return _sails(cast, "reception_hole", ship, run, [], over_asset=float(at_m == run.meeting.at_m))


def renamed(cast: Cast) -> Actor:
    """Was sold: name and call sign are corrected once; MMSI and IMO number stay."""
    ship = merchant(cast)
    run, other = _passage(cast, ship), merchant(cast).who
    at_s = cast.between(run.begin_s + 900, min(cast.end_s - 900, run.met_s + HOUR_S))
    event = cast.event("identity", at_s, identity={"name": other.name, "callsign": other.callsign})
    return _sails(cast, "renamed", ship, run, [event])


def tow(cast: Cast) -> Actor:
    """A tug with a tow: slow all the way, and slower in the wind."""
    ship = cast.ship("service", (26, 45))
    ship = ship._replace(who=ship.who._replace(ship_type=31))
    run = cast.run(cast.between(4.5, 6.5), (12_000, 35_000), 0.8 * HOUR_S)
    return _sails(cast, "tow", ship, run, [])


def ferry(cast: Cast) -> Actor:
    """Shuttles all day, over whatever lies there."""
    speed_kn, line = ferry_line(cast.patch, cast.rng)
    way, ship = way_of(line if cast.chance(0.5) else line[::-1], cast.assets), cast.ship("passenger", (120, 200))
    ship = ship._replace(service_kn=speed_kn)
    legs, now, forth = list[Leg](), 0.0, True
    while now < cast.end_s and len(legs) < 200:
        places = way.between(0.0, way.length_m)
        places = places if forth else [*places[-2::-1], way.at(0.0)]
        stay = cast.between(20, 55) * 60
        legs += [*(Leg("to", to=p, kn=speed_kn) for p in places), Leg("moored", for_s=stay)]
        now, forth = now + way.length_m / (speed_kn * KN) + stay, not forth
    return cast.actor("ferry", "innocent", ship, 0.0, way.at(0.0), legs, [], crossings=float(len(way.meetings)))


def _fishing_boat(cast: Cast) -> tuple[Ship, float, float]:
    return cast.ship("fishing", (16, 40)), cast.between(2.6, 4.0), cast.between(4.0, 8.0)


def fishing_far(cast: Cast) -> Actor:
    """Fishes where nothing lies."""
    ship, kn, tow_km = _fishing_boat(cast)
    start = quiet_place(cast.patch, cast.rng, cast.routes, (7_500 + tow_km * 1000, 1e9), (3_000 + tow_km * 1000, 1e9))
    legs = [Leg("tow", kn=kn, for_s=cast.end_s, course_deg=cast.between(0, 359), tow_km=tow_km, nav_status=7)]
    return cast.actor("fishing_far", "innocent", ship, 0.0, start, legs, [], kn=kn, tow_km=tow_km)


def fishing_once(cast: Cast) -> Actor:
    """Tows over an asset once, on its way to where it goes on fishing."""
    ship, kn, tow_km = _fishing_boat(cast)
    for _ in range(150):
        run = cast.run(8.0, (8_000, 40_000), 0.5 * HOUR_S, 40.0)
        over = run.way.at(run.meeting.at_m)
        course = run.way.course_deg(run.meeting.at_m) + 90 * int(cast.rng.integers(4)) + cast.between(-15, 15)
        start, first = moved(over, course + 180, 6_000), moved(over, course, 6_500)
        ways = way_of(np.array([start, first, moved(first, course, tow_km * 1000)]), cast.assets)
        if len(ways.meetings) == 1 and afloat(ways.places()) and _clear(cast, first, course, tow_km):
            break
    legs = [
        Leg("to", to=first, kn=kn, nav_status=7),
        STOP,
        Leg("tow", kn=kn, until_us=cast.us(cast.end_s), course_deg=course % 360, tow_km=tow_km, nav_status=7),
    ]
    begin = cast.between(0.0, cast.end_s * 0.4)
    return cast.actor("fishing_once", "innocent", ship, begin, start, legs, [], kn=kn, asset=run.meeting.asset)


def _clear(cast: Cast, first: Point, course: float, tow_km: float) -> bool:
    """Whether a fishing ground is clear of assets by a kilometre and a half."""
    places = [moved(first, course, k * 1000) for k in range(int(tow_km) + 1)]
    return min(cast.away_m(p) for p in places) > 3_500


def bunkering(cast: Cast) -> list[Actor]:
    """A bunker vessel beside a ship at an anchorage."""
    place = quiet_place(cast.patch, cast.rng, cast.routes, (FAR_M + 2_000, 1e9), (2_000, 30_000))
    if cast.chance(0.5):
        cast.circle("anchorage", place, 2_500)
    lying, bunker = merchant(cast), cast.ship("tanker", (60, 95))
    begin = cast.between(0.5, cast.hours * 0.5) * HOUR_S
    stay = cast.between(1.5, 4.0) * HOUR_S
    for _ in range(80):
        home = moved(place, cast.between(0, 360), cast.between(3_000, 14_000))
        way = way_of(np.array([home, place]), cast.assets)
        if not way.meetings and afloat(way.places(), 1_500) and cast.away_m(home) > 4_000:
            break
    beside = moved(place, cast.between(0, 360), 90.0)
    legs = [Leg("to", to=beside, kn=8.0), Leg("anchored", for_s=stay), Leg("to", to=home, kn=8.0),
            Leg("anchored", until_us=cast.us(cast.end_s))]  # fmt: skip
    return [
        cast.actor("bunkering", "innocent", lying, 0.0, place, [Leg("anchored", until_us=cast.us(cast.end_s))]),
        cast.actor("bunkering", "innocent", bunker, begin, home, legs),
    ]


def exercise(cast: Cast) -> list[Actor]:
    """Warships that go about in an area, fast and with many turns."""
    reach = (1_500.0, 30_000.0) if cast.chance(0.5) else (FAR_M, 1e9)
    radius, begin = cast.between(4_000, 8_000), cast.between(0.0, cast.hours * 0.4) * HOUR_S
    centre = quiet_place(cast.patch, cast.rng, cast.routes, reach, (radius + 3_000, 1e9))
    if cast.chance(0.5):
        cast.circle("exercise_area", centre, radius * 1.2)
    lasts, found = cast.between(2.5, max(3.0, cast.hours * 0.5)) * HOUR_S, list[Actor]()
    for _ in range(int(cast.rng.integers(2, 5))):
        start = moved(centre, cast.between(0, 360), cast.between(500, radius))
        legs = [Leg("to_and_fro", centre, cast.between(8.0, 15.0), for_s=min(lasts, cast.end_s - begin),
                    radius_m=radius)]  # fmt: skip
        found.append(cast.actor("exercise", "innocent", cast.ship("military", (50, 120)), begin, start, legs))
    return found
