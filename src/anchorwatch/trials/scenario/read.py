"""From a TOML text to a Scenario. Every error is one line that names file, line and key."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from anchorwatch.edges.toml_table import NOWHERE, Place, Table, nearest, parsed
from anchorwatch.errors import BadInput, BadUse
from anchorwatch.model import ALERT_KINDS, LEVELS
from anchorwatch.trials.plan import Interference, Station, Weather
from anchorwatch.trials.scenario import (
    BOTTOMS,
    KINDS,
    SCHEMA,
    WHATS,
    Background,
    Expect,
    Fault,
    Scenario,
    Truth,
)
from anchorwatch.trials.scenario import chart as scenario_chart
from anchorwatch.trials.scenario.actor import actor
from anchorwatch.trials.scenario.checks import check

KEYS = (
    "schema", "name", "title", "kind", "summary", "facts", "assumed", "start", "end", "seed", "sea", "weather", "asset",
    "zone", "traffic", "station", "interference", "fault", "actor", "truth", "expect",
)  # fmt: skip
MANNERS = ("scatter", "offset", "lost")
LONGEST_DAYS = 31
LARGEST_BYTES = 4 << 20


def built_in() -> list[str]:
    """Return the names of the trials that come with the package."""
    folder = files("anchorwatch.trials").joinpath("scenarios")
    if not folder.is_dir():
        return []
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def load(name: str) -> Scenario:
    """Return a built-in trial by its name, or that of a file."""
    if name in built_in():
        file = files("anchorwatch.trials").joinpath("scenarios", f"{name}.toml")
        return read(file.read_text("utf-8"), f"{name}.toml")
    path = Path(name)
    if path.suffix != ".toml" and not path.is_file():
        raise BadUse(f"there is no trial {name!r}", "", f"{nearest(name, built_in())} `anchorwatch trial list` has all")
    try:
        data = path.read_bytes()[: LARGEST_BYTES + 1]
    except OSError as error:
        raise BadInput(f"the file cannot be read ({error.strerror})", name, "Check its name") from None
    return read(data, name)


def read(text: str | bytes, file: str = "scenario") -> Scenario:
    """Return the scenario of a TOML text."""
    if len(text) > LARGEST_BYTES:
        raise BadInput("the file is too large for a scenario", file, f"At most {LARGEST_BYTES >> 20} MiB")
    said, place, text = parsed(text, file, "docs/trials.md shows how a scenario is written")
    return document(said, place, text)


def document(said: dict[str, Any], place: Place = NOWHERE, text: str = "") -> Scenario:
    """Return the scenario of what a TOML file says, checked."""
    top = Table(said, place, KEYS)
    if top.text("schema") != SCHEMA:
        raise place.of("schema").wrong(f"this is not {SCHEMA!r}", f'Write schema = "{SCHEMA}"')
    start_us, end_us = top.time_us("start"), top.time_us("end")
    _span(top, start_us, end_us)
    sea = top.table("sea", ("box", "depth_m", "bottom", "interval_scale"))
    made = Scenario(
        name=_name(top),
        title=top.text("title"),
        kind=top.choice("kind", KINDS),
        summary=" ".join(top.text("summary").split()),
        facts=top.texts("facts"),
        assumed=top.texts("assumed"),
        start_us=start_us,
        end_us=end_us,
        box=_box(sea),
        depth_m=sea.number("depth_m", 60, 1, 11_000),
        bottom=sea.choice("bottom", BOTTOMS, "clay"),
        interval_scale=sea.number("interval_scale", 1, 0.1, 100),
        assets=scenario_chart.assets(top),
        zones=scenario_chart.zones(top),
        actors=tuple(actor(t, start_us) for t in _actors(top)),
        traffic=_traffic(top),
        weather=_weather(top, start_us),
        stations=tuple(_station(t, start_us) for t in top.tables("station", STATION)),
        interference=tuple(_interference(t, start_us) for t in top.tables("interference", INTERFERENCE)),
        faults=tuple(_fault(t) for t in top.tables("fault", ("asset", "from", "until", "known"))),
        truths=tuple(_truth(t) for t in top.tables("truth", ("what", "actor", "asset", "from", "until"))),
        expects=tuple(_expect(t) for t in top.tables("expect", EXPECT)),
        seed=top.whole("seed", 1),
        text=text,
        place=place,
    )
    check(made)
    return made


STATION = ("name", "at", "range_km", "clock_s", "silent")
INTERFERENCE = ("from", "until", "at", "radius_km", "manner", "offset_km")
EXPECT = ("actor", "level", "kinds", "before", "before_asset", "spare_min", "at_most", "no_vessel")


def _actors(top: Table) -> list[Table]:
    from anchorwatch.trials.scenario.actor import ACTOR

    return list(top.tables("actor", ACTOR))


def _name(top: Table) -> str:
    name = top.text("name")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > 60:
        raise top.place.of("name").wrong("this cannot be a name", "Use small letters, digits and hyphens")
    return name


def _span(top: Table, start_us: int, end_us: int) -> None:
    if end_us <= start_us:
        raise top.place.of("end").wrong("the end is not after the start", "Check both times")
    if end_us - start_us > LONGEST_DAYS * 86_400_000_000:
        raise top.place.of("end").wrong(f"this lasts more than {LONGEST_DAYS} days", "Make it shorter")


def _box(sea: Table) -> tuple[float, float, float, float]:
    box = sea.array("box")
    place = sea.place.of("box")
    if len(box) != 4 or not all(isinstance(v, int | float) and not isinstance(v, bool) and abs(v) <= 180 for v in box):
        raise place.wrong("this is not a box", "Write [west, south, east, north] in degrees")
    west, south, east, north = map(float, box)
    if not (west < east and -90 <= south < north <= 90):
        raise place.wrong("the box has no inside", "Write [west, south, east, north]: west < east, south < north")
    return west, south, east, north


def _traffic(top: Table) -> Background:
    said = top.table("traffic", ("vessels", "seed", "lanes", "file"))
    if said.only_one("vessels", "file") == "file":
        return Background(file=said.text("file"))
    lanes = said.texts("lanes")
    from anchorwatch.trials.sea.lanes import FERRIES, LANES

    for number, lane in enumerate(lanes):
        if lane not in {**LANES, **FERRIES}:
            raise said.place.of("lanes", number).wrong(
                f"there is no lane {lane!r}", nearest(lane, {**LANES, **FERRIES})
            )
    return Background(said.whole("vessels", 0, 0, 20_000), said.whole("seed", 1), lanes)


def _weather(top: Table, start_us: int) -> tuple[Weather, ...]:
    keys = ("from", "wind_kn", "wind_from_deg", "current_kn", "current_to_deg")
    calm, out = Weather(0.0), list[Weather]()
    for said in top.tables("weather", keys):
        from_s = (said.time_us("from", start_us) - start_us) / 1e6
        if out and from_s <= out[-1].from_s:
            raise said.place.of("from").wrong("this weather is not after the one before", "Put them in order of time")
        out.append(
            Weather(
                from_s,
                said.number("wind_kn", calm.wind_kn, 0, 120),
                said.number("wind_from_deg", calm.wind_from_deg, 0, 360),
                said.number("current_kn", calm.current_kn, 0, 15),
                said.number("current_to_deg", calm.current_to_deg, 0, 360),
            )
        )
    if out and out[0].from_s > 0:
        out[0] = out[0]._replace(from_s=0.0)  # before the first that is said, it was so too
    return tuple(out) or (calm,)


def _station(said: Table, start_us: int) -> Station:
    lon, lat = said.point("at")
    silent = []
    for number, span in enumerate(said.array("silent", ())):
        inner = Table({"span": span}, said.place.of("silent"), ("span",))
        place = said.place.of("silent", number)
        times = inner.array("span")
        if len(times) != 2:
            raise place.wrong("this is not a span", "Write [from, until]")
        pair = Table({"from": times[0], "until": times[1]}, place, ("from", "until"))
        first, last = span_of(pair)
        silent.append(((first - start_us) / 1e6, (last - start_us) / 1e6))
    return Station(
        said.text("name"), lon, lat,
        said.number("range_km", 75, 0.1, 2000), said.number("clock_s", 0, -86_400, 86_400), tuple(silent),
    )  # fmt: skip


def _interference(said: Table, start_us: int) -> Interference:
    (lon, lat), (first, last) = said.point("at"), span_of(said)
    return Interference(
        (first - start_us) / 1e6, (last - start_us) / 1e6, lon, lat,
        said.number("radius_km", None, 0.1, 2000), said.choice("manner", MANNERS, "scatter"),
        said.number("offset_km", 20, 0, 5000),
    )  # fmt: skip


def span_of(said: Table) -> tuple[int, int]:
    """Return the times `from` and `until`, in order."""
    first, last = said.time_us("from"), said.time_us("until")
    if last < first:
        raise said.place.of("until").wrong("this is before 'from'", "Put the times in order")
    return first, last


def _fault(said: Table) -> Fault:
    first, last = span_of(said)
    known = said.time_us("known")
    if known < first:
        raise said.place.of("known").wrong("nobody knows of a fault before it happened", "Check 'known' and 'from'")
    return Fault(said.text("asset"), first, last, known, said.place)


def _truth(said: Table) -> Truth:
    what = said.choice("what", WHATS)
    actor_id = said.text("actor", "")
    if (what == "none") == bool(actor_id):
        key, next_step = ("actor", 'Take it out, or say "damage"') if actor_id else ("what", "Add actor = ...")
        raise said.place.of(key).wrong('"none" means no vessel, anything else needs an actor', next_step)
    return Truth(what, said.text("asset"), *span_of(said), actor_id, said.place)


def _expect(said: Table) -> Expect:
    level = said.choice("level", LEVELS, "")
    at_most, no_vessel, actor_id = said.choice("at_most", LEVELS, ""), said.flag("no_vessel"), said.text("actor", "")
    if sum((bool(level), bool(at_most), no_vessel)) != 1:
        raise said.place.wrong("this expects nothing, or two things", "Give one of level, at_most, no_vessel = true")
    if not level:
        for key in ("kinds", "before", "before_asset", "spare_min"):
            if key in said:
                raise said.place.of(key).wrong(f"{key!r} means nothing without a level", "Add level, or take it out")
    kinds = said.texts("kinds")
    for number, kind in enumerate(kinds):
        if kind not in ALERT_KINDS:
            raise said.place.of("kinds", number).wrong(f"there is no alert {kind!r}", nearest(kind, ALERT_KINDS))
    said.only_one("before", "before_asset")
    return Expect(
        actor_id, level, kinds,
        said.time_us("before") if "before" in said else None,
        said.text("before_asset", ""), said.number("spare_min", 0, 0, 100_000), at_most, no_vessel, said.place,
    )  # fmt: skip
