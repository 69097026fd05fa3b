"""What a scenario says (`anchorwatch.scenario/1`): place, assets, traffic, actors, the truth, what a good watch says.

Times are int64 microseconds (`_us`). `place` is where a thing stands in its file, for errors found later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from anchorwatch.chart import Asset, Zone
from anchorwatch.edges.toml_table import NAN, NOWHERE, Place, Point
from anchorwatch.trials.plan import Interference, Station, Weather, Who

SCHEMA = "anchorwatch.scenario/1"
KINDS = ("reconstruction", "near_miss", "abstention", "exercise", "made")
ROLES = ("threat", "innocent", "cleared", "bystander")
WHATS = ("damage", "near_miss", "none")
BOTTOMS = ("clay", "sand", "mud", "rock")


@dataclass(frozen=True)
class Leg:
    """One step of an actor, as told. Exactly what `how` needs is set; the rest is NaN or None."""

    how: str  # to, moored, anchored, adrift, to_and_fro, tow
    to: Point | None = None  # to: where; to_and_fro: the middle
    kn: float = NAN
    made_kn: float = NAN
    by_us: int | None = None
    until_us: int | None = None
    for_s: float = NAN
    radius_m: float = NAN
    course_deg: float = NAN
    tow_km: float = NAN
    nav_status: int = -1
    assumed: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Happening:
    """One event of an actor, as told; `what` and the values as in `plan.Event`."""

    what: str
    at_us: int | None = None  # None = when the actor crosses `crossing`
    crossing: str = ""
    value: float = 0.0
    value2: float = 0.0
    until_us: int | None = None
    for_s: float = NAN
    identity: dict[str, Any] = field(default_factory=dict)  # fields of plan.Who that change
    assumed: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Actor:
    """A vessel that the trial is about."""

    id: str
    who: Who
    ship_class: str
    role: str
    threat: str  # class of threat, or of innocent behaviour; "" = none
    start_us: int
    at: Point
    legs: tuple[Leg, ...]
    happenings: tuple[Happening, ...] = ()
    service_kn: float = NAN
    anchor_t: float = NAN
    depth_m: float = NAN  # of the water on its way, where that is not the sea's: a bank, a shore
    behaviour_us: tuple[int, int] | None = None  # from when to when it does what it is here for; None = see truth.py
    params: dict[str, Any] = field(default_factory=dict)  # what a generator drew, for whoever scores
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def assumed(self) -> tuple[Leg | Happening, ...]:
        """The steps and events that no fact says."""
        both: tuple[Leg | Happening, ...] = (*self.legs, *self.happenings)
        return tuple(each for each in both if each.assumed)


@dataclass(frozen=True)
class Background:
    """The traffic around the actors: made, or a real archive."""

    vessels: int = 0
    seed: int = 1
    lanes: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True)
class Fault:
    """An asset failed between two times; the operator told the watch at `known_us`."""

    asset: str
    from_us: int
    until_us: int
    known_us: int
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Truth:
    """Who did what to which asset between two times, or that no vessel did."""

    what: str
    asset: str
    from_us: int
    until_us: int
    actor: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Expect:
    """What a good watch says: `level` at least, of these kinds, in time; or nothing above `at_most`."""

    actor: str = ""
    level: str = ""
    kinds: tuple[str, ...] = ()
    before_us: int | None = None
    before_asset: str = ""
    spare_min: float = 0.0
    at_most: str = ""
    no_vessel: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Scenario:
    """One trial, ready to be sailed."""

    name: str
    title: str
    kind: str
    summary: str
    facts: tuple[str, ...]
    assumed: tuple[str, ...]
    start_us: int
    end_us: int
    box: tuple[float, float, float, float]  # west, south, east, north
    depth_m: float
    bottom: str
    interval_scale: float
    assets: tuple[Asset, ...]
    actors: tuple[Actor, ...] = ()
    traffic: Background = Background()
    zones: tuple[Zone, ...] = ()
    weather: tuple[Weather, ...] = (Weather(0.0),)
    stations: tuple[Station, ...] = ()
    interference: tuple[Interference, ...] = ()
    faults: tuple[Fault, ...] = ()
    truths: tuple[Truth, ...] = ()
    expects: tuple[Expect, ...] = ()
    seed: int = 1
    text: str = field(default="", compare=False, repr=False)  # the file, as written
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def hours(self) -> float:
        """How long it lasts."""
        return (self.end_us - self.start_us) / 3.6e9

    def seconds(self, time_us: int) -> float:
        """Return a time as seconds since the start, as plans have it."""
        return (time_us - self.start_us) / 1e6

    def actor(self, actor_id: str) -> Actor:
        """Return the actor of an id."""
        return next(a for a in self.actors if a.id == actor_id)
