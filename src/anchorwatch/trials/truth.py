"""The truth of a trial as a record (`anchorwatch.truth/1`): measured from what was sailed, not from what was meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from anchorwatch import chart
from anchorwatch.model import rfc3339
from anchorwatch.schema import Floats
from anchorwatch.trials.plan import Water
from anchorwatch.trials.scenario import Expect, Scenario, Truth
from anchorwatch.trials.scenario.checks import EARTH_M
from anchorwatch.trials.scenario.track import Crossing, Lines, Track, true_track
from anchorwatch.trials.scenario.voyages import Sailed, freed, water

SCHEMA = "anchorwatch.truth/1"
NEAR_MISS_M = 5_000.0  # a near miss comes this near at least
LONGEST_STEP_US = 600_000_000  # a longer silence is not time in which a vessel was watched
BEFORE_US = 900_000_000  # who was there when something began: heard there in this time before
SETTLING_S, COMPARED_S, BEFORE_S = 600.0, 3 * 3600.0, 2 * 3600.0  # what a deficit is measured over
LEAST_S, RESTING_KN = 600.0, 1.0  # a deficit is of ten minutes at least; slower than this is not under way
Span = tuple[float, float]
# What a behaviour begins with, by class of threat (a part of its name); any of them for other classes.
OPENING: dict[str, tuple[str, ...]] = {
    "drag": ("anchor_drop",),
    "gap": ("ais_off",),
    "spoof": ("spoof_offset", "spoof_place"),
    "identity": ("identity",),
}
CLOSING = {"anchor_drop": "anchor_up", "ais_off": "ais_on"}
LINGERING = ("to_and_fro", "tow", "adrift", "anchored")


def record(made: Scenario, sailed: list[Sailed], positions: pl.DataFrame, sums: dict[str, str]) -> dict[str, Any]:
    """Return the truth of a trial."""
    lines = Lines(made)
    crossed = {s.actor.id: lines.crossings(s.track) for s in sailed}
    acting = [m for s in sailed for m in mmsis(s)]
    return {
        "schema": SCHEMA,
        "trial": made.name,
        "kind": made.kind,
        "title": made.title,
        "seed": made.seed,
        "traffic_seed": made.traffic.seed if made.traffic.vessels else None,
        "start": rfc3339(made.start_us),
        "end": rfc3339(made.end_us),
        "sha256": sums,
        "vessel_hours": vessel_hours(positions, acting),
        "actors": [_actor(s, made, crossed[s.actor.id]) for s in sailed],
        "areas": areas(made, positions),
        "faults": faults(made),
        "truths": [_truth(t) for t in made.truths],
        "expect": [_expect(e) for e in made.expects],
    }


def check(made: Scenario, sailed: list[Sailed]) -> None:
    """Refuse truths and expectations that do not fit what was sailed."""
    lines = Lines(made)
    crossed = {s.actor.id: lines.crossings(s.track) for s in sailed}
    for truth in made.truths:
        _holds(truth, made, crossed, {s.actor.id: s.track for s in sailed})
    begins = {s.actor.id: behaviour_s(s, made)[0] for s in sailed}
    for expect in made.expects:
        if expect.before_asset and not any(
            c.asset == expect.before_asset and c.time_s >= begins[expect.actor] for c in crossed[expect.actor]
        ):
            raise expect.place.of("before_asset").wrong(
                f"{expect.actor!r}, as sailed, never crosses {expect.before_asset!r} once it has begun",
                "Name an asset that it crosses",
            )


def mmsis(sailed: Sailed) -> list[int]:
    """Return the numbers under which an actor sails, each once."""
    said = [sailed.voyage.who.mmsi, *(e.who.mmsi for e in sailed.voyage.events if e.who is not None)]
    return list(dict.fromkeys(said))


def faults(made: Scenario) -> list[dict[str, str]]:
    """Return the outage notices of a trial, as `scan --faults` reads them."""
    return [
        {"asset": f.asset, "from": rfc3339(f.from_us), "until": rfc3339(f.until_us), "known": rfc3339(f.known_us)}
        for f in made.faults
    ]


def _actor(sailed: Sailed, made: Scenario, crossed: list[Crossing]) -> dict[str, Any]:
    actor = sailed.actor
    first_s, last_s = behaviour_s(sailed, made)
    mine = [e for e in made.expects if e.actor == actor.id]

    def at(seconds: float) -> str:
        return rfc3339(made.start_us + round(seconds) * 1_000_000)

    return {
        "id": actor.id,
        "mmsis": mmsis(sailed),
        "name": actor.who.name,
        "role": actor.role,
        "class": actor.threat or actor.role,
        "ship_class": actor.ship_class,
        "start": at(first_s),
        "end": at(last_s),
        "deficit": deficit(sailed, made, first_s, last_s, made.seed),
        "crossings": [_crossing(c, at(c.time_s)) for c in crossed if c.time_s >= first_s],
        "expects": list(dict.fromkeys(k for e in mine for k in e.kinds)),
        "at_most": next((e.at_most for e in mine if e.at_most), None),
        "params": _plain(actor.params),
    }  # fmt: skip


def _crossing(crossing: Crossing, time: str) -> dict[str, Any]:
    place = {"lon": round(crossing.lon_deg, 5), "lat": round(crossing.lat_deg, 5)}
    return {"asset": crossing.asset, "time": time, "kp_km": round(crossing.kp_km, 2), **place}


def behaviour_s(sailed: Sailed, made: Scenario) -> tuple[float, float]:
    """Return from when to when an actor does what it is here for; of others the time in which they are there."""
    actor, track = sailed.actor, sailed.track
    there = (
        made.seconds(actor.start_us),
        float(track.time_s[-1]) if len(track.time_s) else made.seconds(actor.start_us),
    )
    if actor.behaviour_us is not None:
        return made.seconds(actor.behaviour_us[0]), made.seconds(actor.behaviour_us[1])
    if actor.role != "threat":
        return there
    words = next(
        (w for part, w in OPENING.items() if part in actor.threat), tuple(o for w in OPENING.values() for o in w)
    )
    opened = [e for e in sailed.voyage.events if e.what in words]
    if opened:
        return _until_closed(sailed, opened[0].at_s, opened[0].what, there[1])
    spans = [
        (begin, end)
        for leg, begin, end in zip(actor.legs, (there[0], *sailed.ends_s), sailed.ends_s, strict=False)
        if leg.how in LINGERING
    ]
    return (spans[0][0], min(spans[-1][1], there[1])) if spans else there


def _until_closed(sailed: Sailed, from_s: float, what: str, gone_s: float) -> tuple[float, float]:
    """Return the time from an event to the one that ends it, or to the end of the voyage."""
    if what in CLOSING:
        ends = [e.at_s for e in sailed.voyage.events if e.what == CLOSING[what] and e.at_s > from_s]
    else:
        ends = [e.until_s for e in sailed.voyage.events if e.what == what and e.until_s == e.until_s]
    return from_s, min(ends[-1], gone_s) if ends else gone_s


def deficit(sailed: Sailed, made: Scenario, first_s: float, last_s: float, seed: int) -> float | None:
    """Return the true share of speed lost to an anchor; None where none is dragged or there is nothing to compare.

    Against the same voyage with nothing on the bottom, while both are under way and nothing else changes; where the
    speed was told and not left to the model, against the two hours before.
    """
    held_back = any(e.what in ("anchor_drop", "dip") for e in sailed.voyage.events)
    if not held_back or "drag" not in sailed.actor.threat:
        return None
    spans = _steady(sailed, first_s, min(last_s, first_s + SETTLING_S + COMPARED_S))
    if any(step.made for step in sailed.voyage.steps):
        free = median_kn(sailed.track, first_s - BEFORE_S, first_s)
    else:
        freely = _free_track(sailed, water(made), seed, made.interval_scale)
        spans = _under_way(freely, spans)
        free = _usual_kn(freely, spans)
    held = _usual_kn(sailed.track, spans)
    if held is None or free is None or free < RESTING_KN:
        return None
    return round(1.0 - held / free, 4)


def _free_track(sailed: Sailed, sea: Water, seed: int, interval_scale: float) -> Track:
    return true_track(freed(sailed.voyage), sea, seed, interval_scale)


def _steady(sailed: Sailed, first_s: float, until_s: float) -> list[Span]:
    """Return when an engine that was ordered nothing else drove the vessel on, settled, after a time."""
    changes = [e.at_s for e in sailed.voyage.events if e.what in ("order", "order_share")]
    begins = (0.0, *sailed.ends_s)
    changes += [begin for leg, begin in zip(sailed.actor.legs, begins, strict=False) if leg.how != "to"]
    end_s = min((s for s in changes if s > first_s), default=1e18)
    spans, since = [], first_s + SETTLING_S
    for event in sailed.voyage.events:
        if event.what == "engine_stop" and event.at_s > first_s:
            spans.append((since, event.at_s))
            since = float("inf")
        elif event.what == "engine_start" and event.at_s > first_s:
            since = event.at_s + SETTLING_S
    return [(a, min(b, end_s, until_s)) for a, b in (*spans, (since, float("inf"))) if a < min(b, end_s, until_s)]


def _under_way(track: Track, spans: list[Span]) -> list[Span]:
    """Return spans up to where a vessel comes to rest: one that is not held back is there sooner."""
    resting = track.made_kn() < RESTING_KN
    resting &= np.any([(track.time_s[:-1] >= a) & (track.time_s[1:] <= b) for a, b in spans] or [resting], axis=0)
    end_s = float(track.time_s[:-1][resting][0]) if resting.any() else float(track.time_s[-1])
    return [(a, min(b, end_s)) for a, b in spans if a < end_s]


def median_kn(track: Track, from_s: float, until_s: float) -> float | None:
    """Return the usual speed made good between two times; None where that is under ten minutes."""
    return _usual_kn(track, [(from_s, until_s)])


def _usual_kn(track: Track, spans: list[Span]) -> float | None:
    if sum(b - a for a, b in spans) < LEAST_S:
        return None
    within = np.any([(track.time_s[:-1] >= a) & (track.time_s[1:] <= b) for a, b in spans], axis=0)
    if not within.any():
        return None
    speeds, lasts = track.made_kn()[within], np.diff(track.time_s)[within]
    order = np.argsort(speeds)
    middle = np.searchsorted(np.cumsum(lasts[order]), lasts.sum() / 2)
    return float(speeds[order][min(int(middle), len(order) - 1)])


def _holds(truth: Truth, made: Scenario, crossed: dict[str, list[Crossing]], tracks: dict[str, Track]) -> None:
    """Refuse a truth that was not sailed."""
    if not truth.actor:
        return
    first, last = made.seconds(truth.from_us), made.seconds(truth.until_us)
    times = [c.time_s for c in crossed[truth.actor] if c.asset == truth.asset]
    if any(first <= t <= last for t in times):
        return
    if truth.what == "near_miss" and _closest_m(tracks[truth.actor], made, truth.asset, first, last) <= NEAR_MISS_M:
        return
    when = ", ".join(rfc3339(made.start_us + round(t) * 1_000_000) for t in times[:5])
    raise truth.place.wrong(
        f"{truth.actor!r}, as sailed, does not cross {truth.asset!r} then"
        + (f", but at {when}" if when else " or ever"),
        "Correct the times, the way or the route",
    )


def _closest_m(track: Track, made: Scenario, asset: str, from_s: float, until_s: float) -> float:
    within = (track.time_s >= from_s) & (track.time_s <= until_s)
    known = chart.make(tuple(a for a in made.assets if a.id == asset))
    if not within.any():
        return float("inf")
    _, metres, _, _ = chart.nearest(known.grid, track.lon_deg[within], track.lat_deg[within])
    return float(np.nanmin(metres)) if np.isfinite(metres).any() else float("inf")


def vessel_hours(positions: pl.DataFrame, acting: list[int]) -> dict[str, float]:
    """Return the hours in which vessels that are no actors were heard, by class."""
    step = pl.col("time_us").sort().diff()
    hours = step.filter(step <= LONGEST_STEP_US).sum() / 3.6e9
    each = positions.filter(~pl.col("mmsi").is_in(acting)).group_by("ship_class", "mmsi").agg(hours=hours)
    total = each.group_by("ship_class").agg(pl.col("hours").sum().round(3)).sort("ship_class")
    return {str(name): float(value) for name, value in total.iter_rows()}


def areas(made: Scenario, positions: pl.DataFrame) -> list[dict[str, Any]]:
    """Return what happened to many at once: interference, stations that fell silent."""
    found = []
    for number, jam in enumerate(made.interference, 1):
        found.append(
            _area(made, positions, f"interference-{number}", "interference", (jam.from_s, jam.until_s),
                  (jam.lon_deg, jam.lat_deg), jam.radius_km)
        )  # fmt: skip
    for station in made.stations:
        for number, span in enumerate(station.silent_s, 1):
            name = f"{station.name}-silent-{number}"
            found.append(
                _area(made, positions, name, "outage", span, (station.lon_deg, station.lat_deg), station.range_km)
            )
    return found


def _area(
    made: Scenario, positions: pl.DataFrame, name: str, kind: str,
    span_s: tuple[float, float], at: tuple[float, float], radius_km: float,
) -> dict[str, Any]:  # fmt: skip
    first, last = (made.start_us + round(s * 1e6) for s in span_s)
    jammed = kind == "interference"
    rows = positions.filter(pl.col("time_us").is_between(first - BEFORE_US, last if jammed else first))
    metres = _metres(rows["lon_deg"].to_numpy(), rows["lat_deg"].to_numpy(), *at)
    inside = sorted(set(rows["mmsi"].to_numpy()[metres <= radius_km * 1000].tolist()))
    return {
        "id": name,
        "class": kind,
        "start": rfc3339(first),
        "end": rfc3339(last),
        "lon": at[0],
        "lat": at[1],
        "radius_km": radius_km,
        "mmsis": inside,
        "expects": ["interference_area"] if jammed else ["feed_silence"],
    }


def _metres(lon_deg: Floats, lat_deg: Floats, lon0: float, lat0: float) -> Floats:
    east = np.radians(lon_deg - lon0) * np.cos(np.radians(0.5 * (lat_deg + lat0)))
    metres: Floats = np.hypot(east, np.radians(lat_deg - lat0)) * EARTH_M
    return metres


def _truth(truth: Truth) -> dict[str, Any]:
    said = {"what": truth.what, "asset": truth.asset, "from": rfc3339(truth.from_us), "until": rfc3339(truth.until_us)}
    return {**said, "actor": truth.actor or None}


def _expect(expect: Expect) -> dict[str, Any]:
    """Return an expectation under the keys of the file, only what is said."""
    said: dict[str, Any] = {
        "actor": expect.actor, "level": expect.level, "kinds": list(expect.kinds), "before_asset": expect.before_asset,
        "spare_min": expect.spare_min, "at_most": expect.at_most, "no_vessel": expect.no_vessel,
        "before": None if expect.before_us is None else rfc3339(expect.before_us),
    }  # fmt: skip
    return {key: value for key, value in said.items() if value}


def _plain(value: Any) -> Any:
    """Return what a TOML file says as JSON has it."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
