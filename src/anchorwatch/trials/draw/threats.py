"""Actors that threaten assets, one function per class. What they lose and show follows from the ship model alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from anchorwatch.trials.draw.cast import HOUR_S, STOP, Cast, Run, Ship, invented_imo
from anchorwatch.trials.draw.sea import DENSE_M, afloat, apart_m, moved, way_of
from anchorwatch.trials.scenario import Actor, Happening, Leg
from anchorwatch.trials.sea.lanes import LANES, Point
from anchorwatch.trials.ship import drag
from anchorwatch.trials.ship.hulls import KN, hull

MERCHANT = (("cargo", (80, 230)), ("tanker", (90, 260)), ("cargo", (85, 150)))
# Shares of speed lost, and how often each is drawn: both bands that are reported are well filled.
TRIES, SHIPS = 5, 6
SHOAL_M = (11.0, 19.0)  # banks and approaches of the Baltic
BANDS = {"5-10": (0.055, 0.095), "10+": (0.11, 0.35)}


class Held(NamedTuple):
    """A ship with an anchor out."""

    ship: Ship
    order_kn: float
    chain_m: float
    depth_m: float
    deficit: float  # share of speed lost, by the balance that the ship model keeps
    touches: bool  # the anchor reaches the bottom at that speed; else it hangs, and harms nothing before it shoals


def held(ship: Ship, order_kn: float, chain_m: float, depth_m: float, bottom: str) -> Held:
    """Return what an anchor costs a ship."""
    of = hull(ship.ship_class, ship.who.length_m, beam_m=ship.who.beam_m, draught_m=ship.who.draught_m,
              service_kn=ship.service_kn, anchor_t=ship.anchor_t)  # fmt: skip
    left_kn = drag.steady_kn(of, order_kn, drag.table_n(of, chain_m, depth_m, bottom))
    deep = drag.reach_m(of, chain_m, left_kn) >= depth_m + 2.0 + 0.35 * of.draught_m
    return Held(ship, order_kn, chain_m, depth_m, 1 - left_kn / order_kn, deep)


def dragger(cast: Cast, band: str) -> Held:
    """Draw ship, engine order and chain until the anchor is on the bottom and the loss lies in the band.

    An anchor that touches in deep water costs a tenth and more, by its chain alone; so the small losses are drawn in
    shoal water. An anchor that only hangs is no drag: it harms nothing before it shoals.
    """
    low, high = BANDS[band]
    best: Held | None = None
    for _ in range(SHIPS):
        made = _veered(cast, band, low, high)
        if best is None or (made.touches, -_beside(made, low, high)) > (best.touches, -_beside(best, low, high)):
            best = made
        if best.touches and low <= best.deficit <= high:
            break
    assert best is not None
    return best


def _beside(made: Held, low: float, high: float) -> float:
    return max(low - made.deficit, made.deficit - high, 0.0)


def _veered(cast: Cast, band: str, low: float, high: float) -> Held:
    """Draw a ship; its chain is veered or hove in until the loss lies in the band."""
    ship_class, lengths = cast.one(MERCHANT)
    ship, wanted = cast.ship(ship_class, lengths), cast.between(low, high)
    if band != "10+" and ship_class == "cargo":  # liners and fast feeders have the power to keep their speed
        ship = ship._replace(service_kn=round(ship.service_kn * cast.between(1.0, 1.2), 1))
    order = ship.service_kn * cast.between(0.65 if band == "10+" else 0.8, 1.0)
    depth = round(cast.between(*SHOAL_M), 1) if band == "5-10" else cast.depth_m
    chain = depth * cast.between(1.2, 4.5) if band == "10+" else (depth + 8.0) * cast.between(1.1, 1.5)
    made = held(ship, order, chain, depth, cast.bottom)
    for _ in range(TRIES):
        if low <= made.deficit <= high and made.touches:
            break
        short = not made.touches and made.deficit < high
        chain = float(np.clip(chain * (1.15 if short else wanted / max(made.deficit, 1e-3)), 12.0, 300.0))
        made = held(ship, order, chain, depth, cast.bottom)
    return made


def _told(out: Held, run: Run, drop_m: float) -> dict[str, Any]:
    return {"deficit": out.deficit, "chain_m": out.chain_m, "touches": out.touches, "order_kn": out.order_kn,
            "drop_km": drop_m / 1000, "asset": run.meeting.asset}  # fmt: skip


def _dropped(cast: Cast, band: str, after_s: float) -> tuple[Held, Run, float, float]:
    """Draw a drag: ship with its anchor, passage, when the anchor goes and how far before the asset."""
    out = dragger(cast, band)
    order, lost = out.order_kn, out.deficit
    drop_m = cast.widely(4_000, 28_000)
    usual_m = cast.between(1.2, 2.2) * HOUR_S * order * KN
    held_s = drop_m / (order * (1 - lost) * KN) + after_s
    run = cast.run(order, (drop_m + usual_m * 0.8, drop_m + usual_m), held_s)
    at_m = run.meeting.at_m - drop_m
    return out, run, run.time_s(at_m), drop_m


def _over_s(cast: Cast, out: Held, run: Run, drop_s: float) -> float:
    """When a drag comes to the end of its way at the earliest: nothing can happen to it later."""
    left_m = run.way.length_m - run.begin_m - (drop_s - run.begin_s) * run.ground_kn * KN
    most_kn = out.order_kn * (1.05 - out.deficit) + max(w.current_kn for w in cast.weather)
    return drop_s + 0.95 * left_m / (most_kn * KN)


def steady_drag(cast: Cast, band: str) -> Actor:
    """An anchor let go under way, the engine order unchanged."""
    out, run, drop_s, drop_m = _dropped(cast, band, 0.7 * HOUR_S)
    met_s = drop_s + drop_m / (run.kn * (1 - out.deficit) * KN)
    events = [cast.event("anchor_drop", drop_s, out.chain_m)]
    last_s = min(_over_s(cast, out, run, drop_s), cast.end_s) - 0.2 * HOUR_S
    if cast.chance(0.5) and met_s + HOUR_S < last_s:
        events.append(cast.event("anchor_up", cast.between(met_s + 0.6 * HOUR_S, last_s)))
    return cast.actor(
        "steady_drag", "threat", out.ship, run.begin_s, run.way.at(run.begin_m),
        cast.along(run.way, run.begin_m, run.way.length_m, run.kn), events, depth_m=out.depth_m, band=band,
        **_told(out, run, drop_m),
    )  # fmt: skip


def drag_with_stops(cast: Cast) -> Actor:
    """A drag with engine stops and restarts, as Eagle S (domain.md A.2)."""
    out, run, drop_s, drop_m = _dropped(cast, cast.one(("5-10", "10+")), 3.5 * HOUR_S)
    events, now = [cast.event("anchor_drop", drop_s, out.chain_m)], drop_s
    for _ in range(int(cast.rng.integers(1, 3))):
        now += cast.between(0.25, 0.9) * HOUR_S
        lasts = cast.between(8, 40) * 60
        if events[1:] and now > _over_s(cast, out, run, drop_s):
            break
        events += [cast.event("engine_stop", now), cast.event("engine_start", now + lasts)]
        now += lasts
    return cast.actor(
        "drag_with_stops", "threat", out.ship, run.begin_s, run.way.at(run.begin_m),
        cast.along(run.way, run.begin_m, run.way.length_m, run.kn), events, depth_m=out.depth_m,
        **_told(out, run, drop_m),
    )  # fmt: skip


def drag_with_dips(cast: Cast) -> Actor:
    """Near cruise speed with the anchor out, and a dip where it catches a cable, as at Balticconnector."""
    out, run, drop_s, drop_m = _dropped(cast, "5-10", HOUR_S)
    dip = cast.between(0.8, 2.5)
    first = next(m for m in run.way.meetings if m.asset == run.meeting.asset and m.at_m >= run.begin_m)
    lasts = cast.between(3, 8) * 60
    at_s = None if first == run.meeting else cast.us(drop_s + drop_m / (run.kn * (1 - out.deficit) * KN))
    caught = Happening("dip", at_s, "" if at_s else run.meeting.asset, dip, for_s=lasts,
                       until_us=None if at_s is None else at_s + round(lasts * 1e6))  # fmt: skip
    return cast.actor(
        "drag_with_dips", "threat", out.ship, run.begin_s, run.way.at(run.begin_m),
        cast.along(run.way, run.begin_m, run.way.length_m, run.kn),
        [cast.event("anchor_drop", drop_s, out.chain_m), caught], depth_m=out.depth_m,
        **_told(out, run, drop_m), dip_kn=dip,
    )  # fmt: skip


def _merchant(cast: Cast) -> Ship:
    ship_class, lengths = cast.one(MERCHANT)
    return cast.ship(ship_class, lengths)


def _visit(cast: Cast, stay_s: float) -> tuple[Ship, Run, float]:
    """A passage that is broken off near an asset for a while; return when it gets there."""
    ship = _merchant(cast)
    run = cast.run(ship.service_kn * cast.between(0.75, 1.0), (20_000, 60_000), stay_s + HOUR_S)
    return ship, run, run.met_s


def anchored(cast: Cast) -> Actor:
    """Anchors on an asset."""
    stay = cast.widely(1.0, min(6.0, cast.hours / 3)) * HOUR_S
    ship, run, _ = _visit(cast, stay)
    m = run.meeting.at_m
    legs = [*cast.along(run.way, run.begin_m, m, run.kn), Leg("anchored", for_s=stay)]
    status = [cast.event("nav_status", run.begin_s, 0.0)] if cast.chance(0.4) else []  # the crew changes nothing
    return cast.actor(
        "anchored", "threat", ship, run.begin_s, run.way.at(run.begin_m),
        [*legs, *cast.onward(run.way, m, run.kn, run.past_m)], status, hours=stay / HOUR_S,
        asset=run.meeting.asset,
    )  # fmt: skip


def _near(cast: Cast, place: Point, most_m: float) -> Point:
    """Draw a place in open water near one."""
    for _ in range(50):
        near = moved(place, cast.between(0, 360), cast.between(0.1, 1.0) * most_m)
        if afloat(np.array([near]), 1_500.0):
            return near
    return place


Happen = Callable[[Cast, Ship, float, float], list[Happening]]  # what happens in a stay: from when, for how long


def _loiter(cast: Cast, kind: str, happens: Happen | None = None) -> Actor:
    stay = cast.widely(2.0, min(8.0, cast.hours / 2.2)) * HOUR_S
    ship, run, there_s = _visit(cast, stay)
    m, radius, kn = run.meeting.at_m, cast.between(300, 1300), cast.between(0.8, 3.2)
    centre = _near(cast, run.way.at(m), 1_400)
    events = happens(cast, ship, there_s, stay) if happens is not None else []
    legs = [
        *cast.along(run.way, run.begin_m, m, run.kn), STOP, Leg("to_and_fro", centre, kn, for_s=stay, radius_m=radius),
        *cast.onward(run.way, m, run.kn, run.past_m),
    ]  # fmt: skip
    return cast.actor(
        kind, "threat", ship, run.begin_s, run.way.at(run.begin_m), legs, events,
        (there_s, there_s + stay) if kind == "identity" else None, hours=stay / HOUR_S, radius_m=radius, kn=kn,
        asset=run.meeting.asset,
    )  # fmt: skip


def loitering(cast: Cast) -> Actor:
    """Stays about an asset, slowly to and fro."""
    return _loiter(cast, "loitering")


def identity(cast: Cast) -> Actor:
    """Stays about an asset and changes who it says it is, as Hong Tai 58."""
    return _loiter(cast, "identity", _identities)


def spoofing(cast: Cast) -> Actor:
    """Shows itself miles away while it stays about an asset."""
    return _loiter(cast, "spoofing", _elsewhere)


def _elsewhere(cast: Cast, _ship: Ship, there_s: float, stay_s: float) -> list[Happening]:
    """Shown miles away, from shortly before it comes until it goes."""
    far, angle = cast.widely(8_000, 30_000), np.radians(cast.between(0, 360))
    until_s = there_s + stay_s
    return [cast.event("spoof_offset", there_s - 600, far * np.sin(angle), far * np.cos(angle), until_s=until_s)]


def _identities(cast: Cast, ship: Ship, there_s: float, stay_s: float) -> list[Happening]:
    """One or two changes of name, call sign, MMSI or IMO number."""
    events = []
    for _ in range(int(cast.rng.integers(1, 3))):
        other = cast.ship(ship.ship_class, (60, 200)).who
        new: dict[str, Any] = {"name": other.name, "callsign": other.callsign}
        new |= {"mmsi": other.mmsi} if cast.chance(0.6) else {}
        new |= {"imo": other.imo or invented_imo(cast.taken)} if cast.chance(0.5) else {}
        events.append(cast.event("identity", there_s + cast.between(0.1, 0.9) * stay_s, identity=new))
    return events


def following(cast: Cast) -> Actor:
    """Sails along an asset, there and back."""
    ship = cast.ship(str(cast.one(("cargo", "service"))), (45, 110))
    kn = cast.between(3.0, 7.0)
    for _ in range(200):
        asset = cast.one(cast.assets)
        route = way_of(np.asarray(cast.one(asset.lines)))
        length = cast.between(12_000, 26_000)
        if route.length_m < length + 4_000:
            continue
        first = cast.between(2_000, route.length_m - length - 2_000)
        side = cast.between(-250, 250)
        places = [moved(route.at(m), route.course_deg(m) + 90, side) for m in np.linspace(first, first + length, 8)]
        start = _near(cast, places[0], 9_000)
        west, south, east, north = cast.patch.box
        inside = all(west <= x <= east and south <= y <= north for x, y in places)
        if inside and afloat(way_of(np.array([start, *places])).places(), 1_500.0):
            break
    took_s = 2 * length / (kn * KN)
    begin = cast.between(0.0, max(1.0, cast.end_s - took_s - 2.5 * HOUR_S))
    there = begin + float(way_of(np.array([start, places[0]])).length_m) / (8 * KN)
    legs = [Leg("to", to=places[0], kn=min(8.0, ship.service_kn)), *(Leg("to", to=p, kn=kn) for p in places[1:])]
    legs += [Leg("to", to=p, kn=kn) for p in places[-2::-1]]
    legs += [Leg("to", to=start, kn=min(8.0, ship.service_kn)), Leg("adrift", until_us=cast.us(cast.end_s))]
    return cast.actor("following", "threat", ship, begin, start, legs[:-1], (), (there, there + took_s),
                      km=length / 1000, kn=kn, asset=asset.id)  # fmt: skip


def ais_gap(cast: Cast) -> Actor:
    """Falls silent before an asset and is heard again beyond it."""
    ship = _merchant(cast)
    kn = ship.service_kn * cast.between(0.75, 1.0)
    lasts = cast.widely(40, 150) * 60
    before = cast.between(0.35, 0.65) * lasts
    run = cast.run(kn, (before * kn * KN + 10_000, before * kn * KN + 30_000), lasts + 0.7 * HOUR_S)
    off = run.met_s - before
    events = [cast.event("ais_off", off), cast.event("ais_on", off + lasts)]
    slow = cast.chance(0.3)
    if slow:
        events += [cast.event("order", off + 0.3 * before, 0.6 * kn), cast.event("order", off + 0.95 * lasts, kn)]
    return cast.actor(
        "ais_gap", "threat", ship, run.begin_s, run.way.at(run.begin_m),
        cast.onward(run.way, run.begin_m, kn, run.past_m), events, minutes=lasts / 60, slowed=slow,
        asset=run.meeting.asset,
    )  # fmt: skip


def slow_crossing(cast: Cast) -> Actor:
    """Goes over an asset far below its speed, with the way before and after at its usual one."""
    ship = _merchant(cast)
    kn, slow = ship.service_kn * cast.between(0.75, 1.0), cast.between(2.0, 4.0)
    before, after = cast.between(1_500, 5_000), cast.between(1_500, 4_000)
    run = cast.run(kn, (before + 30_000, before + 60_000), (before + after) / (slow * KN) + 1.2 * HOUR_S)
    from_m, until_m = run.meeting.at_m - before, run.meeting.at_m + after
    from_s = run.time_s(from_m)
    legs = [*cast.along(run.way, run.begin_m, from_m, kn), *cast.along(run.way, from_m, until_m, slow),
            *cast.onward(run.way, until_m, kn, until_m)]  # fmt: skip
    return cast.actor(
        "slow_crossing", "threat", ship, run.begin_s, run.way.at(run.begin_m), legs, (),
        (from_s - 900, from_s + 1.3 * (before + after) / (slow * KN)), slow_kn=slow, usual_kn=kn,
        asset=run.meeting.asset,
    )  # fmt: skip


def trawling(cast: Cast) -> Actor:
    """Tows its gear over an asset again and again."""
    ship = cast.ship("fishing", (18, 42))
    kn, tow_km = cast.between(2.6, 4.0), cast.between(5.0, 10.0)
    for _ in range(200):
        way = cast.run(8.0, (6_000, 20_000), HOUR_S, 0.0)
        over = way.way.at(way.meeting.at_m)
        course = way.way.course_deg(way.meeting.at_m) + cast.between(-40, 40)
        first = moved(over, course + 180, tow_km * 1000 * cast.between(0.35, 0.65))
        start = _near(cast, first, 8_000)
        if afloat(way_of(np.array([start, first, moved(first, course, tow_km * 1000)])).places(), 1_500.0):
            break
    lasts = cast.between(3.5, min(9.0, cast.hours - 2.0)) * HOUR_S
    begin = cast.between(0.0, cast.end_s - lasts - 1.5 * HOUR_S)
    status = 7 if cast.chance(0.6) else -1
    legs = [Leg("to", to=first, kn=min(8.0, ship.service_kn)),
            STOP, Leg("tow", kn=kn, for_s=lasts, course_deg=course % 360, tow_km=tow_km, nav_status=status),
            Leg("to", to=start, kn=min(8.0, ship.service_kn))]  # fmt: skip
    return cast.actor("trawling", "threat", ship, begin, start, legs, kn=kn, tow_km=tow_km,
                      asset=way.meeting.asset)  # fmt: skip


def rendezvous(cast: Cast) -> list[Actor]:
    """Two vessels meet over an asset and lie side by side at dead slow."""
    one = cast.ship(str(cast.one(("tanker", "cargo"))), (90, 180))
    other = cast.ship(one.ship_class, (one.who.length_m - 1, one.who.length_m + 1))
    stay, kn = cast.between(1.5, 3.0) * HOUR_S, cast.between(0.5, 1.0)
    run = cast.run(10.0, (20_000, 40_000), stay + 1.5 * HOUR_S)
    m, course = run.meeting.at_m, run.way.course_deg(run.meeting.at_m)
    centre, aside = run.way.at(m), cast.between(130, 220)
    met_s, actors = run.met_s, list[Actor]()
    half = kn * KN * stay / 2
    for number, ship in enumerate((one, other)):
        side = course + 90 if number else course
        first = moved(moved(centre, course + 180, half), side, aside if number else 0.0)
        last = moved(first, course, 2 * half)
        beyond = moved(first, course, 2 * half + 2_500)  # straight on: a ship turns to its next step early
        begin_m = run.begin_m if number == 0 else max(0.0, m - (m - run.begin_m) * 0.6)
        start = run.way.at(begin_m)
        legs = [Leg("to", to=p, kn=10.0) for p in run.way.between(begin_m, m - half - 3_000)[:-1]]
        legs += [Leg("to", to=first, by_us=cast.us(met_s)), Leg("to", to=last, by_us=cast.us(met_s + stay))]
        legs.append(Leg("to", to=beyond, kn=ship.service_kn * 0.9))
        begin = met_s - (m - half - begin_m) / (9.5 * KN)
        away = cast.onward(run.way, m + half + 6_000, ship.service_kn * 0.9, run.past_m)
        actors.append(cast.actor("rendezvous", "threat", ship, max(0.0, begin), start, [*legs, *away], (),
                                 (met_s, met_s + stay), apart_m=aside, asset=run.meeting.asset))  # fmt: skip
    return actors


# What a drawn zone asks, and how the vessel breaks it: knots inside, minutes it stays, whether it goes against.
RULED = (
    ({"rule_enter": False}, 9.0, 0),
    ({"rule_max_kn": 6.0}, 11.0, 0),
    ({"rule_dwell_min": 25.0}, 9.0, 90),
)


def zone_breach(cast: Cast) -> Actor:
    """Breaks the rule of a zone about an asset, off the lanes so that others have no business there."""
    ship = _merchant(cast)
    lanes = np.concatenate([way_of(np.array(LANES[name])).places() for name in cast.patch.lanes])
    rules, kn, stays = cast.one(RULED)
    for _ in range(300):
        lon, lat = cast.one(cast.routes)
        centre: Point = (float(lon), float(lat))
        way = cast.run(kn, (15_000, 60_000), stays * 60 + 2.2 * HOUR_S, 0.0).way
        off_m = float(apart_m(centre, lanes).min())
        if not 8_000 < off_m < 30_000:
            continue
        leave_m = float(np.argmin(apart_m(centre, way.places()))) * DENSE_M
        first = max(0.0, leave_m - 25_000)
        places = [centre, way.at(min(way.length_m, leave_m + 12_000))]
        legs_m = way_of(np.array([way.at(first), way.at(leave_m), *places]))
        if 5_000 < leave_m < way.length_m and afloat(legs_m.places(), 1_500.0):
            break
    cast.circle("control_zone", centre, 3_000.0, **rules, rule_classes="cargo, tanker, cargo_or_tanker")
    total_s = legs_m.length_m / (kn * KN) + stays * 60
    begin = cast.between(0.0, max(1.0, cast.end_s - total_s - 0.5 * HOUR_S))
    there = begin + (leave_m - first + float(apart_m(centre, np.array([way.at(leave_m)]))[0]) - 3_000) / (kn * KN)
    stay = [STOP, Leg("to_and_fro", centre, 3.0, for_s=stays * 60.0, radius_m=900)] if stays else []
    legs = [*(Leg("to", to=p, kn=kn) for p in way.between(first, leave_m)), Leg("to", to=centre, kn=kn), *stay,
            Leg("to", to=places[1], kn=kn), cast.rest()]  # fmt: skip
    return cast.actor("zone_breach", "threat", ship, begin, way.at(first), legs, (),
                      (there - 900, there + 9_000 / (kn * KN) + stays * 60), rule=next(iter(rules)))  # fmt: skip
