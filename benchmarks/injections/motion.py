"""How an injected vessel moves: along a host's way at a changed speed, in steps of ten seconds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .hosts import KN, Floats, Host

STEP_S = 10.0
LONGEST_MIN = 12 * 60
Knots = list[tuple[float, float]]  # (minutes from the start, factor on the host's speed), linear between


@dataclass
class Motion:
    """Places every STEP_S, with what the vessel says of itself."""

    xy: Floats
    bow_deg: Floats = field(default_factory=lambda: np.empty(0))  # NaN = points along its course
    crab_deg: Floats = field(default_factory=lambda: np.empty(0))  # heading less course
    status: Floats = field(default_factory=lambda: np.empty(0))
    every_s: float = 0.0  # reports at least this far apart while slow; 0 = as the variant says

    def __post_init__(self) -> None:
        """Fill what was not given."""
        n = len(self.xy)
        self.bow_deg = self.bow_deg if len(self.bow_deg) else np.full(n, np.nan)
        self.crab_deg = self.crab_deg if len(self.crab_deg) else np.zeros(n)
        self.status = self.status if len(self.status) else np.zeros(n)

    @property
    def minutes(self) -> float:
        """How long it lasts."""
        return len(self.xy) * STEP_S / 60

    def then(self, other: Motion) -> Motion:
        """This, and then the other."""
        return Motion(
            np.concatenate([self.xy, other.xy]),
            np.concatenate([self.bow_deg, other.bow_deg]),
            np.concatenate([self.crab_deg, other.crab_deg]),
            np.concatenate([self.status, other.status]),
            max(self.every_s, other.every_s),
        )

    def sog_kn(self) -> Floats:
        """Speed over the ground, over half a minute as a receiver smooths it."""
        steps = np.hypot(*np.gradient(self.xy, axis=0).T) / STEP_S / KN
        return np.asarray(np.convolve(np.pad(steps, 1, mode="edge"), np.ones(3) / 3, mode="valid"))

    def course_deg(self) -> Floats:
        """Course over the ground, likewise."""
        d = np.gradient(self.xy, axis=0)
        d = np.column_stack([np.convolve(np.pad(c, 3, mode="edge"), np.ones(7) / 7, mode="valid") for c in d.T])
        return np.asarray(np.degrees(np.arctan2(d[:, 0], d[:, 1])) % 360)


def wavering(rng: np.random.Generator, n: int, sd: float, minutes: float) -> Floats:
    """Noise of a given spread that forgets itself in about so many minutes."""
    keep = np.exp(-STEP_S / 60 / minutes)
    kicks = rng.normal(0, sd * np.sqrt(1 - keep**2), n)
    out = np.empty(n)
    value = rng.normal(0, sd)
    for i in range(n):
        value = keep * value + kicks[i]
        out[i] = value
    return out


def swinging(rng: np.random.Generator, n: int, sd: float, minutes: float, most_per_step: float) -> Floats:
    """The same, of something with mass: smooth over five minutes, and nowhere quicker than most_per_step."""
    rough = wavering(rng, n + 58, sd, minutes)
    for _ in range(2):
        rough = np.convolve(rough, np.ones(30) / 30, mode="valid")
    quick = float(np.abs(np.diff(rough)).max(initial=0.0))
    return np.asarray(rough * min(1.0, most_per_step / max(quick, 1e-12)))


def at(knots: Knots, minutes: Floats) -> Floats:
    """Linear between the knots, flat outside."""
    x, y = zip(*knots, strict=True)
    return np.asarray(np.interp(minutes, x, y))


@dataclass(frozen=True)
class Dips:
    """A short loss of speed at places along the way, as when a fluke meets a cable."""

    places_m: tuple[float, ...] = ()
    depth_kn: float = 0.0
    minutes: float = 4.0

    def loss_kn(self, along_m: float, kn: float) -> float:
        """Loss at a place."""
        half_m = max(kn, 1.0) * KN * self.minutes * 30
        near = [abs(along_m - place) / half_m for place in self.places_m]
        return self.depth_kn * max((min(1.0, 2 * (1 - u)) for u in near if u < 1), default=0.0)


@dataclass(frozen=True)
class Sailing:
    """What a vessel does to its host's passage."""

    speed: Knots
    dips: Dips = Dips()
    noise_kn: float = 0.08
    noise_minutes: float = 5.0
    leeway_kn: float = 0.0  # drift with the wind when the way is off her
    wander_m: float = 0.0  # side to side, from the first knot on
    wander_minutes: float = 8.0
    from_m: float = 0.0
    stop_minute: float = LONGEST_MIN  # end here although the way goes on


