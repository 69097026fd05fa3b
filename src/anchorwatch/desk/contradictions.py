"""What reports say differently of one event: every side with its words and its source. Nobody is put right.

Better none than a false one: numbers are set against each other only where the same thing is counted in the same unit,
places and times only where two reports tell the same event, and stances only where they are for and against.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from anchorwatch.desk.report import Claim, Quantity, Report
from anchorwatch.desk.tokens import fold

MOST_SIDES = 20
# Roles that say how much there is of something; whoever needs 20 and whoever gives 19 are set beside each other.
_ROLES = {
    "needed": "amount", "given": "amount", "total": "total", "size": "size", "cost": "cost", "capacity": "capacity",
    "target": "level asked for", "current": "level now", "required": "level needed", "from_to": "level asked for",
    "duration": "duration",
}  # fmt: skip
_ALIKE = {"pledge": "assistance", "delivery": "assistance", "need": "assistance", "procurement": "assistance"}
# Words before what is counted that do not make another thing of it.
_LOOSE = frozenset({"more", "further", "additional", "such", "new", "other", "own", "the", "a", "an", "of"})
MONEY = "money"
_SAID_AS = {"from_to": "a change"}
_NUMBERLESS = "0123456789.,- "


class Side(NamedTuple):
    """What one report says."""

    value: str  # as said, with its role: "20 systems (needed)"
    report: str  # id
    quote: str
    start: int
    end: int


@dataclass(frozen=True)
class Contradiction:
    """Something of which reports say different things."""

    about: str  # "number of systems", "place of the damage", "stance on peacekeepers"
    kind: str  # "number", "place", "asset", "time", "stance"
    sides: tuple[Side, ...]


class _Said(NamedTuple):
    report: Report
    claim: Claim
    quantity: Quantity


def contradictions(reports: Sequence[Report], same_event: bool = True) -> tuple[Contradiction, ...]:
    """Return what these reports say differently. same_event: they are one story, not only related."""
    ordered = sorted({r.id: r for r in reports}.values(), key=_order)
    found = [*_numbers(ordered, same_event), *_stances(ordered)]
    if same_event:
        found += [*_assets(ordered), *_places(ordered), *_times(ordered)]
    return tuple(found)


def _order(report: Report) -> tuple[int, str, int, str]:
    item = report.item
    return item.published_us or 0, item.file or "", item.line or 0, report.id


def _numbers(reports: Sequence[Report], same_event: bool) -> Iterator[Contradiction]:
    """Yield different numbers of the same thing; those of one report are no contradiction of each other."""
    groups: dict[tuple[str, str, str], list[_Said]] = {}
    for report in reports:
        for said in _counted(report):
            role, thing = _role(said.quantity), counted(said.quantity)
            if role is None or not thing or (role != "amount" and not same_event):
                continue
            group = _ALIKE.get(said.claim.type, said.claim.type)
            groups.setdefault(
                (group if role in ("amount", "total") else "", role, said.quantity.unit or ""), []
            ).append(said)
    for (_, role, _unit), said_here in sorted(groups.items()):
        for thing, same_thing in _things(said_here):
            if _differ(same_thing) and (same_event or _of_one(same_thing)):
                many = "amount" if thing == MONEY else "number"
                about = f"{many} of {thing}" if role in ("amount", "total") else f"{role} of {thing}"
                yield Contradiction(about, "number", _sides(same_thing))


def _role(quantity: Quantity) -> str | None:
    """Return as what a number is compared; a sum that grows from one to another is compared by the other."""
    return "amount" if quantity.role == "from_to" and _is_money(quantity) else _ROLES.get(quantity.role)


def _is_money(quantity: Quantity) -> bool:
    return quantity.unit is not None and len(quantity.unit) == 3 and quantity.unit.isupper()


def _of_one(said: Sequence[_Said]) -> bool:
    """Return whether reports of several events speak of the same gift: needed and given, or by the same hand."""
    roles = {s.quantity.role for s in said}
    return roles == {"needed", "given"} or bool(frozenset.intersection(*[frozenset(s.claim.actors) for s in said]))


def _counted(report: Report) -> Iterator[_Said]:
    """Yield each quantity with the claim that it belongs to."""
    for number, quantity in enumerate(report.quantities):
        own = [c for c in report.claims if number in c.quantities]
        near = own or [c for c in report.claims if c.start <= quantity.start < c.end]
        if near:
            yield _Said(report, near[0], quantity)


def counted(quantity: Quantity) -> str:
    """Return what is counted: "more Patriot launchers" are launchers as others are; money is money."""
    if _is_money(quantity):
        return MONEY
    words = (quantity.of or "").replace("-", " ").split()
    return " ".join(w for w in words if fold(w) not in _LOOSE and w.strip(_NUMBERLESS))


def _things(said: Sequence[_Said]) -> Iterator[tuple[str, list[_Said]]]:
    """Yield what is counted in the same words, the shorter name within the longer: "launchers", "Patriot launchers"."""
    names = sorted({counted(s.quantity) for s in said}, key=lambda n: (-len(n), n))
    taken: set[str] = set()
    for name in names:
        if name not in taken:
            same = {n for n in names if n not in taken and _is_part(_one(n), _one(name))}
            taken |= same
            yield name, [s for s in said if counted(s.quantity) in same]


def _is_part(short: str, long: str) -> bool:
    return short == long or long.endswith(" " + short)


def _one(name: str) -> str:
    """Return the name of one of them, as it is compared."""
    return " ".join(fold(w).removesuffix("s") for w in name.split())


def _differ(said: Sequence[_Said]) -> bool:
    """Return whether two reports name numbers that cannot both hold: "over 3" and 5 can."""
    return any(a.report.id != b.report.id and not _both_hold(a.quantity, b.quantity) for a, b in combinations(said, 2))


def _both_hold(a: Quantity, b: Quantity) -> bool:
    """Return whether two numbers may be of the same truth."""
    (a_low, a_high), (b_low, b_high) = _bounds(a), _bounds(b)
    return a_low <= b_high and b_low <= a_high


_OVER = ("over", "more than", "at least", "above", "from", "exceeding", "no less than", "not less than", "beyond")
_UNDER = ("up to", "under", "less than", "below", "at most", "no more than", "nearly", "almost", "not more than")
_ABOUT = ("about", "around", "approximately", "roughly", "some", "nearly", "almost", "circa", "an estimated")
_ROUND = 0.1  # "about 300": a tenth more or less


def _bounds(quantity: Quantity) -> tuple[float, float]:
    """Return between what the number lies, by its hedge."""
    hedge = (quantity.qualifier or "").casefold()
    slack = _ROUND * abs(quantity.high) if hedge in _ABOUT else 0.0
    least = quantity.high if quantity.role == "from_to" else quantity.low
    low = float("-inf") if hedge in _UNDER and hedge not in _ABOUT else least - slack
    return low, float("inf") if hedge in _OVER else quantity.high + slack


def _sides(said: Sequence[_Said]) -> tuple[Side, ...]:
    """Return every number once for each report, with its role."""
    sides = [
        _side(s.report, s.claim, f"{s.quantity.text} ({_SAID_AS.get(s.quantity.role, s.quantity.role)})") for s in said
    ]
    return tuple(dict.fromkeys(sides))[:MOST_SIDES]


def _side(report: Report, claim: Claim, value: str) -> Side:
    return Side(value, report.id, claim.quote, claim.start, claim.end)


def _stances(reports: Sequence[Report]) -> Iterator[Contradiction]:
    """Yield topics on which one is for and another against; each party with its own words."""
    topics: dict[str, list[tuple[Report, Claim]]] = {}
    for report in reports:
        for claim in report.claims:
            if claim.topic and claim.stance and (claim.speaker or claim.actors):
                topics.setdefault(claim.topic, []).append((report, claim))
    for topic, said in sorted(topics.items()):
        stances = {c.stance for _, c in said}
        if {"for", "against"} <= stances and len({r.id for r, _ in said}) > 1:
            sides = tuple(_side(r, c, f"{c.speaker or ', '.join(c.actors)}: {c.stance}") for r, c in said)
            yield Contradiction(f"stance on {topic}", "stance", sides[:MOST_SIDES])


def _by_type(reports: Sequence[Report]) -> Iterator[tuple[str, list[tuple[Report, Claim]]]]:
    """Yield the first claim of each type of each report."""
    by_type: dict[str, list[tuple[Report, Claim]]] = {}
    for report in reports:
        for claim in {c.type: c for c in reversed(report.claims)}.values():
            by_type.setdefault(claim.type, []).append((report, claim))
    yield from sorted(by_type.items())


_AN_ASSET = ("infrastructure_damage", "outage", "grid_change")


def _assets(reports: Sequence[Report]) -> Iterator[Contradiction]:
    """Yield events that one report ties to this asset and another to that."""
    for kind, said in _by_type(reports):
        named = [(r, c) for r, c in said if len(c.assets) == 1]
        if kind in _AN_ASSET and len({c.assets for _, c in named}) > 1:
            about = f"asset of the {kind.replace('_', ' ')}"
            yield Contradiction(about, "asset", tuple(_side(r, c, c.assets[0]) for r, c in named)[:MOST_SIDES])


def _places(reports: Sequence[Report]) -> Iterator[Contradiction]:
    """Yield meetings that are said to be in several towns: of other events one place may lie within another."""
    for kind, said in _by_type(reports):
        if kind != "meeting":
            continue
        placed = [(r, c, fold(c.place)) for r, c in said if c.place and not _is_wide(r, c.place)]
        names = {p for _, _, p in placed}
        if len(names) > 1 and not any(a in b for a in names for b in names if a != b):
            sides = tuple(_side(r, c, c.place or "") for r, c, _ in placed)
            yield Contradiction("place of the meeting", "place", sides[:MOST_SIDES])


# Where a meeting is said to be in one of these, the town is not said.
_WIDE = re.compile(r"\b(?:sea|gulf|ocean|region|states|europe|baltics|balkans|continent|coast)\b", re.IGNORECASE)


def _is_wide(report: Report, place: str) -> bool:
    return bool(_WIDE.search(place)) or any(e.type != "place" and e.text == place for e in report.entities)


def _times(reports: Sequence[Report]) -> Iterator[Contradiction]:
    """Yield events that are dated to spans of time that do not touch; only where both dates are known."""
    for kind, said in _by_type(reports):
        dated = [(r, c, span, text) for r, c in said for span, text in _dated(r, c)]
        if any(a[0].id != b[0].id and not _touch(a[2], b[2]) for a, b in combinations(dated, 2)):
            sides = tuple(_side(r, c, text) for r, c, _, text in dated)
            yield Contradiction(f"time of the {kind.replace('_', ' ')}", "time", sides[:MOST_SIDES])


def _dated(report: Report, claim: Claim) -> list[tuple[tuple[int, int], str]]:
    """Return the time that a claim names, where it is known."""
    for when in report.dates:
        if when.text == claim.when and when.from_us is not None and when.until_us is not None and not when.duration:
            return [((when.from_us, when.until_us), when.text)]
    return []


def _touch(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def to_json(found: Contradiction) -> Mapping[str, object]:
    """Return a contradiction as the API has it."""
    return {"about": found.about, "kind": found.kind, "sides": [s._asdict() for s in found.sides]}
