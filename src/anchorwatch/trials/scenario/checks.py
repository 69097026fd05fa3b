"""What a scenario must hold before it is sailed. Each check raises BadInput with file, line and key."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np

from anchorwatch import chart
from anchorwatch.edges.toml_table import Place, Point, nearest
from anchorwatch.model import LEVELS, rfc3339
from anchorwatch.trials.scenario import Actor, Expect, Leg, Scenario, Truth
from anchorwatch.trials.ship.hulls import KN, hull

EARTH_M = 6_371_000.0
# The built-in coast is good to half a kilometre and has no basins of ports: a berth may seem to lie ashore.
INLAND_M = 1_000.0
SAMPLE_M = 500.0  # of a leg
# A known speed over ground may be above what the engine gives: following seas and the current's errors.
ROUGHLY_KN = 0.5


def check(made: Scenario) -> None:
    """Run all checks that need no sailing."""
    _named_once(made)
    _assets_exist(made)
    for actor in made.actors:
        _times_of(actor, made)
        _speeds_of(actor, made)
        _afloat(actor)
    _truths(made)
    _expects(made)


def _named_once(made: Scenario) -> None:
    seen: dict[Any, Actor] = {}
    for actor in made.actors:
        for what, value in (("id", actor.id), ("mmsi", actor.who.mmsi)):
            if (what, value) in seen:
                raise actor.place.of(what).wrong(
                    f"the {what} {value!r} is also that of actor {seen[what, value].id!r}", "Give each actor its own"
                )
            seen[what, value] = actor


def _assets_exist(made: Scenario) -> None:
    known = {a.id for a in made.assets}
    wanted: list[tuple[str, Place]] = [
        *((h.crossing, h.place.of("crossing")) for a in made.actors for h in a.happenings if h.crossing),
        *((f.asset, f.place.of("asset")) for f in made.faults),
        *((t.asset, t.place.of("asset")) for t in made.truths),
        *((e.before_asset, e.place.of("before_asset")) for e in made.expects if e.before_asset),
    ]
    for name, place in wanted:
        if name not in known:
            in_catalogue = any(a.id == name for a in chart.baltic())
            add = f'Add [[asset]] catalogue = "{name}"' if in_catalogue else nearest(name, known)
            raise place.wrong(f"this trial has no asset {name!r}", add)


def _within(time_us: int, made: Scenario, place: Place, first_us: int | None = None) -> None:
    """Refuse a time outside the trial, or before the actor is there."""
    first = made.start_us if first_us is None else first_us
    if not first <= time_us <= made.end_us:
        raise place.wrong(
            f"{rfc3339(time_us)} is outside {rfc3339(first)} to {rfc3339(made.end_us)}", "Check it, and start and end"
        )


def _times_of(actor: Actor, made: Scenario) -> None:
    _within(actor.start_us, made, actor.place.of("start"))
    before_us = actor.start_us
    for leg in actor.legs:
        for key, time_us in (("by", leg.by_us), (f"{leg.how}_until", leg.until_us)):
            if time_us is None:
                continue
            if time_us < before_us:
                raise leg.place.of(key).wrong(
                    f"{rfc3339(time_us)} is before the step before it ends ({rfc3339(before_us)})",
                    "Put the times in order",
                )
            before_us = time_us
    for happening in actor.happenings:
        if happening.at_us is None:
            continue
        _within(happening.at_us, made, happening.place.of("at"), actor.start_us)
        if happening.until_us is not None and happening.until_us < happening.at_us:
            raise happening.place.of("until").wrong("this is before 'at'", "Put the times in order")
    if actor.behaviour_us is not None:
        first, last = actor.behaviour_us
        _within(first, made, actor.place.of("behaviour", 0), actor.start_us)
        if last < first:
            raise actor.place.of("behaviour", 1).wrong("the behaviour ends before it begins", "Put the times in order")


def limit_kn(actor: Actor) -> float:
    """Return the most that the actor's engine gives."""
    who = actor.who
    like = hull(actor.ship_class, who.length_m, beam_m=who.beam_m, draught_m=who.draught_m, service_kn=actor.service_kn)
    return like.top_ms / KN