def sail(host: Host, how: Sailing, rng: np.random.Generator) -> Motion:
    """Integrate the speed along the way: a slower vessel really arrives later."""
    n = int(min(LONGEST_MIN, how.stop_minute) * 60 / STEP_S)
    minutes = np.arange(n) * STEP_S / 60
    factor = at(how.speed, minutes)
    noise = wavering(rng, n, how.noise_kn, how.noise_minutes)
    along = np.empty(n)
    way_m, last = how.from_m, n
    for i in range(n):
        along[i] = way_m
        natural = float(np.interp(way_m, host.along_m, host.sog_kn))
        kn = (natural + noise[i]) * factor[i] - how.dips.loss_kn(way_m, natural * factor[i])
        way_m += max(kn, 0.0) * KN * STEP_S
        if way_m >= host.length_m:
            last = i + 1
            break
    return Motion(_off_the_way(host, how, along[:last], factor[:last], rng))


def _off_the_way(host: Host, how: Sailing, along: Floats, factor: Floats, rng: np.random.Generator) -> Floats:
    n = len(along)
    xy = np.column_stack([np.interp(along, host.along_m, host.xy[:, k]) for k in (0, 1)])
    if how.wander_m:
        ahead = np.gradient(
            np.column_stack([np.interp(along + 300, host.along_m, host.xy[:, k]) for k in (0, 1)]), axis=0
        )
        size = np.maximum(np.hypot(*ahead.T), 1e-6)
        grown = np.clip((np.arange(n) * STEP_S / 60 - how.speed[0][0]) / 10, 0, 1)
        turn = 2 * np.pi * np.cumsum(1 + wavering(rng, n, 0.3, 10)) * STEP_S / 60 / how.wander_minutes
        side = how.wander_m * grown * np.sin(turn + rng.uniform(0, 2 * np.pi))
        side -= side[0]
        xy += side[:, None] * np.column_stack([ahead[:, 1], -ahead[:, 0]]) / size[:, None]
    if how.leeway_kn:
        wind = rng.uniform(0, 2 * np.pi) + wavering(rng, n, 0.2, 30)
        push = how.leeway_kn * KN * STEP_S * np.clip(1 - factor / 0.3, 0, 1)
        xy += np.cumsum(push[:, None] * np.column_stack([np.sin(wind), np.cos(wind)]), axis=0)
    return xy


def rejoin(host: Host, motion: Motion, from_m: float, how: Knots, rng: np.random.Generator) -> Motion:
    """After a stay, pick up the host's way again from where the vessel lies, closing the offset in 30 minutes."""
    back = sail(host, Sailing(how, from_m=from_m), rng)
    offset = motion.xy[-1] - back.xy[0]
    back.xy = back.xy + offset * np.clip(1 - np.arange(len(back.xy)) * STEP_S / 1800, 0, 1)[:, None]
    return motion.then(back)


def run_along(points: Floats, kn: Floats, rounds: int = 4) -> Floats:
    """Places every STEP_S along a broken line at the speeds given for each step; corners rounded."""
    for _ in range(rounds):  # Chaikin's corner cutting: no ship turns on the spot, though an injection may
        quarter = 0.75 * points[:-1] + 0.25 * points[1:]
        third = 0.25 * points[:-1] + 0.75 * points[1:]
        points = np.vstack([points[:1], np.stack([quarter, third], axis=1).reshape(-1, 2), points[-1:]])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    way = np.concatenate([[0.0], np.cumsum(kn * KN * STEP_S)])
    way = way[way <= along[-1]]
    return np.column_stack([np.interp(way, along, points[:, k]) for k in (0, 1)])
