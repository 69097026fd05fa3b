"""Actors of a scenario file: who they are, their steps, what happens to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anchorwatch.edges.toml_table import NAN, Point, Table, moment_us, point
from anchorwatch.schema import SHIP_CLASSES
from anchorwatch.trials.plan import Who
from anchorwatch.trials.scenario import ROLES, Actor, Happening, Leg

WHO = ("name", "mmsi", "imo", "callsign", "ship_type", "length_m", "beam_m", "draught_m", "destination", "class_b")
ACTOR = (
    "id", "class", "role", "threat", "service_kn", "anchor_t", "depth_m", "start", "at", "steps", "events",
    "behaviour", "params", *WHO,
)  # fmt: skip
STAYS = ("adrift", "anchored", "moored", "to_and_fro", "tow")
STEP = (
    "to", "kn", "made_kn", "by", "radius_m", "centre", "course_deg", "tow_km", "nav_status", "assumed",
    *(f"{stay}_{unit}" for stay in STAYS for unit in ("min", "until")),
)  # fmt: skip
EVENTS = ("anchor", "engine", "dip_kn", "order_kn", "ais", "nav_status", "identity", "spoof")
EVENT = ("at", "crossing", "chain_m", "for_min", "until", "assumed", *EVENTS)
# What goes with what: a key beside the wrong step or event would silently do nothing.
BESIDE_STEP: dict[str, tuple[str, ...]] = {
    "to": ("kn", "made_kn", "by"),
    "to_and_fro": ("kn", "radius_m", "centre"),
    "tow": ("kn", "course_deg", "tow_km"),
}
BESIDE_EVENT: dict[str, tuple[str, ...]] = {"anchor": ("chain_m",), "dip_kn": ("for_min", "until"), "spoof": ("until",)}
# ITU-R M.1371 table 53, for who says a class and no type.
TYPES = {"cargo": 70, "tanker": 80, "cargo_or_tanker": 70, "passenger": 60, "fishing": 30, "service": 52,
         "pleasure": 37, "high_speed": 40, "military": 35, "other": 90}  # fmt: skip
FASTEST_KN = 60.0  # of any vessel; what its hull can do is checked when it is sailed
DAY_MIN = 1440.0


def actor(said: Table, start_us: int) -> Actor:
    """Return one actor."""
    begins_us = said.time_us("start", start_us)

    def when(value: Any, at: Any) -> int:
        """A time, or minutes from the actor's start."""
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e7:
            return begins_us + round(value * 60e6)
        return moment_us(value, at)

    if not said.array("steps", ()):
        raise said.place.wrong("this actor has no steps", "Say where it goes, or how it stays: steps = [ { ... } ]")
    ship_class = said.choice("class", SHIP_CLASSES)
    during = said.array("behaviour", ())
    if during and len(during) != 2:
        raise said.wrong("behaviour", "two times [from, until]")
    times = [when(t, said.place.of("behaviour", n)) for n, t in enumerate(during)]
    return Actor(
        id=said.text("id"),
        who=_who(said, ship_class),
        ship_class=ship_class,
        role=said.choice("role", ROLES),
        threat=said.text("threat", ""),
        start_us=begins_us,
        at=said.point("at"),
        legs=tuple(_leg(t, when) for t in said.tables("steps", STEP)),
        happenings=tuple(_happening(t, when) for t in said.tables("events", EVENT)),
        service_kn=said.number("service_kn", NAN, 0.5, FASTEST_KN),
        anchor_t=said.number("anchor_t", NAN, 0.01, 50),
        depth_m=said.number("depth_m", NAN, 1, 11_000),
        behaviour_us=(times[0], times[1]) if times else None,
        params=dict(said.said.get("params", {})),
        place=said.place,
    )


