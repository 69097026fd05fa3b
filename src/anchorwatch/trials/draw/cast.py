"""What the actors of a random trial are drawn with: ships with invented names, and passages over assets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from anchorwatch.chart import Asset, Zone
from anchorwatch.chart.geodesy import circle
from anchorwatch.errors import BadUse
from anchorwatch.schema import Floats
from anchorwatch.trials.draw.sea import Meeting, Patch, Way, apart_m, passage
from anchorwatch.trials.plan import Weather, Who
from anchorwatch.trials.scenario import Actor, Happening, Leg
from anchorwatch.trials.sea.lanes import Point
from anchorwatch.trials.ship.hulls import KN, hull

Rng = np.random.Generator
# Way is taken off before a ship begins to go about: with way on it cuts the first corners, and its stay is over early.
STOP = Leg("adrift", for_s=180.0, nav_status=0)
HOUR_S = 3600.0
# A vessel whose part is over anchors, or leaves the sea, away from every asset.
END_AWAY_M = 9_000.0
MANY_WAYS = 24
MIDS = (209, 210, 212, 215, 219, 229, 230, 236, 240, 244, 255, 265, 273, 276, 304, 305, 308, 312, 314, 352, 354, 371,
        412, 419, 477, 511, 518, 538, 563, 613, 621, 626, 636, 667, 671)  # fmt: skip  # flags that sail there
ADJECTIVES = ("BLUE", "BOLD", "BRIGHT", "CLEAR", "EARLY", "FAIR", "FAR", "FIRST", "GOLDEN", "HIGH", "LATE", "LONG",
              "NEW", "OLD", "PALE", "PLAIN", "QUIET", "RED", "STEADY", "WHITE")  # fmt: skip
NOUNS = ("ARROW", "BEACON", "BRIDGE", "CAPE", "CIRCLE", "CROWN", "ECHO", "FIELD", "HERON", "LANTERN", "MEADOW", "MOON",
         "ORCHARD", "PINE", "PILOT", "RIVER", "SPARROW", "STONE", "SUMMIT", "VALLEY")  # fmt: skip
PORTS = ("GDANSK", "GOTEBORG", "HELSINKI", "KLAIPEDA", "KOTKA", "PRIMORSK", "RIGA", "ROSTOCK", "ST PETERSBURG",
         "TALLINN", "UST-LUGA", "VENTSPILS")  # fmt: skip
TYPES = {"cargo": 70, "tanker": 80, "passenger": 60, "fishing": 30, "service": 52, "military": 35}


class Ship(NamedTuple):
    """A ship that was invented."""

    who: Who
    ship_class: str
    service_kn: float
    anchor_t: float


class Run(NamedTuple):
    """A passage at a steady order, over an asset: when it is where, as reckoned."""

    way: Way
    meeting: Meeting
    begin_m: float
    begin_s: float
    kn: float
    ground_kn: float  # with the current of the trial's beginning

    def time_s(self, metres: float) -> float:
        """Return when it is so many metres along its way."""
        return self.begin_s + (metres - self.begin_m) / (self.ground_kn * KN)

    @property
    def past_m(self) -> float:
        """How far along it is well past the asset."""
        return self.meeting.at_m + 4_000

    @property
    def met_s(self) -> float:
        """When it crosses the asset."""
        return self.time_s(self.meeting.at_m)


@dataclass
class Cast:
    """One random trial while it is drawn."""

    rng: Rng
    patch: Patch
    assets: tuple[Asset, ...]
    routes: Floats  # places along all assets
    start_us: int
    hours: float
    depth_m: float
    bottom: str
    weather: tuple[Weather, ...] = (Weather(0.0),)
    ways: list[Way] = field(default_factory=list)
    taken: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    zones: list[Zone] = field(default_factory=list)
    met: list[Point] = field(default_factory=list)  # where passages that were drawn cross their assets
    holes: list[Point] = field(default_factory=list)  # where no station may hear anybody

    @property
    def end_s(self) -> float:
        """How long the trial lasts."""
        return self.hours * HOUR_S

    def us(self, seconds: float) -> int:
        """Return a second of the trial as a time."""
        return self.start_us + round(min(max(seconds, 0.0), self.end_s)) * 1_000_000

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def widely(self, low: float, high: float) -> float:
        """Draw a number, as likely between 1 and 2 as between 2 and 4."""
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))

    def one(self, choices: Sequence[Any] | Floats) -> Any:
        """Draw one of some."""
        return choices[int(self.rng.integers(len(choices)))]

    def chance(self, share: float) -> bool:
        """Draw yes in a share of cases."""
        return bool(self.rng.random() < share)

    def circle(self, kind: str, place: Point, radius_m: float, **rules: Any) -> Zone:
        """Put a round zone on the chart of the trial."""
        name = f"{kind}-{len(self.zones) + 1}"
        ring = np.round(circle(*place, radius_m), 5)
        self.zones.append(Zone(name, name.replace("_", " "), kind, ((ring,),), "drawn for the trial", rules))
        return self.zones[-1]

    def ship(self, ship_class: str, lengths_m: tuple[float, float]) -> Ship:
        """Invent a ship."""
        self.taken += 1
        length = round(self.widely(*lengths_m))
        serial = self.taken + int(self.rng.integers(0, 90)) * 100
        usual = hull(ship_class, length)
        who = Who(
            mmsi=int(self.one(MIDS)) * 1_000_000 + 300_000 + self.taken * 1000 + int(self.rng.integers(1000)),
            name=f"{self.one(ADJECTIVES)} {self.one(NOUNS)} {self.taken}"[:20],
            callsign=f"{self.one('CDEHLOPSVZ')}{self.one('ABKQRTVX')}{serial % 10_000:04d}",
            imo=invented_imo(serial) if length >= 45 and ship_class != "military" else 0,
            ship_type=TYPES[ship_class],
            length_m=length,
            beam_m=round(usual.beam_m),
            draught_m=round(usual.draught_m * self.between(0.7, 1.0), 1),
            destination=str(self.one(PORTS)),
        )
        service = usual.service_ms / KN * self.between(0.92, 1.06)
        return Ship(who, ship_class, round(service, 1), round(usual.anchor_kg / 1000 * self.between(0.7, 1.3), 2))

    def actor(
        self, kind: str, role: str, ship: Ship, begin_s: float, at: Point, legs: Sequence[Leg],
        events: Sequence[Happening] = (), during_s: tuple[float, float] | None = None,
        depth_m: float = float("nan"), **params: Any,
    ) -> Actor:  # fmt: skip
        """Return an actor, numbered in its class; `during_s` = when it does its part, if no step or event says so."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return Actor(
            id=f"{kind}-{self.counts[kind]}",
            who=ship.who,
            ship_class=ship.ship_class,
            role=role,
            threat=kind,
            start_us=self.us(begin_s),
            at=at,
            legs=tuple(legs),
            happenings=tuple(sorted(events, key=lambda h: h.at_us or 0)),
            service_kn=ship.service_kn,
            anchor_t=ship.anchor_t,
            depth_m=depth_m,
            behaviour_us=None if during_s is None else (self.us(max(during_s[0], begin_s)), self.us(during_s[1])),
            params={k: round(v, 4) if isinstance(v, float) else v for k, v in params.items()},
        )

    def event(self, what: str, at_s: float, value: float = 0.0, value2: float = 0.0, **more: Any) -> Happening:
        """Return an event at a second of the trial."""
        until_s = more.pop("until_s", None)
        until = None if until_s is None else self.us(max(until_s, at_s))
        return Happening(what, self.us(at_s), value=value, value2=value2, until_us=until, **more)

    def run(self, kn: float, lead_m: tuple[float, float], after_s: float, apart_deg: float = 25.0) -> Run:
        """Draw a passage that crosses an asset after some way, with enough of the trial left afterwards."""
        for number in range(400):
            way = self._way(number)
            fit = [m for m in way.meetings if m.at_m >= lead_m[0] and m.angle_deg >= apart_deg]
            fit = [m for m in fit if way.length_m - m.at_m >= min(after_s * kn * KN, 25_000)]
            if not fit:
                continue
            meeting = fit[int(self.rng.integers(len(fit)))]
            lead = min(self.between(*lead_m), meeting.at_m)
            spare_s = self.end_s - lead / (kn * KN) - after_s
            if spare_s > 0:
                self.met.append(way.at(meeting.at_m))
                ground_kn = kn + self.current_kn(way.course_deg(meeting.at_m - 0.5 * lead))
                return Run(way, meeting, meeting.at_m - lead, self.between(0.0, spare_s), kn, ground_kn)
        raise BadUse("no passage over an asset was found", "trial --random", "Give more hours, or another sea")

    def current_kn(self, course_deg: float) -> float:
        """What the current adds on a course."""
        first = self.weather[0]
        return first.current_kn * float(np.cos(np.radians(first.current_to_deg - course_deg)))

    def _way(self, number: int) -> Way:
        """Draw a way; where many were tried, one of them again."""
        if number >= 12 and len(self.ways) >= MANY_WAYS:
            return self.ways[int(self.rng.integers(len(self.ways)))]
        self.ways.append(passage(self.patch, self.assets, self.rng))
        return self.ways[-1]

    def onward(self, way: Way, from_m: float, kn: float, past_m: float) -> list[Leg]:
        """Return the steps along a way to its last place that is away from assets, and beyond `past_m`."""
        far = way.length_m
        while far > past_m and self.away_m(way.at(far)) < END_AWAY_M:
            far -= 1_000
        return [
            *self.along(way, from_m, far if far > past_m else way.length_m, kn),
            self.rest(),
        ]

    def rest(self) -> Leg:
        """Lie still until the end: what is no part of any behaviour. The ship says that it is at anchor."""
        return Leg("moored", until_us=self.us(self.end_s), nav_status=1)

    def along(self, way: Way, from_m: float, to_m: float, kn: float) -> list[Leg]:
        """Return the steps along a way from one place to another."""
        return [Leg("to", to=place, kn=kn) for place in way.between(from_m, to_m)]

    def away_m(self, place: Point) -> float:
        """Distance from a place to the nearest asset."""
        return float(apart_m(place, self.routes).min()) if len(self.routes) else 1e9


def invented_imo(serial: int) -> int:
    """Return a number with a right check digit, from 1000000 on, which ships have not had since the 1960s."""
    digits = f"{100_000 + serial % 100_000:06d}"
    return int(digits) * 10 + sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True)) % 10
