"""A scenario as the text of its TOML file: what was drawn can be read, changed and run again by anybody."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from anchorwatch import chart
from anchorwatch.model import rfc3339
from anchorwatch.trials.scenario import SCHEMA, Actor, Happening, Leg, Scenario


class Moment(int):
    """A time in microseconds, to be written as one."""


def text(made: Scenario) -> str:
    """Return the TOML text of a scenario. Places are kept to a metre, times to a second."""
    top = {
        "schema": SCHEMA, "name": made.name, "title": made.title, "kind": made.kind, "summary": made.summary,
        "facts": made.facts, "assumed": made.assumed, "start": Moment(made.start_us), "end": Moment(made.end_us),
        "seed": made.seed,
    }  # fmt: skip
    parts = [_lines(top), "[sea]", _lines(_sea(made)), "[traffic]", _lines(_traffic(made))]
    for header, tables in (
        ("weather", _weather(made)),
        ("asset", map(_asset, made.assets)),
        ("zone", map(_zone, made.zones)),
        ("station", _stations(made)),
        ("interference", _interference(made)),
        ("fault", _faults(made)),
        ("actor", map(_actor, made.actors)),
        ("truth", _truths(made)),
        ("expect", _expects(made)),
    ):
        for table in tables:
            parts += [f"\n[[{header}]]", _lines(table)]
    return "\n".join(parts) + "\n"


def value(said: Any) -> str:
    """Return a value as TOML has it."""
    if isinstance(said, Moment):
        return rfc3339(round(said / 1e6) * 1_000_000)
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, float | np.floating):
        return repr(round(float(said), 6))
    if isinstance(said, dict):
        return "{" + ", ".join(f"{k} = {value(v)}" for k, v in said.items() if _is_said(v)) + "}"
    if isinstance(said, list | tuple | np.ndarray):
        return "[" + ", ".join(value(v) for v in said) + "]"
    if isinstance(said, str):
        return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")  # the escapes of JSON are TOML's
    return str(int(said))


def _is_said(said: Any) -> bool:
    return said is not None and said == said and not (isinstance(said, str | tuple | list | dict) and not len(said))


def _lines(table: dict[str, Any]) -> str:
    """Return one line a key; what is not said is left out, long lists of tables get a line each."""
    lines = []
    for key, said in table.items():
        if not _is_said(said) and key not in ("summary", "facts", "assumed"):
            continue
        if isinstance(said, list) and said and isinstance(said[0], dict):
            lines.append(f"{key} = [\n" + "".join(f"  {value(one)},\n" for one in said) + "]")
        else:
            lines.append(f"{key} = {value(said)}")
    return "\n".join(lines)


def _place(place: Iterable[float]) -> list[float]:
    return [round(float(v), 5) for v in place]


def _sea(made: Scenario) -> dict[str, Any]:
    return {"box": list(map(float, made.box)), "depth_m": made.depth_m, "bottom": made.bottom,
            "interval_scale": made.interval_scale}  # fmt: skip


def _traffic(made: Scenario) -> dict[str, Any]:
    if made.traffic.file:
        return {"file": made.traffic.file}
    return {"vessels": made.traffic.vessels, "seed": made.traffic.seed, "lanes": made.traffic.lanes}


def _at(made: Scenario, seconds: float) -> Moment:
    return Moment(made.start_us + round(seconds) * 1_000_000)


def _weather(made: Scenario) -> Iterable[dict[str, Any]]:
    return ({"from": _at(made, w.from_s), **{k: float(v) for k, v in w._asdict().items() if k != "from_s"}}
            for w in made.weather)  # fmt: skip


def _asset(asset: chart.Asset) -> dict[str, Any]:
    known = {a.id: a for a in chart.baltic()}
    if asset.id in known and all(np.array_equal(a, b) for a, b in zip(asset.lines, known[asset.id].lines, strict=True)):
        return {"catalogue": asset.id, "error_m": round(asset.error_m)}
    if asset.id in known:
        return {"catalogue": asset.id, "error_m": round(asset.error_m), "route": list(map(_place, asset.lines[0]))}
    return {"id": asset.id, "name": asset.name, "kind": asset.kind, "error_m": round(asset.error_m),
            "route": list(map(_place, asset.lines[0]))}  # fmt: skip


def _zone(zone: chart.Zone) -> dict[str, Any]:
    ring = zone.polygons[0][0]
    return {"id": zone.id, "name": zone.name, "kind": zone.kind, "polygon": list(map(_place, ring)),
            "rules": {k.removeprefix("rule_"): v for k, v in zone.properties.items()}}  # fmt: skip


def _stations(made: Scenario) -> Iterable[dict[str, Any]]:
    for s in made.stations:
        silent = [[_at(made, a), _at(made, b)] for a, b in s.silent_s]
        yield {"name": s.name, "at": _place((s.lon_deg, s.lat_deg)), "range_km": s.range_km, "clock_s": s.clock_s,
               "silent": silent}  # fmt: skip


def _interference(made: Scenario) -> Iterable[dict[str, Any]]:
    for i in made.interference:
        yield {"from": _at(made, i.from_s), "until": _at(made, i.until_s), "at": _place((i.lon_deg, i.lat_deg)),
               "radius_km": i.radius_km, "manner": i.manner, "offset_km": i.offset_km}  # fmt: skip


def _faults(made: Scenario) -> Iterable[dict[str, Any]]:
    return ({"asset": f.asset, "from": Moment(f.from_us), "until": Moment(f.until_us), "known": Moment(f.known_us)}
            for f in made.faults)  # fmt: skip


def _truths(made: Scenario) -> Iterable[dict[str, Any]]:
    return ({"what": t.what, "actor": t.actor, "asset": t.asset, "from": Moment(t.from_us), "until": Moment(t.until_us)}
            for t in made.truths)  # fmt: skip


def _expects(made: Scenario) -> Iterable[dict[str, Any]]:
    for e in made.expects:
        before = None if e.before_us is None else Moment(e.before_us)
        table = {"actor": e.actor, "level": e.level, "kinds": e.kinds, "before": before,
                 "before_asset": e.before_asset, "spare_min": e.spare_min or None, "at_most": e.at_most}  # fmt: skip
        yield table | ({"no_vessel": True} if e.no_vessel else {})


def _actor(actor: Actor) -> dict[str, Any]:
    who = {k: v for k, v in actor.who._asdict().items() if v}
    during = actor.behaviour_us and [Moment(t) for t in actor.behaviour_us]
    return {
        "id": actor.id, **who, "class": actor.ship_class, "role": actor.role, "threat": actor.threat,
        "service_kn": actor.service_kn, "anchor_t": actor.anchor_t, "depth_m": actor.depth_m,
        "start": Moment(actor.start_us),
        "at": _place(actor.at), "behaviour": during, "params": actor.params,
        "steps": [_leg(leg) for leg in actor.legs], "events": [_happening(h) for h in actor.happenings],
    }  # fmt: skip


def _leg(leg: Leg) -> dict[str, Any]:
    table: dict[str, Any] = {}
    if leg.how == "to":
        table = {"to": _place(leg.to or ()), "kn": leg.kn, "made_kn": leg.made_kn}
        table["by"] = None if leg.by_us is None else Moment(leg.by_us)
    else:
        until = leg.until_us is not None
        table[f"{leg.how}_{'until' if until else 'min'}"] = Moment(leg.until_us or 0) if until else leg.for_s / 60
    if leg.how in ("to_and_fro", "tow"):
        table["kn"] = leg.kn
    if leg.how == "to_and_fro":
        table |= {"radius_m": leg.radius_m, "centre": _place(leg.to) if leg.to is not None else None}
    if leg.how == "tow":
        table |= {"course_deg": leg.course_deg, "tow_km": leg.tow_km}
    return table | ({"nav_status": leg.nav_status} if leg.nav_status >= 0 else {}) | _guessed(leg)


def _guessed(said: Leg | Happening) -> dict[str, Any]:
    return {"assumed": True} if said.assumed else {}


def _happening(h: Happening) -> dict[str, Any]:
    table: dict[str, Any] = {"crossing": h.crossing} if h.at_us is None else {"at": Moment(h.at_us)}
    table |= _what(h)
    if h.until_us is not None:
        table["until"] = Moment(h.until_us)
    elif h.for_s == h.for_s:
        table["for_min"] = h.for_s / 60
    return table | _guessed(h)


def _what(h: Happening) -> dict[str, Any]:
    """Return the keys of an event."""
    if h.what == "anchor_drop":
        return {"anchor": "drop", "chain_m": h.value}
    if h.what == "dip":
        return {"dip_kn": h.value}
    if h.what == "order":
        return {"order_kn": h.value}
    if h.what == "nav_status":
        return {"nav_status": int(h.value)}
    if h.what == "identity":
        return {"identity": h.identity}
    if h.what == "spoof_offset":
        return {"spoof": {"offset_km": [h.value / 1000, h.value2 / 1000]}}
    if h.what == "spoof_place":
        return {"spoof": {"place": _place((h.value, h.value2))}}
    kind, word = h.what.split("_")
    return {kind: word}