def _who(said: Table, ship_class: str) -> Who:
    """Return who an actor says it is; what is not said follows from its class and length."""
    length_m = said.whole("length_m", least=3, most=500)
    return Who(
        mmsi=_mmsi(said),
        name=said.text("name"),
        callsign=said.text("callsign", ""),
        imo=_imo(said),
        ship_type=said.whole("ship_type", TYPES.get(ship_class, 0), 0, 255),
        length_m=length_m,
        beam_m=said.whole("beam_m", max(2, length_m // 7), 1, 80),
        draught_m=said.number("draught_m", round(min(14.0, 2.0 + length_m / 22), 1), 0.1, 25.5),
        destination=said.text("destination", ""),
        class_b=said.flag("class_b"),
    )


def _mmsi(said: Table) -> int:
    return said.whole("mmsi", least=200_000_000, most=799_999_999)


def _imo(said: Table) -> int:
    imo = said.whole("imo", 0, 0, 9_999_999)
    if imo and imo < 1_000_000:
        raise said.place.of("imo").wrong(f"{imo} is not an IMO number", "It has seven digits; leave it out if unknown")
    return imo


Moment = Callable[[Any, Any], int]


def _leg(said: Table, when: Moment) -> Leg:
    """Return one step: a way to somewhere, or a stay."""
    stays = [f"{stay}_{unit}" for stay in STAYS for unit in ("min", "until")]
    kind = said.only_one("to", *stays)
    if not kind:
        raise said.place.wrong(
            "this step says neither where to nor how to stay", f"Give one of: to, {', '.join(stays)}"
        )
    how = kind.removesuffix("_min").removesuffix("_until")
    _beside(said, how, BESIDE_STEP, (kind, "nav_status", "assumed"))
    said.only_one("kn", "made_kn", "by")
    place: Point | None = None
    if how == "to":
        place = said.point("to")
    elif "centre" in said:
        place = point(said.need("centre"), said.place.of("centre"))
    for key in ("kn", "made_kn"):
        if said.said.get(key) == 0:
            raise said.place.of(key).wrong("at no speed this step is never over", "Give a speed, or a step that stays")
    slow = how in ("to_and_fro", "tow")
    return Leg(
        how,
        to=place,
        kn=said.number("kn", None if slow else NAN, 0, FASTEST_KN),
        made_kn=said.number("made_kn", NAN, 0, FASTEST_KN),
        by_us=when(said.need("by"), said.place.of("by")) if "by" in said else None,
        until_us=when(said.need(kind), said.place.of(kind)) if kind.endswith("_until") else None,
        for_s=said.number(kind, None, 0, 60 * DAY_MIN) * 60 if kind.endswith("_min") else NAN,
        radius_m=said.number("radius_m", 500 if how == "to_and_fro" else NAN, 10, 50_000),
        course_deg=said.number("course_deg", None if how == "tow" else NAN, 0, 360),
        tow_km=said.number("tow_km", 8 if how == "tow" else NAN, 0.1, 200),
        nav_status=said.whole("nav_status", -1, 0, 15),
        assumed=said.flag("assumed"),
        place=said.place,
    )


def _beside(said: Table, what: str, known: dict[str, tuple[str, ...]], always: tuple[str, ...]) -> None:
    """Refuse keys that do nothing beside this step or event."""
    for key in said.said:
        if key not in always and key not in known.get(what, ()):
            raise said.place.of(key).wrong(f"{key!r} means nothing beside {what!r}", "Take it out")


def _happening(said: Table, when: Moment) -> Happening:
    """Return one event."""
    kind = said.only_one(*EVENTS)
    if not kind:
        raise said.place.wrong("this event says nothing that happens", f"Give one of: {', '.join(EVENTS)}")
    moment = said.only_one("at", "crossing")
    if not moment:
        raise said.place.wrong("this event has no time", "Give at = TIME, or crossing = the id of an asset")
    _beside(said, kind, BESIDE_EVENT, (kind, "at", "crossing", "assumed"))
    what, value, value2 = _what(said, kind)
    said.only_one("for_min", "until")
    until = when(said.need("until"), said.place.of("until")) if "until" in said else None
    lasts_s = said.number("for_min", NAN, 0, DAY_MIN) * 60
    if kind in ("dip_kn", "spoof") and until is None and lasts_s != lasts_s:
        raise said.place.wrong(f"this {kind!r} has no end", "Add until = TIME" + (" or for_min" * (kind == "dip_kn")))
    return Happening(
        what,
        at_us=when(said.need("at"), said.place.of("at")) if moment == "at" else None,
        crossing=said.text("crossing", ""),
        value=value,
        value2=value2,
        until_us=until,
        for_s=lasts_s,
        identity=_identity(said) if kind == "identity" else {},
        assumed=said.flag("assumed"),
        place=said.place,
    )


def _what(said: Table, kind: str) -> tuple[str, float, float]:
    """Return the word of plan.EVENTS and its values."""
    if kind == "anchor":
        if said.choice("anchor", ("drop", "up")) == "up":
            return "anchor_up", 0.0, 0.0
        return "anchor_drop", said.number("chain_m", None, 1, 800), 0.0
    if kind == "engine":
        return f"engine_{said.choice('engine', ('stop', 'start'))}", 0.0, 0.0
    if kind == "ais":
        return f"ais_{said.choice('ais', ('off', 'on'))}", 0.0, 0.0
    if kind == "dip_kn":
        return "dip", said.number("dip_kn", None, 0, 20), 0.0
    if kind == "order_kn":
        return "order", said.number("order_kn", None, 0, FASTEST_KN), 0.0
    if kind == "nav_status":
        return "nav_status", float(said.whole("nav_status", None, 0, 15)), 0.0
    if kind == "spoof":
        return _spoof(said.table("spoof", ("offset_km", "place")))
    return "identity", 0.0, 0.0


def _spoof(said: Table) -> tuple[str, float, float]:
    if said.only_one("offset_km", "place") == "place":
        return ("spoof_place", *said.point("place"))
    east, north = said.pair("offset_km")
    return "spoof_offset", east * 1000.0, north * 1000.0


def _identity(said: Table) -> dict[str, Any]:
    """Return the fields of Who that change."""
    new = said.table("identity", WHO)
    read: dict[str, Callable[[], Any]] = {
        "mmsi": lambda: _mmsi(new),
        "imo": lambda: _imo(new),
        "ship_type": lambda: new.whole("ship_type", None, 0, 255),
        "length_m": lambda: new.whole("length_m", None, 3, 500),
        "beam_m": lambda: new.whole("beam_m", None, 1, 80),
        "draught_m": lambda: new.number("draught_m", None, 0.1, 25.5),
        "class_b": lambda: new.flag("class_b"),
    }
    return {key: read[key]() if key in read else new.text(key) for key in new.said}