def _speeds_of(actor: Actor, made: Scenario) -> None:
    """Refuse speeds that the hull cannot sail, also where they follow from a time of arrival."""
    top_kn = limit_kn(actor)
    over_kn = top_kn + max(w.current_kn for w in made.weather) + ROUGHLY_KN
    for happening in actor.happenings:
        if happening.what == "order" and happening.value > top_kn * 1.001:
            raise _too_fast(happening.place.of("order_kn"), happening.value, top_kn)
    earliest_us, here = float(actor.start_us), actor.at
    for leg in actor.legs:
        for key, knots, most in (("kn", leg.kn, top_kn), ("made_kn", leg.made_kn, over_kn)):
            if knots > most * 1.001:
                raise _too_fast(leg.place.of(key), knots, most)
        earliest_us = _after(leg, here, earliest_us, over_kn)
        here = leg.to if leg.to is not None else here


def _after(leg: Leg, here: Point, earliest_us: float, over_kn: float) -> float:
    """Return when a step can be over at the earliest."""
    if leg.until_us is not None:
        return float(leg.until_us)
    if leg.how != "to" or leg.to is None:
        return earliest_us + leg.for_s * 1e6
    way_m = apart_m(here, leg.to)
    if leg.by_us is not None:
        need_kn = way_m / KN / max(1e-6, (leg.by_us - earliest_us) / 1e6)
        if way_m > 500 and need_kn > over_kn:
            raise _too_fast(leg.place.of("by"), need_kn, over_kn, f"{way_m / 1852:.1f} nm by then need ")
        return float(leg.by_us)
    knots = leg.made_kn if leg.made_kn == leg.made_kn else over_kn
    return earliest_us + (way_m / (knots * KN) * 1e6 if knots > 0 else 0.0)


def _too_fast(place: Place, knots: float, most: float, why: str = "") -> Exception:
    return place.wrong(
        f"{why}{knots:.1f} kn, beyond this hull, which makes {most:.1f} kn at most",
        "Lower it, or give the ship's service_kn",
    )


def apart_m(one: Point, two: Point) -> float:
    """Distance on a sphere: good to half a percent, enough for checks and for legs."""
    (lon1, lat1), (lon2, lat2) = np.radians(one), np.radians(two)
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return float(2 * EARTH_M * np.arcsin(np.sqrt(min(1.0, half))))


def _afloat(actor: Actor) -> None:
    """Refuse a ship on land: its places, and the straight ways between them, by the built-in coast."""
    if inland(*actor.at):
        raise _ashore(actor.place.of("at"), "this ship is on land")
    here = actor.at
    for leg in actor.legs:
        if leg.to is None:
            continue
        key = leg.place.of("to" if leg.how == "to" else "centre")
        if inland(*leg.to):
            raise _ashore(key, "this ship is on land")
        if leg.how == "to":
            steps = max(1, int(apart_m(here, leg.to) / SAMPLE_M))
            for k in range(1, steps):
                lon, lat = (here[i] + (leg.to[i] - here[i]) * k / steps for i in (0, 1))
                if inland(lon, lat):
                    raise _ashore(key, f"the way here leads over land at {lon:.3f}, {lat:.3f}")
            here = leg.to


def _ashore(place: Place, what: str) -> Exception:
    return place.wrong(f"{what}, more than a kilometre from the sea", "Move it, or sail around by more places")


def inland(lon_deg: float, lat_deg: float) -> bool:
    """Tell whether a place is on land with land all around; False where the coast is not known."""
    shore = chart.shore()
    if _shore_m(shore, lon_deg, lat_deg) != 0.0:
        return False
    up = INLAND_M / 111_200.0
    side = up / max(0.05, float(np.cos(np.radians(lat_deg))))
    ring = [(np.sin(a) * side, np.cos(a) * up) for a in np.arange(8) * np.pi / 4]
    return all(_shore_m(shore, lon_deg + dx, lat_deg + dy) == 0.0 for dx, dy in ring)


