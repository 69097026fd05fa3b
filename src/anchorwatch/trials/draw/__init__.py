"""Random trials from a seed: a piece of the Baltic, its traffic, and some twenty actors whose part in it is known.

Seeds 0 to 999 are for tuning, 1000 and up for reporting. Whoever tunes on the second has no figure left.

What an actor is and orders is drawn here; what it does follows from the ship model alone. The truth record says what
was sailed. Every draw is a scenario that can be read, written as TOML and run by name like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from anchorwatch.errors import BadUse
from anchorwatch.schema import Floats
from anchorwatch.trials.draw import innocent, threats
from anchorwatch.trials.draw import text as draw_text
from anchorwatch.trials.draw.archive import FEWEST_HOURS, MOST_HOURS, span_of
from anchorwatch.trials.draw.cast import Cast
from anchorwatch.trials.draw.sea import PATCHES, Patch, apart_m, assets_of, route_places, way_of
from anchorwatch.trials.plan import Interference, Station, Weather
from anchorwatch.trials.scenario import Actor, Background, Expect, Scenario
from anchorwatch.trials.scenario import read as scenario_read
from anchorwatch.trials.sea.lanes import LANES, Point

TUNE, REPORT = range(1000), 1000  # seeds to tune on; the first seed to report
VESSELS, HOURS = (150, 250), 24.0
MADE, REAL = 0xA4C0, 0xA4C1  # so that a seed gives other actors in made and in real traffic

# Drags in every trial: five in each band that is reported over two trials, so that both intervals are narrow.
DRAGS: tuple[tuple[str, ...], ...] = (("5-10", "10+", "5-10", "10+", "10+"), ("5-10", "10+", "5-10", "10+", "5-10"))
OTHER_DRAGS: dict[str, Callable[[Cast], Actor]] = {
    "drag_with_stops": threats.drag_with_stops,
    "drag_with_dips": threats.drag_with_dips,
}
# Of these five in each trial, in turn.
THREATS: dict[str, Callable[[Cast], Actor | list[Actor]]] = {
    "anchored": threats.anchored,
    "loitering": threats.loitering,
    "following": threats.following,
    "ais_gap": threats.ais_gap,
    "slow_crossing": threats.slow_crossing,
    "trawling": threats.trawling,
    "spoofing": threats.spoofing,
    "identity": threats.identity,
    "rendezvous": threats.rendezvous,
    "zone_breach": threats.zone_breach,
}
THREATS_EACH = 5
# Of these nine in each trial, in turn; an engine order reduced and a slow-down that ended are in all of them.
ALWAYS: dict[str, Callable[[Cast], Actor | list[Actor]]] = {
    "order_reduced": innocent.order_reduced,
    "slow_down_ended": innocent.slow_down_ended,
}
INNOCENT: dict[str, Callable[[Cast], Actor | list[Actor]]] = {
    "slow_steamer": innocent.slow_steamer,
    "arrival": innocent.arrival,
    "pilot": innocent.pilot,
    "engine_trouble": innocent.engine_trouble,
    "evasive_turn": innocent.evasive_turn,
    "weather_slowed": innocent.weather_slowed,
    "gnss_glitch": innocent.gnss_glitch,
    "reception_hole": innocent.reception_hole,
    "ferry": innocent.ferry,
    "fishing_far": innocent.fishing_far,
    "fishing_once": innocent.fishing_once,
    "bunkering": innocent.bunkering,
    "renamed": innocent.renamed,
    "tow": innocent.tow,
    "exercise": innocent.exercise,
}
INNOCENT_EACH = 7
CORE = 0.75  # of a station's reach: in there nobody else hears
HOLE_KM, LEAST_REACH_KM = 8.0, 15.0  # radius of a hole in reception; a station that hears less is not built
AREAS = ("interference", "outage")

# What a good watch says of each class: at least this level, of one of these kinds.
EXPECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "steady_drag": ("warning", ("anchor_drag",)),
    "drag_with_stops": ("warning", ("anchor_drag", "slow_crossing", "loitering", "anchored_on_asset")),
    "drag_with_dips": ("caution", ("anchor_drag",)),
    "anchored": ("warning", ("anchored_on_asset",)),
    "loitering": ("warning", ("loitering", "following_asset")),
    "following": ("warning", ("following_asset", "loitering")),
    "ais_gap": ("warning", ("ais_gap",)),
    "slow_crossing": ("caution", ("slow_crossing", "anchor_drag")),
    "trawling": ("caution", ("trawling",)),
    "spoofing": ("caution", ("position_jump",)),
    "identity": ("caution", ("identity_change", "loitering", "following_asset")),
    "rendezvous": ("caution", ("rendezvous", "loitering")),
    "zone_breach": ("caution", ("zone_breach",)),
}
INNOCENT_AT_MOST = "caution"


def draw(seed: int, *, vessels: int | None = None, hours: float | None = None, sea: str | None = None) -> Scenario:
    """Return the random trial of a seed: the same every time."""
    if sea is not None and sea not in PATCHES:
        raise BadUse(f"there is no sea {sea!r} to draw in", "--sea", f"Known: {', '.join(PATCHES)}")
    if hours is not None and not FEWEST_HOURS <= hours <= MOST_HOURS:
        raise BadUse(f"{hours:g} hours", "--hours", f"Give {FEWEST_HOURS:g} to {MOST_HOURS:g}")
    if seed < 0:
        raise BadUse(f"there is no seed {seed}", "--seed", "Give 0 to 999 to tune, 1000 and up to report")
    rng = np.random.default_rng([seed, MADE])
    name = sea or list(PATCHES)[int(rng.integers(len(PATCHES)))]
    start_us = _start_us(rng)
    many = int(vessels if vessels is not None else rng.integers(*VESSELS))
    return _scenario(seed, rng, name, PATCHES[name], start_us, hours or HOURS, Background(many, seed))


def draw_into(path: str, seed: int) -> Scenario:
    """Return the random trial of a seed, its actors put into a real archive: in its water, in its days."""
    span = span_of(path)
    patch = PATCHES[span.sea]._replace(box=span.box)
    return _scenario(seed, np.random.default_rng([seed, REAL]), span.sea, patch, span.start_us, span.hours,
                     Background(file=path))  # fmt: skip


def _scenario(
    seed: int, rng: np.random.Generator, sea: str, patch: Patch, start_us: int, hours: float, traffic: Background
) -> Scenario:
    assets = assets_of(patch, rng)
    cast = Cast(
        rng, patch, assets, route_places(assets), start_us, hours,
        round(float(np.exp(rng.uniform(*np.log(patch.depth_m)))), 1), str(rng.choice(patch.bottoms)),
    )  # fmt: skip
    cast.weather = _weather(cast, "weather_slowed" in _turn(list(INNOCENT), seed, INNOCENT_EACH))
    actors, real = _actors(cast, seed), bool(traffic.file)
    made = Scenario(
        name=f"random-{seed}{'-real' * real}", title=f"Random trial {seed}, {sea.replace('_', ' ')}", kind="made",
        summary="Drawn from a seed; nothing in it has happened.", facts=(), assumed=("everything",),
        start_us=cast.start_us, end_us=cast.us(cast.end_s), box=patch.box, depth_m=cast.depth_m, bottom=cast.bottom,
        interval_scale=2.0, assets=assets, actors=actors, zones=tuple(cast.zones), weather=cast.weather,
        traffic=traffic, stations=() if real else _stations(cast, seed),
        interference=() if real else _interference(cast, seed), expects=tuple(map(_expect, actors)), seed=seed,
    )  # fmt: skip
    return scenario_read.read(draw_text.text(made), made.name)


def _start_us(rng: np.random.Generator) -> int:
    """Some hour of 2026."""
    return int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000 + int(rng.integers(365 * 24)) * 3_600_000_000


def _turn(names: list[str], seed: int, count: int) -> list[str]:
    """The classes whose turn it is: over some seeds all come alike often."""
    return [names[(seed * count + k) % len(names)] for k in range(count)]


def _actors(cast: Cast, seed: int) -> tuple[Actor, ...]:
    drawn: list[Actor | list[Actor]] = [threats.steady_drag(cast, band) for band in DRAGS[seed % len(DRAGS)]]
    drawn.append(OTHER_DRAGS[list(OTHER_DRAGS)[seed // 2 % 2]](cast))
    drawn += [THREATS[name](cast) for name in _turn(list(THREATS), seed, THREATS_EACH)]
    drawn += [make(cast) for make in ALWAYS.values()]
    drawn += [INNOCENT[name](cast) for name in _turn(list(INNOCENT), seed, INNOCENT_EACH)]
    return tuple(actor for one in drawn for actor in (one if isinstance(one, list) else [one]))


def _expect(actor: Actor) -> Expect:
    if actor.role != "threat":
        return Expect(actor.id, at_most=INNOCENT_AT_MOST)
    level, kinds = EXPECTS[actor.threat]
    return Expect(actor.id, level=level, kinds=kinds)


def _weather(cast: Cast, changes: bool) -> tuple[Weather, ...]:
    """Wind and current, that change once in half of the trials, within half an hour."""

    def now(from_s: float, wind: tuple[float, float]) -> Weather:
        return Weather(round(from_s), round(cast.between(*wind), 1), round(cast.between(0, 360)),
                       round(cast.widely(0.05, 0.8), 2), round(cast.between(0, 360)))  # fmt: skip

    first = now(0.0, (2, 18))
    if not changes and cast.chance(0.5):
        return (first,)
    at_s = cast.between(0.2, 0.8) * cast.end_s
    return first, first._replace(from_s=round(at_s)), now(at_s + cast.between(900, 2400), (8, 30))


def _interference(cast: Cast, seed: int) -> tuple[Interference, ...]:
    """Satellite navigation disturbed over a part of a lane, in one trial of three."""
    if seed % 3:
        return ()
    lane = way_of(np.array(LANES[str(cast.one(cast.patch.lanes))])).places()
    west, south, east, north = cast.patch.box
    inside = lane[(lane[:, 0] > west) & (lane[:, 0] < east) & (lane[:, 1] > south) & (lane[:, 1] < north)]
    lon, lat = cast.one(inside)
    from_s = cast.between(0.1, 0.7) * cast.end_s
    until_s = min(from_s + cast.widely(0.5, 3.0) * 3600, cast.end_s)
    manner = str(cast.one(("scatter", "offset", "lost")))
    return (Interference(round(from_s), round(until_s), round(float(lon), 4), round(float(lat), 4),
                         round(cast.between(15, 40), 1), manner, round(cast.between(5, 40), 1)),)  # fmt: skip


def _stations(cast: Cast, seed: int) -> tuple[Station, ...]:
    """Shore stations that hear all lanes, but for the holes; one is down for a while in one trial of three.

    Half of the trials have none: everything is heard once, as from an archive of many stations put together.
    """
    outage = seed % 3 == 1
    if not cast.holes and not outage and cast.chance(0.5):
        return ()
    unheard = np.concatenate([way_of(np.array(LANES[name])).places()[::10] for name in cast.patch.lanes])
    west, south, east, north = cast.patch.box
    unheard = unheard[
        (unheard[:, 0] > west) & (unheard[:, 0] < east) & (unheard[:, 1] > south) & (unheard[:, 1] < north)
    ]
    found = list[Station]()
    while len(unheard) and len(found) < 14:
        lon, lat = map(float, cast.one(unheard))
        reach = min([cast.between(55, 85), *_hole_km(cast, (lon, lat))])
        if outage and found:  # the one that will fall silent is alone in its waters
            reach = min(reach, float(apart_m((lon, lat), _at(found[0]))[0]) / 1000 - CORE * found[0].range_km)
        unheard = unheard[apart_m((lon, lat), unheard) > max(reach * 900, 8_000)]
        if reach > LEAST_REACH_KM:
            found.append(Station(f"station-{len(found) + 1}", round(lon, 4), round(lat, 4), round(reach, 1),
                                 round(float(cast.rng.normal(0, 0.4)), 2)))  # fmt: skip
    if outage and found:
        from_s = cast.between(0.4, 0.8) * cast.end_s  # what a station usually hears must be known first
        silent = ((round(from_s), round(min(from_s + cast.widely(0.8, 4.0) * 3600, cast.end_s))),)
        found[0] = found[0]._replace(silent_s=silent)
    return tuple(found)


def _hole_km(cast: Cast, place: Point) -> list[float]:
    """How far a station may hear, so that nobody is heard in a hole."""
    return [float(apart_m(place, np.array([hole]))[0]) / 1000 - HOLE_KM for hole in cast.holes]


def _at(station: Station) -> Floats:
    return np.array([[station.lon_deg, station.lat_deg]])