def _shore_m(shore: chart.Raster, lon_deg: float, lat_deg: float) -> float:
    """Distance to land between the points of the grid, NaN outside (plain: a check asks a few thousand times)."""
    x, y = (lon_deg - shore.lon0_deg) / shore.dlon_deg, (lat_deg - shore.lat0_deg) / shore.dlat_deg
    rows, columns = shore.values.shape
    if not (0 <= x < columns - 1 and 0 <= y < rows - 1):
        return float("nan")
    i, j = int(x), int(y)
    (a, b), (c, d) = shore.values[j : j + 2, i : i + 2]
    s, t = x - i, y - j
    return float((a * (1 - s) + b * s) * (1 - t) + (c * (1 - s) + d * s) * t)


def _truths(made: Scenario) -> None:
    known = {a.id for a in made.actors}
    for truth in made.truths:
        if truth.actor and truth.actor not in known:
            raise truth.place.of("actor").wrong(f"there is no actor {truth.actor!r}", nearest(truth.actor, known))
        _within(truth.from_us, made, truth.place.of("from"))
        _within(truth.until_us, made, truth.place.of("until"))
    for fault in made.faults:
        _within(fault.from_us, made, fault.place.of("from"))
    for one, two in combinations(made.truths, 2):
        if one.asset == two.asset and one.from_us <= two.until_us and two.from_us <= one.until_us:
            _agree(one, two)


def _agree(one: Truth, two: Truth) -> None:
    """Refuse two truths of one asset and time that cannot both be true."""
    said = "no vessel" if not one.actor else f"{one.what} by {one.actor!r}"
    clash = (one.what == "none") != (two.what == "none") or (
        one.what == two.what == "damage" and one.actor != two.actor
    )
    if clash:
        raise two.place.wrong(
            f"this contradicts line {one.place.line}, which says {said} at {one.asset!r} at that time",
            "Keep one of them",
        )


def _expects(made: Scenario) -> None:
    known = {a.id for a in made.actors}
    for expect in made.expects:
        if expect.no_vessel and expect.actor:
            raise expect.place.of("actor").wrong("'no_vessel' is about no actor", "Take one of them out")
        if not expect.no_vessel and expect.actor not in known:
            what = f"there is no actor {expect.actor!r}" if expect.actor else "'actor' is missing"
            raise expect.place.of("actor").wrong(what, nearest(expect.actor, known))
        if expect.before_us is not None:
            _within(expect.before_us, made, expect.place.of("before"))
    for one, two in combinations(made.expects, 2):
        if _contradict(one, two) or _contradict(two, one):
            raise two.place.wrong(
                f"this contradicts what line {one.place.line} expects of {one.actor or 'no vessel'!r}",
                "Keep one of them",
            )
    _blamed(made)


def _contradict(loud: Expect, quiet: Expect) -> bool:
    """Tell whether one wants more than the other allows."""
    if not (loud.level and quiet.at_most) or loud.actor != quiet.actor:
        return False
    return LEVELS.index(loud.level) > LEVELS.index(quiet.at_most)


def _blamed(made: Scenario) -> None:
    """Refuse "no vessel" beside a truth that names one at the asset that failed."""
    failed = {f.asset for f in made.faults}
    damage: Iterable[Truth] = (t for t in made.truths if t.actor and (not failed or t.asset in failed))
    named = next((t for t in damage if t.what == "damage"), None)
    for expect in made.expects:
        if expect.no_vessel and named is not None:
            raise expect.place.of("no_vessel").wrong(
                f"line {named.place.line} says that {named.actor!r} damaged {named.asset!r}", "Keep one of them"
            )
